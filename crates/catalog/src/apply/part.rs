//! What partitions have of the indexes and constraints of their parents.

use super::Applying;
use super::not_null::has_constraint;
use crate::ddl::index_key;
use crate::object::{Constraint, ConstraintKind, ForeignKey, Index, IndexKey, Table};
use crate::{ConstraintDefinition, ObjectName, QualifiedName, naming};

/// What makes one index serve as the part of another (`CompareIndexInfo`): neither its name nor the order
/// that it keeps.
#[derive(PartialEq)]
struct Shape {
    unique: bool,
    nulls_not_distinct: bool,
    method: String,
    keys: Vec<String>,
    include: Vec<String>,
    predicate: Option<String>,
}

impl Shape {
    fn of_index(index: &Index) -> Self {
        let keys = index.keys.iter().map(|key| {
            index_key(&IndexKey { descending: false, nulls_first: None, ..key.clone() })
        });
        Self {
            unique: index.unique,
            nulls_not_distinct: index.nulls_not_distinct,
            method: index.method.clone(),
            keys: keys.collect(),
            include: index.include.clone(),
            predicate: index.predicate.as_ref().map(|found| found.text.clone()),
        }
    }

    /// That of a key's index; those of exclusion constraints are never compared.
    fn of_key(constraint: &Constraint) -> Option<Self> {
        let (columns, include, nulls_not_distinct) = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, include } => (columns, include, false),
            ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
                (columns, include, *nulls_not_distinct)
            }
            _ => return None,
        };
        Some(Self {
            unique: true,
            nulls_not_distinct,
            method: "btree".to_owned(),
            keys: columns.iter().map(|name| crate::quote_identifier(name)).collect(),
            include: include.clone(),
            predicate: None,
        })
        .filter(|_| !constraint.temporal)
    }
}

/// Makes the oldest index of a partition that is like this one of its parent, and no part yet, a part of
/// it; whether there was one.
fn take_index(table: &mut Table, index: &Index) -> bool {
    let shape = Shape::of_index(index);
    let own = table.indexes.iter_mut().map(|own| {
        let like = own.part_of.is_none() && Shape::of_index(own) == shape;
        (own.serial, like, &mut own.part_of)
    });
    let keys = table.constraints.iter_mut().map(|own| {
        let like = own.part_of.is_none() && Shape::of_key(own).as_ref() == Some(&shape);
        (own.index_serial, like, &mut own.part_of)
    });
    let like = own.chain(keys).filter(|(_, like, _)| *like);
    let Some((_, _, part_of)) = like.min_by_key(|(serial, ..)| *serial) else { return false };
    *part_of = Some(index.name.clone());
    true
}

/// The same for a constraint of the parent. A key of a partition becomes a part of its parent's key of
/// any kind when that is made, but only of its own kind when the partition is attached.
fn take_constraint(table: &mut Table, of: &Constraint, same_kind: bool) -> bool {
    let shape = Shape::of_key(of);
    let like = |own: &&mut Constraint| {
        own.part_of.is_none()
            && match (&own.kind, &of.kind) {
                (ConstraintKind::ForeignKey(one), ConstraintKind::ForeignKey(other)) => {
                    own.deferrable == of.deferrable
                        && own.initially_deferred == of.initially_deferred
                        && same_reference(one, other)
                }
                (one, other) => {
                    shape.is_some()
                        && Shape::of_key(own) == shape
                        && (!same_kind
                            || std::mem::discriminant(one) == std::mem::discriminant(other))
                }
            }
    };
    let own = table.constraints.iter_mut().filter(like);
    let Some(own) = own.min_by_key(|own| own.index_serial) else { return false };
    own.part_of = Some(of.name.clone());
    // What it had for each partition of the table that it refers to, its parent's has now.
    own.made_as = None;
    true
}

fn same_reference(one: &ForeignKey, other: &ForeignKey) -> bool {
    one.columns == other.columns
        && one.references == other.references
        && one.referenced_columns == other.referenced_columns
        && one.on_delete == other.on_delete
        && one.on_update == other.on_update
        && one.match_full == other.match_full
}

/// A partition is a table of its own again, with all that it has but its parent's identities.
pub(super) fn detach_parts(table: &mut Table) {
    table.triggers.retain(|trigger| !trigger.of_parent);
    for column in &mut table.columns {
        column.identity = None;
    }
    for index in &mut table.indexes {
        index.part_of = None;
    }
    for constraint in &mut table.constraints {
        constraint.part_of = None;
    }
}

impl Applying<'_> {
    /// Partitions get an index of their own for each of their parent's, where they have no like.
    pub(super) fn index_partitions(&mut self, parent: &QualifiedName, index: &Index) {
        for child in self.partitions_of(parent) {
            self.index_partition(&child, index);
        }
    }

    fn index_partition(&mut self, child: &QualifiedName, index: &Index) {
        let mut made = None;
        self.with_table(child, |this, table| {
            if !take_index(table, index) {
                this.add_part(table, index);
                made = table.indexes.last().cloned();
            }
        });
        if let Some(made) = made {
            self.index_partitions(child, &made);
        }
    }

    /// A partition gets an index of its own as a part of its parent's.
    pub(super) fn add_part(&mut self, table: &mut Table, index: &Index) {
        let name = self.index_name(&table.name, index);
        let qualified = QualifiedName::new(table.name.schema.as_str(), name.as_str());
        self.catalog.index_tables.insert(qualified, table.name.clone());
        let part_of = Some(index.name.clone());
        let serial = self.catalog.next_index();
        let (comment, only) = (None, false);
        self.catalog.mentions.note_index(&table.name, index);
        table.indexes.push(Index { name, only, part_of, serial, comment, ..index.clone() });
    }

    /// Children get a constraint of their parent: partitions each, other children the checks only.
    pub(super) fn constrain_children(&mut self, parent: &QualifiedName, added: &Constraint) {
        let check = matches!(added.kind, ConstraintKind::Check { .. });
        for child in self.children_of(parent) {
            let found = self.catalog.tables.get(&child);
            let partition = found.is_some_and(|table| table.partition_of.is_some());
            if added.no_inherit || (!check && !partition) {
                continue;
            }
            let own = |table: &Table| table.constraints.iter().any(|own| own.name == added.name);
            if check && found.is_some_and(own) {
                continue;
            }
            self.constrain_child(&child, added, false);
        }
    }

    fn constrain_child(&mut self, child: &QualifiedName, added: &Constraint, same_kind: bool) {
        let check = matches!(added.kind, ConstraintKind::Check { .. });
        let Some(table) = self.catalog.tables.get_mut(child) else { return };
        if !check && take_constraint(table, added, same_kind) {
            return;
        }
        let key = !check && !matches!(added.kind, ConstraintKind::ForeignKey(_));
        let mut constraint = added.clone();
        constraint.comment = None;
        constraint.index_comment = None;
        // A partition's key is named after the partition.
        if key {
            constraint.name.clear();
            constraint.named = false;
        } else if !check && has_constraint(table, &added.name) {
            constraint.name = self.part_name(child, &added.name);
        }
        constraint.part_of = (!check).then(|| added.name.clone());
        let definition = ConstraintDefinition { constraint, references: None, using_index: None };
        self.alter_add_constraint(child, definition);
    }

    /// The name of a partition's foreign key where that of its parent's is taken.
    pub(super) fn part_name(&self, partition: &QualifiedName, name: &str) -> String {
        naming::numbered_after(name, |name| self.catalog.constraint_exists(&partition.schema, name))
    }

    /// A table that becomes a partition gets what its parent has and it has no like of.
    pub(super) fn attach_parts(&mut self, parent: &QualifiedName, child: &QualifiedName) {
        let Some(of) = self.catalog.tables.get(parent) else { return };
        let identities = of.columns.iter().map(|column| (column.name.clone(), column.identity));
        let identities: Vec<_> = identities.filter(|(_, identity)| identity.is_some()).collect();
        let (indexes, constraints) = (of.indexes.clone(), of.constraints.clone());
        // `ALTER TABLE ONLY` is said of the parent.
        let only = std::mem::replace(&mut self.only, false);
        let (mut keys, references): (Vec<_>, Vec<_>) = constraints
            .iter()
            .filter(|found| !matches!(found.kind, ConstraintKind::Check { .. }))
            .partition(|found| found.index_serial > 0);
        // The oldest first, as the server has them.
        keys.sort_by_key(|key| key.index_serial);
        let mut indexes: Vec<&Index> = indexes.iter().collect();
        indexes.sort_by_key(|index| index.serial);
        let mut indexes = indexes.into_iter().peekable();
        for key in keys {
            while let Some(index) = indexes.next_if(|index| index.serial < key.index_serial) {
                self.index_partition(child, index);
            }
            self.constrain_child(child, key, true);
        }
        for index in indexes {
            self.index_partition(child, index);
        }
        for key in references {
            self.constrain_child(child, key, true);
        }
        self.only = only;
        for (column, identity) in identities {
            self.set_identity(child, &column, identity);
        }
    }

    /// `ALTER INDEX … ATTACH PARTITION`.
    pub(super) fn attach_index(&mut self, parent: &ObjectName, part: &ObjectName) {
        let indexes = &self.catalog.index_tables;
        let find = |name: &ObjectName| {
            let name = self.catalog.resolve(name, |name| indexes.contains_key(name))?;
            let table = indexes.get(&name)?.clone();
            Some((name.name, table))
        };
        let Some((parent, _)) = find(parent) else {
            return self.reject(format!("relation \"{parent}\" does not exist"));
        };
        let Some((part, table)) = find(part) else {
            return self.reject(format!("relation \"{part}\" does not exist"));
        };
        let Some(table) = self.catalog.tables.get_mut(&table) else { return };
        let own = table.indexes.iter_mut().filter(|index| index.name == part);
        let keys = table.constraints.iter_mut();
        let keys = keys.filter(|found| found.index_serial > 0 && found.name == part);
        let mut found = own.map(|index| &mut index.part_of).chain(keys.map(|key| &mut key.part_of));
        if let Some(part_of) = found.next() {
            *part_of = Some(parent);
        }
    }

    /// An index is gone, and with it those of partitions that were its parts.
    pub(super) fn index_dropped(&mut self, parent: &QualifiedName, index: &Index) {
        let children: Vec<_> = self.catalog.children(parent).cloned().collect();
        for child in children {
            let Some(table) = self.catalog.tables.get_mut(&child) else { continue };
            let of = Some(&index.name);
            let at = table.indexes.iter().position(|own| own.part_of.as_ref() == of);
            let gone = at.map(|at| table.indexes.remove(at));
            let at = table.constraints.iter().position(|own| own.part_of.as_ref() == of);
            let key = at.map(|at| table.constraints.remove(at));
            if let Some(gone) = gone {
                let name = QualifiedName::new(child.schema.as_str(), gone.name.as_str());
                self.catalog.index_tables.remove(&name);
                self.index_dropped(&child, &gone);
            }
            if let Some(key) = key {
                let name = QualifiedName::new(child.schema.as_str(), key.name.as_str());
                self.catalog.index_tables.remove(&name);
                self.constraint_dropped(&child, &key);
            }
        }
    }

    /// Whether an index has keys of partitions as its parts.
    pub(super) fn has_keys_as_parts(&self, parent: &QualifiedName, index: &str) -> bool {
        let partitions =
            self.catalog.children(parent).filter_map(|name| self.catalog.tables.get(name));
        let mut keys = partitions.flat_map(|table| &table.constraints);
        keys.any(|key| key.part_of.as_deref() == Some(index))
    }

    /// An index or a constraint has another name; its parts know it by that.
    pub(super) fn parts_renamed(&mut self, parent: &QualifiedName, from: &str, to: &str) {
        let children: Vec<_> = self.catalog.children(parent).cloned().collect();
        for child in children {
            let Some(table) = self.catalog.tables.get_mut(&child) else { continue };
            let indexes = table.indexes.iter_mut().map(|index| &mut index.part_of);
            let keys = table.constraints.iter_mut().map(|key| &mut key.part_of);
            for part_of in indexes.chain(keys).filter(|found| found.as_deref() == Some(from)) {
                *part_of = Some(to.to_owned());
            }
        }
    }
}
