//! # `policy-loose-match`
//!
//! ## What it checks
//!
//! No policy matches what the session says of itself by `LIKE`, `ILIKE`, `SIMILAR TO` or a regular
//! expression, on either side. Patterns on other values are fine.
//!
//! ## Why
//!
//! `email LIKE '%' || auth.email()` lets `ann@example.org` pass for `joann@example.org`, and a `%` or `_`
//! in the value passes for everyone.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE mailboxes (id uuid PRIMARY KEY, owner_email text NOT NULL);
//! CREATE POLICY own_mail ON mailboxes
//!     USING (owner_email LIKE '%' || current_setting('app.user_email', true));
//! ```
//!
//! ```sql passes
//! CREATE TABLE mailboxes (id uuid PRIMARY KEY, owner_email text NOT NULL, kind text);
//! CREATE POLICY own_mail ON mailboxes
//!     USING (owner_email = current_setting('app.user_email', true) AND kind LIKE 'public%');
//! ```
//!
//! ## How to fix
//!
//! Compare with `=`, by a key rather than a name.
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
    id: "policy-loose-match",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policy matches an identity by a pattern",
    provenance: "pgrls SEC026",
    impact: "A name that contains or resembles another passes for it.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_loose_match.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies
        .filter_map(|facts| {
            let clause = facts.clauses().find(|clause| !clause.predicate.matches.is_empty())?;
            let found = clause.predicate.matches.first()?;
            let message = format!(
                "Policy `{}` on `{}` matches an identity by a pattern: `{}`.",
                facts.policy.name, table.name, found.text,
            );
            Some(Answer::unmet(table, message).detail(&facts.policy.name).at(clause.origin()))
        })
        .collect()
}
