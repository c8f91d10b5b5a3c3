//! The action plan: from findings to steps with the SQL that closes them.
//!
//! Each part of the plan looks at the findings of its own rules and drafts steps; a draft that a
//! person must decide first has no SQL and says what to decide. Steps come in the order of their
//! verbs, which is an order in which they can be run.

mod access;
mod audit;
mod constraints;
mod doors;
mod integrity;
mod keys;
mod log;
mod optimize;
mod policies;
mod retention;
pub(crate) mod sync;
mod tenancy;

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Catalog, QualifiedName, Sources, Table, quote_identifier};

use crate::class::Classification;
use crate::{Discrepancy, Finding, PlanStep, Standard, Verb};

/// What a plan is made from.
pub(crate) struct PlanContext<'a> {
    /// The reviewed schema, which the steps change.
    pub(crate) catalog: &'a Catalog,
    /// The documented side, when both were given.
    pub(crate) documented: Option<&'a Catalog>,
    /// The implemented side, when both were given.
    pub(crate) implemented: Option<&'a Catalog>,
    /// The mandates.
    pub(crate) standard: &'a Standard,
    /// The texts.
    pub(crate) sources: &'a Sources,
    /// What each table of the reviewed schema is for.
    pub(crate) classes: &'a BTreeMap<QualifiedName, Classification>,
}

/// The plan's steps in order. Every finding that a step closes is told so in `closes_with`.
pub(crate) fn plan(
    context: &PlanContext<'_>,
    findings: &mut [Finding],
    discrepancies: &[Discrepancy],
) -> Vec<PlanStep> {
    let all = Findings { list: findings };
    let mut drafts = Vec::new();
    let mut names = NewNames::new(context.catalog);
    drafts.extend(retention::drafts(context, &all, &mut names));
    drafts.extend(integrity::drafts(context, &all, &mut names));
    drafts.extend(constraints::drafts(context, &all, &mut names));
    let mut keys = keys::Source::new(context);
    drafts.extend(keys::drafts(context, &all, &mut keys));
    drafts.extend(audit::drafts(context, &all, &mut keys, &mut names));
    drafts.extend(log::drafts(context, &all));
    drafts.extend(access::drafts(context, &all));
    drafts.extend(sync::drafts(context, discrepancies));
    drafts.extend(optimize::drafts(context, &all, &mut names));
    // A stable sort keeps the order of dependency within a verb.
    drafts.sort_by_key(|draft| draft.verb);
    let mut numbers: BTreeMap<Verb, usize> = BTreeMap::new();
    let steps: Vec<PlanStep> = drafts
        .into_iter()
        .map(|draft| {
            let number = numbers.entry(draft.verb).or_default();
            *number += 1;
            PlanStep {
                id: format!("{}-{number}", draft.verb.word().to_lowercase()),
                verb: draft.verb,
                title: draft.title,
                closes: draft.closes.into_iter().collect(),
                sql: draft.sql.join("\n"),
                notes: draft.notes,
            }
        })
        .collect();
    let mut closed_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for step in &steps {
        for id in &step.closes {
            closed_by.entry(id).or_default().push(&step.id);
        }
    }
    for finding in findings {
        let steps = closed_by.get(finding.id.as_str()).into_iter().flatten();
        finding.closes_with.extend(steps.map(|step| (*step).to_owned()));
    }
    steps
}

/// The findings a plan is made for.
struct Findings<'a> {
    list: &'a [Finding],
}

impl<'a> Findings<'a> {
    /// The findings of some rules.
    fn of<'s>(&'s self, rules: &'s [&str]) -> impl Iterator<Item = &'a Finding> + 's {
        self.list.iter().filter(|finding| rules.contains(&finding.rule))
    }

    /// The findings of some rules by their table, as far as that table exists.
    fn by_table<'c>(
        &self,
        catalog: &'c Catalog,
        rules: &[&str],
    ) -> Vec<(&'c Table, Vec<&'a Finding>)> {
        let mut tables: BTreeMap<&QualifiedName, (&'c Table, Vec<&'a Finding>)> = BTreeMap::new();
        for finding in self.list.iter().filter(|finding| rules.contains(&finding.rule)) {
            let table = finding.table.as_ref().and_then(|name| catalog.tables.get(name));
            if let Some(table) = table {
                tables.entry(&table.name).or_insert_with(|| (table, Vec::new())).1.push(finding);
            }
        }
        tables.into_values().collect()
    }
}

/// A step in the making.
struct Draft {
    verb: Verb,
    title: String,
    closes: BTreeSet<String>,
    /// Statements, one or several lines each.
    sql: Vec<String>,
    notes: Vec<String>,
}

impl Draft {
    fn new(verb: Verb) -> Self {
        Self {
            verb,
            title: String::new(),
            closes: BTreeSet::new(),
            sql: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Takes over what findings the step closes.
    fn close(&mut self, findings: &[&Finding]) {
        self.closes.extend(findings.iter().map(|finding| finding.id.clone()));
    }

    /// Adds a note once.
    fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The step, unless nothing was put into it.
    fn finished(self, title: impl Into<String>) -> Option<Self> {
        let empty = self.closes.is_empty() && self.sql.is_empty();
        (!empty).then(|| Self { title: title.into(), ..self })
    }
}

/// Names in backticks as people list them: all of a few, the first of many.
fn named(names: &[String]) -> String {
    const MOST: usize = 8;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST) {
        0 => crate::facts::words::list(&shown, "and"),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A name the server would make: the parts joined by underscores, cut to 63 bytes, numbered until it
/// is free.
fn free_name(parts: &[&str], suffix: &str, taken: &mut BTreeSet<String>) -> String {
    /// The longest identifier PostgreSQL keeps, in bytes.
    const LIMIT: usize = 63;
    let joined = parts.join("_");
    for number in 0..10_000_u32 {
        let suffix = if number == 0 { format!("_{suffix}") } else { format!("_{suffix}{number}") };
        let mut stem = joined.clone();
        while stem.len() + suffix.len() > LIMIT && stem.pop().is_some() {}
        let name = format!("{stem}{suffix}");
        if taken.insert(name.clone()) {
            return name;
        }
    }
    joined
}

/// Names of new relations, as the server would make them: free in the catalog, and taken once given.
struct NewNames<'a> {
    catalog: &'a Catalog,
    taken: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> NewNames<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, taken: BTreeMap::new() }
    }

    /// A quoted name made of a table's own and its columns'.
    fn index<S: AsRef<str>>(
        &mut self,
        table: &QualifiedName,
        columns: &[S],
        suffix: &str,
    ) -> String {
        let taken = self
            .taken
            .entry(table.schema.clone())
            .or_insert_with(|| relation_names(self.catalog, &table.schema));
        let parts: Vec<&str> =
            std::iter::once(table.name.as_str()).chain(columns.iter().map(AsRef::as_ref)).collect();
        quote_identifier(&free_name(&parts, suffix, taken))
    }
}

/// A quoted name for a constraint of a table, free there.
fn constraint_name(table: &Table, columns: &[&str], suffix: &str) -> String {
    let mut taken = table.constraints.iter().map(|found| found.name.clone()).collect();
    let parts: Vec<&str> =
        std::iter::once(table.name.name.as_str()).chain(columns.iter().copied()).collect();
    quote_identifier(&free_name(&parts, suffix, &mut taken))
}

/// Whether the columns start an index, in any order.
fn leads<S: AsRef<str>>(index: &[S], columns: &[String]) -> bool {
    index.len() >= columns.len()
        && columns.iter().all(|column| {
            index.iter().take(columns.len()).any(|leading| leading.as_ref() == column)
        })
}

/// Every name of a relation in a schema, which a new index or table must not take.
fn relation_names(catalog: &Catalog, schema: &str) -> BTreeSet<String> {
    let here = |name: &&QualifiedName| name.schema == schema;
    let tables = catalog.tables.keys().filter(here).map(|name| name.name.clone());
    let views = catalog.views.keys().filter(here).map(|name| name.name.clone());
    let sequences = catalog.sequences.keys().filter(here).map(|name| name.name.clone());
    let parts =
        catalog.tables.values().filter(|table| table.name.schema == schema).flat_map(|table| {
            let indexes = table.indexes.iter().map(|index| index.name.clone());
            indexes.chain(table.constraints.iter().map(|constraint| constraint.name.clone()))
        });
    tables.chain(views).chain(sequences).chain(parts).collect()
}

/// Functions whose body names a column: a rename or another type does not reach into them.
fn functions_naming(catalog: &Catalog, column: &str) -> Vec<String> {
    let names = |text: &str| {
        text.split(|char: char| !(char.is_alphanumeric() || char == '_' || char == '$'))
            .any(|word| word.eq_ignore_ascii_case(column))
    };
    let mut found: Vec<String> = catalog
        .functions
        .values()
        .filter(|function| function.body.as_ref().is_some_and(|body| names(&body.text)))
        .map(|function| function.name.to_string())
        .collect();
    found.dedup();
    found
}
