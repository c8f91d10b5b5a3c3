//! Roles and privileges.

use schemaward_catalog::{
    Change, DefaultKind, DefaultPrivilege, Grant, GrantTarget, ObjectName, ObjectRef, Origin,
    RoleDefinition,
};

use crate::cursor::{Cursor, Parsed};
use crate::lexer::TokenKind;
use crate::outcome::Outcome;
use crate::routine::argument_types;

type Privileges = Vec<(String, Vec<String>)>;

/// `GRANT`, after that word.
pub(crate) fn grant(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    let privileges = privileges(cursor)?;
    if !cursor.eat(&["on"]) {
        cursor.expect(&["to"])?;
        let (members, _) = grantees(cursor)?;
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
    let (grantees, grantable) = grantees(cursor)?;
    let grants = grantees
        .into_iter()
        .map(|grantee| Grant { privileges: privileges.clone(), grantee, grantable, origin })
        .collect();
    Ok(Outcome::read(Change::Grant { on, grants }))
}

/// `REVOKE`, after that word.
pub(crate) fn revoke(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let option = cursor.eat(&["grant", "option", "for"]);
    // What a membership lets its holder do is no part of the catalog; that there is one is.
    let membership =
        ["admin", "inherit", "set"].into_iter().any(|word| cursor.eat(&[word, "option", "for"]));
    let privileges = privileges(cursor)?;
    if !cursor.eat(&["on"]) {
        cursor.expect(&["from"])?;
        let (members, _) = grantees(cursor)?;
        if membership {
            return Ok(Outcome::Irrelevant("membership option"));
        }
        let changes = privileges.iter().flat_map(|(role, _)| {
            let role = role.to_lowercase();
            let revoke = move |member: &String| Change::RevokeRole {
                role: role.clone(),
                member: member.clone(),
            };
            members.iter().map(revoke)
        });
        return Ok(Outcome::Read(changes.collect()));
    }
    let on = targets(cursor)?;
    cursor.expect(&["from"])?;
    let (from, _) = grantees(cursor)?;
    Ok(Outcome::read(Change::Revoke { on, privileges, from, option_only: option }))
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

/// The roles after `TO` or `FROM`, and whether they may pass on what they get.
fn grantees(cursor: &mut Cursor<'_>) -> Parsed<(Vec<String>, bool)> {
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
    let grantable = cursor.is("with") && cursor.is_at(1, "grant") && cursor.is_at(2, "option");
    cursor.skip_to_end();
    Ok((roles, grantable))
}

/// Kinds of object whose privileges the catalog does not hold.
const OTHER_TARGETS: &[&[&str]] = &[
    &["database"],
    &["foreign", "data", "wrapper"],
    &["foreign", "server"],
    &["language"],
    &["large", "object"],
    &["parameter"],
    &["tablespace"],
];

fn targets(cursor: &mut Cursor<'_>) -> Parsed<Vec<GrantTarget>> {
    if cursor.eat(&["all"]) {
        let all: fn(String) -> GrantTarget = match cursor.word().as_deref() {
            Some("tables") => GrantTarget::AllTables,
            Some("sequences") => GrantTarget::AllSequences,
            Some("functions") => GrantTarget::AllFunctions,
            Some("procedures") => GrantTarget::AllProcedures,
            Some("routines") => GrantTarget::AllRoutines,
            _ => return cursor.fail("TABLES, SEQUENCES, FUNCTIONS, PROCEDURES or ROUTINES"),
        };
        cursor.expect(&["in", "schema"])?;
        let mut targets = Vec::new();
        loop {
            targets.push(all(cursor.identifier()?));
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
    let named: fn(ObjectName) -> GrantTarget = if cursor.eat(&["sequence"]) {
        GrantTarget::Sequence
    } else if cursor.eat(&["type"]) || cursor.eat(&["domain"]) {
        GrantTarget::Type
    } else if cursor.eat(&["schema"]) {
        |name| GrantTarget::Schema(name.name)
    } else {
        cursor.eat(&["table"]);
        GrantTarget::Table
    };
    let mut targets = Vec::new();
    loop {
        targets.push(named(cursor.object_name()?));
        if !cursor.eat_kind(TokenKind::Comma) {
            return Ok(targets);
        }
    }
}

/// `ALTER DEFAULT PRIVILEGES`, after those words.
pub(crate) fn alter_default_privileges(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    let mut roles = vec![None];
    let mut schemas = vec![None];
    loop {
        if cursor.eat(&["for", "role"]) || cursor.eat(&["for", "user"]) {
            roles = names(cursor)?.into_iter().map(Some).collect();
        } else if cursor.eat(&["in", "schema"]) {
            schemas = names(cursor)?.into_iter().map(Some).collect();
        } else {
            break;
        }
    }
    let revoked = cursor.eat(&["revoke"]);
    if !revoked {
        cursor.expect(&["grant"])?;
    }
    let option_only = revoked && cursor.eat(&["grant", "option", "for"]);
    let privileges = privileges(cursor)?;
    cursor.expect(&["on"])?;
    let kind = match cursor.word().as_deref() {
        Some("tables") => DefaultKind::Tables,
        Some("sequences") => DefaultKind::Sequences,
        Some("functions" | "routines") => DefaultKind::Functions,
        Some("types") => DefaultKind::Types,
        Some("schemas") => DefaultKind::Schemas,
        Some("large") if cursor.eat(&["objects"]) => DefaultKind::LargeObjects,
        _ => return cursor.fail("a kind of objects"),
    };
    cursor.expect(&[if revoked { "from" } else { "to" }])?;
    let (grantees, grantable) = grantees(cursor)?;
    let mut said = Vec::new();
    for role in &roles {
        let role = role.clone().filter(|role| !is_current_role(role));
        for schema in &schemas {
            let grants = grantees.iter().map(|grantee| Grant {
                privileges: privileges.clone(),
                grantee: grantee.clone(),
                grantable: grantable || option_only,
                origin,
            });
            said.extend(grants.map(|grant| DefaultPrivilege {
                role: role.clone(),
                schema: schema.clone(),
                kind,
                revoked,
                grant,
            }));
        }
    }
    Ok(Outcome::read(Change::DefaultPrivileges(said)))
}

/// Whether a name stands for the role that runs the text.
fn is_current_role(name: &str) -> bool {
    matches!(name, "current_user" | "current_role" | "session_user")
}

/// `ALTER GROUP`, after those words.
pub(crate) fn alter_group(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let role = cursor.identifier()?;
    if cursor.is("rename") {
        return crate::reference::alter_common(cursor, ObjectRef::Role(role));
    }
    let add = cursor.eat(&["add", "user"]);
    if !add {
        cursor.expect(&["drop", "user"])?;
    }
    let members = names(cursor)?.into_iter().map(|member| {
        let role = role.clone();
        if add { Change::GrantRole { role, member } } else { Change::RevokeRole { role, member } }
    });
    let changes = members.collect();
    cursor.expect_end()?;
    Ok(Outcome::Read(changes))
}

/// `DROP OWNED`, after those words.
pub(crate) fn drop_owned(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    cursor.expect(&["by"])?;
    let roles = names(cursor)?;
    let cascade = cursor.eat(&["cascade"]);
    cursor.eat(&["restrict"]);
    cursor.expect_end()?;
    if roles.iter().any(|role| is_current_role(role)) {
        return Ok(Outcome::unread("what the role that runs it owns is not known"));
    }
    Ok(Outcome::read(Change::DropOwned { roles, cascade }))
}

/// `REASSIGN OWNED`, after the first of those words.
pub(crate) fn reassign_owned(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    cursor.expect(&["owned", "by"])?;
    let roles = names(cursor)?;
    cursor.expect(&["to"])?;
    let to = cursor.identifier()?;
    cursor.expect_end()?;
    Ok(Outcome::read(Change::ReassignOwned { roles, to }))
}

/// `CREATE ROLE | USER | GROUP`, from the last of those words: a user may log in.
pub(crate) fn create_role(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    let user = cursor.is("user");
    cursor.bump();
    let mut outcome = role(cursor, origin)?;
    if let Outcome::Read(changes) = &mut outcome
        && let [Change::SetRole(role)] = changes.as_mut_slice()
    {
        role.login = role.login.or(Some(user));
    }
    Ok(outcome)
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
                // psql puts the value of `:'name'` in its place.
                cursor.eat_kind(TokenKind::Colon);
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
