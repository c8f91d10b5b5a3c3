//! The values a column may hold: what enforces them, and what only says them.

use std::collections::BTreeSet;

use schemaward_catalog::{Catalog, Column, ConstraintKind, Origin, Table, UserTypeKind};
use sqlparser::ast::{Array, BinaryOperator, Expr, Value};

use super::expression::{bare, columns};

/// What limits a column's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// These are all that are accepted.
    Values(BTreeSet<String>, Origin),
    /// Those of another table.
    Lookup(Origin),
    /// Something that this tool does not read as a list of values.
    Unclear(Origin),
    /// Nothing.
    None,
}

/// What limits a column's values: its type, a check, a foreign key.
pub(crate) fn limit(catalog: &Catalog, table: &Table, column: &Column) -> Limit {
    if let Some((constraint, _)) =
        table.foreign_keys().find(|(_, key)| key.columns.contains(&column.name))
    {
        return Limit::Lookup(constraint.origin);
    }
    let mut unclear = None;
    if let Some(user_type) = catalog.user_type(&column.data_type) {
        match &user_type.kind {
            UserTypeKind::Enum(labels) => {
                return Limit::Values(labels.iter().cloned().collect(), user_type.origin);
            }
            UserTypeKind::Domain { checks, base, .. } => {
                if let Some(UserTypeKind::Enum(labels)) = catalog.user_type(base).map(|of| &of.kind)
                {
                    return Limit::Values(labels.iter().cloned().collect(), user_type.origin);
                }
                for check in checks {
                    match check.expression.ast.as_deref().and_then(listed) {
                        Some(values) => return Limit::Values(values, user_type.origin),
                        None => unclear = Some(user_type.origin),
                    }
                }
            }
            _ => unclear = Some(user_type.origin),
        }
    }
    for constraint in &table.constraints {
        let ConstraintKind::Check { expression } = &constraint.kind else { continue };
        if constraint.not_enforced {
            continue;
        }
        let Some(ast) = expression.ast.as_deref() else { continue };
        for part in super::expression::conjuncts(ast) {
            let named = columns(part);
            if !named.contains(&column.name) {
                continue;
            }
            match listed(part).filter(|_| named.len() == 1) {
                Some(values) => return Limit::Values(values, constraint.origin),
                None if is_shape(part) => {}
                None => unclear = Some(constraint.origin),
            }
        }
    }
    unclear.map_or(Limit::None, Limit::Unclear)
}

/// The values that a condition on one column lists; NULL may pass besides.
fn listed(condition: &Expr) -> Option<BTreeSet<String>> {
    match condition {
        Expr::Nested(inner) => listed(inner),
        Expr::InList { list, negated: false, .. } => list.iter().map(constant).collect(),
        Expr::AnyOp { compare_op: BinaryOperator::Eq, right, .. } => match bare(right) {
            Expr::Array(Array { elem, .. }) => elem.iter().map(constant).collect(),
            _ => None,
        },
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
            constant(right).or_else(|| constant(left)).map(|value| BTreeSet::from([value]))
        }
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            match (is_null_test(left), is_null_test(right)) {
                (true, _) => listed(right),
                (_, true) => listed(left),
                _ => {
                    let mut values = listed(left)?;
                    values.extend(listed(right)?);
                    Some(values)
                }
            }
        }
        _ => None,
    }
}

fn is_null_test(condition: &Expr) -> bool {
    super::expression::null_test(condition).is_some()
}

fn constant(expr: &Expr) -> Option<String> {
    match bare(expr) {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            Value::Number(number, _) => Some(number.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// A condition on a value's shape (its length, that it is not empty), which limits no list.
fn is_shape(condition: &Expr) -> bool {
    match condition {
        Expr::Nested(inner) => is_shape(inner),
        Expr::IsNotNull(_) | Expr::BinaryOp { op: BinaryOperator::NotEq, .. } => true,
        Expr::BinaryOp { left, right, .. } => {
            let measures = |side: &Expr| match bare(side) {
                Expr::Function(function) => matches!(
                    super::expression::name_of(&function.name).as_str(),
                    "length" | "char_length" | "octet_length" | "btrim"
                ),
                _ => false,
            };
            measures(left) || measures(right)
        }
        Expr::Between { expr, .. } => !matches!(bare(expr), Expr::Identifier(_)),
        _ => false,
    }
}

/// The values that a comment lists: quoted ones, words between bars, or words in capitals.
///
/// A comment that says more than a list and a few words before it lists nothing.
pub(crate) fn documented(comment: &str) -> Option<Vec<String>> {
    let text = comment.trim().trim_end_matches('.');
    let list = match text.rsplit_once(':') {
        Some((before, list)) if before.split_whitespace().count() <= 4 => list,
        Some(_) => return None,
        None => text,
    };
    let list = list.trim();
    let said = ["one of", "either", "values", "allowed values"].iter().find_map(|words| {
        let start = list.get(..words.len())?;
        start.eq_ignore_ascii_case(words).then(|| list.get(words.len()..)).flatten()
    });
    let introduced = said.is_some() || list.len() < text.len();
    let list = said.unwrap_or(list).trim();
    let separator = |c: char| matches!(c, ',' | '|' | '/' | ';');
    let barred = list.contains('|');
    let mut values = Vec::new();
    for part in list.split(separator).flat_map(split_or) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let quoted = part
            .strip_prefix('\'')
            .and_then(|part| part.strip_suffix('\''))
            .or_else(|| part.strip_prefix('"').and_then(|part| part.strip_suffix('"')));
        let value = quoted.unwrap_or(part);
        let word = !value.is_empty()
            && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let capitals = value.len() > 1
            && value.chars().any(char::is_uppercase)
            && !value.chars().any(char::is_lowercase);
        if !word || quoted.is_none() && !capitals && !barred && !introduced {
            return None;
        }
        values.push(value.to_owned());
    }
    (values.len() >= 2).then_some(values)
}

/// `a or b` as its two parts.
fn split_or(part: &str) -> impl Iterator<Item = &str> {
    part.split(" or ").flat_map(|part| part.split(" and "))
}

#[cfg(test)]
mod tests {
    use super::documented;

    #[test]
    fn a_comment_lists_values() {
        for (comment, expect) in [
            ("'INBOUND', 'OUTBOUND'", "INBOUND OUTBOUND"),
            ("PENDING | SETTLED | FAILED", "PENDING SETTLED FAILED"),
            ("open|closed", "open closed"),
            ("One of 'a', 'b' or 'c'.", "a b c"),
            ("status: active, inactive", "active inactive"),
            ("DRAFT, SENT", "DRAFT SENT"),
        ] {
            assert_eq!(
                documented(comment).map(|v| v.join(" ")).as_deref(),
                Some(expect),
                "{comment}"
            );
        }
        for comment in [
            "the state of the ticket, see the manual",
            "ISO 3166, two letters",
            "Who looks after this patient's bills",
            "'OPEN'",
            "set by the importer; empty for adults",
            "read/write by the front desk",
        ] {
            assert_eq!(documented(comment), None, "{comment}");
        }
    }
}
