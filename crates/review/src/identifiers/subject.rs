//! What a table is about, as far as it decides what its columns mean.

use std::collections::BTreeSet;

use schemaward_catalog::{Catalog, QualifiedName, Table};

use super::tokens::Names;
use crate::Class;
use crate::facts::words::words;

/// Words for a natural person.
pub(super) const PERSON: &[&str] = &[
    "admin",
    "administrator",
    "agent",
    "applicant",
    "author",
    "beneficiary",
    "borrower",
    "candidate",
    "caregiver",
    "carer",
    "child",
    "client",
    "clinician",
    "commenter",
    "contact",
    "contractor",
    "counterparty",
    "customer",
    "dependent",
    "doctor",
    "donor",
    "driver",
    "editor",
    "employee",
    "employer",
    "enrollee",
    "father",
    "follower",
    "guarantor",
    "guardian",
    "guest",
    "holder",
    "cardholder",
    "individual",
    "instructor",
    "investigator",
    "kin",
    "lead",
    "manager",
    "member",
    "mother",
    "nurse",
    "officer",
    "operator",
    "owner",
    "parent",
    "participant",
    "passenger",
    "patient",
    "person",
    "pharmacist",
    "physician",
    "player",
    "practitioner",
    "prescriber",
    "profile",
    "prospect",
    "provider",
    "recipient",
    "referrer",
    "relative",
    "resident",
    "respondent",
    "rider",
    "sender",
    "signatory",
    "signer",
    "sibling",
    "spouse",
    "staff",
    "student",
    "subscriber",
    "surgeon",
    "teacher",
    "technician",
    "teller",
    "tenant",
    "therapist",
    "user",
    "visitor",
    "volunteer",
    "witness",
    "worker",
];

/// Words for a place or an organisation, whose address and phone are nobody's own.
const PLACE: &[&str] = &[
    "agency",
    "bank",
    "branch",
    "building",
    "center",
    "centre",
    "clinic",
    "company",
    "department",
    "facility",
    "hospital",
    "institution",
    "insurer",
    "lab",
    "laboratory",
    "location",
    "office",
    "organisation",
    "organization",
    "payer",
    "pharmacy",
    "practice",
    "room",
    "school",
    "site",
    "store",
    "supplier",
    "team",
    "university",
    "vendor",
    "venue",
    "warehouse",
    "workspace",
];

/// The tables whose rows are people, or belong to them.
pub(super) struct People<'a> {
    /// Tables whose rows are people.
    persons: BTreeSet<&'a QualifiedName>,
    tables: BTreeSet<&'a QualifiedName>,
}

impl<'a> People<'a> {
    /// Tables of people by their names, their columns or their class.
    pub(super) fn of(
        catalog: &'a Catalog,
        names: &Names<'a>,
        class_of: &dyn Fn(&QualifiedName) -> Option<Class>,
    ) -> Self {
        let persons = catalog.tables.values().filter(|table| is_person(table, names));
        let persons: BTreeSet<&QualifiedName> = persons.map(|table| &table.name).collect();
        let tables = catalog.tables.values().filter(|table| {
            persons.contains(&table.name)
                || matches!(class_of(&table.name), Some(Class::Clinical | Class::Identity))
                    && !is_place(table)
        });
        let tables = tables.map(|table| &table.name).collect();
        Self { persons, tables }
    }
}

/// What a table is about.
pub(super) struct Subject {
    /// The words of its name.
    pub(super) words: Vec<String>,
    /// Its class.
    pub(super) class: Class,
    /// Its rows are people.
    pub(super) person: bool,
    /// Its rows are people or belong to people.
    pub(super) people: bool,
    /// Its rows are places or organisations.
    pub(super) place: bool,
}

impl Subject {
    /// Looks at a table's name, columns, class and foreign keys.
    pub(super) fn of(table: &Table, class: Class, people: &People<'_>) -> Self {
        let place = is_place(table);
        let person = people.persons.contains(&table.name);
        let belongs = || {
            table.foreign_keys().any(|(_, key)| people.tables.contains(&key.references))
                || table.columns.iter().any(|column| {
                    matches!(words(&column.name).as_slice(), [.., word, id]
                        if id == "id" && PERSON.contains(&word.as_str()))
                })
        };
        let people = person
            || !place && matches!(class, Class::Clinical | Class::Identity)
            || class != Class::Reference && belongs();
        Self { words: words(&table.name.name), class, person, people, place }
    }

    /// A table whose class is not known yet: people, unless its name is a place's.
    pub(super) fn presumed<'a>(table: &'a Table, names: &Names<'a>) -> Self {
        let (place, person) = (is_place(table), is_person(table, names));
        let words = words(&table.name.name);
        Self { words, class: Class::Identity, person, people: !place, place }
    }

    /// Whether its name has one of these words.
    pub(super) fn says(&self, list: &[&str]) -> bool {
        self.words.iter().any(|word| list.contains(&word.as_str()))
    }
}

/// A table of people: named as one, or with the columns that only people have.
fn is_person<'a>(table: &'a Table, names: &Names<'a>) -> bool {
    let name = words(&table.name.name);
    let last = name.last().map_or("", String::as_str);
    if PLACE.contains(&last) {
        return false;
    }
    // A list of kinds of people names no person.
    if PERSON.contains(&last) {
        return true;
    }
    table.columns.iter().any(|column| {
        let name = names.tokens(&column.name);
        let name: Vec<&str> = name.iter().map(String::as_str).collect();
        matches!(
            name.as_slice(),
            [.., "first" | "last" | "family" | "given" | "middle" | "maiden", "name"]
                | [.., "date", "of", "birth"]
                | [.., "birth", "date"]
                | ["email" | "password" | "username"]
                | ["email", "address"]
                | ["encrypted", "password"]
        )
    })
}

fn is_place(table: &Table) -> bool {
    words(&table.name.name).last().is_some_and(|word| PLACE.contains(&word.as_str()))
}
