//! Types, indexes, policies, triggers, functions, views and sequences.

use std::collections::{BTreeMap, BTreeSet};

use super::Applying;
use super::follow::identifiers;
use crate::change::{EnumPosition, FunctionDefinition, FunctionOptions, ViewDefinition};
use crate::control::DefaultKind;
use crate::naming;
use crate::object::{Function, Index, IndexKeyKind, Policy, Trigger, UserType, UserTypeKind, View};
use crate::{ArgumentMode, FunctionKey, ObjectName, QualifiedName};

/// The functions for triggers that PostgreSQL ships.
const OWN_TRIGGERS: &[&str] = &[
    "suppress_redundant_updates_trigger",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
];

impl Applying<'_> {
    pub(super) fn create_type(&mut self, name: &ObjectName, mut kind: UserTypeKind) {
        let name = self.catalog.creation_name(name);
        if self.catalog.types.contains_key(&name) {
            return self.reject(format!("type \"{name}\" already exists"));
        }
        match &mut kind {
            UserTypeKind::Domain { base, checks, .. } => {
                self.resolve_type(base);
                let mut taken: Vec<String> = Vec::new();
                for check in checks {
                    if check.name.is_empty() {
                        let used = |new: &str| {
                            taken.iter().any(|other| other == new)
                                || self.catalog.constraint_exists(&name.schema, new)
                        };
                        check.name = naming::choose(&name.name, "", "check", used);
                    }
                    self.catalog.constraint_named(&name, &check.name);
                    taken.push(check.name.clone());
                }
            }
            UserTypeKind::Composite(attributes) => {
                for (_, data_type) in attributes {
                    self.resolve_type(data_type);
                }
            }
            UserTypeKind::Enum(_) | UserTypeKind::Other(_) => {}
        }
        self.catalog.mentions.note_type(&name, &kind);
        let (grants, _) = self.default_grants(DefaultKind::Types, &name.schema);
        let origin = self.origin;
        let user_type = UserType {
            name: name.clone(),
            kind,
            owner: None,
            grants,
            comment: None,
            attribute_comments: BTreeMap::new(),
            origin,
        };
        self.catalog.types.insert(name, user_type);
    }

    pub(super) fn enum_labels(&mut self, name: &ObjectName) -> Option<&mut Vec<String>> {
        let types = &self.catalog.types;
        let name = self.catalog.resolve(name, |name| types.contains_key(name));
        match name.and_then(|name| self.catalog.types.get_mut(&name)).map(|found| &mut found.kind) {
            Some(UserTypeKind::Enum(labels)) => Some(labels),
            _ => None,
        }
    }

    pub(super) fn add_enum_value(
        &mut self,
        name: &ObjectName,
        value: String,
        position: Option<EnumPosition>,
        if_not_exists: bool,
    ) {
        let Some(labels) = self.enum_labels(name) else {
            return self.reject(format!("type \"{name}\" does not exist"));
        };
        if labels.contains(&value) {
            if !if_not_exists {
                self.reject(format!("enum label \"{value}\" already exists"));
            }
            return;
        }
        let find = |labels: &[String], at: &str| labels.iter().position(|label| label == at);
        let at = match position {
            None => Some(labels.len()),
            Some(EnumPosition::Before(label)) => find(labels, &label),
            Some(EnumPosition::After(label)) => find(labels, &label).map(|at| at + 1),
        };
        match at {
            Some(at) => labels.insert(at, value),
            None => {
                self.reject(format!("the neighbour of the new label \"{value}\" does not exist"));
            }
        }
    }

    pub(super) fn index_name(&self, table: &QualifiedName, index: &Index) -> String {
        let taken = |name: &str| {
            self.catalog.relation_exists(&QualifiedName::new(table.schema.as_str(), name))
        };
        let columns = if index.own_columns.is_empty() {
            naming::index_columns(index)
        } else {
            naming::joined(index.own_columns.iter().map(String::as_str))
        };
        naming::choose(&table.name, &columns, "idx", taken)
    }

    pub(super) fn create_index(
        &mut self,
        table: &ObjectName,
        mut index: Index,
        if_not_exists: bool,
    ) {
        let views = &self.catalog.views;
        let found = self
            .table_name(table)
            .or_else(|| self.catalog.resolve(table, |name| views.contains_key(name)));
        let Some(name) = found else {
            return self.reject(format!("relation \"{table}\" does not exist"));
        };
        if index.name.is_empty() {
            index.name = self.index_name(&name, &index);
        }
        let qualified = QualifiedName::new(name.schema.as_str(), index.name.as_str());
        if self.catalog.relation_exists(&qualified) {
            if !if_not_exists {
                self.reject(format!("relation \"{qualified}\" already exists"));
            }
            return;
        }
        self.catalog.index_tables.insert(qualified, name.clone());
        index.serial = self.catalog.next_index();
        if let Some(view) = self.catalog.views.get_mut(&name) {
            view.indexes.push(index);
            return;
        }
        let Some(table) = self.catalog.tables.get_mut(&name) else { return };
        let missing = index.keys.iter().find_map(|key| match &key.key {
            IndexKeyKind::Column(column) if table.column(column).is_none() => Some(column.clone()),
            _ => None,
        });
        let of_parent = index.clone();
        self.catalog.mentions.note_index(&name, &index);
        table.indexes.push(index);
        if let Some(column) = missing {
            return self.reject(format!("column \"{column}\" does not exist"));
        }
        if !of_parent.only {
            self.index_partitions(&name, &of_parent);
        }
    }

    pub(super) fn create_policy(&mut self, table: &ObjectName, policy: Policy) {
        let Some(found) = self.table_mut(table) else {
            return self.reject(format!("relation \"{table}\" does not exist"));
        };
        if found.policies.iter().any(|other| other.name == policy.name) {
            let message =
                format!("policy \"{}\" for table \"{table}\" already exists", policy.name);
            return self.reject(message);
        }
        let (using, check) = (policy.using.clone(), policy.check.clone());
        found.policies.push(policy);
        let name = found.name.clone();
        self.with_table(&name, |this, table| {
            for expression in using.iter().chain(&check) {
                this.verify_columns(table, expression);
                this.catalog.mentions.note_expression(&name, expression);
            }
        });
    }

    pub(super) fn create_trigger(
        &mut self,
        table: &ObjectName,
        function: &ObjectName,
        mut trigger: Trigger,
        or_replace: bool,
    ) {
        trigger.function = self
            .catalog
            .resolve(function, |name| self.catalog.function(name).is_some())
            .unwrap_or_else(|| {
                if function.schema.is_none() && OWN_TRIGGERS.contains(&function.name.as_str()) {
                    QualifiedName::new("pg_catalog", function.name.as_str())
                } else {
                    self.catalog.creation_name(function)
                }
            });
        if let Some(table) = self.table_name(table) {
            self.catalog.mentions.note_in_table(&table, &trigger.function.name);
            if let Some(when) = &trigger.when {
                self.catalog.mentions.note_expression(&table, when);
            }
        }
        let views = &self.catalog.views;
        let view = self.catalog.resolve(table, |name| views.contains_key(name));
        let found = match (self.table_name(table), view) {
            (Some(name), _) => self.catalog.tables.get_mut(&name).map(|table| &mut table.triggers),
            (None, Some(name)) => self.catalog.views.get_mut(&name).map(|view| &mut view.triggers),
            (None, None) => None,
        };
        let Some(triggers) = found else {
            return self.reject(format!("relation \"{table}\" does not exist"));
        };
        let made = trigger.clone();
        match triggers.iter_mut().find(|other| other.name == trigger.name) {
            // It is the same trigger still, and so keeps its comment.
            Some(existing) if or_replace => {
                let comment = existing.comment.take();
                *existing = Trigger { comment, ..trigger };
            }
            Some(_) => {
                let message =
                    format!("trigger \"{}\" for relation \"{table}\" already exists", trigger.name);
                return self.reject(message);
            }
            None => triggers.push(trigger),
        }
        if let Some(table) = self.table_name(table).filter(|_| made.for_each_row) {
            self.trigger_partitions(&table, &made);
        }
    }

    /// Partitions get a trigger on rows with their parent.
    fn trigger_partitions(&mut self, parent: &QualifiedName, trigger: &Trigger) {
        for child in self.partitions_of(parent) {
            self.catalog.mentions.note_in_table(&child, &trigger.function.name);
            if let Some(when) = &trigger.when {
                self.catalog.mentions.note_expression(&child, when);
            }
            let Some(table) = self.catalog.tables.get_mut(&child) else { continue };
            let trigger = Trigger { of_parent: true, comment: None, ..trigger.clone() };
            match table.triggers.iter_mut().find(|other| other.name == trigger.name) {
                Some(existing) => {
                    let comment = existing.comment.take();
                    *existing = Trigger { comment, ..trigger.clone() };
                }
                None => table.triggers.push(trigger.clone()),
            }
            self.trigger_partitions(&child, &trigger);
        }
    }

    /// The direct partitions of a table.
    pub(super) fn partitions_of(&self, parent: &QualifiedName) -> Vec<QualifiedName> {
        let children = self.catalog.children(parent).filter(|child| {
            self.catalog.tables.get(child).is_some_and(|table| table.partition_of.is_some())
        });
        children.cloned().collect()
    }

    /// The triggers that a new partition has with its parent.
    pub(super) fn triggers_of_rows(&self, parent: &QualifiedName) -> Vec<Trigger> {
        let triggers = self.catalog.tables.get(parent).map(|parent| parent.triggers.as_slice());
        let triggers = triggers.unwrap_or_default().iter().filter(|found| found.for_each_row);
        triggers.map(|found| Trigger { of_parent: true, comment: None, ..found.clone() }).collect()
    }

    /// Changes what partitions have of a trigger of their parent.
    pub(super) fn parts_of_trigger(
        &mut self,
        parent: &QualifiedName,
        name: &str,
        change: &impl Fn(&mut Vec<Trigger>, usize),
    ) {
        for child in self.partitions_of(parent) {
            let Some(table) = self.catalog.tables.get_mut(&child) else { continue };
            let part = |found: &Trigger| found.of_parent && found.name == name;
            if let Some(at) = table.triggers.iter().position(part) {
                change(&mut table.triggers, at);
                self.parts_of_trigger(&child, name, change);
            }
        }
    }

    pub(super) fn create_function(&mut self, definition: FunctionDefinition) {
        let name = self.catalog.creation_name(&definition.name);
        let mut arguments = definition.arguments;
        for argument in &mut arguments {
            self.resolve_type(&mut argument.data_type);
        }
        let inputs = arguments.iter().filter(|argument| argument.mode != ArgumentMode::Out);
        let types = inputs.map(|argument| argument.data_type.to_string()).collect();
        let key: FunctionKey = (name.clone(), types);
        let previous = self.catalog.functions.get(&key);
        if previous.is_some() && !definition.or_replace {
            self.reject(format!("function \"{name}\" already exists with same argument types"));
        }
        let previous = self.catalog.functions.remove(&key);
        let (owner, comment, grants, public_execute) = if let Some(previous) = previous {
            (previous.owner, previous.comment, previous.grants, previous.public_execute)
        } else {
            let (grants, public) = self.default_grants(DefaultKind::Functions, &name.schema);
            (None, None, grants, public)
        };
        let mut function = Function {
            name,
            procedure: definition.procedure,
            arguments,
            returns: definition.returns,
            language: definition.language,
            security_definer: definition.security_definer,
            volatility: definition.volatility,
            strict: definition.strict,
            leakproof: definition.leakproof,
            planner_options: definition.planner_options,
            settings: definition.settings,
            body: definition.body,
            owner,
            comment,
            public_execute,
            grants,
            origin: definition.origin,
        };
        self.bind_body(&mut function);
        if let Some(copied) = self.copied_result(&function.returns) {
            function.returns = copied;
        }
        self.catalog.mentions.note_function(&key, &function);
        self.catalog.functions.insert(key, function);
    }

    /// The result `[SETOF] table.column%TYPE` as the type that the column has.
    fn copied_result(&self, returns: &str) -> Option<String> {
        let written = returns.trim();
        let end = written.len().checked_sub("%type".len())?;
        let (name, suffix) = written.split_at_checked(end)?;
        suffix.eq_ignore_ascii_case("%type").then_some(())?;
        let (setof, name) = match name.split_at_checked("setof ".len()) {
            Some((setof, name)) if setof.eq_ignore_ascii_case("setof ") => (setof, name),
            _ => ("", name),
        };
        let of = self.type_of_column(&identifiers(name.trim()))?;
        Some(format!("{setof}{of}"))
    }

    /// The function a name and argument types mean; the types may be left out when it is the only
    /// one of its name.
    pub(crate) fn function_key(
        &self,
        name: &ObjectName,
        arguments: Option<&[String]>,
    ) -> Option<FunctionKey> {
        let name = self.catalog.resolve(name, |name| self.catalog.function(name).is_some())?;
        let overloads = || {
            self.catalog
                .functions
                .range((name.clone(), Vec::new())..)
                .take_while(|((found, _), _)| *found == name)
                .map(|(key, _)| key)
        };
        match arguments {
            Some(types) => {
                // Types are compared without their schema: it may be written or left out.
                let bare = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
                let wanted: Vec<_> = types.iter().map(|name| bare(name)).collect();
                let matches = |key: &&FunctionKey| {
                    key.1.iter().map(|name| bare(name)).eq(wanted.iter().cloned())
                };
                overloads().find(matches).cloned()
            }
            None => overloads().next().cloned(),
        }
    }

    pub(super) fn create_view(&mut self, definition: ViewDefinition) {
        let name = self.catalog.creation_name(&definition.name);
        let replaces = definition.or_replace && self.catalog.views.contains_key(&name);
        if self.catalog.relation_exists(&name) && !replaces {
            if !definition.if_not_exists {
                self.reject(format!("relation \"{name}\" already exists"));
            }
            return;
        }
        let previous = self.catalog.views.remove(&name);
        let view = match previous {
            Some(previous) => previous,
            None => self.new_view(name.clone(), definition.origin),
        };
        let mut view = View {
            name: name.clone(),
            materialized: definition.materialized,
            columns: definition.columns,
            query: definition.query,
            ast: definition.ast,
            security_invoker: definition.security_invoker,
            security_barrier: definition.security_barrier,
            check_option: definition.check_option,
            origin: definition.origin,
            renamed_columns: Vec::new(),
            ..view
        };
        self.bind_view(&mut view);
        self.catalog.mentions.note_view(&view);
        self.catalog.views.insert(name, view);
    }

    fn new_view(&self, name: QualifiedName, origin: crate::Origin) -> View {
        let (grants, _) = self.default_grants(DefaultKind::Tables, &name.schema);
        View {
            name,
            materialized: false,
            columns: Vec::new(),
            query: String::new(),
            ast: None,
            had_wildcard: false,
            reads: BTreeSet::new(),
            indexes: Vec::new(),
            triggers: Vec::new(),
            rules: Vec::new(),
            column_comments: BTreeMap::new(),
            renamed_columns: Vec::new(),
            security_invoker: false,
            security_barrier: false,
            check_option: None,
            owner: None,
            comment: None,
            grants,
            origin,
        }
    }

    pub(super) fn set_sequence_owner(
        &mut self,
        name: &ObjectName,
        column: Option<(ObjectName, String)>,
    ) {
        let owned_by = column.and_then(|(table, column)| Some((self.table_name(&table)?, column)));
        let sequences = &self.catalog.sequences;
        let found = self.catalog.resolve(name, |name| sequences.contains_key(name));
        match found.and_then(|name| self.catalog.sequences.get_mut(&name)) {
            Some(sequence) => {
                if let Some((table, _)) = &owned_by {
                    self.catalog.mentions.note_sequence(table, &sequence.name);
                }
                sequence.owned_by = owned_by;
            }
            None => self.reject(format!("relation \"{name}\" does not exist")),
        }
    }
}

pub(super) fn alter_function(function: &mut Function, options: FunctionOptions) {
    function.security_definer = options.security_definer.unwrap_or(function.security_definer);
    function.volatility = options.volatility.unwrap_or(function.volatility);
    function.strict = options.strict.unwrap_or(function.strict);
    function.leakproof = options.leakproof.unwrap_or(function.leakproof);
    for name in &options.reset {
        function.settings.retain(|(set, _)| name != "all" && set != name);
    }
    for (name, value) in options.settings {
        function.settings.retain(|(set, _)| *set != name);
        function.settings.push((name, value));
    }
}
