//! # `history-unindexed`
//!
//! ## What it checks
//!
//! A table that grows by events over time (transactions, payments, invoices, messages, notifications,
//! calls and their like) has an index with its time. One that has it is reported as already good.
//! Audit logs have a rule of their own.
//!
//! ## Why
//!
//! These tables are read newest first, and they are the ones that grow: without the index every list
//! sorts the whole table.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE billing_transactions (
//!     id         uuid PRIMARY KEY,
//!     created_at timestamptz NOT NULL DEFAULT now()
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE billing_transactions (
//!     id         uuid PRIMARY KEY,
//!     created_at timestamptz NOT NULL DEFAULT now()
//! );
//! CREATE INDEX billing_transactions_created_at ON billing_transactions (created_at DESC);
//! ```
//!
//! ## How to fix
//!
//! `CREATE INDEX CONCURRENTLY … (created_at DESC)`, or with the owner first:
//! `(organization_id, created_at DESC)`.
//!
//! ## Settings
//!
//! `[timestamps] created`.
//!
//! ## References
//!
//! PostgreSQL documentation, "Indexes and ORDER BY".

use schemaward_catalog::{IndexKeyKind, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::words;
use crate::{Category, Class, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "history-unindexed",
    category: Category::Performance,
    severity: Severity::Info,
    title: "History without an index on its time",
    provenance: "reference review",
    impact: "Every list of the newest rows sorts the whole table.",
    references: &[],
    control: None,
    page: page!("history_unindexed.rs"),
    check: Check::Table(check),
};

/// Nouns of rows that are events.
const EVENTS: &[&str] = &[
    "transaction",
    "payment",
    "charge",
    "refund",
    "payout",
    "invoice",
    "entry",
    "ledger",
    "message",
    "notification",
    "call",
    "event",
    "history",
    "log",
    "reading",
];

/// Columns that say when the event was, besides the time of creation.
const TIMES: &[&str] = &[
    "occurred_at",
    "happened_at",
    "sent_at",
    "posted_at",
    "recorded_at",
    "logged_at",
    "started_at",
    "taken_at",
    "observed_at",
    "received_at",
    "paid_at",
    "issued_at",
    "issued_on",
    "due_on",
];

/// Whether a table's name says that its rows are events.
pub(crate) fn is_history(table: &Table) -> bool {
    words(&table.name.name).last().is_some_and(|word| EVENTS.contains(&word.as_str()))
}

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if !is_history(table) || matches!(context.class(&table.name), Class::Audit | Class::Reference) {
        return Vec::new();
    }
    let created = context.standard.timestamps.created.as_str();
    let is_time = |name: &str| name == created || TIMES.contains(&name);
    for index in &table.indexes {
        let at = index
            .keys
            .iter()
            .position(|key| matches!(&key.key, IndexKeyKind::Column(name) if is_time(name)));
        // Behind the owner the index still gives that owner's rows in order.
        if let Some(at) = at
            && index.predicate.is_none()
        {
            let keys: Vec<String> = index
                .keys
                .iter()
                .take(at + 1)
                .map(|key| {
                    let name = match &key.key {
                        IndexKeyKind::Column(name) => name.clone(),
                        IndexKeyKind::Expression(expression) => format!("({})", expression.text),
                    };
                    if key.descending { format!("{name} DESC") } else { name }
                })
                .collect();
            let message =
                format!("Index `{}({})`: already present, good.", table.name, keys.join(", "));
            return vec![Answer::success(table, message).at(index.origin)];
        }
    }
    // So does the index of a key.
    let keyed = table
        .index_keys()
        .any(|(keys, predicate)| predicate.is_none() && keys.iter().any(|name| is_time(name)));
    if keyed {
        return Vec::new();
    }
    let Some(column) = table.columns.iter().find(|column| {
        is_time(&column.name)
            && (column.data_type.name.starts_with("timestamp") || column.data_type.name == "date")
    }) else {
        return Vec::new();
    };
    let column = table.column(created).unwrap_or(column);
    if let Some(blind) = context.blind_on(table, |touches| touches.indexes) {
        let message = format!(
            "No index on `{}({})` was read, but a statement that may create one was not read ({}).",
            table.name, column.name, blind.reason
        );
        return vec![Answer::undecided(table, message).column(&column.name).at(blind.origin)];
    }
    let message = format!(
        "Add an index to `{}({} DESC)`: its rows are events, read newest first.",
        table.name, column.name
    );
    vec![Answer::unmet(table, message).column(&column.name).at(column.origin)]
}
