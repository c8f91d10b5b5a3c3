//! NOT NULL as the constraint that it is since PostgreSQL 18: with a name, which inheriting tables
//! and partitions share, and which is gone when the column accepts NULL again.

use super::Applying;
use super::constraint::not_null_column;
use crate::change::ConstraintDefinition;
use crate::object::{NotNull, Remark, Table};
use crate::{QualifiedName, naming};

impl Applying<'_> {
    /// Gives the server's name to every NOT NULL of a table that has none yet, and forgets those
    /// of columns that accept NULL.
    pub(super) fn name_not_nulls(&mut self, table: &mut Table) {
        for at in 0..table.columns.len() {
            let Some(column) = table.columns.get_mut(at) else { return };
            if column.nullable {
                column.not_null = None;
                continue;
            }
            if column.not_null.as_ref().is_some_and(|found| !found.name.is_empty()) {
                continue;
            }
            let name = column.name.clone();
            let taken = |name: &str| {
                has_constraint(table, name)
                    || self.catalog.constraint_exists(&table.name.schema, name)
            };
            let name = naming::choose(&table.name.name, &name, "not_null", taken);
            if let Some(column) = table.columns.get_mut(at) {
                self.catalog.constraint_named(&table.name, &name);
                column.not_null.get_or_insert_with(NotNull::own).name = name;
            }
        }
    }

    /// `SET NOT NULL` and `DROP NOT NULL`, and the same by adding or dropping a constraint.
    pub(super) fn set_nullable(
        &mut self,
        name: &QualifiedName,
        column: &str,
        constraint: Option<NotNull>,
    ) {
        let table = self.catalog.tables.get(name);
        let Some(found) = table.and_then(|table| table.column(column)) else {
            return self
                .reject(format!("column \"{column}\" of relation \"{name}\" does not exist"));
        };
        let keyed = table
            .and_then(Table::primary_key)
            .is_some_and(|(_, columns)| columns.iter().any(|key| key == column));
        let before = found.not_null.clone();
        match (constraint, before) {
            (Some(constraint), Some(before)) => {
                if !constraint.name.is_empty() && constraint.name != before.name {
                    return self.reject(format!(
                        "cannot create not-null constraint \"{}\" on column \"{column}\" of table \"{name}\"",
                        constraint.name
                    ));
                }
                self.change_not_null(name, column, |not_null| {
                    not_null.not_valid &= constraint.not_valid;
                    not_null.local = true;
                });
            }
            (Some(constraint), None) => {
                let taken = table.is_some_and(|table| has_constraint(table, &constraint.name));
                if taken {
                    return self.reject(format!(
                        "constraint \"{}\" for relation \"{name}\" already exists",
                        constraint.name
                    ));
                }
                self.require(name, column, constraint);
            }
            (None, Some(_)) if keyed => {
                self.reject(format!("column \"{column}\" is in a primary key"));
            }
            (None, Some(before)) => {
                if self.parent_requires(name, column, None) {
                    return self.reject(format!(
                        "cannot drop inherited constraint \"{}\" of relation \"{name}\"",
                        before.name
                    ));
                }
                self.release(name, column);
                if !before.no_inherit {
                    self.release_children(name, column);
                }
            }
            (None, None) => {}
        }
    }

    /// A column that accepted NULL no longer does, with its children.
    pub(super) fn require(&mut self, name: &QualifiedName, column: &str, constraint: NotNull) {
        let inherit = !constraint.no_inherit;
        self.with_table(name, |this, table| {
            let found = table.columns.iter_mut().find(|found| found.name == column);
            if let Some(found) = found.filter(|found| found.nullable) {
                if !constraint.name.is_empty() {
                    this.catalog.constraint_named(name, &constraint.name);
                }
                found.nullable = false;
                found.not_null = Some(constraint);
            }
            this.name_not_nulls(table);
        });
        let table = self.catalog.tables.get(name);
        let made = table.and_then(|table| table.column(column)?.not_null.clone());
        let Some(made) = made.filter(|_| inherit) else { return };
        for child in self.children_of(name) {
            self.require(&child, column, made.inherited());
        }
    }

    /// `ALTER CONSTRAINT … [NO] INHERIT`: children get it; one that is not passed on stays with those that
    /// have it, as theirs.
    pub(super) fn pass_on_not_null(&mut self, name: &QualifiedName, column: &str, inherit: bool) {
        self.change_not_null(name, column, |found| found.no_inherit = !inherit);
        let table = self.catalog.tables.get(name);
        let Some(found) = table.and_then(|table| table.column(column)?.not_null.clone()) else {
            return;
        };
        for child in self.children_of(name) {
            if inherit {
                self.require(&child, column, found.inherited());
            } else {
                self.change_not_null(&child, column, |found| found.local = true);
            }
        }
    }

    fn release(&mut self, name: &QualifiedName, column: &str) {
        let table = self.catalog.tables.get_mut(name);
        let columns = table.into_iter().flat_map(|table| &mut table.columns);
        for column in columns.filter(|found| found.name == column) {
            column.nullable = true;
            column.not_null = None;
        }
    }

    /// Children lose a NOT NULL that was only their parent's.
    fn release_children(&mut self, name: &QualifiedName, column: &str) {
        for child in self.children_of(name) {
            let found = self.catalog.tables.get(&child).and_then(|table| table.column(column));
            let own = found.and_then(|column| column.not_null.as_ref()).is_some_and(|n| n.local);
            if !own && !self.parent_requires(&child, column, Some(name)) {
                self.release(&child, column);
                self.release_children(&child, column);
            }
        }
    }

    /// Whether a parent other than `but` makes a column NOT NULL.
    fn parent_requires(
        &self,
        name: &QualifiedName,
        column: &str,
        but: Option<&QualifiedName>,
    ) -> bool {
        let Some(table) = self.catalog.tables.get(name) else { return false };
        let partition = table.partition_of.as_ref().map(|partition| &partition.parent);
        table.inherits.iter().chain(partition).any(|parent| {
            Some(parent) != but
                && self
                    .catalog
                    .tables
                    .get(parent)
                    .and_then(|parent| parent.column(column)?.not_null.as_ref())
                    .is_some_and(|found| !found.no_inherit)
        })
    }

    /// Changes the NOT NULL of a column, where it has one.
    pub(super) fn change_not_null(
        &mut self,
        name: &QualifiedName,
        column: &str,
        change: impl FnOnce(&mut NotNull),
    ) {
        let table = self.catalog.tables.get_mut(name);
        let found = table
            .into_iter()
            .flat_map(|table| &mut table.columns)
            .find(|found| found.name == column)
            .and_then(|column| column.not_null.as_mut());
        if let Some(found) = found {
            change(found);
        }
    }

    /// The column whose NOT NULL has this name.
    pub(super) fn not_null_named(&self, name: &QualifiedName, constraint: &str) -> Option<String> {
        let table = self.catalog.tables.get(name)?;
        let named = |not_null: &NotNull| not_null.name == constraint;
        let mut columns = table.columns.iter();
        columns
            .find(|column| column.not_null.as_ref().is_some_and(named))
            .map(|column| column.name.clone())
    }

    /// What a table has from a parent it leaves becomes its own.
    pub(super) fn keep_not_nulls(&mut self, name: &QualifiedName) {
        let table = self.catalog.tables.get_mut(name);
        let columns = table.into_iter().flat_map(|table| &mut table.columns);
        for not_null in columns.filter_map(|column| column.not_null.as_mut()) {
            not_null.local = true;
        }
    }

    /// A partition's NOT NULLs are its parent's, but keep their names.
    pub(super) fn hand_over_not_nulls(&mut self, name: &QualifiedName) {
        let table = self.catalog.tables.get_mut(name);
        let columns = table.into_iter().flat_map(|table| &mut table.columns);
        for not_null in columns.filter_map(|column| column.not_null.as_mut()) {
            not_null.local = false;
            not_null.named = true;
        }
    }
}

/// The NOT NULL that a definition of a table's constraint stands for, with its column.
pub(super) fn not_null_of(definition: &ConstraintDefinition) -> Option<(String, NotNull)> {
    let column = not_null_column(definition)?;
    let written = &definition.constraint;
    let not_null = NotNull {
        name: written.name.clone(),
        named: written.named,
        no_inherit: written.no_inherit,
        not_valid: written.not_valid,
        ..NotNull::own()
    };
    Some((column, not_null))
}

/// Whether a constraint of a table, NOT NULL or other, has this name.
pub(crate) fn has_constraint(table: &Table, name: &str) -> bool {
    table.constraints.iter().any(|found| found.name == name)
        || table
            .columns
            .iter()
            .any(|column| column.not_null.as_ref().is_some_and(|found| found.name == name))
}

/// Where the comment on a constraint is kept.
pub(super) fn comment_of_constraint<'a>(
    table: &'a mut Table,
    name: &str,
) -> Option<&'a mut Option<Remark>> {
    let own = table.constraints.iter_mut().find(|found| found.name == name);
    own.map(|constraint| &mut constraint.comment).or_else(|| {
        let mut not_nulls = table.columns.iter_mut().filter_map(|found| found.not_null.as_mut());
        not_nulls.find(|found| found.name == name).map(|found| &mut found.comment)
    })
}
