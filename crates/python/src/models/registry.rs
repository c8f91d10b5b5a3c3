//! Which classes are mapped, to which table of which metadata.

use std::collections::BTreeMap;
use std::rc::Rc;

use schemaward_catalog::{ModelFacts, Origin, QualifiedName};

use super::belonging::{MetaKey, class_meta, convention_of, is_mapped, meta_key};
use super::mapped::Mapper;
use super::{Recording, problem};
use crate::construct::{Build, library_call};
use crate::ddl::Problem;
use crate::interpret::{Args, Class, Interp, SymbolKind, Value};
use crate::schema::{
    Constraint, ForeignKey, IndexElement, Kind, MetaData, NamedType, Table, Target,
};
use crate::text::Text;

/// All metadata of a project.
pub(super) struct Registry {
    pub(super) metadata: Vec<MetaData>,
    pub(super) facts: ModelFacts,
    pub(super) problems: Vec<Problem>,
    /// Tables of classes whose bases were not given: which, why, and where the class is.
    pub(super) unknown: Vec<(QualifiedName, String, Origin)>,
    /// What events may be about: the metadata's own keys, and the tables by key.
    pub(super) targets: Targets,
}

/// What stands for which metadata and table.
#[derive(Default)]
pub(super) struct Targets {
    /// The keys, in the order of [`Registry::metadata`].
    pub(super) metadata: Vec<MetaKey>,
    /// The metadata, name and schema of each table, by the record or the class that makes it.
    pub(super) tables: BTreeMap<TableKey, (usize, Option<Text>, Text)>,
}

/// What makes a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TableKey {
    Record(u32),
    Class(u32),
}

/// What makes a table, on its way.
enum Made<'a> {
    Table(&'a Value),
    Class(&'a Rc<Class>),
}

impl Registry {
    pub(super) fn build(interp: &mut Interp<'_>, host: &mut Recording) -> Self {
        let mut registry = Self {
            metadata: Vec::new(),
            facts: ModelFacts::default(),
            problems: Vec::new(),
            unknown: Vec::new(),
            targets: Targets::default(),
        };
        let classes = interp.classes.clone();
        let tables = host.tables.clone();
        let indexes = host.indexes.clone();
        let appended = host.appended.clone();
        let assigned = interp.assigned.clone();
        let imperative = host.imperative.clone();
        let named = host.named.clone();
        let mut build = Build::new(interp, host);

        // In the order in which the program makes them: each may name those before it.
        let mut mapper = Mapper::new();
        let tables =
            tables.iter().filter_map(|value| Some((value.symbol()?.serial, Made::Table(value))));
        let classes = classes.iter().map(|class| (class.serial, Made::Class(class)));
        let mut made: Vec<(u32, Made<'_>)> = tables.chain(classes).collect();
        made.sort_by_key(|(serial, _)| *serial);
        let known = build.interp.classes.len();
        for (_, made) in made {
            match made {
                Made::Table(value) => {
                    registry.add_table(&mut build, &mut mapper, value, &appended, &assigned);
                }
                Made::Class(class) => registry.add_class(&mut build, &mut mapper, class, &assigned),
            }
        }
        // What is declared for a class may make classes itself.
        let mut next = known;
        while let Some(class) = build.interp.classes.get(next).cloned() {
            // What is asked for again is the class that was made the first time.
            let before = build.interp.classes.get(..next).unwrap_or_default();
            let again = before.iter().any(|it| it.origin == class.origin && it.name == class.name);
            if !again {
                registry.add_class(&mut build, &mut mapper, &class, &assigned);
            }
            next += 1;
        }
        for (class, table) in imperative {
            mapper.map_to(&mut registry, &class, &table);
        }
        registry.add_named(&mut build, &named, &assigned);
        registry.attach_indexes(&mut build, &mapper, &indexes);
        registry.problems.append(&mut build.problems);
        registry.facts.decided.append(&mut build.decided);
        registry.facts.classes = mapper.classes;
        registry.compute_tokens(&mut build);
        registry.problems.append(&mut build.problems);
        registry.resolve_types();
        registry.take_annotated(&mapper.annotated);
        registry
    }

    /// Maps a class, where it is one that is mapped.
    fn add_class(
        &mut self,
        build: &mut Build<'_, '_, '_>,
        mapper: &mut Mapper,
        class: &Rc<Class>,
        assigned: &[(Value, String, Value, Origin)],
    ) {
        if is_mapped(class) {
            let (key, metadata) = class_meta(class);
            let at = self.metadata_of(build, key, metadata.as_ref(), assigned);
            mapper.map(build, self, class, at);
        }
    }

    /// Adds the table of a record of `Table(…)`.
    fn add_table(
        &mut self,
        build: &mut Build<'_, '_, '_>,
        mapper: &mut Mapper,
        value: &Value,
        appended: &[(u32, Value, Origin)],
        assigned: &[(Value, String, Value, Origin)],
    ) {
        let Some(symbol) = value.symbol() else { return };
        let Some((_, args)) = library_call(value) else { return };
        let args = args.clone();
        let given = args.value(1, "metadata").cloned();
        let key = given.as_ref().map_or(MetaKey::Unknown, meta_key);
        let at = self.metadata_of(build, key, given.as_ref(), assigned);
        let Some(mut table) = build.table(value) else { return };
        for (_, value, origin) in appended.iter().filter(|(of, ..)| *of == symbol.serial) {
            build.table_item(value, *origin, &mut table);
        }
        let Some(metadata) = self.metadata.get_mut(at) else { return };
        if table.schema.is_none() {
            table.schema.clone_from(&metadata.schema);
        }
        let name = (table.schema.clone(), table.name.clone());
        build.tables.insert(symbol.serial, name.clone());
        self.targets.tables.insert(TableKey::Record(symbol.serial), (at, name.0, name.1));
        for arg in args.positional() {
            if let Value::Symbol(column) = &arg.value
                && let Some((key, _)) = build.columns.get(&column.serial)
            {
                let owner = (table.schema.clone(), table.name.clone(), key.clone());
                build.owners.insert(column.serial, owner);
            }
            if let (Value::Symbol(index), Some(("Index", _))) =
                (&arg.value, library_call(&arg.value))
            {
                mapper.used.insert(index.serial);
            }
        }
        // The same table defined twice is an error in Python, unless it extends the first.
        let known = metadata.tables.iter().position(|other| {
            other.name.as_str() == table.name.as_str()
                && same(other.schema.as_ref(), table.schema.as_ref())
        });
        if let Some(found) = known {
            let message = format!("the table `{}` is defined twice", table.name.as_str());
            self.problems.push(problem(message, table.origin));
            mapper.made.insert(symbol.serial, (at, found));
            return;
        }
        mapper.made.insert(symbol.serial, (at, metadata.tables.len()));
        metadata.tables.push(table);
    }

    /// Asks the functions of naming conventions for what constraints and indexes will need of them.
    fn compute_tokens(&mut self, build: &mut Build<'_, '_, '_>) {
        let tokens = std::mem::take(&mut build.tokens);
        if tokens.is_empty() {
            return;
        }
        for metadata in &mut self.metadata {
            let mut wanted: Vec<(String, Origin, Vec<String>)> = Vec::new();
            for table in &metadata.tables {
                for columns in constrained(table) {
                    wanted.push((table.name.as_str().to_owned(), table.origin, columns));
                }
            }
            for (table, origin, columns) in wanted {
                for (token, function) in &tokens {
                    let key = (token.clone(), table.clone(), columns.clone());
                    if let Some(made) = build.computed_token(function, &table, &columns, origin) {
                        metadata.naming_convention.computed.insert(key, made);
                    }
                }
            }
        }
    }

    /// Adds the sequences and types that were given a metadata.
    fn add_named(
        &mut self,
        build: &mut Build<'_, '_, '_>,
        named: &[Value],
        assigned: &[(Value, String, Value, Origin)],
    ) {
        for value in named {
            let (Some(symbol), Some((name, args))) = (value.symbol(), library_call(value)) else {
                continue;
            };
            let (name, args) = (name.to_owned(), args.clone());
            let Some(given) = args.named("metadata").map(|arg| arg.value.clone()) else { continue };
            let at = self.metadata_of(build, meta_key(&given), Some(&given), assigned);
            if name == "Sequence" {
                let sequence = build.sequence(&args, symbol.origin);
                if let (Some(sequence), Some(metadata)) = (sequence, self.metadata.get_mut(at)) {
                    metadata.sequences.push(sequence);
                }
                continue;
            }
            let kind = build.sql_type(value, symbol.origin).kind;
            let Some(metadata) = self.metadata.get_mut(at) else { continue };
            match kind {
                Kind::Enum(found) => metadata.types.push(NamedType::Enum(found)),
                Kind::Domain(found) => metadata.types.push(NamedType::Domain(*found)),
                _ => {}
            }
        }
    }

    /// The place of a metadata, which is made where it is new.
    fn metadata_of(
        &mut self,
        build: &mut Build<'_, '_, '_>,
        key: MetaKey,
        value: Option<&Value>,
        assigned: &[(Value, String, Value, Origin)],
    ) -> usize {
        if let Some(at) = self.targets.metadata.iter().position(|other| *other == key) {
            return at;
        }
        let mut metadata = MetaData::default();
        if let Some((_, args)) = value.and_then(Value::call) {
            let args = args.clone();
            if let Some(schema) = args.named("schema") {
                metadata.schema = build.text(
                    Some(&schema.value.clone()),
                    "the schema of the metadata",
                    schema.origin,
                );
            }
            if let Some(convention) = args.named("naming_convention") {
                metadata.naming_convention =
                    convention_of(build, &convention.value.clone(), convention.origin);
            }
        }
        for (object, name, value, origin) in assigned {
            if meta_key(object) == key {
                match name.as_str() {
                    "naming_convention" => {
                        metadata.naming_convention = convention_of(build, value, *origin);
                    }
                    "schema" => {
                        metadata.schema =
                            build.text(Some(value), "the schema of the metadata", *origin);
                    }
                    _ => {}
                }
            }
        }
        self.targets.metadata.push(key);
        self.metadata.push(metadata);
        self.metadata.len() - 1
    }

    /// Indexes that stand beside the tables belong to the table of their columns.
    fn attach_indexes(
        &mut self,
        build: &mut Build<'_, '_, '_>,
        mapper: &Mapper,
        indexes: &[Value],
    ) {
        for value in indexes {
            let Some(symbol) = value.symbol() else { continue };
            if mapper.used.contains(&symbol.serial) {
                continue;
            }
            let Some((_, args)) = library_call(value) else { continue };
            let mut owner = args.positional().skip(1).chain(args.keywords().map(|(_, arg)| arg));
            let owner = owner.find_map(|arg| owner_in(build, &arg.value, 0));
            let Some((schema, table)) = owner else { continue };
            let place =
                self.metadata.iter_mut().flat_map(|metadata| metadata.tables.iter_mut()).find(
                    |found| {
                        found.name.as_str() == table.as_str()
                            && same(found.schema.as_ref(), schema.as_ref())
                    },
                );
            if let (Some(place), Some(index)) = (place, build.index(value)) {
                place.indexes.push(index);
            }
        }
    }

    /// A column whose type is that of what it refers to gets it.
    fn resolve_types(&mut self) {
        for _ in 0..8 {
            let mut found = Vec::new();
            for (at, metadata) in self.metadata.iter().enumerate() {
                for (of, table) in metadata.tables.iter().enumerate() {
                    for (place, column) in table.columns.iter().enumerate() {
                        if column.sql_type.kind != Kind::Null {
                            continue;
                        }
                        let by_column =
                            column.foreign_keys.first().map(|key: &ForeignKey| &key.target);
                        let by_table =
                            table.constraints.iter().find_map(|constraint| match constraint {
                                Constraint::ForeignKey(key) => {
                                    let at = key
                                        .columns
                                        .iter()
                                        .position(|name| name.as_str() == column.key().as_str())?;
                                    key.targets.get(at)
                                }
                                _ => None,
                            });
                        let Some(target) = by_column.or(by_table) else { continue };
                        if let Some(kind) = self.target_kind(target, metadata, column.name.as_str())
                        {
                            found.push((at, of, place, kind));
                        }
                    }
                }
            }
            if found.is_empty() {
                return;
            }
            for (at, of, place, kind) in found {
                let tables = self.metadata.get_mut(at).map(|metadata| &mut metadata.tables);
                let column = tables.and_then(|tables| tables.get_mut(of)?.columns.get_mut(place));
                if let Some(column) = column {
                    column.sql_type.kind = kind;
                }
            }
        }
    }

    /// A foreign key to what was not given has the type that it is annotated with.
    fn take_annotated(&mut self, annotated: &BTreeMap<Origin, Kind>) {
        let tables = self.metadata.iter_mut().flat_map(|metadata| metadata.tables.iter_mut());
        for column in tables.flat_map(|table| table.columns.iter_mut()) {
            if column.sql_type.kind == Kind::Null
                && let Some(kind) = annotated.get(&column.origin)
            {
                column.sql_type.kind = kind.clone();
            }
        }
    }

    fn target_kind(&self, target: &Target, metadata: &MetaData, own: &str) -> Option<Kind> {
        let (schema, table, column) = match target {
            Target::Column { schema, table, column } => {
                (schema.as_ref().map(Text::as_str), table.as_str(), column.as_str())
            }
            Target::Spec(spec) => {
                let parts: Vec<&str> = spec.as_str().split('.').collect();
                match parts.as_slice() {
                    [schema, table, column] => (Some(*schema), *table, *column),
                    [table, column] => {
                        (metadata.schema.as_ref().map(Text::as_str), *table, *column)
                    }
                    [table] => (metadata.schema.as_ref().map(Text::as_str), *table, own),
                    _ => return None,
                }
            }
        };
        let table = metadata.tables.iter().find(|found| {
            found.name.as_str() == table && found.schema.as_ref().map(Text::as_str) == schema
        })?;
        let by_key = table.column(column);
        let column =
            by_key.or_else(|| table.columns.iter().find(|found| found.name.as_str() == column))?;
        (column.sql_type.kind != Kind::Null).then(|| column.sql_type.kind.clone())
    }
}

/// The names of the columns of each constraint and index of a table.
fn constrained(table: &Table) -> Vec<Vec<String>> {
    let name = |key: &Text| {
        let column = table.column(key.as_str());
        column.map_or_else(|| key.as_str().to_owned(), |column| column.name.as_str().to_owned())
    };
    let mut all: Vec<Vec<String>> =
        table.columns.iter().map(|column| vec![column.name.as_str().to_owned()]).collect();
    all.push(table.key_columns().iter().map(|column| column.name.as_str().to_owned()).collect());
    for constraint in &table.constraints {
        match constraint {
            Constraint::PrimaryKey(key) => all.push(key.columns.iter().map(name).collect()),
            Constraint::Unique(key) => all.push(key.columns.iter().map(name).collect()),
            Constraint::ForeignKey(key) => all.push(key.columns.iter().map(name).collect()),
            Constraint::Check(_) | Constraint::Exclude(_) => all.push(Vec::new()),
        }
    }
    for index in &table.indexes {
        let columns = index.elements.iter().flat_map(|element| match element {
            IndexElement::Column(key) => vec![name(key)],
            IndexElement::Clause(clause) => {
                let mut keys = Vec::new();
                clause.columns(&mut |key| keys.push(name(&Text::from(key))));
                keys
            }
        });
        all.push(columns.collect());
    }
    all
}

/// The table of a column that an expression names.
fn owner_in(
    build: &Build<'_, '_, '_>,
    value: &Value,
    depth: usize,
) -> Option<(Option<Text>, Text)> {
    if depth > 12 {
        return None;
    }
    let symbol = value.symbol()?;
    if let Some((schema, table, _)) = build.owners.get(&symbol.serial) {
        return Some((schema.clone(), table.clone()));
    }
    match &symbol.kind {
        SymbolKind::Name(_) => None,
        SymbolKind::Attribute(Value::Class(class), _) => build.classes.get(&class.serial).cloned(),
        SymbolKind::Attribute(object, _) => {
            // `users.c.name`.
            if let Value::Symbol(columns) = object
                && let SymbolKind::Attribute(Value::Symbol(table), _) = &columns.kind
                && let Some(found) = build.tables.get(&table.serial)
            {
                return Some(found.clone());
            }
            owner_in(build, object, depth + 1)
        }
        SymbolKind::Call(callee, args) => args
            .list
            .iter()
            .find_map(|arg| owner_in(build, &arg.value, depth + 1))
            .or_else(|| owner_in(build, callee, depth + 1)),
        SymbolKind::Subscript(a, b) | SymbolKind::Binary(_, a, b) => {
            owner_in(build, a, depth + 1).or_else(|| owner_in(build, b, depth + 1))
        }
        SymbolKind::Unary(_, a) => owner_in(build, a, depth + 1),
    }
}

/// Whether two schemas are one.
pub(super) fn same(a: Option<&Text>, b: Option<&Text>) -> bool {
    a.map(Text::as_str) == b.map(Text::as_str)
}

/// The arguments of `__table_args__`: what is in the tuple, and the dictionary that ends it.
pub(super) fn table_args(value: &Value) -> (Vec<Value>, Args) {
    let (items, options) = match value {
        Value::Tuple(items) => (items.to_vec(), None),
        Value::List(items) => (items.borrow().to_vec(), None),
        Value::Dict(_) => (Vec::new(), Some(value.clone())),
        _ => (Vec::new(), None),
    };
    let mut rest = items;
    let options = options.or_else(|| match rest.last() {
        Some(Value::Dict(_)) => rest.pop(),
        _ => None,
    });
    let mut args = Args::default();
    if let Some(Value::Dict(dict)) = options {
        for (key, value) in dict.borrow().entries() {
            if let Value::Str(name) = key {
                args.list.push(crate::interpret::Arg {
                    name: Some(name.as_str().to_owned()),
                    value: value.clone(),
                    origin: match value {
                        Value::Str(text) => text.origin().or(name.origin()).unwrap_or_default(),
                        _ => name.origin().unwrap_or_default(),
                    },
                });
            }
        }
    }
    (rest, args)
}
