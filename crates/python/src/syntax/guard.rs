//! Text that would send a recursive parser too deep, recognised before it is parsed.
//!
//! Ruff's parser recurses once a bracket, an indentation, a prefix operator and a right-grouping
//! operator, and its trees are dropped by recursion too. In WebAssembly the stack is small and does
//! not grow, so what nests deeper than people write is refused with its place.

use schemaward_catalog::Span;

use super::SyntaxError;

/// Brackets and blocks within each other.
const MAX_DEPTH: usize = 100;

/// Operators of one expression, between two separators.
const MAX_OPERATORS: usize = 1_500;

/// Bytes of one file.
const MAX_BYTES: usize = 16 << 20;

/// The first place of the text that nests too deep.
pub(super) fn check(text: &str) -> Result<(), SyntaxError> {
    let fail = |message: &str, at: usize| {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        Err(SyntaxError { message: message.to_owned(), span: Span::new(at, at) })
    };
    if text.len() > MAX_BYTES {
        return fail("the file is longer than 16 MiB", 0);
    }
    let bytes = text.as_bytes();
    let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
    let mut index = 0;
    // The operators of the expression at each depth of brackets, the innermost last.
    let mut operators = vec![0_usize];
    let mut indentation: Vec<usize> = Vec::new();
    let mut line_start = true;
    while index < bytes.len() {
        if line_start {
            line_start = false;
            let width = bytes.get(index..).unwrap_or_default();
            let width = width.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
            let first = at(index + width);
            if operators.len() == 1 && !matches!(first, b'\n' | b'\r' | b'#') {
                while indentation.last().is_some_and(|open| *open >= width) {
                    indentation.pop();
                }
                indentation.push(width);
                if indentation.len() > MAX_DEPTH {
                    return fail("blocks nest too deep", index);
                }
            }
            index += width;
            continue;
        }
        match at(index) {
            b'\n' => {
                line_start = true;
                if operators.len() == 1 {
                    operators = vec![0];
                }
            }
            b'#' => {
                index += bytes
                    .get(index..)
                    .unwrap_or_default()
                    .iter()
                    .take_while(|byte| **byte != b'\n')
                    .count();
                continue;
            }
            b'(' | b'[' | b'{' => {
                operators.push(0);
                if operators.len() > MAX_DEPTH {
                    return fail("brackets nest too deep", index);
                }
            }
            b')' | b']' | b'}' if operators.len() > 1 => {
                operators.pop();
            }
            b',' | b';' => set_last(&mut operators, 0),
            quote @ (b'\'' | b'"') => {
                let start = index;
                let formats = is_format_prefix(bytes, index);
                index = string_end(bytes, index, quote);
                let inner = bytes.get(start..index).unwrap_or_default();
                if formats && !fits_format(inner) {
                    return fail("an expression in an f-string nests too deep", start);
                }
                continue;
            }
            // A line that goes on is no end of an expression.
            b'\\' => {
                let rest = bytes.get(index + 1..).unwrap_or_default();
                index += if rest.starts_with(b"\r\n") { 3 } else { 2 };
                continue;
            }
            b'+' | b'-' | b'*' | b'/' | b'%' | b'~' | b'@' | b'&' | b'|' | b'^' | b'<' | b'>'
            | b'=' | b'.' | b':' => add_last(&mut operators),
            byte if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 => {
                let rest = bytes.get(index..).unwrap_or_default();
                let length = rest
                    .iter()
                    .take_while(|byte| {
                        byte.is_ascii_alphanumeric() || **byte == b'_' || **byte >= 0x80
                    })
                    .count();
                let word = rest.get(..length).unwrap_or_default();
                if matches!(
                    word,
                    b"not"
                        | b"lambda"
                        | b"else"
                        | b"elif"
                        | b"await"
                        | b"and"
                        | b"or"
                        | b"if"
                        | b"is"
                        | b"in"
                ) {
                    add_last(&mut operators);
                }
                index += length;
                continue;
            }
            _ => {}
        }
        if operators.last().is_some_and(|count| *count > MAX_OPERATORS) {
            return fail("an expression has too many operators", index);
        }
        index += 1;
    }
    Ok(())
}

fn add_last(operators: &mut [usize]) {
    if let Some(last) = operators.last_mut() {
        *last += 1;
    }
}

fn set_last(operators: &mut [usize], value: usize) {
    if let Some(last) = operators.last_mut() {
        *last = value;
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
        assert_eq!(check(text).is_ok(), fits, "{text:.60}");
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
}
