//! # `unique-ignores-soft-delete`
//!
//! ## What it checks
//!
//! On a table with the standard's soft-delete column, a unique constraint or index counts live rows
//! only: it is a partial index `WHERE deleted_at IS NULL`, or has the column in its key. Left out
//! are uniques that foreign keys need, those that contain the primary key, keys that must never
//! come back (hashes, tokens), and what the standard itself requires to be unique among deleted rows too.
//!
//! ## Why
//!
//! A soft-deleted row still occupies its unique values: the same e-mail address, slug or membership
//! can never be used again, and the error the user sees names a row nobody can find.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE patients (
//!     id         uuid PRIMARY KEY,
//!     mrn        text NOT NULL UNIQUE,
//!     deleted_at timestamptz
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE patients (
//!     id         uuid PRIMARY KEY,
//!     mrn        text NOT NULL,
//!     deleted_at timestamptz
//! );
//! CREATE UNIQUE INDEX patients_mrn_live_key ON patients (mrn) WHERE deleted_at IS NULL;
//! ```
//!
//! ## How to fix
//!
//! Replace the constraint by a unique index with the predicate, in one transaction.
//!
//! ## Settings
//!
//! `[soft_delete] column`, `[[require.unique]]`.
//!
//! ## References
//!
//! PostgreSQL documentation, "Partial Indexes".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::unique::{counting_deleted, must_count_deleted};
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "unique-ignores-soft-delete",
    category: Category::Integrity,
    severity: Severity::Warning,
    title: "Unique key counts deleted rows",
    provenance: "schemaward",
    impact: "A deleted row blocks its values for ever, with an error that names a row nobody sees.",
    references: &[],
    control: None,
    page: page!("unique_ignores_soft_delete.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let deleted = context.standard.soft_delete.column.as_str();
    if table.column(deleted).is_none() {
        return Vec::new();
    }
    let referring = context.referring.get(&table.name).map_or(&[][..], Vec::as_slice);
    counting_deleted(table, deleted, referring)
        .into_iter()
        .filter(|unique| !must_count_deleted(context.standard, table, unique))
        .map(|unique| {
            let message = format!(
                "`{}` keeps {} of `{}` unique among deleted rows too; make it a unique index \
                 `WHERE {deleted} IS NULL`.",
                unique.name, unique.what, table.name
            );
            Answer::unmet(table, message).detail(unique.name).at(unique.origin)
        })
        .collect()
}
