//! The fields above a table that narrow it down.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// A field for a word; matching is [`matches`].
pub(super) fn search(label: &'static str, value: &str, on_change: &Callback<String>) -> Html {
    let on_input = on_change.reform(|event: InputEvent| {
        event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
    });
    html! {
        <input type="search" class="search" aria-label={label} placeholder={label}
            value={value.to_owned()} oninput={on_input} />
    }
}

/// A choice among the values that occur, with an entry for all of them first. Nothing is shown where there
/// is nothing to choose.
pub(super) fn choice(
    label: &'static str,
    all: &'static str,
    values: &[(String, String)],
    chosen: &str,
    on_change: &Callback<String>,
) -> Html {
    if values.len() < 2 && chosen.is_empty() {
        return html! {};
    }
    let on_change = on_change.reform(|event: Event| {
        event.target_dyn_into::<HtmlSelectElement>().map(|field| field.value()).unwrap_or_default()
    });
    let options = values.iter().map(|(value, title)| {
        html! { <option value={value.clone()} selected={value == chosen}>{ title }</option> }
    });
    html! {
        <select class="choice" aria-label={label} onchange={on_change}>
            <option value="" selected={chosen.is_empty()}>{ all }</option>
            { for options }
        </select>
    }
}

/// The values in the order in which they first occur, each with a title that says how often it does.
pub(super) fn occurring<'a>(
    values: impl Iterator<Item = &'a str>,
    title: impl Fn(&str) -> String,
) -> Vec<(String, String)> {
    let mut found: Vec<(&str, usize)> = Vec::new();
    for value in values {
        match found.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += 1,
            None => found.push((value, 1)),
        }
    }
    let found = found.into_iter();
    found.map(|(value, count)| (value.to_owned(), format!("{} ({count})", title(value)))).collect()
}

/// Whether every word of the query occurs in one of the texts, in any letter case.
pub(crate) fn matches(query: &str, texts: &[&str]) -> bool {
    let texts: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let mut words = query.split_whitespace().map(str::to_lowercase);
    words.all(|word| texts.iter().any(|text| text.contains(&word)))
}

/// What stands in place of a table that the filter has emptied.
pub(super) fn nothing(on_clear: Callback<MouseEvent>) -> Html {
    html! {
        <p class="soft row">
            { "Nothing matches the filter." }
            <button type="button" onclick={on_clear}>{ "Clear the filter" }</button>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_occur() {
        assert!(matches("", &["anything"]));
        assert!(matches("PAT rls", &["patients", "rls-missing"]));
        assert!(!matches("pat audit", &["patients", "rls-missing"]));
    }

    #[test]
    fn values_are_counted_in_their_order() {
        let values = occurring(["b", "a", "b"].into_iter(), str::to_uppercase);
        let expect = [("b", "B (2)"), ("a", "A (1)")];
        assert_eq!(values, expect.map(|(value, title)| (value.to_owned(), title.to_owned())));
    }
}
