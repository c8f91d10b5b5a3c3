"""soft deletes

Revision ID: 9f60b106
Revises: 8e5fa005
Create Date: 2023-07-16 10:06:00.000000

"""
import sqlalchemy as sa
from alembic import op

from migrations.helpers import schema as h

# revision identifiers, used by Alembic.
revision = "9f60b106"
down_revision = "8e5fa005"
branch_labels = None
depends_on = None


SOFT_DELETED = {"patients": "family_name", "encounters": None, "notes": None}


def upgrade():
    for table, column in SOFT_DELETED.items():
        if h.has_column(table, "deleted_at"):
            continue
        h.soft_delete(table)
        columns = ["id"] if column is None else [column]
        op.create_index(f"ix_{table}_not_deleted", table, columns, postgresql_where=sa.text("deleted_at IS NULL"))


def downgrade():
    for table in SOFT_DELETED:
        op.drop_index(f"ix_{table}_not_deleted", table_name=table)
        op.drop_column(table, "deleted_by")
        op.drop_column(table, "deleted_at")
