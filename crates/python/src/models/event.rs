//! What listeners run before and after `create_all`.

use schemaward_catalog::Origin;

use super::belonging::{MetaKey, class_meta, meta_key};
use super::registry::{TableKey, Targets};
use super::{Listener, Recording};
use crate::construct::{Build, library_call};
use crate::ddl::{Context, Output, Statement, alter};
use crate::interpret::{Arg, Args, Interp, Stop, SymbolKind, Value};
use crate::schema::NamingConvention;
use crate::text::Text;

/// The statements of the listeners of one metadata and its tables, in the order they were set.
pub(super) fn statements(
    interp: &mut Interp<'_>,
    host: &mut Recording,
    targets: &Targets,
    metadata: usize,
    event: &str,
) -> Output {
    let mut output = Output::default();
    let listeners = host.listeners.clone();
    for listener in listeners.iter().filter(|listener| listener.event == event) {
        if of_every_table(listener) {
            for (target, name) in host.built.every(interp) {
                let listener = Listener { target, ..listener.clone() };
                run(interp, host, &listener, Some(&name), &mut output);
            }
            continue;
        }
        let Some(table) = about(listener, targets, metadata) else { continue };
        run(interp, host, listener, table.as_ref(), &mut output);
    }
    output
}

/// `event.listen(Table, …)`: whichever table it is.
fn of_every_table(listener: &Listener) -> bool {
    matches!(listener.target.symbol().map(|symbol| &symbol.kind),
        Some(SymbolKind::Name(path)) if path.rsplit('.').next() == Some("Table"))
}

/// Whether a listener is about this metadata (`None`) or one of its tables.
#[allow(clippy::option_option)] // Not about it; about it; about one of its tables.
fn about(
    listener: &Listener,
    targets: &Targets,
    metadata: usize,
) -> Option<Option<(Option<Text>, Text)>> {
    let table = |key: TableKey| {
        let (of, schema, name) = targets.tables.get(&key)?;
        (*of == metadata).then(|| Some((schema.clone(), name.clone())))
    };
    match &listener.target {
        Value::Class(class) => table(TableKey::Class(class.serial)).or_else(|| {
            // What is known of a library names the base for its metadata.
            let (key, _) = class_meta(class);
            (targets.metadata.get(metadata) == Some(&key)).then_some(None)
        }),
        Value::Symbol(symbol) => match &symbol.kind {
            // `User.__table__`.
            SymbolKind::Attribute(Value::Class(class), name) if name == "__table__" => {
                table(TableKey::Class(class.serial))
            }
            SymbolKind::Name(path) if path.rsplit('.').next() == Some("MetaData") => Some(None),
            SymbolKind::Name(_) => None,
            _ => table(TableKey::Record(symbol.serial)).or_else(|| {
                let key = meta_key(&listener.target);
                let known = key != MetaKey::Unknown && targets.metadata.get(metadata) == Some(&key);
                known.then_some(None)
            }),
        },
        _ => None,
    }
}

fn run(
    interp: &mut Interp<'_>,
    host: &mut Recording,
    listener: &Listener,
    table: Option<&(Option<Text>, Text)>,
    output: &mut Output,
) {
    let origin = listener.origin;
    let executed = match &listener.what {
        Value::Function(_) | Value::Method(_) => {
            host.executed = Some(Vec::new());
            let target = listener.target.clone();
            let connection = interp.name("sqlalchemy.connection", origin);
            let list = [target, connection].map(|value| Arg { name: None, value, origin });
            let args = Args { list: list.to_vec(), more: true };
            if let Err(stop) = interp.call(host, &listener.what, args, origin) {
                let why = match stop {
                    Stop::Raise(value) => format!(": it raises {value:?}"),
                    Stop::Limit => String::new(),
                };
                interp.note(origin, format!("what the listener runs is not known{why}"), true);
            }
            host.executed.take().unwrap_or_default()
        }
        other => vec![(other.clone(), origin)],
    };
    // What a library makes stems from what it makes it of.
    let about = match &listener.target {
        Value::Class(class) => Some(class.name_origin),
        Value::Symbol(symbol) => Some(symbol.origin),
        _ => None,
    };
    for (value, at) in executed {
        let at = match about {
            Some(about) if host.known.contains(&at.source) => about,
            _ => at,
        };
        let Some(value) = conditional(value) else { continue };
        if let Some(made) = element(interp, host, &value, at) {
            output.extend(made);
            continue;
        }
        match sql_of(&value) {
            Some((text, true)) => {
                let context =
                    library_call(&value).and_then(|(_, args)| args.value(1, "context").cloned());
                let text = substituted(interp, host, &text, table, context.as_ref(), at);
                output.statements.push(Statement { text, origin: at });
            }
            Some((text, false)) => {
                let text = text.without(|origin| !host.known.contains(&origin.source));
                output.statements.push(Statement { text, origin: at });
            }
            None => {
                interp.note(at, format!("what the listener runs is not known: {value:?}"), true);
            }
        }
    }
}

/// The element of `element.execute_if(dialect="postgresql")`; `None` where it is for others.
fn conditional(value: Value) -> Option<Value> {
    let Some((callee, args)) = value.call() else { return Some(value) };
    match callee.symbol().map(|symbol| &symbol.kind) {
        Some(SymbolKind::Attribute(inner, method)) if method == "execute_if" => {
            let ours = match args.named("dialect").map(|arg| &arg.value) {
                Some(Value::Str(name)) => name.as_str() == "postgresql",
                Some(Value::Tuple(names)) => {
                    names.iter().any(|name| name.as_str() == Some("postgresql"))
                }
                _ => true,
            };
            ours.then(|| inner.clone())
        }
        _ => Some(value),
    }
}

/// The statements of `CreateSchema(…)` and `DropSchema(…)`.
fn element(
    interp: &mut Interp<'_>,
    host: &mut Recording,
    value: &Value,
    origin: Origin,
) -> Option<Output> {
    let (name, args) = library_call(value)?;
    let (name, args) = (name.to_owned(), args.clone());
    let convention = NamingConvention::default();
    let context = Context { convention: &convention, metadata: None };
    let mut build = Build::new(interp, host);
    let flag =
        |name: &str| matches!(args.named(name).map(|arg| &arg.value), Some(Value::Bool(true)));
    match name.as_str() {
        "CreateSchema" => {
            let schema = build.text(args.value(0, "name"), "the name of a schema", origin)?;
            Some(alter::create_schema(context, &schema, flag("if_not_exists"), origin))
        }
        "DropSchema" => {
            let schema = build.text(args.value(0, "name"), "the name of a schema", origin)?;
            Some(alter::drop_schema(context, &schema, flag("if_exists"), flag("cascade"), origin))
        }
        _ => None,
    }
}

/// The SQL of a `DDL(…)` (whose `%` are to be filled in) or a `text(…)`.
fn sql_of(value: &Value) -> Option<(Text, bool)> {
    if let Value::Str(text) = value {
        return Some((Text::clone(text), false));
    }
    let (name, args) = library_call(value)?;
    let text = args.at(0)?.value.text()?.clone();
    match name {
        "DDL" => Some((text, true)),
        "text" => Some((crate::construct::unescape(&text), false)),
        _ => None,
    }
}

/// `DDL` fills in `%(table)s` and its kin, and `%%` is a percent sign.
fn substituted(
    interp: &mut Interp<'_>,
    host: &mut Recording,
    text: &Text,
    table: Option<&(Option<Text>, Text)>,
    context: Option<&Value>,
    origin: Origin,
) -> Text {
    if !text.as_str().contains('%') {
        return text.clone();
    }
    let build = Build::new(interp, host);
    let values = match table {
        Some((schema, name)) => {
            let mut full = Text::default();
            if let Some(schema) = schema {
                full.push(schema);
                full.push_str(".");
            }
            full.push(name);
            let schema = schema.clone().map_or(Value::str(""), Value::str);
            Value::dict([
                (Value::str("table"), Value::str(name.clone())),
                (Value::str("schema"), schema),
                (Value::str("fullname"), Value::str(full)),
            ])
        }
        None => Value::dict([]),
    };
    if let (Value::Dict(values), Some(Value::Dict(context))) = (&values, context) {
        for (key, value) in context.borrow().entries() {
            values.borrow_mut().set(key.clone(), value.clone());
        }
    }
    match build.interp.percent_format(build.host, text, &values, origin) {
        Some(filled) => filled,
        None => text.clone(),
    }
}
