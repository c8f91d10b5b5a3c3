"""Writes cases.json: schema constructs, and the SQL that SQLAlchemy and Alembic make of them.

    python cases.py > cases.json

with SQLAlchemy 2.0.58, Alembic 1.20.1 and alembic_utils 0.8.8 installed. The Rust tests build the same constructs from
the description and must write the same text.
"""

import enum
import io
import json
import sys

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import *  # noqa: F403
from sqlalchemy import types as sqltypes
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.schema import *  # noqa: F403
from sqlalchemy.sql.naming import conv

import walk

ENGINE = {}


def dialect():
    made = sa.create_engine("postgresql+psycopg2://", paramstyle="named").dialect
    # As after a connection to a server with standard_conforming_strings = on.
    made._backslash_escapes = False
    return made


DIALECT = dialect()


def create_all(metadata):
    out = []
    engine = sa.create_mock_engine("postgresql+psycopg2://", lambda sql, *a, **k: out.append(str(sql.compile(dialect=DIALECT))), paramstyle="named")
    engine.dialect._backslash_escapes = False
    metadata.create_all(engine, checkfirst=False)
    return out


METADATA, OPERATIONS, CLAUSES, TYPES, ENTITIES = [], [], [], [], []


def schema(build):
    """A case: a function that fills a MetaData, which it may make itself."""
    metadata = MetaData()
    types = build(metadata)
    if isinstance(types, MetaData):
        metadata, types = types, None
    described = walk.walk_metadata(metadata, types or ())
    try:
        expected = create_all(metadata)
    except Exception as error:
        METADATA.append({"case": build.__name__, "metadata": described, "error": type(error).__name__})
        return
    METADATA.append({"case": build.__name__, "metadata": described, "sql": expected})


def encode(value):
    if isinstance(value, conv):
        return {"$final": str(value)}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [encode(v) for v in value]
    if isinstance(value, dict):
        return {"$dict": [[k, encode(v)] for k, v in value.items()]}
    if isinstance(value, (Identity, Computed, FetchedValue)):
        return {"$default": walk.walk_default(value)}
    if isinstance(value, Column):
        return {"$column": walk.walk_column(value)}
    if isinstance(value, Constraint):
        return {"$constraint": walk.walk_constraint(value)}
    if isinstance(value, Index):
        return {"$index": walk.walk_index(value)}
    if isinstance(value, sqltypes.TypeEngine) or isinstance(value, type):
        return {"$type": walk.walk_type(value)}
    return {"$clause": walk.walk_clause(value)}


def op(name, *args, convention=None, **kwargs):
    described = {
        "op": name,
        "args": [encode(a) for a in args],
        "kwargs": {k: encode(v) for k, v in kwargs.items()},
        "naming_convention": [[k, v] for k, v in convention.items()] if convention else None,
    }
    metadata = MetaData(naming_convention=convention) if convention else None
    out = []
    context = MigrationContext.configure(
        dialect=DIALECT,
        opts={"as_sql": True, "output_buffer": io.StringIO(), "target_metadata": metadata},
    )
    context.impl._exec = lambda construct, *a, **k: out.append(str(construct.compile(dialect=DIALECT)))
    context.connection.dialect._backslash_escapes = False
    try:
        getattr(Operations(context), name)(*args, **kwargs)
    except Exception as error:
        OPERATIONS.append(described | {"error": f"{type(error).__name__}"})
        return
    OPERATIONS.append(described | {"sql": out})


def clause(expression):
    try:
        compiled = expression.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True, "include_table": False})
    except Exception as error:
        print(type(error).__name__, walk.walk_clause(expression), file=sys.stderr)
        return
    CLAUSES.append({"clause": walk.walk_clause(expression), "sql": str(compiled)})


def type_(source):
    made = eval(source)
    try:
        sql = DIALECT.type_compiler_instance.process(sqltypes.to_instance(made))
    except Exception as error:
        TYPES.append({"source": source, "type": walk.walk_type(made), "error": type(error).__name__})
        return
    TYPES.append({"source": source, "type": walk.walk_type(made), "sql": sql})


exec(open(__file__.replace("cases.py", "schemas.py")).read())
exec(open(__file__.replace("cases.py", "operations.py")).read())
exec(open(__file__.replace("cases.py", "clauses.py")).read())
exec(open(__file__.replace("cases.py", "entities.py")).read())

lines = lambda cases: "[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]"
sys.stdout.write(
    "{\n"
    + ",\n".join(
        f'"{name}": {lines(cases)}'
        for name, cases in (("schemas", METADATA), ("operations", OPERATIONS), ("clauses", CLAUSES), ("types", TYPES), ("entities", ENTITIES))
    )
    + "\n}\n"
)
print(len(METADATA), len(OPERATIONS), len(CLAUSES), len(TYPES), len(ENTITIES), file=sys.stderr)
