"""Merge branch hotfix

Revision ID: 5b2c7d22
Revises: 390a5b20, 4a1b6c21
Create Date: 2023-11-23 10:34:00.000000

"""
from alembic import op

# revision identifiers, used by Alembic.
revision = "5b2c7d22"
down_revision = ("390a5b20", "4a1b6c21")
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Upgrade schema."""
    op.execute("COMMENT ON TABLE receipts IS 'Money that came in'")


def downgrade() -> None:
    """Downgrade schema."""
