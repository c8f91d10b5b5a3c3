//! # `policy-always-true`
//!
//! ## What it checks
//!
//! No permissive policy has a `USING` that is true for every row: `true`, `1 = 1`, `x OR true`,
//! `NOT false`, `id = id`, `id IS NOT NULL` of a column that is never NULL. The condition is judged by its
//! structure; one that cannot be parsed is *undecided*. What a policy lets be written is judged by
//! `policy-open-write`.
//!
//! It is information on a reference table that everyone may read, and a warning for a role of its own, where
//! other roles are held to narrower policies. A restrictive policy that is always true restricts nothing,
//! which is a warning. Beside a restrictive policy for the same roles and command, `USING (true)` is a way
//! to write that policy, and fine.
//!
//! ## Why
//!
//! Permissive policies are joined by `OR`: one that is always true undoes all others for the commands
//! and roles it is for, while the table still counts as protected.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE vital_signs (id uuid PRIMARY KEY, patient_id uuid NOT NULL);
//! ALTER TABLE vital_signs ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY vital_signs_access ON vital_signs USING (patient_id IS NOT NULL OR true);
//! ```
//!
//! ```sql passes
//! CREATE TABLE vital_signs (id uuid PRIMARY KEY, organization_id uuid, verified boolean);
//! ALTER TABLE vital_signs ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY vital_signs_access ON vital_signs
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid
//!            AND verified IS NOT DISTINCT FROM true);
//! ```
//!
//! ## How to fix
//!
//! State the condition that rows must fulfil, or drop the policy.
//!
//! ## Settings
//!
//! `[classes]` decides what is a reference table.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control.

use schemaward_catalog::{PolicyCommand, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::{Command, PolicyFacts, is_for_roles_of_its_own, is_narrowed};
use crate::{Category, Class, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-always-true",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policy that is always true",
    provenance: "pgrls SEC008, SEC011, SEC020, SEC031; splinter 0024",
    impact: "The policy lets every row through, and undoes the others beside it.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_always_true.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let all = context.policies(&table.name);
    all.iter().filter_map(|facts| judge(context, table, all, facts)).collect()
}

fn judge(
    context: &Context<'_>,
    table: &Table,
    all: &[PolicyFacts<'_>],
    facts: &PolicyFacts<'_>,
) -> Option<Answer> {
    let policy = facts.policy;
    if let Some(unread) = facts.clauses().find(|clause| clause.ast.is_none()) {
        let message = format!(
            "The condition of policy `{}` on `{}` could not be parsed, so whether it keeps any row \
             out is for a reader to say.",
            policy.name, table.name
        );
        return Some(Answer::undecided(table, message).detail(&policy.name).at(unread.origin()));
    }
    if !policy.permissive {
        return restrictive(table, facts);
    }
    let using = facts.using.as_ref().filter(|using| using.truth == Some(true))?;
    let seen: Vec<Command> = Command::ROWS
        .into_iter()
        .filter(|command| facts.applies_to(*command) && facts.seen(*command).is_some())
        .collect();
    if !seen.is_empty() && seen.iter().all(|command| is_narrowed(all, facts, *command)) {
        return None;
    }
    let does = match policy.command {
        PolicyCommand::All => "read, update and delete",
        PolicyCommand::Select => "read",
        PolicyCommand::Insert => "insert",
        PolicyCommand::Update => "update",
        PolicyCommand::Delete => "delete",
    };
    let message = format!(
        "Policy `{}` on `{}` is always true ({}): {} may {does} every row.",
        policy.name,
        table.name,
        using.shown(),
        facts.who(),
    );
    let answer = Answer::unmet(table, message).detail(&policy.name).at(using.origin());
    let reads = policy.command == PolicyCommand::Select;
    Some(if reads && context.class(&table.name) == Class::Reference {
        answer.severity(Severity::Info)
    } else if is_for_roles_of_its_own(all, facts) {
        answer.severity(Severity::Warning)
    } else {
        answer
    })
}

fn restrictive(table: &Table, facts: &PolicyFacts<'_>) -> Option<Answer> {
    let mut clauses = facts.clauses().peekable();
    let first = clauses.peek()?.origin();
    let shown: Vec<String> = clauses
        .map(|clause| (clause.truth == Some(true)).then(|| clause.shown()))
        .collect::<Option<_>>()?;
    let message = format!(
        "Restrictive policy `{}` on `{}` is always true ({}) and restricts nothing.",
        facts.policy.name,
        table.name,
        shown.join(" and "),
    );
    let answer = Answer::unmet(table, message).detail(&facts.policy.name).at(first);
    Some(answer.severity(Severity::Warning))
}
