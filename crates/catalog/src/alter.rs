//! `ALTER TABLE`, and what happens to any object: dropping, renaming, moving, owners, comments.

use crate::apply::Applying;
use crate::change::{ObjectRef, TableAction};
use crate::object::{Column, ConstraintKind, IndexKeyKind, ReferentialAction, Remark, Table};
use crate::{ConstraintDefinition, ObjectName, Partition, QualifiedName, Switch};

impl Applying<'_> {
    pub(crate) fn alter_table(
        &mut self,
        name: &ObjectName,
        if_exists: bool,
        actions: Vec<TableAction>,
    ) {
        let Some(resolved) = self.table_name(name) else {
            // `ALTER TABLE … OWNER TO` is also written of views, sequences and indexes.
            let other = self
                .catalog
                .resolve(name, |name| self.catalog.relation_exists(name));
            if other.is_none() && !if_exists {
                self.reject(format!("relation \"{name}\" does not exist"));
            }
            return;
        };
        for action in actions {
            self.table_action(&resolved, action);
        }
    }

    /// Takes a table out, changes it with the catalog at hand, and puts it back.
    fn with_table(&mut self, name: &QualifiedName, change: impl FnOnce(&mut Self, &mut Table)) {
        if let Some(mut table) = self.catalog.tables.remove(name) {
            change(self, &mut table);
            self.catalog.tables.insert(name.clone(), table);
        }
    }

    fn column_mut(&mut self, table: &QualifiedName, name: &str, change: impl FnOnce(&mut Column)) {
        let found = self
            .catalog
            .tables
            .get_mut(table)
            .and_then(|table| table.columns.iter_mut().find(|column| column.name == name));
        let Some(column) = found else {
            return self.reject(format!(
                "column \"{name}\" of relation \"{table}\" does not exist"
            ));
        };
        change(column);
        let changed = column.clone();
        // Partitions and inheriting tables follow their parent.
        let mut children: Vec<_> = self.catalog.children(table).cloned().collect();
        while let Some(child) = children.pop() {
            children.extend(self.catalog.children(&child).cloned());
            let table = self.catalog.tables.get_mut(&child);
            let columns = table.map(|table| &mut table.columns).into_iter().flatten();
            for column in columns.filter(|column| column.name == name) {
                column.data_type.clone_from(&changed.data_type);
                column.nullable = changed.nullable;
            }
        }
    }

    fn table_action(&mut self, name: &QualifiedName, action: TableAction) {
        match action {
            TableAction::AddColumn {
                definition,
                if_not_exists,
            } => {
                let column = &definition.column.name;
                let exists = self
                    .catalog
                    .tables
                    .get(name)
                    .is_some_and(|t| t.column(column).is_some());
                if exists {
                    if !if_not_exists {
                        self.reject(format!(
                            "column \"{column}\" of relation \"{name}\" already exists"
                        ));
                    }
                    return;
                }
                let children: Vec<_> = self.catalog.children(name).cloned().collect();
                for child in children {
                    let definition = definition.clone();
                    let action = TableAction::AddColumn {
                        definition,
                        if_not_exists: true,
                    };
                    self.table_action(&child, action);
                }
                self.with_table(name, |this, table| {
                    for constraint in this.add_column(table, *definition, false) {
                        this.add_constraint(table, constraint);
                    }
                });
            }
            TableAction::DropColumn {
                name: column,
                if_exists,
            } => {
                self.drop_column(name, &column, if_exists);
            }
            TableAction::RenameColumn { from, to } => self.rename_column(name, &from, &to),
            TableAction::RenameConstraint { from, to } => {
                let found = self
                    .catalog
                    .tables
                    .get_mut(name)
                    .and_then(|t| t.constraints.iter_mut().find(|c| c.name == from));
                match found {
                    Some(constraint) => {
                        constraint.name.clone_from(&to);
                        self.rename_index_entry(name, &from, &to);
                    }
                    None => self.reject(format!(
                        "constraint \"{from}\" for table \"{name}\" does not exist"
                    )),
                }
            }
            TableAction::SetType {
                column,
                mut data_type,
                origin,
            } => {
                self.resolve_type(&mut data_type);
                self.column_mut(name, &column, |column| {
                    column.data_type = data_type;
                    column.origin = origin;
                });
            }
            TableAction::SetDefault { column, default } => {
                self.column_mut(name, &column, |column| column.default = default);
            }
            TableAction::SetNullable { column, nullable } => {
                self.column_mut(name, &column, |column| column.nullable = nullable);
            }
            TableAction::SetIdentity { column, identity } => {
                let before = self
                    .catalog
                    .tables
                    .get(name)
                    .and_then(|t| t.column(&column));
                let adds = before.is_some_and(|c| c.identity.is_none()) && identity.is_some();
                if adds {
                    self.owned_sequence(name, &column);
                }
                self.column_mut(name, &column, |column| column.identity = identity);
            }
            TableAction::SetGenerated { column, generated } => {
                self.column_mut(name, &column, |column| column.generated = generated);
            }
            TableAction::AddConstraint(definition) => self.alter_add_constraint(name, *definition),
            TableAction::DropConstraint {
                name: constraint,
                if_exists,
                ..
            } => {
                let Some(table) = self.catalog.tables.get_mut(name) else {
                    return;
                };
                let before = table.constraints.len();
                table.constraints.retain(|found| found.name != constraint);
                if table.constraints.len() == before && !if_exists {
                    self.reject(format!(
                        "constraint \"{constraint}\" of relation \"{name}\" does not exist"
                    ));
                }
                let index = QualifiedName::new(name.schema.as_str(), constraint.as_str());
                self.catalog.index_tables.remove(&index);
            }
            TableAction::ValidateConstraint(constraint) => {
                let found = self
                    .catalog
                    .tables
                    .get_mut(name)
                    .and_then(|t| t.constraints.iter_mut().find(|c| c.name == constraint));
                match found {
                    Some(constraint) => constraint.not_valid = false,
                    None => self.reject(format!(
                        "constraint \"{constraint}\" of relation \"{name}\" does not exist"
                    )),
                }
            }
            TableAction::SetRowSecurity { on, origin } => {
                self.table_flag(name, |t| {
                    t.row_security = Switch {
                        on,
                        origin: Some(origin),
                    }
                });
            }
            TableAction::SetRowSecurityForced { on, origin } => {
                self.table_flag(name, |t| {
                    t.row_security_forced = Switch {
                        on,
                        origin: Some(origin),
                    };
                });
            }
            TableAction::SetTriggerState {
                trigger,
                state,
                origin,
            } => {
                let mut found = false;
                self.table_flag(name, |table| {
                    let wanted = |name: &str| trigger.as_ref().is_none_or(|t| t == name);
                    for trigger in table.triggers.iter_mut().filter(|t| wanted(&t.name)) {
                        trigger.state = state;
                        trigger.state_origin = Some(origin);
                        found = true;
                    }
                });
                if let Some(trigger) = trigger.filter(|_| !found) {
                    self.reject(format!(
                        "trigger \"{trigger}\" for table \"{name}\" does not exist"
                    ));
                }
            }
            TableAction::AttachPartition { child, bound } => self.attach(name, &child, bound),
            TableAction::DetachPartition { child } => {
                if let Some(table) = self.table_mut(&child) {
                    table.partition_of = None;
                    let child = table.name.clone();
                    self.catalog
                        .children
                        .entry(name.clone())
                        .or_default()
                        .remove(&child);
                }
            }
            TableAction::SetInherits { parent, on } => self.set_inherits(name, &parent, on),
            TableAction::SetUnlogged(unlogged) => {
                self.table_flag(name, |table| table.unlogged = unlogged);
            }
            TableAction::SetOwner(owner) => self.table_flag(name, |t| t.owner = Some(owner)),
            TableAction::Irrelevant => {}
        }
    }

    fn table_flag(&mut self, name: &QualifiedName, change: impl FnOnce(&mut Table)) {
        if let Some(table) = self.catalog.tables.get_mut(name) {
            change(table);
        }
    }

    fn alter_add_constraint(&mut self, name: &QualifiedName, definition: ConstraintDefinition) {
        // PostgreSQL 18 adds NOT NULL as a constraint; the catalog keeps it on the column.
        if let ConstraintKind::Check { expression } = &definition.constraint.kind
            && let Some(sqlparser::ast::Expr::IsNotNull(inner)) = expression.ast.as_deref()
            && let sqlparser::ast::Expr::Identifier(column) = inner.as_ref()
            && expression.text.ends_with("IS NOT NULL")
            && expression.origin == definition.constraint.origin
        {
            let column = crate::fold(column);
            return self.column_mut(name, &column, |column| column.nullable = false);
        }
        self.with_table(name, |this, table| this.add_constraint(table, definition));
    }

    fn attach(&mut self, parent: &QualifiedName, child: &ObjectName, bound: String) {
        let Some(table) = self.table_mut(child) else {
            return self.reject(format!("relation \"{child}\" does not exist"));
        };
        table.partition_of = Some(Partition {
            parent: parent.clone(),
            bound,
        });
        let child = table.name.clone();
        self.catalog
            .children
            .entry(parent.clone())
            .or_default()
            .insert(child);
    }

    fn set_inherits(&mut self, name: &QualifiedName, parent: &ObjectName, on: bool) {
        let Some(parent) = self.table_name(parent) else {
            return self.reject(format!("relation \"{parent}\" does not exist"));
        };
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

    fn drop_column(&mut self, name: &QualifiedName, column: &str, if_exists: bool) {
        let children: Vec<_> = self.catalog.children(name).cloned().collect();
        let Some(table) = self.catalog.tables.get_mut(name) else {
            return;
        };
        let Some(at) = table.columns.iter().position(|found| found.name == column) else {
            if !if_exists {
                self.reject(format!(
                    "column \"{column}\" of relation \"{name}\" does not exist"
                ));
            }
            return;
        };
        table.columns.remove(at);
        let mut gone = Vec::new();
        table.constraints.retain(|constraint| {
            let names = match &constraint.kind {
                ConstraintKind::PrimaryKey { columns, .. }
                | ConstraintKind::Unique { columns, .. } => columns.iter().any(|c| c == column),
                ConstraintKind::ForeignKey(key) => key.columns.iter().any(|c| c == column),
                ConstraintKind::Check { expression } => expression.columns().contains(column),
                ConstraintKind::Exclude { elements, .. } => elements
                    .iter()
                    .any(|element| element.split_whitespace().next() == Some(column)),
            };
            if names {
                gone.push(constraint.name.clone());
            }
            !names
        });
        table.indexes.retain(|index| {
            let names = index.include.iter().any(|c| c == column)
                || index
                    .predicate
                    .as_ref()
                    .is_some_and(|p| p.columns().contains(column))
                || index.keys.iter().any(|key| match &key.key {
                    IndexKeyKind::Column(name) => name == column,
                    IndexKeyKind::Expression(expression) => expression.columns().contains(column),
                });
            if names {
                gone.push(index.name.clone());
            }
            !names
        });
        for index in gone {
            let index = QualifiedName::new(name.schema.as_str(), index);
            self.catalog.index_tables.remove(&index);
        }
        let owned = Some((name.clone(), column.to_owned()));
        self.catalog
            .sequences
            .retain(|_, sequence| sequence.owned_by != owned);
        for table in self.catalog.tables.values_mut() {
            table
                .constraints
                .retain(|constraint| match &constraint.kind {
                    ConstraintKind::ForeignKey(key) => {
                        key.references != *name
                            || !key.referenced_columns.iter().any(|c| c == column)
                    }
                    _ => true,
                });
        }
        for child in children {
            self.drop_column(&child, column, true);
        }
    }

    fn rename_column(&mut self, name: &QualifiedName, from: &str, to: &str) {
        let children: Vec<_> = self.catalog.children(name).cloned().collect();
        let Some(table) = self.catalog.tables.get_mut(name) else {
            return;
        };
        if table.column(from).is_none() {
            return self.reject(format!("column \"{from}\" does not exist"));
        }
        if table.column(to).is_some() {
            return self.reject(format!(
                "column \"{to}\" of relation \"{name}\" already exists"
            ));
        }
        let rename = |names: &mut Vec<String>| {
            names
                .iter_mut()
                .filter(|name| *name == from)
                .for_each(|name| to.clone_into(name));
        };
        let own = name.name.as_str();
        for column in &mut table.columns {
            if column.name == from {
                to.clone_into(&mut column.name);
            }
            if let Some(generated) = &mut column.generated {
                generated.expression.rename_column(own, from, to);
            }
        }
        for constraint in &mut table.constraints {
            match &mut constraint.kind {
                ConstraintKind::PrimaryKey { columns, include }
                | ConstraintKind::Unique {
                    columns, include, ..
                } => {
                    rename(columns);
                    rename(include);
                }
                ConstraintKind::ForeignKey(key) => {
                    rename(&mut key.columns);
                    if let ReferentialAction::SetNull(columns)
                    | ReferentialAction::SetDefault(columns) = &mut key.on_delete
                    {
                        rename(columns);
                    }
                }
                ConstraintKind::Check { expression } => expression.rename_column(own, from, to),
                ConstraintKind::Exclude {
                    elements,
                    predicate,
                    ..
                } => {
                    for element in elements {
                        if let Some(rest) = element.strip_prefix(from)
                            && rest.starts_with(char::is_whitespace)
                        {
                            *element = format!("{to}{rest}");
                        }
                    }
                    if let Some(predicate) = predicate {
                        predicate.rename_column(own, from, to);
                    }
                }
            }
        }
        for index in &mut table.indexes {
            rename(&mut index.include);
            for key in &mut index.keys {
                match &mut key.key {
                    IndexKeyKind::Column(name) if name == from => to.clone_into(name),
                    IndexKeyKind::Column(_) => {}
                    IndexKeyKind::Expression(expression) => {
                        expression.rename_column(own, from, to);
                    }
                }
            }
            if let Some(predicate) = &mut index.predicate {
                predicate.rename_column(own, from, to);
            }
        }
        for policy in &mut table.policies {
            for expression in policy.using.iter_mut().chain(&mut policy.check) {
                expression.rename_column(own, from, to);
            }
        }
        for trigger in &mut table.triggers {
            rename(&mut trigger.update_of);
        }
        for other in self.catalog.tables.values_mut() {
            for constraint in &mut other.constraints {
                if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
                    && key.references == *name
                {
                    rename(&mut key.referenced_columns);
                }
            }
        }
        for sequence in self.catalog.sequences.values_mut() {
            if let Some((table, column)) = &mut sequence.owned_by
                && table == name
                && column == from
            {
                to.clone_into(column);
            }
        }
        for child in children {
            self.rename_column(&child, from, to);
        }
    }

    fn rename_index_entry(&mut self, table: &QualifiedName, from: &str, to: &str) {
        let from = QualifiedName::new(table.schema.as_str(), from);
        if let Some(owner) = self.catalog.index_tables.remove(&from) {
            self.catalog
                .index_tables
                .insert(QualifiedName::new(table.schema.as_str(), to), owner);
        }
    }

    pub(crate) fn drop_object(&mut self, object: ObjectRef, if_exists: bool, cascade: bool) {
        let missing = match &object {
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
                        self.catalog.views.remove(&name);
                        None
                    }
                    None => Some(format!("view \"{name}\" does not exist")),
                }
            }
            ObjectRef::Index(name) => {
                let indexes = &self.catalog.index_tables;
                let found = self
                    .catalog
                    .resolve(name, |name| indexes.contains_key(name));
                match found {
                    Some(index) => {
                        let table = self.catalog.index_tables.remove(&index);
                        if let Some(table) = table.and_then(|t| self.catalog.tables.get_mut(&t)) {
                            table.indexes.retain(|found| found.name != index.name);
                        }
                        None
                    }
                    None => Some(format!("index \"{name}\" does not exist")),
                }
            }
            ObjectRef::Sequence(name) => {
                let sequences = &self.catalog.sequences;
                match self
                    .catalog
                    .resolve(name, |name| sequences.contains_key(name))
                {
                    Some(name) => {
                        self.catalog.sequences.remove(&name);
                        None
                    }
                    None => Some(format!("sequence \"{name}\" does not exist")),
                }
            }
            ObjectRef::Type(name) | ObjectRef::Domain(name) => {
                let types = &self.catalog.types;
                match self.catalog.resolve(name, |name| types.contains_key(name)) {
                    Some(name) => {
                        self.catalog.types.remove(&name);
                        if cascade {
                            self.drop_columns_of_type(&name);
                        }
                        None
                    }
                    None => Some(format!("type \"{name}\" does not exist")),
                }
            }
            ObjectRef::Function(name, arguments) => {
                match self.function_key(name, arguments.as_deref()) {
                    Some(key) => {
                        self.catalog.functions.remove(&key);
                        if cascade && self.catalog.function(&key.0).is_none() {
                            for table in self.catalog.tables.values_mut() {
                                table.triggers.retain(|trigger| trigger.function != key.0);
                            }
                        }
                        None
                    }
                    None => Some(format!("function {name} does not exist")),
                }
            }
            ObjectRef::Schema(name) => self.drop_schema(name),
            ObjectRef::Extension(name) => self
                .catalog
                .extensions
                .remove(name)
                .is_none()
                .then(|| format!("extension \"{name}\" does not exist")),
            ObjectRef::Role(name) => self
                .catalog
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

    fn drop_part(
        &mut self,
        table: &ObjectName,
        name: &str,
        kind: &str,
        remove: impl FnOnce(&mut Table, &str) -> bool,
    ) -> Option<String> {
        let removed = self
            .table_mut(table)
            .is_some_and(|table| remove(table, name));
        (!removed).then(|| format!("{kind} \"{name}\" for table \"{table}\" does not exist"))
    }

    /// A table takes its indexes, policies, triggers and sequences with it, `CASCADE` the foreign
    /// keys that refer to it, and its partitions go in any case.
    fn drop_table(&mut self, name: &QualifiedName, cascade: bool) {
        let children: Vec<_> = self
            .catalog
            .children
            .remove(name)
            .into_iter()
            .flatten()
            .collect();
        self.catalog.tables.remove(name);
        self.catalog.index_tables.retain(|_, table| table != name);
        self.catalog.sequences.retain(|_, sequence| {
            sequence
                .owned_by
                .as_ref()
                .is_none_or(|(table, _)| table != name)
        });
        for siblings in self.catalog.children.values_mut() {
            siblings.remove(name);
        }
        let mut held = None;
        for table in self.catalog.tables.values_mut() {
            table
                .constraints
                .retain(|constraint| match &constraint.kind {
                    ConstraintKind::ForeignKey(key) if key.references == *name => {
                        held = held.take().or(Some(constraint.name.clone()));
                        !cascade
                    }
                    _ => true,
                });
        }
        if let Some(constraint) = held.filter(|_| !cascade) {
            self.reject(format!(
                "cannot drop table {name}: constraint {constraint} depends on it"
            ));
        }
        for child in children {
            let partition = self
                .catalog
                .tables
                .get(&child)
                .is_some_and(|table| table.partition_of.is_some());
            if partition || cascade {
                self.drop_table(&child, cascade);
            }
        }
    }

    fn drop_columns_of_type(&mut self, name: &QualifiedName) {
        let doomed: Vec<_> = self
            .catalog
            .tables
            .values()
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

    fn drop_schema(&mut self, name: &str) -> Option<String> {
        if self.catalog.schemas.remove(name).is_none() {
            return Some(format!("schema \"{name}\" does not exist"));
        }
        let inside: Vec<_> = self
            .catalog
            .tables
            .keys()
            .filter(|table| table.schema == name)
            .cloned()
            .collect();
        for table in inside {
            self.drop_table(&table, true);
        }
        self.catalog.views.retain(|view, _| view.schema != name);
        self.catalog
            .sequences
            .retain(|sequence, _| sequence.schema != name);
        self.catalog.types.retain(|found, _| found.schema != name);
        self.catalog
            .functions
            .retain(|(function, _), _| function.schema != name);
        None
    }

    pub(crate) fn rename(&mut self, what: ObjectRef, to: String) {
        let missing = match what {
            ObjectRef::Table(name) => match self.table_name(&name) {
                Some(from) => {
                    let to = QualifiedName::new(from.schema.as_str(), to);
                    self.move_table(&from, &to);
                    None
                }
                // `ALTER TABLE v RENAME TO` is allowed of views, indexes and sequences.
                None => self.rename_other_relation(&name, to),
            },
            ObjectRef::View(name)
            | ObjectRef::MaterializedView(name)
            | ObjectRef::Index(name)
            | ObjectRef::Sequence(name) => self.rename_other_relation(&name, to),
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
                    None => Some(format!(
                        "policy \"{name}\" for table \"{table}\" does not exist"
                    )),
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
                    None => Some(format!(
                        "trigger \"{name}\" for table \"{table}\" does not exist"
                    )),
                }
            }
        };
        if let Some(message) = missing {
            self.reject(message);
        }
    }

    fn rename_other_relation(&mut self, name: &ObjectName, to: String) -> Option<String> {
        let from = self
            .catalog
            .resolve(name, |name| self.catalog.relation_exists(name));
        let Some(from) = from else {
            return Some(format!("relation \"{name}\" does not exist"));
        };
        let new = QualifiedName::new(from.schema.as_str(), to.as_str());
        if let Some(mut view) = self.catalog.views.remove(&from) {
            view.name = new.clone();
            self.catalog.views.insert(new, view);
        } else if let Some(mut sequence) = self.catalog.sequences.remove(&from) {
            sequence.name = new.clone();
            self.catalog.sequences.insert(new, sequence);
        } else if let Some(table) = self.catalog.index_tables.remove(&from) {
            if let Some(table) = self.catalog.tables.get_mut(&table) {
                for index in table
                    .indexes
                    .iter_mut()
                    .filter(|index| index.name == from.name)
                {
                    index.name.clone_from(&to);
                }
                for constraint in table.constraints.iter_mut().filter(|c| c.name == from.name) {
                    constraint.name.clone_from(&to);
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
        for column in self
            .catalog
            .tables
            .values_mut()
            .flat_map(|table| &mut table.columns)
        {
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
        let tables: Vec<_> = self
            .catalog
            .tables
            .keys()
            .filter(|table| table.schema == from)
            .cloned()
            .collect();
        for table in tables {
            let to = QualifiedName::new(to, table.name.as_str());
            self.move_table(&table, &to);
        }
        let in_schema = |name: &&QualifiedName| name.schema == from;
        let others: Vec<_> = self
            .catalog
            .types
            .keys()
            .filter(in_schema)
            .cloned()
            .collect();
        for name in others {
            let name = ObjectName {
                schema: Some(name.schema),
                name: name.name,
            };
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
            let name = ObjectName {
                schema: Some(name.schema),
                name: name.name,
            };
            self.move_function(&name, Some(&types), Some(to), None);
        }
        let catalog = &mut *self.catalog;
        rename_keys(&mut catalog.views, from, to, |view, name| view.name = name);
        rename_keys(&mut catalog.sequences, from, to, |sequence, name| {
            sequence.name = name
        });
    }

    pub(crate) fn set_schema(&mut self, what: ObjectRef, schema: &str) {
        let missing = match what {
            ObjectRef::Table(name) => match self.table_name(&name) {
                Some(from) => {
                    let to = QualifiedName::new(schema, from.name.as_str());
                    self.move_table(&from, &to);
                    None
                }
                None => Some(format!("relation \"{name}\" does not exist")),
            },
            ObjectRef::View(name) | ObjectRef::MaterializedView(name) => {
                let views = &self.catalog.views;
                let found = self.catalog.resolve(&name, |name| views.contains_key(name));
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
                self.move_type(&name, Some(schema), None)
            }
            ObjectRef::Function(name, arguments) => {
                self.move_function(&name, arguments.as_deref(), Some(schema), None)
            }
            ObjectRef::Sequence(name) => {
                let sequences = &self.catalog.sequences;
                let found = self
                    .catalog
                    .resolve(&name, |name| sequences.contains_key(name));
                if let Some(mut sequence) = found.and_then(|n| self.catalog.sequences.remove(&n)) {
                    schema.clone_into(&mut sequence.name.schema);
                    self.catalog
                        .sequences
                        .insert(sequence.name.clone(), sequence);
                }
                None
            }
            _ => None,
        };
        if let Some(message) = missing {
            self.reject(message);
        }
    }

    pub(crate) fn set_owner(&mut self, what: &ObjectRef, owner: String) {
        match what {
            ObjectRef::Table(name) | ObjectRef::View(name) | ObjectRef::MaterializedView(name) => {
                if let Some(table) = self.table_mut(name) {
                    table.owner = Some(owner);
                } else if let Some(view) = self.view_mut(name) {
                    view.owner = Some(owner);
                }
            }
            ObjectRef::Function(name, arguments) => {
                let key = self.function_key(name, arguments.as_deref());
                if let Some(function) = key.and_then(|key| self.catalog.functions.get_mut(&key)) {
                    function.owner = Some(owner);
                }
            }
            // Owners of other objects hold no control.
            _ => {}
        }
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
                let index = self
                    .catalog
                    .resolve(name, |name| indexes.contains_key(name))?;
                let table = self.catalog.index_tables.get(&index)?.clone();
                let table = self.catalog.tables.get_mut(&table)?;
                let found = table
                    .indexes
                    .iter_mut()
                    .find(|found| found.name == index.name)?;
                Some(&mut found.comment)
            }
            ObjectRef::Sequence(name) => {
                let sequences = &self.catalog.sequences;
                let name = self
                    .catalog
                    .resolve(name, |name| sequences.contains_key(name))?;
                self.catalog
                    .sequences
                    .get_mut(&name)
                    .map(|sequence| &mut sequence.comment)
            }
            ObjectRef::Type(name) | ObjectRef::Domain(name) => {
                let types = &self.catalog.types;
                let name = self
                    .catalog
                    .resolve(name, |name| types.contains_key(name))?;
                self.catalog
                    .types
                    .get_mut(&name)
                    .map(|found| &mut found.comment)
            }
            ObjectRef::Function(name, arguments) => {
                let key = self.function_key(name, arguments.as_deref())?;
                self.catalog
                    .functions
                    .get_mut(&key)
                    .map(|function| &mut function.comment)
            }
            ObjectRef::Policy(table, name) => {
                let table = self.table_mut(table)?;
                let policy = table
                    .policies
                    .iter_mut()
                    .find(|policy| policy.name == *name)?;
                Some(&mut policy.comment)
            }
            ObjectRef::Trigger(table, name) => {
                let table = self.table_mut(table)?;
                let trigger = table
                    .triggers
                    .iter_mut()
                    .find(|trigger| trigger.name == *name)?;
                Some(&mut trigger.comment)
            }
            ObjectRef::Schema(_) | ObjectRef::Extension(_) | ObjectRef::Role(_) => None,
        }
    }
}

fn rename_keys<T>(
    map: &mut std::collections::BTreeMap<QualifiedName, T>,
    from: &str,
    to: &str,
    rename: impl Fn(&mut T, QualifiedName),
) {
    let names: Vec<_> = map
        .keys()
        .filter(|name| name.schema == from)
        .cloned()
        .collect();
    for name in names {
        if let Some(mut value) = map.remove(&name) {
            let new = QualifiedName::new(to, name.name);
            rename(&mut value, new.clone());
            map.insert(new, value);
        }
    }
}
