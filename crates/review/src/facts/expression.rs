//! Facts about parsed expressions: constant truth, relations read, shape.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use schemaward_catalog::ObjectName;
use sqlparser::ast::{
    self, BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Query, SelectItem,
    SetExpr, UnaryOperator, Value, visit_expressions, visit_relations,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

/// An expression without parentheses and casts around it.
pub(crate) fn bare(mut expression: &Expr) -> &Expr {
    // The parser bounds nesting, so the loop is bounded too.
    while let Expr::Nested(inner)
    | Expr::Cast { expr: inner, .. }
    | Expr::Collate { expr: inner, .. } = expression
    {
        expression = inner;
    }
    expression
}

/// The truth of a condition that does not depend on any row or session; `None` when it does.
pub(crate) fn constant_truth(expression: &Expr) -> Option<bool> {
    match expression {
        Expr::Nested(inner) | Expr::IsTrue(inner) | Expr::IsNotFalse(inner) => {
            constant_truth(inner)
        }
        Expr::IsFalse(inner) | Expr::IsNotTrue(inner) => constant_truth(inner).map(|truth| !truth),
        Expr::Cast { expr, .. } => constant_truth(expr),
        Expr::Value(value) => match &value.value {
            Value::Boolean(truth) => Some(*truth),
            Value::SingleQuotedString(text) => match text.trim().to_lowercase().as_str() {
                "t" | "true" | "yes" | "on" | "1" => Some(true),
                "f" | "false" | "no" | "off" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => constant_truth(expr).map(|truth| !truth),
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            match (constant_truth(left), constant_truth(right)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ if complementary(left, right) => Some(true),
                _ => None,
            }
        }
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            match (constant_truth(left), constant_truth(right)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        }
        Expr::BinaryOp { left, op, right } => compare(bare(left), op, bare(right)),
        Expr::IsNotDistinctFrom(left, right) if bare(left) == bare(right) => Some(true),
        Expr::IsDistinctFrom(left, right) if bare(left) == bare(right) => Some(false),
        Expr::IsNull(inner) => match bare(inner) {
            Expr::Value(value) => Some(value.value == Value::Null),
            _ => None,
        },
        Expr::IsNotNull(inner) => match bare(inner) {
            Expr::Value(value) => Some(value.value != Value::Null),
            _ => None,
        },
        Expr::Function(function) if name_of(&function.name) == "coalesce" => {
            arguments(function).first().and_then(|first| constant_truth(first))
        }
        Expr::Subquery(query) => constant_truth(lone_projection(query)?),
        _ => None,
    }
}

/// Two literals, or one deterministic operand on both sides.
fn compare(left: &Expr, op: &BinaryOperator, right: &Expr) -> Option<bool> {
    let same = match (left, right) {
        (Expr::Value(left), Expr::Value(right)) => {
            if left.value == Value::Null || right.value == Value::Null {
                return None;
            }
            left.value == right.value
        }
        // `id = id` is true for every row that has one: nobody is kept out.
        (
            Expr::Identifier(_) | Expr::CompoundIdentifier(_),
            Expr::Identifier(_) | Expr::CompoundIdentifier(_),
        ) if left == right => true,
        _ => return None,
    };
    match op {
        BinaryOperator::Eq | BinaryOperator::GtEq | BinaryOperator::LtEq if same => Some(true),
        BinaryOperator::Eq => Some(false),
        BinaryOperator::NotEq => Some(!same),
        _ => None,
    }
}

/// `x IS NULL` beside `x IS NOT NULL`.
fn complementary(left: &Expr, right: &Expr) -> bool {
    let (left, right) = (unnested(left), unnested(right));
    match (left, right) {
        (Expr::IsNull(a), Expr::IsNotNull(b)) | (Expr::IsNotNull(a), Expr::IsNull(b)) => {
            bare(a) == bare(b)
        }
        (Expr::UnaryOp { op: UnaryOperator::Not, expr }, other)
        | (other, Expr::UnaryOp { op: UnaryOperator::Not, expr }) => unnested(expr) == other,
        _ => false,
    }
}

fn unnested(mut expression: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expression {
        expression = inner;
    }
    expression
}

/// The one expression of `SELECT expression` without `FROM`.
fn lone_projection(query: &Query) -> Option<&Expr> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    if !select.from.is_empty() || select.selection.is_some() {
        return None;
    }
    match select.projection.as_slice() {
        [
            SelectItem::UnnamedExpr(expression)
            | SelectItem::ExprWithAlias { expr: expression, .. },
        ] => Some(expression),
        _ => None,
    }
}

/// The last part of a name, folded unless it is quoted.
pub(crate) fn name_of(name: &ast::ObjectName) -> String {
    object_name(name).name
}

/// A parsed name as the catalog writes names.
pub(crate) fn object_name(name: &ast::ObjectName) -> ObjectName {
    let mut parts = name.0.iter().rev().filter_map(|part| part.as_ident()).map(folded);
    let own = parts.next().unwrap_or_default();
    ObjectName { schema: parts.next(), name: own }
}

/// An identifier as PostgreSQL folds it.
pub(crate) fn folded(ident: &ast::Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

/// The plain positional arguments of a call.
pub(crate) fn arguments(function: &ast::Function) -> Vec<&Expr> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    list.args
        .iter()
        .filter_map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
            _ => None,
        })
        .collect()
}

/// Every function an expression calls, at any depth.
pub(crate) fn calls(expression: &Expr) -> BTreeSet<ObjectName> {
    let mut found = BTreeSet::new();
    let _: ControlFlow<()> = visit_expressions(expression, |inner| {
        if let Expr::Function(function) = inner {
            found.insert(object_name(&function.name));
        }
        ControlFlow::Continue(())
    });
    found
}

/// Every relation a node reads, at any depth, names of common table expressions included.
pub(crate) fn relations(node: &impl ast::Visit) -> BTreeSet<ObjectName> {
    let mut found = BTreeSet::new();
    let _: ControlFlow<()> = visit_relations(node, |name| {
        found.insert(object_name(name));
        ControlFlow::Continue(())
    });
    found
}

/// The columns an expression names, without their qualifiers.
pub(crate) fn columns(expression: &Expr) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let _: ControlFlow<()> = visit_expressions(expression, |inner| {
        match inner {
            Expr::Identifier(ident) => {
                found.insert(folded(ident));
            }
            Expr::CompoundIdentifier(parts) => found.extend(parts.last().map(folded)),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    found
}

/// The structure of a condition that the standard gives as text.
pub(crate) fn parse_condition(text: &str) -> Option<Expr> {
    let mut parser =
        Parser::new(&PostgreSqlDialect {}).with_recursion_limit(64).try_with_sql(text).ok()?;
    let condition = parser.parse_expr().ok()?;
    (parser.peek_token().token == Token::EOF).then_some(condition)
}

/// Whether a condition asks anywhere, outside of sub-queries of other relations too, whether a
/// column is NULL.
pub(crate) fn any_null_test(expression: &Expr, column: &str) -> bool {
    let mut found = false;
    let _: ControlFlow<()> = visit_expressions(expression, |inner| {
        found |= null_test(inner).is_some_and(|(tested, is_null)| is_null && tested == column);
        ControlFlow::Continue(())
    });
    found
}

/// The conditions that all must hold: the operands of `AND` at the top.
pub(crate) fn conjuncts(expression: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    let mut open = vec![expression];
    while let Some(next) = open.pop() {
        match next {
            Expr::Nested(inner) => open.push(inner),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                open.push(right);
                open.push(left);
            }
            other => found.push(other),
        }
    }
    found
}

/// The column behind `column IS NULL` (`true`) or `column IS NOT NULL` (`false`).
pub(crate) fn null_test(expression: &Expr) -> Option<(String, bool)> {
    let (inner, is_null) = match expression {
        Expr::IsNull(inner) => (inner, true),
        Expr::IsNotNull(inner) => (inner, false),
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
            let (column, is_null) = null_test(unnested(expr))?;
            return Some((column, !is_null));
        }
        _ => return None,
    };
    match bare(inner) {
        Expr::Identifier(ident) => Some((folded(ident), is_null)),
        Expr::CompoundIdentifier(parts) => parts.last().map(|ident| (folded(ident), is_null)),
        _ => None,
    }
}
