//! The status with its counts.

use schemaward_render::json::Review;
use yew::prelude::*;

use super::{Reviewed, changes};
use crate::view::{grouped, prose};

/// The banner's one-line form, also read out when a review arrives.
pub(crate) fn title(review: &Review) -> &'static str {
    look(&review.status).1
}

/// The colour of a status, and its words.
pub(crate) fn look(status: &str) -> (&'static str, &'static str) {
    match status {
        "pass" => ("ok", "PASS"),
        "pass_with_warnings" => ("warn", "PASS WITH WARNINGS"),
        _ => ("bad", "FAIL"),
    }
}

pub(super) fn view(reviewed: &Reviewed) -> Html {
    let review = &reviewed.review;
    let counts = Counts::of(review);
    let (class, title) = look(&review.status);
    let chip = |class: &'static str, count: usize, word: &str| {
        html! {
            <li class={classes!("chip", if count == 0 { "none" } else { class })}>
                { format!("{} {word}", grouped(count)) }
            </li>
        }
    };
    html! {
        <section class={classes!("status", class)} id="summary" tabindex="-1" aria-label="Status">
            <div class="head">
                <h2>{ title }</h2>
                <ul class="counts">
                    { chip("bad", counts.critical, "critical") }
                    { chip("warn", counts.warnings, if counts.warnings == 1 { "warning" } else { "warnings" }) }
                    { chip("unk", counts.undecided, "undecided") }
                    { chip("ok", counts.met, "met") }
                </ul>
            </div>
            <p>{ prose(&review.summary) }</p>
            { reviewed.changes.as_ref().map(changes::view).unwrap_or_default() }
        </section>
    }
}

/// What the banner counts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) critical: usize,
    pub(crate) warnings: usize,
    pub(crate) undecided: usize,
    pub(crate) met: usize,
}

impl Counts {
    pub(crate) fn of(review: &Review) -> Self {
        let severity = |word: &str| {
            changes::findings(review).filter(|finding| finding.severity == word).count()
        };
        Self {
            critical: severity("critical"),
            warnings: severity("warning"),
            undecided: review.undecided.len(),
            met: review
                .tables
                .iter()
                .flat_map(|table| table.controls.values())
                .filter(|control| control.verdict == "met")
                .count(),
        }
    }
}
