//! What becomes of a statement.

use schemaward_catalog::Change;

use crate::cursor::{Cursor, Parsed};
use crate::plpgsql::Program;

/// What became of a statement.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// Its effect, which may be none that the catalog holds.
    Read(Vec<Change>),
    /// Its effect depends on the catalog it runs on.
    Evaluate(Program),
    /// Known to hold no schema: the kind, by name.
    Irrelevant(&'static str),
    /// Not read, and why.
    Unread(String),
}

impl Outcome {
    pub(crate) fn read(change: Change) -> Self {
        Self::Read(vec![change])
    }

    pub(crate) fn unread(reason: impl Into<String>) -> Self {
        Self::Unread(reason.into())
    }
}

/// Objects that no rule looks at, by the words after `CREATE`, `ALTER` or `DROP`.
pub(crate) const IRRELEVANT_OBJECTS: &[&[&str]] = &[
    &["access", "method"],
    &["aggregate"],
    &["cast"],
    &["collation"],
    &["conversion"],
    &["default", "conversion"],
    &["database"],
    &["foreign", "data", "wrapper"],
    &["language"],
    &["large", "object"],
    &["operator"],
    &["procedural", "language"],
    &["server"],
    &["statistics"],
    &["subscription"],
    &["system"],
    &["tablespace"],
    &["text", "search"],
    &["transform"],
    &["trusted", "language"],
    &["trusted", "procedural", "language"],
    &["user", "mapping"],
];

/// Reads the rest of a statement about an object that no rule looks at.
pub(crate) fn irrelevant_object(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    for words in IRRELEVANT_OBJECTS {
        if cursor.eat(words) {
            return Ok(Outcome::Irrelevant(words.first().copied().unwrap_or_default()));
        }
    }
    cursor.fail("a kind of object")
}
