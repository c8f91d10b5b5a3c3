//! Drift: where the documented and the implemented schema differ.
//!
//! Tables are paired first ([`pair`]), by name and, where names differ, by what they hold. Each pair
//! is then compared part by part; objects are matched by meaning, never by the name the server made
//! up for them. Every difference is one row of the discrepancy table.

pub(crate) mod canonical;
mod columns;
mod constraints;
mod groups;
mod layers;
mod names;
mod pairing;
mod security;
mod types;

use schemaward_catalog::{Catalog, Origin, Policy, Sources, Table};

pub(crate) use names::human;
pub(crate) use pairing::{Pair, Pairing, pair};

use crate::{Discrepancy, Evidence, Severity, Standard};

pub(crate) use layers::discrepancies;

/// All differences between the two schemas, the most serious first.
pub(crate) fn compare(
    documented: &Catalog,
    implemented: &Catalog,
    sources: &Sources,
    standard: &Standard,
) -> Vec<Discrepancy> {
    let pairing = pair(documented, implemented, standard);
    let mut drift = Drift {
        documented,
        implemented,
        pairing: &pairing,
        standard,
        narrowed: Vec::new(),
        rows: Vec::new(),
    };
    drift.tables(sources);
    drift.enums();
    drift.row_security();
    for pair in &pairing.pairs {
        drift.columns(pair);
        drift.keys(pair);
        drift.checks(pair);
        drift.foreign_keys(pair);
        drift.indexes(pair);
        drift.policies(pair);
    }
    drift.narrowed_policies();
    let mut rows = drift.rows;
    rows.sort_by(|a, b| {
        let key = |row: &Discrepancy| (row.severity, rank(row.kind));
        key(a).cmp(&key(b)).then_with(|| a.entity.cmp(&b.entity))
    });
    rows
}

/// Kinds in the order a reader wants them within one severity: what is missing as a whole first.
const KINDS: [&str; 21] = [
    "unimplemented-table",
    "rls-differs",
    "policy-differs",
    "key-differs",
    "on-delete-differs",
    "undocumented-table",
    "renamed-table",
    "nonstandard-field",
    "unimplemented-column",
    "undocumented-column",
    "renamed-column",
    "type-differs",
    "nullability-differs",
    "default-differs",
    "unique-differs",
    "check-differs",
    "foreign-key-differs",
    "enum-differs",
    "index-differs",
    "trigger-differs",
    "comment-differs",
];

fn rank(kind: &str) -> usize {
    KINDS.iter().position(|known| *known == kind).unwrap_or(KINDS.len())
}

/// The cell of the side that has nothing.
const NOT_DOCUMENTED: &str = "Not in the documented schema";
const NOT_IMPLEMENTED: &str = "Not implemented";

/// The comparison in progress.
struct Drift<'a> {
    documented: &'a Catalog,
    implemented: &'a Catalog,
    pairing: &'a Pairing<'a>,
    standard: &'a Standard,
    /// Policies that name roles where the document names none: the documented place, the policy, and
    /// what people call the table.
    narrowed: Vec<(Origin, Policy, String)>,
    rows: Vec<Discrepancy>,
}

/// One row in the making.
struct Row {
    kind: &'static str,
    severity: Severity,
    entity: String,
    documented: String,
    implemented: String,
    message: String,
    evidence: Vec<Origin>,
}

impl Drift<'_> {
    fn add(&mut self, row: Row) {
        self.rows.push(Discrepancy {
            kind: row.kind,
            entity: row.entity,
            documented: row.documented,
            implemented: row.implemented,
            message: row.message,
            severity: row.severity,
            evidence: row.evidence.into_iter().map(Evidence::from).collect(),
            layers: Vec::new(),
        });
    }

    /// Tables that only one side has, and those whose name differs.
    fn tables(&mut self, sources: &Sources) {
        for table in &self.pairing.unimplemented {
            self.add(Row {
                kind: "unimplemented-table",
                severity: Severity::Warning,
                entity: human(&table.name.name),
                documented: code(&table.name),
                implemented: NOT_IMPLEMENTED.to_owned(),
                message: "The table is documented but was not built.".to_owned(),
                evidence: vec![table.name_origin],
            });
        }
        for group in groups::features(&self.pairing.undocumented, sources) {
            let names: Vec<String> = group.tables.iter().map(|table| code(&table.name)).collect();
            let (implemented, message) = if let [only] = names.as_slice() {
                (only.clone(), "The documented schema does not know this table.".to_owned())
            } else {
                (
                    format!("{} tables: {}", names.len(), names.join(", ")),
                    "The documented schema is out of date: it knows none of these tables."
                        .to_owned(),
                )
            };
            self.add(Row {
                kind: "undocumented-table",
                severity: Severity::Warning,
                entity: group.entity,
                documented: NOT_DOCUMENTED.to_owned(),
                implemented,
                message,
                evidence: group.tables.iter().map(|table| table.name_origin).collect(),
            });
        }
        for pair in self.pairing.pairs.iter().filter(|pair| pair.renamed()) {
            let message = match pair.confidence {
                Some(confidence) => format!(
                    "The table goes by another name; its columns and keys match ({confidence} % \
                     sure)."
                ),
                None => "The table is in another schema.".to_owned(),
            };
            self.add(Row {
                kind: "renamed-table",
                severity: if pair.confidence.is_some() {
                    Severity::Warning
                } else {
                    Severity::Info
                },
                entity: human(&pair.documented.name.name),
                documented: code(&pair.documented.name),
                implemented: code(&pair.implemented.name),
                message,
                evidence: both(pair.documented.name_origin, pair.implemented.name_origin),
            });
        }
    }
}

/// A name in backticks.
fn code(name: impl std::fmt::Display) -> String {
    format!("`{name}`")
}

/// Several names in backticks.
fn codes<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// Evidence of both sides, the documented first.
fn both(documented: Origin, implemented: Origin) -> Vec<Origin> {
    vec![documented, implemented]
}

/// The human name of a table.
fn entity(table: &Table) -> String {
    human(&table.name.name)
}
