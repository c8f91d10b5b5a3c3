//! Which bytes of a string literal's value stand where in the source.

use schemaward_catalog::Span;

use super::StringPart;

/// What a literal's text means besides itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Escapes {
    /// Whether a backslash begins an escape.
    pub(super) backslash: bool,
    /// Whether `{{` and `}}` stand for one brace.
    pub(super) braces: bool,
}

/// The pieces of a literal whose inner text is `raw`, standing at `start`, and whose value is `value`.
///
/// The value is the parser's; where our own walk over the escapes comes to another one (a named
/// character, an unpaired surrogate), the literal is one piece that is not verbatim.
pub(super) fn parts(raw: &str, start: u32, value: &str, escapes: Escapes) -> Vec<StringPart> {
    let span = |from: usize, to: usize| Span::new(start + narrow(from), start + narrow(to));
    if raw == value {
        let whole = span(0, raw.len());
        return vec![StringPart { value: value.to_owned(), span: whole, verbatim: true }];
    }
    let mut parts: Vec<StringPart> = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while let Some(rest) = raw.get(at..) {
        let Some(found) = rest.find(|c: char| special(c, escapes)) else { break };
        let from = at + found;
        let Some((length, meaning)) = raw.get(from..).and_then(|rest| escape(rest, escapes)) else {
            // A backslash or brace that begins nothing stands for itself.
            at = from + 1;
            continue;
        };
        push_plain(&mut parts, raw, plain, from, start);
        parts.push(StringPart { value: meaning, span: span(from, from + length), verbatim: false });
        at = from + length;
        plain = at;
    }
    push_plain(&mut parts, raw, plain, raw.len(), start);
    let walked: usize = parts.iter().map(|part| part.value.len()).sum();
    let same = walked == value.len()
        && parts.iter().try_fold(value, |rest, part| rest.strip_prefix(part.value.as_str()))
            == Some("");
    if same {
        return parts;
    }
    vec![StringPart { value: value.to_owned(), span: span(0, raw.len()), verbatim: false }]
}

fn push_plain(parts: &mut Vec<StringPart>, raw: &str, from: usize, to: usize, start: u32) {
    if let Some(value) = raw.get(from..to).filter(|value| !value.is_empty()) {
        let span = Span::new(start + narrow(from), start + narrow(to));
        parts.push(StringPart { value: value.to_owned(), span, verbatim: true });
    }
}

fn special(c: char, escapes: Escapes) -> bool {
    match c {
        '\\' => escapes.backslash,
        '{' | '}' => escapes.braces,
        '\r' => true,
        _ => false,
    }
}

/// The escape that `rest` begins with: its length in bytes, and what it stands for.
fn escape(rest: &str, escapes: Escapes) -> Option<(usize, String)> {
    for (written, meaning) in [("{{", "{"), ("}}", "}")] {
        if escapes.braces && rest.starts_with(written) {
            return Some((2, meaning.to_owned()));
        }
    }
    // Python sees every end of a line as `\n`.
    if rest.starts_with("\r\n") {
        return Some((2, "\n".to_owned()));
    }
    if rest.starts_with('\r') {
        return Some((1, "\n".to_owned()));
    }
    let after = rest.strip_prefix('\\').filter(|_| escapes.backslash)?;
    let first = after.chars().next()?;
    let simple = match first {
        '\n' => "",
        '\r' => return Some((if after.starts_with("\r\n") { 3 } else { 2 }, String::new())),
        '\\' => "\\",
        '\'' => "'",
        '"' => "\"",
        'a' => "\u{7}",
        'b' => "\u{8}",
        'f' => "\u{c}",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\u{b}",
        'x' => return code(after, 2),
        'u' => return code(after, 4),
        'U' => return code(after, 8),
        '0'..='7' => {
            let digits = after.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
            let digits = digits.count();
            let value = u32::from_str_radix(after.get(..digits)?, 8).ok()?;
            return Some((1 + digits, char::from_u32(value)?.to_string()));
        }
        _ => return None,
    };
    Some((2, simple.to_owned()))
}

/// `x`, `u` or `U` with its hexadecimal digits.
fn code(after: &str, digits: usize) -> Option<(usize, String)> {
    let value = u32::from_str_radix(after.get(1..=digits)?, 16).ok()?;
    Some((2 + digits, char::from_u32(value)?.to_string()))
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, braces: bool, expect: &[(&str, u32, u32, bool)]) {
        let value: String = expect.iter().map(|(value, ..)| *value).collect();
        let found = parts(raw, 100, &value, Escapes { backslash: true, braces });
        let found: Vec<(&str, u32, u32, bool)> = found
            .iter()
            .map(|part| (part.value.as_str(), part.span.start, part.span.end, part.verbatim))
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn escapes_are_pieces_of_their_own() {
        check("plain", false, &[("plain", 100, 105, true)]);
        check(
            "a\\nb\\'",
            false,
            &[
                ("a", 100, 101, true),
                ("\n", 101, 103, false),
                ("b", 103, 104, true),
                ("'", 104, 106, false),
            ],
        );
        check("\\u00e9x", false, &[("é", 100, 106, false), ("x", 106, 107, true)]);
        check("{{x", true, &[("{", 100, 102, false), ("x", 102, 103, true)]);
        check("a\\dc", false, &[("a\\dc", 100, 104, true)]);
    }

    #[test]
    fn what_is_not_understood_is_one_piece() {
        let found = parts("\\N{BULLET}x", 0, "•x", Escapes { backslash: true, braces: false });
        assert_eq!(found.len(), 1);
        assert!(!found[0].verbatim);
        assert_eq!(found[0].value, "•x");
    }
}
