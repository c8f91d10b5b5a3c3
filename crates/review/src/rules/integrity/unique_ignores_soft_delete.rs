//! # `unique-ignores-soft-delete`
//!
//! ## What it checks
//!
//! On a table with the standard's soft-delete column, a unique constraint or index counts live rows
//! only: it is a partial index `WHERE deleted_at IS NULL`, or has the column in its key. Left out
//! are uniques that foreign keys need, those that contain the primary key, and keys that must never
//! come back (hashes, tokens).
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
//! `[soft_delete] column`.
//!
//! ## References
//!
//! PostgreSQL documentation, "Partial Indexes".

use schemaward_catalog::{ConstraintKind, Expression, IndexKeyKind, Origin, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::expression::{columns, conjuncts, null_test};
use crate::facts::words::words;
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
    let uniques = uniques(table);
    let key: &[String] = table.primary_key().map_or(&[], |(_, columns)| columns);
    uniques
        .into_iter()
        .filter(|unique| !is_live_only(unique, deleted))
        .filter(|unique| {
            let contains_key =
                !key.is_empty() && key.iter().all(|name| unique.columns.contains(name));
            !contains_key && !is_referenced(context, table, &unique.columns)
        })
        .filter(|unique| {
            !unique.columns.iter().any(|column| {
                words(column).iter().any(|word| {
                    matches!(word.as_str(), "hash" | "token" | "nonce" | "jti" | "digest")
                })
            })
        })
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

struct Unique<'a> {
    name: &'a str,
    columns: Vec<String>,
    what: String,
    predicate: Option<&'a Expression>,
    origin: Origin,
}

fn uniques(table: &Table) -> Vec<Unique<'_>> {
    let constraints = table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Unique { columns, .. } => Some(Unique {
            name: &constraint.name,
            what: format!("({})", columns.join(", ")),
            columns: columns.clone(),
            predicate: None,
            origin: constraint.origin,
        }),
        _ => None,
    });
    let indexes = table.indexes.iter().filter(|index| index.unique).map(|index| {
        let mut names = Vec::new();
        let mut what = Vec::new();
        for key in &index.keys {
            match &key.key {
                IndexKeyKind::Column(name) => {
                    names.push(name.clone());
                    what.push(name.clone());
                }
                IndexKeyKind::Expression(expression) => {
                    names.extend(expression.ast.as_deref().map(columns).unwrap_or_default());
                    what.push(expression.text.clone());
                }
            }
        }
        Unique {
            name: &index.name,
            columns: names,
            what: format!("({})", what.join(", ")),
            predicate: index.predicate.as_ref(),
            origin: index.origin,
        }
    });
    constraints.chain(indexes).collect()
}

/// Whether only live rows count: the predicate demands it, or the key tells deleted rows apart.
fn is_live_only(unique: &Unique<'_>, deleted: &str) -> bool {
    if unique.columns.iter().any(|column| column == deleted) {
        return true;
    }
    let Some(predicate) = unique.predicate else { return false };
    match predicate.ast.as_deref() {
        Some(ast) => conjuncts(ast)
            .into_iter()
            .any(|part| null_test(part).is_some_and(|(column, null)| null && column == deleted)),
        // A predicate nobody could read is given the benefit of the doubt.
        None => true,
    }
}

/// Whether a foreign key refers to exactly these columns, which only a full unique key can serve.
fn is_referenced(context: &Context<'_>, table: &Table, columns: &[String]) -> bool {
    context.referring.get(&table.name).into_iter().flatten().any(|key| {
        key.referenced_columns.len() == columns.len()
            && key.referenced_columns.iter().all(|column| columns.contains(column))
    })
}
