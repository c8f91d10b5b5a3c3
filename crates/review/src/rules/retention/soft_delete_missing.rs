//! # `soft-delete-missing`
//!
//! ## What it checks
//!
//! Every table of a class whose rows must be kept (clinical, unless the standard says otherwise) has
//! the soft-delete column. A table with another idiom in its place is reported by
//! `soft-delete-nonstandard` instead.
//!
//! ## Why
//!
//! Without it the only way to remove a row is `DELETE`, which destroys the record and leaves what
//! refers to it without a subject. Retention duties end years after a record is no longer shown.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE appointments (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     starts_at  timestamptz NOT NULL
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE appointments (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     starts_at  timestamptz NOT NULL,
//!     deleted_at timestamptz
//! );
//! ```
//!
//! ## How to fix
//!
//! Add the nullable column (`SoftDeleteMixin` in the models), let deletions set it, and let policies
//! or views hide the rows that have it.
//!
//! ## Settings
//!
//! `[soft_delete]`: `column`, `classes`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(c)(1) integrity.

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::rules::soft_delete_nonstandard::stand_in;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "soft-delete-missing",
    category: Category::Retention,
    severity: Severity::Critical,
    title: "Soft delete missing",
    provenance: "reference review",
    impact: "Accidental hard deletes result in permanent loss of PHI and in gaps of the audit \
             trail.",
    references: &["Supports 45 CFR 164.312(c)(1) integrity"],
    control: Some(Control::SoftDelete),
    page: page!("soft_delete_missing.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandate = &context.standard.soft_delete;
    if !context.mandated(&table.name, &mandate.classes) {
        return Vec::new();
    }
    let name = mandate.column.as_str();
    if let Some(column) = table.column(name) {
        return vec![Answer::met(table, format!("has `{name}`")).at(column.origin)];
    }
    if stand_in(context, table).is_some() {
        return Vec::new();
    }
    if let Some(blind) = context.blind_on(table, |touches| touches.columns) {
        let message = format!(
            "No `{name}` was read on `{}`, but a statement that may add it was not read ({}).",
            table.name, blind.reason
        );
        return vec![Answer::undecided(table, message).at(blind.origin)];
    }
    let class = context.class(&table.name).word();
    let message = format!(
        "`{}` holds {class} rows and has no soft delete: `{name}` is missing, so rows can only be \
         destroyed.",
        table.name
    );
    vec![Answer::unmet(table, message).at(table.name_origin)]
}
