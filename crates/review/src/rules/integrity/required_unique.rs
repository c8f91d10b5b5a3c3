//! # `required-unique`
//!
//! ## What it checks
//!
//! Every uniqueness that the standard requires under `[[require.unique]]` is enforced: by a primary
//! key, a unique constraint or index, or an exclusion constraint on equality, over these columns or
//! some of them, among at least the rows that the standard's condition names.
//!
//! ## Why
//!
//! Code that looks before it inserts finds nothing when two requests look at once. Only the database
//! can promise that there is one.
//!
//! ## Example
//!
//! ```toml
//! [[require.unique]]
//! table   = "contact_methods"
//! columns = ["patient_id"]
//! where   = "is_primary AND deleted_at IS NULL"
//! because = "one first choice a patient"
//! ```
//!
//! ```sql fails
//! CREATE TABLE contact_methods (
//!     id uuid PRIMARY KEY, patient_id uuid NOT NULL, is_primary boolean NOT NULL,
//!     deleted_at timestamptz, is_safe_for_voicemail boolean NOT NULL DEFAULT false
//! );
//! CREATE INDEX contact_methods_patient ON contact_methods (patient_id);
//! ```
//!
//! ```sql passes
//! CREATE TABLE contact_methods (
//!     id uuid PRIMARY KEY, patient_id uuid NOT NULL, is_primary boolean NOT NULL,
//!     deleted_at timestamptz, is_safe_for_voicemail boolean NOT NULL DEFAULT false
//! );
//! CREATE UNIQUE INDEX contact_methods_first ON contact_methods (patient_id)
//!     WHERE deleted_at IS NULL AND is_primary;
//! ```
//!
//! ## How to fix
//!
//! Create the unique index, with the condition as its `WHERE`; repair duplicates first.
//!
//! ## Settings
//!
//! `[[require.unique]]`: `table`, `columns`, `where`, `because`.
//!
//! ## References
//!
//! PostgreSQL documentation, "Partial Indexes".

use schemaward_catalog::{Constraint, ConstraintKind, Origin, Table};
use sqlparser::ast::Expr;

use super::required_column::unless_blind;
use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::condition::implies;
use crate::facts::expression::parse_condition;
use crate::facts::unique::uniques;
use crate::standard::matches_pattern;
use crate::{Category, RequiredUnique, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "required-unique",
    category: Category::Integrity,
    severity: Severity::Critical,
    title: "Required uniqueness not enforced",
    provenance: "schemaward",
    impact: "Two requests at once make the duplicate that the standard rules out.",
    references: &[],
    control: None,
    page: page!("required_unique.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let required = &context.standard.require.uniques;
    let of_table = required.iter().filter(|required| matches_pattern(&required.table, &table.name));
    let mut answers = Vec::new();
    for required in of_table {
        let columns = required.columns.join(", ");
        let among = required
            .predicate
            .as_deref()
            .map_or(String::new(), |predicate| format!(" where `{predicate}`"));
        let detail = required.columns.join(",");
        let lacking = required.columns.iter().find(|column| table.column(column).is_none());
        if let Some(column) = lacking {
            let message = format!(
                "({columns}) of `{}` must be unique{among} ({}), and `{column}` does not exist.",
                table.name, required.because
            );
            let answer = Answer::unmet(table, message).at(table.name_origin);
            answers.push(unless_blind(context, table, answer).detail(detail));
            continue;
        }
        let given = match required.predicate.as_deref().map(parse_condition) {
            None => None,
            Some(Some(ast)) => Some(ast),
            Some(None) => {
                let message = format!(
                    "Whether ({columns}) of `{}` is unique{among}: the condition is none that can be \
                     read; write it as an SQL expression.",
                    table.name
                );
                let answer = Answer::undecided(table, message).at(table.name_origin);
                answers.push(answer.detail(detail));
                continue;
            }
        };
        if let Some(origin) = enforced(table, required, given.as_ref()) {
            let message = format!("({columns}) is unique{among}");
            answers.push(Answer::met(table, message).detail(detail).at(origin));
            continue;
        }
        let message = format!(
            "Nothing keeps ({columns}) of `{}` unique{among}; the standard requires it: {}.",
            table.name, required.because
        );
        let answer = Answer::unmet(table, message).at(table.name_origin);
        answers.push(unless_blind(context, table, answer).detail(detail));
    }
    answers
}

/// What keeps the columns unique among the rows that fulfil the condition.
fn enforced(table: &Table, required: &RequiredUnique, given: Option<&Expr>) -> Option<Origin> {
    let within = |columns: &[String]| {
        !columns.is_empty() && columns.iter().all(|column| required.columns.contains(column))
    };
    let key = table.primary_key().filter(|(_, columns)| within(columns));
    if let Some((constraint, _)) = key {
        return Some(constraint.origin);
    }
    let unique = uniques(table).into_iter().find(|unique| {
        unique.plain
            && within(&unique.columns)
            && unique.predicate.is_none_or(|predicate| {
                predicate.ast.is_some() && implies(given, predicate.ast.as_deref())
            })
    });
    if let Some(unique) = unique {
        return Some(unique.origin);
    }
    table
        .constraints
        .iter()
        .find(|constraint| excludes(constraint, &within, given))
        .map(|c| c.origin)
}

/// Whether an exclusion constraint compares some of the columns for equality and nothing else.
fn excludes(
    constraint: &Constraint,
    within: &impl Fn(&[String]) -> bool,
    given: Option<&Expr>,
) -> bool {
    let ConstraintKind::Exclude { elements, predicate, .. } = &constraint.kind else {
        return false;
    };
    let columns: Option<Vec<String>> = elements
        .iter()
        .map(|element| match element.split_whitespace().collect::<Vec<_>>().as_slice() {
            [column, with, "="] if with.eq_ignore_ascii_case("with") => Some((*column).to_owned()),
            _ => None,
        })
        .collect();
    columns.is_some_and(|columns| within(&columns))
        && predicate.as_ref().is_none_or(|predicate| {
            predicate.ast.is_some() && implies(given, predicate.ast.as_deref())
        })
}
