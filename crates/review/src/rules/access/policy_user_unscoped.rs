//! # `policy-user-unscoped`
//!
//! ## What it checks
//!
//! On a table without the tenant column whose rows have an owner (`user_id`, `owner_id`), a policy uses
//! that column, or reaches rows through another table. Policies that are always true are told by
//! `policy-always-true`.
//!
//! ## Why
//!
//! The column says whose the row is; policies that look at other columns only show it to everybody whom
//! those let through.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE bookmarks (id uuid PRIMARY KEY, user_id uuid NOT NULL, is_archived boolean);
//! ALTER TABLE bookmarks ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY bookmarks_read ON bookmarks USING (NOT is_archived);
//! ```
//!
//! ```sql passes
//! CREATE TABLE bookmarks (id uuid PRIMARY KEY, user_id uuid NOT NULL, is_archived boolean);
//! ALTER TABLE bookmarks ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY bookmarks_read ON bookmarks USING (
//!     user_id = nullif(current_setting('app.current_user_id', true), '')::uuid);
//! ```
//!
//! ## How to fix
//!
//! Compare the column with the user of the session.
//!
//! ## Settings
//!
//! `[tenancy] column`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::PolicyFacts;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-user-unscoped",
    category: Category::Access,
    severity: Severity::Info,
    title: "Owner column that no policy uses",
    provenance: "pgrls SEC027",
    impact: "Users see the rows of other users.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("policy_user_unscoped.rs"),
    check: Check::Table(check),
};

const OWNERS: [&str; 4] = ["user_id", "owner_id", "owner_user_id", "profile_id"];

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let all = context.policies(&table.name);
    let owner = OWNERS.iter().find_map(|name| table.column(name));
    let Some(owner) = owner.filter(|_| !context.has_tenant_column(table)) else {
        return Vec::new();
    };
    let mut permissive = all.iter().filter(|facts| facts.policy.permissive).peekable();
    let Some(first) = permissive.peek().map(|facts| facts.policy.origin) else { return Vec::new() };
    let mut clauses = all.iter().flat_map(PolicyFacts::clauses);
    let settled = clauses.any(|clause| {
        clause.ast.is_none()
            || clause.truth.is_some()
            || clause.predicate.own.contains(&owner.name)
            || !clause.predicate.reads.is_empty()
            || !clause.predicate.complete
            // A function of the row may look at the owner.
            || clause.predicate.calls.iter().any(|call| call.of_row)
            || clause.predicate.own.is_empty()
    });
    if !table.row_security.on || settled {
        return Vec::new();
    }
    let message =
        format!("No policy of `{}` uses `{}`, which says whose a row is.", table.name, owner.name);
    vec![Answer::unmet(table, message).column(&owner.name).at(owner.origin).at(first)]
}
