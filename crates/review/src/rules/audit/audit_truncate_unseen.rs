//! # `audit-truncate-unseen`
//!
//! ## What it checks
//!
//! Where a role other than the owner holds `TRUNCATE` on a table whose changes must be recorded, a
//! trigger fires on it: one that records or one that raises.
//!
//! ## Why
//!
//! `TRUNCATE` empties a table without running a single row trigger, and row-level security has no say in
//! it. The log shows nothing at all.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_app;
//! CREATE TABLE payments (id uuid PRIMARY KEY, amount_cents bigint NOT NULL);
//! GRANT ALL ON payments TO clinic_app;
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_app;
//! CREATE TABLE payments (id uuid PRIMARY KEY, amount_cents bigint NOT NULL);
//! GRANT ALL ON payments TO clinic_app;
//! REVOKE TRUNCATE ON payments FROM clinic_app;
//! ```
//!
//! ## How to fix
//!
//! `REVOKE TRUNCATE`; or a statement trigger `BEFORE TRUNCATE` that raises or records.
//!
//! ## Settings
//!
//! `[audit] classes`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(b) audit controls.

use schemaward_catalog::{Table, TriggerState};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::Command;
use crate::facts::rights::grantees;
use crate::facts::words::list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-truncate-unseen",
    category: Category::Audit,
    severity: Severity::Info,
    title: "TRUNCATE that nothing records",
    provenance: "schemaward",
    impact: "A table can be emptied without a single entry in the log.",
    references: &["Supports 45 CFR 164.312(b) audit controls"],
    control: None,
    page: page!("audit_truncate_unseen.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if !context.mandated(&table.name, &context.standard.audit.classes) {
        return Vec::new();
    }
    // What a trigger on it does is for its name to say: nothing else runs on TRUNCATE.
    let seen = table.triggers.iter().any(|trigger| {
        trigger.truncate && matches!(trigger.state, TriggerState::Enabled | TriggerState::Always)
    });
    let truncate = [Command::Truncate.privilege()];
    let holders = grantees(context.catalog, &table.grants, table.owner.as_deref(), &truncate);
    if seen || holders.is_empty() {
        return Vec::new();
    }
    let roles: Vec<String> = holders
        .iter()
        .map(
            |(role, _)| {
                if *role == "public" { "every role".to_owned() } else { format!("`{role}`") }
            },
        )
        .collect();
    let message = format!(
        "`TRUNCATE` on `{}` is granted to {} and nothing records it; revoke it.",
        table.name,
        list(&roles, "and")
    );
    let answer = Answer::unmet(table, message);
    vec![holders.into_iter().fold(answer, |answer, (_, origin)| answer.at(origin))]
}
