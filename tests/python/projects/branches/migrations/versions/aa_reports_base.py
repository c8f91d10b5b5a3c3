"""reports are a base of their own

Revision ID: 01ff
Revises: None
"""
import sqlalchemy as sa
from alembic import op

revision = "01ff"
down_revision = None
branch_labels = ["reports"]
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA reports")
