//! `ALTER TABLE`, owners and comments.

use super::Applying;
use super::part::detach_parts;
use crate::change::{ColumnDefinition, ObjectRef, SequenceWords, TableAction};
use crate::control::GlobalKind;
use crate::object::{
    Column, ConstraintKind, Expression, Identity, IndexKeyKind, NotNull, Remark, Sequence, Table,
    TableKind,
};
use crate::{DataType, Grant, ObjectName, Partition, QualifiedName, Switch};

impl Applying<'_> {
    pub(crate) fn alter_table(
        &mut self,
        name: &ObjectName,
        if_exists: bool,
        actions: Vec<TableAction>,
    ) {
        let Some(resolved) = self.table_name(name) else {
            // `ALTER TABLE … OWNER TO` is also written of views, sequences and indexes.
            let other = self.catalog.resolve(name, |name| self.catalog.relation_exists(name));
            match other {
                Some(view) if self.catalog.views.contains_key(&view) => {
                    for action in actions {
                        self.view_action(&view, action);
                    }
                }
                None if !if_exists => {
                    self.reject(format!("relation \"{name}\" does not exist"));
                }
                _ => {}
            }
            return;
        };
        let mut actions = actions;
        actions.sort_by_key(pass);
        for action in actions {
            self.table_action(&resolved, action);
        }
    }

    /// What `ALTER TABLE` and `ALTER VIEW` do to the columns of a view.
    fn view_action(&mut self, name: &QualifiedName, action: TableAction) {
        let TableAction::RenameColumn { from, to } = action else { return };
        let Some(view) = self.catalog.views.get_mut(name) else { return };
        if let Some(column) = view.columns.iter_mut().find(|column| **column == from) {
            column.clone_from(&to);
        } else if let Some((_, column)) = view.renamed_columns.iter_mut().find(|(_, c)| *c == from)
        {
            column.clone_from(&to);
        } else {
            view.renamed_columns.push((from.clone(), to.clone()));
        }
        if let Some(comment) = view.column_comments.remove(&from) {
            view.column_comments.insert(to.clone(), comment);
        }
        for index in &mut view.indexes {
            for key in &mut index.keys {
                match &mut key.key {
                    IndexKeyKind::Column(column) if *column == from => column.clone_from(&to),
                    IndexKeyKind::Column(_) => {}
                    IndexKeyKind::Expression(expression) => {
                        expression.rename_column(&name.name, &from, &to);
                    }
                }
            }
        }
        self.column_renamed(name, &from, &to);
    }

    /// The children that follow a change of this table.
    pub(super) fn children_of(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        if self.only { Vec::new() } else { self.catalog.children(table).cloned().collect() }
    }

    /// Takes a table out, changes it with the catalog at hand, and puts it back. Its place is kept
    /// by an empty one, which costs less than taking its name out of the map.
    pub(super) fn with_table(
        &mut self,
        name: &QualifiedName,
        change: impl FnOnce(&mut Self, &mut Table),
    ) {
        let Some(place) = self.catalog.tables.get_mut(name) else { return };
        let mut table = std::mem::replace(place, Table::empty());
        change(self, &mut table);
        if let Some(place) = self.catalog.tables.get_mut(name) {
            *place = table;
        }
    }

    /// Changes a column, and those of the children that follow.
    fn column_mut(
        &mut self,
        table: &QualifiedName,
        name: &str,
        follow: bool,
        change: impl Fn(&mut Column),
    ) {
        let known =
            self.catalog.tables.get(table).is_some_and(|found| found.column(name).is_some());
        if !known {
            return self
                .reject(format!("column \"{name}\" of relation \"{table}\" does not exist"));
        }
        let mut tables = vec![table.clone()];
        let mut children = if follow { self.children_of(table) } else { Vec::new() };
        while let Some(child) = children.pop() {
            children.extend(self.catalog.children(&child).cloned());
            tables.push(child);
        }
        for table in tables {
            let Some(found) = self.catalog.tables.get_mut(&table) else { continue };
            for column in found.columns.iter_mut().filter(|column| column.name == name) {
                change(column);
                self.catalog.mentions.note_column(&table, column);
            }
        }
    }

    fn table_action(&mut self, name: &QualifiedName, action: TableAction) {
        match action {
            TableAction::AddColumn { definition, if_not_exists } => {
                let column = &definition.column.name;
                let exists =
                    self.catalog.tables.get(name).is_some_and(|t| t.column(column).is_some());
                if exists {
                    if !if_not_exists {
                        self.reject(format!(
                            "column \"{column}\" of relation \"{name}\" already exists"
                        ));
                    }
                    return;
                }
                self.settle_views(name);
                let mut constraints = Vec::new();
                let mut added = None;
                self.with_table(name, |this, table| {
                    constraints = this.add_column(table, *definition, false);
                    this.name_not_nulls(table);
                    added = table.columns.last().cloned();
                    if let Some(added) = &added {
                        this.catalog.mentions.note_column(name, added);
                        if let Some(not_null) = &added.not_null {
                            this.catalog.constraint_named(name, &not_null.name);
                        }
                    }
                });
                // Children get the column, with its default; its checks reach them as any do.
                for child in self.children_of(name) {
                    let Some(mut column) = added.clone() else { continue };
                    column.identity = None;
                    column.not_null = column
                        .not_null
                        .filter(|not_null| !not_null.no_inherit)
                        .map(|not_null| not_null.inherited());
                    column.nullable = column.not_null.is_none();
                    let definition = Box::new(ColumnDefinition {
                        column,
                        constraints: Vec::new(),
                        sequence: SequenceWords::default(),
                    });
                    let action = TableAction::AddColumn { definition, if_not_exists: true };
                    self.table_action(&child, action);
                }
                if let Some(added) = added.filter(|added| added.identity.is_some()) {
                    self.set_identity(name, &added.name, added.identity);
                }
                for constraint in constraints {
                    self.alter_add_constraint(name, constraint);
                }
            }
            TableAction::DropColumn { name: column, if_exists } => {
                self.drop_column(name, &column, if_exists);
            }
            TableAction::RenameColumn { from, to } => self.rename_column(name, &from, &to),
            TableAction::RenameConstraint { from, to } => {
                if let Some(column) = self.not_null_named(name, &from) {
                    return self.rename_not_null(name, &column, &from, &to);
                }
                let divided = self.refers_to_partitions(name, &from);
                let found = self
                    .catalog
                    .tables
                    .get_mut(name)
                    .and_then(|t| t.constraints.iter_mut().find(|c| c.name == from));
                match found {
                    Some(constraint) => {
                        constraint.name.clone_from(&to);
                        if divided {
                            constraint.made_as.get_or_insert_with(|| from.clone());
                        }
                        let check = matches!(constraint.kind, ConstraintKind::Check { .. });
                        self.catalog.constraint_named(name, &to);
                        self.rename_index_entry(name, &from, &to);
                        self.parts_renamed(name, &from, &to);
                        // Children have a check by the same name.
                        let children = self.children_of(name);
                        for child in children.iter().filter(|_| check) {
                            let (from, to) = (from.clone(), to.clone());
                            self.table_action(child, TableAction::RenameConstraint { from, to });
                        }
                    }
                    None => self.reject(format!(
                        "constraint \"{from}\" for table \"{name}\" does not exist"
                    )),
                }
            }
            TableAction::SetType { column, mut data_type, collation, origin } => {
                self.resolve_type(&mut data_type);
                self.read_anew(name, &column);
                self.column_mut(name, &column, true, |column| {
                    // A literal keeps the type it was read as.
                    let literal = |default: &Expression| {
                        default.text.starts_with('\'') && default.text.ends_with('\'')
                    };
                    if let Some(default) = column.default.as_mut().filter(|found| literal(found)) {
                        let before = &column.data_type;
                        let plain = DataType { modifiers: Vec::new(), ..before.clone() };
                        if before.name != data_type.name || before.array != data_type.array {
                            default.text = format!("{}::{plain}", default.text);
                        }
                    }
                    column.data_type = data_type.clone();
                    column.collation.clone_from(&collation);
                    column.origin = origin;
                });
            }
            TableAction::SetDefault { column, default } => {
                let found = self.catalog.tables.get(name).and_then(|table| table.column(&column));
                let default = match found.map(|column| &column.data_type) {
                    Some(data_type) => default.filter(|default| self.is_kept(default, data_type)),
                    None => default,
                };
                self.column_mut(name, &column, true, |column| {
                    column.default.clone_from(&default);
                });
            }
            TableAction::SetNullable { column, nullable } => {
                // ONLY of a table that has children: they do not inherit it.
                let no_inherit = self.only && self.catalog.children(name).next().is_some();
                let not_null = NotNull { no_inherit, ..NotNull::own() };
                self.set_nullable(name, &column, (!nullable).then_some(not_null));
            }
            TableAction::SetIdentity { column, identity, sequence } => {
                let before = self.catalog.tables.get(name).and_then(|t| t.column(&column));
                let adds = before.is_some_and(|c| c.identity.is_none()) && identity.is_some();
                if adds {
                    self.identity_sequence(name, &column, sequence);
                } else if identity.is_none() && before.is_some_and(|c| c.identity.is_some()) {
                    let owned = Some((name.clone(), column.clone()));
                    for sequence in self.catalog.mentions.sequences(name) {
                        let found = self.catalog.sequences.get(&sequence);
                        if found.is_some_and(|found| found.identity && found.owned_by == owned) {
                            self.catalog.sequences.remove(&sequence);
                        }
                    }
                }
                self.set_identity(name, &column, identity);
            }
            TableAction::SetSequence { column, options } => {
                let owned = Some((name.clone(), column));
                for sequence in self.catalog.mentions.sequences(name) {
                    let found = self.catalog.sequences.get_mut(&sequence);
                    let own = |found: &&mut Sequence| found.identity && found.owned_by == owned;
                    if let Some(sequence) = found.filter(own) {
                        sequence.options.extend(options.clone());
                    }
                }
            }
            TableAction::SetGenerated { column, generated } => {
                self.column_mut(name, &column, true, |column| {
                    column.generated.clone_from(&generated);
                });
            }
            TableAction::AddConstraint(definition) => self.alter_add_constraint(name, *definition),
            TableAction::DropConstraint { name: constraint, if_exists, cascade } => {
                let found = self.catalog.tables.get(name);
                let found = found.and_then(|t| t.constraints.iter().find(|c| c.name == constraint));
                if found.is_some_and(|found| found.part_of.is_some()) {
                    return self.reject(format!(
                        "cannot drop inherited constraint \"{constraint}\" of relation \"{name}\""
                    ));
                }
                let serial = found.map(|found| found.index_serial).filter(|serial| *serial > 0);
                if serial.is_some_and(|serial| !cascade && self.index_is_needed(name, serial)) {
                    return self.reject(format!(
                        "cannot drop constraint {constraint} on table {name} because other objects depend on it"
                    ));
                }
                let Some(table) = self.catalog.tables.get_mut(name) else {
                    return;
                };
                let at = table.constraints.iter().position(|found| found.name == constraint);
                let gone = at.map(|at| table.constraints.remove(at));
                if let Some(gone) = gone {
                    self.constraint_dropped(name, &gone);
                } else if let Some(column) = self.not_null_named(name, &constraint) {
                    self.set_nullable(name, &column, None);
                } else if !if_exists {
                    self.reject(format!(
                        "constraint \"{constraint}\" of relation \"{name}\" does not exist"
                    ));
                }
                let index = QualifiedName::new(name.schema.as_str(), constraint.as_str());
                self.catalog.index_tables.remove(&index);
            }
            TableAction::AlterConstraint {
                name: constraint,
                deferrable,
                initially_deferred,
                enforced,
                inherit,
            } => {
                if let Some(column) = self.not_null_named(name, &constraint) {
                    if let Some(inherit) = inherit {
                        self.pass_on_not_null(name, &column, inherit);
                    }
                    return;
                }
                let found = self
                    .catalog
                    .tables
                    .get_mut(name)
                    .and_then(|t| t.constraints.iter_mut().find(|c| c.name == constraint));
                match found {
                    Some(found) => {
                        found.deferrable = deferrable.unwrap_or(found.deferrable);
                        found.initially_deferred =
                            initially_deferred.unwrap_or(found.initially_deferred);
                        if let Some(enforced) = enforced {
                            found.not_enforced = !enforced;
                        }
                    }
                    None => self.reject(format!(
                        "constraint \"{constraint}\" of relation \"{name}\" does not exist"
                    )),
                }
            }
            TableAction::ValidateConstraint(constraint) => {
                if let Some(column) = self.not_null_named(name, &constraint) {
                    self.change_not_null(name, &column, |found| found.not_valid = false);
                    for child in self.children_of(name) {
                        let action = TableAction::ValidateConstraint(constraint.clone());
                        self.table_action(&child, action);
                    }
                    return;
                }
                let found = self
                    .catalog
                    .tables
                    .get_mut(name)
                    .and_then(|t| t.constraints.iter_mut().find(|c| c.name == constraint));
                match found {
                    Some(found) => {
                        found.not_valid = false;
                        // Children have a check by the same name.
                        let check = matches!(found.kind, ConstraintKind::Check { .. });
                        for child in self.children_of(name).iter().filter(|_| check) {
                            let action = TableAction::ValidateConstraint(constraint.clone());
                            self.table_action(child, action);
                        }
                    }
                    None => self.reject(format!(
                        "constraint \"{constraint}\" of relation \"{name}\" does not exist"
                    )),
                }
            }
            TableAction::SetRowSecurity { on, origin } => {
                self.table_flag(name, |t| t.row_security = Switch { on, origin: Some(origin) });
            }
            TableAction::SetRowSecurityForced { on, origin } => {
                self.table_flag(name, |t| {
                    t.row_security_forced = Switch { on, origin: Some(origin) };
                });
            }
            TableAction::SetTriggerState { trigger, state, origin } => {
                let mut found = Vec::new();
                self.table_flag(name, |table| {
                    let wanted = |name: &str| trigger.as_ref().is_none_or(|t| t == name);
                    for trigger in table.triggers.iter_mut().filter(|t| wanted(&t.name)) {
                        trigger.state = state;
                        trigger.state_origin = Some(origin);
                        found.push(trigger.name.clone());
                    }
                });
                let only = self.only;
                for trigger in found.iter().filter(|_| !only) {
                    self.parts_of_trigger(name, trigger, &|triggers, at| {
                        for part in triggers.iter_mut().skip(at).take(1) {
                            part.state = state;
                            part.state_origin = Some(origin);
                        }
                    });
                }
                if let Some(trigger) = trigger.filter(|_| found.is_empty()) {
                    self.reject(format!(
                        "trigger \"{trigger}\" for table \"{name}\" does not exist"
                    ));
                }
            }
            TableAction::SetRuleState { rule, state } => {
                let found = self
                    .catalog
                    .tables
                    .get_mut(name)
                    .and_then(|t| t.rules.iter_mut().find(|found| found.name == rule));
                match found {
                    Some(rule) => rule.state = state,
                    None => self
                        .reject(format!("rule \"{rule}\" for relation \"{name}\" does not exist")),
                }
            }
            TableAction::AttachPartition { child, bound } => self.attach(name, &child, bound),
            TableAction::DetachPartition { child } => {
                if let Some(table) = self.table_mut(&child) {
                    table.partition_of = None;
                    detach_parts(table);
                    let child = table.name.clone();
                    self.catalog.children.entry(name.clone()).or_default().remove(&child);
                    self.keep_not_nulls(&child);
                }
            }
            TableAction::SetInherits { parent, on } => self.set_inherits(name, &parent, on),
            TableAction::SetUnlogged(unlogged) => {
                self.table_flag(name, |table| table.unlogged = unlogged);
            }
            TableAction::SetOwner(owner) => {
                self.table_flag(name, |t| hand_over(&mut t.owner, &mut t.grants, &owner));
            }
            TableAction::Irrelevant => {}
        }
    }

    /// A column's identity is its partitions', too; other children do not share it.
    pub(super) fn set_identity(
        &mut self,
        name: &QualifiedName,
        column: &str,
        identity: Option<Identity>,
    ) {
        self.column_mut(name, column, false, |column| column.identity = identity);
        for partition in self.partitions_of(name) {
            self.set_identity(&partition, column, identity);
        }
    }

    fn table_flag(&mut self, name: &QualifiedName, change: impl FnOnce(&mut Table)) {
        if let Some(table) = self.catalog.tables.get_mut(name) {
            change(table);
        }
    }

    fn attach(&mut self, parent: &QualifiedName, child: &ObjectName, bound: String) {
        let Some(table) = self.table_mut(child) else {
            return self.reject(format!("relation \"{child}\" does not exist"));
        };
        table.partition_of = Some(Partition { parent: parent.clone(), bound });
        let child = table.name.clone();
        self.hand_over_not_nulls(&child);
        self.catalog.children.entry(parent.clone()).or_default().insert(child.clone());
        let triggers = self.triggers_of_rows(parent);
        self.with_table(&child, |this, table| {
            table.triggers.extend(triggers);
            this.catalog.mentions.note_table(table);
        });
        self.attach_parts(parent, &child);
    }

    fn set_inherits(&mut self, name: &QualifiedName, parent: &ObjectName, on: bool) {
        let Some(parent) = self.table_name(parent) else {
            return self.reject(format!("relation \"{parent}\" does not exist"));
        };
        if !on {
            // A table that leaves keeps the checks it had from its parent.
            let checks = self.catalog.tables.get(&parent).map(|found| found.constraints.clone());
            let kept = checks.into_iter().flatten().filter(|constraint| {
                matches!(constraint.kind, ConstraintKind::Check { .. }) && !constraint.no_inherit
            });
            let kept: Vec<_> = kept.collect();
            self.table_flag(name, |table| {
                for constraint in kept {
                    if !table.constraints.iter().any(|own| own.name == constraint.name) {
                        table.constraints.push(constraint);
                    }
                }
            });
            self.keep_not_nulls(name);
        }
        let children = self.catalog.children.entry(parent.clone()).or_default();
        if on {
            children.insert(name.clone());
        } else {
            children.remove(name);
        }
        self.table_flag(name, |table| {
            table.inherits.retain(|other| *other != parent);
            if on {
                table.inherits.push(parent);
            }
        });
    }

    /// Whether a constraint of this name is a foreign key to a table that has partitions.
    fn refers_to_partitions(&self, table: &QualifiedName, constraint: &str) -> bool {
        let mut keys = self.catalog.tables.get(table).into_iter().flat_map(Table::foreign_keys);
        keys.any(|(found, key)| {
            let partitioned = self
                .catalog
                .tables
                .get(&key.references)
                .is_some_and(|referred| matches!(referred.kind, TableKind::Partitioned { .. }));
            found.name == constraint
                && partitioned
                && self.catalog.children(&key.references).next().is_some()
        })
    }

    /// Children have a NOT NULL by the same name.
    fn rename_not_null(&mut self, name: &QualifiedName, column: &str, from: &str, to: &str) {
        self.change_not_null(name, column, |found| {
            to.clone_into(&mut found.name);
            found.named = true;
        });
        self.catalog.constraint_named(name, to);
        for child in self.children_of(name) {
            let (from, to) = (from.to_owned(), to.to_owned());
            self.table_action(&child, TableAction::RenameConstraint { from, to });
        }
    }

    fn rename_index_entry(&mut self, table: &QualifiedName, from: &str, to: &str) {
        let from = QualifiedName::new(table.schema.as_str(), from);
        if let Some(owner) = self.catalog.index_tables.remove(&from) {
            self.catalog.index_tables.insert(QualifiedName::new(table.schema.as_str(), to), owner);
        }
    }

    pub(crate) fn set_owner(&mut self, what: &ObjectRef, owner: String) {
        match what {
            ObjectRef::Table(name) | ObjectRef::View(name) | ObjectRef::MaterializedView(name) => {
                if let Some(table) = self.table_mut(name) {
                    hand_over(&mut table.owner, &mut table.grants, &owner);
                } else if let Some(view) = self.view_mut(name) {
                    hand_over(&mut view.owner, &mut view.grants, &owner);
                } else {
                    // `ALTER TABLE` is also written of sequences.
                    self.set_owner(&ObjectRef::Sequence(name.clone()), owner);
                }
            }
            ObjectRef::Function(name, arguments) => {
                let key = self.function_key(name, arguments.as_deref());
                if let Some(function) = key.and_then(|key| self.catalog.functions.get_mut(&key)) {
                    hand_over(&mut function.owner, &mut function.grants, &owner);
                }
            }
            ObjectRef::Sequence(name) => {
                let sequences = &self.catalog.sequences;
                let found = self.catalog.resolve(name, |name| sequences.contains_key(name));
                if let Some(found) = found.and_then(|name| self.catalog.sequences.get_mut(&name)) {
                    hand_over(&mut found.owner, &mut found.grants, &owner);
                }
            }
            ObjectRef::Type(name) | ObjectRef::Domain(name) => {
                let types = &self.catalog.types;
                let found = self.catalog.resolve(name, |name| types.contains_key(name));
                if let Some(found) = found.and_then(|name| self.catalog.types.get_mut(&name)) {
                    hand_over(&mut found.owner, &mut found.grants, &owner);
                }
            }
            ObjectRef::Schema(name) => {
                let key = (GlobalKind::Schema, name.clone());
                let found = self.catalog.properties.entry(key).or_default();
                hand_over(&mut found.owner, &mut found.grants, &owner);
            }
            ObjectRef::EventTrigger(name) => {
                if let Some(found) = self.catalog.event_triggers.get_mut(name) {
                    found.owner = Some(owner);
                }
            }
            ObjectRef::Publication(name) => {
                if let Some(found) = self.catalog.publications.get_mut(name) {
                    found.owner = Some(owner);
                }
            }
            // An index is its table's, a part of a table too; roles have no owner.
            ObjectRef::Index(_)
            | ObjectRef::Extension(_)
            | ObjectRef::Role(_)
            | ObjectRef::Policy(..)
            | ObjectRef::Trigger(..)
            | ObjectRef::Rule(..) => {}
        }
    }

    fn property(&mut self, kind: GlobalKind, name: &str) -> Option<&mut Option<Remark>> {
        let exists = match kind {
            GlobalKind::Schema => self.catalog.schemas.contains_key(name),
            GlobalKind::Extension => self.catalog.extensions.contains_key(name),
            // A role may have been made outside of the text.
            GlobalKind::Role => true,
        };
        let key = (kind, name.to_owned());
        exists.then(|| &mut self.catalog.properties.entry(key).or_default().comment)
    }

    /// Where the comment on an object is kept.
    pub(crate) fn comment_of(&mut self, object: &ObjectRef) -> Option<&mut Option<Remark>> {
        match object {
            ObjectRef::Table(name) => self.table_mut(name).map(|table| &mut table.comment),
            ObjectRef::View(name) | ObjectRef::MaterializedView(name) => {
                self.view_mut(name).map(|view| &mut view.comment)
            }
            ObjectRef::Index(name) => {
                let indexes = &self.catalog.index_tables;
                let index = self.catalog.resolve(name, |name| indexes.contains_key(name))?;
                let table = self.catalog.index_tables.get(&index)?.clone();
                let table = self.catalog.tables.get_mut(&table)?;
                let indexes = table.indexes.iter_mut().filter(|found| found.name == index.name);
                let keys = table.constraints.iter_mut();
                let keys = keys.filter(|key| key.index_serial > 0 && key.name == index.name);
                let own = indexes.map(|index| &mut index.comment);
                own.chain(keys.map(|key| &mut key.index_comment)).next()
            }
            ObjectRef::Sequence(name) => {
                let sequences = &self.catalog.sequences;
                let name = self.catalog.resolve(name, |name| sequences.contains_key(name))?;
                self.catalog.sequences.get_mut(&name).map(|sequence| &mut sequence.comment)
            }
            ObjectRef::Type(name) | ObjectRef::Domain(name) => {
                let types = &self.catalog.types;
                let name = self.catalog.resolve(name, |name| types.contains_key(name))?;
                self.catalog.types.get_mut(&name).map(|found| &mut found.comment)
            }
            ObjectRef::Function(name, arguments) => {
                let key = self.function_key(name, arguments.as_deref())?;
                self.catalog.functions.get_mut(&key).map(|function| &mut function.comment)
            }
            ObjectRef::Policy(table, name) => {
                let table = self.table_mut(table)?;
                let policy = table.policies.iter_mut().find(|policy| policy.name == *name)?;
                Some(&mut policy.comment)
            }
            ObjectRef::Trigger(table, name) => {
                let table = self.table_mut(table)?;
                let trigger = table.triggers.iter_mut().find(|trigger| trigger.name == *name)?;
                Some(&mut trigger.comment)
            }
            ObjectRef::Rule(relation, name) => {
                let rules = self.rules_mut(relation)?;
                rules.iter_mut().find(|rule| rule.name == *name).map(|rule| &mut rule.comment)
            }
            ObjectRef::EventTrigger(name) => {
                self.catalog.event_triggers.get_mut(name).map(|trigger| &mut trigger.comment)
            }
            ObjectRef::Publication(name) => {
                self.catalog.publications.get_mut(name).map(|found| &mut found.comment)
            }
            ObjectRef::Schema(name) => self.property(GlobalKind::Schema, name),
            ObjectRef::Extension(name) => self.property(GlobalKind::Extension, name),
            ObjectRef::Role(name) => self.property(GlobalKind::Role, name),
        }
    }
}

/// The order in which the server runs the actions of one statement (`AT_PASS_…` in `tablecmds.c`).
fn pass(action: &TableAction) -> u8 {
    match action {
        TableAction::DropColumn { .. }
        | TableAction::DropConstraint { .. }
        | TableAction::SetDefault { default: None, .. }
        | TableAction::SetNullable { nullable: true, .. }
        | TableAction::SetIdentity { identity: None, .. }
        | TableAction::SetGenerated { generated: None, .. } => 0,
        TableAction::SetType { .. } => 1,
        TableAction::AddColumn { .. } => 2,
        TableAction::SetGenerated { .. } => 3,
        TableAction::SetNullable { .. } => 4,
        TableAction::AddConstraint(definition) => match definition.constraint.kind {
            ConstraintKind::PrimaryKey { .. }
            | ConstraintKind::Unique { .. }
            | ConstraintKind::Exclude { .. } => 5,
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. } => 6,
        },
        TableAction::SetDefault { .. } | TableAction::SetIdentity { .. } => 6,
        _ => 7,
    }
}

/// Gives an object to another owner, who has what was granted to the one before, too.
pub(super) fn hand_over(owner: &mut Option<String>, grants: &mut [Grant], to: &str) {
    if let Some(before) = owner.replace(to.to_owned()) {
        for grant in grants.iter_mut().filter(|grant| grant.grantee == before) {
            to.clone_into(&mut grant.grantee);
        }
    }
}
