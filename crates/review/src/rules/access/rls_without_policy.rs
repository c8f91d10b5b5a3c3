//! # `rls-without-policy`
//!
//! ## What it checks
//!
//! A table with row-level security enabled has at least one policy.
//!
//! ## Why
//!
//! Without a policy the default is to deny: every role but the owner sees no row and writes none,
//! usually discovered as "the data is gone". The quick cure (disabling it) is worse.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE insurance_policies (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE insurance_policies ENABLE ROW LEVEL SECURITY;
//! ```
//!
//! ```sql passes
//! CREATE TABLE insurance_policies (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE insurance_policies ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY tenant_isolation ON insurance_policies
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ## How to fix
//!
//! Add the policy that the neighbouring tables have, or revoke access if nobody is meant to see it.
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
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "rls-without-policy",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Row-level security without a policy",
    provenance: "pgrls SEC009; splinter 0008",
    impact: "Every role but the owner sees nothing, which invites switching the protection off.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("rls_without_policy.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if !table.row_security.on {
        return Vec::new();
    }
    if !table.policies.is_empty() {
        let count = table.policies.len();
        let plural = if count == 1 { "policy" } else { "policies" };
        let mut met = Answer::met(table, format!("{count} {plural}"));
        for policy in &table.policies {
            met = met.at(policy.origin);
        }
        return vec![met];
    }
    if let Some(blind) = context.blind_on(table, |touches| touches.row_security) {
        let message = format!(
            "No policy of `{}` was read, but a statement that may create one was not read ({}).",
            table.name, blind.reason
        );
        return vec![Answer::undecided(table, message).at(blind.origin)];
    }
    let message = format!(
        "`{}` has row-level security enabled and no policy: every role but the owner sees nothing.",
        table.name
    );
    let at = table.row_security.origin.unwrap_or(table.name_origin);
    vec![Answer::unmet(table, message).at(at)]
}
