//! # `foreign-key-unindexed`
//!
//! ## What it checks
//!
//! Every foreign key has an index whose leading columns are the key's columns, in any order: a primary
//! key, a unique constraint or a plain index. A partial index counts only when its predicate follows
//! from the key being set (`WHERE patient_id IS NOT NULL`); an index that exists on the parent of
//! partitions only does not count, and neither does one of a method that finds no single value.
//!
//! ## Why
//!
//! Deleting or re-keying a parent row looks for children; without an index that is a scan of the whole
//! table, under a lock. The join that everyone writes scans as well.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE patients (id uuid PRIMARY KEY);
//! CREATE TABLE documents (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL REFERENCES patients (id)
//! );
//! CREATE INDEX documents_recent ON documents (patient_id) WHERE id > '00000000-0000-0000-0000-000000000000';
//! ```
//!
//! ```sql passes
//! CREATE TABLE patients (id uuid PRIMARY KEY);
//! CREATE TABLE documents (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid REFERENCES patients (id)
//! );
//! CREATE INDEX documents_patient ON documents (patient_id, id) WHERE patient_id IS NOT NULL;
//! ```
//!
//! ## How to fix
//!
//! `CREATE INDEX CONCURRENTLY … ON documents (patient_id)`.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Foreign Keys".

use schemaward_catalog::{ConstraintKind, Index, IndexKeyKind, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::expression::{conjuncts, null_test};
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "foreign-key-unindexed",
    category: Category::Performance,
    severity: Severity::Warning,
    title: "Foreign key without an index",
    provenance: "splinter 0001",
    impact: "Deleting a parent row, and every join, scans the whole table.",
    references: &[],
    control: Some(Control::Indexes),
    page: page!("foreign_key_unindexed.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mut answers = Vec::new();
    let mut count = 0;
    let mut met = Answer::met(table, "");
    for (constraint, key) in table.foreign_keys() {
        count += 1;
        if let Some(origin) = index_for(context, table, &key.columns) {
            met = met.at(origin);
            continue;
        }
        let columns = key.columns.join(", ");
        if let Some(blind) = context.blind_on(table, |touches| touches.indexes) {
            let message = format!(
                "No index on `{}({columns})` was read, but a statement that may create one was \
                 not read ({}).",
                table.name, blind.reason
            );
            answers.push(
                Answer::undecided(table, message).column(&key.columns.join(",")).at(blind.origin),
            );
            continue;
        }
        let message = format!(
            "Add an index to `{}({columns})`, which refers to `{}` and has none.",
            table.name, key.references
        );
        answers.push(
            Answer::unmet(table, message).column(&key.columns.join(",")).at(constraint.origin),
        );
    }
    // Two keys over the same columns need one index, and are one finding.
    answers.dedup_by(|a, b| a.column == b.column);
    if answers.is_empty() && count > 0 {
        met.message = if count == 1 {
            "its foreign key is indexed".into()
        } else {
            format!("all {count} foreign keys are indexed")
        };
        answers.push(met);
    }
    answers
}

/// The index that serves look-ups by these columns.
pub(super) fn index_for(
    context: &Context<'_>,
    table: &Table,
    columns: &[String],
) -> Option<schemaward_catalog::Origin> {
    let leads = |keys: &[&str]| {
        keys.get(..columns.len())
            .is_some_and(|lead| columns.iter().all(|column| lead.contains(&column.as_str())))
    };
    let by_constraint = table.constraints.iter().find_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns: keys, .. }
        | ConstraintKind::Unique { columns: keys, .. } => {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            leads(&keys).then_some(constraint.origin)
        }
        _ => None,
    });
    by_constraint.or_else(|| {
        table
            .indexes
            .iter()
            .filter(|index| leads(&leading(index)))
            .filter(|index| matches!(index.method.as_str(), "btree" | "hash" | "gist" | "spgist"))
            .filter(|index| follows_from_set(index, columns))
            .find(|index| !index.only || everywhere(context, table, index))
            .map(|index| index.origin)
    })
}

/// The plain columns an index starts with.
pub(super) fn leading(index: &Index) -> Vec<&str> {
    index
        .keys
        .iter()
        .map_while(|key| match &key.key {
            IndexKeyKind::Column(name) => Some(name.as_str()),
            IndexKeyKind::Expression(_) => None,
        })
        .collect()
}

/// Whether the predicate of a partial index holds whenever the columns are set.
fn follows_from_set(index: &Index, columns: &[String]) -> bool {
    let Some(predicate) = &index.predicate else { return true };
    let Some(ast) = predicate.ast.as_deref() else { return false };
    conjuncts(ast).into_iter().all(|part| {
        null_test(part).is_some_and(|(column, is_null)| !is_null && columns.contains(&column))
    })
}

/// Whether every partition has the index too; a dump creates it `ON ONLY` the parent and attaches
/// those of the partitions one by one.
fn everywhere(context: &Context<'_>, table: &Table, index: &Index) -> bool {
    let wanted = leading(index);
    let mut children = context.catalog.children(&table.name).peekable();
    children.peek().is_some()
        && children.all(|child| {
            context
                .catalog
                .tables
                .get(child)
                .is_some_and(|child| child.indexes.iter().any(|own| leading(own) == wanted))
        })
}
