"""Policies as functions of the table and of whose rows they are."""
from dataclasses import dataclass

from alembic import op

OWNER = "(SELECT auth.uid()) = {column}"


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True)
class Owned:
    table: str
    column: str = "user_id"
    writable: bool = True


def enable(table, *, force=False):
    op.execute(f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY")
    if force:
        op.execute(f"ALTER TABLE public.{table} FORCE ROW LEVEL SECURITY")


def policy(table, name, command="ALL", *, using=None, check=None, to="authenticated"):
    parts = [f"CREATE POLICY {quote(name)} ON public.{table}", f"FOR {command}", f"TO {to}"]
    if using:
        parts.append(f"USING ({using})")
    if check is not None:
        parts.append(f"WITH CHECK ({check})")
    op.execute("\n".join(parts))


def own_rows(owned: Owned) -> None:
    condition = OWNER.format(column=owned.column)
    policy(owned.table, f"Users read their own {owned.table}", "SELECT", using=condition)
    if not owned.writable:
        return
    policy(owned.table, f"Users add their own {owned.table}", "INSERT", check=condition)
    policy(owned.table, f"Users change their own {owned.table}", "UPDATE", using=condition, check=condition)
    policy(owned.table, f"Users delete their own {owned.table}", "DELETE", using=condition)
