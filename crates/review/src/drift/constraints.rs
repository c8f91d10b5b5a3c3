//! Keys, uniqueness, checks, foreign keys and indexes of a table that both sides have.

use schemaward_catalog::ddl::{index_keys, referential_action};
use std::collections::BTreeSet;

use schemaward_catalog::{
    Constraint, ConstraintKind, Expression, ForeignKey, Index, IndexKeyKind, Origin, QualifiedName,
    ReferentialAction, Table,
};

use super::canonical::{canonical, canonical_renamed};
use super::spelling::plain;
use super::{
    Difference, Drift, NOT_DOCUMENTED, NOT_IMPLEMENTED, Object, Pair, Part, both, code, codes,
    entity, types,
};
use crate::Severity;
use crate::facts::expression::columns;
use crate::facts::implied;
use crate::facts::values::{Limit, limit};

impl<'a> Drift<'a, '_> {
    /// Whether a documented table name and an implemented one mean the same table.
    pub(super) fn same_table(
        &self,
        documented: &QualifiedName,
        implemented: &QualifiedName,
    ) -> bool {
        match self.implemented_names.get(documented) {
            Some(name) => name == implemented,
            None => documented.name == implemented.name,
        }
    }

    /// Primary keys and uniqueness.
    pub(super) fn keys(&mut self, pair: &Pair<'a>) {
        self.primary_key(pair);
        let here = uniques(pair.documented, Some(pair));
        let there = uniques(pair.implemented, None);
        for unique in &here {
            if !there.iter().any(|other| other.meaning == unique.meaning) {
                self.add(Difference {
                    kind: "unique-differs",
                    severity: Severity::Warning,
                    entity: entity(pair.documented),
                    documented: unique.shown.clone(),
                    implemented: NOT_IMPLEMENTED.to_owned(),
                    message: "The documented uniqueness is not enforced.".to_owned(),
                    evidence: both(unique.origin, pair.implemented.name_origin),
                    parts: vec![Part::of(pair, Some(unique.object), None)],
                });
            }
        }
        for unique in &there {
            if !here.iter().any(|other| other.meaning == unique.meaning) {
                self.add(Difference {
                    kind: "unique-differs",
                    severity: Severity::Info,
                    entity: entity(pair.documented),
                    documented: NOT_DOCUMENTED.to_owned(),
                    implemented: unique.shown.clone(),
                    message: "The document does not know this uniqueness.".to_owned(),
                    evidence: both(pair.documented.name_origin, unique.origin),
                    parts: vec![Part::of(pair, None, Some(unique.object))],
                });
            }
        }
    }

    fn primary_key(&mut self, pair: &Pair<'a>) {
        let shown = |key: Option<(&Constraint, &[String])>| match key {
            Some((_, columns)) => {
                format!("primary key {}", codes(columns.iter().map(String::as_str)))
            }
            None => "no primary key".to_owned(),
        };
        let (here, there) = (pair.documented.primary_key(), pair.implemented.primary_key());
        let expected = here.map(|(_, columns)| pair.columns_there(columns));
        if expected.as_deref() == there.map(|(_, columns)| columns) {
            return;
        }
        let origin = |key: Option<(&Constraint, &[String])>, table: &Table| {
            key.map_or(table.name_origin, |(constraint, _)| constraint.origin)
        };
        self.add(Difference {
            kind: "key-differs",
            severity: if here.is_some() { Severity::Critical } else { Severity::Info },
            entity: entity(pair.documented),
            documented: shown(here),
            implemented: shown(there),
            message: "The primary keys differ.".to_owned(),
            evidence: both(origin(here, pair.documented), origin(there, pair.implemented)),
            parts: vec![Part::of(
                pair,
                here.map(|(constraint, _)| Object::Constraint(constraint)),
                there.map(|(constraint, _)| Object::Constraint(constraint)),
            )],
        });
    }

    /// Conditions that every row must fulfil.
    pub(super) fn checks(&mut self, pair: &Pair<'a>) {
        let mut here = checks(pair.documented);
        let mut there = checks(pair.implemented);
        here.retain(|check| {
            let same = |other: &Check<'_>| {
                let verbatim = pair.columns.is_empty()
                    && check.text().is_some()
                    && other.text() == check.text()
                    && other.constraint.not_enforced == check.constraint.not_enforced;
                verbatim || other.meaning() == check.meaning_under(pair)
            };
            let Some(at) = there.iter().position(same) else { return true };
            there.remove(at);
            false
        });
        // A list of values may have become an enum: the difference of types says that already.
        here.retain(|check| !self.became_enum(&check.columns, pair.implemented, true));
        there.retain(|check| !self.became_enum(&check.columns, pair.documented, false));
        there.retain(|check| !self.implied(pair, check));
        for check in here {
            let about = |other: &Check| !check.columns.is_empty() && other.columns == check.columns;
            let other = there.iter().position(about).map(|at| there.remove(at));
            let (implemented, message, origin) = match &other {
                Some(other) => (
                    other.shown.clone(),
                    "The checks on the same columns differ.",
                    other.constraint.origin,
                ),
                None => (
                    NOT_IMPLEMENTED.to_owned(),
                    "The documented check is not enforced.",
                    pair.implemented.name_origin,
                ),
            };
            self.add(Difference {
                kind: "check-differs",
                severity: Severity::Warning,
                entity: entity(pair.documented),
                documented: check.shown,
                implemented,
                message: message.to_owned(),
                evidence: both(check.constraint.origin, origin),
                parts: vec![Part::of(
                    pair,
                    Some(Object::Constraint(check.constraint)),
                    other.map(|other| Object::Constraint(other.constraint)),
                )],
            });
        }
        for check in there {
            self.add(Difference {
                kind: "check-differs",
                severity: Severity::Info,
                entity: entity(pair.documented),
                documented: NOT_DOCUMENTED.to_owned(),
                implemented: check.shown,
                message: "The document does not know this check.".to_owned(),
                evidence: both(pair.documented.name_origin, check.constraint.origin),
                parts: vec![Part::of(pair, None, Some(Object::Constraint(check.constraint)))],
            });
        }
    }

    /// Whether the document lists values in prose where the implementation enforces a list; says how
    /// the two differ, when they do.
    fn implied(&mut self, pair: &Pair<'a>, check: &Check<'a>) -> bool {
        let mut names = check.columns.iter();
        let (Some(name), None) = (names.next(), names.next()) else { return false };
        let here = pair.columns_here(std::slice::from_ref(name));
        let documented = here.first().and_then(|name| pair.documented.column(name));
        let Some((column, (said, origin))) =
            documented.and_then(|column| Some((column, implied::values(column)?)))
        else {
            return false;
        };
        let Some(found) = pair.implemented.column(name) else { return false };
        let limit = limit(self.implemented, pair.implemented, found);
        let Limit::Values(enforced, _) = limit else { return false };
        if said == enforced {
            return true;
        }
        let shown = |values: &BTreeSet<String>| {
            let quoted: Vec<String> =
                values.iter().map(|value| code(format_args!("'{value}'"))).collect();
            quoted.join(", ")
        };
        self.add(Difference {
            kind: "check-differs",
            severity: Severity::Warning,
            entity: entity(pair.documented),
            documented: format!("{}: {} (implied)", code(&column.name), shown(&said)),
            implemented: check.shown.clone(),
            message: "The values listed beside the documented column are not those enforced."
                .to_owned(),
            evidence: both(origin, check.constraint.origin),
            parts: vec![Part::of(pair, None, Some(Object::Constraint(check.constraint)))],
        });
        true
    }

    /// Whether a check's only column is an enum on the other side.
    fn became_enum(&self, columns: &BTreeSet<String>, other: &Table, implemented: bool) -> bool {
        let catalog = if implemented { self.implemented } else { self.documented };
        let mut columns = columns.iter();
        let (Some(only), None) = (columns.next(), columns.next()) else { return false };
        other.column(only).is_some_and(|column| types::labels(catalog, &column.data_type).is_some())
    }

    /// Foreign keys by their columns: target and action.
    pub(super) fn foreign_keys(&mut self, pair: &Pair<'a>) {
        let mut there: Vec<(&Constraint, &ForeignKey)> = pair.implemented.foreign_keys().collect();
        for (constraint, key) in pair.documented.foreign_keys() {
            let columns = pair.columns_there(&key.columns);
            let same = |(_, other): &(&Constraint, &ForeignKey)| other.columns == columns;
            let exact = |found: &(&Constraint, &ForeignKey)| {
                same(found) && self.same_table(&key.references, &found.1.references)
            };
            let at = there.iter().position(exact).or_else(|| there.iter().position(same));
            let Some(other) = at.map(|at| there.remove(at)) else {
                // A column that does not exist is told as such.
                if columns.iter().all(|name| pair.implemented.column(name).is_some()) {
                    self.add(Difference {
                        kind: "foreign-key-differs",
                        severity: Severity::Warning,
                        entity: entity(pair.documented),
                        documented: shown_key(key),
                        implemented: NOT_IMPLEMENTED.to_owned(),
                        message: "The documented foreign key is not enforced.".to_owned(),
                        evidence: both(constraint.origin, pair.implemented.name_origin),
                        parts: vec![Part::of(pair, Some(Object::Constraint(constraint)), None)],
                    });
                }
                continue;
            };
            self.foreign_key(pair, (constraint, key), other);
        }
        self.never_deleted(pair);
        for (constraint, key) in there {
            let columns = pair.columns_here(&key.columns);
            if columns.iter().all(|name| pair.documented.column(name).is_some()) {
                self.add(Difference {
                    kind: "foreign-key-differs",
                    severity: Severity::Info,
                    entity: entity(pair.documented),
                    documented: NOT_DOCUMENTED.to_owned(),
                    implemented: shown_key(key),
                    message: "The document does not know this foreign key.".to_owned(),
                    evidence: both(pair.documented.name_origin, constraint.origin),
                    parts: vec![Part::of(pair, None, Some(Object::Constraint(constraint)))],
                });
            }
        }
    }

    /// Rows that the document's prose says are never deleted, and that a cascade deletes.
    fn never_deleted(&mut self, pair: &Pair<'a>) {
        let Some(said) = implied::never_deleted(pair.documented) else { return };
        for (constraint, key) in pair.implemented.foreign_keys() {
            let told = self.rows.iter().any(|row| {
                row.kind == "on-delete-differs" && row.evidence.contains(&constraint.origin)
            });
            // A document that cascades itself takes back what its prose says.
            let documented = pair.documented.foreign_keys().any(|(_, own)| {
                own.on_delete == ReferentialAction::Cascade
                    && pair.columns_there(&own.columns) == key.columns
            });
            if key.on_delete != ReferentialAction::Cascade || told || documented {
                continue;
            }
            self.add(Difference {
                kind: "on-delete-differs",
                severity: Severity::Warning,
                entity: entity(pair.documented),
                documented: "Never deleted (implied)".to_owned(),
                implemented: format!(
                    "{} on delete {}",
                    codes(key.columns.iter().map(String::as_str)),
                    code(referential_action(&key.on_delete))
                ),
                message: format!(
                    "Deleting a row of `{}` destroys rows that are never to be deleted.",
                    key.references
                ),
                evidence: both(said, constraint.origin),
                // Whether the prose or the key is right, a person must say.
                parts: Vec::new(),
            });
        }
    }

    fn foreign_key(
        &mut self,
        pair: &Pair<'a>,
        (constraint, key): (&'a Constraint, &'a ForeignKey),
        (other_constraint, other): (&'a Constraint, &'a ForeignKey),
    ) {
        let target = self.pairing.of_documented(&key.references);
        let referenced_columns = match target {
            Some(target) => target.columns_there(&key.referenced_columns),
            None => key.referenced_columns.clone(),
        };
        let referenced = referenced_columns == other.referenced_columns
            || key.referenced_columns.is_empty()
            || other.referenced_columns.is_empty();
        let evidence = both(constraint.origin, other_constraint.origin);
        let parts = vec![Part::of(
            pair,
            Some(Object::Constraint(constraint)),
            Some(Object::Constraint(other_constraint)),
        )];
        if !self.same_table(&key.references, &other.references) || !referenced {
            self.add(Difference {
                kind: "foreign-key-differs",
                severity: Severity::Warning,
                entity: entity(pair.documented),
                documented: shown_key(key),
                implemented: shown_key(other),
                message: "The foreign keys refer to different places.".to_owned(),
                evidence,
                parts,
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
            self.add(Difference {
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
                evidence,
                parts,
            });
        } else if let Some((documented, implemented)) =
            manners(constraint, key, other_constraint, other)
        {
            let columns = codes(key.columns.iter().map(String::as_str));
            self.add(Difference {
                kind: "foreign-key-differs",
                severity: Severity::Info,
                entity: entity(pair.documented),
                documented: format!("{columns} {documented}"),
                implemented: format!("{columns} {implemented}"),
                message: "The foreign keys act differently.".to_owned(),
                evidence,
                parts,
            });
        }
    }

    /// Indexes by what they index; unique ones are told as uniqueness.
    pub(super) fn indexes(&mut self, pair: &Pair<'a>) {
        let plain = |table: &'a Table| table.indexes.iter().filter(|index| !index.unique);
        let here: Vec<(&Index, String)> =
            plain(pair.documented).map(|index| (index, index_meaning(index, Some(pair)))).collect();
        let there: Vec<(&Index, String)> =
            plain(pair.implemented).map(|index| (index, index_meaning(index, None))).collect();
        for (index, meaning) in &here {
            // A key over the same columns serves the same queries.
            let covered = || {
                index.predicate.is_none()
                    && index.method == "btree"
                    && index.include.is_empty()
                    && index.keys.iter().all(|key| key.operator_class.is_none())
                    && plain_columns(index).is_some_and(|columns| {
                        keys(pair.implemented).any(|key| {
                            let key: Vec<&str> = key.iter().map(String::as_str).collect();
                            key.starts_with(&columns)
                        })
                    })
            };
            if !there.iter().any(|(_, other)| other == meaning) && !covered() {
                self.add(Difference {
                    kind: "index-differs",
                    severity: Severity::Warning,
                    entity: entity(pair.documented),
                    documented: shown_index(index),
                    implemented: NOT_IMPLEMENTED.to_owned(),
                    message: "The documented index does not exist.".to_owned(),
                    evidence: both(index.origin, pair.implemented.name_origin),
                    parts: vec![Part::of(pair, Some(Object::Index(index)), None)],
                });
            }
        }
        let added: Vec<&Index> = there
            .iter()
            .filter(|(_, meaning)| !here.iter().any(|(_, other)| other == meaning))
            .map(|(index, _)| *index)
            .collect();
        if !added.is_empty() {
            self.add(Difference {
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
                parts: added
                    .iter()
                    .map(|index| Part::of(pair, None, Some(Object::Index(index))))
                    .collect(),
            });
        }
    }
}

/// The columns of a table's keys, whose indexes serve queries as well.
fn keys(table: &Table) -> impl Iterator<Item = &Vec<String>> {
    table.constraints.iter().filter_map(|constraint| match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            Some(columns)
        }
        _ => None,
    })
}

/// What two foreign keys to one place do differently besides `ON DELETE`, in words.
fn manners(
    constraint: &Constraint,
    key: &ForeignKey,
    other_constraint: &Constraint,
    other: &ForeignKey,
) -> Option<(String, String)> {
    let words = |constraint: &Constraint, key: &ForeignKey| {
        let mut words = Vec::new();
        if key.on_update != other.on_update || key.on_update != ReferentialAction::NoAction {
            words.push(format!("on update {}", code(referential_action(&key.on_update))));
        }
        if key.match_full {
            words.push("match full".to_owned());
        }
        if constraint.initially_deferred {
            words.push("initially deferred".to_owned());
        } else if constraint.deferrable {
            words.push("deferrable".to_owned());
        }
        if constraint.not_enforced {
            words.push("not enforced".to_owned());
        }
        if words.is_empty() { "checked at once".to_owned() } else { words.join(", ") }
    };
    let same = key.on_update == other.on_update
        && key.match_full == other.match_full
        && constraint.deferrable == other_constraint.deferrable
        && constraint.initially_deferred == other_constraint.initially_deferred
        && constraint.not_enforced == other_constraint.not_enforced;
    (!same).then(|| (words(constraint, key), words(other_constraint, other)))
}

/// One uniqueness, by constraint or index.
struct Unique<'a> {
    /// Keys in no order, predicate, and whether NULLs are equal.
    meaning: (BTreeSet<String>, Option<String>, bool),
    shown: String,
    origin: Origin,
    object: Object<'a>,
}

/// The uniquenesses of a table; of a documented one with columns by their implemented names.
fn uniques<'a>(table: &'a Table, renamed: Option<&Pair<'a>>) -> Vec<Unique<'a>> {
    let name = |name: &String| match renamed {
        Some(pair) => pair.column_there(name).to_owned(),
        None => name.clone(),
    };
    let constraints = table.constraints.iter().filter_map(|constraint| {
        let ConstraintKind::Unique { columns, nulls_not_distinct, .. } = &constraint.kind else {
            return None;
        };
        Some(Unique {
            meaning: (columns.iter().map(name).collect(), None, *nulls_not_distinct),
            shown: format!("unique {}", codes(columns.iter().map(String::as_str))),
            origin: constraint.origin,
            object: Object::Constraint(constraint),
        })
    });
    let indexes = table.indexes.iter().filter(|index| index.unique).map(|index| {
        let keys = index.keys.iter().map(|key| match &key.key {
            IndexKeyKind::Column(column) => name(column),
            IndexKeyKind::Expression(expression) => under(renamed, expression),
        });
        Unique {
            meaning: (
                keys.collect(),
                index.predicate.as_ref().map(|predicate| under(renamed, predicate)),
                index.nulls_not_distinct,
            ),
            shown: format!("unique {}", shown_index(index)),
            origin: index.origin,
            object: Object::Index(index),
        }
    });
    constraints.chain(indexes).collect()
}

/// An expression's meaning, with the columns of a documented table by their implemented names.
fn under(renamed: Option<&Pair<'_>>, expression: &Expression) -> String {
    match renamed {
        Some(pair) => canonical_renamed(expression, &pair.columns),
        None => canonical(expression),
    }
}

/// A condition on rows, or, by `EXCLUDE`, on pairs of rows.
struct Check<'a> {
    columns: BTreeSet<String>,
    shown: String,
    constraint: &'a Constraint,
}

fn checks(table: &Table) -> Vec<Check<'_>> {
    table.constraints.iter().filter_map(Check::of).collect()
}

impl<'a> Check<'a> {
    fn of(constraint: &'a Constraint) -> Option<Self> {
        let (columns, shown) = match &constraint.kind {
            ConstraintKind::Check { expression } => (
                expression.ast.as_deref().map(columns).unwrap_or_default(),
                code(format_args!("CHECK ({})", shortened(&expression.text))),
            ),
            ConstraintKind::Exclude { method, elements, .. } => {
                let text = format!("EXCLUDE USING {method} ({})", elements.join(", "));
                (BTreeSet::new(), code(shortened(&text)))
            }
            _ => return None,
        };
        Some(Self { columns, shown, constraint })
    }

    fn text(&self) -> Option<&str> {
        match &self.constraint.kind {
            ConstraintKind::Check { expression } => Some(&expression.text),
            _ => None,
        }
    }

    fn meaning(&self) -> String {
        self.meaning_by(None)
    }

    /// The meaning, with columns by their implemented names.
    fn meaning_under(&self, pair: &Pair<'_>) -> String {
        self.meaning_by(Some(pair))
    }

    fn meaning_by(&self, renamed: Option<&Pair<'_>>) -> String {
        let enforced = if self.constraint.not_enforced { "not enforced " } else { "" };
        match &self.constraint.kind {
            ConstraintKind::Check { expression } => {
                format!("{enforced}{}", under(renamed, expression))
            }
            ConstraintKind::Exclude { method, elements, predicate } => {
                let elements: Vec<String> = elements
                    .iter()
                    .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
                    .collect();
                let predicate = predicate.as_ref();
                let condition =
                    predicate.map(|predicate| under(renamed, predicate)).unwrap_or_default();
                format!("exclude {method} {} {condition}", elements.join(", ")).to_lowercase()
            }
            _ => String::new(),
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
fn index_meaning(index: &Index, renamed: Option<&Pair<'_>>) -> String {
    let keys: Vec<String> = index
        .keys
        .iter()
        .map(|key| {
            let what = match &key.key {
                IndexKeyKind::Column(name) => match renamed {
                    Some(pair) => pair.column_there(name).to_owned(),
                    None => name.clone(),
                },
                IndexKeyKind::Expression(expression) => under(renamed, expression),
            };
            // `DESC` puts NULLs first by itself, `ASC` last.
            let nulls_first = key.nulls_first.unwrap_or(key.descending);
            let class = plain(key.operator_class.as_deref().unwrap_or_default());
            let class = class.strip_prefix("public.").unwrap_or(&class);
            let collation = key.collation.as_ref().map_or("", |collation| &collation.name);
            format!("{what} {} {nulls_first} {class} {collation}", key.descending)
        })
        .collect();
    let mut include: Vec<&str> = index
        .include
        .iter()
        .map(|name| renamed.map_or(name.as_str(), |pair| pair.column_there(name)))
        .collect();
    include.sort_unstable();
    let predicate = index.predicate.as_ref();
    let predicate = predicate.map(|predicate| under(renamed, predicate)).unwrap_or_default();
    format!("{} | {} | {} | {predicate}", index.method, keys.join(", "), include.join(", "))
}
