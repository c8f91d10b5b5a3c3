//! Unique constraints and indexes, and the rows they count.

use schemaward_catalog::{
    Constraint, ConstraintKind, Expression, ForeignKey, Index, IndexKeyKind, Origin, Table,
    quote_identifier,
};
use sqlparser::ast::Expr;

use super::condition::implies;
use super::expression::{columns, conjuncts, null_test, parse_condition};
use super::words::words;
use crate::Standard;
use crate::standard::matches_pattern;

/// The uniqueness of a table that holds among soft-deleted rows too, though it need not: not what the
/// key is a part of, not what a foreign key relies on, and not what tells secrets apart.
pub(crate) fn counting_deleted<'a>(
    table: &'a Table,
    deleted: &str,
    referring: &[&ForeignKey],
) -> Vec<Unique<'a>> {
    let key: &[String] = table.primary_key().map_or(&[], |(_, columns)| columns);
    uniques(table)
        .into_iter()
        .filter(|unique| !is_live_only(unique, deleted))
        .filter(|unique| {
            let contains_key =
                !key.is_empty() && key.iter().all(|name| unique.columns.contains(name));
            !contains_key && !referring.iter().any(|key| refers_to(key, &unique.columns))
        })
        .filter(|unique| {
            !unique.columns.iter().any(|column| {
                words(column).iter().any(|word| {
                    matches!(word.as_str(), "hash" | "token" | "nonce" | "jti" | "digest")
                })
            })
        })
        .collect()
}

/// Whether the standard asks for just this uniqueness.
pub(crate) fn is_required(standard: &Standard, table: &Table, unique: &Unique<'_>) -> bool {
    required(standard, table, unique).next().is_some()
}

/// Whether the standard asks for just this uniqueness, among deleted rows too.
pub(crate) fn must_count_deleted(standard: &Standard, table: &Table, unique: &Unique<'_>) -> bool {
    let live = format!("{} IS NULL", quote_identifier(&standard.soft_delete.column));
    let live = parse_condition(&live);
    required(standard, table, unique).any(|given| !implies(given.as_ref(), live.as_ref()))
}

/// The conditions under which the standard asks for just this uniqueness.
fn required<'s>(
    standard: &'s Standard,
    table: &'s Table,
    unique: &'s Unique<'_>,
) -> impl Iterator<Item = Option<Expr>> + 's {
    let all = standard.require.uniques.iter();
    all.filter(|required| {
        matches_pattern(&required.table, &table.name)
            && unique.columns.iter().all(|column| required.columns.contains(column))
    })
    .map(|required| required.predicate.as_deref().and_then(parse_condition))
    .filter(|given| unique.predicate.is_none_or(|own| implies(given.as_ref(), own.ast.as_deref())))
}

/// Whether a foreign key refers to exactly these columns, which only a full unique key can serve.
pub(crate) fn refers_to(key: &ForeignKey, columns: &[String]) -> bool {
    key.referenced_columns.len() == columns.len()
        && key.referenced_columns.iter().all(|column| columns.contains(column))
}

/// A unique constraint or index.
pub(crate) struct Unique<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// The constraint or index itself.
    pub(crate) object: UniqueObject<'a>,
    /// Every column it names.
    pub(crate) columns: Vec<String>,
    /// Its keys are columns, none is computed.
    pub(crate) plain: bool,
    /// Its key, as people write it.
    pub(crate) what: String,
    /// The rows among which it holds.
    pub(crate) predicate: Option<&'a Expression>,
    /// Its definition.
    pub(crate) origin: Origin,
}

/// What enforces uniqueness.
#[derive(Clone, Copy)]
pub(crate) enum UniqueObject<'a> {
    Constraint(&'a Constraint),
    Index(&'a Index),
}

/// Every unique constraint and unique index of a table.
pub(crate) fn uniques(table: &Table) -> Vec<Unique<'_>> {
    let constraints = table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::Unique { columns, .. } => Some(Unique {
            name: &constraint.name,
            object: UniqueObject::Constraint(constraint),
            what: format!("({})", columns.join(", ")),
            columns: columns.clone(),
            plain: true,
            predicate: None,
            origin: constraint.origin,
        }),
        _ => None,
    });
    let indexes = table.indexes.iter().filter(|index| index.unique).map(|index| {
        let mut names = Vec::new();
        let mut what = Vec::new();
        let plain = index.keys.iter().all(|key| matches!(key.key, IndexKeyKind::Column(_)));
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
            object: UniqueObject::Index(index),
            columns: names,
            plain,
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
