//! Text that would send a recursive parser too deep, recognised before it is parsed.
//!
//! Ruff's parser recurses once a bracket, an indentation, a prefix operator and a right-grouping
//! operator, and its trees are dropped by recursion too. In WebAssembly the stack is small and does
//! not grow, so what nests deeper than people write is taken out, with its place.

use std::borrow::Cow;

use schemaward_catalog::Span;

use super::SyntaxError;

/// Brackets and blocks within each other.
const MAX_DEPTH: usize = 100;

/// Operators of one expression, between two separators.
const MAX_OPERATORS: usize = 1_500;

/// Bytes of one file.
const MAX_BYTES: usize = 16 << 20;

/// How many lines and blocks are taken out of a file before it is refused whole.
const MAX_TAKEN: usize = 100;

/// The text without what nests too deep, and where that is: a line of logic or a block is taken out,
/// so that all other places stay what they are; the rest can be parsed.
pub(super) fn guarded(text: &str) -> (Cow<'_, str>, Vec<SyntaxError>) {
    if text.len() > MAX_BYTES {
        let error = SyntaxError {
            message: "the file is longer than 16 MiB".to_owned(),
            span: Span::new(0, 0),
        };
        return (Cow::Borrowed(""), vec![error]);
    }
    let mut guard = Guard {
        bytes: text.as_bytes(),
        index: 0,
        line: 0,
        operators: vec![0],
        indentation: Vec::new(),
    };
    let mut taken: Vec<(usize, usize)> = Vec::new();
    let mut errors = Vec::new();
    while let Err((message, at, whole)) = guard.scan() {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let end = match whole {
            Whole::Line => line_end(guard.bytes, guard.line),
            Whole::Block(width) => block_end(guard.bytes, guard.line, width),
        };
        errors.push(SyntaxError {
            message: message.to_owned(),
            span: Span::new(offset(at), offset(at)),
        });
        if errors.len() > MAX_TAKEN {
            return (Cow::Borrowed(""), errors);
        }
        taken.push((guard.line, end));
        guard.index = end;
        guard.operators = vec![0];
    }
    if taken.is_empty() {
        return (Cow::Borrowed(text), errors);
    }
    let mut rest = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in taken {
        rest.push_str(text.get(from..start).unwrap_or_default());
        // A statement stands in its place, which its block may need.
        for (at, byte) in text.as_bytes().get(start..end).unwrap_or_default().iter().enumerate() {
            rest.push(match byte {
                b'\n' if at > 0 => '\n',
                _ if at == 0 => '0',
                _ => ' ',
            });
        }
        from = end;
    }
    rest.push_str(text.get(from..).unwrap_or_default());
    (Cow::Owned(rest), errors)
}

/// What is taken out where something nests too deep.
enum Whole {
    /// The line of logic.
    Line,
    /// The line and all that follow and are indented more than so far.
    Block(usize),
}

/// A scan of a text.
struct Guard<'t> {
    bytes: &'t [u8],
    index: usize,
    /// Where the line of logic in hand begins, behind its indentation.
    line: usize,
    /// The operators of the expression at each depth of brackets, the innermost last.
    operators: Vec<usize>,
    indentation: Vec<usize>,
}

impl Guard<'_> {
    /// Goes on to the next place that nests too deep: what it is, where, and what is to go.
    fn scan(&mut self) -> Result<(), (&'static str, usize, Whole)> {
        let bytes = self.bytes;
        let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
        let mut line_start = self.index == 0;
        while self.index < bytes.len() {
            let index = self.index;
            if line_start {
                line_start = false;
                let width = bytes.get(index..).unwrap_or_default();
                let width = width.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                let first = at(index + width);
                self.index += width;
                if self.operators.len() == 1 && !matches!(first, b'\n' | b'\r' | b'#') {
                    while self.indentation.last().is_some_and(|open| *open >= width) {
                        self.indentation.pop();
                    }
                    // What goes is the line before, which begins the block, with all of it.
                    if let Some(header) = self.indentation.get(MAX_DEPTH - 1) {
                        return Err(("blocks nest too deep", index, Whole::Block(*header)));
                    }
                    self.line = index + width;
                    self.indentation.push(width);
                }
                continue;
            }
            match at(index) {
                b'\n' => {
                    line_start = true;
                    if self.operators.len() == 1 {
                        self.operators = vec![0];
                    }
                }
                b'#' => {
                    let rest = bytes.get(index..).unwrap_or_default();
                    self.index += rest.iter().take_while(|byte| **byte != b'\n').count();
                    continue;
                }
                b'(' | b'[' | b'{' => {
                    self.operators.push(0);
                    if self.operators.len() > MAX_DEPTH {
                        return Err(("brackets nest too deep", index, Whole::Line));
                    }
                }
                b')' | b']' | b'}' if self.operators.len() > 1 => {
                    self.operators.pop();
                }
                b',' | b';' => self.set_last(0),
                quote @ (b'\'' | b'"') => {
                    let formats = is_format_prefix(bytes, index);
                    self.index = string_end(bytes, index, quote);
                    let inner = bytes.get(index..self.index).unwrap_or_default();
                    if formats && !fits_format(inner) {
                        let message = "an expression in an f-string nests too deep";
                        return Err((message, index, Whole::Line));
                    }
                    continue;
                }
                // A line that goes on is no end of an expression.
                b'\\' => {
                    self.index += continuation(bytes, index);
                    continue;
                }
                b'+' | b'-' | b'*' | b'/' | b'%' | b'~' | b'@' | b'&' | b'|' | b'^' | b'<'
                | b'>' | b'=' | b'.' | b':' => self.add_last(),
                byte if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => {
                    let rest = bytes.get(index..).unwrap_or_default();
                    let length = rest
                        .iter()
                        .take_while(|byte| {
                            byte.is_ascii_alphanumeric() || **byte == b'_' || **byte >= 0x80
                        })
                        .count();
                    let word = rest.get(..length).unwrap_or_default();
                    if OPERATORS.contains(&word) {
                        self.add_last();
                    }
                    self.index += length;
                    continue;
                }
                _ => {}
            }
            if self.operators.last().is_some_and(|count| *count > MAX_OPERATORS) {
                return Err(("an expression has too many operators", index, Whole::Line));
            }
            self.index += 1;
        }
        Ok(())
    }

    fn add_last(&mut self) {
        if let Some(last) = self.operators.last_mut() {
            *last += 1;
        }
    }

    fn set_last(&mut self, value: usize) {
        if let Some(last) = self.operators.last_mut() {
            *last = value;
        }
    }
}

/// Words that group like operators.
const OPERATORS: &[&[u8]] =
    &[b"not", b"lambda", b"else", b"elif", b"await", b"and", b"or", b"if", b"is", b"in"];

/// The length of a backslash and what it takes with it.
fn continuation(bytes: &[u8], index: usize) -> usize {
    if bytes.get(index + 1..).unwrap_or_default().starts_with(b"\r\n") { 3 } else { 2 }
}

/// Where the line of logic that begins at `start` ends. Where its brackets never close, it is the
/// line of text.
fn line_end(bytes: &[u8], start: usize) -> usize {
    let mut index = start;
    let mut depth = 0_usize;
    let mut first = None;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b'\n' if depth == 0 => return index,
            b'\n' => {
                first.get_or_insert(index);
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'#' => {
                let rest = bytes.get(index..).unwrap_or_default();
                index += rest.iter().take_while(|byte| **byte != b'\n').count();
                continue;
            }
            quote @ (b'\'' | b'"') => {
                index = string_end(bytes, index, *quote);
                continue;
            }
            b'\\' => {
                index += continuation(bytes, index);
                continue;
            }
            _ => {}
        }
        index += 1;
    }
    match first {
        Some(first) if depth > 0 => first,
        _ => bytes.len(),
    }
}

/// Where the lines end that follow the one at `start` and are indented more than `width`.
fn block_end(bytes: &[u8], start: usize, width: usize) -> usize {
    let mut end = line_end(bytes, start);
    loop {
        let rest = bytes.get(end + 1..).unwrap_or_default();
        let indented = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match rest.get(indented) {
            None => return bytes.len(),
            Some(b'\n' | b'\r' | b'#') => {}
            Some(_) if indented <= width => return end,
            Some(_) => {}
        }
        end = line_end(bytes, end + 1 + indented);
    }
}

/// Whether the quote at `index` opens an f-string or a t-string.
fn is_format_prefix(bytes: &[u8], index: usize) -> bool {
    let before = bytes.get(..index).unwrap_or_default().iter().rev();
    let prefix = before.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_');
    let mut letters = prefix.take(3).map(u8::to_ascii_lowercase);
    letters.any(|letter| matches!(letter, b'f' | b't'))
}

/// Whether the expressions in the braces of an f-string nest as people write.
fn fits_format(inner: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut operators = 0_usize;
    for byte in inner {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.saturating_sub(1);
                operators = 0;
            }
            b' ' => {}
            // Text outside of braces holds operators of other languages.
            _ if depth > 0 && !byte.is_ascii_alphanumeric() => operators += 1,
            _ => {}
        }
        if depth > MAX_DEPTH || operators > MAX_OPERATORS {
            return false;
        }
    }
    true
}

/// The index after the string literal that begins at `index`.
fn string_end(bytes: &[u8], index: usize, quote: u8) -> usize {
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let triple = at(index + 1) == quote && at(index + 2) == quote;
    let mut index = index + if triple { 3 } else { 1 };
    while index < bytes.len() {
        match at(index) {
            b'\\' => index += 2,
            b'\n' if !triple => return index,
            byte if byte == quote => {
                if !triple {
                    return index + 1;
                }
                if at(index + 1) == quote && at(index + 2) == quote {
                    return index + 3;
                }
                index += 1;
            }
            _ => index += 1,
        }
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_text(text: &str, fits: bool) {
        let (rest, errors) = guarded(text);
        assert_eq!(errors.is_empty(), fits, "{text:.60}");
        assert!(guarded(&rest).1.is_empty(), "{text:.60}");
    }

    #[test]
    fn what_people_write_fits_and_bombs_do_not() {
        check_text("x = {'a': [1, (2, 3)], 'b': -1}\n", true);
        let rows = "    {'a': -1, 'b': 'x' + 'y'},\n".repeat(50_000);
        check_text(&format!("rows = [\n{rows}]\n"), true);
        check_text(&"if x:\n    pass\n".repeat(10_000), true);
        check_text(&"(".repeat(1_000), false);
        check_text(&format!("x = {}1", "-".repeat(10_000)), false);
        check_text(&format!("x = {}1", "not ".repeat(10_000)), false);
        check_text(&format!("x = a{}", " + a".repeat(10_000)), false);
        check_text(&format!("x = a{}", ".a".repeat(10_000)), false);
        check_text(&format!("x = '{}'", "(".repeat(10_000)), true);
        check_text(&format!("x = 1 # {}", "(".repeat(10_000)), true);
        let blocks: Vec<String> =
            (0..500).map(|depth| format!("{}if x:\n", " ".repeat(depth))).collect();
        let blocks = blocks.concat();
        check_text(&blocks, false);
        check_text(&format!("x = f'{{{}}}'", "(".repeat(1_000)), false);
        check_text(&format!("x = 1 {}", "+ \\\n 1".repeat(10_000)), false);
        check_text(&format!("x = f'''{{a}} {}'''", "a = b, ".repeat(10_000)), true);
    }

    #[track_caller]
    fn check_rest(text: &str, expect: &str) {
        let (rest, errors) = guarded(text);
        assert_eq!(rest, expect, "{errors:?}");
        assert!(rest.is_empty() || rest.len() == text.len());
    }

    #[test]
    fn what_stands_beside_stays_where_it_is() {
        let deep = format!("{}{}", "(".repeat(120), ")".repeat(120));
        let blank = " ".repeat(243);
        check_rest(&format!("a = 1\nb = {deep}\nc = 2\n"), &format!("a = 1\n0{blank}\nc = 2\n"));
        check_rest(
            &format!("def f():\n    b = [\n{deep}\n]\n    c = 2\n"),
            &format!("def f():\n    0    \n{}\n \n    c = 2\n", " ".repeat(240)),
        );
        // Brackets that never close take their line alone.
        let open = "(".repeat(120);
        check_rest(&format!("{open}\nc = 2\n"), &format!("0{}\nc = 2\n", " ".repeat(119)));
        let lines = |depth: usize| format!("{}if x:\n", " ".repeat(depth));
        let within = (0..99).map(lines).collect::<Vec<_>>().concat();
        let beyond = (99..120).map(lines).collect::<Vec<_>>().concat();
        let text = format!("{within}{beyond}y = 1\n");
        let (rest, errors) = guarded(&text);
        assert_eq!(errors.len(), 1);
        assert!(rest.starts_with(&within));
        assert!(rest.ends_with("\ny = 1\n"));
    }
}
