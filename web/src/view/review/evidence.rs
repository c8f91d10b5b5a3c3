//! Lines of sources that prove something.

use schemaward_render::json::Evidence;
use yew::prelude::*;

use crate::position::Place;

/// The lines of one finding, at most `limit` of them; a finding seldom has more than three.
pub(super) fn view(evidence: &[Evidence], on_show: Option<&Callback<Place>>) -> Html {
    if evidence.is_empty() {
        return html! {};
    }
    let lines =
        evidence.iter().map(|evidence| line(&Place::from(evidence), &evidence.quote, on_show));
    html! { <div class="evidence">{ for lines }</div> }
}

/// One line: its place and its text. Where sources are shown it is a button that selects it there.
pub(super) fn line(place: &Place, quote: &str, on_show: Option<&Callback<Place>>) -> Html {
    let name = format!("{}:{}", place.source, place.line);
    let content = html! { <><span class="place">{ name }</span><span class="quote">{ quote.trim_start() }</span></> };
    match on_show {
        Some(on_show) => {
            let wanted = place.clone();
            html! {
                <button type="button" class="line" title="Show it in the source"
                    onclick={on_show.reform(move |_: MouseEvent| wanted.clone())}>{ content }</button>
            }
        }
        None => html! { <div class="line">{ content }</div> },
    }
}

/// The places alone, for a cell of a table.
pub(super) fn places(evidence: &[Evidence], on_show: Option<&Callback<Place>>) -> Html {
    let places = evidence.iter().map(|evidence| {
        let name = format!("{}:{}", evidence.source, evidence.line);
        match on_show {
            Some(on_show) => {
                let wanted = Place::from(evidence);
                html! {
                    <button type="button" class="place" title={evidence.quote.clone()}
                        onclick={on_show.reform(move |_: MouseEvent| wanted.clone())}>{ name }</button>
                }
            }
            None => html! { <span class="place" title={evidence.quote.clone()}>{ name }</span> },
        }
    });
    html! { <div class="places">{ for places }</div> }
}
