//! The document against the effective layer, and the layers of the implemented side against each
//! other.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Catalog, Column, Origin, QualifiedName, Table};

use super::names::words;
use super::{
    Comparison, Difference, Extent, NOT_DOCUMENTED, NOT_IMPLEMENTED, Object, Part, Texts, code,
    compare, human, rank,
};
use crate::facts::key::{Generator, generator};
use crate::facts::words::{list, singular};
use crate::layer::effective;
use crate::plan::sync::{Settlement, repairs, settlements};
use crate::{
    Discrepancy, DriftSummary, Evidence, Implementation, Input, KeyKind, Layer, MappedClass,
    Repairs, Severity,
};

/// How many rows get repairs of their own.
const MOST_REPAIRS: usize = 500;

/// What a review says of drift.
pub(crate) struct Drifted {
    /// The discrepancy table.
    pub(crate) rows: Vec<Discrepancy>,
    /// The two sides as a whole; nothing where only one was given.
    pub(crate) summary: Option<DriftSummary>,
    /// The differences by what settles them.
    pub(crate) settlements: Vec<Settlement>,
}

/// The differences of document and implementation, and of the layers.
pub(crate) fn discrepancies(input: &Input<'_>) -> Drifted {
    let mut whole = None;
    let mut settled = Vec::new();
    let mut told: Vec<(Subject, Discrepancy)> = Vec::new();
    let found = effective(input.layers);
    if let (Some(documented), Some(found)) = (input.documented, found) {
        let extent = extent(&[documented.layer, found.layer]);
        let documented = documented.catalog;
        let comparison = compare(documented, found.catalog, texts(input), input.standard, extent);
        for (at, difference) in comparison.differences.iter().enumerate() {
            // Nobody repairs more than this one by one; `sync` makes all of them go away.
            let repairs = if at < MOST_REPAIRS {
                let pairing = &comparison.pairing;
                repairs(documented, found.catalog, input.sources, pairing, difference)
            } else {
                Repairs::default()
            };
            told.push((subject(difference), Discrepancy { repairs, ..difference.row() }));
        }
        whole = Some(summary(&comparison));
        settled = settlements(documented, found.catalog, input.sources, &comparison);
    }
    let mut between: BTreeMap<Subject, Tellings> = BTreeMap::new();
    for (at, one) in input.layers.iter().enumerate() {
        for other in input.layers.iter().skip(at + 1) {
            let (one, other) = if one.layer <= other.layer { (one, other) } else { (other, one) };
            tellings(input, one, other, &mut between);
        }
    }
    generators(input, &mut between);
    for (subject, telling) in between {
        let same =
            told.iter_mut().find(|(other, row)| subject.about(other) && row.layers.is_empty());
        match same {
            Some((_, row)) => telling.join(row),
            None => told.push((subject, telling.row(input, found))),
        }
    }
    let mut rows: Vec<Discrepancy> = told.into_iter().map(|(_, row)| row).collect();
    rows.extend(input.classes.iter().filter_map(|class| class_name(input, class)));
    rows.sort_by(|a, b| {
        let key = |row: &Discrepancy| (row.severity, rank(row.kind));
        key(a).cmp(&key(b)).then_with(|| a.entity.cmp(&b.entity))
    });
    Drifted { rows, summary: whole, settlements: settled }
}

fn texts<'t>(input: &'t Input<'_>) -> Texts<'t> {
    Texts { sources: input.sources, unread: &input.coverage.unread }
}

/// The two sides as a whole.
fn summary(comparison: &Comparison<'_>) -> DriftSummary {
    let pairing = &comparison.pairing;
    let touched: BTreeSet<&QualifiedName> = comparison
        .differences
        .iter()
        .flat_map(|difference| &difference.parts)
        .filter_map(|part| part.tables.map(|(here, _)| &here.name))
        .collect();
    let both = pairing.pairs.len();
    let unchanged =
        pairing.pairs.iter().filter(|pair| !touched.contains(&pair.documented.name)).count();
    // A table that was not read is neither missing nor unknown.
    let told = |kind: &str| {
        let rows = comparison.differences.iter().filter(|found| found.kind == kind);
        rows.map(|found| found.parts.len()).sum::<usize>()
    };
    let (undocumented, unimplemented) = (told("undocumented-table"), told("unimplemented-table"));
    let (documented, implemented) =
        (both + pairing.unimplemented.len(), both + pairing.undocumented.len());
    let are = |number: usize| if number == 1 { "is" } else { "are" };
    let mut sentences = Vec::new();
    if undocumented > 0 {
        let features: Vec<String> = comparison
            .differences
            .iter()
            .filter(|found| found.kind == "undocumented-table" && found.parts.len() > 1)
            .map(|found| found.entity.clone())
            .collect();
        let stops = if features.is_empty() {
            String::new()
        } else {
            format!("; the document does not reach {}", list(&features, "and"))
        };
        sentences.push(format!(
            "{undocumented} of {implemented} implemented tables {} undocumented{stops}.",
            are(undocumented)
        ));
    }
    if unimplemented > 0 {
        sentences.push(format!(
            "{unimplemented} of {documented} documented tables {} not implemented.",
            if unimplemented == 1 { "was" } else { "were" }
        ));
    }
    let same = if unchanged == both && both > 0 {
        format!("All {both} tables on both sides agree.")
    } else {
        format!("{unchanged} of {both} tables on both sides agree in everything.")
    };
    sentences.push(same);
    DriftSummary {
        documented,
        implemented,
        undocumented,
        unimplemented,
        unchanged,
        sentence: sentences.join(" "),
    }
}

/// What can be compared with layers: models know nothing of policies, triggers and functions.
pub(crate) fn extent(layers: &[Layer]) -> Extent {
    if layers.contains(&Layer::Models) { Extent::Tables } else { Extent::Whole }
}

/// What a difference is about, whichever two schemas it was found between: what differs, and the
/// objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    kind: &'static str,
    entity: String,
    objects: Vec<String>,
}

impl Subject {
    fn about(&self, other: &Self) -> bool {
        // A table that one side lacks may be lacking there or here.
        let plain = |kind: &'static str| match kind {
            "undocumented-table" | "unimplemented-table" => "table",
            "undocumented-column" | "unimplemented-column" => "column",
            kind => kind,
        };
        plain(self.kind) == plain(other.kind) && self.objects == other.objects
    }
}

fn subject(difference: &Difference<'_>) -> Subject {
    let name = |part: &Part<'_>| {
        let table = part.tables.map(|(_, there)| there.name.to_string()).unwrap_or_default();
        let object = match part.implemented.or(part.documented) {
            Some(
                Object::Table(table)
                | Object::RowSecurity(table)
                | Object::TableGrants(table)
                | Object::TableComment(table),
            ) => table.name.to_string(),
            Some(Object::Column(column) | Object::ColumnComment(column)) => column.name.clone(),
            Some(Object::Constraint(constraint)) => constraint.name.clone(),
            Some(Object::Index(index)) => index.name.clone(),
            Some(Object::Policy(policy)) => policy.name.clone(),
            Some(Object::Trigger(trigger)) => trigger.name.clone(),
            Some(Object::View(view) | Object::ViewGrants(view)) => view.name.to_string(),
            Some(Object::Function(function)) => function.name.to_string(),
            Some(Object::Type(found)) => found.name.to_string(),
            None => String::new(),
        };
        format!("{table} {object}")
    };
    Subject {
        kind: difference.kind,
        entity: difference.entity.clone(),
        objects: difference.parts.iter().map(name).collect(),
    }
}

/// What the layers hold of one subject.
struct Tellings {
    severity: Severity,
    entity: String,
    /// The values by layer, each with what proves it.
    values: BTreeMap<Layer, String>,
    evidence: Vec<Origin>,
}

impl Tellings {
    fn sentence(&self) -> String {
        let said: Vec<String> =
            self.values.iter().map(|(layer, value)| format!("the {layer} hold {value}")).collect();
        let said = list(&said, "and").replace("database hold ", "database holds ");
        let mut chars = said.chars();
        let first = chars.next().map(char::to_uppercase);
        format!("{}{}.", first.map(String::from_iter).unwrap_or_default(), chars.as_str())
    }

    fn values(&self) -> Vec<(Layer, String)> {
        self.values.iter().map(|(layer, value)| (*layer, value.clone())).collect()
    }

    /// Joins a row of the document that is about the same.
    fn join(self, row: &mut Discrepancy) {
        row.message = format!("{} {}", row.message, self.sentence());
        row.layers = self.values();
        row.evidence.extend(self.evidence.into_iter().map(Evidence::from));
        row.evidence.dedup();
    }

    /// A row of its own: the document agrees with the effective layer, or there is none.
    fn row(self, input: &Input<'_>, found: Option<Implementation<'_>>) -> Discrepancy {
        let agreed = found.and_then(|found| self.values.get(&found.layer)).cloned();
        let documented = match (input.documented, agreed) {
            (Some(_), Some(value)) => value,
            (Some(_), None) => "As the effective layer".to_owned(),
            (None, _) => "No document".to_owned(),
        };
        let implemented: Vec<String> =
            self.values.iter().map(|(layer, value)| format!("{layer}: {value}")).collect();
        Discrepancy {
            kind: "layer-differs",
            documented,
            implemented: implemented.join("; "),
            message: self.sentence(),
            severity: self.severity,
            layers: self.values(),
            repairs: Repairs::default(),
            entity: self.entity,
            evidence: self.evidence.into_iter().map(Evidence::from).collect(),
        }
    }
}

/// What two layers tell differently.
fn tellings(
    input: &Input<'_>,
    one: &Implementation<'_>,
    other: &Implementation<'_>,
    between: &mut BTreeMap<Subject, Tellings>,
) {
    let extent = extent(&[one.layer, other.layer]);
    let comparison = compare(one.catalog, other.catalog, texts(input), input.standard, extent);
    for difference in &comparison.differences {
        let said = |cell: &str| {
            if cell == NOT_DOCUMENTED || cell == NOT_IMPLEMENTED { "nothing" } else { cell }
                .to_owned()
        };
        let found = between.entry(subject(difference)).or_insert_with(|| Tellings {
            severity: difference.severity,
            entity: difference.entity.clone(),
            values: BTreeMap::new(),
            evidence: Vec::new(),
        });
        found.values.entry(one.layer).or_insert_with(|| said(&difference.documented));
        found.values.entry(other.layer).or_insert_with(|| said(&difference.implemented));
        found.evidence.extend(&difference.evidence);
        found.evidence.sort();
        found.evidence.dedup();
    }
}

/// Columns that the program fills in with one kind of key and another layer's default with another:
/// rows differ by who inserts them.
fn generators(input: &Input<'_>, between: &mut BTreeMap<Subject, Tellings>) {
    for class in input.classes {
        for (name, client) in &class.defaults {
            let Some(made) = client.kind else { continue };
            let mut values = BTreeMap::new();
            let mut evidence = vec![client.origin];
            let mut shown_column = None;
            for implementation in input.layers.iter().filter(|found| found.layer != Layer::Models) {
                let found = implementation.catalog.tables.get(&class.table);
                let Some((table, column)) =
                    found.and_then(|table| Some((table, table.column(name)?)))
                else {
                    continue;
                };
                shown_column = Some((table, column));
                let other = other_kind(input, implementation.catalog, column, made);
                if let Some((value, origin)) = other {
                    values.insert(implementation.layer, value);
                    evidence.push(origin);
                }
            }
            let Some((table, column)) = shown_column else { continue };
            values.insert(Layer::Models, format!("{} ({made})", code(&client.text)));
            let subject = Subject {
                kind: "default-differs",
                entity: human(&table.name.name),
                objects: vec![format!("{} {}", table.name, column.name)],
            };
            // What the models say to the server is nothing beside what the program does.
            between.remove(&subject);
            if values.len() < 2 {
                continue;
            }
            between.insert(
                subject,
                Tellings {
                    severity: Severity::Critical,
                    entity: human(&table.name.name),
                    values,
                    evidence,
                },
            );
        }
    }
}

/// What a column's server default makes, where that is another kind than the program's.
fn other_kind(
    input: &Input<'_>,
    catalog: &Catalog,
    column: &Column,
    made: KeyKind,
) -> Option<(String, Origin)> {
    match generator(catalog, input.standard, column) {
        Generator::Kind { kind, how, origin } if kind != made => {
            Some((format!("{how} ({kind})"), origin))
        }
        Generator::Other { what, origin } => Some((what, origin)),
        _ => None,
    }
}

/// A class whose name and whose table's name mean different things.
fn class_name(input: &Input<'_>, class: &MappedClass) -> Option<Discrepancy> {
    let plain =
        |name: &str| -> Vec<String> { words(name).iter().map(|word| singular(word)).collect() };
    if plain(&class.name) == plain(&class.table.name) {
        return None;
    }
    let table: Option<&Table> =
        input.layers.iter().find_map(|found| found.catalog.tables.get(&class.table));
    Some(Discrepancy {
        kind: "class-table-name",
        entity: human(&class.table.name),
        documented: code(&class.table),
        implemented: code(&class.name),
        message: "Class name and table name are inconsistent.".to_owned(),
        severity: Severity::Warning,
        evidence: table
            .map(|table| table.name_origin)
            .into_iter()
            .chain([class.origin])
            .map(Evidence::from)
            .collect(),
        layers: Vec::new(),
        repairs: Repairs::default(),
    })
}
