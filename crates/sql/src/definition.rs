//! Types, domains, sequences, schemas and extensions.

use schemaward_catalog::{Change, DomainCheck, EnumPosition, ObjectName, ObjectRef, UserTypeKind};

use crate::cursor::{Cursor, Parsed};
use crate::reference::alter_common;
use crate::statement::Outcome;

/// `CREATE SEQUENCE`, after those words.
pub(crate) fn create_sequence(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let if_not_exists = cursor.if_not_exists();
    let name = cursor.object_name()?;
    let create = Change::CreateSequence { name: name.clone(), if_not_exists };
    Ok(match alter_sequence(cursor, name)? {
        Outcome::Read(owner) => Outcome::Read(std::iter::once(create).chain(owner).collect()),
        _ => Outcome::read(create),
    })
}

/// `CREATE SCHEMA`, after those words.
pub(crate) fn create_schema(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let if_not_exists = cursor.if_not_exists();
    let mut name = None;
    if !cursor.is("authorization") {
        name = Some(cursor.identifier()?);
    }
    if cursor.eat(&["authorization"]) {
        let owner = cursor.identifier()?;
        name = name.or(Some(owner));
    }
    if !cursor.at_end() {
        return Ok(Outcome::unread("the objects inside CREATE SCHEMA are not followed"));
    }
    Ok(Outcome::read(Change::CreateSchema { name: name.unwrap_or_default(), if_not_exists }))
}

/// `CREATE EXTENSION`, after those words.
pub(crate) fn create_extension(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    cursor.if_not_exists();
    let name = cursor.identifier()?;
    cursor.eat(&["with"]);
    let mut schema = None;
    while !cursor.at_end() {
        if cursor.eat(&["schema"]) {
            schema = Some(cursor.identifier()?);
        } else if cursor.eat(&["version"]) {
            cursor.bump();
        } else {
            cursor.expect(&["cascade"])?;
        }
    }
    Ok(Outcome::read(Change::CreateExtension { name, schema }))
}

/// `CREATE TYPE`, after those words.
pub(crate) fn create_type(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let name = cursor.object_name()?;
    let kind = if cursor.eat(&["as", "enum"]) {
        let mut labels = Vec::new();
        for mut label in cursor.parens()?.comma_separated() {
            labels.push(label.string()?);
        }
        UserTypeKind::Enum(labels)
    } else if cursor.is("as") && !cursor.is_at(1, "range") {
        cursor.bump();
        let mut attributes = Vec::new();
        for mut attribute in cursor.parens()?.comma_separated() {
            attributes.push((attribute.identifier()?, attribute.data_type()?));
        }
        UserTypeKind::Composite(attributes)
    } else {
        let definition = cursor.until(|_| false).written().to_owned();
        cursor.skip_to_end();
        UserTypeKind::Other(definition)
    };
    cursor.expect_end()?;
    Ok(Outcome::read(Change::CreateType { name, kind }))
}

/// `CREATE DOMAIN`, after those words.
pub(crate) fn create_domain(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    const STOPS: &[&str] = &["check", "collate", "constraint", "not", "null", "default"];
    let name = cursor.object_name()?;
    cursor.eat(&["as"]);
    let base = cursor.data_type()?;
    let (mut not_null, mut default, mut checks) = (false, None, Vec::new());
    while !cursor.at_end() {
        let name = if cursor.eat(&["constraint"]) { cursor.identifier()? } else { String::new() };
        if cursor.eat(&["not", "null"]) {
            not_null = true;
        } else if cursor.eat(&["default"]) {
            default = Some(cursor.until(|c| c.is_any(STOPS)).expression());
        } else if cursor.eat(&["check"]) {
            let expression = cursor.parens()?.expression();
            checks.push(DomainCheck { name, expression, comment: None });
        } else if cursor.eat(&["collate"]) {
            cursor.object_name()?;
        } else {
            cursor.expect(&["null"])?;
        }
    }
    let kind = UserTypeKind::Domain { base, not_null, default, checks };
    Ok(Outcome::read(Change::CreateType { name, kind }))
}

/// What `CREATE` and `ALTER SEQUENCE` say of the owning column; the values hold no control.
pub(crate) fn alter_sequence(cursor: &mut Cursor<'_>, name: ObjectName) -> Parsed<Outcome> {
    while !cursor.at_end() {
        if cursor.eat(&["owned", "by"]) {
            let column = if cursor.eat(&["none"]) { None } else { Some(cursor.column_name()?) };
            return Ok(Outcome::read(Change::SetSequenceOwner { name, column }));
        }
        cursor.bump();
    }
    Ok(Outcome::Irrelevant("sequence values"))
}

/// `ALTER TYPE`, after those words.
pub(crate) fn alter_type(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let name = cursor.object_name()?;
    if cursor.eat(&["add", "value"]) {
        let if_not_exists = cursor.if_not_exists();
        let value = cursor.string()?;
        let position = if cursor.eat(&["before"]) {
            Some(EnumPosition::Before(cursor.string()?))
        } else if cursor.eat(&["after"]) {
            Some(EnumPosition::After(cursor.string()?))
        } else {
            None
        };
        return Ok(Outcome::read(Change::AddEnumValue { name, value, position, if_not_exists }));
    }
    if cursor.eat(&["rename", "value"]) {
        let from = cursor.string()?;
        cursor.expect(&["to"])?;
        let to = cursor.string()?;
        return Ok(Outcome::read(Change::RenameEnumValue { name, from, to }));
    }
    if cursor.is_any(&["add", "drop", "alter"]) || (cursor.is("rename") && !cursor.is_at(1, "to")) {
        return Ok(Outcome::unread("changes of a composite type's attributes are not followed"));
    }
    if cursor.is("set") && !cursor.is_at(1, "schema") {
        return Ok(Outcome::Irrelevant("type storage"));
    }
    alter_common(cursor, ObjectRef::Type(name))
}
