"""Columns: added, changed in every respect, renamed, dropped.

Revision ID: 0020
Revises: 0010
"""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Boolean, Column, DateTime, Integer, String, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import expression

revision: str = "0020"
down_revision: str | None = "0010"


def upgrade() -> None:
    op.add_column("device", Column("owner", String(50)))
    op.add_column("device", Column("tags", ARRAY(Text), nullable=False, server_default="{}"))
    op.add_column("device", sa.Column("active", Boolean(), server_default=expression.true(), nullable=False))
    op.add_column("device", sa.Column("parent_id", sa.BigInteger, sa.ForeignKey("device.id"), nullable=True))
    op.add_column("device", sa.Column("room", sa.String(10), unique=True, index=True))
    op.add_column("device", sa.Column("height", Integer, sa.CheckConstraint("height > 0", name="ck_height")))
    op.add_column("device", sa.Column("meta", JSONB(), comment="What the maker says"), if_not_exists=True)
    op.add_column("device", sa.Column("owner", Integer), if_not_exists=True)
    op.add_column("reading", sa.Column("flags", sa.SmallInteger, server_default=sa.literal(0)), schema="archive")

    op.execute("UPDATE device SET owner = 'nobody', height = 100")
    op.alter_column("device", "owner", nullable=False, server_default="nobody")
    op.alter_column("device", "price", server_default=None, existing_type=sa.Numeric(8, 2))
    op.alter_column("device", "serial", type_=sa.Text(), new_column_name="serial_number", comment="On the back")
    op.alter_column("device", "meta", comment=None, existing_comment="What the maker says")
    op.alter_column("device", "height", type_=sa.BigInteger(), nullable=False, server_default=sa.text("100"))
    op.alter_column("device", "height", server_default=False)
    op.alter_column("device", "bought", existing_type=sa.Date(), type_=DateTime(timezone=True), postgresql_using="bought::timestamptz")
    op.alter_column("reading", "value", nullable=True, schema="archive")
    op.alter_column("reading", "flags", server_default=sa.func.floor(2), schema="archive")

    op.rename_table("scratch", "notes")
    op.alter_column("notes", "n", new_column_name="number", existing_type=sa.Integer())
    op.alter_column("notes", "number", nullable=False, server_default=sa.Identity(always=False, start=7))
    op.drop_column("device", "busy")
    op.drop_column("device", "nothing", if_exists=True)


def downgrade() -> None:
    op.rename_table("notes", "scratch")
    op.drop_column("reading", "flags", schema="archive")
    op.alter_column("device", "serial_number", new_column_name="serial")
    for column in "height", "room", "parent_id", "active", "tags", "owner", "meta":
        op.drop_column("device", column)
