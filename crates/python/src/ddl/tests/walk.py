"""Describes SQLAlchemy's constructs as JSON, before SQLAlchemy or Alembic change them."""

import inspect

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql import elements, functions
from sqlalchemy.sql import schema as sch
from sqlalchemy.sql.base import _NONE_NAME
from sqlalchemy.types import TypeEngine, UserDefinedType


def _remember(cls, attribute, position):
    """Keeps the name a constraint was given, which a naming convention replaces later."""
    original = cls.__init__

    def init(self, *args, **kwargs):
        name = kwargs.get("name", args[position] if position is not None and len(args) > position else None)
        if not hasattr(self, attribute):
            setattr(self, attribute, name)
        original(self, *args, **kwargs)

    cls.__init__ = init


_remember(sch.Constraint, "_given", 0)
_remember(sch.Index, "_given", 0)
_fk_init = sch.ForeignKey.__init__


def _fk(self, *args, **kwargs):
    self._of_column = kwargs.get("_constraint") is None
    self._raw = dict(kwargs)
    _fk_init(self, *args, **kwargs)


sch.ForeignKey.__init__ = _fk


_column_init = sch.Column.__init__


def _column(self, *args, **kwargs):
    self._pk_given = bool(kwargs.get("primary_key"))
    _column_init(self, *args, **kwargs)


sch.Column.__init__ = _column


def name_of(given):
    if given is None or given is _NONE_NAME:
        return None
    if isinstance(given, elements.conv):
        return {"final": str(given)}
    return {"given": str(given)}


def walk_type(t):
    t = sa.types.to_instance(t)
    if isinstance(t, UserDefinedType):
        return {"spec": t.get_col_spec()}
    if isinstance(t, sa.Enum):
        return {
            "name": "ENUM" if isinstance(t, pg.ENUM) else "Enum",
            "positional": list(t.enums),
            "keywords": {
                "name": t.name and str(t.name),
                "schema": t.schema,
                "native_enum": t.native_enum,
                "length": t.length,
                "create_constraint": t.create_constraint,
                "inherit_schema": t.inherit_schema,
                "create_type": getattr(t, "create_type", True),
                **({"metadata": True} if t.metadata is not None else {}),
            },
        }
    keywords = {"schema": t.schema} if isinstance(t, pg.DOMAIN) and t.schema else {}
    for cls in type(t).__mro__:
        if "__init__" not in vars(cls):
            continue
        for parameter in inspect.signature(cls.__init__).parameters:
            value = getattr(t, parameter, None)
            if value is None or parameter in keywords or parameter == "impl":
                continue
            if isinstance(value, TypeEngine):
                keywords[parameter] = {"$type": walk_type(value)}
            elif isinstance(value, (bool, int, str)):
                keywords[parameter] = value if isinstance(value, (bool, int)) else str(value)
            elif isinstance(value, sa.TextClause):
                keywords[parameter] = {"$clause": walk_clause(value)}
        break
    if getattr(t, "metadata", None) is not None:
        keywords["metadata"] = True
    return {"name": type(t).__name__, "positional": [], "keywords": keywords}


def walk_sequence(s):
    return {
        "name": str(s.name),
        "schema": s.schema,
        "options": walk_options(s),
        "data_type": s.data_type and walk_type(s.data_type),
        "optional": bool(s.optional),
    }


def walk_options(o):
    found = {}
    for key in ("start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cache", "cycle"):
        value = getattr(o, key)
        if value is not None:
            found[key] = True if key.startswith("no") else value
    return found


def walk_default(d):
    if d is None:
        return None
    if isinstance(d, sa.Identity):
        return {"identity": {"always": bool(d.always), "options": walk_options(d)}}
    if isinstance(d, sa.Computed):
        return {"computed": {"expression": walk_clause(d.sqltext), "persisted": d.persisted}}
    if isinstance(d, sch.DefaultClause):
        d = d.arg
    if isinstance(d, str):
        return {"literal": d}
    if isinstance(d, sa.ClauseElement):
        return {"clause": walk_clause(d)}
    return {"fetched": True}


def walk_clause(c):
    if isinstance(c, str):
        return {"k": "text", "v": c}
    if isinstance(c, elements.Grouping):
        return walk_clause(c.element)
    if isinstance(c, elements.TextClause):
        return {"k": "text", "v": c.text}
    if isinstance(c, elements.Null):
        return {"k": "null"}
    if isinstance(c, elements.True_):
        return {"k": "true"}
    if isinstance(c, elements.False_):
        return {"k": "false"}
    if isinstance(c, elements.BindParameter):
        if c.expanding:
            return {"k": "list", "v": [walk_value(v) for v in c.value]}
        return walk_value(c.value)
    if isinstance(c, elements.ColumnClause):
        if c.is_literal:
            return {"k": "literal_column", "v": c.name}
        return {
            "k": "column",
            "v": c.key,
            "type": walk_type(c.type),
            "of_table": isinstance(c, sa.Column),
        }
    if isinstance(c, functions.next_value):
        return {"k": "next_value", "v": walk_sequence(c.sequence)}
    if isinstance(c, pg.array):
        item = c.type.item_type
        empty = isinstance(item, sa.types.NullType)
        return {"k": "array", "v": [walk_clause(x) for x in c.clauses], "item": None if empty else walk_type(item)}
    if isinstance(c, functions.FunctionElement):
        return {
            "k": "function",
            "name": list(getattr(c, "packagenames", ())) + [c.name],
            "v": [walk_clause(x) for x in c.clauses],
        }
    if isinstance(c, elements.Tuple):
        return {"k": "tuple", "v": [walk_clause(x) for x in c.clauses]}
    if isinstance(c, elements.Label):
        return {"k": "label", "name": c.name, "v": walk_clause(c._element)}
    if isinstance(c, elements.Cast):
        return {"k": "cast", "v": walk_clause(c.clause), "type": walk_type(c.type)}
    if isinstance(c, elements.TypeCoerce):
        return {"k": "type_coerce", "v": walk_clause(c.clause), "type": walk_type(c.type)}
    if isinstance(c, elements.Extract):
        return {"k": "extract", "field": c.field, "v": walk_clause(c.expr)}
    if isinstance(c, elements.Case):
        return {
            "k": "case",
            "value": None if c.value is None else walk_clause(c.value),
            "whens": [[walk_clause(w), walk_clause(t)] for w, t in c.whens],
            "else": None if c.else_ is None else walk_clause(c.else_),
        }
    if isinstance(c, elements.AsBoolean):
        return {"k": "as_boolean", "negated": c.operator.__name__ == "is_false", "v": walk_clause(c.element)}
    if isinstance(c, elements.CollectionAggregate):
        word = {"any_op": "ANY", "all_op": "ALL"}[c.operator.__name__]
        return {"k": "quantified", "word": word, "v": walk_clause(c.element)}
    if isinstance(c, elements.UnaryExpression):
        operator = c.operator or c.modifier
        kind = "unary" if c.operator else "modifier"
        return {"k": kind, "op": operator.__name__, "v": walk_clause(c.element)}
    if isinstance(c, elements.ExpressionClauseList):
        if c.operator.__name__ == "and_" and not c.group:
            return {"k": "bounds", "v": [walk_clause(x) for x in c.clauses]}
        return {"k": "chain", "op": c.operator.__name__, "v": [walk_clause(x) for x in c.clauses]}
    if isinstance(c, elements.BinaryExpression):
        name = c.operator.__name__ if hasattr(c.operator, "__name__") else "custom_op"
        if name == "collate":
            return {"k": "collate", "v": walk_clause(c.left), "collation": c.right.collation}
        if name in ("json_getitem_op", "getitem"):
            style = "element" if name == "json_getitem_op" else "array"
            return {"k": "subscript", "style": style, "v": [walk_clause(c.left), walk_clause(c.right)]}
        if isinstance(c.operator, sa.sql.operators.custom_op):
            if c.operator.opstring == "->>":
                return {"k": "subscript", "style": "text", "v": [walk_clause(c.left), walk_clause(c.right)]}
            return {
                "k": "binary",
                "op": "custom_op",
                "symbol": c.operator.opstring,
                "precedence": c.operator.precedence,
                "comparison": c.operator.is_comparison,
                "v": [walk_clause(c.left), walk_clause(c.right)],
            }
        return {
            "k": "binary",
            "op": name,
            "modifiers": {k: v for k, v in c.modifiers.items() if v is not None},
            "v": [walk_clause(c.left), walk_clause(c.right)],
        }
    raise TypeError(f"{type(c)}: {c}")


def walk_value(value):
    if value is None or isinstance(value, (bool, int)):
        return {"k": "value", "v": value}
    if isinstance(value, str):
        return {"k": "value", "v": value}
    return {"k": "number", "v": str(value)}


def walk_fk_options(raw):
    return {
        "name": name_of(raw.get("name")),
        "ondelete": raw.get("ondelete"),
        "onupdate": raw.get("onupdate"),
        "deferrable": raw.get("deferrable"),
        "initially": raw.get("initially"),
        "match": raw.get("match"),
        "use_alter": bool(raw.get("use_alter")),
        "link_to_name": bool(raw.get("link_to_name")),
        "not_valid": bool(raw.get("postgresql_not_valid")),
        "comment": raw.get("comment"),
    }


def walk_target(fk):
    if isinstance(fk._colspec, str):
        return {"spec": fk._colspec}
    column = fk._colspec
    return {"schema": column.table.schema, "table": str(column.table.name), "column": column.key}


def walk_column(c):
    unspecified = c._user_defined_nullable is sch.SchemaConst.NULL_UNSPECIFIED
    default = None
    if isinstance(c.default, sa.Sequence):
        default = {"sequence": walk_sequence(c.default)}
    elif c.default is not None:
        default = {"python": True}
    return {
        "name": str(c.name),
        "key": c.key if c.key != c.name else None,
        "quote": getattr(c.name, "quote", None),
        "type": walk_type(c.type),
        "nullable": None if unspecified else c._user_defined_nullable,
        "primary_key": c._pk_given,
        "autoincrement": c.autoincrement,
        "unique": bool(c.unique),
        "index": bool(c.index),
        "system": c.system,
        "server_default": walk_default(c.server_default),
        "comment": c.comment,
        "foreign_keys": [
            {"target": walk_target(fk), "options": walk_fk_options(fk._raw)}
            for fk in sorted(c.foreign_keys, key=lambda fk: getattr(fk.constraint, "_creation_order", 0))
            if fk._of_column
        ],
        "checks": [walk_constraint(x) for x in c.constraints if isinstance(x, sa.CheckConstraint)],
        "default": default,
    }


def key_of(column):
    return column if isinstance(column, str) else column.key


def walk_element(expr):
    if isinstance(expr, str):
        return {"column": expr}
    if isinstance(expr, sa.Column):
        return {"column": expr.key}
    return {"clause": walk_clause(expr)}


def columns_of(c):
    pending = getattr(c, "_pending_colargs", [])
    found = [key_of(x) for x in pending if x is not None]
    return found or [x.key for x in c.columns]


def walk_constraint(c):
    base = {
        "name": name_of(c._given),
        "deferrable": c.deferrable,
        "initially": c.initially,
        "comment": c.comment,
    }
    options = dict(c.dialect_options["postgresql"]) if c.dialect_kwargs else {}
    include = [key_of(x) for x in options.get("include") or []]
    if isinstance(c, pg.ExcludeConstraint):
        return base | {
            "kind": "exclude",
            "elements": [[walk_element(e), op] for e, _, op in c._render_exprs],
            "using": c.using,
            "where": None if c.where is None else walk_clause(c.where),
            "ops": list(c.ops.items()),
        }
    if isinstance(c, sa.PrimaryKeyConstraint):
        return base | {"kind": "pk", "columns": columns_of(c), "include": include}
    if isinstance(c, sa.UniqueConstraint):
        return base | {
            "kind": "uq",
            "columns": columns_of(c),
            "include": include,
            "nulls_not_distinct": options.get("nulls_not_distinct"),
        }
    if isinstance(c, sa.CheckConstraint):
        return base | {
            "kind": "ck",
            "condition": walk_clause(c.sqltext),
            "not_valid": bool(options.get("not_valid")),
        }
    if isinstance(c, sa.ForeignKeyConstraint):
        raw = {k: getattr(c, k) for k in ("ondelete", "onupdate", "deferrable", "initially", "match", "use_alter", "link_to_name", "comment")}
        raw["name"] = c._given
        raw["postgresql_not_valid"] = options.get("not_valid")
        return {
            "kind": "fk",
            "columns": list(c.column_keys),
            "targets": [walk_target(fk) for fk in c.elements],
            "options": walk_fk_options(raw),
        }
    raise TypeError(type(c))


def walk_index(i):
    options = dict(i.dialect_options["postgresql"])
    where = options.get("where")
    return {
        "name": name_of(i._given),
        "elements": [walk_element(e) for e in i.expressions],
        "unique": bool(i.unique),
        "where": None if where is None else walk_clause(where),
        "using": options.get("using") or None,
        "ops": list((options.get("ops") or {}).items()),
        "include": [key_of(x) for x in options.get("include") or []],
        "with": [[k, str(v)] for k, v in (options.get("with") or {}).items()],
        "tablespace": options.get("tablespace"),
        "concurrently": bool(options.get("concurrently")),
        "nulls_not_distinct": options.get("nulls_not_distinct"),
    }


def walk_table(t):
    options = dict(t.dialect_options["postgresql"])
    inherits = options.get("inherits") or []
    written = [
        c
        for c in sorted(t.constraints, key=lambda c: c._creation_order)
        if not getattr(c, "_column_flag", False)
        and not getattr(c, "_type_bound", False)
        and not (isinstance(c, sa.ForeignKeyConstraint) and any(fk._of_column for fk in c.elements))
        and not (isinstance(c, sa.PrimaryKeyConstraint) and c._implicit_generated)
    ]
    return {
        "name": str(t.name),
        "schema": t.schema,
        "quote": getattr(t.name, "quote", None),
        "columns": [walk_column(c) for c in t.columns],
        "constraints": [walk_constraint(c) for c in written],
        "indexes": [walk_index(i) for i in t.indexes if not getattr(i, "_column_flag", False)],
        "comment": t.comment,
        "prefixes": list(t._prefixes),
        "options": {
            "inherits": [inherits] if isinstance(inherits, str) else list(inherits),
            **{k: options.get(k) or None for k in ("partition_by", "using", "on_commit", "tablespace")},
            "with_oids": options.get("with_oids"),
        },
    }


def walk_metadata(m, types=()):
    return {
        "schema": m.schema,
        "naming_convention": [
            [k, v if isinstance(v, str) else None]
            for k, v in m.naming_convention.items()
            if isinstance(k, str)
        ],
        "tables": [walk_table(t) for t in m.tables.values()],
        "sequences": [walk_sequence(s) for s in m._sequences.values() if s.column is None],
        "types": [walk_type(t) for t in types],
    }
