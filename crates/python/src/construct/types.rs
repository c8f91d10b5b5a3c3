//! Types: calls and classes of SQLAlchemy, decorators of the project, Python's own types.

use std::rc::Rc;

use schemaward_catalog::Origin;

use super::{Build, library_call, library_name};
use crate::interpret::{Arg, Args, Class, Instance, LIBRARY_INIT, SymbolKind, Value, enum_value};
use crate::schema::{Argument, Arguments, Kind, PythonEnum, SqlType, Undecided, construct};
use crate::text::Text;

/// Types within each other (arrays of decorators of variants).
const MAX_DEPTH: usize = 12;

impl Build<'_, '_, '_> {
    /// The type that a value is: a call of a type, its class, or a type of Python.
    pub(crate) fn sql_type(&mut self, value: &Value, origin: Origin) -> SqlType {
        match self.type_within(value, origin, 0) {
            Some(found) => found,
            None => {
                self.problem(format!("the type is not known: {value:?}"), origin);
                SqlType::new(Kind::Null, origin)
            }
        }
    }

    /// The type that a value is; `None` where it is none or is not known.
    pub(crate) fn find_type(&mut self, value: &Value, origin: Origin) -> Option<SqlType> {
        self.type_within(value, origin, 0)
    }

    fn type_within(&mut self, value: &Value, origin: Origin, depth: usize) -> Option<SqlType> {
        if depth > MAX_DEPTH {
            return None;
        }
        match value {
            Value::Symbol(symbol) => match &symbol.kind {
                SymbolKind::Name(path) => {
                    if let Some(kind) = python_type(path) {
                        return self.named(kind, &Args::default(), origin, depth);
                    }
                    let name = library_name(value)?;
                    self.named(name, &Args::default(), origin, depth)
                }
                SymbolKind::Call(callee, args) => {
                    // `T().with_variant(V(), "postgresql")`.
                    if let Value::Symbol(inner) = callee
                        && let SymbolKind::Attribute(base, method) = &inner.kind
                    {
                        match method.as_str() {
                            "with_variant" => {
                                let names =
                                    args.positional().skip(1).chain(args.named("dialect_name"));
                                let ours = names
                                    .into_iter()
                                    .any(|arg| arg.value.as_str() == Some("postgresql"));
                                let chosen = if ours {
                                    args.at(0).map(|arg| arg.value.clone())
                                } else {
                                    None
                                };
                                let chosen = chosen.unwrap_or_else(|| base.clone());
                                return self.type_within(&chosen, origin, depth + 1);
                            }
                            "evaluates_none" | "copy" | "as_mutable" => {
                                return self.type_within(base, origin, depth + 1);
                            }
                            _ => {}
                        }
                    }
                    // `dialect.type_descriptor(T())`, `MutableDict.as_mutable(T)`.
                    if matches!(callee.last_name(), Some("type_descriptor" | "as_mutable")) {
                        let inner = args.at(0)?.value.clone();
                        return self.type_within(&inner, origin, depth + 1);
                    }
                    let name = library_name(callee)?.to_owned();
                    self.named(&name, args, symbol.origin, depth)
                }
                SymbolKind::Attribute(..) => {
                    let name = library_name(value)?.to_owned();
                    self.named(&name, &Args::default(), origin, depth)
                }
                SymbolKind::Subscript(base, arguments) => {
                    self.generic(base, arguments, origin, depth)
                }
                _ => None,
            },
            Value::Builtin(name) => {
                let name = match *name {
                    "int" => "Integer",
                    "str" => "String",
                    "float" => "Float",
                    "bool" => "Boolean",
                    "bytes" => "LargeBinary",
                    _ => return None,
                };
                self.named(name, &Args::default(), origin, depth)
            }
            Value::Class(class) if class.is_enum() => {
                let args = one(value.clone(), origin);
                self.named("Enum", &args, origin, depth)
            }
            Value::Class(class) => self.project_type(class, None, origin, depth),
            Value::Instance(instance) => {
                let class = Rc::clone(&instance.class);
                self.project_type(&class, Some(instance), origin, depth)
            }
            _ => None,
        }
    }

    /// `Literal["a", "b"]` and `Optional[T]`, where a type of Python stands for one of SQL.
    fn generic(
        &mut self,
        base: &Value,
        inner: &Value,
        origin: Origin,
        depth: usize,
    ) -> Option<SqlType> {
        match base.last_name()? {
            "Literal" => {
                let values = match inner {
                    Value::Tuple(values) => values.to_vec(),
                    other => vec![other.clone()],
                };
                let mut args = Args::default();
                args.list.extend(values.into_iter().map(|value| Arg { name: None, value, origin }));
                args.list.push(Arg {
                    name: Some("native_enum".to_owned()),
                    value: Value::Bool(false),
                    origin,
                });
                self.named("Enum", &args, origin, depth)
            }
            "Optional" | "Annotated" | "Final" | "Required" => {
                let first = match inner {
                    Value::Tuple(values) => values.first().cloned()?,
                    other => other.clone(),
                };
                self.type_within(&first, origin, depth + 1)
            }
            _ => {
                // A generic class of SQLAlchemy, with the type of Python it gives.
                let name = library_name(base)?.to_owned();
                self.named(&name, &Args::default(), origin, depth)
            }
        }
    }

    /// A type by its name and arguments.
    fn named(&mut self, name: &str, args: &Args, origin: Origin, depth: usize) -> Option<SqlType> {
        // SQLAlchemy-Utils and the like have decorators whose first argument or fixed type counts.
        let implied = match name {
            "JSONType" => Some("JSON"),
            "EmailType"
            | "URLType"
            | "ColorType"
            | "PasswordType"
            | "StringEncryptedType"
            | "EncryptedType" => Some("String"),
            "GUID" | "GuidType" | "UUIDType" => Some("Uuid"),
            "JsonB" => Some("JSONB"),
            "DateTimeUTC" | "TIMESTAMPAware" => {
                let zone =
                    Arg { name: Some("timezone".to_owned()), value: Value::Bool(true), origin };
                return self.named(
                    "DateTime",
                    &Args { list: vec![zone], more: false },
                    origin,
                    depth,
                );
            }
            _ => None,
        };
        if let Some(implied) = implied {
            return self.named(implied, &Args::default(), origin, depth);
        }
        if name == "ULIDType" {
            // python-ulid stores as `storage` says: a UUID unless told otherwise.
            let stored = match args.named("storage").and_then(|arg| arg.value.as_str()) {
                Some("string") => {
                    ("String", vec![Arg { name: None, value: Value::Int(26), origin }])
                }
                Some("binary") => ("LargeBinary", Vec::new()),
                _ => ("Uuid", Vec::new()),
            };
            return self.named(stored.0, &Args { list: stored.1, more: false }, origin, depth);
        }
        let arguments = self.type_arguments(name, args, origin, depth);
        match construct(name, &arguments, origin) {
            Ok(found) => Some(found),
            Err(Undecided::UnknownType) => None,
            Err(Undecided::Argument(what)) => {
                self.problem(
                    format!("the argument `{what}` of the type `{name}` is not known"),
                    origin,
                );
                None
            }
        }
    }

    fn type_arguments(
        &mut self,
        name: &str,
        args: &Args,
        origin: Origin,
        depth: usize,
    ) -> Arguments {
        let mut arguments = Arguments::default();
        for arg in &args.list {
            let value = match (name, arg.name.as_deref()) {
                ("Enum" | "ENUM", Some("values_callable")) => {
                    self.enum_values(args, &arg.value, origin)
                }
                ("Enum" | "ENUM", Some("metadata")) => match arg.value {
                    Value::None => Argument::None,
                    _ => Argument::MetaData,
                },
                ("DOMAIN", Some("metadata")) => Argument::MetaData,
                _ => self.type_argument(&arg.value, arg.origin, depth),
            };
            match &arg.name {
                None => arguments.positional.push(value),
                Some(name) => arguments.keywords.push((Text::from(name.as_str()), value)),
            }
        }
        arguments
    }

    fn type_argument(&mut self, value: &Value, origin: Origin, depth: usize) -> Argument {
        match value {
            Value::None => Argument::None,
            Value::Bool(value) => Argument::Bool(*value),
            Value::Int(value) => Argument::Integer(*value),
            Value::Str(text) => Argument::Text(Text::clone(text)),
            Value::Class(class) if class.is_enum() => Argument::PythonEnum(python_enum(class)),
            Value::List(_) | Value::Tuple(_) => {
                let items = self.list(value, origin);
                Argument::List(
                    items.iter().map(|item| self.type_argument(item, origin, depth + 1)).collect(),
                )
            }
            Value::Instance(_) if enum_value(value).is_some() => match enum_value(value) {
                Some(Value::Str(text)) => Argument::Text(Text::clone(&text)),
                _ => Argument::Other,
            },
            other => {
                if let Some(found) = self.type_within(other, origin, depth + 1) {
                    return Argument::Type(found);
                }
                match library_call(other).is_some() || other.call().is_some() {
                    true => Argument::Clause(self.clause(other, origin)),
                    false => Argument::Other,
                }
            }
        }
    }

    /// What `values_callable` gives for the enumeration.
    fn enum_values(&mut self, args: &Args, callable: &Value, origin: Origin) -> Argument {
        if callable.is_none() {
            return Argument::None;
        }
        let Some(class) = args.at(0).map(|arg| arg.value.clone()) else { return Argument::Other };
        let Ok(values) = self.interp.call(self.host, callable, one(class, origin), origin) else {
            return Argument::Other;
        };
        let Some(items) = self.interp.items(self.host, &values, origin) else {
            return Argument::Other;
        };
        let texts = items.iter().map(|item| match enum_value(item).as_ref().unwrap_or(item) {
            Value::Str(text) => Argument::Text(Text::clone(text)),
            _ => Argument::Other,
        });
        Argument::List(texts.collect())
    }

    /// A type that the project defines: a decorator with its `impl`, or one that writes itself.
    fn project_type(
        &mut self,
        class: &Rc<Class>,
        instance: Option<&Rc<Instance>>,
        origin: Origin,
        depth: usize,
    ) -> Option<SqlType> {
        let receiver = match instance {
            Some(instance) => Value::Instance(Rc::clone(instance)),
            None => {
                let class = Value::Class(Rc::clone(class));
                self.interp.call(self.host, &class, Args::default(), origin).ok()?
            }
        };
        if class.find("load_dialect_impl").is_some() {
            let method =
                self.interp.attribute(self.host, &receiver, "load_dialect_impl", origin).ok()?;
            let dialect = self.interp.name("sqlalchemy.dialect", origin);
            let made = self.interp.call(self.host, &method, one(dialect, origin), origin).ok()?;
            // `return self.impl` and the like, too.
            if let Some(found) = self.type_within(&made, origin, depth + 1) {
                return Some(found);
            }
        }
        if class.find("get_col_spec").is_some() {
            let method =
                self.interp.attribute(self.host, &receiver, "get_col_spec", origin).ok()?;
            let made = self.interp.call(self.host, &method, Args::default(), origin).ok()?;
            if let Value::Str(text) = made {
                return Some(SqlType::new(Kind::UserDefined(Text::clone(&text)), origin));
            }
            return None;
        }
        if let Some((inner, _)) = class.find("impl") {
            // A decorator hands its arguments to its `impl`.
            let args = instance.map(|instance| instance.args.clone()).unwrap_or_default();
            let given = match class.find("__init__") {
                Some(_) => handed_on(&receiver).unwrap_or_default(),
                None => args,
            };
            if !given.list.is_empty() {
                let called = self.interp.call(self.host, &inner, given, origin).ok()?;
                if let Some(found) = self.type_within(&called, origin, depth + 1) {
                    return Some(found);
                }
            }
            return self.type_within(&inner, origin, depth + 1);
        }
        // A subclass of a type of SQLAlchemy is that type.
        let args = instance.map(|instance| instance.args.clone()).unwrap_or_default();
        let bases: Vec<String> = class
            .external
            .iter()
            .filter_map(|base| library_name(base).map(ToOwned::to_owned))
            .collect();
        bases.iter().find_map(|base| {
            let args =
                if class.find("__init__").is_some() { Args::default() } else { args.clone() };
            self.named(base, &args, origin, depth + 1)
        })
    }
}

/// What the class of an instance hands on to the `__init__` of its base.
fn handed_on(instance: &Value) -> Option<Args> {
    let Value::Instance(instance) = instance else { return None };
    let made = instance.attributes.borrow().get(LIBRARY_INIT).cloned()?;
    made.call().map(|(_, args)| args.clone())
}

/// The name of SQLAlchemy's type for a type of Python's standard library.
pub(crate) fn python_type(path: &str) -> Option<&'static str> {
    Some(match path {
        "datetime.datetime" => "DateTime",
        "datetime.date" => "Date",
        "datetime.time" => "Time",
        "datetime.timedelta" => "Interval",
        "decimal.Decimal" => "Numeric",
        "uuid.UUID" => "Uuid",
        "pydantic.EmailStr" | "pydantic.networks.EmailStr" | "pydantic.AnyUrl" => "String",
        _ => return None,
    })
}

fn python_enum(class: &Class) -> PythonEnum {
    let members = class.members();
    let names = members.iter().filter_map(|member| match member {
        Value::Instance(instance) => match instance.attributes.borrow().get("_name_") {
            Some(Value::Str(name)) => Some(Text::written(name.as_str(), instance.origin, false)),
            _ => None,
        },
        _ => None,
    });
    PythonEnum {
        name: Text::written(class.name.as_str(), class.name_origin, true),
        members: names.collect(),
    }
}

fn one(value: Value, origin: Origin) -> Args {
    Args { list: vec![Arg { name: None, value, origin }], more: false }
}
