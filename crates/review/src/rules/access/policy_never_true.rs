//! # `policy-never-true`
//!
//! ## What it checks
//!
//! No policy has a condition that is false for every row and session (`false`, `1 = 2`, `organization_id =
//! NULL`), or none at all for the command it is for: a policy for `INSERT` without `WITH CHECK`, one for
//! `SELECT` or `DELETE` without `USING`. The server takes a permissive policy without the condition for one
//! that lets nothing through.
//!
//! Written out as `false` for `INSERT`, `UPDATE` or `DELETE` alone it says that nobody may, and is
//! information. A restrictive policy that refuses writes is a way to make rows unchangeable, and fine; one
//! that hides every row is a warning.
//!
//! ## Why
//!
//! A comparison with NULL is never true, and a missing clause reads like an open one: whoever finds that
//! the application sees nothing is tempted to switch the protection off.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY notes_insert ON notes FOR INSERT;
//! ```
//!
//! ```sql passes
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY notes_insert ON notes FOR INSERT
//!     WITH CHECK (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ## How to fix
//!
//! State the condition that rows must fulfil, or drop the policy.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::PolicyCommand;
use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::{Clause, Command, PolicyFacts};
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-never-true",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Policy that lets nothing through",
    provenance: "pgrls SEC010",
    impact: "The policy does nothing, or hides every row: neither is what its name says.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_never_true.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies.filter_map(|facts| judge(table, facts)).collect()
}

fn judge(table: &Table, facts: &PolicyFacts<'_>) -> Option<Answer> {
    let policy = facts.policy;
    let reads = matches!(policy.command, PolicyCommand::All | PolicyCommand::Select);
    let message = if policy.permissive {
        let mut commands = Command::ROWS.into_iter().filter(|command| facts.applies_to(*command));
        let refuses = |command: Command| {
            let clauses = facts.deciding(command);
            clauses.is_empty() || clauses.iter().any(|clause| clause.truth == Some(false))
        };
        if !commands.all(refuses) {
            return None;
        }
        let missing = match policy.command {
            PolicyCommand::Insert => "`WITH CHECK`",
            _ => "`USING`",
        };
        match facts.clauses().next() {
            Some(clause) => format!(
                "Policy `{}` on `{}` is never true ({}): it lets nothing through.",
                policy.name,
                table.name,
                clause.shown()
            ),
            None => format!(
                "Policy `{}` on `{}` has no {missing}: it lets nothing through.",
                policy.name, table.name
            ),
        }
    } else {
        let using = facts.using.as_ref().filter(|using| using.truth == Some(false));
        let using = using.filter(|_| reads)?;
        format!(
            "Restrictive policy `{}` on `{}` is never true ({}): it hides every row from {}.",
            policy.name,
            table.name,
            using.shown(),
            facts.who()
        )
    };
    let at = facts.clauses().next().map_or(policy.origin, Clause::origin);
    let answer = Answer::unmet(table, message).detail(&policy.name).at(at);
    let says_so = facts
        .clauses()
        .next()
        .is_some_and(|clause| clause.expression.text.trim().eq_ignore_ascii_case("false"));
    Some(if !reads && says_so { answer.severity(Severity::Info) } else { answer })
}
