//! The system catalogs' answers to queries, for programs that ask before they change anything.

use schemaward_catalog::{Catalog, Origin};

use super::value::Value;
use super::{Machine, machine};
use crate::parse_query;

/// One row: its columns in order.
pub type AnswerRow = Vec<(String, Cell)>;

/// A value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Anything that a program reads as text.
    Text(String),
    /// An array.
    Array(Vec<Cell>),
    /// Not derivable: what it depends on.
    Unknown(String),
}

/// What a server would answer to a query over constants and the system catalogs, in this state of the
/// schema.
///
/// # Errors
/// What the answer depends on, when it is not known: the rows of a table, a function, a setting.
pub fn answer(catalog: &mut Catalog, query: &str) -> Result<Vec<AnswerRow>, String> {
    let parsed = parse_query(query.trim().trim_end_matches(';'));
    let Some(parsed) = parsed else { return Err("a query that is not followed".to_owned()) };
    let mut machine = machine(catalog, Origin::default());
    let found = machine.query(&parsed, None)?;
    if let Some(why) = found.open {
        return Err(why);
    }
    let rows = found
        .rows
        .into_iter()
        .map(|row| row.into_iter().map(|(name, value)| (name, machine.cell(value, 0))).collect());
    Ok(rows.collect())
}

impl Machine<'_> {
    fn cell(&self, value: Value, depth: usize) -> Cell {
        match value {
            Value::Null => Cell::Null,
            Value::Bool(value) => Cell::Bool(value),
            Value::Int(value) => Cell::Int(value),
            Value::Text(text) => Cell::Text(text),
            Value::Array(values) if depth < 8 => {
                Cell::Array(values.into_iter().map(|value| self.cell(value, depth + 1)).collect())
            }
            Value::Unknown(why) => Cell::Unknown(why),
            other => match other.display(self.catalog) {
                Ok(Some(text)) => Cell::Text(text),
                Ok(None) => Cell::Null,
                Err(why) => Cell::Unknown(why),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, expect: &str) {
        let mut catalog = crate::catalog_of(
            "CREATE TYPE mood AS ENUM ('good');
             CREATE TABLE patients (id uuid PRIMARY KEY, name text NOT NULL);
             CREATE INDEX ix ON patients (name);",
        );
        let found = match answer(&mut catalog, query) {
            Ok(rows) => format!(
                "{:?}",
                rows.iter()
                    .map(|row| { row.iter().map(|(_, cell)| cell).collect::<Vec<_>>() })
                    .collect::<Vec<_>>()
            ),
            Err(why) => why,
        };
        assert_eq!(found, expect, "{query}");
    }

    #[test]
    fn catalog_queries_are_answered() {
        check(
            "SELECT 1 FROM information_schema.columns WHERE table_name = 'patients' AND column_name = 'name'",
            "[[Int(1)]]",
        );
        check("SELECT 1 FROM pg_indexes WHERE indexname = 'none'", "[]");
        check(
            "SELECT EXISTS (SELECT FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'patients')",
            "[[Bool(true)]]",
        );
        check("SELECT to_regclass('public.patients');", "[[Text(\"patients\")]]");
        check("SELECT to_regclass('nothing')", "[[Null]]");
        check("SELECT count(*) FROM patients", "the rows of `patients`");
        check("no query", "a query that is not followed");
    }
}
