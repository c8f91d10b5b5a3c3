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
        let mut expr = self.ast.as_deref();
        while let Some(Expr::Nested(inner) | Expr::Cast { expr: inner, .. }) = expr {
            expr = Some(inner);
        }
        match expr {
            Some(Expr::Function(function)) => function
                .name
                .0
                .last()
                .and_then(|part| part.as_ident())
                .map_or_else(|| "expr".to_owned(), fold),
            Some(Expr::Trim { .. }) => "btrim".to_owned(),
            Some(Expr::Substring { .. }) => "substring".to_owned(),
            _ => "expr".to_owned(),
        }
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
