//! # `policy-column-unindexed`
//!
//! ## What it checks
//!
//! A column that a policy compares with the session leads an index: a primary key, a unique constraint, an
//! index, a partial one too. One of several columns is enough, where a policy compares several. So do the
//! columns by which a sub-query looks rows up in another table. Reference tables are left out: they are
//! small.
//!
//! ## Why
//!
//! The policy is part of every query. Without an index on its column the server reads the rows of all
//! tenants, each time.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY of_tenant ON notes USING (
//!     organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));
//! ```
//!
//! ```sql passes
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE INDEX ON notes (organization_id, id);
//! ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY of_tenant ON notes USING (
//!     organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));
//! ```
//!
//! ## How to fix
//!
//! `CREATE INDEX` on the column, first among others that queries filter by.
//!
//! ## Settings
//!
//! `[classes]`.
//!
//! ## References
//!
//! PostgreSQL documentation, "Row Security Policies".

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Origin, QualifiedName, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::Clause;
use crate::facts::predicate::Against;
use crate::{Category, Class, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-column-unindexed",
    category: Category::Performance,
    severity: Severity::Warning,
    title: "Policy filters on a column without an index",
    provenance: "pgrls PERF003",
    impact: "Every query on the table reads all of it to find the rows of one tenant.",
    references: &[],
    control: None,
    page: page!("policy_column_unindexed.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let mut wanted: BTreeMap<(QualifiedName, String), (String, Vec<Origin>)> = BTreeMap::new();
    for table in context.tables().filter(|table| table.row_security.on) {
        for facts in context.policies(&table.name) {
            let Some(using) = &facts.using else { continue };
            for (name, column) in unindexed(context, table, using) {
                let said = format!("policy `{}` on `{}`", facts.policy.name, table.name);
                let (_, origins) =
                    wanted.entry((name, column)).or_insert_with(|| (said, Vec::new()));
                origins.push(using.origin());
            }
        }
    }
    wanted
        .into_iter()
        .filter_map(|((name, column), (said, origins))| {
            let table = context.catalog.tables.get(&name)?;
            let own = table.column(&column)?;
            let message = format!(
                "Add an index to `{name}({column})`: {said} filters by it, and no index begins with it."
            );
            let mut answer = Answer::unmet(table, message).column(&column).at(own.origin);
            for origin in origins {
                answer = answer.at(origin);
            }
            Some(answer)
        })
        .collect()
}

/// The column of each table that a condition compares with the session, where none of those leads an
/// index.
pub(crate) fn unindexed(
    context: &Context<'_>,
    table: &Table,
    using: &Clause<'_>,
) -> Vec<(QualifiedName, String)> {
    let mut compared: BTreeMap<&QualifiedName, BTreeSet<&str>> = BTreeMap::new();
    for found in &using.predicate.comparisons {
        let session = matches!(found.against, Against::Session | Against::User(_));
        if session && found.equality && found.wrapped.is_none() {
            let name = found.column.table.as_ref().unwrap_or(&table.name);
            compared.entry(name).or_default().insert(&found.column.column);
        }
    }
    compared
        .into_iter()
        .filter_map(|(name, columns)| {
            let read = context.catalog.tables.get(name)?;
            // A look-up by another column of the sub-query serves as well.
            let foreign = using.predicate.foreign.iter();
            let also = foreign
                .filter(|used| used.table.as_ref() == Some(name))
                .map(|used| used.column.as_str());
            let serving: BTreeSet<&str> = if *name == table.name {
                columns.clone()
            } else {
                columns.iter().copied().chain(also).collect()
            };
            let indexed = read
                .index_keys()
                .any(|(keys, _)| keys.first().is_some_and(|first| serving.contains(first)));
            let small = context.class(name) == Class::Reference;
            let first = columns.first()?;
            (!indexed && !small).then(|| (name.clone(), (*first).to_owned()))
        })
        .collect()
}
