//! Strings that know where their bytes were written.
//!
//! A migration builds SQL from literals, names in lists, f-strings and helper functions. What is
//! said about that SQL must point into the Python text, so every string operation here keeps the
//! pieces its result is made of.

use std::fmt;

use schemaward_catalog::{Derivation, Origin, Piece, Span};

/// Pieces that one string keeps apart.
const MAX_PIECES: usize = 20_000;

/// A string and the places its pieces were written at.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Text {
    value: String,
    /// In order, without overlap, none of them empty.
    pieces: Vec<Piece>,
}

impl Text {
    /// A string that stands in a source, byte by byte or (escapes) in another form.
    pub(crate) fn written(value: impl Into<String>, origin: Origin, verbatim: bool) -> Self {
        let value = value.into();
        let span = Span::new(0, length(&value));
        let pieces = (span.end > 0).then_some(Piece { span, origin, verbatim });
        Self { value, pieces: pieces.into_iter().collect() }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.value
    }

    pub(crate) fn len(&self) -> usize {
        self.value.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// The place of its first piece.
    pub(crate) fn origin(&self) -> Option<Origin> {
        self.pieces.first().map(|piece| piece.origin)
    }

    /// Adds text that was written by no one.
    pub(crate) fn push_str(&mut self, value: &str) {
        self.value.push_str(value);
    }

    /// Adds text that stems from a place, but does not stand there as it is.
    pub(crate) fn push_from(&mut self, value: &str, origin: Origin) {
        self.push(&Self::written(value, origin, false));
    }

    /// Adds a string with its places.
    pub(crate) fn push(&mut self, other: &Self) {
        let shift = length(&self.value);
        self.value.push_str(&other.value);
        if self.pieces.len() + other.pieces.len() > MAX_PIECES {
            // Text that doubles and doubles has no places worth keeping one by one.
            let first = self.pieces.first().or(other.pieces.first());
            let whole = Span::new(0, length(&self.value));
            let piece =
                first.map(|first| Piece { span: whole, origin: first.origin, verbatim: false });
            self.pieces = piece.into_iter().collect();
            return;
        }
        self.pieces.extend(other.pieces.iter().map(|piece| Piece {
            span: Span::new(piece.span.start + shift, piece.span.end + shift),
            ..*piece
        }));
    }

    /// The bytes from `start` to `end`, which must be `char` boundaries; nothing where they are not.
    pub(crate) fn slice(&self, start: usize, end: usize) -> Self {
        let Some(value) = self.value.get(start..end) else { return Self::default() };
        let (start, end) = (narrow(start), narrow(end));
        let first = self.pieces.partition_point(|piece| piece.span.end <= start);
        let touched = self.pieces.get(first..).unwrap_or_default().iter();
        let pieces = touched.take_while(|piece| piece.span.start < end).filter_map(|piece| {
            let from = piece.span.start.max(start);
            let to = piece.span.end.min(end);
            let origin = if piece.verbatim {
                Origin {
                    source: piece.origin.source,
                    span: Span::new(
                        piece.origin.span.start + from.saturating_sub(piece.span.start),
                        piece.origin.span.start + to.saturating_sub(piece.span.start),
                    ),
                }
            } else {
                piece.origin
            };
            (from < to).then(|| Piece {
                span: Span::new(from - start, to - start),
                origin,
                ..*piece
            })
        });
        Self { value: value.to_owned(), pieces: pieces.collect() }
    }

    /// The same text, without the places that `keep` refuses.
    pub(crate) fn without(&self, keep: impl Fn(Origin) -> bool) -> Self {
        let pieces = self.pieces.iter().filter(|piece| keep(piece.origin));
        Self { value: self.value.clone(), pieces: pieces.copied().collect() }
    }

    /// A string computed from this one (`lower()`, `title()`): it stems from the same place.
    pub(crate) fn computed(&self, value: impl Into<String>) -> Self {
        let value = value.into();
        match self.origin() {
            Some(origin) => Self::written(value, origin, false),
            None => Self { value, pieces: Vec::new() },
        }
    }

    /// Which bytes stem from where, for SQL that the call at `whole` runs.
    pub(crate) fn derivation(&self, whole: Origin) -> Derivation {
        Derivation { pieces: self.pieces.clone(), whole }
    }
}

fn length(value: &str) -> u32 {
    narrow(value.len())
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl From<&str> for Text {
    fn from(value: &str) -> Self {
        Self { value: value.to_owned(), pieces: Vec::new() }
    }
}

impl From<String> for Text {
    fn from(value: String) -> Self {
        Self { value, pieces: Vec::new() }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.value, f)
    }
}

impl fmt::Write for Text {
    fn write_str(&mut self, value: &str) -> fmt::Result {
        self.push_str(value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use schemaward_catalog::SourceId;

    fn written(value: &str, at: u32) -> Text {
        let span = Span::new(at, at + length(value));
        Text::written(value, Origin { source: SourceId(0), span }, true)
    }

    /// Where the bytes of `part` in `text` were written.
    #[track_caller]
    fn check(text: &Text, part: &str, expect: (u32, u32)) {
        let start = narrow(text.as_str().find(part).unwrap());
        let found =
            text.derivation(Origin::default()).resolve(Span::new(start, start + length(part)));
        assert_eq!((found.span.start, found.span.end), expect, "{part} in {text:?}");
    }

    #[test]
    fn concatenation_and_slices_keep_their_places() {
        let mut text = written("ALTER TABLE ", 100);
        text.push(&written("patients", 50));
        text.push_str(" ");
        text.push(&written("ENABLE", 120));
        check(&text, "TABLE", (106, 111));
        check(&text, "patients", (50, 58));
        check(&text, "tient", (52, 57));
        check(&text, "ENABLE", (120, 126));
        let part = text.slice(6, 16);
        assert_eq!(part.as_str(), "TABLE pati");
        check(&part, "pat", (50, 53));
        check(&part.computed("PATI"), "PAT", (106, 112));
    }
}
