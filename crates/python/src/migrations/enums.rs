//! `op.sync_enum_values()` of `alembic-postgresql-enum`, a plugin that Alembic's autogeneration writes
//! calls of: the enumeration is made anew with the values it is to have, and what holds it is moved
//! over.

use std::fmt::Write as _;

use schemaward_catalog::{
    ObjectName, Origin, QualifiedName, Touches, UserTypeKind, quote_identifier, quote_literal,
};

use super::host::Migration;
use crate::interpret::{Args, Value};
use crate::text::Text;

/// A column that holds the enumeration.
struct Holder {
    table: ObjectName,
    column: String,
    /// Whether it holds an array of it.
    array: bool,
}

impl Migration<'_> {
    /// `op.sync_enum_values(enum_schema, enum_name, new_values, affected_columns,
    /// enum_values_to_rename=…)`.
    pub(super) fn sync_enum_values(&mut self, args: &Args, origin: Origin) {
        match self.enum_statements(args) {
            Ok(statements) => {
                for statement in statements {
                    let mut text = Text::default();
                    text.push_from(&statement, origin);
                    self.run(&text, origin, false);
                }
            }
            Err(what) => {
                let touches = Touches { columns: true, indexes: true, ..Touches::default() };
                let message = format!("op.sync_enum_values(): {what} is not known");
                self.undecided(message, touches, None, origin);
            }
        }
    }

    /// What the plugin runs: the type is set aside, made anew, and every column goes from the one to
    /// the other by its text, its default with it. (The operators by which the plugin compares both
    /// meanwhile are gone in the end.)
    fn enum_statements(&self, args: &Args) -> Result<Vec<String>, &'static str> {
        let schema =
            args.value(0, "enum_schema").or_else(|| args.named("schema").map(|it| &it.value));
        let schema = schema.and_then(Value::as_str).ok_or("the schema")?;
        let name = args.value(1, "enum_name").and_then(Value::as_str).ok_or("the enumeration")?;
        let values = args.value(2, "new_values").and_then(items).ok_or("what values it gets")?;
        let values: Option<Vec<String>> =
            values.iter().map(|value| value.as_str().map(quote_literal)).collect();
        let values = values.ok_or("what values it gets")?;
        let holders = args.value(3, "affected_columns").and_then(items).ok_or("what holds it")?;
        let holders: Option<Vec<Holder>> = holders.iter().map(|it| holder(it, schema)).collect();
        let holders = holders.ok_or("what holds it")?;
        let renamed = match args.value(4, "enum_values_to_rename") {
            Some(list) => items(list).ok_or("what values are renamed")?,
            None => Vec::new(),
        };
        let full = |name: &str| format!("{}.{}", quote_identifier(schema), quote_identifier(name));
        let kind = full(name);
        let mut found = Vec::new();
        let mut renames = Vec::new();
        for pair in &renamed {
            let [Some(from), Some(to)] = [0, 1].map(|at| value_at(pair, at)) else {
                return Err("what values are renamed");
            };
            let (Some(from), Some(to)) = (from.as_str(), to.as_str()) else {
                return Err("what values are renamed");
            };
            renames.push((quote_literal(from), quote_literal(to)));
        }
        let aside = format!("{name}_old");
        found.push(format!("ALTER TYPE {kind} RENAME TO {}", quote_identifier(&aside)));
        found.push(format!("CREATE TYPE {kind} AS ENUM ({})", values.join(", ")));
        for Holder { table, column, array } in &holders {
            let default = self.played.catalog.table(table).and_then(|table| table.column(column));
            let default = default.and_then(|column| column.default.as_ref()).map(|default| {
                renames.iter().fold(default.text.clone(), |text, (from, to)| text.replace(from, to))
            });
            let mut place = String::new();
            if let Some(schema) = &table.schema {
                let _ = write!(place, "{}.", quote_identifier(schema));
            }
            let _ = write!(place, "{}", quote_identifier(&table.name));
            let column = quote_identifier(column);
            let brackets = if *array { "[]" } else { "" };
            let alter = format!("ALTER TABLE {place} ALTER COLUMN {column}");
            if default.is_some() {
                found.push(format!("{alter} DROP DEFAULT"));
            }
            found.push(format!(
                "{alter} TYPE {kind}{brackets} USING {column}::text{brackets}::{kind}{brackets}"
            ));
            if let Some(default) = default {
                found.push(format!("{alter} SET DEFAULT {default}"));
            }
        }
        found.push(format!("DROP TYPE {}", full(&aside)));
        let known = QualifiedName::new(schema, name);
        let known = self.played.catalog.types.get(&known);
        match known.map(|known| &known.kind) {
            Some(UserTypeKind::Enum(_)) => Ok(found),
            _ => Err("the enumeration"),
        }
    }
}

/// The parts of a list or a tuple.
fn items(value: &Value) -> Option<Vec<Value>> {
    match value {
        Value::List(list) => Some(list.borrow().to_vec()),
        Value::Tuple(parts) => Some(parts.to_vec()),
        _ => None,
    }
}

fn value_at(value: &Value, at: usize) -> Option<Value> {
    items(value)?.into_iter().nth(at)
}

/// `ColumnType.ARRAY`.
fn is_array(kind: &Value) -> bool {
    kind.path().is_some_and(|path| path.ends_with("ARRAY"))
}

/// `(table, column)`, which are in the schema of the enumeration, or `TableReference(table_name, column_name, …)`.
fn holder(value: &Value, schema: &str) -> Option<Holder> {
    if let Some(parts) = items(value) {
        let mut parts = parts.iter().map(Value::as_str);
        let (table, column) = (parts.next()??, parts.next()??);
        let table = ObjectName { schema: Some(schema.to_owned()), name: table.to_owned() };
        let array = value_at(value, 2).is_some_and(|kind| is_array(&kind));
        return Some(Holder { table, column: column.to_owned(), array });
    }
    let (callee, args) = value.call()?;
    if callee.last_name() != Some("TableReference") {
        return None;
    }
    let text = |at: usize, name: &str| args.value(at, name).and_then(Value::as_str);
    let array = args.value(3, "column_type").is_some_and(is_array);
    Some(Holder {
        table: ObjectName {
            // One that was not told, by revisions of older versions, is that of the enumeration.
            schema: match args.value(2, "table_schema") {
                None => Some(schema.to_owned()),
                Some(Value::None) => None,
                Some(value) => Some(value.as_str()?.to_owned()),
            },
            name: text(0, "table_name")?.to_owned(),
        },
        column: text(1, "column_name")?.to_owned(),
        array,
    })
}
