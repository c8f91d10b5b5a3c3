//! One attribute of a mapped class → its column, and what is said of it.

use std::rc::Rc;

use schemaward_catalog::{AttributeMaker, KeyGenerator, ModelAttribute, ModelDefault, Origin};

use super::annotation::Annotated;
use super::mapped::{Found, Mapper};
use crate::construct::{Build, library_call};
use crate::interpret::{Arg, Args, Class, SymbolKind, Value};
use crate::schema::{Column, Generator, Kind, Literal, PythonDefault, SqlType};
use crate::text::Text;

impl Mapper {
    #[allow(clippy::too_many_arguments)] // One attribute with all that is known of it.
    pub(super) fn attribute(
        &mut self,
        build: &mut Build<'_, '_, '_>,
        at: &Attribute<'_>,
        value: Option<Value>,
        annotated: Option<&Annotated>,
        map: Option<&Value>,
        (columns, attributes): (&mut Vec<Found>, &mut Vec<ModelAttribute>),
        class: &Rc<Class>,
    ) {
        let deferred = matches!(
            value.as_ref().and_then(library_call),
            Some(("deferred" | "column_property", _))
        );
        let value = value.map(unwrapped);
        let called =
            value.as_ref().and_then(|value| library_call(value).map(|(name, _)| name.to_owned()));
        let mut fact = ModelAttribute {
            name: at.name.to_owned(),
            column: None,
            class: at.class.name.clone(),
            origin: at.origin,
            made_by: match called.as_deref() {
                Some("Column") => AttributeMaker::Column,
                Some("Field") => AttributeMaker::Field,
                Some("relationship" | "dynamic_loader" | "backref" | "Relationship") => {
                    AttributeMaker::Relationship
                }
                Some(_) => AttributeMaker::MappedColumn,
                None => AttributeMaker::Annotation,
            },
            mapped: annotated.is_some_and(|annotated| annotated.mapped),
            optional: annotated.map(|annotated| annotated.optional),
            nullable: None,
            default: None,
            server_default: false,
            instant: false,
            naive: false,
        };
        match called.as_deref() {
            Some("relationship" | "dynamic_loader" | "backref" | "Relationship") => {
                attributes.push(fact);
                return;
            }
            Some("composite") => {
                // Its columns may be given within.
                if let Some((_, args)) = value.as_ref().and_then(library_call) {
                    for arg in args.clone().positional() {
                        if let Some((name, inner)) = library_call(&arg.value)
                            && matches!(name, "mapped_column" | "Column")
                            && let Some(name) = inner.at(0).and_then(|arg| arg.value.as_str())
                        {
                            let name = name.to_owned();
                            let inner = Attribute { name: &name, ..*at };
                            let value = Some(arg.value.clone());
                            self.attribute(
                                build,
                                &inner,
                                value,
                                None,
                                map,
                                (columns, attributes),
                                class,
                            );
                        }
                    }
                }
                return;
            }
            Some("mapped_column" | "Column" | "Field") => {}
            // Another thing of a library: a hybrid, a proxy, a query.
            Some(_) => return,
            None => {
                let sqlmodel = class.extends(&["SQLModel"]);
                let Some(annotated) = annotated else { return };
                if annotated.relationship || !(annotated.mapped || sqlmodel) {
                    return;
                }
                if value.as_ref().is_some_and(|value| value.symbol().is_some()) {
                    return;
                }
                // `Mapped["Address"]` without a value is nothing a column can be made of.
                if matches!(&annotated.inner, Some(Value::Class(class)) if !class.is_enum() && class.find("impl").is_none())
                {
                    return;
                }
            }
        }
        let own_args = value.as_ref().and_then(|value| value.call()).map(|(_, args)| args.clone());
        // `use_existing_column=True`: the column of the parent's table is the one, whatever is said here.
        if let Some(args) = &own_args
            && matches!(
                args.named("use_existing_column").map(|it| &it.value),
                Some(Value::Bool(true))
            )
        {
            let name = args.at(0).and_then(|arg| arg.value.as_str()).unwrap_or(at.name);
            if self.existing.contains(name) {
                fact.column = Some(name.to_owned());
                attributes.push(fact);
                return;
            }
        }
        let field = called.as_deref() == Some("Field");
        let serial = value.as_ref().and_then(Value::symbol).map(|symbol| symbol.serial);
        let mut column = match (&own_args, field) {
            (Some(args), false) => build.column_of(args, at.origin),
            (Some(args), true) => match field_column(build, args, at.origin) {
                Some(column) => column,
                None => return,
            },
            (None, _) => {
                let mut column =
                    Column::new(Text::default(), SqlType::new(Kind::Null, at.origin), at.origin);
                // A plain value is the default of a field.
                if let (Some(value), true) = (&value, class.extends(&["SQLModel"])) {
                    column.default = build.python_default(value, at.origin);
                }
                column
            }
        };
        if let Some(annotated) = annotated {
            for args in annotated.columns.iter().rev() {
                let brought = build.column_of(args, at.origin);
                merge(&mut column, brought);
            }
        }
        fact.nullable = column.nullable;
        fact.default = column.default.as_ref().map(model_default);
        fact.server_default = column.server_default.is_some();
        if let Some(annotated) = annotated
            && (annotated.mapped || field || class.extends(&["SQLModel"]))
        {
            // Within `deferred(…)` a column does not hear of its annotation.
            if column.nullable.is_none() && !column.primary_key && !deferred {
                column.nullable = Some(annotated.optional);
            }
            if column.sql_type.kind == Kind::Null {
                let plain_str = matches!(annotated.inner, Some(Value::Builtin("str")))
                    || annotated.inner.as_ref().and_then(Value::path).is_some_and(|path| {
                        path.starts_with("pydantic.") && path.ends_with(".EmailStr")
                    });
                let found = match (field || class.extends(&["SQLModel"]), plain_str, &own_args) {
                    // SQLModel's strings have the length that Pydantic is told.
                    (true, true, Some(args)) => {
                        let length =
                            Build::whole_number(args.named("max_length").map(|arg| &arg.value));
                        let length = length.map(|length| Arg {
                            name: None,
                            value: Value::Int(length),
                            origin: at.origin,
                        });
                        let callee = build.interp.name("sqlalchemy.String", at.origin);
                        let args = Args { list: length.into_iter().collect(), more: false };
                        let made = build.interp.symbol(SymbolKind::Call(callee, args), at.origin);
                        build.find_type(&made, at.origin)
                    }
                    // Its points in time know their zone.
                    (true, _, _)
                        if annotated.inner.as_ref().and_then(Value::path)
                            == Some("datetime.datetime") =>
                    {
                        let zone = Arg {
                            name: Some("timezone".to_owned()),
                            value: Value::Bool(true),
                            origin: at.origin,
                        };
                        let callee = build.interp.name("sqlalchemy.DateTime", at.origin);
                        let args = Args { list: vec![zone], more: false };
                        let made = build.interp.symbol(SymbolKind::Call(callee, args), at.origin);
                        build.find_type(&made, at.origin)
                    }
                    // So do its decimals.
                    (true, _, Some(args)) if args.named("max_digits").is_some() => {
                        let numbers = ["max_digits", "decimal_places"].map(|name| Arg {
                            name: None,
                            value: args.named(name).map_or(Value::None, |arg| arg.value.clone()),
                            origin: at.origin,
                        });
                        let callee = build.interp.name("sqlalchemy.Numeric", at.origin);
                        let args = Args { list: numbers.to_vec(), more: false };
                        let made = build.interp.symbol(SymbolKind::Call(callee, args), at.origin);
                        build.find_type(&made, at.origin)
                    }
                    _ => build.annotated_type(annotated, map, at.origin),
                };
                match found {
                    // The type of a foreign key is that of what it refers to.
                    Some(found) if !column.foreign_keys.is_empty() => {
                        self.annotated.insert(at.origin, found.kind);
                    }
                    Some(found) => column.sql_type = found,
                    None if column.foreign_keys.is_empty() => {
                        let what = annotated
                            .forward
                            .clone()
                            .unwrap_or_else(|| format!("{:?}", annotated.inner));
                        build.problem(
                            format!("the type of `{}` is not known: {what}", at.name),
                            at.origin,
                        );
                    }
                    None => {}
                }
            }
        }
        if column.name.is_empty() {
            column.name = Text::written(at.name, at.origin, false);
        }
        if column.name.as_str() != at.name {
            column.key = Some(Text::written(at.name, at.origin, false));
        }
        fact.column = Some(column.name.as_str().to_owned());
        fact.instant = matches!(column.sql_type.kind, Kind::Timestamp { .. });
        fact.naive = matches!(column.sql_type.kind, Kind::Timestamp { timezone: false, .. });
        attributes.push(fact);
        let named = |name: &str| {
            own_args.as_ref().and_then(|args| args.named(name)).map(|arg| arg.value.clone())
        };
        let order = match named("sort_order") {
            Some(Value::Int(order)) => order,
            _ => 0,
        };
        if let Some(serial) = serial {
            let key = Text::written(at.name, at.origin, false);
            build.columns.insert(serial, (key, Some(column.sql_type.clone())));
        }
        columns.push(Found { column, order, serial });
    }
}

pub(super) struct Attribute<'a> {
    /// The class that writes it.
    pub(super) class: &'a Rc<Class>,
    pub(super) name: &'a str,
    pub(super) origin: Origin,
}

/// Whether a base is of Python's own library, which gives no column.
pub(super) fn is_standard(base: &Value) -> bool {
    let root = base.path().and_then(|path| path.split('.').next()).unwrap_or_default();
    matches!(
        root,
        "abc"
            | "collections"
            | "dataclasses"
            | "enum"
            | "pydantic"
            | "typing"
            | "typing_extensions"
    )
}

/// What the program makes a column's values with, as the rules on code see it.
fn model_default(default: &PythonDefault) -> ModelDefault {
    let known = |text: &str, generator| (text.to_owned(), Some(generator));
    let (text, generator) = match &default.generator {
        Generator::Uuid1 => known("uuid1", KeyGenerator::Uuid1),
        Generator::Uuid4 => known("uuid4", KeyGenerator::Uuid4),
        Generator::Uuid7 => known("uuid7", KeyGenerator::Uuid7),
        Generator::Ulid => known("ULID", KeyGenerator::Ulid),
        Generator::Function(text) | Generator::Callable(text) => (text.as_str().to_owned(), None),
        Generator::Literal(literal) => {
            let text = match literal {
                Literal::None => "None".to_owned(),
                Literal::Bool(truth) => if *truth { "True" } else { "False" }.to_owned(),
                Literal::Integer(text) | Literal::Number(text) | Literal::Text(text) => {
                    text.as_str().to_owned()
                }
            };
            (text, None)
        }
        Generator::Clause(_) => ("an expression of SQL".to_owned(), None),
        Generator::Sequence(sequence) => (sequence.name.as_str().to_owned(), None),
    };
    ModelDefault { text, generator, origin: default.origin }
}

/// The value without what wraps a column (`deferred(…)`, `column_property(…)`).
fn unwrapped(value: Value) -> Value {
    let inner = match library_call(&value) {
        Some(("deferred" | "column_property" | "undeferred", args)) => {
            args.at(0).map(|arg| arg.value.clone())
        }
        _ => None,
    };
    match inner {
        Some(inner) if matches!(library_call(&inner), Some(("Column" | "mapped_column", _))) => {
            inner
        }
        Some(_) | None => value,
    }
}

/// What `Annotated` brings holds where the attribute itself says nothing.
fn merge(column: &mut Column, brought: Column) {
    if column.sql_type.kind == Kind::Null {
        column.sql_type = brought.sql_type;
    }
    if column.nullable.is_none() {
        column.nullable = brought.nullable;
    }
    column.primary_key |= brought.primary_key;
    column.unique |= brought.unique;
    column.index |= brought.index;
    if column.server_default.is_none() {
        column.server_default = brought.server_default;
    }
    if column.default.is_none() {
        column.default = brought.default;
    }
    if column.onupdate.is_none() {
        column.onupdate = brought.onupdate;
    }
    if column.comment.is_none() {
        column.comment = brought.comment;
    }
    if column.foreign_keys.is_empty() {
        column.foreign_keys = brought.foreign_keys;
    }
    if column.name.is_empty() {
        column.name = brought.name;
    }
    column.checks.extend(brought.checks);
    if brought.autoincrement != crate::schema::Autoincrement::Auto {
        column.autoincrement = brought.autoincrement;
    }
}

/// The column that a `Field(…)` of `SQLModel` makes; none where the field is no column.
fn field_column(build: &mut Build<'_, '_, '_>, args: &Args, origin: Origin) -> Option<Column> {
    let named = |name: &str| args.named(name).map(|arg| arg.value.clone());
    if let Some(column) = named("sa_column")
        && let Some((name, inner)) = library_call(&column)
        && name == "Column"
    {
        let inner = inner.clone();
        return Some(build.column_of(&inner, origin));
    }
    let mut list = Vec::new();
    let arg =
        |name: Option<&str>, value: Value| Arg { name: name.map(ToOwned::to_owned), value, origin };
    list.extend(named("sa_type").map(|value| arg(None, value)));
    if let Some(target) = named("foreign_key")
        && let Value::Str(_) = target
    {
        let key = build.interp.name("sqlalchemy.ForeignKey", origin);
        let mut inner = vec![arg(None, target)];
        inner.extend(named("ondelete").map(|value| arg(Some("ondelete"), value)));
        let key =
            build.interp.symbol(SymbolKind::Call(key, Args { list: inner, more: false }), origin);
        list.push(arg(None, key));
    }
    if let Some(more) = named("sa_column_args") {
        let more = build.list(&more, origin);
        list.extend(more.into_iter().map(|value| arg(None, value)));
    }
    for name in ["primary_key", "unique", "index", "nullable", "default", "default_factory"] {
        list.extend(
            named(name)
                .filter(|value| !matches!(value, Value::Ellipsis))
                .map(|value| arg(Some(name), value)),
        );
    }
    if let Some(first) = args.at(0).filter(|first| !matches!(first.value, Value::Ellipsis)) {
        list.push(arg(Some("default"), first.value.clone()));
    }
    if let Some(Value::Dict(more)) = named("sa_column_kwargs") {
        for (name, value) in more.borrow().entries() {
            if let Some(name) = name.as_str() {
                list.push(arg(Some(name), value.clone()));
            }
        }
    }
    Some(build.column_of(&Args { list, more: args.more }, origin))
}
