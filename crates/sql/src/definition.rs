//! Types, domains, sequences, schemas and extensions.

use schemaward_catalog::{
    AttributeAction, Change, DomainAction, DomainCheck, EnumPosition, ObjectName, ObjectRef,
    SequenceWords, UserTypeKind,
};

use crate::cursor::{Cursor, Parsed};
use crate::lexer::TokenKind;
use crate::outcome::Outcome;
use crate::reference::alter_common;

/// `CREATE SEQUENCE`, after those words.
pub(crate) fn create_sequence(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let if_not_exists = cursor.if_not_exists();
    let name = cursor.object_name()?;
    let SequenceWords { options, owner, .. } = sequence_options(cursor)?;
    let create = Change::CreateSequence { name: name.clone(), if_not_exists, options };
    let owner = owner.map(|column| Change::SetSequenceOwner { name, column });
    Ok(Outcome::Read(std::iter::once(create).chain(owner).collect()))
}

/// `CREATE SCHEMA`, after those words: its name, and what it says before its elements.
pub(crate) fn create_schema(cursor: &mut Cursor<'_>) -> Parsed<(String, Vec<Change>)> {
    let if_not_exists = cursor.if_not_exists();
    let mut name = None;
    if !cursor.is("authorization") {
        name = Some(cursor.identifier()?);
    }
    let mut owner = None;
    if cursor.eat(&["authorization"]) {
        owner = Some(cursor.identifier()?);
        name = name.or(owner.clone());
    }
    let name = name.unwrap_or_default();
    let create = Change::CreateSchema { name: name.clone(), if_not_exists };
    let what = ObjectRef::Schema(name.clone());
    let owner = owner.map(|owner| Change::SetOwner { what, owner });
    Ok((name, std::iter::once(create).chain(owner).collect()))
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
        let definition = cursor.until(|_| false).portable();
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
            checks.push(DomainCheck { name, expression, not_valid: false, comment: None });
        } else if cursor.eat(&["collate"]) {
            cursor.object_name()?;
        } else {
            cursor.expect(&["null"])?;
        }
    }
    let kind = UserTypeKind::Domain { base, not_null, default, checks };
    Ok(Outcome::read(Change::CreateType { name, kind }))
}

/// `ALTER SEQUENCE`, after its name.
pub(crate) fn alter_sequence(
    cursor: &mut Cursor<'_>,
    name: &ObjectName,
    if_exists: bool,
) -> Parsed<Outcome> {
    if cursor.eat(&["set", "logged"]) || cursor.eat(&["set", "unlogged"]) {
        return Ok(Outcome::Irrelevant("sequence storage"));
    }
    let SequenceWords { options, owner, .. } = sequence_options(cursor)?;
    let owner = owner.map(|column| Change::SetSequenceOwner { name: name.clone(), column });
    let alter = (!options.is_empty()).then(|| Change::AlterSequence {
        name: name.clone(),
        if_exists,
        options,
    });
    Ok(Outcome::Read(alter.into_iter().chain(owner).collect()))
}

/// The options of a sequence.
pub(crate) fn sequence_options(cursor: &mut Cursor<'_>) -> Parsed<SequenceWords> {
    let mut words = SequenceWords::default();
    while !cursor.at_end() {
        let start = cursor.consumed();
        let name = if cursor.eat(&["owned", "by"]) {
            words.owner =
                Some(if cursor.eat(&["none"]) { None } else { Some(cursor.column_name()?) });
            continue;
        } else if cursor.eat(&["restart"]) {
            // Where it counts from next is data.
            cursor.eat(&["with"]);
            signed_number(cursor);
            continue;
        } else if cursor.eat(&["sequence", "name"]) {
            words.name = Some(cursor.object_name()?);
            continue;
        } else if cursor.eat(&["as"]) {
            cursor.data_type()?;
            "type"
        } else if cursor.eat(&["increment"]) {
            cursor.eat(&["by"]);
            signed_number(cursor);
            "increment"
        } else if cursor.eat(&["start"]) {
            cursor.eat(&["with"]);
            signed_number(cursor);
            "start"
        } else if cursor.eat(&["cache"]) {
            signed_number(cursor);
            "cache"
        } else if cursor.eat(&["minvalue"]) {
            signed_number(cursor);
            "min"
        } else if cursor.eat(&["no", "minvalue"]) {
            "min"
        } else if cursor.eat(&["maxvalue"]) {
            signed_number(cursor);
            "max"
        } else if cursor.eat(&["no", "maxvalue"]) {
            "max"
        } else if cursor.eat(&["cycle"]) || cursor.eat(&["no", "cycle"]) {
            "cycle"
        } else if cursor.eat(&["logged"]) || cursor.eat(&["unlogged"]) {
            // What `pg_dump` says of an identity column's sequence.
            continue;
        } else {
            return cursor.fail("an option of a sequence");
        };
        words.options.push((name, cursor.span_from(start).of(cursor.text).to_owned()));
    }
    Ok(words)
}

fn signed_number(cursor: &mut Cursor<'_>) {
    let _ = cursor.eat_operator("-") || cursor.eat_operator("+");
    cursor.eat_kind(TokenKind::Number);
}

/// `ALTER DOMAIN`, after its name.
pub(crate) fn alter_domain(cursor: &mut Cursor<'_>, what: ObjectRef) -> Parsed<Outcome> {
    let ObjectRef::Domain(name) = &what else { return alter_common(cursor, what) };
    let action = if cursor.eat(&["set", "default"]) {
        DomainAction::SetDefault(Some(cursor.until(|_| false).expression()))
    } else if cursor.eat(&["drop", "default"]) {
        DomainAction::SetDefault(None)
    } else if cursor.eat(&["set", "not", "null"]) {
        DomainAction::SetNotNull(true)
    } else if cursor.eat(&["drop", "not", "null"]) {
        DomainAction::SetNotNull(false)
    } else if cursor.eat(&["add"]) {
        let name = if cursor.eat(&["constraint"]) { cursor.identifier()? } else { String::new() };
        if cursor.eat(&["not", "null"]) {
            DomainAction::SetNotNull(true)
        } else {
            cursor.expect(&["check"])?;
            let expression = cursor.parens()?.expression();
            let not_valid = cursor.eat(&["not", "valid"]);
            DomainAction::AddCheck(DomainCheck { name, expression, not_valid, comment: None })
        }
    } else if cursor.eat(&["drop", "constraint"]) {
        let if_exists = cursor.if_exists();
        let name = cursor.identifier()?;
        let _ = cursor.eat(&["cascade"]) || cursor.eat(&["restrict"]);
        DomainAction::DropConstraint { name, if_exists }
    } else if cursor.eat(&["rename", "constraint"]) {
        let from = cursor.identifier()?;
        cursor.expect(&["to"])?;
        DomainAction::RenameConstraint { from, to: cursor.identifier()? }
    } else if cursor.eat(&["validate", "constraint"]) {
        DomainAction::ValidateConstraint(cursor.identifier()?)
    } else {
        return alter_common(cursor, what);
    };
    cursor.expect_end()?;
    Ok(Outcome::read(Change::AlterDomain { name: name.clone(), action: Box::new(action) }))
}

/// The actions of `ALTER TYPE` on a composite type's attributes.
fn alter_attributes(cursor: &mut Cursor<'_>, name: ObjectName) -> Parsed<Outcome> {
    let mut actions = Vec::new();
    for mut part in cursor.comma_separated() {
        let action = if part.eat(&["add", "attribute"]) {
            AttributeAction::Add { name: part.identifier()?, data_type: part.data_type()? }
        } else if part.eat(&["drop", "attribute"]) {
            let if_exists = part.if_exists();
            AttributeAction::Drop { name: part.identifier()?, if_exists }
        } else if part.eat(&["rename", "attribute"]) {
            let from = part.identifier()?;
            part.expect(&["to"])?;
            AttributeAction::Rename { from, to: part.identifier()? }
        } else {
            part.expect(&["alter", "attribute"])?;
            let name = part.identifier()?;
            part.eat(&["set", "data"]);
            part.expect(&["type"])?;
            AttributeAction::SetType { name, data_type: part.data_type()? }
        };
        if part.eat(&["collate"]) {
            part.object_name()?;
        }
        let _ = part.eat(&["cascade"]) || part.eat(&["restrict"]);
        part.expect_end()?;
        actions.push(action);
    }
    Ok(Outcome::read(Change::AlterAttributes { name, actions }))
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
        return alter_attributes(cursor, name);
    }
    if cursor.is("set") && !cursor.is_at(1, "schema") {
        return Ok(Outcome::Irrelevant("type storage"));
    }
    alter_common(cursor, ObjectRef::Type(name))
}
