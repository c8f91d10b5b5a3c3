//! # `policy-without-rls`
//!
//! ## What it checks
//!
//! A table with policies has row-level security enabled in the final state.
//!
//! ## Why
//!
//! Policies do nothing until row-level security is enabled. The table looks protected in every
//! listing of policies and is open.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE payment_methods (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY tenant_isolation ON payment_methods
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ```sql passes
//! CREATE TABLE payment_methods (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY tenant_isolation ON payment_methods
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ALTER TABLE payment_methods ENABLE ROW LEVEL SECURITY;
//! ```
//!
//! ## How to fix
//!
//! `ALTER TABLE … ENABLE ROW LEVEL SECURITY`, and `FORCE` it.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control.

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::quoted_list;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-without-rls",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policies without row-level security",
    provenance: "pgrls SEC032; splinter 0007",
    impact: "The table looks protected and is open: policies do nothing until they are enabled.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_without_rls.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if table.row_security.on || table.policies.is_empty() {
        return Vec::new();
    }
    if let Some(blind) = context.blind_on(table, |touches| touches.row_security) {
        let message = format!(
            "`{}` has policies; row-level security is off as far as the text was read, but a \
             statement that may enable it was not read ({}).",
            table.name, blind.reason
        );
        return vec![Answer::undecided(table, message).at(blind.origin)];
    }
    let names: Vec<&str> = table.policies.iter().map(|policy| policy.name.as_str()).collect();
    let message = format!(
        "Row-level security of `{}` is not enabled, so {} {} nothing.",
        table.name,
        quoted_list(&names, "and"),
        if names.len() == 1 { "does" } else { "do" }
    );
    let mut answer = Answer::unmet(table, message);
    for policy in &table.policies {
        answer = answer.at(policy.origin);
    }
    if let Some(origin) = table.row_security.origin {
        answer = answer.at(origin);
    }
    vec![answer]
}
