//! # `index-duplicate`
//!
//! ## What it checks
//!
//! No index has the same definition as another index of its table, or as the index behind a primary
//! key or unique constraint: the same method, keys, order, operator classes, included columns and
//! predicate. The same keys in the reverse order count as the same.
//!
//! ## Why
//!
//! Both are written with every row, both take space, one is read.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE rooms (id uuid PRIMARY KEY, code text NOT NULL UNIQUE);
//! CREATE INDEX rooms_code_idx ON rooms (code);
//! ```
//!
//! ```sql passes
//! CREATE TABLE rooms (id uuid PRIMARY KEY, code text NOT NULL UNIQUE);
//! CREATE INDEX rooms_code_pattern_idx ON rooms (code text_pattern_ops);
//! ```
//!
//! ## How to fix
//!
//! `DROP INDEX CONCURRENTLY` the one that no constraint needs.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! splinter 0009.

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::index::comparables;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "index-duplicate",
    category: Category::Performance,
    severity: Severity::Info,
    title: "Index that another one repeats",
    provenance: "splinter 0009",
    impact: "Every write keeps an index up to date that no query needs.",
    references: &[],
    control: None,
    page: page!("index_duplicate.rs"),
    check: Check::Table(check),
};

fn check(_: &Context<'_>, table: &Table) -> Vec<Answer> {
    let all = comparables(table);
    let mut answers = Vec::new();
    for (at, index) in all.iter().enumerate() {
        if index.of_key {
            continue;
        }
        // Of two that are the same in every respect the first stays.
        let other = all.iter().enumerate().find(|(before, other)| {
            *before != at && index.is_same(other) && (*before < at || !other.is_same(index))
        });
        let Some((_, other)) = other else { continue };
        let message = format!(
            "Index `{}` of `{}` repeats `{}`; drop it.",
            index.name, table.name, other.name
        );
        answers.push(
            Answer::unmet(table, message).detail(index.name).at(index.origin).at(other.origin),
        );
    }
    answers
}
