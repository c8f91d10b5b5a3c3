//! # `index-redundant`
//!
//! ## What it checks
//!
//! No B-tree index that keeps nothing unique is only the start of another one of its table: the same
//! keys in the same (or wholly reversed) order, for the same rows.
//!
//! ## Why
//!
//! The longer index serves the same searches. The shorter one is written with every row all the same;
//! it pays only where it is so much smaller that a hot query feels it.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz);
//! CREATE INDEX visits_room ON visits (room_id);
//! CREATE INDEX visits_room_time ON visits (room_id, started_at DESC);
//! ```
//!
//! ```sql passes
//! CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz);
//! CREATE INDEX visits_room_time ON visits (room_id, started_at DESC);
//! CREATE INDEX visits_time ON visits (started_at);
//! ```
//!
//! ## How to fix
//!
//! `DROP INDEX CONCURRENTLY` the shorter one.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Multicolumn Indexes".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::index::comparables;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "index-redundant",
    category: Category::Performance,
    severity: Severity::Info,
    title: "Index that is the start of another one",
    provenance: "splinter 0009",
    impact: "Every write keeps an index up to date whose searches another one serves.",
    references: &[],
    control: None,
    page: page!("index_redundant.rs"),
    check: Check::Table(check),
};

fn check(_: &Context<'_>, table: &Table) -> Vec<Answer> {
    let all = comparables(table);
    let mut answers = Vec::new();
    for index in all.iter().filter(|index| !index.of_key) {
        // One that repeats another is `index-duplicate`'s.
        if all.iter().any(|other| other.name != index.name && index.is_same(other)) {
            continue;
        }
        let Some(longer) = all.iter().find(|other| index.is_prefix_of(other)) else { continue };
        let message = format!(
            "Index `{}` of `{}` is the start of `{}`, which serves the same searches; drop it.",
            index.name, table.name, longer.name
        );
        let answer = Answer::unmet(table, message).detail(index.name);
        answers.push(answer.at(index.origin).at(longer.origin));
    }
    answers
}
