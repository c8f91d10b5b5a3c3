//! What a program built with SQLAlchemy → SQLAlchemy's constructs as plain data.
//!
//! The interpreter leaves records of calls (`Column(…)`, `func.lower(…)`); here they get their
//! meaning. What has none for certain is a problem with its place, and a construct that says so.

mod clause;
mod column;
mod default;
mod table;
mod types;

use std::collections::BTreeMap;

use schemaward_catalog::{DecidedCondition, Origin};

use crate::ddl::Problem;
use crate::interpret::{Arg, Args, Host, Interp, SymbolKind, Value};
use crate::schema::{Name, SqlType};
use crate::text::Text;

pub(crate) use self::clause::unescape;
pub(crate) use self::types::python_type;

/// Packages whose names mean what SQLAlchemy's do.
const LIBRARIES: &[&str] = &[
    "alembic",
    "alembic_utils",
    "flask_sqlalchemy",
    "geoalchemy2",
    "pgvector",
    "sqlalchemy",
    "sqlalchemy_utils",
    "sqlmodel",
    "advanced_alchemy",
    "fastapi_users_db_sqlalchemy",
    "ulid",
];

/// The name of something of SQLAlchemy or a library around it: `Column` for `sqlalchemy.Column`,
/// `sa.schema.Column` and `db.Column`; `None` for all else.
pub(crate) fn library_name(value: &Value) -> Option<&str> {
    match &value.symbol()?.kind {
        SymbolKind::Name(path) => {
            let root = path.split('.').next()?;
            LIBRARIES.contains(&root).then(|| path.rsplit('.').next()).flatten()
        }
        // The extension object of Flask-SQLAlchemy has SQLAlchemy's names as attributes.
        SymbolKind::Attribute(object, name) => {
            let (callee, _) = object.call()?;
            (callee.last_name() == Some("SQLAlchemy")).then_some(name.as_str())
        }
        // `postgresql.ARRAY[…]`, `InstrumentedList[…]`.
        SymbolKind::Subscript(object, _) => library_name(object),
        _ => None,
    }
}

/// The name and the arguments of a call of SQLAlchemy.
pub(crate) fn library_call(value: &Value) -> Option<(&str, &Args)> {
    let (callee, args) = value.call()?;
    Some((library_name(callee)?, args))
}

/// Builds constructs from values.
pub(crate) struct Build<'i, 'a, 'h> {
    pub(crate) interp: &'i mut Interp<'a>,
    pub(crate) host: &'h mut dyn Host,
    /// What could not be built, in the order it was met.
    pub(crate) problems: Vec<Problem>,
    /// Functions that naming conventions call, by their token.
    pub(crate) tokens: Vec<(String, Value)>,
    /// Conditions that Python has decided itself.
    pub(crate) decided: Vec<DecidedCondition>,
    /// The columns at hand, by the number of the record of their call: their key and type.
    pub(crate) columns: BTreeMap<u32, (Text, Option<SqlType>)>,
    /// Tables that other tables' constructs may name, by the number of their record.
    pub(crate) tables: BTreeMap<u32, (Option<Text>, Text)>,
    /// The tables of mapped classes, by the class's number.
    pub(crate) classes: BTreeMap<u32, (Option<Text>, Text)>,
    /// The table and the key of each column, by the number of the record of its call.
    pub(crate) owners: BTreeMap<u32, (Option<Text>, Text, Text)>,
}

impl<'i, 'a, 'h> Build<'i, 'a, 'h> {
    pub(crate) fn new(interp: &'i mut Interp<'a>, host: &'h mut dyn Host) -> Self {
        Self {
            interp,
            host,
            problems: Vec::new(),
            tokens: Vec::new(),
            decided: Vec::new(),
            columns: BTreeMap::new(),
            tables: BTreeMap::new(),
            classes: BTreeMap::new(),
            owners: BTreeMap::new(),
        }
    }

    pub(crate) fn problem(&mut self, message: impl Into<String>, origin: Origin) {
        self.problems.push(Problem { message: message.into(), table: None, origin });
    }

    /// What a function of a naming convention makes of a constraint with these columns.
    pub(crate) fn computed_token(
        &mut self,
        function: &Value,
        table: &str,
        columns: &[String],
        origin: Origin,
    ) -> Option<Text> {
        let named = |interp: &Interp<'_>, name: &str| {
            interp.object([("name", Value::str(name)), ("key", Value::str(name))], origin)
        };
        let list: Vec<(Value, Value)> = columns
            .iter()
            .map(|name| (Value::str(name.as_str()), named(self.interp, name)))
            .collect();
        let table = named(self.interp, table);
        let fields =
            [("columns", Value::dict(list)), ("table", table.clone()), ("name", Value::None)];
        let constraint = self.interp.object(fields, origin);
        let args = [constraint, table].map(|value| Arg { name: None, value, origin });
        let args = Args { list: args.to_vec(), more: false };
        match self.interp.call(self.host, function, args, origin) {
            Ok(Value::Str(text)) => Some(Text::clone(&text)),
            _ => None,
        }
    }

    /// The name of a constraint or an index.
    pub(crate) fn name(&mut self, value: Option<&Value>) -> Name {
        match value {
            None | Some(Value::None) => Name::Unset,
            Some(Value::Str(text)) => Name::Given(Text::clone(text)),
            Some(other) => match other.call() {
                // `op.f("…")`, `conv("…")`, `quoted_name("…", True)`.
                Some((callee, args)) => {
                    match (callee.last_name(), args.at(0).map(|arg| &arg.value)) {
                        (Some("f" | "conv"), Some(Value::Str(text))) => {
                            Name::Final(Text::clone(text))
                        }
                        (Some("quoted_name"), Some(Value::Str(text))) => {
                            Name::Given(Text::clone(text))
                        }
                        _ => Name::Unset,
                    }
                }
                None => match crate::interpret::enum_value(other) {
                    Some(Value::Str(text)) => Name::Given(text.as_ref().clone()),
                    _ => Name::Unset,
                },
            },
        }
    }

    /// A string argument; something that is no string is a problem.
    pub(crate) fn text(
        &mut self,
        value: Option<&Value>,
        what: &str,
        origin: Origin,
    ) -> Option<Text> {
        match value {
            None | Some(Value::None) => None,
            Some(Value::Str(text)) => Some(Text::clone(text)),
            Some(other) => {
                if let Some((_, args)) = other.call()
                    && matches!(
                        other.call().and_then(|(callee, _)| callee.last_name()),
                        Some("quoted_name" | "f" | "text")
                    )
                    && let Some(Value::Str(text)) = args.at(0).map(|arg| &arg.value)
                {
                    return Some(Text::clone(text));
                }
                if let Some(Value::Str(text)) = crate::interpret::enum_value(other) {
                    return Some(Text::clone(&text));
                }
                self.problem(format!("{what} is not known: {other:?}"), origin);
                None
            }
        }
    }

    /// A flag; `otherwise` where it is not given or not known.
    pub(crate) fn flag(
        &mut self,
        value: Option<&Value>,
        otherwise: bool,
        what: &str,
        origin: Origin,
    ) -> bool {
        match value {
            None => otherwise,
            Some(value) => match self.interp.truth(self.host, value) {
                Some(truth) => truth,
                None => {
                    self.problem(format!("whether {what} holds is not known: {value:?}"), origin);
                    otherwise
                }
            },
        }
    }

    /// The items of a list or a tuple; one value stands for itself.
    pub(crate) fn list(&mut self, value: &Value, origin: Origin) -> Vec<Value> {
        match value {
            Value::None => Vec::new(),
            Value::Str(_) => vec![value.clone()],
            other => {
                self.interp.items(self.host, other, origin).unwrap_or_else(|| vec![other.clone()])
            }
        }
    }

    pub(crate) fn whole_number(value: Option<&Value>) -> Option<i64> {
        match value {
            Some(Value::Int(number)) => Some(*number),
            Some(Value::Bool(truth)) => Some(i64::from(*truth)),
            _ => None,
        }
    }
}
