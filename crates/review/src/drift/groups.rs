//! Tables that came as one feature, to be told in one row.

use schemaward_catalog::{Sources, Table};

use super::names::{human, same_word, words};
use crate::facts::words::singular;

/// Tables of one feature.
pub(super) struct Feature<'a> {
    /// What people call it.
    pub(super) entity: String,
    /// Its tables, by name.
    pub(super) tables: Vec<&'a Table>,
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

/// Groups tables that only the implementation has: those a file of its own created together, those
/// about money, those that start with the same word. The rest stand alone.
pub(super) fn features<'a>(tables: &[&'a Table], sources: &Sources) -> Vec<Feature<'a>> {
    let mut features: Vec<(Option<String>, Feature<'a>)> = Vec::new();
    for table in tables {
        let key = key(table, tables, sources);
        let found = features.iter_mut().find(|(other, _)| key.is_some() && *other == key);
        match (found, key) {
            (Some((_, feature)), _) => feature.tables.push(table),
            (None, Some(entity)) => {
                let feature = Feature { entity: entity.clone(), tables: vec![table] };
                features.push((Some(entity), feature));
            }
            (None, None) => {
                let entity = human(&table.name.name);
                features.push((None, Feature { entity, tables: vec![table] }));
            }
        }
    }
    let mut features: Vec<Feature<'a>> = features.into_iter().map(|(_, feature)| feature).collect();
    for feature in &mut features {
        if let [only] = feature.tables.as_slice() {
            feature.entity = human(&only.name.name);
        }
    }
    features.sort_by(|a, b| a.entity.cmp(&b.entity));
    features
}

/// The feature a table belongs to, where others belong to it too.
fn key(table: &Table, all: &[&Table], sources: &Sources) -> Option<String> {
    if is_money(table) && all.iter().filter(|other| is_money(other)).count() > 1 {
        return Some("Billing".to_owned());
    }
    // A file among several that made more than one of these tables is likely one feature's migration.
    let made_by = |other: &&&Table| other.origin.source == table.origin.source;
    let implemented = sources
        .iter()
        .filter(|(_, source)| source.side == schemaward_catalog::Side::Implemented)
        .count();
    let together = all.iter().filter(made_by).count();
    if implemented > 2
        && together > 1
        && together < 12
        && let Some(title) = sources.get(table.origin.source).and_then(|source| title(&source.path))
    {
        return Some(title);
    }
    let first = words(&table.name.name).into_iter().next()?;
    let same = |other: &&&Table| {
        words(&other.name.name).first().is_some_and(|word| same_word(word, &first))
    };
    let longest =
        all.iter().filter(same).map(|other| words(&other.name.name)).max_by_key(Vec::len)?;
    (all.iter().filter(same).count() > 1 && longest.len() > 1).then(|| human(&singular(&first)))
}

fn is_money(table: &Table) -> bool {
    words(&table.name.name).iter().any(|word| MONEY.iter().any(|money| same_word(word, money)))
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
