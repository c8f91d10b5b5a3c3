//! Tables that came as one feature, to be told in one row.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Side, SourceId, Sources, Table};

use super::names::{human, words};
use crate::facts::words::singular;

/// Tables of one feature.
pub(super) struct Feature<'a> {
    /// What people call it.
    pub(super) entity: String,
    /// Its tables, by name.
    pub(super) tables: Vec<&'a Table>,
}

impl<'a> Feature<'a> {
    /// A table that is told alone.
    pub(super) fn alone(table: &'a Table) -> Self {
        Self { entity: human(&table.name.name), tables: vec![table] }
    }
}

/// Words that mark a table as billing, whatever it is about besides.
const MONEY: [&str; 14] = [
    "billing",
    "bill",
    "invoice",
    "payment",
    "payout",
    "subscription",
    "price",
    "pricing",
    "charge",
    "refund",
    "ledger",
    "transaction",
    "checkout",
    "coupon",
];

/// Groups tables that only the implementation has: those about money, those a file of its own
/// created together, those that start with the same word. The rest stand alone.
pub(super) fn features<'a>(tables: &[&'a Table], sources: &Sources) -> Vec<Feature<'a>> {
    let about = About::of(tables, sources);
    let mut features: BTreeMap<String, Vec<&'a Table>> = BTreeMap::new();
    let mut alone: Vec<&'a Table> = Vec::new();
    for table in tables {
        match about.feature(table, sources) {
            Some(entity) => features.entry(entity).or_default().push(table),
            None => alone.push(table),
        }
    }
    let mut features: Vec<Feature<'a>> = features
        .into_iter()
        .map(|(entity, tables)| match tables.as_slice() {
            [only] => Feature { entity: human(&only.name.name), tables },
            _ => Feature { entity, tables },
        })
        .collect();
    features.extend(alone.into_iter().map(Feature::alone));
    features.sort_by(|a, b| a.entity.cmp(&b.entity));
    features
}

/// What all the tables have in common, counted once.
struct About {
    /// How many are about money.
    money: usize,
    /// How many each source created.
    by_source: BTreeMap<SourceId, usize>,
    /// How many start with each word.
    by_word: BTreeMap<String, usize>,
    /// Words that are more than a whole name somewhere.
    prefixes: BTreeSet<String>,
    /// How many sources the implemented side has.
    implemented: usize,
}

impl About {
    fn of(tables: &[&Table], sources: &Sources) -> Self {
        let mut about = Self {
            money: tables.iter().filter(|table| is_money(table)).count(),
            by_source: BTreeMap::new(),
            by_word: BTreeMap::new(),
            prefixes: BTreeSet::new(),
            implemented: sources
                .iter()
                .filter(|(_, source)| source.side == Side::Implemented)
                .count(),
        };
        for table in tables {
            *about.by_source.entry(table.origin.source).or_default() += 1;
            let words = words(&table.name.name);
            if let Some(first) = words.first() {
                *about.by_word.entry(singular(first)).or_default() += 1;
                if words.len() > 1 {
                    about.prefixes.insert(singular(first));
                }
            }
        }
        about
    }

    /// The feature a table belongs to, where others belong to it too.
    fn feature(&self, table: &Table, sources: &Sources) -> Option<String> {
        /// A file that creates more than this is no single feature's migration.
        const MOST: usize = 12;
        if self.money > 1 && is_money(table) {
            return Some("Billing".to_owned());
        }
        let together = self.by_source.get(&table.origin.source).copied().unwrap_or_default();
        if self.implemented > 2
            && (2..=MOST).contains(&together)
            && let Some(title) =
                sources.get(table.origin.source).and_then(|source| title(&source.path))
        {
            return Some(title);
        }
        let first = singular(words(&table.name.name).first()?);
        let several = self.by_word.get(&first).is_some_and(|times| *times > 1);
        (several && self.prefixes.contains(&first)).then(|| human(&first))
    }
}

fn is_money(table: &Table) -> bool {
    words(&table.name.name).iter().any(|word| MONEY.contains(&singular(word).as_str()))
}

/// What a migration's file name says it is about: `0012_patient_portal.sql` is `Patient Portal`.
fn title(path: &str) -> Option<String> {
    /// Words of file names that say nothing about the feature.
    const EMPTY: [&str; 14] = [
        "add",
        "create",
        "tables",
        "table",
        "schema",
        "migration",
        "init",
        "initial",
        "sql",
        "up",
        "dump",
        "and",
        "implemented",
        "structure",
    ];
    let file = path.rsplit(['/', '\\']).next()?;
    let stem = file.split('.').next()?;
    let words: Vec<String> = words(stem)
        .into_iter()
        .filter(|word| !word.chars().any(char::is_numeric) && !EMPTY.contains(&word.as_str()))
        .collect();
    (!words.is_empty()).then(|| human(&words.join("_")))
}
