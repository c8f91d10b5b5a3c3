//! Calls of functions whose bodies are in the text.

use std::collections::BTreeMap;

use schemaward_catalog::{Argument, ArgumentMode, Function, ObjectName};

use super::parse::{expression_of, query_of};
use super::run::{Flow, Source};
use super::value::{Kind as ObjectKind, Value};
use super::{EVERYTHING, Frame, Machine, search_path};
use crate::cursor::Place;
use crate::splitter;

/// How deep calls may nest.
pub(super) const CALLS: usize = 10;

impl Machine<'_> {
    /// Calls a function of the text, or says that it is none.
    pub(super) fn call(
        &mut self,
        name: &ObjectName,
        arguments: &[(Option<String>, Value)],
    ) -> Value {
        if self.catalog.functions_named(name).is_empty() && self.library(name, arguments) {
            return Value::Null;
        }
        let candidates = self.catalog.functions_named(name);
        let fitting: Vec<Function> = candidates
            .into_iter()
            .filter_map(|function| score(function, arguments).map(|score| (score, function)))
            .fold((0, Vec::new()), |(best, mut list), (score, function)| match score.cmp(&best) {
                std::cmp::Ordering::Greater => (score, vec![function]),
                std::cmp::Ordering::Equal => {
                    list.push(function);
                    (best, list)
                }
                std::cmp::Ordering::Less => (best, list),
            })
            .1
            .into_iter()
            .cloned()
            .collect();
        let [function] = fitting.as_slice() else {
            if !self.is_pure(name) {
                self.opaque(name, None);
            }
            return Value::unknown(format!("`{name}()`"));
        };
        let Some(body) = &function.body else {
            return Value::unknown(format!("`{name}()`"));
        };
        if !matches!(function.language.as_str(), "plpgsql" | "sql") {
            return Value::unknown(format!("`{name}()`, which is in {}", function.language));
        }
        if self.frames.len() > CALLS {
            self.unread(format!("{name}() calls on deeper than {CALLS} levels"), EVERYTHING);
            return Value::unknown(format!("`{name}()`"));
        }
        let mut variables = BTreeMap::new();
        let inputs = function.arguments.iter().filter(|a| a.mode != ArgumentMode::Out);
        for (at, argument) in inputs.enumerate() {
            let value = self.argument(argument, at, arguments);
            variables.insert(format!("${}", at + 1), value.clone());
            if let Some(name) = &argument.name {
                variables.insert(name.clone(), value);
            }
        }
        for argument in function.arguments.iter().filter(|a| a.mode == ArgumentMode::Out) {
            if let Some(name) = &argument.name {
                variables.insert(name.clone(), Value::Null);
            }
        }
        let place = if usize::try_from(body.origin.span.end - body.origin.span.start)
            == Ok(body.text.len())
        {
            Place::In(body.origin.source, body.origin.span.start)
        } else {
            Place::MadeAt(body.origin)
        };
        let path = self.catalog.search_path.clone();
        let own = function.settings.iter().rev().find(|(name, _)| name == "search_path");
        if let Some((_, value)) = own {
            self.catalog.search_path = search_path(value);
        }
        let frame = Frame {
            function: Some(function.name.clone()),
            scopes: vec![variables],
            ..Frame::default()
        };
        self.frames.push(frame);
        let value = if function.language == "plpgsql" {
            let value = self.body(&body.text, place);
            if function.returns.is_empty()
                || function.returns.to_ascii_lowercase().starts_with("set")
            {
                Value::unknown(format!("`{name}()`"))
            } else {
                value
            }
        } else {
            self.sql_body(&body.text, body.inline, place, name)
        };
        self.frames.pop();
        if own.is_some() {
            self.catalog.search_path = path;
        }
        value
    }

    fn sql_body(&mut self, text: &str, inline: bool, place: Place, name: &ObjectName) -> Value {
        if inline {
            // `RETURN expression` and `BEGIN ATOMIC` define nothing themselves.
            let value = text.trim().get(..6).filter(|word| word.eq_ignore_ascii_case("return"));
            return match value.and_then(|_| text.trim().get(6..)) {
                Some(rest) => self.code(&expression_of(rest.to_owned())),
                None => Value::unknown(format!("`{name}()`")),
            };
        }
        let statements = splitter::split(text);
        let mut value = Value::unknown(format!("`{name}()`"));
        for (at, statement) in statements.iter().enumerate() {
            let sql = statement.span.of(text).trim_end_matches(';');
            let last = at + 1 == statements.len();
            let query = if last { query_of(sql.to_owned()).tree } else { None };
            if let Some(query) = query {
                if let Ok(found) = self.query(&query, None)
                    && found.open.is_none()
                {
                    let row = found.rows.into_iter().next();
                    value =
                        row.and_then(|row| row.into_iter().next()).map_or(Value::Null, |(_, v)| v);
                }
            } else if !matches!(self.statement(Source { text, place }, statement), Flow::Next) {
                break;
            }
        }
        value
    }

    /// The value an argument has in a call.
    fn argument(
        &mut self,
        argument: &Argument,
        at: usize,
        given: &[(Option<String>, Value)],
    ) -> Value {
        if argument.mode == ArgumentMode::Variadic {
            let rest: Vec<_> = given.iter().skip(at).map(|(_, value)| value.clone()).collect();
            return match rest.as_slice() {
                [Value::Array(_)] => rest.into_iter().next().unwrap_or(Value::Null),
                _ => Value::Array(rest),
            };
        }
        let named = given.iter().find(|(name, _)| name.is_some() && *name == argument.name);
        let positional = given.get(at).filter(|(name, _)| name.is_none());
        match named.or(positional) {
            Some((_, value)) => self.typed(value.clone(), &argument.data_type.to_string()),
            None => match argument.default.as_ref().map(|default| &default.text) {
                Some(default) => self.code(&expression_of(default.clone())),
                None => Value::Null,
            },
        }
    }
}

/// How well a function fits its arguments; `None` when it cannot take them.
fn score(function: &Function, arguments: &[(Option<String>, Value)]) -> Option<usize> {
    let inputs: Vec<_> =
        function.arguments.iter().filter(|a| a.mode != ArgumentMode::Out).collect();
    let variadic = inputs.last().is_some_and(|argument| argument.mode == ArgumentMode::Variadic);
    let required =
        inputs.iter().filter(|a| a.default.is_none() && a.mode != ArgumentMode::Variadic).count();
    if arguments.len() < required || (arguments.len() > inputs.len() && !variadic) {
        return None;
    }
    let mut score = 1 + usize::from(arguments.len() == inputs.len());
    for (at, (name, value)) in arguments.iter().enumerate() {
        let input = match name {
            Some(name) => inputs.iter().find(|input| input.name.as_ref() == Some(name))?,
            None => inputs.get(at).or(inputs.last())?,
        };
        let data_type = input.data_type.to_string();
        score += match value {
            Value::Object(ObjectKind::Relation, _) => 2 * usize::from(data_type == "regclass"),
            Value::Text(_) => {
                usize::from(matches!(data_type.as_str(), "text" | "name" | "character varying"))
            }
            Value::Int(_) => usize::from(matches!(data_type.as_str(), "integer" | "bigint")),
            Value::Bool(_) => usize::from(data_type == "boolean"),
            Value::Array(_) => usize::from(input.data_type.array),
            _ => 0,
        };
    }
    Some(score)
}
