# What sqlalchemy-tenants has Alembic write for classes under @with_rls.
from sqlalchemy import event, text

KINDS = {"VARCHAR": "varchar", "TEXT": "varchar", "INTEGER": "integer", "BIGINT": "integer", "SMALLINT": "integer", "UUID": "uuid"}


def with_rls(cls):
    @event.listens_for(cls, "after_create")
    def create_policy(target, connection, **kw):
        table = cls.__table__
        kinds = [column.type.split("(")[0] for column in table.columns if column.name == "tenant"]
        tenant = f"tenant = (select sqlalchemy_tenants_get_tenant()::{KINDS[kinds[0]]})"
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION sqlalchemy_tenants_get_tenant() RETURNS text LANGUAGE sql STABLE AS "
                "$$\n    SELECT replace(current_user, 'tenant_', '')\n$$"
            ),
            cls,
        )
        connection.execute(text(f'ALTER TABLE "{table.name}" ENABLE ROW LEVEL SECURITY'), cls)
        connection.execute(
            text(
                f'CREATE POLICY sqlalchemy_tenants_all ON "{table.name}" AS PERMISSIVE FOR ALL '
                f"USING ({tenant}) WITH CHECK ({tenant})"
            ),
            cls,
        )

    return cls


def get_process_revision_directives(metadata):
    return None
