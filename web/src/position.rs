//! Lines and columns of evidence as positions in an editor.
//!
//! A text area holds its text with every line end as a line feed and counts in UTF-16 code units; evidence
//! counts lines from 1 and columns in Unicode scalar values from 1.

use schemaward_render::json::Evidence;

/// A place in a source that the reader asked to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) source: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_line: usize,
    pub(crate) end_column: usize,
}

impl Place {
    /// The place of one line and column, as notes on unread text and on the standard give it.
    pub(crate) fn at(source: &str, line: usize, column: usize) -> Self {
        Self { source: source.to_owned(), line, column, end_line: line, end_column: column }
    }
}

impl From<&Evidence> for Place {
    fn from(evidence: &Evidence) -> Self {
        Self {
            source: evidence.source.clone(),
            line: evidence.line,
            column: evidence.column,
            end_line: evidence.end_line,
            end_column: evidence.end_column,
        }
    }
}

/// The offset of a line and column in UTF-16 code units, as a text area counts them. A place past the end is
/// the end.
pub(crate) fn utf16_offset(text: &str, line: usize, column: usize) -> u32 {
    let mut offset = 0;
    for (number, content) in lines(text).enumerate() {
        if number + 1 == line {
            return offset + units(content.chars().take(column.saturating_sub(1)));
        }
        offset += units(content.chars()) + 1;
    }
    // The loop counts a line end after the last line too.
    offset.saturating_sub(1)
}

/// How many lines an editor shows for this text; at least one.
pub(crate) fn count_lines(text: &str) -> usize {
    lines(text).count()
}

/// Lines as a text area breaks them: at `\n`, `\r\n` and a lone `\r`.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        let Some(end) = current.find(['\n', '\r']) else {
            rest = None;
            return Some(current);
        };
        let (line, tail) = current.split_at_checked(end)?;
        rest = tail.strip_prefix("\r\n").or_else(|| tail.get(1..));
        Some(line)
    })
}

/// The lines from `first` (1-based) on, at most `count` of them, joined by line feeds.
pub(crate) fn excerpt(text: &str, first: usize, count: usize) -> String {
    lines(text).skip(first.saturating_sub(1)).take(count).collect::<Vec<_>>().join("\n")
}

fn units(characters: impl Iterator<Item = char>) -> u32 {
    characters.fold(0, |sum, character| sum + if character.len_utf16() == 1 { 1 } else { 2 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, line: usize, column: usize, expected: u32) {
        assert_eq!(utf16_offset(text, line, column), expected);
    }

    #[test]
    fn offsets_count_utf16_units() {
        check("ab\ncd", 1, 1, 0);
        check("ab\ncd", 2, 2, 4);
        check("💊é\nx", 1, 2, 2);
        check("💊é\nx", 1, 3, 3);
        check("💊é\nx", 2, 1, 4);
    }

    #[test]
    fn every_line_end_counts_once() {
        check("ab\r\ncd", 2, 1, 3);
        check("ab\rcd\r\n\nx", 4, 1, 7);
    }

    #[test]
    fn a_place_past_the_end_is_the_end() {
        check("ab", 9, 9, 2);
        check("ab", 1, 99, 2);
        check("", 1, 1, 0);
        check("", 5, 1, 0);
    }

    #[test]
    fn lines_are_counted_as_an_editor_shows_them() {
        assert_eq!(count_lines(""), 1);
        assert_eq!(count_lines("a\n"), 2);
        assert_eq!(count_lines("a\r\nb\rc"), 3);
    }

    #[test]
    fn an_excerpt_has_the_asked_lines() {
        assert_eq!(excerpt("a\r\nb\nc\nd", 2, 2), "b\nc");
        assert_eq!(excerpt("a", 5, 2), "");
    }
}
