//! Which documented table is which implemented one.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Catalog, Table};

use super::names::related_tables;
use super::types::same_type;
use crate::Standard;

/// A table on both sides.
pub(crate) struct Pair<'a> {
    /// As documented.
    pub(crate) documented: &'a Table,
    /// As implemented.
    pub(crate) implemented: &'a Table,
    /// How sure the match is, in percent, where the names differ; `None` where they agree.
    pub(crate) confidence: Option<usize>,
}

impl Pair<'_> {
    /// Whether the two go by different names.
    pub(crate) fn renamed(&self) -> bool {
        self.documented.name != self.implemented.name
    }
}

/// All tables of both sides, each in one place.
pub(crate) struct Pairing<'a> {
    /// Tables on both sides, by their documented name.
    pub(crate) pairs: Vec<Pair<'a>>,
    /// Implemented only.
    pub(crate) undocumented: Vec<&'a Table>,
    /// Documented only.
    pub(crate) unimplemented: Vec<&'a Table>,
}

/// The tables in which tools keep their own state; no document describes them.
const BOOKKEEPING: [&str; 8] = [
    "alembic_version",
    "schema_migrations",
    "flyway_schema_history",
    "databasechangelog",
    "databasechangeloglock",
    "django_migrations",
    "knex_migrations",
    "_prisma_migrations",
];

/// Pairs the tables of two catalogs.
pub(crate) fn pair<'a>(
    documented: &'a Catalog,
    implemented: &'a Catalog,
    standard: &Standard,
) -> Pairing<'a> {
    let mut unimplemented: Vec<&Table> = own_tables(documented).collect();
    let mut undocumented: Vec<&Table> = own_tables(implemented).collect();
    let mut pairs = Vec::new();
    take(&mut unimplemented, &mut undocumented, &mut pairs, |a, b| a.name == b.name);
    // A document seldom writes schemas: a bare name that is unique on both sides is enough.
    let once = |list: &[&Table]| {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for table in list {
            *seen.entry(table.name.name.clone()).or_default() += 1;
        }
        seen.into_iter().filter(|(_, times)| *times == 1).map(|(name, _)| name).collect()
    };
    let here: BTreeSet<String> = once(&unimplemented);
    let there: BTreeSet<String> = once(&undocumented);
    take(&mut unimplemented, &mut undocumented, &mut pairs, |a, b| {
        a.name.name == b.name.name && here.contains(&a.name.name) && there.contains(&a.name.name)
    });
    renamed(documented, implemented, standard, &mut unimplemented, &mut undocumented, &mut pairs);
    pairs.sort_by(|a, b| a.documented.name.cmp(&b.documented.name));
    Pairing { pairs, undocumented, unimplemented }
}

/// Tables that a document would describe: no partitions, nothing temporary, no tool's own.
fn own_tables(catalog: &Catalog) -> impl Iterator<Item = &Table> {
    catalog.tables.values().filter(|table| {
        table.partition_of.is_none()
            && !table.temporary
            && !BOOKKEEPING.contains(&table.name.name.as_str())
    })
}

/// Moves every couple that `matches` from the two lists into the pairs.
fn take<'a>(
    documented: &mut Vec<&'a Table>,
    implemented: &mut Vec<&'a Table>,
    pairs: &mut Vec<Pair<'a>>,
    matches: impl Fn(&Table, &Table) -> bool,
) {
    documented.retain(|table| {
        let Some(at) = implemented.iter().position(|other| matches(table, other)) else {
            return true;
        };
        let other = implemented.remove(at);
        pairs.push(Pair { documented: table, implemented: other, confidence: None });
        false
    });
}

/// Pairs tables of different names that hold the same: each the other's best and only likely match.
fn renamed<'a>(
    documented: &Catalog,
    implemented: &Catalog,
    standard: &Standard,
    unimplemented: &mut Vec<&'a Table>,
    undocumented: &mut Vec<&'a Table>,
    pairs: &mut Vec<Pair<'a>>,
) {
    let mut scores: Vec<(usize, &Table, &Table)> = Vec::new();
    for table in unimplemented.iter() {
        for other in undocumented.iter() {
            if let Some(score) = likeness(documented, implemented, standard, table, other) {
                scores.push((score, table, other));
            }
        }
    }
    // Two candidates for one table prove nothing about either.
    let lonely = |side: fn(&(usize, &'a Table, &'a Table)) -> &'a Table, of: &Table| {
        scores.iter().filter(|score| std::ptr::eq(side(score), of)).count() == 1
    };
    let found: Vec<(usize, &Table, &Table)> = scores
        .iter()
        .filter(|(_, table, other)| lonely(|s| s.1, table) && lonely(|s| s.2, other))
        .copied()
        .collect();
    for (score, table, other) in found {
        unimplemented.retain(|kept| !std::ptr::eq(*kept, table));
        undocumented.retain(|kept| !std::ptr::eq(*kept, other));
        pairs.push(Pair { documented: table, implemented: other, confidence: Some(score) });
    }
}

/// How likely two tables of different names are one, in percent; `None` when that is not likely.
fn likeness(
    documented: &Catalog,
    implemented: &Catalog,
    standard: &Standard,
    table: &Table,
    other: &Table,
) -> Option<usize> {
    // Columns that every table of a product has tell nothing.
    let common = [
        "id",
        standard.timestamps.created.as_str(),
        standard.timestamps.updated.as_str(),
        standard.soft_delete.column.as_str(),
        standard.tenancy.column.as_str(),
    ];
    let telling = |table: &'_ Table| {
        table.columns.iter().filter(|column| !common.contains(&column.name.as_str())).count()
    };
    let shared = table
        .columns
        .iter()
        .filter(|column| !common.contains(&column.name.as_str()))
        .filter(|column| {
            other.column(&column.name).is_some_and(|found| {
                same_type(documented, &column.data_type, implemented, &found.data_type)
            })
        })
        .count();
    let union = telling(table) + telling(other) - shared;
    if union == 0 {
        return None;
    }
    let percent = shared * 100 / union;
    if shared < 2 || percent < 50 {
        return None;
    }
    let keys = |table: &Table| -> BTreeSet<(Vec<String>, String)> {
        table
            .foreign_keys()
            .map(|(_, key)| (key.columns.clone(), key.references.name.clone()))
            .collect()
    };
    let shared_keys = keys(table).intersection(&keys(other)).count();
    let likely = if related_tables(&table.name.name, &other.name.name) {
        true
    } else {
        shared >= 4 && percent >= 80 && (shared_keys > 0 || shared >= 6)
    };
    likely.then_some(percent.min(99))
}
