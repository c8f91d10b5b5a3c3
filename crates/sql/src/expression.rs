//! Expressions, by `sqlparser`.

use std::borrow::Cow;

use schemaward_catalog::Span;
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
    parsed(text, |parser| {
        let expression = parser.parse_expr().ok()?;
        (parser.peek_token().token == Token::EOF).then_some(expression)
    })
}

/// The structure of a query, or `None` when it is none that `sqlparser` knows.
pub fn parse_query(text: &str) -> Option<Query> {
    let mut statements = parse_statements(text)?;
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
    let mut statements = parse_statements(text)?;
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Insert(insert)), true) => Some(insert),
        _ => None,
    }
}

/// The structure of statements, or `None` when one of them is none that `sqlparser` knows.
pub(crate) fn parse_statements(text: &str) -> Option<Vec<Statement>> {
    parsed(text, |parser| parser.parse_statements().ok())
}

fn parsed<T>(text: &str, parse: impl FnOnce(&mut Parser<'_>) -> Option<T>) -> Option<T> {
    if is_too_long(text) {
        return None;
    }
    let dialect = PostgreSqlDialect {};
    let parser = Parser::new(&dialect).with_recursion_limit(DEPTH);
    parse(&mut parser.try_with_sql(&continued(text)).ok()?)
}

/// String constants that go on after a line's end (chapter 4.1.2.1 of the manual) as one, which
/// `sqlparser` does not do.
fn continued(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut from = 0;
    let mut before: Option<Span> = None;
    for token in Lexer::body(text) {
        match (before, token.kind) {
            (_, TokenKind::Comment) => {}
            (Some(first), TokenKind::String)
                if token.span.of(text).starts_with('\'')
                    && Span::new(first.end, token.span.start).of(text).contains('\n') =>
            {
                // Without its closing quote, and without the opening one of what follows.
                out.push_str(Span::new(from, first.end.saturating_sub(1)).of(text));
                from = token.span.start + 1;
                before = Some(token.span);
            }
            (_, TokenKind::String | TokenKind::EscapeString) => before = Some(token.span),
            _ => before = None,
        }
    }
    if from == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(from as usize..).unwrap_or_default());
    Cow::Owned(out)
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
