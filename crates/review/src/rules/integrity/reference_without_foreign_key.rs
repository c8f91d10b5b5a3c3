//! # `reference-without-foreign-key`
//!
//! ## What it checks
//!
//! A column `<name>_id` refers by a foreign key to the table it is named after, where that table's
//! primary key is one column of the same type. Left out are audit logs and copies (history, archive,
//! staging, event tables), whose rows outlive what they name, and polymorphic references, which have
//! `<name>_type` beside them.
//!
//! ## Why
//!
//! Without the key nothing keeps the row it names from being deleted, or from never having existed;
//! joins then lose rows silently.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE encounters (id uuid PRIMARY KEY);
//! CREATE TABLE tasks (id uuid PRIMARY KEY, encounter_id uuid, title text NOT NULL);
//! ```
//!
//! ```sql passes
//! CREATE TABLE encounters (id uuid PRIMARY KEY);
//! CREATE TABLE tasks (
//!     id           uuid PRIMARY KEY,
//!     encounter_id uuid REFERENCES encounters (id),
//!     title        text NOT NULL
//! );
//! ```
//!
//! ## How to fix
//!
//! Add the key `NOT VALID`, repair the rows that break it, then `VALIDATE CONSTRAINT`.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Foreign Keys".

use std::collections::BTreeMap;

use schemaward_catalog::{Column, Table};

use super::foreign_key_type_mismatch::comparable;
use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::words;
use crate::{Category, Class, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "reference-without-foreign-key",
    category: Category::Integrity,
    severity: Severity::Warning,
    title: "Reference without a foreign key",
    provenance: "schemaward",
    impact: "Rows can name a row that does not exist, or no longer does.",
    references: &[],
    control: None,
    page: page!("reference_without_foreign_key.rs"),
    check: Check::Schema(check),
};

/// Words of tables whose rows are copies or records of others, and outlive them.
const COPIES: &[&str] = &[
    "archive",
    "audit",
    "backup",
    "changelog",
    "deleted",
    "event",
    "history",
    "import",
    "log",
    "outbox",
    "queue",
    "raw",
    "revision",
    "shadow",
    "snapshot",
    "stage",
    "staging",
    "temp",
    "tmp",
    "version",
];

fn check(context: &Context<'_>) -> Vec<Answer> {
    let mut by_words: BTreeMap<Vec<String>, Vec<&Table>> = BTreeMap::new();
    for table in context.tables() {
        by_words.entry(words(&table.name.name)).or_default().push(table);
    }
    let mut answers = Vec::new();
    for table in context.tables() {
        let is_copy = words(&table.name.name).iter().any(|word| COPIES.contains(&word.as_str()));
        if is_copy || context.class(&table.name) == Class::Audit {
            continue;
        }
        for column in &table.columns {
            let Some(target) = target(context, &by_words, table, column) else { continue };
            let message = format!(
                "`{}.{}` names a row of `{}` and no foreign key holds it to that.",
                table.name, column.name, target.name
            );
            answers.push(match context.blind_on(table, |touches| touches.columns) {
                None => Answer::unmet(table, message).column(&column.name).at(column.origin),
                Some(blind) => {
                    let message = format!(
                        "{message} A statement that may add one was not read ({}).",
                        blind.reason
                    );
                    Answer::undecided(table, message).column(&column.name).at(blind.origin)
                }
            });
        }
    }
    answers
}

/// The table that a column without a foreign key names.
pub(crate) fn target<'a>(
    context: &Context<'a>,
    by_words: &BTreeMap<Vec<String>, Vec<&'a Table>>,
    table: &Table,
    column: &Column,
) -> Option<&'a Table> {
    // What names no identifier is told by its end, before it is taken apart.
    let end = column.name.trim_end_matches(|c: char| !c.is_alphabetic());
    let names_id = ["id", "ids"].iter().any(|word| {
        let at = end.len().checked_sub(word.len());
        at.and_then(|at| end.get(at..)).is_some_and(|last| last.eq_ignore_ascii_case(word))
    });
    if !names_id
        || column.generated.is_some()
        || table.foreign_keys().any(|(_, key)| key.columns.contains(&column.name))
    {
        return None;
    }
    let mut named = words(&column.name);
    if named.pop().as_deref() != Some("id") || named.is_empty() {
        return None;
    }
    let polymorphic = table.columns.iter().any(|other| {
        let mut words = words(&other.name);
        matches!(words.pop().as_deref(), Some("type" | "kind" | "table")) && words == named
    });
    if polymorphic {
        return None;
    }
    let candidates = by_words.get(&named)?;
    let fits = |candidate: &&&Table| {
        let Some((_, [key])) = candidate.primary_key() else { return false };
        candidate.name != table.name
            && candidate.column(key).is_some_and(|key| {
                comparable(context.catalog, &key.data_type)
                    == comparable(context.catalog, &column.data_type)
            })
    };
    let here = candidates.iter().filter(|other| other.name.schema == table.name.schema).find(fits);
    // In other schemas only a name that means one table means any.
    here.or_else(|| candidates.iter().find(fits).filter(|_| candidates.len() == 1)).copied()
}
