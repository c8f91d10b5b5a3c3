//! The truth of conditions, in SQL's three values, as far as it follows from the text: of every row
//! and session, or under an assumption about the session.

use schemaward_catalog::{Catalog, Table};
use sqlparser::ast::{
    self, BinaryOperator, CaseWhen, DataType, Expr, Query, SetExpr, UnaryOperator, Value,
};

use super::expression::{arguments, folded, lone_projection, object_name};
use super::session::{SettingRead, is_identity_call, session_user, setting_read};

/// How deep functions of the project are looked into.
const MAX_CALLS: usize = 4;

/// What is assumed of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session<'a> {
    /// Nothing.
    Any,
    /// Nobody said who asks: settings that may be missing are NULL, and so is what functions tell.
    Unset,
    /// The settings exist and are empty, as they are after a transaction that set them.
    Empty,
    /// One setting has this value.
    Set(&'a str, &'a str),
}

/// What a condition is judged with.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    /// The schema, for functions of the project.
    pub(crate) catalog: &'a Catalog,
    /// The table whose rows the condition is about, for what its columns rule out.
    pub(crate) table: Option<&'a Table>,
    /// What is assumed.
    pub(crate) session: Session<'a>,
    calls: usize,
}

/// A value as far as it is known.
#[derive(Clone, Debug)]
enum Known<'e> {
    Null,
    Bool(bool),
    Text(String),
    /// Not known; the expression stands for itself.
    Open(&'e Expr),
}

impl<'a> Judge<'a> {
    /// Judges conditions on any row and in any session.
    pub(crate) fn new(catalog: &'a Catalog, table: Option<&'a Table>) -> Self {
        Self { catalog, table, session: Session::Any, calls: 0 }
    }

    /// The same under an assumption.
    pub(crate) fn when(self, session: Session<'a>) -> Self {
        Self { session, ..self }
    }

    /// Whether a condition lets every row through (`true`) or none (`false`, as NULL does too);
    /// `None` when that depends on the row or the session.
    pub(crate) fn truth(self, condition: &'a Expr) -> Option<bool> {
        match self.value(condition) {
            Known::Bool(truth) => Some(truth),
            Known::Null => Some(false),
            Known::Text(text) => boolean(&text),
            Known::Open(_) => None,
        }
    }

    fn value(self, expression: &'a Expr) -> Known<'a> {
        let open = Known::Open(expression);
        let of = |truth: Option<bool>| truth.map_or(Known::Open(expression), Known::Bool);
        match expression {
            Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => self.value(inner),
            Expr::Value(value) => match &value.value {
                Value::Boolean(truth) => Known::Bool(*truth),
                Value::Null => Known::Null,
                Value::SingleQuotedString(text) | Value::EscapedStringLiteral(text) => {
                    Known::Text(text.clone())
                }
                Value::Number(number, _) => Known::Text(number.clone()),
                _ => open,
            },
            Expr::Cast { expr, data_type, .. } => match self.value(expr) {
                Known::Text(text) if matches!(data_type, DataType::Boolean | DataType::Bool) => {
                    of(boolean(&text))
                }
                // An empty string is no value of any type but text: the cast is an error.
                Known::Text(text) if text.is_empty() && !is_text(data_type) => open,
                Known::Open(_) => open,
                known => known,
            },
            Expr::IsTrue(inner) => match self.value(inner) {
                Known::Bool(truth) => Known::Bool(truth),
                Known::Null => Known::Bool(false),
                _ => open,
            },
            Expr::IsNotTrue(inner) => match self.value(inner) {
                Known::Bool(truth) => Known::Bool(!truth),
                Known::Null => Known::Bool(true),
                _ => open,
            },
            Expr::IsFalse(inner) => match self.value(inner) {
                Known::Bool(truth) => Known::Bool(!truth),
                Known::Null => Known::Bool(false),
                _ => open,
            },
            Expr::IsNotFalse(inner) => match self.value(inner) {
                Known::Bool(truth) => Known::Bool(truth),
                Known::Null => Known::Bool(true),
                _ => open,
            },
            Expr::IsNull(inner) | Expr::IsUnknown(inner) => of(self.is_null(inner)),
            Expr::IsNotNull(inner) | Expr::IsNotUnknown(inner) => {
                of(self.is_null(inner).map(|is_null| !is_null))
            }
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => match self.value(expr) {
                Known::Bool(truth) => Known::Bool(!truth),
                Known::Text(text) => of(boolean(&text).map(|truth| !truth)),
                Known::Null => Known::Null,
                Known::Open(_) => open,
            },
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                match (self.operand(left), self.operand(right)) {
                    (Known::Bool(false), _) | (_, Known::Bool(false)) => Known::Bool(false),
                    (Known::Bool(true), other) | (other, Known::Bool(true)) => match other {
                        Known::Open(_) => open,
                        known => known,
                    },
                    (Known::Null, Known::Null) => Known::Null,
                    _ => open,
                }
            }
            Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
                match (self.operand(left), self.operand(right)) {
                    (Known::Bool(true), _) | (_, Known::Bool(true)) => Known::Bool(true),
                    (Known::Bool(false), other) | (other, Known::Bool(false)) => match other {
                        Known::Open(_) => open,
                        known => known,
                    },
                    (Known::Null, Known::Null) => Known::Null,
                    _ if complementary(left, right) => Known::Bool(true),
                    _ => open,
                }
            }
            Expr::BinaryOp { left, op, right } => {
                Self::compare(&self.value(left), op, &self.value(right)).unwrap_or(open)
            }
            Expr::IsNotDistinctFrom(left, right) => {
                of(self.distinct(left, right).map(|distinct| !distinct))
            }
            Expr::IsDistinctFrom(left, right) => of(self.distinct(left, right)),
            Expr::InList { expr, list, negated } => {
                let left = self.value(expr);
                if matches!(left, Known::Null) {
                    return Known::Null;
                }
                let items = list
                    .iter()
                    .map(|item| Self::compare(&left, &BinaryOperator::Eq, &self.value(item)));
                let mut found = Some(false);
                for item in items {
                    match item {
                        Some(Known::Bool(true)) => return Known::Bool(!negated),
                        Some(Known::Bool(false)) => {}
                        _ => found = None,
                    }
                }
                of(found.map(|found| found != *negated))
            }
            Expr::Like { negated, expr, pattern, .. }
            | Expr::ILike { negated, expr, pattern, .. } => {
                match (self.value(expr), self.value(pattern)) {
                    (Known::Null, _) | (_, Known::Null) => Known::Null,
                    // What every text matches; a NULL does not, and no row says so here.
                    (_, Known::Text(pattern))
                        if !pattern.is_empty() && pattern.chars().all(|c| c == '%') =>
                    {
                        Known::Bool(!negated)
                    }
                    _ => open,
                }
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                let otherwise = else_result.as_deref();
                self.case(operand.as_deref(), conditions, otherwise).unwrap_or(open)
            }
            Expr::Function(function) => self.call(function, expression),
            Expr::Subquery(query) => match lone_projection(query) {
                Some(inner) => match self.value(inner) {
                    Known::Open(_) => open,
                    known => known,
                },
                None => open,
            },
            Expr::Exists { subquery, negated } => {
                of(self.exists(subquery).map(|exists| exists != *negated))
            }
            _ => open,
        }
    }

    /// An operand of `AND` and `OR`, where a string constant is a boolean.
    fn operand(self, expression: &'a Expr) -> Known<'a> {
        match self.value(expression) {
            Known::Text(text) => boolean(&text).map_or(Known::Open(expression), Known::Bool),
            known => known,
        }
    }

    fn is_null(self, expression: &'a Expr) -> Option<bool> {
        match self.value(expression) {
            Known::Null => Some(true),
            Known::Bool(_) | Known::Text(_) => Some(false),
            Known::Open(open) => {
                let never = session_user(open).is_some() || self.is_never_null(open);
                never.then_some(false)
            }
        }
    }

    /// Whether an expression is a column of the table that accepts no NULL.
    fn is_never_null(self, expression: &Expr) -> bool {
        let Some(table) = self.table else { return false };
        let column = match expression {
            Expr::Identifier(ident) => folded(ident),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [owner, column] if folded(owner) == table.name.name => folded(column),
                _ => return false,
            },
            _ => return false,
        };
        table.column(&column).is_some_and(|column| !column.nullable)
    }

    fn distinct(self, left: &'a Expr, right: &'a Expr) -> Option<bool> {
        match (self.value(left), self.value(right)) {
            (Known::Null, Known::Null) => Some(false),
            (Known::Null, Known::Bool(_) | Known::Text(_))
            | (Known::Bool(_) | Known::Text(_), Known::Null) => Some(true),
            (Known::Null, Known::Open(open)) | (Known::Open(open), Known::Null) => {
                self.is_never_null(open).then_some(true)
            }
            (left, right) => match Self::compare(&left, &BinaryOperator::NotEq, &right) {
                Some(Known::Bool(differs)) => Some(differs),
                _ => None,
            },
        }
    }

    fn compare(left: &Known<'a>, op: &BinaryOperator, right: &Known<'a>) -> Option<Known<'a>> {
        use BinaryOperator as Op;
        let is_comparison =
            matches!(op, Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq);
        match (left, right) {
            // Nearly every operator of PostgreSQL is strict.
            (Known::Null, _) | (_, Known::Null) => Some(Known::Null),
            _ if !is_comparison => None,
            (Known::Open(left), Known::Open(right)) => {
                // `id = id` holds for every row that has one: nobody is kept out.
                let same = left == right && is_steady(left);
                match op {
                    Op::Eq | Op::LtEq | Op::GtEq if same => Some(Known::Bool(true)),
                    Op::NotEq | Op::Lt | Op::Gt if same => Some(Known::Bool(false)),
                    _ => None,
                }
            }
            (Known::Open(_), _) | (_, Known::Open(_)) => None,
            (left, right) => {
                let (left, right) = (text(left)?, text(right)?);
                let order = match (left.parse::<f64>(), right.parse::<f64>()) {
                    (Ok(left), Ok(right)) => left.partial_cmp(&right)?,
                    _ if matches!(op, Op::Eq | Op::NotEq) => left.cmp(&right),
                    // Which text comes first, collations decide.
                    _ => return None,
                };
                Some(Known::Bool(match op {
                    Op::Eq => order.is_eq(),
                    Op::NotEq => order.is_ne(),
                    Op::Lt => order.is_lt(),
                    Op::LtEq => order.is_le(),
                    Op::Gt => order.is_gt(),
                    _ => order.is_ge(),
                }))
            }
        }
    }

    fn case(
        self,
        operand: Option<&'a Expr>,
        conditions: &'a [CaseWhen],
        otherwise: Option<&'a Expr>,
    ) -> Option<Known<'a>> {
        // Every branch that may be taken; one answer when all say the same.
        let mut results: Vec<Known<'a>> = Vec::new();
        let mut certain = false;
        for when in conditions {
            let holds = match operand {
                None => self.operand(&when.condition),
                Some(operand) => Self::compare(
                    &self.value(operand),
                    &BinaryOperator::Eq,
                    &self.value(&when.condition),
                )
                .unwrap_or(Known::Open(&when.condition)),
            };
            match holds {
                Known::Bool(false) | Known::Null => {}
                Known::Bool(true) => {
                    results.push(self.operand(&when.result));
                    certain = true;
                    break;
                }
                _ => results.push(self.operand(&when.result)),
            }
        }
        if !certain {
            results.push(otherwise.map_or(Known::Null, |otherwise| self.operand(otherwise)));
        }
        let first = results.first()?.clone();
        match &first {
            Known::Bool(truth) => results
                .iter()
                .all(|result| matches!(result, Known::Bool(other) if other == truth))
                .then_some(first),
            _ if results.len() == 1 => Some(first),
            _ => None,
        }
    }

    fn call(self, function: &'a ast::Function, whole: &'a Expr) -> Known<'a> {
        let open = Known::Open(whole);
        if let Some(read) = setting_read(function) {
            return self.setting(&read).unwrap_or(open);
        }
        let name = object_name(&function.name);
        let arguments = arguments(function);
        match (name.name.as_str(), arguments.as_slice()) {
            ("coalesce", all) => {
                for argument in all {
                    match self.value(argument) {
                        Known::Null => {}
                        Known::Open(first) => {
                            // The last one left is the value; before others it may be NULL.
                            let last =
                                all.last().is_some_and(|last| std::ptr::eq(*last, *argument));
                            let settled = last || self.is_never_null(first);
                            return if settled { Known::Open(first) } else { open };
                        }
                        known => return known,
                    }
                }
                return Known::Null;
            }
            ("nullif", [first, second]) => {
                return match (self.value(first), self.value(second)) {
                    (Known::Null, _) => Known::Null,
                    (Known::Text(first), Known::Text(second)) if first == second => Known::Null,
                    (known @ (Known::Text(_) | Known::Bool(_)), Known::Null)
                    | (known @ Known::Text(_), Known::Text(_)) => known,
                    _ => open,
                };
            }
            ("lower" | "upper" | "trim" | "btrim", [only]) => {
                return match self.value(only) {
                    Known::Null => Known::Null,
                    Known::Text(text) => Known::Text(match name.name.as_str() {
                        "lower" => text.to_lowercase(),
                        "upper" => text.to_uppercase(),
                        _ => text.trim().to_owned(),
                    }),
                    _ => open,
                };
            }
            _ => {}
        }
        if !arguments.is_empty() {
            return open;
        }
        // A function of one expression is that expression.
        if self.calls < MAX_CALLS
            && let [found] = self.catalog.functions_named(&name).as_slice()
            && let Some(value) = found.body.as_ref().and_then(|body| body.facts.value.as_deref())
        {
            // Its names are not the table's columns.
            let inner = Judge { table: None, calls: self.calls + 1, ..self };
            return match inner.value(value) {
                Known::Open(_) => open,
                known => known,
            };
        }
        let unknown = matches!(self.session, Session::Unset | Session::Empty);
        if unknown && is_identity_call(self.catalog, function) { Known::Null } else { open }
    }

    fn setting(self, read: &SettingRead) -> Option<Known<'a>> {
        let name = read.name.as_deref()?;
        if !name.contains('.') {
            return None;
        }
        match self.session {
            Session::Any => None,
            // Without `missing_ok` an unset setting is an error.
            Session::Unset => read.missing_ok.then_some(Known::Null),
            Session::Empty => Some(Known::Text(String::new())),
            Session::Set(set, value) => {
                (set == name && read.is_custom()).then(|| Known::Text(value.to_owned()))
            }
        }
    }

    /// Whether a sub-query has a row, when it reads no relation. One that reads a relation counts as
    /// having rows when, under an assumption, its condition holds for all of them.
    fn exists(self, query: &'a Query) -> Option<bool> {
        let SetExpr::Select(select) = query.body.as_ref() else { return None };
        if query.with.is_some() || select.having.is_some() {
            return None;
        }
        let inner = Judge { table: None, ..self };
        let truth = select.selection.as_ref().map(|condition| inner.truth(condition));
        if select.from.is_empty() {
            return truth.unwrap_or(Some(true));
        }
        let assumed = self.session != Session::Any;
        match truth {
            Some(Some(false)) => Some(false),
            Some(Some(true)) if assumed => Some(true),
            _ => None,
        }
    }
}

/// `x IS NULL` beside `x IS NOT NULL`, and `c` beside `NOT c`.
fn complementary(left: &Expr, right: &Expr) -> bool {
    let (left, right) = (unnested(left), unnested(right));
    match (left, right) {
        (Expr::IsNull(a), Expr::IsNotNull(b)) | (Expr::IsNotNull(a), Expr::IsNull(b)) => {
            unnested(a) == unnested(b)
        }
        (Expr::UnaryOp { op: UnaryOperator::Not, expr }, other)
        | (other, Expr::UnaryOp { op: UnaryOperator::Not, expr }) => unnested(expr) == other,
        _ => false,
    }
}

/// An expression without parentheses around it.
pub(crate) fn unnested(mut expression: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expression {
        expression = inner;
    }
    expression
}

/// Whether an expression has one value in a statement for a row, so that it equals itself.
fn is_steady(expression: &Expr) -> bool {
    match expression {
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) => true,
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => is_steady(inner),
        Expr::Function(function) => {
            setting_read(function).is_some() || session_user(expression).is_some()
        }
        _ => false,
    }
}

fn text(known: &Known<'_>) -> Option<String> {
    match known {
        Known::Text(text) => Some(text.clone()),
        Known::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// A string constant as PostgreSQL reads a boolean.
fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "t" | "true" | "y" | "yes" | "on" | "1" => Some(true),
        "f" | "false" | "n" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Whether every string is a value of a type.
pub(crate) fn is_text(data_type: &DataType) -> bool {
    let name = data_type.to_string().to_lowercase();
    let name = name.split('(').next().unwrap_or_default().trim();
    matches!(
        name,
        "text"
            | "varchar"
            | "character varying"
            | "char"
            | "character"
            | "bpchar"
            | "name"
            | "citext"
    )
}
