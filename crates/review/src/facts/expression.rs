//! Facts about parsed expressions: names, relations read, shape.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use schemaward_catalog::ObjectName;
use sqlparser::ast::{
    self, BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Query, SelectItem,
    SetExpr, UnaryOperator, visit_expressions,
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

/// The one expression of `SELECT expression` without `FROM`.
pub(crate) fn lone_projection(query: &Query) -> Option<&Expr> {
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
            let (column, is_null) = null_test(bare(expr))?;
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
