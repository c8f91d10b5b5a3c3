//! # `policy-ignores-row`
//!
//! ## What it checks
//!
//! The condition of every permissive policy names a column of its table. Names are resolved as the server
//! does it: in `EXISTS (SELECT 1 FROM members m WHERE m.organization_id = organization_id)` both names are
//! columns of `members`, and the row is not looked at.
//!
//! It is a warning where the condition asks who the session is (a role, a list of administrators, a
//! function of the project), since that may be meant, and on tables without a tenant that no standard
//! protects. Reading a reference table needs no look at the row.
//!
//! ## Why
//!
//! Row-level security keeps tenants apart by comparing the row with the session. A condition without a
//! column of the row is an answer about the session alone: all rows, or none.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE members (user_id uuid, organization_id uuid, PRIMARY KEY (user_id, organization_id));
//! CREATE TABLE encounters (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE encounters ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY of_members ON encounters USING (EXISTS (
//!     SELECT 1 FROM members m
//!     WHERE m.organization_id = organization_id
//!       AND m.user_id = current_setting('app.current_user_id', true)::uuid));
//! ```
//!
//! ```sql passes
//! CREATE TABLE members (user_id uuid, organization_id uuid, PRIMARY KEY (user_id, organization_id));
//! CREATE TABLE encounters (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE encounters ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY of_members ON encounters USING (EXISTS (
//!     SELECT 1 FROM members m
//!     WHERE m.organization_id = encounters.organization_id
//!       AND m.user_id = current_setting('app.current_user_id', true)::uuid));
//! ```
//!
//! ## How to fix
//!
//! Compare a column of the row, with the name of its table before it wherever a sub-query could have one of
//! the same name.
//!
//! ## Settings
//!
//! `[tenancy] column`, `[rls] classes`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::Table;
use schemaward_catalog::{Catalog, PolicyCommand};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::{Clause, Command, PolicyFacts, is_narrowed};
use crate::facts::predicate::Against;
use crate::facts::words::words;
use crate::{Category, Class, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-ignores-row",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policy does not look at the row",
    provenance: "pgrls SEC005, SEC036",
    impact: "Who passes the policy for one row passes it for all of them, those of other tenants too.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_ignores_row.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let all = context.policies(&table.name);
    all.iter()
        .filter(|facts| facts.policy.permissive)
        .filter_map(|facts| judge(context, table, all, facts))
        .collect()
}

fn judge(
    context: &Context<'_>,
    table: &Table,
    all: &[PolicyFacts<'_>],
    facts: &PolicyFacts<'_>,
) -> Option<Answer> {
    let clause = facts.clauses().find(|clause| {
        let predicate = &clause.predicate;
        clause.ast.is_some()
            && clause.truth.is_none()
            && predicate.complete
            && predicate.own.is_empty()
            && predicate.unknown_columns.is_empty()
    })?;
    let mut commands = Command::ROWS.into_iter().filter(|command| facts.applies_to(*command));
    if commands.all(|command| is_narrowed(all, facts, command)) {
        return None;
    }
    let tenant = context.has_tenant_column(table);
    let reference = context.class(&table.name) == Class::Reference && !tenant;
    if reference && facts.policy.command == PolicyCommand::Select {
        return None;
    }
    let message = format!(
        "Policy `{}` on `{}` names no column of `{}` ({}): who passes it for one row passes it for \
         all.",
        facts.policy.name,
        table.name,
        table.name,
        clause.shown(),
    );
    let answer = Answer::unmet(table, message).detail(&facts.policy.name).at(clause.origin());
    let protects = tenant || context.mandated(&table.name, &context.standard.rls.classes);
    let meant = asks_who(context.catalog, clause) || !protects;
    Some(if meant { answer.severity(Severity::Warning) } else { answer })
}

/// Whether a condition asks who the session is, and not only whether it is known.
fn asks_who(catalog: &Catalog, clause: &Clause<'_>) -> bool {
    let predicate = &clause.predicate;
    let compares = predicate
        .comparisons
        .iter()
        .any(|found| matches!(found.against, Against::User(_) | Against::Literal(_)));
    let lists = predicate.reads.iter().any(|table| {
        let staff = ["admin", "administrator", "staff", "superuser", "operator"];
        words(&table.name).iter().any(|word| staff.contains(&word.as_str()))
    });
    let calls = predicate.calls.iter().any(|call| {
        let own = catalog.functions_named(&call.name);
        let decides = own.iter().any(|function| function.returns.eq_ignore_ascii_case("boolean"));
        decides
            || matches!(call.name.name.as_str(), "pg_has_role" | "has_table_privilege")
            || matches!(call.name.name.as_str(), "current_user" | "session_user" | "current_role")
            || (call.name.schema.as_deref() == Some("auth") && call.name.name == "role")
    });
    let claims = !predicate.literals.is_empty()
        && predicate
            .calls
            .iter()
            .any(|call| call.name.schema.as_deref() == Some("auth") && call.name.name == "jwt");
    compares || lists || calls || claims || tests_setting(clause)
}

/// Whether a setting is compared with a constant.
fn tests_setting(clause: &Clause<'_>) -> bool {
    let names: Vec<&str> =
        clause.predicate.settings.iter().filter_map(|s| s.read.name.as_deref()).collect();
    let mut others = clause.predicate.literals.iter();
    !names.is_empty()
        && others.any(|text| !text.is_empty() && !names.contains(&text.to_lowercase().as_str()))
}
