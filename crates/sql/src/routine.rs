//! Functions and procedures.

use schemaward_catalog::{
    Argument, ArgumentMode, Body, Change, FunctionDefinition, ObjectRef, Origin, Run, Span,
    Volatility,
};
use sqlparser::ast::Statement;

use crate::body;
use crate::cursor::{Cursor, Parsed};
use crate::expression::parse_statements;
use crate::lexer::{Lexer, TokenKind, dollar_inner};
use crate::outcome::Outcome;
use crate::plpgsql::{runs, sql_inserts};

/// Words that begin an option, and so end the result type.
const OPTIONS: &[&str] = &[
    "as",
    "begin",
    "called",
    "cost",
    "external",
    "immutable",
    "language",
    "leakproof",
    "not",
    "parallel",
    "return",
    "returns",
    "rows",
    "security",
    "set",
    "stable",
    "strict",
    "support",
    "transform",
    "volatile",
    "window",
];

/// `CREATE [OR REPLACE] FUNCTION | PROCEDURE`, after those words.
pub(crate) fn create_function(
    cursor: &mut Cursor<'_>,
    procedure: bool,
    or_replace: bool,
    origin: Origin,
) -> Parsed<Outcome> {
    let name = cursor.object_name()?;
    let arguments = arguments(cursor)?;
    let mut function = FunctionDefinition {
        name,
        or_replace,
        procedure,
        arguments,
        returns: String::new(),
        language: "sql".to_owned(),
        security_definer: false,
        volatility: Volatility::Volatile,
        strict: false,
        leakproof: false,
        planner_options: Vec::new(),
        settings: Vec::new(),
        body: None,
        origin,
    };
    while !cursor.at_end() {
        if cursor.is("returns") && !cursor.is_at(1, "null") {
            cursor.bump();
            let result = cursor.until(|c| c.is_any(OPTIONS));
            result.written().clone_into(&mut function.returns);
        } else if cursor.eat(&["language"]) {
            function.language = cursor.string().or_else(|_| cursor.identifier())?.to_lowercase();
        } else if cursor.eat(&["as"]) {
            function.body = Some(quoted_body(cursor)?);
            if cursor.eat_kind(TokenKind::Comma) {
                cursor.string()?;
            }
        } else if cursor.is_any(&["begin", "return"]) {
            let start = cursor.consumed();
            cursor.skip_to_end();
            let origin = cursor.origin_from(start);
            let text = cursor.span_from(start).of(cursor.text).to_owned();
            let statements = inline_statements(&text);
            let facts = body::facts(&text);
            function.body = Some(Body { facts, inline: true, statements, text, origin });
        } else {
            match option(cursor)? {
                FunctionOption::Security { definer } => function.security_definer = definer,
                FunctionOption::Volatility(value) => function.volatility = value,
                FunctionOption::Strict(on) => function.strict = on,
                FunctionOption::Leakproof(on) => function.leakproof = on,
                FunctionOption::Set(name, value) => function.settings.push((name, value)),
                FunctionOption::Planner(option) => function.planner_options.push(option),
            }
        }
    }
    if let Some(body) = &mut function.body {
        match function.language.as_str() {
            "plpgsql" => body.facts.runs = runs(&body.text).unwrap_or_default(),
            "sql" if !body.inline => {
                let inserts = sql_inserts(&body.text);
                if !inserts.is_empty() {
                    body.facts.runs = vec![Run { inserts, ..Run::default() }];
                }
            }
            _ => {}
        }
    }
    Ok(Outcome::read(Change::CreateFunction(Box::new(function))))
}

fn quoted_body(cursor: &mut Cursor<'_>) -> Parsed<Body> {
    let token = cursor.peek();
    let text = cursor.string()?;
    let span = token.map_or_else(Default::default, |token| match token.kind {
        TokenKind::DollarString => dollar_inner(token, cursor.text),
        _ => token.span,
    });
    let (facts, origin) = (body::facts(&text), cursor.origin(span));
    Ok(Body { facts, inline: false, statements: Vec::new(), text, origin })
}

/// The statements of a body that is written as the SQL standard does; none where they are not all
/// understood.
fn inline_statements(text: &str) -> Vec<Statement> {
    let tokens = Lexer::body(text).filter(|token| token.kind != TokenKind::Comment);
    let mut words = tokens.map(|token| (token.span, token.span.of(text)));
    let is = |found: Option<(Span, &str)>, word: &str| {
        found.is_some_and(|(_, found)| found.eq_ignore_ascii_case(word))
    };
    let Some((first, word)) = words.next() else { return Vec::new() };
    if word.eq_ignore_ascii_case("return") {
        let value = text.get(first.end as usize..).unwrap_or_default();
        return parse_statements(&format!("SELECT {value}")).unwrap_or_default();
    }
    let atomic = words.next();
    if !is(atomic, "atomic") {
        return Vec::new();
    }
    let (from, last) = (atomic.map_or(0, |(span, _)| span.end as usize), words.last());
    let to = last.filter(|_| is(last, "end")).map_or(text.len(), |(span, _)| span.start as usize);
    parse_statements(text.get(from..to).unwrap_or_default()).unwrap_or_default()
}

/// One option of a function, of `CREATE` or `ALTER`.
enum FunctionOption {
    Security {
        definer: bool,
    },
    Volatility(Volatility),
    Strict(bool),
    Leakproof(bool),
    Set(String, String),
    /// For the planner alone, as written.
    Planner(String),
}

fn option(cursor: &mut Cursor<'_>) -> Parsed<FunctionOption> {
    for (word, volatility) in [
        ("immutable", Volatility::Immutable),
        ("stable", Volatility::Stable),
        ("volatile", Volatility::Volatile),
    ] {
        if cursor.eat(&[word]) {
            return Ok(FunctionOption::Volatility(volatility));
        }
    }
    cursor.eat(&["external"]);
    for definer in [true, false] {
        if cursor.eat(&["security", if definer { "definer" } else { "invoker" }]) {
            return Ok(FunctionOption::Security { definer });
        }
    }
    if cursor.eat(&["strict"]) || cursor.eat(&["returns", "null", "on", "null", "input"]) {
        return Ok(FunctionOption::Strict(true));
    }
    if cursor.eat(&["called", "on", "null", "input"]) {
        return Ok(FunctionOption::Strict(false));
    }
    for on in [true, false] {
        if cursor.eat(if on { &["leakproof"] } else { &["not", "leakproof"] }) {
            return Ok(FunctionOption::Leakproof(on));
        }
    }
    if cursor.eat(&["set"]) {
        let name = cursor.object_name()?.to_string();
        if cursor.eat(&["from", "current"]) {
            return Ok(FunctionOption::Set(name, "from current".to_owned()));
        }
        if !cursor.eat_operator("=") {
            cursor.expect(&["to"])?;
        }
        // A value is a list of words, numbers and strings; the first comma-less pair ends it.
        let start = cursor.consumed();
        cursor.bump();
        while cursor.eat_kind(TokenKind::Comma) {
            cursor.bump();
        }
        let value = cursor.span_from(start).of(cursor.text).to_owned();
        return Ok(FunctionOption::Set(name, value));
    }
    let start = cursor.consumed();
    if cursor.eat(&["cost"]) || cursor.eat(&["rows"]) || cursor.eat(&["parallel"]) {
        cursor.bump();
    } else if cursor.eat(&["support"]) {
        cursor.object_name()?;
    } else if cursor.eat(&["transform"]) {
        cursor.until(|c| c.is_any(OPTIONS));
        while cursor.eat_kind(TokenKind::Comma) {
            cursor.until(|c| c.is_any(OPTIONS));
        }
    } else if !cursor.eat(&["window"]) {
        return cursor.fail("a function option");
    }
    Ok(FunctionOption::Planner(cursor.span_from(start).of(cursor.text).to_owned()))
}

/// The options of `ALTER FUNCTION`, after the name and its arguments.
pub(crate) fn alter_options(cursor: &mut Cursor<'_>, what: ObjectRef) -> Parsed<Outcome> {
    let ObjectRef::Function(name, arguments) = what else {
        return cursor.fail("a function");
    };
    let mut change = schemaward_catalog::FunctionOptions::default();
    while !cursor.at_end() {
        if cursor.eat(&["reset"]) {
            change.reset.push(cursor.object_name()?.to_string());
            continue;
        }
        if cursor.eat(&["restrict"]) || cursor.eat(&["depends"]) || cursor.eat(&["no", "depends"]) {
            cursor.skip_to_end();
            continue;
        }
        match option(cursor)? {
            FunctionOption::Security { definer } => change.security_definer = Some(definer),
            FunctionOption::Volatility(value) => change.volatility = Some(value),
            FunctionOption::Strict(on) => change.strict = Some(on),
            FunctionOption::Leakproof(on) => change.leakproof = Some(on),
            FunctionOption::Set(name, value) => change.settings.push((name, value)),
            FunctionOption::Planner(_) => {}
        }
    }
    Ok(Outcome::read(Change::AlterFunction { name, arguments, options: Box::new(change) }))
}

/// `(a int, OUT b text DEFAULT 'x')`.
fn arguments(cursor: &mut Cursor<'_>) -> Parsed<Vec<Argument>> {
    let mut arguments = Vec::new();
    for mut part in cursor.parens()?.comma_separated() {
        arguments.push(argument(&mut part)?);
    }
    Ok(arguments)
}

fn argument(cursor: &mut Cursor<'_>) -> Parsed<Argument> {
    let mode = if cursor.eat(&["in", "out"]) || cursor.eat(&["inout"]) {
        ArgumentMode::InOut
    } else if cursor.eat(&["out"]) {
        ArgumentMode::Out
    } else if cursor.eat(&["variadic"]) {
        ArgumentMode::Variadic
    } else {
        cursor.eat(&["in"]);
        ArgumentMode::In
    };
    // A lone type has no name before it: try the type first and see whether something follows.
    let mut lone = *cursor;
    let ends = |c: &mut Cursor<'_>| c.at_end() || c.is("default") || c.eat_operator("=");
    let data_type = lone.data_type();
    let (name, data_type) = match data_type {
        Ok(data_type) if ends(&mut lone.clone()) => {
            *cursor = lone;
            (None, data_type)
        }
        _ => {
            let name = cursor.identifier()?;
            (Some(name), cursor.data_type()?)
        }
    };
    let default = if cursor.eat(&["default"]) || cursor.eat_operator("=") {
        Some(cursor.until(|_| false).expression())
    } else {
        None
    };
    cursor.expect_end()?;
    Ok(Argument { mode, name, data_type, default })
}

/// The argument types behind a function's name where it is only named: `(uuid, text)`. Names and
/// modes may be written there too; the types alone tell functions apart.
pub(crate) fn argument_types(cursor: &mut Cursor<'_>) -> Parsed<Option<Vec<String>>> {
    if !cursor.is_kind(TokenKind::LeftParen) {
        return Ok(None);
    }
    let arguments = arguments(cursor)?;
    let inputs = arguments.iter().filter(|argument| argument.mode != ArgumentMode::Out);
    Ok(Some(inputs.map(|argument| argument.data_type.to_string()).collect()))
}
