//! Whether one condition follows from another.

use sqlparser::ast::{BinaryOperator, Expr, Value};

use super::expression::{bare, columns, conjuncts, null_test};
use crate::drift::canonical::canonical_ast;

/// Whether every row that fulfils `given` fulfils `wanted`; no condition at all holds for every row.
///
/// Right when it says yes: every conjunct of `wanted` must be one of `given`, in whatever spelling,
/// or follow from one.
pub(crate) fn implies(given: Option<&Expr>, wanted: Option<&Expr>) -> bool {
    let Some(wanted) = wanted else { return true };
    let given: Vec<&Expr> = given.map(conjuncts).unwrap_or_default();
    let known: Vec<String> = given.iter().map(|part| spelled(part)).collect();
    conjuncts(wanted).into_iter().all(|part| {
        known.contains(&spelled(part))
            || null_test(part).is_some_and(|(column, is_null)| {
                !is_null && given.iter().any(|part| compares(part, &column))
            })
    })
}

/// The canonical text of a condition, `flag = true` as `flag`.
fn spelled(part: &Expr) -> String {
    let flag = match part {
        Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => match (bare(left), bare(right)) {
            (flag, Expr::Value(value)) | (Expr::Value(value), flag)
                if value.value == Value::Boolean(true) =>
            {
                Some(flag)
            }
            _ => None,
        },
        Expr::IsTrue(inner) => Some(bare(inner)),
        _ => None,
    };
    canonical_ast(flag.unwrap_or(part))
}

/// Whether a condition compares a column with something, which NULL never fulfils.
fn compares(part: &Expr, column: &str) -> bool {
    let is_column = |side: &Expr| {
        matches!(bare(side), Expr::Identifier(_) | Expr::CompoundIdentifier(_))
            && columns(side).contains(column)
    };
    match part {
        Expr::BinaryOp { left, op, right } => {
            matches!(
                op,
                BinaryOperator::Eq
                    | BinaryOperator::NotEq
                    | BinaryOperator::Lt
                    | BinaryOperator::LtEq
                    | BinaryOperator::Gt
                    | BinaryOperator::GtEq
            ) && (is_column(left) || is_column(right))
        }
        Expr::InList { expr, negated: false, .. } => is_column(expr),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_from_its_conjuncts() {
        let parse = |text: &str| schemaward_sql::parse_expression(text).expect("a condition");
        for (given, wanted, expect) in [
            ("role = 'PRIMARY' AND removed_at IS NULL", "role = 'PRIMARY'::care_role", true),
            (
                "is_primary AND deleted_at IS NULL",
                "(deleted_at IS NULL) AND is_primary = true",
                true,
            ),
            ("deleted_at IS NULL", "deleted_at IS NULL AND is_primary", false),
            ("kind = 'a'", "kind IS NOT NULL", true),
            ("kind IS NULL", "kind IS NOT NULL", false),
            ("a OR b", "a", false),
        ] {
            assert_eq!(
                implies(Some(&parse(given)), Some(&parse(wanted))),
                expect,
                "{given} {wanted}"
            );
        }
        assert!(implies(None, None) && !implies(None, Some(&parse("a"))));
    }
}
