//! # `policies-all-permissive`
//!
//! ## What it checks
//!
//! For no command and role does a table have several permissive policies, unless a restrictive one narrows
//! them. A policy `FOR ALL` counts for every command. Policies for different roles do not meet.
//!
//! ## Why
//!
//! Permissive policies are joined by `OR`. Two that were meant as two conditions are two ways in. And each
//! costs time on every row.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, is_shared boolean);
//! CREATE POLICY of_tenant ON notes TO clinic_app
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! CREATE POLICY shared ON notes FOR SELECT TO clinic_app USING (is_shared);
//! ```
//!
//! ```sql passes
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, is_shared boolean);
//! CREATE POLICY of_tenant ON notes TO clinic_app
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! CREATE POLICY shared ON notes FOR SELECT TO clinic_report USING (is_shared);
//! ```
//!
//! ## How to fix
//!
//! Write one policy with `OR` where both ways in are meant; make the one that narrows `AS RESTRICTIVE`.
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
use crate::facts::policy::{Command, PolicyFacts};
use crate::facts::words::{list, quoted_list};
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policies-all-permissive",
    category: Category::Access,
    severity: Severity::Info,
    title: "Policies that widen each other",
    provenance: "pgrls SEC007; splinter 0006",
    impact: "A row passes when any of the policies lets it through; each of them is run.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("policies_all_permissive.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let all = context.policies(&table.name);
    let mut met: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for command in Command::ROWS {
        let for_command = |permissive: bool| {
            all.iter().filter(move |facts| {
                facts.policy.permissive == permissive && facts.applies_to(command)
            })
        };
        let meeting: Vec<&str> = for_command(true)
            .filter(|one| {
                for_command(true).any(|other| {
                    let narrowed = for_command(false).any(|narrow| meet(narrow, one));
                    !std::ptr::eq(*one, other) && meet(one, other) && !narrowed
                })
            })
            .map(|facts| facts.policy.name.as_str())
            .collect();
        if meeting.is_empty() {
            continue;
        }
        match met.iter_mut().find(|(names, _)| *names == meeting) {
            Some((_, commands)) => commands.push(command.privilege().to_owned()),
            None => met.push((meeting, vec![command.privilege().to_owned()])),
        }
    }
    let Some((first, _)) = met.first() else { return Vec::new() };
    let said: Vec<String> = met
        .iter()
        .map(|(names, commands)| {
            format!("for {} {}", list(commands, "and"), quoted_list(names, "and"))
        })
        .collect();
    let message = format!("Policies of `{}` widen each other: {}.", table.name, said.join("; "));
    let mut answer = Answer::unmet(table, message);
    for facts in all.iter().filter(|facts| first.contains(&facts.policy.name.as_str())) {
        answer = answer.at(facts.policy.origin);
    }
    vec![answer]
}

/// Whether two policies are for a role in common.
fn meet(one: &PolicyFacts<'_>, other: &PolicyFacts<'_>) -> bool {
    one.is_public()
        || other.is_public()
        || one.policy.roles.iter().any(|role| other.policy.roles.contains(role))
}
