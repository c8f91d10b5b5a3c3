//! # `policy-missing-command`
//!
//! ## What it checks
//!
//! A role that was granted a command on a table with row-level security has a permissive policy for that
//! command, if it has one for another. Commands that were not granted need no policy.
//!
//! Where the text grants nothing on any table, the commands for which no role has a policy are named as
//! information, except on reference tables and logs, which are meant to be read or added to only.
//!
//! ## Why
//!
//! An `UPDATE` without a policy reports success and changes nothing. The application finds out by missing
//! data.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_app;
//! CREATE TABLE calls (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY calls_read ON calls FOR SELECT TO clinic_app
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! GRANT SELECT, UPDATE ON calls TO clinic_app;
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_app;
//! CREATE TABLE calls (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY calls_read ON calls FOR SELECT TO clinic_app
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! GRANT SELECT ON calls TO clinic_app;
//! ```
//!
//! ## How to fix
//!
//! Write the policy, or revoke the privilege.
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
use crate::facts::policy::Command;
use crate::facts::rights::{grantees, with_inherited};
use crate::facts::words::list;
use crate::{Category, Class, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-missing-command",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Command without a policy",
    provenance: "pgrls SEC022",
    impact: "The command is granted and does nothing: it finds no row, or is refused.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_missing_command.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let all = context.policies(&table.name);
    let permissive = || all.iter().filter(|facts| facts.policy.permissive);
    let Some(first) = permissive().next().filter(|_| table.row_security.on) else {
        return Vec::new();
    };
    if !context.speaks_of_rights {
        return ungranted(context, table).into_iter().collect();
    }
    let owner = table.owner.as_deref();
    let mut answers = Vec::new();
    for (role, origin) in
        grantees(context.catalog, &table.grants, owner, &Command::ROWS.map(Command::privilege))
    {
        let inherited = with_inherited(context.catalog, role);
        let exempt = context.catalog.roles.get(role).is_some_and(|r| r.superuser || r.bypass_rls);
        let owns = owner.is_some_and(|owner| inherited.contains(owner));
        let has = |command: Command| {
            permissive().any(|facts| facts.applies_to(command) && facts.applies_to_any(&inherited))
        };
        // A role without any policy is kept out altogether.
        if exempt || owns || !Command::ROWS.into_iter().any(has) {
            continue;
        }
        let granted = |command: &Command| {
            grantees(context.catalog, &table.grants, owner, &[command.privilege()])
                .iter()
                .any(|(g, _)| *g == role)
        };
        let missing: Vec<String> = Command::ROWS
            .into_iter()
            .filter(|command| granted(command) && !has(*command))
            .map(|command| command.privilege().to_owned())
            .collect();
        if !missing.is_empty() {
            let message = format!(
                "`{role}` may {} on `{}` by its grants, and has no policy for it.",
                list(&missing, "and"),
                table.name,
            );
            answers.push(
                Answer::unmet(table, message).detail(role).at(first.policy.origin).at(origin),
            );
        }
    }
    answers
}

/// Commands without a policy, where the text does not say what was granted.
fn ungranted(context: &Context<'_>, table: &Table) -> Option<Answer> {
    if matches!(context.class(&table.name), Class::Reference | Class::Audit) {
        return None;
    }
    let all = context.policies(&table.name);
    let missing: Vec<String> = Command::ROWS
        .into_iter()
        .filter(|command| {
            !all.iter().any(|facts| facts.policy.permissive && facts.applies_to(*command))
        })
        .map(|command| command.privilege().to_owned())
        .collect();
    if missing.is_empty() {
        return None;
    }
    let message = format!(
        "No policy of `{}` is for {}: they find no row, or are refused.",
        table.name,
        list(&missing, "and"),
    );
    let at = all.first().map_or(table.name_origin, |facts| facts.policy.origin);
    Some(Answer::unmet(table, message).at(at).severity(Severity::Info))
}
