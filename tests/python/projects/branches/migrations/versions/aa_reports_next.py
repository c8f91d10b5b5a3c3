"""a report needs accounts

Revision ID: 00ab
Revises: "01ff"
"""
import sqlalchemy as sa
from alembic import op

revision = "00ab"
down_revision = "01ff"
branch_labels = None
depends_on = "20dd"


def upgrade() -> None:
    op.execute("CREATE VIEW reports.accounts AS SELECT id, name, plan FROM public.accounts")
