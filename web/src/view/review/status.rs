//! The status with its counts.

use schemaward_render::json::Review;
use yew::prelude::*;

use crate::view::{grouped, prose};

/// The banner's one-line form, also read out when a review arrives.
pub(crate) fn title(review: &Review) -> &'static str {
    match review.status.as_str() {
        "pass" => "PASS",
        "pass_with_warnings" => "PASS WITH WARNINGS",
        _ => "FAIL",
    }
}

pub(super) fn view(review: &Review) -> Html {
    let counts = Counts::of(review);
    let class = match review.status.as_str() {
        "pass" => "ok",
        "pass_with_warnings" => "warn",
        _ => "bad",
    };
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
                <h2>{ title(review) }</h2>
                <ul class="counts">
                    { chip("bad", counts.critical, "critical") }
                    { chip("warn", counts.warnings, if counts.warnings == 1 { "warning" } else { "warnings" }) }
                    { chip("unk", counts.undecided, "undecided") }
                    { chip("ok", counts.met, "met") }
                </ul>
            </div>
            <p>{ prose(&review.summary) }</p>
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
        let findings =
            || review.findings.iter().chain(&review.observations).chain(&review.recommendations);
        let severity = |word: &str| findings().filter(|finding| finding.severity == word).count();
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
