//! The rules of rewriting: each takes an expression whose parts are canonical already.

use schemaward_catalog::{builtin, fold};
use sqlparser::ast::{
    Array, BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, ObjectName, ObjectNamePart, Query, SelectItem, SetExpr,
    UnaryOperator, Value,
};

pub(super) fn null() -> Expr {
    Expr::value(Value::Null)
}

pub(super) fn rewrite(expr: Expr) -> Expr {
    match expr {
        Expr::Nested(inner) => bare(*inner),
        Expr::Value(value) => literal(value.value),
        Expr::TypedString(typed) => literal(typed.value.value),
        Expr::Interval(interval) => bare(*interval.value),
        Expr::Cast { expr, data_type, .. } => cast(bare(*expr), &data_type),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => match bare(*expr) {
            Expr::Value(value) => match value.value {
                Value::Number(number, long) => {
                    let number = match number.strip_prefix('-') {
                        Some(positive) => positive.to_owned(),
                        None => format!("-{number}"),
                    };
                    Expr::value(Value::Number(number, long))
                }
                other => {
                    Expr::UnaryOp { op: UnaryOperator::Minus, expr: Box::new(Expr::value(other)) }
                }
            },
            inner => Expr::UnaryOp { op: UnaryOperator::Minus, expr: Box::new(wrapped(inner)) },
        },
        Expr::UnaryOp { op, expr } => Expr::UnaryOp { op, expr: Box::new(wrapped(bare(*expr))) },
        Expr::BinaryOp { left, op, right } => binary(bare(*left), op, bare(*right)),
        Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, is_some } => {
            match elements(bare(*right)) {
                Ok(list) => in_list(bare(*left), list, false),
                // `= ANY (SELECT …)` is `IN (SELECT …)`.
                Err(right) if matches!(*right, Expr::Subquery(_)) => match *right {
                    Expr::Subquery(subquery) => Expr::InSubquery {
                        expr: Box::new(wrapped(bare(*left))),
                        subquery,
                        negated: false,
                    },
                    other => other,
                },
                Err(right) => Expr::AnyOp {
                    left: Box::new(wrapped(bare(*left))),
                    compare_op: BinaryOperator::Eq,
                    right,
                    is_some,
                },
            }
        }
        Expr::AllOp { left, compare_op: BinaryOperator::NotEq, right } => {
            match elements(bare(*right)) {
                Ok(list) => in_list(bare(*left), list, true),
                Err(right) => Expr::AllOp {
                    left: Box::new(wrapped(bare(*left))),
                    compare_op: BinaryOperator::NotEq,
                    right,
                },
            }
        }
        Expr::InList { expr, list, negated } => {
            in_list(bare(*expr), list.into_iter().map(bare).collect(), negated)
        }
        Expr::Between { expr, negated, low, high } => {
            let value = bare(*expr);
            let (first, second, join) = if negated {
                (BinaryOperator::Lt, BinaryOperator::Gt, BinaryOperator::Or)
            } else {
                (BinaryOperator::GtEq, BinaryOperator::LtEq, BinaryOperator::And)
            };
            let low = binary(value.clone(), first, bare(*low));
            let high = binary(value, second, bare(*high));
            binary(low, join, high)
        }
        Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
            let op =
                if negated { BinaryOperator::PGNotLikeMatch } else { BinaryOperator::PGLikeMatch };
            binary(bare(*expr), op, bare(*pattern))
        }
        Expr::ILike { negated, any: false, expr, pattern, escape_char: None } => {
            let op = if negated {
                BinaryOperator::PGNotILikeMatch
            } else {
                BinaryOperator::PGILikeMatch
            };
            binary(bare(*expr), op, bare(*pattern))
        }
        Expr::Subquery(query) => match constant_select(&query) {
            Some(inner) => bare(inner.clone()),
            None => Expr::Subquery(query),
        },
        Expr::InSubquery { expr, subquery, negated } => {
            let inside =
                Expr::InSubquery { expr: Box::new(wrapped(bare(*expr))), subquery, negated: false };
            if negated {
                Expr::UnaryOp { op: UnaryOperator::Not, expr: Box::new(wrapped(inside)) }
            } else {
                inside
            }
        }
        Expr::Exists { subquery, negated: true } => Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr: Box::new(wrapped(Expr::Exists { subquery, negated: false })),
        },
        Expr::AtTimeZone { timestamp, time_zone } => Expr::AtTimeZone {
            timestamp: Box::new(wrapped(bare(*timestamp))),
            time_zone: Box::new(wrapped(bare(*time_zone))),
        },
        Expr::Case { case_token, end_token, operand, conditions, else_result } => {
            // Without ELSE, the result is NULL; the server writes that out.
            let is_null = |expr: &Expr| matches!(expr, Expr::Value(v) if v.value == Value::Null);
            let else_result = else_result.filter(|result| !is_null(result));
            Expr::Case { case_token, end_token, operand, conditions, else_result }
        }
        Expr::IsNull(inner) => Expr::IsNull(Box::new(wrapped(bare(*inner)))),
        Expr::IsNotNull(inner) => Expr::IsNotNull(Box::new(wrapped(bare(*inner)))),
        Expr::Function(mut function) => {
            strip_schema(&mut function.name);
            let name = function.name.to_string();
            if name == "timezone"
                && let Some([zone, time]) = two_arguments(&function)
            {
                return Expr::AtTimeZone {
                    timestamp: Box::new(wrapped(bare(time.clone()))),
                    time_zone: Box::new(wrapped(bare(zone.clone()))),
                };
            }
            unwrap_arguments(&mut function);
            if name == "current_timestamp" || name == "transaction_timestamp" {
                function.name = ObjectName::from(vec![Ident::new("now")]);
                function.args = no_arguments();
            } else if matches!(function.args, FunctionArguments::None) {
                function.args = no_arguments();
            }
            Expr::Function(function)
        }
        other => other,
    }
}

/// The value of a sub-select that reads nothing: it only keeps the server from computing the value
/// for every row.
fn constant_select(query: &Query) -> Option<&Expr> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    match select.projection.as_slice() {
        [SelectItem::UnnamedExpr(only)]
            if select.from.is_empty()
                && select.selection.is_none()
                && query.with.is_none()
                && query.limit_clause.is_none() =>
        {
            Some(only)
        }
        _ => None,
    }
}

/// The two plain arguments of a call that has no more.
fn two_arguments(function: &Function) -> Option<[&Expr; 2]> {
    let FunctionArguments::List(list) = &function.args else { return None };
    match list.args.as_slice() {
        [
            FunctionArg::Unnamed(FunctionArgExpr::Expr(one)),
            FunctionArg::Unnamed(FunctionArgExpr::Expr(other)),
        ] => Some([one, other]),
        _ => None,
    }
}

/// Arguments without parentheses around them.
fn unwrap_arguments(function: &mut Function) {
    if let FunctionArguments::List(list) = &mut function.args {
        for argument in &mut list.args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = argument {
                *expr = bare(std::mem::replace(expr, null()));
            }
        }
    }
}

/// `()`, which functions called without parentheses get too.
fn no_arguments() -> FunctionArguments {
    FunctionArguments::List(sqlparser::ast::FunctionArgumentList {
        duplicate_treatment: None,
        args: Vec::new(),
        clauses: Vec::new(),
    })
}

/// An expression without parentheses around it.
pub(super) fn bare(expr: Expr) -> Expr {
    match expr {
        Expr::Nested(inner) => bare(*inner),
        other => other,
    }
}

/// An operand: parentheses where precedence could otherwise change the meaning.
fn wrapped(expr: Expr) -> Expr {
    match expr {
        Expr::BinaryOp { .. }
        | Expr::UnaryOp { .. }
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::InList { .. }
        | Expr::InSubquery { .. }
        | Expr::AnyOp { .. }
        | Expr::AllOp { .. } => Expr::Nested(Box::new(expr)),
        other => other,
    }
}

fn literal(value: Value) -> Expr {
    Expr::value(match value {
        Value::Number(number, long) => Value::Number(shortest(&number), long),
        Value::EscapedStringLiteral(text) | Value::UnicodeStringLiteral(text) => {
            Value::SingleQuotedString(text)
        }
        Value::DollarQuotedString(text) => Value::SingleQuotedString(text.value),
        other => other,
    })
}

/// `0.00` as `0`: PostgreSQL compares numbers, not their spelling.
fn shortest(number: &str) -> String {
    if number.contains('.') && !number.contains(['e', 'E']) {
        let number = number.trim_end_matches('0').trim_end_matches('.');
        if number.is_empty() { "0".to_owned() } else { number.to_owned() }
    } else {
        number.to_owned()
    }
}

/// A cast: of a constant it only says what the context says anyway, and a cast to text is what the
/// server adds to compare varying characters. All others stay.
pub(super) fn cast(inner: Expr, data_type: &DataType) -> Expr {
    let written = data_type.to_string().to_lowercase();
    let written = written.strip_prefix("public.").unwrap_or(&written);
    let array = written.ends_with("[]");
    let base = written.trim_end_matches("[]").split('(').next().unwrap_or_default().trim();
    let base = builtin(base).unwrap_or(base);
    let text = matches!(base, "text" | "character varying" | "character" | "name");
    if let Expr::Value(value) = &inner {
        let number = matches!(
            base,
            "integer" | "bigint" | "smallint" | "numeric" | "real" | "double precision"
        );
        return match &value.value {
            Value::SingleQuotedString(text) if base == "regclass" => {
                let text = text.strip_prefix("public.").unwrap_or(text);
                Expr::value(Value::SingleQuotedString(text.to_owned()))
            }
            Value::SingleQuotedString(text) if number && text.parse::<f64>().is_ok() => {
                Expr::value(Value::Number(shortest(text), false))
            }
            // The server writes documents without spaces of its own.
            Value::SingleQuotedString(text) if base == "jsonb" && !array => {
                Expr::value(Value::SingleQuotedString(without_spaces(text)))
            }
            Value::SingleQuotedString(text) if base == "boolean" => match text.as_str() {
                "t" | "true" => Expr::value(Value::Boolean(true)),
                "f" | "false" => Expr::value(Value::Boolean(false)),
                _ => inner,
            },
            _ => inner,
        };
    }
    if text || (array && matches!(inner, Expr::Array(_))) {
        return inner;
    }
    let suffix = if array { "[]" } else { "" };
    Expr::Cast {
        kind: CastKind::DoubleColon,
        expr: Box::new(wrapped(inner)),
        data_type: DataType::Custom(
            ObjectName::from(vec![Ident::new(format!("{base}{suffix}"))]),
            Vec::new(),
        ),
        format: None,
    }
}

/// JSON text without the spaces between its tokens.
fn without_spaces(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut quoted, mut escaped) = (false, false);
    for char in json.chars() {
        if quoted || !char.is_whitespace() {
            out.push(char);
        }
        quoted = if char == '"' && !escaped { !quoted } else { quoted };
        escaped = quoted && char == '\\' && !escaped;
    }
    out
}

/// The elements of an array, or the expression itself when it is none.
fn elements(expr: Expr) -> Result<Vec<Expr>, Box<Expr>> {
    match expr {
        Expr::Array(Array { elem, .. }) => Ok(elem.into_iter().map(bare).collect()),
        other => Err(Box::new(other)),
    }
}

/// `x IN (…)` in the order of its elements' texts; with one element, the comparison it means.
fn in_list(expr: Expr, mut list: Vec<Expr>, negated: bool) -> Expr {
    if list.len() == 1
        && let Some(only) = list.pop()
    {
        let op = if negated { BinaryOperator::NotEq } else { BinaryOperator::Eq };
        return binary(expr, op, only);
    }
    list.sort_by_cached_key(ToString::to_string);
    list.dedup();
    Expr::InList { expr: Box::new(wrapped(expr)), list, negated }
}

/// `OPERATOR(schema.op)` as the operator itself: the search path found it where the schema was not
/// written.
fn unqualified(op: BinaryOperator) -> BinaryOperator {
    let BinaryOperator::PGCustomBinaryOperator(parts) = &op else { return op };
    match parts.last().map(String::as_str) {
        Some("~") => BinaryOperator::PGRegexMatch,
        Some("~*") => BinaryOperator::PGRegexIMatch,
        Some("!~") => BinaryOperator::PGRegexNotMatch,
        Some("!~*") => BinaryOperator::PGRegexNotIMatch,
        Some("~~") => BinaryOperator::PGLikeMatch,
        Some("!~~") => BinaryOperator::PGNotLikeMatch,
        Some("~~*") => BinaryOperator::PGILikeMatch,
        Some("!~~*") => BinaryOperator::PGNotILikeMatch,
        Some("=") => BinaryOperator::Eq,
        Some("<>") => BinaryOperator::NotEq,
        Some("<") => BinaryOperator::Lt,
        Some("<=") => BinaryOperator::LtEq,
        Some(">") => BinaryOperator::Gt,
        Some(">=") => BinaryOperator::GtEq,
        Some(other) => BinaryOperator::Custom(other.to_owned()),
        None => op,
    }
}

/// A binary operation with its operands in an order of their own where the operator has none.
fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    let op = unqualified(op);
    match op {
        BinaryOperator::And | BinaryOperator::Or => {
            let mut operands = Vec::new();
            flatten(left, &op, &mut operands);
            flatten(right, &op, &mut operands);
            operands.sort_by_cached_key(ToString::to_string);
            operands.dedup();
            let mut operands = operands.into_iter().map(wrapped);
            let Some(first) = operands.next() else { return null() };
            operands.fold(first, |left, right| Expr::BinaryOp {
                left: Box::new(left),
                op: op.clone(),
                right: Box::new(right),
            })
        }
        BinaryOperator::Eq | BinaryOperator::NotEq => {
            let (left, right) = (wrapped(left), wrapped(right));
            let constant = |expr: &Expr| matches!(expr, Expr::Value(_));
            let swap = match (constant(&left), constant(&right)) {
                (true, false) => true,
                (false, true) => false,
                _ => left.to_string() > right.to_string(),
            };
            let (left, right) = if swap { (right, left) } else { (left, right) };
            Expr::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
        }
        // `a > b` is `b < a`.
        BinaryOperator::Gt => Expr::BinaryOp {
            left: Box::new(wrapped(right)),
            op: BinaryOperator::Lt,
            right: Box::new(wrapped(left)),
        },
        BinaryOperator::GtEq => Expr::BinaryOp {
            left: Box::new(wrapped(right)),
            op: BinaryOperator::LtEq,
            right: Box::new(wrapped(left)),
        },
        op => Expr::BinaryOp { left: Box::new(wrapped(left)), op, right: Box::new(wrapped(right)) },
    }
}

/// The operands of a chain of one operator.
fn flatten(expr: Expr, op: &BinaryOperator, into: &mut Vec<Expr>) {
    match bare(expr) {
        Expr::BinaryOp { left, op: inner, right } if inner == *op => {
            flatten(*left, op, into);
            flatten(*right, op, into);
        }
        other => into.push(other),
    }
}

/// An identifier without quotes: what stood in them keeps its case, all else is folded.
pub(super) fn folded(ident: &Ident) -> Ident {
    Ident::new(fold(ident))
}

/// The last part of a name, folded, with its schema only where that is a project's own.
pub(super) fn strip_schema(name: &mut ObjectName) {
    let parts: Vec<Ident> = name
        .0
        .drain(..)
        .filter_map(|part| match part {
            ObjectNamePart::Identifier(ident) => Some(folded(&ident)),
            ObjectNamePart::Function(_) => None,
        })
        .collect();
    let known = |schema: &Ident| schema.value == "public" || schema.value == "pg_catalog";
    let parts = match parts.as_slice() {
        [schema, rest @ ..] if !rest.is_empty() && known(schema) => rest.to_vec(),
        _ => parts,
    };
    *name = ObjectName::from(parts);
}
