"""row security by a loop in the database

Revision ID: 6c3d8e13
Revises: 5b2c7d12
Create Date: 2023-08-26 10:19:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "6c3d8e13"
down_revision = "5b2c7d12"
branch_labels = None
depends_on = None


def upgrade():
    op.execute(
        """
        DO $$
        DECLARE
            target text;
        BEGIN
            FOR target IN
                SELECT c.table_name
                FROM information_schema.columns c
                JOIN information_schema.tables t USING (table_schema, table_name)
                WHERE c.table_schema = 'public'
                  AND c.column_name = 'organisation_id'
                  AND t.table_type = 'BASE TABLE'
                ORDER BY c.table_name
            LOOP
                EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
                IF NOT EXISTS (
                    SELECT 1 FROM pg_policies WHERE tablename = target AND policyname = target || '_tenant'
                ) THEN
                    EXECUTE format(
                        'CREATE POLICY %I ON %I USING (organisation_id = NULLIF(current_setting(''app.organisation_id'', true), '''')::uuid)',
                        target || '_tenant', target
                    );
                END IF;
            END LOOP;
        END
        $$;
        """
    )


def downgrade():
    for table in ("lab_results", "medications"):
        op.execute(f"DROP POLICY {table}_tenant ON {table}")
