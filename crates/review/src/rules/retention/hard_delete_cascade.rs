//! # `hard-delete-cascade`
//!
//! ## What it checks
//!
//! No foreign key with `ON DELETE CASCADE` lets a deletion elsewhere destroy rows of a table whose
//! class mandates soft delete. The chain is followed upwards as far as it cascades, and shown.
//!
//! ## Why
//!
//! A soft-delete column protects rows from `DELETE` on their own table only. One `DELETE` of a parent
//! removes them all the same, without a statement that names them.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
//! CREATE TABLE encounters (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL REFERENCES patients (id) ON DELETE CASCADE,
//!     deleted_at timestamptz
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
//! CREATE TABLE encounters (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL REFERENCES patients (id) ON DELETE RESTRICT,
//!     deleted_at timestamptz
//! );
//! ```
//!
//! ## How to fix
//!
//! Use `ON DELETE RESTRICT` (or the default), and delete softly from the top down.
//!
//! ## Settings
//!
//! `[soft_delete] classes`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(c)(1) integrity.

use std::collections::BTreeSet;

use schemaward_catalog::{Constraint, ForeignKey, QualifiedName, ReferentialAction, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "hard-delete-cascade",
    category: Category::Retention,
    severity: Severity::Critical,
    title: "Cascade destroys rows that must be kept",
    provenance: "schemaward",
    impact: "One deletion elsewhere destroys clinical rows that soft delete is meant to keep.",
    references: &["Supports 45 CFR 164.312(c)(1) integrity"],
    control: Some(Control::SoftDelete),
    page: page!("hard_delete_cascade.rs"),
    check: Check::Table(check),
};

/// How many links of a chain are shown.
const MAX_CHAIN: usize = 8;

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if !context.mandated(&table.name, &context.standard.soft_delete.classes) {
        return Vec::new();
    }
    cascades(table)
        .map(|(constraint, key)| {
            let chain = chain_above(context, &key.references, &table.name);
            let mut route = vec![format!("`{}`", table.name), format!("`{}`", key.references)];
            route.extend(chain.iter().map(|(_, parent)| format!("`{parent}`")));
            route.reverse();
            let top = chain.last().map_or(&key.references, |(_, parent)| parent);
            let message = format!(
                "Deleting a row of `{top}` destroys rows of `{}`, which must be kept: {} by \
                 `ON DELETE CASCADE`.",
                table.name,
                route.join(" → ")
            );
            let mut answer =
                Answer::unmet(table, message).column(&key.columns.join(",")).at(constraint.origin);
            for (constraint, _) in chain {
                answer = answer.at(constraint.origin);
            }
            answer
        })
        .collect()
}

fn cascades(table: &Table) -> impl Iterator<Item = (&Constraint, &ForeignKey)> {
    table.foreign_keys().filter(|(_, key)| key.on_delete == ReferentialAction::Cascade)
}

/// The longest chain of cascades that reaches `start` from above, nearest link first.
fn chain_above<'a>(
    context: &Context<'a>,
    start: &QualifiedName,
    origin: &QualifiedName,
) -> Vec<(&'a Constraint, QualifiedName)> {
    let mut seen = BTreeSet::from([start.clone(), origin.clone()]);
    let mut chain = Vec::new();
    let mut at = start.clone();
    // Following the first cascade of each table is enough to show that the chain goes on.
    while chain.len() < MAX_CHAIN {
        let Some(table) = context.catalog.tables.get(&at) else { break };
        let next = cascades(table).find(|(_, key)| !seen.contains(&key.references));
        let Some((constraint, key)) = next else { break };
        seen.insert(key.references.clone());
        at = key.references.clone();
        chain.push((constraint, key.references.clone()));
    }
    chain
}
