//! # `hard-delete-granted`
//!
//! ## What it checks
//!
//! No role but the owner holds `DELETE` or `TRUNCATE` on a table whose rows must be kept, unless
//! something stops the command: no policy lets the role delete, a trigger raises or drops the deletion,
//! a rule does something instead.
//!
//! ## Why
//!
//! Soft delete is a convention of the application until the database takes the right to break it away.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_app;
//! CREATE TABLE documents (id uuid PRIMARY KEY, patient_id uuid NOT NULL, deleted_at timestamptz);
//! GRANT SELECT, INSERT, UPDATE, DELETE ON documents TO clinic_app;
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_app;
//! CREATE TABLE documents (id uuid PRIMARY KEY, patient_id uuid NOT NULL, deleted_at timestamptz);
//! GRANT SELECT, INSERT, UPDATE ON documents TO clinic_app;
//! ```
//!
//! ## How to fix
//!
//! `REVOKE DELETE, TRUNCATE ON … FROM …`. What must be deleted for good is deleted by a role of its own.
//!
//! ## Settings
//!
//! `[soft_delete] classes`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(c)(1) integrity.

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::access::commands_of_others;
use crate::facts::policy::Command;
use crate::facts::words::list;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "hard-delete-granted",
    category: Category::Retention,
    severity: Severity::Warning,
    title: "Deletion of rows that must be kept is granted",
    provenance: "schemaward",
    impact: "A role can destroy what soft delete is meant to keep, by mistake or on purpose.",
    references: &["Supports 45 CFR 164.312(c)(1) integrity"],
    control: Some(Control::SoftDelete),
    page: page!("hard_delete_granted.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if !context.mandated(&table.name, &context.standard.soft_delete.classes) {
        return Vec::new();
    }
    commands_of_others(context, table, &[Command::Delete, Command::Truncate])
        .into_iter()
        .map(|(role, (words, origins))| {
            let who = if role == "public" { "every role".to_owned() } else { format!("`{role}`") };
            let message = format!(
                "{} on `{}` is granted to {who}, though its rows must be kept; revoke it.",
                list(&words, "and"),
                table.name
            );
            let answer = Answer::unmet(table, message).detail(role);
            origins.into_iter().fold(answer, Answer::at)
        })
        .collect()
}
