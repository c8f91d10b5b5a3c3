//! # `rls-not-forced`
//!
//! ## What it checks
//!
//! Where row-level security is enabled, `FORCE ROW LEVEL SECURITY` is too, so that it holds for the
//! owner of the table.
//!
//! ## Why
//!
//! Owners bypass row-level security. Many applications connect as the role that ran the migrations,
//! which is the owner: for them an enabled but unforced policy does nothing.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE allergies (id uuid PRIMARY KEY, patient_id uuid NOT NULL);
//! ALTER TABLE allergies ENABLE ROW LEVEL SECURITY;
//! ```
//!
//! ```sql passes
//! CREATE TABLE allergies (id uuid PRIMARY KEY, patient_id uuid NOT NULL);
//! ALTER TABLE allergies ENABLE ROW LEVEL SECURITY;
//! ALTER TABLE allergies FORCE ROW LEVEL SECURITY;
//! ```
//!
//! ## How to fix
//!
//! `ALTER TABLE … FORCE ROW LEVEL SECURITY`; let migrations and backups run as a role with
//! `BYPASSRLS`.
//!
//! ## Settings
//!
//! `[rls] force = false` switches the rule off.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "rls-not-forced",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Row-level security not forced on the owner",
    provenance: "pgrls SEC002, SEC048",
    impact: "An application that connects as the table's owner bypasses every policy.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::RowSecurity),
    page: page!("rls_not_forced.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if !context.standard.rls.force || !table.row_security.on {
        return Vec::new();
    }
    if table.row_security_forced.on {
        let origin = table.row_security_forced.origin.unwrap_or(table.name_origin);
        return vec![Answer::met(table, "and forced on its owner").at(origin)];
    }
    if let Some(blind) = context.blind_on(table, |touches| touches.row_security) {
        let message = format!(
            "No `FORCE ROW LEVEL SECURITY` of `{}` was read, but a statement that may force it was \
             not read ({}).",
            table.name, blind.reason
        );
        return vec![Answer::undecided(table, message).at(blind.origin)];
    }
    let message = format!(
        "Row-level security of `{}` is enabled but not forced: its owner bypasses it.",
        table.name
    );
    let at = table.row_security_forced.origin.or(table.row_security.origin);
    vec![Answer::unmet(table, message).at(at.unwrap_or(table.name_origin))]
}
