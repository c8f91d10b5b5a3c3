//! What was read, and what was not.

use schemaward_render::json::{Coverage, Unread};
use yew::prelude::*;

use super::evidence;
use crate::position::Place;
use crate::view::{counted, grouped};

/// No more than this many entries are listed; the JSON holds all.
const LISTED: usize = 200;

pub(super) fn view(coverage: &Coverage, on_show: Option<&Callback<Place>>) -> Html {
    let sum = format!(
        "Read {} of {} ({} schema, {} irrelevant).",
        grouped(coverage.read + coverage.irrelevant),
        counted(coverage.statements, "statement", "statements"),
        grouped(coverage.read),
        grouped(coverage.irrelevant),
    );
    html! {
        <div class="cover">
            <p>
                { sum }
                if coverage.unread.is_empty() { { " Nothing left unread." } }
            </p>
            if !coverage.unread.is_empty() {
                <details class="unread" open={coverage.unread.len() <= 5}>
                    <summary>{ counted(coverage.unread.len(), "statement", "statements") }{ " left unread" }</summary>
                    { list(&coverage.unread, on_show) }
                </details>
            }
            if !coverage.notes.is_empty() {
                <details>
                    <summary>{ counted(coverage.notes.len(), "remark", "remarks") }{ " on the text" }</summary>
                    { list(&coverage.notes, on_show) }
                </details>
            }
        </div>
    }
}

fn list(entries: &[Unread], on_show: Option<&Callback<Place>>) -> Html {
    let items = entries.iter().take(LISTED).map(|entry| {
        let place = Place::at(&entry.source, entry.line, entry.column);
        html! {
            <li>
                { evidence::line(&place, &entry.text, on_show) }
                <p class="soft">{ &entry.reason }</p>
            </li>
        }
    });
    html! {
        <ul class="plain">
            { for items }
            if LISTED < entries.len() {
                <li class="soft">{ format!("… and {} more", grouped(entries.len() - LISTED)) }</li>
            }
        </ul>
    }
}
