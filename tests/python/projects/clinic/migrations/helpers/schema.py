"""What revisions need again and again. Only ever extended: old revisions call it, too."""
from typing import Iterable, Optional

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine.reflection import Inspector


def inspector() -> Inspector:
    return sa.inspect(op.get_bind())


def has_table(name: str) -> bool:
    return name in inspector().get_table_names()


def has_column(table: str, column: str) -> bool:
    return any(c["name"] == column for c in inspector().get_columns(table))


def has_index(table: str, index: str) -> bool:
    return index in {i["name"] for i in inspector().get_indexes(table)}


def constraint_exists(name: str) -> bool:
    row = op.get_bind().execute(
        sa.text("SELECT 1 FROM pg_constraint WHERE conname = :name"), {"name": name}
    ).first()
    return row is not None


def uuid_pk(name: str = "id", server_default: bool = False) -> sa.Column:
    default = sa.text("gen_random_uuid()") if server_default else None
    return sa.Column(name, postgresql.UUID(as_uuid=True), server_default=default, nullable=False)


def timestamps() -> list[sa.Column]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def soft_delete(table: str) -> None:
    op.add_column(table, sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(table, sa.Column("deleted_by", postgresql.UUID(as_uuid=True), nullable=True))


def create_touch_trigger(table: str, *, name: Optional[str] = None) -> None:
    name = name or f"trg_{table}_touch"
    op.execute(
        f"""
        CREATE TRIGGER {name}
            BEFORE UPDATE ON {table}
            FOR EACH ROW
            EXECUTE FUNCTION touch_updated_at()
        """
    )
