//! What each table is for: by the standard, by a directive, else inferred from evidence.

mod lexicon;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Catalog, QualifiedName, Table};

use crate::directive::Directives;
use crate::facts::words::{has_phrase, words};
use crate::{Class, Standard};
use lexicon::{
    CLINICAL, CLINICAL_COLUMN, CLINICAL_QUALIFIER, FINANCIAL, IDENTITY, LOG, LOGIN_COLUMN,
    MONEY_COLUMN, OPERATIONAL, PERSON, PERSONAL_COLUMN, REFERENCE, TOOL_TABLES,
};

/// A table's class and what shows it.
#[derive(Clone, Debug)]
pub(crate) struct Classification {
    /// The class.
    pub(crate) class: Class,
    /// Why, in one sentence part ("its name says `appointment`").
    pub(crate) because: String,
}

impl Classification {
    fn new(class: Class, because: impl Into<String>) -> Self {
        Self { class, because: because.into() }
    }
}

/// Classifies every table.
///
/// What a table says by itself comes first; then classes flow outward along foreign keys from the
/// tables of patients, round by round, so that the result does not depend on any order.
pub(crate) fn classify(
    catalog: &Catalog,
    standard: &Standard,
    directives: &Directives,
) -> BTreeMap<QualifiedName, Classification> {
    let mut found: BTreeMap<QualifiedName, Classification> = BTreeMap::new();
    let mut open: Vec<(&Table, Scores)> = Vec::new();
    for table in catalog.tables.values() {
        match settled(catalog, table, standard, directives) {
            Some(classification) => {
                found.insert(table.name.clone(), classification);
            }
            None => open.push((table, Scores::of(table))),
        }
    }
    spread(&open, &mut found);
    for (table, scores) in open {
        if !found.contains_key(&table.name) {
            found.insert(table.name.clone(), by_itself(table, &scores));
        }
    }
    // A partition holds its parent's rows, whatever its own name says.
    for table in catalog.tables.values() {
        let Some(partition) = &table.partition_of else { continue };
        if let Some(parent) = found.get(&partition.parent).cloned() {
            let because = format!("it is a partition of `{}`", partition.parent);
            found.insert(table.name.clone(), Classification { because, ..parent });
        }
    }
    found
}

/// Settles the tables that are clinical, by their own names or by the parent their rows belong to.
///
/// Each round looks at the tables that refer to those the last one settled, so that every foreign
/// key is followed once, however long the chains are.
fn spread(open: &[(&Table, Scores)], found: &mut BTreeMap<QualifiedName, Classification>) {
    let mut children: BTreeMap<&QualifiedName, BTreeSet<usize>> = BTreeMap::new();
    for (at, (table, _)) in open.iter().enumerate() {
        for (_, key) in table.foreign_keys() {
            children.entry(&key.references).or_default().insert(at);
        }
    }
    let mut candidates: BTreeSet<usize> = (0..open.len()).collect();
    while !candidates.is_empty() {
        let mut reached = Vec::new();
        for (table, scores) in candidates.iter().filter_map(|at| open.get(*at)) {
            if found.contains_key(&table.name) {
                continue;
            }
            if scores.with_path() == Some(Class::Clinical)
                && let Some(path) = path_to_patient(table, found)
            {
                let because = if scores.clinical > 0 {
                    format!("{}, and {path}", scores.because(Class::Clinical))
                } else {
                    path
                };
                reached.push((&table.name, Classification::new(Class::Clinical, because)));
            } else if scores.alone() == Some(Class::Clinical) && !is_catalogue(table, scores) {
                let because = scores.because(Class::Clinical);
                reached.push((&table.name, Classification::new(Class::Clinical, because)));
            }
        }
        candidates =
            reached.iter().filter_map(|(name, _)| children.get(name)).flatten().copied().collect();
        found.extend(reached.into_iter().map(|(name, class)| (name.clone(), class)));
    }
}

/// A class that needs no inference, or that nothing else can overrule.
fn settled(
    catalog: &Catalog,
    table: &Table,
    standard: &Standard,
    directives: &Directives,
) -> Option<Classification> {
    if let Some(class) = directives.class(&table.name) {
        let because = "its comment says so";
        return Some(Classification::new(class, because));
    }
    if let Some(entry) = standard.class_of(&table.name) {
        let because = format!("the standard's pattern `{}` names it", entry.pattern);
        return Some(Classification::new(entry.class, because));
    }
    if TOOL_TABLES.contains(&table.name.name.to_lowercase().as_str()) {
        let because = "a migration tool keeps it for itself";
        return Some(Classification::new(Class::Reference, because));
    }
    if crate::standard::matches_pattern(&standard.audit.table, &table.name) {
        let because = "it is the standard's audit table";
        return Some(Classification::new(Class::Audit, because));
    }
    if standard.is_tenant_table(&table.name) {
        let because = "it is the table of tenants, to which every account belongs";
        return Some(Classification::new(Class::Identity, because));
    }
    let words = words(&table.name.name);
    if is_audit_log(catalog, table, &words) {
        let because = "it is an append-only log of actions";
        return Some(Classification::new(Class::Audit, because));
    }
    // Only a name that is a person and nothing more is the table of patients itself.
    if let [word] = words.as_slice()
        && (word == "patient"
            || PERSON.contains(&word.as_str()) && column_word(table, CLINICAL_COLUMN).is_some())
    {
        let because = "its rows are the patients";
        return Some(Classification::new(Class::Clinical, because));
    }
    None
}

/// A log: named as one, says what was done by whom and when, and nothing refers to it.
fn is_audit_log(catalog: &Catalog, table: &Table, words: &[String]) -> bool {
    let named_audit = words.iter().any(|word| word == "audit" || word == "auditlog");
    let named_log = words.last().is_some_and(|word| LOG.contains(&word.as_str()));
    let has = |candidates: &[&str]| {
        table.columns.iter().any(|column| {
            let column = self::words(&column.name);
            candidates.iter().any(|candidate| has_phrase(&column, candidate))
        })
    };
    let action = has(&["action", "operation", "event", "verb", "op", "tg op", "activity"]);
    let actor = has(&[
        "actor",
        "user",
        "changed by",
        "performed by",
        "who",
        "modified by",
        "created by",
        "session",
    ]);
    let subject = has(&[
        "resource", "entity", "object", "record", "row", "target", "table", "old", "new",
        "changes", "change", "before", "after", "diff",
    ]);
    if named_audit {
        return action || actor || subject || named_log;
    }
    // Looked up last, because it looks at every table.
    named_log && action && actor && subject && !is_referenced(catalog, table)
}

/// Whether another table's foreign key refers to this one.
fn is_referenced(catalog: &Catalog, table: &Table) -> bool {
    catalog.tables.values().any(|other| {
        other.name != table.name
            && other.foreign_keys().any(|(_, key)| key.references == table.name)
    })
}

/// How strongly a table's own name speaks for each class.
#[derive(Debug, Default)]
struct Scores {
    clinical: u32,
    financial: u32,
    identity: u32,
    operational: u32,
    reference: u32,
    /// The word behind each non-zero score, by class.
    said: BTreeMap<Class, String>,
}

impl Scores {
    fn of(table: &Table) -> Self {
        let mut scores = Self::default();
        let words = words(&table.name.name);
        let last = words.len().saturating_sub(1);
        for (at, word) in words.iter().enumerate() {
            let word = word.as_str();
            // The last word is the noun that the others describe.
            let weight = if at == last { 2 } else { 1 };
            let mut note = |class: Class, list: &[&str], weight: u32| {
                if !list.contains(&word) {
                    return 0;
                }
                scores.said.entry(class).or_insert_with(|| word.to_owned());
                weight
            };
            let qualifier = at != last && CLINICAL_QUALIFIER.contains(&word);
            let clinical = note(Class::Clinical, CLINICAL, if qualifier { 3 } else { weight });
            let financial = note(Class::Financial, FINANCIAL, weight);
            let identity = note(Class::Identity, IDENTITY, weight);
            let operational = note(Class::Operational, OPERATIONAL, weight);
            let reference = note(Class::Reference, REFERENCE, weight);
            scores.clinical += clinical;
            scores.financial += financial;
            scores.identity += identity;
            scores.operational += operational;
            scores.reference += reference;
        }
        scores
    }

    fn best(&self, clinical: u32) -> Option<Class> {
        let ranked = [
            (clinical, Class::Clinical),
            (self.financial, Class::Financial),
            (self.identity, Class::Identity),
            (self.operational, Class::Operational),
            // A list's word decides only where it is the noun (`diagnosis_codes`) and then wins a
            // tie, because what it lists is named before it.
        ];
        let (score, class) = ranked.into_iter().reduce(|best, next| {
            // Ties go to the stricter class, which stands first.
            if next.0 > best.0 { next } else { best }
        })?;
        (score > 0).then_some(class)
    }

    /// The class the name alone gives.
    fn alone(&self) -> Option<Class> {
        self.best(self.clinical)
    }

    /// The class when rows also belong to a patient: the path counts as one more clinical word
    /// where the name has none, so that money and work named as such stay what they are.
    fn with_path(&self) -> Option<Class> {
        self.best(self.clinical.max(1))
    }

    fn because(&self, class: Class) -> String {
        match self.said.get(&class) {
            Some(word) => format!("its name says `{word}`"),
            None => "its name says so".to_owned(),
        }
    }
}

/// The foreign key or column by which a table's rows belong to a patient.
fn path_to_patient(
    table: &Table,
    found: &BTreeMap<QualifiedName, Classification>,
) -> Option<String> {
    let clinical = |name: &QualifiedName| {
        *name != table.name && found.get(name).is_some_and(|known| known.class == Class::Clinical)
    };
    let is_patient = |name: &QualifiedName| {
        let words = words(&name.name);
        words.len() == 1 && words.iter().all(|word| PERSON.contains(&word.as_str()))
    };
    let mut keys: Vec<_> =
        table.foreign_keys().filter(|(_, key)| clinical(&key.references)).collect();
    // A key to the patients themselves says most.
    keys.sort_by_key(|(constraint, key)| (!is_patient(&key.references), constraint.name.clone()));
    for (_, key) in keys {
        // An optional link to something clinical is a mention, not an owner; to a patient it counts.
        let required = key
            .columns
            .iter()
            .all(|name| table.column(name).is_some_and(|column| !column.nullable));
        if required || is_patient(&key.references) {
            let columns = key.columns.join(", ");
            let because = if is_patient(&key.references) {
                format!("its rows belong to a patient (`{columns}` → `{}`)", key.references)
            } else {
                format!("its rows belong to a patient through `{}` (`{columns}`)", key.references)
            };
            return Some(because);
        }
    }
    // Without a foreign key the column's name still says it.
    table
        .columns
        .iter()
        .find(|column| words(&column.name) == ["patient", "id"])
        .map(|column| format!("its rows belong to a patient (`{}`)", column.name))
}

/// A list that describes nobody: no link to a person, and the columns or the name of a list.
fn is_catalogue(table: &Table, scores: &Scores) -> bool {
    let links_person = table.columns.iter().any(|column| {
        let words = words(&column.name);
        matches!(words.as_slice(), [word, id] if id == "id"
            && ["patient", "person", "user", "member", "client", "sender", "author", "provider"]
                .contains(&word.as_str()))
    });
    if links_person || column_word(table, PERSONAL_COLUMN).is_some() {
        return false;
    }
    let versioned = ["code", "version", "slug", "sort_order", "key"]
        .iter()
        .any(|name| table.column(name).is_some());
    let last_is_list =
        words(&table.name.name).last().is_some_and(|word| REFERENCE.contains(&word.as_str()));
    scores.reference > 0 && last_is_list || versioned
}

/// The class of a table that no patient's path reached.
fn by_itself(table: &Table, scores: &Scores) -> Classification {
    let word_of = |class: Class| scores.because(class);
    let class = scores.alone();
    if is_catalogue(table, scores)
        && (class.is_none() || class == Some(Class::Clinical) || scores.reference >= 2)
        && column_word(table, LOGIN_COLUMN).is_none()
        // A price list is money all the same.
        && class != Some(Class::Financial)
    {
        let because = "it lists things and describes nobody";
        return Classification::new(Class::Reference, because);
    }
    if let Some(class) = class {
        return Classification::new(class, word_of(class));
    }
    let by_column = [
        (Class::Clinical, CLINICAL_COLUMN, "about a person's health"),
        (Class::Financial, MONEY_COLUMN, "of money"),
        (Class::Identity, LOGIN_COLUMN, "of a login"),
        (Class::Identity, PERSONAL_COLUMN, "of a person"),
    ];
    for (class, list, what) in by_column {
        if let Some(column) = column_word(table, list) {
            let because = format!("it has a column {what} (`{column}`)");
            return Classification::new(class, because);
        }
    }
    if scores.reference > 0 {
        return Classification::new(Class::Reference, word_of(Class::Reference));
    }
    let person = table.columns.iter().find(|column| {
        let words = words(&column.name);
        words.len() > 1
            && words.last().is_some_and(|word| word == "id")
            && words.iter().any(|word| matches!(word.as_str(), "user" | "person" | "member"))
    });
    if let Some(column) = person {
        let because = format!("its rows belong to an account (`{}`)", column.name);
        return Classification::new(Class::Operational, because);
    }
    let because = "nothing in it refers to a person, money or an account";
    Classification::new(Class::Reference, because)
}

/// The first column with one of these words in its name.
fn column_word<'a>(table: &'a Table, list: &[&str]) -> Option<&'a str> {
    table
        .columns
        .iter()
        .find(|column| {
            let words = words(&column.name);
            // A key to an account is no personal fact of the row.
            words.iter().any(|word| list.contains(&word.as_str()))
                || has_phrase(&words, "first name") && list.contains(&"firstname")
                || has_phrase(&words, "last name") && list.contains(&"lastname")
                || has_phrase(&words, "birth date") && list.contains(&"birthdate")
                || has_phrase(&words, "date of birth") && list.contains(&"dob")
        })
        .map(|column| column.name.as_str())
}
