"""two of three

Revision ID: 06a2
Revises: "05ee"
"""
import sqlalchemy as sa
from alembic import op

revision = "06a2"
down_revision = "05ee"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("two", sa.Integer, server_default="2"))
