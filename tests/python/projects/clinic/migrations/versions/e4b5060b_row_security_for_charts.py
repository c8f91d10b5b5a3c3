"""row security for charts

Revision ID: e4b5060b
Revises: d3a4f50a
Create Date: 2023-12-24 10:11:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "e4b5060b"
down_revision = "d3a4f50a"
branch_labels = None
depends_on = None


conn_setting = "current_setting('app.organisation_id', true)"


def upgrade():
    op.execute("ALTER TABLE patients ENABLE ROW LEVEL SECURITY;")
    op.execute(
        f"CREATE POLICY patients_tenant ON patients "
        f"USING (organisation_id::text = {conn_setting});"
    )
    for table in ["encounters", "diagnoses"]:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"""
            CREATE POLICY {table}_tenant ON {table}
            USING (
                patient_id IN (
                    SELECT p.id FROM patients p
                    WHERE p.organisation_id::text = {conn_setting}
                )
            )
            """
        )


def downgrade():
    for table in ["diagnoses", "encounters", "patients"]:
        op.execute(f"DROP POLICY {table}_tenant ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
