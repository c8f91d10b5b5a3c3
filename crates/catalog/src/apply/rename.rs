//! `RENAME TO` and `SET SCHEMA`: what refers to an object follows it.

use super::Applying;
use crate::change::ObjectRef;
use crate::object::ConstraintKind;
use crate::{ObjectName, QualifiedName};

impl Applying<'_> {
    pub(crate) fn rename(&mut self, what: ObjectRef, to: String) {
        let missing = match what {
            ObjectRef::Table(name) => match self.table_name(&name) {
                Some(from) => {
                    let to = QualifiedName::new(from.schema.as_str(), to);
                    self.move_table(&from, &to);
                    None
                }
                // `ALTER TABLE v RENAME TO` is allowed of views, indexes and sequences.
                None => self.rename_other_relation(&name, &to),
            },
            ObjectRef::View(name)
            | ObjectRef::MaterializedView(name)
            | ObjectRef::Index(name)
            | ObjectRef::Sequence(name) => self.rename_other_relation(&name, &to),
            ObjectRef::Type(name) | ObjectRef::Domain(name) => {
                self.move_type(&name, None, Some(to))
            }
            ObjectRef::Function(name, arguments) => {
                self.move_function(&name, arguments.as_deref(), None, Some(to))
            }
            ObjectRef::Schema(from) => {
                self.rename_schema(&from, &to);
                None
            }
            ObjectRef::Extension(_) => None,
            ObjectRef::Role(from) => {
                if let Some(mut role) = self.catalog.roles.remove(&from) {
                    role.name.clone_from(&to);
                    self.catalog.roles.insert(to, role);
                }
                None
            }
            ObjectRef::Policy(table, name) => {
                let policy = self
                    .table_mut(&table)
                    .and_then(|table| table.policies.iter_mut().find(|p| p.name == name));
                match policy {
                    Some(policy) => {
                        policy.name = to;
                        None
                    }
                    None => Some(format!("policy \"{name}\" for table \"{table}\" does not exist")),
                }
            }
            ObjectRef::Trigger(table, name) => {
                let trigger = self
                    .table_mut(&table)
                    .and_then(|table| table.triggers.iter_mut().find(|t| t.name == name));
                match trigger {
                    Some(trigger) => {
                        trigger.name = to;
                        None
                    }
                    None => {
                        Some(format!("trigger \"{name}\" for table \"{table}\" does not exist"))
                    }
                }
            }
        };
        if let Some(message) = missing {
            self.reject(message);
        }
    }

    fn rename_other_relation(&mut self, name: &ObjectName, to: &str) -> Option<String> {
        let from = self.catalog.resolve(name, |name| self.catalog.relation_exists(name));
        let Some(from) = from else {
            return Some(format!("relation \"{name}\" does not exist"));
        };
        let new = QualifiedName::new(from.schema.as_str(), to);
        if let Some(mut view) = self.catalog.views.remove(&from) {
            view.name = new.clone();
            self.catalog.views.insert(new, view);
        } else if let Some(mut sequence) = self.catalog.sequences.remove(&from) {
            sequence.name = new.clone();
            self.catalog.sequences.insert(new, sequence);
        } else if let Some(table) = self.catalog.index_tables.remove(&from) {
            if let Some(table) = self.catalog.tables.get_mut(&table) {
                for index in table.indexes.iter_mut().filter(|index| index.name == from.name) {
                    to.clone_into(&mut index.name);
                }
                for constraint in table.constraints.iter_mut().filter(|c| c.name == from.name) {
                    to.clone_into(&mut constraint.name);
                }
            }
            self.catalog.index_tables.insert(new, table);
        }
        None
    }

    /// Gives a table another name or schema; everything that refers to it follows.
    fn move_table(&mut self, from: &QualifiedName, to: &QualifiedName) {
        if self.catalog.relation_exists(to) {
            return self.reject(format!("relation \"{to}\" already exists"));
        }
        let Some(mut table) = self.catalog.tables.remove(from) else {
            return;
        };
        table.name = to.clone();
        self.catalog.tables.insert(to.clone(), table);
        let follow = |name: &mut QualifiedName| {
            if name == from {
                *name = to.clone();
            }
        };
        let indexes = std::mem::take(&mut self.catalog.index_tables);
        self.catalog.index_tables = indexes
            .into_iter()
            .map(|(mut index, mut table)| {
                if table == *from {
                    index.schema.clone_from(&to.schema);
                }
                follow(&mut table);
                (index, table)
            })
            .collect();
        for table in self.catalog.tables.values_mut() {
            for constraint in &mut table.constraints {
                if let ConstraintKind::ForeignKey(key) = &mut constraint.kind {
                    follow(&mut key.references);
                }
            }
            table.inherits.iter_mut().for_each(follow);
            if let Some(partition) = &mut table.partition_of {
                follow(&mut partition.parent);
            }
        }
        for sequence in self.catalog.sequences.values_mut() {
            if let Some((table, _)) = &mut sequence.owned_by {
                follow(table);
            }
        }
        if let Some(children) = self.catalog.children.remove(from) {
            self.catalog.children.insert(to.clone(), children);
        }
        for children in self.catalog.children.values_mut() {
            if children.remove(from) {
                children.insert(to.clone());
            }
        }
    }

    fn move_type(
        &mut self,
        name: &ObjectName,
        schema: Option<&str>,
        to: Option<String>,
    ) -> Option<String> {
        let types = &self.catalog.types;
        let found = self.catalog.resolve(name, |name| types.contains_key(name));
        let Some((from, mut user_type)) =
            found.and_then(|name| self.catalog.types.remove_entry(&name))
        else {
            return Some(format!("type \"{name}\" does not exist"));
        };
        let new = QualifiedName {
            schema: schema.map_or_else(|| from.schema.clone(), str::to_owned),
            name: to.unwrap_or_else(|| from.name.clone()),
        };
        user_type.name = new.clone();
        self.catalog.types.insert(new.clone(), user_type);
        for column in self.catalog.tables.values_mut().flat_map(|table| &mut table.columns) {
            let data_type = &mut column.data_type;
            if data_type.name == from.name && data_type.schema.as_ref() == Some(&from.schema) {
                data_type.name.clone_from(&new.name);
                data_type.schema = Some(new.schema.clone());
            }
        }
        None
    }

    fn move_function(
        &mut self,
        name: &ObjectName,
        arguments: Option<&[String]>,
        schema: Option<&str>,
        to: Option<String>,
    ) -> Option<String> {
        let key = self.function_key(name, arguments);
        let Some((key, mut function)) =
            key.and_then(|key| self.catalog.functions.remove_entry(&key))
        else {
            return Some(format!("function {name} does not exist"));
        };
        let (from, types) = key;
        let new = QualifiedName {
            schema: schema.map_or_else(|| from.schema.clone(), str::to_owned),
            name: to.unwrap_or_else(|| from.name.clone()),
        };
        function.name = new.clone();
        for table in self.catalog.tables.values_mut() {
            for trigger in table.triggers.iter_mut().filter(|t| t.function == from) {
                trigger.function = new.clone();
            }
        }
        self.catalog.functions.insert((new, types), function);
        None
    }

    fn rename_schema(&mut self, from: &str, to: &str) {
        let Some(origin) = self.catalog.schemas.remove(from) else {
            return self.reject(format!("schema \"{from}\" does not exist"));
        };
        self.catalog.schemas.insert(to.to_owned(), origin);
        let tables: Vec<_> =
            self.catalog.tables.keys().filter(|table| table.schema == from).cloned().collect();
        for table in tables {
            let to = QualifiedName::new(to, table.name.as_str());
            self.move_table(&table, &to);
        }
        let in_schema = |name: &&QualifiedName| name.schema == from;
        let others: Vec<_> = self.catalog.types.keys().filter(in_schema).cloned().collect();
        for name in others {
            let name = ObjectName { schema: Some(name.schema), name: name.name };
            self.move_type(&name, Some(to), None);
        }
        let functions: Vec<_> = self
            .catalog
            .functions
            .keys()
            .filter(|(name, _)| name.schema == from)
            .cloned()
            .collect();
        for (name, types) in functions {
            let name = ObjectName { schema: Some(name.schema), name: name.name };
            self.move_function(&name, Some(&types), Some(to), None);
        }
        let catalog = &mut *self.catalog;
        rename_keys(&mut catalog.views, from, to, |view, name| view.name = name);
        rename_keys(&mut catalog.sequences, from, to, |sequence, name| sequence.name = name);
    }

    pub(crate) fn set_schema(&mut self, what: &ObjectRef, schema: &str) {
        let missing = match what {
            ObjectRef::Table(name) => match self.table_name(name) {
                Some(from) => {
                    let to = QualifiedName::new(schema, from.name.as_str());
                    self.move_table(&from, &to);
                    None
                }
                None => Some(format!("relation \"{name}\" does not exist")),
            },
            ObjectRef::View(name) | ObjectRef::MaterializedView(name) => {
                let views = &self.catalog.views;
                let found = self.catalog.resolve(name, |name| views.contains_key(name));
                match found.and_then(|name| self.catalog.views.remove(&name)) {
                    Some(mut view) => {
                        schema.clone_into(&mut view.name.schema);
                        self.catalog.views.insert(view.name.clone(), view);
                        None
                    }
                    None => Some(format!("relation \"{name}\" does not exist")),
                }
            }
            ObjectRef::Type(name) | ObjectRef::Domain(name) => {
                self.move_type(name, Some(schema), None)
            }
            ObjectRef::Function(name, arguments) => {
                self.move_function(name, arguments.as_deref(), Some(schema), None)
            }
            ObjectRef::Sequence(name) => {
                let sequences = &self.catalog.sequences;
                let found = self.catalog.resolve(name, |name| sequences.contains_key(name));
                if let Some(mut sequence) = found.and_then(|n| self.catalog.sequences.remove(&n)) {
                    schema.clone_into(&mut sequence.name.schema);
                    self.catalog.sequences.insert(sequence.name.clone(), sequence);
                }
                None
            }
            _ => None,
        };
        if let Some(message) = missing {
            self.reject(message);
        }
    }
}

fn rename_keys<T>(
    map: &mut std::collections::BTreeMap<QualifiedName, T>,
    from: &str,
    to: &str,
    rename: impl Fn(&mut T, QualifiedName),
) {
    let names: Vec<_> = map.keys().filter(|name| name.schema == from).cloned().collect();
    for name in names {
        if let Some(mut value) = map.remove(&name) {
            let new = QualifiedName::new(to, name.name);
            rename(&mut value, new.clone());
            map.insert(new, value);
        }
    }
}
