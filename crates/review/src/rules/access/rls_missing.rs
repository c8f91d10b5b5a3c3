//! # `rls-missing`
//!
//! ## What it checks
//!
//! Row-level security is enabled, in the final state, on every table of a class that mandates it
//! (clinical, financial and identity, unless the standard says otherwise), on every table with the
//! standard's tenant column, and on operational tables with a column that the dictionary of identifiers
//! knows for a fact of a person's health, the number of a person, a record or a plan, or a day of birth
//! (`diagnosis`, `ssn`, `date_of_birth` and their like). The last `ENABLE` or `DISABLE` counts; a partition is judged through
//! its table.
//!
//! ## Why
//!
//! Row-level security is the net below the application: when a query forgets its `WHERE`, it decides
//! whether one tenant sees another's patients. It cannot hold where it is not switched on.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE billing_transactions (
//!     id              uuid PRIMARY KEY,
//!     organization_id uuid NOT NULL,
//!     amount_cents    bigint NOT NULL
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE billing_transactions (
//!     id              uuid PRIMARY KEY,
//!     organization_id uuid NOT NULL,
//!     amount_cents    bigint NOT NULL
//! );
//! ALTER TABLE billing_transactions ENABLE ROW LEVEL SECURITY;
//! ```
//!
//! ## How to fix
//!
//! Write the policy first, then `ENABLE` and `FORCE ROW LEVEL SECURITY`: enabling without a policy
//! hides every row.
//!
//! ## Settings
//!
//! `[rls] classes`, `[tenancy] column`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::{Category, Class, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "rls-missing",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Row-level security missing",
    provenance: "reference review; pgrls SEC001; splinter 0013",
    impact: "Potential for unauthorized access to sensitive data: any query that forgets its \
             filter sees every tenant.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::RowSecurity),
    page: page!("rls_missing.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandated = context.mandated(&table.name, &context.standard.rls.classes);
    let class = context.class(&table.name);
    // A log is written by triggers and read by auditors; the standard says whether it needs RLS.
    let tenant = context.has_tenant_column(table) && class != Class::Audit;
    if table.row_security.on {
        let origin = table.row_security.origin.unwrap_or(table.name_origin);
        return vec![Answer::met(table, "row-level security is enabled").at(origin)];
    }
    let health = Some(class == Class::Operational && !context.standard.rls.classes.is_empty())
        .filter(|asked| *asked)
        .and_then(|_| health_fact(context, table));
    if !mandated && !tenant && health.is_none() {
        return Vec::new();
    }
    if let Some(blind) = context.blind_on(table, |touches| touches.row_security) {
        let message = format!(
            "Row-level security of `{}` is off as far as the text was read, but a statement that \
             may enable it was not read ({}).",
            table.name, blind.reason
        );
        return vec![Answer::undecided(table, message).at(blind.origin)];
    }
    let why = if mandated {
        format!("it holds {} rows", class.word())
    } else if tenant {
        format!("its rows belong to a tenant (`{}`)", context.standard.tenancy.column)
    } else {
        format!("it holds facts of a person's health (`{}`)", health.unwrap_or_default())
    };
    let policies = if table.policies.is_empty() { " and no policy" } else { "" };
    let message = match table.row_security.origin {
        Some(_) => format!(
            "Row-level security of `{}` was disabled and stays so, though {why}.",
            table.name
        ),
        None => format!("`{}` has no row-level security{policies}, though {why}.", table.name),
    };
    let at = table.row_security.origin.unwrap_or(table.name_origin);
    vec![Answer::unmet(table, message).at(at)]
}

/// The first column that tells of a person's health, or who they are to a doctor or an office.
fn health_fact<'c>(context: &'c Context<'_>, table: &Table) -> Option<&'c str> {
    let mut found = context.identifiers(&table.name).iter();
    let column = found.find(|found| found.kind.tells_of_patient())?.column;
    Some(&column.name)
}
