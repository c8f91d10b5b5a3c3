//! Queries over constants and the system catalogs.

use std::cmp::Ordering;
use std::ops::ControlFlow;
use std::rc::Rc;

use sqlparser::ast::{
    BinaryOperator, Distinct, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr,
    Ident, JoinConstraint, JoinOperator, LimitClause, ObjectName, OrderBy, OrderByKind,
    OrderBySort, Query, Select, SelectItem, SetExpr, SetOperator, SetQuantifier, TableFactor,
    visit_relations,
};

use super::evaluate::{Rows, Scope, fold};
use super::relation::renamed;
use super::value::Value;
use super::{Columns, Machine};

/// A query's result.
#[derive(Default)]
pub(super) struct Found {
    /// The rows it certainly has, in order.
    pub(super) rows: Vec<Vec<(String, Value)>>,
    /// What decides whether there are others, when that is not known.
    pub(super) open: Option<String>,
}

/// What `USING` of two relations says, as a condition.
fn equal_columns(left: &TableFactor, right: &TableFactor, columns: &[ObjectName]) -> Option<Expr> {
    let (left, right) = (name_of(left)?, name_of(right)?);
    let mut condition: Option<Expr> = None;
    for column in columns {
        let column = column.0.last()?.as_ident()?;
        let of = |relation: &Ident| {
            Box::new(Expr::CompoundIdentifier(vec![relation.clone(), column.clone()]))
        };
        let equal = Expr::BinaryOp { left: of(left), op: BinaryOperator::Eq, right: of(right) };
        condition = Some(match condition {
            Some(before) => Expr::BinaryOp {
                left: Box::new(before),
                op: BinaryOperator::And,
                right: Box::new(equal),
            },
            None => equal,
        });
    }
    condition
}

/// What a relation is called in its query.
fn name_of(factor: &TableFactor) -> Option<&Ident> {
    match factor {
        TableFactor::Table { alias: Some(alias), .. }
        | TableFactor::Derived { alias: Some(alias), .. } => Some(&alias.name),
        TableFactor::Table { name, alias: None, .. } => name.0.last()?.as_ident(),
        _ => None,
    }
}

/// Rows that a `FROM` may combine.
const MAX_ROWS: usize = 100_000;

impl Machine<'_> {
    /// Runs a query.
    ///
    /// # Errors
    /// What its result depends on, when it is not known at all.
    pub(super) fn query(
        &mut self,
        query: &Query,
        outer: Option<&Scope<'_>>,
    ) -> Result<Found, String> {
        let before = self.ctes.len();
        let found = self.query_with(query, outer);
        self.ctes.truncate(before);
        found
    }

    fn query_with(&mut self, query: &Query, outer: Option<&Scope<'_>>) -> Result<Found, String> {
        if let Some(with) = &query.with {
            for cte in &with.cte_tables {
                let name = fold(&cte.alias.name);
                let names: Vec<_> =
                    cte.alias.columns.iter().map(|column| fold(&column.name)).collect();
                let rows = if with.recursive && reads(&cte.query, &name) {
                    self.recursive(&cte.query, &name, &names, outer)?
                } else {
                    closed(self.query(&cte.query, outer)?, &names)?
                };
                self.ctes.push((name, rows));
            }
        }
        let mut found = self.set(&query.body, query.order_by.as_ref(), outer)?;
        match &query.limit_clause {
            None | Some(LimitClause::LimitOffset { limit: None, offset: None, .. }) => {}
            Some(LimitClause::LimitOffset { limit: Some(limit), offset: None, .. }) => {
                let Value::Int(limit) = self.evaluate(limit, outer) else {
                    return Err("a LIMIT that is not followed".to_owned());
                };
                let limit = usize::try_from(limit).unwrap_or(0);
                if found.rows.len() > limit && query.order_by.is_none() {
                    return Err("a LIMIT without an order".to_owned());
                }
                found.rows.truncate(limit);
            }
            Some(_) => return Err("an OFFSET".to_owned()),
        }
        Ok(found)
    }

    /// The rows of a query that reads itself: what its second part makes of the rows before, until
    /// there are no new ones.
    fn recursive(
        &mut self,
        query: &Query,
        name: &str,
        names: &[String],
        outer: Option<&Scope<'_>>,
    ) -> Result<Vec<Columns>, String> {
        let SetExpr::SetOperation { left, op: SetOperator::Union, set_quantifier, right } =
            query.body.as_ref()
        else {
            return Err("a recursive query".to_owned());
        };
        if query.order_by.is_some() || query.limit_clause.is_some() {
            return Err("a recursive query with an order or a limit".to_owned());
        }
        let all = matches!(set_quantifier, SetQuantifier::All);
        let mut rows = closed(self.set(left, None, outer)?, names)?;
        if !all {
            distinct(&mut rows);
        }
        let shown: Vec<String> =
            rows.first().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        let mut last = rows.clone();
        while !last.is_empty() {
            if !self.step(last.len()) || rows.len() > MAX_ROWS {
                return Err("a recursive query of very many rows".to_owned());
            }
            self.ctes.push((name.to_owned(), last));
            let found = self.set(right, None, outer);
            self.ctes.pop();
            last = closed(found?, &shown)?;
            let known = rows.len();
            rows.append(&mut last);
            if !all {
                // What is new stays behind what was known.
                distinct(&mut rows);
            }
            last = rows.get(known..).map(<[_]>::to_vec).unwrap_or_default();
        }
        Ok(rows)
    }

    fn set(
        &mut self,
        body: &SetExpr,
        order: Option<&OrderBy>,
        outer: Option<&Scope<'_>>,
    ) -> Result<Found, String> {
        match body {
            SetExpr::Select(select) => self.select(select, order, outer),
            SetExpr::Query(query) => self.query(query, outer),
            SetExpr::Values(values) => {
                let mut found = Found::default();
                for row in &values.rows {
                    let cells = row.content.iter().enumerate();
                    let row = cells.map(|(at, cell)| {
                        (format!("column{}", at + 1), self.evaluate(cell, outer))
                    });
                    let row = row.collect();
                    found.rows.push(row);
                }
                Ok(found)
            }
            SetExpr::SetOperation { left, op: SetOperator::Union, set_quantifier, right } => {
                self.depth += 1;
                if self.depth > 60 {
                    self.depth -= 1;
                    return Err("a query that nests too deep".to_owned());
                }
                let sides = self.set(left, None, outer).and_then(|left| {
                    let right = self.set(right, None, outer)?;
                    Ok((left, right))
                });
                self.depth -= 1;
                let (mut left, right) = sides?;
                left.rows.extend(right.rows);
                left.open = left.open.or(right.open);
                if !matches!(set_quantifier, SetQuantifier::All) {
                    distinct(&mut left.rows);
                }
                Ok(left)
            }
            _ => Err("a query that is not followed".to_owned()),
        }
    }

    fn select(
        &mut self,
        select: &Select,
        order: Option<&OrderBy>,
        outer: Option<&Scope<'_>>,
    ) -> Result<Found, String> {
        let grouped = match &select.group_by {
            GroupByExpr::Expressions(list, _) => !list.is_empty(),
            GroupByExpr::All(_) => true,
        };
        if select.into.is_some() {
            return Err("a query that makes a table".to_owned());
        }
        let mut found = Found::default();
        let mut rows: Rows = vec![Vec::new()];
        let hints = self.hints(select.selection.as_ref(), outer);
        for from in &select.from {
            rows = self.join(rows, &from.relation, None, false, &hints, outer)?;
            for join in &from.joins {
                let (constraint, left) = match &join.join_operator {
                    JoinOperator::Join(c) | JoinOperator::Inner(c) | JoinOperator::CrossJoin(c) => {
                        (c, false)
                    }
                    JoinOperator::Left(c) | JoinOperator::LeftOuter(c) => (c, true),
                    _ => return Err("a join that is not followed".to_owned()),
                };
                let using;
                let condition = match constraint {
                    JoinConstraint::On(condition) => Some(condition),
                    JoinConstraint::None => None,
                    JoinConstraint::Using(columns) if from.joins.len() == 1 => {
                        using = equal_columns(&from.relation, &join.relation, columns);
                        using.as_ref()
                    }
                    _ => return Err("a join that is not followed".to_owned()),
                };
                if condition.is_none() && matches!(constraint, JoinConstraint::Using(_)) {
                    return Err("a join that is not followed".to_owned());
                }
                let none = Vec::new();
                rows = self.join(
                    rows,
                    &join.relation,
                    condition,
                    left,
                    if left { &none } else { &hints },
                    outer,
                )?;
            }
        }
        let mut kept = Vec::new();
        for row in rows {
            let scope = Scope { rows: row, outer, group: None };
            let Some(condition) = &select.selection else {
                kept.push(scope.rows);
                continue;
            };
            match self.evaluate(condition, Some(&scope)) {
                Value::Unknown(why) => found.open = found.open.or(Some(why)),
                value => match value.truth() {
                    Some(true) => kept.push(scope.rows),
                    Some(false) => {}
                    None => return Err("a condition that is no boolean".to_owned()),
                },
            }
        }
        let mut scopes = Vec::with_capacity(kept.len());
        if grouped || select.having.is_some() || select.projection.iter().any(is_aggregate) {
            if let Some(why) = found.open {
                return Err(why);
            }
            for group in self.groups(select, kept, outer)? {
                // A column outside of an aggregate is the same in all rows of its group.
                let rows = group.first().cloned().unwrap_or_default();
                let scope = Scope { rows, outer, group: Some(Rc::new(group)) };
                let wanted = match &select.having {
                    None => Some(true),
                    Some(condition) => match self.evaluate(condition, Some(&scope)) {
                        Value::Unknown(why) => return Err(why),
                        value => value.truth(),
                    },
                };
                if wanted == Some(true) {
                    scopes.push(scope);
                }
            }
        } else {
            scopes.extend(kept.into_iter().map(|rows| Scope { rows, outer, group: None }));
        }
        let mut keyed = Vec::with_capacity(scopes.len());
        for scope in scopes {
            let first = keyed.len();
            for row in self.expand(select, &scope)? {
                keyed.push((Vec::new(), row));
                if keyed.len() > MAX_ROWS {
                    return Err("a query of very many rows".to_owned());
                }
            }
            for (keys, row) in keyed.iter_mut().skip(first) {
                self.sort_keys(order, row, &scope, keys)?;
            }
        }
        keyed.sort_by(|(left, _), (right, _)| {
            let pairs = left.iter().zip(right);
            let order = pairs.map(|((a, down), (b, _))| {
                let order = match (a, b) {
                    (Value::Null, Value::Null) => Ordering::Equal,
                    (Value::Null, _) => Ordering::Greater,
                    (_, Value::Null) => Ordering::Less,
                    _ => self.compare(a, b).ok().flatten().unwrap_or(Ordering::Equal),
                };
                if *down { order.reverse() } else { order }
            });
            order.fold(Ordering::Equal, Ordering::then)
        });
        found.rows.extend(keyed.into_iter().map(|(_, row)| row));
        match &select.distinct {
            None | Some(Distinct::All) => {}
            Some(Distinct::Distinct) => distinct(&mut found.rows),
            Some(_) => return Err("DISTINCT ON".to_owned()),
        }
        Ok(found)
    }

    /// Rows by what they are grouped by; all of them where there is no `GROUP BY`.
    fn groups(
        &mut self,
        select: &Select,
        rows: Rows,
        outer: Option<&Scope<'_>>,
    ) -> Result<Vec<Rows>, String> {
        let keys = match &select.group_by {
            GroupByExpr::Expressions(keys, modifiers) if modifiers.is_empty() => keys,
            _ => return Err("a query with groups that are not followed".to_owned()),
        };
        if keys.is_empty() {
            return Ok(vec![rows]);
        }
        let shown = |item: &SelectItem| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                Some(expr.clone())
            }
            _ => None,
        };
        let mut expressions = Vec::with_capacity(keys.len());
        for key in keys {
            // A number is the place of an item that is shown.
            let place = match key {
                Expr::Value(value) => value.value.to_string().parse::<usize>().ok(),
                Expr::GroupingSets(_) | Expr::Cube(_) | Expr::Rollup(_) | Expr::Tuple(_) => {
                    return Err("a query with groups that are not followed".to_owned());
                }
                _ => None,
            };
            let item = place.and_then(|place| select.projection.get(place.wrapping_sub(1)));
            let named = select.projection.iter().find(|item| match (key, item) {
                (Expr::Identifier(name), SelectItem::ExprWithAlias { alias, .. }) => {
                    fold(name) == fold(alias)
                }
                _ => false,
            });
            expressions.push((key.clone(), item.and_then(shown), named.and_then(shown)));
        }
        let mut groups: Vec<(String, Rows)> = Vec::new();
        let mut places = std::collections::BTreeMap::new();
        for row in rows {
            let scope = Scope { rows: row, outer, group: None };
            let mut values = Vec::with_capacity(expressions.len());
            for (key, item, named) in &expressions {
                let mut value = self.evaluate(item.as_ref().unwrap_or(key), Some(&scope));
                // A column comes before an item that is shown by the same name.
                if let (Value::Unknown(_), Some(named)) = (&value, named) {
                    value = self.evaluate(named, Some(&scope));
                }
                if let Value::Unknown(why) = value {
                    return Err(why);
                }
                values.push(value);
            }
            let key = format!("{values:?}");
            let at = *places.entry(key.clone()).or_insert(groups.len());
            match groups.get_mut(at) {
                Some((_, rows)) => rows.push(scope.rows),
                None => groups.push((key, vec![scope.rows])),
            }
        }
        Ok(groups.into_iter().map(|(_, rows)| rows).collect())
    }

    /// `name = constant` among the conditions: rows of other names need not be made.
    fn hints(
        &mut self,
        condition: Option<&Expr>,
        outer: Option<&Scope<'_>>,
    ) -> Vec<(String, String)> {
        let mut hints = Vec::new();
        let mut open: Vec<_> = condition.into_iter().collect();
        while let Some(condition) = open.pop() {
            match condition {
                Expr::Nested(inner) => open.push(inner),
                Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                    open.extend([&**left, right]);
                }
                Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => {
                    let column = match &**left {
                        Expr::Identifier(name) => fold(name),
                        Expr::CompoundIdentifier(names) => {
                            names.last().map(fold).unwrap_or_default()
                        }
                        _ => continue,
                    };
                    if matches!(&**right, Expr::Value(_))
                        && let Value::Text(text) = self.evaluate(right, outer)
                    {
                        hints.push((column, text));
                    }
                }
                _ => {}
            }
        }
        hints
    }

    fn join(
        &mut self,
        rows: Rows,
        factor: &TableFactor,
        condition: Option<&Expr>,
        left: bool,
        hints: &[(String, String)],
        outer: Option<&Scope<'_>>,
    ) -> Result<Rows, String> {
        let mut joined = Vec::new();
        let mut made = None;
        for row in rows {
            let scope = Scope { rows: row, outer, group: None };
            // Relations that cannot look at the row are made once.
            let (alias, list) = match &made {
                Some(made) => made,
                None => made.insert(self.relation(factor, hints, &scope)?),
            };
            let mut matched = false;
            for other in list {
                if !self.step(1) {
                    return Err("more rows than are followed".to_owned());
                }
                let mut combined = scope.rows.clone();
                combined.push((alias.clone(), Rc::clone(other)));
                if let Some(condition) = condition {
                    let scope = Scope { rows: combined.clone(), outer, group: None };
                    match self.evaluate(condition, Some(&scope)) {
                        Value::Unknown(why) => return Err(why),
                        value if value.truth() == Some(true) => {}
                        _ => continue,
                    }
                }
                matched = true;
                joined.push(combined);
                if joined.len() > MAX_ROWS {
                    return Err("a query of very many rows".to_owned());
                }
            }
            if left && !matched {
                let columns = list.first().map(|row| row.as_ref().clone()).unwrap_or_default();
                let nulls = columns.into_iter().map(|(name, _)| (name, Value::Null)).collect();
                let mut combined = scope.rows.clone();
                combined.push((alias.clone(), Rc::new(nulls)));
                joined.push(combined);
            }
            if is_lateral(factor) {
                made = None;
            }
        }
        Ok(joined)
    }

    /// The rows one combination of `FROM` gives: more than one when an item returns a set.
    fn expand(
        &mut self,
        select: &Select,
        scope: &Scope<'_>,
    ) -> Result<Vec<Vec<(String, Value)>>, String> {
        if let [item] = select.projection.as_slice() {
            let (expression, alias) = match item {
                SelectItem::UnnamedExpr(expression) => (Some(expression), None),
                SelectItem::ExprWithAlias { expr, alias } => (Some(expr), Some(fold(alias))),
                _ => (None, None),
            };
            if let Some(Expr::Function(function)) = expression
                && let [name] = function.name.0.as_slice()
                && let Some(name) = name.as_ident().map(fold)
                && ["unnest", "generate_series", "string_to_table", "regexp_split_to_table"]
                    .contains(&name.as_str())
                && let FunctionArguments::List(list) = &function.args
            {
                let (_, rows) = self.set_of(&name, &list.args, false, None, scope)?;
                let shown = alias.unwrap_or(name);
                let values =
                    rows.iter().filter_map(|row| row.first().map(|(_, value)| value.clone()));
                return Ok(values.map(|value| vec![(shown.clone(), value)]).collect());
            }
        }
        Ok(vec![self.project(select, scope)?])
    }

    fn project(
        &mut self,
        select: &Select,
        scope: &Scope<'_>,
    ) -> Result<Vec<(String, Value)>, String> {
        let mut row = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expression) => {
                    let name = column_name(expression);
                    row.push((name, self.evaluate(expression, Some(scope))));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    row.push((fold(alias), self.evaluate(expr, Some(scope))));
                }
                SelectItem::Wildcard(_) => {
                    for (_, columns) in &scope.rows {
                        row.extend(columns.iter().cloned());
                    }
                }
                SelectItem::QualifiedWildcard(kind, _) => {
                    let table = kind.to_string().trim_end_matches(".*").to_ascii_lowercase();
                    for (alias, columns) in &scope.rows {
                        if *alias == table {
                            row.extend(columns.iter().cloned());
                        }
                    }
                }
                SelectItem::ExprWithAliases { .. } => {
                    return Err("a query that is not followed".to_owned());
                }
            }
        }
        Ok(row)
    }

    fn sort_keys(
        &mut self,
        order: Option<&OrderBy>,
        row: &[(String, Value)],
        scope: &Scope<'_>,
        keys: &mut Vec<(Value, bool)>,
    ) -> Result<(), String> {
        let Some(OrderBy { kind: OrderByKind::Expressions(list), .. }) = order else {
            return Ok(());
        };
        for item in list {
            let down = matches!(item.options.sort, Some(OrderBySort::Desc));
            let own = match &item.expr {
                Expr::Identifier(name) => {
                    let name = fold(name);
                    row.iter().find(|(column, _)| *column == name)
                }
                Expr::Value(value) => {
                    let at = value.value.to_string().parse::<usize>().ok();
                    at.and_then(|at| row.get(at.wrapping_sub(1)))
                }
                _ => None,
            };
            let value = match own {
                Some((_, value)) => value.clone(),
                None => self.evaluate(&item.expr, Some(scope)),
            };
            if let Value::Unknown(why) = value {
                return Err(why);
            }
            keys.push((value, down));
        }
        Ok(())
    }
}

/// Whether a query reads a relation of this name.
fn reads(query: &Query, name: &str) -> bool {
    visit_relations(query, |relation| match relation.0.as_slice() {
        [part] if part.as_ident().map(fold).as_deref() == Some(name) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    })
    .is_break()
}

/// The rows of a result that is wholly known, under these names.
fn closed(found: Found, names: &[String]) -> Result<Vec<Columns>, String> {
    match found.open {
        Some(why) => Err(why),
        None => Ok(found.rows.into_iter().map(|row| renamed(row, names)).collect()),
    }
}

fn column_name(expression: &Expr) -> String {
    match expression {
        Expr::Identifier(name) => fold(name),
        Expr::CompoundIdentifier(names) => names.last().map(fold).unwrap_or_default(),
        Expr::Cast { expr, .. } | Expr::Nested(expr) => column_name(expr),
        Expr::Function(function) => {
            function.name.0.last().and_then(|part| part.as_ident()).map(fold).unwrap_or_default()
        }
        _ => "?column?".to_owned(),
    }
}

fn is_aggregate(item: &SelectItem) -> bool {
    let (SelectItem::UnnamedExpr(expression) | SelectItem::ExprWithAlias { expr: expression, .. }) =
        item
    else {
        return false;
    };
    let mut expression = expression;
    loop {
        expression = match expression {
            Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => inner,
            Expr::BinaryOp { left, .. } => left,
            Expr::Function(function) => {
                let name = function.name.to_string().to_ascii_lowercase();
                return match name.as_str() {
                    "count" | "array_agg" | "string_agg" | "bool_or" | "bool_and" | "max"
                    | "min" => true,
                    "coalesce" => match &function.args {
                        FunctionArguments::List(list) => {
                            list.args.first().is_some_and(|argument| match argument {
                                FunctionArg::Unnamed(FunctionArgExpr::Expr(inner)) => {
                                    is_aggregate(&SelectItem::UnnamedExpr(inner.clone()))
                                }
                                _ => false,
                            })
                        }
                        _ => false,
                    },
                    _ => false,
                };
            }
            _ => return false,
        };
    }
}

fn distinct(rows: &mut Vec<Vec<(String, Value)>>) {
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|row| {
        let key: Vec<_> = row.iter().map(|(_, value)| format!("{value:?}")).collect();
        seen.insert(key)
    });
}

fn is_lateral(factor: &TableFactor) -> bool {
    match factor {
        TableFactor::Table { args, .. } => args.is_some(),
        TableFactor::Derived { lateral, .. } => *lateral,
        _ => true,
    }
}
