//! The discrepancy table.

use yew::prelude::*;

use super::{Reviewed, evidence, more, severity_look};
use crate::position::Place;
use crate::view::{Shared, counted, prose};

/// How many rows are shown at first, and how many more at each wish.
const STEP: usize = 100;

#[derive(Properties, PartialEq)]
pub(super) struct DiscrepanciesProps {
    pub(super) reviewed: Shared<Reviewed>,
    pub(super) on_show: Option<Callback<Place>>,
}

#[component]
pub(super) fn Discrepancies(props: &DiscrepanciesProps) -> Html {
    let shown = use_state(|| STEP);
    let on_more = {
        let shown = shown.clone();
        Callback::from(move |count| shown.set(count))
    };
    let review = &props.reviewed.review;
    let rows = review.discrepancies.iter().take(*shown).map(|row| {
        let (class, sign) = severity_look(&row.severity);
        html! {
            <tr>
                <th scope="row">
                    <span class={classes!("sign", class)} role="img" aria-label={row.severity.clone()}>{ sign }</span>
                    { prose(&row.entity) }
                </th>
                <td>{ prose(&row.documented) }</td>
                <td>{ prose(&row.implemented) }</td>
                <td>
                    { prose(&row.message) }
                    { evidence::places(&row.evidence, props.on_show.as_ref()) }
                </td>
            </tr>
        }
    });
    let count = review.discrepancies.len();
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
            if count > 0 {
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
                { more(*shown, count, STEP * 2, &on_more) }
            }
        </section>
    }
}
