//! # `required-column`
//!
//! ## What it checks
//!
//! Every column that the standard requires under `[[require.column]]` exists in the tables its
//! pattern matches, with the type and nullability given there.
//!
//! ## Why
//!
//! A feature that was agreed on needs its column; the standard is where the agreement is written down,
//! with the reason.
//!
//! ## Example
//!
//! ```toml
//! [[require.column]]
//! table   = "invoices"
//! column  = "voided_at"
//! type    = "timestamptz"
//! because = "an invoice that went out is voided, never removed"
//! ```
//!
//! ```sql fails
//! CREATE TABLE invoices (id uuid PRIMARY KEY, total_cents bigint NOT NULL);
//! ```
//!
//! ```sql passes
//! CREATE TABLE invoices (id uuid PRIMARY KEY, total_cents bigint NOT NULL, voided_at timestamptz);
//! ```
//!
//! ## How to fix
//!
//! Add the column, or change its type. A mandatory one needs a value for the rows that exist.
//!
//! ## Settings
//!
//! `[[require.column]]`: `table`, `column`, `type`, `nullable`, `because`.
//!
//! ## References
//!
//! None.

use schemaward_catalog::Table;

use super::foreign_key_type_mismatch::comparable;
use super::{Answer, AnswerKind, Check, RuleInfo, page};
use crate::context::Context;
use crate::standard::{matches_pattern, written_type};
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "required-column",
    category: Category::Integrity,
    severity: Severity::Critical,
    title: "Required column missing or of another kind",
    provenance: "reference review",
    impact: "A feature that the standard requires cannot work, or works on what is not there.",
    references: &[],
    control: None,
    page: page!("required_column.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let required = &context.standard.require.columns;
    let of_table = required.iter().filter(|required| matches_pattern(&required.table, &table.name));
    let mut answers = Vec::new();
    for required in of_table {
        let subject = format!("{}.{}", table.name, required.column);
        let Some(column) = table.column(&required.column) else {
            let data_type =
                required.data_type.as_deref().map_or(String::new(), |t| format!(" `{t}`"));
            let message = format!(
                "`{subject}`{data_type} is missing; the standard requires it: {}.",
                required.because
            );
            let answer = Answer::unmet(table, message).at(table.name_origin);
            answers.push(unless_blind(context, table, answer).column(&required.column));
            continue;
        };
        let mut faults = Vec::new();
        if let Some(wanted) = &required.data_type {
            let wanted_type = comparable(context.catalog, &written_type(wanted));
            if comparable(context.catalog, &column.data_type) != wanted_type {
                faults.push(format!("is `{}` instead of `{wanted}`", column.data_type));
            }
        }
        match required.nullable {
            Some(false) if column.nullable => faults.push("accepts NULL".to_owned()),
            Some(true) if !column.nullable => faults.push("is `NOT NULL`".to_owned()),
            _ => {}
        }
        if faults.is_empty() {
            answers.push(Answer::met(table, format!("has `{}`", column.name)).at(column.origin));
            continue;
        }
        let message = format!(
            "`{subject}` {}, which the standard does not allow: {}.",
            faults.join(" and "),
            required.because
        );
        let answer = Answer::unmet(table, message).at(column.origin);
        answers.push(unless_blind(context, table, answer).column(&required.column));
    }
    answers
}

/// A defect, unless text that was not read may have repaired it.
pub(super) fn unless_blind(context: &Context<'_>, table: &Table, mut answer: Answer) -> Answer {
    if let Some(blind) = context.blind_on(table, |touches| touches.columns) {
        answer.kind = AnswerKind::Undecided;
        answer.message = format!(
            "{} A statement that may change that was not read ({}).",
            answer.message, blind.reason
        );
        answer = answer.at(blind.origin);
    }
    answer
}
