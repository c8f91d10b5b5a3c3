//! # `audit-log-missing`
//!
//! ## What it checks
//!
//! Where tables exist whose changes must be recorded, there is an audit log: the standard's audit
//! table, or a table classified as one.
//!
//! ## Why
//!
//! Audit triggers need somewhere to write; without a log in the database there is no record that the
//! application cannot forget.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text NOT NULL);
//! ```
//!
//! ```sql passes
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text NOT NULL);
//! CREATE TABLE audit_logs (
//!     id          uuid PRIMARY KEY,
//!     action      text NOT NULL,
//!     resource_id uuid,
//!     created_at  timestamptz NOT NULL
//! );
//! ```
//!
//! ## How to fix
//!
//! Create the log and the function that writes it, then attach the triggers.
//!
//! ## Settings
//!
//! `[audit] table`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(b) audit controls.

use super::{Answer, AnswerKind, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::audit::kept_by_library;
use crate::{Category, Class, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-log-missing",
    category: Category::Audit,
    severity: Severity::Critical,
    title: "No audit log",
    provenance: "reference review",
    impact: "Nothing in the database records who changed what.",
    references: &["Supports 45 CFR 164.312(b) audit controls"],
    control: None,
    page: page!("audit_log_missing.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let mandate = &context.standard.audit;
    let mut mandated =
        context.tables().filter(|table| context.mandated(&table.name, &mandate.classes));
    let Some(first) = mandated.next() else { return Vec::new() };
    let count = mandated.count() + 1;
    if context.classes.values().any(|found| found.class == Class::Audit) || kept_by_library(context)
    {
        return Vec::new();
    }
    let tables = if count == 1 { "table has".to_owned() } else { format!("{count} tables have") };
    let message = format!(
        "There is no audit log: `{}` does not exist, though {tables} changes that must be recorded.",
        mandate.table
    );
    let mut answer = Answer::unmet_subject(&mandate.table, message);
    if let Some(blind) = context.blind(|touches| touches.columns) {
        answer.kind = AnswerKind::Undecided;
        answer.message = format!(
            "{} A statement that may create it was not read ({}).",
            answer.message, blind.reason
        );
        return vec![answer.at(blind.origin)];
    }
    vec![answer.at(first.name_origin)]
}
