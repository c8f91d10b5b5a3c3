//! # `policy-open-write`
//!
//! ## What it checks
//!
//! No permissive policy lets a write through that nothing limits:
//!
//! - `INSERT` and `UPDATE`: the `WITH CHECK`, or, where a policy for `UPDATE` or `ALL` has none, its
//!   `USING`, is not true for every row;
//! - `DELETE`: its `USING` is not;
//! - a `WITH CHECK` that stands beside a `USING` ties the new row to the session as well as `USING` ties
//!   the old one: it does not leave out the tenant.
//!
//! A policy for `INSERT` without `WITH CHECK` lets nothing through, and is told by `policy-never-true`. A
//! restrictive policy for the same roles and command counts. It is a warning for a role of its own, where
//! other roles are held to narrower policies.
//!
//! ## Why
//!
//! Whoever may write any row can put one into another tenant, or move one there: the reader over there
//! takes it for their own. A `WITH CHECK` that is weaker than `USING` does this on tables whose reads are
//! well guarded.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE calls (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY calls_write ON calls
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid)
//!     WITH CHECK (id IS NOT NULL);
//! ```
//!
//! ```sql passes
//! CREATE TABLE calls (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY calls_write ON calls
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ## How to fix
//!
//! `ALTER POLICY … WITH CHECK (…)` with the condition of `USING`, or without the clause, which means the
//! same.
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
use crate::facts::policy::{Command, PolicyFacts, bound, is_for_roles_of_its_own, is_narrowed};
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-open-write",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policy opens writes",
    provenance: "pgrls SEC006, SEC028, SEC039, SEC040; splinter 0024",
    impact: "Rows can be written, moved or destroyed outside the tenant of the session.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_open_write.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let all = context.policies(&table.name);
    all.iter()
        .filter(|facts| facts.policy.permissive)
        .filter_map(|facts| open(table, all, facts).or_else(|| weaker(context, table, all, facts)))
        .collect()
}

/// A write that nothing limits.
fn open(table: &Table, all: &[PolicyFacts<'_>], facts: &PolicyFacts<'_>) -> Option<Answer> {
    let mut clauses = Vec::new();
    let mut commands = Vec::new();
    for command in [Command::Insert, Command::Update, Command::Delete] {
        let clause = match command {
            Command::Delete => facts.seen(command),
            _ => facts.written(command),
        };
        let clause = clause.filter(|clause| clause.truth == Some(true));
        let Some(clause) = clause.filter(|_| facts.applies_to(command)) else { continue };
        if !is_narrowed(all, facts, command) {
            commands.push(command.privilege());
            clauses.push(clause);
        }
    }
    clauses.dedup_by(|a, b| std::ptr::eq(*a, *b));
    let shown: Vec<String> = clauses.iter().map(|clause| clause.shown()).collect();
    let message = format!(
        "Policy `{}` on `{}` lets {} {} any row ({}).",
        facts.policy.name,
        table.name,
        facts.who(),
        commands.join(", "),
        shown.join(" and "),
    );
    let mut answer = Answer::unmet(table, message).detail(&facts.policy.name);
    answer = answer.at(clauses.first()?.origin());
    for clause in clauses {
        answer = answer.at(clause.origin());
    }
    Some(if is_for_roles_of_its_own(all, facts) {
        answer.severity(Severity::Warning)
    } else {
        answer
    })
}

/// A `WITH CHECK` that leaves out what `USING` ties a row by.
fn weaker(
    context: &Context<'_>,
    table: &Table,
    all: &[PolicyFacts<'_>],
    facts: &PolicyFacts<'_>,
) -> Option<Answer> {
    let (using, check) = (facts.using.as_ref()?, facts.check.as_ref()?);
    if check.truth.is_some() || is_narrowed(all, facts, Command::Update) {
        return None;
    }
    let tied = bound(context.catalog, &using.predicate, using.ast?);
    let kept = bound(context.catalog, &check.predicate, check.ast?);
    let tenant = &context.standard.tenancy.column;
    let dropped = if tied.contains(tenant) {
        Some(tenant).filter(|tenant| !kept.contains(*tenant))
    } else {
        tied.first().filter(|_| kept.is_empty())
    }?;
    let message = format!(
        "The {} of policy `{}` on `{}` leaves out `{dropped}`, by which its `USING` ties rows to the \
         session: {} may write rows that belong elsewhere.",
        check.shown(),
        facts.policy.name,
        table.name,
        facts.who(),
    );
    Some(Answer::unmet(table, message).detail(&facts.policy.name).at(check.origin()))
}
