//! The picture of a reviewed schema: its entity-relationship diagram.
//!
//! Here is what stands in the boxes and what connects them; [`layout`] decides where they stand, and
//! `svg` draws them.

pub mod layout;
mod svg;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Catalog, ConstraintKind, ReferentialAction, Table, TableKind};

use crate::json::{self, Review};

pub use layout::{Detail, Extract, Focus};
pub use svg::{Colours, Form, svg};

/// What a diagram shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagram {
    /// The tables, in the order of their names.
    pub tables: Vec<DiagramTable>,
}

/// A table of a diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagramTable {
    /// `schema.name` without `public.`, as in the review.
    pub table: String,
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its class; `unclassified` where the review does not tell one.
    pub class: String,
    /// The worst verdict of its controls: `unmet`, `undecided`, `met` or `not_applicable`.
    pub verdict: String,
    /// Its controls that are unmet.
    pub unmet: Vec<String>,
    /// Its controls that are undecided.
    pub undecided: Vec<String>,
    /// Its columns in order.
    pub columns: Vec<DiagramColumn>,
    /// Its foreign keys in the order of their creation.
    pub foreign_keys: Vec<DiagramKey>,
    /// The partitioned table that it is a partition of, as in `table`.
    pub partition_of: Option<String>,
    /// The tables that it inherits from, as in `table`.
    pub inherits: Vec<String>,
    /// Strategy and key of a partitioned table (`RANGE (created_at)`).
    pub partitioned_by: Option<String>,
}

/// A column of a diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagramColumn {
    /// Its name.
    pub name: String,
    /// Its type as SQL writes it.
    pub data_type: String,
    /// It is part of the primary key.
    pub primary_key: bool,
    /// It is part of a foreign key.
    pub foreign_key: bool,
    /// It takes no null.
    pub not_null: bool,
    /// What it holds of a person, where the review recognised that.
    pub sensitive: Option<String>,
    /// The letter of 45 CFR 164.514(b)(2)(i), where it is one of the identifiers there.
    pub letter: Option<String>,
}

/// A foreign key of a diagram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiagramKey {
    /// The constraint's name.
    pub name: String,
    /// The referencing columns.
    pub columns: Vec<String>,
    /// The referenced table, as in `table`; it need not be in the diagram.
    pub target: String,
    /// The referenced columns.
    pub target_columns: Vec<String>,
    /// `NO ACTION`, `RESTRICT`, `CASCADE`, `SET NULL` or `SET DEFAULT`.
    pub on_delete: String,
    /// The same of `ON UPDATE`.
    pub on_update: String,
    /// A row may reference nothing: one of the columns takes a null.
    pub optional: bool,
    /// At most one row references another: the columns hold a key of their own table.
    pub unique: bool,
    /// It was never validated.
    pub not_valid: bool,
}

/// The diagram of a reviewed catalog.
pub fn diagram(catalog: &Catalog, review: &Review) -> Diagram {
    let judged: BTreeMap<(&str, &str), &json::Table> = review
        .tables
        .iter()
        .map(|table| ((table.schema.as_str(), table.name.as_str()), table))
        .collect();
    let identifiers: BTreeMap<(&str, &str), &json::Identifier> = review
        .identifiers
        .iter()
        .map(|found| ((found.table.as_str(), found.column.as_str()), found))
        .collect();
    let tables = catalog.tables.values().map(|table| {
        let name = table.name.to_string();
        let found = judged.get(&(table.name.schema.as_str(), table.name.name.as_str()));
        let of = |verdict: &str| -> Vec<String> {
            let controls = found.iter().flat_map(|found| &found.controls);
            let controls = controls.filter(|(_, control)| control.verdict == verdict);
            controls.map(|(name, _)| name.clone()).collect()
        };
        let (unmet, undecided) = (of("unmet"), of("undecided"));
        let verdict = match () {
            () if !unmet.is_empty() => "unmet",
            () if !undecided.is_empty() => "undecided",
            () if !of("met").is_empty() => "met",
            () => "not_applicable",
        };
        DiagramTable {
            columns: columns(table, &name, &identifiers),
            foreign_keys: foreign_keys(table),
            schema: table.name.schema.clone(),
            name: table.name.name.clone(),
            class: found.map_or("unclassified", |found| &found.class).to_owned(),
            verdict: verdict.to_owned(),
            unmet,
            undecided,
            partition_of: table.partition_of.as_ref().map(|found| found.parent.to_string()),
            inherits: table.inherits.iter().map(ToString::to_string).collect(),
            partitioned_by: match &table.kind {
                TableKind::Partitioned { key } => Some(key.clone()),
                TableKind::Ordinary | TableKind::Foreign { .. } => None,
            },
            table: name,
        }
    });
    Diagram { tables: tables.collect() }
}

fn columns(
    table: &Table,
    name: &str,
    identifiers: &BTreeMap<(&str, &str), &json::Identifier>,
) -> Vec<DiagramColumn> {
    let primary: BTreeSet<&str> = table
        .primary_key()
        .map(|(_, columns)| columns.iter().map(String::as_str).collect())
        .unwrap_or_default();
    let foreign: BTreeSet<&str> =
        table.foreign_keys().flat_map(|(_, key)| &key.columns).map(String::as_str).collect();
    let columns = table.columns.iter().map(|column| {
        let found = identifiers.get(&(name, column.name.as_str()));
        DiagramColumn {
            name: column.name.clone(),
            data_type: column.data_type.to_string(),
            primary_key: primary.contains(column.name.as_str()),
            foreign_key: foreign.contains(column.name.as_str()),
            not_null: !column.nullable,
            sensitive: found.map(|found| found.kind.clone()),
            letter: found.and_then(|found| found.letter.clone()),
        }
    });
    columns.collect()
}

fn foreign_keys(table: &Table) -> Vec<DiagramKey> {
    let unique: Vec<BTreeSet<&str>> = unique_keys(table);
    let keys = table.foreign_keys().map(|(constraint, key)| {
        let own: BTreeSet<&str> = key.columns.iter().map(String::as_str).collect();
        let nullable = |name: &String| table.column(name).is_some_and(|column| column.nullable);
        DiagramKey {
            name: constraint.name.clone(),
            target: key.references.to_string(),
            target_columns: key.referenced_columns.clone(),
            on_delete: action(&key.on_delete).to_owned(),
            on_update: action(&key.on_update).to_owned(),
            optional: key.columns.iter().any(nullable),
            unique: unique.iter().any(|unique| unique.is_subset(&own)),
            not_valid: constraint.not_valid,
            columns: key.columns.clone(),
        }
    });
    keys.collect()
}

/// The column sets that no two rows share: keys, unique constraints, and unique indexes of columns over
/// all rows.
fn unique_keys(table: &Table) -> Vec<BTreeSet<&str>> {
    let constraints = table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        // The columns of a temporal key are shared by rows of different periods.
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. }
            if !constraint.temporal =>
        {
            Some(columns.iter().map(String::as_str).collect())
        }
        _ => None,
    });
    let whole = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
    let indexes = whole.filter_map(|index| {
        let columns = index.keys.iter().map(|key| match &key.key {
            schemaward_catalog::IndexKeyKind::Column(name) => Some(name.as_str()),
            schemaward_catalog::IndexKeyKind::Expression(_) => None,
        });
        columns.collect()
    });
    constraints.chain(indexes).collect()
}

fn action(action: &ReferentialAction) -> &'static str {
    match action {
        ReferentialAction::NoAction => "NO ACTION",
        ReferentialAction::Restrict => "RESTRICT",
        ReferentialAction::Cascade => "CASCADE",
        ReferentialAction::SetNull(_) => "SET NULL",
        ReferentialAction::SetDefault(_) => "SET DEFAULT",
    }
}
