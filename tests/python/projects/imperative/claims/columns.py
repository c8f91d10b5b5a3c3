"""Columns that many tables share. A column belongs to one table, so each call makes new ones."""
from sqlalchemy import Column, DateTime, ForeignKey, Integer, Sequence, String, func


def key(name="id", **options):
    return Column(name, Integer, primary_key=True, **options)


def stamps():
    return [
        Column("created_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
        Column("updated_at", DateTime(timezone=True), server_default=func.now(), nullable=False),
    ]


def reference(table, *, nullable=False, on_delete="RESTRICT"):
    return Column(
        f"{table}_id", ForeignKey(f"{table}.id", ondelete=on_delete), nullable=nullable, index=True
    )


def code(length: int = 8, name: str = "code"):
    return Column(name, String(length), nullable=False, unique=True)
