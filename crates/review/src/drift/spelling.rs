//! SQL that has no structure to go by, in one spelling: function bodies, parameters of operator
//! classes, texts that the parser of expressions does not know.

/// The text without remarks, unquoted letters folded as the server folds them, and a space only
/// between words. What stands in quotes stays as it is.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut gap = false;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            gap = true;
            rest = rest.trim_start();
            continue;
        }
        if let Some(length) = remark(rest) {
            gap = true;
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let is_word = |char: char| char.is_alphanumeric() || matches!(char, '_' | '$');
        let before = out.chars().next_back();
        if gap && before.is_some_and(|before| is_word(before) && is_word(first)) {
            out.push(' ');
        }
        // Two operators that stood apart are not one.
        let operator = |char: char| "+-*/<>=~!@#%^&|`?".contains(char);
        if gap && before.is_some_and(|before| operator(before) && operator(first)) {
            out.push(' ');
        }
        gap = false;
        let length = match quoted(rest, before) {
            Some(length) => {
                out.push_str(rest.get(..length).unwrap_or_default());
                length
            }
            None => {
                out.push(first.to_ascii_lowercase());
                first.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

/// The length in bytes of the remark that starts here.
fn remark(rest: &str) -> Option<usize> {
    if rest.starts_with("--") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(rest.len())
}

/// The length in bytes of the quoted text that starts here; `before` is what stands before it.
fn quoted(rest: &str, before: Option<char>) -> Option<usize> {
    let first = rest.chars().next()?;
    if matches!(first, '\'' | '"') {
        let escapes = first == '\'' && before == Some('e');
        let mut chars = rest.char_indices().skip(1);
        while let Some((at, char)) = chars.next() {
            if escapes && char == '\\' {
                chars.next();
            } else if char == first {
                return Some(at + 1);
            }
        }
        return Some(rest.len());
    }
    let follows_word = before.is_some_and(|char| char.is_alphanumeric() || char == '_');
    if first != '$' || follows_word {
        return None;
    }
    let inner = rest.get(1..)?;
    let end = inner.find(|char: char| !(char.is_alphanumeric() || char == '_'))?;
    let tag = rest.get(..end + 2).filter(|tag| tag.ends_with('$'))?;
    let close = rest.get(tag.len()..)?.find(tag)?;
    Some(close + 2 * tag.len())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(plain(text), expect);
    }

    #[test]
    fn spelling_goes_and_meaning_stays() {
        check("SELECT  A ,\n B -- two\nFROM T", "select a,b from t");
        check("'A  B' || \"C  D\"", "'A  B'||\"C  D\"");
        check("E'it\\'S  X' /* /* a */ b */ X", "e'it\\'S  X'x");
        check("a - -1", "a- -1");
        check("$x$ Keep  This $x$ AND $1", "$x$ Keep  This $x$ and $1");
        check("'open  ", "'open  ");
        check("", "");
    }
}
