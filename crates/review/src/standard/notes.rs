//! What a standard says that the reviewed schema does not bear out: tables it names that do not exist,
//! patterns that contradict each other, waivers of nothing.

use std::collections::BTreeSet;

use schemaward_catalog::Catalog;

use super::nearest::nearest;
use super::{Position, Standard, matches_pattern};
use crate::StandardNote;
use crate::directive::Directives;

/// A table, as a name or pattern, that the file mentions.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    /// Where in the file, in words: `[classes] clinical`.
    pub(crate) section: String,
    /// The name or pattern.
    pub(crate) pattern: String,
    /// Its place.
    pub(crate) at: Position,
}

/// Every remark on a standard, in the order of its text.
pub(crate) fn notes(
    standard: &Standard,
    catalog: &Catalog,
    directives: &Directives,
) -> Vec<StandardNote> {
    let mut notes = Vec::new();
    // Nothing was read, so nothing is missing.
    if !catalog.tables.is_empty() {
        for mention in &standard.mentions {
            if !catalog.tables.keys().any(|table| matches_pattern(&mention.pattern, table)) {
                notes.push(note(mention.at, unknown_table(mention, catalog)));
            }
        }
    }
    repeated(standard, &mut notes);
    shadowed(standard, catalog, &mut notes);
    for (table, class) in &directives.classes {
        if let Some(entry) = standard.class_of(table)
            && entry.class != *class
        {
            let message = format!(
                "the comment of `{table}` says {}, `{}` in [classes] says {}; the comment is nearer \
                 and counts",
                class.word(),
                entry.pattern,
                entry.class.word()
            );
            notes.push(note(entry.at, message));
        }
    }
    notes.sort_by_key(|note| (note.line, note.column));
    notes
}

fn note(at: Position, message: String) -> StandardNote {
    StandardNote { line: at.line, column: at.column, message }
}

fn unknown_table(mention: &Mention, catalog: &Catalog) -> String {
    let Mention { section, pattern, .. } = mention;
    if pattern.contains('*') {
        return format!("{section}: no table matches `{pattern}`");
    }
    let names: Vec<String> = if pattern.contains('.') {
        catalog.tables.keys().map(|name| format!("{}.{}", name.schema, name.name)).collect()
    } else {
        catalog.tables.keys().map(|name| name.name.clone()).collect()
    };
    match nearest(pattern, names.iter().map(String::as_str)) {
        Some(near) => {
            format!("{section}: no table is called `{pattern}`; did you mean `{near}`?")
        }
        None => format!("{section}: no table is called `{pattern}`"),
    }
}

/// One pattern under two classes.
fn repeated(standard: &Standard, notes: &mut Vec<StandardNote>) {
    for (at, entry) in standard.classes.iter().enumerate() {
        let before = standard.classes.iter().take(at);
        if let Some(first) = before.into_iter().find(|first| first.pattern == entry.pattern) {
            let message = if first.class == entry.class {
                format!("[classes] {}: `{}` stands here twice", entry.class.word(), entry.pattern)
            } else {
                format!(
                    "[classes] {}: `{}` is listed as {} before; the first counts",
                    entry.class.word(),
                    entry.pattern,
                    first.class.word()
                )
            };
            notes.push(note(entry.at, message));
        }
    }
}

/// A pattern that another one keeps from a table it names.
fn shadowed(standard: &Standard, catalog: &Catalog, notes: &mut Vec<StandardNote>) {
    let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
    for table in catalog.tables.keys() {
        let matching: Vec<_> = standard
            .classes
            .iter()
            .enumerate()
            .filter(|(_, entry)| matches_pattern(&entry.pattern, table))
            .collect();
        let [(first_at, first), rest @ ..] = matching.as_slice() else { continue };
        for (at, entry) in rest {
            // A wide pattern after a narrow one is how an exception is written.
            let narrower = !entry.pattern.contains('*') && first.pattern.contains('*');
            if entry.class != first.class && narrower && seen.insert((*first_at, *at)) {
                let message = format!(
                    "[classes] {}: `{}` never counts, because `{}` ({}) stands before it; move it up",
                    entry.class.word(),
                    entry.pattern,
                    first.pattern,
                    first.class.word()
                );
                notes.push(note(entry.at, message));
            }
        }
    }
}
