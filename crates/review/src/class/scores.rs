//! How strongly a table's own name and columns speak for each class.

use std::collections::BTreeMap;

use schemaward_catalog::Table;

use super::lexicon::{
    ATTACHED, CARE, CLINICAL, CLINICAL_QUALIFIER, FINANCIAL, IDENTITY, OPERATIONAL, REFERENCE, WORK,
};
use crate::Class;
use crate::facts::words::words;
use crate::identifiers::Hints;

/// Points by class, with the word behind each.
#[derive(Debug, Default)]
pub(super) struct Scores {
    points: BTreeMap<Class, u32>,
    said: BTreeMap<Class, String>,
    /// A word for people who are there because of someone else (`emergency_contacts`).
    attached: bool,
    /// A column about a person's health.
    clinical_column: bool,
}

impl Scores {
    /// Counts the words of a name; `cares` says that the schema is about people's health.
    pub(super) fn of(table: &Table, hints: &Hints<'_>, cares: bool) -> Self {
        let mut scores = Self { clinical_column: hints.clinical.is_some(), ..Self::default() };
        let words = words(&table.name.name);
        let last = words.len().saturating_sub(1);
        for (at, word) in words.iter().enumerate() {
            let is = |list: &[&str]| list.contains(&word.as_str());
            // The last word is the noun that the others describe.
            let weight = if at == last { 2 } else { 1 };
            let clinical = is(CLINICAL) || cares && is(CARE);
            if clinical {
                let qualifies = at != last && is(CLINICAL_QUALIFIER);
                scores.add(Class::Clinical, if qualifies { 3 } else { weight }, word);
            } else if is(CARE) {
                scores.add(Class::Operational, 1, word);
            }
            // What one subscribes to without paying is no money.
            let free = word == "subscription"
                && words.iter().any(|word| {
                    matches!(word.as_str(), "push" | "webhook" | "newsletter" | "topic" | "event")
                });
            if free {
                scores.add(Class::Identity, weight, word);
            } else if is(FINANCIAL) {
                // An order of a medicine or a test is no purchase.
                let medical = word == "order" && scores.clinical() > 0;
                scores.add(Class::Financial, if medical { 1 } else { 2 }, word);
            }
            scores.attached |= is(ATTACHED);
            if is(IDENTITY) && !(word == "session" && cares && !lets_in(table, hints)) {
                let broad = matches!(word.as_str(), "authorization" | "verification" | "license");
                scores.add(Class::Identity, if broad { 1 } else { weight }, word);
            } else if word == "session" {
                scores.add(Class::Clinical, weight, word);
            }
            if clinical {
                // Where people are cared for, a visit is no piece of work.
            } else if is(WORK) {
                scores.add(Class::Operational, 1, word);
            } else if is(OPERATIONAL) {
                scores.add(Class::Operational, weight, word);
            }
            if is(REFERENCE) {
                scores.add(Class::Reference, weight, word);
            }
        }
        scores
    }

    /// Whether a table's name alone shows that the schema is about people's health.
    pub(super) fn names_care(table: &Table) -> bool {
        const PLANNED: &[&str] = &["plan", "team", "provider", "episode", "level", "gap"];
        let words = words(&table.name.name);
        let care = |pair: &[String]| matches!(pair, [care, what] if care == "care" && PLANNED.contains(&what.as_str()));
        words.iter().any(|word| CLINICAL.contains(&word.as_str()) && word != "health")
            || words.windows(2).any(care)
    }

    fn add(&mut self, class: Class, points: u32, word: &str) {
        *self.points.entry(class).or_default() += points;
        self.said.entry(class).or_insert_with(|| word.to_owned());
    }

    fn of_class(&self, class: Class) -> u32 {
        self.points.get(&class).copied().unwrap_or_default()
    }

    pub(super) fn clinical(&self) -> u32 {
        self.of_class(Class::Clinical)
    }

    pub(super) fn work(&self) -> u32 {
        self.of_class(Class::Operational)
    }

    pub(super) fn reference(&self) -> u32 {
        self.of_class(Class::Reference)
    }

    /// The class with the most points; ties go to the stricter one. A list's word never decides
    /// here: what is listed is named before it.
    fn best(&self, clinical: u32, identity: u32) -> Option<Class> {
        let ranked = [
            (clinical, Class::Clinical),
            (self.of_class(Class::Financial), Class::Financial),
            (identity, Class::Identity),
            (self.work(), Class::Operational),
        ];
        let (score, class) =
            ranked.into_iter().reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        (score > 0).then_some(class)
    }

    /// The class the name alone gives.
    pub(super) fn alone(&self) -> Option<Class> {
        self.best(self.clinical(), self.of_class(Class::Identity))
    }

    /// The class when rows also belong to a patient: the path counts as one more clinical word, and a
    /// column about health as another, so that money and work named as such stay what they are.
    pub(super) fn with_path(&self) -> Option<Class> {
        let identity = if self.attached { 0 } else { self.of_class(Class::Identity) };
        self.best(self.clinical() + 1 + u32::from(self.clinical_column), identity)
    }

    /// The word behind a class.
    pub(super) fn because(&self, class: Class) -> String {
        match self.said.get(&class) {
            Some(word) => format!("its name says `{word}`"),
            None => "its name says so".to_owned(),
        }
    }
}

/// A session that someone logs in to, as against one that two people meet in.
fn lets_in(table: &Table, hints: &Hints<'_>) -> bool {
    hints.login.is_some()
        || table.columns.iter().any(|column| {
            let words = words(&column.name);
            let says = |word: &str| words.iter().any(|own| own == word);
            says("token")
                || says("expire")
                || says("expiry")
                || says("ip")
                || says("agent")
                || words == ["user", "id"]
                || says("revoked")
        })
        || words(&table.name.name)
            .iter()
            .any(|word| matches!(word.as_str(), "user" | "login" | "web" | "auth"))
}
