//! The matrix of tables and controls.

use schemaward_render::json::{Control, Table};
use yew::prelude::*;

use super::filter::{choice, matches, nothing, occurring, search};
use super::{Reviewed, evidence, more};
use crate::position::Place;
use crate::view::{Shared, counted, prose};

/// The controls in the order of their columns, with the columns' titles.
const COLUMNS: [(&str, &str); 8] = [
    ("primary_key", "Key"),
    ("timestamps", "Time"),
    ("soft_delete", "Soft delete"),
    ("row_security", "RLS"),
    ("policies", "Policies"),
    ("audit", "Audit"),
    ("privacy", "Privacy"),
    ("indexes", "Indexes"),
];

/// How many tables are shown at first, and how many more at each wish.
const STEP: usize = 60;

#[derive(Properties, PartialEq)]
pub(super) struct ControlsProps {
    pub(super) reviewed: Shared<Reviewed>,
    pub(super) on_show: Option<Callback<Place>>,
}

/// What the rows are ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    /// As the review gives them: the worst first.
    #[default]
    Worst,
    Name,
    Class,
    /// The worst of one control first.
    Control(&'static str),
}

#[component]
pub(super) fn Controls(props: &ControlsProps) -> Html {
    let shown = use_state(|| STEP);
    // The open cell: the table's place in the list and the control.
    let open = use_state(|| None::<(String, &'static str)>);
    let order = use_state(Order::default);
    let (query, class, verdict) =
        (use_state(String::new), use_state(String::new), use_state(String::new));
    let tables = &props.reviewed.review.tables;
    if tables.is_empty() {
        return html! {};
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |cell: (String, &'static str)| {
            open.set(if *open == Some(cell.clone()) { None } else { Some(cell) });
        })
    };
    let on_more = {
        let shown = shown.clone();
        Callback::from(move |count| shown.set(count))
    };
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value| state.set(value))
    };
    let clear = {
        let states = [query.clone(), class.clone(), verdict.clone()];
        Callback::from(move |_: MouseEvent| {
            for state in &states {
                state.set(String::new());
            }
        })
    };
    let classes = occurring(tables.iter().map(|table| table.class.as_str()), str::to_owned);
    let verdicts = ["unmet", "undecided", "met"]
        .map(|verdict| (verdict.to_owned(), format!("something {verdict}")));
    let mut found: Vec<&Table> = tables
        .iter()
        .filter(|table| {
            matches(&query, &[&full_name(table), &table.class])
                && (class.is_empty() || table.class == *class)
                && (verdict.is_empty()
                    || table.controls.values().any(|control| control.verdict == *verdict))
        })
        .collect();
    match *order {
        Order::Worst => {}
        Order::Name => found.sort_by_key(|table| full_name(table)),
        Order::Class => found.sort_by(|one, other| one.class.cmp(&other.class)),
        Order::Control(id) => found.sort_by_key(|table| badness(table, id)),
    }
    let rows = found.iter().take(*shown).map(|table| {
        let name = full_name(table);
        let opened = open.as_ref().filter(|(table, _)| *table == name).map(|(_, control)| *control);
        row(table, &name, opened, &toggle, props.on_show.as_ref())
    });
    let head = |title: &'static str, by: Order| {
        let sort = if *order == by { "ascending" } else { "none" };
        html! { <th scope="col" aria-sort={sort}>{ sort_button(title, by, &order) }</th> }
    };
    html! {
        <section id="controls" tabindex="-1" aria-labelledby="controls-title">
            <h2 id="controls-title">
                { "Controls " }
                <small>
                    { format!("{} × {} · the worst first · choose a cell to see why",
                        counted(tables.len(), "table", "tables"), COLUMNS.len()) }
                </small>
            </h2>
            <div class="filters">
                { search("Filter tables", &query, &set(&query)) }
                { choice("Class", "any class", &classes, &class, &set(&class)) }
                { choice("Verdict", "any verdict", &verdicts, &verdict, &set(&verdict)) }
                if found.len() < tables.len() {
                    <span class="soft">{ format!("{} of {}", found.len(), tables.len()) }</span>
                }
            </div>
            if found.is_empty() { { nothing(clear) } } else {
                <div class="wide" tabindex="0" role="region" aria-label="Matrix of controls">
                    <table class="matrix">
                        <thead><tr>
                            <th scope="col" aria-sort={if *order == Order::Name { "ascending" } else { "none" }}>
                                { sort_button("Table", Order::Name, &order) }
                                { sort_button("class", Order::Class, &order) }
                            </th>
                            { for COLUMNS.iter().map(|&(id, title)| head(title, Order::Control(id))) }
                        </tr></thead>
                        <tbody>{ for rows }</tbody>
                    </table>
                </div>
                { more(*shown, found.len(), STEP * 4, &on_more) }
            }
            <p class="legend">
                { for ["met", "unmet", "undecided", "not_applicable"].iter().map(|verdict| {
                    let (class, sign, word) = look(verdict);
                    html! {
                        <span><span class={classes!("chip", class)} aria-hidden="true">{ sign }</span>{ word }</span>
                    }
                }) }
            </p>
        </section>
    }
}

fn sort_button(title: &'static str, by: Order, order: &UseStateHandle<Order>) -> Html {
    let (current, order) = (**order == by, order.clone());
    let choose = Callback::from(move |_: MouseEvent| {
        order.set(if current { Order::Worst } else { by });
    });
    html! {
        <button type="button" class="sort" aria-label={format!("Sort by {}", title.to_lowercase())}
            onclick={choose}>
            { title }<span aria-hidden="true">{ if current { " ↓" } else { "" } }</span>
        </button>
    }
}

/// Unmet before undecided before met before what does not apply.
fn badness(table: &Table, control: &str) -> usize {
    let verdict = table.controls.get(control).map(|control| control.verdict.as_str());
    let order = ["unmet", "undecided", "met"];
    order.iter().position(|known| Some(*known) == verdict).unwrap_or(order.len())
}

/// The name as the rest of the review writes it.
pub(crate) fn full_name(table: &Table) -> String {
    if table.schema == "public" || table.schema.is_empty() {
        table.name.clone()
    } else {
        format!("{}.{}", table.schema, table.name)
    }
}

fn row(
    table: &Table,
    name: &str,
    opened: Option<&'static str>,
    toggle: &Callback<(String, &'static str)>,
    on_show: Option<&Callback<Place>>,
) -> Html {
    let cells = COLUMNS.iter().map(|&(id, title)| {
        let Some(control) = table.controls.get(id) else { return html! { <td /> } };
        let (class, sign, word) = look(&control.verdict);
        let cell = (name.to_owned(), id);
        html! {
            <td>
                <button type="button" class={classes!("chip", class)} title={control.because.clone()}
                    aria-expanded={(opened == Some(id)).to_string()}
                    aria-label={format!("{title} of {name}: {word}")}
                    onclick={toggle.reform(move |_: MouseEvent| cell.clone())}>{ sign }</button>
            </td>
        }
    });
    let detail = opened.and_then(|id| {
        let title = COLUMNS.iter().find(|(column, _)| *column == id)?.1;
        Some(detail(title, table, table.controls.get(id)?, on_show))
    });
    html! {
        <>
            <tr>
                <th scope="row" title={table.because.clone()}>
                    { name }<span class="class">{ &table.class }</span>
                </th>
                { for cells }
            </tr>
            { detail.unwrap_or_default() }
        </>
    }
}

fn detail(
    title: &str,
    table: &Table,
    control: &Control,
    on_show: Option<&Callback<Place>>,
) -> Html {
    let (_, _, word) = look(&control.verdict);
    html! {
        <tr class="detail">
            <td colspan={(COLUMNS.len() + 1).to_string()}>
                <p><strong>{ format!("{title}: {word}. ") }</strong>{ prose(&control.because) }</p>
                { evidence::view(&control.evidence, on_show) }
                <p class="soft">{ format!("Class {}: ", table.class) }{ prose(&table.because) }</p>
            </td>
        </tr>
    }
}

/// A verdict's class, sign and words.
fn look(verdict: &str) -> (&'static str, &'static str, &'static str) {
    match verdict {
        "met" => ("ok", "✓", "met"),
        "unmet" => ("bad", "✕", "unmet"),
        "undecided" => ("unk", "?", "undecided"),
        _ => ("none", "–", "not applicable"),
    }
}
