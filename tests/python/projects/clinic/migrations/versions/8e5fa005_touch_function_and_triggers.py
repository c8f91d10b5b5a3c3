"""touch function and triggers

Revision ID: 8e5fa005
Revises: 7d4e9f04
Create Date: 2023-06-09 10:05:00.000000

"""
import sqlalchemy as sa
from alembic import op

from migrations.helpers.schema import create_touch_trigger

# revision identifiers, used by Alembic.
revision = "8e5fa005"
down_revision = "7d4e9f04"
branch_labels = None
depends_on = None


FUNCTION = """
CREATE OR REPLACE FUNCTION touch_updated_at()
RETURNS TRIGGER AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
"""

TABLES = ("organisations", "users", "patients", "encounters", "notes")


def upgrade():
    op.execute(FUNCTION)
    for table in TABLES:
        op.add_column(
            table,
            sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        )
        create_touch_trigger(table)


def downgrade():
    for table in reversed(TABLES):
        op.execute(f"DROP TRIGGER IF EXISTS trg_{table}_touch ON {table}")
        op.drop_column(table, "updated_at")
    op.execute("DROP FUNCTION touch_updated_at()")
