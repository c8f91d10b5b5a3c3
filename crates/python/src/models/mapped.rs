//! A mapped class → its table.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use schemaward_catalog::{
    AttributeMaker, KeyGenerator, ModelAttribute, ModelClass, ModelDefault, Origin, QualifiedName,
};

use super::annotation::Annotated;
use super::problem;
use super::registry::{Registry, TableKey, default_name, table_args};
use crate::construct::{Build, library_call, library_name};
use crate::interpret::{Arg, Args, Class, Function, SymbolKind, Value};
use crate::schema::{Column, Generator, Kind, Literal, PythonDefault, SqlType, Table};
use crate::text::Text;

/// Maps classes to tables.
pub(super) struct Mapper {
    /// The metadata and the table of each record of `Table(…)`.
    pub(super) made: BTreeMap<u32, (usize, usize)>,
    /// The metadata and the table of each mapped class, by its number.
    mapped: BTreeMap<u32, (usize, usize)>,
    /// Indexes that belong to a table already, by the number of their record.
    pub(super) used: BTreeSet<u32>,
    /// The types that foreign keys are annotated with, by where they stand.
    pub(super) annotated: BTreeMap<Origin, Kind>,
    pub(super) classes: Vec<ModelClass>,
    /// The columns that the table of the class in hand has already: those of its parent.
    existing: BTreeSet<String>,
}

/// A column of a class on its way into a table.
struct Found {
    column: Column,
    order: i64,
    serial: Option<u32>,
}

impl Mapper {
    pub(super) fn new() -> Self {
        Self {
            made: BTreeMap::new(),
            mapped: BTreeMap::new(),
            used: BTreeSet::new(),
            annotated: BTreeMap::new(),
            classes: Vec::new(),
            existing: BTreeSet::new(),
        }
    }

    /// `registry.map_imperatively(Class, table)`.
    pub(super) fn map_to(&mut self, registry: &mut Registry, class: &Rc<Class>, table: &Value) {
        let place = table.symbol().and_then(|symbol| self.made.get(&symbol.serial)).copied();
        if let Some(place) = place {
            self.mapped.insert(class.serial, place);
            self.remember(registry, class, place, false, Vec::new());
        }
    }

    /// Maps a declarative class.
    pub(super) fn map(
        &mut self,
        build: &mut Build<'_, '_, '_>,
        registry: &mut Registry,
        class: &Rc<Class>,
        metadata: usize,
    ) {
        let parent = class
            .ancestors
            .iter()
            .find(|ancestor| self.mapped.contains_key(&ancestor.serial))
            .cloned();
        let excluded: BTreeSet<u32> =
            parent.iter().flat_map(Class::lineage).map(|class| class.serial).collect();
        if let Some((table, owner)) = class.find("__table__")
            && !excluded.contains(&owner.serial)
        {
            self.map_to(registry, class, &table);
            if let Some(found) = table.symbol().and_then(|symbol| build.tables.get(&symbol.serial))
            {
                build.classes.insert(class.serial, found.clone());
            }
            return;
        }
        let name = self.table_name(build, class, &excluded);
        let origin = class.name_origin;
        let missing = class.external.iter().find(|base| match base {
            Value::Unknown(_) => true,
            other => {
                other.path().is_some_and(|path| path.contains('.'))
                    && library_name(other).is_none()
                    && !is_standard(other)
            }
        });
        let missing = missing.map(|base| match base {
            Value::Unknown(unknown) => unknown.reason.clone(),
            other => format!("`{}` was not given", other.path().unwrap_or_default()),
        });
        let schema_of_metadata =
            registry.metadata.get(metadata).and_then(|found| found.schema.clone());
        let (items, options) = self.args_of(build, class, &excluded);
        let shared = match &name {
            None => parent.as_ref().and_then(|parent| self.mapped.get(&parent.serial)).copied(),
            Some(_) => None,
        };
        self.existing = shared
            .and_then(|place| registry.table_at(place))
            .map(|table| table.columns.iter().map(|it| it.name.as_str().to_owned()).collect())
            .unwrap_or_default();
        let (columns, attributes) = self.collect(build, class, &excluded, type_map(class).as_ref());

        let Some(name) = name else {
            // Without a table of its own a class has its columns in that of its parent.
            let Some(place) = parent.and_then(|parent| self.mapped.get(&parent.serial).copied())
            else {
                let message = format!("`{}` names no table", class.name);
                registry.problems.push(problem(message, origin));
                return;
            };
            self.mapped.insert(class.serial, place);
            if let Some(table) = registry.table_at(place) {
                build.classes.insert(class.serial, (table.schema.clone(), table.name.clone()));
                for found in columns {
                    let known = table
                        .columns
                        .iter()
                        .any(|column| column.name.as_str() == found.column.name.as_str());
                    if !known {
                        own(build, table, &found);
                        table.columns.push(found.column);
                    }
                }
                self.apply_table_args(build, class, items, table);
            }
            self.remember(registry, class, place, true, attributes);
            return;
        };
        let mut table = Table { name, origin: class.origin, ..Table::default() };
        build.table_options(&options, &mut table);
        if table.schema.is_none() {
            table.schema = schema_of_metadata;
        }
        for found in columns {
            own(build, &table, &found);
            table.columns.push(found.column);
        }
        self.apply_table_args(build, class, items, &mut table);
        build.classes.insert(class.serial, (table.schema.clone(), table.name.clone()));
        registry.targets.tables.insert(
            TableKey::Class(class.serial),
            (metadata, table.schema.clone(), table.name.clone()),
        );
        let Some(found) = registry.metadata.get_mut(metadata) else { return };
        let twice = found.tables.iter().position(|other| {
            other.name.as_str() == table.name.as_str()
                && super::registry::same(other.schema.as_ref(), table.schema.as_ref())
        });
        let place = match twice {
            Some(at) => {
                registry.problems.push(problem(
                    format!("the table `{}` has two classes", table.name.as_str()),
                    class.name_origin,
                ));
                (metadata, at)
            }
            None => {
                found.tables.push(table);
                (metadata, found.tables.len() - 1)
            }
        };
        self.mapped.insert(class.serial, place);
        if let (Some(missing), Some(table)) = (missing, registry.table_at(place)) {
            let schema = table.schema.as_ref().map_or("public", Text::as_str);
            let table = QualifiedName::new(schema, table.name.as_str());
            let reason = format!("what `{}` has of its bases is not known: {missing}", class.name);
            registry.unknown.push((table, reason, origin));
        }
        self.remember(registry, class, place, false, attributes);
    }

    fn remember(
        &mut self,
        registry: &mut Registry,
        class: &Rc<Class>,
        place: (usize, usize),
        shares_table: bool,
        attributes: Vec<ModelAttribute>,
    ) {
        let table = registry.table_at(place).map(|table| {
            let schema = table.schema.as_ref().map_or("public", Text::as_str);
            QualifiedName::new(schema, table.name.as_str())
        });
        self.classes.push(ModelClass {
            name: class.name.clone(),
            origin: class.name_origin,
            table,
            shares_table,
            ancestors: class.ancestors.iter().map(|ancestor| ancestor.name.clone()).collect(),
            attributes,
        });
    }

    /// The name of the class's own table; none for a class in the table of its parent.
    fn table_name(
        &self,
        build: &mut Build<'_, '_, '_>,
        class: &Rc<Class>,
        excluded: &BTreeSet<u32>,
    ) -> Option<Text> {
        let found = class.find("__tablename__");
        let value = match found {
            // A plain name of a mapped parent is the parent's.
            Some((value, owner))
                if excluded.contains(&owner.serial) && !matches!(value, Value::Function(_)) =>
            {
                return None;
            }
            Some(_) => {
                let object = Value::Class(Rc::clone(class));
                build.interp.attribute(build.host, &object, "__tablename__", class.name_origin).ok()
            }
            None => default_name(class)
                .filter(|_| excluded.is_empty())
                .map(|name| Value::str(Text::written(name, class.name_origin, false))),
        };
        match value {
            Some(Value::Str(text)) => Some(match text.origin() {
                Some(_) => Text::clone(&text),
                None => Text::written(text.as_str(), class.name_origin, false),
            }),
            None | Some(Value::None) => None,
            Some(other) => {
                build.problem(
                    format!("the table name of `{}` is not known: {other:?}", class.name),
                    class.name_origin,
                );
                None
            }
        }
    }

    /// `__table_args__`, of the class or a mixin.
    fn args_of(
        &self,
        build: &mut Build<'_, '_, '_>,
        class: &Rc<Class>,
        excluded: &BTreeSet<u32>,
    ) -> (Vec<Value>, Args) {
        match class.find("__table_args__") {
            Some((_, owner)) if !excluded.contains(&owner.serial) => {
                let object = Value::Class(Rc::clone(class));
                let value = build.interp.attribute(
                    build.host,
                    &object,
                    "__table_args__",
                    class.name_origin,
                );
                match value {
                    Ok(value @ (Value::Unknown(_) | Value::Symbol(_))) => {
                        let message =
                            format!("`__table_args__` of `{}` is not known: {value:?}", class.name);
                        build.problem(message, class.name_origin);
                        (Vec::new(), Args::default())
                    }
                    Ok(value) => table_args(&value),
                    Err(_) => (Vec::new(), Args::default()),
                }
            }
            _ => (Vec::new(), Args::default()),
        }
    }

    fn apply_table_args(
        &mut self,
        build: &mut Build<'_, '_, '_>,
        class: &Rc<Class>,
        items: Vec<Value>,
        table: &mut Table,
    ) {
        for item in items {
            if let Some(column) = build.column(&item) {
                table.columns.push(column);
                continue;
            }
            if let (Some(("Index", _)), Some(symbol)) = (library_call(&item), item.symbol()) {
                self.used.insert(symbol.serial);
            }
            let origin = item.symbol().map_or(class.name_origin, |symbol| symbol.origin);
            build.table_item(&item, origin, table);
        }
    }

    /// The columns of a class and its mixins, in SQLAlchemy's order: its own, then those of the
    /// mixins in method resolution order, all of them by `sort_order`.
    fn collect(
        &mut self,
        build: &mut Build<'_, '_, '_>,
        class: &Rc<Class>,
        excluded: &BTreeSet<u32>,
        map: Option<&Value>,
    ) -> (Vec<Found>, Vec<ModelAttribute>) {
        let mut columns = Vec::new();
        let mut attributes = Vec::new();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let lineage: Vec<Rc<Class>> = class.lineage().map(Rc::clone).collect();
        // The fields of a model of Pydantic are in the order of their first definition, the bases' first.
        let fields: Option<Vec<String>> = class.extends(&["SQLModel"]).then(|| {
            let mut fields: Vec<String> = Vec::new();
            for ancestor in lineage.iter().rev() {
                for annotation in ancestor.annotations.borrow().iter() {
                    if !fields.contains(&annotation.name) {
                        fields.push(annotation.name.clone());
                    }
                }
            }
            fields
        });
        for ancestor in lineage {
            if excluded.contains(&ancestor.serial) {
                continue;
            }
            let annotations = ancestor.annotations.borrow().clone();
            let names = {
                let own = ancestor.attributes.borrow();
                let annotated: Vec<&str> =
                    annotations.iter().map(|annotation| annotation.name.as_str()).collect();
                let mut names =
                    merged(&own.order.iter().map(String::as_str).collect::<Vec<_>>(), &annotated);
                // Columns of a mixin are copied before its functions are asked.
                if ancestor.serial != class.serial {
                    let asked = |name: &str| {
                        matches!(own.get(name).map(|it| &it.value), Some(Value::Function(_)))
                    };
                    names.sort_by_key(|name| asked(name));
                }
                names
            };
            for name in names {
                if !seen.insert(name.clone()) || name.starts_with("__") {
                    continue;
                }
                let attribute = ancestor.attributes.borrow().get(&name).cloned();
                let annotation =
                    annotations.iter().rev().find(|annotation| annotation.name == name);
                let origin =
                    annotation.map(|it| it.origin).or(attribute.as_ref().map(|it| it.origin));
                let origin = origin.unwrap_or(ancestor.name_origin);
                let mut value = attribute.map(|attribute| attribute.value);
                let mut annotated =
                    annotation.map(|it| build.annotation(&ancestor, &it.written, it.origin));
                if let Some(Value::Function(function)) = &value {
                    if !function.is_decorated(&["declared_attr", "cascading"]) {
                        continue;
                    }
                    annotated = returned(build, &ancestor, function, origin);
                    let object = Value::Class(Rc::clone(class));
                    value = build.interp.attribute(build.host, &object, &name, origin).ok();
                }
                let context = Attribute { class: &ancestor, name: &name, origin };
                self.attribute(
                    build,
                    &context,
                    value,
                    annotated.as_ref(),
                    map,
                    (&mut columns, &mut attributes),
                    class,
                );
            }
        }
        if let Some(fields) = fields {
            columns.sort_by_key(|found: &Found| {
                fields.iter().position(|name| name == found.column.key().as_str())
            });
        }
        columns.sort_by_key(|found: &Found| found.order);
        (columns, attributes)
    }

    #[allow(clippy::too_many_arguments)] // One attribute with all that is known of it.
    fn attribute(
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

struct Attribute<'a> {
    /// The class that writes it.
    class: &'a Rc<Class>,
    name: &'a str,
    origin: Origin,
}

/// Remembers which table a column is of.
fn own(build: &mut Build<'_, '_, '_>, table: &Table, found: &Found) {
    if let Some(serial) = found.serial {
        let owner = (table.schema.clone(), table.name.clone(), found.column.key().clone());
        build.owners.insert(serial, owner);
    }
}

impl Registry {
    pub(super) fn table_at(&mut self, (metadata, table): (usize, usize)) -> Option<&mut Table> {
        self.metadata.get_mut(metadata)?.tables.get_mut(table)
    }
}

/// The type map of the registry that a class belongs to.
fn type_map(class: &Rc<Class>) -> Option<Value> {
    if let Some((map, _)) = class.find("type_annotation_map") {
        return Some(map);
    }
    let (registry, _) = class.find("registry")?;
    let (_, args) = registry.call()?;
    args.named("type_annotation_map").map(|arg| arg.value.clone())
}

/// Whether a base is of Python's own library, which gives no column.
fn is_standard(base: &Value) -> bool {
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

/// What the annotation of a declared attribute's function says it returns.
fn returned(
    build: &mut Build<'_, '_, '_>,
    class: &Rc<Class>,
    function: &Rc<Function>,
    origin: Origin,
) -> Option<Annotated> {
    let returns = function.def.returns.clone()?;
    let origin = Origin { source: function.source, span: origin.span };
    Some(build.annotation(class, &returns, origin))
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

/// The names of a class body: what is assigned and what is annotated, each in its own order. As
/// SQLAlchemy merges them: between names that are both, the annotated ones come first.
fn merged(assigned: &[&str], annotated: &[&str]) -> Vec<String> {
    let mut overlap: BTreeSet<&str> =
        assigned.iter().copied().filter(|name| annotated.contains(name)).collect();
    let mut result = Vec::new();
    let mut lists = [assigned.iter(), annotated.iter()];
    let mut current = 0;
    loop {
        let Some(list) = lists.get_mut(current) else { return result };
        let mut switched = false;
        for name in list.by_ref() {
            if overlap.remove(name) {
                switched = true;
                break;
            }
            result.push((*name).to_owned());
        }
        if switched {
            current = 1 - current;
            continue;
        }
        if let Some(other) = lists.get_mut(1 - current) {
            result.extend(other.by_ref().map(|name| (*name).to_owned()));
        }
        return result;
    }
}
