//! SQLAlchemy's inspector, answered from the catalog as it stands at that moment.

use schemaward_catalog::{
    Catalog, ConstraintKind, IndexKeyKind, ObjectName, Origin, QualifiedName, Table, UserTypeKind,
};

use super::guards;
use super::host::Migration;
use crate::interpret::{Arg, Args, Eval, Interp, Stop, SymbolKind, Value};

/// What a method of the inspector gives.
pub(super) fn call(
    host: &mut Migration<'_>,
    interp: &mut Interp<'_>,
    method: &str,
    args: &Args,
    origin: Origin,
) -> Eval<Option<Value>> {
    if let Some(kind) = guards::in_inspection(method) {
        host.guard(kind, format!("{method}()"), origin);
    }
    if let Some(unknown) = args.list.iter().map(|arg| &arg.value).find(|value| value.is_unknown()) {
        return Ok(Some(unknown.clone()));
    }
    let catalog = &host.played.catalog;
    let text = |at: usize, name: &str| args.value(at, name).and_then(Value::as_str);
    let schema_of = |at: usize| {
        let default = catalog.search_path.iter().find(|it| catalog.schemas.contains_key(*it));
        text(at, "schema").map_or_else(
            || default.cloned().unwrap_or_else(|| "public".to_owned()),
            ToOwned::to_owned,
        )
    };
    let names = |names: Vec<&str>| Value::list(names.into_iter().map(Value::str).collect());
    Ok(Some(match method {
        "get_table_names" | "get_sorted_table_and_fkc_names" => {
            let schema = schema_of(0);
            let tables = catalog.tables.values();
            names(
                tables
                    .filter(|table| table.name.schema == schema && !table.temporary)
                    .map(|table| table.name.name.as_str())
                    .collect(),
            )
        }
        "get_view_names" | "get_materialized_view_names" => {
            let schema = schema_of(0);
            let materialized = method == "get_materialized_view_names";
            let views = catalog.views.values();
            names(
                views
                    .filter(|it| it.name.schema == schema && it.materialized == materialized)
                    .map(|view| view.name.name.as_str())
                    .collect(),
            )
        }
        "get_sequence_names" => {
            let schema = schema_of(0);
            let sequences = catalog.sequences.keys();
            names(
                sequences.filter(|it| it.schema == schema).map(|name| name.name.as_str()).collect(),
            )
        }
        "get_schema_names" => {
            let schemas = catalog.schemas.keys().map(String::as_str);
            names(schemas.chain(["information_schema"]).collect())
        }
        "has_schema" => {
            Value::Bool(text(0, "schema").is_some_and(|it| catalog.schemas.contains_key(it)))
        }
        "has_table" | "has_sequence" | "has_type" => {
            let Some(name) = text(0, "table_name").or_else(|| args.list.first()?.value.as_str())
            else {
                return Ok(Some(Value::unknown("the name that is asked for", origin)));
            };
            let name = QualifiedName::new(schema_of(1), name);
            Value::Bool(match method {
                "has_sequence" => catalog.sequences.contains_key(&name),
                "has_type" => catalog.types.contains_key(&name),
                _ => catalog.tables.contains_key(&name) || catalog.views.contains_key(&name),
            })
        }
        "get_enums" => {
            let schema = schema_of(0);
            let enums = catalog.types.values().filter_map(|found| match &found.kind {
                UserTypeKind::Enum(labels) if found.name.schema == schema || schema == "*" => {
                    Some(Value::dict([
                        (Value::str("name"), Value::str(found.name.name.as_str())),
                        (Value::str("schema"), Value::str(found.name.schema.as_str())),
                        (Value::str("visible"), Value::Bool(true)),
                        (
                            Value::str("labels"),
                            Value::list(
                                labels.iter().map(|label| Value::str(label.as_str())).collect(),
                            ),
                        ),
                    ]))
                }
                _ => None,
            });
            Value::list(enums.collect())
        }
        "get_columns"
        | "get_indexes"
        | "get_foreign_keys"
        | "get_unique_constraints"
        | "get_pk_constraint"
        | "get_primary_keys"
        | "get_check_constraints"
        | "get_table_comment"
        | "has_index" => {
            let Some(name) = text(0, "table_name").or_else(|| args.list.first()?.value.as_str())
            else {
                return Ok(Some(Value::unknown("the table that is asked for", origin)));
            };
            let schema_at = if method == "has_index" { 2 } else { 1 };
            let key = QualifiedName::new(schema_of(schema_at), name);
            let Some(table) = catalog.tables.get(&key) else {
                if method == "has_index" {
                    return Ok(Some(Value::Bool(false)));
                }
                if let Some(view) = catalog.views.get(&key) {
                    let why = format!("the columns of the view {}", view.name.name);
                    return Ok(Some(Value::unknown(why, origin)));
                }
                return Err(missing(interp, name, origin));
            };
            if method == "has_index" {
                let index = text(1, "index_name").unwrap_or_default();
                let found = indexes(table).iter().any(|(found, ..)| *found == index);
                return Ok(Some(Value::Bool(found)));
            }
            of_table(catalog, table, method, origin)
        }
        "clear_cache" => Value::None,
        _ => Value::unknown(format!("what `{method}()` finds in the database"), origin),
    }))
}

fn missing(interp: &Interp<'_>, name: &str, origin: Origin) -> Stop {
    let list = vec![Arg { name: None, value: Value::str(name), origin }];
    let error = interp.name("sqlalchemy.exc.NoSuchTableError", origin);
    let call = SymbolKind::Call(error, Args { list, more: false });
    Stop::Raise(interp.symbol(call, origin))
}

fn strings<'a>(list: impl IntoIterator<Item = &'a String>) -> Value {
    Value::list(list.into_iter().map(|item| Value::str(item.as_str())).collect())
}

fn record<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::dict(entries.into_iter().map(|(name, value)| (Value::str(name), value)))
}

/// Name, columns, uniqueness, and whether a constraint brings it.
fn indexes(table: &Table) -> Vec<(&str, Vec<Value>, bool, bool)> {
    let mut list: Vec<(&str, Vec<Value>, bool, bool)> = Vec::new();
    for index in &table.indexes {
        let columns = index.keys.iter().map(|key| match &key.key {
            IndexKeyKind::Column(name) => Value::str(name.as_str()),
            IndexKeyKind::Expression(_) => Value::None,
        });
        list.push((&index.name, columns.collect(), index.unique, false));
    }
    for constraint in &table.constraints {
        if let ConstraintKind::Unique { columns, .. } = &constraint.kind {
            let columns = columns.iter().map(|name| Value::str(name.as_str()));
            list.push((&constraint.name, columns.collect(), true, true));
        }
    }
    list.sort_by_key(|(name, ..)| *name);
    list
}

fn of_table(catalog: &Catalog, table: &Table, method: &str, origin: Origin) -> Value {
    let text = |text: &str| Value::str(text);
    match method {
        "get_columns" => Value::list(
            table
                .columns
                .iter()
                .map(|column| {
                    record([
                        ("name", text(&column.name)),
                        ("type", column_type(catalog, &column.data_type, origin)),
                        ("nullable", Value::Bool(column.nullable)),
                        (
                            "default",
                            match &column.default {
                                Some(default) => text(&default.text),
                                None => Value::None,
                            },
                        ),
                        ("autoincrement", Value::Bool(column.identity.is_some())),
                        (
                            "comment",
                            column.comment.as_ref().map_or(Value::None, |it| text(&it.text)),
                        ),
                    ])
                })
                .collect(),
        ),
        "get_indexes" => Value::list(
            indexes(table)
                .into_iter()
                .map(|(name, columns, unique, of_constraint)| {
                    let mut entries = vec![
                        (text("name"), text(name)),
                        (text("unique"), Value::Bool(unique)),
                        (text("column_names"), Value::list(columns)),
                        (text("include_columns"), Value::list(Vec::new())),
                        (text("dialect_options"), Value::dict([])),
                    ];
                    if of_constraint {
                        entries.push((text("duplicates_constraint"), text(name)));
                    }
                    Value::dict(entries)
                })
                .collect(),
        ),
        "get_foreign_keys" => Value::list(
            table
                .foreign_keys()
                .map(|(constraint, key)| {
                    let schema = &key.references.schema;
                    let visible = catalog
                        .resolve(&ObjectName::bare(key.references.name.as_str()), |name| {
                            catalog.tables.contains_key(name)
                        })
                        .is_some_and(|name| name == key.references);
                    record([
                        ("name", text(&constraint.name)),
                        ("constrained_columns", strings(&key.columns)),
                        ("referred_schema", if visible { Value::None } else { text(schema) }),
                        ("referred_table", text(&key.references.name)),
                        ("referred_columns", strings(&key.referenced_columns)),
                        ("options", Value::dict([])),
                    ])
                })
                .collect(),
        ),
        "get_unique_constraints" => Value::list(
            table
                .constraints
                .iter()
                .filter_map(|constraint| match &constraint.kind {
                    ConstraintKind::Unique { columns, .. } => Some(record([
                        ("name", text(&constraint.name)),
                        ("column_names", strings(columns)),
                    ])),
                    _ => None,
                })
                .collect(),
        ),
        "get_check_constraints" => Value::list(
            table
                .constraints
                .iter()
                .filter_map(|constraint| match &constraint.kind {
                    ConstraintKind::Check { expression } => Some(record([
                        ("name", text(&constraint.name)),
                        ("sqltext", text(&expression.text)),
                    ])),
                    _ => None,
                })
                .collect(),
        ),
        "get_pk_constraint" | "get_primary_keys" => match table.primary_key() {
            Some((constraint, columns)) => record([
                ("constrained_columns", strings(columns)),
                ("name", text(&constraint.name)),
            ]),
            None => {
                record([("constrained_columns", Value::list(Vec::new())), ("name", Value::None)])
            }
        },
        _ => record([(
            "text",
            table.comment.as_ref().map_or(Value::None, |comment| text(&comment.text)),
        )]),
    }
}

/// The type of a column as SQLAlchemy reflects it, as far as programs look at it: its name, and the
/// length of a string.
fn column_type(catalog: &Catalog, found: &schemaward_catalog::DataType, origin: Origin) -> Value {
    if catalog.user_type(found).is_some() {
        return Value::unknown(format!("the type `{found}` as SQLAlchemy reflects it"), origin);
    }
    let name = match found.name.as_str() {
        "character varying" => "VARCHAR",
        "character" => "CHAR",
        "integer" => "INTEGER",
        "bigint" => "BIGINT",
        "smallint" => "SMALLINT",
        "text" => "TEXT",
        "boolean" => "BOOLEAN",
        "uuid" => "UUID",
        "jsonb" => "JSONB",
        "json" => "JSON",
        "date" => "DATE",
        "timestamp without time zone" | "timestamp with time zone" => "TIMESTAMP",
        "numeric" => "NUMERIC",
        "double precision" => "DOUBLE PRECISION",
        other => {
            return Value::unknown(format!("the type `{other}` as SQLAlchemy reflects it"), origin);
        }
    };
    if found.array || name == "TIMESTAMP" {
        return Value::unknown(format!("the type `{found}` as SQLAlchemy reflects it"), origin);
    }
    // What `str()` of it gives; attributes of it are not known.
    Value::str(match found.modifiers.is_empty() {
        true => name.to_owned(),
        false => format!("{name}({})", found.modifiers.join(", ")),
    })
}
