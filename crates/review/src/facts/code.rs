//! What models write, told once: an attribute of a mixin is one attribute, however many classes
//! have it.

use std::collections::BTreeSet;

use schemaward_catalog::{
    KeyGenerator, ModelAttribute, ModelClass, ModelDefault, Origin, QualifiedName,
};

use crate::KeyKind;
use crate::context::Context;

/// A practice is worth saying from so many places on.
pub(crate) const ENOUGH: usize = 3;

/// The kind of key that a standard knows a program's generator by; none can mandate version 1.
pub(crate) fn key_kind(generator: KeyGenerator) -> Option<KeyKind> {
    match generator {
        KeyGenerator::Uuid4 => Some(KeyKind::Uuid4),
        KeyGenerator::Uuid7 => Some(KeyKind::Uuid7),
        KeyGenerator::Ulid => Some(KeyKind::Ulid),
        KeyGenerator::Uuid1 => None,
    }
}

/// What the program's classes fill in for a column of a table, class by class.
pub(crate) fn defaults<'a>(
    context: &Context<'a>,
    table: &QualifiedName,
    column: &str,
) -> Vec<(&'a ModelClass, &'a ModelDefault)> {
    let classes = context.model_classes().iter();
    let of_table = classes.filter(|class| class.table.as_ref() == Some(table));
    let found = of_table.filter_map(|class| {
        let attributes = &class.attributes;
        let attribute = attributes.iter().find(|it| it.column.as_deref() == Some(column))?;
        Some((class, attribute.default.as_ref()?))
    });
    found.collect()
}

/// An attribute where it is written.
#[derive(Clone, Copy)]
pub(crate) struct Written<'a> {
    /// The attribute.
    pub(crate) attribute: &'a ModelAttribute,
    /// The table of the class that writes it; none for a mixin, which has no table of its own.
    pub(crate) table: Option<&'a QualifiedName>,
}

impl Written<'_> {
    /// `Patient.born_at`: the class that writes it, and its name there.
    pub(crate) fn subject(&self) -> String {
        format!("{}.{}", self.attribute.class, self.attribute.name)
    }
}

/// Every attribute that the models write, each once, in the order of the classes that have them.
pub(crate) fn written<'a>(context: &Context<'a>) -> Vec<Written<'a>> {
    let mut seen: BTreeSet<(Origin, &str)> = BTreeSet::new();
    let mut found = Vec::new();
    for class in context.model_classes() {
        for attribute in &class.attributes {
            if seen.insert((attribute.origin, &attribute.name)) {
                let own = attribute.class == class.name;
                let table = class.table.as_ref().filter(|_| own);
                found.push(Written { attribute, table });
            }
        }
    }
    found
}

/// The classes that have a table of their own, not that of a class they derive from.
pub(crate) fn tabled<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a ModelClass> {
    context.model_classes().iter().filter(|class| !class.shares_table && class.table.is_some())
}

/// What is written by each class, in the order of the first thing each writes.
pub(crate) fn by_writer<'a>(
    attributes: impl Iterator<Item = Written<'a>>,
) -> Vec<(&'a str, Vec<Written<'a>>)> {
    let mut found: Vec<(&str, Vec<Written<'a>>)> = Vec::new();
    for written in attributes {
        let writer = written.attribute.class.as_str();
        match found.iter_mut().find(|(known, _)| *known == writer) {
            Some((_, of_writer)) => of_writer.push(written),
            None => found.push((writer, vec![written])),
        }
    }
    found
}

/// Some names in backticks, the rest as a number: `a`, `b`, `c` and 4 more.
pub(crate) fn some(names: &[&str]) -> String {
    const SHOWN: usize = 3;
    let mut items: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 {
        items.push(format!("{more} more"));
    }
    super::words::list(&items, "and")
}
