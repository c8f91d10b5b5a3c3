"""Batches, which PostgreSQL does not need but many projects write.

Revision ID: 0040
Revises: 0030
"""
import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0030"

naming_convention = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}


def upgrade():
    with op.batch_alter_table("maker", schema=None) as batch_op:
        batch_op.add_column(sa.Column("website", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("device_id", sa.BigInteger(), nullable=True))
        batch_op.alter_column("name", existing_type=sa.Text(), nullable=False)
        batch_op.create_index(batch_op.f("ix_maker_website"), ["website"], unique=True)
        batch_op.create_index("ix_maker_some", ["country"], postgresql_where=sa.text("website IS NOT NULL"))
        batch_op.create_foreign_key("fk_maker_device", "device", ["device_id"], ["id"], ondelete="CASCADE")
        batch_op.create_check_constraint("ck_website", "website LIKE 'https://%'")
        batch_op.create_unique_constraint(batch_op.f("uq_maker_device"), ["device_id"])
        batch_op.drop_index("ix_maker_lower2")
        batch_op.drop_constraint("uq_maker_name", type_="unique")

    with op.batch_alter_table("reading", schema="archive") as batch:
        batch.add_column(sa.Column("quality", sa.SmallInteger(), server_default=sa.text("1"), nullable=False))
        batch.alter_column("unit", new_column_name="unit_code", type_=sa.String(12))
        batch.drop_index("ix_archive_reading_unit")

    with op.batch_alter_table("notes", naming_convention=naming_convention, recreate="never") as batch_op:
        batch_op.drop_column("number")
        batch_op.create_table_comment("What somebody wrote")


def downgrade():
    with op.batch_alter_table("notes") as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer()))
    op.create_index("ix_notes_n", "notes", ["number"])
    with op.batch_alter_table("reading", schema="archive") as batch:
        batch.drop_column("quality")
    with op.batch_alter_table("maker") as batch_op:
        batch_op.drop_column("device_id")
        batch_op.drop_column("website")
