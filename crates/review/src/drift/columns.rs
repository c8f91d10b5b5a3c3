//! Columns of a table that both sides have.

use std::collections::BTreeMap;

use schemaward_catalog::{Column, DataType, Identity, Table};

use super::canonical::{canonical_default, canonical_renamed};
use super::names::words;
use super::{
    Difference, Drift, NOT_DOCUMENTED, NOT_IMPLEMENTED, Object, Pair, Part, both, code, codes,
    entity, types,
};
use crate::Severity;
use crate::facts::implied;

/// Columns by which people delete rows softly when they do not use the standard's.
pub(super) const SOFT_DELETE_IDIOMS: [&str; 18] = [
    "removed_at",
    "archived_at",
    "discarded_at",
    "deactivated_at",
    "deleted_on",
    "deletion_date",
    "date_deleted",
    "trashed_at",
    "voided_at",
    "revoked_at",
    "is_deleted",
    "is_removed",
    "is_archived",
    "is_voided",
    "deleted",
    "archived",
    "voided",
    "deleted_at",
];

/// From this many on, the columns that one side lacks are told in one row.
const MANY: usize = 3;

impl<'a> Drift<'a, '_> {
    /// Compares the columns of a pair.
    pub(super) fn columns(&mut self, pair: &Pair<'a>) {
        let (documented, implemented) = (pair.documented, pair.implemented);
        let mut missing: Vec<&Column> = documented
            .columns
            .iter()
            .filter(|column| implemented.column(&column.name).is_none())
            .collect();
        let mut added: Vec<&Column> = implemented
            .columns
            .iter()
            .filter(|column| documented.column(&column.name).is_none())
            .collect();
        self.soft_delete(pair, &mut missing, &mut added);
        for (one, other, percent) in &pair.renamed_columns {
            self.add(Difference {
                kind: "renamed-column",
                severity: Severity::Warning,
                entity: entity(documented),
                documented: code(&one.name),
                implemented: code(&other.name),
                message: format!(
                    "The column of type `{}` goes by another name ({percent} % sure).",
                    other.data_type
                ),
                evidence: both(one.origin, other.origin),
                parts: vec![Part::of(pair, Some(Object::Column(one)), Some(Object::Column(other)))],
            });
            self.column(pair, one, other);
            missing.retain(|column| column.name != one.name);
            added.retain(|column| column.name != other.name);
        }
        self.missing(pair, &missing);
        self.undocumented(pair, &added);
        for column in &documented.columns {
            if let Some(other) = implemented.column(&column.name) {
                self.column(pair, column, other);
            }
        }
    }

    /// The standard's soft delete is documented or implied, and another idiom stands in for it.
    fn soft_delete(
        &mut self,
        pair: &Pair<'a>,
        missing: &mut Vec<&'a Column>,
        added: &mut Vec<&'a Column>,
    ) {
        let standard = self.standard.soft_delete.column.as_str();
        if pair.implemented.column(standard).is_some() {
            return;
        }
        let column = pair.documented.column(standard);
        let implied = implied::soft_delete(pair.documented);
        if column.is_none() && implied.is_none() {
            return;
        }
        let idiom = SOFT_DELETE_IDIOMS
            .iter()
            .filter(|name| **name != standard)
            .find_map(|name| pair.implemented.column(name));
        let Some(idiom) = idiom else { return };
        let documented = match column {
            Some(_) => code(standard),
            None => format!("{} (implied)", code(standard)),
        };
        let proof = column.map(|column| column.origin).or(implied);
        self.add(Difference {
            kind: "nonstandard-field",
            severity: Severity::Warning,
            entity: entity(pair.documented),
            documented,
            implemented: code(&idiom.name),
            message: format!("Uses custom field instead of standard soft delete (`{standard}`)."),
            evidence: proof.into_iter().chain([idiom.origin]).collect(),
            parts: column
                .map(|column| {
                    Part::of(pair, Some(Object::Column(column)), Some(Object::Column(idiom)))
                })
                .into_iter()
                .collect(),
        });
        if let Some(column) = column {
            self.column(pair, column, idiom);
        }
        missing.retain(|column| column.name != standard);
        added.retain(|column| column.name != idiom.name);
    }

    /// Documented columns that do not exist.
    fn missing(&mut self, pair: &Pair<'a>, columns: &[&'a Column]) {
        let soft = &self.standard.soft_delete.column;
        let (retention, rest): (Vec<&'a Column>, Vec<&'a Column>) =
            columns.iter().partition(|column| column.name == *soft);
        for (columns, severity) in [(retention, Severity::Critical), (rest, Severity::Warning)] {
            for group in grouped(&columns) {
                self.add(Difference {
                    kind: "unimplemented-column",
                    severity,
                    entity: entity(pair.documented),
                    documented: with_types(group),
                    implemented: NOT_IMPLEMENTED.to_owned(),
                    message: if group.len() == 1 {
                        "The documented column does not exist.".to_owned()
                    } else {
                        "The documented columns do not exist.".to_owned()
                    },
                    evidence: group
                        .iter()
                        .map(|column| column.origin)
                        .chain([pair.implemented.name_origin])
                        .collect(),
                    parts: group
                        .iter()
                        .map(|column| Part::of(pair, Some(Object::Column(column)), None))
                        .collect(),
                });
            }
        }
    }

    /// Columns that the document does not know.
    fn undocumented(&mut self, pair: &Pair<'a>, columns: &[&'a Column]) {
        for group in grouped(columns) {
            self.add(Difference {
                kind: "undocumented-column",
                severity: Severity::Warning,
                entity: entity(pair.documented),
                documented: NOT_DOCUMENTED.to_owned(),
                implemented: with_types(group),
                message: if group.len() == 1 {
                    "The documented schema does not know this column.".to_owned()
                } else {
                    "The documented schema does not know these columns.".to_owned()
                },
                evidence: std::iter::once(pair.documented.name_origin)
                    .chain(group.iter().map(|column| column.origin))
                    .collect(),
                parts: group
                    .iter()
                    .map(|column| Part::of(pair, None, Some(Object::Column(column))))
                    .collect(),
            });
        }
    }

    /// One column on both sides: type, nullability, default.
    fn column(&mut self, pair: &Pair<'a>, one: &'a Column, other: &'a Column) {
        let parts = || vec![Part::of(pair, Some(Object::Column(one)), Some(Object::Column(other)))];
        let evidence = || both(one.origin, other.origin);
        let (left, right) = (&one.data_type, &other.data_type);
        let collation = |column: &Column| column.collation.as_ref().map(|name| name.name.clone());
        let same_collation = collation(one) == collation(other);
        if !types::same_type(self.documented, left, self.implemented, right) || !same_collation {
            let severity = if same_collation {
                types::severity(self.documented, left, self.implemented, right)
            } else {
                Severity::Warning
            };
            self.add(Difference {
                kind: "type-differs",
                severity,
                entity: entity(pair.documented),
                documented: typed(one, left),
                implemented: typed(other, right),
                message: match types::labels(self.implemented, right) {
                    Some(labels) => format!(
                        "The types differ; the implemented one is an enum of {}.",
                        codes(labels.iter().map(String::as_str))
                    ),
                    None => "The types differ.".to_owned(),
                },
                evidence: evidence(),
                parts: parts(),
            });
        }
        if one.nullable != other.nullable {
            let word = |column: &Column| {
                let word = if column.nullable { "NULL" } else { "NOT NULL" };
                format!("{} {word}", code(&column.name))
            };
            self.add(Difference {
                kind: "nullability-differs",
                severity: if other.nullable { Severity::Warning } else { Severity::Info },
                entity: entity(pair.documented),
                documented: word(one),
                implemented: word(other),
                message: if other.nullable {
                    "The document demands a value; the implementation accepts none.".to_owned()
                } else {
                    "The implementation demands a value; the document does not.".to_owned()
                },
                evidence: evidence(),
                parts: parts(),
            });
        }
        if !same_default(pair, one, other) {
            self.add(Difference {
                kind: "default-differs",
                severity: Severity::Info,
                entity: entity(pair.documented),
                documented: shown_default(one),
                implemented: shown_default(other),
                message: "The defaults differ.".to_owned(),
                evidence: evidence(),
                parts: parts(),
            });
        }
    }
}

/// Whether two columns share their last word and stand next to the same column: `content_type` and
/// `mime_type` between the same neighbours.
pub(super) fn same_place(pair: &Pair<'_>, one: &str, other: &str) -> bool {
    let head = |name: &str| words(name).pop().filter(|_| words(name).len() > 1);
    let neighbours = |table: &Table, name: &str| {
        let at = table.columns.iter().position(|column| column.name == name);
        let near = |at: Option<usize>| {
            at.and_then(|at| table.columns.get(at)).map(|column| column.name.clone())
        };
        (near(at.and_then(|at| at.checked_sub(1))), near(at.map(|at| at + 1)))
    };
    let (before, after) = neighbours(pair.documented, one);
    let (other_before, other_after) = neighbours(pair.implemented, other);
    let near =
        (before.is_some() && before == other_before) || (after.is_some() && after == other_after);
    near && head(one).is_some() && head(one) == head(other)
}

/// Single columns, or all of them at once when they are many.
fn grouped<'s, 'c>(columns: &'s [&'c Column]) -> Vec<&'s [&'c Column]> {
    if columns.len() >= MANY { vec![columns] } else { columns.chunks(1).collect() }
}

fn with_types(columns: &[&Column]) -> String {
    columns.iter().map(|column| typed(column, &column.data_type)).collect::<Vec<_>>().join(", ")
}

/// `` `name type` ``.
fn typed(column: &Column, data_type: &DataType) -> String {
    code(format_args!("{} {data_type}", column.name))
}

/// What fills a column that is given no value.
#[derive(PartialEq, Eq)]
enum Filled {
    Nothing,
    /// A sequence, by `serial` or `nextval`.
    Numbered,
    Identity(Identity),
    Default(String),
    Generated(String, bool),
}

/// Whether two columns are filled alike.
fn same_default(pair: &Pair<'_>, one: &Column, other: &Column) -> bool {
    let plain = |column: &Column| {
        column.identity.is_none()
            && column.generated.is_none()
            && column.data_type.serial_base().is_none()
    };
    let verbatim = || {
        let text = |column: &Column| column.default.as_ref().map(|default| default.text.clone());
        text(one) == text(other)
    };
    (plain(one) && plain(other) && verbatim())
        || filled(one, &pair.columns) == filled(other, &BTreeMap::new())
}

fn filled(column: &Column, names: &BTreeMap<String, String>) -> Filled {
    if let Some(generated) = &column.generated {
        return Filled::Generated(
            canonical_renamed(&generated.expression, names),
            generated.stored,
        );
    }
    if let Some(identity) = column.identity {
        return Filled::Identity(identity);
    }
    let base = if column.data_type.array { "" } else { column.data_type.name.as_str() };
    let default = column.default.as_ref().map(|default| canonical_default(default, names, base));
    match default {
        _ if column.data_type.serial_base().is_some() => Filled::Numbered,
        // Which sequence it is, its name says; only a default that counts is told.
        Some(default) if default.starts_with("nextval(") => Filled::Numbered,
        // `DEFAULT NULL` says what holds anyway.
        Some(default) if default == "NULL" => Filled::Nothing,
        Some(default) => Filled::Default(default),
        None => Filled::Nothing,
    }
}

fn shown_default(column: &Column) -> String {
    let name = code(&column.name);
    if let Some(generated) = &column.generated {
        return format!("{name} generated as {}", code(&generated.expression.text));
    }
    match column.identity {
        Some(Identity::Always) => return format!("{name} as an identity, always"),
        Some(Identity::ByDefault) => return format!("{name} as an identity, by default"),
        None => {}
    }
    match &column.default {
        Some(default) => format!("{name} default {}", code(&default.text)),
        None if column.data_type.serial_base().is_some() => format!("{name} from a sequence"),
        None => format!("{name} without a default"),
    }
}
