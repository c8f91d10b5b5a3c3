//! # `class-table-name-mismatch`
//!
//! ## What it checks
//!
//! A class and its table have one name, but for number, case and the endings and prefixes that a
//! project gives all of them: `BillingTransaction` and `billing_transactions`, `UserModel` and
//! `users`, `Patient` and `clinic_patients` where other tables begin with `clinic_`, too. The schema
//! counts as a part of the table's name.
//!
//! ## Why
//!
//! Whoever reads a query looks for the class, whoever reads the class looks for the table. Two names
//! are two things to remember, and a search finds half of the places.
//!
//! ## Example
//!
//! ```python fails
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class OrganizationMember(Base):
//!     __tablename__ = "organization_memberships"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//! ```
//!
//! ```python passes
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class OrganizationMembership(Base):
//!     __tablename__ = "organization_memberships"
//!     id: Mapped[int] = mapped_column(primary_key=True)
//! ```
//!
//! ## How to fix
//!
//! Rename the class; a table is renamed by a migration only.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! None.

use std::collections::BTreeMap;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::tabled;
use crate::facts::words::words;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "class-table-name-mismatch",
    category: Category::Code,
    severity: Severity::Warning,
    title: "Class and table names disagree",
    provenance: "reference review",
    impact: "A search for the one name does not find the other.",
    references: &[],
    control: None,
    page: page!("class_table_name_mismatch.rs"),
    check: Check::Schema(check),
};

/// Endings that say that a class is one of tables.
const ENDINGS: [&str; 9] =
    ["model", "entity", "table", "orm", "db", "record", "row", "schema", "tbl"];

fn check(context: &Context<'_>) -> Vec<Answer> {
    // A first word that many tables share is the application's name.
    let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
    let mut tables = 0;
    for table in tabled(context).filter_map(|class| class.table.as_ref()) {
        tables += 1;
        if let [first, _, ..] = words(&table.name).as_slice() {
            *firsts.entry(first.clone()).or_default() += 1;
        }
    }
    let shared = |word: &str| {
        let count = firsts.get(word).copied().unwrap_or_default();
        count >= 3 && count * 2 >= tables
    };
    let mut answers = Vec::new();
    for class in tabled(context) {
        let Some(table) = &class.table else { continue };
        let (of_class, of_table) = (words(&class.name), words(&table.name));
        let mut names = vec![of_class.clone()];
        if let [rest @ .., last] = of_class.as_slice()
            && ENDINGS.contains(&last.as_str())
            && !rest.is_empty()
        {
            names.push(rest.to_vec());
        }
        let mut meant = vec![of_table.clone(), [words(&table.schema), of_table.clone()].concat()];
        if let [first, rest @ ..] = of_table.as_slice()
            && (shared(first)
                || matches!(first.as_str(), "tbl" | "t")
                || one_word(&table.schema, first))
            && !rest.is_empty()
        {
            meant.push(rest.to_vec());
        }
        // `useraccounts` and `UserAccount` differ in where their words are split only.
        let same =
            names.iter().any(|name| meant.iter().any(|other| name.concat() == other.concat()));
        if same || of_class.is_empty() || of_table.is_empty() {
            continue;
        }
        let message = format!(
            "The class `{}` and its table `{table}` are named after different things.",
            class.name
        );
        answers.push(
            Answer::unmet_subject(class.name.as_str(), message).on(Some(table)).at(class.origin),
        );
    }
    answers
}

/// Whether a schema's name is this word.
fn one_word(schema: &str, word: &str) -> bool {
    matches!(words(schema).as_slice(), [only] if only == word)
}
