//! What an expression learns from the session: settings, the role, functions that tell who asks.

use std::ops::ControlFlow;

use schemaward_catalog::{Catalog, Function, ObjectName};
use sqlparser::ast::{self, Expr, FunctionArguments, Value, visit_expressions};

use super::expression::{arguments, bare, folded, object_name};

/// How deep calls between functions are followed.
const MAX_DEPTH: usize = 4;

/// A call of `current_setting`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingRead {
    /// The setting, in lower case; `None` when the text does not name it.
    pub(crate) name: Option<String>,
    /// Whether an unset setting is NULL instead of an error.
    pub(crate) missing_ok: bool,
}

impl SettingRead {
    /// Whether any session may set it: settings of applications have a dot in their name. Those of
    /// `request.` are set for each request by a gateway whose roles run no `SET`.
    pub(crate) fn is_custom(&self) -> bool {
        self.name.as_ref().is_some_and(|name| name.contains('.') && !name.starts_with("request."))
    }
}

/// The setting that a call reads, when it is `current_setting`.
pub(crate) fn setting_read(function: &ast::Function) -> Option<SettingRead> {
    let name = object_name(&function.name);
    if name.name != "current_setting" || name.schema.is_some_and(|schema| schema != "pg_catalog") {
        return None;
    }
    let arguments = arguments(function);
    let constant = |at: usize| match arguments.get(at).map(|argument| bare(argument)) {
        Some(Expr::Value(value)) => Some(&value.value),
        _ => None,
    };
    let name = match constant(0) {
        Some(Value::SingleQuotedString(name)) => Some(name.to_lowercase()),
        _ => None,
    };
    let missing_ok = matches!(constant(1), Some(Value::Boolean(true)));
    Some(SettingRead { name, missing_ok })
}

/// `current_user` and its like: the role of the session, which is always known.
pub(crate) fn session_user(expression: &Expr) -> Option<&'static str> {
    const WORDS: [&str; 5] =
        ["current_user", "session_user", "current_role", "system_user", "user"];
    let word = match expression {
        Expr::Function(function) if matches!(function.args, FunctionArguments::None) => {
            object_name(&function.name).name
        }
        Expr::Identifier(ident) if ident.quote_style.is_none() => folded(ident),
        _ => return None,
    };
    WORDS.into_iter().find(|known| *known == word)
}

/// Whether a function of a gateway's `auth` schema tells who asks.
fn is_auth_function(name: &ObjectName) -> bool {
    name.schema.as_deref() == Some("auth")
        && matches!(name.name.as_str(), "uid" | "jwt" | "role" | "email")
}

/// Whether a call tells who asks: a function of a gateway, or one of the project, called without
/// arguments, whose body reads settings or the role of the session.
pub(crate) fn is_identity_call(catalog: &Catalog, function: &ast::Function) -> bool {
    let name = object_name(&function.name);
    matches!(function.args, FunctionArguments::List(_))
        && arguments(function).is_empty()
        && (is_auth_function(&name) || names_session_reader(catalog, &name, MAX_DEPTH))
}

fn names_session_reader(catalog: &Catalog, name: &ObjectName, depth: usize) -> bool {
    catalog.functions_named(name).into_iter().any(|found| reads_session(catalog, found, depth))
}

/// Whether a function's body reads settings, the role of the session, or functions that do.
pub(crate) fn function_reads_session(catalog: &Catalog, function: &Function) -> bool {
    reads_session(catalog, function, MAX_DEPTH)
}

fn reads_session(catalog: &Catalog, function: &Function, depth: usize) -> bool {
    let Some(body) = &function.body else { return false };
    let facts = &body.facts;
    facts.names_session_user
        || facts.calls.iter().any(|call| {
            call.name == "current_setting"
                || is_auth_function(call)
                || (depth > 0 && names_session_reader(catalog, call, depth - 1))
        })
}

/// Whether an expression is a source of identity itself.
pub(crate) fn is_source(catalog: &Catalog, expression: &Expr) -> bool {
    match expression {
        Expr::Function(function) => {
            setting_read(function).is_some()
                || is_identity_call(catalog, function)
                || session_user(expression).is_some()
        }
        _ => session_user(expression).is_some(),
    }
}

/// Whether an expression has a source of identity anywhere in it.
pub(crate) fn has_source(catalog: &Catalog, expression: &Expr) -> bool {
    visit_expressions(expression, |inner| {
        if is_source(catalog, inner) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .is_break()
}
