"""after the merge

Revision ID: 05ee
Revises: "20dd"
"""
import sqlalchemy as sa
from alembic import op

revision = "05ee"
down_revision = "20dd"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_accounts_plan", "accounts")
    op.add_column("invitations", sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id")))
