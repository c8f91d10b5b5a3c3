//! What a query or statement names, and how its structure follows other names.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    self, AssignmentTarget, ConflictTarget, Delete, Expr, FromTable, Ident, Insert,
    OnConflictAction, OnInsert, Query, Select, SelectItem, SetExpr, Statement, TableFactor,
    TableObject, TableWithJoins, Update, UpdateTableFromKind, VisitMut, Visitor, VisitorMut,
    visit_relations, visit_relations_mut,
};

use crate::lower::fold;
use crate::{ObjectName, QualifiedName};

/// Whether a name as written means a relation; `reachable` says that the bare name does.
pub(super) fn names(written: &ObjectName, name: &QualifiedName, reachable: bool) -> bool {
    let schema = written.schema.as_ref();
    written.name == name.name && schema.map_or(reachable, |schema| *schema == name.schema)
}

pub(super) fn object_name(name: &ast::ObjectName) -> Option<ObjectName> {
    let mut parts = name.0.iter().rev().map(|part| part.as_ident().map(fold));
    let own = parts.next()??;
    Some(ObjectName { schema: parts.next().flatten(), name: own })
}

pub(super) fn relations(node: &impl ast::Visit) -> Vec<ObjectName> {
    let mut found = Vec::new();
    let _ = visit_relations(node, |name| {
        found.extend(object_name(name));
        ControlFlow::<()>::Continue(())
    });
    found
}

/// The names that mean a `WITH` query wherever a query writes them without a schema. One whose own
/// query reads a relation of its name, without `RECURSIVE`, means that relation there.
pub(super) fn shadowing(query: &Query) -> BTreeSet<String> {
    struct Names(BTreeSet<String>, BTreeSet<String>);
    impl Visitor for Names {
        type Break = ();
        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            let Some(with) = &query.with else { return ControlFlow::Continue(()) };
            for table in &with.cte_tables {
                let name = fold(&table.alias.name);
                let bare = ObjectName::bare(name.as_str());
                if !with.recursive && relations(table.query.as_ref()).contains(&bare) {
                    self.1.insert(name);
                } else {
                    self.0.insert(name);
                }
            }
            ControlFlow::Continue(())
        }
    }
    let mut names = Names(BTreeSet::new(), BTreeSet::new());
    let _ = ast::Visit::visit(query, &mut names);
    names.0.difference(&names.1).cloned().collect()
}

pub(super) fn ident(name: &str) -> Ident {
    if crate::quote_identifier(name) == name {
        Ident::new(name)
    } else {
        Ident::with_quote('"', name)
    }
}

/// Renames a relation where it is read and where it qualifies a column; `reachable` says that the
/// bare name means it.
pub(super) fn rename_relation(
    node: &mut (impl VisitMut + ast::Visit),
    from: &QualifiedName,
    to: &QualifiedName,
    reachable: bool,
) -> bool {
    struct CommonNames(BTreeSet<String>);
    impl Visitor for CommonNames {
        type Break = ();
        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            let tables = query.with.iter().flat_map(|with| &with.cte_tables);
            self.0.extend(tables.map(|table| fold(&table.alias.name)));
            ControlFlow::Continue(())
        }
    }
    struct Qualifiers<'a> {
        from: &'a str,
        to: &'a str,
        changed: bool,
    }
    impl VisitorMut for Qualifiers<'_> {
        type Break = ();
        fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if let Expr::CompoundIdentifier(parts) = expr
                && let [.., owner, _] = parts.as_mut_slice()
                && fold(owner) == self.from
            {
                *owner = ident(self.to);
                self.changed = true;
            }
            ControlFlow::Continue(())
        }
    }
    let mut common = CommonNames(BTreeSet::new());
    let _ = ast::Visit::visit(&*node, &mut common);
    let mut changed = false;
    let _ = visit_relations_mut(node, |written| {
        let Some(name) = object_name(written) else { return ControlFlow::<()>::Continue(()) };
        let bare = name.schema.is_none() && reachable && !common.0.contains(&name.name);
        if name.name == from.name && (bare || name.schema.as_ref() == Some(&from.schema)) {
            let mut parts = vec![ident(&to.name)];
            if name.schema.is_some() || to.schema != from.schema {
                parts.insert(0, ident(&to.schema));
            }
            *written = ast::ObjectName::from(parts);
            changed = true;
        }
        ControlFlow::Continue(())
    });
    let mut qualifiers = Qualifiers { from: &from.name, to: &to.name, changed: false };
    // A name that is also an alias keeps its meaning: it is the alias that qualifies.
    if from.name != to.name && !aliases(node).contains(&from.name) {
        let _ = VisitMut::visit(node, &mut qualifiers);
    }
    changed || qualifiers.changed
}

fn aliases(node: &impl ast::Visit) -> BTreeSet<String> {
    struct Aliases(BTreeSet<String>);
    impl Visitor for Aliases {
        type Break = ();
        fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
            if let TableFactor::Table { alias: Some(alias), .. }
            | TableFactor::Derived { alias: Some(alias), .. } = factor
            {
                self.0.insert(fold(&alias.name));
            }
            ControlFlow::Continue(())
        }
    }
    let mut found = Aliases(BTreeSet::new());
    let _ = ast::Visit::visit(node, &mut found);
    found.0
}

/// Tables of a `FROM` with the names they are known by, when all of it is tables.
pub(super) fn sources(select: &Select) -> Option<Vec<(ObjectName, String)>> {
    let factors = select.from.iter().flat_map(|from| {
        std::iter::once(&from.relation).chain(from.joins.iter().map(|join| &join.relation))
    });
    factors.map(plain_table).collect()
}

/// The tables of a `FROM` with the names they are known by, whatever else it joins.
fn tables_of<'a>(from: impl IntoIterator<Item = &'a TableWithJoins>) -> Vec<(ObjectName, String)> {
    let mut open: Vec<&TableWithJoins> = from.into_iter().collect();
    let mut found = Vec::new();
    while let Some(joined) = open.pop() {
        let joins = joined.joins.iter().map(|join| &join.relation);
        for factor in std::iter::once(&joined.relation).chain(joins) {
            if let TableFactor::NestedJoin { table_with_joins, alias: None } = factor {
                open.push(table_with_joins);
            }
            found.extend(plain_table(factor));
        }
    }
    found
}

fn plain_table(factor: &TableFactor) -> Option<(ObjectName, String)> {
    let TableFactor::Table { name, alias, args: None, .. } = factor else { return None };
    let name = object_name(name)?;
    let known = alias.as_ref().map_or(name.name.clone(), |alias| fold(&alias.name));
    Some((name, known))
}

/// Renames a column in every `SELECT` that reads its table and every statement that changes it; what
/// a `SELECT` shows keeps its name. Says whether the column was named at all.
pub(super) fn rename_column(
    node: &mut impl VisitMut,
    table: &QualifiedName,
    from: &str,
    to: &str,
) -> bool {
    struct Selects<'a> {
        table: &'a QualifiedName,
        from: &'a str,
        to: &'a str,
        changed: bool,
    }
    impl VisitorMut for Selects<'_> {
        type Break = ();
        fn pre_visit_statement(&mut self, statement: &mut Statement) -> ControlFlow<()> {
            match statement {
                Statement::Insert(insert) => self.insert(insert),
                Statement::Update(update) => self.update(update),
                Statement::Delete(delete) => self.delete(delete),
                _ => {}
            }
            ControlFlow::Continue(())
        }
        fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
            let SetExpr::Select(select) = query.body.as_ref() else {
                return ControlFlow::Continue(());
            };
            let mut columns = self.columns(select);
            // An output column of this name is what ORDER BY means first.
            let shown =
                select.projection.iter().any(|item| shown_as(item).as_deref() == Some(self.from));
            columns.bare = !shown;
            if let Some(order) = query.order_by.as_mut().filter(|_| !columns.owners.is_empty()) {
                let _ = VisitMut::visit(order, &mut columns);
                self.changed |= columns.changed;
            }
            ControlFlow::Continue(())
        }
        fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
            let mut columns = self.columns(select);
            if columns.owners.is_empty() {
                return ControlFlow::Continue(());
            }
            columns.shown(&mut select.projection);
            let _ = VisitMut::visit(&mut select.from, &mut columns);
            let _ = VisitMut::visit(&mut select.selection, &mut columns);
            let _ = VisitMut::visit(&mut select.group_by, &mut columns);
            let _ = VisitMut::visit(&mut select.having, &mut columns);
            self.changed |= columns.changed;
            ControlFlow::Continue(())
        }
    }
    impl<'a> Selects<'a> {
        fn is_ours(&self, name: &ObjectName) -> bool {
            name.name == self.table.name
                && name.schema.as_ref().is_none_or(|schema| *schema == self.table.schema)
        }
        fn columns_of(&self, tables: Vec<(ObjectName, String)>) -> Columns<'a> {
            let ours = tables.into_iter().filter(|(name, _)| self.is_ours(name));
            let owners = ours.map(|(_, known)| known).collect();
            let (from, to) = (self.from, self.to);
            Columns { owners, from, to, bare: true, depth: 0, changed: false }
        }
        fn columns(&self, select: &Select) -> Columns<'a> {
            self.columns_of(tables_of(&select.from))
        }
        fn target(&mut self, column: &mut ast::ObjectName) {
            // A part of a composite column may be assigned: the first name is the column's.
            if let Some(name) = column.0.first_mut()
                && name.as_ident().map(fold).as_deref() == Some(self.from)
            {
                *name = ast::ObjectNamePart::Identifier(ident(self.to));
                self.changed = true;
            }
        }
        fn assigned(&mut self, target: &mut AssignmentTarget) {
            match target {
                AssignmentTarget::ColumnName(column) => self.target(column),
                AssignmentTarget::Tuple(columns) => {
                    for column in columns {
                        self.target(column);
                    }
                }
            }
        }
        fn insert(&mut self, insert: &mut Insert) {
            let TableObject::TableName(name) = &insert.table else { return };
            let Some(name) = object_name(name).filter(|name| self.is_ours(name)) else { return };
            let alias = insert.table_alias.as_ref().map(|alias| fold(&alias.alias));
            let mut columns =
                self.columns_of(vec![(name.clone(), alias.unwrap_or(name.name.clone()))]);
            // The row that was to be inserted has the same columns.
            columns.owners.insert("excluded".to_owned());
            insert.columns.iter_mut().for_each(|column| self.target(column));
            if let Some(OnInsert::OnConflict(conflict)) = &mut insert.on {
                if let Some(ConflictTarget::Columns(names)) = &mut conflict.conflict_target {
                    for name in names.iter_mut().filter(|name| fold(name) == self.from) {
                        *name = ident(self.to);
                        self.changed = true;
                    }
                }
                if let OnConflictAction::DoUpdate(update) = &mut conflict.action {
                    for assignment in &mut update.assignments {
                        self.assigned(&mut assignment.target);
                        let _ = VisitMut::visit(&mut assignment.value, &mut columns);
                    }
                    let _ = VisitMut::visit(&mut update.selection, &mut columns);
                }
            }
            columns.shown(insert.returning.as_mut().map_or(&mut [][..], Vec::as_mut_slice));
            self.changed |= columns.changed;
        }
        fn update(&mut self, update: &mut Update) {
            let from = match &update.from {
                Some(
                    UpdateTableFromKind::AfterSet(from) | UpdateTableFromKind::BeforeSet(from),
                ) => from.as_slice(),
                None => &[],
            };
            let target = plain_table(&update.table.relation);
            let target = target.is_some_and(|(name, _)| self.is_ours(&name));
            let tables = tables_of(std::iter::once(&update.table).chain(from));
            let mut columns = self.columns_of(tables);
            if columns.owners.is_empty() {
                return;
            }
            for assignment in &mut update.assignments {
                if target {
                    self.assigned(&mut assignment.target);
                }
                let _ = VisitMut::visit(&mut assignment.value, &mut columns);
            }
            let _ = VisitMut::visit(&mut update.from, &mut columns);
            let _ = VisitMut::visit(&mut update.selection, &mut columns);
            columns.shown(update.returning.as_mut().map_or(&mut [][..], Vec::as_mut_slice));
            self.changed |= columns.changed;
        }
        fn delete(&mut self, delete: &mut Delete) {
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
            let mut columns =
                self.columns_of(tables_of(from.iter().chain(delete.using.iter().flatten())));
            if columns.owners.is_empty() {
                return;
            }
            let _ = VisitMut::visit(&mut delete.using, &mut columns);
            let _ = VisitMut::visit(&mut delete.selection, &mut columns);
            columns.shown(delete.returning.as_mut().map_or(&mut [][..], Vec::as_mut_slice));
            self.changed |= columns.changed;
        }
    }
    struct Columns<'a> {
        owners: BTreeSet<String>,
        from: &'a str,
        to: &'a str,
        bare: bool,
        depth: usize,
        changed: bool,
    }
    impl Columns<'_> {
        fn shown(&mut self, items: &mut [SelectItem]) {
            for item in items {
                let before = shown_as(item);
                let _ = VisitMut::visit(item, self);
                keep_shown(item, before);
            }
        }
    }
    impl VisitorMut for Columns<'_> {
        type Break = ();
        fn pre_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
            self.depth += 1;
            ControlFlow::Continue(())
        }
        fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
            self.depth -= 1;
            ControlFlow::Continue(())
        }
        fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            let found = match expr {
                // Inside of a sub-query a bare name may be another relation's.
                Expr::Identifier(name) if self.bare && self.depth == 0 => Some(name),
                Expr::CompoundIdentifier(parts) => match parts.as_mut_slice() {
                    [.., owner, name] if self.owners.contains(&fold(owner)) => Some(name),
                    _ => None,
                },
                _ => None,
            };
            if let Some(name) = found.filter(|name| fold(name) == self.from) {
                *name = ident(self.to);
                self.changed = true;
            }
            ControlFlow::Continue(())
        }
    }
    let mut selects = Selects { table, from, to, changed: false };
    let _ = VisitMut::visit(node, &mut selects);
    selects.changed
}

/// Renames a column as the rows of a rule, `NEW` and `OLD`, show it; what a `SELECT` shows keeps its
/// name. Says whether it was named.
pub(super) fn rename_in_rows(node: &mut impl VisitMut, from: &str, to: &str) -> bool {
    struct Rows<'a> {
        from: &'a str,
        to: &'a str,
        changed: bool,
        shown: Shown,
    }
    impl VisitorMut for Rows<'_> {
        type Break = ();
        fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if let Expr::CompoundIdentifier(parts) = expr
                && let [owner, column] = parts.as_mut_slice()
                && matches!(fold(owner).as_str(), "new" | "old")
                && fold(column) == self.from
            {
                *column = ident(self.to);
                self.changed = true;
            }
            ControlFlow::Continue(())
        }
        fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
            self.shown.enter(select);
            ControlFlow::Continue(())
        }
        fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
            self.shown.leave(select);
            ControlFlow::Continue(())
        }
    }
    let mut rows = Rows { from, to, changed: false, shown: Shown::default() };
    let _ = VisitMut::visit(node, &mut rows);
    rows.changed
}

/// What the `SELECT`s that are being visited show, the innermost last: it keeps its names whatever is renamed
/// inside.
#[derive(Default)]
pub(super) struct Shown(Vec<Vec<Option<String>>>);

impl Shown {
    /// Notes what a `SELECT` shows, before anything in it is renamed.
    pub(super) fn enter(&mut self, select: &Select) {
        self.0.push(select.projection.iter().map(shown_as).collect());
    }

    /// Gives it its names back.
    pub(super) fn leave(&mut self, select: &mut Select) {
        let before = self.0.pop().unwrap_or_default();
        for (item, before) in select.projection.iter_mut().zip(before) {
            keep_shown(item, before);
        }
    }
}

/// Gives an item of a `SELECT` the name that it had.
fn keep_shown(item: &mut SelectItem, before: Option<String>) {
    if let (SelectItem::UnnamedExpr(expr), Some(before)) = (&*item, before)
        && shown_as(item).as_ref() != Some(&before)
    {
        *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias: ident(&before) };
    }
}

/// The name a `SELECT` shows an item by; none for `*`.
pub(super) fn shown_as(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(fold(alias)),
        SelectItem::UnnamedExpr(expr) => Some(crate::expression::figure_name(expr)),
        _ => None,
    }
}
