//! Text of any content as HTML that shows it and nothing else.

use std::collections::BTreeSet;

use crate::markdown::flat;

/// The text for element content and for attribute values in quotes, without control characters.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for char in flat(text).chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(char),
        }
    }
    out
}

/// A sentence that may quote names in backticks.
pub(super) fn sentence(text: &str) -> String {
    linked(text, |_| None)
}

/// The same, each quoted name leading to where `target` says.
pub(super) fn linked<'a>(text: &str, target: impl Fn(&str) -> Option<&'a str>) -> String {
    let text = flat(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('`') {
        // Spaces around a code span are part of the sentence; `escape` would trim them.
        out.push_str(&spaced(before));
        match after.split_once('`') {
            Some((inside, tail)) if !inside.is_empty() => {
                out.push_str(&code(inside, target(inside)));
                rest = tail;
            }
            _ => {
                out.push('`');
                rest = after;
            }
        }
    }
    out.push_str(&spaced(rest));
    out
}

fn spaced(text: &str) -> String {
    let start = if text.starts_with(' ') { " " } else { "" };
    let end = if text.len() > 1 && text.ends_with(' ') { " " } else { "" };
    format!("{start}{}{end}", escape(text))
}

/// A name as code, a link when it has a target.
pub(super) fn code(text: &str, target: Option<&str>) -> String {
    let code = format!("<code>{}</code>", escape(text));
    match target {
        Some(id) => format!("<a href=\"#{id}\">{code}</a>"),
        None => code,
    }
}

/// Ids of elements: lower-case letters, digits and hyphens only, no two alike.
#[derive(Default)]
pub(super) struct Ids {
    taken: BTreeSet<String>,
}

impl Ids {
    /// The id for a text, with a number where the plain one is taken.
    pub(super) fn make(&mut self, prefix: &str, text: &str) -> String {
        let mut id = prefix.to_owned();
        for char in text.chars() {
            if char.is_ascii_alphanumeric() {
                id.push(char.to_ascii_lowercase());
            } else if !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        }
        let id = id.trim_end_matches('-');
        let mut unique = if id.is_empty() { "section".to_owned() } else { id.to_owned() };
        let mut number = 2;
        while !self.taken.insert(unique.clone()) {
            unique = format!("{id}-{number}");
            number += 1;
        }
        unique
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names() {
        assert_eq!(escape("<b>&\"'\u{1b}[0m\n x"), "&lt;b&gt;&amp;&quot;&#39;[0m x");
        assert_eq!(sentence("a `<i>` and ` b"), "a <code>&lt;i&gt;</code> and ` b",);
        assert_eq!(linked("see `x`.", |_| Some("y")), "see <a href=\"#y\"><code>x</code></a>.");
    }

    #[test]
    fn ids_hold_nothing_but_letters_and_are_unique() {
        let mut ids = Ids::default();
        assert_eq!(ids.make("f-", "rls-missing:a\"><b"), "f-rls-missing-a-b");
        assert_eq!(ids.make("f-", "rls-missing:a b"), "f-rls-missing-a-b-2");
        assert_eq!(ids.make("", "ä"), "section");
        assert_eq!(ids.make("", "1. Executive Summary"), "1-executive-summary");
    }
}
