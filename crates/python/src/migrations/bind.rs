//! The connection: what it executes, what it answers, and what results give.

use std::cell::RefCell;
use std::rc::Rc;

use schemaward_catalog::Origin;
use schemaward_sql::{AnswerRow, Cell};

use super::execute::result;
use super::host::{BIND, CONTEXT, Migration, RESULT};
use super::inspect;
use crate::interpret::{Args, Attributes, Class, Eval, Instance, Interp, Scope, ScopeKind, Value};

/// What an attribute of the connection and its kin is.
pub(super) fn attribute(interp: &mut Interp<'_>, value: &Value, name: &str) -> Option<Value> {
    let origin = value.symbol()?.origin;
    if let Some((callee, _)) = value.call() {
        if callee.path() == Some(RESULT) {
            return match name {
                "rowcount" | "lastrowid" => Some(Value::unknown(format!("`{name}`"), origin)),
                "returns_rows" => Some(Value::Bool(true)),
                _ => None,
            };
        }
        return None;
    }
    match (value.path()?, name) {
        // The latter is what a decorator of types is asked for a dialect with.
        ("<bind>.dialect" | "sqlalchemy.dialect", "name") => Some(Value::str("postgresql")),
        ("<bind>.dialect", "driver") => Some(Value::str("psycopg")),
        ("<bind>.dialect", "server_version_info") => {
            Some(Value::tuple(vec![Value::Int(18), Value::Int(0)]))
        }
        ("<bind>.dialect", "default_schema_name") => Some(Value::str("public")),
        (BIND, "engine" | "connection" | "bind") | (CONTEXT, "bind" | "connection") => {
            Some(interp.name(BIND, origin))
        }
        (CONTEXT, "dialect") => Some(interp.name("<bind>.dialect", origin)),
        (CONTEXT, "as_sql") | (BIND, "closed") => Some(Value::Bool(false)),
        ("alembic.op", "context" | "migration_context") => Some(interp.name(CONTEXT, origin)),
        _ => None,
    }
}

impl Migration<'_> {
    /// Whether statements are counted: those of an upgrade that is certainly run.
    pub(super) fn counts(&self) -> bool {
        !self.is_undoing() && !self.is_looking()
    }

    /// A method of the connection, or of its dialect.
    pub(super) fn bind_call(
        &mut self,
        interp: &mut Interp<'_>,
        name: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Option<Value>> {
        if let Some(name) = name.strip_prefix("dialect.") {
            // These take the connection first.
            let rest = Args { list: args.list.iter().skip(1).cloned().collect(), more: args.more };
            return inspect::call(self, interp, name, &rest, origin);
        }
        Ok(Some(match name {
            "execute" => self.execute(interp, args, false, origin)?,
            "exec_driver_sql" => self.execute(interp, args, true, origin)?,
            "scalar" | "scalars" => {
                let found = self.execute(interp, args, false, origin)?;
                method(interp, &found, name, args, origin).unwrap_or(found)
            }
            "begin" | "begin_nested" | "connect" | "connection" | "execution_options"
            | "get_bind" | "__call__" => interp.name(BIND, origin),
            "commit"
            | "flush"
            | "add"
            | "add_all"
            | "delete"
            | "merge"
            | "bulk_save_objects"
            | "bulk_insert_mappings"
            | "bulk_update_mappings" => {
                self.rows();
                Value::None
            }
            "rollback" | "close" | "detach" | "expire_all" | "refresh" | "invalidate" => {
                Value::None
            }
            "in_transaction" | "in_nested_transaction" => Value::Bool(true),
            "run_sync" => {
                let Some(function) = args.at(0).map(|arg| arg.value.clone()) else {
                    return Ok(None);
                };
                let mut rest = Args { list: args.list.clone(), more: args.more };
                if let Some(first) = rest.list.first_mut() {
                    first.value = interp.name(BIND, origin);
                }
                interp.call(self, &function, rest, origin)?
            }
            _ => Value::unknown("the rows of a query on tables", origin),
        }))
    }
}

/// What a method of a result gives.
pub(super) fn method(
    interp: &mut Interp<'_>,
    object: &Value,
    name: &str,
    args: &Args,
    origin: Origin,
) -> Option<Value> {
    let (callee, given) = object.call()?;
    if callee.path() != Some(RESULT) {
        return None;
    }
    let rows = match &given.at(0)?.value {
        Value::List(rows) => rows.borrow().to_vec(),
        _ => return None,
    };
    let first_cell = |row: &Value| match row {
        Value::Instance(instance) => match instance.attributes.borrow().get("_values_") {
            Some(Value::Tuple(cells)) => cells.first().cloned().unwrap_or(Value::None),
            _ => Value::None,
        },
        other => other.clone(),
    };
    Some(match name {
        "fetchall" | "all" | "fetchmany" | "partitions" => Value::list(rows),
        "fetchone" | "first" | "one_or_none" | "one" | "next" => {
            rows.into_iter().next().unwrap_or(Value::None)
        }
        "scalar" | "scalar_one" | "scalar_one_or_none" => {
            rows.first().map_or(Value::None, first_cell)
        }
        "scalars" => {
            let at = match args.at(0).map(|arg| &arg.value) {
                Some(Value::Int(at)) => usize::try_from(*at).unwrap_or(0),
                _ => 0,
            };
            let cell = |row: &Value| match row {
                Value::Instance(instance) => match instance.attributes.borrow().get("_values_") {
                    Some(Value::Tuple(cells)) => cells.get(at).cloned().unwrap_or(Value::None),
                    _ => Value::None,
                },
                other => other.clone(),
            };
            result(interp, rows.iter().map(cell).collect(), origin)
        }
        "mappings" => {
            let mapping = |row: &Value| match row {
                Value::Instance(instance) => {
                    instance.attributes.borrow().get("_mapping").cloned().unwrap_or(Value::None)
                }
                other => other.clone(),
            };
            result(interp, rows.iter().map(mapping).collect(), origin)
        }
        "keys" => match rows.first() {
            Some(Value::Instance(instance)) => match instance.attributes.borrow().get("_mapping") {
                Some(Value::Dict(dict)) => Value::list(dict.borrow().keys()),
                _ => Value::list(Vec::new()),
            },
            _ => Value::list(Vec::new()),
        },
        "unique" | "tuples" | "yield_per" | "freeze" | "columns" => result(interp, rows, origin),
        "close" => Value::None,
        _ => return None,
    })
}

/// One row: a tuple whose items have names.
pub(super) fn row(interp: &Interp<'_>, row: &AnswerRow, origin: Origin) -> Value {
    let values: Vec<Value> = row.iter().map(|(_, cell)| cell_value(cell, origin)).collect();
    let names = row.iter().map(|(name, _)| Value::str(name.as_str()));
    let mapping = Value::dict(names.zip(values.iter().cloned()));
    let class = Rc::new(Class {
        name: "Row".to_owned(),
        module: "sqlalchemy".to_owned(),
        serial: interp.serial(),
        bases: Vec::new(),
        ancestors: Vec::new(),
        external: vec![interp.name("typing.NamedTuple", origin)],
        keywords: Args::default(),
        decorators: Vec::new(),
        attributes: RefCell::new(Attributes::default()),
        annotations: RefCell::default(),
        scope: Scope::new(ScopeKind::Class, None),
        docstring: None,
        origin,
        name_origin: origin,
    });
    let instance = Instance {
        class,
        attributes: RefCell::default(),
        args: Args::default(),
        origin,
        serial: interp.serial(),
    };
    {
        let mut attributes = instance.attributes.borrow_mut();
        for ((name, _), value) in row.iter().zip(&values) {
            attributes.insert(name.clone(), value.clone());
        }
        attributes.insert("_mapping".to_owned(), mapping);
        attributes.insert("_values_".to_owned(), Value::tuple(values));
    }
    Value::Instance(Rc::new(instance))
}

fn cell_value(cell: &Cell, origin: Origin) -> Value {
    match cell {
        Cell::Null => Value::None,
        Cell::Bool(value) => Value::Bool(*value),
        Cell::Int(value) => Value::Int(*value),
        Cell::Text(text) => Value::str(text.as_str()),
        Cell::Array(cells) => {
            Value::list(cells.iter().map(|cell| cell_value(cell, origin)).collect())
        }
        Cell::Unknown(why) => Value::unknown(why.as_str(), origin),
    }
}
