//! Where things were written: sources, byte spans, and their conversion to lines at the edge.

use std::sync::Arc;

use crate::Derivation;

/// Index of a source in its [`Sources`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A half-open range of bytes in one source, always on `char` boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The text the span covers, or nothing when it does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// The place in the sources that made an object what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Which source.
    pub source: SourceId,
    /// Which bytes of it.
    pub span: Span,
}

/// Which of the two schemas a source describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The reference DDL: what the owners say the schema is.
    Documented,
    /// What was built: a dump, migrations, models.
    Implemented,
}

/// One named text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name the caller gave it, shown in evidence.
    pub path: String,
    /// The schema it describes.
    pub side: Side,
    /// Its text.
    pub text: Arc<str>,
    /// Where its bytes were written, when it is no text of the caller's but SQL that one makes.
    pub derivation: Option<Derivation>,
    /// Byte offset of each line's first byte.
    lines: Vec<u32>,
}

impl Source {
    /// A source with its line table.
    pub fn new(side: Side, path: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0)
            .chain(starts.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)))
            .collect();
        Self { path: path.into(), side, text, derivation: None, lines }
    }

    /// SQL that a source makes. Its path is that of the source whose program wrote it.
    pub fn derived(
        side: Side,
        path: impl Into<String>,
        text: impl Into<Arc<str>>,
        derivation: Derivation,
    ) -> Self {
        Self { derivation: Some(derivation), ..Self::new(side, path, text) }
    }

    /// The line and column of a byte offset, both 1-based, the column in Unicode scalar values.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let column = Span::new(start, offset).of(&self.text).chars().count() + 1;
        Position { line, column }
    }

    /// The text of a 1-based line, without its line end.
    pub fn line(&self, line: usize) -> &str {
        let start = line.checked_sub(1).and_then(|at| self.lines.get(at)).copied();
        let Some(start) = start else { return "" };
        let end = self.lines.get(line).copied();
        let end = end.unwrap_or(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        Span::new(start, end).of(&self.text).trim_end_matches(['\n', '\r'])
    }
}

/// A place as people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line.
    pub line: usize,
    /// 1-based column, in Unicode scalar values.
    pub column: usize,
}

/// All the texts of one review; a [`SourceId`] is an index into them.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// Adds a source and names it.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(source);
        id
    }

    /// The source of this id.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.0 as usize)
    }

    /// The place in a text that the caller gave: for an origin in derived SQL, where the program
    /// wrote it.
    pub fn resolve(&self, origin: Origin) -> Origin {
        // SQL that SQL of a program makes would be derived twice; the bound ends any circle.
        (0..8)
            .try_fold(origin, |at, _| {
                match self.get(at.source).and_then(|source| source.derivation.as_ref()) {
                    Some(derivation) => Ok(derivation.resolve(at.span)),
                    None => Err(at),
                }
            })
            .unwrap_or_else(|found| found)
    }

    /// All sources, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.list
            .iter()
            .enumerate()
            .map(|(at, source)| (SourceId(u32::try_from(at).unwrap_or(u32::MAX)), source))
    }

    /// The quoted text of an origin, as the caller gave it.
    pub fn quote(&self, origin: Origin) -> &str {
        let origin = self.resolve(origin);
        self.get(origin.source).map_or("", |source| origin.span.of(&source.text))
    }
}
