"""full text of notes

Revision ID: b182d318
Revises: a071c217
Create Date: 2023-01-07 10:24:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "b182d318"
down_revision = "a071c217"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "notes",
        sa.Column("search", postgresql.TSVECTOR(), sa.Computed("to_tsvector('simple', body)", persisted=True), nullable=True),
    )
    with op.get_context().autocommit_block():
        op.create_index(
            "ix_notes_search", "notes", ["search"], postgresql_using="gin", postgresql_concurrently=True, if_not_exists=True
        )


def downgrade():
    op.drop_index("ix_notes_search", table_name="notes", postgresql_concurrently=False)
    op.drop_column("notes", "search")
