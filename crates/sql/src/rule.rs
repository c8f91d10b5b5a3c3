//! Rewrite rules, event triggers and publications.

use schemaward_catalog::{
    Change, EventTrigger, ObjectName, ObjectRef, Origin, Publication, PublicationAction,
    PublishedTable, QualifiedName, Rule, RuleEvent, TriggerState,
};

use crate::cursor::{Cursor, Parsed, unresolved};
use crate::expression::parse_statements;
use crate::lexer::TokenKind;
use crate::outcome::Outcome;
use crate::reference::alter_common;

/// `CREATE [OR REPLACE] RULE`, after those words.
pub(crate) fn create_rule(
    cursor: &mut Cursor<'_>,
    or_replace: bool,
    origin: Origin,
) -> Parsed<Outcome> {
    let name = cursor.identifier()?;
    cursor.expect(&["as", "on"])?;
    let event = match cursor.word().as_deref() {
        Some("select") => RuleEvent::Select,
        Some("insert") => RuleEvent::Insert,
        Some("update") => RuleEvent::Update,
        Some("delete") => RuleEvent::Delete,
        _ => return cursor.fail("SELECT, INSERT, UPDATE or DELETE"),
    };
    cursor.expect(&["to"])?;
    let relation = cursor.object_name()?;
    let when = if cursor.eat(&["where"]) {
        Some(cursor.until(|cursor| cursor.is("do")).expression())
    } else {
        None
    };
    cursor.expect(&["do"])?;
    let instead = cursor.eat(&["instead"]);
    cursor.eat(&["also"]);
    let start = cursor.consumed();
    cursor.skip_to_end();
    let action = cursor.span_from(start).of(cursor.text).to_owned();
    if action.is_empty() {
        return cursor.fail("the rule's action");
    }
    let ast = if action.eq_ignore_ascii_case("nothing") {
        Some(Vec::new())
    } else {
        let inside = action.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
        inside.and_then(parse_statements).or_else(|| parse_statements(&action))
    };
    let state = TriggerState::Enabled;
    let rule = Rule { name, event, instead, when, action, ast, state, comment: None, origin };
    Ok(Outcome::read(Change::CreateRule { relation, rule: Box::new(rule), or_replace }))
}

/// `ALTER RULE`, after those words.
pub(crate) fn alter_rule(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let name = cursor.identifier()?;
    cursor.expect(&["on"])?;
    let what = ObjectRef::Rule(cursor.object_name()?, name);
    alter_common(cursor, what)
}

/// `CREATE EVENT TRIGGER`, after those words.
pub(crate) fn create_event_trigger(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    let name = cursor.identifier()?;
    cursor.expect(&["on"])?;
    let event = cursor.identifier()?;
    let mut tags = Vec::new();
    if cursor.eat(&["when"]) {
        loop {
            // TAG is the one filter there is.
            cursor.identifier()?;
            cursor.expect(&["in"])?;
            for mut tag in cursor.parens()?.comma_separated() {
                tags.push(tag.string()?);
            }
            if !cursor.eat(&["and"]) {
                break;
            }
        }
    }
    cursor.expect(&["execute"])?;
    if !cursor.eat(&["procedure"]) {
        cursor.expect(&["function"])?;
    }
    let function = cursor.object_name()?;
    cursor.parens()?;
    cursor.expect_end()?;
    let trigger = Box::new(EventTrigger {
        name,
        event,
        tags,
        function: unresolved(&function),
        state: TriggerState::Enabled,
        owner: None,
        comment: None,
        origin,
    });
    Ok(Outcome::read(Change::CreateEventTrigger { function, trigger }))
}

/// `ALTER EVENT TRIGGER`, after those words.
pub(crate) fn alter_event_trigger(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let name = cursor.identifier()?;
    let state = if cursor.eat(&["disable"]) {
        TriggerState::Disabled
    } else if cursor.eat(&["enable", "replica"]) {
        TriggerState::Replica
    } else if cursor.eat(&["enable", "always"]) {
        TriggerState::Always
    } else if cursor.eat(&["enable"]) {
        TriggerState::Enabled
    } else {
        return alter_common(cursor, ObjectRef::EventTrigger(name));
    };
    cursor.expect_end()?;
    Ok(Outcome::read(Change::SetEventTriggerState { name, state }))
}

/// `CREATE PUBLICATION`, after those words.
pub(crate) fn create_publication(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    let mut publication = Publication {
        name: cursor.identifier()?,
        all_tables: false,
        tables: Vec::new(),
        schemas: Vec::new(),
        parameters: Vec::new(),
        owner: None,
        comment: None,
        origin,
    };
    if cursor.eat(&["for", "all", "tables"]) {
        publication.all_tables = true;
    } else if cursor.eat(&["for"]) {
        (publication.tables, publication.schemas) = publication_objects(cursor)?;
    }
    if cursor.eat(&["with"]) {
        publication.parameters = parameters(cursor)?;
    }
    cursor.expect_end()?;
    Ok(Outcome::read(Change::CreatePublication(Box::new(publication))))
}

/// `ALTER PUBLICATION`, after those words.
pub(crate) fn alter_publication(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let name = cursor.identifier()?;
    let action = if cursor.eat(&["add"]) {
        let (tables, schemas) = publication_objects(cursor)?;
        PublicationAction::Add { tables, schemas }
    } else if cursor.eat(&["drop"]) {
        let (tables, schemas) = publication_objects(cursor)?;
        PublicationAction::Drop { tables, schemas }
    } else if cursor.is("set") && (cursor.is_at(1, "table") || cursor.is_at(1, "tables")) {
        cursor.bump();
        let (tables, schemas) = publication_objects(cursor)?;
        PublicationAction::Set { tables, schemas }
    } else if cursor.eat(&["set"]) {
        PublicationAction::SetParameters(parameters(cursor)?)
    } else {
        return alter_common(cursor, ObjectRef::Publication(name));
    };
    cursor.expect_end()?;
    Ok(Outcome::read(Change::AlterPublication { name, action }))
}

fn parameters(cursor: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    let mut inside = cursor.parens()?;
    Ok(inside.comma_separated().iter().map(Cursor::portable).collect())
}

/// `TABLE a, b (x) WHERE (…), TABLES IN SCHEMA s, …`: an item without a kind is of the last one.
fn publication_objects(cursor: &mut Cursor<'_>) -> Parsed<(Vec<PublishedTable>, Vec<String>)> {
    let (mut tables, mut schemas) = (Vec::new(), Vec::new());
    let mut in_schema = false;
    loop {
        if cursor.eat(&["tables", "in", "schema"]) {
            in_schema = true;
        } else if cursor.eat(&["table"]) {
            in_schema = false;
        }
        if in_schema {
            schemas.push(cursor.identifier()?);
        } else {
            tables.push(published_table(cursor)?);
        }
        if !cursor.eat_kind(TokenKind::Comma) {
            return Ok((tables, schemas));
        }
    }
}

fn published_table(cursor: &mut Cursor<'_>) -> Parsed<PublishedTable> {
    let only = cursor.eat(&["only"]);
    let written: ObjectName = cursor.object_name()?;
    cursor.eat_operator("*");
    let columns =
        if cursor.is_kind(TokenKind::LeftParen) { cursor.identifier_list()? } else { Vec::new() };
    let filter = if cursor.eat(&["where"]) { Some(cursor.parens()?.expression()) } else { None };
    let table: QualifiedName = unresolved(&written);
    Ok(PublishedTable { table, only, columns, filter })
}
