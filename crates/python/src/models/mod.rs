//! Declarative classes and `Table`s → what `metadata.create_all()` would make.

mod annotation;
mod attribute;
mod belonging;
mod built;
mod event;
#[cfg(test)]
mod libraries;
mod mapped;
mod registry;
mod target;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::rc::Rc;

pub(crate) use self::target::is_environment;

use schemaward_catalog::{ModelFacts, Origin, QualifiedName, SourceId};

use crate::construct::{Build, library_name};
use crate::ddl::{Output, Problem, create_all, expression};
use crate::interpret::{Args, Class, Eval, Host, Interp, SymbolKind, Value};
use crate::migrations::entity::{Action, statements};
use crate::schema::MetaData;

/// What the models of a project make.
#[derive(Default)]
pub(crate) struct Modelled {
    /// The statements, in order, and what could not be written.
    pub(crate) output: Output,
    /// The metadata, in the order in which the program makes them.
    pub(crate) metadata: Vec<MetaData>,
    /// Which of them Alembic's environment names as its target, where that is known.
    pub(crate) target: Option<Vec<usize>>,
    /// Tables of classes whose bases were not given: which, why, and where the class is.
    pub(crate) unknown: Vec<(QualifiedName, String, Origin)>,
    /// What the classes say beside.
    pub(crate) facts: ModelFacts,
}

/// Runs the files of models (by index) and writes what they make; `environments` are the files that
/// configure Alembic, `known` the sources that no project has, but that are known of libraries.
pub(crate) fn create(
    interp: &mut Interp<'_>,
    files: &[usize],
    environments: &[usize],
    known: BTreeSet<SourceId>,
) -> Modelled {
    let mut host = Recording { known, ..Recording::default() };
    for file in files {
        interp.refresh();
        interp.load(&mut host, *file);
    }
    interp.refresh();
    let registry = registry::Registry::build(interp, &mut host);
    let target = target::of(interp, &mut host, &registry.targets, environments);
    host.built = built::Built::new(interp, &registry, &host.tables);
    let mut modelled = Modelled { target, ..Modelled::default() };
    for problem in registry.problems {
        modelled.output.problems.push(problem);
    }
    for (at, metadata) in registry.metadata.iter().enumerate() {
        host.built.current = at;
        let before = event::statements(interp, &mut host, &registry.targets, at, "before_create");
        let after = event::statements(interp, &mut host, &registry.targets, at, "after_create");
        modelled.output.extend(before);
        modelled.output.extend(create_all(metadata));
        modelled.output.extend(after);
    }
    for entity in std::mem::take(&mut host.entities) {
        match statements(&entity, Action::Create) {
            Some(output) => modelled.output.extend(output),
            None => {
                let origin = entity.symbol().map_or_else(Origin::default, |symbol| symbol.origin);
                let message = format!("the entity is not known: {entity:?}");
                modelled.output.problems.push(problem(message, origin));
            }
        }
    }
    modelled.facts = registry.facts;
    modelled.unknown = registry.unknown;
    modelled.metadata = registry.metadata;
    modelled
}

/// A host that keeps what models register by calling: tables, indexes, listeners.
#[derive(Default)]
pub(super) struct Recording {
    /// Records of `Table(…)`, in order.
    tables: Vec<Value>,
    /// Records of `Index(…)`.
    indexes: Vec<Value>,
    /// Sequences and types that were given a metadata of their own.
    named: Vec<Value>,
    /// `event.listen(target, name, what)`, and functions under `listens_for`.
    listeners: Vec<Listener>,
    /// What a listener runs, while one does.
    executed: Option<Vec<(Value, Origin)>>,
    /// Records of `append_constraint(…)`, by the number of the table's record.
    appended: Vec<(u32, Value, Origin)>,
    /// Classes that a registry was told to map.
    imperative: Vec<(Rc<Class>, Value)>,
    /// The tables, once they are known.
    built: built::Built,
    /// Sources that no project has.
    known: BTreeSet<SourceId>,
    /// What `register_entities(…)` of `alembic_utils` was given: Alembic writes it.
    entities: Vec<Value>,
}

/// What is to happen around `create_all`.
#[derive(Clone)]
pub(super) struct Listener {
    target: Value,
    event: String,
    what: Value,
    origin: Origin,
}

impl Host for Recording {
    fn call(
        &mut self,
        interp: &mut Interp<'_>,
        callee: &Value,
        args: &Args,
        origin: Origin,
    ) -> Eval<Option<Value>> {
        let name = library_name(callee);
        match name {
            Some("Table") => {
                let table = interp.symbol(SymbolKind::Call(callee.clone(), args.clone()), origin);
                self.tables.push(table.clone());
                return Ok(Some(table));
            }
            Some("Index") => {
                let index = interp.symbol(SymbolKind::Call(callee.clone(), args.clone()), origin);
                self.indexes.push(index.clone());
                return Ok(Some(index));
            }
            Some("Sequence" | "Enum" | "ENUM" | "DOMAIN") if args.named("metadata").is_some() => {
                let made = interp.symbol(SymbolKind::Call(callee.clone(), args.clone()), origin);
                self.named.push(made.clone());
                return Ok(Some(made));
            }
            Some("register_entities") => {
                let entities = args.value(0, "entities").cloned();
                let found = entities.as_ref().and_then(|list| interp.items(self, list, origin));
                match found {
                    Some(found) => self.entities.extend(found),
                    None => interp.note(origin, "which entities are registered is not known", true),
                }
                return Ok(Some(Value::None));
            }
            // A mixin asks whether a parent has a table already.
            Some("has_inherited_table") => {
                let class = match args.value(0, "cls") {
                    Some(Value::Class(class)) => Rc::clone(class),
                    _ => return Ok(None),
                };
                return Ok(Some(Value::Bool(class.ancestors.iter().any(belonging::is_mapped))));
            }
            Some("listen") => {
                if let (Some(target), Some(event), Some(what)) = (
                    args.value(0, "target"),
                    args.value(1, "identifier").and_then(Value::as_str),
                    args.value(2, "fn"),
                ) {
                    self.listeners.push(Listener {
                        target: target.clone(),
                        event: event.to_owned(),
                        what: what.clone(),
                        origin,
                    });
                }
                return Ok(Some(Value::None));
            }
            _ => {}
        }
        let Some(symbol) = callee.symbol() else { return Ok(None) };
        match &symbol.kind {
            // `connection.execute(…)` in a listener.
            SymbolKind::Attribute(_, method) | SymbolKind::Name(method)
                if matches!(method.rsplit('.').next(), Some("execute" | "exec_driver_sql"))
                    && self.executed.is_some() =>
            {
                // What is known of a library says here what of the project a statement is about.
                let origin = match args.at(1).map(|arg| &arg.value) {
                    Some(Value::Class(class)) => class.name_origin,
                    Some(Value::Instance(instance)) => instance.origin,
                    Some(Value::Symbol(symbol)) => symbol.origin,
                    _ => origin,
                };
                if let (Some(executed), Some(arg)) = (&mut self.executed, args.at(0)) {
                    executed.push((arg.value.clone(), origin));
                }
                Ok(Some(Value::None))
            }
            SymbolKind::Name(path) if path.ends_with("._all_registries") => {
                Ok(Some(self.built.registries(interp, origin)))
            }
            // `expression.compile(…)` in a listener: its text.
            SymbolKind::Attribute(object, method)
                if method == "compile" && self.executed.is_some() =>
            {
                let object = object.clone();
                let clause = Build::new(interp, self).clause(&object, origin);
                let (text, output) = expression::compiled(&clause);
                if let Some(problem) = output.problems.into_iter().next() {
                    interp.note(problem.origin, problem.message, true);
                }
                Ok(text.map(Value::str))
            }
            SymbolKind::Attribute(object, method) if method == "append_constraint" => {
                if let (Some(table), Some(arg)) = (object.symbol(), args.at(0)) {
                    self.appended.push((table.serial, arg.value.clone(), origin));
                }
                Ok(Some(Value::None))
            }
            // `registry.map_imperatively(Class, table)`.
            SymbolKind::Attribute(_, method) if method == "map_imperatively" => {
                if let (Some(Value::Class(class)), Some(table)) =
                    (args.value(0, "class_"), args.value(1, "local_table"))
                {
                    self.imperative.push((Rc::clone(class), table.clone()));
                }
                Ok(Some(Value::None))
            }
            _ => Ok(None),
        }
    }

    fn attribute(&mut self, interp: &mut Interp<'_>, value: &Value, name: &str) -> Option<Value> {
        if let Some(found) = self.built.attribute(interp, value, name) {
            return Some(found);
        }
        if self.executed.is_some()
            && let Some(found) = built::of_column(interp, self, value, name)
        {
            return Some(found);
        }
        // The dialect that a type decorator is asked for.
        if value.path() == Some("sqlalchemy.dialect") && name == "name" {
            return Some(Value::str("postgresql"));
        }
        // `__tablename__` of a class that has none: SQLModel and Flask-SQLAlchemy make one.
        if let (Value::Class(class), "__tablename__") = (value, name) {
            return belonging::default_name(class).map(Value::str);
        }
        // What declarative gives every class.
        if let (Value::Class(class), "metadata" | "registry" | "__table__") = (value, name) {
            return Some(
                interp.symbol(
                    SymbolKind::Attribute(value.clone(), name.to_owned()),
                    class.name_origin,
                ),
            );
        }
        None
    }

    fn decorated(&mut self, _interp: &mut Interp<'_>, function: &Value, decorators: &[Value]) {
        for decorator in decorators {
            if let Some((callee, args)) = decorator.call()
                && library_name(callee) == Some("listens_for")
                && let (Some(target), Some(event)) =
                    (args.value(0, "target"), args.value(1, "identifier").and_then(Value::as_str))
            {
                self.listeners.push(Listener {
                    target: target.clone(),
                    event: event.to_owned(),
                    what: function.clone(),
                    origin: decorator.symbol().map_or_else(Origin::default, |symbol| symbol.origin),
                });
            }
        }
    }

    fn doubt(&mut self, interp: &mut Interp<'_>, begin: bool, origin: Origin, reason: &str) {
        if begin {
            interp.note(
                origin,
                format!("what depends on this is read as if it held: {reason}"),
                false,
            );
        }
    }

    fn skipped(&mut self, interp: &mut Interp<'_>, origin: Origin, reason: &str) {
        interp.note(origin, format!("it is not run: {reason}"), true);
    }
}

/// A problem of a place.
pub(super) fn problem(message: impl Into<String>, origin: Origin) -> Problem {
    Problem { message: message.into(), table: None, origin }
}
