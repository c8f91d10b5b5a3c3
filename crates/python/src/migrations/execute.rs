//! SQL that a revision executes: strings, `text()`, `DDL`, schema elements, data.

use schemaward_catalog::{Origin, quote_literal};
use schemaward_sql::Effect;

use super::EVERYTHING;
use super::host::{Migration, RESULT};
use super::{guards, op};
use crate::construct::{Build, library_name, unescape};
use crate::ddl::{Context, Output};
use crate::interpret::{Arg, Args, Eval, GAP, Interp, SymbolKind, Value};
use crate::text::Text;

/// Names by which data and queries are built.
const DATA: &[&str] = &[
    "delete",
    "exists",
    "except_",
    "from_statement",
    "insert",
    "intersect",
    "select",
    "select_from",
    "union",
    "union_all",
    "update",
    "values",
    "where",
];

/// What is executed.
enum Executable {
    /// SQL, with its parameters filled in, and whether all of them are known.
    Text(Text, bool),
    /// What a schema element emits.
    Element(Output),
    /// Rows of tables are read or written.
    Data,
    /// Not settled: why, and what is known of its text.
    Unknown(String, Option<Text>),
}

impl Migration<'_> {
    /// Executes the first argument with the parameters in the second, and gives the result.
    pub(super) fn execute(
        &mut self,
        interp: &mut Interp<'_>,
        args: &Args,
        by_driver: bool,
        origin: Origin,
    ) -> Eval<Value> {
        let names = ["statement", "sqltext", "sql"];
        let first = args.at(0).or_else(|| names.iter().find_map(|name| args.named(name)));
        let Some(first) = first else {
            self.undecided("what is executed is not known", EVERYTHING, None, origin);
            return Ok(Value::unknown("what is executed is not known", origin));
        };
        let value = first.value.clone();
        let parameters =
            args.value(1, "parameters").or_else(|| args.named("params").map(|it| &it.value));
        let parameters = parameters.cloned();
        if let Value::List(list) = &value {
            // Not what Alembic takes, and yet written by helpers that do.
            let items = list.borrow().to_vec();
            for item in items {
                self.execute_one(interp, &item, parameters.as_ref(), by_driver, origin)?;
            }
            return Ok(Value::None);
        }
        self.execute_one(interp, &value, parameters.as_ref(), by_driver, origin)
    }

    fn execute_one(
        &mut self,
        interp: &mut Interp<'_>,
        value: &Value,
        parameters: Option<&Value>,
        by_driver: bool,
        origin: Origin,
    ) -> Eval<Value> {
        Ok(match self.executable(interp, value, parameters, by_driver, origin) {
            Executable::Text(text, complete) => self.run_text(interp, &text, complete, origin),
            Executable::Element(output) => {
                self.emit(output);
                Value::None
            }
            Executable::Data => {
                self.data();
                Value::unknown("the rows of a query on tables", origin)
            }
            Executable::Unknown(reason, known) => {
                let text = known.as_ref().map_or("", Text::as_str);
                let begins = text.trim_start().split(|c: char| !c.is_alphabetic()).next();
                let begins = begins.unwrap_or_default().to_ascii_lowercase();
                match begins.as_str() {
                    "insert" | "update" | "delete" | "select" | "truncate" | "copy" | "set"
                    | "merge" => {
                        self.data();
                    }
                    "" => {
                        let message = format!("what SQL is executed is not known: {reason}");
                        self.undecided(message, EVERYTHING, None, origin);
                    }
                    _ => {
                        let spot = schemaward_sql::blind_spot(text, "", origin);
                        let shown = text.replace(GAP, "…");
                        let shown: String = shown.split_whitespace().collect::<Vec<_>>().join(" ");
                        let shown: String = shown.chars().take(60).collect();
                        let message = format!("a part of the SQL `{shown}` is not known: {reason}");
                        self.undecided(message, spot.may_touch, None, origin);
                    }
                }
                Value::unknown(format!("the result of SQL that is not known: {reason}"), origin)
            }
        })
    }

    /// Counts a statement that holds no schema.
    fn data(&mut self) {
        self.rows();
        if self.counts() {
            self.played.statements += 1;
            self.played.irrelevant += 1;
        }
    }

    /// Plays a text; a query over the system catalogs has an answer.
    fn run_text(
        &mut self,
        interp: &mut Interp<'_>,
        text: &Text,
        complete: bool,
        origin: Origin,
    ) -> Value {
        let statements = schemaward_sql::read(origin.source, text.as_str());
        let answer = match statements.as_slice() {
            [one]
                if complete
                    && !matches!(one.effect, Effect::Evaluate(_))
                    && schemaward_sql::parse_query(text.as_str()).is_some() =>
            {
                let query = text.as_str();
                Some(schemaward_sql::answer(&mut self.played.catalog, query))
            }
            [] => return Value::unknown("the result of nothing", origin),
            _ => None,
        };
        self.run(text, origin, true);
        match answer {
            Some(Ok(rows)) => {
                if let Some(kind) = guards::in_query(text.as_str()) {
                    self.guard(kind, shown(text.as_str()), origin);
                }
                let rows = rows.iter().map(|row| super::bind::row(interp, row, origin));
                let rows: Vec<Value> = rows.collect();
                result(interp, rows, origin)
            }
            Some(Err(why)) => Value::unknown(why, origin),
            None => Value::unknown("the result of a statement", origin),
        }
    }

    /// What a value means when it is executed.
    fn executable(
        &mut self,
        interp: &mut Interp<'_>,
        value: &Value,
        parameters: Option<&Value>,
        by_driver: bool,
        origin: Origin,
    ) -> Executable {
        match value {
            Value::Str(text) if by_driver => {
                Executable::Text(percent_signs(text), parameters.is_none_or(Value::is_none))
            }
            Value::Str(text) => {
                let (text, complete) = filled(text, parameters, &[], origin);
                Executable::Text(text, complete)
            }
            Value::Unknown(unknown) => {
                Executable::Unknown(unknown.reason.clone(), unknown.text.as_deref().cloned())
            }
            Value::Symbol(_) => self.executable_symbol(interp, value, parameters, origin),
            Value::Instance(_) => match crate::interpret::enum_value(value) {
                Some(value) => self.executable(interp, &value, parameters, by_driver, origin),
                None => Executable::Unknown(format!("{value:?}"), None),
            },
            other => Executable::Unknown(format!("{other:?}"), None),
        }
    }

    fn executable_symbol(
        &mut self,
        interp: &mut Interp<'_>,
        value: &Value,
        parameters: Option<&Value>,
        origin: Origin,
    ) -> Executable {
        let mut given = Vec::new();
        let mut at = value.clone();
        let mut data = false;
        // `text("…").bindparams(x=1)`, `table.update().where(…)`, from the end to the beginning.
        for _ in 0..200 {
            let Some(symbol) = at.symbol().cloned() else { break };
            match &symbol.kind {
                SymbolKind::Call(callee, args) => {
                    let last = callee.last_name().unwrap_or_default();
                    if let SymbolKind::Attribute(inner, method) = match callee.symbol() {
                        Some(symbol) => &symbol.kind,
                        None => break,
                    } {
                        match method.as_str() {
                            "bindparams" => given.push(args.clone()),
                            "execute_if" => {}
                            method if DATA.contains(&method) => data = true,
                            _ => {}
                        }
                        at = inner.clone();
                        continue;
                    }
                    if let Some(name) = library_name(callee) {
                        match name {
                            "text" | "sql_text" => {
                                return match args.value(0, "text") {
                                    Some(Value::Str(text)) => {
                                        let text = text.clone();
                                        let filled = filled(&text, parameters, &given, origin);
                                        Executable::Text(filled.0, filled.1)
                                    }
                                    Some(Value::Unknown(unknown)) => Executable::Unknown(
                                        unknown.reason.clone(),
                                        unknown.text.as_deref().cloned(),
                                    ),
                                    other => Executable::Unknown(format!("{other:?}"), None),
                                };
                            }
                            "DDL" => return self.ddl(interp, args, symbol.origin),
                            name if DATA.contains(&name) => return Executable::Data,
                            _ => {}
                        }
                    }
                    if data || DATA.contains(&last) {
                        return Executable::Data;
                    }
                    break;
                }
                SymbolKind::Attribute(inner, _) | SymbolKind::Subscript(inner, _) => {
                    at = inner.clone();
                }
                _ => break,
            }
        }
        if data {
            return Executable::Data;
        }
        let environment = self.environment;
        let context = Context { convention: &environment.convention, metadata: None };
        let mut build = Build::new(interp, self);
        match op::element(&mut build, context, value) {
            Some(mut output) => {
                output.problems.splice(0..0, std::mem::take(&mut build.problems));
                Executable::Element(output)
            }
            None => Executable::Unknown(format!("{value:?}"), None),
        }
    }

    /// `DDL("…", context={…})`, whose percent signs are a format.
    fn ddl(&mut self, interp: &mut Interp<'_>, args: &Args, origin: Origin) -> Executable {
        let text = match args.value(0, "statement") {
            Some(Value::Str(text)) => Text::clone(text),
            Some(Value::Unknown(unknown)) => {
                return Executable::Unknown(
                    unknown.reason.clone(),
                    unknown.text.as_deref().cloned(),
                );
            }
            other => return Executable::Unknown(format!("{other:?}"), None),
        };
        if !text.as_str().contains('%') {
            return Executable::Text(text, true);
        }
        let context = args.value(1, "context").filter(|value| !value.is_none()).cloned();
        let context = context.unwrap_or_else(|| Value::dict([]));
        match interp.percent_format(self, &text, &context, origin) {
            Some(text) => Executable::Text(text, true),
            None => Executable::Unknown("its `%` are not filled in".to_owned(), Some(text)),
        }
    }
}

/// The text of `text()`, its parameters filled in where they are given; and whether all were known.
fn filled(text: &Text, parameters: Option<&Value>, given: &[Args], origin: Origin) -> (Text, bool) {
    let mut known: Vec<(String, Value)> = Vec::new();
    if let Some(Value::Dict(dict)) = parameters {
        let entries = dict.borrow().entries().to_vec();
        known.extend(
            entries.into_iter().filter_map(|(key, value)| Some((key.as_str()?.to_owned(), value))),
        );
    }
    for args in given {
        known.extend(args.keywords().map(|(name, arg)| (name.to_owned(), arg.value.clone())));
        for arg in args.positional() {
            // `bindparam("x", value)`.
            if let Some((callee, args)) = arg.value.call()
                && callee.last_name() == Some("bindparam")
                && let Some(name) = args.value(0, "key").and_then(Value::as_str)
                && let Some(value) = args.value(1, "value")
            {
                known.push((name.to_owned(), value.clone()));
            }
        }
    }
    let unreadable = parameters.is_some_and(|it| !it.is_none() && !matches!(it, Value::Dict(_)));
    if known.is_empty() {
        return (unescape(text), !unreadable);
    }
    let value = text.as_str();
    let mut result = Text::default();
    let mut complete = !unreadable;
    let mut done = 0;
    for (name_start, name) in parameters_of(value) {
        let Some((_, found)) = known.iter().rev().find(|(known, _)| known == name) else {
            continue;
        };
        let start = name_start - 1;
        result.push(&text.slice(done, start));
        let listed = value.get(..start).unwrap_or_default().trim_end();
        let listed = listed.get(listed.len().saturating_sub(3)..).unwrap_or_default();
        match literal(found, listed.trim_start().eq_ignore_ascii_case("in")) {
            Some(literal) => result.push_from(&literal, origin),
            None => {
                complete = false;
                result.push_str("NULL");
            }
        }
        done = name_start + name.len();
    }
    result.push(&text.slice(done, value.len()));
    (unescape(&result), complete)
}

/// The parameters of a text: where their names begin, and the names. A colon after another one, after
/// a word or after a backslash begins none.
fn parameters_of(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    for (at, _) in text.match_indices(':') {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        if before.is_some_and(|c| c == ':' || c == '\\' || is_word(c)) {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if !name.is_empty() && !after.starts_with(':') {
            found.push((at + 1, name));
        }
    }
    found
}

/// A value as the driver writes it.
fn literal(value: &Value, in_list: bool) -> Option<String> {
    Some(match value {
        Value::None => "NULL".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Str(text) => quote_literal(text.as_str()),
        Value::List(items) => list_literal(&items.borrow(), in_list)?,
        Value::Tuple(items) => list_literal(items, in_list)?,
        Value::Set(items) => list_literal(&items.borrow().keys(), in_list)?,
        Value::Instance(_) => return literal(&crate::interpret::enum_value(value)?, in_list),
        _ => return None,
    })
}

fn list_literal(items: &[Value], in_list: bool) -> Option<String> {
    let items = items.iter().map(|item| match item {
        Value::List(_) | Value::Tuple(_) => None,
        other => literal(other, false),
    });
    let items = items.collect::<Option<Vec<String>>>()?.join(", ");
    Some(if in_list { format!("({items})") } else { format!("ARRAY[{items}]") })
}

/// A text as the driver takes it, where two percent signs are one.
fn percent_signs(text: &Text) -> Text {
    let value = text.as_str();
    let mut result = Text::default();
    let mut done = 0;
    for (at, _) in value.match_indices("%%") {
        result.push(&text.slice(done, at));
        done = at + 1;
    }
    result.push(&text.slice(done, value.len()));
    result
}

/// A text in one line of no great length.
pub(super) fn shown(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text,
    }
}

/// The result of a query: its rows.
pub(super) fn result(interp: &Interp<'_>, rows: Vec<Value>, origin: Origin) -> Value {
    let name = interp.name(RESULT, origin);
    let list = vec![Arg { name: None, value: Value::list(rows), origin }];
    interp.symbol(SymbolKind::Call(name, Args { list, more: false }), origin)
}
