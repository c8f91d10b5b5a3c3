//! # `policy-subquery`
//!
//! ## What it checks
//!
//! A policy that reaches the tenant through a sub-query on another table is named, with the
//! recommendation to flatten the tenant column into the table and with what that costs. A scalar
//! sub-query without a table, such as `(SELECT current_setting('app.current_tenant_id'))`, is good
//! practice and not meant.
//!
//! ## Why
//!
//! The sub-query is part of every query on the table. For tenants with many rows it decides the plan;
//! a plain comparison with an indexed column does not.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE patients (id uuid PRIMARY KEY);
//! CREATE TABLE organization_patients (
//!     organization_id uuid NOT NULL,
//!     patient_id      uuid NOT NULL REFERENCES patients (id),
//!     PRIMARY KEY (organization_id, patient_id)
//! );
//! ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY patient_isolation ON patients USING (id IN (
//!     SELECT patient_id FROM organization_patients
//!     WHERE organization_id = current_setting('app.current_tenant_id', true)::uuid));
//! ```
//!
//! ```sql passes
//! CREATE TABLE patients (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY patient_isolation ON patients USING (
//!     organization_id = (SELECT current_setting('app.current_tenant_id', true)::uuid));
//! ```
//!
//! ## How to fix
//!
//! Where a row belongs to one tenant only, add the tenant column to the table, fill it, keep it in step
//! by a trigger or a composite foreign key, index it and compare it in the policy. Where a row may
//! belong to several tenants, keep the sub-query and index the join table from the row's side.
//!
//! ## Settings
//!
//! `[tenancy] column`.
//!
//! ## References
//!
//! PostgreSQL documentation, "Row Security Policies".

use std::collections::BTreeSet;

use schemaward_catalog::{QualifiedName, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::PolicyFacts;
use crate::facts::words::quoted_list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-subquery",
    category: Category::Performance,
    severity: Severity::Info,
    title: "Policy reaches the tenant through a sub-query",
    provenance: "reference review",
    impact: "The sub-query runs as part of every query on the table.",
    references: &[],
    control: None,
    page: page!("policy_subquery.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies.filter_map(|facts| judge(context, table, facts)).collect()
}

fn judge(context: &Context<'_>, table: &Table, facts: &PolicyFacts<'_>) -> Option<Answer> {
    let policy = facts.policy;
    let mut read: BTreeSet<&QualifiedName> = BTreeSet::new();
    let mut origins = Vec::new();
    for clause in facts.clauses() {
        let tables = || {
            let found = clause.predicate.reads.iter();
            found.filter(|name| context.catalog.tables.contains_key(*name))
        };
        if tables().next().is_some() {
            read.extend(tables());
            origins.push(clause.origin());
        }
    }
    if read.is_empty() {
        return None;
    }
    let names: Vec<String> = read.iter().map(ToString::to_string).collect();
    let tenant = &context.standard.tenancy.column;
    let advice = if table.column(tenant).is_some() {
        format!(
            "`{}` has `{tenant}` itself; compare that column instead, if the rows it lets through \
             are the same.",
            table.name
        )
    } else {
        let many = read
            .iter()
            .filter_map(|name| context.catalog.tables.get(*name))
            .any(|join| is_many_to_many(join, table, tenant));
        let caution = if many {
            format!(
                " It fits only while a row of `{}` belongs to one tenant: the key of the join \
                 table allows several.",
                table.name
            )
        } else {
            String::new()
        };
        format!(
            "For high-volume tenants, consider a flattened `{tenant}` column on `{}`: redundant, \
             and to be kept in step by a trigger or a composite foreign key, but faster for row-level \
             security.{caution}",
            table.name
        )
    };
    let message = format!(
        "The `{}` policy on `{}` uses a sub-query on {}. {advice}",
        policy.name,
        table.name,
        quoted_list(&names, "and")
    );
    let mut answer = Answer::unmet(table, message).detail(&policy.name);
    for origin in origins {
        answer = answer.at(origin);
    }
    Some(answer)
}

/// Whether the join table's key has both sides, so that one row may have several tenants.
fn is_many_to_many(join: &Table, table: &Table, tenant: &str) -> bool {
    let Some((_, key)) = join.primary_key() else { return false };
    let to_table = join
        .foreign_keys()
        .any(|(_, fk)| fk.references == table.name && fk.columns.iter().all(|c| key.contains(c)));
    to_table && key.iter().any(|column| column == tenant)
}
