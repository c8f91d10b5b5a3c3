//! What the last edit changed in the review.

use std::collections::BTreeSet;

use schemaward_render::json::{Finding, Review};
use yew::prelude::*;

use crate::view::{counted, prose};

/// No more than this many are listed of either kind.
const LISTED: usize = 20;

/// The findings that an edit closed, and those it opened, by their messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) closed: Vec<String>,
    pub(crate) opened: Vec<String>,
}

impl Changes {
    /// Compares two reviews by the stable ids of their findings.
    pub(crate) fn between(before: &Review, after: &Review) -> Self {
        let missing = |these: &Review, those: &Review| -> Vec<String> {
            let known: BTreeSet<&str> =
                findings(those).map(|finding| finding.id.as_str()).collect();
            let these = findings(these).filter(|finding| !known.contains(finding.id.as_str()));
            these.map(|finding| finding.message.clone()).collect()
        };
        Self { closed: missing(before, after), opened: missing(after, before) }
    }
}

/// Findings, observations and recommendations.
pub(crate) fn findings(review: &Review) -> impl Iterator<Item = &Finding> {
    review.findings.iter().chain(&review.observations).chain(&review.recommendations)
}

pub(super) fn view(changes: &Changes) -> Html {
    let Changes { closed, opened } = changes;
    if closed.is_empty() && opened.is_empty() {
        return html! { <p class="changes soft">{ "The last edit changed no finding." }</p> };
    }
    let list = |sign: &'static str,
                class: &'static str,
                word: &'static str,
                messages: &[String]| {
        let items = messages.iter().take(LISTED).map(|message| {
            html! {
                <li>
                    <span class={classes!("sign", class)} aria-hidden="true">{ sign }</span>
                    <span class="visually-hidden">{ word }</span>{ prose(message) }
                </li>
            }
        });
        let rest = messages.len().saturating_sub(LISTED);
        html! { <>{ for items } if rest > 0 { <li class="soft">{ format!("… and {rest} more {word}") }</li> }</> }
    };
    html! {
        <details class="changes">
            <summary>
                { "Since the last edit: " }
                <span class="chip ok">{ format!("{} closed", closed.len()) }</span>{ " " }
                <span class={classes!("chip", if opened.is_empty() { "none" } else { "bad" })}>
                    { format!("{} new", opened.len()) }
                </span>
                <span class="visually-hidden">{ counted(closed.len() + opened.len(), "finding", "findings") }</span>
            </summary>
            <ul class="plain">
                { list("+", "bad", "new: ", opened) }
                { list("✓", "ok", "closed: ", closed) }
            </ul>
        </details>
    }
}
