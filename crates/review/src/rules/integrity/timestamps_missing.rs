//! # `timestamps-missing`
//!
//! ## What it checks
//!
//! Tables of the classes clinical, financial, identity and operational have the standard's columns
//! for creation and last change, not nullable and with a default. An audit log needs the time of
//! its entries only, under any name; a join table, whose rows are made and removed but never
//! changed, needs only the time of creation. Reference tables are left out.
//!
//! ## Why
//!
//! "When did we know this?" is the first question of every incident, dispute and synchronisation.
//! A nullable time, or one that every writer must remember to set, answers it only sometimes.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE appointments (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     created_at timestamptz NOT NULL DEFAULT now()
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE appointments (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     created_at timestamptz NOT NULL DEFAULT now(),
//!     updated_at timestamptz NOT NULL DEFAULT now()
//! );
//! ```
//!
//! ## How to fix
//!
//! Add the column with `NOT NULL DEFAULT now()`, and a trigger that keeps the time of change.
//!
//! ## Settings
//!
//! `[timestamps]`: `created`, `updated`, `type`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(b) audit controls.

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::quoted_list;
use crate::{Category, Class, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "timestamps-missing",
    category: Category::Integrity,
    severity: Severity::Warning,
    title: "Creation or change time missing",
    provenance: "reference review",
    impact: "Nobody can tell when a row was made or last changed.",
    references: &["Supports 45 CFR 164.312(b) audit controls"],
    control: Some(Control::Timestamps),
    page: page!("timestamps_missing.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandate = &context.standard.timestamps;
    let names: &[&String] = match context.class(&table.name) {
        Class::Reference => return Vec::new(),
        Class::Audit => return audit_log(context, table),
        _ if is_join_table(table) => &[&mandate.created],
        _ => &[&mandate.created, &mandate.updated],
    };
    let mut answers = Vec::new();
    let mut complete = Vec::new();
    for name in names {
        let name = name.as_str();
        let Some(column) = table.column(name) else {
            let message = format!("`{}` has no `{name}`.", table.name);
            answers.push(unmet(context, table, name, message, None));
            continue;
        };
        let mut faults = Vec::new();
        if column.nullable {
            faults.push("is nullable");
        }
        if column.default.is_none() && column.generated.is_none() {
            faults.push("has no default");
        }
        // Another timestamp type is the business of `timestamp-without-time-zone`.
        if !column.data_type.name.starts_with("timestamp")
            && column.data_type.name != mandate.data_type.name
            && context.catalog.user_type(&column.data_type).is_none()
        {
            faults.push("is not of the mandated type");
        }
        if faults.is_empty() {
            complete.push(column);
        } else {
            let message = format!("`{}.{name}` {}.", table.name, faults.join(" and "));
            answers.push(unmet(context, table, name, message, Some(column.origin)));
        }
    }
    if answers.is_empty() {
        let names: Vec<&str> = complete.iter().map(|column| column.name.as_str()).collect();
        let mut met = Answer::met(table, format!("has {}", quoted_list(&names, "and")));
        for column in complete {
            met = met.at(column.origin);
        }
        answers.push(met);
    }
    answers
}

fn unmet(
    context: &Context<'_>,
    table: &Table,
    column: &str,
    message: String,
    origin: Option<schemaward_catalog::Origin>,
) -> Answer {
    let at = origin.unwrap_or(table.name_origin);
    match context.blind_on(table, |touches| touches.columns) {
        Some(blind) => {
            let message = format!(
                "{message} A statement that may change it was not read ({}).",
                blind.reason
            );
            Answer::undecided(table, message).column(column).at(blind.origin)
        }
        None => Answer::unmet(table, message).column(column).at(at),
    }
}

/// An entry of a log has one time, whatever it is called.
fn audit_log(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let time = table
        .columns
        .iter()
        .find(|column| column.data_type.name.starts_with("timestamp") && !column.nullable);
    let answer = if let Some(column) = time {
        Answer::met(table, format!("entries carry `{}`", column.name)).at(column.origin)
    } else {
        let created = &context.standard.timestamps.created;
        let message = format!("The entries of `{}` have no time that must be set.", table.name);
        unmet(context, table, created, message, None)
    };
    vec![answer]
}

/// Every column but the times is part of the key or of a foreign key.
fn is_join_table(table: &Table) -> bool {
    let Some((_, key)) = table.primary_key() else { return false };
    key.len() > 1
        && key.iter().all(|name| table.foreign_keys().any(|(_, fk)| fk.columns.contains(name)))
        && table.columns.iter().all(|column| {
            key.contains(&column.name)
                || column.data_type.name.starts_with("timestamp")
                || table.foreign_keys().any(|(_, fk)| fk.columns.contains(&column.name))
        })
}
