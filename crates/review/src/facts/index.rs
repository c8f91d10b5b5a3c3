//! Indexes against each other: which are the same, which only repeat the start of another.

use schemaward_catalog::{
    Constraint, ConstraintKind, Expression, Index, IndexKeyKind, Origin, Table,
};

use crate::drift::canonical::canonical;

/// An index of a table, one behind a key too, in comparable form.
#[derive(Clone, Debug)]
pub(crate) struct Comparable<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its definition.
    pub(crate) origin: Origin,
    /// It is behind a constraint, and goes with it.
    pub(crate) of_key: bool,
    /// It keeps its keys unique.
    pub(crate) unique: bool,
    method: &'a str,
    keys: Vec<Key>,
    include: Vec<&'a str>,
    nulls_not_distinct: bool,
    predicate: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    what: String,
    collation: Option<String>,
    operator_class: Option<String>,
    descending: bool,
    nulls_first: bool,
}

impl Key {
    fn reversed(&self) -> Self {
        Self { descending: !self.descending, nulls_first: !self.nulls_first, ..self.clone() }
    }
}

/// Every index of a table, those behind its keys first.
pub(crate) fn comparables(table: &Table) -> Vec<Comparable<'_>> {
    let keys = table.constraints.iter().filter_map(of_constraint);
    keys.chain(table.indexes.iter().filter(|index| !index.only).map(of_index)).collect()
}

fn of_constraint(constraint: &Constraint) -> Option<Comparable<'_>> {
    let (columns, include, nulls_not_distinct) = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, include } => (columns, include, false),
        ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
            (columns, include, *nulls_not_distinct)
        }
        _ => return None,
    };
    // The index of a temporal key is of another method.
    if constraint.temporal {
        return None;
    }
    let keys = columns.iter().map(|column| Key {
        what: column.clone(),
        collation: None,
        operator_class: None,
        descending: false,
        nulls_first: false,
    });
    Some(Comparable {
        name: &constraint.name,
        origin: constraint.origin,
        of_key: true,
        unique: true,
        method: "btree",
        keys: keys.collect(),
        include: include.iter().map(String::as_str).collect(),
        nulls_not_distinct,
        predicate: None,
    })
}

fn of_index(index: &Index) -> Comparable<'_> {
    let keys = index.keys.iter().map(|key| Key {
        what: match &key.key {
            IndexKeyKind::Column(name) => name.clone(),
            // No column has such a name.
            IndexKeyKind::Expression(expression) => format!("({})", canonical(expression)),
        },
        collation: key.collation.as_ref().map(ToString::to_string),
        operator_class: key.operator_class.clone(),
        descending: key.descending,
        nulls_first: key.nulls_first.unwrap_or(key.descending),
    });
    Comparable {
        name: &index.name,
        origin: index.origin,
        of_key: false,
        unique: index.unique,
        method: &index.method,
        keys: keys.collect(),
        include: index.include.iter().map(String::as_str).collect(),
        nulls_not_distinct: index.nulls_not_distinct,
        predicate: index.predicate.as_ref().map(|predicate: &Expression| canonical(predicate)),
    }
}

impl Comparable<'_> {
    /// Whether the other index does everything this one does, with the same keys.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let reversed: Vec<Key> = self.keys.iter().map(Key::reversed).collect();
        self.method == other.method
            && (self.keys == other.keys || self.method == "btree" && reversed == other.keys)
            && self.include == other.include
            && self.predicate == other.predicate
            && (!self.unique || other.unique && self.nulls_not_distinct == other.nulls_not_distinct)
    }

    /// Whether the other index, which has more keys, serves every search this one serves: its keys
    /// start with this one's, and it leaves out no row.
    pub(crate) fn is_prefix_of(&self, other: &Self) -> bool {
        let count = self.keys.len();
        let Some(start) = other.keys.get(..count) else { return false };
        let reversed: Vec<Key> = self.keys.iter().map(Key::reversed).collect();
        !self.unique
            && self.method == "btree"
            && other.method == "btree"
            && other.keys.len() > count
            && (start == self.keys.as_slice() || start == reversed.as_slice())
            && self.include.iter().all(|column| {
                other.include.contains(column) || other.keys.iter().any(|key| key.what == *column)
            })
            && self.predicate == other.predicate
    }
}
