//! # `primary-key-storage`
//!
//! ## What it checks
//!
//! A primary key of the mandated kind is stored in the mandated type: a ULID in `uuid` by default.
//! Where the standard mandates text, a ULID needs a check that only its 26 characters get in.
//!
//! ## Why
//!
//! A ULID as text takes 27 bytes instead of 16 in every row and every index that refers to it, and
//! two spellings of one value (upper and lower case) are two keys.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE messages (
//!     id   text PRIMARY KEY DEFAULT gen_ulid()::text,
//!     body text NOT NULL
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE messages (
//!     id   uuid PRIMARY KEY DEFAULT gen_ulid(),
//!     body text NOT NULL
//! );
//! ```
//!
//! ## How to fix
//!
//! Convert the column and every column that refers to it in one migration
//! (`ALTER COLUMN … TYPE uuid USING …`), or add the check.
//!
//! ## Settings
//!
//! `[primary_key] storage`.
//!
//! ## References
//!
//! The ULID specification, "Encoding".

use schemaward_catalog::{ConstraintKind, Table, UserTypeKind};
use sqlparser::ast::{BinaryOperator, Expr};

use super::primary_key_kind::{KeyColumn, key_column};
use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::expression::{columns, conjuncts};
use crate::facts::key::{Generator, generator};
use crate::standard::matches_pattern;
use crate::{Category, Control, KeyKind, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "primary-key-storage",
    category: Category::Integrity,
    severity: Severity::Warning,
    title: "Primary key stored in another type than mandated",
    provenance: "reference review",
    impact: "Keys take more room in every index and may be spelt in two ways.",
    references: &[],
    control: Some(Control::PrimaryKey),
    page: page!("primary_key_storage.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandate = &context.standard.primary_key;
    if !matches!(mandate.kind, KeyKind::Ulid | KeyKind::Uuid7 | KeyKind::Uuid4)
        || mandate.except.iter().any(|pattern| matches_pattern(pattern, &table.name))
    {
        return Vec::new();
    }
    let KeyColumn::Judge(column) = key_column(context, table) else { return Vec::new() };
    let Generator::Kind { kind, .. } = generator(context.catalog, context.standard, column) else {
        return Vec::new();
    };
    if kind != mandate.kind {
        return Vec::new();
    }
    // A domain stores what its base type stores.
    let domain = context.catalog.user_type(&column.data_type).map(|found| &found.kind);
    let (stored, domain_checked) = match domain {
        Some(UserTypeKind::Domain { base, checks, .. }) => (base, !checks.is_empty()),
        _ => (&column.data_type, false),
    };
    let subject = format!("{}.{}", table.name, column.name);
    let message = if stored.name != mandate.storage.name {
        // The extension's own type is the kind itself.
        if stored.name == "ulid" {
            return Vec::new();
        }
        format!(
            "`{subject}` holds a {kind} in `{}`; the standard stores it in `{}`.",
            column.data_type, mandate.storage
        )
    } else if kind == KeyKind::Ulid
        && is_text(&stored.name)
        && !domain_checked
        && !is_checked(table, &column.name)
    {
        format!(
            "`{subject}` holds a ULID as text and nothing checks its alphabet and length; add a \
             check such as `{} ~ '^[0-7][0-9A-HJKMNP-TV-Z]{{25}}$'`.",
            column.name
        )
    } else {
        return Vec::new();
    };
    vec![Answer::unmet(table, message).column(&column.name).at(column.origin)]
}

fn is_text(name: &str) -> bool {
    matches!(name, "text" | "character varying" | "character" | "citext")
}

/// Whether a check matches the column against a pattern.
fn is_checked(table: &Table, column: &str) -> bool {
    table.constraints.iter().any(|constraint| {
        let ConstraintKind::Check { expression } = &constraint.kind else { return false };
        expression.ast.as_deref().is_some_and(|ast| {
            conjuncts(ast).into_iter().any(|part| {
                let matches_pattern = matches!(
                    part,
                    Expr::BinaryOp {
                        op: BinaryOperator::PGRegexMatch | BinaryOperator::PGRegexIMatch,
                        ..
                    } | Expr::SimilarTo { .. }
                );
                matches_pattern && columns(part).contains(column)
            })
        })
    })
}
