//! Keys, uniqueness, checks, foreign keys and indexes of a table that both sides have.

use schemaward_catalog::ddl::{index_keys, referential_action};
use std::collections::BTreeSet;

use schemaward_catalog::{
    Constraint, ConstraintKind, ForeignKey, Index, IndexKeyKind, Origin, QualifiedName,
    ReferentialAction, Table,
};

use super::canonical::{canonical, canonical_option};
use super::{Drift, NOT_DOCUMENTED, NOT_IMPLEMENTED, Pair, Row, both, code, codes, entity, types};
use crate::Severity;
use crate::facts::expression::columns;

impl Drift<'_> {
    /// Whether a documented table name and an implemented one mean the same table.
    pub(super) fn same_table(
        &self,
        documented: &QualifiedName,
        implemented: &QualifiedName,
    ) -> bool {
        let paired = self.pairing.pairs.iter().find(|pair| pair.documented.name == *documented);
        match paired {
            Some(pair) => pair.implemented.name == *implemented,
            None => documented.name == implemented.name,
        }
    }

    /// Primary keys and uniqueness.
    pub(super) fn keys(&mut self, pair: &Pair<'_>) {
        self.primary_key(pair);
        let (here, there) = (uniques(pair.documented), uniques(pair.implemented));
        for unique in &here {
            if !there.iter().any(|other| other.meaning == unique.meaning) {
                self.add(Row {
                    kind: "unique-differs",
                    severity: Severity::Warning,
                    entity: entity(pair.documented),
                    documented: unique.shown.clone(),
                    implemented: NOT_IMPLEMENTED.to_owned(),
                    message: "The documented uniqueness is not enforced.".to_owned(),
                    evidence: both(unique.origin, pair.implemented.name_origin),
                });
            }
        }
        for unique in &there {
            if !here.iter().any(|other| other.meaning == unique.meaning) {
                self.add(Row {
                    kind: "unique-differs",
                    severity: Severity::Info,
                    entity: entity(pair.documented),
                    documented: NOT_DOCUMENTED.to_owned(),
                    implemented: unique.shown.clone(),
                    message: "The document does not know this uniqueness.".to_owned(),
                    evidence: both(pair.documented.name_origin, unique.origin),
                });
            }
        }
    }

    fn primary_key(&mut self, pair: &Pair<'_>) {
        let key = |table: &'_ Table| {
            table.primary_key().map(|(constraint, columns)| (constraint.origin, columns.to_vec()))
        };
        let shown = |key: &Option<(Origin, Vec<String>)>| match key {
            Some((_, columns)) => {
                format!("primary key {}", codes(columns.iter().map(String::as_str)))
            }
            None => "no primary key".to_owned(),
        };
        let (here, there) = (key(pair.documented), key(pair.implemented));
        let columns = |key: &Option<(Origin, Vec<String>)>| key.as_ref().map(|(_, c)| c.clone());
        if columns(&here) == columns(&there) {
            return;
        }
        self.add(Row {
            kind: "key-differs",
            severity: if here.is_some() { Severity::Critical } else { Severity::Info },
            entity: entity(pair.documented),
            documented: shown(&here),
            implemented: shown(&there),
            message: "The primary keys differ.".to_owned(),
            evidence: both(
                here.map_or(pair.documented.name_origin, |(origin, _)| origin),
                there.map_or(pair.implemented.name_origin, |(origin, _)| origin),
            ),
        });
    }

    /// Conditions that every row must fulfil.
    pub(super) fn checks(&mut self, pair: &Pair<'_>) {
        let checks = |table: &'_ Table| -> Vec<Check> {
            let checks = table.constraints.iter().filter_map(Check::of);
            checks.collect()
        };
        let (mut here, mut there) = (checks(pair.documented), checks(pair.implemented));
        here.retain(|check| {
            let Some(at) = there.iter().position(|other| other.meaning == check.meaning) else {
                return true;
            };
            there.remove(at);
            false
        });
        // A list of values may have become an enum: the difference of types says that already.
        here.retain(|check| !self.became_enum(&check.columns, pair.implemented, true));
        there.retain(|check| !self.became_enum(&check.columns, pair.documented, false));
        for check in here {
            let about = |other: &Check| !check.columns.is_empty() && other.columns == check.columns;
            let other = there.iter().position(about).map(|at| there.remove(at));
            let (implemented, message, origin) = match other {
                Some(other) => {
                    (other.shown, "The checks on the same columns differ.", other.origin)
                }
                None => (
                    NOT_IMPLEMENTED.to_owned(),
                    "The documented check is not enforced.",
                    pair.implemented.name_origin,
                ),
            };
            self.add(Row {
                kind: "check-differs",
                severity: Severity::Warning,
                entity: entity(pair.documented),
                documented: check.shown,
                implemented,
                message: message.to_owned(),
                evidence: both(check.origin, origin),
            });
        }
        for check in there {
            self.add(Row {
                kind: "check-differs",
                severity: Severity::Info,
                entity: entity(pair.documented),
                documented: NOT_DOCUMENTED.to_owned(),
                implemented: check.shown,
                message: "The document does not know this check.".to_owned(),
                evidence: both(pair.documented.name_origin, check.origin),
            });
        }
    }

    /// Whether a check's only column is an enum on the other side.
    fn became_enum(&self, columns: &BTreeSet<String>, other: &Table, implemented: bool) -> bool {
        let catalog = if implemented { self.implemented } else { self.documented };
        let mut columns = columns.iter();
        let (Some(only), None) = (columns.next(), columns.next()) else { return false };
        other.column(only).is_some_and(|column| types::labels(catalog, &column.data_type).is_some())
    }

    /// Foreign keys by their columns: target and action.
    pub(super) fn foreign_keys(&mut self, pair: &Pair<'_>) {
        let keys = |table: &'_ Table| -> Vec<(Origin, ForeignKey)> {
            let keys = table.foreign_keys();
            keys.map(|(constraint, key)| (constraint.origin, key.clone())).collect()
        };
        let mut there = keys(pair.implemented);
        for (origin, key) in keys(pair.documented) {
            let same = |(_, other): &(Origin, ForeignKey)| other.columns == key.columns;
            let exact = |found: &(Origin, ForeignKey)| {
                same(found) && self.same_table(&key.references, &found.1.references)
            };
            let at = there.iter().position(exact).or_else(|| there.iter().position(same));
            let Some((other_origin, other)) = at.map(|at| there.remove(at)) else {
                // A column that does not exist is told as such.
                if key.columns.iter().all(|name| pair.implemented.column(name).is_some()) {
                    self.add(Row {
                        kind: "foreign-key-differs",
                        severity: Severity::Warning,
                        entity: entity(pair.documented),
                        documented: shown_key(&key),
                        implemented: NOT_IMPLEMENTED.to_owned(),
                        message: "The documented foreign key is not enforced.".to_owned(),
                        evidence: both(origin, pair.implemented.name_origin),
                    });
                }
                continue;
            };
            self.foreign_key(pair, (origin, &key), (other_origin, &other));
        }
        for (origin, key) in there {
            if key.columns.iter().all(|name| pair.documented.column(name).is_some()) {
                self.add(Row {
                    kind: "foreign-key-differs",
                    severity: Severity::Info,
                    entity: entity(pair.documented),
                    documented: NOT_DOCUMENTED.to_owned(),
                    implemented: shown_key(&key),
                    message: "The document does not know this foreign key.".to_owned(),
                    evidence: both(pair.documented.name_origin, origin),
                });
            }
        }
    }

    fn foreign_key(
        &mut self,
        pair: &Pair<'_>,
        (origin, key): (Origin, &ForeignKey),
        (other_origin, other): (Origin, &ForeignKey),
    ) {
        let referenced = key.referenced_columns == other.referenced_columns
            || key.referenced_columns.is_empty()
            || other.referenced_columns.is_empty();
        if !self.same_table(&key.references, &other.references) || !referenced {
            self.add(Row {
                kind: "foreign-key-differs",
                severity: Severity::Warning,
                entity: entity(pair.documented),
                documented: shown_key(key),
                implemented: shown_key(other),
                message: "The foreign keys refer to different places.".to_owned(),
                evidence: both(origin, other_origin),
            });
        } else if key.on_delete != other.on_delete {
            let destroys = other.on_delete == ReferentialAction::Cascade;
            let shown = |key: &ForeignKey| {
                format!(
                    "{} on delete {}",
                    codes(key.columns.iter().map(String::as_str)),
                    code(referential_action(&key.on_delete))
                )
            };
            self.add(Row {
                kind: "on-delete-differs",
                severity: if destroys { Severity::Critical } else { Severity::Warning },
                entity: entity(pair.documented),
                documented: shown(key),
                implemented: shown(other),
                message: if destroys {
                    format!(
                        "Deleting a row of `{}` destroys rows that the document keeps.",
                        other.references
                    )
                } else {
                    format!("Deleting a row of `{}` acts differently.", other.references)
                },
                evidence: both(origin, other_origin),
            });
        }
    }

    /// Indexes by what they index; unique ones are told as uniqueness.
    pub(super) fn indexes(&mut self, pair: &Pair<'_>) {
        let here: Vec<&Index> =
            pair.documented.indexes.iter().filter(|index| !index.unique).collect();
        let there: Vec<&Index> =
            pair.implemented.indexes.iter().filter(|index| !index.unique).collect();
        for index in &here {
            // A key over the same columns serves the same queries.
            let covered = || {
                index.predicate.is_none()
                    && index.method == "btree"
                    && plain_columns(index).is_some_and(|columns| {
                        pair.implemented.index_keys().any(|(keys, predicate)| {
                            predicate.is_none() && keys.starts_with(&columns)
                        })
                    })
            };
            let meaning = index_meaning(index);
            if !there.iter().any(|other| index_meaning(other) == meaning) && !covered() {
                self.add(Row {
                    kind: "index-differs",
                    severity: Severity::Warning,
                    entity: entity(pair.documented),
                    documented: shown_index(index),
                    implemented: NOT_IMPLEMENTED.to_owned(),
                    message: "The documented index does not exist.".to_owned(),
                    evidence: both(index.origin, pair.implemented.name_origin),
                });
            }
        }
        let added: Vec<&&Index> = there
            .iter()
            .filter(|index| {
                let meaning = index_meaning(index);
                !here.iter().any(|other| index_meaning(other) == meaning)
            })
            .collect();
        if !added.is_empty() {
            self.add(Row {
                kind: "index-differs",
                severity: Severity::Info,
                entity: entity(pair.documented),
                documented: NOT_DOCUMENTED.to_owned(),
                implemented: added
                    .iter()
                    .map(|index| shown_index(index))
                    .collect::<Vec<_>>()
                    .join(", "),
                message: if added.len() == 1 {
                    "The document does not know this index.".to_owned()
                } else {
                    "The document does not know these indexes.".to_owned()
                },
                evidence: std::iter::once(pair.documented.name_origin)
                    .chain(added.iter().map(|index| index.origin))
                    .collect(),
            });
        }
    }
}

/// One uniqueness, by constraint or index.
struct Unique {
    /// Keys in no order, predicate, and whether NULLs are equal.
    meaning: (BTreeSet<String>, Option<String>, bool),
    shown: String,
    origin: Origin,
}

fn uniques(table: &Table) -> Vec<Unique> {
    let constraints = table.constraints.iter().filter_map(|constraint| {
        let ConstraintKind::Unique { columns, nulls_not_distinct, .. } = &constraint.kind else {
            return None;
        };
        Some(Unique {
            meaning: (columns.iter().cloned().collect(), None, *nulls_not_distinct),
            shown: format!("unique {}", codes(columns.iter().map(String::as_str))),
            origin: constraint.origin,
        })
    });
    let indexes = table.indexes.iter().filter(|index| index.unique).map(|index| {
        let keys = index.keys.iter().map(|key| match &key.key {
            IndexKeyKind::Column(name) => name.clone(),
            IndexKeyKind::Expression(expression) => canonical(expression),
        });
        Unique {
            meaning: (
                keys.collect(),
                canonical_option(index.predicate.as_ref()),
                index.nulls_not_distinct,
            ),
            shown: format!("unique {}", shown_index(index)),
            origin: index.origin,
        }
    });
    constraints.chain(indexes).collect()
}

/// A condition on rows, or, by `EXCLUDE`, on pairs of rows.
struct Check {
    meaning: String,
    columns: BTreeSet<String>,
    shown: String,
    origin: Origin,
}

impl Check {
    fn of(constraint: &Constraint) -> Option<Self> {
        match &constraint.kind {
            ConstraintKind::Check { expression } => Some(Self {
                meaning: canonical(expression),
                columns: expression.ast.as_deref().map(columns).unwrap_or_default(),
                shown: code(format_args!("CHECK ({})", shortened(&expression.text))),
                origin: constraint.origin,
            }),
            ConstraintKind::Exclude { method, elements, predicate } => {
                let elements: Vec<String> = elements
                    .iter()
                    .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
                    .collect();
                let condition = canonical_option(predicate.as_ref()).unwrap_or_default();
                let text = format!("EXCLUDE USING {method} ({})", elements.join(", "));
                Some(Self {
                    meaning: format!("{} {condition}", text.to_lowercase()),
                    columns: BTreeSet::new(),
                    shown: code(shortened(&text)),
                    origin: constraint.origin,
                })
            }
            _ => None,
        }
    }
}

/// A condition as far as a table cell has room for it.
pub(super) fn shortened(text: &str) -> String {
    const LIMIT: usize = 240;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

fn shown_key(key: &ForeignKey) -> String {
    let columns = codes(key.columns.iter().map(String::as_str));
    let referenced = key.referenced_columns.join(", ");
    let target = if referenced.is_empty() {
        key.references.to_string()
    } else {
        format!("{}({referenced})", key.references)
    };
    format!("{columns} references {}", code(target))
}

fn shown_index(index: &Index) -> String {
    let method = if index.method == "btree" { String::new() } else { format!("{} ", index.method) };
    let predicate = index
        .predicate
        .as_ref()
        .map_or_else(String::new, |predicate| format!(" WHERE {}", shortened(&predicate.text)));
    let include = match index.include.as_slice() {
        [] => String::new(),
        columns => format!(" INCLUDE ({})", columns.join(", ")),
    };
    code(format_args!("{method}({}){include}{predicate}", index_keys(index)))
}

/// The columns of an index that has nothing but plain columns.
fn plain_columns(index: &Index) -> Option<Vec<&str>> {
    index
        .keys
        .iter()
        .map(|key| match &key.key {
            IndexKeyKind::Column(name) => Some(name.as_str()),
            IndexKeyKind::Expression(_) => None,
        })
        .collect()
}

/// What an index does, whatever it is called.
fn index_meaning(index: &Index) -> String {
    let keys: Vec<String> = index
        .keys
        .iter()
        .map(|key| {
            let what = match &key.key {
                IndexKeyKind::Column(name) => name.clone(),
                IndexKeyKind::Expression(expression) => canonical(expression),
            };
            // `DESC` puts NULLs first by itself, `ASC` last.
            let nulls_first = key.nulls_first.unwrap_or(key.descending);
            let class = key.operator_class.as_deref().unwrap_or_default().to_lowercase();
            let class = class.strip_prefix("public.").unwrap_or(&class);
            format!("{what} {} {nulls_first} {class}", key.descending)
        })
        .collect();
    let mut include = index.include.clone();
    include.sort();
    let predicate = canonical_option(index.predicate.as_ref()).unwrap_or_default();
    format!("{} | {} | {} | {predicate}", index.method, keys.join(", "), include.join(", "))
}
