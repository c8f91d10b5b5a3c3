//! Calls in expressions: PostgreSQL's own functions and aggregates.

use std::cmp::Ordering;

use schemaward_catalog::{ObjectName, quote_identifier};
use sqlparser::ast::{Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::Machine;
use super::evaluate::{Scope, bounded, fold};
use super::value::{Kind, MAX_ELEMENTS, Value, format, literal};

impl Machine<'_> {
    pub(super) fn function(&mut self, function: &Function, scope: Option<&Scope<'_>>) -> Value {
        let names: Vec<_> =
            function.name.0.iter().filter_map(|part| part.as_ident()).map(fold).collect();
        let (schema, name) = match names.as_slice() {
            [name] => (None, name.clone()),
            [.., schema, name] => (Some(schema.clone()), name.clone()),
            [] => return Value::unknown("a function without a name"),
        };
        let list = match &function.args {
            // `CURRENT_USER` and its like.
            FunctionArguments::None => return self.builtin_word(&name),
            FunctionArguments::Subquery(query) => {
                return match self.column_of(query, scope) {
                    Ok(values) if name == "array" => bounded(values),
                    Ok(_) => Value::unknown(format!("`{name}()`")),
                    Err(why) => Value::Unknown(why),
                };
            }
            FunctionArguments::List(list) => list.args.as_slice(),
        };
        if schema.is_none()
            && let Some(value) = self.aggregate(&name, list, scope)
        {
            return value;
        }
        let mut arguments = Vec::with_capacity(list.len());
        for argument in list {
            let (label, argument) = match argument {
                FunctionArg::Unnamed(argument) => (None, argument),
                FunctionArg::Named { name, arg, .. } => (Some(fold(name)), arg),
                FunctionArg::ExprNamed { name: Expr::Identifier(name), arg, .. } => {
                    (Some(fold(name)), arg)
                }
                FunctionArg::ExprNamed { .. } => return Value::unknown(format!("`{name}()`")),
            };
            let FunctionArgExpr::Expr(argument) = argument else {
                return Value::unknown(format!("`{name}()`"));
            };
            if arguments.is_empty()
                && label.is_none()
                && schema.is_none()
                && names.last().is_some_and(|n| n == "coalesce")
            {
                // Only the first argument that is not NULL is looked at.
                return self.coalesce(list, scope);
            }
            arguments.push((label, self.evaluate(argument, scope)));
        }
        let written = ObjectName { schema: schema.clone(), name: name.clone() };
        let own = !self.catalog.functions_named(&written).is_empty();
        let system = matches!(schema.as_deref(), None | Some("pg_catalog"));
        if system && !own {
            let values: Vec<_> = arguments.iter().map(|(_, value)| value.clone()).collect();
            let value = self.builtin(&name, &values);
            if !matches!(value, Value::Unknown(_)) || crate::statement::is_harmless(&written) {
                return value;
            }
        }
        self.call(&written, &arguments)
    }

    fn builtin_word(&mut self, name: &str) -> Value {
        match name {
            "current_schema" => self.builtin(name, &[]),
            _ => Value::unknown(format!("`{name}`")),
        }
    }

    fn coalesce(&mut self, list: &[FunctionArg], scope: Option<&Scope<'_>>) -> Value {
        for argument in list {
            let FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) = argument else {
                return Value::unknown("`coalesce()`");
            };
            let value = self.evaluate(argument, scope);
            if value != Value::Null {
                return value;
            }
        }
        Value::Null
    }

    /// An aggregate over the rows of its query, if this is one.
    fn aggregate(
        &mut self,
        name: &str,
        list: &[FunctionArg],
        scope: Option<&Scope<'_>>,
    ) -> Option<Value> {
        if !["count", "array_agg", "string_agg", "bool_or", "bool_and", "max", "min"]
            .contains(&name)
        {
            return None;
        }
        let group = scope.and_then(|scope| scope.group.clone())?;
        let outer = scope.and_then(|scope| scope.outer);
        let expressions: Vec<_> = list
            .iter()
            .map(|argument| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => Some(argument),
                _ => None,
            })
            .collect();
        let mut values = Vec::new();
        let mut separator = String::new();
        for rows in group.iter() {
            let scope = Scope { rows: rows.clone(), outer, group: None };
            match expressions.first() {
                Some(Some(argument)) => {
                    values.push(self.evaluate(argument, Some(&scope)));
                    if let Some(Some(second)) = expressions.get(1)
                        && let Value::Text(text) = self.evaluate(second, Some(&scope))
                    {
                        separator = text;
                    }
                }
                _ => values.push(Value::Bool(true)),
            }
        }
        let open = values.iter().find(|value| matches!(value, Value::Unknown(_)));
        if let Some(open) = open {
            return Some(open.clone());
        }
        if name != "array_agg" {
            values.retain(|value| *value != Value::Null);
        }
        Some(match name {
            "count" => Value::Int(i64::try_from(values.len()).unwrap_or(i64::MAX)),
            _ if values.is_empty() => Value::Null,
            "array_agg" => bounded(values),
            "bool_or" => Value::Bool(values.iter().any(|value| value.truth() == Some(true))),
            "bool_and" => Value::Bool(values.iter().all(|value| value.truth() == Some(true))),
            "string_agg" => {
                let texts: Vec<_> =
                    values.iter().filter_map(|v| v.display(self.catalog).ok().flatten()).collect();
                Value::text(texts.join(&separator))
            }
            _ => {
                let larger = name == "max";
                let best = values.into_iter().reduce(|best, value| {
                    let order = self.compare(&value, &best).ok().flatten();
                    let better = if larger { Ordering::Greater } else { Ordering::Less };
                    if order == Some(better) { value } else { best }
                });
                best.unwrap_or(Value::Null)
            }
        })
    }

    /// PostgreSQL's own functions, those that text is made with.
    pub(super) fn builtin(&mut self, name: &str, arguments: &[Value]) -> Value {
        let open = arguments.iter().find(|value| matches!(value, Value::Unknown(_)));
        if let Some(open) = open {
            return open.clone();
        }
        let mut texts = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match argument.display(self.catalog) {
                Ok(text) => texts.push(text),
                Err(_) => texts.push(None),
            }
        }
        let text = |at: usize| texts.get(at).and_then(Option::as_deref);
        let number = |at: usize| match arguments.get(at) {
            Some(Value::Int(value)) => Some(*value),
            _ => None,
        };
        match (name, arguments) {
            ("format", [template, rest @ ..]) => {
                return match template {
                    Value::Null => Value::Null,
                    _ => format(text(0).unwrap_or_default(), rest, self.catalog),
                };
            }
            ("concat", _) => return Value::text(texts.into_iter().flatten().collect::<String>()),
            ("concat_ws", [_, ..]) => {
                let parts: Vec<_> = texts.iter().skip(1).flatten().map(String::as_str).collect();
                return text(0).map_or(Value::Null, |separator| Value::text(parts.join(separator)));
            }
            ("quote_nullable", [_]) => {
                return Value::text(text(0).map_or_else(|| "NULL".to_owned(), literal));
            }
            ("nullif", [left, right]) => {
                return if self.is_in(left, vec![right.clone()]) == Value::Bool(true) {
                    Value::Null
                } else {
                    left.clone()
                };
            }
            ("set_config", [_, _, ..]) => {
                if text(0) == Some("search_path") {
                    let path = super::search_path(text(1).unwrap_or_default());
                    self.change(schemaward_catalog::Change::SetSearchPath(Some(path)));
                }
                return arguments.get(1).cloned().unwrap_or(Value::Null);
            }
            ("current_schema", []) => {
                let mut path = self.catalog.search_path.iter();
                let first = path.find(|name| self.catalog.schemas.contains_key(*name));
                return first.map_or(Value::Null, Value::text);
            }
            ("current_schemas", [_]) => {
                return Value::Array(self.catalog.search_path.iter().map(Value::text).collect());
            }
            ("array_append", [Value::Array(_), _])
            | ("array_cat" | "array_prepend", [_, Value::Array(_)]) => {
                let mut sides = arguments.iter().cloned();
                return match (sides.next(), sides.next()) {
                    (Some(left), Some(right)) => self.concatenate(left, right),
                    _ => Value::Null,
                };
            }
            _ => {}
        }
        if !arguments.is_empty() && arguments.contains(&Value::Null) {
            return Value::Null;
        }
        let chars = |at: usize| text(at).unwrap_or_default().chars();
        match (name, arguments) {
            ("quote_ident", [_]) => Value::text(quote_identifier(text(0).unwrap_or_default())),
            ("quote_literal", [_]) => Value::text(literal(text(0).unwrap_or_default())),
            ("lower", [_]) => Value::text(text(0).unwrap_or_default().to_lowercase()),
            ("upper", [_]) => Value::text(text(0).unwrap_or_default().to_uppercase()),
            ("btrim" | "trim", [_]) => Value::text(text(0).unwrap_or_default().trim_matches(' ')),
            ("ltrim", [_]) => Value::text(text(0).unwrap_or_default().trim_start_matches(' ')),
            ("rtrim", [_]) => Value::text(text(0).unwrap_or_default().trim_end_matches(' ')),
            ("length" | "char_length", [_]) => {
                Value::Int(i64::try_from(chars(0).count()).unwrap_or(0))
            }
            ("replace", [_, _, _]) => {
                let (whole, from, to) = (
                    text(0).unwrap_or_default(),
                    text(1).unwrap_or_default(),
                    text(2).unwrap_or_default(),
                );
                if from.is_empty() {
                    return Value::text(whole);
                }
                if whole.matches(from).count().saturating_mul(to.len()) > super::value::MAX_TEXT {
                    return Value::unknown("a very long text");
                }
                Value::text(whole.replace(from, to))
            }
            ("left", [_, Value::Int(count)]) => {
                let length = i64::try_from(chars(0).count()).unwrap_or(0);
                let count = if *count < 0 { length + count } else { *count };
                Value::text(chars(0).take(usize::try_from(count).unwrap_or(0)).collect::<String>())
            }
            ("right", [_, Value::Int(count)]) => {
                let length = i64::try_from(chars(0).count()).unwrap_or(0);
                let skip = if *count < 0 { -count } else { length.saturating_sub(*count) };
                Value::text(chars(0).skip(usize::try_from(skip).unwrap_or(0)).collect::<String>())
            }
            ("substr" | "substring", [_, Value::Int(from), ..]) => {
                let until = match number(2) {
                    Some(length) => from.saturating_add(length),
                    None => i64::MAX,
                };
                let kept = chars(0).zip(1_i64..).filter(|(_, at)| at >= from && *at < until);
                Value::text(kept.map(|(c, _)| c).collect::<String>())
            }
            ("split_part", [_, _, Value::Int(part)]) => {
                let separator = text(1).unwrap_or_default();
                let at = usize::try_from(part.wrapping_sub(1)).ok();
                match at {
                    Some(at) if !separator.is_empty() => Value::text(
                        text(0).unwrap_or_default().split(separator).nth(at).unwrap_or_default(),
                    ),
                    _ => Value::unknown("`split_part()`"),
                }
            }
            ("strpos", [_, _]) => {
                let (whole, part) = (text(0).unwrap_or_default(), text(1).unwrap_or_default());
                let found = whole
                    .find(part)
                    .map_or(0, |at| whole.get(..at).unwrap_or_default().chars().count() + 1);
                Value::Int(i64::try_from(found).unwrap_or(0))
            }
            ("starts_with", [_, _]) => {
                Value::Bool(text(0).unwrap_or_default().starts_with(text(1).unwrap_or_default()))
            }
            ("repeat", [_, Value::Int(count)]) => {
                let (part, count) =
                    (text(0).unwrap_or_default(), usize::try_from(*count).unwrap_or(0));
                if part.len().saturating_mul(count) > super::value::MAX_TEXT {
                    return Value::unknown("a very long text");
                }
                Value::text(part.repeat(count))
            }
            ("lpad", [_, Value::Int(width), ..]) => {
                let (whole, fill) = (text(0).unwrap_or_default(), text(2).unwrap_or(" "));
                let width = usize::try_from(*width).unwrap_or(0).min(10_000);
                let missing = width.saturating_sub(whole.chars().count());
                let padding: String =
                    fill.chars().cycle().take(if fill.is_empty() { 0 } else { missing }).collect();
                Value::text((padding + whole).chars().take(width).collect::<String>())
            }
            ("reverse", [_]) => Value::text(chars(0).rev().collect::<String>()),
            ("string_to_array", [_, _]) => {
                let (whole, separator) = (text(0).unwrap_or_default(), text(1).unwrap_or_default());
                if whole.is_empty() {
                    return Value::Array(Vec::new());
                }
                if separator.is_empty() {
                    return Value::Array(vec![Value::text(whole)]);
                }
                bounded(whole.split(separator).take(MAX_ELEMENTS + 1).map(Value::text).collect())
            }
            ("array_to_string", [Value::Array(elements), _]) => {
                let mut parts = Vec::new();
                for element in elements {
                    match element.display(self.catalog) {
                        Ok(text) => parts.extend(text),
                        Err(why) => return Value::Unknown(why),
                    }
                }
                Value::text(parts.join(text(1).unwrap_or_default()))
            }
            ("array_length", [Value::Array(elements), Value::Int(1)]) if elements.is_empty() => {
                Value::Null
            }
            ("array_length" | "array_upper", [Value::Array(elements), Value::Int(1)])
            | ("cardinality", [Value::Array(elements)]) => {
                Value::Int(i64::try_from(elements.len()).unwrap_or(i64::MAX))
            }
            ("array_lower", [Value::Array(_), Value::Int(1)]) => Value::Int(1),
            ("to_regclass", [_]) => self.regular(Kind::Relation, text(0)),
            ("to_regtype", [_]) => self.regular(Kind::Type, text(0)),
            ("to_regnamespace", [_]) => self.regular(Kind::Namespace, text(0)),
            ("to_regproc" | "to_regprocedure", [_]) => self.regular(Kind::Function, text(0)),
            ("to_regrole", [_]) => self.regular(Kind::Role, text(0)),
            _ => Value::unknown(format!("`{name}()`")),
        }
    }

    fn regular(&self, kind: Kind, text: Option<&str>) -> Value {
        let found = text.and_then(|text| self.object(kind, text));
        found.map_or(Value::Null, |name| Value::Object(kind, name))
    }
}
