//! A mapped class → its table.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use schemaward_catalog::{ModelAttribute, ModelClass, Origin, QualifiedName};

use super::annotation::Annotated;
use super::attribute::{Attribute, is_standard};
use super::belonging::default_name;
use super::problem;
use super::registry::{Registry, TableKey, table_args};
use crate::construct::{Build, library_call, library_name};
use crate::interpret::{Args, Class, Function, Value};
use crate::schema::{Column, Kind, Table};
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
    pub(super) existing: BTreeSet<String>,
}

/// A column of a class on its way into a table.
pub(super) struct Found {
    pub(super) column: Column,
    pub(super) order: i64,
    pub(super) serial: Option<u32>,
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
