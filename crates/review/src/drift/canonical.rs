//! Expressions by their meaning: one text for all spellings that PostgreSQL would store alike.
//!
//! A document writes `status IN ('open', 'done')`; a dump of the same schema writes
//! `((status)::text = ANY ((ARRAY['open'::character varying, …])::text[]))`. Both have the canonical
//! text `status IN ('done', 'open')`. Canonical text is for comparing, never for showing.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use schemaward_catalog::{Catalog, Expression, QualifiedName, Table, builtin};
use sqlparser::ast::{
    Array, BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, Query,
    SelectItem, SetExpr, TableFactor, UnaryOperator, Value, VisitMut, VisitorMut,
};

/// The canonical text of a default; a literal becomes a value of the column's type.
pub(crate) fn canonical_default(
    default: &Expression,
    columns: &BTreeMap<String, String>,
    base: &str,
) -> String {
    let written = default.ast.as_deref().map(|ast| bare(ast.clone()));
    match written {
        Some(value @ Expr::Value(_)) => {
            let name = ObjectName::from(vec![Ident::new(base)]);
            let typed = rewrite(value);
            bare(cast(typed, &DataType::Custom(name, Vec::new()))).to_string()
        }
        _ => canonical_renamed(default, columns),
    }
}

/// What names in an expression mean.
#[derive(Clone, Copy, Default)]
pub(crate) struct Names<'a> {
    /// The schema whose tables sub-queries read.
    pub(crate) catalog: Option<&'a Catalog>,
    /// The other names of that table's columns.
    pub(crate) columns: Option<&'a BTreeMap<String, String>>,
    /// The other names of tables.
    pub(crate) tables: Option<&'a BTreeMap<QualifiedName, QualifiedName>>,
}

/// The expression's canonical text.
pub(crate) fn canonical(expression: &Expression) -> String {
    canonical_in(expression, &Names::default())
}

/// The canonical text with columns by other names.
pub(crate) fn canonical_renamed(
    expression: &Expression,
    columns: &BTreeMap<String, String>,
) -> String {
    canonical_in(expression, &Names { columns: Some(columns), ..Names::default() })
}

/// The canonical text where names mean what `names` says.
pub(crate) fn canonical_in(expression: &Expression, names: &Names<'_>) -> String {
    let Some(ast) = expression.ast.as_deref() else { return collapsed(&expression.text) };
    canonical_ast_in(ast, names)
}

/// The canonical text of a parsed expression.
pub(crate) fn canonical_ast(expr: &Expr) -> String {
    canonical_ast_in(expr, &Names::default())
}

/// The canonical text of a parsed expression where names mean what `names` says.
pub(crate) fn canonical_ast_in(expr: &Expr, names: &Names<'_>) -> String {
    let mut expr = expr.clone();
    let _ = expr.visit(&mut Canonical { names: *names, scopes: Vec::new() });
    bare(expr).to_string()
}

/// The canonical text of a query; what the columns of its result are called counts.
pub(crate) fn canonical_query(query: &Query, names: &Names<'_>) -> String {
    let mut query = query.clone();
    if let SetExpr::Select(select) = query.body.as_mut() {
        for item in &mut select.projection {
            if let SelectItem::UnnamedExpr(expr) = item
                && let Some(name) = shown_name(expr)
            {
                *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias: name };
            }
        }
    }
    let _ = query.visit(&mut Canonical {
        names: *names,
        scopes: vec![Scope { keeps: true, relations: Vec::new() }],
    });
    query.to_string()
}

/// The name that a result column has by itself, where that is simple to say.
fn shown_name(expr: &Expr) -> Option<Ident> {
    match expr {
        Expr::Identifier(ident) => Some(folded(ident.clone())),
        Expr::CompoundIdentifier(parts) => parts.last().cloned().map(folded),
        Expr::Function(function) => match function.name.0.last() {
            Some(ObjectNamePart::Identifier(ident)) => Some(folded(ident.clone())),
            _ => None,
        },
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => shown_name(inner),
        _ => None,
    }
}

/// Text outside quotes in lower case, with single spaces: what is left to do where there is no
/// structure to go by.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    for char in text.chars() {
        match quote {
            Some(open) => {
                if char == open {
                    quote = None;
                }
                out.push(char);
            }
            None if char == '\'' || char == '"' => {
                quote = Some(char);
                out.push(char);
            }
            None if char.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            None => out.extend(char.to_lowercase()),
        }
    }
    out.trim().to_owned()
}

/// Rewrites from the leaves up, so that every rule sees operands that are canonical already.
struct Canonical<'a> {
    names: Names<'a>,
    /// The relations of the queries around the current place, the innermost last.
    scopes: Vec<Scope<'a>>,
}

/// The relations that a query reads.
#[derive(Default)]
struct Scope<'a> {
    /// Its result columns keep their names: it is a view's own query.
    keeps: bool,
    relations: Vec<Relation<'a>>,
}

/// A relation in a query.
struct Relation<'a> {
    /// What the query calls it.
    alias: String,
    /// What it is called here, whatever its alias: its bare name, numbered when it is read again.
    label: String,
    table: Option<&'a Table>,
}

impl<'a> Canonical<'a> {
    fn relations(&self, body: &SetExpr, into: &mut Vec<Relation<'a>>) {
        match body {
            SetExpr::Select(select) => {
                for from in &select.from {
                    self.relation(&from.relation, into);
                    for join in &from.joins {
                        self.relation(&join.relation, into);
                    }
                }
            }
            SetExpr::SetOperation { left, right, .. } => {
                self.relations(left, into);
                self.relations(right, into);
            }
            _ => {}
        }
    }

    fn relation(&self, factor: &TableFactor, into: &mut Vec<Relation<'a>>) {
        let (name, alias) = match factor {
            TableFactor::Table { name, alias, .. } => (Some(name), alias.as_ref()),
            TableFactor::Derived { alias, .. } => (None, alias.as_ref()),
            TableFactor::NestedJoin { table_with_joins, .. } => {
                self.relation(&table_with_joins.relation, into);
                for join in &table_with_joins.joins {
                    self.relation(&join.relation, into);
                }
                return;
            }
            _ => return,
        };
        let parts: Vec<String> = name
            .into_iter()
            .flat_map(|name| &name.0)
            .filter_map(|part| match part {
                ObjectNamePart::Identifier(ident) => Some(folded(ident.clone()).value),
                ObjectNamePart::Function(_) => None,
            })
            .collect();
        let own = parts.last().cloned().unwrap_or_default();
        let written = schemaward_catalog::ObjectName {
            schema: parts.len().checked_sub(2).and_then(|at| parts.get(at).cloned()),
            name: own.clone(),
        };
        let table = self.names.catalog.and_then(|catalog| catalog.table(&written));
        let renamed = table
            .and_then(|table| self.names.tables.and_then(|tables| tables.get(&table.name)))
            .map(|name| name.name.clone());
        let alias = alias.map_or_else(|| own.clone(), |alias| folded(alias.name.clone()).value);
        let mut label = renamed.unwrap_or(if own.is_empty() { alias.clone() } else { own });
        let around = self.scopes.iter().flat_map(|scope| &scope.relations);
        let times = around.chain(into.iter()).filter(|found| found.label == label).count();
        if times > 0 {
            label = format!("{label}#{}", times + 1);
        }
        into.push(Relation { alias, label, table });
    }

    /// A column by the relation it is of, where that is not the expression's own table.
    fn column(&self, qualifier: Option<&str>, column: Ident) -> Ident {
        let name = &column.value;
        for scope in self.scopes.iter().rev() {
            let found = if let Some(qualifier) = qualifier {
                scope.relations.iter().find(|relation| relation.alias == qualifier)
            } else {
                let known = scope
                    .relations
                    .iter()
                    .find(|found| found.table.is_some_and(|table| table.column(name).is_some()));
                // The only relation of the query, when what it holds is not known.
                known.or(match scope.relations.as_slice() {
                    [only] if only.table.is_none() && self.scopes.len() == 1 => Some(only),
                    _ => None,
                })
            };
            if let Some(relation) = found {
                return Ident::new(format!("{}.{name}", relation.label));
            }
        }
        let own = self.names.columns.and_then(|columns| columns.get(name));
        match (qualifier, own) {
            (Some("new" | "old"), own) => {
                let name = own.unwrap_or(name);
                Ident::new(format!("{}.{name}", qualifier.unwrap_or_default()))
            }
            (_, Some(other)) => Ident::new(other.clone()),
            (_, None) => column,
        }
    }
}

impl VisitorMut for Canonical<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        let mut relations = Vec::new();
        self.relations(&query.body, &mut relations);
        self.scopes.push(Scope { keeps: false, relations });
        ControlFlow::Continue(())
    }

    fn post_visit_relation(&mut self, relation: &mut ObjectName) -> ControlFlow<()> {
        strip_schema(relation);
        if let (Some(tables), [ObjectNamePart::Identifier(ident)]) =
            (self.names.tables, relation.0.as_mut_slice())
            && let Some(catalog) = self.names.catalog
            && let Some(table) =
                catalog.table(&schemaward_catalog::ObjectName::bare(ident.value.as_str()))
            && let Some(other) = tables.get(&table.name)
        {
            ident.value.clone_from(&other.name);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        self.scopes.pop();
        // The server names the columns of a sub-query; their names mean nothing in an expression.
        let keeps = self.scopes.last().is_some_and(|scope| scope.keeps);
        if let SetExpr::Select(select) = query.body.as_mut() {
            for item in &mut select.projection {
                match item {
                    SelectItem::ExprWithAlias { expr, alias } if keeps => {
                        *expr = bare(std::mem::replace(expr, null()));
                        *alias = folded(alias.clone());
                    }
                    SelectItem::ExprWithAlias { expr, .. } => {
                        *item = SelectItem::UnnamedExpr(bare(expr.clone()));
                    }
                    SelectItem::UnnamedExpr(expr) => *expr = bare(std::mem::replace(expr, null())),
                    _ => {}
                }
            }
            if let Some(selection) = &mut select.selection {
                *selection = bare(std::mem::replace(selection, null()));
            }
            for from in &mut select.from {
                without_alias(&mut from.relation);
                for join in &mut from.joins {
                    without_alias(&mut join.relation);
                    if let Some(JoinConstraint::On(condition)) = constraint(&mut join.join_operator)
                    {
                        *condition = bare(std::mem::replace(condition, null()));
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        let taken = std::mem::replace(expr, null());
        *expr = match taken {
            Expr::Identifier(ident) => Expr::Identifier(self.column(None, folded(ident))),
            Expr::CompoundIdentifier(mut parts) => match parts.pop() {
                Some(last) => {
                    let qualifier = parts.pop().map(|part| folded(part).value);
                    Expr::Identifier(self.column(qualifier.as_deref(), folded(last)))
                }
                None => null(),
            },
            other => rewrite(other),
        };
        ControlFlow::Continue(())
    }
}

/// A table is what it is, whatever the query calls it.
fn without_alias(factor: &mut TableFactor) {
    if let TableFactor::Table { alias, .. } = factor {
        *alias = None;
    }
    // The server puts joins into parentheses.
    if let TableFactor::NestedJoin { table_with_joins, .. } = factor {
        without_alias(&mut table_with_joins.relation);
        for join in &mut table_with_joins.joins {
            without_alias(&mut join.relation);
            if let Some(JoinConstraint::On(condition)) = constraint(&mut join.join_operator) {
                *condition = bare(std::mem::replace(condition, null()));
            }
        }
    }
}

/// The condition of a join; an inner join is written in one way.
fn constraint(operator: &mut JoinOperator) -> Option<&mut JoinConstraint> {
    if let JoinOperator::Inner(condition) = operator {
        *operator = JoinOperator::Join(condition.clone());
    }
    if let JoinOperator::LeftOuter(condition) = operator {
        *operator = JoinOperator::Left(condition.clone());
    }
    match operator {
        JoinOperator::Join(condition) | JoinOperator::Left(condition) => Some(condition),
        _ => None,
    }
}

fn null() -> Expr {
    Expr::value(Value::Null)
}

fn rewrite(expr: Expr) -> Expr {
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
fn bare(expr: Expr) -> Expr {
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
fn cast(inner: Expr, data_type: &DataType) -> Expr {
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
fn folded(ident: Ident) -> Ident {
    let value = if ident.quote_style.is_some() { ident.value } else { ident.value.to_lowercase() };
    Ident::new(value)
}

/// The last part of a name, folded, with its schema only where that is a project's own.
fn strip_schema(name: &mut ObjectName) {
    let parts: Vec<Ident> = name
        .0
        .drain(..)
        .filter_map(|part| match part {
            ObjectNamePart::Identifier(ident) => Some(folded(ident)),
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
