//! What a server looks up before it takes a constraint or a policy, told in its own words.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{Expr, visit_expressions};

use super::Applying;
use crate::lower::fold;
use crate::object::{ConstraintKind, Expression, ForeignKey, IndexKeyKind, Table};
use crate::{Catalog, DataType};

/// Names that stand for no column of the table: system columns, and functions called without
/// parentheses.
const NO_COLUMNS: &[&str] = &[
    "cmax",
    "cmin",
    "ctid",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "localtime",
    "localtimestamp",
    "session_user",
    "system_user",
    "tableoid",
    "user",
    "value",
    "xmax",
    "xmin",
];

impl Applying<'_> {
    /// Tells of a column that an expression on a table names and the table does not have.
    pub(super) fn verify_columns(&mut self, table: &Table, expression: &Expression) {
        // The columns of a table that inherits from one we do not know are not all known.
        let known = table.inherits.iter().all(|parent| self.catalog.tables.contains_key(parent));
        if known && let Some(message) = unknown_column(table, expression) {
            self.reject(message);
        }
    }

    /// Tells why the server would not take a foreign key, when it would not.
    pub(super) fn verify_reference(&mut self, table: &Table, key: &ForeignKey, name: &str) {
        let target = if key.references == table.name {
            Some(table)
        } else {
            self.catalog.tables.get(&key.references)
        };
        let Some(target) = target else { return };
        if let Some(message) = misfit(self.catalog, table, target, key, name) {
            self.reject(message);
        }
    }
}

fn unknown_column(table: &Table, expression: &Expression) -> Option<String> {
    let ast = expression.ast.as_deref()?;
    let mut nested = false;
    let mut found = None;
    let _ = visit_expressions(ast, |expr| {
        match expr {
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => nested = true,
            Expr::Identifier(ident) => {
                let name = fold(ident);
                let known = table.column(&name).is_some()
                    || name == table.name.name
                    || (ident.quote_style.is_none() && NO_COLUMNS.contains(&name.as_str()));
                if !known && found.is_none() {
                    found = Some(format!("column \"{name}\" does not exist"));
                }
            }
            Expr::CompoundIdentifier(parts) => {
                if let [owner, name] = parts.as_slice() {
                    let (owner, name) = (fold(owner), fold(name));
                    let missing = owner == table.name.name && table.column(&name).is_none();
                    let system = NO_COLUMNS.contains(&name.as_str());
                    if missing && !system && found.is_none() {
                        found = Some(format!("column {owner}.{name} does not exist"));
                    }
                }
            }
            _ => {}
        }
        ControlFlow::<()>::Continue(())
    });
    // Inside of a sub-query a name may be another relation's.
    found.filter(|_| !nested)
}

fn misfit(
    catalog: &Catalog,
    table: &Table,
    target: &Table,
    key: &ForeignKey,
    name: &str,
) -> Option<String> {
    let referenced = &target.name.name;
    if key.referenced_columns.is_empty() {
        return Some(format!("there is no primary key for referenced table \"{referenced}\""));
    }
    if key.columns.len() != key.referenced_columns.len() {
        let message = "number of referencing and referenced columns for foreign key disagree";
        return Some(message.to_owned());
    }
    let (mine, theirs) = (&key.columns, &key.referenced_columns);
    let missing = mine.iter().any(|column| table.column(column).is_none())
        || theirs.iter().any(|column| target.column(column).is_none());
    if missing {
        return None;
    }
    if !is_unique(target, theirs) {
        return Some(format!(
            "there is no unique constraint matching given keys for referenced table \"{referenced}\""
        ));
    }
    let differ = mine.iter().zip(theirs).any(|(mine, theirs)| {
        let kind = |table: &Table, column: &str| {
            table.column(column).and_then(|found| comparable(catalog, &found.data_type))
        };
        let (mine, theirs) = (kind(table, mine), kind(target, theirs));
        mine.is_some() && theirs.is_some() && mine != theirs
    });
    differ.then(|| format!("foreign key constraint \"{name}\" cannot be implemented"))
}

fn is_unique(table: &Table, columns: &[String]) -> bool {
    let wanted: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    let by_constraint = table.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            columns.iter().map(String::as_str).collect::<BTreeSet<_>>() == wanted
        }
        _ => false,
    });
    by_constraint
        || table.indexes.iter().any(|index| {
            let keys: Option<BTreeSet<&str>> = index
                .keys
                .iter()
                .map(|key| match &key.key {
                    IndexKeyKind::Column(name) => Some(name.as_str()),
                    IndexKeyKind::Expression(_) => None,
                })
                .collect();
            index.unique && index.predicate.is_none() && keys.as_ref() == Some(&wanted)
        })
}

/// A group of types whose members have an equality operator between them; none for types whose
/// operators are not known here.
fn comparable(catalog: &Catalog, data_type: &DataType) -> Option<&'static str> {
    if data_type.array || catalog.user_type(data_type).is_some() {
        return None;
    }
    match data_type.name.as_str() {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => {
            Some("number")
        }
        "text" | "character varying" | "character" | "bpchar" | "name" => Some("text"),
        "uuid" => Some("uuid"),
        "boolean" => Some("boolean"),
        "bytea" => Some("bytea"),
        "date" | "timestamp without time zone" | "timestamp with time zone" => Some("time"),
        _ => None,
    }
}
