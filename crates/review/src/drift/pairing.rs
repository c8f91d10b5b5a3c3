//! Which documented table is which implemented one.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Catalog, Column, QualifiedName, Table};

use super::columns::{SOFT_DELETE_IDIOMS, same_place};
use super::names::{related_columns, related_tables};
use super::types::same_type;
use crate::Standard;

/// A documented column, the implemented one, and how sure the match is, in percent.
pub(crate) type RenamedColumn<'a> = (&'a Column, &'a Column, usize);

/// A table on both sides.
pub(crate) struct Pair<'a> {
    /// As documented.
    pub(crate) documented: &'a Table,
    /// As implemented.
    pub(crate) implemented: &'a Table,
    /// How sure the match is, in percent, where the names differ; `None` where they agree.
    pub(crate) confidence: Option<usize>,
    /// The implemented names of documented columns that go by another name.
    pub(crate) columns: BTreeMap<String, String>,
    /// Couples of columns under two names, with how sure the match is, in percent.
    pub(crate) renamed_columns: Vec<RenamedColumn<'a>>,
}

impl<'a> Pair<'a> {
    fn new(documented: &'a Table, implemented: &'a Table, confidence: Option<usize>) -> Self {
        Self {
            documented,
            implemented,
            confidence,
            columns: BTreeMap::new(),
            renamed_columns: Vec::new(),
        }
    }

    /// The implemented name of a documented column.
    pub(crate) fn column_there<'n>(&'n self, name: &'n str) -> &'n str {
        self.columns.get(name).map_or(name, String::as_str)
    }

    /// The implemented names of documented columns.
    pub(crate) fn columns_there(&self, names: &[String]) -> Vec<String> {
        names.iter().map(|name| self.column_there(name).to_owned()).collect()
    }

    /// The documented names of implemented columns.
    pub(crate) fn columns_here(&self, names: &[String]) -> Vec<String> {
        let here = |name: &String| {
            let renamed = self.columns.iter().find(|(_, there)| *there == name);
            renamed.map_or(name, |(here, _)| here).clone()
        };
        names.iter().map(here).collect()
    }

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
    /// The place of each pair by its documented name.
    by_documented: BTreeMap<QualifiedName, usize>,
}

impl<'a> Pairing<'a> {
    /// The pair of a documented table.
    pub(crate) fn of_documented(&self, name: &QualifiedName) -> Option<&Pair<'a>> {
        self.by_documented.get(name).and_then(|at| self.pairs.get(*at))
    }
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
    take(&mut unimplemented, &mut undocumented, &mut pairs, |table| Some(table.name.to_string()));
    // A document seldom writes schemas: a bare name that is unique on both sides is enough.
    let (here, there) = (once(&unimplemented), once(&undocumented));
    take(&mut unimplemented, &mut undocumented, &mut pairs, |table| {
        let name = &table.name.name;
        (here.contains(name) && there.contains(name)).then(|| name.clone())
    });
    let like = Likeness { documented, implemented, standard };
    // Quotes keep letters as they are: `"Wards"` is not `wards`, but the same table is meant.
    let (here, there) = (once_in_any_case(&unimplemented), once_in_any_case(&undocumented));
    let by_name = pairs.len();
    take(&mut unimplemented, &mut undocumented, &mut pairs, |table| {
        let name = table.name.name.to_lowercase();
        (here.contains(&name) && there.contains(&name)).then_some(name)
    });
    for pair in pairs.iter_mut().skip(by_name) {
        let sure = like.percent(pair.documented, pair.implemented).unwrap_or_default();
        pair.confidence = Some(sure.clamp(90, 99));
    }
    swapped(&like, &mut pairs);
    renamed(&like, &mut unimplemented, &mut undocumented, &mut pairs);
    pairs.sort_by(|a, b| a.documented.name.cmp(&b.documented.name));
    let by_documented: BTreeMap<QualifiedName, usize> =
        pairs.iter().enumerate().map(|(at, pair)| (pair.documented.name.clone(), at)).collect();
    let same_table = |here: &QualifiedName, there: &QualifiedName| {
        let pair = by_documented.get(here).and_then(|at| pairs.get(*at));
        pair.map_or(here.name == there.name, |pair: &Pair<'_>| pair.implemented.name == *there)
    };
    let columns: Vec<_> =
        pairs.iter().map(|pair| renamed_columns(&like, pair, &same_table)).collect();
    for (pair, (renamed, columns)) in pairs.iter_mut().zip(columns) {
        pair.renamed_columns = renamed;
        pair.columns = columns;
    }
    Pairing { pairs, undocumented, unimplemented, by_documented }
}

/// The bare names that only one table of a list has.
fn once(list: &[&Table]) -> BTreeSet<String> {
    only(list.iter().map(|table| table.name.name.clone()))
}

/// The same without regard to letters, in lower case.
fn once_in_any_case(list: &[&Table]) -> BTreeSet<String> {
    only(list.iter().map(|table| table.name.name.to_lowercase()))
}

/// The names that come only once.
fn only(names: impl Iterator<Item = String>) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        *seen.entry(name).or_default() += 1;
    }
    seen.into_iter().filter(|(_, times)| *times == 1).map(|(name, _)| name).collect()
}

/// Tables that a document would describe: no partitions, nothing temporary, no tool's own.
fn own_tables(catalog: &Catalog) -> impl Iterator<Item = &Table> {
    catalog.tables.values().filter(|table| {
        table.partition_of.is_none()
            && !table.temporary
            && !BOOKKEEPING.contains(&table.name.name.as_str())
    })
}

/// Moves every couple with one key from the two lists into the pairs.
fn take<'a>(
    documented: &mut Vec<&'a Table>,
    implemented: &mut Vec<&'a Table>,
    pairs: &mut Vec<Pair<'a>>,
    key: impl Fn(&Table) -> Option<String>,
) {
    let mut there: BTreeMap<String, &'a Table> =
        implemented.iter().filter_map(|table| Some((key(table)?, *table))).collect();
    let mut taken: BTreeSet<&QualifiedName> = BTreeSet::new();
    documented.retain(|table| {
        let Some(other) = key(table).and_then(|key| there.remove(&key)) else { return true };
        taken.insert(&other.name);
        pairs.push(Pair::new(table, other, None));
        false
    });
    implemented.retain(|table| !taken.contains(&table.name));
}

/// Tables that swapped names: under its own name neither holds anything of what it held, under the
/// other's all of it.
fn swapped(like: &Likeness<'_>, pairs: &mut [Pair<'_>]) {
    /// So many tables that share nothing but their name are no swap but another schema.
    const MOST: usize = 64;
    let strangers: Vec<usize> = pairs
        .iter()
        .enumerate()
        .filter(|(_, pair)| {
            like.telling(pair.documented).count() >= 2
                && like.telling(pair.implemented).count() >= 2
                && like.shared(pair.documented, pair.implemented) == 0
        })
        .map(|(at, _)| at)
        .collect();
    if strangers.len() > MOST {
        return;
    }
    let mut done: BTreeSet<usize> = BTreeSet::new();
    for (position, at) in strangers.iter().enumerate() {
        for other in strangers.iter().skip(position + 1) {
            let (Some(one), Some(two)) = (pairs.get(*at), pairs.get(*other)) else { continue };
            let crossed = like.percent(one.documented, two.implemented).filter(|sure| *sure >= 60);
            let back = like.percent(two.documented, one.implemented).filter(|sure| *sure >= 60);
            let (Some(crossed), Some(back)) = (crossed, back) else { continue };
            if done.contains(at) || done.contains(other) {
                continue;
            }
            done.extend([*at, *other]);
            let (first, second) = (one.implemented, two.implemented);
            if let Some(one) = pairs.get_mut(*at) {
                one.implemented = second;
                one.confidence = Some(crossed.min(99));
            }
            if let Some(two) = pairs.get_mut(*other) {
                two.implemented = first;
                two.confidence = Some(back.min(99));
            }
        }
    }
}

/// Pairs tables of different names that hold the same: each the other's best and only likely match.
fn renamed<'a>(
    like: &Likeness<'_>,
    unimplemented: &mut Vec<&'a Table>,
    undocumented: &mut Vec<&'a Table>,
    pairs: &mut Vec<Pair<'a>>,
) {
    /// A column that more tables than this have tells nothing about any of them.
    const COMMON: usize = 40;
    let mut holders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, table) in undocumented.iter().enumerate() {
        for column in like.telling(table) {
            holders.entry(&column.name).or_default().push(at);
        }
    }
    let mut scores: Vec<(usize, &Table, &Table)> = Vec::new();
    for table in unimplemented.iter() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for column in like.telling(table) {
            let found = holders.get(column.name.as_str()).filter(|found| found.len() <= COMMON);
            for at in found.into_iter().flatten() {
                *shared.entry(*at).or_default() += 1;
            }
        }
        for (at, times) in shared {
            let Some(other) = undocumented.get(at).filter(|_| times >= 2) else { continue };
            if let Some(score) = like.likely(table, other) {
                scores.push((score, table, other));
            }
        }
    }
    // Two candidates for one table prove nothing about either.
    let mut times: BTreeMap<(bool, &QualifiedName), usize> = BTreeMap::new();
    for (_, table, other) in &scores {
        *times.entry((true, &table.name)).or_default() += 1;
        *times.entry((false, &other.name)).or_default() += 1;
    }
    let lonely = |here: bool, name: &QualifiedName| times.get(&(here, name)) == Some(&1);
    let found: Vec<(usize, &Table, &Table)> = scores
        .iter()
        .filter(|(_, table, other)| lonely(true, &table.name) && lonely(false, &other.name))
        .copied()
        .collect();
    let here: BTreeSet<&QualifiedName> = found.iter().map(|(_, table, _)| &table.name).collect();
    let there: BTreeSet<&QualifiedName> = found.iter().map(|(_, _, other)| &other.name).collect();
    unimplemented.retain(|table| !here.contains(&table.name));
    undocumented.retain(|table| !there.contains(&table.name));
    pairs.extend(
        found.into_iter().map(|(score, table, other)| Pair::new(table, other, Some(score))),
    );
}

/// How alike tables of the two sides are.
struct Likeness<'s> {
    documented: &'s Catalog,
    implemented: &'s Catalog,
    standard: &'s Standard,
}

impl Likeness<'_> {
    /// The columns that tell a table from others: not those that every table of a product has.
    fn telling<'t>(&self, table: &'t Table) -> impl Iterator<Item = &'t Column> {
        let standard = self.standard;
        let common = [
            "id",
            standard.timestamps.created.as_str(),
            standard.timestamps.updated.as_str(),
            standard.soft_delete.column.as_str(),
            standard.tenancy.column.as_str(),
        ];
        table.columns.iter().filter(move |column| !common.contains(&column.name.as_str()))
    }

    fn same_type(&self, one: &Column, other: &Column) -> bool {
        same_type(self.documented, &one.data_type, self.implemented, &other.data_type)
    }

    /// How many telling columns two tables share by name and type.
    fn shared(&self, table: &Table, other: &Table) -> usize {
        let shared = |column: &&Column| {
            other.column(&column.name).is_some_and(|found| self.same_type(column, found))
        };
        self.telling(table).filter(shared).count()
    }

    /// Of all telling columns of both, how many per cent they share.
    fn percent(&self, table: &Table, other: &Table) -> Option<usize> {
        let shared = self.shared(table, other);
        let union = self.telling(table).count() + self.telling(other).count() - shared;
        (union > 0).then(|| shared * 100 / union)
    }

    /// How likely two tables of different names are one, in percent; `None` when that is not likely.
    fn likely(&self, table: &Table, other: &Table) -> Option<usize> {
        let (shared, percent) = (self.shared(table, other), self.percent(table, other)?);
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
        let same_comment = table.comment.as_ref().is_some_and(|comment| {
            other.comment.as_ref().is_some_and(|found| found.text == comment.text)
        });
        let likely = related_tables(&table.name.name, &other.name.name)
            || (same_comment && shared >= 3)
            || (shared >= 4 && percent >= 80 && (shared_keys > 0 || shared >= 6));
        likely.then_some(percent.min(99))
    }
}

/// Couples of columns of a pair that are one under two names, each the other's only likely match.
fn renamed_columns<'a>(
    like: &Likeness<'_>,
    pair: &Pair<'a>,
    same_table: &dyn Fn(&QualifiedName, &QualifiedName) -> bool,
) -> (Vec<RenamedColumn<'a>>, BTreeMap<String, String>) {
    let (documented, implemented) = (pair.documented, pair.implemented);
    let mut missing: Vec<&Column> = documented
        .columns
        .iter()
        .filter(|column| implemented.column(&column.name).is_none())
        .collect();
    let mut added: Vec<&Column> = implemented
        .columns
        .iter()
        .filter(|column| documented.column(&column.name).is_none())
        .collect();
    let mut columns = BTreeMap::new();
    // Another idiom of soft deletes is told as such, and its column means the standard's.
    let soft = like.standard.soft_delete.column.as_str();
    if missing.iter().any(|column| column.name == soft)
        && let Some(idiom) =
            SOFT_DELETE_IDIOMS.iter().find(|name| added.iter().any(|column| column.name == **name))
    {
        columns.insert(soft.to_owned(), (*idiom).to_owned());
        missing.retain(|column| column.name != soft);
        added.retain(|column| column.name != *idiom);
    }
    let sure = |one: &Column, other: &Column| -> Option<usize> {
        if !like.same_type(one, other) {
            return None;
        }
        let said = |column: &Column| column.comment.as_ref().map(|comment| comment.text.clone());
        if said(one).is_some() && said(one) == said(other) {
            Some(95)
        } else if related_columns(&one.name, &other.name) {
            Some(90)
        } else if same_target(pair, &one.name, &other.name, same_table) {
            Some(80)
        } else {
            same_place(pair, &one.name, &other.name).then_some(70)
        }
    };
    let mut couples: Vec<(&Column, &Column, usize)> = Vec::new();
    for one in &missing {
        let mut candidates = added.iter().filter_map(|other| Some((*other, sure(one, other)?)));
        if let (Some((other, percent)), None) = (candidates.next(), candidates.next())
            && missing.iter().filter(|rival| sure(rival, other).is_some()).count() == 1
        {
            couples.push((one, other, percent));
        }
    }
    columns.extend(couples.iter().map(|(one, other, _)| (one.name.clone(), other.name.clone())));
    (couples, columns)
}

/// Whether two columns are each the only foreign key of its table to one target.
fn same_target(
    pair: &Pair<'_>,
    one: &str,
    other: &str,
    same_table: &dyn Fn(&QualifiedName, &QualifiedName) -> bool,
) -> bool {
    let target = |table: &Table, column: &str| {
        let keys: Vec<_> =
            table.foreign_keys().filter(|(_, key)| key.columns == [column]).collect();
        let [(_, key)] = keys.as_slice() else { return None };
        let times =
            table.foreign_keys().filter(|(_, other)| other.references == key.references).count();
        (times == 1).then(|| key.references.clone())
    };
    let (Some(here), Some(there)) = (target(pair.documented, one), target(pair.implemented, other))
    else {
        return false;
    };
    same_table(&here, &there)
}
