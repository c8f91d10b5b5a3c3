//! What the page shows, one file a part.

pub(crate) mod diagram;
pub(crate) mod editor;
mod files;
pub(crate) mod header;
pub(crate) mod help;
pub(crate) mod intake;
pub(crate) mod palette;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod saved;
pub(crate) mod share;
pub(crate) mod sources_panel;
pub(crate) mod trouble;

use std::ops::Deref;
use std::rc::Rc;

use yew::prelude::*;

/// A large value handed down to parts of the page. Two are equal when they are the same one, so that
/// deciding whether to draw again costs nothing.
#[derive(Debug)]
pub(crate) struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A sentence in which back-quoted words are code.
pub(crate) fn prose(text: &str) -> Html {
    text.split('`')
        .enumerate()
        .filter(|(_, part)| !part.is_empty())
        .map(|(index, part)| {
            if index % 2 == 1 {
                html! { <code>{ part }</code> }
            } else {
                html! { { part } }
            }
        })
        .collect()
}

/// `1 table`, `2 tables`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A number with its thousands set apart.
pub(crate) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `row_security`, `rls-missing` as words: `Row security`, `RLS missing`.
pub(crate) fn words(name: &str) -> String {
    let mut words = name.split(['-', '_']).map(|word| match word {
        "ddl" | "phi" | "rls" | "sql" | "ulid" | "uuid" => word.to_uppercase(),
        _ => word.to_owned(),
    });
    let first = words.next().unwrap_or_default();
    let mut characters = first.chars();
    let first =
        characters.next().map(char::to_uppercase).into_iter().flatten().chain(characters).collect();
    std::iter::once(first).chain(words).collect::<Vec<String>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(counted(1, "table", "tables"), "1 table");
        assert_eq!(counted(2, "table", "tables"), "2 tables");
    }

    #[test]
    fn names_become_words() {
        assert_eq!(words("soft-delete-missing"), "Soft delete missing");
        assert_eq!(words("rls-missing"), "RLS missing");
        assert_eq!(words(""), "");
    }
}
