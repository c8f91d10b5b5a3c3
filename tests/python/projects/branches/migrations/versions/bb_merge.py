"""merge

Revision ID: 20dd
Revises: ("10bb", "50cc")
"""
import sqlalchemy as sa
from alembic import op

revision = "20dd"
down_revision = ("10bb", "50cc")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
