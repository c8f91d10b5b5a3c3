//! The matrix of tables and controls.

use schemaward_render::json::{Control, Table};
use yew::prelude::*;

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

#[component]
pub(super) fn Controls(props: &ControlsProps) -> Html {
    let shown = use_state(|| STEP);
    // The open cell: the table's place in the list and the control.
    let open = use_state(|| None::<(String, &'static str)>);
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
    let rows = tables.iter().take(*shown).map(|table| {
        let name = full_name(table);
        let opened = open.as_ref().filter(|(table, _)| *table == name).map(|(_, control)| *control);
        row(table, &name, opened, &toggle, props.on_show.as_ref())
    });
    html! {
        <section id="controls" tabindex="-1" aria-labelledby="controls-title">
            <h2 id="controls-title">
                { "Controls " }
                <small>
                    { format!("{} × {} · the worst first · choose a cell to see why",
                        counted(tables.len(), "table", "tables"), COLUMNS.len()) }
                </small>
            </h2>
            <div class="wide" tabindex="0" role="region" aria-label="Matrix of controls">
                <table class="matrix">
                    <thead><tr>
                        <th scope="col">{ "Table" }</th>
                        { for COLUMNS.iter().map(|(_, title)| html! { <th scope="col">{ *title }</th> }) }
                    </tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
            { more(*shown, tables.len(), STEP * 4, &on_more) }
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

fn full_name(table: &Table) -> String {
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
