//! Statements that name objects: `DROP`, `COMMENT ON`, and what `ALTER` does to an object of any kind.

use schemaward_catalog::{
    Change, CommentTarget, ObjectName, ObjectRef, Origin, Remark, TableAction,
};

use crate::cursor::{Cursor, Parsed};
use crate::lexer::{TokenKind, dollar_inner};
use crate::outcome::{IRRELEVANT_OBJECTS, Outcome, comment_on_kept, drop_kept_object};
use crate::privilege::drop_owned;
use crate::routine::argument_types;

/// Makes the reference of a kind of object from its name.
type Named = fn(ObjectName) -> ObjectRef;

/// Makes the reference of a kind of object that lives in no schema.
type Global = fn(String) -> ObjectRef;

/// Makes the reference of a part of a relation.
type Part = fn(ObjectName, String) -> ObjectRef;

/// Kinds of object by the words that name them.
const NAMED: &[(&[&str], Named)] = &[
    (&["foreign", "table"], ObjectRef::Table),
    (&["table"], ObjectRef::Table),
    (&["materialized", "view"], ObjectRef::MaterializedView),
    (&["view"], ObjectRef::View),
    (&["index", "concurrently"], ObjectRef::Index),
    (&["index"], ObjectRef::Index),
    (&["sequence"], ObjectRef::Sequence),
    (&["type"], ObjectRef::Type),
    (&["domain"], ObjectRef::Domain),
];

/// Kinds of object that live in no schema.
const GLOBAL: &[(&str, Global)] = &[
    ("schema", ObjectRef::Schema),
    ("extension", ObjectRef::Extension),
    ("role", ObjectRef::Role),
    ("group", ObjectRef::Role),
    ("user", ObjectRef::Role),
    ("publication", ObjectRef::Publication),
];

/// Kinds of object that are a part of a relation.
const PARTS: &[(&str, Part)] =
    &[("policy", ObjectRef::Policy), ("trigger", ObjectRef::Trigger), ("rule", ObjectRef::Rule)];

/// `DROP`, after that word.
pub(crate) fn drop(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    for (words, make) in NAMED {
        if cursor.eat(words) {
            return drop_list(cursor, |cursor| Ok(make(cursor.object_name()?)));
        }
    }
    for (word, make) in GLOBAL {
        if !cursor.is_at(1, "mapping") && cursor.eat(&[word]) {
            return drop_list(cursor, |cursor| Ok(make(cursor.identifier()?)));
        }
    }
    for word in ["function", "procedure", "routine"] {
        if cursor.eat(&[word]) {
            return drop_list(cursor, |cursor| {
                let name = cursor.object_name()?;
                Ok(ObjectRef::Function(name, argument_types(cursor)?))
            });
        }
    }
    for (word, make) in PARTS {
        if cursor.eat(&[word]) {
            return drop_list(cursor, |cursor| {
                let name = cursor.identifier()?;
                cursor.expect(&["on"])?;
                Ok(make(cursor.object_name()?, name))
            });
        }
    }
    if cursor.eat(&["event", "trigger"]) {
        return drop_list(cursor, |cursor| Ok(ObjectRef::EventTrigger(cursor.identifier()?)));
    }
    if cursor.eat(&["owned"]) {
        return drop_owned(cursor);
    }
    drop_kept_object(cursor)
}

fn drop_list(
    cursor: &mut Cursor<'_>,
    object: impl Fn(&mut Cursor<'_>) -> Parsed<ObjectRef>,
) -> Parsed<Outcome> {
    let if_exists = cursor.if_exists();
    let mut what = vec![object(cursor)?];
    while cursor.eat_kind(TokenKind::Comma) {
        what.push(object(cursor)?);
    }
    let cascade = cursor.eat(&["cascade"]);
    cursor.eat(&["restrict"]);
    cursor.expect_end()?;
    Ok(Outcome::read(Change::Drop { what, if_exists, cascade }))
}

/// `RENAME TO`, `SET SCHEMA`, `OWNER TO` and what has no bearing, on any object.
pub(crate) fn alter_common(cursor: &mut Cursor<'_>, what: ObjectRef) -> Parsed<Outcome> {
    let change = if cursor.eat(&["rename", "to"]) {
        Change::Rename { what, to: cursor.identifier()? }
    } else if cursor.eat(&["set", "schema"]) {
        Change::SetSchema { what, schema: cursor.identifier()? }
    } else if cursor.eat(&["owner", "to"]) {
        Change::SetOwner { what, owner: cursor.identifier()? }
    } else if cursor.eat(&["depends"]) || cursor.eat(&["no", "depends"]) {
        return Ok(Outcome::Irrelevant("dependency"));
    } else {
        return cursor.fail("RENAME TO, SET SCHEMA or OWNER TO");
    };
    cursor.expect_end()?;
    Ok(Outcome::read(change))
}

/// `RENAME [COLUMN | CONSTRAINT] a TO b` on a relation.
pub(crate) fn rename_part(
    cursor: &mut Cursor<'_>,
    name: ObjectName,
    if_exists: bool,
) -> Parsed<Outcome> {
    let constraint = cursor.eat(&["constraint"]);
    cursor.eat(&["column"]);
    let from = cursor.identifier()?;
    cursor.expect(&["to"])?;
    let to = cursor.identifier()?;
    cursor.expect_end()?;
    let action = if constraint {
        TableAction::RenameConstraint { from, to }
    } else {
        TableAction::RenameColumn { from, to }
    };
    Ok(Outcome::read(Change::AlterTable { name, if_exists, only: false, actions: vec![action] }))
}

/// `COMMENT`, after that word.
pub(crate) fn comment(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    cursor.expect(&["on"])?;
    if let Some(kept) = comment_on_kept(cursor, origin)? {
        return Ok(kept);
    }
    let on = comment_target(cursor)?;
    cursor.expect(&["is"])?;
    let token = cursor.peek();
    let text = if cursor.eat(&["null"]) { None } else { Some(cursor.string()?) };
    let text = text.zip(token).map(|(text, token)| {
        let span = if token.kind == TokenKind::DollarString {
            dollar_inner(token, cursor.text)
        } else {
            token.span
        };
        Remark { text, origin: cursor.origin(span) }
    });
    cursor.expect_end()?;
    Ok(Outcome::read(Change::Comment { on, text }))
}

fn comment_target(cursor: &mut Cursor<'_>) -> Parsed<CommentTarget> {
    let object = CommentTarget::Object;
    if cursor.eat(&["column"]) {
        let (table, column) = cursor.column_name()?;
        return Ok(CommentTarget::Column(table, column));
    }
    if cursor.eat(&["constraint"]) {
        let name = cursor.identifier()?;
        cursor.expect(&["on"])?;
        if cursor.eat(&["domain"]) {
            return Ok(CommentTarget::DomainConstraint(cursor.object_name()?, name));
        }
        return Ok(CommentTarget::Constraint(cursor.object_name()?, name));
    }
    for (word, make) in PARTS {
        if cursor.eat(&[word]) {
            let name = cursor.identifier()?;
            cursor.expect(&["on"])?;
            return Ok(object(make(cursor.object_name()?, name)));
        }
    }
    if cursor.eat(&["event", "trigger"]) {
        return Ok(object(ObjectRef::EventTrigger(cursor.identifier()?)));
    }
    for word in ["function", "procedure", "routine"] {
        if cursor.eat(&[word]) {
            let name = cursor.object_name()?;
            return Ok(object(ObjectRef::Function(name, argument_types(cursor)?)));
        }
    }
    for (words, make) in NAMED {
        if cursor.eat(words) {
            return Ok(object(make(cursor.object_name()?)));
        }
    }
    for (word, make) in GLOBAL {
        if cursor.eat(&[word]) {
            return Ok(object(make(cursor.identifier()?)));
        }
    }
    let known =
        IRRELEVANT_OBJECTS.iter().any(|words| words.first().is_some_and(|word| cursor.is(word)));
    if !known && !cursor.is_any(&["access", "large"]) {
        return cursor.fail("a kind of object");
    }
    while !cursor.at_end() && !cursor.is("is") {
        cursor.bump();
    }
    Ok(CommentTarget::Other)
}
