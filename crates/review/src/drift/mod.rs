//! Drift: where the documented and the implemented schema differ.
//!
//! Tables are paired first ([`pair`]), by name and, where names differ, by what they hold. Each pair
//! is then compared part by part; objects are matched by meaning, never by the name the server made
//! up for them. Every difference is one row of the discrepancy table.

pub(crate) mod canonical;
mod columns;
mod comments;
mod constraints;
pub(crate) mod grants;
mod groups;
mod layers;
mod names;
mod pairing;
mod programs;
mod security;
mod spelling;
mod triggers;
pub(crate) mod types;
mod versions;

use std::collections::BTreeMap;

use schemaward_catalog::{
    BlindSpot, Catalog, Column, Constraint, Function, Index, Origin, Policy, QualifiedName, Reach,
    Side, Sources, Table, Trigger, UserType, View,
};

pub(crate) use layers::{Drifted, discrepancies, extent};
pub(crate) use names::human;
pub(crate) use pairing::{Pair, Pairing, pair};
pub use versions::{ChangeClass, VersionChange, Versions, compare_versions};

use crate::{Discrepancy, Evidence, Repairs, Severity, Standard, Unread};

/// Two schemas side by side: every difference, and how many tables have none.
pub(crate) struct Comparison<'a> {
    /// All differences, the most serious first.
    pub(crate) differences: Vec<Difference<'a>>,
    /// Which table is which.
    pub(crate) pairing: Pairing<'a>,
}

/// What of two schemas is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything.
    Whole,
    /// Tables with their columns, keys, checks and indexes: what models can say.
    Tables,
}

/// The texts of two schemas.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts<'a> {
    pub(crate) sources: &'a Sources,
    /// What of them could not be read.
    pub(crate) unread: &'a [Unread],
}

/// Compares two schemas.
pub(crate) fn compare<'a>(
    documented: &'a Catalog,
    implemented: &'a Catalog,
    texts: Texts<'_>,
    standard: &Standard,
    extent: Extent,
) -> Comparison<'a> {
    let pairing = pair(documented, implemented, standard);
    let implemented_names = pairing
        .pairs
        .iter()
        .map(|pair| (pair.documented.name.clone(), pair.implemented.name.clone()))
        .collect();
    let mut drift = Drift {
        documented,
        implemented,
        pairing: &pairing,
        sources: texts.sources,
        implemented_names,
        standard,
        narrowed: Vec::new(),
        rows: Vec::new(),
    };
    drift.tables();
    drift.types();
    for pair in &pairing.pairs {
        drift.columns(pair);
        drift.keys(pair);
        drift.checks(pair);
        drift.foreign_keys(pair);
        drift.indexes(pair);
    }
    if extent == Extent::Whole {
        drift.row_security();
        for pair in &pairing.pairs {
            drift.policies(pair);
        }
        drift.narrowed_policies();
        drift.grants();
        drift.triggers();
        drift.views();
        drift.functions();
        drift.comments();
    }
    let mut differences = drift.rows;
    for difference in &mut differences {
        not_compared(difference, documented, implemented, texts);
    }
    differences.sort_by(|a, b| {
        let key = |row: &Difference<'_>| (row.severity, rank(row.kind));
        key(a).cmp(&key(b)).then_with(|| a.entity.cmp(&b.entity))
    });
    Comparison { differences, pairing }
}

/// What one side lacks may stand in text of it that was not read: then it was not compared, which is
/// no reason to call it missing.
fn not_compared(
    difference: &mut Difference<'_>,
    documented: &Catalog,
    implemented: &Catalog,
    texts: Texts<'_>,
) {
    let blind = |part: &Part<'_>| {
        let (has, lacks, side) = match (part.documented, part.implemented) {
            (Some(object), None) => (object, implemented, false),
            (None, Some(object)) => (object, documented, true),
            (Some(one @ Object::RowSecurity(here)), Some(other @ Object::RowSecurity(there))) => {
                match (switched_on(here, there), switched_on(there, here)) {
                    (true, false) => (one, implemented, false),
                    (false, true) => (other, documented, true),
                    _ => return None,
                }
            }
            _ => return None,
        };
        let table = match (has, part.tables) {
            (Object::Table(table), _) => &table.name,
            (_, Some((here, there))) => {
                if side {
                    &here.name
                } else {
                    &there.name
                }
            }
            (has, None) => {
                let spots = lacks.blind_spots.iter().map(|spot| (spot.origin, &spot.reason));
                let unread = texts.unread.iter().map(|unread| (unread.origin, &unread.reason));
                let lacking = if side { Side::Documented } else { Side::Implemented };
                let of_side = |origin: Origin| {
                    texts.sources.get(origin.source).is_some_and(|found| found.side == lacking)
                };
                let mut all = spots.chain(unread);
                let found = all.find(|(origin, _)| {
                    of_side(*origin) && names(texts.sources.quote(*origin), has)
                });
                return found.map(|(origin, reason)| (side, origin, reason));
            }
        };
        let spot = blind_to(lacks, table, has, texts.sources)?;
        Some((side, spot.origin, &spot.reason))
    };
    let found: Option<Vec<_>> = difference.parts.iter().map(blind).collect();
    let Some([(side, origin, reason), ..]) = found.as_deref() else { return };
    difference.kind = "not-compared";
    difference.severity = Severity::Info;
    let cell = if *side { &mut difference.documented } else { &mut difference.implemented };
    "Not read".clone_into(cell);
    difference.message =
        format!("Not compared: text that may hold it was not read because {reason}.");
    difference.evidence.push(*origin);
    // Nobody can repair what nobody knows.
    difference.parts.clear();
}

/// Whether one table has a switch of row-level security on that the other has not.
fn switched_on(here: &Table, there: &Table) -> bool {
    (here.row_security.on && !there.row_security.on)
        || (here.row_security_forced.on && !there.row_security_forced.on)
}

/// What of a side was not read and may give one of its tables such an object.
fn blind_to<'c>(
    lacks: &'c Catalog,
    table: &QualifiedName,
    object: Object<'_>,
    sources: &Sources,
) -> Option<&'c BlindSpot> {
    let of_kind = lacks.blind_to_table(table, |touches| match object {
        Object::RowSecurity(_) | Object::Policy(_) => touches.row_security,
        Object::Trigger(_) => touches.triggers,
        Object::Index(_) => touches.indexes,
        Object::Table(_) | Object::Column(_) | Object::Constraint(_) => touches.columns,
        _ => false,
    });
    // An `ALTER TABLE` that was not read may do anything to its table.
    let alters = || {
        lacks.blind_spots.iter().find(|spot| {
            let quote = sources.quote(spot.origin).trim_start();
            let start = quote.get(.."ALTER TABLE".len()).unwrap_or_default();
            matches!(&spot.tables, Reach::Named(words) if words.contains(&table.name))
                && start.eq_ignore_ascii_case("ALTER TABLE")
        })
    };
    of_kind.or_else(alters)
}

/// Whether a text names an object that stands alone.
fn names(text: &str, object: Object<'_>) -> bool {
    let name = match object {
        Object::View(view) => &view.name,
        Object::Function(function) => &function.name,
        Object::Type(found) => &found.name,
        _ => return false,
    };
    text.split(|char: char| !(char.is_alphanumeric() || char == '_' || char == '$'))
        .any(|word| word.eq_ignore_ascii_case(&name.name))
}

/// An object of one side that a difference is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Object<'a> {
    Table(&'a Table),
    Column(&'a Column),
    Constraint(&'a Constraint),
    Index(&'a Index),
    Policy(&'a Policy),
    Trigger(&'a Trigger),
    /// The table's switches, enabled and forced.
    RowSecurity(&'a Table),
    /// Who may do what on a table.
    TableGrants(&'a Table),
    /// Who may do what on a view.
    ViewGrants(&'a View),
    /// The comment on the table.
    TableComment(&'a Table),
    /// The comment on a column.
    ColumnComment(&'a Column),
    View(&'a View),
    Function(&'a Function),
    Type(&'a UserType),
}

/// One object on both sides, or on the side that has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'a> {
    /// The table it belongs to, as documented and as implemented; `None` for what stands alone.
    pub(crate) tables: Option<(&'a Table, &'a Table)>,
    pub(crate) documented: Option<Object<'a>>,
    pub(crate) implemented: Option<Object<'a>>,
}

impl<'a> Part<'a> {
    /// A part of a pair of tables.
    fn of(
        pair: &Pair<'a>,
        documented: Option<Object<'a>>,
        implemented: Option<Object<'a>>,
    ) -> Self {
        Self { tables: Some((pair.documented, pair.implemented)), documented, implemented }
    }

    /// An object that stands alone.
    fn alone(documented: Option<Object<'a>>, implemented: Option<Object<'a>>) -> Self {
        Self { tables: None, documented, implemented }
    }
}

/// Kinds in the order a reader wants them within one severity: what is missing as a whole first.
const KINDS: [&str; 27] = [
    "unimplemented-table",
    "rls-differs",
    "policy-differs",
    "grant-differs",
    "key-differs",
    "on-delete-differs",
    "undocumented-table",
    "class-table-name",
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
    "view-differs",
    "function-differs",
    "comment-differs",
    "layer-differs",
    "not-compared",
];

fn rank(kind: &str) -> usize {
    KINDS.iter().position(|known| *known == kind).unwrap_or(KINDS.len())
}

/// The cell of the side that has nothing.
const NOT_DOCUMENTED: &str = "Not in the documented schema";
const NOT_IMPLEMENTED: &str = "Not implemented";

/// The comparison in progress.
struct Drift<'a, 'p> {
    documented: &'a Catalog,
    implemented: &'a Catalog,
    pairing: &'p Pairing<'a>,
    sources: &'p Sources,
    /// The implemented name of each documented table that has one.
    implemented_names: BTreeMap<QualifiedName, QualifiedName>,
    standard: &'p Standard,
    /// Policies that name roles where the document names none.
    narrowed: Vec<Narrowed<'a>>,
    rows: Vec<Difference<'a>>,
}

/// A policy that holds for named roles, where the document has it hold for everyone.
struct Narrowed<'a> {
    tables: (&'a Table, &'a Table),
    documented: &'a Policy,
    implemented: &'a Policy,
}

/// One difference.
pub(crate) struct Difference<'a> {
    pub(crate) kind: &'static str,
    pub(crate) severity: Severity,
    pub(crate) entity: String,
    pub(crate) documented: String,
    pub(crate) implemented: String,
    pub(crate) message: String,
    pub(crate) evidence: Vec<Origin>,
    /// What differs, object by object.
    pub(crate) parts: Vec<Part<'a>>,
}

impl<'a> Difference<'a> {
    /// The same of other parts.
    pub(crate) fn with(&self, parts: Vec<Part<'a>>) -> Self {
        Self {
            entity: self.entity.clone(),
            documented: self.documented.clone(),
            implemented: self.implemented.clone(),
            message: self.message.clone(),
            evidence: self.evidence.clone(),
            parts,
            ..*self
        }
    }

    /// The row of the discrepancy table.
    pub(crate) fn row(&self) -> Discrepancy {
        Discrepancy {
            kind: self.kind,
            entity: self.entity.clone(),
            documented: self.documented.clone(),
            implemented: self.implemented.clone(),
            message: self.message.clone(),
            severity: self.severity,
            evidence: self.evidence.iter().copied().map(Evidence::from).collect(),
            layers: Vec::new(),
            repairs: Repairs::default(),
        }
    }
}

impl<'a> Drift<'a, '_> {
    fn add(&mut self, row: Difference<'a>) {
        self.rows.push(row);
    }

    /// Tables that only one side has, and those whose name differs.
    fn tables(&mut self) {
        let sources = self.sources;
        for table in &self.pairing.unimplemented {
            self.add(Difference {
                kind: "unimplemented-table",
                severity: Severity::Warning,
                entity: human(&table.name.name),
                documented: code(&table.name),
                implemented: NOT_IMPLEMENTED.to_owned(),
                message: "The table is documented but was not built.".to_owned(),
                evidence: vec![table.name_origin],
                parts: vec![Part::alone(Some(Object::Table(table)), None)],
            });
        }
        // What the document may say where it was not read stands apart from what it does not know.
        let (unread, undocumented): (Vec<&Table>, Vec<&Table>) =
            self.pairing.undocumented.iter().partition(|table| {
                blind_to(self.documented, &table.name, Object::Table(table), sources).is_some()
            });
        let mut features = groups::features(&undocumented, sources);
        features.extend(unread.into_iter().map(groups::Feature::alone));
        for group in features {
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
            self.add(Difference {
                kind: "undocumented-table",
                severity: Severity::Warning,
                entity: group.entity,
                documented: NOT_DOCUMENTED.to_owned(),
                implemented,
                message,
                evidence: group.tables.iter().map(|table| table.name_origin).collect(),
                parts: group
                    .tables
                    .iter()
                    .map(|table| Part::alone(None, Some(Object::Table(table))))
                    .collect(),
            });
        }
        // A document that writes no schema says nothing about it.
        let told = |pair: &&Pair<'_>| {
            pair.renamed()
                && (pair.confidence.is_some()
                    || sources.quote(pair.documented.name_origin).contains('.'))
        };
        for pair in self.pairing.pairs.iter().filter(told) {
            let message = match pair.confidence {
                Some(confidence) => format!(
                    "The table goes by another name; its columns and keys match ({confidence} % \
                     sure)."
                ),
                None => "The table is in another schema.".to_owned(),
            };
            self.add(Difference {
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
                parts: vec![Part::of(
                    pair,
                    Some(Object::Table(pair.documented)),
                    Some(Object::Table(pair.implemented)),
                )],
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
