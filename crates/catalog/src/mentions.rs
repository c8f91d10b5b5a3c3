//! Who names whom: so that a rename or a drop need not look through the whole catalog.
//!
//! What is remembered is a superset. A table may be remembered under a word that it no longer has;
//! whoever asks looks at the table itself.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use sqlparser::ast::visit_relations;

use crate::apply::words_of_rule;
use crate::control::Rule;
use crate::lower::fold;
use crate::object::{Column, Expression, Table, UserTypeKind, View};
use crate::{DataType, QualifiedName};

/// Tables, views and types by the bare names of what they refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mentions {
    tables: Words,
    views: Words,
    types: Words,
    /// Sequences by the table that they belong, or once belonged, to.
    sequences: BTreeMap<QualifiedName, Names>,
}

type Words = BTreeMap<String, Names>;

/// A set of names. Most hold one, and a tree for it would take half a kilobyte.
#[derive(Clone, Debug)]
pub(crate) enum Names {
    /// One name.
    One(QualifiedName),
    /// None or several.
    Many(BTreeSet<QualifiedName>),
}

impl Names {
    /// Adds a name to the set under a key, which need not exist.
    pub(crate) fn insert<K: Ord>(map: &mut BTreeMap<K, Self>, key: K, name: &QualifiedName) {
        match map.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(Self::One(name.clone()));
            }
            Entry::Occupied(mut found) => found.get_mut().add(name),
        }
    }

    fn add(&mut self, name: &QualifiedName) {
        match self {
            Self::One(one) if one == name => {}
            Self::One(one) => *self = Self::Many(BTreeSet::from([one.clone(), name.clone()])),
            Self::Many(names) => {
                names.insert(name.clone());
            }
        }
    }

    fn remove(&mut self, name: &QualifiedName) {
        match self {
            Self::One(one) if one == name => *self = Self::Many(BTreeSet::new()),
            Self::One(_) => {}
            Self::Many(names) => {
                names.remove(name);
            }
        }
    }

    /// The names in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &QualifiedName> {
        let (one, many) = match self {
            Self::One(name) => (Some(name), None),
            Self::Many(names) => (None, Some(names)),
        };
        one.into_iter().chain(many.into_iter().flatten())
    }
}

impl Mentions {
    /// Remembers everything that a table refers to.
    pub(crate) fn note_table(&mut self, table: &Table) {
        for word in words_of(table) {
            note(&mut self.tables, &word, &table.name);
        }
    }

    /// Remembers the type of a column and the sequence that its default draws from.
    pub(crate) fn note_column(&mut self, table: &QualifiedName, column: &Column) {
        for word in words_of_column(column) {
            note(&mut self.tables, &word, table);
        }
    }

    /// Remembers that a table refers to something of this name.
    pub(crate) fn note_in_table(&mut self, table: &QualifiedName, word: &str) {
        note(&mut self.tables, word, table);
    }

    /// Remembers what a policy of a table reads.
    pub(crate) fn note_policy(&mut self, table: &QualifiedName, expression: &Expression) {
        for word in relations_of(expression) {
            note(&mut self.tables, &word, table);
        }
    }

    /// Remembers what the action of a rule names; `on_view` says what its relation is.
    pub(crate) fn note_rule(&mut self, relation: &QualifiedName, rule: &Rule, on_view: bool) {
        let words = if on_view { &mut self.views } else { &mut self.tables };
        for word in words_of_rule(rule) {
            note(words, &word, relation);
        }
    }

    /// Remembers what a view reads.
    pub(crate) fn note_view(&mut self, view: &View) {
        for read in &view.reads {
            note(&mut self.views, &read.name, &view.name);
        }
        for rule in &view.rules {
            self.note_rule(&view.name, rule, true);
        }
    }

    /// Remembers that a domain or composite type is made of another type.
    pub(crate) fn note_type(&mut self, user_type: &QualifiedName, kind: &UserTypeKind) {
        match kind {
            UserTypeKind::Domain { base, .. } => self.note_type_of(user_type, base),
            UserTypeKind::Composite(attributes) => {
                for (_, of) in attributes {
                    self.note_type_of(user_type, of);
                }
            }
            UserTypeKind::Enum(_) | UserTypeKind::Other(_) => {}
        }
    }

    /// The same for one type that it is made of.
    pub(crate) fn note_type_of(&mut self, user_type: &QualifiedName, of: &DataType) {
        if !of.is_builtin() {
            note(&mut self.types, &of.name, user_type);
        }
    }

    /// Remembers whose a sequence is.
    pub(crate) fn note_sequence(&mut self, table: &QualifiedName, sequence: &QualifiedName) {
        Names::insert(&mut self.sequences, table.clone(), sequence);
    }

    /// What was called `from` is called `to`.
    pub(crate) fn renamed(&mut self, from: &str, to: &str) {
        if from == to {
            return;
        }
        for words in [&mut self.tables, &mut self.views, &mut self.types] {
            let Some(names) = words.get(from).cloned() else { continue };
            for name in names.iter() {
                note(words, to, name);
            }
        }
    }

    /// Forgets a table that is gone.
    pub(crate) fn forget_table(&mut self, table: &Table) {
        for word in words_of(table) {
            if let Some(names) = self.tables.get_mut(&word) {
                names.remove(&table.name);
            }
        }
        self.sequences.remove(&table.name);
    }

    /// Tables that may refer to something of this name.
    pub(crate) fn tables(&self, word: &str) -> Vec<QualifiedName> {
        self.tables.get(word).into_iter().flat_map(Names::iter).cloned().collect()
    }

    /// Views that may read something of this name.
    pub(crate) fn views(&self, word: &str) -> Vec<QualifiedName> {
        self.views.get(word).into_iter().flat_map(Names::iter).cloned().collect()
    }

    /// Types that may be made of a type of this name.
    pub(crate) fn types(&self, word: &str) -> Vec<QualifiedName> {
        self.types.get(word).into_iter().flat_map(Names::iter).cloned().collect()
    }

    /// Sequences that may belong to a table.
    pub(crate) fn sequences(&self, table: &QualifiedName) -> Vec<QualifiedName> {
        self.sequences.get(table).into_iter().flat_map(Names::iter).cloned().collect()
    }
}

fn note(words: &mut Words, word: &str, name: &QualifiedName) {
    if let Some(names) = words.get_mut(word) {
        names.add(name);
    } else {
        words.insert(word.to_owned(), Names::One(name.clone()));
    }
}

/// The bare names of what a table refers to: tables, types, sequences, functions of triggers, and
/// what its policies read.
fn words_of(table: &Table) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    words.extend(table.foreign_keys().map(|(_, key)| key.references.name.clone()));
    words.extend(table.columns.iter().flat_map(words_of_column));
    words.extend(table.triggers.iter().map(|trigger| trigger.function.name.clone()));
    for policy in &table.policies {
        for expression in policy.using.iter().chain(&policy.check) {
            words.extend(relations_of(expression));
        }
    }
    words.extend(table.rules.iter().flat_map(words_of_rule));
    words
}

/// The bare names of a column's type and of the sequence that its default draws from.
fn words_of_column(column: &Column) -> impl Iterator<Item = String> + use<> {
    let user_type = (!column.data_type.is_builtin()).then(|| column.data_type.name.clone());
    let drawn = column.default.as_ref().and_then(crate::apply::drawn_from);
    user_type.into_iter().chain(drawn.map(|sequence| sequence.name))
}

/// The bare names of the relations that an expression reads.
fn relations_of(expression: &Expression) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    if let Some(ast) = &expression.ast {
        let _ = visit_relations(ast.as_ref(), |name| {
            words.extend(name.0.last().and_then(|part| part.as_ident()).map(fold));
            ControlFlow::<()>::Continue(())
        });
    }
    words
}
