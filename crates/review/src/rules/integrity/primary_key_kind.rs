//! # `primary-key-kind`
//!
//! ## What it checks
//!
//! The primary key of every table is generated as the standard mandates: `ulid`, `uuid7`, `uuid4` or
//! `identity`. The generator is read from the server default (also that of a domain), the identity
//! clause or the type:
//!
//! - built-in functions and those of well-known extensions by their names;
//! - a function of the project by what its body does, not by what it is called: one that joins the
//!   clock and random bytes makes ULIDs, one that hands on `gen_random_uuid()` makes random UUIDs;
//! - functions named under `generators` count as the mandated kind.
//!
//! A key column without any default is *undecided*, never a defect: the application may generate
//! the value. An integer key is a defect all the same, because no ULID or UUID fits into it.
//! Keys made of foreign keys (join tables, one-to-one tables), keys of a parent and a number, and
//! natural keys of reference tables are left out.
//!
//! ## Why
//!
//! Keys of one time-ordered kind sort by creation, do not fragment their index, do not reveal how
//! many rows there are, and can be made anywhere without asking the database. One table that
//! differs breaks the assumption for every reader of the model.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE messages (
//!     id   uuid PRIMARY KEY DEFAULT gen_random_uuid(),
//!     body text NOT NULL
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE messages (
//!     id   uuid PRIMARY KEY DEFAULT gen_ulid(),
//!     body text NOT NULL
//! );
//! ```
//!
//! ## How to fix
//!
//! Set the column's default to the project's generator: existing keys stay valid, new ones are of
//! the mandated kind.
//!
//! ## Settings
//!
//! `[primary_key]`: `kind`, `generators`, `except`.
//!
//! ## References
//!
//! The ULID specification; RFC 9562 for UUID versions.

use schemaward_catalog::{Column, Table, TableKind};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::key::{Generator, generator};
use crate::facts::words::words;
use crate::standard::matches_pattern;
use crate::{Category, Class, Control, KeyKind, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "primary-key-kind",
    category: Category::Integrity,
    severity: Severity::Critical,
    title: "Primary key not of the mandated kind",
    provenance: "reference review",
    impact: "Breaks lexicographical sortability and consistency across the data model.",
    references: &[],
    control: Some(Control::PrimaryKey),
    page: page!("primary_key_kind.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandate = &context.standard.primary_key;
    if mandate.kind == KeyKind::Any
        || mandate.except.iter().any(|pattern| matches_pattern(pattern, &table.name))
    {
        return Vec::new();
    }
    let Some((constraint, _)) = table.primary_key() else { return Vec::new() };
    let column = match key_column(context, table) {
        KeyColumn::Judge(column) => column,
        KeyColumn::Natural(columns) => {
            if context.class(&table.name) == Class::Reference {
                return Vec::new();
            }
            let message = format!(
                "The key of `{}` (`{}`) is a natural key; the standard mandates {} keys.",
                table.name,
                columns.join(", "),
                mandate.kind
            );
            return vec![Answer::unmet(table, message).at(constraint.origin)];
        }
        KeyColumn::Exempt => return Vec::new(),
    };
    let mandated = mandate.kind;
    let subject = format!("{}.{}", table.name, column.name);
    let answer = match generator(context.catalog, context.standard, column) {
        Generator::Kind { kind, how, origin } if kind == mandated => {
            Answer::met(table, format!("`{subject}` is a {kind} by {how}")).at(origin)
        }
        Generator::Kind { kind, how, origin } => {
            let message = format!(
                "`{subject}` gets a {kind} key from {how}; the standard mandates {mandated} keys."
            );
            Answer::unmet(table, message).at(origin)
        }
        Generator::Other { what, origin } => {
            let message = format!("`{subject}` is {what}; the standard mandates {mandated} keys.");
            Answer::unmet(table, message).at(origin)
        }
        Generator::Unknown { because, origin } => {
            let message = format!("Whether `{subject}` is a {mandated}: {because}.");
            Answer::undecided(table, message).at(origin)
        }
        Generator::None if cannot_hold(column, mandated) => {
            if context.class(&table.name) == Class::Reference {
                return Vec::new();
            }
            let message = format!(
                "`{subject}` is of type `{}`, which cannot hold a {mandated}; the standard \
                 mandates {mandated} keys.",
                column.data_type
            );
            Answer::unmet(table, message).at(column.origin)
        }
        Generator::None if is_text(column) && context.class(&table.name) == Class::Reference => {
            return Vec::new();
        }
        Generator::None => {
            let message = match context.blind_on(table, |touches| touches.columns) {
                Some(blind) => format!(
                    "`{subject}` has no default, but a statement that may set one was not read \
                     ({}).",
                    blind.reason
                ),
                None => format!(
                    "`{subject}` has no default, so the application generates the key; its code \
                     or a default `{mandated}` generator would settle it."
                ),
            };
            Answer::undecided(table, message).at(column.origin)
        }
    };
    vec![answer.column(&column.name)]
}

/// What of a primary key a generator mandate is about.
pub(super) enum KeyColumn<'a> {
    /// This column.
    Judge(&'a Column),
    /// Several columns that mean something together.
    Natural(Vec<String>),
    /// Nothing: the key is someone else's.
    Exempt,
}

/// Finds the generated column of a key. Foreign keys are generated elsewhere; a partition key and
/// the time that orders versions stand beside the identifier.
pub(super) fn key_column<'a>(context: &Context<'_>, table: &'a Table) -> KeyColumn<'a> {
    let Some((_, key)) = table.primary_key() else { return KeyColumn::Exempt };
    let own: Vec<&Column> = key
        .iter()
        .filter(|name| !table.foreign_keys().any(|(_, key)| key.columns.contains(name)))
        .filter_map(|name| table.column(name))
        .collect();
    if own.is_empty() || own.len() < key.len() && key.len() > 1 && !has_generator(context, &own) {
        return KeyColumn::Exempt;
    }
    if let [column] = own.as_slice() {
        return KeyColumn::Judge(column);
    }
    let partition_key = match &table.kind {
        TableKind::Partitioned { key } => words_of_key(key),
        _ => Vec::new(),
    };
    let rest: Vec<&Column> = own
        .iter()
        .copied()
        .filter(|column| {
            !partition_key.contains(&column.name)
                && !column.data_type.name.starts_with("timestamp")
                && column.data_type.name != "date"
        })
        .collect();
    if let [column] = rest.as_slice() {
        return KeyColumn::Judge(column);
    }
    let generated = rest.iter().copied().find(|column| {
        !matches!(
            generator(context.catalog, context.standard, column),
            Generator::None | Generator::Other { .. }
        ) || words(&column.name) == ["id"]
    });
    generated.map_or_else(|| KeyColumn::Natural(key.to_vec()), KeyColumn::Judge)
}

fn has_generator(context: &Context<'_>, columns: &[&Column]) -> bool {
    columns.iter().any(|column| {
        words(&column.name) == ["id"]
            || matches!(
                generator(context.catalog, context.standard, column),
                Generator::Kind { .. } | Generator::Unknown { .. }
            )
    })
}

/// The names inside a partition key as written (`RANGE (created_at)`).
fn words_of_key(key: &str) -> Vec<String> {
    key.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_lowercase).collect()
}

/// Whether no value of the column's type can be of the mandated kind.
fn cannot_hold(column: &Column, mandated: KeyKind) -> bool {
    let integer = matches!(column.data_type.name.as_str(), "integer" | "bigint" | "smallint");
    match mandated {
        KeyKind::Ulid | KeyKind::Uuid7 | KeyKind::Uuid4 => {
            integer
                || matches!(
                    column.data_type.name.as_str(),
                    "boolean" | "date" | "real" | "double precision" | "inet"
                )
        }
        KeyKind::Identity => !integer,
        KeyKind::Serial | KeyKind::Natural | KeyKind::Any => false,
    }
}

fn is_text(column: &Column) -> bool {
    matches!(column.data_type.name.as_str(), "text" | "character varying" | "character" | "citext")
}
