//! # `primary-key-missing`
//!
//! ## What it checks
//!
//! Every table has a primary key. Partitions are judged through the table they are part of;
//! temporary and foreign tables are left out.
//!
//! ## Why
//!
//! Without a primary key a row cannot be named: an audit record cannot say which row it is about,
//! a duplicate cannot be told from its original, and logical replication refuses updates.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE lab_results (
//!     patient_id uuid NOT NULL,
//!     loinc_code text NOT NULL,
//!     value      text
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE lab_results (
//!     id         uuid PRIMARY KEY,
//!     patient_id uuid NOT NULL,
//!     loinc_code text NOT NULL,
//!     value      text
//! );
//! ```
//!
//! ## How to fix
//!
//! Add a key column with the mandated generator and `PRIMARY KEY`, or make the columns that already
//! identify a row the key.
//!
//! ## Settings
//!
//! `[primary_key] except` names tables that may go without.
//!
//! ## References
//!
//! PostgreSQL documentation, "Primary Keys".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::standard::matches_pattern;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "primary-key-missing",
    category: Category::Integrity,
    severity: Severity::Critical,
    title: "Table without a primary key",
    provenance: "splinter 0004",
    impact: "Rows cannot be named: no audit record can say which row changed, and duplicates \
             cannot be told apart.",
    references: &["Supports 45 CFR 164.312(c)(1) integrity"],
    control: Some(Control::PrimaryKey),
    page: page!("primary_key_missing.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let except = &context.standard.primary_key.except;
    if table.primary_key().is_some()
        || except.iter().any(|pattern| matches_pattern(pattern, &table.name))
    {
        return Vec::new();
    }
    if let Some(blind) = context.blind_on(table, |touches| touches.columns) {
        let message = format!(
            "No primary key of `{}` was read, but a statement that may add one was not read ({}).",
            table.name, blind.reason
        );
        return vec![Answer::undecided(table, message).at(blind.origin)];
    }
    let message = format!("`{}` has no primary key; give its rows one.", table.name);
    vec![Answer::unmet(table, message).at(table.name_origin)]
}
