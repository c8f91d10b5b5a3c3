"""Keys become UUIDs

Revision ID: d98dd8ec85a3
Revises: e2412789c190
Create Date: 2024-07-19 04:08:04.000976

"""
import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d98dd8ec85a3"
down_revision = "e2412789c190"
branch_labels = None
depends_on = None


def upgrade():
    op.execute('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"')

    for table in ("user", "message"):
        op.add_column(
            table,
            sa.Column("new_id", postgresql.UUID(as_uuid=True), default=sa.text("uuid_generate_v4()")),
        )
    op.add_column("message", sa.Column("new_owner_id", postgresql.UUID(as_uuid=True), nullable=True))

    op.execute('UPDATE "user" SET new_id = uuid_generate_v4()')
    op.execute("UPDATE message SET new_id = uuid_generate_v4()")
    op.execute(
        'UPDATE message SET new_owner_id = (SELECT new_id FROM "user" WHERE "user".id = message.owner_id)'
    )

    op.alter_column("user", "new_id", nullable=False)
    op.alter_column("message", "new_id", nullable=False)

    op.drop_constraint("message_owner_id_fkey", "message", type_="foreignkey")
    op.drop_column("message", "owner_id")
    op.alter_column("message", "new_owner_id", new_column_name="owner_id")

    op.drop_column("user", "id")
    op.alter_column("user", "new_id", new_column_name="id")
    op.drop_column("message", "id")
    op.alter_column("message", "new_id", new_column_name="id")

    op.create_primary_key("user_pkey", "user", ["id"])
    op.create_primary_key("message_pkey", "message", ["id"])
    op.create_foreign_key("message_owner_id_fkey", "message", "user", ["owner_id"], ["id"], ondelete="CASCADE")
    op.alter_column("message", "owner_id", nullable=False)


def downgrade():
    op.drop_constraint("message_owner_id_fkey", "message", type_="foreignkey")
    op.drop_constraint("message_pkey", "message")
    op.drop_constraint("user_pkey", "user", "primary")
    for table, name in [("user", "id"), ("message", "id"), ("message", "owner_id")]:
        op.drop_column(table, name)
        op.add_column(table, sa.Column(name, sa.Integer(), autoincrement=True))
    op.create_primary_key("user_pkey", "user", ["id"])
    op.create_primary_key("message_pkey", "message", ["id"])
    op.create_foreign_key("message_owner_id_fkey", "message", "user", ["owner_id"], ["id"])
    op.execute('DROP EXTENSION "uuid-ossp"')
