//! The documented text made true in place: its order, comments and style stay.
//!
//! What can be edited where it stands is; what cannot is left, for the caller to see by reading the
//! edited text again.

mod definition;
mod diff;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Column, Constraint, ConstraintKind, Origin, SourceId, Sources, Span, Table, quote_identifier,
};

use definition::{clauses, tokens};
pub(super) use diff::{diff, patched};

use crate::drift::{Difference, Object, Part};

/// One replacement in a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edit {
    pub(crate) source: SourceId,
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// The edits that make the document say what is implemented, as far as they can be made in place;
/// sorted, none touching another.
pub(crate) fn edits(sources: &Sources, differences: &[&Difference<'_>]) -> Vec<Edit> {
    let mut editor = Editor { sources, edits: Vec::new(), tails: BTreeMap::new() };
    for difference in differences {
        for part in &difference.parts {
            editor.part(difference.kind, part);
        }
    }
    editor.finished()
}

struct Editor<'a> {
    sources: &'a Sources,
    edits: Vec<Edit>,
    /// Text to put after a place, in the order it was asked for.
    tails: BTreeMap<(SourceId, u32), Vec<String>>,
}

impl Editor<'_> {
    fn text(&self, source: SourceId) -> Arc<str> {
        self.sources.get(source).map_or_else(|| Arc::from(""), |source| Arc::clone(&source.text))
    }

    fn finished(mut self) -> Vec<Edit> {
        for ((source, at), texts) in std::mem::take(&mut self.tails) {
            self.edits.push(Edit { source, span: Span::new(at, at), text: texts.concat() });
        }
        self.edits.sort();
        self.edits.dedup();
        // What puts the same text in its place repairs nothing.
        let sources = self.sources;
        self.edits.retain(|edit| {
            sources.quote(Origin { source: edit.source, span: edit.span }) != edit.text
        });
        // Of two edits that touch the same text the first is made; reading again shows the rest.
        let mut kept: Vec<Edit> = Vec::new();
        for edit in self.edits {
            let apart = kept
                .last()
                .is_none_or(|last| last.source != edit.source || last.span.end <= edit.span.start);
            if apart {
                kept.push(edit);
            }
        }
        kept
    }

    fn replace(&mut self, origin: Origin, text: impl Into<String>) {
        self.edits.push(Edit { source: origin.source, span: origin.span, text: text.into() });
    }

    fn after(&mut self, source: SourceId, at: u32, text: String) {
        let texts = self.tails.entry((source, at)).or_default();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }

    fn part(&mut self, kind: &str, part: &Part<'_>) {
        let table = part.tables.map(|(documented, _)| documented);
        match (part.documented, part.implemented) {
            (Some(Object::Column(one)), Some(Object::Column(other))) => {
                let renames = matches!(kind, "renamed-column" | "nonstandard-field");
                match table.filter(|_| renames && one.name != other.name) {
                    Some(table) => self.rename(table, &one.name, &other.name, one.origin),
                    None => self.column(kind, one, other),
                }
            }
            (Some(Object::Column(column)), None) => {
                if let Some(table) = table.filter(|table| inside(table, column.origin)) {
                    self.remove_element(table, column.origin);
                }
            }
            (None, Some(Object::Column(column))) => {
                if let Some((documented, implemented)) = part.tables {
                    self.add_column(documented, implemented, column);
                }
            }
            (Some(Object::Constraint(one)), other) => {
                if let Some(table) = table {
                    let other = match other {
                        Some(Object::Constraint(other)) => Some(other),
                        _ => None,
                    };
                    self.constraint(table, one, other);
                }
            }
            (None, Some(Object::Constraint(constraint))) => {
                if let Some(table) = table {
                    let text = ddl::named_constraint(constraint, Names::Short);
                    self.add_element(table, last_element(table), &text);
                }
            }
            (Some(Object::Table(table)), None) => self.remove_table(table),
            (Some(one), other) => {
                let Some(origin) = statement(one) else { return };
                let text = match (other, part.tables) {
                    (Some(other), tables) => {
                        created(other, tables.map(|(documented, _)| documented))
                    }
                    (None, _) => Some(String::new()),
                };
                match text {
                    Some(text) if text.is_empty() => self.remove_statement(origin),
                    Some(text) => {
                        // The statement's own semicolon stays.
                        let text = text.trim_end_matches(';').to_owned();
                        let origin = self.without_semicolon(origin);
                        self.replace(origin, text);
                    }
                    None => {}
                }
            }
            // What stands alone comes after the text.
            (None, Some(other)) => {
                if let Some(table) = table
                    && let Some(text) = created(other, Some(table))
                {
                    self.add_statement(table, other, &text);
                }
            }
            (None, None) => {}
        }
    }

    /// A column's new name, where it is defined and wherever its table's parts name it.
    fn rename(&mut self, table: &Table, from: &str, to: &str, definition: Origin) {
        let constraints = table.constraints.iter().map(|found| found.origin);
        let indexes = table.indexes.iter().map(|found| found.origin);
        let policies = table.policies.iter().map(|found| found.origin);
        let grants = table.grants.iter().map(|found| found.origin);
        let comments = table
            .columns
            .iter()
            .filter(|column| column.name == from)
            .filter_map(|column| column.comment.as_ref().map(|comment| comment.origin));
        let origins = constraints.chain(indexes).chain(policies).chain(grants).chain(comments);
        let mut places: Vec<Origin> = Vec::new();
        let text = self.text(definition.source);
        places.extend(
            tokens(&text, definition.span)
                .first()
                .map(|span| Origin { source: definition.source, span: *span }),
        );
        for origin in origins {
            let text = self.text(origin.source);
            let named = tokens(&text, origin.span).into_iter().filter(|token| {
                let word = token.of(&text);
                word.eq_ignore_ascii_case(from) || word == format!("\"{from}\"")
            });
            places.extend(named.map(|span| Origin { source: origin.source, span }));
        }
        places.sort_unstable();
        places.dedup();
        for place in places {
            self.replace(place, quote_identifier(to));
        }
    }

    /// What of a column differs, where it stands.
    fn column(&mut self, kind: &str, one: &Column, other: &Column) {
        let source = one.origin.source;
        let text = self.text(source);
        let words = clauses(&text, one.origin.span);
        let upper = words
            .iter()
            .filter(|word| word.keyword.is_some())
            .all(|word| word.span.of(&text).chars().all(|char| !char.is_lowercase()));
        let cased = |words: &str| if upper { words.to_uppercase() } else { words.to_lowercase() };
        let end = Origin { source, span: Span::new(one.origin.span.end, one.origin.span.end) };
        match kind {
            "type-differs" => {
                let Some(found) = words.iter().find(|word| word.keyword.is_none()) else { return };
                let shown = other.data_type.to_string();
                let was = found.span.of(&text);
                let plain = other.data_type.is_builtin();
                let upper = plain && was.chars().any(char::is_uppercase);
                let shown = if upper { shown.to_uppercase() } else { shown };
                self.replace(Origin { source, span: found.span }, shown);
            }
            "nullability-differs" if other.nullable => {
                if let Some(found) = words.iter().find(|word| word.keyword == Some("not")) {
                    self.replace(Origin { source, span: with_space(&text, found.span) }, "");
                }
            }
            "nullability-differs" => {
                // A plain NULL would contradict it.
                match words.iter().find(|word| word.keyword == Some("null")) {
                    Some(found) => {
                        self.replace(Origin { source, span: found.span }, cased("not null"));
                    }
                    None => self.after(source, end.span.end, format!(" {}", cased("not null"))),
                }
            }
            "default-differs" => {
                let simple =
                    |column: &Column| column.identity.is_none() && column.generated.is_none();
                if !simple(one) || !simple(other) {
                    return;
                }
                let found = words.iter().find(|word| word.keyword == Some("default"));
                match (found, &other.default) {
                    (Some(found), Some(default)) => {
                        let word = Span::new(found.span.start, found.span.start + 7);
                        let text = format!("{} {}", word.of(&text), default.text);
                        self.replace(Origin { source, span: found.span }, text);
                    }
                    (Some(found), None) => {
                        self.replace(Origin { source, span: with_space(&text, found.span) }, "");
                    }
                    (None, Some(default)) => {
                        let text = format!(" {} {}", cased("default"), default.text);
                        self.after(source, end.span.end, text);
                    }
                    (None, None) => {}
                }
            }
            _ => {}
        }
    }

    fn add_column(&mut self, documented: &Table, implemented: &Table, column: &Column) {
        // After the nearest column before it that the document has too.
        let at = implemented.columns.iter().position(|found| found.name == column.name);
        let before = implemented.columns.iter().take(at.unwrap_or_default()).rev();
        let anchor = before
            .filter_map(|found| documented.column(&found.name))
            .find(|found| inside(documented, found.origin));
        let anchor = anchor.or_else(|| {
            documented.columns.iter().rev().find(|found| inside(documented, found.origin))
        });
        let Some(anchor) = anchor else { return };
        let mut text = ddl::column_of(&documented.name.name, column);
        let upper = self
            .sources
            .quote(anchor.origin)
            .split_whitespace()
            .nth(1)
            .is_some_and(|word| word.chars().any(char::is_uppercase));
        if upper && column.data_type.is_builtin() {
            let shown = column.data_type.to_string();
            let name = quote_identifier(&column.name);
            text = text.replacen(
                &format!("{name} {shown}"),
                &format!("{name} {}", shown.to_uppercase()),
                1,
            );
        }
        for (constraint, key) in implemented.foreign_keys() {
            if key.columns == [column.name.clone()] {
                text.push(' ');
                text.push_str(&references(constraint));
            }
        }
        self.add_element(documented, Some(anchor.origin), &text);
    }

    /// Puts an element into a table's definition after another one, on a line of its own where the
    /// others have lines of their own.
    fn add_element(&mut self, table: &Table, anchor: Option<Origin>, text: &str) {
        let Some(anchor) = anchor.filter(|anchor| inside(table, *anchor)) else { return };
        let whole = self.text(anchor.source);
        let end = anchor.span.end;
        let rest = whole.get(end as usize..).unwrap_or_default();
        let (line, _) = rest.split_once('\n').unwrap_or((rest, ""));
        let after = line.trim_start_matches([' ', '\t']);
        let (comma, after) = match after.strip_prefix(',') {
            Some(after) => (true, after),
            None => (false, after),
        };
        let after = after.trim_start();
        let own_line = after.trim().is_empty()
            || after.starts_with("--")
            || (after.starts_with("/*") && after.trim_end().ends_with("*/"));
        let start_of_line = whole
            .get(..anchor.span.start as usize)
            .unwrap_or_default()
            .rfind('\n')
            .map_or(0, |at| at + 1);
        let lead = whole.get(start_of_line..anchor.span.start as usize).unwrap_or_default();
        if !own_line || !lead.trim().is_empty() {
            self.after(anchor.source, end, format!(", {text}"));
            return;
        }
        let line_end = end + u32::try_from(line.trim_end_matches('\r').len()).unwrap_or(0);
        if comma {
            self.after(anchor.source, line_end, format!("\n{lead}{text},"));
        } else {
            // The last element gets a comma; its remark stays beside it.
            self.after(anchor.source, end, ",".to_owned());
            let already = self
                .tails
                .get(&(anchor.source, line_end))
                .is_some_and(|texts| texts.iter().any(|text| text.starts_with('\n')));
            let text = format!("\n{lead}{text}");
            if line_end == end {
                let texts = self.tails.entry((anchor.source, end)).or_default();
                if texts.len() > 1 {
                    texts.push(",".to_owned());
                }
                texts.push(text);
            } else if already {
                let texts = self.tails.entry((anchor.source, line_end)).or_default();
                texts.push(",".to_owned());
                texts.push(text);
            } else {
                self.after(anchor.source, line_end, text);
            }
        }
    }

    fn constraint(&mut self, table: &Table, one: &Constraint, other: Option<&Constraint>) {
        if !inside(table, one.origin) {
            // It was added by a statement of its own, whose other actions are not known here.
            return;
        }
        let in_column = table.columns.iter().find(|column| {
            column.origin.source == one.origin.source
                && column.origin.span.start <= one.origin.span.start
                && one.origin.span.end <= column.origin.span.end
        });
        match (in_column, other) {
            (None, None) => self.remove_element(table, one.origin),
            (None, Some(other)) => {
                self.replace(one.origin, ddl::named_constraint(other, Names::Short));
            }
            (Some(_), None) => {
                let text = self.text(one.origin.source);
                let span = with_space(&text, one.origin.span);
                self.replace(Origin { source: one.origin.source, span }, "");
            }
            (Some(column), Some(other)) => match &other.kind {
                ConstraintKind::ForeignKey(key) if key.columns == [column.name.clone()] => {
                    self.replace(one.origin, references(other));
                }
                ConstraintKind::Check { expression } => {
                    self.replace(one.origin, format!("CHECK ({})", expression.text));
                }
                _ => {}
            },
        }
    }

    /// Takes an element out of a table's definition, with its line and remark.
    fn remove_element(&mut self, table: &Table, origin: Origin) {
        let text = self.text(origin.source);
        let bytes = text.as_bytes();
        let at = |place: usize| bytes.get(place).copied();
        let mut start = origin.span.start as usize;
        let mut end = origin.span.end as usize;
        while matches!(at(end), Some(b' ' | b'\t')) {
            end += 1;
        }
        let last = at(end) != Some(b',');
        if last {
            // The comma before it goes instead, over remarks and line ends.
            let Some(previous) = elements(table)
                .filter(|found| {
                    found.source == origin.source && found.span.end <= origin.span.start
                })
                .map(|found| found.span.end)
                .max()
            else {
                return;
            };
            let between = Span::new(previous, origin.span.start).of(&text);
            let Some(comma) = between.find(',') else { return };
            let comma = previous + u32::try_from(comma).unwrap_or(0);
            self.edits.push(Edit {
                source: origin.source,
                span: Span::new(comma, comma + 1),
                text: String::new(),
            });
        } else {
            end += 1;
        }
        // A remark at the end of its line is about it.
        let rest = text.get(end..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let lead_start = text.get(..start).unwrap_or_default().rfind('\n').map_or(0, |at| at + 1);
        let own_line = text.get(lead_start..start).unwrap_or_default().trim().is_empty();
        let remark = line.trim_start();
        if own_line && (remark.is_empty() || remark.starts_with("--")) {
            end += line.len();
            start = lead_start;
            if at(end) == Some(b'\n') {
                end += 1;
            }
        }
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) else { return };
        let span = Span::new(start, end);
        self.edits.push(Edit { source: origin.source, span, text: String::new() });
    }

    /// A table's statement and all that stand on it.
    fn remove_table(&mut self, table: &Table) {
        let mut origins: Vec<Origin> = vec![table.origin];
        origins.extend(table.constraints.iter().map(|found| found.origin));
        origins.retain(|origin| *origin == table.origin || !inside(table, *origin));
        origins.extend(table.indexes.iter().map(|found| found.origin));
        origins.extend(table.policies.iter().map(|found| found.origin));
        origins.extend(table.triggers.iter().map(|found| found.origin));
        let added = origins
            .iter()
            .any(|origin| table.constraints.iter().any(|found| found.origin == *origin));
        let switched = [table.row_security.origin, table.row_security_forced.origin];
        origins.extend(switched.into_iter().flatten());
        let comments = table.columns.iter().filter_map(|column| column.comment.as_ref());
        origins.extend(comments.chain(&table.comment).map(|comment| comment.origin));
        // What is left of an ALTER TABLE that only its action is known of would not read.
        if added || !table.grants.is_empty() {
            return;
        }
        origins.sort_unstable();
        origins.dedup();
        for origin in origins {
            self.remove_statement(origin);
        }
    }

    fn without_semicolon(&self, origin: Origin) -> Origin {
        let quote = self.sources.quote(origin);
        let kept = quote.trim_end().trim_end_matches(';').trim_end();
        let end = origin.span.start + u32::try_from(kept.len()).unwrap_or(0);
        Origin { span: Span::new(origin.span.start, end), ..origin }
    }

    /// A statement with its semicolon, its line and the remark lines right before it.
    fn remove_statement(&mut self, origin: Origin) {
        let text = self.text(origin.source);
        let bytes = text.as_bytes();
        let mut end = origin.span.end as usize;
        if !self.sources.quote(origin).trim_end().ends_with(';') {
            while bytes.get(end).is_some_and(u8::is_ascii_whitespace) {
                end += 1;
            }
            if bytes.get(end) == Some(&b';') {
                end += 1;
            } else {
                end = origin.span.end as usize;
            }
        }
        let mut start = origin.span.start as usize;
        let line_start = text.get(..start).unwrap_or_default().rfind('\n').map_or(0, |at| at + 1);
        let rest = text.get(end..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let remark = line.trim();
        if text.get(line_start..start).unwrap_or_default().trim().is_empty()
            && (remark.is_empty() || remark.starts_with("--"))
        {
            start = line_start;
            end += line.len();
            if bytes.get(end) == Some(&b'\n') {
                end += 1;
            }
        }
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) else { return };
        let span = Span::new(start, end);
        self.edits.push(Edit { source: origin.source, span, text: String::new() });
    }

    /// A new statement about a table: after the last one of its kind, else after the table's own.
    fn add_statement(&mut self, table: &Table, object: Object<'_>, text: &str) {
        let same: Vec<Origin> = match object {
            Object::Index(_) => table.indexes.iter().map(|found| found.origin).collect(),
            Object::Policy(_) => table.policies.iter().map(|found| found.origin).collect(),
            Object::Trigger(_) => table.triggers.iter().map(|found| found.origin).collect(),
            _ => Vec::new(),
        };
        // A policy stands after what switches row-level security on.
        let switched = table.row_security.origin.filter(|_| matches!(object, Object::Policy(_)));
        let anchor = same.into_iter().max().or(switched).unwrap_or(table.origin);
        let anchor = anchor.max(table.origin);
        let whole = self.text(anchor.source);
        let bytes = whole.as_bytes();
        let mut end = anchor.span.end as usize;
        if !self.sources.quote(anchor).trim_end().ends_with(';') {
            while bytes.get(end).is_some_and(u8::is_ascii_whitespace) {
                end += 1;
            }
            if bytes.get(end) != Some(&b';') {
                return;
            }
            end += 1;
        }
        let rest = whole.get(end..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let remark = line.trim();
        if remark.is_empty() || remark.starts_with("--") {
            end += line.trim_end_matches('\r').len();
        }
        if let Ok(end) = u32::try_from(end) {
            self.after(anchor.source, end, format!("\n{text}"));
        }
    }
}

/// Whether a place is inside the statement that creates a table.
fn inside(table: &Table, origin: Origin) -> bool {
    origin.source == table.origin.source
        && table.origin.span.start <= origin.span.start
        && origin.span.end <= table.origin.span.end
        && origin != table.origin
}

/// The elements in a table's definition.
fn elements(table: &Table) -> impl Iterator<Item = Origin> {
    let columns = table.columns.iter().map(|column| column.origin);
    let constraints = table.constraints.iter().map(|constraint| constraint.origin);
    columns.chain(constraints).filter(|origin| inside(table, *origin))
}

fn last_element(table: &Table) -> Option<Origin> {
    elements(table).max_by_key(|origin| (origin.span.end, std::cmp::Reverse(origin.span.start)))
}

/// A foreign key as a column's own constraint.
fn references(constraint: &Constraint) -> String {
    let text = ddl::named_constraint(constraint, Names::Short);
    match text.find("REFERENCES ") {
        Some(at) => text.get(at..).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// The statement that makes an object, where it has one of its own.
fn statement(object: Object<'_>) -> Option<Origin> {
    match object {
        Object::Index(index) => Some(index.origin),
        Object::Policy(policy) => Some(policy.origin),
        Object::Trigger(trigger) => Some(trigger.origin),
        Object::View(view) => Some(view.origin),
        Object::Function(function) => Some(function.origin),
        Object::Type(found) => Some(found.origin),
        Object::TableComment(table) => table.comment.as_ref().map(|comment| comment.origin),
        Object::ColumnComment(column) => column.comment.as_ref().map(|comment| comment.origin),
        Object::Table(_)
        | Object::Column(_)
        | Object::Constraint(_)
        | Object::RowSecurity(_)
        | Object::TableGrants(_)
        | Object::ViewGrants(_) => None,
    }
}

/// The statement that an object is made by, on a table of the document; empty when it is not there.
fn created(object: Object<'_>, table: Option<&Table>) -> Option<String> {
    match object {
        Object::Index(index) => Some(ddl::create_index(&table?.name, index, Names::Short)),
        Object::Policy(policy) => Some(ddl::create_policy(&table?.name, policy, Names::Short)),
        Object::Trigger(trigger) => {
            // One that is switched off takes two statements, which are no edit of one.
            let mut statements = ddl::create_trigger(&table?.name, trigger, Names::Short);
            if statements.len() == 1 { statements.pop() } else { None }
        }
        Object::View(view) => Some(ddl::create_view(view, Names::Short)),
        Object::Function(function) => Some(ddl::create_function(function, Names::Short)),
        Object::Type(found) => Some(ddl::create_type(found, Names::Short)),
        Object::Table(_)
        | Object::Column(_)
        | Object::Constraint(_)
        | Object::RowSecurity(_)
        | Object::TableGrants(_)
        | Object::ViewGrants(_)
        | Object::TableComment(_)
        | Object::ColumnComment(_) => None,
    }
}

/// A span with the space before it.
fn with_space(text: &str, span: Span) -> Span {
    let before = text.get(..span.start as usize).unwrap_or_default();
    let kept = before.trim_end_matches([' ', '\t']).len();
    Span::new(u32::try_from(kept).unwrap_or(span.start), span.end)
}
