//! # `foreign-key-type-mismatch`
//!
//! ## What it checks
//!
//! The columns of a foreign key have the types of the columns they refer to. Domains count as the
//! type they are over, `varchar` without a length as `text`. The same type with another length or
//! precision is a warning.
//!
//! ## Why
//!
//! PostgreSQL accepts the key as long as the two types can be compared. What one side can hold and the
//! other cannot fails on insert, and every check of the key casts, which an index may not serve.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE subscription_plans (code text PRIMARY KEY);
//! CREATE TABLE subscriptions (
//!     id        uuid PRIMARY KEY,
//!     plan_code varchar(40) NOT NULL REFERENCES subscription_plans (code)
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE subscription_plans (code text PRIMARY KEY);
//! CREATE TABLE subscriptions (
//!     id        uuid PRIMARY KEY,
//!     plan_code text NOT NULL REFERENCES subscription_plans (code)
//! );
//! ```
//!
//! ## How to fix
//!
//! `ALTER TABLE … ALTER COLUMN … TYPE` on the referencing side. The table is rewritten when the two
//! types are stored differently.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Foreign Keys".

use schemaward_catalog::{Catalog, DataType, Table, UserTypeKind};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "foreign-key-type-mismatch",
    category: Category::Integrity,
    severity: Severity::Critical,
    title: "Foreign key of another type than its target",
    provenance: "schemaward",
    impact: "Values that one side can hold fail on the other, and every check of the key casts.",
    references: &[],
    control: None,
    page: page!("foreign_key_type_mismatch.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mut answers = Vec::new();
    for (constraint, key) in table.foreign_keys() {
        let Some(target) = context.catalog.tables.get(&key.references) else { continue };
        for (own, referenced) in key.columns.iter().zip(&key.referenced_columns) {
            let (Some(own), Some(referenced)) = (table.column(own), target.column(referenced))
            else {
                continue;
            };
            let own_type = comparable(context.catalog, &own.data_type);
            let target_type = comparable(context.catalog, &referenced.data_type);
            if own_type == target_type {
                continue;
            }
            let message = format!(
                "`{}.{}` is `{}` and refers to `{}.{}`, which is `{}`; give both one type.",
                table.name,
                own.name,
                own.data_type,
                target.name,
                referenced.name,
                referenced.data_type
            );
            let mut answer = Answer::unmet(table, message);
            if own_type.name == target_type.name && own_type.array == target_type.array {
                answer = answer.severity(Severity::Warning);
            }
            let unread = context
                .blind_on(table, |touches| touches.columns)
                .or_else(|| context.blind_on(target, |touches| touches.columns));
            if let Some(blind) = unread {
                answer.kind = super::AnswerKind::Undecided;
                answer.message = format!(
                    "{} A statement that may change either was not read ({}).",
                    answer.message, blind.reason
                );
            }
            answers.push(
                answer.column(&own.name).at(own.origin).at(constraint.origin).at(referenced.origin),
            );
        }
    }
    // Several keys over one column say it once each; the same target twice says it once.
    answers.dedup_by(|a, b| a.column == b.column && a.message == b.message);
    answers
}

/// The type as far as it decides which values a column can hold.
pub(crate) fn comparable(catalog: &Catalog, data_type: &DataType) -> DataType {
    let mut found = data_type.clone();
    // Domains over domains end somewhere; the bound is for text that says otherwise.
    for _ in 0..16 {
        match catalog.user_type(&found).map(|user_type| &user_type.kind) {
            Some(UserTypeKind::Domain { base, .. }) if !found.array => found = base.clone(),
            _ => break,
        }
    }
    if let Some(base) = found.serial_base() {
        found = DataType::named(base);
    }
    match (found.name.as_str(), found.modifiers.len()) {
        ("character varying", 0) if found.schema.is_none() => "text".clone_into(&mut found.name),
        ("bpchar", 0) => "character".clone_into(&mut found.name),
        _ => {}
    }
    if found.name == "numeric" && found.modifiers.len() == 1 {
        found.modifiers.push("0".to_owned());
    }
    for modifier in &mut found.modifiers {
        *modifier = modifier.trim().to_owned();
    }
    found
}
