//! What a revision says of itself, observed while it runs.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::code::{
    AddedColumn, AddedIndex, CreatedTable, DroppedIndex, Guard, GuardKind, RevisionFacts,
};
use schemaward_catalog::{
    Catalog, Change, Column, ColumnDefinition, Constraint, ConstraintDefinition, ConstraintKind,
    ObjectName, ObjectRef, Origin, QualifiedName, Table, TableAction, TableDefinition,
    TableElement, UserTypeKind,
};
use schemaward_sql::{Effect, Statement, builds_concurrently, emptied_tables};

/// The facts of the revision in hand, and what those of later ones need of it.
#[derive(Default)]
pub(super) struct Observed {
    pub(super) facts: RevisionFacts,
    /// How many statements may have written rows.
    pub(super) rows: usize,
    /// The guards, each with how many changes were made before it.
    guards: BTreeMap<Guard, usize>,
    /// The revision that made an index, and whether by SQL that it wrote.
    indexes: BTreeMap<QualifiedName, (String, bool)>,
    /// Columns that the revision has added and nothing has filled: with the count of `rows` when
    /// they were added.
    empty: BTreeMap<(QualifiedName, String), usize>,
    /// Tables that the revision has emptied.
    emptied: BTreeSet<QualifiedName>,
}

impl Observed {
    /// Begins with the next revision.
    pub(super) fn begin(&mut self, facts: RevisionFacts) {
        self.facts = facts;
        self.guards.clear();
        self.empty.clear();
        self.emptied.clear();
    }

    /// What is to be said of the revision, once it has made so many changes from so many on;
    /// `defines` tells whether what it did not run would change the schema.
    pub(super) fn finish(&mut self, before: usize, after: usize, defines: bool) -> RevisionFacts {
        let mut facts = std::mem::take(&mut self.facts);
        facts.changes = after > before;
        // What is asked after the last change guards none of them. Where there is no change, what the
        // answer has kept from being run counts.
        let all_kept = after == before && defines;
        let guards = std::mem::take(&mut self.guards).into_iter();
        let guards = guards.filter(|(_, changes)| *changes < after || all_kept);
        facts.guards = guards.map(|(guard, _)| guard).collect();
        facts
    }

    pub(super) fn guard(&mut self, kind: GuardKind, what: String, origin: Origin, changes: usize) {
        self.guards.entry(Guard { origin, kind, what }).or_insert(changes);
    }

    /// What a statement changes that is gone afterwards. `written` is its text.
    pub(super) fn before(
        &mut self,
        catalog: &Catalog,
        statement: &Statement,
        written: &str,
        at: Origin,
        literal: bool,
    ) {
        let changes = match &statement.effect {
            Effect::Read(changes) => changes,
            Effect::Irrelevant(_) => {
                self.rows += 1;
                self.emptied.extend(emptied(catalog, written));
                return;
            }
            Effect::Evaluate(_) | Effect::Unread(..) => {
                self.rows += 1;
                return;
            }
        };
        for change in changes {
            match change {
                Change::Drop { what, .. } => {
                    for object in what {
                        let ObjectRef::Index(name) = object else { continue };
                        self.drops_index(catalog, name, at, literal);
                    }
                }
                Change::AlterTable { name, actions, .. } => {
                    let Some(table) = catalog.table(name) else { continue };
                    for action in actions {
                        self.alters(catalog, table, action, at);
                    }
                }
                _ => {}
            }
        }
    }

    /// What an action does to the rows of a table that was there.
    fn alters(&mut self, catalog: &Catalog, table: &Table, action: &TableAction, at: Origin) {
        let name = &table.name;
        let created = self.facts.creates.iter().any(|created| created.table == *name);
        if created || self.emptied.contains(name) {
            return;
        }
        let added = |column: &str, forbidden_later| AddedColumn {
            table: name.clone(),
            column: column.to_owned(),
            forbidden_later,
            origin: at,
        };
        match action {
            TableAction::AddColumn { definition, .. } => {
                let column = &definition.column;
                if table.column(&column.name).is_some() || fills_itself(catalog, column) {
                    return;
                }
                if column.nullable && !is_key(definition) {
                    self.empty.insert((name.clone(), column.name.clone()), self.rows);
                } else {
                    self.facts.unsafe_adds.push(added(&column.name, false));
                }
            }
            TableAction::SetNullable { column, nullable: false } => {
                let key = (name.clone(), column.clone());
                if self.empty.remove(&key) == Some(self.rows) {
                    self.facts.unsafe_adds.push(added(column, true));
                }
            }
            _ => {}
        }
    }

    fn drops_index(&mut self, catalog: &Catalog, name: &ObjectName, at: Origin, literal: bool) {
        let found = catalog.tables.values().find_map(|table| {
            let same_schema = name.schema.as_ref().is_none_or(|it| *it == table.name.schema);
            let index = table.indexes.iter().find(|index| index.name == name.name)?;
            same_schema.then_some((table, index))
        });
        let Some((table, index)) = found else { return };
        let key = QualifiedName::new(table.name.schema.as_str(), index.name.as_str());
        let made = self.indexes.get(&key);
        self.facts.drops_indexes.push(DroppedIndex {
            table: table.name.clone(),
            index: index.clone(),
            created_by: made.map(|(revision, _)| revision.clone()),
            created_literally: made.is_some_and(|(_, literal)| *literal),
            dropped_literally: literal,
            origin: at,
        });
    }

    /// What a statement has made. `written` is its text.
    pub(super) fn after(
        &mut self,
        catalog: &Catalog,
        statement: &Statement,
        written: &str,
        at: Origin,
        literal: bool,
    ) {
        match &statement.effect {
            Effect::Read(changes) => {
                for change in changes {
                    self.made(catalog, change, written, at, literal);
                }
            }
            Effect::Evaluate(_) => self.evaluated(catalog, at, literal),
            Effect::Irrelevant(_) | Effect::Unread(..) => {}
        }
    }

    fn made(
        &mut self,
        catalog: &Catalog,
        change: &Change,
        written: &str,
        at: Origin,
        literal: bool,
    ) {
        match change {
            Change::CreateTable(definition) => {
                let Some(table) = made_here(catalog, definition, at) else { return };
                let table = table.name.clone();
                self.facts.creates.push(CreatedTable { table, literal, origin: at });
                for element in &definition.elements {
                    match element {
                        TableElement::Column(column) => self.names(&column.constraints),
                        TableElement::Constraint(constraint) => {
                            self.names(std::slice::from_ref(constraint));
                        }
                        TableElement::Like { .. } => {}
                    }
                }
            }
            Change::CreateTableAs { table, .. } => {
                if let Some(table) = made_here(catalog, table, at) {
                    let table = table.name.clone();
                    self.facts.creates.push(CreatedTable { table, literal, origin: at });
                }
            }
            Change::AlterTable { actions, .. } => {
                for action in actions {
                    match action {
                        TableAction::AddColumn { definition, .. } => {
                            self.names(&definition.constraints);
                        }
                        TableAction::AddConstraint(constraint) => {
                            self.names(std::slice::from_ref(constraint));
                        }
                        _ => {}
                    }
                }
            }
            Change::CreateIndex { table, index, .. } => {
                let Some(table) = catalog.table(table) else { return };
                let key = QualifiedName::new(table.name.schema.as_str(), index.name.as_str());
                self.indexes.insert(key, (self.facts.id.clone(), literal));
                if !self.facts.creates.iter().any(|created| created.table == table.name) {
                    self.facts.adds_indexes.push(AddedIndex {
                        name: index.name.clone(),
                        table: table.name.clone(),
                        concurrently: builds_concurrently(written),
                        origin: at,
                    });
                }
            }
            _ => {}
        }
    }

    /// What a `DO` block has made: what has its place in the text.
    fn evaluated(&mut self, catalog: &Catalog, at: Origin, literal: bool) {
        for table in catalog.tables.values() {
            if table.origin.source == at.source {
                let (table, origin) = (table.name.clone(), table.origin);
                self.facts.creates.push(CreatedTable { table, literal, origin });
            }
            for index in table.indexes.iter().filter(|index| index.origin.source == at.source) {
                let key = QualifiedName::new(table.name.schema.as_str(), index.name.as_str());
                self.indexes.insert(key, (self.facts.id.clone(), literal));
            }
        }
    }

    /// Counts which constraints have names. A primary key is found without one.
    fn names(&mut self, constraints: &[ConstraintDefinition]) {
        for ConstraintDefinition { constraint, .. } in constraints {
            let Constraint { name, kind, origin, .. } = constraint;
            match (kind, name.is_empty()) {
                (ConstraintKind::PrimaryKey { .. }, _) => {}
                (_, true) => self.facts.unnamed_constraints.push(*origin),
                (_, false) => self.facts.named_constraints += 1,
            }
        }
    }
}

/// The table that a statement has made; one that was there already stays as it was.
fn made_here<'a>(
    catalog: &'a Catalog,
    definition: &TableDefinition,
    at: Origin,
) -> Option<&'a Table> {
    catalog.table(&definition.name).filter(|made| made.origin.source == at.source)
}

/// Whether the rows that are there get a value of their own.
fn fills_itself(catalog: &Catalog, column: &Column) -> bool {
    let by_type = catalog
        .user_type(&column.data_type)
        .is_some_and(|found| matches!(&found.kind, UserTypeKind::Domain { default: Some(_), .. }));
    column.default.is_some()
        || column.identity.is_some()
        || column.generated.is_some()
        || column.data_type.serial_base().is_some()
        || by_type
}

fn is_key(definition: &ColumnDefinition) -> bool {
    definition
        .constraints
        .iter()
        .any(|it| matches!(it.constraint.kind, ConstraintKind::PrimaryKey { .. }))
}

/// The tables that a statement leaves without a row. Where it spares those that inherit from one, that
/// one still has their rows.
fn emptied(catalog: &Catalog, written: &str) -> Vec<QualifiedName> {
    let tables = emptied_tables(written).into_iter().filter_map(|emptied| {
        let name = &catalog.table(&emptied.table)?.name;
        let inherits = |table: &Table| {
            let partition_of = table.partition_of.iter().map(|partition| &partition.parent);
            table.inherits.iter().chain(partition_of).any(|parent| parent == name)
        };
        let spared = emptied.only && catalog.tables.values().any(inherits);
        (!spared).then(|| name.clone())
    });
    tables.collect()
}
