//! # `soft-delete-nonstandard`
//!
//! ## What it checks
//!
//! A table that must keep its rows uses the standard's soft-delete column and not another idiom:
//! `removed_at`, `is_deleted`, `archived_at`, `discarded_at`, `voided`, `revoked_at` and their like.
//!
//! ## Why
//!
//! Whatever filters deleted rows (a mixin, a policy, a view, an export) knows one column. Rows
//! "removed" by another one stay visible there.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE care_team_assignments (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     removed_at timestamptz
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE care_team_assignments (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     removed_at timestamptz,
//!     deleted_at timestamptz
//! );
//! ```
//!
//! ## How to fix
//!
//! Rename the column where it means the same; where it records an event of the domain (a member left
//! the team), keep it and add the standard's column beside it.
//!
//! ## Settings
//!
//! `[soft_delete]`: `column`, `classes`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(c)(1) integrity.

use schemaward_catalog::{Column, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::words;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "soft-delete-nonstandard",
    category: Category::Retention,
    severity: Severity::Warning,
    title: "Soft delete by another column than the standard's",
    provenance: "reference review",
    impact: "Everything that hides deleted rows by the standard's column still shows these.",
    references: &["Supports 45 CFR 164.312(c)(1) integrity"],
    control: Some(Control::SoftDelete),
    page: page!("soft_delete_nonstandard.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandate = &context.standard.soft_delete;
    if !context.mandated(&table.name, &mandate.classes) {
        return Vec::new();
    }
    let Some(column) = stand_in(context, table) else { return Vec::new() };
    let message = format!(
        "`{}` uses the custom field `{}` instead of the standard soft delete `{}`.",
        table.name, column.name, mandate.column
    );
    vec![Answer::unmet(table, message).column(&column.name).at(column.origin)]
}

/// The column that stands in for the standard's soft delete, where the table lacks that one.
pub(crate) fn stand_in<'a>(context: &Context<'_>, table: &'a Table) -> Option<&'a Column> {
    if table.column(&context.standard.soft_delete.column).is_some() {
        return None;
    }
    let candidate = |strong: bool| {
        table.columns.iter().find(|column| {
            let Some(is_strong) = idiom(&column.name) else { return false };
            let fits = column.data_type.name.starts_with("timestamp")
                || matches!(
                    column.data_type.name.as_str(),
                    "boolean" | "date" | "smallint" | "integer"
                );
            is_strong == strong && fits
        })
    };
    // `deleted` says it outright; `archived_at` only where nothing says it better.
    candidate(true).or_else(|| candidate(false))
}

/// Whether a column's name is a way to say "deleted": `Some(true)` for one that can mean nothing
/// else.
fn idiom(name: &str) -> Option<bool> {
    let words = words(name);
    let core: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| {
            !matches!(*word, "is" | "at" | "on" | "date" | "time" | "timestamp" | "soft" | "flag")
        })
        .collect();
    match core.as_slice() {
        ["deleted" | "delete" | "removed" | "trashed"] => Some(true),
        [
            "archived" | "discarded" | "voided" | "void" | "revoked" | "expunged" | "purged"
            | "retired" | "inactivated" | "tombstoned",
        ] => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::idiom;

    #[test]
    fn knows_the_idioms() {
        for name in ["removed_at", "is_deleted", "deleted", "deletedAt", "soft_deleted_on"] {
            assert_eq!(idiom(name), Some(true), "{name}");
        }
        for name in ["archived_at", "discarded_at", "voided", "revoked_at", "is_archived"] {
            assert_eq!(idiom(name), Some(false), "{name}");
        }
        for name in
            ["deleted_by", "ended_at", "avoided", "removal_reason", "left_at", "delete_after"]
        {
            assert_eq!(idiom(name), None, "{name}");
        }
    }
}
