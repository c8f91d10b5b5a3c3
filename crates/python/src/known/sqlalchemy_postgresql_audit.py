# What sqlalchemy-postgresql-audit makes beside tables whose info enables "audit.options".
from sqlalchemy import MetaData, event, text
from sqlalchemy.orm.mapperlib import _all_registries


def enable():
    pass


def install_audit_triggers(metadata, engine=None):
    pass


def uninstall_audit_triggers(metadata, engine=None):
    pass


@event.listens_for(MetaData, "after_create")
def create(target, connection, **kw):
    for registry in _all_registries():
        for table in registry.tables:
            options = (table.info or {}).get("audit.options", {})
            if options.get("enabled"):
                audit(connection, table, options)


def audit(connection, table, options):
    schema = options.get("schema_name", table.schema)
    prefix = f'"{schema}".' if schema else ""
    audit_name = f'{prefix}"{table.name}_audit"'
    function = trigger = f"{schema or 'public'}_{table.name}_audit"
    columns = [
        "audit_operation VARCHAR(1) NOT NULL",
        "audit_operation_timestamp TIMESTAMP NOT NULL",
        "audit_current_user VARCHAR(64) NOT NULL",
    ]
    names = ["audit_operation", "audit_operation_timestamp", "audit_current_user"]
    settings = []
    for column in options.get("session_settings", []):
        null = "" if column.nullable else " NOT NULL"
        columns.append(f'"audit_{column.name}" {column.type}{null}')
        names.append(f'"audit_{column.name}"')
        missing = "true" if column.nullable else "false"
        settings.append(f"current_setting('audit.{column.name}', {missing})::{column.type}")
    for column in table.columns:
        columns.append(f'"{column.name}" {column.type}')
        names.append(f'"{column.name}"')
    connection.execute(text(f"CREATE TABLE {audit_name} ({', '.join(columns)})"), table)
    branches = []
    for word, command, row in (("IF", "DELETE", "OLD"), ("ELSIF", "UPDATE", "NEW"), ("ELSIF", "INSERT", "NEW")):
        values = settings + [f'{row}."{column.name}"' for column in table.columns]
        insert = f"INSERT INTO {audit_name} ({', '.join(names)}) SELECT '{command[0]}', now(), current_user, {', '.join(values)}"
        branches.append(f"{word} TG_OP = '{command}' THEN {insert};")
    body = f"BEGIN {' '.join(branches)} END IF; RETURN NULL; END"
    connection.execute(text(f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"), table)
    connection.execute(
        text(
            f'CREATE TRIGGER {trigger} AFTER INSERT OR UPDATE OR DELETE ON {prefix}"{table.name}" '
            f"FOR EACH ROW EXECUTE FUNCTION {function}()"
        ),
        table,
    )
