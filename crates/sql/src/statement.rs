//! One statement's tokens to the changes it makes.
//!
//! One long file, because which kind a statement is must be decided in one place.

use schemaward_catalog::{BlindSpot, Change, ObjectName, ObjectRef, Origin, Span};

use crate::alter::alter_actions;
use crate::body;
use crate::cursor::{Cursor, Parsed, Place};
use crate::definition::{
    alter_domain, alter_sequence, alter_type, create_domain, create_extension, create_schema,
    create_sequence, create_type,
};
use crate::expression::parse_query;
use crate::lexer::{Token, TokenKind, dollar_inner};
use crate::object::{alter_policy, create_index, create_policy, create_trigger, create_view};
use crate::outcome::{Outcome, kept_object};
use crate::plpgsql::{self, Program};
use crate::privilege::{
    alter_default_privileges, alter_group, create_role, grant, reassign_owned, revoke, role,
};
use crate::reach::reach;
use crate::reference::{alter_common, comment, drop, rename_part};
use crate::remarks::Remarks;
use crate::routine::{argument_types, create_function};
use crate::rule::{
    alter_event_trigger, alter_publication, alter_rule, create_event_trigger, create_publication,
    create_rule,
};
use crate::splitter::Statement;
use crate::table::{CreateFlags, create_table, select_into};

/// Statements that hold no schema whatever follows their first word.
const IRRELEVANT: &[(&str, &str)] = &[
    ("abort", "transaction control"),
    ("analyse", "maintenance"),
    ("analyze", "maintenance"),
    ("begin", "transaction control"),
    ("checkpoint", "maintenance"),
    ("close", "cursor"),
    ("cluster", "maintenance"),
    ("commit", "transaction control"),
    ("copy", "data"),
    ("deallocate", "prepared statement"),
    ("declare", "cursor"),
    ("delete", "data"),
    ("discard", "session"),
    ("end", "transaction control"),
    ("explain", "query"),
    ("fetch", "cursor"),
    ("insert", "data"),
    ("listen", "notification"),
    ("load", "session"),
    ("lock", "lock"),
    ("merge", "data"),
    ("move", "cursor"),
    ("notify", "notification"),
    ("prepare", "prepared statement"),
    ("refresh", "data"),
    ("reindex", "maintenance"),
    ("release", "transaction control"),
    ("rollback", "transaction control"),
    ("savepoint", "transaction control"),
    ("show", "session"),
    ("start", "transaction control"),
    ("truncate", "data"),
    ("unlisten", "notification"),
    ("update", "data"),
    ("vacuum", "maintenance"),
];

/// Reads one statement. Never fails: what cannot be read says why.
pub(crate) fn read(place: impl Into<Place>, text: &str, statement: &Statement) -> Outcome {
    let place = place.into();
    if let Some(meta) = statement.meta {
        return meta_command(meta.span.of(text), statement.tokens.is_empty());
    }
    let mut cursor = Cursor::new(place, text, &statement.tokens);
    let reader = Reader {
        origin: place.origin(statement.span),
        span: statement.span,
        remarks: Remarks { place, text, comments: &statement.comments },
    };
    let outcome = reader.statement(&mut cursor).unwrap_or_else(|e| Outcome::Unread(e.message));
    match (outcome, statement.broken.or_else(|| unbalanced(&statement.tokens))) {
        (_, Some(broken)) => Outcome::unread(broken),
        (Outcome::Read(mut changes), None) => {
            let open = Cursor::new(place, text, &statement.tokens).psql_variables();
            changes.extend(open.iter().map(|name| left_open(name)));
            Outcome::Read(changes)
        }
        (outcome, None) => outcome,
    }
}

/// The statement is read, but for the value that psql puts in the place of a variable.
fn left_open(variable: &str) -> Change {
    Change::LeftOpen(format!(
        "`{variable}` stands for a value of a psql variable, which the text does not show"
    ))
}

/// What is wrong with the parentheses and brackets of a statement, where something is.
fn unbalanced(tokens: &[Token]) -> Option<&'static str> {
    let mut open: Vec<TokenKind> = Vec::new();
    for token in tokens {
        let opening = match token.kind {
            TokenKind::LeftParen | TokenKind::LeftBracket => {
                open.push(token.kind);
                continue;
            }
            TokenKind::RightParen => TokenKind::LeftParen,
            TokenKind::RightBracket => TokenKind::LeftBracket,
            _ => continue,
        };
        if open.pop() != Some(opening) {
            return Some("a parenthesis or bracket is closed that was not opened");
        }
    }
    (!open.is_empty()).then_some("a bracket is never closed")
}

/// What unread text may change, so that rules answer "undecided" about it.
pub(crate) fn blind_spot(text: &str, reason: &str, origin: Origin) -> BlindSpot {
    BlindSpot {
        reason: reason.to_owned(),
        may_touch: body::touches(text),
        tables: reach(text),
        origin,
    }
}

fn meta_command(command: &str, alone: bool) -> Outcome {
    let name = command.split_whitespace().next().unwrap_or_default();
    match name {
        "\\i" | "\\ir" | "\\include" | "\\include_relative" => {
            Outcome::unread("it includes another file, which was not given as a source")
        }
        "\\gexec" => Outcome::unread("the statements its result makes are not known"),
        "\\copy" => Outcome::Irrelevant("data"),
        _ if !alone => Outcome::Irrelevant("query"),
        _ => Outcome::Irrelevant("psql command"),
    }
}

struct Reader<'a> {
    origin: Origin,
    /// Where it stands in the text that is read.
    span: Span,
    remarks: Remarks<'a>,
}

impl Reader<'_> {
    fn statement(&self, cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
        let Some(word) = cursor.word() else {
            // `(SELECT …)` is a query; anything else begins with a word.
            return if cursor.is_kind(TokenKind::LeftParen) {
                Ok(self.query(cursor))
            } else {
                cursor.fail("a statement")
            };
        };
        match word.as_str() {
            "create" => self.create(cursor),
            "alter" => self.alter(cursor),
            "drop" => drop(cursor),
            "comment" => comment(cursor, self.origin),
            "grant" => grant(cursor, self.origin),
            "revoke" => revoke(cursor),
            "set" => set(cursor),
            "reset" if cursor.is("search_path") || cursor.is("all") => {
                Ok(Outcome::read(Change::SetSearchPath(None)))
            }
            "reset" => Ok(Outcome::Irrelevant("session")),
            "select" | "with" | "values" | "table" => Ok(self.query(cursor)),
            "call" => {
                let written = Cursor::new(cursor.place, cursor.text, cursor.rest()).written();
                Ok(Outcome::Evaluate(Program::query(format!("SELECT {written}"), cursor.place)))
            }
            "do" => anonymous_block(cursor),
            "security" if cursor.is("label") => Ok(Outcome::Irrelevant("security label")),
            "reassign" if cursor.is("owned") => reassign_owned(cursor),
            "import" => Ok(Outcome::unread("the tables it imports are not known")),
            "execute" => Ok(Outcome::Irrelevant("prepared statement")),
            _ => match IRRELEVANT.binary_search_by_key(&word.as_str(), |(word, _)| word) {
                Ok(at) => Ok(Outcome::Irrelevant(IRRELEVANT.get(at).map_or("", |(_, kind)| kind))),
                Err(_) => Ok(Outcome::unread(format!(
                    "`{}` begins no PostgreSQL statement",
                    shorten(&word)
                ))),
            },
        }
    }

    fn create(&self, cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
        let or_replace = cursor.eat(&["or", "replace"]);
        let mut flags = CreateFlags::default();
        let _ = cursor.eat(&["global"]) || cursor.eat(&["local"]);
        flags.temporary = cursor.eat(&["temp"]) || cursor.eat(&["temporary"]);
        flags.unlogged = cursor.eat(&["unlogged"]);
        if cursor.eat(&["table"]) {
            return create_table(cursor, flags, self.origin, &self.remarks);
        }
        if cursor.eat(&["foreign", "table"]) {
            let flags = CreateFlags { foreign: true, ..flags };
            return create_table(cursor, flags, self.origin, &self.remarks);
        }
        for unique in [true, false] {
            if cursor.eat(if unique { &["unique", "index"] } else { &["index"] }) {
                return create_index(cursor, unique, self.origin);
            }
        }
        let recursive = cursor.eat(&["recursive"]);
        for materialized in [true, false] {
            if cursor.eat(if materialized { &["materialized", "view"] } else { &["view"] }) {
                return create_view(cursor, materialized, recursive, or_replace, self.origin);
            }
        }
        for procedure in [true, false] {
            if cursor.eat(&[if procedure { "procedure" } else { "function" }]) {
                return create_function(cursor, procedure, or_replace, self.origin);
            }
        }
        for constraint in [true, false] {
            if cursor.eat(if constraint { &["constraint", "trigger"] } else { &["trigger"] }) {
                return create_trigger(cursor, constraint, or_replace, self.origin);
            }
        }
        if cursor.eat(&["policy"]) {
            return create_policy(cursor, self.origin);
        }
        if cursor.eat(&["type"]) {
            return create_type(cursor);
        }
        if cursor.eat(&["domain"]) {
            return create_domain(cursor);
        }
        if cursor.eat(&["sequence"]) {
            return create_sequence(cursor);
        }
        if cursor.eat(&["schema"]) {
            return self.create_schema(cursor);
        }
        if cursor.eat(&["extension"]) {
            return create_extension(cursor);
        }
        if cursor.is_any(&["role", "user", "group"]) && !cursor.is_at(1, "mapping") {
            return create_role(cursor, self.origin);
        }
        if cursor.eat(&["rule"]) {
            return create_rule(cursor, or_replace, self.origin);
        }
        if cursor.eat(&["event", "trigger"]) {
            return create_event_trigger(cursor, self.origin);
        }
        if cursor.eat(&["publication"]) {
            return create_publication(cursor, self.origin);
        }
        kept_object(cursor, self.origin)
    }

    /// `CREATE SCHEMA`, after those words: each element is a statement in that schema.
    fn create_schema(&self, cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
        let (schema, mut changes) = create_schema(cursor)?;
        let mut within = Vec::new();
        for mut element in elements(cursor) {
            let outcome = if element.eat(&["grant"]) {
                grant(&mut element, self.origin)?
            } else {
                element.expect(&["create"])?;
                self.create(&mut element)?
            };
            match outcome {
                Outcome::Read(changes) => within.extend(changes),
                Outcome::Irrelevant(_) => {}
                other @ (Outcome::Unread(_) | Outcome::Evaluate(_)) => return Ok(other),
            }
        }
        if !within.is_empty() {
            changes.push(Change::Within { schema, changes: within });
        }
        Ok(Outcome::Read(changes))
    }

    fn alter(&self, cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
        if cursor.eat(&["policy"]) {
            return alter_policy(cursor);
        }
        if cursor.eat(&["default", "privileges"]) {
            return alter_default_privileges(cursor, self.origin);
        }
        if cursor.is_any(&["role", "user", "group"]) && !cursor.is_at(1, "mapping") {
            let group = cursor.is("group");
            cursor.bump();
            return if group { alter_group(cursor) } else { role(cursor, self.origin) };
        }
        if cursor.eat(&["trigger"]) {
            let name = cursor.identifier()?;
            cursor.expect(&["on"])?;
            let what = ObjectRef::Trigger(cursor.object_name()?, name);
            return alter_common(cursor, what);
        }
        if cursor.eat(&["extension"]) {
            let what = ObjectRef::Extension(cursor.identifier()?);
            return if cursor.is("set") {
                alter_common(cursor, what)
            } else {
                Ok(Outcome::Irrelevant("extension"))
            };
        }
        if cursor.eat(&["event", "trigger"]) {
            return alter_event_trigger(cursor);
        }
        if cursor.eat(&["rule"]) {
            return alter_rule(cursor);
        }
        if cursor.eat(&["publication"]) {
            return alter_publication(cursor);
        }
        if cursor.eat(&["schema"]) {
            let what = ObjectRef::Schema(cursor.identifier()?);
            return alter_common(cursor, what);
        }
        for (words, relation) in [
            (&["foreign", "table"][..], "table"),
            (&["table"][..], "table"),
            (&["materialized", "view"][..], "materialized view"),
            (&["view"][..], "view"),
            (&["index"][..], "index"),
            (&["sequence"][..], "sequence"),
        ] {
            if cursor.eat(words) {
                return self.alter_relation(cursor, relation);
            }
        }
        if cursor.eat(&["type"]) {
            return alter_type(cursor);
        }
        if cursor.eat(&["domain"]) {
            let what = ObjectRef::Domain(cursor.object_name()?);
            return alter_domain(cursor, what);
        }
        if cursor.is_any(&["function", "procedure", "routine"]) {
            cursor.bump();
            return alter_function(cursor);
        }
        kept_object(cursor, self.origin)
    }

    fn alter_relation(&self, cursor: &mut Cursor<'_>, relation: &str) -> Parsed<Outcome> {
        if cursor.eat(&["all", "in", "tablespace"]) {
            return Ok(Outcome::Irrelevant("tablespace"));
        }
        let if_exists = cursor.if_exists();
        let only = cursor.eat(&["only"]);
        let name = cursor.object_name()?;
        cursor.eat_operator("*");
        let what = match relation {
            "table" => ObjectRef::Table(name.clone()),
            "view" => ObjectRef::View(name.clone()),
            "materialized view" => ObjectRef::MaterializedView(name.clone()),
            "index" => ObjectRef::Index(name.clone()),
            _ => ObjectRef::Sequence(name.clone()),
        };
        let common = (cursor.is("rename") && cursor.is_at(1, "to"))
            || (cursor.is("set") && cursor.is_at(1, "schema"))
            || (cursor.is("owner") && cursor.is_at(1, "to"));
        if common {
            return alter_common(cursor, what);
        }
        if cursor.eat(&["rename"]) {
            return rename_part(cursor, name, if_exists);
        }
        match relation {
            "table" => {
                let actions = alter_actions(cursor, &self.remarks)?;
                if actions.is_empty() {
                    return cursor.fail("an action of ALTER TABLE");
                }
                Ok(Outcome::read(Change::AlterTable { name, if_exists, only, actions }))
            }
            "view" | "materialized view" => alter_view(cursor, name),
            "sequence" => alter_sequence(cursor, &name, if_exists),
            _ if cursor.eat(&["attach", "partition"]) => {
                let part = cursor.object_name()?;
                cursor.expect_end()?;
                Ok(Outcome::read(Change::AttachIndex { parent: name, part }))
            }
            // `SET (…)`, `DEPENDS ON EXTENSION`.
            _ => Ok(Outcome::Irrelevant("index storage")),
        }
    }

    /// A query matters only by the functions it calls.
    fn query(&self, cursor: &mut Cursor<'_>) -> Outcome {
        let text = self.span.of(cursor.text);
        if let Some(path) = set_config_search_path(text) {
            return Outcome::read(Change::SetSearchPath(Some(path)));
        }
        if let Some(query) = parse_query(text.trim_end_matches(';'))
            && matches!(&*query.body, sqlparser::ast::SetExpr::Select(select) if select.into.is_some())
        {
            return match select_into(query, self.origin) {
                Some(change) => Outcome::read(change),
                None => Outcome::unread("the table that SELECT INTO makes is not known"),
            };
        }
        if calls(text).is_empty() {
            return Outcome::Irrelevant("query");
        }
        let text = text.trim_end_matches(';').to_owned();
        Outcome::Evaluate(Program::query(text, cursor.place))
    }
}

/// The elements of `CREATE SCHEMA`, which nothing separates: each begins with `CREATE` or `GRANT`.
fn elements<'t>(cursor: &mut Cursor<'t>) -> Vec<Cursor<'t>> {
    let tokens = cursor.rest();
    let mut starts = Vec::new();
    let mut depth = 0_usize;
    let mut ahead = *cursor;
    for at in 0..tokens.len() {
        match ahead.peek().map(|token| token.kind) {
            Some(TokenKind::LeftParen) => depth += 1,
            Some(TokenKind::RightParen) => depth = depth.saturating_sub(1),
            // `WITH GRANT OPTION` ends an element.
            Some(TokenKind::Word)
                if depth == 0
                    && (ahead.is("create") || (ahead.is("grant") && !ahead.is_at(1, "option"))) =>
            {
                starts.push(at);
            }
            _ if at == 0 => starts.push(at),
            _ => {}
        }
        ahead.bump();
    }
    cursor.skip_to_end();
    let ends = starts.iter().skip(1).copied().chain([tokens.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let run = tokens.get(*start..end).unwrap_or_default();
            Cursor::new(cursor.place, cursor.text, run)
        })
        .collect()
}

/// `DO`: its body runs on the catalog of that moment.
fn anonymous_block(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let language =
        cursor.eat(&["language"]).then(|| cursor.string().or_else(|_| cursor.identifier()));
    let language = language.transpose()?;
    let token = cursor.peek();
    let body = cursor.string()?;
    let language = match language {
        Some(language) => language,
        None if cursor.eat(&["language"]) => cursor.string().or_else(|_| cursor.identifier())?,
        None => "plpgsql".to_owned(),
    };
    if !language.eq_ignore_ascii_case("plpgsql") {
        return Ok(Outcome::unread(format!("a DO block in {language} is not followed")));
    }
    if !plpgsql::may_define(&body) && calls(&body).is_empty() {
        return Ok(Outcome::Irrelevant("data"));
    }
    let place = match (token, cursor.place) {
        (Some(token), Place::In(source, base)) if token.kind == TokenKind::DollarString => {
            Place::In(source, base + dollar_inner(token, cursor.text).start)
        }
        (token, place) => Place::MadeAt(place.origin(token.map_or(Span::default(), |t| t.span))),
    };
    Ok(Outcome::Evaluate(Program::block(body, place)))
}

/// The functions that a text calls for their effect, without PostgreSQL's own.
fn calls(text: &str) -> Vec<ObjectName> {
    body::facts(text).calls.into_iter().filter(|name| !is_harmless(name)).collect()
}

/// Functions of PostgreSQL (by prefix where it has families of them) that define nothing.
pub(crate) fn is_harmless(name: &ObjectName) -> bool {
    const PREFIXES: &[&str] = &[
        "array_", "date_", "json_", "jsonb_", "lo_", "make_", "num", "pg_", "regexp_", "row_",
        "string_", "to_", "ts_", "txid_", "uuid", "xml",
    ];
    const NAMES: &[&str] = &[
        "abs",
        "age",
        "avg",
        "ceil",
        "char_length",
        "clock_timestamp",
        "concat",
        "concat_ws",
        "count",
        "crypt",
        "current_database",
        "current_schema",
        "current_setting",
        "currval",
        "decode",
        "dense_rank",
        "digest",
        "encode",
        "extract",
        "first_value",
        "floor",
        "format",
        "gen_random_bytes",
        "gen_random_uuid",
        "gen_salt",
        "generate_series",
        "hmac",
        "initcap",
        "lag",
        "last_value",
        "lastval",
        "lead",
        "left",
        "length",
        "lower",
        "lpad",
        "ltrim",
        "max",
        "md5",
        "min",
        "mod",
        "nextval",
        "now",
        "obj_description",
        "octet_length",
        "overlay",
        "position",
        "power",
        "quote_ident",
        "quote_literal",
        "quote_nullable",
        "random",
        "rank",
        "replace",
        "reverse",
        "right",
        "round",
        "rpad",
        "rtrim",
        "set_config",
        "setval",
        "sha256",
        "split_part",
        "sqrt",
        "statement_timestamp",
        "strpos",
        "substr",
        "substring",
        "sum",
        "timezone",
        "transaction_timestamp",
        "translate",
        "trim",
        "trunc",
        "unnest",
        "upper",
        "version",
    ];
    match name.schema.as_deref() {
        Some("pg_catalog" | "information_schema") => true,
        Some(_) => false,
        None => {
            NAMES.binary_search(&name.name.as_str()).is_ok()
                || PREFIXES.iter().any(|prefix| name.name.starts_with(prefix))
        }
    }
}

/// `SELECT set_config('search_path', 'a, b', …)`, which every dump begins with.
fn set_config_search_path(text: &str) -> Option<Vec<String>> {
    use sqlparser::ast::{
        Expr, FunctionArg, FunctionArgExpr, FunctionArguments, SelectItem, SetExpr,
    };
    let query = parse_query(text.trim_end_matches(';'))?;
    let SetExpr::Select(select) = *query.body else {
        return None;
    };
    let [SelectItem::UnnamedExpr(Expr::Function(function))] = select.projection.as_slice() else {
        return None;
    };
    let name = function.name.0.last()?.as_ident()?;
    if !name.value.eq_ignore_ascii_case("set_config") {
        return None;
    }
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let strings = list.args.iter().map(|arg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value))) => {
            value.value.clone().into_string()
        }
        _ => None,
    });
    match strings.collect::<Vec<_>>().as_slice() {
        [Some(setting), Some(value), ..] if setting.eq_ignore_ascii_case("search_path") => {
            let names = value.split(',').map(|name| name.trim().trim_matches('"').to_owned());
            Some(names.filter(|name| !name.is_empty() && name != "$user").collect())
        }
        _ => None,
    }
}

fn shorten(word: &str) -> String {
    word.chars().take(30).collect()
}

fn alter_view(cursor: &mut Cursor<'_>, name: ObjectName) -> Parsed<Outcome> {
    let set = cursor.eat(&["set"]);
    if !set && !cursor.eat(&["reset"]) {
        return Ok(Outcome::Irrelevant("view storage"));
    }
    if !cursor.is_kind(TokenKind::LeftParen) {
        return Ok(Outcome::Irrelevant("view storage"));
    }
    let options = crate::object::view_options(cursor, set)?;
    Ok(Outcome::read(Change::SetViewOptions {
        name,
        security_invoker: options.invoker,
        security_barrier: options.barrier,
        check_option: options.check,
    }))
}

fn alter_function(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let name = cursor.object_name()?;
    let what = ObjectRef::Function(name, argument_types(cursor)?);
    if cursor.is_any(&["rename", "owner"]) || (cursor.is("set") && cursor.is_at(1, "schema")) {
        return alter_common(cursor, what);
    }
    crate::routine::alter_options(cursor, what)
}

fn set(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let _ = cursor.eat(&["session"]) || cursor.eat(&["local"]);
    let quoted_path = cursor.identifier()? == "search_path";
    if !quoted_path {
        return Ok(Outcome::Irrelevant("session"));
    }
    if !cursor.eat_operator("=") {
        cursor.expect(&["to"])?;
    }
    if cursor.eat(&["default"]) {
        return Ok(Outcome::read(Change::SetSearchPath(None)));
    }
    let mut path = Vec::new();
    for mut name in cursor.comma_separated() {
        let name = name.string().or_else(|_| name.identifier())?;
        if name != "$user" && !name.is_empty() {
            path.push(name);
        }
    }
    Ok(Outcome::read(Change::SetSearchPath(Some(path))))
}

#[cfg(test)]
mod tests {
    use schemaward_catalog::SourceId;

    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(IRRELEVANT.is_sorted_by_key(|(word, _)| word));
    }

    #[test]
    fn roles_of_a_policy() {
        // `policy_roles` is shared by CREATE and ALTER POLICY.
        let statement = crate::splitter::split("public, app, CURRENT_USER").remove(0);
        let text = "public, app, CURRENT_USER";
        let mut cursor = Cursor::new(SourceId(0), text, &statement.tokens);
        assert_eq!(crate::object::policy_roles(&mut cursor).unwrap(), ["app", "current_user"]);
    }
}
