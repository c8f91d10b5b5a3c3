//! What each table is for: by the standard, by a directive, else inferred from evidence.

mod lexicon;
mod scores;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Catalog, QualifiedName, Table};

use crate::directive::Directives;
use crate::facts::words::{has_phrase, words};
use crate::identifiers::{Hints, Names, hints};
use crate::standard::Profile;
use crate::{Class, Standard};
use lexicon::{LOG, MONEY_COLUMN, PERSON, PLACE, REFERENCE, TOOL_TABLES};
use scores::Scores;

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

/// A table that nothing settles at once, and what it says by itself.
struct Open<'a> {
    table: &'a Table,
    scores: Scores,
    hints: Hints<'a>,
}

/// Classifies every table.
///
/// What a table says by itself comes first; then classes flow outward along foreign keys from the
/// tables of patients, and after them from all others to those that say nothing, round by round, so
/// that the result does not depend on any order. Every table is settled once, so cycles end.
pub(crate) fn classify<'a>(
    catalog: &'a Catalog,
    names: &Names<'a>,
    standard: &Standard,
    directives: &Directives,
) -> BTreeMap<QualifiedName, Classification> {
    let schema = Schema::of(catalog, names, standard);
    let mut found: BTreeMap<QualifiedName, Classification> = BTreeMap::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    for table in catalog.tables.values() {
        if let Some(classification) = settled(&schema, table, standard, directives) {
            found.insert(table.name.clone(), classification);
            continue;
        }
        let hints = schema.hints.get(&table.name).copied().unwrap_or_default();
        let scores = Scores::of(table, &hints, schema.cares);
        open.push(Open { table, scores, hints });
    }
    spread(&open, &mut found);
    for Open { table, scores, hints } in &open {
        if !found.contains_key(&table.name)
            && let Some(classification) = by_itself(table, scores, hints)
        {
            found.insert(table.name.clone(), classification);
        }
    }
    inherit(&open, &mut found);
    for Open { table, scores, .. } in &open {
        if !found.contains_key(&table.name) {
            found.insert(table.name.clone(), by_default(table, scores));
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

/// What the schema as a whole says.
struct Schema<'a> {
    /// What the columns of each table say.
    hints: BTreeMap<&'a QualifiedName, Hints<'a>>,
    /// Tables that other tables refer to.
    referenced: BTreeSet<&'a QualifiedName>,
    /// The tables whose rows are the patients.
    patients: BTreeSet<&'a QualifiedName>,
    /// It is about people's health, so that `messages` and `notes` are about patients.
    cares: bool,
}

/// Fewer tables are a fragment, of which the rest may be a clinic's.
const FRAGMENT: usize = 6;

impl<'a> Schema<'a> {
    fn of(catalog: &'a Catalog, names: &Names<'a>, standard: &Standard) -> Self {
        let mut referenced: BTreeSet<&QualifiedName> = BTreeSet::new();
        let mut clinical_children: BTreeMap<&QualifiedName, usize> = BTreeMap::new();
        let mut cares = false;
        let mut hints_of = BTreeMap::new();
        let mut own: BTreeSet<&QualifiedName> = BTreeSet::new();
        for table in catalog.tables.values() {
            let said = hints(catalog, names, table);
            hints_of.insert(&table.name, said);
            let says = Scores::names_care(table) || said.clinical.is_some();
            cares |= says;
            if says {
                own.insert(&table.name);
            }
            for (_, key) in table.foreign_keys().filter(|(_, key)| key.references != table.name) {
                referenced.insert(&key.references);
                if says {
                    *clinical_children.entry(&key.references).or_default() += 1;
                }
            }
        }
        // Only a name that is a person and nothing more is the table of patients itself; of people
        // who are called otherwise, what is kept about them says it.
        let patients = catalog.tables.values().filter(|table| {
            let words = words(&table.name.name);
            let [word] = words.as_slice() else { return false };
            let children = clinical_children.get(&table.name).copied().unwrap_or_default();
            word == "patient"
                || PERSON.contains(&word.as_str()) && (own.contains(&table.name) || children >= 2)
        });
        let patients = patients.map(|table| &table.name).collect();
        let fragment = catalog.tables.len() < FRAGMENT && standard.profile == Profile::Hipaa;
        Self { hints: hints_of, referenced, patients, cares: cares || fragment }
    }
}

/// Settles the tables that are clinical, by their own names or by the parent their rows belong to.
///
/// Each round looks at the tables that refer to those the last one settled, so that every foreign
/// key is followed once, however long the chains are.
fn spread(open: &[Open<'_>], found: &mut BTreeMap<QualifiedName, Classification>) {
    let children = children(open);
    let mut candidates: BTreeSet<usize> = (0..open.len()).collect();
    while !candidates.is_empty() {
        let mut reached = Vec::new();
        for Open { table, scores, hints } in candidates.iter().filter_map(|at| open.get(*at)) {
            if found.contains_key(&table.name) {
                continue;
            }
            if scores.with_path() == Some(Class::Clinical)
                && let Some(path) = path_to_patient(table, found)
            {
                let because = if scores.clinical() > 0 {
                    format!("{}, and {path}", scores.because(Class::Clinical))
                } else {
                    path
                };
                reached.push((&table.name, Classification::new(Class::Clinical, because)));
            } else if scores.alone() == Some(Class::Clinical)
                && !is_catalogue(table, scores, hints)
                && !is_place(table)
            {
                let because = scores.because(Class::Clinical);
                reached.push((&table.name, Classification::new(Class::Clinical, because)));
            }
        }
        candidates =
            reached.iter().filter_map(|(name, _)| children.get(name)).flatten().copied().collect();
        found.extend(reached.into_iter().map(|(name, class)| (name.clone(), class)));
    }
}

/// The open tables that refer to each table.
fn children<'a>(open: &[Open<'a>]) -> BTreeMap<&'a QualifiedName, BTreeSet<usize>> {
    let mut children: BTreeMap<&QualifiedName, BTreeSet<usize>> = BTreeMap::new();
    for (at, Open { table, .. }) in open.iter().enumerate() {
        for (_, key) in table.foreign_keys() {
            children.entry(&key.references).or_default().insert(at);
        }
    }
    children
}

/// Settles the tables that say nothing themselves by what their rows belong to.
fn inherit(open: &[Open<'_>], found: &mut BTreeMap<QualifiedName, Classification>) {
    let children = children(open);
    let mut candidates: BTreeSet<usize> = (0..open.len()).collect();
    while !candidates.is_empty() {
        let mut reached = Vec::new();
        for Open { table, .. } in candidates.iter().filter_map(|at| open.get(*at)) {
            if found.contains_key(&table.name) {
                continue;
            }
            let parents = table.foreign_keys().filter_map(|(constraint, key)| {
                let class = found.get(&key.references)?.class;
                let class = match class {
                    Class::Financial => Class::Financial,
                    // What an account or a case has is not the account; an optional link to
                    // something clinical is a mention.
                    Class::Identity | Class::Operational | Class::Clinical => Class::Operational,
                    Class::Audit | Class::Reference => return None,
                };
                Some((class, &constraint.name, key))
            });
            if let Some((class, _, key)) = parents.min_by_key(|(class, name, _)| (*class, *name)) {
                let columns = key.columns.join(", ");
                let because = format!("its rows belong to `{}` (`{columns}`)", key.references);
                reached.push((&table.name, Classification::new(class, because)));
            }
        }
        candidates =
            reached.iter().filter_map(|(name, _)| children.get(name)).flatten().copied().collect();
        found.extend(reached.into_iter().map(|(name, class)| (name.clone(), class)));
    }
}

/// A class that needs no inference, or that nothing else can overrule.
fn settled(
    schema: &Schema<'_>,
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
    if table.name.schema == "pgmemento" {
        let because = "pgMemento keeps its log in that schema";
        return Some(Classification::new(Class::Audit, because));
    }
    if crate::standard::matches_pattern(&standard.audit.table, &table.name) {
        let because = "it is the standard's audit table";
        return Some(Classification::new(Class::Audit, because));
    }
    if standard.is_tenant_table(&table.name) {
        let because = "it is the table of tenants, to which every account belongs";
        return Some(Classification::new(Class::Identity, because));
    }
    if is_audit_log(schema, table, &words(&table.name.name)) {
        let because = "it is an append-only log of actions";
        return Some(Classification::new(Class::Audit, because));
    }
    if schema.patients.contains(&table.name) {
        let because = "its rows are the patients";
        return Some(Classification::new(Class::Clinical, because));
    }
    None
}

/// A log: named as one, says what was done by whom and when, and nothing refers to it.
fn is_audit_log(schema: &Schema<'_>, table: &Table, words: &[String]) -> bool {
    let named_audit = words.iter().any(|word| word == "audit" || word == "auditlog");
    let named_log = words.last().is_some_and(|word| LOG.contains(&word.as_str()));
    if !named_audit && !named_log {
        return false;
    }
    let columns: Vec<Vec<String>> =
        table.columns.iter().map(|column| self::words(&column.name)).collect();
    let has = |candidates: &[&str]| {
        columns
            .iter()
            .any(|column| candidates.iter().any(|candidate| has_phrase(column, candidate)))
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
    named_log && action && actor && subject && !schema.referenced.contains(&table.name)
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
fn is_catalogue(table: &Table, scores: &Scores, hints: &Hints<'_>) -> bool {
    let links_person = table.columns.iter().any(|column| {
        let words = words(&column.name);
        matches!(words.as_slice(), [word, id] if id == "id"
            && ["patient", "person", "user", "member", "client", "sender", "author", "provider"]
                .contains(&word.as_str()))
    });
    if links_person || hints.login.is_some() {
        return false;
    }
    let has = |names: &[&str]| names.iter().any(|name| table.column(name).is_some());
    let keyed = has(&["code", "sort_order"]) || has(&["slug", "key"]) && scores.work() == 0;
    let last_is_list = words(&table.name.name).last().is_some_and(|word| {
        // A plan of care is no tariff.
        REFERENCE.contains(&word.as_str()) && !(word == "plan" && scores.clinical() > 0)
    });
    last_is_list || keyed && hints.personal.is_none()
}

/// A list of places or organisations.
fn is_place(table: &Table) -> bool {
    words(&table.name.name).last().is_some_and(|word| PLACE.contains(&word.as_str()))
        && !table.columns.iter().any(|column| words(&column.name) == ["patient", "id"])
}

/// The class of a table that no patient's path reached, where it says one itself.
fn by_itself(table: &Table, scores: &Scores, hints: &Hints<'_>) -> Option<Classification> {
    let class = scores.alone();
    // A price list is money all the same.
    if is_catalogue(table, scores, hints)
        && (matches!(class, None | Some(Class::Clinical))
            || class != Some(Class::Financial) && scores.reference() >= 2)
        && !holds_money(table)
    {
        let because = "it lists things and describes nobody";
        return Some(Classification::new(Class::Reference, because));
    }
    if is_place(table) && class != Some(Class::Identity) {
        let because = "it lists places or organisations and describes nobody";
        return Some(Classification::new(Class::Reference, because));
    }
    if let Some(class) = class {
        return Some(Classification::new(class, scores.because(class)));
    }
    let money = column_word(table, MONEY_COLUMN).filter(|_| scores.reference() == 0);
    let by_column = [
        (Class::Clinical, hints.clinical, "about a person's health"),
        (Class::Financial, hints.account, "of an account"),
        (Class::Financial, money, "of money"),
        (Class::Identity, hints.login, "of a login"),
        (Class::Identity, hints.personal, "of a person"),
    ];
    by_column.into_iter().find_map(|(class, column, what)| {
        let because = format!("it has a column {what} (`{}`)", column?);
        Some(Classification::new(class, because))
    })
}

/// The class of a table that says nothing and belongs to nothing that does.
fn by_default(table: &Table, scores: &Scores) -> Classification {
    if scores.reference() > 0 {
        return Classification::new(Class::Reference, scores.because(Class::Reference));
    }
    let person = table.columns.iter().find(|column| {
        let words = words(&column.name);
        words.len() > 1
            && words.last().is_some_and(|word| word == "id")
            && words.iter().any(|word| {
                matches!(
                    word.as_str(),
                    "user" | "person" | "member" | "author" | "account" | "owner"
                )
            })
    });
    if let Some(column) = person {
        let because = format!("its rows belong to an account (`{}`)", column.name);
        return Classification::new(Class::Operational, because);
    }
    let because = "nothing in it refers to a person, money or an account";
    Classification::new(Class::Reference, because)
}

/// Money that changes hands or is kept, as against the price of something in a list.
fn holds_money(table: &Table) -> bool {
    column_word(table, &["amount", "balance", "subtotal", "total"]).is_some()
}

/// The first column with one of these words in its name.
fn column_word<'a>(table: &'a Table, list: &[&str]) -> Option<&'a str> {
    let column = table
        .columns
        .iter()
        .find(|column| words(&column.name).iter().any(|word| list.contains(&word.as_str())))?;
    Some(&column.name)
}
