//! Names and sentences of any content as Markdown that shows them and nothing else.

/// Text without line breaks and control characters, which no place of a report can hold.
pub(crate) fn flat(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for char in text.chars() {
        if char.is_whitespace() {
            space = !out.is_empty();
        } else if !char.is_control() {
            if std::mem::take(&mut space) {
                out.push(' ');
            }
            out.push(char);
        }
    }
    out
}

/// The text as a code span, whatever backticks it holds.
pub(crate) fn code(text: &str) -> String {
    let text = flat(text);
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad =
        if text.is_empty() || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A sentence that may quote names in backticks: code spans stay, all else is made harmless.
pub(crate) fn sentence(text: &str) -> String {
    let text = flat(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('`') {
        out.push_str(&prose(before));
        if let Some((inside, tail)) = after.split_once('`')
            && !inside.is_empty()
        {
            out.push_str(&code(inside));
            rest = tail;
        } else {
            out.push_str("\\`");
            rest = after;
        }
    }
    out.push_str(&prose(rest));
    out
}

/// A sentence as the content of a table cell.
pub(crate) fn cell(text: &str) -> String {
    // A table splits its rows at pipes before it looks for code spans, so that even a pipe inside
    // one must be escaped there; prose has escaped its own already.
    let text = sentence(text);
    let mut out = String::with_capacity(text.len());
    let mut escaped = false;
    for char in text.chars() {
        if char == '|' && !escaped {
            out.push('\\');
        }
        escaped = char == '\\' && !escaped;
        out.push(char);
    }
    out
}

/// Text in a fenced block, indented by `indent`.
pub(crate) fn fenced(language: &str, text: &str, indent: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let mut out = format!("{indent}{fence}{language}\n");
    for line in text.trim_end().lines() {
        if !line.is_empty() {
            out.push_str(indent);
            out.push_str(line);
        }
        out.push('\n');
    }
    out.push_str(indent);
    out.push_str(&fence);
    out.push('\n');
    out
}

/// Prose with the characters escaped that Markdown would act on. An underscore between letters or
/// digits is literal by itself and stays readable.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let after = chars.peek().copied().unwrap_or(' ');
        let escape = match char {
            '\\' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '&' => true,
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            '#' => before == ' ',
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(char);
        before = char;
    }
    out
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|char| char != '`');
    runs.map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(made: &str, expect: &str) {
        assert_eq!(made, expect);
    }

    #[test]
    fn code_spans_hold_anything() {
        check(&code("patients"), "`patients`");
        check(&code("a`b"), "``a`b``");
        check(&code("`"), "`` ` ``");
        check(&code("a\n\u{1b}[31mb"), "`a [31mb`");
    }

    #[test]
    fn sentences_keep_their_names_and_nothing_else() {
        check(&sentence("`a_b` has no key"), "`a_b` has no key");
        check(
            &sentence("audit_logs is fine, _this_ is not"),
            "audit_logs is fine, \\_this\\_ is not",
        );
        check(&sentence("<img src=x> *b* [l](u)"), "\\<img src=x\\> \\*b\\* \\[l\\](u)");
        check(&sentence("a lone ` tick"), "a lone \\` tick");
        check(&sentence("two\nlines"), "two lines");
    }

    #[test]
    fn cells_hold_pipes() {
        check(&cell("`a|b` or c|d"), "`a\\|b` or c\\|d");
        check(&cell("a\\|b"), "a\\\\\\|b");
    }

    #[test]
    fn fences_outgrow_their_content() {
        check(
            &fenced("sql", "SELECT 1;\n\nSELECT 2;\n", "  "),
            "  ```sql\n  SELECT 1;\n\n  SELECT 2;\n  ```\n",
        );
        check(&fenced("", "a ``` b", ""), "````\na ``` b\n````\n");
    }
}
