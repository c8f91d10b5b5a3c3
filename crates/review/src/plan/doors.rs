//! Steps that shut the doors around row-level security: partitions and stored copies.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::ddl::role;
use schemaward_catalog::{QualifiedName, View, quote_identifier};
use sqlparser::ast::{SelectItem, SetExpr};

use super::tenancy::Tenant;
use super::{Draft, Findings, PlanContext, free_name, named, relation_names};
use crate::facts::expression::folded;
use crate::facts::rights::{grantees, tables_behind};
use crate::rules::{self, AnswerKind};
use crate::{Finding, Verb};

/// The ways around the policies of a table that its protection opens or shuts.
#[derive(Default)]
pub(super) struct Doors {
    /// What a step shuts: the rule that would find it open, and its name.
    shut: BTreeSet<(&'static str, String)>,
}

impl Doors {
    /// The steps that shut what is open, and what the steps that protect these tables would open.
    pub(super) fn drafts(
        &mut self,
        context: &PlanContext<'_>,
        findings: &Findings<'_>,
        tenant: &Tenant,
        protected: &BTreeSet<QualifiedName>,
    ) -> Vec<Draft> {
        let mut drafts = partitions(context, findings, protected, &mut self.shut);
        drafts.extend(stored(context, findings, tenant, protected, &mut self.shut));
        drafts
    }

    /// Lets a step that protects tables say which ways around their policies stay open: those that only
    /// their author can judge.
    pub(super) fn announce(&self, context: &PlanContext<'_>, draft: &mut Draft) {
        if draft.protects.is_empty() || draft.sql.is_empty() {
            return;
        }
        let protected = draft.protects.iter().map(|(name, _)| name.clone()).collect();
        let foreseen = context.reviewed.presuming(protected);
        for id in LEAD_AROUND {
            let Some(rule) = rules::rule(id) else { continue };
            for answer in rule.answers(&foreseen) {
                let id = answer.id(rule.id);
                let detail = id.strip_prefix(rule.id).and_then(|rest| rest.strip_prefix(':'));
                let shut = self.shut.contains(&(rule.id, answer.subject.clone()));
                if matches!(answer.kind, AnswerKind::Unmet(_)) && !shut {
                    draft.raise(
                        rule.id,
                        detail.unwrap_or_default(),
                        &answer.subject,
                        "it leads around the policies that hold from then on, and whether it may is \
                         for its author to say",
                    );
                }
            }
        }
    }
}

/// The rules on what leads around policies.
const LEAD_AROUND: [&str; 5] = [
    "foreign-key-oracle",
    "function-bypasses-rls",
    "materialized-view-exposes",
    "partition-bypasses-rls",
    "trigger-bypasses-rls",
];

/// Takes what was granted on partitions themselves: where their parent is protected, and where it will
/// be.
fn partitions(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    protected: &BTreeSet<QualifiedName>,
    shut: &mut BTreeSet<(&'static str, String)>,
) -> Vec<Draft> {
    const RULE: &str = "partition-bypasses-rls";
    let mut draft = Draft::new(Verb::Harden);
    let mut open = Draft::new(Verb::Harden);
    let (mut names, mut undecided) = (Vec::new(), Vec::new());
    let mut found: BTreeMap<&QualifiedName, Vec<&Finding>> = findings
        .by_table(context.catalog, &[RULE])
        .into_iter()
        .map(|(table, found)| (&table.name, found))
        .collect();
    for table in context.catalog.tables.values() {
        let of_table = found.remove(&table.name).unwrap_or_default();
        let parents = table.partition_of.iter().map(|place| &place.parent).chain(&table.inherits);
        let will_be = || parents.clone().any(|name| protected.contains(name));
        let itself = || table.row_security.on || protected.contains(&table.name);
        let rights = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];
        let held = grantees(context.catalog, &table.grants, table.owner.as_deref(), &rights);
        if of_table.is_empty() && (!will_be() || itself() || held.is_empty()) {
            continue;
        }
        let guarded = |name| {
            protected.contains(name)
                || context.catalog.tables.get(name).is_some_and(|t| t.row_security.on)
        };
        if !parents.clone().any(guarded) {
            // The open one is the parent: what reaches it may be meant for its other children.
            open.close(&of_table);
            undecided.push(table.name.to_string());
            continue;
        }
        let roles: Vec<String> = held.iter().map(|(name, _)| role(name)).collect();
        draft.close(&of_table);
        draft.sql.push(format!("REVOKE ALL ON {} FROM {};", table.name.to_sql(), roles.join(", ")));
        shut.insert((RULE, table.name.to_string()));
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

/// Puts a view that filters by tenant in front of materialized views: of those that expose rows, and
/// of those that would expose what becomes protected.
fn stored(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    tenant: &Tenant,
    protected: &BTreeSet<QualifiedName>,
    shut: &mut BTreeSet<(&'static str, String)>,
) -> Vec<Draft> {
    const RULE: &str = "materialized-view-exposes";
    let mut draft = Draft::new(Verb::Harden);
    let mut open = Draft::new(Verb::Harden);
    let (mut names, mut undecided) = (Vec::new(), Vec::new());
    let mut found: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.of(&[RULE]) {
        found.entry(&finding.subject).or_default().push(finding);
    }
    for view in context.catalog.views.values().filter(|view| view.materialized) {
        let of_view = found.remove(view.name.to_string().as_str()).unwrap_or_default();
        let held = grantees(context.catalog, &view.grants, view.owner.as_deref(), &["SELECT"]);
        let will_expose = || {
            let mut behind = Vec::new();
            tables_behind(context.catalog, &view.name, &mut behind);
            behind.iter().any(|table| protected.contains(&table.name))
        };
        if of_view.is_empty() && (held.is_empty() || !will_expose()) {
            continue;
        }
        let filter = tenant_column(context, view).and_then(|column| tenant.own(context, &column));
        let Some(filter) = filter else {
            if !of_view.is_empty() {
                open.close(&of_view);
                undecided.push(view.name.to_string());
            }
            continue;
        };
        let mut taken: BTreeSet<String> = relation_names(context.catalog, &view.name.schema);
        let name = free_name(&[view.name.name.as_str()], "tenant", &mut taken);
        let own = QualifiedName::new(view.name.schema.as_str(), name).to_sql();
        let roles: Vec<String> = held.iter().map(|(name, _)| role(name)).collect();
        let roles = roles.join(", ");
        let stored = view.name.to_sql();
        draft.close(&of_view);
        draft.sql.push(format!(
            "CREATE VIEW {own} WITH (security_barrier = true) AS\n    SELECT * FROM {stored}\n    \
             WHERE {filter};\nREVOKE ALL ON {stored} FROM {roles};\nGRANT SELECT ON {own} TO {roles};"
        ));
        shut.insert((RULE, view.name.to_string()));
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
