//! The discrepancy table.

use schemaward_render::json::Discrepancy;
use yew::prelude::*;

use super::filter::{choice, matches, nothing, occurring, search};
use super::wanted::Wanted;
use super::{Reviewed, evidence, more, severity_look};
use crate::position::Place;
use crate::view::{Shared, counted, prose, words};

/// How many rows are shown at first, and how many more at each wish.
const STEP: usize = 100;

#[derive(Properties, PartialEq)]
pub(super) struct DiscrepanciesProps {
    pub(super) reviewed: Shared<Reviewed>,
    /// What the reader asked to see; it may be in another section.
    pub(super) wanted: Option<Wanted>,
    pub(super) on_show: Option<Callback<Place>>,
}

#[component]
pub(super) fn Discrepancies(props: &DiscrepanciesProps) -> Html {
    let shown = use_state(|| STEP);
    let on_more = {
        let shown = shown.clone();
        Callback::from(move |count| shown.set(count))
    };
    let (query, kind, side, severity) = (
        use_state(String::new),
        use_state(String::new),
        use_state(String::new),
        use_state(String::new),
    );
    let set = |state: &UseStateHandle<String>| {
        let state = state.clone();
        Callback::from(move |value| state.set(value))
    };
    let clear = {
        let states = [query.clone(), kind.clone(), side.clone(), severity.clone()];
        Callback::from(move |_: MouseEvent| {
            for state in &states {
                state.set(String::new());
            }
        })
    };
    let review = &props.reviewed.review;
    let all = &review.discrepancies;
    let kinds = occurring(all.iter().map(|row| row.kind.as_str()), words);
    let sides = occurring(all.iter().map(missing_on), |side| side_title(side).to_owned());
    let severities = occurring(all.iter().map(|row| row.severity.as_str()), str::to_owned);
    let found: Vec<_> = all
        .iter()
        .enumerate()
        .filter(|(_, row)| {
            let texts = [&row.entity, &row.documented, &row.implemented, &row.message];
            matches(&query, &texts.map(String::as_str))
                && (kind.is_empty() || row.kind == *kind)
                && (side.is_empty() || missing_on(row) == *side)
                && (severity.is_empty() || row.severity == *severity)
        })
        .collect();
    let position = props.wanted.as_ref().and_then(|wanted| {
        let position = wanted.position((0..all.len()).map(element_of_row))?;
        Some(found.iter().position(|(number, _)| *number == position))
    });
    {
        let (states, wanted) =
            ([query.clone(), kind.clone(), side.clone(), severity.clone()], props.wanted.clone());
        let shown = shown.clone();
        use_effect_with((props.wanted.clone(), position, *shown), move |(_, position, _)| {
            match (wanted, position) {
                // What is asked for must not be hidden by what was asked for before.
                (Some(_), Some(None)) => {
                    for state in &states {
                        state.set(String::new());
                    }
                }
                // Drawn first, then shown by the effect of that drawing.
                (Some(_), Some(Some(position))) if *shown <= *position => shown.set(position + 1),
                (Some(wanted), Some(Some(_))) => wanted.fulfil(),
                _ => {}
            }
        });
    }
    let rows = found.iter().take(*shown).map(|(number, row)| {
        let (class, sign) = severity_look(&row.severity);
        html! {
            <tr id={element_of_row(*number)} tabindex="-1">
                <th scope="row">
                    <span class={classes!("sign", class)} role="img" aria-label={row.severity.clone()}>{ sign }</span>
                    { prose(&row.entity) }
                </th>
                <td>{ prose(&row.documented) }</td>
                <td>{ prose(&row.implemented) }</td>
                <td>
                    { prose(&row.message) }
                    if !row.layers.is_empty() {
                        <ul class="layers">
                            { for row.layers.iter().map(|it| html! {
                                <li><span class="soft">{ &it.layer }{ ": " }</span>{ prose(&it.value) }</li>
                            }) }
                        </ul>
                    }
                    { evidence::places(&row.evidence, props.on_show.as_ref()) }
                </td>
            </tr>
        }
    });
    let count = all.len();
    html! {
        <section id="discrepancies" tabindex="-1" aria-labelledby="discrepancies-title">
            <h2 id="discrepancies-title">
                { "Schema discrepancies " }
                <small>{ counted(count, "difference", "differences") }</small>
            </h2>
            if let Some(because) = &review.drift_skipped {
                <p class="soft">{ prose(because) }</p>
            } else if count == 0 {
                <p class="soft">{ "The documented and the implemented schema agree." }</p>
            }
            if let Some(drift) = &review.drift {
                <p class="soft">{ prose(&drift.sentence) }</p>
            }
            if count > 0 {
                <div class="filters">
                    { search("Filter rows", &query, &set(&query)) }
                    { choice("Kind", "any kind", &kinds, &kind, &set(&kind)) }
                    { choice("Side", "either side", &sides, &side, &set(&side)) }
                    { choice("Severity", "any severity", &severities, &severity, &set(&severity)) }
                    if found.len() < count {
                        <span class="soft">{ format!("{} of {count}", found.len()) }</span>
                    }
                </div>
            }
            if count > 0 && found.is_empty() { { nothing(clear) } } else if count > 0 {
                <div class="wide" tabindex="0" role="region" aria-label="Table of discrepancies">
                    <table class="drift">
                        <thead><tr>
                            <th scope="col">{ "Entity" }</th>
                            <th scope="col">{ "Documentation" }</th>
                            <th scope="col">{ "Implementation" }</th>
                            <th scope="col">{ "Discrepancy" }</th>
                        </tr></thead>
                        <tbody>{ for rows }</tbody>
                    </table>
                </div>
                { more(*shown, found.len(), STEP * 2, &on_more) }
            }
        </section>
    }
}

/// The element of a row by its number in the review.
pub(super) fn element_of_row(number: usize) -> String {
    format!("difference-{number}")
}

/// The side that lacks what the other one has.
fn missing_on(row: &Discrepancy) -> &'static str {
    match row.kind.split('-').next() {
        Some("undocumented") => "documented",
        Some("unimplemented") => "implemented",
        _ if !row.layers.is_empty() => "layers",
        _ => "both",
    }
}

fn side_title(side: &str) -> &'static str {
    match side {
        "documented" => "missing from the documentation",
        "implemented" => "missing from the implementation",
        "layers" => "between layers",
        _ => "on both sides",
    }
}
