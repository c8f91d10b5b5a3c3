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
//! Where the column has no default and a class of the models fills its value in (`default=uuid4`,
//! `default_factory=…`), that is its generator.
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
//! ```python fails
//! import uuid
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Message(Base):
//!     __tablename__ = "messages"
//!     id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
//!     body: Mapped[str]
//! ```
//!
//! ```python passes
//! import uuid
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//! from ulid import ULID
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Message(Base):
//!     __tablename__ = "messages"
//!     id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=lambda: ULID().to_uuid())
//!     body: Mapped[str]
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

use schemaward_catalog::{Column, ModelDefault, Table, TableKind};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::{defaults, key_kind};
use crate::facts::key::{Generator, generator};
use crate::facts::words::words;
use crate::standard::matches_pattern;
use crate::{Category, Class, Control, KeyKind, Severity, Standard};

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
    let found = match generator(context.catalog, context.standard, column) {
        // The server makes none, so whatever the program fills in is the key.
        Generator::None if !cannot_hold(column, mandated) => {
            of_program(context, table, column).unwrap_or(Generator::None)
        }
        found => found,
    };
    let answer = match found {
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

/// What the program fills in for a column, where a class says so.
fn of_program(context: &Context<'_>, table: &Table, column: &Column) -> Option<Generator> {
    // Classes that share a table share its columns, and so what fills them in.
    let (_, default) = defaults(context, &table.name, &column.name).into_iter().next()?;
    let ModelDefault { text, origin, generator } = default;
    let by = |kind| Generator::Kind {
        kind,
        how: format!("`{text}`, which the program fills in"),
        origin: *origin,
    };
    Some(match generator {
        Some(generator) => match key_kind(*generator) {
            Some(kind) => by(kind),
            None => {
                Generator::Other { what: format!("a time-based UUID by `{text}`"), origin: *origin }
            }
        },
        None if declares(context.standard, text) => by(context.standard.primary_key.kind),
        None => Generator::Unknown {
            because: format!(
                "the program fills in `{text}`, which is no generator this tool knows"
            ),
            origin: *origin,
        },
    })
}

/// Whether the standard names the function of the program that a default is, or calls.
fn declares(standard: &Standard, default: &str) -> bool {
    let name = default.trim_end_matches("()").rsplit(|c: char| !(c.is_alphanumeric() || c == '_'));
    let name = name.into_iter().next().unwrap_or_default();
    standard.primary_key.generators.iter().any(|generator| generator == name)
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
