"""tenants everywhere

Revision ID: f5c6170c
Revises: e4b5060b
Create Date: 2023-01-04 10:12:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.helpers import rls

# revision identifiers, used by Alembic.
revision = "f5c6170c"
down_revision = "e4b5060b"
branch_labels = None
depends_on = None


TABLES = ("encounters", "notes", "diagnoses")


def upgrade():
    bind = op.get_bind()
    for table in TABLES:
        op.add_column(table, sa.Column("organisation_id", postgresql.UUID(as_uuid=True), nullable=True))
    op.execute("UPDATE encounters e SET organisation_id = p.organisation_id FROM patients p WHERE p.id = e.patient_id")
    op.execute("UPDATE diagnoses d SET organisation_id = p.organisation_id FROM patients p WHERE p.id = d.patient_id")
    encounters = sa.table("encounters", sa.column("id"), sa.column("organisation_id"))
    for row in bind.execute(sa.select(encounters.c.id, encounters.c.organisation_id)):
        bind.execute(
            sa.text("UPDATE notes SET organisation_id = :organisation WHERE encounter_id = :encounter"),
            {"organisation": row.organisation_id, "encounter": row.id},
        )
    for table in TABLES:
        op.alter_column(table, "organisation_id", nullable=False)
        op.create_foreign_key(
            f"fk_{table}_organisation_id_organisations", table, "organisations", ["organisation_id"], ["id"], ondelete="CASCADE"
        )
        op.create_index(f"ix_{table}_organisation_id", table, ["organisation_id"])
    for table in ("patients",) + TABLES:
        rls.tenant_policy(table)


def downgrade():
    for table in TABLES:
        rls.drop_tenant_policy(table)
        op.drop_column(table, "organisation_id")
