//! What becomes of a statement.

use schemaward_catalog::{Change, Definition, Origin};

use crate::cursor::{Cursor, Parsed};
use crate::lexer::TokenKind;
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
    &["default", "conversion"],
    &["database"],
    &["language"],
    &["large", "object"],
    &["procedural", "language"],
    &["statistics"],
    &["subscription"],
    &["system"],
    &["tablespace"],
    &["transform"],
    &["trusted", "language"],
    &["trusted", "procedural", "language"],
    &["user", "mapping"],
];

/// Objects that no rule looks at either, but that others may be made of: they are kept as written.
const KEPT_OBJECTS: &[(&[&str], &str)] = &[
    (&["aggregate"], "aggregate"),
    (&["cast"], "cast"),
    (&["collation"], "collation"),
    (&["conversion"], "conversion"),
    (&["foreign", "data", "wrapper"], "foreign data wrapper"),
    (&["operator", "class"], "operator class"),
    (&["operator", "family"], "operator family"),
    (&["operator"], "operator"),
    (&["server"], "server"),
    (&["text", "search", "configuration"], "text search configuration"),
    (&["text", "search", "dictionary"], "text search dictionary"),
    (&["text", "search", "parser"], "text search parser"),
    (&["text", "search", "template"], "text search template"),
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

/// `CREATE` or `ALTER`, after that word, of an object that is kept as written; or irrelevant.
pub(crate) fn kept_object(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    for (words, kind) in KEPT_OBJECTS {
        if !cursor.eat(words) {
            continue;
        }
        let subject = subject(cursor, kind)?;
        let definition =
            Definition { kind, subject, text: cursor.portable(), search_path: Vec::new(), origin };
        cursor.skip_to_end();
        return Ok(Outcome::read(Change::Define(Box::new(definition))));
    }
    irrelevant_object(cursor)
}

/// `COMMENT ON`, after those words, of the same; `None` where the comment is on another object.
pub(crate) fn comment_on_kept(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Option<Outcome>> {
    for (words, kind) in KEPT_OBJECTS {
        if !cursor.eat(words) {
            continue;
        }
        let subject = subject(cursor, kind)?;
        while !cursor.at_end() && !cursor.is("is") {
            cursor.bump();
        }
        cursor.expect(&["is"])?;
        if !cursor.eat(&["null"]) {
            cursor.string()?;
        }
        cursor.expect_end()?;
        let text = cursor.portable();
        let definition = Definition { kind, subject, text, search_path: Vec::new(), origin };
        return Ok(Some(Outcome::read(Change::Define(Box::new(definition)))));
    }
    Ok(None)
}

/// `DROP`, after that word, of the same.
pub(crate) fn drop_kept_object(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    for (words, kind) in KEPT_OBJECTS {
        if !cursor.eat(words) {
            continue;
        }
        let mut subjects = Vec::new();
        for mut object in cursor.comma_separated() {
            subjects.push(subject(&mut object, kind)?);
        }
        return Ok(Outcome::read(Change::Undefine { kind, subjects }));
    }
    irrelevant_object(cursor)
}

/// What tells an object from others of its kind.
fn subject(cursor: &mut Cursor<'_>, kind: &str) -> Parsed<String> {
    let _ = cursor.if_not_exists() || cursor.if_exists();
    let squeezed = |text: &str| text.split_whitespace().collect::<String>().to_lowercase();
    if kind == "cast" {
        return Ok(squeezed(cursor.parens()?.written()));
    }
    if kind == "operator" {
        let start = cursor.consumed();
        while !cursor.at_end() && !cursor.is_kind(TokenKind::LeftParen) {
            cursor.bump();
        }
        let name = squeezed(cursor.span_from(start).of(cursor.text));
        return Ok(name.rsplit('.').next().unwrap_or(&name).to_owned());
    }
    let name = cursor.object_name()?.name;
    if kind == "aggregate" {
        let arguments = squeezed(cursor.parens()?.written());
        return Ok(format!("{name}({arguments})"));
    }
    Ok(name)
}
