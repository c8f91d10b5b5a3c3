//! # `role-bypasses-rls`
//!
//! ## What it checks
//!
//! No role that can log in is a superuser or has `BYPASSRLS`, nor is a member of a role that is or has: a
//! member can become it by `SET ROLE`. No policy is for a role that is exempt from policies. A role without
//! login, which nobody is a member of, is fine.
//!
//! ## Why
//!
//! Row-level security protects from queries that forget their filter. A report that runs as an exempt role
//! is such a query.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_report LOGIN BYPASSRLS;
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_maintenance NOLOGIN BYPASSRLS;
//! CREATE ROLE clinic_report LOGIN;
//! ```
//!
//! ## How to fix
//!
//! `ALTER ROLE … NOBYPASSRLS`, and a policy for what the role has to see. Keep one role for jobs that need
//! all rows, without login, and note who may become it.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::rights::with_inherited;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "role-bypasses-rls",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Role that no policy holds for",
    provenance: "pgrls SEC016, SEC023, SEC029",
    impact: "A connection as this role sees every row, whatever the policies say.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("role_bypasses_rls.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let roles = &context.catalog.roles;
    let exempt = |name: &str| {
        let role = roles.get(name)?;
        match (role.superuser, role.bypass_rls) {
            (true, _) => Some("is a superuser"),
            (false, true) => Some("has `BYPASSRLS`"),
            _ => None,
        }
    };
    let mut answers = Vec::new();
    for role in roles.values().filter(|role| role.login) {
        let message = if let Some(why) = exempt(&role.name) {
            format!("Role `{}` can log in and {why}: no policy holds for it.", role.name)
        } else {
            let inherited = with_inherited(context.catalog, &role.name);
            let group = inherited.iter().find_map(|group| Some((group, exempt(group)?)));
            let Some((group, why)) = group else { continue };
            format!("Role `{}` can log in and become `{group}`, which {why}.", role.name)
        };
        answers.push(Answer::unmet_subject(role.name.clone(), message).at(role.origin));
    }
    for table in context.tables() {
        for policy in &table.policies {
            let Some((role, why)) =
                policy.roles.iter().find_map(|role| Some((role, exempt(role)?)))
            else {
                continue;
            };
            let message = format!(
                "Policy `{}` on `{}` is for `{role}`, which {why}: no policy holds for it.",
                policy.name, table.name
            );
            answers.push(Answer::unmet(table, message).detail(&policy.name).at(policy.origin));
        }
    }
    answers
}
