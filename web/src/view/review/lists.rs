//! The short lists: what is right, what is undecided, what was waived.

use schemaward_render::json::Review;
use yew::prelude::*;

use super::evidence;
use crate::position::Place;
use crate::view::{counted, grouped, prose};

/// No more than this many entries are listed; the JSON holds all.
const LISTED: usize = 200;

pub(super) fn successes(review: &Review, on_show: Option<&Callback<Place>>) -> Html {
    if review.successes.is_empty() {
        return html! {};
    }
    let items = review.successes.iter().take(LISTED).map(|success| {
        html! {
            <li>
                <p>
                    <span class="sign ok" aria-hidden="true">{ "✓" }</span>
                    { prose(&success.message) }<span class="rule">{ &success.rule }</span>
                </p>
                { evidence::view(&success.evidence, on_show) }
            </li>
        }
    });
    html! {
        <details class="find ok">
            <summary>{ counted(review.successes.len(), "success", "successes") }{ " worth naming" }</summary>
            <ul class="plain">{ for items }</ul>
            { rest(review.successes.len()) }
        </details>
    }
}

pub(super) fn undecided(review: &Review) -> Html {
    let items = review.undecided.iter().take(LISTED).map(|entry| {
        let subject = entry.table.as_ref().unwrap_or(&entry.subject);
        html! {
            <li>
                <p>
                    <span class="sign unk" aria-hidden="true">{ "?" }</span>
                    <code>{ subject }</code>{ " " }{ prose(&entry.because) }
                    <span class="rule">{ &entry.rule }</span>
                </p>
            </li>
        }
    });
    section(
        "undecided",
        "Undecided",
        "what the text does not settle",
        review.undecided.len(),
        items.collect(),
    )
}

pub(super) fn waived(review: &Review, on_show: Option<&Callback<Place>>) -> Html {
    let items = review.waived.iter().take(LISTED).map(|waived| {
        let until = waived.until.as_ref().map(|until| format!(" until {until}")).unwrap_or_default();
        html! {
            <li>
                <p>{ prose(&waived.finding.message) }<span class="rule">{ &waived.finding.rule }</span></p>
                <p class="why">{ format!("Accepted{until}: ") }{ prose(&waived.because) }</p>
                { evidence::view(&waived.finding.evidence, on_show) }
            </li>
        }
    });
    section(
        "waived",
        "Waived",
        "findings the owners accepted",
        review.waived.len(),
        items.collect(),
    )
}

fn section(id: &'static str, title: &str, remark: &str, count: usize, items: Html) -> Html {
    if count == 0 {
        return html! {};
    }
    let title_id = format!("{id}-title");
    html! {
        <section {id} tabindex="-1" aria-labelledby={title_id.clone()}>
            <h2 id={title_id}>{ title }{ " " }<small>{ format!("{} · {remark}", grouped(count)) }</small></h2>
            <div class="find"><ul class="plain">{ items }</ul>{ rest(count) }</div>
        </section>
    }
}

fn rest(count: usize) -> Html {
    if count <= LISTED {
        return html! {};
    }
    html! { <p class="soft">{ format!("… and {} more, all of them in the JSON", grouped(count - LISTED)) }</p> }
}
