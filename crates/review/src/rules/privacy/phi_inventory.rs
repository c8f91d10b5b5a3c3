//! # `phi-inventory`
//!
//! ## What it checks
//!
//! Every column is held against a dictionary of identifiers (letters A to R of the safe harbor list),
//! clinical facts, money and secrets. Names are read word by word, abbreviations and camel case too,
//! and the last word counts: `home_phone` is a phone, `phone_type` and `phone_verified_at` are none.
//! Types and comments are evidence as well. This rule sums up what was found; the review lists every
//! column with its letter and the reason (`identifiers`).
//!
//! ## Why
//!
//! De-identification, access reports and breach notices begin with the question where the identifiers
//! are. An inventory that is derived from the schema is right on the day it is asked for.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE patients (
//!     id            uuid PRIMARY KEY,
//!     first_name    text NOT NULL,
//!     date_of_birth date NOT NULL
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE countries (
//!     code       text PRIMARY KEY,
//!     name       text NOT NULL,
//!     phone_prefix text
//! );
//! ```
//!
//! ## How to fix
//!
//! Nothing is wrong: read the inventory, and move or drop what does not need to be there.
//!
//! ## Settings
//!
//! The rule asks nothing under the `general` profile; the inventory itself is always made.
//!
//! ## References
//!
//! 45 CFR 164.514(b)(2)(i), the identifiers of the safe harbor method.

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::list;
use crate::standard::Profile;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "phi-inventory",
    category: Category::Privacy,
    severity: Severity::Info,
    title: "Where people can be identified",
    provenance: "own",
    impact: "De-identification, access reports and breach notices begin with knowing where the \
             identifiers are.",
    references: &["45 CFR 164.514(b)(2)(i) safe harbor identifiers"],
    control: None,
    page: page!("phi_inventory.rs"),
    check: Check::Schema(check),
};

/// More tables than a sentence can name.
const NAMED: usize = 3;

fn check(context: &Context<'_>) -> Vec<Answer> {
    if context.standard.profile == Profile::General {
        return Vec::new();
    }
    let mut tables = Vec::new();
    for table in context.tables() {
        let found = context.identifiers(&table.name);
        let found: Vec<_> = found.iter().filter(|found| found.kind.is_protected()).collect();
        if !found.is_empty() {
            tables.push((table, found));
        }
    }
    let columns: usize = tables.iter().map(|(_, found)| found.len()).sum();
    if columns == 0 {
        return Vec::new();
    }
    // Most columns first; a stable sort keeps the names in order among equals.
    tables.sort_by_key(|(_, found)| std::cmp::Reverse(found.len()));
    let most: Vec<String> = tables
        .iter()
        .take(NAMED)
        .map(|(table, found)| format!("`{}` ({})", table.name, found.len()))
        .collect();
    let (columns, verbs) = if columns == 1 {
        ("1 column".to_owned(), "identifies people or tells of their health")
    } else {
        (format!("{columns} columns"), "identify people or tell of their health")
    };
    let number = match tables.len() {
        1 => "1 table".to_owned(),
        number => format!("{number} tables"),
    };
    let message = format!("{columns} of {number} {verbs}, most in {}.", list(&most, "and"));
    let answer = Answer::unmet_subject("identifiers", message);
    let evidence = tables.iter().filter_map(|(_, found)| found.first());
    vec![evidence.fold(answer, |answer, found| answer.at(found.column.origin))]
}
