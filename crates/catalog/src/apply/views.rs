//! What follows through queries: the server keeps a view and a policy by the objects they read, so
//! renames reach them and `CASCADE` takes them along.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    self, Expr, Ident, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr,
    TableFactor, VisitMut, Visitor, VisitorMut, visit_relations, visit_relations_mut,
};

use super::Applying;
use crate::lower::fold;
use crate::object::{Expression, View};
use crate::{Catalog, ObjectName, QualifiedName};

impl Applying<'_> {
    /// Resolves what a view's query reads and writes its `*` out, as the server does once and for
    /// all when the view is made.
    pub(super) fn bind_view(&self, view: &mut View) {
        let Some(query) = view.ast.as_mut() else { return };
        let common = shadowing(query);
        view.reads = relations(query.as_ref())
            .iter()
            .filter(|name| name.schema.is_some() || !common.contains(&name.name))
            .filter_map(|name| {
                self.catalog.resolve(name, |name| self.catalog.relation_exists(name))
            })
            .collect();
        let mut expanding = Expanding { catalog: self.catalog, done: false, failed: false };
        let _ = VisitMut::visit(query.as_mut(), &mut expanding);
        (view.had_wildcard, view.ast) =
            if expanding.failed { (false, None) } else { (expanding.done, view.ast.take()) };
    }

    /// A table or view got another name or schema.
    pub(super) fn relation_moved(&mut self, from: &QualifiedName, to: &QualifiedName) {
        self.catalog.mentions.renamed(&from.name, &to.name);
        for view in self.views_reading(from) {
            let Some(view) = self.catalog.views.get_mut(&view) else { continue };
            view.reads.remove(from);
            view.reads.insert(to.clone());
            rewrite(view, |query| rename_relation(query, from, to, true));
        }
        let reachable = self.catalog.search_path.contains(&from.schema) || from.schema == "public";
        for table in self.catalog.mentions.tables(&from.name) {
            let Some(table) = self.catalog.tables.get_mut(&table) else { continue };
            for policy in &mut table.policies {
                for expression in policy.using.iter_mut().chain(&mut policy.check) {
                    follow(expression, |expr| rename_relation(expr, from, to, reachable));
                }
            }
        }
    }

    /// A column of a table or view got another name.
    pub(super) fn column_renamed(&mut self, table: &QualifiedName, from: &str, to: &str) {
        for view in self.views_reading(table) {
            let Some(view) = self.catalog.views.get_mut(&view) else { continue };
            rewrite(view, |query| rename_column(query, table, from, to));
        }
        for other in self.catalog.mentions.tables(&table.name) {
            let Some(other) = self.catalog.tables.get_mut(&other) else { continue };
            for policy in &mut other.policies {
                for expression in policy.using.iter_mut().chain(&mut policy.check) {
                    follow(expression, |expr| rename_column(expr, table, from, to));
                }
            }
        }
    }

    /// The views that read a relation.
    fn views_reading(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let mut views = self.catalog.mentions.views(&name.name);
        views.retain(|view| {
            self.catalog.views.get(view).is_some_and(|view| view.reads.contains(name))
        });
        views
    }

    /// A table is about to get another column: views that were made with `*` do not.
    pub(super) fn settle_views(&mut self, table: &QualifiedName) {
        for view in self.views_reading(table) {
            let Some(view) = self.catalog.views.get_mut(&view) else { continue };
            if view.had_wildcard {
                rewrite(view, |_| true);
            }
        }
    }

    /// A column is gone, and with it the views that show or ask it.
    pub(super) fn drop_views_of_column(&mut self, table: &QualifiedName, column: &str) {
        let views = self.views_reading(table);
        let doomed: Vec<_> = views
            .iter()
            .filter_map(|view| self.catalog.views.get(view))
            .filter(|view| {
                view.ast
                    .clone()
                    .is_some_and(|mut query| rename_column(query.as_mut(), table, column, column))
            })
            .map(|view| view.name.clone())
            .collect();
        for view in doomed {
            self.drop_view(&view);
        }
        // The views that do not name it must not get it back with a `*`.
        self.settle_views(table);
    }

    /// A relation is gone, and with it the views and policies that read it.
    pub(super) fn drop_readers(&mut self, name: &QualifiedName) {
        for view in self.views_reading(name) {
            self.drop_view(&view);
        }
        let reads = |expression: &Option<Expression>| {
            let ast = expression.as_ref().and_then(|expression| expression.ast.as_deref());
            ast.is_some_and(|ast| relations(ast).iter().any(|read| names(read, name)))
        };
        for table in self.catalog.mentions.tables(&name.name) {
            let Some(table) = self.catalog.tables.get_mut(&table).filter(|t| t.name != *name)
            else {
                continue;
            };
            table.policies.retain(|policy| !reads(&policy.using) && !reads(&policy.check));
        }
    }

    /// A view goes with its indexes and with the views that read it.
    pub(super) fn drop_view(&mut self, name: &QualifiedName) {
        if let Some(gone) = self.catalog.views.remove(name) {
            for index in gone.indexes {
                let index = QualifiedName::new(name.schema.as_str(), index.name);
                self.catalog.index_tables.remove(&index);
            }
            self.drop_readers(name);
        }
    }
}

fn rewrite(view: &mut View, change: impl FnOnce(&mut Query) -> bool) {
    if let Some(query) = view.ast.as_mut()
        && change(query.as_mut())
    {
        view.query = query.to_string();
    }
}

fn follow(expression: &mut Expression, change: impl FnOnce(&mut Expr) -> bool) {
    if let Some(expr) = expression.ast.as_mut()
        && change(expr.as_mut())
    {
        expression.text = expr.to_string();
    }
}

fn names(written: &ObjectName, name: &QualifiedName) -> bool {
    written.name == name.name
        && written.schema.as_ref().map_or("public", String::as_str) == name.schema
}

fn object_name(name: &ast::ObjectName) -> Option<ObjectName> {
    let mut parts = name.0.iter().rev().map(|part| part.as_ident().map(fold));
    let own = parts.next()??;
    Some(ObjectName { schema: parts.next().flatten(), name: own })
}

fn relations(node: &impl ast::Visit) -> Vec<ObjectName> {
    let mut found = Vec::new();
    let _ = visit_relations(node, |name| {
        found.extend(object_name(name));
        ControlFlow::<()>::Continue(())
    });
    found
}

/// The names that mean a `WITH` query wherever a query writes them without a schema. One whose own
/// query reads a relation of its name, without `RECURSIVE`, means that relation there.
fn shadowing(query: &Query) -> BTreeSet<String> {
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

fn ident(name: &str) -> Ident {
    if crate::quote_identifier(name) == name {
        Ident::new(name)
    } else {
        Ident::with_quote('"', name)
    }
}

/// Renames a relation where it is read and where it qualifies a column; `reachable` says that the
/// bare name means it.
fn rename_relation(
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
fn sources(select: &Select) -> Option<Vec<(ObjectName, String)>> {
    let factors = select.from.iter().flat_map(|from| {
        std::iter::once(&from.relation).chain(from.joins.iter().map(|join| &join.relation))
    });
    factors
        .map(|factor| match factor {
            TableFactor::Table { name, alias, args: None, .. } => {
                let name = object_name(name)?;
                let known = alias.as_ref().map_or(name.name.clone(), |alias| fold(&alias.name));
                Some((name, known))
            }
            _ => None,
        })
        .collect()
}

/// Renames a column in every `SELECT` that reads its table; what such a `SELECT` shows keeps its
/// name. Says whether the column was named at all.
fn rename_column(node: &mut impl VisitMut, table: &QualifiedName, from: &str, to: &str) -> bool {
    struct Selects<'a> {
        table: &'a QualifiedName,
        from: &'a str,
        to: &'a str,
        changed: bool,
    }
    impl VisitorMut for Selects<'_> {
        type Break = ();
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
            for item in &mut select.projection {
                let before = shown_as(item);
                let _ = VisitMut::visit(item, &mut columns);
                if let (SelectItem::UnnamedExpr(expr), Some(before)) = (&*item, before)
                    && shown_as(item).as_ref() != Some(&before)
                {
                    *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias: ident(&before) };
                }
            }
            let _ = VisitMut::visit(&mut select.from, &mut columns);
            let _ = VisitMut::visit(&mut select.selection, &mut columns);
            let _ = VisitMut::visit(&mut select.group_by, &mut columns);
            let _ = VisitMut::visit(&mut select.having, &mut columns);
            self.changed |= columns.changed;
            ControlFlow::Continue(())
        }
    }
    impl<'a> Selects<'a> {
        fn columns(&self, select: &Select) -> Columns<'a> {
            let tables = sources(select).unwrap_or_default().into_iter();
            let ours = tables.filter(|(name, _)| {
                name.name == self.table.name
                    && name.schema.as_ref().is_none_or(|schema| *schema == self.table.schema)
            });
            let owners = ours.map(|(_, known)| known).collect();
            let (from, to) = (self.from, self.to);
            Columns { owners, from, to, bare: true, depth: 0, changed: false }
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

/// The name a `SELECT` shows an item by; none for `*`.
fn shown_as(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(fold(alias)),
        SelectItem::UnnamedExpr(expr) => Some(crate::expression::figure_name(expr)),
        _ => None,
    }
}

/// Writes `*` out.
struct Expanding<'a> {
    catalog: &'a Catalog,
    done: bool,
    failed: bool,
}

impl Expanding<'_> {
    fn columns(&self, name: &ObjectName) -> Option<Vec<String>> {
        if let Some(table) = self.catalog.table(name) {
            return Some(table.columns.iter().map(|column| column.name.clone()).collect());
        }
        let name = self.catalog.resolve(name, |name| self.catalog.views.contains_key(name))?;
        let view = self.catalog.views.get(&name)?;
        let SetExpr::Select(select) = view.ast.as_ref()?.body.as_ref() else { return None };
        let shown: Option<Vec<String>> = select.projection.iter().map(shown_as).collect();
        let mut shown = shown?;
        for (at, given) in view.columns.iter().enumerate() {
            given.clone_into(shown.get_mut(at)?);
        }
        for (from, to) in &view.renamed_columns {
            for column in shown.iter_mut().filter(|column| *column == from) {
                to.clone_into(column);
            }
        }
        Some(shown)
    }

    fn expanded(&self, select: &Select) -> Option<Vec<SelectItem>> {
        let sources = sources(select)?;
        let merged = select.from.iter().flat_map(|from| &from.joins).any(|join| {
            let text = join.to_string();
            text.contains(" USING") || text.contains("NATURAL")
        });
        let mut items = Vec::new();
        for item in &select.projection {
            let owner = match item {
                SelectItem::Wildcard(_) if merged => return None,
                SelectItem::Wildcard(_) => None,
                SelectItem::QualifiedWildcard(kind, _) => match kind {
                    SelectItemQualifiedWildcardKind::ObjectName(name) => {
                        Some(object_name(name)?.name)
                    }
                    SelectItemQualifiedWildcardKind::Expr(_) => return None,
                },
                other => {
                    items.push(other.clone());
                    continue;
                }
            };
            for (name, known) in &sources {
                if owner.as_ref().is_some_and(|owner| owner != known) {
                    continue;
                }
                items.extend(self.columns(name)?.iter().map(|column| {
                    SelectItem::UnnamedExpr(if sources.len() == 1 {
                        Expr::Identifier(ident(column))
                    } else {
                        Expr::CompoundIdentifier(vec![ident(known), ident(column)])
                    })
                }));
            }
        }
        Some(items)
    }
}

impl VisitorMut for Expanding<'_> {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let wildcard = |item: &SelectItem| {
            matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..))
        };
        if select.projection.iter().any(wildcard) {
            match self.expanded(select) {
                Some(items) => {
                    select.projection = items;
                    self.done = true;
                }
                None => self.failed = true,
            }
        }
        ControlFlow::Continue(())
    }
}
