//! `DROP FUNCTION` and `DROP TYPE`: what uses them keeps them, or goes with them.

use std::collections::BTreeSet;

use sqlparser::ast::VisitMut;

use super::Applying;
use super::kept::Named;
use super::users::{Renaming, Rewriting, Used, renamed_result};
use crate::control::{Definition, Rule};
use crate::object::{ConstraintKind, Expression, IndexKeyKind, UserTypeKind};
use crate::{DataType, FunctionKey, QualifiedName};

impl Applying<'_> {
    /// `DROP FUNCTION`.
    pub(super) fn drop_function(&mut self, key: &FunctionKey, cascade: bool) {
        let counts = self.counts_of(key);
        let of = &key.0;
        // A trigger executes the one of its name that takes no arguments.
        let executed = key.1.is_empty();
        if !cascade
            && ((executed && self.is_executed(of))
                || self.uses(of, Used::Function(counts.clone()), false))
        {
            return self.reject(format!(
                "cannot drop function {of}({}) because other objects depend on it",
                key.1.join(",")
            ));
        }
        if cascade {
            self.uses(of, Used::Function(counts), true);
        }
        self.catalog.functions.remove(key);
        if executed {
            self.drop_triggers_of(of);
        }
    }

    /// Whether a trigger executes a function.
    fn is_executed(&self, function: &QualifiedName) -> bool {
        let mut events = self.catalog.event_triggers.values();
        let tables = self.catalog.mentions.tables(&function.name);
        let mut tables = tables.iter().filter_map(|name| self.catalog.tables.get(name));
        events.any(|trigger| trigger.function == *function)
            || tables.any(|table| table.triggers.iter().any(|t| t.function == *function))
    }

    /// `DROP TYPE` and `DROP DOMAIN`.
    pub(super) fn drop_type(&mut self, name: &QualifiedName, cascade: bool) {
        let of = |data_type: &DataType| {
            data_type.name == name.name && data_type.schema.as_ref() == Some(&name.schema)
        };
        let functions = self.catalog.mentions.functions(&name.name).into_iter();
        let functions: Vec<_> = functions
            .filter(|key| {
                let found = self.catalog.functions.get(key);
                found.is_some_and(|found| {
                    let returns = renamed_result(&found.returns, name, name);
                    found.arguments.iter().any(|argument| of(&argument.data_type))
                        || renamed_result(&returns, name, &QualifiedName::new("", "")) != returns
                })
            })
            .collect();
        let made_of = |kind: &UserTypeKind| match kind {
            UserTypeKind::Domain { base, .. } => of(base),
            UserTypeKind::Composite(attributes) => attributes.iter().any(|(_, found)| of(found)),
            _ => false,
        };
        let types = self.catalog.mentions.types(&name.name).into_iter();
        let types: Vec<_> = types
            .filter(|other| self.catalog.types.get(other).is_some_and(|t| made_of(&t.kind)))
            .collect();
        let tables = self.catalog.mentions.tables(&name.name);
        let mut tables = tables.iter().filter_map(|table| self.catalog.tables.get(table));
        let column = tables.any(|table| table.columns.iter().any(|column| of(&column.data_type)));
        if !cascade
            && (column
                || !functions.is_empty()
                || !types.is_empty()
                || self.uses(name, Used::Type, false))
        {
            let message = format!("cannot drop type {name} because other objects depend on it");
            return self.reject(message);
        }
        self.catalog.types.remove(name);
        if !cascade {
            return;
        }
        self.uses(name, Used::Type, true);
        for key in functions {
            self.drop_function(&key, true);
        }
        for other in types {
            match self.catalog.types.get_mut(&other).map(|found| &mut found.kind) {
                Some(UserTypeKind::Composite(attributes)) => attributes.retain(|(_, a)| !of(a)),
                _ => self.drop_type(&other, true),
            }
        }
        self.drop_columns_of_type(name);
    }

    /// `DROP` of kept objects. What calls an aggregate goes with it: without `CASCADE` the server would have
    /// refused.
    pub(super) fn undefine(&mut self, kind: &str, subjects: &[String]) {
        let (gone, kept) = std::mem::take(&mut self.catalog.definitions)
            .into_iter()
            .partition(|found| found.kind == kind && subjects.contains(&found.subject));
        self.catalog.definitions = kept;
        let gone: Vec<Definition> = gone;
        for aggregate in gone.iter().filter(|_| kind == "aggregate") {
            let Some((name, arguments)) = aggregate.subject.split_once('(') else { continue };
            let schema = aggregate.search_path.first().map_or("public", String::as_str);
            let count = arguments.split(',').count();
            let name = QualifiedName::new(schema, name);
            self.uses(&name, Used::Function(BTreeSet::from([count])), true);
        }
    }

    /// Whether expressions, queries or rules use a function or type; with `drop` they go.
    fn uses(&mut self, of: &QualifiedName, what: Used, drop: bool) -> bool {
        let named = match what {
            Used::Function(_) => Named::Function,
            Used::Type => Named::Type,
        };
        let mut found = self.definitions_use(of, named, drop);
        let mut probe = Renaming::new(of, of, self.is_reachable(of), what);
        for name in self.catalog.mentions.tables(&of.name) {
            found |= self.uses_in_table(&name, &mut probe, drop);
        }
        for name in self.catalog.mentions.views(&of.name) {
            let Some(view) = self.catalog.views.get_mut(&name) else { continue };
            let doomed = view.ast.as_ref().is_some_and(|query| {
                let _ = VisitMut::visit(&mut query.clone(), &mut probe);
                probe.changed()
            });
            let before = view.rules.len();
            let rules = view.rules.iter().filter(|rule| !uses_in_rule(rule, &mut probe));
            let kept: Vec<_> = rules.cloned().collect();
            found |= doomed || kept.len() < before;
            if drop {
                view.rules = kept;
                if doomed {
                    self.drop_view(&name);
                }
            }
        }
        let mut functions = self.catalog.mentions.functions(&of.name);
        functions.retain(|key| {
            let Some(function) = self.catalog.functions.get(key) else { return false };
            let defaults = function.arguments.iter().filter_map(|a| a.default.as_ref());
            let statements = function.body.iter().flat_map(|body| &body.statements);
            defaults.into_iter().any(|default| uses_in(default, &mut probe))
                || statements.into_iter().any(|statement| {
                    let _ = VisitMut::visit(&mut statement.clone(), &mut probe);
                    probe.changed()
                })
        });
        found |= !functions.is_empty();
        for key in functions.into_iter().filter(|_| drop) {
            // It may use itself.
            if let Some(function) = self.catalog.functions.get_mut(&key) {
                function.body = None;
                function.arguments.iter_mut().for_each(|argument| argument.default = None);
            }
            self.drop_function(&key, true);
        }
        for name in self.catalog.mentions.types(&of.name) {
            let kind = self.catalog.types.get_mut(&name).map(|found| &mut found.kind);
            let Some(UserTypeKind::Domain { default, checks, .. }) = kind else { continue };
            let by_default = default.as_ref().is_some_and(|d| uses_in(d, &mut probe));
            let checked: Vec<bool> =
                checks.iter().map(|check| uses_in(&check.expression, &mut probe)).collect();
            found |= by_default || checked.contains(&true);
            if drop {
                default.take_if(|_| by_default);
                let mut gone = checked.into_iter();
                checks.retain(|_| !gone.next().unwrap_or_default());
            }
        }
        found
    }

    fn uses_in_table(
        &mut self,
        name: &QualifiedName,
        probe: &mut Renaming<'_>,
        drop: bool,
    ) -> bool {
        let Some(table) = self.catalog.tables.get_mut(name) else { return false };
        let mut found = false;
        let mut generated = Vec::new();
        for column in &mut table.columns {
            if column.default.as_ref().is_some_and(|default| uses_in(default, probe)) {
                found = true;
                column.default.take_if(|_| drop);
            }
            if column.generated.as_ref().is_some_and(|made| uses_in(&made.expression, probe)) {
                generated.push(column.name.clone());
            }
        }
        let mut constraints = Vec::new();
        for constraint in &table.constraints {
            let uses = match &constraint.kind {
                ConstraintKind::Check { expression }
                | ConstraintKind::Exclude { predicate: Some(expression), .. } => {
                    uses_in(expression, probe)
                }
                _ => false,
            };
            constraints.extend(uses.then(|| constraint.clone()));
        }
        let mut indexes = Vec::new();
        for index in &table.indexes {
            let keys = index.keys.iter().filter_map(|key| match &key.key {
                IndexKeyKind::Expression(expression) => Some(expression),
                IndexKeyKind::Column(_) => None,
            });
            let uses = keys.chain(&index.predicate).any(|expression| uses_in(expression, probe));
            indexes.extend(uses.then(|| index.clone()));
        }
        let parts = table.policies.len() + table.triggers.len() + table.rules.len();
        let policies: Vec<_> = table
            .policies
            .iter()
            .filter(|p| !p.using.iter().chain(&p.check).any(|found| uses_in(found, probe)))
            .cloned()
            .collect();
        let triggers: Vec<_> = table
            .triggers
            .iter()
            .filter(|trigger| !trigger.when.as_ref().is_some_and(|when| uses_in(when, probe)))
            .cloned()
            .collect();
        let rules: Vec<_> =
            table.rules.iter().filter(|rule| !uses_in_rule(rule, probe)).cloned().collect();
        found |= policies.len() + triggers.len() + rules.len() < parts;
        found |= !(generated.is_empty() && constraints.is_empty() && indexes.is_empty());
        if !drop {
            return found;
        }
        (table.policies, table.triggers, table.rules) = (policies, triggers, rules);
        let gone = |own: &str| {
            constraints.iter().any(|c| c.name == own) || indexes.iter().any(|i| i.name == own)
        };
        table.constraints.retain(|own| !gone(&own.name));
        table.indexes.retain(|own| !gone(&own.name));
        for constraint in constraints {
            let index = QualifiedName::new(name.schema.as_str(), constraint.name.as_str());
            self.catalog.index_tables.remove(&index);
            self.constraint_dropped(name, &constraint);
        }
        for index in indexes {
            let own = QualifiedName::new(name.schema.as_str(), index.name.as_str());
            self.catalog.index_tables.remove(&own);
            self.drop_keys_on_index(name, index.serial);
            self.index_dropped(name, &index);
        }
        for column in generated {
            self.drop_column(name, &column, true);
        }
        found
    }
}

fn uses_in(expression: &Expression, probe: &mut Renaming<'_>) -> bool {
    let Some(mut ast) = expression.ast.clone() else { return false };
    let _ = VisitMut::visit(ast.as_mut(), probe);
    probe.changed()
}

fn uses_in_rule(rule: &Rule, probe: &mut Renaming<'_>) -> bool {
    for statement in rule.ast.iter().flatten() {
        let _ = VisitMut::visit(&mut statement.clone(), probe);
    }
    probe.changed() || rule.when.as_ref().is_some_and(|when| uses_in(when, probe))
}
