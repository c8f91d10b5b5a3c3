//! Who names whom: so that a rename or a drop need not look through the whole catalog.
//!
//! What is remembered is a superset. A table may be remembered under a word that it no longer has;
//! whoever asks looks at the table itself.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::apply::{drawn_from, words_of};
use crate::control::Rule;
use crate::object::{
    Column, ConstraintKind, Expression, Function, Index, IndexKeyKind, Table, UserTypeKind, View,
};
use crate::{DataType, FunctionKey, QualifiedName};

/// Tables, views and types by the bare names of what they refer to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mentions {
    tables: Words,
    views: Words,
    types: Words,
    /// Functions by the types of their signatures and by what their bodies and defaults name.
    functions: BTreeMap<String, BTreeSet<FunctionKey>>,
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
        for word in words_of_table(table) {
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

    /// Remembers what an expression of a table reads, calls and casts to.
    pub(crate) fn note_expression(&mut self, table: &QualifiedName, expression: &Expression) {
        for word in words_in(expression) {
            note(&mut self.tables, &word, table);
        }
    }

    /// The same for the expressions of an index.
    pub(crate) fn note_index(&mut self, table: &QualifiedName, index: &Index) {
        for word in words_of_index(index) {
            note(&mut self.tables, &word, table);
        }
    }

    /// The same for an expression of a domain.
    pub(crate) fn note_in_type(&mut self, user_type: &QualifiedName, expression: &Expression) {
        for word in words_in(expression) {
            note(&mut self.types, &word, user_type);
        }
    }

    /// Remembers the types of a function's arguments and result, and what their defaults and the
    /// statements of its body name.
    pub(crate) fn note_function(&mut self, key: &FunctionKey, function: &Function) {
        let types = function.arguments.iter().map(|argument| &argument.data_type);
        let types = types.filter(|of| !of.is_builtin()).map(|of| of.name.clone());
        let result = function.returns.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let result = result.filter(|word| !word.is_empty()).map(str::to_lowercase);
        // A quoted name may have anything in it.
        let quoted = function.returns.split('"').skip(1).step_by(2).map(str::to_owned);
        let defaults = function.arguments.iter().filter_map(|argument| argument.default.as_ref());
        let drawn = |default: &Expression| drawn_from(default).map(|sequence| sequence.name);
        let defaults =
            defaults.flat_map(|default| words_in(default).into_iter().chain(drawn(default)));
        let body = function.body.iter().flat_map(|body| &body.statements).flat_map(words_of);
        for word in types.chain(result).chain(quoted).chain(defaults).chain(body) {
            self.functions.entry(word).or_default().insert(key.clone());
        }
    }

    /// Functions that may have something of this name in their signature or in their statements.
    pub(crate) fn functions(&self, word: &str) -> Vec<FunctionKey> {
        self.functions.get(word).into_iter().flatten().cloned().collect()
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
        for word in view.ast.iter().flat_map(|query| words_of(query.as_ref())) {
            note(&mut self.views, &word, &view.name);
        }
        for rule in &view.rules {
            self.note_rule(&view.name, rule, true);
        }
    }

    /// Remembers that a domain or composite type is made of another type.
    pub(crate) fn note_type(&mut self, user_type: &QualifiedName, kind: &UserTypeKind) {
        match kind {
            UserTypeKind::Domain { base, default, checks, .. } => {
                self.note_type_of(user_type, base);
                for expression in default.iter().chain(checks.iter().map(|c| &c.expression)) {
                    self.note_in_type(user_type, expression);
                }
            }
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
        if let Some(functions) = self.functions.get(from).cloned() {
            self.functions.entry(to.to_owned()).or_default().extend(functions);
        }
    }

    /// Forgets a table that is gone.
    pub(crate) fn forget_table(&mut self, table: &Table) {
        for word in words_of_table(table) {
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
/// what its expressions and rules read, call and cast to.
fn words_of_table(table: &Table) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    words.extend(table.foreign_keys().map(|(_, key)| key.references.name.clone()));
    words.extend(table.columns.iter().flat_map(words_of_column));
    words.extend(table.triggers.iter().map(|trigger| trigger.function.name.clone()));
    words.extend(table.indexes.iter().flat_map(words_of_index));
    for constraint in &table.constraints {
        match &constraint.kind {
            ConstraintKind::Check { expression } => words.extend(words_in(expression)),
            ConstraintKind::Exclude { predicate, .. } => {
                words.extend(predicate.iter().flat_map(words_in));
            }
            _ => {}
        }
    }
    for policy in &table.policies {
        words.extend(policy.using.iter().chain(&policy.check).flat_map(words_in));
    }
    words.extend(table.triggers.iter().filter_map(|t| t.when.as_ref()).flat_map(words_in));
    words.extend(table.rules.iter().flat_map(words_of_rule));
    words
}

fn words_of_rule(rule: &Rule) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = rule.ast.iter().flatten().flat_map(words_of).collect();
    words.extend(rule.when.iter().flat_map(words_in));
    words
}

fn words_of_index(index: &Index) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for key in &index.keys {
        if let IndexKeyKind::Expression(expression) = &key.key {
            words.extend(words_in(expression));
        }
    }
    words.extend(index.predicate.iter().flat_map(words_in));
    words
}

/// The bare names of a column's type, of the sequence that its default draws from, and of what its
/// expressions use.
fn words_of_column(column: &Column) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    words.extend((!column.data_type.is_builtin()).then(|| column.data_type.name.clone()));
    let drawn = column.default.as_ref().and_then(crate::apply::drawn_from);
    match drawn {
        Some(sequence) => words.extend([sequence.name]),
        None => words.extend(column.default.iter().flat_map(words_in)),
    }
    words.extend(column.generated.iter().flat_map(|generated| words_in(&generated.expression)));
    words
}

/// The bare names of what an expression reads, calls and casts to.
fn words_in(expression: &Expression) -> BTreeSet<String> {
    expression.ast.as_deref().map(words_of).unwrap_or_default()
}
