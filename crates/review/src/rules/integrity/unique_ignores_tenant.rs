//! # `unique-ignores-tenant`
//!
//! ## What it checks
//!
//! On a table with the tenant's column, a unique constraint or index has that column in its key.
//! Left out are keys that contain the primary key, what a foreign key relies on, values that are unique
//! by themselves (UUIDs, hashes, tokens), columns that refer to rows of one tenant, and what the
//! standard itself requires to be unique.
//!
//! ## Why
//!
//! Uniqueness is checked past row-level security. Whoever inserts a value that another tenant has
//! learns from the error that it exists there, and cannot use it himself.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE invoices (
//!     id              uuid PRIMARY KEY,
//!     organization_id uuid NOT NULL,
//!     invoice_number  text NOT NULL UNIQUE
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE invoices (
//!     id              uuid PRIMARY KEY,
//!     organization_id uuid NOT NULL,
//!     invoice_number  text NOT NULL,
//!     UNIQUE (organization_id, invoice_number)
//! );
//! ```
//!
//! ## How to fix
//!
//! Put the tenant's column first in the key.
//!
//! ## Settings
//!
//! `[tenancy] column`.
//!
//! ## References
//!
//! pgrls SEC035.

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::unique::{Unique, is_required, refers_to, uniques};
use crate::facts::words::words;
use crate::{Category, Class, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "unique-ignores-tenant",
    category: Category::Integrity,
    severity: Severity::Warning,
    title: "Unique key across tenants",
    provenance: "pgrls SEC035",
    impact: "An error tells one tenant which values another has, and takes them from him.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("unique_ignores_tenant.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let tenant = &context.standard.tenancy.column;
    if table.column(tenant).is_none()
        || context.standard.is_tenant_table(&table.name)
        || context.class(&table.name) == Class::Reference
    {
        return Vec::new();
    }
    across(context, table)
        .into_iter()
        .map(|unique| {
            let message = format!(
                "`{}` keeps {} of `{}` unique across tenants; put `{tenant}` into the key.",
                unique.name, unique.what, table.name
            );
            Answer::unmet(table, message).detail(unique.name).at(unique.origin)
        })
        .collect()
}

/// The uniqueness of a tenant's table that holds across tenants though it need not.
fn across<'a>(context: &Context<'_>, table: &'a Table) -> Vec<Unique<'a>> {
    let tenant = &context.standard.tenancy.column;
    let key: &[String] = table.primary_key().map_or(&[], |(_, columns)| columns);
    let referring = context.referring.get(&table.name).map_or(&[][..], Vec::as_slice);
    let by_itself = |column: &String| {
        let random = table.column(column).is_some_and(|column| column.data_type.name == "uuid")
            && !table.foreign_keys().any(|(_, key)| key.columns.contains(column));
        let secret = words(column).iter().any(|word| {
            matches!(
                word.as_str(),
                "digest" | "fingerprint" | "guid" | "hash" | "jti" | "nonce" | "token" | "uuid"
            )
        });
        random || secret || of_one_tenant(context, table, column)
    };
    uniques(table)
        .into_iter()
        .filter(|unique| {
            let contains_key = !key.is_empty() && key.iter().all(|c| unique.columns.contains(c));
            !unique.columns.contains(tenant)
                && !unique.columns.is_empty()
                && !contains_key
                && !referring.iter().any(|key| refers_to(key, &unique.columns))
                && !unique.columns.iter().any(by_itself)
                && !is_required(context.standard, table, unique)
        })
        .collect()
}

/// Whether a column refers to a row that belongs to one tenant, so that it tells tenants apart.
fn of_one_tenant(context: &Context<'_>, table: &Table, column: &String) -> bool {
    table.foreign_keys().any(|(_, key)| {
        // A key that names the tenant as well does not say that the row is of one tenant only.
        key.columns.as_slice() == std::slice::from_ref(column)
            && context.catalog.tables.get(&key.references).is_some_and(|parent| {
                parent.column(&context.standard.tenancy.column).is_some_and(|own| !own.nullable)
            })
    })
}
