from alembic import op

CURRENT_ORGANISATION = "NULLIF(current_setting('app.organisation_id', true), '')::uuid"


def tenant_policy(table, column="organisation_id", *, force=True, name=None, condition=None):
    """Row security by organisation, for all commands."""
    name = name or "%s_tenant" % table
    condition = condition or f"{column} = {CURRENT_ORGANISATION}"
    statements = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
    if force:
        statements.append(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    statements += [
        f"DROP POLICY IF EXISTS {name} ON {table}",
        f"CREATE POLICY {name} ON {table} USING ({condition}) WITH CHECK ({condition})",
    ]
    for statement in statements:
        op.execute(statement)


def drop_tenant_policy(table):
    op.execute(f"DROP POLICY IF EXISTS {table}_tenant ON {table}")
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")
