//! Roles and privileges.

use schemaward_catalog::{Change, Grant, GrantTarget, Origin, RoleDefinition};

use crate::cursor::{Cursor, Parsed};
use crate::lexer::TokenKind;
use crate::routine::argument_types;
use crate::statement::Outcome;

type Privileges = Vec<(String, Vec<String>)>;

/// `GRANT`, after that word.
pub(crate) fn grant(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    let privileges = privileges(cursor)?;
    if !cursor.eat(&["on"]) {
        cursor.expect(&["to"])?;
        let members = grantees(cursor)?;
        let changes = privileges.iter().flat_map(|(role, _)| {
            let role = role.to_lowercase();
            members
                .iter()
                .map(move |member| Change::GrantRole { role: role.clone(), member: member.clone() })
        });
        return Ok(Outcome::Read(changes.collect()));
    }
    let on = targets(cursor)?;
    cursor.expect(&["to"])?;
    let grants = grantees(cursor)?
        .into_iter()
        .map(|grantee| Grant { privileges: privileges.clone(), grantee, origin })
        .collect();
    Ok(Outcome::read(Change::Grant { on, grants }))
}

/// `REVOKE`, after that word.
pub(crate) fn revoke(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let option = cursor.eat(&["grant", "option", "for"]) || cursor.eat(&["admin", "option", "for"]);
    let privileges = privileges(cursor)?;
    if !cursor.eat(&["on"]) {
        return Ok(Outcome::unread("REVOKE of a role's membership is not followed"));
    }
    let on = targets(cursor)?;
    cursor.expect(&["from"])?;
    let from = grantees(cursor)?;
    if option {
        return Ok(Outcome::Irrelevant("grant option"));
    }
    let privileges = privileges.into_iter().map(|(name, _)| name).collect();
    Ok(Outcome::read(Change::Revoke { on, privileges, from }))
}

/// `SELECT, UPDATE (a, b)`, `ALL PRIVILEGES`, or a list of roles.
fn privileges(cursor: &mut Cursor<'_>) -> Parsed<Privileges> {
    let mut privileges = Vec::new();
    loop {
        let mut name = cursor.identifier()?.to_uppercase();
        cursor.eat(&["privileges"]);
        // `ALTER SYSTEM` is the one privilege of two words.
        if cursor.eat(&["system"]) {
            name.push_str(" SYSTEM");
        }
        let columns = if cursor.is_kind(TokenKind::LeftParen) {
            cursor.identifier_list()?
        } else {
            Vec::new()
        };
        privileges.push((name, columns));
        if !cursor.eat_kind(TokenKind::Comma) {
            return Ok(privileges);
        }
    }
}

fn grantees(cursor: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    let mut roles = Vec::new();
    loop {
        cursor.eat(&["group"]);
        roles.push(cursor.identifier()?);
        if !cursor.eat_kind(TokenKind::Comma) {
            break;
        }
    }
    // `WITH GRANT OPTION`, `WITH ADMIN OPTION`, `GRANTED BY`, `CASCADE`.
    if !cursor.at_end() && !cursor.is_any(&["with", "granted", "cascade", "restrict"]) {
        return cursor.fail("the end of the statement");
    }
    cursor.skip_to_end();
    Ok(roles)
}

/// Kinds of object whose privileges the catalog does not hold.
const OTHER_TARGETS: &[&[&str]] = &[
    &["sequence"],
    &["database"],
    &["domain"],
    &["foreign", "data", "wrapper"],
    &["foreign", "server"],
    &["language"],
    &["large", "object"],
    &["parameter"],
    &["schema"],
    &["tablespace"],
    &["type"],
];

fn targets(cursor: &mut Cursor<'_>) -> Parsed<Vec<GrantTarget>> {
    if cursor.eat(&["all"]) {
        let tables = cursor.eat(&["tables"]);
        if !tables {
            cursor.identifier()?;
        }
        cursor.expect(&["in", "schema"])?;
        let mut targets = Vec::new();
        loop {
            let schema = cursor.identifier()?;
            targets.push(if tables { GrantTarget::AllTables(schema) } else { GrantTarget::Other });
            if !cursor.eat_kind(TokenKind::Comma) {
                return Ok(targets);
            }
        }
    }
    for word in ["function", "procedure", "routine"] {
        if cursor.is(word) && !cursor.is_at(1, "to") && !cursor.is_at(1, "from") {
            cursor.bump();
            let mut targets = Vec::new();
            loop {
                let name = cursor.object_name()?;
                targets.push(GrantTarget::Function(name, argument_types(cursor)?));
                if !cursor.eat_kind(TokenKind::Comma) {
                    return Ok(targets);
                }
            }
        }
    }
    for words in OTHER_TARGETS {
        if cursor.eat(words) {
            while !cursor.at_end() && !cursor.is_any(&["to", "from"]) {
                cursor.bump();
            }
            return Ok(vec![GrantTarget::Other]);
        }
    }
    cursor.eat(&["table"]);
    let mut targets = Vec::new();
    loop {
        targets.push(GrantTarget::Table(cursor.object_name()?));
        if !cursor.eat_kind(TokenKind::Comma) {
            return Ok(targets);
        }
    }
}

/// `ALTER DEFAULT PRIVILEGES`: read for its form; the objects it touches are those of the future.
pub(crate) fn alter_default_privileges(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    while !cursor.at_end() && !cursor.is_any(&["grant", "revoke"]) {
        cursor.bump();
    }
    if cursor.at_end() {
        return cursor.fail("GRANT or REVOKE");
    }
    Ok(Outcome::Irrelevant("default privileges"))
}

/// `CREATE | ALTER ROLE | USER`, after those words.
pub(crate) fn role(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    let mut role =
        RoleDefinition { name: cursor.identifier()?, origin, ..RoleDefinition::default() };
    if cursor.eat(&["rename", "to"]) {
        let what = schemaward_catalog::ObjectRef::Role(role.name);
        return Ok(Outcome::read(Change::Rename { what, to: cursor.identifier()? }));
    }
    if cursor.is_any(&["set", "reset", "in"]) && (!cursor.is("in") || cursor.is_at(1, "database")) {
        return Ok(Outcome::Irrelevant("role setting"));
    }
    cursor.eat(&["with"]);
    while let Some(word) = cursor.word() {
        match word.as_str() {
            "login" => role.login = Some(true),
            "nologin" => role.login = Some(false),
            "superuser" => role.superuser = Some(true),
            "nosuperuser" => role.superuser = Some(false),
            "bypassrls" => role.bypass_rls = Some(true),
            "nobypassrls" => role.bypass_rls = Some(false),
            "in" => {
                if !cursor.eat(&["role"]) {
                    cursor.expect(&["group"])?;
                }
                role.member_of = names(cursor)?;
            }
            "role" | "admin" | "user" => role.members.extend(names(cursor)?),
            "password" | "connection" | "valid" | "sysid" => {
                let _ = cursor.eat(&["limit"]) || cursor.eat(&["until"]);
                cursor.eat_operator("-");
                cursor.bump();
            }
            "encrypted" | "unencrypted" | "inherit" | "noinherit" | "createdb" | "nocreatedb"
            | "createrole" | "nocreaterole" | "replication" | "noreplication" => {}
            _ => return cursor.fail("a role attribute"),
        }
    }
    cursor.expect_end()?;
    Ok(Outcome::read(Change::SetRole(role)))
}

fn names(cursor: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    let mut names = vec![cursor.identifier()?];
    while cursor.eat_kind(TokenKind::Comma) {
        names.push(cursor.identifier()?);
    }
    Ok(names)
}
