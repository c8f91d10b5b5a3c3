//! Expressions, by `sqlparser`.

use sqlparser::ast::{Expr, Query, SetExpr, Statement};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

/// How deep an expression may nest. sqlparser counts every level of precedence it enters.
const DEPTH: usize = 60;

/// The structure of an expression, or `None` when it is none that `sqlparser` knows.
pub fn parse_expression(text: &str) -> Option<Expr> {
    let dialect = PostgreSqlDialect {};
    let parser = Parser::new(&dialect).with_recursion_limit(DEPTH);
    let mut parser = parser.try_with_sql(text).ok()?;
    let expression = parser.parse_expr().ok()?;
    (parser.peek_token().token == Token::EOF).then_some(expression)
}

/// The structure of a query, or `None` when it is none that `sqlparser` knows.
pub fn parse_query(text: &str) -> Option<Query> {
    let dialect = PostgreSqlDialect {};
    let parser = Parser::new(&dialect).with_recursion_limit(DEPTH);
    let mut statements = parser.try_with_sql(text).ok()?.parse_statements().ok()?;
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Query(query)), true) => match *query.body {
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) => None,
            _ => Some(*query),
        },
        _ => None,
    }
}
