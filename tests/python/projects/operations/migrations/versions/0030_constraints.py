"""Constraints, indexes and comments.

Revision ID: 0030
Revises: 0020
"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy import column, func, text

revision = "0030"
down_revision = "0020"


def upgrade():
    op.create_table("maker", sa.Column("id", sa.Integer), sa.Column("name", sa.Text), sa.Column("country", sa.CHAR(2)))
    op.create_primary_key("pk_maker", "maker", ["id"])
    op.create_unique_constraint("uq_maker_name", "maker", ["name", "country"], deferrable=True, initially="DEFERRED")
    op.create_check_constraint("ck_maker_country", "maker", func.length(column("country")) == 2)
    op.create_check_constraint(constraint_name="ck_maker_name", table_name="maker", condition="name <> ''")
    op.add_column("device", sa.Column("maker_id", sa.Integer))
    op.create_foreign_key(
        "fk_device_maker", "device", "maker", ["maker_id"], ["id"],
        onupdate="CASCADE", ondelete="SET NULL", deferrable=True, initially="IMMEDIATE", match="SIMPLE",
    )
    op.create_exclude_constraint("ex_device_room", "device", ("room", "="), ("maker_id", "<>"), using="gist", where=text("active"))

    op.create_index("ix_maker_lower", "maker", [text("lower(name)")], unique=True)
    op.create_index("ix_maker_lower2", "maker", [func.upper(column("name")), "country"])
    op.create_index(op.f("ix_device_maker_id"), "device", ["maker_id"], postgresql_concurrently=False)
    op.create_index("ix_device_active", "device", ["owner"], postgresql_where=text("active AND maker_id IS NOT NULL"))
    op.create_index("ix_device_tags", "device", ["tags"], postgresql_using="gin")
    op.create_index("ix_device_meta", "device", ["meta"], postgresql_using="gin", postgresql_ops={"meta": "jsonb_path_ops"})
    op.create_index("ix_device_inc", "device", ["owner"], postgresql_include=["room"], if_not_exists=True)
    op.create_index("ix_device_inc", "device", ["room"], if_not_exists=True)
    op.create_index("ix_reading_value", "reading", [text("value DESC NULLS LAST")], schema="archive")
    op.create_index("ix_notes_n", "notes", [sa.desc("number")])

    op.create_table_comment("maker", "Who made it", existing_comment=None)
    op.create_table_comment("reading", "Numbers", schema="archive")
    op.drop_table_comment("device", existing_comment="A thing with a plug")
    op.drop_constraint("uq_device_serial", "device", type_="unique")
    op.drop_constraint("ck_height", "device", type_="check")
    op.drop_constraint("ex_device_room", "device", if_exists=True)
    op.drop_index("ix_device_bought")
    op.drop_index("ix_reading_value", table_name="reading", schema="archive")
    op.drop_index("ix_there_is_none", if_exists=True)


def downgrade():
    for name, table in {"ix_notes_n": "notes", "ix_device_inc": "device", "ix_device_meta": "device"}.items():
        op.drop_index(name, table_name=table)
    op.create_check_constraint("ck_height", "device", "height > 0")
    op.create_unique_constraint("uq_device_serial", "device", ["serial_number"])
    op.drop_constraint("fk_device_maker", "device", "foreignkey")
    op.drop_column("device", "maker_id")
    op.drop_table("maker")
