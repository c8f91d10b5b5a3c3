"""three of three

Revision ID: 06a3
Revises: "05ee"
"""
import sqlalchemy as sa
from alembic import op

revision = "06a3"
down_revision = "05ee"
branch_labels = None
depends_on = ["00ab"]


def upgrade() -> None:
    op.execute("COMMENT ON VIEW reports.accounts IS 'Who pays'")
