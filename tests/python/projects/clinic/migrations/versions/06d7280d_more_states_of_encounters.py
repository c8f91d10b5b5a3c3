"""more states of encounters

Revision ID: 06d7280d
Revises: f5c6170c
Create Date: 2023-02-11 10:13:00.000000

"""
import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision = "06d7280d"
down_revision = "f5c6170c"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE encounterstatus ADD VALUE IF NOT EXISTS 'cancelled'")
        op.execute("ALTER TYPE sex ADD VALUE 'unknown' AFTER 'other'")
    op.alter_column("encounters", "status", server_default="planned")
    op.execute("UPDATE patients SET sex = 'unknown' WHERE sex IS NULL")
    op.alter_column("patients", "sex", nullable=False, server_default=sa.text("'unknown'::sex"))


def downgrade():
    op.alter_column("patients", "sex", nullable=True, server_default=None)
    op.alter_column("encounters", "status", server_default=None)
