"""emails are unique while alive

Revision ID: d3a4f51a
Revises: c293e419
Create Date: 2023-03-21 10:26:00.000000

"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.helpers.schema import constraint_exists, has_table, soft_delete

# revision identifiers, used by Alembic.
revision = "d3a4f51a"
down_revision = "c293e419"
branch_labels = None
depends_on = None


def upgrade():
    for table in ("users", "organisations"):
        if has_table(table):
            soft_delete(table)
    if constraint_exists("uq_users_email"):
        op.drop_constraint("uq_users_email", "users", type_="unique")
    op.create_index(
        "uq_users_email_alive",
        "users",
        [sa.text("lower(email)")],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.add_column("users", sa.Column("is_staff", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("organisations", sa.Column("settings", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False))


def downgrade():
    op.drop_column("organisations", "settings")
    op.drop_column("users", "is_staff")
    op.drop_index("uq_users_email_alive", table_name="users")
    op.create_unique_constraint("uq_users_email", "users", ["email"])
