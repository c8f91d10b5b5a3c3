"""three heads are joined

Revision ID: 07b1
Revises: ("06a1", "06a2", "06a3")
"""
import sqlalchemy as sa
from alembic import op

revision = "07b1"
down_revision = ("06a1", "06a2", "06a3")
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE accounts RENAME COLUMN one TO uno")
