//! # `policy-always-true`
//!
//! ## What it checks
//!
//! No permissive policy has a `USING` or `WITH CHECK` that is true for every row: `true`, `1 = 1`,
//! `x OR true`, `NOT false`, `id = id`. The condition is judged by its structure; one that cannot be
//! parsed is *undecided*. On a reference table a policy that lets everyone read is information, not a defect.
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

use schemaward_catalog::{Expression, Policy, PolicyCommand, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::expression::constant_truth;
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
    // A restrictive policy that is always true restricts nothing, and opens nothing either.
    table
        .policies
        .iter()
        .filter(|policy| policy.permissive)
        .filter_map(|policy| judge(context, table, policy))
        .collect()
}

fn judge(context: &Context<'_>, table: &Table, policy: &Policy) -> Option<Answer> {
    let open = |clause: &Option<Expression>| {
        clause
            .as_ref()
            .filter(|clause| clause.ast.as_deref().and_then(constant_truth) == Some(true))
            .cloned()
    };
    let using = open(&policy.using);
    let check = open(&policy.check);
    let clauses: Vec<String> = [("USING", &using), ("WITH CHECK", &check)]
        .into_iter()
        .filter_map(|(word, clause)| {
            clause.as_ref().map(|clause| format!("`{word} ({})`", clause.text))
        })
        .collect();
    if clauses.is_empty() {
        let unread = [&policy.using, &policy.check]
            .into_iter()
            .flatten()
            .find(|clause| clause.ast.is_none())?;
        let message = format!(
            "The condition of policy `{}` on `{}` could not be parsed, so whether it keeps any row \
             out is for a reader to say.",
            policy.name, table.name
        );
        let answer = Answer::undecided(table, message).detail(&policy.name);
        return Some(answer.at(unread.origin));
    }
    let who = match policy.roles.as_slice() {
        [] => "every role".to_owned(),
        roles => format!("`{}`", roles.join("`, `")),
    };
    let does = match policy.command {
        PolicyCommand::All => "read and write",
        PolicyCommand::Select => "read",
        PolicyCommand::Insert => "insert",
        PolicyCommand::Update => "update",
        PolicyCommand::Delete => "delete",
    };
    let message = format!(
        "Policy `{}` on `{}` is always true ({}): {who} may {does} every row.",
        policy.name,
        table.name,
        clauses.join(" and ")
    );
    let mut answer = Answer::unmet(table, message).detail(&policy.name);
    for clause in [using, check].into_iter().flatten() {
        answer = answer.at(clause.origin);
    }
    if policy.command == PolicyCommand::Select && context.class(&table.name) == Class::Reference {
        answer = answer.severity(Severity::Info);
    }
    Some(answer)
}
