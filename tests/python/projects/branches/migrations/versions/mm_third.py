"""right branch

Revision ID: 50cc
Revises: "90aa"
"""
import sqlalchemy as sa
from alembic import op

revision = "50cc"
down_revision = "90aa"
branch_labels = ("right",)
depends_on = None


def upgrade() -> None:
    op.alter_column("accounts", "name", nullable=False)
    op.create_table("invitations", sa.Column("token", sa.Uuid, primary_key=True))
