"""Row security and audit for the tables that ask for them."""
from __future__ import annotations

from sqlalchemy import DDL, Table, event

TENANT = "NULLIF(current_setting('app.tenant_id', true), '')::uuid"

AUDIT_FUNCTION = DDL(
    """
CREATE OR REPLACE FUNCTION record_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO audit_log (table_name, operation, row_data, changed_by)
    VALUES (TG_TABLE_NAME, TG_OP, to_jsonb(COALESCE(NEW, OLD)), current_user);
    RETURN COALESCE(NEW, OLD);
END;
$$
"""
)


def enable_rls(table: Table, column: str = "tenant_id") -> None:
    for statement in (
        "ALTER TABLE %(fullname)s ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE %(fullname)s FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY %(table)s_isolation ON %(fullname)s USING ({column} = {TENANT}) WITH CHECK ({column} = {TENANT})",
    ):
        event.listen(table, "after_create", DDL(statement))


def tenant_isolated(cls):
    enable_rls(cls.__table__)
    return cls


def audited(*operations: str):
    events = " OR ".join(operations or ("INSERT", "UPDATE", "DELETE"))

    def decorate(cls):
        event.listen(
            cls.__table__,
            "after_create",
            DDL(
                "CREATE TRIGGER %(name)s AFTER " + events + " ON %(fullname)s "
                "FOR EACH ROW EXECUTE FUNCTION record_change()",
                context={"name": f"{cls.__tablename__}_audit"},
            ),
        )
        return cls

    return decorate
