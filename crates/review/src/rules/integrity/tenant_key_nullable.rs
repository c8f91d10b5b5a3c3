//! # `tenant-key-nullable`
//!
//! ## What it checks
//!
//! The tenant's column is `NOT NULL` on every table that has it. Left out are the audit log, which
//! records what belongs to no tenant too, reference tables, whose common rows have none, and tables
//! with a policy that names the rows without a tenant (`organization_id IS NULL`).
//!
//! ## Why
//!
//! A row without a tenant belongs to nobody: policies hide it from every tenant, reports leave it out,
//! and a delete of the tenant misses it. Or, where a policy compares loosely, everyone sees it.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE appointments (id uuid PRIMARY KEY, organization_id uuid, starts_at timestamptz);
//! ```
//!
//! ```sql passes
//! CREATE TABLE appointments (
//!     id              uuid PRIMARY KEY,
//!     organization_id uuid NOT NULL,
//!     starts_at       timestamptz
//! );
//! ```
//!
//! ## How to fix
//!
//! Give the rows without a tenant one, then `ALTER COLUMN … SET NOT NULL`.
//!
//! ## Settings
//!
//! `[tenancy] column`.
//!
//! ## References
//!
//! pgrls SEC030.

use schemaward_catalog::{ConstraintKind, Table};

use super::required_column::unless_blind;
use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::expression::{any_null_test, conjuncts, null_test};
use crate::{Category, Class, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "tenant-key-nullable",
    category: Category::Integrity,
    severity: Severity::Warning,
    title: "Tenant column accepts NULL",
    provenance: "pgrls SEC030",
    impact: "A row without a tenant belongs to nobody, or to everybody.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("tenant_key_nullable.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let name = context.standard.tenancy.column.as_str();
    let Some(column) = table.column(name).filter(|column| column.nullable) else {
        return Vec::new();
    };
    if context.standard.is_tenant_table(&table.name)
        || matches!(context.class(&table.name), Class::Audit | Class::Reference)
    {
        return Vec::new();
    }
    let checked = table.constraints.iter().any(|constraint| match &constraint.kind {
        ConstraintKind::Check { expression } => expression.ast.as_deref().is_some_and(|ast| {
            conjuncts(ast).into_iter().any(|part| {
                null_test(part).is_some_and(|(column, is_null)| !is_null && column == name)
            })
        }),
        _ => false,
    });
    let meant = table.policies.iter().any(|policy| {
        let expressions = policy.using.iter().chain(&policy.check);
        expressions.filter_map(|part| part.ast.as_deref()).any(|ast| any_null_test(ast, name))
    });
    if checked || meant {
        return Vec::new();
    }
    let message = format!(
        "`{}.{name}` accepts NULL, so a row can belong to no tenant; make it `NOT NULL`.",
        table.name
    );
    let answer = Answer::unmet(table, message).at(column.origin);
    vec![unless_blind(context, table, answer).column(name)]
}
