//! # `policy-setting-unset`
//!
//! ## What it checks
//!
//! A policy reads a setting so that a missing one is NULL:
//!
//! - `current_setting('app.tenant', true)`: without the second argument an unset setting is an error;
//! - the name has a dot, since no other setting can be made;
//! - what is cast to another type is not empty: a setting that was set for one transaction is an empty
//!   string in the next, and `''::uuid` is an error. `nullif(current_setting('app.tenant', true),
//!   '')::uuid` is not.
//!
//! ## Why
//!
//! An error in a policy is an error of every statement on the table. It comes from a connection in a pool
//! that served another transaction before, and goes away when somebody looks.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE tasks (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON tasks
//!     USING (organization_id = current_setting('app.current_tenant_id')::uuid);
//! ```
//!
//! ```sql passes
//! CREATE TABLE tasks (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON tasks
//!     USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
//! ```
//!
//! ## How to fix
//!
//! `nullif(current_setting('…', true), '')::uuid`, in a scalar sub-select so that it runs once.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::PolicyFacts;
use crate::facts::predicate::SettingUse;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-setting-unset",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Policy breaks when a setting is missing",
    provenance: "pgrls SEC019, SEC024, SEC055",
    impact: "Statements fail instead of finding nothing, on connections that did not set it or set it before.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("policy_setting_unset.rs"),
    check: Check::Table(check),
};

/// Settings of PostgreSQL itself that policies read.
const BUILT_IN: [&str; 10] = [
    "application_name",
    "is_superuser",
    "log_statement",
    "role",
    "search_path",
    "server_version_num",
    "session_authorization",
    "session_replication_role",
    "timezone",
    "transaction_read_only",
];

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies.filter_map(|facts| judge(table, facts)).collect()
}

fn judge(table: &Table, facts: &PolicyFacts<'_>) -> Option<Answer> {
    let mut reasons: Vec<String> = Vec::new();
    let mut at = Vec::new();
    for clause in facts.clauses() {
        for reason in clause.predicate.settings.iter().filter_map(reason) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
            at.push(clause.origin());
        }
    }
    let message =
        format!("Policy `{}` on `{}` {}.", facts.policy.name, table.name, reasons.join(", and "));
    let mut answer = Answer::unmet(table, message).detail(&facts.policy.name).at(*at.first()?);
    for origin in at {
        answer = answer.at(origin);
    }
    Some(answer)
}

/// Why reading a setting this way can fail; `None` when it cannot.
pub(crate) fn reason(setting: &SettingUse) -> Option<String> {
    let name = setting.read.name.as_deref()?;
    let built_in = BUILT_IN.contains(&name);
    match &setting.cast {
        Some(cast) if !built_in => {
            Some(format!("casts `{name}` to `{cast}` though it may be empty"))
        }
        None if !built_in && !name.contains('.') => {
            Some(format!("reads `{name}`, which no session can set without a dot in its name"))
        }
        None if !built_in && !setting.read.missing_ok => {
            Some(format!("reads `{name}` without `missing_ok`"))
        }
        _ => None,
    }
}
