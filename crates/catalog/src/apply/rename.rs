//! `RENAME TO` and `SET SCHEMA`: what refers to an object follows it.

use super::Applying;
use crate::change::ObjectRef;
use crate::control::GlobalKind;
use crate::object::{ConstraintKind, UserTypeKind};
use crate::{DataType, ObjectName, QualifiedName};

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
            ObjectRef::EventTrigger(from) => {
                if let Some(mut found) = self.catalog.event_triggers.remove(&from) {
                    found.name.clone_from(&to);
                    self.catalog.event_triggers.insert(to, found);
                    None
                } else {
                    Some(format!("event trigger \"{from}\" does not exist"))
                }
            }
            ObjectRef::Publication(from) => {
                if let Some(mut found) = self.catalog.publications.remove(&from) {
                    found.name.clone_from(&to);
                    self.catalog.publications.insert(to, found);
                    None
                } else {
                    Some(format!("publication \"{from}\" does not exist"))
                }
            }
            ObjectRef::Rule(relation, name) => {
                let rules = self.rules_mut(&relation).into_iter().flatten();
                match rules.into_iter().find(|rule| rule.name == name) {
                    Some(rule) => {
                        rule.name = to;
                        None
                    }
                    None => {
                        Some(format!("rule \"{name}\" for relation \"{relation}\" does not exist"))
                    }
                }
            }
            ObjectRef::Role(from) => {
                self.rename_role(&from, &to);
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
                        trigger.name.clone_from(&to);
                        if let Some(table) = self.table_name(&table) {
                            self.parts_of_trigger(&table, &name, &|triggers, at| {
                                for part in triggers.iter_mut().skip(at).take(1) {
                                    part.name.clone_from(&to);
                                }
                            });
                        }
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

    /// A role's new name is its name wherever it is named.
    fn rename_role(&mut self, from: &str, to: &str) {
        let catalog = &mut *self.catalog;
        if let Some(mut role) = catalog.roles.remove(from) {
            to.clone_into(&mut role.name);
            catalog.roles.insert(to.to_owned(), role);
        }
        for role in catalog.roles.values_mut() {
            if role.member_of.remove(from) {
                role.member_of.insert(to.to_owned());
            }
        }
        if let Some(found) = catalog.properties.remove(&(GlobalKind::Role, from.to_owned())) {
            catalog.properties.insert((GlobalKind::Role, to.to_owned()), found);
        }
        for said in catalog.default_privileges.iter_mut().filter_map(|said| said.role.as_mut()) {
            if said == from {
                to.clone_into(said);
            }
        }
        let policies = catalog.tables.values_mut().flat_map(|table| &mut table.policies);
        let follow = |role: &mut String| {
            if role == from {
                to.clone_into(role);
            }
        };
        policies.flat_map(|policy| &mut policy.roles).for_each(follow);
        let held = (catalog.tables.values_mut().flat_map(|found| &mut found.grants))
            .chain(catalog.views.values_mut().flat_map(|found| &mut found.grants))
            .chain(catalog.sequences.values_mut().flat_map(|found| &mut found.grants))
            .chain(catalog.functions.values_mut().flat_map(|found| &mut found.grants))
            .chain(catalog.types.values_mut().flat_map(|found| &mut found.grants))
            .chain(catalog.properties.values_mut().flat_map(|found| &mut found.grants))
            .chain(catalog.default_privileges.iter_mut().map(|found| &mut found.grant));
        held.map(|grant| &mut grant.grantee).for_each(follow);
        self.reassign_owned(&[from.to_owned()], to);
    }

    fn rename_other_relation(&mut self, name: &ObjectName, to: &str) -> Option<String> {
        let from = self.catalog.resolve(name, |name| self.catalog.relation_exists(name));
        let Some(from) = from else {
            return Some(format!("relation \"{name}\" does not exist"));
        };
        let new = QualifiedName::new(from.schema.as_str(), to);
        if self.catalog.views.contains_key(&from) {
            self.move_view(&from, &new);
        } else if self.catalog.sequences.contains_key(&from) {
            self.move_sequence(&from, &new);
        } else if let Some(table) = self.catalog.index_tables.remove(&from) {
            self.parts_renamed(&table, &from.name, to);
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

    /// Gives a view another name or schema; its indexes and what reads it follow.
    fn move_view(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let Some(mut view) = self.catalog.views.remove(from) else { return };
        view.name = to.clone();
        let indexes = view.indexes.iter().map(|index| index.name.clone()).collect();
        self.catalog.mentions.note_view(&view);
        self.catalog.views.insert(to.clone(), view);
        self.move_indexes(indexes, from, to);
        self.relation_moved(from, to);
        self.signatures_follow(from, to);
    }

    /// Indexes go with their table or view.
    fn move_indexes(&mut self, indexes: Vec<String>, from: &QualifiedName, to: &QualifiedName) {
        for index in indexes {
            let before = QualifiedName::new(from.schema.as_str(), index.as_str());
            self.catalog.index_tables.remove(&before);
            let after = QualifiedName::new(to.schema.as_str(), index);
            self.catalog.index_tables.insert(after, to.clone());
        }
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
        self.catalog.constraints_named(&table);
        // It may refer to itself.
        self.catalog.mentions.note_table(&table);
        self.catalog.mentions.renamed(&from.name, &to.name);
        self.catalog.blind_alike(&from.name, &to.name);
        let indexes: Vec<String> = table.index_names().map(str::to_owned).collect();
        let parents: Vec<QualifiedName> = table.parents().cloned().collect();
        self.catalog.tables.insert(to.clone(), table);
        let follow = |name: &mut QualifiedName| {
            if name == from {
                *name = to.clone();
            }
        };
        self.move_indexes(indexes, from, to);
        let mut related = self.catalog.mentions.tables(&to.name);
        related.extend(self.catalog.children(from).cloned());
        for table in related {
            let Some(table) = self.catalog.tables.get_mut(&table) else { continue };
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
        let mut owned = Vec::new();
        for sequence in self.catalog.mentions.sequences(from) {
            let Some(sequence) = self.catalog.sequences.get_mut(&sequence) else { continue };
            if let Some((table, _)) = &mut sequence.owned_by
                && table == from
            {
                follow(table);
                self.catalog.mentions.note_sequence(to, &sequence.name);
                owned.push(sequence.name.clone());
            }
        }
        // Owned sequences live in the schema of their table.
        for sequence in owned.iter().filter(|_| from.schema != to.schema) {
            let moved = QualifiedName::new(to.schema.as_str(), sequence.name.as_str());
            self.move_sequence(sequence, &moved);
        }
        self.relation_moved(from, to);
        self.signatures_follow(from, to);
        let published = self.catalog.publications.values_mut().flat_map(|found| &mut found.tables);
        published.map(|found| &mut found.table).for_each(follow);
        if let Some(children) = self.catalog.children.remove(from) {
            self.catalog.children.insert(to.clone(), children);
        }
        for parent in parents {
            let siblings = self.catalog.children.entry(parent).or_default();
            if siblings.remove(from) {
                siblings.insert(to.clone());
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
        if let UserTypeKind::Domain { checks, .. } = &user_type.kind {
            for check in checks {
                self.catalog.constraint_named(&new, &check.name);
            }
        }
        self.catalog.types.insert(new.clone(), user_type);
        self.catalog.mentions.renamed(&from.name, &new.name);
        let follow = |data_type: &mut DataType| {
            if data_type.name == from.name && data_type.schema.as_ref() == Some(&from.schema) {
                data_type.name.clone_from(&new.name);
                data_type.schema = Some(new.schema.clone());
            }
        };
        for table in self.catalog.mentions.tables(&from.name) {
            let table = self.catalog.tables.get_mut(&table);
            let columns = table.into_iter().flat_map(|table| &mut table.columns);
            columns.for_each(|column| follow(&mut column.data_type));
        }
        for other in self.catalog.mentions.types(&from.name) {
            match self.catalog.types.get_mut(&other).map(|other| &mut other.kind) {
                Some(UserTypeKind::Domain { base, .. }) => follow(base),
                Some(UserTypeKind::Composite(attributes)) => {
                    for (_, data_type) in attributes {
                        follow(data_type);
                    }
                }
                _ => {}
            }
        }
        self.type_moved(&from, &new);
        None
    }

    fn move_function(
        &mut self,
        name: &ObjectName,
        arguments: Option<&[String]>,
        schema: Option<&str>,
        to: Option<String>,
    ) -> Option<String> {
        let Some(key) = self.function_key(name, arguments) else {
            return Some(format!("function {name} does not exist"));
        };
        let new = QualifiedName {
            schema: schema.map_or_else(|| key.0.schema.clone(), str::to_owned),
            name: to.unwrap_or_else(|| key.0.name.clone()),
        };
        self.function_moved(&key, &new);
        let ((from, types), mut function) = self.catalog.functions.remove_entry(&key)?;
        function.name = new.clone();
        self.catalog.mentions.renamed(&from.name, &new.name);
        // A trigger executes the one of its name that takes no arguments.
        if types.is_empty() {
            for table in self.catalog.mentions.tables(&from.name) {
                let Some(table) = self.catalog.tables.get_mut(&table) else { continue };
                for trigger in table.triggers.iter_mut().filter(|t| t.function == from) {
                    trigger.function = new.clone();
                }
            }
            let triggers = self.catalog.event_triggers.values_mut();
            for trigger in triggers.filter(|trigger| trigger.function == from) {
                trigger.function = new.clone();
            }
        }
        let key = (new, types);
        self.catalog.mentions.note_function(&key, &function);
        self.catalog.functions.insert(key, function);
        None
    }

    fn rename_schema(&mut self, from: &str, to: &str) {
        let Some(origin) = self.catalog.schemas.remove(from) else {
            return self.reject(format!("schema \"{from}\" does not exist"));
        };
        self.catalog.schemas.insert(to.to_owned(), origin);
        let key = (GlobalKind::Schema, from.to_owned());
        if let Some(found) = self.catalog.properties.remove(&key) {
            self.catalog.properties.insert((GlobalKind::Schema, to.to_owned()), found);
        }
        let properties = self.catalog.properties.values_mut().map(|found| &mut found.schema);
        let said = self.catalog.default_privileges.iter_mut().map(|said| &mut said.schema);
        for schema in properties.chain(said).flatten().filter(|schema| *schema == from) {
            to.clone_into(schema);
        }
        for schema in self.catalog.publications.values_mut().flat_map(|p| &mut p.schemas) {
            if schema == from {
                to.clone_into(schema);
            }
        }
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
        let views: Vec<_> =
            catalog.views.keys().filter(|name| name.schema == from).cloned().collect();
        let sequences: Vec<_> =
            catalog.sequences.keys().filter(|name| name.schema == from).cloned().collect();
        for view in views {
            let moved = QualifiedName::new(to, view.name.as_str());
            self.move_view(&view, &moved);
        }
        for sequence in sequences {
            let moved = QualifiedName::new(to, sequence.name.as_str());
            self.move_sequence(&sequence, &moved);
        }
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
                match found {
                    Some(from) => {
                        let to = QualifiedName::new(schema, from.name.as_str());
                        self.move_view(&from, &to);
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
                if let Some(from) = found {
                    let to = QualifiedName::new(schema, from.name.as_str());
                    self.move_sequence(&from, &to);
                }
                None
            }
            ObjectRef::Extension(name) => {
                let key = (GlobalKind::Extension, name.clone());
                self.catalog.properties.entry(key).or_default().schema = Some(schema.to_owned());
                None
            }
            _ => None,
        };
        if let Some(message) = missing {
            self.reject(message);
        }
    }
}
