//! What an expression names, by its structure.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Ident, visit_expressions, visit_expressions_mut};

use crate::lower::fold;
use crate::object::Expression;

impl Expression {
    /// The column names it mentions, in sub-queries too; none when its structure is not known.
    pub fn columns(&self) -> BTreeSet<String> {
        let mut columns = BTreeSet::new();
        if let Some(ast) = &self.ast {
            let _ = visit_expressions(ast.as_ref(), |expr| {
                match expr {
                    Expr::Identifier(ident) => {
                        columns.insert(fold(ident));
                    }
                    Expr::CompoundIdentifier(parts) => {
                        columns.extend(parts.last().map(fold));
                    }
                    _ => {}
                }
                ControlFlow::<()>::Continue(())
            });
        }
        columns
    }

    /// The name the server gives an index column made from it: the outermost function's, else
    /// `expr` (`FigureColname` in `parse_target.c`).
    pub(crate) fn function_name(&self) -> String {
        self.ast.as_deref().map_or_else(|| "expr".to_owned(), |expr| label(expr, "expr"))
    }

    /// Whether it names a column of the table it belongs to. Inside a sub-query only names that are
    /// qualified by the table count.
    pub(crate) fn names_own_column(&self, table: &str, column: &str) -> bool {
        let Some(ast) = &self.ast else { return false };
        let (mut nested, mut plain, mut qualified) = (false, false, false);
        let _ = visit_expressions(ast.as_ref(), |expr| {
            match expr {
                Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => nested = true,
                Expr::Identifier(ident) => plain |= fold(ident) == column,
                Expr::CompoundIdentifier(parts) => {
                    if let [.., owner, name] = parts.as_slice() {
                        qualified |= fold(owner) == table && fold(name) == column;
                    }
                }
                _ => {}
            }
            ControlFlow::<()>::Continue(())
        });
        qualified || (plain && !nested)
    }

    /// Follows a column's new name. Inside a sub-query an unqualified name may belong to another
    /// relation, so there only names qualified by the table follow.
    pub(crate) fn rename_column(&mut self, table: &str, from: &str, to: &str) {
        let Some(ast) = &mut self.ast else { return };
        let mut nested = false;
        let _ = visit_expressions(ast.as_ref(), |expr| {
            nested |=
                matches!(expr, Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. });
            ControlFlow::<()>::Continue(())
        });
        let mut changed = false;
        let _ = visit_expressions_mut(ast.as_mut(), |expr| {
            let ident = match expr {
                Expr::Identifier(ident) if !nested => Some(ident),
                Expr::CompoundIdentifier(parts) => match parts.as_mut_slice() {
                    [.., owner, column] if fold(owner) == table => Some(column),
                    _ => None,
                },
                _ => None,
            };
            if let Some(ident) = ident.filter(|ident| fold(ident) == from) {
                let plain = crate::quote_identifier(to) == to;
                *ident = if plain { Ident::new(to) } else { Ident::with_quote('"', to) };
                changed = true;
            }
            ControlFlow::<()>::Continue(())
        });
        if changed {
            self.text = ast.to_string();
        }
    }
}

/// A type's name as the server calls a column after a cast to it: its name in `pg_type`.
fn type_label(data_type: &str) -> String {
    let words = data_type.to_lowercase();
    let name = words.split('(').next().unwrap_or_default().trim();
    let name = name.rsplit('.').next().unwrap_or(name);
    match name {
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "real" => "float4",
        "double precision" => "float8",
        "decimal" => "numeric",
        "character varying" => "varchar",
        "character" | "char" => "bpchar",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        other => other,
    }
    .to_owned()
}

/// The name a `SELECT` shows an expression by (`FigureColname` in `parse_target.c`).
pub(crate) fn figure_name(expr: &Expr) -> String {
    label(expr, "?column?")
}

fn label(expr: &Expr, otherwise: &str) -> String {
    let mut expr = Some(expr);
    let mut through = None;
    loop {
        expr = match expr {
            Some(Expr::Nested(inner) | Expr::Collate { expr: inner, .. }) => Some(inner),
            Some(Expr::Cast { expr: inner, data_type, .. }) => {
                through = through.or_else(|| Some(type_label(&data_type.to_string())));
                Some(inner)
            }
            // What the last branch is called, when that has a name of its own.
            Some(Expr::Case { else_result: Some(last), .. })
                if matches!(
                    last.as_ref(),
                    Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Function(_)
                ) =>
            {
                Some(last)
            }
            _ => break,
        };
    }
    match expr {
        Some(Expr::Identifier(ident)) => fold(ident),
        Some(Expr::CompoundIdentifier(parts)) => {
            parts.last().map_or_else(|| otherwise.to_owned(), fold)
        }
        Some(Expr::Extract { .. }) => "extract".to_owned(),
        Some(Expr::Case { .. }) => through.unwrap_or_else(|| "case".to_owned()),
        Some(Expr::Array(_)) => through.unwrap_or_else(|| "array".to_owned()),
        Some(Expr::Function(function)) => function
            .name
            .0
            .last()
            .and_then(|part| part.as_ident())
            .map_or_else(|| otherwise.to_owned(), fold),
        Some(Expr::Trim { .. }) => "btrim".to_owned(),
        Some(Expr::Substring { .. }) => "substring".to_owned(),
        _ => through.unwrap_or_else(|| otherwise.to_owned()),
    }
}
