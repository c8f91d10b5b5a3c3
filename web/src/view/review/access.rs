//! Who reaches which rows: one grid of tables and commands for each role.

use std::collections::BTreeMap;

use schemaward_render::json::{Access, Review};
use yew::prelude::*;

use super::filter::{choice, matches, nothing, search};
use super::{Reviewed, more};
use crate::view::{Shared, counted, prose};

/// The commands in the order of their columns.
const COMMANDS: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];

/// How many tables are shown at first, and how many more at each wish.
const STEP: usize = 60;

/// The classes whose rows nobody should reach without a predicate.
const GUARDED: [&str; 4] = ["clinical", "financial", "identity", "audit"];

#[derive(Properties, PartialEq)]
pub(super) struct GridProps {
    pub(super) reviewed: Shared<Reviewed>,
}

#[component]
pub(super) fn Grid(props: &GridProps) -> Html {
    let shown = use_state(|| STEP);
    let chosen = use_state(String::new);
    let query = use_state(String::new);
    let reach = use_state(String::new);
    let open = use_state(|| None::<(String, &'static str)>);
    let review = &props.reviewed.review;
    let roles = roles(review);
    let Some(first) = roles.first() else { return html! {} };
    let role = roles.iter().find(|role| **role == chosen.as_str()).unwrap_or(first);
    let classes: BTreeMap<String, &str> = review
        .tables
        .iter()
        .map(|table| (super::controls::full_name(table), table.class.as_str()))
        .collect();
    let all_rows = rows(review, role);
    let rows: Vec<_> = all_rows
        .iter()
        .filter(|(table, cells)| {
            let class = classes.get(**table).copied().unwrap_or_default();
            let reached = reach.is_empty()
                || COMMANDS.iter().any(|command| widest(cells, command) == Some(reach.as_str()));
            matches(&query, &[table, class]) && reached
        })
        .collect();
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value| state.set(value))
    };
    let clear = {
        let (query, reach) = (query.clone(), reach.clone());
        Callback::from(move |_: MouseEvent| {
            query.set(String::new());
            reach.set(String::new());
        })
    };
    let on_more = {
        let shown = shown.clone();
        Callback::from(move |count| shown.set(count))
    };
    let reaches = ["all", "some", "undecided", "none"]
        .map(|rows| (rows.to_owned(), format!("{} somewhere", look(rows).1)));
    let body = rows.iter().take(*shown).map(|(table, cells)| {
        let class = classes.get(**table).copied().unwrap_or_default();
        let opened = open.as_ref().filter(|(open, _)| open == *table).map(|(_, command)| *command);
        let open = open.clone();
        let toggle = Callback::from(move |cell: (String, &'static str)| {
            open.set(if *open == Some(cell.clone()) { None } else { Some(cell) });
        });
        row(table, class, cells, opened, &toggle)
    });
    let roles = roles.iter().map(|name| {
        let (state, value) = (chosen.clone(), (*name).to_owned());
        html! {
            <button type="button" aria-pressed={(name == role).to_string()}
                onclick={Callback::from(move |_: MouseEvent| state.set(value.clone()))}>{ *name }</button>
        }
    });
    html! {
        <section id="access" tabindex="-1" aria-labelledby="access-title">
            <h2 id="access-title">
                { "Access " }
                <small>{ "which rows a role reaches by which command · choose a cell to see why" }</small>
            </h2>
            <div class="filters">
                <div class="segments" role="group" aria-label="Role">{ for roles }</div>
                { search("Filter tables", &query, &set(&query)) }
                { choice("Rows", "any rows", &reaches, &reach, &set(&reach)) }
            </div>
            if rows.is_empty() {
                { nothing(clear) }
            } else {
                <div class="wide" tabindex="0" role="region" aria-label={format!("Rows that {role} reaches")}>
                    <table class="matrix access">
                        <thead><tr>
                            <th scope="col">
                                { counted(all_rows.len(), "table", "tables") }
                            </th>
                            { for COMMANDS.iter().map(|command| html! { <th scope="col">{ *command }</th> }) }
                        </tr></thead>
                        <tbody>{ for body }</tbody>
                    </table>
                </div>
                { more(*shown, rows.len(), STEP * 4, &on_more) }
            }
            <p class="legend">
                <span><span class="chip bad" aria-hidden="true">{ "all" }</span>{ "every row, of a table that should be guarded" }</span>
                <span><span class="chip ok" aria-hidden="true">{ "some" }</span>{ "those that a policy admits" }</span>
                <span><span class="chip none" aria-hidden="true">{ "none" }</span>{ "granted, but no policy admits any" }</span>
                <span><span class="chip unk" aria-hidden="true">{ "?" }</span>{ "the text does not settle it" }</span>
                <span>{ "empty: not granted" }</span>
            </p>
        </section>
    }
}

/// The roles of the grid, those of programs before the owner.
fn roles(review: &Review) -> Vec<&str> {
    let mut roles: Vec<&str> = Vec::new();
    for access in &review.access {
        if !roles.contains(&access.role.as_str()) {
            roles.push(&access.role);
        }
    }
    roles.sort_by_key(|role| role.starts_with('('));
    roles
}

type Cells<'a> = BTreeMap<&'a str, Vec<&'a Access>>;

/// What one role reaches, by table and command.
fn rows<'a>(review: &'a Review, role: &str) -> BTreeMap<&'a str, Cells<'a>> {
    let mut rows: BTreeMap<&str, Cells<'_>> = BTreeMap::new();
    for access in review.access.iter().filter(|access| access.role == role) {
        let cells = rows.entry(&access.table).or_default();
        cells.entry(&access.command).or_default().push(access);
    }
    rows
}

/// The most that any way leads to.
fn widest<'a>(cells: &Cells<'a>, command: &str) -> Option<&'a str> {
    let ways = cells.get(command)?;
    let order = ["all", "undecided", "some", "none"];
    order.into_iter().find(|rows| ways.iter().any(|way| way.rows == *rows))
}

/// The sign of an answer, and its words.
fn look(rows: &str) -> (&'static str, &'static str) {
    match rows {
        "all" => ("all", "all rows"),
        "some" => ("some", "some rows"),
        "none" => ("none", "none"),
        _ => ("?", "undecided"),
    }
}

fn row(
    table: &str,
    class: &str,
    cells: &Cells<'_>,
    opened: Option<&'static str>,
    toggle: &Callback<(String, &'static str)>,
) -> Html {
    let columns = COMMANDS.iter().map(|&command| {
        let Some(rows) = widest(cells, command) else {
            return html! { <td><span class="visually-hidden">{ "not granted" }</span></td> };
        };
        let (sign, words) = look(rows);
        let colour = match rows {
            "all" if GUARDED.contains(&class) => "bad",
            "all" => "plain-chip",
            "some" => "ok",
            "none" => "none",
            _ => "unk",
        };
        let cell = (table.to_owned(), command);
        html! {
            <td>
                <button type="button" class={classes!("chip", colour)}
                    aria-expanded={(opened == Some(command)).to_string()}
                    aria-label={format!("{command} on {table}: {words}")}
                    onclick={toggle.reform(move |_: MouseEvent| cell.clone())}>{ sign }</button>
            </td>
        }
    });
    let detail = opened.and_then(|command| Some((command, cells.get(command)?)));
    html! {
        <>
            <tr>
                <th scope="row">{ table }<span class="class">{ class }</span></th>
                { for columns }
            </tr>
            if let Some((command, ways)) = detail {
                <tr class="detail"><td colspan={(COMMANDS.len() + 1).to_string()}>
                    { for ways.iter().map(|way| self::way(command, way)) }
                </td></tr>
            }
        </>
    }
}

/// One way to the rows.
fn way(command: &str, way: &Access) -> Html {
    html! {
        <div class="way">
            <p>
                <strong>{ format!("{command}: {}", look(&way.rows).1) }</strong>
                if let Some(through) = &way.through { { " through " }{ prose(through) } }
                { ". " }{ prose(&capital(&way.because)) }{ "." }
            </p>
            if let Some(predicate) = &way.predicate {
                <pre tabindex="0"><code>{ predicate }</code></pre>
            }
        </div>
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}
