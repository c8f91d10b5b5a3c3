//! # `foreign-key-oracle`
//!
//! ## What it checks
//!
//! Foreign keys into a table with row-level security refer to keys that cannot be guessed, such as UUIDs,
//! where a role other than the owner may insert or update the referring rows. Keys that are numbers, dates
//! or names can be. Where the tenant column is part of the key, a probe stays within the tenant. References
//! from a table to itself, and those into reference tables, tell nothing.
//!
//! ## Why
//!
//! The server checks references past all policies. An insert that succeeds says that the row is there.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_app;
//! CREATE TABLE patients (medical_record_number bigint PRIMARY KEY, full_name text);
//! ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
//! CREATE TABLE notes (id uuid PRIMARY KEY, patient bigint REFERENCES patients);
//! GRANT INSERT ON notes TO clinic_app;
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_app;
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text);
//! ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
//! CREATE TABLE notes (id uuid PRIMARY KEY, patient uuid REFERENCES patients);
//! GRANT INSERT ON notes TO clinic_app;
//! ```
//!
//! ## How to fix
//!
//! Refer to a key that cannot be guessed, or to the tenant and the key together.
//!
//! ## Settings
//!
//! `[tenancy] column`, `[classes]`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::{ForeignKey, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::rights::grantees;
use crate::facts::words::quoted_list;
use crate::{Category, Class, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "foreign-key-oracle",
    category: Category::Access,
    severity: Severity::Info,
    title: "Foreign key tells of hidden rows",
    provenance: "pgrls SEC047",
    impact: "Whoever may insert a reference learns which keys exist among the rows that policies hide from them.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("foreign_key_oracle.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let keys: Vec<_> = table
        .foreign_keys()
        .filter(|(_, key)| key.references != table.name && is_oracle(context, key))
        .collect();
    if keys.is_empty() {
        return Vec::new();
    }
    let writes = ["INSERT", "UPDATE"];
    let writers = grantees(context.catalog, &table.grants, table.owner.as_deref(), &writes);
    let Some((role, granted)) = writers.first() else { return Vec::new() };
    keys.into_iter()
        .map(|(constraint, key)| {
            let message = format!(
                "`{}` of `{}` refers to {} of `{}`, which can be guessed: `{role}` learns by inserting \
                 which of its hidden rows exist.",
                constraint.name,
                table.name,
                quoted_list(&key.referenced_columns, "and"),
                key.references,
            );
            Answer::unmet(table, message)
                .detail(&constraint.name)
                .at(constraint.origin)
                .at(*granted)
        })
        .collect()
}

fn is_oracle(context: &Context<'_>, key: &ForeignKey) -> bool {
    let Some(hidden) = context.catalog.tables.get(&key.references) else { return false };
    let guessable = |name: &String| {
        hidden.column(name).is_some_and(|column| {
            let data_type = &column.data_type;
            data_type.is_builtin() && !matches!(data_type.name.as_str(), "uuid" | "bytea")
        })
    };
    context.guards(hidden)
        && context.class(&hidden.name) != Class::Reference
        && !key.referenced_columns.is_empty()
        && !key.referenced_columns.contains(&context.standard.tenancy.column)
        && key.referenced_columns.iter().all(guessable)
}
