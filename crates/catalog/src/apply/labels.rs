//! `ALTER TYPE … RENAME VALUE`: constants that are values of an enumeration follow.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{self, BinaryOperator, Expr, FunctionArguments, Value, VisitorMut};

use super::Applying;
use super::syntax::object_name;
use super::users::{Rewriting, element};
use crate::QualifiedName;
use crate::lower::fold;

/// Another label for a value of an enumeration, where it is cast to that, or compared with a column
/// of it.
struct Relabelling<'a> {
    of: &'a QualifiedName,
    from: &'a str,
    to: &'a str,
    reachable: bool,
    /// Names of columns of the enumeration.
    columns: BTreeSet<String>,
    changed: bool,
}

impl Relabelling<'_> {
    fn is_cast(&self, data_type: &ast::DataType) -> bool {
        let ast::DataType::Custom(name, _) = element(data_type) else { return false };
        object_name(name).is_some_and(|name| {
            name.name == self.of.name
                && name.schema.as_ref().map_or(self.reachable, |s| *s == self.of.schema)
        })
    }

    fn is_of_type(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(inner) => self.is_of_type(inner),
            Expr::Identifier(name) => self.columns.contains(&fold(name)),
            Expr::CompoundIdentifier(parts) => {
                parts.last().is_some_and(|name| self.columns.contains(&fold(name)))
            }
            Expr::Cast { data_type, .. } => self.is_cast(data_type),
            _ => false,
        }
    }

    /// A constant that is read as a value of the enumeration.
    fn value(&mut self, expr: &mut Expr) {
        match expr {
            Expr::Nested(inner) => self.value(inner),
            Expr::Value(value) => {
                let Value::SingleQuotedString(text) = &mut value.value else { return };
                if text == self.from {
                    self.to.clone_into(text);
                    self.changed = true;
                } else if let Some(inside) =
                    text.strip_prefix('{').and_then(|text| text.strip_suffix('}'))
                {
                    // An array, whose labels hardly ever need quotes.
                    let own = |label: &&str| label.trim().trim_matches('"') == self.from;
                    if inside.split(',').any(|label| own(&label)) {
                        let labels = inside.split(',');
                        let labels = labels.map(|label| if own(&label) { self.to } else { label });
                        *text = format!("{{{}}}", labels.collect::<Vec<_>>().join(","));
                        self.changed = true;
                    }
                }
            }
            Expr::Array(array) => array.elem.iter_mut().for_each(|expr| self.value(expr)),
            Expr::Tuple(values) => values.iter_mut().for_each(|expr| self.value(expr)),
            Expr::Case { conditions, else_result, .. } => {
                for when in conditions {
                    self.value(&mut when.result);
                }
                if let Some(last) = else_result {
                    self.value(last);
                }
            }
            _ => {}
        }
    }
}

impl Rewriting for Relabelling<'_> {
    fn changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}

impl VisitorMut for Relabelling<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        match expr {
            Expr::Cast { expr: inner, data_type, .. } if self.is_cast(data_type) => {
                self.value(inner);
            }
            Expr::BinaryOp {
                left,
                op:
                    BinaryOperator::Eq
                    | BinaryOperator::NotEq
                    | BinaryOperator::Lt
                    | BinaryOperator::LtEq
                    | BinaryOperator::Gt
                    | BinaryOperator::GtEq,
                right,
            }
            | Expr::AnyOp { left, right, .. }
            | Expr::AllOp { left, right, .. }
            | Expr::IsDistinctFrom(left, right)
            | Expr::IsNotDistinctFrom(left, right) => {
                if self.is_of_type(left) {
                    self.value(right);
                } else if self.is_of_type(right) {
                    self.value(left);
                }
            }
            Expr::InList { expr, list, .. } if self.is_of_type(expr) => {
                for expr in list {
                    self.value(expr);
                }
            }
            Expr::Between { expr, low, high, .. } if self.is_of_type(expr) => {
                self.value(low);
                self.value(high);
            }
            Expr::Case { operand: Some(operand), conditions, .. } if self.is_of_type(operand) => {
                for when in conditions {
                    self.value(&mut when.condition);
                }
            }
            Expr::Function(function) => {
                // `coalesce(status, 'new')` is all of one type.
                let list = match &mut function.args {
                    FunctionArguments::List(list) => list.args.as_mut_slice(),
                    _ => return ControlFlow::Continue(()),
                };
                let name = object_name(&function.name).map(|name| name.name);
                let one = ["coalesce", "greatest", "least", "nullif"];
                if name.is_none_or(|name| !one.contains(&name.as_str())) {
                    return ControlFlow::Continue(());
                }
                let values: Vec<&mut Expr> = list.iter_mut().filter_map(argument).collect();
                if values.iter().any(|expr| self.is_of_type(expr)) {
                    for value in values {
                        self.value(value);
                    }
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn argument(argument: &mut ast::FunctionArg) -> Option<&mut Expr> {
    match argument {
        ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

impl Applying<'_> {
    /// A value of an enumeration got another label.
    pub(super) fn value_renamed(&mut self, of: &QualifiedName, from: &str, to: &str) {
        let mut columns = BTreeSet::new();
        let tables = self.catalog.mentions.tables(&of.name);
        for table in tables.iter().filter_map(|name| self.catalog.tables.get(name)) {
            for column in &table.columns {
                let typed = &column.data_type;
                if typed.name == of.name && typed.schema.as_ref() == Some(&of.schema) {
                    columns.insert(column.name.clone());
                }
            }
        }
        for name in &tables {
            let Some(table) = self.catalog.tables.get_mut(name) else { continue };
            let defaults = table.columns.iter_mut().filter(|column| {
                let typed = &column.data_type;
                typed.name == of.name && typed.schema.as_ref() == Some(&of.schema)
            });
            for default in defaults.filter_map(|column| column.default.as_mut()) {
                let Some(ast) = &mut default.ast else { continue };
                let mut values = Relabelling {
                    of,
                    from,
                    to,
                    reachable: true,
                    columns: BTreeSet::new(),
                    changed: false,
                };
                values.value(ast);
                if values.changed {
                    default.text = ast.to_string();
                }
            }
        }
        let reachable = self.is_reachable(of);
        let mut relabelling = Relabelling { of, from, to, reachable, columns, changed: false };
        self.rewrite(&of.name, &mut relabelling);
        // Views show the columns of the tables that have the type.
        for table in &tables {
            for view in self.catalog.mentions.views(&table.name) {
                self.rewrite_view(&view, &mut relabelling);
            }
        }
    }
}
