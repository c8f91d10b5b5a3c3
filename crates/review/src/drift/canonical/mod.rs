//! Expressions by their meaning: one text for all spellings that PostgreSQL would store alike.
//!
//! A document writes `status IN ('open', 'done')`; a dump of the same schema writes
//! `((status)::text = ANY ((ARRAY['open'::character varying, …])::text[]))`. Both have the canonical
//! text `status IN ('done', 'open')`. Canonical text is for comparing, never for showing.

mod rewrite;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use schemaward_catalog::{Catalog, Expression, QualifiedName, Table};
use sqlparser::ast::{
    DataType, Expr, Ident, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, Query,
    SelectItem, SetExpr, TableFactor, VisitMut, VisitorMut,
};

use super::spelling::plain;
use rewrite::{bare, cast, folded, null, rewrite, strip_schema};

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
        Expr::Identifier(ident) => Some(folded(ident)),
        Expr::CompoundIdentifier(parts) => parts.last().map(folded),
        Expr::Function(function) => match function.name.0.last() {
            Some(ObjectNamePart::Identifier(ident)) => Some(folded(ident)),
            _ => None,
        },
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => shown_name(inner),
        _ => None,
    }
}

/// What is left to do where there is no structure to go by: one spelling, and no parentheses around
/// the whole.
fn collapsed(text: &str) -> String {
    let text = plain(text);
    let mut inner = text.as_str();
    while let Some(bare) = inner.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        let mut depth = 0_i32;
        let closes = |char: char| {
            depth += i32::from(char == '(') - i32::from(char == ')');
            depth < 0
        };
        if bare.contains(closes) {
            break;
        }
        inner = bare;
    }
    inner.to_owned()
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
                ObjectNamePart::Identifier(ident) => Some(folded(ident).value),
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
        let alias = alias.map_or_else(|| own.clone(), |alias| folded(&alias.name).value);
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
                        *alias = folded(alias);
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
            Expr::Identifier(ident) => Expr::Identifier(self.column(None, folded(&ident))),
            Expr::CompoundIdentifier(mut parts) => match parts.pop() {
                Some(last) => {
                    let qualifier = parts.pop().map(|part| folded(&part).value);
                    Expr::Identifier(self.column(qualifier.as_deref(), folded(&last)))
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
