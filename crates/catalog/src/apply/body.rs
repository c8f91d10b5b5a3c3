//! Functions whose bodies are written as the SQL standard does: the server keeps their statements, and
//! the defaults of all functions' arguments, by the objects that they name, so renames reach them and
//! `CASCADE` takes them along.

use sqlparser::ast::{Statement, VisitMut};

use super::Applying;
use super::syntax::{names, relations, rename_column, rename_relation};
use super::users::Rewriting;
use crate::object::{Body, Function};
use crate::{FunctionKey, QualifiedName};

impl Applying<'_> {
    /// Writes out what a body leaves to the columns of the moment.
    pub(super) fn bind_body(&self, function: &mut Function) {
        let Some(body) = &mut function.body else { return };
        if self.bind_statements(&mut body.statements) {
            body.text = written(body);
        }
    }

    pub(super) fn bodies_follow_relation(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let reachable = self.is_reachable(from);
        self.each_body_naming(&from.name, |statement| {
            rename_relation(statement, from, to, reachable)
        });
    }

    pub(super) fn bodies_follow_column(&mut self, table: &QualifiedName, from: &str, to: &str) {
        self.each_body_naming(&table.name, |statement| rename_column(statement, table, from, to));
    }

    /// Functions and types that bodies and the defaults of arguments use.
    pub(super) fn bodies_follow(&mut self, word: &str, by: &mut impl Rewriting) {
        for key in self.catalog.mentions.functions(word) {
            let Some(function) = self.catalog.functions.get_mut(&key) else { continue };
            for default in function.arguments.iter_mut().filter_map(|a| a.default.as_mut()) {
                super::users::rewrite(default, by);
            }
            let Some(body) = &mut function.body else { continue };
            rewrite(body, |statement| {
                let _ = VisitMut::visit(statement, by);
                by.changed()
            });
        }
    }

    fn each_body_naming(&mut self, word: &str, mut change: impl FnMut(&mut Statement) -> bool) {
        for key in self.catalog.mentions.functions(word) {
            let function = self.catalog.functions.get_mut(&key);
            if let Some(body) = function.and_then(|function| function.body.as_mut()) {
                rewrite(body, &mut change);
            }
        }
    }

    /// A relation is gone, and with it the functions whose statements name it.
    pub(super) fn drop_bodies_reading(&mut self, name: &QualifiedName) {
        let reachable = self.is_reachable(name);
        self.drop_bodies(&name.name, |statement| {
            relations(statement).iter().any(|read| names(read, name, reachable))
        });
    }

    /// A column is gone, and with it the functions whose statements name it.
    pub(super) fn drop_bodies_of_column(&mut self, table: &QualifiedName, column: &str) {
        self.drop_bodies(&table.name, |statement| {
            rename_column(&mut statement.clone(), table, column, column)
        });
    }

    /// Functions with a statement like this go, with what uses them.
    pub(super) fn drop_bodies(&mut self, word: &str, mut gone: impl FnMut(&Statement) -> bool) {
        let mut doomed: Vec<FunctionKey> = self.catalog.mentions.functions(word);
        doomed.retain(|key| {
            let body = self.catalog.functions.get(key).and_then(|found| found.body.as_ref());
            body.is_some_and(|body| body.statements.iter().any(&mut gone))
        });
        for key in doomed {
            self.drop_function(&key, true);
        }
    }
}

/// Changes a body's statements; its text follows when they say that they changed.
fn rewrite(body: &mut Body, mut change: impl FnMut(&mut Statement) -> bool) {
    let mut changed = false;
    for statement in &mut body.statements {
        changed |= change(statement);
    }
    if changed {
        body.text = written(body);
    }
}

/// A body in the words that made it.
fn written(body: &Body) -> String {
    let returned = body.text.trim_start().get(..6);
    if returned.is_some_and(|word| word.eq_ignore_ascii_case("return")) {
        let value = body.statements.first().map(ToString::to_string).unwrap_or_default();
        return format!("RETURN {}", value.strip_prefix("SELECT ").unwrap_or(&value));
    }
    let statements: Vec<String> = body.statements.iter().map(|one| format!("{one}; ")).collect();
    format!("BEGIN ATOMIC {}END", statements.concat())
}
