# What sqlalchemy-declarative-extensions makes of what is declared beside the tables.
import textwrap

from sqlalchemy import event, text

from sqlalchemy_declarative_extensions.dialects.postgresql import Function, Procedure, Trigger, quoted


class View:
    def __init__(self, name, definition, schema=None, materialized=False, constraints=None):
        self.name = name
        self.definition = definition
        self.schema = schema
        self.materialized = materialized

    def to_sql_create(self):
        if not isinstance(self.definition, str):
            definition = str(self.definition.compile())
        else:
            definition = self.definition
        kind = "MATERIALIZED VIEW" if self.materialized else "VIEW"
        name = f"{self.schema}.{self.name}" if self.schema else self.name
        return f"CREATE {kind} {quoted(name)} AS {definition}"


class Schema:
    def __init__(self, name):
        self.name = name


class Collection:
    def __init__(self, *items, **options):
        self.items = list(items)

    def are(self, *items):
        self.items = self.items + list(items)
        return self


class Functions(Collection):
    pass


class Procedures(Collection):
    pass


class Triggers(Collection):
    pass


class Views(Collection):
    pass


class Schemas(Collection):
    pass


class Roles(Collection):
    pass


class Grants(Collection):
    pass


class Databases(Collection):
    pass


class Rows(Collection):
    pass


class Role:
    def __init__(self, name, **options):
        self.name = name


class Row:
    def __init__(self, table, **columns):
        pass


class Database:
    def __init__(self, name):
        self.name = name


def listed(collection):
    if collection is None:
        return []
    return collection.items if isinstance(collection, Collection) else list(collection)


def declare_database(
    metadata,
    schemas=None,
    roles=None,
    grants=None,
    views=None,
    procedures=None,
    functions=None,
    triggers=None,
    databases=None,
    rows=None,
):
    @event.listens_for(metadata, "before_create")
    def before(target, connection, **kw):
        for schema in listed(schemas):
            name = schema if isinstance(schema, str) else schema.name
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {quoted(name)}"), schema)
        if listed(roles) or listed(grants):
            raise NotImplementedError("the roles and grants that it declares are not read")

    @event.listens_for(metadata, "after_create")
    def after(target, connection, **kw):
        for declared in (views, procedures, functions, triggers):
            for it in listed(declared):
                connection.execute(text(it.to_sql_create()), it)


def declarative_database(base):
    declare_database(
        base,
        schemas=getattr(base, "schemas", None),
        roles=getattr(base, "roles", None),
        grants=getattr(base, "grants", None),
        views=getattr(base, "views", None),
        procedures=getattr(base, "procedures", None),
        functions=getattr(base, "functions", None),
        triggers=getattr(base, "triggers", None),
    )
    return base


def register_function(metadata, function):
    declare_database(metadata, functions=[function])


def register_procedure(metadata, procedure):
    declare_database(metadata, procedures=[procedure])


def register_trigger(metadata, trigger):
    declare_database(metadata, triggers=[trigger])


def register_view(metadata, view):
    declare_database(metadata, views=[view])


def register_sqlalchemy_events(metadata, **kinds):
    pass


def register_alembic_events(**kinds):
    pass
