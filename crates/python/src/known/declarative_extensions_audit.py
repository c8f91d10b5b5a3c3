# What @audit() of sqlalchemy-declarative-extensions makes beside a table: one of its former rows, and a
# function and a trigger for each command.
from sqlalchemy import Column, Integer, event, text

from sqlalchemy_declarative_extensions.dialects.postgresql import Function, Trigger, quoted

KEY = Column("audit_pk", Integer, primary_key=True)


def qualified(schema, name):
    return f"{schema}.{name}" if schema else name


def audit(
    primary_key=KEY,
    schema=None,
    ignore_columns=(),
    context_columns=None,
    insert=True,
    update=True,
    delete=True,
):
    def decorator(model):
        return audit_model(
            model, primary_key, schema, ignore_columns, context_columns, insert, update, delete
        )

    return decorator


def audit_model(
    model,
    primary_key=KEY,
    schema=None,
    ignore_columns=(),
    context_columns=None,
    insert=True,
    update=True,
    delete=True,
):
    audit_table(
        model.__table__, primary_key, schema, ignore_columns, context_columns, insert, update, delete
    )
    return model


def audit_table(
    table,
    primary_key=KEY,
    schema=None,
    ignore_columns=(),
    context_columns=None,
    insert=True,
    update=True,
    delete=True,
):
    @event.listens_for(table, "after_create")
    def create(target, connection, **kw):
        where = schema or table.schema
        audit_name = qualified(where, f"{table.name}_audit")
        kind = "SERIAL" if primary_key.type == "INTEGER" else primary_key.type
        columns = [
            f"audit_pk {kind} NOT NULL",
            "audit_operation VARCHAR(1) NOT NULL",
            "audit_timestamp TIMESTAMP WITH TIME ZONE NOT NULL",
            "audit_current_user VARCHAR(64) NOT NULL",
        ]
        names = ["audit_operation", "audit_timestamp", "audit_current_user"]
        settings = []
        for column in context_columns or []:
            null = "" if column.nullable else " NOT NULL"
            columns.append(f'"audit_{column.name}" {column.type}{null}')
            names.append(f"audit_{column.name}")
            missing = "true" if column.nullable else "false"
            settings.append(f"current_setting('audit.{column.name}', {missing})::{column.type}")
        kept = [column for column in table.columns if column.name not in ignore_columns]
        for column in kept:
            columns.append(f'"{column.name}" {column.type}')
            names.append(column.name)
        columns.append("PRIMARY KEY (audit_pk)")
        connection.execute(text(f"CREATE TABLE {quoted(audit_name)} ({', '.join(columns)})"), table)
        called = f"{table.schema or 'public'}_{table.name}_audit"
        targets = ", ".join(quoted(name) for name in names)
        for enabled, command, row in ((insert, "INSERT", "NEW"), (update, "UPDATE", "NEW"), (delete, "DELETE", "OLD")):
            if not enabled:
                continue
            values = ", ".join(settings + [f'{row}."{column.name}"' for column in kept])
            name = f"{called}_{command.lower()}"
            body = (
                f"\nBEGIN\nINSERT INTO {quoted(audit_name)} ({targets})\n"
                f"SELECT '{command[0]}', now(), current_user, {values};\nRETURN NULL;\nEND\n"
            )
            function = Function(name, body, returns="TRIGGER", language="plpgsql", schema=where)
            connection.execute(text(function.to_sql_create()), table)
            trigger = Trigger.after(command, on=table.fullname, execute=qualified(where, name), name=name)
            connection.execute(text(trigger.for_each_row().to_sql_create()), table)


def set_context_values(connectable, **values):
    pass
