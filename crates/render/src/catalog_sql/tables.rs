//! Tables with their keys and indexes, in an order and under names that make what partitions and
//! children have the same again.

use std::collections::BTreeMap;
use std::mem::discriminant;

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Catalog, Column, Constraint, ConstraintKind, Identity, Index, QualifiedName, Table, TableKind,
    quote_identifier,
};

use super::Script;

/// Tables, parents first, then what refers to several of them.
pub(super) fn tables(out: &mut Script, catalog: &Catalog) {
    let mut open: Vec<&Table> = catalog.tables.values().collect();
    let mut parents_first = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let ready = |table: &&Table| {
            let parents = table.partition_of.iter().map(|partition| &partition.parent);
            parents
                .chain(&table.inherits)
                .all(|parent| !open.iter().any(|other| other.name == *parent))
        };
        let at = open.iter().position(ready).unwrap_or(0);
        let table = open.remove(at);
        parents_first.push(table);
        // Identities are added later: their sequences have names and options of their own.
        let mut table = table.clone();
        for column in &mut table.columns {
            column.identity = None;
            if let Some(not_null) = &mut column.not_null
                && (not_null.local || table.partition_of.is_none())
            {
                // The server would avoid a name that another table has already.
                not_null.named |= catalog.is_shared(&table.name.schema, &not_null.name);
            }
        }
        // Keys that partitions share are made later, each under its own name.
        if matches!(table.kind, TableKind::Partitioned { .. }) {
            table.constraints.retain(|constraint| key_columns(constraint).is_none());
        }
        out.block(&ddl::create_table(&table, Names::Full));
    }
    for table in &parents_first {
        let partition = table.partition_of.iter().map(|partition| &partition.parent);
        for parent in table.inherits.iter().chain(partition) {
            own_columns(out, table, catalog.tables.get(parent));
        }
    }
    identities(out, catalog);
    for sequence in catalog.sequences.values() {
        if let Some((table, column)) = &sequence.owned_by
            && !sequence.identity
        {
            out.line(&format!(
                "ALTER SEQUENCE {} OWNED BY {}.{};",
                Names::Full.of(&sequence.name),
                Names::Full.of(table),
                quote_identifier(column)
            ));
        }
    }
    for table in &parents_first {
        let shared = matches!(table.kind, TableKind::Partitioned { .. });
        for key in table.constraints.iter().filter(|key| shared && key_columns(key).is_some()) {
            if key_of_parent(catalog, table, key).is_none() {
                key_with_parts(out, catalog, table, key);
            }
        }
    }
    // Parents come first: an own index of a partition would become the part of theirs.
    for table in parents_first {
        for index in &table.indexes {
            let of_parent = index.part_of.as_ref().and_then(|name| {
                let partition = table.partition_of.as_ref()?;
                let parent = catalog.tables.get(&partition.parent)?;
                parent.indexes.iter().find(|of| of.name == *name)
            });
            if of_parent.is_none_or(|of| of.only) {
                index_with_parts(out, catalog, table, index);
            }
            if let Some(of) = of_parent.filter(|of| of.only) {
                let own = |name: &str| QualifiedName::new(table.name.schema.as_str(), name);
                let schema = table.partition_of.as_ref().map(|found| found.parent.schema.clone());
                let of = QualifiedName::new(schema.unwrap_or_default(), of.name.as_str());
                out.line(&format!(
                    "ALTER INDEX {} ATTACH PARTITION {};",
                    Names::Full.of(&of),
                    Names::Full.of(&own(&index.name))
                ));
            }
        }
    }
    let mut renamed = Vec::new();
    for table in catalog.tables.values() {
        // A partition has its parent's checks by being one, and may add its own.
        if let Some(partition) = &table.partition_of {
            let parent = catalog.tables.get(&partition.parent);
            let has = |name: &str| {
                parent.is_some_and(|p| p.constraints.iter().any(|other| other.name == name))
            };
            let shared = matches!(table.kind, TableKind::Partitioned { .. });
            for constraint in &table.constraints {
                let check = matches!(constraint.kind, ConstraintKind::Check { .. });
                let own = match key_columns(constraint) {
                    Some(_) => !shared && key_of_parent(catalog, table, constraint).is_none(),
                    None => check && !has(&constraint.name),
                };
                if own {
                    out.line(&ddl::add_constraint(&table.name, constraint, Names::Full));
                }
            }
        }
    }
    for table in catalog.tables.values() {
        let keys = |table: &Table| -> Vec<Vec<String>> {
            table.foreign_keys().map(|(_, key)| key.columns.clone()).collect()
        };
        let (of_table, partition) = (keys(table), table.partition_of.is_some());
        let partitioned = matches!(table.kind, TableKind::Partitioned { .. });
        // A partition has its parent's foreign keys by being one.
        let has_keys = inherited(catalog, table, |parent| keys(parent) == of_table);
        let mut rest = table.clone();
        rest.constraints.retain(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(_) => !has_keys,
            // A partition's own checks are there by now.
            ConstraintKind::Check { .. } => {
                // What was added to a parent without looking at the rows reaches its children.
                let parents = table.inherits.iter().filter_map(|name| catalog.tables.get(name));
                let mut of_parents = parents.flat_map(|parent| &parent.constraints);
                !partition && !of_parents.any(|other| other.name == constraint.name)
            }
            // So are its keys, and those that its own partitions share.
            _ => !(partitioned || partition) || key_columns(constraint).is_none(),
        });
        for statement in ddl::later_constraints(&rest, Names::Full) {
            out.line(&statement);
        }
    }
    for table in catalog.tables.values() {
        // What a parent never looked at, a child may have: it was empty when it was made.
        for constraint in table.constraints.iter().filter(|found| !found.not_valid) {
            let parents =
                table.inherits.iter().chain(table.partition_of.iter().map(|of| &of.parent));
            let mut parents = parents.filter_map(|parent| catalog.tables.get(parent));
            let unchecked = parents.any(|parent| {
                let mut of = parent.constraints.iter();
                of.any(|of| of.name == constraint.name && of.not_valid && !of.no_inherit)
            });
            if unchecked && matches!(constraint.kind, ConstraintKind::Check { .. }) {
                out.line(&format!(
                    "ALTER TABLE {} VALIDATE CONSTRAINT {};",
                    Names::Full.of(&table.name),
                    quote_identifier(&constraint.name)
                ));
            }
        }
        let Some(partition) = &table.partition_of else { continue };
        let parent = catalog.tables.get(&partition.parent);
        for (constraint, key) in table.foreign_keys() {
            let mut of_parent = parent.into_iter().flat_map(Table::foreign_keys);
            // Of several equal ones, those whose names agree are each other's.
            let agrees = |name: &str, of: Option<&Table>| {
                of.is_some_and(|of| of.foreign_keys().any(|(other, _)| other.name == name))
            };
            let same = of_parent.find(|(of_parent, other)| {
                (other.columns == key.columns && other.references == key.references)
                    && (of_parent.name == constraint.name || !agrees(&of_parent.name, Some(table)))
                    && other.on_delete == key.on_delete
            });
            if let Some((of_parent, _)) = same.filter(|_| !agrees(&constraint.name, parent)) {
                let made = of_parent.name.clone();
                renamed.extend(Rename::new(table, made, &constraint.name));
            }
        }
    }
    renames(out, renamed);
    out.gap();
}

/// The partitions of a table.
fn partitions<'a>(catalog: &'a Catalog, table: &'a Table) -> impl Iterator<Item = &'a Table> {
    let children = catalog.children(&table.name).filter_map(|name| catalog.tables.get(name));
    children.filter(|child| child.partition_of.is_some())
}

/// An index of a table. What partitions have as its parts is made before it, under names of their
/// own, and becomes its parts when it is made.
fn index_with_parts(out: &mut Script, catalog: &Catalog, table: &Table, index: &Index) {
    for partition in partitions(catalog, table).filter(|_| !index.only) {
        let of = Some(&index.name);
        for part in partition.indexes.iter().filter(|part| part.part_of.as_ref() == of) {
            index_with_parts(out, catalog, partition, part);
        }
    }
    out.line(&ddl::create_index(&table.name, index, Names::Full));
}

/// The same for a primary key or a unique constraint. One that a partition does not have was added
/// to its parent ONLY.
fn key_with_parts(out: &mut Script, catalog: &Catalog, table: &Table, key: &Constraint) {
    let at = equal_keys(table, key).position(|other| other.name == key.name);
    let mut only = "";
    let mut parts = Vec::new();
    for partition in partitions(catalog, table) {
        match at.and_then(|at| equal_keys(partition, key).nth(at)) {
            Some(part) => {
                key_with_parts(out, catalog, partition, part);
                parts.push(QualifiedName::new(partition.name.schema.as_str(), part.name.as_str()));
            }
            None => only = "ONLY ",
        }
    }
    let (name, definition) = (Names::Full.of(&table.name), ddl::named_constraint(key, Names::Full));
    out.line(&format!("ALTER TABLE {only}{name} ADD {definition};"));
    for part in parts.iter().filter(|_| !only.is_empty()) {
        let whole = QualifiedName::new(table.name.schema.as_str(), key.name.as_str());
        out.line(&format!(
            "ALTER INDEX {} ATTACH PARTITION {};",
            Names::Full.of(&whole),
            Names::Full.of(part)
        ));
    }
}

/// The key that a partition's key is a part of: of several equal ones, that in the same place.
fn key_of_parent<'a>(
    catalog: &'a Catalog,
    table: &Table,
    key: &'a Constraint,
) -> Option<&'a Constraint> {
    let parent = catalog.tables.get(&table.partition_of.as_ref()?.parent)?;
    let at = equal_keys(table, key).position(|other| other.name == key.name)?;
    equal_keys(parent, key).nth(at)
}

/// The keys of a table that are of the same kind and columns as this one.
fn equal_keys<'a>(table: &'a Table, key: &'a Constraint) -> impl Iterator<Item = &'a Constraint> {
    table.constraints.iter().filter(move |other| {
        key_columns(other).is_some()
            && key_columns(other) == key_columns(key)
            && discriminant(&other.kind) == discriminant(&key.kind)
    })
}

/// A partition's foreign key under another name than the server gives it.
struct Rename<'a> {
    table: &'a QualifiedName,
    made: String,
    name: &'a str,
}

impl<'a> Rename<'a> {
    /// `None` where the server's name is right.
    fn new(table: &'a Table, made: String, name: &'a str) -> Option<Self> {
        (made != name).then_some(Self { table: &table.name, made, name })
    }
}

/// Writes renames so that each finds its new name free: those of a circle meet in a passing name.
fn renames(out: &mut Script, mut open: Vec<Rename<'_>>) {
    let mut passing = 0_usize;
    while !open.is_empty() {
        let free = |one: &&Rename<'_>| {
            open.iter().all(|other| {
                std::ptr::eq(*one, other)
                    || other.table.schema != one.table.schema
                    || other.made != one.name
            })
        };
        let at = open.iter().position(|one| free(&one));
        let (table, from, to) = if let Some(at) = at {
            let found = open.remove(at);
            (found.table, found.made, found.name.to_owned())
        } else {
            let Some(first) = open.first_mut() else { return };
            passing += 1;
            let to = format!("passing_{passing}");
            (first.table, std::mem::replace(&mut first.made, to.clone()), to)
        };
        let (from, to) = (quote_identifier(&from), quote_identifier(&to));
        let table = Names::Full.of(table);
        out.line(&format!("ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to};"));
    }
}

/// Identity columns; a partition has its parent's.
fn identities(out: &mut Script, catalog: &Catalog) {
    let owned: BTreeMap<_, _> = catalog
        .sequences
        .values()
        .filter(|found| found.identity)
        .filter_map(|found| {
            let (table, column) = found.owned_by.as_ref()?;
            Some(((table, column), found))
        })
        .collect();
    for table in catalog.tables.values().filter(|table| table.partition_of.is_none()) {
        for column in &table.columns {
            let how = match column.identity {
                Some(Identity::Always) => "ALWAYS",
                Some(Identity::ByDefault) => "BY DEFAULT",
                None => continue,
            };
            let Some(sequence) = owned.get(&(&table.name, &column.name)) else { continue };
            let name = Names::Full.of(&sequence.name);
            // A type that is not the column's is only accepted later.
            let typed = sequence.options.contains_key("type");
            let options = ddl::sequence_options(sequence);
            let given = if typed { "" } else { &options };
            out.line(&format!(
                "ALTER TABLE {} ALTER COLUMN {} ADD GENERATED {how} AS IDENTITY (SEQUENCE NAME {name}{given});",
                Names::Full.of(&table.name),
                quote_identifier(&column.name),
            ));
            if typed {
                out.line(&format!("ALTER SEQUENCE {name}{options};"));
            }
        }
    }
}

/// The columns of a primary key or a unique constraint.
fn key_columns(constraint: &Constraint) -> Option<&[String]> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            Some(columns)
        }
        _ => None,
    }
}

/// What a partition says of its columns otherwise than its parent.
fn own_columns(out: &mut Script, table: &Table, parent: Option<&Table>) {
    for column in &table.columns {
        let Some(of_parent) = parent.and_then(|parent| parent.column(&column.name)) else {
            continue;
        };
        let text = |column: &Column| column.default.as_ref().map(|default| default.text.clone());
        let mut actions = Vec::new();
        match text(column) {
            default if default == text(of_parent) => {}
            Some(default) => actions.push(format!("SET DEFAULT {default}")),
            None => actions.push("DROP DEFAULT".to_owned()),
        }
        for action in actions {
            out.line(&format!(
                "ALTER TABLE {} ALTER COLUMN {} {action};",
                Names::Full.of(&table.name),
                quote_identifier(&column.name)
            ));
        }
    }
}

/// Whether a partition has something from its parent.
fn inherited(catalog: &Catalog, table: &Table, has: impl FnOnce(&Table) -> bool) -> bool {
    let parent = table.partition_of.as_ref().and_then(|found| catalog.tables.get(&found.parent));
    parent.is_some_and(has)
}
