//! What models write, told once: an attribute of a mixin is one attribute, however many classes
//! have it.

use std::collections::BTreeSet;

use schemaward_catalog::{ModelAttribute, ModelClass, Origin, QualifiedName};

use crate::context::Context;

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
