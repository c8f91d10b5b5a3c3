//! Rewrite rules. The server keeps an action by the relations and columns it names, as they were
//! when the rule was made: `*` and the columns that an `INSERT` leaves out are settled then, and
//! renames reach what is named.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Insert, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, Statement,
    TableObject, VisitMut, VisitorMut,
};

use super::Applying;
use super::syntax::{
    ident, names, object_name, relations, rename_column, rename_in_rows, rename_relation,
};
use super::views::Expanding;
use crate::control::Rule;
use crate::lower::fold;
use crate::{ObjectName, QualifiedName};

impl Applying<'_> {
    /// The rules of a table or view.
    pub(super) fn rules_mut(&mut self, relation: &ObjectName) -> Option<&mut Vec<Rule>> {
        let views = &self.catalog.views;
        let view = self.catalog.resolve(relation, |name| views.contains_key(name));
        match (self.table_name(relation), view) {
            (Some(name), _) => self.catalog.tables.get_mut(&name).map(|table| &mut table.rules),
            (None, Some(name)) => self.catalog.views.get_mut(&name).map(|view| &mut view.rules),
            (None, None) => None,
        }
    }

    pub(super) fn create_rule(&mut self, relation: &ObjectName, mut rule: Rule, or_replace: bool) {
        let exists = |name: &QualifiedName| {
            self.catalog.tables.contains_key(name) || self.catalog.views.contains_key(name)
        };
        let Some(own) = self.catalog.resolve(relation, exists) else {
            return self.reject(format!("relation \"{relation}\" does not exist"));
        };
        self.bind_rule(&own, &mut rule);
        self.catalog.mentions.note_rule(&own, &rule, self.catalog.views.contains_key(&own));
        let Some(rules) = self.rules_mut(relation) else { return };
        match rules.iter_mut().find(|other| other.name == rule.name) {
            Some(existing) if or_replace => {
                let comment = existing.comment.take();
                *existing = Rule { comment, ..rule };
            }
            Some(_) => self.reject(format!(
                "rule \"{}\" for relation \"{relation}\" already exists",
                rule.name
            )),
            None => rules.push(rule),
        }
    }

    /// Writes out what the action leaves to the columns of the moment.
    fn bind_rule(&self, own: &QualifiedName, rule: &mut Rule) {
        let Some(statements) = rule.ast.as_mut() else { return };
        let catalog = &*self.catalog;
        let expanding = Expanding { catalog, done: false, failed: false };
        let own = ObjectName { schema: Some(own.schema.clone()), name: own.name.clone() };
        let mut rows = Rows { columns: expanding.columns(&own).unwrap_or_default(), done: false };
        for statement in statements.iter_mut() {
            let _ = VisitMut::visit(statement, &mut rows);
        }
        if self.bind_statements(statements) || rows.done {
            rule.action = written(statements);
        }
    }

    /// Writes `*` and the columns that an `INSERT` fills out; whether there was any.
    pub(super) fn bind_statements(&self, statements: &mut [Statement]) -> bool {
        let catalog = &*self.catalog;
        let mut expanding = Expanding { catalog, done: false, failed: false };
        let mut filled = false;
        for statement in statements.iter_mut() {
            let _ = VisitMut::visit(statement, &mut expanding);
            if let Statement::Insert(insert) = statement {
                filled |= fill_columns(insert, &expanding).is_some();
            }
        }
        expanding.done || filled
    }

    /// Changes the actions of all rules that name something of this name.
    pub(super) fn each_rule_naming(&mut self, word: &str, change: &mut impl FnMut(&mut Rule)) {
        for table in self.catalog.mentions.tables(word) {
            let table = self.catalog.tables.get_mut(&table);
            table.into_iter().flat_map(|table| &mut table.rules).for_each(&mut *change);
        }
        for view in self.catalog.mentions.views(word) {
            let view = self.catalog.views.get_mut(&view);
            view.into_iter().flat_map(|view| &mut view.rules).for_each(&mut *change);
        }
    }

    pub(super) fn rules_follow_relation(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let reachable = self.is_reachable(from);
        self.each_rule_naming(&from.name, &mut |rule| {
            rewrite(rule, |statement| rename_relation(statement, from, to, reachable));
        });
    }

    pub(super) fn rules_follow_column(&mut self, table: &QualifiedName, from: &str, to: &str) {
        self.each_rule_naming(&table.name, &mut |rule| {
            rewrite(rule, |statement| rename_column(statement, table, from, to));
        });
        let view = self.catalog.views.get_mut(table).map(|view| &mut view.rules);
        let rules = self.catalog.tables.get_mut(table).map(|table| &mut table.rules).or(view);
        for rule in rules.into_iter().flatten() {
            rewrite(rule, |statement| rename_in_rows(statement, from, to));
            if let Some(when) = &mut rule.when {
                when.rename_column("old", from, to);
                when.rename_column("new", from, to);
            }
        }
    }

    /// A column is gone, and with it the rules that name it.
    pub(super) fn drop_rules_of_column(&mut self, table: &QualifiedName, column: &str) {
        let names = |rule: &Rule| {
            rule.ast
                .iter()
                .flatten()
                .any(|statement| rename_column(&mut statement.clone(), table, column, column))
        };
        self.retain_rules(&table.name, |rule| !names(rule));
        let view = self.catalog.views.get_mut(table).map(|view| &mut view.rules);
        let rules = self.catalog.tables.get_mut(table).map(|table| &mut table.rules).or(view);
        if let Some(rules) = rules {
            rules.retain(|rule| {
                let when = rule.when.as_ref().is_some_and(|when| when.columns().contains(column));
                let shown =
                    |statement: &Statement| rename_in_rows(&mut statement.clone(), column, column);
                !when && !rule.ast.iter().flatten().any(shown)
            });
        }
    }

    /// A relation is gone, and with it the rules whose actions name it.
    pub(super) fn drop_rules_reading(&mut self, name: &QualifiedName) {
        let reachable = self.is_reachable(name);
        let reads = |rule: &Rule| {
            let mut read = rule.ast.iter().flatten().flat_map(relations);
            read.any(|read| names(&read, name, reachable))
        };
        self.retain_rules(&name.name, |rule| !reads(rule));
    }

    pub(super) fn retain_rules(&mut self, word: &str, keep: impl Fn(&Rule) -> bool) {
        for table in self.catalog.mentions.tables(word) {
            if let Some(table) = self.catalog.tables.get_mut(&table) {
                table.rules.retain(&keep);
            }
        }
        for view in self.catalog.mentions.views(word) {
            if let Some(view) = self.catalog.views.get_mut(&view) {
                view.rules.retain(&keep);
            }
        }
    }
}

/// Changes a rule's statements; its text follows when they say that they changed.
pub(super) fn rewrite(rule: &mut Rule, mut change: impl FnMut(&mut Statement) -> bool) {
    let Some(statements) = rule.ast.as_mut() else { return };
    let mut changed = false;
    for statement in statements.iter_mut() {
        changed |= change(statement);
    }
    if changed {
        rule.action = written(statements);
    }
}

fn written(statements: &[Statement]) -> String {
    match statements {
        [] => "NOTHING".to_owned(),
        [one] => one.to_string(),
        several => {
            let several: Vec<String> = several.iter().map(ToString::to_string).collect();
            format!("({})", several.join("; "))
        }
    }
}

/// The columns that an `INSERT` without a list fills: as many as it has values, from the first.
fn fill_columns(insert: &mut Insert, expanding: &Expanding<'_>) -> Option<()> {
    if !insert.columns.is_empty() {
        return None;
    }
    let TableObject::TableName(name) = &insert.table else { return None };
    let values = match insert.source.as_ref()?.body.as_ref() {
        SetExpr::Values(values) => values.rows.first()?.content.len(),
        SetExpr::Select(select) => {
            let one = |item: &SelectItem| {
                matches!(item, SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. })
            };
            select.projection.iter().all(one).then_some(select.projection.len())?
        }
        _ => return None,
    };
    let columns = expanding.columns(&object_name(name)?)?;
    let filled = columns.iter().take(values).map(|column| vec![ident(column)].into());
    insert.columns = filled.collect();
    Some(())
}

/// Writes `NEW.*` and `OLD.*` out.
struct Rows {
    columns: Vec<String>,
    done: bool,
}

impl Rows {
    fn parts(&self, owner: &sqlparser::ast::ObjectName) -> Option<Vec<Expr>> {
        let [owner] = owner.0.as_slice() else { return None };
        let owner = owner.as_ident()?;
        if self.columns.is_empty() || !matches!(fold(owner).as_str(), "new" | "old") {
            return None;
        }
        let part = |column: &String| Expr::CompoundIdentifier(vec![owner.clone(), ident(column)]);
        Some(self.columns.iter().map(part).collect())
    }
}

impl VisitorMut for Rows {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        let SetExpr::Values(values) = query.body.as_mut() else { return ControlFlow::Continue(()) };
        for row in &mut values.rows {
            let expand = |expr: Expr| match &expr {
                Expr::QualifiedWildcard(owner, _) => self.parts(owner).unwrap_or(vec![expr]),
                _ => vec![expr],
            };
            let before = row.content.len();
            row.content = std::mem::take(&mut row.content).into_iter().flat_map(expand).collect();
            self.done |= row.content.len() != before;
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let mut items = Vec::with_capacity(select.projection.len());
        for item in std::mem::take(&mut select.projection) {
            let parts = match &item {
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(owner),
                    _,
                ) => self.parts(owner),
                _ => None,
            };
            self.done |= parts.is_some();
            match parts {
                Some(parts) => items.extend(parts.into_iter().map(SelectItem::UnnamedExpr)),
                None => items.push(item),
            }
        }
        select.projection = items;
        ControlFlow::Continue(())
    }
}
