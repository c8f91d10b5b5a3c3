//! # `policy-current-user`
//!
//! ## What it checks
//!
//! Where policies of the schema learn from settings or functions who asks, so that sessions share a role,
//! no policy compares a column with `current_user` or `session_user`. A schema in which every person has a
//! role of their own, and policies compare with nothing else, is fine, and so is a test of the role itself
//! (`current_user = 'reporting'`).
//!
//! ## Why
//!
//! The application connects as one role. A column compared with its name never matches a person.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! CREATE TABLE drafts (id uuid PRIMARY KEY, author text NOT NULL);
//! CREATE POLICY own_drafts ON drafts USING (author = current_user);
//! ```
//!
//! ```sql passes
//! CREATE TABLE drafts (id uuid PRIMARY KEY, author text NOT NULL);
//! CREATE POLICY own_drafts ON drafts USING (author = current_user);
//! ```
//!
//! ## How to fix
//!
//! Compare with what the session says of the user, as the other policies do.
//!
//! ## Settings
//!
//! `[tenancy] user_setting`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::PolicyFacts;
use crate::facts::predicate::Against;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-current-user",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Policy compares with the role of the connection",
    provenance: "pgrls SEC018",
    impact: "All users of the application are one role: they see the same rows.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("policy_current_user.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let shared = context.tables().flat_map(|table| context.policies(&table.name)).any(|facts| {
        facts.clauses().any(|clause| {
            let predicate = &clause.predicate;
            let custom = predicate
                .settings
                .iter()
                .any(|setting| setting.read.name.as_ref().is_some_and(|name| name.contains('.')));
            custom || predicate.comparisons.iter().any(|found| found.against == Against::Session)
        })
    });
    if !shared {
        return Vec::new();
    }
    context
        .tables()
        .flat_map(|table| {
            let policies = context.policies(&table.name).iter();
            policies.filter_map(move |facts| judge(table, facts))
        })
        .collect()
}

fn judge(table: &Table, facts: &PolicyFacts<'_>) -> Option<Answer> {
    let (clause, column, word) = facts.clauses().find_map(|clause| {
        clause.predicate.comparisons.iter().find_map(|found| match found.against {
            Against::User(word) => Some((clause, &found.column.column, word)),
            _ => None,
        })
    })?;
    let message = format!(
        "Policy `{}` on `{}` compares `{column}` with `{word}`, though other policies learn from the \
         session who asks.",
        facts.policy.name, table.name,
    );
    Some(Answer::unmet(table, message).detail(&facts.policy.name).at(clause.origin()))
}
