//! Constraints that a table gets or loses later, with its children and with the keys that need them.

use std::collections::BTreeSet;

use super::Applying;
use super::not_null::not_null_of;
use crate::object::{Constraint, ConstraintKind, ForeignKey};
use crate::{ConstraintDefinition, QualifiedName};

impl Applying<'_> {
    pub(super) fn alter_add_constraint(
        &mut self,
        name: &QualifiedName,
        definition: ConstraintDefinition,
    ) {
        if let Some((column, not_null)) = not_null_of(&definition) {
            return self.set_nullable(name, &column, Some(not_null));
        }
        let mut added = None;
        let mut demanded = Vec::new();
        self.with_table(name, |this, table| {
            let before = table.constraints.len();
            let nullable = table.columns.iter().filter(|column| column.nullable);
            let nullable: BTreeSet<_> = nullable.map(|column| column.name.clone()).collect();
            this.add_constraint(table, definition);
            this.name_not_nulls(table);
            added = table.constraints.get(before).cloned();
            let now = table.columns.iter().filter(|column| nullable.contains(&column.name));
            demanded.extend(now.filter_map(|c| Some((c.name.clone(), c.not_null.clone()?))));
        });
        // What a primary key demands of its columns holds for the children, under the same name.
        for (column, not_null) in demanded {
            for child in self.children_of(name) {
                self.require(&child, &column, not_null.inherited());
            }
        }
        if let Some(added) = added {
            self.constrain_children(name, &added);
        }
    }

    /// A constraint is gone: children lose what they had from it, and foreign keys that needed it
    /// go too.
    pub(super) fn constraint_dropped(&mut self, name: &QualifiedName, gone: &Constraint) {
        let children = if gone.index_serial > 0 {
            // A partition's index is a part of its parent's and goes with it, under `ONLY`, too.
            self.catalog.children(name).cloned().collect()
        } else {
            self.children_of(name)
        };
        for child in children {
            let Some(table) = self.catalog.tables.get_mut(&child) else { continue };
            let check = matches!(gone.kind, ConstraintKind::Check { .. });
            let same = |found: &Constraint| match &found.kind {
                ConstraintKind::Check { .. } => {
                    check && found.name == gone.name && !gone.no_inherit
                }
                _ => found.part_of.as_ref() == Some(&gone.name),
            };
            if let Some(at) = table.constraints.iter().position(same) {
                let gone = table.constraints.remove(at);
                let index = QualifiedName::new(child.schema.as_str(), gone.name.as_str());
                self.catalog.index_tables.remove(&index);
                self.constraint_dropped(&child, &gone);
            }
        }
        if gone.index_serial > 0 {
            self.drop_keys_on_index(name, gone.index_serial);
        }
    }

    /// Whether foreign keys depend on an index of this table.
    pub(super) fn index_is_needed(&self, table: &QualifiedName, serial: u64) -> bool {
        let tables = self.catalog.mentions.tables(&table.name);
        let mut found = tables.iter().filter_map(|name| self.catalog.tables.get(name));
        found.any(|found| found.foreign_keys().any(|(_, key)| needs(key, table, serial)))
    }

    /// The foreign keys that depend on an index of this table go with it.
    pub(super) fn drop_keys_on_index(&mut self, table: &QualifiedName, serial: u64) {
        for name in self.catalog.mentions.tables(&table.name) {
            let Some(found) = self.catalog.tables.get_mut(&name) else { continue };
            found.constraints.retain(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => !needs(key, table, serial),
                _ => true,
            });
        }
    }
}

fn needs(key: &ForeignKey, table: &QualifiedName, serial: u64) -> bool {
    key.references == *table && key.index == Some(serial)
}

/// The column of a `NOT NULL` written as a constraint of the table, since PostgreSQL 18; the
/// catalog keeps it on the column.
pub(super) fn not_null_column(definition: &ConstraintDefinition) -> Option<String> {
    if let ConstraintKind::Check { expression } = &definition.constraint.kind
        && let Some(sqlparser::ast::Expr::IsNotNull(inner)) = expression.ast.as_deref()
        && let sqlparser::ast::Expr::Identifier(column) = inner.as_ref()
        && expression.text.ends_with("IS NOT NULL")
        // A check's condition stands behind the word and its parenthesis.
        && expression.origin.span.start == definition.constraint.origin.span.start
    {
        Some(crate::fold(column))
    } else {
        None
    }
}
