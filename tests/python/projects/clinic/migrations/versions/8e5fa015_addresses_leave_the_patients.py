"""addresses leave the patients

Revision ID: 8e5fa015
Revises: 7d4e9f14
Create Date: 2023-10-13 10:21:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection

# revision identifiers, used by Alembic.
revision = "8e5fa015"
down_revision = "7d4e9f14"
branch_labels = None
depends_on = None


def _copy(connection: Connection) -> int:
    result = connection.execute(sa.text("SELECT id, street FROM patients WHERE street IS NOT NULL"))
    moved = 0
    while True:
        rows = result.fetchmany(500)
        if not rows:
            break
        for row in rows:
            connection.execute(
                sa.text("INSERT INTO addresses (id, patient_id, line1, postcode) VALUES (gen_random_uuid(), :p, :l, '')"),
                dict(p=row.id, l=row.street),
            )
            moved += 1
    return moved


def upgrade():
    op.create_table(
        "addresses",
        sa.Column("id", postgresql.UUID(as_uuid=True), primary_key=True),
        sa.Column("patient_id", postgresql.UUID(as_uuid=True), sa.ForeignKey("patients.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("line1", sa.String(120), nullable=False),
        sa.Column("line2", sa.String(120)),
        sa.Column("postcode", sa.String(12), nullable=False),
        sa.Column("country_code", sa.String(2), sa.ForeignKey("countries.code"), nullable=False, server_default="DE"),
    )
    # Installations older than the first release have it.
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("patients")]
    if "street" in columns:
        _copy(op.get_bind())
        op.drop_column("patients", "street")


def downgrade():
    op.drop_table("addresses")
