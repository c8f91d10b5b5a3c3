//! What the columns of a schema hold of a person: identifiers, clinical facts, money, secrets.
//!
//! A name is read as an English compound: its last words say what the column holds, what stands
//! before them says whose. So `patient_home_phone` is a phone, and `phone_verified_at`, `phone_type`
//! and `has_phone` are none. The type must be able to hold the thing, and the table must be one where
//! the word means it: `name` is a person's in `patients` and a label in `countries`.

mod dictionary;
mod recognise;
mod subject;
mod tokens;

use std::collections::BTreeMap;

use schemaward_catalog::{Catalog, Column, QualifiedName, Table};

use crate::class::Classification;
use crate::{Class, Identifier, IdentifierGroup};
use recognise::recognise;
use subject::{People, Subject};
pub(crate) use tokens::Names;

/// A kind of thing that columns hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// What people call it.
    pub(crate) name: &'static str,
    /// Its letter in 45 CFR 164.514(b)(2)(i), where it is one of the identifiers there.
    pub(crate) letter: Option<char>,
    /// What it belongs to.
    pub(crate) group: IdentifierGroup,
    /// Whether nobody with access to the table should be able to read it as it is.
    pub(crate) secret: bool,
}

impl Kind {
    /// Whether it tells of a person's health, or who they are to a doctor or an office: a clinical fact,
    /// the number of a person, a record or a plan, the day of birth.
    pub(crate) fn tells_of_patient(&self) -> bool {
        self.group == IdentifierGroup::Clinical
            || matches!(self.letter, Some('G' | 'H' | 'I'))
            || *self == dictionary::BIRTH
    }

    /// Whether it makes a row protected health information: an identifier, or a clinical fact.
    pub(crate) fn is_protected(&self) -> bool {
        self.letter.is_some() || self.group == IdentifierGroup::Clinical
    }
}

/// A recognised column.
#[derive(Clone, Debug)]
pub(crate) struct Found<'a> {
    /// The column.
    pub(crate) column: &'a Column,
    /// What it holds.
    pub(crate) kind: &'static Kind,
    /// What shows it.
    pub(crate) because: String,
}

/// The recognised columns of every table that has any, in the order of the columns.
pub(crate) fn find<'a>(
    catalog: &'a Catalog,
    names: &Names<'a>,
    classes: &BTreeMap<QualifiedName, Classification>,
) -> BTreeMap<&'a QualifiedName, Vec<Found<'a>>> {
    let class_of = |name: &QualifiedName| classes.get(name).map(|found| found.class);
    let people = People::of(catalog, names, &class_of);
    let mut all = BTreeMap::new();
    for table in catalog.tables.values().filter(|table| crate::context::is_reviewed(table)) {
        let class = class_of(&table.name).unwrap_or(Class::Reference);
        let found = of_table(catalog, names, table, &Subject::of(table, class, &people));
        if !found.is_empty() {
            all.insert(&table.name, found);
        }
    }
    all
}

fn of_table<'a>(
    catalog: &Catalog,
    names: &Names<'a>,
    table: &'a Table,
    subject: &Subject,
) -> Vec<Found<'a>> {
    let found = table.columns.iter().filter_map(|column| {
        let (kind, because) = recognise(catalog, names, table, column, subject)?;
        Some(Found { column, kind, because })
    });
    found.collect()
}

/// What a table's columns say of it before its class is known: the first of each sort.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hints<'a> {
    /// A clinical fact, a medical record or health plan number.
    pub(crate) clinical: Option<&'a str>,
    /// A way in.
    pub(crate) login: Option<&'a str>,
    /// An account or card.
    pub(crate) account: Option<&'a str>,
    /// Something of a person.
    pub(crate) personal: Option<&'a str>,
}

/// Reads a table's columns as if it were about people.
pub(crate) fn hints<'a>(catalog: &Catalog, names: &Names<'a>, table: &'a Table) -> Hints<'a> {
    let mut hints = Hints::default();
    let subject = Subject::presumed(table, names);
    for found in of_table(catalog, names, table, &subject) {
        let name = found.column.name.as_str();
        let slot = match (found.kind.letter, found.kind.group) {
            (Some('H' | 'I'), _) | (_, IdentifierGroup::Clinical) => &mut hints.clinical,
            (_, IdentifierGroup::Secret) => &mut hints.login,
            (Some('J'), _) => &mut hints.account,
            // An address of a network is in every log; one of a street may be a place's.
            (Some('O'), _) => continue,
            (Some('B'), _) if table.foreign_keys().next().is_none() => continue,
            _ if *found.kind == dictionary::HARDWARE_ADDRESS => continue,
            _ => &mut hints.personal,
        };
        slot.get_or_insert(name);
    }
    hints
}

/// The same as a part of the review.
pub(crate) fn listed(all: &BTreeMap<&QualifiedName, Vec<Found<'_>>>) -> Vec<Identifier> {
    let rows = all.iter().flat_map(|(table, found)| {
        found.iter().map(|found| Identifier {
            table: (*table).clone(),
            column: found.column.name.clone(),
            letter: found.kind.letter,
            kind: found.kind.name,
            group: found.kind.group,
            because: found.because.clone(),
        })
    });
    rows.collect()
}
