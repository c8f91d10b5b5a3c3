"""accounts

Revision ID: 90aa
Revises: None
"""
import sqlalchemy as sa
from alembic import op

revision = "90aa"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("accounts", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
