//! Indexes, policies, triggers and views.

use schemaward_catalog::{
    Change, Index, IndexKey, IndexKeyKind, ObjectName, Origin, Policy, PolicyCommand, Trigger,
    TriggerState, TriggerTiming, ViewDefinition, policy_command,
};

use crate::cursor::{Cursor, Parsed, unresolved};
use crate::lexer::{TokenKind, string_value};
use crate::outcome::Outcome;

/// `CREATE [UNIQUE] INDEX`, after those words.
pub(crate) fn create_index(
    cursor: &mut Cursor<'_>,
    unique: bool,
    origin: Origin,
) -> Parsed<Outcome> {
    cursor.eat(&["concurrently"]);
    let if_not_exists = cursor.if_not_exists();
    let name = if cursor.is("on") { String::new() } else { cursor.object_name()?.name };
    cursor.expect(&["on"])?;
    let only = cursor.eat(&["only"]);
    let table = cursor.object_name()?;
    let method = if cursor.eat(&["using"]) { cursor.identifier()? } else { "btree".to_owned() };
    let mut keys = Vec::new();
    for mut key in cursor.parens()?.comma_separated() {
        keys.push(index_key(&mut key)?);
    }
    let mut index = Index {
        name,
        method,
        unique,
        nulls_not_distinct: false,
        keys,
        include: Vec::new(),
        predicate: None,
        only,
        part_of: None,
        own_columns: Vec::new(),
        serial: 0,
        comment: None,
        origin,
    };
    while !cursor.at_end() {
        if cursor.eat(&["include"]) {
            index.include = cursor.identifier_list()?;
        } else if cursor.eat(&["nulls", "not", "distinct"]) {
            index.nulls_not_distinct = true;
        } else if cursor.eat(&["nulls", "distinct"]) {
        } else if cursor.eat(&["with"]) {
            cursor.parens()?;
        } else if cursor.eat(&["tablespace"]) {
            cursor.identifier()?;
        } else {
            cursor.expect(&["where"])?;
            index.predicate = Some(without_parens(cursor.until(|_| false)).expression());
            cursor.expect_end()?;
        }
    }
    Ok(Outcome::read(Change::CreateIndex { table, index: Box::new(index), if_not_exists }))
}

/// The inside of parentheses that enclose the whole run.
fn without_parens(run: Cursor<'_>) -> Cursor<'_> {
    let mut inner = run;
    match inner.parens() {
        Ok(inside) if inner.at_end() && !inside.at_end() => without_parens(inside),
        _ => run,
    }
}

fn index_key(cursor: &mut Cursor<'_>) -> Parsed<IndexKey> {
    let call = || {
        // `lower(name)` and `app.f(x)`: an expression that needs no parentheses of its own.
        (1..4).find_map(|ahead| match cursor.peek_at(ahead).map(|token| token.kind) {
            Some(TokenKind::Dot | TokenKind::Word | TokenKind::QuotedIdent) => None,
            kind => Some(kind == Some(TokenKind::LeftParen) && dotted(cursor, ahead)),
        })
    };
    let kind = if cursor.is_kind(TokenKind::LeftParen) {
        IndexKeyKind::Expression(without_parens(cursor.parens()?).expression())
    } else if call() == Some(true) {
        let start = *cursor;
        let name = cursor.object_name()?;
        let arguments = cursor.parens()?;
        let _ = (name, arguments);
        let span = cursor.span_from(start.consumed());
        let text = span.of(cursor.text).to_owned();
        let ast = crate::expression::parse_expression(&text).map(Box::new);
        let origin = cursor.origin(span);
        IndexKeyKind::Expression(schemaward_catalog::Expression { text, ast, origin })
    } else {
        IndexKeyKind::Column(cursor.identifier()?)
    };
    let mut key = IndexKey {
        key: kind,
        collation: None,
        operator_class: None,
        descending: false,
        nulls_first: None,
    };
    while !cursor.at_end() {
        if cursor.eat(&["collate"]) {
            key.collation = Some(cursor.object_name()?);
        } else if cursor.eat(&["desc"]) {
            key.descending = true;
        } else if cursor.eat(&["asc"]) {
        } else if cursor.eat(&["nulls", "first"]) {
            key.nulls_first = Some(true);
        } else if cursor.eat(&["nulls", "last"]) {
            key.nulls_first = Some(false);
        } else {
            let class = cursor.object_name()?.to_string();
            let parameters = if cursor.is_kind(TokenKind::LeftParen) {
                format!(" ({})", cursor.parens()?.written())
            } else {
                String::new()
            };
            key.operator_class = Some(class + &parameters);
        }
    }
    Ok(key)
}

/// Whether the first `ahead` tokens are a name: words with dots between them.
fn dotted(cursor: &Cursor<'_>, ahead: usize) -> bool {
    ahead % 2 == 1
        && (1..ahead)
            .step_by(2)
            .all(|at| cursor.peek_at(at).is_some_and(|t| t.kind == TokenKind::Dot))
}

/// `CREATE POLICY`, after those words.
pub(crate) fn create_policy(cursor: &mut Cursor<'_>, origin: Origin) -> Parsed<Outcome> {
    let name = cursor.identifier()?;
    cursor.expect(&["on"])?;
    let table = cursor.object_name()?;
    let mut policy = Policy {
        name,
        permissive: true,
        command: PolicyCommand::All,
        roles: Vec::new(),
        using: None,
        check: None,
        comment: None,
        origin,
    };
    while !cursor.at_end() {
        if cursor.eat(&["as"]) {
            policy.permissive = cursor.eat(&["permissive"]);
            if !policy.permissive {
                cursor.expect(&["restrictive"])?;
            }
        } else if cursor.eat(&["for"]) {
            let command = cursor.word().and_then(|word| policy_command(&word));
            let Some(command) = command else {
                return cursor.fail("the policy's command");
            };
            policy.command = command;
        } else if cursor.eat(&["to"]) {
            policy.roles = policy_roles(cursor)?;
        } else if cursor.eat(&["using"]) {
            policy.using = Some(cursor.parens()?.expression());
        } else {
            cursor.expect(&["with", "check"])?;
            policy.check = Some(cursor.parens()?.expression());
        }
    }
    Ok(Outcome::read(Change::CreatePolicy { table, policy: Box::new(policy) }))
}

/// `ALTER POLICY`, after those words.
pub(crate) fn alter_policy(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let name = cursor.identifier()?;
    cursor.expect(&["on"])?;
    let table = cursor.object_name()?;
    if cursor.eat(&["rename", "to"]) {
        let what = schemaward_catalog::ObjectRef::Policy(table, name);
        return Ok(Outcome::read(Change::Rename { what, to: cursor.identifier()? }));
    }
    let (mut roles, mut using, mut check) = (None, None, None);
    while !cursor.at_end() {
        if cursor.eat(&["to"]) {
            roles = Some(policy_roles(cursor)?);
        } else if cursor.eat(&["using"]) {
            using = Some(cursor.parens()?.expression());
        } else {
            cursor.expect(&["with", "check"])?;
            check = Some(cursor.parens()?.expression());
        }
    }
    Ok(Outcome::read(Change::AlterPolicy { table, name, roles, using, check }))
}

/// Roles after `TO`; `PUBLIC` among them means everyone, which an empty list says when it is alone.
pub(crate) fn policy_roles(cursor: &mut Cursor<'_>) -> Parsed<Vec<String>> {
    let mut roles = Vec::new();
    loop {
        let role = cursor.identifier()?;
        if role != "public" {
            roles.push(role);
        }
        if !cursor.eat_kind(TokenKind::Comma) {
            return Ok(roles);
        }
    }
}

/// `CREATE [CONSTRAINT] TRIGGER`, after those words.
pub(crate) fn create_trigger(
    cursor: &mut Cursor<'_>,
    constraint: bool,
    or_replace: bool,
    origin: Origin,
) -> Parsed<Outcome> {
    let name = cursor.identifier()?;
    let timing = if cursor.eat(&["before"]) {
        TriggerTiming::Before
    } else if cursor.eat(&["after"]) {
        TriggerTiming::After
    } else {
        cursor.expect(&["instead", "of"])?;
        TriggerTiming::InsteadOf
    };
    let mut trigger = Trigger {
        of_parent: false,
        name,
        timing,
        insert: false,
        update: false,
        update_of: Vec::new(),
        delete: false,
        truncate: false,
        for_each_row: false,
        old_table: None,
        new_table: None,
        when: None,
        function: unresolved(&ObjectName::bare("")),
        arguments: Vec::new(),
        constraint,
        deferrable: false,
        initially_deferred: false,
        referenced: None,
        state: TriggerState::Enabled,
        state_origin: None,
        comment: None,
        origin,
    };
    trigger_events(cursor, &mut trigger)?;
    cursor.expect(&["on"])?;
    let table = cursor.object_name()?;
    let function = loop {
        if cursor.eat(&["from"]) {
            trigger.referenced = Some(cursor.object_name()?);
        } else if cursor.eat(&["not", "deferrable"]) || cursor.eat(&["initially", "immediate"]) {
        } else if cursor.eat(&["deferrable"]) {
            trigger.deferrable = true;
        } else if cursor.eat(&["initially", "deferred"]) {
            trigger.deferrable = true;
            trigger.initially_deferred = true;
        } else if cursor.eat(&["referencing"]) {
            transition_tables(cursor, &mut trigger)?;
        } else if cursor.eat(&["for"]) {
            cursor.eat(&["each"]);
            trigger.for_each_row = cursor.eat(&["row"]);
            if !trigger.for_each_row {
                cursor.expect(&["statement"])?;
            }
        } else if cursor.eat(&["when"]) {
            trigger.when = Some(cursor.parens()?.expression());
        } else {
            cursor.expect(&["execute"])?;
            if !cursor.eat(&["procedure"]) {
                cursor.expect(&["function"])?;
            }
            break cursor.object_name()?;
        }
    };
    for argument in cursor.parens()?.comma_separated() {
        let value = argument.peek().and_then(|token| string_value(token, cursor.text));
        trigger.arguments.push(value.unwrap_or_else(|| argument.portable()));
    }
    cursor.expect_end()?;
    let trigger = Box::new(trigger);
    Ok(Outcome::read(Change::CreateTrigger { table, function, trigger, or_replace }))
}

fn trigger_events(cursor: &mut Cursor<'_>, trigger: &mut Trigger) -> Parsed<()> {
    loop {
        match cursor.word().as_deref() {
            Some("insert") => trigger.insert = true,
            Some("delete") => trigger.delete = true,
            Some("truncate") => trigger.truncate = true,
            Some("update") => {
                trigger.update = true;
                if cursor.eat(&["of"]) {
                    trigger.update_of.push(cursor.identifier()?);
                    while cursor.eat_kind(TokenKind::Comma) {
                        trigger.update_of.push(cursor.identifier()?);
                    }
                }
            }
            _ => return cursor.fail("an event"),
        }
        if !cursor.eat(&["or"]) {
            return Ok(());
        }
    }
}

fn transition_tables(cursor: &mut Cursor<'_>, trigger: &mut Trigger) -> Parsed<()> {
    while cursor.is_any(&["old", "new"]) {
        let old = cursor.eat(&["old"]);
        if !old {
            cursor.expect(&["new"])?;
        }
        if !cursor.eat(&["table"]) {
            cursor.expect(&["row"])?;
        }
        cursor.eat(&["as"]);
        let name = Some(cursor.identifier()?);
        if old {
            trigger.old_table = name;
        } else {
            trigger.new_table = name;
        }
    }
    Ok(())
}

/// `CREATE [MATERIALIZED] VIEW`, after those words.
pub(crate) fn create_view(
    cursor: &mut Cursor<'_>,
    materialized: bool,
    recursive: bool,
    or_replace: bool,
    origin: Origin,
) -> Parsed<Outcome> {
    let if_not_exists = cursor.if_not_exists();
    let name = cursor.object_name()?;
    let columns =
        if cursor.is_kind(TokenKind::LeftParen) { cursor.identifier_list()? } else { Vec::new() };
    let mut options = ViewOptions::default();
    loop {
        if cursor.eat(&["using"]) || cursor.eat(&["tablespace"]) {
            cursor.identifier()?;
        } else if cursor.eat(&["with"]) {
            options = view_options(cursor, true)?;
        } else {
            break;
        }
    }
    cursor.expect(&["as"])?;
    let start = cursor.consumed();
    while !cursor.at_end() && !query_ends(cursor) {
        cursor.bump();
    }
    let mut query = cursor.portable_part(cursor.span_from(start));
    let local = cursor.eat(&["with", "local"]);
    if local || cursor.eat(&["with", "cascaded"]) || cursor.is_at(1, "check") {
        options.check = Some(Some((if local { "local" } else { "cascaded" }).to_owned()));
    }
    if query.is_empty() {
        return cursor.fail("a query");
    }
    if recursive {
        // What the manual says `CREATE RECURSIVE VIEW` stands for.
        let own = schemaward_catalog::quote_identifier(&name.name);
        let columns = schemaward_catalog::ddl::identifiers(&columns);
        query =
            format!("WITH RECURSIVE {own} ({columns}) AS ({query}) SELECT {columns} FROM {own}");
    }
    Ok(Outcome::read(Change::CreateView(Box::new(ViewDefinition {
        name,
        or_replace,
        if_not_exists,
        materialized,
        columns,
        ast: crate::expression::parse_query(&query).map(Box::new),
        query,
        security_invoker: options.invoker.unwrap_or_default(),
        security_barrier: options.barrier.unwrap_or_default(),
        check_option: options.check.flatten(),
        origin,
    }))))
}

/// Whether `WITH … CHECK OPTION` or `WITH [NO] DATA` stands here.
pub(crate) fn query_ends(cursor: &Cursor<'_>) -> bool {
    let mut tail = *cursor;
    tail.eat(&["with"]) && {
        let _ = tail.eat(&["cascaded"]) || tail.eat(&["local"]) || tail.eat(&["no"]);
        (tail.eat(&["check", "option"]) || tail.eat(&["data"])) && tail.at_end()
    }
}

/// Options of a view; `None` where one is not named.
#[derive(Clone, Debug, Default)]
#[allow(clippy::option_option, reason = "not named, taken away and set are three things")]
pub(crate) struct ViewOptions {
    pub(crate) invoker: Option<bool>,
    pub(crate) barrier: Option<bool>,
    /// `Some(None)` takes it away.
    pub(crate) check: Option<Option<String>>,
}

/// `(security_invoker = true, …)`: `security_invoker`, `security_barrier` and `check_option` where
/// they are named.
pub(crate) fn view_options(cursor: &mut Cursor<'_>, set: bool) -> Parsed<ViewOptions> {
    let mut options = ViewOptions::default();
    for mut option in cursor.parens()?.comma_separated() {
        let name = option.object_name()?.name;
        let mut written = String::new();
        let on = if option.eat_operator("=") {
            let value = option.string().or_else(|_| option.identifier());
            let value = value.unwrap_or_else(|_| option.portable());
            let on = !matches!(value.as_str(), "false" | "off" | "no" | "0");
            written = value;
            on
        } else {
            true
        };
        match name.as_str() {
            "security_invoker" => options.invoker = Some(set && on),
            "security_barrier" => options.barrier = Some(set && on),
            "check_option" => options.check = Some(Some(written).filter(|_| set)),
            _ => {}
        }
    }
    Ok(options)
}
