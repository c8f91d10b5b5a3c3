//! Tables with their keys and indexes, in an order and under names that make what partitions and
//! children have the same again.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Catalog, Column, Constraint, ConstraintKind, Identity, QualifiedName, Table, quote_identifier,
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
        out.block(&ddl::create_table(&table, Names::Full));
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
    // Parents come first: an index that a partition already had would become the part of theirs.
    for table in parents_first {
        // Of several equal indexes, one is the part of the parent's.
        let mut parts = BTreeSet::new();
        let mut given = BTreeMap::new();
        let (mut own, mut renamed) = (Vec::new(), Vec::new());
        for index in &table.indexes {
            let of_parent = inherited(catalog, table, |parent| {
                let mut of = parent.indexes.iter().filter(|of| !of.only);
                of.any(|of| ddl::same_index(of, index) && parts.insert(of.name.clone()))
            });
            if of_parent {
                let made = ddl::automatic_index_name(&table.name.name, index);
                let made = numbered(&mut given, made);
                let rename = Rename::new(catalog, table, made, &index.name);
                renamed.extend(rename.map(|rename| Rename { index: true, ..rename }));
            } else {
                own.push(index);
            }
        }
        renames(out, renamed);
        for index in own {
            out.line(&ddl::create_index(&table.name, index, Names::Full));
        }
    }
    let mut renamed = Vec::new();
    for table in catalog.tables.values() {
        for parent in &table.inherits {
            own_columns(out, table, catalog.tables.get(parent));
        }
        // A partition has its parent's checks by being one, and may add its own.
        if let Some(partition) = &table.partition_of {
            let parent = catalog.tables.get(&partition.parent);
            own_columns(out, table, parent);
            let has = |name: &str| {
                parent.is_some_and(|p| p.constraints.iter().any(|other| other.name == name))
            };
            let mut given = BTreeMap::new();
            for constraint in &table.constraints {
                let check = matches!(constraint.kind, ConstraintKind::Check { .. });
                let own = match key_columns(constraint) {
                    Some(columns) => !parent.is_some_and(|parent| {
                        parent.constraints.iter().any(|of| key_columns(of) == Some(columns))
                    }),
                    None => check && !constraint.not_valid && !has(&constraint.name),
                };
                if own {
                    out.line(&ddl::add_constraint(&table.name, constraint, Names::Full));
                } else if let Some(name) = ddl::automatic_key_name(&table.name.name, constraint) {
                    let made = numbered(&mut given, name);
                    renamed.extend(Rename::new(catalog, table, made, &constraint.name));
                }
            }
        }
        // A partition has its parent's foreign keys by being one.
        let keys = |table: &Table| -> Vec<Vec<String>> {
            table.foreign_keys().map(|(_, key)| key.columns.clone()).collect()
        };
        if keys(table).is_empty()
            || !inherited(catalog, table, |parent| keys(parent) == keys(table))
        {
            // What was added to a parent without looking at the rows reaches its children.
            let mut rest = table.clone();
            rest.constraints.retain(|constraint| {
                let parents = table.inherits.iter();
                let mut parents = parents.chain(table.partition_of.iter().map(|of| &of.parent));
                if table.partition_of.is_some() && key_columns(constraint).is_some() {
                    return false;
                }
                !matches!(constraint.kind, ConstraintKind::Check { .. })
                    || !parents.any(|parent| {
                        let parent = catalog.tables.get(parent);
                        let of = parent.into_iter().flat_map(|parent| &parent.constraints);
                        of.into_iter().any(|other| other.name == constraint.name)
                    })
            });
            for statement in ddl::later_constraints(&rest, Names::Full) {
                out.line(&statement);
            }
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
                renamed.extend(Rename::new(catalog, table, made, &constraint.name));
            }
        }
    }
    renames(out, renamed);
    out.gap();
}

/// The name that the server makes of one it has made so often before.
fn numbered(given: &mut BTreeMap<String, usize>, made: String) -> String {
    let before = given.entry(made.clone()).or_default();
    let name = if *before == 0 { made } else { format!("{made}{before}") };
    *before += 1;
    name
}

/// A partition's key, foreign key or index under another name than the server gives it.
struct Rename<'a> {
    table: &'a QualifiedName,
    index: bool,
    made: String,
    name: &'a str,
}

impl<'a> Rename<'a> {
    /// `None` where the server's name is right: also where that is taken and so was numbered.
    fn new(catalog: &Catalog, table: &'a Table, made: String, name: &'a str) -> Option<Self> {
        let numbered = catalog.is_shared(&table.name.schema, &made) && name.starts_with(&made);
        (made != name && !numbered).then_some(Self { table: &table.name, index: false, made, name })
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
        let (table, index, from, to) = if let Some(at) = at {
            let found = open.remove(at);
            (found.table, found.index, found.made, found.name.to_owned())
        } else {
            let Some(first) = open.first_mut() else { return };
            passing += 1;
            let to = format!("passing_{passing}");
            (first.table, first.index, std::mem::replace(&mut first.made, to.clone()), to)
        };
        let (from, to) = (quote_identifier(&from), quote_identifier(&to));
        out.line(&if index {
            format!("ALTER INDEX {}.{from} RENAME TO {to};", quote_identifier(&table.schema))
        } else {
            format!("ALTER TABLE {} RENAME CONSTRAINT {from} TO {to};", Names::Full.of(table))
        });
    }
}

/// Identity columns; a partition has its parent's.
fn identities(out: &mut Script, catalog: &Catalog) {
    for table in catalog.tables.values().filter(|table| table.partition_of.is_none()) {
        for column in &table.columns {
            let how = match column.identity {
                Some(Identity::Always) => "ALWAYS",
                Some(Identity::ByDefault) => "BY DEFAULT",
                None => continue,
            };
            let owned = Some((table.name.clone(), column.name.clone()));
            let sequence =
                catalog.sequences.values().find(|found| found.identity && found.owned_by == owned);
            let words = sequence.map(|found| {
                let name = Names::Full.of(&found.name);
                format!(" (SEQUENCE NAME {name}{})", ddl::sequence_options(found))
            });
            out.line(&format!(
                "ALTER TABLE {} ALTER COLUMN {} ADD GENERATED {how} AS IDENTITY{};",
                Names::Full.of(&table.name),
                quote_identifier(&column.name),
                words.unwrap_or_default()
            ));
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
pub(super) fn inherited(
    catalog: &Catalog,
    table: &Table,
    has: impl FnOnce(&Table) -> bool,
) -> bool {
    let parent = table.partition_of.as_ref().and_then(|found| catalog.tables.get(&found.parent));
    parent.is_some_and(has)
}
