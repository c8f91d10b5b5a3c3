//! Who a log says it was: where the actor of an entry comes from.

use std::ops::ControlFlow;

use schemaward_catalog::{Catalog, Column, Function, InsertedRow, Table, TriggerCommand};
use sqlparser::ast::{Expr, FunctionArguments, Value, visit_expressions};

use super::expression::{arguments, bare, folded, object_name};
use super::words::words;

/// Where the actor of a log entry comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Actor {
    /// A source that cannot be empty, or without which the change fails.
    Known,
    /// A setting that nothing requires to be set.
    Optional(String),
    /// The owner of the function, whoever made the change.
    Owner,
    /// A column for it exists and nothing fills it.
    Empty(String),
    /// The log has no column for it.
    NoColumn,
    /// The text does not show it.
    Unclear(String),
}

/// What an expression may take the actor from.
#[derive(Default)]
struct Sources {
    known: bool,
    owner: bool,
    optional: Option<String>,
    unclear: Option<String>,
}

/// Judges the row that a function inserts into a log.
pub(crate) fn actor(
    catalog: &Catalog,
    function: &Function,
    log: &Table,
    row: &InsertedRow,
) -> Actor {
    let mut all = Sources::default();
    let candidates: Vec<&Column> = log
        .columns
        .iter()
        .filter(|column| names_actor(column) || defaults_to_session(column))
        .collect();
    let mut empty = None;
    let mut required = false;
    for column in &candidates {
        let mut own = Sources::default();
        match value_of(log, row, &column.name) {
            Given::Sources(sources) => {
                for source in sources {
                    own.add(catalog, function, source);
                }
            }
            Given::Spread => own.unclear = Some("it stores whole rows".to_owned()),
            Given::Nothing => {
                if let Some(default) = column.default.as_ref().and_then(|d| d.ast.as_deref()) {
                    own.add(catalog, function, default);
                }
                filled_by_trigger(catalog, log, column, &mut own);
            }
        }
        // A mandatory column makes the change fail where a setting is not set.
        required |= own.optional.is_some() && !column.nullable && column.default.is_none();
        if !own.known && !own.owner && own.optional.is_none() && own.unclear.is_none() {
            empty = empty.or_else(|| Some(column.name.clone()));
        }
        all.join(own);
    }
    if candidates.is_empty() {
        // It may stand inside a document with everything else.
        for source in row.values.iter().flat_map(|value| &value.sources) {
            all.add(catalog, function, source);
        }
        if row.values.is_empty() {
            all.unclear = Some("its values are not known".to_owned());
        }
    }
    if all.known || required {
        Actor::Known
    } else if let Some(why) = all.unclear {
        Actor::Unclear(why)
    } else if all.owner {
        Actor::Owner
    } else if let Some(setting) = all.optional {
        Actor::Optional(setting)
    } else {
        empty.map_or(Actor::NoColumn, Actor::Empty)
    }
}

/// What a row gives a column.
pub(crate) enum Given<'r> {
    /// These expressions: the value's own, then those of its variables.
    Sources(&'r [Expr]),
    /// A part of a row that is spread over the columns.
    Spread,
    /// Nothing: the column has its default.
    Nothing,
}

/// The value that an inserted row gives a column of its table.
pub(crate) fn value_of<'r>(log: &Table, row: &'r InsertedRow, column: &str) -> Given<'r> {
    let position = if row.columns.is_empty() {
        log.columns.iter().position(|own| own.name == column)
    } else {
        row.columns.iter().position(|named| named == column)
    };
    let Some(position) = position else { return Given::Nothing };
    let spread = row.values.iter().position(|value| value.whole_row);
    match row.values.get(position) {
        _ if spread.is_some_and(|from| from <= position) => Given::Spread,
        Some(value) => Given::Sources(&value.sources),
        None if row.values.is_empty() => Given::Spread,
        None => Given::Nothing,
    }
}

/// A column that says who did something.
pub(crate) fn names_actor(column: &Column) -> bool {
    const WHO: [&str; 11] = [
        "account",
        "actor",
        "author",
        "editor",
        "operator",
        "performer",
        "principal",
        "user",
        "username",
        "usr",
        "who",
    ];
    let words = words(&column.name);
    let by = words.last().is_some_and(|word| word == "by")
        || matches!(words.as_slice(), [.., by, last] if by == "by" && matches!(last.as_str(), "id" | "user"));
    let agent = words.iter().any(|word| word == "agent");
    let time = column.data_type.name.starts_with("timestamp");
    !agent && !time && (by || words.iter().any(|word| WHO.contains(&word.as_str())))
}

/// A column whose default says which account of the database it was.
fn defaults_to_session(column: &Column) -> bool {
    let default = column.default.as_ref().and_then(|default| default.ast.as_deref());
    match default.map(bare) {
        Some(Expr::Function(function)) => matches!(
            object_name(&function.name).name.as_str(),
            "session_user" | "system_user" | "current_user" | "user" | "current_role"
        ),
        Some(Expr::Identifier(ident)) => matches!(
            ident.value.to_lowercase().as_str(),
            "session_user" | "system_user" | "current_user" | "user" | "current_role"
        ),
        _ => false,
    }
}

/// A trigger on the log may fill in what the function leaves out.
fn filled_by_trigger(catalog: &Catalog, log: &Table, column: &Column, sources: &mut Sources) {
    for trigger in log.triggers.iter().filter(|trigger| trigger.insert && trigger.for_each_row) {
        let function = catalog.function(&trigger.function);
        let Some((function, body)) = function.and_then(|f| Some((f, f.body.as_ref()?))) else {
            continue;
        };
        let runs = body.facts.runs.iter().filter(|run| run.command == TriggerCommand::Insert);
        for assigned in runs.flat_map(|run| &run.assigns) {
            if assigned.column == column.name {
                for source in &assigned.sources {
                    sources.add(catalog, function, source);
                }
            }
        }
    }
}

impl Sources {
    fn join(&mut self, other: Self) {
        self.known |= other.known;
        self.owner |= other.owner;
        self.optional = self.optional.take().or(other.optional);
        self.unclear = self.unclear.take().or(other.unclear);
    }

    fn add(&mut self, catalog: &Catalog, function: &Function, expr: &Expr) {
        let _ = visit_expressions(expr, |inner| {
            match inner {
                Expr::Function(call) => self.call(catalog, function, call),
                Expr::Identifier(ident) if ident.quote_style.is_none() => {
                    self.word(function, &ident.value.to_lowercase());
                }
                // `NEW.updated_by`: the application says who it is.
                Expr::CompoundIdentifier(parts) => {
                    if let [row, column] = parts.as_slice()
                        && matches!(folded(row).as_str(), "new" | "old")
                    {
                        let words = words(&folded(column));
                        self.known |= words.iter().any(|word| {
                            matches!(word.as_str(), "by" | "user" | "actor" | "author")
                        });
                    }
                }
                _ => {}
            }
            ControlFlow::<()>::Continue(())
        });
    }

    /// `current_user` and its like.
    fn word(&mut self, function: &Function, word: &str) {
        match word {
            "session_user" | "system_user" => self.known = true,
            "current_user" | "user" | "current_role" => {
                if function.security_definer {
                    self.owner = true;
                } else {
                    self.known = true;
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, catalog: &Catalog, function: &Function, call: &sqlparser::ast::Function) {
        let name = object_name(&call.name);
        if matches!(call.args, FunctionArguments::None) {
            return self.word(function, &name.name);
        }
        if name.name == "current_setting" {
            let arguments = arguments(call);
            let text = |expr: &Expr| match bare(expr) {
                Expr::Value(value) => match &value.value {
                    Value::SingleQuotedString(text) => Some(text.clone()),
                    _ => None,
                },
                _ => None,
            };
            let setting = arguments.first().and_then(|first| text(first));
            let may_miss = arguments.get(1).is_some_and(|second| {
                !matches!(bare(second), Expr::Value(value) if value.value == Value::Boolean(false))
            });
            match setting {
                Some(setting) if may_miss => self.optional = Some(setting),
                _ => self.known = true,
            }
            return;
        }
        // What a request's token says of its user.
        if name.schema.as_deref() == Some("auth") {
            self.known = true;
            return;
        }
        for called in catalog.functions_named(&name) {
            let Some(body) = &called.body else {
                self.unclear = Some(format!("the body of `{}()` is not in the text", called.name));
                continue;
            };
            if matches!(called.language.as_str(), "c" | "internal") {
                self.unclear = Some(format!("`{}()` is compiled code", called.name));
                continue;
            }
            let facts = &body.facts;
            let mut tokens = body.text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            let raises = tokens.any(|token| token.eq_ignore_ascii_case("raise"));
            let optional =
                facts.settings.iter().find(|name| facts.optional_settings.contains(*name));
            match (optional, facts.settings.is_empty()) {
                (Some(setting), _) if !raises => self.optional = Some(setting.clone()),
                (_, false) => self.known = true,
                (_, true) => {
                    let mut tokens = body.text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                    self.known |= tokens.any(|token| token.eq_ignore_ascii_case("session_user"));
                }
            }
        }
    }
}
