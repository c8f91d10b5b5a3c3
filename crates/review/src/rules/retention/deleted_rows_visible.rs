//! # `deleted-rows-visible`
//!
//! ## What it checks
//!
//! Something in the schema leaves out the deleted rows of a table whose rows must be kept: a policy
//! for reading, or a view over the table, that asks for `deleted_at IS NULL`.
//!
//! ## Why
//!
//! Where every query must remember the condition by itself, one forgets it: a report, an export, a
//! join. The database can remember it once.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE allergies (id uuid PRIMARY KEY, patient_id uuid NOT NULL, deleted_at timestamptz);
//! ```
//!
//! ```sql passes
//! CREATE TABLE allergies (id uuid PRIMARY KEY, patient_id uuid NOT NULL, deleted_at timestamptz);
//! CREATE VIEW current_allergies WITH (security_invoker = true) AS
//!     SELECT id, patient_id FROM allergies WHERE deleted_at IS NULL;
//! ```
//!
//! ## How to fix
//!
//! Add the condition to the policy that reads, or read through a view that has it.
//!
//! ## Settings
//!
//! `[soft_delete]`: `column`, `classes`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(c)(1) integrity.

use std::ops::ControlFlow;

use schemaward_catalog::{Origin, PolicyCommand, Table, View};
use sqlparser::ast::{Query, Select, SetExpr, Visit, Visitor};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::expression::{conjuncts, null_test};
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "deleted-rows-visible",
    category: Category::Retention,
    severity: Severity::Info,
    title: "Nothing leaves out deleted rows",
    provenance: "schemaward",
    impact: "Every query must remember to leave out deleted rows; one that forgets shows them.",
    references: &["Supports 45 CFR 164.312(c)(1) integrity"],
    control: None,
    page: page!("deleted_rows_visible.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandate = &context.standard.soft_delete;
    if !context.mandated(&table.name, &mandate.classes) {
        return Vec::new();
    }
    let Some(column) = table.column(&mandate.column) else { return Vec::new() };
    if let Some(origin) = filtered(context, table, &mandate.column) {
        return vec![Answer::met(table, "deleted rows are left out").at(origin)];
    }
    // A view whose query nobody could read may do it.
    if let Some(view) = context.unparsed_views().iter().find(|view| names(view, table)) {
        let message = format!(
            "Whether anything leaves out the deleted rows of `{}`: the query of the view `{}` could \
             not be parsed.",
            table.name, view.name
        );
        return vec![Answer::undecided(table, message).at(view.origin)];
    }
    if let Some(blind) = context.blind_on(table, |touches| touches.row_security) {
        let message = format!(
            "No policy that leaves out the deleted rows of `{}` was read, but a statement that may \
             create one was not read ({}).",
            table.name, blind.reason
        );
        return vec![Answer::undecided(table, message).at(blind.origin)];
    }
    let message = format!(
        "No policy and no view leaves out the deleted rows of `{}` (`{} IS NULL`).",
        table.name, column.name
    );
    vec![Answer::unmet(table, message).at(column.origin)]
}

/// The policy or view that leaves out the rows whose column is set.
pub(crate) fn filtered(context: &Context<'_>, table: &Table, column: &str) -> Option<Origin> {
    let policies = if table.row_security.on { table.policies.as_slice() } else { &[] };
    let policy = policies.iter().find(|policy| {
        matches!(policy.command, PolicyCommand::All | PolicyCommand::Select)
            && policy.using.as_ref().and_then(|using| using.ast.as_deref()).is_some_and(|ast| {
                conjuncts(ast).into_iter().any(|part| {
                    null_test(part).is_some_and(|(tested, null)| null && tested == column)
                })
            })
    });
    policy.map(|policy| policy.origin).or_else(|| view_that_filters(context, table, column))
}

fn view_that_filters(context: &Context<'_>, table: &Table, column: &str) -> Option<Origin> {
    let view = context
        .reading(&table.name)
        .iter()
        .find(|view| view.ast.as_deref().is_some_and(|query| query_filters(query, column)));
    view.map(|view| view.origin)
}

/// Whether a `WHERE` anywhere in a query asks for the column to be NULL.
fn query_filters(query: &Query, column: &str) -> bool {
    struct Finder<'c>(&'c str);
    impl Visitor for Finder<'_> {
        type Break = ();
        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            let mut open = vec![query.body.as_ref()];
            while let Some(body) = open.pop() {
                match body {
                    SetExpr::Select(select) if select_filters(select, self.0) => {
                        return ControlFlow::Break(());
                    }
                    SetExpr::SetOperation { left, right, .. } => open.extend([&**left, &**right]),
                    _ => {}
                }
            }
            ControlFlow::Continue(())
        }
    }
    query.visit(&mut Finder(column)).is_break()
}

fn select_filters(select: &Select, column: &str) -> bool {
    let parts = select.selection.iter().flat_map(conjuncts);
    parts
        .into_iter()
        .any(|part| null_test(part).is_some_and(|(tested, is_null)| is_null && tested == column))
}

/// Whether a view whose structure is not known has the table's name in its text.
fn names(view: &View, table: &Table) -> bool {
    let mut words = view.query.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.any(|word| word.eq_ignore_ascii_case(&table.name.name))
}
