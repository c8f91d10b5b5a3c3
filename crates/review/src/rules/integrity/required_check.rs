//! # `required-check`
//!
//! ## What it checks
//!
//! A column whose values are listed is held to them: by an enum, a check, a domain, or a foreign key
//! to a table of values. Lists come from the standard (`[[require.values]]`) and, on text columns
//! named after a status, type, kind and their like, from the comment beside the column
//! (`-- 'INBOUND', 'OUTBOUND'`).
//!
//! ## Why
//!
//! A list that nothing enforces is a wish. The first typo becomes a state that no code handles.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE calls (
//!     id        uuid PRIMARY KEY,
//!     direction text NOT NULL -- 'INBOUND', 'OUTBOUND'
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE calls (
//!     id        uuid PRIMARY KEY,
//!     direction text NOT NULL CHECK (direction IN ('INBOUND', 'OUTBOUND'))
//! );
//! ```
//!
//! ## How to fix
//!
//! `ALTER TABLE … ADD CHECK (… IN (…)) NOT VALID`, repair the rows that break it, validate.
//!
//! ## Settings
//!
//! `[[require.values]]`: `table`, `column`, `values`, `because`.
//!
//! ## References
//!
//! PostgreSQL documentation, "Check Constraints".

use std::collections::BTreeSet;

use schemaward_catalog::{Column, Origin, Table};

use super::required_column::unless_blind;
use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::values::{Limit, documented, limit};
use crate::facts::words::{list, words};
use crate::standard::matches_pattern;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "required-check",
    category: Category::Integrity,
    severity: Severity::Warning,
    title: "Listed values not enforced",
    provenance: "schemaward",
    impact: "A typo becomes a state that no code handles.",
    references: &[],
    control: None,
    page: page!("required_check.rs"),
    check: Check::Table(check),
};

/// The last words of columns that hold one of a few values.
const LISTED: &[&str] = &[
    "category",
    "channel",
    "class",
    "code",
    "direction",
    "disposition",
    "frequency",
    "gender",
    "kind",
    "level",
    "method",
    "mode",
    "outcome",
    "phase",
    "priority",
    "reason",
    "role",
    "route",
    "scope",
    "severity",
    "sex",
    "source",
    "stage",
    "state",
    "status",
    "tier",
    "type",
    "visibility",
];

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    table.columns.iter().filter_map(|column| answer(context, table, column)).collect()
}

/// A column's list, where it is said, and who says so.
pub(crate) struct Listed {
    pub(crate) values: Vec<String>,
    origin: Option<Origin>,
    said: String,
}

/// The list of values that the standard or a comment gives a column.
pub(crate) fn listed(standard: &crate::Standard, table: &Table, column: &Column) -> Option<Listed> {
    let required = standard.require.values.iter().find(|required| {
        required.column == column.name && matches_pattern(&required.table, &table.name)
    });
    if let Some(required) = required {
        let why =
            required.because.as_deref().map_or(String::new(), |because| format!(": {because}"));
        let said = format!("the standard limits it to them{why}");
        return Some(Listed { values: required.values.clone(), origin: None, said });
    }
    let mut remarks = column.comment.iter().chain(&column.remarks).peekable();
    remarks.peek()?;
    let is_text = matches!(
        column.data_type.name.as_str(),
        "text" | "character varying" | "character" | "citext"
    );
    let named = words(&column.name).last().is_some_and(|word| LISTED.contains(&word.as_str()));
    if !is_text || column.data_type.array || !named {
        return None;
    }
    let (values, origin) =
        remarks.find_map(|remark| Some((documented(&remark.text)?, remark.origin)))?;
    let said = "its comment lists them".to_owned();
    Some(Listed { values, origin: Some(origin), said })
}

fn answer(context: &Context<'_>, table: &Table, column: &Column) -> Option<Answer> {
    let found = listed(context.standard, table, column)?;
    let wanted: BTreeSet<&str> = found.values.iter().map(String::as_str).collect();
    let shown: Vec<String> = found.values.iter().map(|value| format!("`{value}`")).collect();
    let subject = format!("{}.{}", table.name, column.name);
    let unmet = |message: String, origin: Origin| {
        let mut answer = Answer::unmet(table, message).at(origin);
        if let Some(said) = found.origin {
            answer = answer.at(said);
        }
        unless_blind(context, table, answer).column(&column.name)
    };
    Some(match limit(context.catalog, table, column) {
        Limit::Values(values, origin) => {
            let more: Vec<String> = values
                .iter()
                .filter(|value| !wanted.contains(value.as_str()))
                .map(|value| format!("`{value}`"))
                .collect();
            if more.is_empty() {
                let message = format!("`{}` is held to its values", column.name);
                return Some(Answer::met(table, message).column(&column.name).at(origin));
            }
            let message = format!(
                "`{subject}` also accepts {}, which are not among its values ({}).",
                list(&more, "and"),
                found.said
            );
            unmet(message, origin)
        }
        Limit::Lookup(origin) => {
            let message = format!("`{}` is held to a table of values", column.name);
            Answer::met(table, message).column(&column.name).at(origin)
        }
        Limit::Unclear(origin) => {
            // A comment is no mandate: a check that does something else may be what was meant.
            if found.origin.is_some() {
                return None;
            }
            let message = format!(
                "Whether `{subject}` is held to {}: what limits it is no list of values; write it as \
                 `{} IN (…)`.",
                list(&shown, "and"),
                column.name
            );
            Answer::undecided(table, message).column(&column.name).at(origin)
        }
        Limit::None => {
            let message = format!(
                "Nothing holds `{subject}` to {}, though {}; add a check.",
                list(&shown, "and"),
                found.said
            );
            unmet(message, column.origin)
        }
    })
}
