//! # `policy-literal-tenant`
//!
//! ## What it checks
//!
//! No policy compares the tenant of a row with a constant. Tenant columns are the standard's, and those
//! that refer to the table of tenants. Beside a comparison with the session (`… OR organization_id = '…'`)
//! the constant names rows that all share, and it is a warning; zero and the nil UUID there are a way to
//! mark shared rows, and fine.
//!
//! ## Why
//!
//! A constant is left over from a test or a first customer. It holds for every session.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes
//!     USING (organization_id = '0b6c2c5e-6d7b-4a52-9a61-1f6d5b0c7e11');
//! ```
//!
//! ```sql passes
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, kind text);
//! CREATE POLICY of_tenant ON notes
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid
//!            AND kind = 'clinical');
//! ```
//!
//! ## How to fix
//!
//! Compare with what the session says.
//!
//! ## Settings
//!
//! `[tenancy] column`, `[tenancy] table`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::PolicyFacts;
use crate::facts::predicate::{Against, ColumnUse};
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-literal-tenant",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policy with a tenant written into it",
    provenance: "pgrls SEC021",
    impact: "Every session sees the rows of that one tenant, whoever it acts for.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_literal_tenant.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies.filter_map(|facts| judge(context, table, facts)).collect()
}

fn judge(context: &Context<'_>, table: &Table, facts: &PolicyFacts<'_>) -> Option<Answer> {
    let found = facts.clauses().find_map(|clause| {
        let comparisons = &clause.predicate.comparisons;
        comparisons.iter().filter(|found| found.equality).find_map(|found| {
            let Against::Literal(value) = &found.against else { return None };
            if !is_tenant(context, table, &found.column) {
                return None;
            }
            let shared = comparisons
                .iter()
                .any(|other| other.column == found.column && other.against == Against::Session);
            let nobody = value.chars().all(|c| matches!(c, '0' | '-'));
            (!(shared && nobody)).then_some((clause, found, value, shared))
        })
    });
    let (clause, found, value, shared) = found?;
    let message = format!(
        "Policy `{}` on `{}` compares `{}` with the constant `{value}`.",
        facts.policy.name, table.name, found.column.column,
    );
    let answer = Answer::unmet(table, message).detail(&facts.policy.name).at(clause.origin());
    Some(if shared { answer.severity(Severity::Warning) } else { answer })
}

/// Whether a column says which tenant a row belongs to.
fn is_tenant(context: &Context<'_>, own: &Table, column: &ColumnUse) -> bool {
    let table = match &column.table {
        None => own,
        Some(name) => match context.catalog.tables.get(name) {
            Some(table) => table,
            None => return column.column == context.standard.tenancy.column,
        },
    };
    let is_key = || {
        context.standard.is_tenant_table(&table.name)
            && table.primary_key().is_some_and(|(_, key)| *key == [column.column.clone()])
    };
    column.column == context.standard.tenancy.column
        || is_key()
        || table.foreign_keys().any(|(_, key)| {
            key.columns == [column.column.clone()]
                && context.standard.is_tenant_table(&key.references)
        })
}
