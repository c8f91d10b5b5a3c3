//! # `policy-unknown-role`
//!
//! ## What it checks
//!
//! Where the text creates roles, every role that a policy is for is one of them, or one that PostgreSQL or
//! the owner of the database has. A text that creates no role at all, as a dump of a schema, leaves them to
//! the server: then nothing is said.
//!
//! ## Why
//!
//! A misspelt role gets no rows, and the one that was meant falls back on the other policies, or on none.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_app;
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes TO clinic_ap
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_app;
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes TO clinic_app
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ## How to fix
//!
//! Correct the name, or create the role first.
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
    id: "policy-unknown-role",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Policy for a role that nothing creates",
    provenance: "pgrls SEC037",
    impact: "The policy holds for nobody, or the statement fails.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("policy_unknown_role.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let roles = &context.catalog.roles;
    if roles.is_empty() {
        return Vec::new();
    }
    let known = |role: &str| {
        roles.contains_key(role)
            || role.starts_with("pg_")
            || matches!(
                role,
                "public" | "current_user" | "current_role" | "session_user" | "postgres"
            )
            || table.owner.as_deref() == Some(role)
    };
    table
        .policies
        .iter()
        .flat_map(|policy| policy.roles.iter().map(move |role| (policy, role)))
        .filter(|(_, role)| !known(role))
        .map(|(policy, role)| {
            let message = format!(
                "Policy `{}` on `{}` is for `{role}`, a role that nothing creates.",
                policy.name, table.name
            );
            Answer::unmet(table, message)
                .detail(format!("{}:{role}", policy.name))
                .at(policy.origin)
        })
        .collect()
}
