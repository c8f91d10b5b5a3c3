//! # `constraint-not-validated`
//!
//! ## What it checks
//!
//! No constraint is left `NOT VALID` in the final state.
//!
//! ## Why
//!
//! `NOT VALID` holds for new rows only. What was there before may break the rule that every reader
//! of the schema relies on, and the planner may not use it.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE lab_results (id uuid PRIMARY KEY, value numeric);
//! ALTER TABLE lab_results ADD CONSTRAINT lab_results_positive CHECK (value >= 0) NOT VALID;
//! ```
//!
//! ```sql passes
//! CREATE TABLE lab_results (id uuid PRIMARY KEY, value numeric);
//! ALTER TABLE lab_results ADD CONSTRAINT lab_results_positive CHECK (value >= 0) NOT VALID;
//! ALTER TABLE lab_results VALIDATE CONSTRAINT lab_results_positive;
//! ```
//!
//! ## How to fix
//!
//! `ALTER TABLE … VALIDATE CONSTRAINT …`, which takes no lock that stops writers.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, `ALTER TABLE`.

use schemaward_catalog::{ConstraintKind, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "constraint-not-validated",
    category: Category::Integrity,
    severity: Severity::Warning,
    title: "Constraint never validated",
    provenance: "schemaward",
    impact: "Rows from before the constraint may break what every reader of the schema relies on.",
    references: &["Supports 45 CFR 164.312(c)(1) integrity"],
    control: None,
    page: page!("constraint_not_validated.rs"),
    check: Check::Table(check),
};

fn check(_: &Context<'_>, table: &Table) -> Vec<Answer> {
    table
        .constraints
        .iter()
        // A constraint that is not enforced at all cannot be validated either.
        .filter(|constraint| constraint.not_valid && !constraint.not_enforced)
        .map(|constraint| {
            let kind = match &constraint.kind {
                ConstraintKind::ForeignKey(_) => "foreign key",
                ConstraintKind::Check { .. } => "check",
                _ => "constraint",
            };
            let message = format!(
                "The {kind} `{}` of `{}` is `NOT VALID`: rows from before it are not checked. \
                 Validate it.",
                constraint.name, table.name
            );
            Answer::unmet(table, message).detail(&constraint.name).at(constraint.origin)
        })
        .collect()
}
