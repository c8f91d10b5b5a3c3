//! `DROP`, and what goes with an object.

use super::Applying;
use crate::change::ObjectRef;
use crate::control::GlobalKind;
use crate::object::{Constraint, ConstraintKind, Table};
use crate::{ObjectName, QualifiedName};

impl Applying<'_> {
    pub(crate) fn drop_object(&mut self, object: &ObjectRef, if_exists: bool, cascade: bool) {
        let missing = match object {
            ObjectRef::Table(name) => match self.table_name(name) {
                Some(name) => {
                    self.drop_table(&name, cascade);
                    None
                }
                None => Some(format!("table \"{name}\" does not exist")),
            },
            ObjectRef::View(name) | ObjectRef::MaterializedView(name) => {
                let views = &self.catalog.views;
                match self.catalog.resolve(name, |name| views.contains_key(name)) {
                    Some(name) => {
                        self.drop_view(&name);
                        None
                    }
                    None => Some(format!("view \"{name}\" does not exist")),
                }
            }
            ObjectRef::Index(name) => {
                let indexes = &self.catalog.index_tables;
                let found = self.catalog.resolve(name, |name| indexes.contains_key(name));
                let needed = found.as_ref().and_then(|index| {
                    let table = self.catalog.index_tables.get(index)?;
                    let mut own = self.catalog.tables.get(table)?.indexes.iter();
                    let serial = own.find(|own| own.name == index.name)?.serial;
                    self.index_is_needed(table, serial).then(|| (table.clone(), serial))
                });
                let holder = found.as_ref().and_then(|index| self.holder_of_index(index));
                match found {
                    Some(index) if holder.is_some() => {
                        let holder = holder.unwrap_or_default();
                        self.reject(format!(
                            "cannot drop index {index} because {holder} requires it"
                        ));
                        None
                    }
                    Some(index) if !cascade && (needed.is_some() || self.holds_keys(&index)) => {
                        self.reject(format!(
                            "cannot drop index {index} because other objects depend on it"
                        ));
                        None
                    }
                    Some(index) => {
                        if let Some((table, serial)) = needed {
                            self.drop_keys_on_index(&table, serial);
                        }
                        let table = self.catalog.index_tables.remove(&index);
                        let view = table.as_ref().and_then(|v| self.catalog.views.get_mut(v));
                        if let Some(view) = view {
                            view.indexes.retain(|found| found.name != index.name);
                        }
                        let found = table.and_then(|t| self.catalog.tables.get_mut(&t));
                        let at = |table: &Table| {
                            table.indexes.iter().position(|found| found.name == index.name)
                        };
                        if let Some(table) = found
                            && let Some(at) = at(table)
                        {
                            let (gone, table) = (table.indexes.remove(at), table.name.clone());
                            self.index_dropped(&table, &gone);
                        }
                        None
                    }
                    None => Some(format!("index \"{name}\" does not exist")),
                }
            }
            ObjectRef::Sequence(name) => {
                let sequences = &self.catalog.sequences;
                match self.catalog.resolve(name, |name| sequences.contains_key(name)) {
                    Some(name) => {
                        self.drop_sequence(&name);
                        None
                    }
                    None => Some(format!("sequence \"{name}\" does not exist")),
                }
            }
            ObjectRef::Type(name) | ObjectRef::Domain(name) => {
                let types = &self.catalog.types;
                match self.catalog.resolve(name, |name| types.contains_key(name)) {
                    Some(name) => {
                        self.drop_type(&name, cascade);
                        None
                    }
                    None => Some(format!("type \"{name}\" does not exist")),
                }
            }
            ObjectRef::Function(name, arguments) => {
                match self.function_key(name, arguments.as_deref()) {
                    Some(key) => {
                        self.drop_function(&key, cascade);
                        None
                    }
                    None => Some(format!("function {name} does not exist")),
                }
            }
            ObjectRef::Schema(name) => self.drop_schema(name),
            ObjectRef::Extension(name) => {
                self.catalog.properties.remove(&(GlobalKind::Extension, name.clone()));
                self.catalog
                    .extensions
                    .remove(name)
                    .is_none()
                    .then(|| format!("extension \"{name}\" does not exist"))
            }
            ObjectRef::EventTrigger(name) => self
                .catalog
                .event_triggers
                .remove(name)
                .is_none()
                .then(|| format!("event trigger \"{name}\" does not exist")),
            ObjectRef::Publication(name) => self
                .catalog
                .publications
                .remove(name)
                .is_none()
                .then(|| format!("publication \"{name}\" does not exist")),
            ObjectRef::Rule(relation, name) => match self.rules_mut(relation) {
                Some(rules) => {
                    let before = rules.len();
                    rules.retain(|rule| rule.name != *name);
                    (before == rules.len()).then(|| {
                        format!("rule \"{name}\" for relation \"{relation}\" does not exist")
                    })
                }
                None => Some(format!("relation \"{relation}\" does not exist")),
            },
            ObjectRef::Role(name) => self
                .forget_role(name)
                .roles
                .remove(name)
                .is_none()
                .then(|| format!("role \"{name}\" does not exist")),
            ObjectRef::Policy(table, name) => {
                self.drop_part(table, name, "policy", |table, name| {
                    let before = table.policies.len();
                    table.policies.retain(|policy| policy.name != name);
                    before != table.policies.len()
                })
            }
            ObjectRef::Trigger(table, name) => {
                if let Some(table) = self.table_name(table) {
                    self.parts_of_trigger(&table, name, &|triggers, at| {
                        triggers.remove(at);
                    });
                }
                self.drop_part(table, name, "trigger", |table, name| {
                    let before = table.triggers.len();
                    table.triggers.retain(|trigger| trigger.name != name);
                    before != table.triggers.len()
                })
            }
        };
        if let Some(message) = missing.filter(|_| !if_exists) {
            self.reject(message);
        }
    }

    /// Whether keys of partitions are parts of an index.
    fn holds_keys(&self, index: &QualifiedName) -> bool {
        let table = self.catalog.index_tables.get(index);
        table.is_some_and(|table| self.has_keys_as_parts(table, &index.name))
    }

    /// What an index belongs to, so that only with it does it go: a constraint, or the index of a
    /// partitioned table.
    fn holder_of_index(&self, index: &QualifiedName) -> Option<String> {
        let table = self.catalog.tables.get(self.catalog.index_tables.get(index)?)?;
        let own = |found: &&Constraint| found.index_serial > 0 && found.name == index.name;
        if let Some(constraint) = table.constraints.iter().find(own) {
            return Some(format!("constraint {} on table {}", constraint.name, table.name));
        }
        let part = table.indexes.iter().find(|found| found.name == index.name)?;
        part.part_of.as_ref().map(|parent| format!("index {parent}"))
    }

    fn forget_role(&mut self, name: &str) -> &mut crate::Catalog {
        self.catalog.properties.remove(&(GlobalKind::Role, name.to_owned()));
        for role in self.catalog.roles.values_mut() {
            role.member_of.remove(name);
        }
        self.catalog
    }

    fn drop_part(
        &mut self,
        table: &ObjectName,
        name: &str,
        kind: &str,
        remove: impl FnOnce(&mut Table, &str) -> bool,
    ) -> Option<String> {
        let removed = self.table_mut(table).is_some_and(|table| remove(table, name));
        (!removed).then(|| format!("{kind} \"{name}\" for table \"{table}\" does not exist"))
    }

    /// A table takes its indexes, policies, triggers and sequences with it, `CASCADE` the foreign
    /// keys that refer to it, and its partitions go in any case.
    pub(super) fn drop_table(&mut self, name: &QualifiedName, cascade: bool) {
        let mut referred = self.with_partitioned(name);
        referred.retain(|table| self.catalog.tables.contains_key(table));
        let children: Vec<_> = self.catalog.children.remove(name).into_iter().flatten().collect();
        let gone = self.catalog.tables.remove(name);
        if cascade {
            self.drop_readers(name);
        }
        for sequence in self.catalog.mentions.sequences(name) {
            let owner = self.catalog.sequences.get(&sequence).map(|found| &found.owned_by);
            if owner.is_some_and(|owner| owner.as_ref().is_some_and(|(table, _)| table == name)) {
                self.drop_sequence(&sequence);
            }
        }
        if let Some(gone) = gone {
            for index in gone.index_names() {
                let index = QualifiedName::new(name.schema.as_str(), index);
                self.catalog.index_tables.remove(&index);
            }
            for parent in gone.parents() {
                if let Some(siblings) = self.catalog.children.get_mut(parent) {
                    siblings.remove(name);
                }
            }
            self.catalog.mentions.forget_table(&gone);
        }
        for publication in self.catalog.publications.values_mut() {
            publication.tables.retain(|published| published.table != *name);
        }
        let mut held = None;
        for target in &referred {
            for table in self.catalog.mentions.tables(&target.name) {
                // Its partitions go with it, and their keys.
                if self.with_partitioned(&table).contains(name) {
                    continue;
                }
                let Some(table) = self.catalog.tables.get_mut(&table) else { continue };
                table.constraints.retain(|constraint| match &constraint.kind {
                    ConstraintKind::ForeignKey(key) if key.references == *target => {
                        held = held.take().or(Some(constraint.name.clone()));
                        !cascade
                    }
                    _ => true,
                });
            }
        }
        if let Some(constraint) = held.filter(|_| !cascade) {
            self.reject(format!("cannot drop table {name}: constraint {constraint} depends on it"));
        }
        for child in children {
            let partition =
                self.catalog.tables.get(&child).is_some_and(|table| table.partition_of.is_some());
            if partition || cascade {
                self.drop_table(&child, cascade);
            }
        }
    }

    /// A table and the partitioned tables that it is part of: a foreign key that refers to one of
    /// them needs every one of its partitions.
    fn with_partitioned(&self, name: &QualifiedName) -> Vec<QualifiedName> {
        let mut names = vec![name.clone()];
        while let Some(table) = names.last().and_then(|name| self.catalog.tables.get(name))
            && let Some(partition) = &table.partition_of
            && !names.contains(&partition.parent)
        {
            names.push(partition.parent.clone());
        }
        names
    }

    pub(super) fn drop_columns_of_type(&mut self, name: &QualifiedName) {
        let tables = self.catalog.mentions.tables(&name.name);
        let doomed: Vec<_> = tables
            .iter()
            .filter_map(|table| self.catalog.tables.get(table))
            .flat_map(|table| {
                let of_type = table.columns.iter().filter(|column| {
                    column.data_type.name == name.name
                        && column.data_type.schema.as_ref() == Some(&name.schema)
                });
                of_type.map(|column| (table.name.clone(), column.name.clone()))
            })
            .collect();
        for (table, column) in doomed {
            self.drop_column(&table, &column, true);
        }
    }

    /// The triggers that execute a function go with it.
    pub(super) fn drop_triggers_of(&mut self, function: &QualifiedName) {
        self.catalog.event_triggers.retain(|_, trigger| trigger.function != *function);
        for table in self.catalog.mentions.tables(&function.name) {
            if let Some(table) = self.catalog.tables.get_mut(&table) {
                table.triggers.retain(|trigger| trigger.function != *function);
            }
        }
    }

    fn drop_schema(&mut self, name: &str) -> Option<String> {
        if self.catalog.schemas.remove(name).is_none() {
            return Some(format!("schema \"{name}\" does not exist"));
        }
        self.catalog.properties.remove(&(GlobalKind::Schema, name.to_owned()));
        self.catalog.default_privileges.retain(|said| said.schema.as_deref() != Some(name));
        for publication in self.catalog.publications.values_mut() {
            publication.schemas.retain(|schema| schema != name);
        }
        let inside: Vec<_> =
            self.catalog.tables.keys().filter(|table| table.schema == name).cloned().collect();
        for table in inside {
            self.drop_table(&table, true);
        }
        let views: Vec<_> =
            self.catalog.views.keys().filter(|view| view.schema == name).cloned().collect();
        for view in views {
            self.drop_view(&view);
        }
        let inside = |found: &&QualifiedName| found.schema == name;
        let sequences: Vec<_> = self.catalog.sequences.keys().filter(inside).cloned().collect();
        for sequence in sequences {
            self.drop_sequence(&sequence);
        }
        let types: Vec<_> = self.catalog.types.keys().filter(inside).cloned().collect();
        for found in types {
            self.drop_type(&found, true);
        }
        let functions = self.catalog.functions.keys().filter(|(found, _)| found.schema == name);
        let functions: Vec<_> = functions.cloned().collect();
        for function in functions {
            self.drop_function(&function, true);
        }
        None
    }
}
