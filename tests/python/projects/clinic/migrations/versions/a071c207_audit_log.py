"""audit log

Revision ID: a071c207
Revises: 9f60b106
Create Date: 2023-08-23 10:07:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import INET, JSONB, UUID

from pathlib import Path

# revision identifiers, used by Alembic.
revision = "a071c207"
down_revision = "9f60b106"
branch_labels = None
depends_on = None


SQL = Path(__file__).parent.parent / "sql" / "audit.sql"

AUDITED = ["patients", "encounters", "notes"]


def upgrade():
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", UUID(as_uuid=True)),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("old_row", JSONB()),
        sa.Column("new_row", JSONB()),
        sa.Column("actor", UUID(as_uuid=True)),
        sa.Column("address", INET()),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
    )
    op.create_index("ix_audit_log_row", "audit_log", ["table_name", "row_id"])
    with open(SQL) as file:
        op.execute(file.read())
    for table in AUDITED:
        op.execute(
            "CREATE TRIGGER audit_{0} AFTER INSERT OR UPDATE OR DELETE ON {0} "
            "FOR EACH ROW EXECUTE FUNCTION audit_row()".format(table)
        )


def downgrade():
    for table in AUDITED:
        op.execute("DROP TRIGGER audit_%s ON %s" % (table, table))
    op.execute("DROP FUNCTION audit_row()")
    op.drop_table("audit_log")
