//! Columns that go or get another name, and what names them.

use super::Applying;
use super::follow::{names_column, rename_in_text};
use crate::object::{
    Constraint, ConstraintKind, Expression, Index, IndexKeyKind, ReferentialAction, TableKind,
};
use crate::{QualifiedName, naming};

impl Applying<'_> {
    pub(super) fn drop_column(&mut self, name: &QualifiedName, column: &str, if_exists: bool) {
        let children = self.children_of(name);
        let Some(table) = self.catalog.tables.get_mut(name) else {
            return;
        };
        let Some(at) = table.columns.iter().position(|found| found.name == column) else {
            if !if_exists {
                self.reject(format!("column \"{column}\" of relation \"{name}\" does not exist"));
            }
            return;
        };
        // Without its key a partitioned table cannot be.
        if let TableKind::Partitioned { key } = &table.kind
            && names_column(key, column)
        {
            return self.drop_table(name, true);
        }
        table.columns.remove(at);
        let mut gone = Vec::new();
        let mut serials = Vec::new();
        table.constraints.retain(|constraint| {
            let names = constraint.names_column(column);
            if names {
                gone.push(constraint.name.clone());
                serials.push(constraint.index_serial);
            }
            !names
        });
        table.indexes.retain(|index| {
            let names = index.names_column(column);
            if names {
                gone.push(index.name.clone());
                serials.push(index.serial);
            }
            !names
        });
        for grant in &mut table.grants {
            grant.privileges.retain_mut(|(_, columns)| {
                let before = columns.len();
                columns.retain(|other| other != column);
                before == 0 || !columns.is_empty()
            });
        }
        table.grants.retain(|grant| !grant.privileges.is_empty());
        // Without CASCADE the server would have refused, so what names the column goes with it.
        table.triggers.retain(|trigger| {
            let when = trigger.when.as_ref().is_some_and(|when| when.columns().contains(column));
            !when && !trigger.update_of.iter().any(|c| c == column)
        });
        let named = |expression: &Option<Expression>| {
            expression.as_ref().is_some_and(|e| e.names_own_column(&name.name, column))
        };
        table.policies.retain(|policy| !named(&policy.using) && !named(&policy.check));
        let generated: Vec<String> = table
            .columns
            .iter()
            .filter(|other| {
                let from = other.generated.as_ref().map(|made| made.expression.columns());
                from.is_some_and(|columns| columns.contains(column))
            })
            .map(|other| other.name.clone())
            .collect();
        for index in gone {
            let index = QualifiedName::new(name.schema.as_str(), index);
            self.catalog.index_tables.remove(&index);
        }
        // A key may depend on an index that only includes the column.
        for serial in serials.into_iter().filter(|serial| *serial > 0) {
            self.drop_keys_on_index(name, serial);
        }
        for other in generated {
            self.drop_column(name, &other, true);
        }
        self.drop_views_of_column(name, column);
        let owned = Some((name.clone(), column.to_owned()));
        for sequence in self.catalog.mentions.sequences(name) {
            if self.catalog.sequences.get(&sequence).is_some_and(|found| found.owned_by == owned) {
                self.drop_sequence(&sequence);
            }
        }
        for table in self.catalog.mentions.tables(&name.name) {
            let Some(table) = self.catalog.tables.get_mut(&table) else { continue };
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

    pub(super) fn rename_column(&mut self, name: &QualifiedName, from: &str, to: &str) {
        let children = self.children_of(name);
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
            let before = naming::columns_of_key(constraint);
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
                        *element = rename_in_text(element, from, to).0;
                    }
                    if let Some(predicate) = predicate {
                        predicate.rename_column(own, from, to);
                    }
                }
            }
            // The columns of an index keep their names.
            if constraint.index_columns.is_empty() && naming::columns_of_key(constraint) != before {
                constraint.index_columns = before;
            }
        }
        for (_, columns) in table.grants.iter_mut().flat_map(|grant| &mut grant.privileges) {
            rename(columns);
        }
        if let TableKind::Partitioned { key } = &mut table.kind {
            *key = rename_in_text(key, from, to).0;
        }
        for index in &mut table.indexes {
            let before = naming::columns_of_index(index);
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
            if index.own_columns.is_empty() && naming::columns_of_index(index) != before {
                index.own_columns = before;
            }
        }
        for policy in &mut table.policies {
            for expression in policy.using.iter_mut().chain(&mut policy.check) {
                expression.rename_column(own, from, to);
            }
        }
        for trigger in &mut table.triggers {
            rename(&mut trigger.update_of);
            if let Some(when) = &mut trigger.when {
                when.rename_column("old", from, to);
                when.rename_column("new", from, to);
            }
        }
        for other in self.catalog.mentions.tables(&name.name) {
            let Some(other) = self.catalog.tables.get_mut(&other) else { continue };
            for constraint in &mut other.constraints {
                if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
                    && key.references == *name
                {
                    rename(&mut key.referenced_columns);
                }
            }
        }
        let published = self.catalog.publications.values_mut().flat_map(|found| &mut found.tables);
        for found in published.filter(|found| found.table == *name) {
            rename(&mut found.columns);
            if let Some(filter) = &mut found.filter {
                filter.rename_column(own, from, to);
            }
        }
        for sequence in self.catalog.mentions.sequences(name) {
            let Some(sequence) = self.catalog.sequences.get_mut(&sequence) else { continue };
            if let Some((table, column)) = &mut sequence.owned_by
                && table == name
                && column == from
            {
                to.clone_into(column);
            }
        }
        self.column_renamed(name, from, to);
        for child in children {
            self.rename_column(&child, from, to);
        }
    }
}

impl Constraint {
    /// Whether it is about a column of its own table.
    pub(super) fn names_column(&self, column: &str) -> bool {
        match &self.kind {
            ConstraintKind::PrimaryKey { columns, include }
            | ConstraintKind::Unique { columns, include, .. } => {
                columns.iter().chain(include).any(|c| c == column)
            }
            ConstraintKind::ForeignKey(key) => key.columns.iter().any(|c| c == column),
            ConstraintKind::Check { expression } => expression.columns().contains(column),
            ConstraintKind::Exclude { elements, predicate, .. } => {
                elements.iter().any(|element| names_column(element, column))
                    || predicate.as_ref().is_some_and(|p| p.columns().contains(column))
            }
        }
    }
}

impl Index {
    /// Whether it is about a column of its table.
    pub(super) fn names_column(&self, column: &str) -> bool {
        self.include.iter().any(|c| c == column)
            || self.predicate.as_ref().is_some_and(|p| p.columns().contains(column))
            || self.keys.iter().any(|key| match &key.key {
                IndexKeyKind::Column(name) => name == column,
                IndexKeyKind::Expression(expression) => expression.columns().contains(column),
            })
    }
}
