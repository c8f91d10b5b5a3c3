//! Running statements.

use std::collections::BTreeMap;
use std::rc::Rc;

use schemaward_catalog::{Change, ObjectName, Problem, Touches};
use sqlparser::ast::{Expr, Query, SelectItem, SetExpr};

use super::call::CALLS;
use super::control::UNSETTLED;
use super::evaluate::DEPTH;
use super::parse::{Block, Code, Kind, Node, parse, query_of};
use super::query::Found;
use super::value::Value;
use super::{Before, EVERYTHING, Frame, Machine, Program, ProgramKind, may_define};
use crate::body;
use crate::cursor::Place;
use crate::lexer::{Lexer, Token, TokenKind};
use crate::outcome::Outcome;
use crate::splitter::{self, Statement};
use crate::statement::{self};

/// How a statement ends.
pub(super) enum Flow {
    Next,
    Leave {
        exit: bool,
        label: Option<String>,
    },
    Return(Value),
    Error {
        condition: &'static str,
    },
    /// No steps are left.
    Stop,
}

/// The text that nodes' spans are of.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    pub(super) text: &'t str,
    pub(super) place: Place,
}

impl Machine<'_> {
    pub(super) fn program(&mut self, program: &Program) {
        match program.kind {
            ProgramKind::Block => {
                self.body(&program.text, program.place);
            }
            ProgramKind::Query => self.run_query(&query_of(program.text.clone())),
        }
    }

    /// Runs a body and gives what it returns.
    pub(super) fn body(&mut self, text: &str, place: Place) -> Value {
        self.step(1 + text.len() / 64);
        let tokens: Vec<_> = Lexer::body(text).filter(|t| t.kind != TokenKind::Comment).collect();
        match parse(text, &tokens) {
            Ok(block) => match self.block(&block, Source { text, place }) {
                Flow::Return(value) => value,
                Flow::Error { condition } => {
                    self.failed = Some(condition);
                    Value::unknown("a call that ends with an exception")
                }
                _ => Value::Null,
            },
            Err(failure) => {
                if may_define(text) {
                    self.unread_text(failure.message, text);
                }
                Value::unknown("a body that was not read")
            }
        }
    }

    fn block(&mut self, block: &Block, source: Source<'_>) -> Flow {
        if let Some(frame) = self.frames.last_mut() {
            frame.scopes.push(BTreeMap::new());
        }
        for declaration in &block.declarations {
            if let (Some(query), Some(frame)) = (&declaration.cursor, self.frames.last_mut()) {
                frame.cursors.insert(declaration.name.clone(), query.clone());
            }
            let value = match (&declaration.alias, &declaration.value) {
                (Some(other), _) => self.variable(other),
                (None, Some(value)) => {
                    let value = self.code(value);
                    self.typed(value, &declaration.data_type)
                }
                (None, None) if declaration.cursor.is_some() => {
                    Value::unknown(format!("the cursor `{}`", declaration.name))
                }
                (None, None) if is_record_type(&declaration.data_type) => Value::Row(Vec::new()),
                (None, None) => Value::Null,
            };
            if let Some(scope) = self.frames.last_mut().and_then(|frame| frame.scopes.last_mut()) {
                scope.insert(declaration.name.clone(), value);
            }
        }
        let conditions =
            block.handlers.iter().flat_map(|handler| handler.conditions.iter().cloned());
        self.handled.push(conditions.collect());
        let before = self.applied;
        // The one statement of a block that fails has changed nothing.
        let several = !matches!(
            block.body.as_slice(),
            [Node { kind: Kind::Sql(_) | Kind::Execute { .. }, .. }]
        );
        let needed = several && !block.handlers.is_empty();
        self.before.push(if needed { Before::Untouched } else { Before::Needless });
        let mut flow = self.nodes(&block.body, source);
        let checkpoint = match self.before.pop() {
            Some(Before::Kept(checkpoint)) if self.unsettled == 0 => Some(checkpoint),
            _ => None,
        };
        self.handled.pop();
        if let Flow::Error { condition } = flow {
            let handler = block
                .handlers
                .iter()
                .find(|handler| handler.conditions.iter().any(|name| catches(name, condition)));
            if let Some(handler) = handler {
                match checkpoint {
                    Some(checkpoint) => self.catalog.restore(Rc::unwrap_or_clone(checkpoint)),
                    None if self.applied > before => {
                        let message =
                            "its exception handler takes back what was made before the error";
                        self.unread_text(message.to_owned(), span_of(&block.body, source));
                    }
                    None => {}
                }
                flow = self.nodes(&handler.body, source);
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.scopes.pop();
        }
        match flow {
            Flow::Leave { exit: true, label: Some(label) }
                if block.label.as_ref() == Some(&label) =>
            {
                Flow::Next
            }
            flow => flow,
        }
    }

    pub(super) fn nodes(&mut self, nodes: &[Node], source: Source<'_>) -> Flow {
        if self.depth >= DEPTH {
            self.unread("it nests too deep".to_owned(), EVERYTHING);
            return Flow::Stop;
        }
        self.depth += 1;
        let flow = self.each(nodes, source);
        self.depth -= 1;
        flow
    }

    fn each(&mut self, nodes: &[Node], source: Source<'_>) -> Flow {
        for node in nodes {
            if !self.step(1) {
                return Flow::Stop;
            }
            let outer = self.origin;
            self.origin = source.place.origin(node.span);
            let flow = self.node(node, source);
            self.origin = outer;
            let flow = match self.failed.take() {
                Some(condition) => Flow::Error { condition },
                None => flow,
            };
            if !matches!(flow, Flow::Next) {
                return flow;
            }
        }
        Flow::Next
    }

    fn node(&mut self, node: &Node, source: Source<'_>) -> Flow {
        match &node.kind {
            Kind::Block(block) => return self.block(block, source),
            Kind::If { arms, otherwise } => return self.branch(arms, otherwise, source),
            Kind::Loop { label, kind, body } => {
                return self.looping(label.as_deref(), kind, body, source);
            }
            Kind::Leave { exit, label, when } => {
                let leaves = match when {
                    None => Some(true),
                    Some(condition) => self.code(condition).truth(),
                };
                return match leaves {
                    Some(true) => Flow::Leave { exit: *exit, label: label.clone() },
                    Some(false) => Flow::Next,
                    None => {
                        self.note(UNSETTLED.to_owned(), false);
                        Flow::Next
                    }
                };
            }
            Kind::Assign { target, subscripted, value } => {
                let value = self.code(value);
                match target.as_slice() {
                    [name] if !subscripted => self.assign(name, value),
                    [record, field] if !subscripted => {
                        let mut row = match self.variable(record) {
                            Value::Row(row) => row,
                            _ => Vec::new(),
                        };
                        match row.iter_mut().find(|(name, _)| name == field) {
                            Some((_, place)) => *place = value,
                            None => row.push((field.clone(), value)),
                        }
                        self.assign(record, Value::Row(row));
                    }
                    [name, ..] => self.assign(name, Value::unknown(format!("`{name}`"))),
                    [] => {}
                }
            }
            Kind::Perform(query) => {
                self.run_query(query);
                let found = self.gives_rows(query);
                self.assign("found", found);
            }
            Kind::Execute { text, using, into } => {
                return self.execute(text, using, into, source.text, node);
            }
            Kind::Raise { exception: true, message } => {
                let condition = if message.is_empty() { "others" } else { "raise_exception" };
                if self.unsettled == 0 && !self.is_handled(condition) {
                    let message: String = message.chars().take(120).collect();
                    if self.applied > 0 {
                        let reason = "it ends with an exception, which takes back what it made";
                        self.unread(reason.to_owned(), EVERYTHING);
                    } else {
                        self.note(format!("it ends with an exception: {message}"), false);
                    }
                }
                return Flow::Error { condition };
            }
            Kind::Raise { .. } => {}
            Kind::Return { value, ends } => {
                let value = value.as_ref().map_or(Value::Null, |value| self.code(value));
                if *ends {
                    return Flow::Return(value);
                }
            }
            Kind::SelectInto { query, into } => {
                let found = match &query.tree {
                    Some(tree) => self.query(tree, None),
                    None => Err("a query that is not followed".to_owned()),
                };
                self.assign_rows(found, into);
            }
            Kind::Sql(tokens) => return self.sql(source, tokens),
            Kind::Nothing(names) => {
                for name in names {
                    self.assign(name, Value::unknown(format!("`{name}`")));
                }
            }
            Kind::Unknown(reason) => {
                self.unread_text(reason.clone(), node.span.of(source.text));
            }
        }
        Flow::Next
    }

    /// Whether a query that was run gives rows; one that calls functions for them is not run again.
    fn gives_rows(&mut self, query: &Code<Query>) -> Value {
        let shows = |item: &SelectItem| {
            matches!(
                item,
                SelectItem::Wildcard(_)
                    | SelectItem::UnnamedExpr(
                        Expr::Value(_) | Expr::Identifier(_) | Expr::CompoundIdentifier(_)
                    )
            )
        };
        let Some(tree) = &query.tree else { return Value::unknown("`FOUND`") };
        match tree.body.as_ref() {
            SetExpr::Select(select) if select.from.is_empty() && select.selection.is_none() => {
                Value::Bool(true)
            }
            SetExpr::Select(select) if select.projection.iter().all(shows) => {
                match self.query(tree, None) {
                    Ok(Found { rows, open: None }) => Value::Bool(!rows.is_empty()),
                    Ok(Found { open: Some(why), .. }) | Err(why) => Value::Unknown(why),
                }
            }
            _ => Value::unknown("`FOUND`"),
        }
    }

    fn assign_rows(&mut self, found: Result<Found, String>, into: &[String]) {
        let row = match found {
            Err(why) | Ok(Found { open: Some(why), .. }) => Err(why),
            Ok(Found { rows, open: None }) => Ok(rows.into_iter().next()),
        };
        self.assign(
            "found",
            match &row {
                Ok(row) => Value::Bool(row.is_some()),
                Err(why) => Value::Unknown(why.clone()),
            },
        );
        for (at, name) in into.iter().enumerate() {
            let value = match &row {
                Err(why) => Value::Unknown(why.clone()),
                Ok(None) => Value::Null,
                Ok(Some(row)) if into.len() == 1 && row.len() > 1 => Value::Row(row.clone()),
                Ok(Some(row)) => match row.get(at) {
                    Some((column, value)) if into.len() == 1 && self.is_record(name) => {
                        Value::Row(vec![(column.clone(), value.clone())])
                    }
                    Some((_, value)) => value.clone(),
                    None => Value::Null,
                },
            };
            self.assign(name, value);
        }
    }

    /// Whether a variable holds a row already; a scalar is never one.
    pub(super) fn is_record(&self, name: &str) -> bool {
        matches!(self.variable(name), Value::Row(_))
    }

    pub(super) fn code(&mut self, code: &Code<Expr>) -> Value {
        if let Some(tree) = &code.tree {
            return self.evaluate(tree, None);
        }
        let text: String = code.text.chars().take(60).collect();
        Value::unknown(format!("`{text}`"))
    }

    /// A value as a variable of a type holds it.
    pub(super) fn typed(&self, value: Value, data_type: &str) -> Value {
        match (&value, data_type) {
            (Value::Text(_), data_type) if data_type.ends_with("[]") => self.cast(value, data_type),
            (Value::Text(_), "regclass") => self.cast(value, data_type),
            (Value::Object(..), "text" | "name" | "varchar") => self.cast(value, "text"),
            _ => value,
        }
    }

    fn execute(
        &mut self,
        text: &Code<Expr>,
        using: &[Code<Expr>],
        into: &[String],
        whole: &str,
        node: &Node,
    ) -> Flow {
        let value = self.code(text);
        let values: Vec<_> = using.iter().map(|value| self.code(value)).collect();
        let shown = value.display(self.catalog);
        let sql = match shown {
            Ok(Some(sql)) => sql,
            Ok(None) => {
                self.note("the text it executes is null".to_owned(), false);
                return Flow::Next;
            }
            Err(why) => {
                for name in into {
                    self.assign(name, Value::unknown(why.clone()));
                }
                if !begins_with_data(&text.text) {
                    let touches = body::touches(node.span.of(whole));
                    let touches = if touches == Touches::default() { EVERYTHING } else { touches };
                    self.unread(
                        format!("the text it executes is not known: it depends on {why}"),
                        touches,
                    );
                }
                return Flow::Next;
            }
        };
        let parameters =
            values.into_iter().enumerate().map(|(at, value)| (format!("${}", at + 1), value));
        self.frames.push(Frame { scopes: vec![parameters.collect()], ..Frame::default() });
        let flow = if into.is_empty() {
            self.text(&sql)
        } else {
            let query = query_of(sql);
            let found = match &query.tree {
                Some(tree) => self.query(tree, None),
                None => Err("a query that is not followed".to_owned()),
            };
            self.frames.pop();
            self.assign_rows(found, into);
            return Flow::Next;
        };
        self.frames.pop();
        flow
    }

    /// Runs a text of SQL statements.
    fn text(&mut self, sql: &str) -> Flow {
        self.step(1 + sql.len() / 64);
        let place = Place::MadeAt(self.origin);
        for statement in splitter::split(sql) {
            let flow = self.statement(Source { text: sql, place }, &statement);
            if !matches!(flow, Flow::Next) {
                return flow;
            }
        }
        Flow::Next
    }

    fn sql(&mut self, source: Source<'_>, tokens: &[Token]) -> Flow {
        let span = match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => first.span.to(last.span),
            _ => return Flow::Next,
        };
        let statement = Statement { tokens: tokens.to_vec(), span, ..Statement::default() };
        self.statement(source, &statement)
    }

    pub(super) fn statement(&mut self, source: Source<'_>, statement: &Statement) -> Flow {
        if !self.step(1 + statement.tokens.len() / 16) {
            return Flow::Stop;
        }
        let text = statement.span.of(source.text);
        match statement::read(source.place, source.text, statement) {
            Outcome::Irrelevant(_) => Flow::Next,
            Outcome::Unread(reason) => {
                self.unread_text(reason, text);
                Flow::Next
            }
            Outcome::Evaluate(program) => {
                if self.frames.len() > CALLS {
                    self.unread(format!("it nests deeper than {CALLS} levels"), EVERYTHING);
                } else {
                    let function = self.frames.last().and_then(|frame| frame.function.clone());
                    let scopes = match program.kind {
                        // A query of EXECUTE sees its parameters.
                        ProgramKind::Query => self.frames.last().map(|f| f.scopes.clone()),
                        ProgramKind::Block => None,
                    };
                    self.frames.push(Frame {
                        function,
                        scopes: scopes.unwrap_or_default(),
                        ..Frame::default()
                    });
                    self.program(&program);
                    self.frames.pop();
                }
                Flow::Next
            }
            Outcome::Read(changes) => {
                let created = text.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("create"));
                for change in changes {
                    let problems = match &change {
                        Change::SetRole(role)
                            if created && self.catalog.roles.contains_key(&role.name) =>
                        {
                            let message = format!("role \"{}\" already exists", role.name);
                            vec![Problem { message, origin: self.origin, unread: false }]
                        }
                        _ => self.change(change),
                    };
                    for problem in problems {
                        if problem.unread {
                            self.note(problem.message, true);
                            continue;
                        }
                        let condition = condition(&problem.message);
                        if self.is_handled(condition) {
                            return Flow::Error { condition };
                        }
                        if self.unsettled == 0 {
                            self.note(problem.message, false);
                        }
                    }
                }
                Flow::Next
            }
        }
    }

    fn is_handled(&self, condition: &str) -> bool {
        self.handled.iter().flatten().any(|name| catches(name, condition))
    }

    /// Runs a query for the functions it calls.
    fn run_query(&mut self, query: &Code<Query>) {
        let impure = self.impure_calls(&query.text);
        let path = query.text.to_ascii_lowercase().contains("set_config");
        if impure.is_empty() && !path {
            return;
        }
        let found = match &query.tree {
            Some(tree) => self.query(tree, None),
            None => Err("a query that is not followed".to_owned()),
        };
        let why = match found {
            Ok(found) => found.open,
            Err(why) => Some(why),
        };
        if let Some(why) = why {
            for name in impure {
                self.opaque(&name, Some(&why));
            }
        }
    }

    /// A call whose effect is not followed.
    pub(super) fn opaque(&mut self, name: &ObjectName, why: Option<&str>) {
        let before = self.catalog.blind_spots.len();
        let problems = self.change(Change::Call { functions: vec![name.clone()] });
        if problems.is_empty() && before == self.catalog.blind_spots.len() && why.is_some() {
            // Its body names no aspect, but it defines something (a role, a grant) or calls on.
            self.unread(
                format!("it calls {name}, whose definitions are not followed"),
                Touches::default(),
            );
        }
        for problem in problems {
            let message = match why {
                Some(why) => format!("{} (its arguments depend on {why})", problem.message),
                None => problem.message,
            };
            self.note(message, true);
        }
    }
}

fn is_record_type(data_type: &str) -> bool {
    data_type == "record" || data_type.ends_with("%rowtype")
}

pub(super) fn span_of<'t>(nodes: &[Node], source: Source<'t>) -> &'t str {
    match (nodes.first(), nodes.last()) {
        (Some(first), Some(last)) => first.span.to(last.span).of(source.text),
        _ => "",
    }
}

pub(super) fn touches_of(nodes: &[Node], source: Source<'_>) -> Touches {
    body::touches(span_of(nodes, source))
}

pub(super) fn nodes_define(nodes: &[Node], source: Source<'_>) -> bool {
    may_define(span_of(nodes, source))
}

/// Whether a text that is partly known begins with a statement that defines nothing: one about
/// rows, or about privileges on the database as a whole, which no catalog holds.
fn begins_with_data(expression: &str) -> bool {
    let first =
        Lexer::body(expression).find_map(|token| crate::lexer::string_value(token, expression));
    // What `format` fills in is not known.
    let known = first.as_deref().and_then(|text| text.split('%').next()).unwrap_or_default();
    let words = known.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    let on_database =
        words.windows(2).any(|pair| matches!(pair, [on, what] if on == "on" && what == "database"));
    if on_database {
        return matches!(words.first().map(String::as_str), Some("grant" | "revoke" | "comment"));
    }
    words.first().is_some_and(|word| {
        [
            "select", "insert", "update", "delete", "truncate", "analyze", "vacuum", "refresh",
            "lock", "notify", "with", "copy", "merge",
        ]
        .contains(&word.as_str())
    })
}

/// The condition that an error of the server raises, by its message.
fn condition(message: &str) -> &'static str {
    let exists = message.ends_with("already exists") || message.contains("already exists");
    let kind = message.split(' ').next().unwrap_or_default();
    match (exists, kind) {
        (true, "relation") => "duplicate_table",
        (true, "column") => "duplicate_column",
        (true, "function") => "duplicate_function",
        (true, "schema") => "duplicate_schema",
        (true, _) => "duplicate_object",
        (false, "relation" | "view" | "table" | "index" | "sequence") => "undefined_table",
        (false, "column") => "undefined_column",
        (false, "function") => "undefined_function",
        (false, "schema") => "invalid_schema_name",
        (false, _) => "undefined_object",
    }
}

/// Whether a handler's condition catches an error's.
fn catches(handler: &str, condition: &str) -> bool {
    const STATES: [(&str, &str); 11] = [
        ("42710", "duplicate_object"),
        ("42P07", "duplicate_table"),
        ("42701", "duplicate_column"),
        ("42723", "duplicate_function"),
        ("42P06", "duplicate_schema"),
        ("42P01", "undefined_table"),
        ("42704", "undefined_object"),
        ("42703", "undefined_column"),
        ("42883", "undefined_function"),
        ("3F000", "invalid_schema_name"),
        ("P0001", "raise_exception"),
    ];
    handler == "others"
        || handler == condition
        || STATES.iter().any(|(state, name)| {
            *name == condition && handler.strip_prefix("sqlstate ") == Some(state)
        })
}
