//! # `timestamp-without-time-zone`
//!
//! ## What it checks
//!
//! No column that holds an instant is of type `timestamp` (`timestamp without time zone`). Columns
//! whose name says that they hold local wall-clock time (`local_…`, `…_local`, `wall_…`) are left
//! out.
//!
//! ## Why
//!
//! `timestamp` drops the offset it is given: the same stored value means another instant for every
//! session time zone, and the hour that daylight saving repeats is ambiguous. An audit trail or a
//! medication time cannot afford that.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE calls (
//!     id         uuid PRIMARY KEY,
//!     started_at timestamp NOT NULL
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE calls (
//!     id         uuid PRIMARY KEY,
//!     started_at timestamptz NOT NULL,
//!     local_time timestamp
//! );
//! ```
//!
//! ## How to fix
//!
//! `ALTER TABLE calls ALTER COLUMN started_at TYPE timestamptz USING started_at AT TIME ZONE 'UTC';`
//! with the time zone the values were written in.
//!
//! ## Settings
//!
//! `[timestamps] type`: a standard that mandates `timestamp` switches the rule off.
//!
//! ## References
//!
//! PostgreSQL documentation, "Date/Time Types".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::words;
use crate::{Category, Control, Severity};

const PLAIN: &str = "timestamp without time zone";

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "timestamp-without-time-zone",
    category: Category::Integrity,
    severity: Severity::Warning,
    title: "Instant stored without a time zone",
    provenance: "reference review",
    impact: "The same stored value means another instant for every session time zone.",
    references: &[],
    control: Some(Control::Timestamps),
    page: page!("timestamp_without_time_zone.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if context.standard.timestamps.data_type.name == PLAIN {
        return Vec::new();
    }
    table
        .columns
        .iter()
        .filter(|column| column.data_type.name == PLAIN)
        .filter(|column| {
            let words = words(&column.name);
            !words.iter().any(|word| matches!(word.as_str(), "local" | "wall"))
        })
        .map(|column| {
            let message = format!(
                "`{}.{}` is a `timestamp` without time zone; an instant belongs in `{}`.",
                table.name, column.name, context.standard.timestamps.data_type
            );
            Answer::unmet(table, message).column(&column.name).at(column.origin)
        })
        .collect()
}
