//! What `ALTER COLUMN … TYPE` does besides: the server prints the checks and indexes of the column,
//! and reads that text again with the new type.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use sqlparser::ast::{
    self, Array, BinaryOperator, CastKind, Expr, UnaryOperator, Value, visit_expressions_mut,
};

use super::Applying;
use crate::lower::fold;
use crate::object::{ConstraintKind, Expression, IndexKeyKind, Table};
use crate::{DataType, QualifiedName};

impl Applying<'_> {
    /// A column is about to get another type, with its children's.
    pub(super) fn read_anew(&mut self, name: &QualifiedName, column: &str) {
        let mut tables = vec![name.clone()];
        while let Some(name) = tables.pop() {
            tables.extend(self.catalog.children(&name).cloned());
            if let Some(table) = self.catalog.tables.get_mut(&name) {
                read_table_anew(table, column);
            }
        }
    }
}

fn read_table_anew(table: &mut Table, column: &str) {
    let types: BTreeMap<String, DataType> =
        table.columns.iter().map(|found| (found.name.clone(), found.data_type.clone())).collect();
    for index in &mut table.indexes {
        if !index.names_column(column) {
            continue;
        }
        // An index that is made anew takes the names that the table's columns have now.
        index.own_columns.clear();
        let keys = index.keys.iter_mut().filter_map(|key| match &mut key.key {
            IndexKeyKind::Expression(expression) => Some(expression),
            IndexKeyKind::Column(_) => None,
        });
        keys.chain(&mut index.predicate).for_each(|found| as_printed(found, &types));
    }
    for constraint in &mut table.constraints {
        if !constraint.names_column(column) {
            continue;
        }
        constraint.index_columns.clear();
        if let ConstraintKind::Check { expression } = &mut constraint.kind {
            as_printed(expression, &types);
        }
    }
}

/// Writes an expression as the server prints it, where that fixes a type which reading it again
/// would otherwise take from a column: in the lists of `IN`, and beside a `%`, which smallint
/// has with its own kind only. `BETWEEN` is printed as the comparisons that it stands for.
/// `types` are those of the table's columns.
fn as_printed(expression: &mut Expression, types: &BTreeMap<String, DataType>) {
    let Some(ast) = &mut expression.ast else { return };
    let type_of = |expr: &Expr| match expr {
        Expr::Identifier(name) => types.get(&fold(name)).filter(|found| !found.array),
        _ => None,
    };
    let mut changed = false;
    let _ = visit_expressions_mut(ast.as_mut(), |expr| {
        match expr {
            // A list of one is an equation.
            Expr::InList { expr: left, list, negated } if list.len() > 1 => {
                let Some((member, compared)) = type_of(left).and_then(types_of_list) else {
                    return ControlFlow::Continue(());
                };
                let members = list.iter().map(|found| cast(printed(found), member.as_ref()));
                let list = members.collect();
                let array = Expr::Array(Array { elem: list, named: true });
                let of = compared.map(|of| {
                    let none = None;
                    ast::DataType::Array(ast::ArrayElemTypeDef::SquareBracket(Box::new(of), none))
                });
                let right = Box::new(cast(array, of.as_ref()));
                let left = left.clone();
                *expr = if *negated {
                    Expr::AllOp { left, compare_op: BinaryOperator::NotEq, right }
                } else {
                    Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, is_some: false }
                };
                changed = true;
            }
            Expr::Between { expr: inner, negated, low, high } => {
                let (from, to, both) = if *negated {
                    (BinaryOperator::Lt, BinaryOperator::Gt, BinaryOperator::Or)
                } else {
                    (BinaryOperator::GtEq, BinaryOperator::LtEq, BinaryOperator::And)
                };
                let compare = |op: BinaryOperator, right: &Expr| {
                    let (left, right) = (inner.clone(), Box::new(right.clone()));
                    Box::new(Expr::BinaryOp { left, op, right })
                };
                let (left, right) = (compare(from, low), compare(to, high));
                *expr = Expr::Nested(Box::new(Expr::BinaryOp { left, op: both, right }));
                changed = true;
            }
            Expr::BinaryOp { left, op: BinaryOperator::Modulo, right }
                if type_of(left).is_some_and(|found| found.name == "smallint")
                    && matches!(right.as_ref(), Expr::Value(_)) =>
            {
                **left = cast(left.as_ref().clone(), Some(&ast::DataType::Integer(None)));
                changed = true;
            }
            _ => {}
        }
        ControlFlow::<()>::Continue(())
    });
    if changed {
        expression.text = ast.to_string();
    }
}

/// The type that the members of a list beside a column of this type are printed with, and the one that
/// they are compared as, where it is another; `None` where the list is printed as it stands.
fn types_of_list(column: &DataType) -> Option<(Option<ast::DataType>, Option<ast::DataType>)> {
    Some(match column.name.as_str() {
        "smallint" | "integer" => (None, None),
        "bigint" => (Some(ast::DataType::BigInt(None)), None),
        "text" => (Some(ast::DataType::Text), None),
        "character varying" => {
            (Some(ast::DataType::CharacterVarying(None)), Some(ast::DataType::Text))
        }
        _ => return None,
    })
}

/// A literal as the server prints it: a negative number is a string with its type.
fn printed(literal: &Expr) -> Expr {
    match literal {
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } if matches!(**expr, Expr::Value(_)) => {
            let text = Value::SingleQuotedString(format!("-{expr}"));
            cast(Expr::Value(text.into()), Some(&ast::DataType::Integer(None)))
        }
        other => other.clone(),
    }
}

fn cast(expr: Expr, data_type: Option<&ast::DataType>) -> Expr {
    match data_type {
        Some(data_type) => Expr::Cast {
            kind: CastKind::DoubleColon,
            expr: Box::new(expr),
            data_type: data_type.clone(),
            format: None,
        },
        None => expr,
    }
}
