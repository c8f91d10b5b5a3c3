//! What refers to an object by text, and so follows its name: defaults that draw from a sequence,
//! elements of exclusion constraints.

use super::Applying;
use super::table::nextval;
use crate::object::Expression;
use crate::{ObjectName, QualifiedName};

impl Applying<'_> {
    /// Gives a sequence another name or schema, and the defaults that draw from it.
    pub(super) fn move_sequence(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let drawing = self.columns_drawing_from(from);
        let Some(mut sequence) = self.catalog.sequences.remove(from) else { return };
        sequence.name = to.clone();
        self.catalog.mentions.renamed(&from.name, &to.name);
        if let Some((table, _)) = &sequence.owned_by {
            self.catalog.mentions.note_sequence(table, to);
        }
        self.catalog.sequences.insert(to.clone(), sequence);
        for (table, column) in drawing {
            self.change_default(&table, &column, |old| Some(nextval(to, old.origin)));
        }
        for key in self.catalog.mentions.functions(&from.name) {
            let Some(function) = self.catalog.functions.get_mut(&key) else { continue };
            for default in function.arguments.iter_mut().filter_map(|a| a.default.as_mut()) {
                let draws = drawn_from(default).is_some_and(|named| {
                    named.name == from.name
                        && named.schema.is_none_or(|schema| schema == from.schema)
                });
                if draws {
                    *default = nextval(to, default.origin);
                }
            }
        }
    }

    /// Takes a sequence away; what a default cannot draw from any more, it does not.
    pub(super) fn drop_sequence(&mut self, name: &QualifiedName) {
        for (table, column) in self.columns_drawing_from(name) {
            self.change_default(&table, &column, |_| None);
        }
        self.catalog.sequences.remove(name);
    }

    fn change_default(
        &mut self,
        table: &QualifiedName,
        column: &str,
        change: impl FnOnce(&Expression) -> Option<Expression>,
    ) {
        let table = self.catalog.tables.get_mut(table);
        let found = table.and_then(|t| t.columns.iter_mut().find(|c| c.name == column));
        if let Some(column) = found
            && let Some(default) = &column.default
        {
            column.default = change(default);
        }
    }

    fn columns_drawing_from(&self, sequence: &QualifiedName) -> Vec<(QualifiedName, String)> {
        let owner = self.catalog.sequences.get(sequence).and_then(|found| found.owned_by.as_ref());
        let mut found = Vec::new();
        let mut tables = self.catalog.mentions.tables(&sequence.name);
        tables.extend(owner.map(|(table, _)| table.clone()));
        tables.dedup();
        for table in tables.iter().filter_map(|name| self.catalog.tables.get(name)) {
            for column in &table.columns {
                let Some(named) = column.default.as_ref().and_then(drawn_from) else { continue };
                if named.name != sequence.name {
                    continue;
                }
                // The path may have changed since the default was written.
                let own = owner.is_some_and(|(t, c)| *t == table.name && *c == column.name);
                let unqualified = named.schema.is_none() && sequence.schema == "public";
                let resolved = self.catalog.resolve(&named, |name| name == sequence);
                if own || unqualified || resolved.is_some() {
                    found.push((table.name.clone(), column.name.clone()));
                }
            }
        }
        found
    }
}

/// The sequence in `nextval('name'::regclass)`, as written there.
pub(crate) fn drawn_from(default: &Expression) -> Option<ObjectName> {
    let text = default.text.strip_prefix("nextval('").or_else(|| {
        let (function, rest) = default.text.split_once("('")?;
        function.eq_ignore_ascii_case("nextval").then_some(rest)
    })?;
    let (name, _) = text.split_once('\'')?;
    let parts = identifiers(name);
    match parts.as_slice() {
        [name] => Some(ObjectName { schema: None, name: name.clone() }),
        [.., schema, name] => Some(ObjectName { schema: Some(schema.clone()), name: name.clone() }),
        [] => None,
    }
}

/// A dotted name's parts, unquoted and folded.
pub(super) fn identifiers(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let Some(part) = parts.last_mut() else { break };
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                part.push('"');
            }
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            _ if quoted => part.push(char),
            _ => part.extend(char.to_lowercase()),
        }
    }
    parts
}

/// Whether a piece of SQL has this identifier in it, outside of strings.
pub(super) fn names_column(text: &str, column: &str) -> bool {
    rename_in_text(text, column, column).1
}

/// A piece of SQL with an identifier replaced, outside of strings and names of functions, and
/// whether it was there.
pub(super) fn rename_in_text(text: &str, from: &str, to: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut found = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (piece, name) = if first == '\'' || first == '"' {
            let end = rest.char_indices().skip(1).find(|(_, char)| *char == first);
            let piece = rest.get(..end.map_or(rest.len(), |(at, _)| at + 1)).unwrap_or(rest);
            let name = (first == '"').then(|| piece.trim_matches('"').to_owned());
            (piece, name)
        } else if first.is_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$')));
            let piece = rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest);
            (piece, Some(piece.to_lowercase()))
        } else {
            (rest.get(..first.len_utf8()).unwrap_or(rest), None)
        };
        rest = rest.get(piece.len()..).unwrap_or_default();
        if name.as_deref() == Some(from) && !rest.trim_start().starts_with('(') {
            out.push_str(&crate::quote_identifier(to));
            found = true;
        } else {
            out.push_str(piece);
        }
    }
    (out, found)
}
