//! SQL comments as documentation of what stands beside them.

use schemaward_catalog::{Remark, Span};

use crate::cursor::Place;
use crate::lexer::Token;

/// The comments of one statement.
pub(crate) struct Remarks<'a> {
    pub(crate) place: Place,
    pub(crate) text: &'a str,
    pub(crate) comments: &'a [Token],
}

impl Remarks<'_> {
    /// Hands each comment to the element it stands beside: the one it is inside of, or the last one
    /// that ends before it on the same line; to `None` when it stands on a line of its own.
    pub(crate) fn distribute(
        &self,
        elements: &[(Span, usize)],
        mut hand: impl FnMut(Option<usize>, Remark),
    ) {
        for comment in self.comments {
            let words = clean(comment.span.of(self.text));
            if words.is_empty() {
                continue;
            }
            let before = elements.partition_point(|(span, _)| span.start < comment.span.start);
            let beside =
                before.checked_sub(1).and_then(|at| elements.get(at)).filter(|(span, _)| {
                    !Span::new(span.end, comment.span.start).of(self.text).contains('\n')
                });
            let origin = self.place.origin(comment.span);
            hand(beside.map(|(_, element)| *element), Remark { text: words, origin });
        }
    }
}

/// A comment's words, without markers, rulers and box drawings.
fn clean(comment: &str) -> String {
    let inner = comment.trim_start_matches("/*").trim_end_matches("*/");
    let lines = inner.lines().map(|line| {
        line.trim()
            .trim_matches(|c: char| matches!(c, '-' | '*' | '=' | '#' | '~') || c.is_whitespace())
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cleans_rulers_and_markers() {
        assert_eq!(clean("-- Soft delete support"), "Soft delete support");
        assert_eq!(clean("-- ======= BILLING ======="), "BILLING");
        assert_eq!(clean("/* one\n * two\n */"), "one two");
        assert_eq!(clean("-----------"), "");
    }
}
