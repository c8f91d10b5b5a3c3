//! # `policy-all-restrictive`
//!
//! ## What it checks
//!
//! A table with row-level security and policies has a permissive one among them.
//!
//! ## Why
//!
//! Restrictive policies only take away. Without a permissive policy there is nothing to take from, and
//! every row is hidden.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY of_tenant ON notes AS RESTRICTIVE
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ```sql passes
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY of_tenant ON notes
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ## How to fix
//!
//! Make the policy that says who may see rows permissive; keep the ones that narrow it restrictive.
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
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-all-restrictive",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Only restrictive policies",
    provenance: "pgrls SEC012",
    impact: "Nobody but those who are exempt sees a row: restrictive policies narrow what permissive ones let through.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_all_restrictive.rs"),
    check: Check::Table(check),
};

fn check(_: &Context<'_>, table: &Table) -> Vec<Answer> {
    let [first, ..] = table.policies.as_slice() else { return Vec::new() };
    if !table.row_security.on || table.policies.iter().any(|policy| policy.permissive) {
        return Vec::new();
    }
    let message =
        format!("Every policy of `{}` is restrictive, so no row of it is visible.", table.name);
    vec![Answer::unmet(table, message).at(first.origin)]
}
