//! Steps that shut the doors around row-level security: partitions and stored copies.

use std::collections::BTreeSet;

use schemaward_catalog::ddl::role;
use schemaward_catalog::{View, quote_identifier};
use sqlparser::ast::{SelectItem, SetExpr};

use super::tenancy::Tenant;
use super::{Draft, Findings, PlanContext, free_name, named, relation_names};
use crate::Verb;
use crate::facts::expression::folded;
use crate::facts::rights::grantees;

pub(super) fn drafts(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    tenant: &Tenant,
) -> Vec<Draft> {
    let stored = stored(context, findings, tenant);
    partitions(context, findings).into_iter().chain(stored).collect()
}

/// Takes what was granted on partitions themselves.
fn partitions(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Harden);
    let mut open = Draft::new(Verb::Harden);
    let (mut names, mut undecided) = (Vec::new(), Vec::new());
    for (table, findings) in findings.by_table(context.catalog, &["partition-bypasses-rls"]) {
        let guarded = |name| context.catalog.tables.get(name).is_some_and(|t| t.row_security.on);
        let parents = table.partition_of.iter().map(|place| &place.parent).chain(&table.inherits);
        if !parents.into_iter().any(guarded) {
            // The open one is the parent: what reaches it may be meant for its other children.
            open.close(&findings);
            undecided.push(table.name.to_string());
            continue;
        }
        let rights = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];
        let held = grantees(&table.grants, table.owner.as_deref(), &rights);
        let roles: Vec<String> = held.iter().map(|(name, _)| role(name)).collect();
        draft.close(&findings);
        draft.sql.push(format!("REVOKE ALL ON {} FROM {};", table.name.to_sql(), roles.join(", ")));
        names.push(table.name.to_string());
    }
    draft.note(
        "Through their parent the rows stay reachable, under its policies. `GRANT … ON ALL TABLES` \
         would grant it again: name the tables there.",
    );
    open.note(
        "Row-level security of a child does not hold for a query on its parent: protect the parent, \
         or keep such rows elsewhere?",
    );
    [
        draft.finished(format!("Close {} to queries by their own name.", named(&names))),
        open.finished(format!("Decide how rows below {} are protected.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Puts a view that filters by tenant in front of materialized views.
fn stored(context: &PlanContext<'_>, findings: &Findings<'_>, tenant: &Tenant) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Harden);
    let mut open = Draft::new(Verb::Harden);
    let (mut names, mut undecided) = (Vec::new(), Vec::new());
    for finding in findings.of(&["materialized-view-exposes"]) {
        let views = &context.catalog.views;
        let view = views.values().find(|view| view.name.to_string() == finding.subject);
        let Some(view) = view else { continue };
        let filter = tenant_column(context, view).and_then(|column| tenant.own(context, &column));
        let Some(filter) = filter else {
            open.close(&[finding]);
            undecided.push(view.name.to_string());
            continue;
        };
        let mut taken: BTreeSet<String> = relation_names(context.catalog, &view.name.schema);
        let name = free_name(&[view.name.name.as_str()], "tenant", &mut taken);
        let own = schemaward_catalog::QualifiedName::new(view.name.schema.as_str(), name).to_sql();
        let held = grantees(&view.grants, view.owner.as_deref(), &["SELECT"]);
        let roles: Vec<String> = held.iter().map(|(name, _)| role(name)).collect();
        let roles = roles.join(", ");
        let stored = view.name.to_sql();
        draft.close(&[finding]);
        draft.sql.push(format!(
            "CREATE VIEW {own} WITH (security_barrier = true) AS\n    SELECT * FROM {stored}\n    \
             WHERE {filter};\nREVOKE ALL ON {stored} FROM {roles};\nGRANT SELECT ON {own} TO {roles};"
        ));
        names.push(view.name.to_string());
    }
    draft
        .note("Readers change the name they select from; what read all tenants needs another way.");
    open.note("Who may see what it stores? It has no tenant column by which a view could filter.");
    [
        draft.finished(format!("Show {} by tenant only.", named(&names))),
        open.finished(format!("Decide who may read {}.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The name under which a view shows the tenant column.
fn tenant_column(context: &PlanContext<'_>, view: &View) -> Option<String> {
    let column = &context.standard.tenancy.column;
    if !view.columns.is_empty() {
        return view.columns.iter().find(|name| *name == column).cloned();
    }
    let SetExpr::Select(select) = view.ast.as_deref()?.body.as_ref() else { return None };
    let shows = select.projection.iter().any(|item| match item {
        SelectItem::UnnamedExpr(sqlparser::ast::Expr::Identifier(ident))
        | SelectItem::ExprWithAlias { alias: ident, .. } => folded(ident) == *column,
        SelectItem::UnnamedExpr(sqlparser::ast::Expr::CompoundIdentifier(parts)) => {
            parts.last().is_some_and(|ident| folded(ident) == *column)
        }
        _ => false,
    });
    shows.then(|| quote_identifier(column))
}
