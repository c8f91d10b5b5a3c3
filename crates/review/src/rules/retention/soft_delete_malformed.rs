//! # `soft-delete-malformed`
//!
//! ## What it checks
//!
//! Where a table has the standard's soft-delete column, it is a nullable `timestamptz` without a
//! default.
//!
//! ## Why
//!
//! A `NOT NULL` column or one with a default makes every row deleted from the start; a boolean or a
//! `timestamp` without time zone loses when it happened.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE lab_results (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     deleted_at timestamptz NOT NULL DEFAULT now()
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE lab_results (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     deleted_at timestamptz
//! );
//! ```
//!
//! ## How to fix
//!
//! Drop the constraint or the default, or change the type with a `USING` clause.
//!
//! ## Settings
//!
//! `[soft_delete] column`, `[timestamps] type`.
//!
//! ## References
//!
//! None.

use schemaward_catalog::Table;
use sqlparser::ast::{Expr, Value};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::expression::bare;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "soft-delete-malformed",
    category: Category::Retention,
    severity: Severity::Warning,
    title: "Soft-delete column of another shape",
    provenance: "schemaward",
    impact: "Rows count as deleted that are not, or the time of deletion is not reliable.",
    references: &[],
    control: Some(Control::SoftDelete),
    page: page!("soft_delete_malformed.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let Some(column) = table.column(&context.standard.soft_delete.column) else {
        return Vec::new();
    };
    let mandated = &context.standard.timestamps.data_type;
    let mut faults = Vec::new();
    if column.data_type.name != mandated.name || column.data_type.array {
        faults.push(format!("is of type `{}` instead of `{mandated}`", column.data_type));
    }
    if !column.nullable {
        faults.push("is `NOT NULL`".to_owned());
    }
    let default = column.default.as_ref().filter(|default| {
        !matches!(
            default.ast.as_deref().map(bare),
            Some(Expr::Value(value)) if value.value == Value::Null
        )
    });
    if let Some(default) = default {
        faults.push(format!("has the default `{}`", default.text));
    }
    if faults.is_empty() {
        return Vec::new();
    }
    let message =
        format!("The soft delete `{}.{}` {}.", table.name, column.name, faults.join(" and "));
    vec![Answer::unmet(table, message).column(&column.name).at(column.origin)]
}
