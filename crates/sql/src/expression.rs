//! Expressions, by `sqlparser`.

use sqlparser::ast::{Expr, Insert, Query, SetExpr, Statement};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use crate::lexer::{Lexer, TokenKind};

/// How deep an expression may nest. sqlparser counts every level of precedence it enters.
const DEPTH: usize = 60;

/// How many operators an expression may chain. `a + a + …` is a tree as deep as it is long, which
/// sqlparser builds in a loop and everything after it walks by recursion; a page's stack holds about
/// two thousand levels.
const OPERATORS: usize = 500;

/// The structure of an expression, or `None` when it is none that `sqlparser` knows.
pub fn parse_expression(text: &str) -> Option<Expr> {
    if is_too_long(text) {
        return None;
    }
    let dialect = PostgreSqlDialect {};
    let parser = Parser::new(&dialect).with_recursion_limit(DEPTH);
    let mut parser = parser.try_with_sql(text).ok()?;
    let expression = parser.parse_expr().ok()?;
    (parser.peek_token().token == Token::EOF).then_some(expression)
}

/// The structure of a query, or `None` when it is none that `sqlparser` knows.
pub fn parse_query(text: &str) -> Option<Query> {
    if is_too_long(text) {
        return None;
    }
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

/// The structure of an `INSERT`, or `None` when it is none that `sqlparser` knows.
pub(crate) fn parse_insert(text: &str) -> Option<Insert> {
    if is_too_long(text) {
        return None;
    }
    let dialect = PostgreSqlDialect {};
    let parser = Parser::new(&dialect).with_recursion_limit(DEPTH);
    let mut statements = parser.try_with_sql(text).ok()?.parse_statements().ok()?;
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Insert(insert)), true) => Some(insert),
        _ => None,
    }
}

/// Whether a text chains more than [`OPERATORS`]: lists (`IN (1, 2, …)`) may be of any length.
fn is_too_long(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "and",
        "at",
        "between",
        "collate",
        "except",
        "ilike",
        "in",
        "intersect",
        "is",
        "join",
        "like",
        "not",
        "or",
        "similar",
        "union",
    ];
    let chains = Lexer::body(text).filter(|token| match token.kind {
        TokenKind::Operator | TokenKind::Cast | TokenKind::LeftBracket | TokenKind::Dot => true,
        TokenKind::Word => {
            let word = token.span.of(text);
            WORDS.iter().any(|chain| word.eq_ignore_ascii_case(chain))
        }
        _ => false,
    });
    chains.take(OPERATORS + 1).count() > OPERATORS
}
