//! `ALTER TABLE`, owners and comments.

use super::Applying;
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
            let other = self.catalog.resolve(name, |name| self.catalog.relation_exists(name));
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
            return self
                .reject(format!("column \"{name}\" of relation \"{table}\" does not exist"));
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
                let children: Vec<_> = self.catalog.children(name).cloned().collect();
                for child in children {
                    let definition = definition.clone();
                    let action = TableAction::AddColumn { definition, if_not_exists: true };
                    self.table_action(&child, action);
                }
                self.with_table(name, |this, table| {
                    for constraint in this.add_column(table, *definition, false) {
                        this.add_constraint(table, constraint);
                    }
                });
            }
            TableAction::DropColumn { name: column, if_exists } => {
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
            TableAction::SetType { column, mut data_type, origin } => {
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
                let before = self.catalog.tables.get(name).and_then(|t| t.column(&column));
                let adds = before.is_some_and(|c| c.identity.is_none()) && identity.is_some();
                if adds {
                    self.owned_sequence(name, &column);
                } else if identity.is_none() {
                    let owned = Some((name.clone(), column.clone()));
                    self.catalog.sequences.retain(|_, sequence| sequence.owned_by != owned);
                }
                self.column_mut(name, &column, |column| column.identity = identity);
            }
            TableAction::SetGenerated { column, generated } => {
                self.column_mut(name, &column, |column| column.generated = generated);
            }
            TableAction::AddConstraint(definition) => self.alter_add_constraint(name, *definition),
            TableAction::DropConstraint { name: constraint, if_exists, .. } => {
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
                self.table_flag(name, |t| t.row_security = Switch { on, origin: Some(origin) });
            }
            TableAction::SetRowSecurityForced { on, origin } => {
                self.table_flag(name, |t| {
                    t.row_security_forced = Switch { on, origin: Some(origin) };
                });
            }
            TableAction::SetTriggerState { trigger, state, origin } => {
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
                    self.catalog.children.entry(name.clone()).or_default().remove(&child);
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
        table.partition_of = Some(Partition { parent: parent.clone(), bound });
        let child = table.name.clone();
        self.catalog.children.entry(parent.clone()).or_default().insert(child);
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

    pub(super) fn drop_column(&mut self, name: &QualifiedName, column: &str, if_exists: bool) {
        let children: Vec<_> = self.catalog.children(name).cloned().collect();
        let Some(table) = self.catalog.tables.get_mut(name) else {
            return;
        };
        let Some(at) = table.columns.iter().position(|found| found.name == column) else {
            if !if_exists {
                self.reject(format!("column \"{column}\" of relation \"{name}\" does not exist"));
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
                ConstraintKind::Exclude { elements, .. } => {
                    elements.iter().any(|element| element.split_whitespace().next() == Some(column))
                }
            };
            if names {
                gone.push(constraint.name.clone());
            }
            !names
        });
        table.indexes.retain(|index| {
            let names = index.include.iter().any(|c| c == column)
                || index.predicate.as_ref().is_some_and(|p| p.columns().contains(column))
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
        self.catalog.sequences.retain(|_, sequence| sequence.owned_by != owned);
        for table in self.catalog.tables.values_mut() {
            table.constraints.retain(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => {
                    key.references != *name || !key.referenced_columns.iter().any(|c| c == column)
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
            return self.reject(format!("column \"{to}\" of relation \"{name}\" already exists"));
        }
        let rename = |names: &mut Vec<String>| {
            names.iter_mut().filter(|name| *name == from).for_each(|name| to.clone_into(name));
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
                | ConstraintKind::Unique { columns, include, .. } => {
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
                ConstraintKind::Exclude { elements, predicate, .. } => {
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
            self.catalog.index_tables.insert(QualifiedName::new(table.schema.as_str(), to), owner);
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
                let index = self.catalog.resolve(name, |name| indexes.contains_key(name))?;
                let table = self.catalog.index_tables.get(&index)?.clone();
                let table = self.catalog.tables.get_mut(&table)?;
                let found = table.indexes.iter_mut().find(|found| found.name == index.name)?;
                Some(&mut found.comment)
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
            ObjectRef::Schema(_) | ObjectRef::Extension(_) | ObjectRef::Role(_) => None,
        }
    }
}
