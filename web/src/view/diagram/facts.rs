//! What the review says of the chosen table, beside the picture.

use schemaward_render::json::Finding;
use yew::prelude::*;

use crate::position::Place;
use crate::protocol::Wish;
use crate::view::review::controls::full_name;
use crate::view::review::{Reviewed, severity_chip};
use crate::view::{Shared, counted, prose, words};

/// How many findings are listed.
const MOST: usize = 12;

#[derive(Properties, PartialEq)]
pub(super) struct FactsProps {
    pub(super) reviewed: Shared<Reviewed>,
    pub(super) table: String,
    pub(super) wish: Wish,
    pub(super) on_wish: Callback<Wish>,
    pub(super) on_show: Callback<Place>,
    pub(super) on_close: Callback<()>,
}

#[component]
pub(super) fn Facts(props: &FactsProps) -> Html {
    let review = &props.reviewed.review;
    let Some(table) = review.tables.iter().find(|table| full_name(table) == props.table) else {
        return html! {};
    };
    let around = Wish { focus: Some((props.table.clone(), 1)), ..props.wish.clone() };
    let is_around = props.wish.focus.as_ref().is_some_and(|(table, _)| *table == props.table);
    let unmet = table.controls.iter().filter(|(_, it)| it.verdict == "unmet");
    let undecided = table.controls.iter().filter(|(_, it)| it.verdict == "undecided");
    let controls = unmet.chain(undecided).map(|(name, control)| {
        let (class, sign) = if control.verdict == "unmet" { ("bad", "✕") } else { ("unk", "?") };
        html! {
            <li>
                <span class={classes!("chip", class)}>{ format!("{sign} {}", words(name)) }</span>
                { " " }{ prose(&control.because) }
            </li>
        }
    });
    let findings: Vec<&Finding> = review
        .findings
        .iter()
        .chain(&review.observations)
        .chain(&review.recommendations)
        .filter(|finding| finding.table.as_deref() == Some(props.table.as_str()))
        .collect();
    let shown = findings.iter().take(MOST).map(|finding| {
        let place = finding.evidence.first().map(Place::from);
        html! {
            <li>
                { severity_chip(&finding.severity) }{ " " }{ prose(&finding.message) }
                if let Some(place) = place { { " " }{ place_button(place, &props.on_show) } }
            </li>
        }
    });
    html! {
        <aside class="facts" aria-label="The chosen table">
            <header>
                <h2><code>{ &props.table }</code></h2>
                <button type="button" class="icon" aria-label="Close"
                    onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "×" }</button>
            </header>
            <p class="soft"><b>{ &table.class }</b>{ ": " }{ prose(&table.because) }</p>
            if !is_around {
                <button type="button" onclick={props.on_wish.reform(move |_: MouseEvent| around.clone())}>
                    { "Show only what is around it" }
                </button>
            }
            <ul class="plain">{ for controls }</ul>
            if !findings.is_empty() {
                <h3>{ counted(findings.len(), "finding", "findings") }</h3>
                <ul class="plain">{ for shown }</ul>
                if findings.len() > MOST {
                    <p class="soft">{ format!("and {} more, in the review", findings.len() - MOST) }</p>
                }
            }
        </aside>
    }
}

fn place_button(place: Place, on_show: &Callback<Place>) -> Html {
    let title = format!("{}:{}", place.source, place.line);
    html! {
        <button type="button" class="place"
            onclick={on_show.reform(move |_: MouseEvent| place.clone())}>{ title }</button>
    }
}
