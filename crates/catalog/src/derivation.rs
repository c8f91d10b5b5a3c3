//! SQL that a program writes: which of its bytes stem from which place of the program's text.

use crate::{Origin, Span};

/// A range of a derived text, and the place of the program that it stems from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which bytes of the derived text.
    pub span: Span,
    /// Where they were written.
    pub origin: Origin,
    /// Whether they stand there byte by byte, so that a part of one is a part of the other. Where a
    /// program's text escapes, formats or computes them, they do not.
    pub verbatim: bool,
}

impl Piece {
    /// The place of the byte at `offset` of the derived text, which the piece must contain or end
    /// at: one byte if the piece is verbatim, all of its origin otherwise.
    fn part(&self, start: u32, end: u32) -> Origin {
        if !self.verbatim {
            return self.origin;
        }
        let shift = |offset: u32| {
            let within = offset.clamp(self.span.start, self.span.end) - self.span.start;
            (self.origin.span.start + within).min(self.origin.span.end)
        };
        Origin { source: self.origin.source, span: Span::new(shift(start), shift(end)) }
    }
}

/// How a derived text hangs together with what it was derived from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Derivation {
    /// Its pieces, in order, without overlap; what lies between them was written by no one.
    pub pieces: Vec<Piece>,
    /// The place that stands for all that has no piece: the call that runs the text.
    pub whole: Origin,
}

impl Derivation {
    /// The place that a span of the derived text stems from: from the first piece it touches to the
    /// last, as long as they are of one source; without any, the place that stands for the whole.
    pub fn resolve(&self, span: Span) -> Origin {
        let first = self.pieces.partition_point(|piece| piece.span.end <= span.start);
        let rest = self.pieces.get(first..).unwrap_or_default();
        let touched = rest.iter().take_while(|piece| {
            piece.span.start < span.end
                || (span.start == span.end && piece.span.start <= span.start)
        });
        let parts = touched.map(|piece| piece.part(span.start, span.end));
        let resolved = parts.reduce(|all, part| {
            let one_source = all.source == part.source;
            Origin { span: if one_source { all.span.to(part.span) } else { all.span }, ..all }
        });
        resolved.unwrap_or(self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceId;

    fn piece(start: u32, end: u32, at: u32, verbatim: bool) -> Piece {
        let origin = Origin { source: SourceId(7), span: Span::new(at, at + end - start) };
        Piece { span: Span::new(start, end), origin, verbatim }
    }

    fn check(start: u32, end: u32, expect: (u32, u32)) {
        let whole = Origin { source: SourceId(7), span: Span::new(1, 2) };
        let pieces =
            vec![piece(0, 10, 100, true), piece(12, 20, 200, false), piece(20, 30, 150, true)];
        let derivation = Derivation { pieces, whole };
        let found = derivation.resolve(Span::new(start, end));
        assert_eq!((found.span.start, found.span.end), expect, "{start}..{end}");
    }

    #[test]
    fn spans_lead_to_where_they_were_written() {
        check(2, 5, (102, 105));
        check(13, 14, (200, 208));
        check(21, 23, (151, 153));
        // Between the pieces: the call that runs the text.
        check(10, 12, (1, 2));
        check(40, 41, (1, 2));
        // From the first piece to the last.
        check(8, 14, (108, 208));
        check(14, 22, (150, 208));
        // Empty spans.
        check(4, 4, (104, 104));
    }
}
