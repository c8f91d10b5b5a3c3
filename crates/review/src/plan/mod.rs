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
mod privacy;
mod retention;
pub(crate) mod sync;
mod tenancy;

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Catalog, QualifiedName, Sources, Table, quote_identifier};

use crate::class::Classification;
use crate::context::Context;
use crate::rules::{self, AnswerKind, Check};
use crate::{Discrepancy, Finding, PlanStep, Repairs, Standard, Verb};

/// What a plan is made from.
pub(crate) struct PlanContext<'a> {
    /// The reviewed schema, which the steps change.
    pub(crate) catalog: &'a Catalog,
    /// The differences between the document and the implementation, by what settles them.
    pub(crate) settlements: &'a [sync::Settlement],
    /// The mandates.
    pub(crate) standard: &'a Standard,
    /// The texts.
    pub(crate) sources: &'a Sources,
    /// What each table of the reviewed schema is for.
    pub(crate) classes: &'a BTreeMap<QualifiedName, Classification>,
    /// The reviewed schema as the rules see it.
    pub(crate) reviewed: &'a Context<'a>,
}

/// The plan's steps in order. Every finding that a step closes is told so in `closes_with`.
pub(crate) fn plan(
    context: &PlanContext<'_>,
    findings: &mut [Finding],
    discrepancies: &[Discrepancy],
) -> Vec<PlanStep> {
    let all = Findings::of_all(findings);
    let mut drafts = Vec::new();
    let mut names = NewNames::new(context.catalog);
    drafts.extend(retention::drafts(context, &all, &mut names));
    drafts.extend(integrity::drafts(context, &all, &mut names));
    drafts.extend(constraints::drafts(context, &all, &mut names));
    let mut keys = keys::Source::new(context);
    drafts.extend(keys::drafts(context, &all, &mut keys));
    drafts.extend(audit::drafts(context, &all, &mut keys, &mut names));
    drafts.extend(log::drafts(context, &all));
    drafts.extend(access::drafts(context, &all, &mut names));
    drafts.extend(retention::live_views(context, &all, &mut names));
    privacy::close(context, &all, &mut drafts);
    drafts.extend(sync::drafts(context, discrepancies));
    drafts.extend(optimize::drafts(context, &all, &mut names));
    // A stable sort keeps the order of dependency within a verb.
    drafts.sort_by_key(|draft| draft.verb);
    let known: BTreeSet<&str> = all.list.iter().map(|finding| finding.id.as_str()).collect();
    let mut numbers: BTreeMap<Verb, usize> = BTreeMap::new();
    let steps: Vec<PlanStep> = drafts
        .into_iter()
        .map(|mut draft| {
            let number = numbers.entry(draft.verb).or_default();
            *number += 1;
            let raises = draft.announced(context, &known);
            PlanStep {
                id: format!("{}-{number}", draft.verb.word().to_lowercase()),
                verb: draft.verb,
                title: draft.title,
                closes: draft.closes.into_iter().collect(),
                raises,
                sql: draft.sql.join("\n"),
                repairs: draft.repairs,
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
    /// Where those of each rule stand in the list.
    by_rule: BTreeMap<&'static str, Vec<usize>>,
}

impl<'a> Findings<'a> {
    fn of_all(list: &'a [Finding]) -> Self {
        let mut by_rule: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
        for (at, finding) in list.iter().enumerate() {
            by_rule.entry(finding.rule).or_default().push(at);
        }
        Self { list, by_rule }
    }

    /// The findings of some rules, in the order of the list.
    fn of<'s>(&'s self, rules: &[&str]) -> impl Iterator<Item = &'a Finding> + use<'a, 's> {
        let of_rules = rules.iter().filter_map(|rule| self.by_rule.get(rule));
        let mut places: Vec<usize> = of_rules.flatten().copied().collect();
        places.sort_unstable();
        places.into_iter().filter_map(|at| self.list.get(at))
    }

    /// The findings of some rules by their table, as far as that table exists.
    fn by_table<'c>(
        &self,
        catalog: &'c Catalog,
        rules: &[&str],
    ) -> Vec<(&'c Table, Vec<&'a Finding>)> {
        let mut tables: BTreeMap<&QualifiedName, (&'c Table, Vec<&'a Finding>)> = BTreeMap::new();
        for finding in self.of(rules) {
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
    /// Both ways to settle differences.
    repairs: Repairs,
    notes: Vec<String>,
    /// What it will bring up that is not found today.
    raised: Vec<Raised>,
    /// The tables it protects, and how.
    protects: BTreeSet<(QualifiedName, Protection)>,
    /// The tables of which it asks how they should be protected.
    asks: BTreeSet<(QualifiedName, Protection)>,
}

/// A finding that a step brings up.
struct Raised {
    rule: &'static str,
    /// Its id.
    id: String,
    /// What it is about, as a sentence can name it.
    subject: String,
    /// Why the step cannot settle it.
    because: String,
}

/// What keeps a table's rows from harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Protection {
    /// Row-level security: who reaches them.
    Access,
    /// An audit trigger: who changed them.
    Audit,
}

impl Draft {
    fn new(verb: Verb) -> Self {
        Self {
            verb,
            title: String::new(),
            closes: BTreeSet::new(),
            sql: Vec::new(),
            repairs: Repairs::default(),
            notes: Vec::new(),
            raised: Vec::new(),
            protects: BTreeSet::new(),
            asks: BTreeSet::new(),
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

    /// Says that the step brings up a finding: `detail` is what stands behind the rule in its id.
    fn raise(&mut self, rule: &'static str, detail: &str, subject: &str, because: &str) {
        self.raised.push(Raised {
            rule,
            id: format!("{rule}:{detail}"),
            subject: subject.to_owned(),
            because: because.to_owned(),
        });
    }

    /// The ids of the findings that the step brings up, each with a note that says which and why. What
    /// is found today anyway, or not asked for by the standard, is not brought up.
    fn announced(&mut self, context: &PlanContext<'_>, known: &BTreeSet<&str>) -> Vec<String> {
        let mut ids = BTreeSet::new();
        let mut notes: Vec<(&str, String, Vec<String>)> = Vec::new();
        for raised in std::mem::take(&mut self.raised) {
            let asked = rules::rule(raised.rule)
                .is_some_and(|rule| context.standard.severity(rule.id, rule.severity).is_some());
            let known = known.contains(raised.id.as_str());
            if !asked || known || self.sql.is_empty() || !ids.insert(raised.id) {
                continue;
            }
            let of_reason = notes
                .iter_mut()
                .find(|(rule, why, _)| *rule == raised.rule && *why == raised.because);
            match of_reason {
                Some((_, _, subjects)) => subjects.push(raised.subject),
                None => notes.push((raised.rule, raised.because, vec![raised.subject])),
            }
        }
        for (rule, because, subjects) in notes {
            self.note(format!("Brings up `{rule}` for {}: {because}.", every(&subjects)));
        }
        ids.into_iter().collect()
    }

    /// The step that asks, unless it asks nothing.
    fn asking(self, title: impl Into<String>) -> Option<Self> {
        let empty = self.closes.is_empty() && self.asks.is_empty();
        (!empty).then(|| Self { title: title.into(), ..self })
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

/// The words that add a column: a child by `INHERITS` may have it from its parent by then.
fn add_column(table: &Table) -> &'static str {
    if table.inherits.is_empty() { "ADD COLUMN" } else { "ADD COLUMN IF NOT EXISTS" }
}

/// Says that what a step gives a table is not in its model.
fn unmodelled(context: &PlanContext<'_>, table: &Table, draft: &mut Draft) {
    if rules::is_modelled(context.reviewed, table) {
        draft.raise(
            "policy-outside-models",
            &table.name.to_string(),
            &table.name.to_string(),
            "the migration gives it, and a model that is to create it must tell of it, too",
        );
    }
}

/// All names in backticks: what is announced must be there to be found.
fn every(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    crate::facts::words::list(&names, "and")
}

/// What the rules that look at tables would find on a table that a step has changed.
fn found_on(reviewed: &Context<'_>, changed: &Table, only: &[&str]) -> Vec<(&'static str, String)> {
    let rules = rules::rules().iter().filter(|rule| only.is_empty() || only.contains(&rule.id));
    let mut found = Vec::new();
    for rule in rules {
        let Check::Table(check) = rule.check else { continue };
        for answer in check(reviewed, changed) {
            if matches!(answer.kind, AnswerKind::Unmet(_)) {
                let id = answer.id(rule.id);
                let detail = id.strip_prefix(rule.id).and_then(|rest| rest.strip_prefix(':'));
                found.push((rule.id, detail.unwrap_or_default().to_owned()));
            }
        }
    }
    found
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
    /// The columns that new indexes begin with.
    led: BTreeSet<(QualifiedName, String)>,
    /// The columns that new policies filter by.
    filtered: BTreeSet<(QualifiedName, String)>,
}

impl<'a> NewNames<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, taken: BTreeMap::new(), led: BTreeSet::new(), filtered: BTreeSet::new() }
    }

    /// A quoted name of an index, made of a table's own and its columns'.
    fn index<S: AsRef<str>>(
        &mut self,
        table: &QualifiedName,
        columns: &[S],
        suffix: &str,
    ) -> String {
        if let Some(first) = columns.first() {
            self.led.insert((table.clone(), first.as_ref().to_owned()));
        }
        self.relation(table, columns, suffix)
    }

    /// A quoted name of a relation, made of a table's own and its columns'.
    fn relation<S: AsRef<str>>(
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
