//! # `audit-log-unindexed`
//!
//! ## What it checks
//!
//! Every audit log has an index led by the id of the record it is about, and one on its time. For the
//! record, an index that starts with the record's type and goes on with its id counts too; for the
//! time, any index that has it counts.
//!
//! ## Why
//!
//! "Show the history of this record" and "what happened that night" are the two questions an audit log
//! exists for. It is the largest table, and without these indexes each of them reads all of it.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE audit_logs (
//!     id          uuid PRIMARY KEY,
//!     action      text NOT NULL,
//!     resource_id uuid,
//!     created_at  timestamptz NOT NULL
//! );
//! CREATE INDEX audit_logs_time ON audit_logs (created_at);
//! ```
//!
//! ```sql passes
//! CREATE TABLE audit_logs (
//!     id          uuid PRIMARY KEY,
//!     action      text NOT NULL,
//!     resource_id uuid,
//!     created_at  timestamptz NOT NULL
//! );
//! CREATE INDEX audit_logs_resource ON audit_logs (resource_id, created_at DESC);
//! ```
//!
//! ## How to fix
//!
//! `CREATE INDEX CONCURRENTLY … ON audit_logs (resource_id, created_at DESC)` answers both.
//!
//! ## Settings
//!
//! `[audit] table`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(b) audit controls: a record nobody can search is not reviewed.

use schemaward_catalog::{Column, ConstraintKind, IndexKeyKind, Origin, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::words;
use crate::{Category, Class, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-log-unindexed",
    category: Category::Performance,
    severity: Severity::Warning,
    title: "Audit log without an index on its subject or time",
    provenance: "reference review",
    impact: "Looking up the history of one record reads the whole log.",
    references: &["Supports 45 CFR 164.312(b) audit controls"],
    control: Some(Control::Indexes),
    page: page!("audit_log_unindexed.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if context.class(&table.name) != Class::Audit {
        return Vec::new();
    }
    let mut answers = Vec::new();
    if let Some(column) = resource_id(table) {
        let origin = lists(table).into_iter().find_map(|(keys, origin)| {
            let lead = keys.iter().position(|key| key == &column.name)?;
            // What stands before it must be what every such query knows: the record's type.
            let known = keys.iter().take(lead).all(|key| {
                words(key).last().is_some_and(|word| {
                    matches!(
                        word.as_str(),
                        "type" | "kind" | "table" | "name" | "schema" | "entity"
                    )
                })
            });
            known.then_some(origin)
        });
        let why = "to speed up history lookups for one record";
        answers.push(answer(context, table, column, origin, why));
    }
    if let Some(column) = time(context, table) {
        let origin = lists(table)
            .into_iter()
            .find_map(|(keys, origin)| keys.contains(&column.name).then_some(origin));
        let why = "to read a span of time without reading the whole log";
        answers.push(answer(context, table, column, origin, why));
    }
    answers
}

fn answer(
    context: &Context<'_>,
    table: &Table,
    column: &Column,
    index: Option<Origin>,
    why: &str,
) -> Answer {
    let subject = format!("`{}({})`", table.name, column.name);
    let answer = match (index, context.blind_on(table, |touches| touches.indexes)) {
        (Some(origin), _) => Answer::met(table, format!("{subject} is indexed")).at(origin),
        (None, Some(blind)) => {
            let message = format!(
                "No index on {subject} was read, but a statement that may create one was not read \
                 ({}).",
                blind.reason
            );
            Answer::undecided(table, message).at(blind.origin)
        }
        (None, None) => {
            Answer::unmet(table, format!("Add an index to {subject} {why}.")).at(column.origin)
        }
    };
    answer.column(&column.name)
}

/// The column that names the record an entry is about.
pub(super) fn resource_id(table: &Table) -> Option<&Column> {
    const SUBJECTS: [&str; 11] = [
        "resource",
        "entity",
        "object",
        "record",
        "row",
        "target",
        "item",
        "subject",
        "auditable",
        "table",
        "aggregate",
    ];
    let named = |ending: &[&str]| {
        SUBJECTS.iter().find_map(|subject| {
            table.columns.iter().find(|column| {
                let words = words(&column.name);
                matches!(words.as_slice(), [.., word, last]
                    if word == subject && ending.contains(&last.as_str()))
            })
        })
    };
    named(&["id", "key", "pk", "uuid"])
}

/// The column of an entry's time.
fn time<'a>(context: &Context<'_>, table: &'a Table) -> Option<&'a Column> {
    let is_time = |column: &&Column| column.data_type.name.starts_with("timestamp");
    table
        .column(&context.standard.timestamps.created)
        .filter(is_time)
        .or_else(|| table.columns.iter().find(is_time))
}

/// The columns of every index in order, of keys too.
fn lists(table: &Table) -> Vec<(Vec<String>, Origin)> {
    let constraints = table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            Some((columns.clone(), constraint.origin))
        }
        _ => None,
    });
    let indexes = table.indexes.iter().filter(|index| index.predicate.is_none()).map(|index| {
        let keys = index
            .keys
            .iter()
            .map(|key| match &key.key {
                IndexKeyKind::Column(name) => name.clone(),
                IndexKeyKind::Expression(expression) => expression.text.clone(),
            })
            .collect();
        (keys, index.origin)
    });
    constraints.chain(indexes).collect()
}
