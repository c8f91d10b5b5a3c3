"""left branch

Revision ID: 10bb
Revises: "90aa"
"""
import sqlalchemy as sa
from alembic import op

revision = "10bb"
down_revision = "90aa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("plan", sa.String(10)))
    op.create_index("ix_accounts_plan", "accounts", ["plan"])
