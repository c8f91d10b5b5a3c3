//! What follows through queries: the server keeps a view and a policy by the objects they read, so
//! renames reach them and `CASCADE` takes them along.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, VisitMut, VisitorMut,
};

use super::Applying;
use super::syntax::{
    ident, names, object_name, relations, rename_column, rename_relation, shadowing, shown_as,
    sources,
};
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
        let reachable = self.is_reachable(from);
        self.rules_follow_relation(from, to);
        self.bodies_follow_relation(from, to);
        for table in self.catalog.mentions.tables(&from.name) {
            let Some(table) = self.catalog.tables.get_mut(&table) else { continue };
            for policy in &mut table.policies {
                for expression in policy.using.iter_mut().chain(&mut policy.check) {
                    follow(expression, |expr| rename_relation(expr, from, to, reachable));
                }
            }
        }
    }

    /// Whether a bare name may mean an object of its schema.
    pub(super) fn is_reachable(&self, name: &QualifiedName) -> bool {
        self.catalog.search_path.contains(&name.schema) || name.schema == "public"
    }

    /// A column of a table or view got another name.
    pub(super) fn column_renamed(&mut self, table: &QualifiedName, from: &str, to: &str) {
        self.rules_follow_column(table, from, to);
        self.bodies_follow_column(table, from, to);
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
        self.drop_rules_of_column(table, column);
        self.drop_bodies_of_column(table, column);
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
        self.drop_rules_reading(name);
        self.drop_bodies_reading(name);
        let reachable = self.is_reachable(name);
        for view in self.views_reading(name) {
            self.drop_view(&view);
        }
        let reads = |expression: &Option<Expression>| {
            let ast = expression.as_ref().and_then(|expression| expression.ast.as_deref());
            ast.is_some_and(|ast| relations(ast).iter().any(|read| names(read, name, reachable)))
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

impl Catalog {
    /// A view's query with the schemas of relations whose bare names the search path finds in other schemas
    /// by now.
    pub fn query_of(&self, view: &View) -> String {
        let Some(mut query) = view.ast.clone() else { return view.query.clone() };
        let mut changed = false;
        for read in &view.reads {
            let exists = |name: &QualifiedName| {
                self.tables.contains_key(name) || self.views.contains_key(name)
            };
            let public = QualifiedName::new("public", read.name.as_str());
            let bare = self.resolve(&ObjectName::bare(read.name.as_str()), exists);
            let found = bare.or(Some(public).filter(exists));
            // Where it reads both, only one of them may be without its schema, and which is not known.
            let both = view.reads.iter().filter(|other| other.name == read.name).count() > 1;
            if found.is_some_and(|found| found != *read) && !both {
                let bare = QualifiedName::new("", read.name.as_str());
                changed |= rename_relation(query.as_mut(), &bare, read, true);
            }
        }
        if changed { query.to_string() } else { view.query.clone() }
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

/// Writes `*` out.
pub(super) struct Expanding<'a> {
    pub(super) catalog: &'a Catalog,
    /// A `*` was written out.
    pub(super) done: bool,
    /// What a `*` stands for is not known.
    pub(super) failed: bool,
}

impl Expanding<'_> {
    /// The columns of a table or view.
    pub(super) fn columns(&self, name: &ObjectName) -> Option<Vec<String>> {
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
