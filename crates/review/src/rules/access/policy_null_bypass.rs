//! # `policy-null-bypass`
//!
//! ## What it checks
//!
//! No policy is true for every row when the session does not say who asks: when its settings are unset or
//! empty and functions such as `auth.uid()` give NULL. The condition is evaluated under that assumption, so
//! that it does not matter how it is written: `auth.uid() IS NULL OR …`,
//! `coalesce(current_setting('app.user', true), '') = ''`, `organization_id = coalesce(…,
//! organization_id)`, `(…) IS NOT FALSE`, a `CASE`, a function of one expression.
//!
//! A condition that opens some rows only (`auth.uid() IS NULL AND is_public`) is fine.
//!
//! ## Why
//!
//! Settings are lost: by a pool that hands the connection on, a job that never sets them, a transaction
//! that ended. A policy has to fail closed then. One that opens turns every forgotten `SET` into a breach.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE user_sessions (id uuid PRIMARY KEY, user_id uuid NOT NULL);
//! ALTER TABLE user_sessions ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY own_sessions ON user_sessions USING (
//!     current_setting('app.current_user_id', true) IS NULL
//!     OR user_id = current_setting('app.current_user_id', true)::uuid);
//! ```
//!
//! ```sql passes
//! CREATE TABLE user_sessions (id uuid PRIMARY KEY, user_id uuid NOT NULL, is_public boolean);
//! ALTER TABLE user_sessions ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY own_sessions ON user_sessions USING (
//!     (current_setting('app.current_user_id', true) IS NULL AND is_public)
//!     OR user_id = nullif(current_setting('app.current_user_id', true), '')::uuid);
//! ```
//!
//! ## How to fix
//!
//! Drop the branch. What must see all rows without a user (jobs, migrations) gets a role of its own, with a
//! policy for that role.
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
use crate::facts::policy::{Opening, opened};
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-null-bypass",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policy opens when nobody is known",
    provenance: "pgrls SEC004, SEC038",
    impact: "A connection that forgets to say who asks sees every row instead of none.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_null_bypass.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let opened = opened(context.policies(&table.name));
    opened
        .into_iter()
        .filter(|(_, _, opening)| matches!(opening, Opening::Unset))
        .map(|(facts, clause, _)| {
            let message = format!(
                "Policy `{}` on `{}` lets {} reach every row when the session does not say who asks \
                 ({}).",
                facts.policy.name,
                table.name,
                facts.who(),
                clause.shown(),
            );
            Answer::unmet(table, message).detail(&facts.policy.name).at(clause.origin())
        })
        .collect()
}
