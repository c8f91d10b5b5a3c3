//! # `policy-wrapped-column`
//!
//! ## What it checks
//!
//! A policy compares a column of its table as it is: not inside a function or cast (`lower(email) = …`,
//! `organization_id::text = …`), unless there is an index on that very expression. Comparisons of the
//! column with others, and with what reads other tables, are left out.
//!
//! ## Why
//!
//! An index on a column finds values of the column. What a function makes of it, the index does not know.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes
//!     USING (organization_id::text = (SELECT current_setting('app.current_tenant_id', true)));
//! ```
//!
//! ```sql passes
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes
//!     USING (organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));
//! ```
//!
//! ## How to fix
//!
//! Convert the other side, or index the expression.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::{IndexKeyKind, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::PolicyFacts;
use crate::facts::predicate::Against;
use crate::facts::truth::unnested;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-wrapped-column",
    category: Category::Performance,
    severity: Severity::Warning,
    title: "Policy wraps a column",
    provenance: "pgrls PERF004",
    impact: "An index on the column does not help: every row is read and converted.",
    references: &[],
    control: None,
    page: page!("policy_wrapped_column.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies.filter_map(|facts| judge(table, facts)).collect()
}

fn judge(table: &Table, facts: &PolicyFacts<'_>) -> Option<Answer> {
    // `WITH CHECK` looks at a row that is there already; no index would find it.
    let using = facts.using.as_ref()?;
    let (column, wrapped) = using.predicate.comparisons.iter().find_map(|found| {
        let wrapped = found.wrapped.as_ref().filter(|_| found.column.table.is_none())?;
        let known =
            matches!(found.against, Against::Session | Against::User(_) | Against::Literal(_));
        (known && !is_indexed(table, wrapped)).then_some((&found.column.column, wrapped))
    })?;
    let message = format!(
        "Policy `{}` on `{}` compares `{wrapped}`: an index on `{column}` does not serve it.",
        facts.policy.name, table.name,
    );
    Some(Answer::unmet(table, message).detail(&facts.policy.name).at(using.origin()))
}

fn is_indexed(table: &Table, wrapped: &str) -> bool {
    let same = |text: String| text.eq_ignore_ascii_case(wrapped);
    table.indexes.iter().filter_map(|index| index.keys.first()).any(|key| match &key.key {
        IndexKeyKind::Expression(found) => {
            found.ast.as_deref().is_some_and(|ast| same(unnested(ast).to_string()))
        }
        IndexKeyKind::Column(_) => false,
    })
}
