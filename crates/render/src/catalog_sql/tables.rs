//! Tables with their keys and indexes, in an order and under names that make what partitions and
//! children have the same again.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Catalog, Column, Constraint, ConstraintKind, Identity, Index, QualifiedName, Sequence, Table,
    TableKind, quote_identifier,
};

use super::Script;

/// Tables, parents first, then what refers to several of them.
pub(super) fn tables(out: &mut Script, catalog: &Catalog) {
    let owned = identity_sequences(catalog);
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
        // Identities are added later: their sequences have names and options of their own. No
        // statement adds one beside a default, which a column may have from its parent, though.
        let mut table = table.clone();
        for column in &mut table.columns {
            if column.default.is_none() {
                column.identity = None;
            }
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
        out.block(&ddl::create_table_of(&table, Names::Full, |column| {
            let Some(identity) = column.identity else {
                return ddl::column_of(&table.name.name, column);
            };
            let plain = Column { identity: None, default: None, ..column.clone() };
            let sequence = identity_sequence(&owned, &table, column);
            let generated = sequence.map(|sequence| generated(identity, sequence));
            let plain = ddl::column_of(&table.name.name, &plain);
            format!("{plain} {}", generated.unwrap_or_default())
        }));
    }
    for table in &parents_first {
        let partition = table.partition_of.iter().map(|partition| &partition.parent);
        for parent in table.inherits.iter().chain(partition) {
            own_columns(out, table, catalog.tables.get(parent));
        }
    }
    identities(out, catalog, &owned);
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
            let of_parent = index_of_parent(catalog, table, index.part_of.as_deref());
            if of_parent.is_none_or(|(_, of)| of.only) {
                index_with_parts(out, catalog, table, index);
            }
            if let Some((parent, of)) = of_parent.filter(|(_, of)| of.only) {
                attach_index(out, (parent, &of.name), (table, &index.name));
            }
        }
    }
    for table in catalog.tables.values() {
        // A partition has its parent's checks by being one, and may add its own.
        if let Some(partition) = &table.partition_of {
            let parent = catalog.tables.get(&partition.parent);
            let has = |name: &str| {
                let mut of_parent = parent.into_iter().flat_map(|parent| &parent.constraints);
                of_parent
                    .any(|of| of.name == name && matches!(of.kind, ConstraintKind::Check { .. }))
            };
            let shared = matches!(table.kind, TableKind::Partitioned { .. });
            for constraint in &table.constraints {
                let check = matches!(constraint.kind, ConstraintKind::Check { .. });
                let whole = index_of_parent(catalog, table, constraint.part_of.as_deref());
                let whole = whole.filter(|(_, index)| index.only);
                let own = match key_columns(constraint) {
                    Some(_) => !shared && (constraint.part_of.is_none() || whole.is_some()),
                    None => check && !has(&constraint.name),
                };
                if own {
                    out.line(&ddl::add_constraint(&table.name, constraint, Names::Full));
                }
                if let Some((parent, index)) = whole {
                    attach_index(out, (parent, &index.name), (table, &constraint.name));
                }
            }
        }
    }
    for table in catalog.tables.values() {
        let partition = table.partition_of.is_some();
        let partitioned = matches!(table.kind, TableKind::Partitioned { .. });
        let mut rest = table.clone();
        rest.constraints.retain(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(_) => false,
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
    foreign_keys(out, catalog);
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
    }
    out.gap();
}

/// Foreign keys in the order in which they were made, which decides how the server names what it makes
/// of them for partitions; those are renamed where they have other names.
fn foreign_keys(out: &mut Script, catalog: &Catalog) {
    let mut own = Vec::new();
    for table in catalog.tables.values() {
        let kept = table.constraints.iter().filter(|found| found.made_as.is_none());
        let mut taken: BTreeSet<&str> = kept.map(|found| found.name.as_str()).collect();
        for (constraint, _) in table.foreign_keys().filter(|(found, _)| found.part_of.is_none()) {
            let made = constraint.made_as.as_deref().filter(|made| taken.insert(made));
            let made = made.unwrap_or(&constraint.name);
            // The parent's key of the same name found its own taken in the partition.
            let parent = table.partition_of.as_ref().and_then(|of| catalog.tables.get(&of.parent));
            let before = parent.is_some_and(|of| of.foreign_keys().any(|(of, _)| of.name == made));
            own.push((!before, constraint.origin, table, constraint, made));
        }
    }
    own.sort_by_key(|(after, origin, ..)| (*after, origin.source, origin.span.start));
    let mut renamed = Vec::new();
    for (_, _, table, constraint, made) in own {
        let name = made.to_owned();
        let written = Constraint { name, ..constraint.clone() };
        out.line(&ddl::add_constraint(&table.name, &written, Names::Full));
        renamed.extend(Rename::new(table, made, &constraint.name));
        let mut open = vec![(table, constraint)];
        while let Some((table, of)) = open.pop() {
            for partition in partitions(catalog, table) {
                let part = partition
                    .foreign_keys()
                    .find(|(part, _)| part.part_of.as_ref() == Some(&of.name));
                let Some((part, _)) = part else { continue };
                open.push((partition, part));
                // The server chooses another name where this one is taken.
                let mut others = partition.constraints.iter();
                if !others.any(|other| other.name == made && other.part_of.is_none()) {
                    renamed.extend(Rename::new(partition, made, &part.name));
                }
            }
        }
    }
    renames(out, renamed);
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
        // Keys that its own partitions share are there.
        let shared = matches!(partition.kind, TableKind::Partitioned { .. });
        for part in
            partition.constraints.iter().filter(|part| !shared && part.part_of.as_ref() == of)
        {
            if key_columns(part).is_some() {
                out.line(&ddl::add_constraint(&partition.name, part, Names::Full));
            }
        }
        for part in partition.indexes.iter().filter(|part| part.part_of.as_ref() == of) {
            index_with_parts(out, catalog, partition, part);
        }
    }
    out.line(&ddl::create_index(&table.name, index, Names::Full));
}

/// The same for a primary key or a unique constraint. One that a partition does not have was added
/// to its parent ONLY.
fn key_with_parts(out: &mut Script, catalog: &Catalog, table: &Table, key: &Constraint) {
    let mut only = "";
    let mut parts = Vec::new();
    for partition in partitions(catalog, table) {
        let mut keys = partition.constraints.iter().filter(|part| key_columns(part).is_some());
        match keys.find(|part| part.part_of.as_ref() == Some(&key.name)) {
            Some(part) => {
                key_with_parts(out, catalog, partition, part);
                parts.push((partition, part.name.as_str()));
            }
            None => only = "ONLY ",
        }
    }
    let (name, definition) = (Names::Full.of(&table.name), ddl::named_constraint(key, Names::Full));
    out.line(&format!("ALTER TABLE {only}{name} ADD {definition};"));
    for part in parts.into_iter().filter(|_| !only.is_empty()) {
        attach_index(out, (table, &key.name), part);
    }
}

/// Makes an index of a partition, given by its table and its name, a part of one of its parent.
fn attach_index(out: &mut Script, whole: (&Table, &str), part: (&Table, &str)) {
    let [whole, part] = [whole, part].map(|(table, index)| {
        Names::Full.of(&QualifiedName::new(table.name.schema.as_str(), index))
    });
    out.line(&format!("ALTER INDEX {whole} ATTACH PARTITION {part};"));
}

/// The key that a partition's key is a part of.
fn key_of_parent<'a>(
    catalog: &'a Catalog,
    table: &Table,
    key: &Constraint,
) -> Option<&'a Constraint> {
    let parent = catalog.tables.get(&table.partition_of.as_ref()?.parent)?;
    parent.constraints.iter().find(|of| Some(&of.name) == key.part_of.as_ref())
}

/// The index, made by `CREATE INDEX`, that something of a partition is a part of, and its table.
fn index_of_parent<'a>(
    catalog: &'a Catalog,
    table: &Table,
    part_of: Option<&str>,
) -> Option<(&'a Table, &'a Index)> {
    let parent = catalog.tables.get(&table.partition_of.as_ref()?.parent)?;
    Some((parent, parent.indexes.iter().find(|of| Some(of.name.as_str()) == part_of)?))
}

/// A partition's foreign key under another name than the server gives it.
struct Rename<'a> {
    table: &'a QualifiedName,
    made: String,
    name: &'a str,
}

impl<'a> Rename<'a> {
    /// `None` where the server's name is right.
    fn new(table: &'a Table, made: &str, name: &'a str) -> Option<Self> {
        (made != name).then_some(Self { table: &table.name, made: made.to_owned(), name })
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

/// The sequences of identity columns, by their tables and columns.
type Identities<'a> = BTreeMap<(&'a QualifiedName, &'a str), &'a Sequence>;

fn identity_sequences(catalog: &Catalog) -> Identities<'_> {
    let found = catalog.sequences.values().filter(|found| found.identity);
    found
        .filter_map(|found| {
            let (table, column) = found.owned_by.as_ref()?;
            Some(((table, column.as_str()), found))
        })
        .collect()
}

fn identity_sequence<'a>(
    owned: &Identities<'a>,
    table: &Table,
    column: &Column,
) -> Option<&'a Sequence> {
    owned.get(&(&table.name, column.name.as_str())).copied()
}

/// `GENERATED … AS IDENTITY` with the name and the options of its sequence. A type that is not the
/// column's is only accepted later, and so are all options beside one.
fn generated(identity: Identity, sequence: &Sequence) -> String {
    let how = match identity {
        Identity::Always => "ALWAYS",
        Identity::ByDefault => "BY DEFAULT",
    };
    let name = Names::Full.of(&sequence.name);
    let options = if is_typed(sequence) { String::new() } else { ddl::sequence_options(sequence) };
    format!("GENERATED {how} AS IDENTITY (SEQUENCE NAME {name}{options})")
}

fn is_typed(sequence: &Sequence) -> bool {
    sequence.options.contains_key("type")
}

/// Identity columns; a partition has its parent's.
fn identities(out: &mut Script, catalog: &Catalog, owned: &Identities<'_>) {
    for table in catalog.tables.values().filter(|table| table.partition_of.is_none()) {
        for column in &table.columns {
            let Some(identity) = column.identity else { continue };
            let Some(sequence) = identity_sequence(owned, table, column) else { continue };
            // Beside a default it is there from the start.
            if column.default.is_none() {
                out.line(&format!(
                    "ALTER TABLE {} ALTER COLUMN {} ADD {};",
                    Names::Full.of(&table.name),
                    quote_identifier(&column.name),
                    generated(identity, sequence)
                ));
            }
            if is_typed(sequence) {
                let options = ddl::sequence_options(sequence);
                out.line(&format!("ALTER SEQUENCE {}{options};", Names::Full.of(&sequence.name)));
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
