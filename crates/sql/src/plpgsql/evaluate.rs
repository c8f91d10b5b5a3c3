//! Expressions to values, as far as the text and the catalog settle them.

use std::cmp::Ordering;
use std::rc::Rc;

use sqlparser::ast::{
    AccessExpr, BinaryOperator, Expr, Ident, Query, Subscript, UnaryOperator, Value as Constant,
};

use super::Machine;
use super::value::{MAX_ELEMENTS, Value, like, parse_array};

/// One row of each relation of a `FROM`, by alias.
pub(super) type Rows = Vec<Vec<(String, Row)>>;

/// A row: its columns in order.
pub(super) type Row = Rc<Vec<(String, Value)>>;

/// What a query's expressions see: one row of each relation in its `FROM`.
#[derive(Clone, Default)]
pub(super) struct Scope<'a> {
    pub(super) rows: Vec<(String, Row)>,
    pub(super) outer: Option<&'a Scope<'a>>,
    /// The rows an aggregate runs over.
    pub(super) group: Option<Rc<Rows>>,
}

/// How deep expressions, statements and calls are walked together.
pub(super) const DEPTH: usize = 100;

/// A name as the server folds it.
pub(super) fn fold(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_ascii_lowercase() }
}

impl Machine<'_> {
    pub(super) fn evaluate(&mut self, expression: &Expr, scope: Option<&Scope<'_>>) -> Value {
        self.depth += 1;
        let value = if self.depth > DEPTH {
            Value::unknown("an expression that nests too deep")
        } else if self.step(1) {
            self.evaluate_inner(expression, scope)
        } else {
            Value::unknown("more steps than are followed")
        };
        self.depth -= 1;
        value
    }

    fn evaluate_inner(&mut self, expression: &Expr, scope: Option<&Scope<'_>>) -> Value {
        match expression {
            Expr::Nested(inner) => self.evaluate(inner, scope),
            Expr::Identifier(name) => self.name(&[fold(name)], scope),
            Expr::CompoundIdentifier(names) => {
                let names: Vec<_> = names.iter().map(fold).collect();
                self.name(&names, scope)
            }
            Expr::Value(value) => self.constant(&value.value),
            Expr::TypedString(typed) => {
                let value = self.constant(&typed.value.value);
                self.cast(value, &typed.data_type.to_string())
            }
            Expr::Cast { expr, data_type, .. } => {
                let value = self.evaluate(expr, scope);
                self.cast(value, &data_type.to_string())
            }
            Expr::Collate { expr, .. } => self.evaluate(expr, scope),
            Expr::UnaryOp { op, expr } => match (op, self.evaluate(expr, scope)) {
                (_, Value::Unknown(why)) => Value::Unknown(why),
                (UnaryOperator::Not, Value::Null) => Value::Null,
                (UnaryOperator::Not, value) => bool_or_unknown(value.truth().map(|v| !v)),
                (UnaryOperator::Minus, Value::Int(value)) => Value::Int(value.wrapping_neg()),
                (UnaryOperator::Plus, value) => value,
                _ => Value::unknown("an operator that is not followed"),
            },
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, scope),
            Expr::IsNull(inner) => match self.evaluate(inner, scope) {
                Value::Unknown(why) => Value::Unknown(why),
                value => Value::Bool(value == Value::Null),
            },
            Expr::IsNotNull(inner) => match self.evaluate(inner, scope) {
                Value::Unknown(why) => Value::Unknown(why),
                value => Value::Bool(value != Value::Null),
            },
            Expr::IsTrue(inner) | Expr::IsNotFalse(inner) => {
                self.is_truth(inner, scope, true, matches!(expression, Expr::IsNotFalse(_)))
            }
            Expr::IsFalse(inner) | Expr::IsNotTrue(inner) => {
                self.is_truth(inner, scope, false, matches!(expression, Expr::IsNotTrue(_)))
            }
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                let (left, right) = (self.evaluate(left, scope), self.evaluate(right, scope));
                let distinct = match (&left, &right) {
                    (Value::Null, Value::Null) => Ok(Some(Ordering::Equal)),
                    (Value::Null, Value::Unknown(why)) | (Value::Unknown(why), Value::Null) => {
                        Err(why.clone())
                    }
                    (Value::Null, _) | (_, Value::Null) => Ok(Some(Ordering::Less)),
                    _ => self.compare(&left, &right),
                };
                let wants = matches!(expression, Expr::IsDistinctFrom(..));
                match distinct {
                    Ok(order) => Value::Bool((order != Some(Ordering::Equal)) == wants),
                    Err(why) => Value::Unknown(why),
                }
            }
            Expr::InList { expr, list, negated } => {
                let value = self.evaluate(expr, scope);
                let elements = list.iter().map(|item| self.evaluate(item, scope)).collect();
                negate(self.is_in(&value, elements), *negated)
            }
            Expr::InSubquery { expr, subquery, negated } => {
                let value = self.evaluate(expr, scope);
                match self.column_of(subquery, scope) {
                    Ok(elements) => negate(self.is_in(&value, elements), *negated),
                    Err(why) => Value::Unknown(why),
                }
            }
            Expr::AnyOp { left, compare_op, right, .. } => {
                let value = self.evaluate(left, scope);
                match (compare_op, self.elements(right, scope)) {
                    (_, Err(why)) => Value::Unknown(why),
                    (BinaryOperator::Eq, Ok(elements)) => self.is_in(&value, elements),
                    _ => Value::unknown("ANY with an operator that is not followed"),
                }
            }
            Expr::AllOp { left, compare_op, right } => {
                let value = self.evaluate(left, scope);
                match (compare_op, self.elements(right, scope)) {
                    (_, Err(why)) => Value::Unknown(why),
                    (BinaryOperator::NotEq, Ok(elements)) => {
                        negate(self.is_in(&value, elements), true)
                    }
                    _ => Value::unknown("ALL with an operator that is not followed"),
                }
            }
            Expr::Between { expr, negated, low, high } => {
                let value = self.evaluate(expr, scope);
                let (low, high) = (self.evaluate(low, scope), self.evaluate(high, scope));
                match (self.compare(&value, &low), self.compare(&value, &high)) {
                    (Ok(Some(low)), Ok(Some(high))) => {
                        Value::Bool((low.is_ge() && high.is_le()) != *negated)
                    }
                    (Err(why), _) | (_, Err(why)) => Value::Unknown(why),
                    _ => Value::Null,
                }
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                let matched = self.like(expr, pattern, scope, false);
                negate(matched, *negated)
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char: None } => {
                let matched = self.like(expr, pattern, scope, true);
                negate(matched, *negated)
            }
            Expr::Exists { subquery, negated } => negate(self.exists(subquery, scope), *negated),
            Expr::Subquery(query) => match self.column_of(query, scope) {
                Ok(mut values) if values.len() <= 1 => values.pop().unwrap_or(Value::Null),
                Ok(_) => Value::unknown("a subquery of more than one row"),
                Err(why) => Value::Unknown(why),
            },
            Expr::Case { operand, conditions, else_result, .. } => {
                let operand = operand.as_ref().map(|operand| self.evaluate(operand, scope));
                for arm in conditions {
                    let condition = self.evaluate(&arm.condition, scope);
                    let condition = match &operand {
                        Some(operand) => self.is_in(operand, vec![condition]),
                        None => condition,
                    };
                    match (condition.truth(), condition) {
                        (Some(true), _) => return self.evaluate(&arm.result, scope),
                        (Some(false), _) => {}
                        (None, Value::Unknown(why)) => return Value::Unknown(why),
                        (None, _) => return Value::unknown("a condition that is no boolean"),
                    }
                }
                else_result.as_ref().map_or(Value::Null, |value| self.evaluate(value, scope))
            }
            Expr::Array(array) => {
                if array.elem.len() > MAX_ELEMENTS {
                    return Value::unknown("a very long array");
                }
                Value::Array(array.elem.iter().map(|item| self.evaluate(item, scope)).collect())
            }
            Expr::Tuple(items) => {
                let items = items.iter().enumerate();
                let row =
                    items.map(|(at, item)| (format!("f{}", at + 1), self.evaluate(item, scope)));
                Value::Row(row.collect())
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                let mut value = self.evaluate(root, scope);
                for access in access_chain {
                    value = self.access(value, access, scope);
                }
                value
            }
            Expr::Trim { expr, trim_where: None, trim_what: None, trim_characters: None } => {
                let text = self.evaluate(expr, scope);
                self.on_text(&text, |text| text.trim_matches(' ').to_owned())
            }
            Expr::Position { expr, r#in } => {
                let (part, whole) = (self.evaluate(expr, scope), self.evaluate(r#in, scope));
                self.builtin("strpos", &[whole, part])
            }
            Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
                let mut arguments = vec![self.evaluate(expr, scope), self.evaluate(from, scope)];
                arguments.extend(substring_for.as_ref().map(|length| self.evaluate(length, scope)));
                self.builtin("substr", &arguments)
            }
            Expr::Function(function) => self.function(function, scope),
            _ => Value::unknown("an expression that is not followed"),
        }
    }

    fn constant(&self, constant: &Constant) -> Value {
        match constant {
            Constant::Null => Value::Null,
            Constant::Boolean(value) => Value::Bool(*value),
            Constant::Number(text, _) => {
                text.parse().map_or_else(|_| Value::text(text.clone()), Value::Int)
            }
            Constant::Placeholder(name) => self.variable(&name.to_ascii_lowercase()),
            other => other
                .clone()
                .into_string()
                .map_or_else(|| Value::unknown("a constant that is not followed"), Value::text),
        }
    }

    /// A column of the query, else a variable, else a field of either.
    fn name(&self, names: &[String], scope: Option<&Scope<'_>>) -> Value {
        let mut within = scope;
        while let Some(scope) = within {
            for (alias, row) in &scope.rows {
                let column = match names {
                    [name] => name,
                    [table, name] | [_, table, name] if table == alias => name,
                    _ => continue,
                };
                if let Some((_, value)) = row.iter().find(|(name, _)| name == column) {
                    return value.clone();
                }
            }
            if let [name] = names
                && let Some((_, row)) = scope.rows.iter().find(|(alias, _)| alias == name)
            {
                return Value::Row(row.as_ref().clone());
            }
            within = scope.outer;
        }
        match names {
            [name] => self.variable(name),
            [record, field] => match self.variable(record) {
                Value::Row(columns) => columns
                    .into_iter()
                    .find(|(name, _)| name == field)
                    .map_or_else(|| Value::unknown(format!("`{record}.{field}`")), |(_, v)| v),
                Value::Unknown(why) => match self.variable(field) {
                    // `function_name.argument`.
                    value if !matches!(value, Value::Unknown(_)) => value,
                    _ => Value::Unknown(why),
                },
                _ => Value::unknown(format!("`{record}.{field}`")),
            },
            _ => Value::unknown(format!("`{}`", names.join("."))),
        }
    }

    fn is_truth(
        &mut self,
        inner: &Expr,
        scope: Option<&Scope<'_>>,
        wanted: bool,
        null: bool,
    ) -> Value {
        match self.evaluate(inner, scope) {
            Value::Unknown(why) => Value::Unknown(why),
            Value::Null => Value::Bool(null),
            value => bool_or_unknown(value.truth().map(|truth| truth == wanted)),
        }
    }

    fn binary(
        &mut self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        scope: Option<&Scope<'_>>,
    ) -> Value {
        let left = self.evaluate(left, scope);
        // What one side settles, the other does not unsettle; it is not even run.
        let settled = match op {
            BinaryOperator::And => left.truth() == Some(false) && left != Value::Null,
            BinaryOperator::Or => left.truth() == Some(true),
            _ => false,
        };
        if settled {
            return left;
        }
        let right = self.evaluate(right, scope);
        match op {
            BinaryOperator::And | BinaryOperator::Or => {
                let strong = *op == BinaryOperator::Or;
                if right.truth() == Some(strong) && right != Value::Null {
                    return Value::Bool(strong);
                }
                match (left, right) {
                    (Value::Unknown(why), _) | (_, Value::Unknown(why)) => Value::Unknown(why),
                    (Value::Null, _) | (_, Value::Null) => Value::Null,
                    (left, right) => {
                        bool_or_unknown(left.truth().zip(right.truth()).map(|_| !strong))
                    }
                }
            }
            BinaryOperator::StringConcat => self.concatenate(left, right),
            BinaryOperator::Eq
            | BinaryOperator::NotEq
            | BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq => match self.compare(&left, &right) {
                Err(why) => Value::Unknown(why),
                Ok(None) => Value::Null,
                Ok(Some(order)) => Value::Bool(match op {
                    BinaryOperator::Eq => order.is_eq(),
                    BinaryOperator::NotEq => order.is_ne(),
                    BinaryOperator::Lt => order.is_lt(),
                    BinaryOperator::LtEq => order.is_le(),
                    BinaryOperator::Gt => order.is_gt(),
                    _ => order.is_ge(),
                }),
            },
            _ => match (left, right) {
                (Value::Unknown(why), _) | (_, Value::Unknown(why)) => Value::Unknown(why),
                (Value::Null, _) | (_, Value::Null) => Value::Null,
                (Value::Int(left), Value::Int(right)) => {
                    let result = match op {
                        BinaryOperator::Plus => left.checked_add(right),
                        BinaryOperator::Minus => left.checked_sub(right),
                        BinaryOperator::Multiply => left.checked_mul(right),
                        BinaryOperator::Divide => left.checked_div(right),
                        BinaryOperator::Modulo => left.checked_rem(right),
                        _ => None,
                    };
                    result.map_or_else(
                        || Value::unknown("an operator that is not followed"),
                        Value::Int,
                    )
                }
                _ => Value::unknown("an operator that is not followed"),
            },
        }
    }

    pub(super) fn concatenate(&self, left: Value, right: Value) -> Value {
        match (left, right) {
            (Value::Unknown(why), _) | (_, Value::Unknown(why)) => Value::Unknown(why),
            (Value::Array(mut left), Value::Array(right)) => {
                left.extend(right);
                bounded(left)
            }
            (Value::Array(mut left), right) => {
                left.push(right);
                bounded(left)
            }
            (left, Value::Array(mut right)) => {
                right.insert(0, left);
                bounded(right)
            }
            (Value::Null, _) | (_, Value::Null) => Value::Null,
            (left, right) => match (left.display(self.catalog), right.display(self.catalog)) {
                (Ok(left), Ok(right)) => {
                    Value::text(left.unwrap_or_default() + &right.unwrap_or_default())
                }
                (Err(why), _) | (_, Err(why)) => Value::Unknown(why),
            },
        }
    }

    /// The order of two values; `Ok(None)` when one is NULL.
    pub(super) fn compare(&self, left: &Value, right: &Value) -> Result<Option<Ordering>, String> {
        Ok(Some(match (left, right) {
            (Value::Unknown(why), _) | (_, Value::Unknown(why)) => return Err(why.clone()),
            (Value::Null, _) | (_, Value::Null) => return Ok(None),
            (Value::Int(left), Value::Int(right)) => left.cmp(right),
            (Value::Bool(_), _) | (_, Value::Bool(_)) => match (left.truth(), right.truth()) {
                (Some(left), Some(right)) => left.cmp(&right),
                _ => return Err("a comparison that is not followed".to_owned()),
            },
            (Value::Object(kind, left), Value::Object(other, right)) if kind == other => {
                left.cmp(right)
            }
            (Value::Object(kind, name), Value::Text(text))
            | (Value::Text(text), Value::Object(kind, name)) => match self.object(*kind, text) {
                Some(found) => found.cmp(name),
                None => Ordering::Less,
            },
            (Value::Array(left), Value::Array(right)) => {
                if left == right {
                    Ordering::Equal
                } else {
                    Ordering::Less
                }
            }
            _ => {
                let (left, right) = (left.display(self.catalog)?, right.display(self.catalog)?);
                match (
                    left.as_deref().map(str::parse::<i64>),
                    right.as_deref().map(str::parse::<i64>),
                ) {
                    (Some(Ok(left)), Some(Ok(right))) => left.cmp(&right),
                    _ => left.cmp(&right),
                }
            }
        }))
    }

    pub(super) fn is_in(&self, value: &Value, elements: Vec<Value>) -> Value {
        let mut left_open = None;
        let mut null = *value == Value::Null && !elements.is_empty();
        for element in elements {
            match self.compare(value, &element) {
                Ok(Some(Ordering::Equal)) => return Value::Bool(true),
                Ok(Some(_)) => {}
                Ok(None) => null = true,
                Err(why) => left_open = Some(why),
            }
        }
        match left_open {
            Some(why) => Value::Unknown(why),
            None if null => Value::Null,
            None => Value::Bool(false),
        }
    }

    fn elements(
        &mut self,
        expression: &Expr,
        scope: Option<&Scope<'_>>,
    ) -> Result<Vec<Value>, String> {
        if let Expr::Subquery(query) = expression {
            return self.column_of(query, scope);
        }
        match self.evaluate(expression, scope) {
            Value::Array(elements) => Ok(elements),
            Value::Null => Ok(vec![Value::Null]),
            Value::Text(text) => match parse_array(&text) {
                Value::Array(elements) => Ok(elements),
                _ => Err("an array that is not known".to_owned()),
            },
            Value::Unknown(why) => Err(why),
            _ => Err("an array that is not known".to_owned()),
        }
    }

    /// The first column of a query's rows.
    pub(super) fn column_of(
        &mut self,
        query: &Query,
        scope: Option<&Scope<'_>>,
    ) -> Result<Vec<Value>, String> {
        let found = self.query(query, scope)?;
        if let Some(why) = found.open {
            return Err(why);
        }
        Ok(found
            .rows
            .iter()
            .map(|row| row.first().map_or(Value::Null, |(_, v)| v.clone()))
            .collect())
    }

    fn exists(&mut self, query: &Query, scope: Option<&Scope<'_>>) -> Value {
        match self.query(query, scope) {
            Ok(found) if !found.rows.is_empty() => Value::Bool(true),
            Ok(found) => found.open.map_or(Value::Bool(false), Value::Unknown),
            Err(why) => Value::Unknown(why),
        }
    }

    fn like(
        &mut self,
        text: &Expr,
        pattern: &Expr,
        scope: Option<&Scope<'_>>,
        fold: bool,
    ) -> Value {
        let (text, pattern) = (self.evaluate(text, scope), self.evaluate(pattern, scope));
        match (text.display(self.catalog), pattern.display(self.catalog)) {
            (Err(why), _) | (_, Err(why)) => Value::Unknown(why),
            (Ok(Some(text)), Ok(Some(pattern))) => Value::Bool(like(&text, &pattern, fold)),
            _ => Value::Null,
        }
    }

    fn access(&mut self, value: Value, access: &AccessExpr, scope: Option<&Scope<'_>>) -> Value {
        match (access, value) {
            (_, Value::Unknown(why)) => Value::Unknown(why),
            (AccessExpr::Dot(Expr::Identifier(name)), Value::Row(columns)) => {
                let name = fold(name);
                let found = columns.into_iter().find(|(column, _)| *column == name);
                found.map_or_else(|| Value::unknown(format!("`{name}`")), |(_, value)| value)
            }
            (AccessExpr::Subscript(Subscript::Index { index }), Value::Array(elements)) => {
                match self.evaluate(index, scope) {
                    Value::Int(index) => {
                        let at = usize::try_from(index.wrapping_sub(1)).ok();
                        at.and_then(|at| elements.get(at).cloned()).unwrap_or(Value::Null)
                    }
                    Value::Unknown(why) => Value::Unknown(why),
                    _ => Value::Null,
                }
            }
            _ => Value::unknown("a part of a value that is not followed"),
        }
    }
}

pub(super) fn bool_or_unknown(value: Option<bool>) -> Value {
    value.map_or_else(|| Value::unknown("a condition that is no boolean"), Value::Bool)
}

fn negate(value: Value, negated: bool) -> Value {
    match value {
        Value::Bool(value) => Value::Bool(value != negated),
        other => other,
    }
}

/// An array, unless it is too long.
pub(super) fn bounded(elements: Vec<Value>) -> Value {
    if elements.len() > MAX_ELEMENTS {
        Value::unknown("a very long array")
    } else {
        Value::Array(elements)
    }
}
