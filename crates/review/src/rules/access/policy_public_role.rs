//! # `policy-public-role`
//!
//! ## What it checks
//!
//! Every permissive policy is for roles that it names. One without `TO`, or `TO PUBLIC`, which is the same, is
//! for all of them. A restrictive policy is best for everyone.
//!
//! ## Why
//!
//! A role for reports, added next year and granted `SELECT`, falls under every policy that names no role.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE notifications (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY tenant_isolation ON notifications
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ```sql passes
//! CREATE TABLE notifications (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY tenant_isolation ON notifications TO clinic_app
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ## How to fix
//!
//! `ALTER POLICY … TO` the roles of the application.
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
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-public-role",
    category: Category::Access,
    severity: Severity::Info,
    title: "Policy without a role",
    provenance: "pgrls SEC003",
    impact: "The policy holds for every role, those that come later too.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("policy_public_role.rs"),
    check: Check::Table(check),
};

fn check(_: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = table.policies.iter();
    policies
        .filter(|policy| policy.permissive && policy.roles.is_empty())
        .map(|policy| {
            let message = format!(
                "Policy `{}` on `{}` names no role: it is for all.",
                policy.name, table.name
            );
            Answer::unmet(table, message).detail(&policy.name).at(policy.origin)
        })
        .collect()
}
