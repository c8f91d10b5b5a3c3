//! The columns that hold something of a person, by the letter of the Safe Harbor list.

use std::collections::BTreeMap;

use schemaward_render::json::Identifier;
use yew::prelude::*;

use super::Reviewed;
use super::filter::{matches, nothing, search};
use crate::view::{Shared, counted, prose};

/// The eighteen kinds of 45 CFR 164.514(b)(2)(i), by their letters.
const LETTERS: [(&str, &str); 18] = [
    ("A", "Names"),
    ("B", "Places smaller than a state"),
    ("C", "Dates of a person's life and care"),
    ("D", "Telephone numbers"),
    ("E", "Fax numbers"),
    ("F", "E-mail addresses"),
    ("G", "Social security numbers"),
    ("H", "Medical record numbers"),
    ("I", "Health plan numbers"),
    ("J", "Account numbers"),
    ("K", "Certificates and licences"),
    ("L", "Vehicles"),
    ("M", "Devices"),
    ("N", "Web addresses"),
    ("O", "IP addresses"),
    ("P", "Biometrics"),
    ("Q", "Photographs of faces"),
    ("R", "Any other unique number or code"),
];

#[derive(Properties, PartialEq)]
pub(super) struct ListProps {
    pub(super) reviewed: Shared<Reviewed>,
}

#[component]
pub(super) fn List(props: &ListProps) -> Html {
    let query = use_state(String::new);
    let all = &props.reviewed.review.identifiers;
    if all.is_empty() {
        return html! {};
    }
    let found = all.iter().filter(|identifier| {
        let Identifier { table, column, kind, group, .. } = identifier;
        matches(&query, &[table, column, kind, group, &heading(identifier).1])
    });
    let mut groups: BTreeMap<(usize, String, String), Vec<&Identifier>> = BTreeMap::new();
    for identifier in found {
        let (letter, title) = heading(identifier);
        let place = LETTERS.iter().position(|(known, _)| *known == letter);
        groups.entry((place.unwrap_or(LETTERS.len()), letter, title)).or_default().push(identifier);
    }
    let set = {
        let query = query.clone();
        Callback::from(move |value| query.set(value))
    };
    let clear = {
        let query = query.clone();
        Callback::from(move |_: MouseEvent| query.set(String::new()))
    };
    let tables = {
        let mut tables: Vec<_> = all.iter().map(|identifier| &identifier.table).collect();
        tables.sort();
        tables.dedup();
        tables.len()
    };
    let rows = groups.iter().map(|((_, letter, title), identifiers)| {
        html! {
            <tr>
                <th scope="row">
                    <span class="letter" aria-hidden="true">{ if letter.is_empty() { "·" } else { letter } }</span>
                    { title }
                </th>
                <td><ul class="columns">{ for identifiers.iter().map(|it| column(it)) }</ul></td>
            </tr>
        }
    });
    html! {
        <section id="identifiers" tabindex="-1" aria-labelledby="identifiers-title">
            <h2 id="identifiers-title">
                { "Identifiers " }
                <small>{ format!("{} in {} · by the letter of the Safe Harbor list, 45 CFR 164.514(b)(2)(i)",
                    counted(all.len(), "column", "columns"), counted(tables, "table", "tables")) }</small>
            </h2>
            <div class="filters">{ search("Filter columns", &query, &set) }</div>
            if groups.is_empty() { { nothing(clear) } } else {
                <div class="wide" tabindex="0" role="region" aria-label="Identifiers by letter">
                    <table class="letters">
                        <thead><tr><th scope="col">{ "Kind" }</th><th scope="col">{ "Columns" }</th></tr></thead>
                        <tbody>{ for rows }</tbody>
                    </table>
                </div>
            }
        </section>
    }
}

fn column(identifier: &Identifier) -> Html {
    html! {
        <li title={identifier.because.clone()}>
            <code>{ format!("{}.{}", identifier.table, identifier.column) }</code>
            <span class="soft">{ " " }{ &identifier.kind }</span>
            <span class="visually-hidden">{ ": " }{ prose(&identifier.because) }</span>
        </li>
    }
}

/// The letter, and what stands beside it; what has no letter goes by its group.
fn heading(identifier: &Identifier) -> (String, String) {
    let letter = identifier.letter.clone().unwrap_or_default();
    let known = LETTERS.iter().find(|(known, _)| *known == letter);
    let title = match (known, identifier.group.as_str()) {
        (Some((_, title)), _) => (*title).to_owned(),
        (None, "clinical") => "Clinical facts (no letter of their own)".to_owned(),
        (None, "financial") => "Financial facts".to_owned(),
        (None, "secret") => "Secrets".to_owned(),
        (None, "personal") => "Personal facts".to_owned(),
        (None, other) => crate::view::words(other),
    };
    (letter, title)
}
