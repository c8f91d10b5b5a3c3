//! What stands in a query's `FROM`: system catalogs, functions that return sets, subqueries.

use std::rc::Rc;

use sqlparser::ast::{FunctionArg, FunctionArgExpr, TableAlias, TableFactor};

use super::Machine;
use super::evaluate::{Row, Scope, fold};
use super::system;
use super::value::{MAX_ELEMENTS, Value, parse_array};

impl Machine<'_> {
    /// A relation's alias and rows.
    pub(super) fn relation(
        &mut self,
        factor: &TableFactor,
        hints: &[(String, String)],
        scope: &Scope<'_>,
    ) -> Result<(String, Vec<Row>), String> {
        match factor {
            TableFactor::Table { name, alias, args, with_ordinality, .. } => {
                let names: Vec<_> =
                    name.0.iter().filter_map(|part| part.as_ident()).map(fold).collect();
                let Some(last) = names.last() else {
                    return Err("a relation without a name".to_owned());
                };
                if let Some(args) = args {
                    return self.set_of(last, &args.args, *with_ordinality, alias.as_ref(), scope);
                }
                let shown = alias.as_ref().map_or_else(|| last.clone(), |alias| fold(&alias.name));
                if let [name] = names.as_slice()
                    && let Some((_, rows)) = self.ctes.iter().rev().find(|(cte, _)| cte == name)
                {
                    return Ok((shown, rows.iter().cloned().map(Rc::new).collect()));
                }
                let rows = system::rows(self.catalog, &names, hints)
                    .ok_or_else(|| format!("the rows of `{}`", names.join(".")))?;
                Ok((shown, rows))
            }
            TableFactor::Function { name, args, alias, with_ordinality, .. } => {
                let last =
                    name.0.last().and_then(|part| part.as_ident()).map(fold).unwrap_or_default();
                self.set_of(&last, args, *with_ordinality, alias.as_ref(), scope)
            }
            TableFactor::UNNEST { alias, array_exprs, with_ordinality, .. } => {
                let [array] = array_exprs.as_slice() else {
                    return Err("unnest() of several arrays".to_owned());
                };
                let value = self.evaluate(array, Some(scope));
                Ok(named(elements(value)?, "unnest", *with_ordinality, alias.as_ref()))
            }
            TableFactor::Derived { subquery, alias, .. } => {
                let found = self.query(subquery, Some(scope))?;
                if let Some(why) = found.open {
                    return Err(why);
                }
                let names = alias.iter().flat_map(|alias| &alias.columns);
                let names: Vec<_> = names.map(|column| fold(&column.name)).collect();
                let shown = alias.as_ref().map(|alias| fold(&alias.name)).unwrap_or_default();
                let rows = found.rows.into_iter().map(|row| Rc::new(renamed(row, &names)));
                Ok((shown, rows.collect()))
            }
            _ => Err("a relation that is not followed".to_owned()),
        }
    }

    pub(super) fn set_of(
        &mut self,
        name: &str,
        arguments: &[FunctionArg],
        ordinality: bool,
        alias: Option<&TableAlias>,
        scope: &Scope<'_>,
    ) -> Result<(String, Vec<Row>), String> {
        let mut values = Vec::new();
        for argument in arguments {
            match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)) => {
                    values.push(self.evaluate(argument, Some(scope)));
                }
                _ => return Err(format!("`{name}()`")),
            }
        }
        if let Some(values) = self.series(name, &values)? {
            return Ok(named(values, name, ordinality, alias));
        }
        // `SELECT * FROM f('t')`.
        let written = schemaward_catalog::ObjectName::bare(name);
        let arguments: Vec<_> = values.into_iter().map(|value| (None, value)).collect();
        let value = self.call(&written, &arguments);
        Ok(named(vec![value], name, ordinality, alias))
    }

    /// The values of a function that returns a set, if it is one that is known.
    fn series(&mut self, name: &str, arguments: &[Value]) -> Result<Option<Vec<Value>>, String> {
        match (name, arguments) {
            ("unnest", [array]) => elements(array.clone()).map(Some),
            ("string_to_table" | "regexp_split_to_table", [_, separator]) => {
                let plain =
                    |text: &str| text.chars().all(|c| c.is_alphanumeric() || ",;: -".contains(c));
                match separator {
                    Value::Text(text) if name == "string_to_table" || plain(text) => {
                        elements(self.builtin("string_to_array", arguments)).map(Some)
                    }
                    _ => Err(format!("`{name}()`")),
                }
            }
            ("generate_series", [Value::Int(from), Value::Int(to), rest @ ..]) => {
                let step = match rest {
                    [] => 1,
                    [Value::Int(step)] if *step != 0 => *step,
                    _ => return Err("`generate_series()`".to_owned()),
                };
                let mut values = Vec::new();
                let mut at = *from;
                while if step > 0 { at <= *to } else { at >= *to } {
                    values.push(Value::Int(at));
                    if values.len() > MAX_ELEMENTS {
                        return Err("a very long series".to_owned());
                    }
                    let Some(next) = at.checked_add(step) else { break };
                    at = next;
                }
                Ok(Some(values))
            }
            ("generate_series", _) => Err("`generate_series()`".to_owned()),
            _ => Ok(None),
        }
    }
}

fn elements(value: Value) -> Result<Vec<Value>, String> {
    match value {
        Value::Array(elements) => Ok(elements),
        Value::Null => Ok(Vec::new()),
        Value::Text(text) => match parse_array(&text) {
            Value::Array(elements) => Ok(elements),
            _ => Err("an array that is not known".to_owned()),
        },
        Value::Unknown(why) => Err(why),
        _ => Err("an array that is not known".to_owned()),
    }
}

/// The rows of a function in `FROM`, under the names its alias gives.
fn named(
    values: Vec<Value>,
    function: &str,
    ordinality: bool,
    alias: Option<&TableAlias>,
) -> (String, Vec<Row>) {
    let shown = alias.map_or_else(|| function.to_owned(), |alias| fold(&alias.name));
    let names: Vec<_> =
        alias.iter().flat_map(|alias| &alias.columns).map(|column| fold(&column.name)).collect();
    let rows = values.into_iter().zip(1_i64..).map(|(value, at)| {
        let mut row = match value {
            Value::Row(columns) if !names.is_empty() => columns,
            value => vec![(shown.clone(), value)],
        };
        if ordinality {
            row.push(("ordinality".to_owned(), Value::Int(at)));
        }
        Rc::new(renamed(row, &names))
    });
    (shown.clone(), rows.collect())
}

pub(super) fn renamed(mut row: Vec<(String, Value)>, names: &[String]) -> Vec<(String, Value)> {
    for ((column, _), name) in row.iter_mut().zip(names) {
        name.clone_into(column);
    }
    row
}
