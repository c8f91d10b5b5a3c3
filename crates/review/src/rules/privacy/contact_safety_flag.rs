//! # `contact-safety-flag`
//!
//! ## What it checks
//!
//! A table of contact methods (phone numbers and the like of a person) says for each whether it is
//! safe for voice messages: a boolean `is_safe_for_voicemail`, `NOT NULL`, with the default `false`.
//! A missing flag is critical; one that is nullable, true by default or called otherwise is a
//! warning; a correct one is reported as a success, because the application has to obey it.
//!
//! ## Why
//!
//! A message left on a shared answering machine discloses that someone is a patient. In families it
//! can endanger them.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE contact_methods (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     type       text NOT NULL,
//!     value      text NOT NULL
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE contact_methods (
//!     id                    uuid PRIMARY KEY,
//!     patient_id            uuid NOT NULL,
//!     type                  text NOT NULL,
//!     value                 text NOT NULL,
//!     is_safe_for_voicemail boolean NOT NULL DEFAULT false
//! );
//! ```
//!
//! ## How to fix
//!
//! Add the flag with `NOT NULL DEFAULT false`, ask each person, and check it before any automated call.
//!
//! ## Settings
//!
//! `[privacy] safe_contact_flag`; an empty name switches the rule off.
//!
//! ## References
//!
//! Supports 45 CFR 164.522(b) confidential communications.

use schemaward_catalog::{Column, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::truth::Judge;
use crate::facts::words::{has_phrase, words};
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "contact-safety-flag",
    category: Category::Privacy,
    severity: Severity::Critical,
    title: "Contact methods without a safe-contact flag",
    provenance: "reference review",
    impact: "A message left where others can hear it discloses that someone is a patient.",
    references: &["Supports 45 CFR 164.522(b) confidential communications"],
    control: Some(Control::Privacy),
    page: page!("contact_safety_flag.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let Some(flag) = context.standard.privacy.safe_contact_flag.as_deref() else {
        return Vec::new();
    };
    let Some(column) = table.column(flag) else {
        if !holds_contact_methods(table) {
            return Vec::new();
        }
        return vec![absent(context, table, flag)];
    };
    let mut faults = Vec::new();
    if column.data_type.name != "boolean" {
        faults.push(format!("is of type `{}`", column.data_type));
    }
    if column.nullable {
        faults.push("is nullable, so an unanswered question counts as neither".to_owned());
    }
    let default = column.default.as_ref().and_then(|default| default.ast.as_deref());
    match default.and_then(|ast| Judge::new(context.catalog, None).truth(ast)) {
        Some(true) => faults.push("is true by default, before anyone was asked".to_owned()),
        Some(false) => {}
        None if column.default.is_none() => {}
        None => faults.push("has a default that is not `false`".to_owned()),
    }
    if faults.is_empty() {
        let default = if column.default.is_some() { " DEFAULT false" } else { "" };
        let message = format!(
            "`{}` correctly implements `{flag}` (`boolean NOT NULL{default}`). Ensure that \
             application logic strictly enforces this flag before any automated call or voice \
             message.",
            table.name
        );
        return vec![Answer::success(table, message).column(flag).at(column.origin)];
    }
    let message = format!("`{}.{flag}` {}.", table.name, faults.join(" and "));
    let answer = Answer::unmet(table, message).severity(Severity::Warning);
    vec![answer.column(flag).at(column.origin)]
}

fn absent(context: &Context<'_>, table: &Table, flag: &str) -> Answer {
    if let Some(other) = table.columns.iter().find(|column| is_other_flag(column)) {
        let message = format!(
            "`{}` says by `{}` whether a contact is safe; the standard calls it `{flag}`.",
            table.name, other.name
        );
        let answer = Answer::unmet(table, message).severity(Severity::Warning);
        return answer.column(&other.name).at(other.origin);
    }
    if let Some(blind) = context.blind_on(table, |touches| touches.columns) {
        let message = format!(
            "No `{flag}` was read on `{}`, but a statement that may add it was not read ({}).",
            table.name, blind.reason
        );
        return Answer::undecided(table, message).at(blind.origin);
    }
    let message = format!(
        "`{}` holds ways to reach a person and does not say which are safe: `{flag}` is missing.",
        table.name
    );
    Answer::unmet(table, message).at(table.name_origin)
}

/// Rows that are ways to reach a person by voice: named so, owned by a person, with a number.
fn holds_contact_methods(table: &Table) -> bool {
    let name = words(&table.name.name);
    let by_name = [
        "contact method",
        "contact point",
        "contact channel",
        "contact detail",
        "contact info",
        "contact information",
        "contact number",
        "phone number",
        "telephone number",
    ]
    .iter()
    .any(|phrase| has_phrase(&name, phrase))
        || name
            .last()
            .is_some_and(|word| matches!(word.as_str(), "phone" | "telephone" | "contact"));
    by_name && belongs_to_person(table) && table.columns.iter().any(is_number)
}

/// A foreign key to people, or a column that names one.
fn belongs_to_person(table: &Table) -> bool {
    let person = |word: &str| {
        matches!(
            word,
            "patient"
                | "person"
                | "client"
                | "member"
                | "user"
                | "individual"
                | "resident"
                | "guardian"
                | "beneficiary"
        )
    };
    table.foreign_keys().any(|(_, key)| {
        words(&key.references.name).last().is_some_and(|word| person(word))
    }) || table.columns.iter().any(|column| {
        matches!(words(&column.name).as_slice(), [word, id] if id == "id" && person(word))
    })
}

/// A column that can hold a phone number.
fn is_number(column: &Column) -> bool {
    let words = words(&column.name);
    words.iter().any(|word| {
        matches!(word.as_str(), "phone" | "telephone" | "mobile" | "number" | "msisdn" | "value")
    })
}

/// A flag that says the same under another name.
fn is_other_flag(column: &Column) -> bool {
    let words = words(&column.name);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    column.data_type.name == "boolean"
        && (any(&["voicemail"])
            || any(&["safe"]) && any(&["contact", "call", "message", "leave"])
            || any(&["ok", "can", "may"]) && any(&["message"]) && any(&["leave"]))
}
