//! The right side: the review.

mod access;
pub(crate) mod changes;
pub(crate) mod controls;
mod coverage;
mod decision;
mod discrepancies;
mod evidence;
pub(crate) mod filter;
mod findings;
mod identifiers;
mod lists;
pub(crate) mod marks;
pub(crate) mod plan;
pub(crate) mod status;
pub(crate) mod wanted;

use std::collections::BTreeMap;

use schemaward_link::Mark as Decided;
use schemaward_render::json::{Finding, Review};
use web_sys::Element;
use yew::prelude::*;

use self::wanted::Wanted;
use super::{Shared, grouped};
use crate::browser;
use crate::examples;
use crate::position::Place;

/// A review with what came with it.
#[derive(Debug)]
pub(crate) struct Reviewed {
    pub(crate) review: Review,
    /// Exactly what the command prints for the same sources.
    pub(crate) json: String,
    pub(crate) markdown: String,
    pub(crate) migration: String,
    /// The titles of rules by their id.
    pub(crate) titles: BTreeMap<String, String>,
    /// What the last edit changed; absent on the first review of these sources.
    pub(crate) changes: Option<changes::Changes>,
    /// How long it took from the request to the answer.
    pub(crate) milliseconds: f64,
}

/// What the right side shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Standing {
    /// There is nothing to review.
    Blank,
    /// The first review is being made.
    Working,
    /// A review, and whether a newer one is being made.
    Done { reviewed: Shared<Reviewed>, working: bool },
}

#[derive(Properties, PartialEq)]
pub(crate) struct ReviewPanelProps {
    pub(crate) standing: Standing,
    /// Shows a place in the editor; absent where sources are not shown.
    pub(crate) on_show: Option<Callback<Place>>,
    /// A finding that the reader asked to see.
    pub(crate) wanted: Option<Wanted>,
    /// What the worker is doing.
    pub(crate) phase: &'static str,
    /// What people decided about findings.
    pub(crate) noted: Shared<Vec<Decided>>,
    pub(crate) on_note: Option<Callback<Decided>>,
    pub(crate) left_out: plan::LeftOut,
    pub(crate) outlook: plan::Outlook,
    pub(crate) on_left_out: Option<Callback<plan::LeftOut>>,
    /// Shows the report as a document; absent where there is no room of its own for it.
    pub(crate) on_report: Option<Callback<()>>,
    /// Shows the picture of the schema, around a table where one is named; absent likewise.
    pub(crate) on_picture: Option<Callback<Option<String>>>,
    pub(crate) on_cancel: Callback<()>,
    pub(crate) on_save_migration: Callback<()>,
    pub(crate) on_copy: Callback<(&'static str, String)>,
    pub(crate) on_example: Callback<&'static str>,
}

#[component]
pub(crate) fn ReviewPanel(props: &ReviewPanelProps) -> Html {
    match &props.standing {
        Standing::Blank => empty(props),
        Standing::Working => html! {
            <div class="empty">{ progress(props) }</div>
        },
        Standing::Done { reviewed, working } => html! {
            <>
                <SectionNav reviewed={reviewed.clone()} on_report={props.on_report.clone()}
                    on_picture={props.on_picture.clone()} />
                if *working { { progress(props) } }
                <Body reviewed={reviewed.clone()} on_show={props.on_show.clone()} wanted={props.wanted.clone()}
                    noted={props.noted.clone()} on_note={props.on_note.clone()}
                    left_out={props.left_out.clone()} outlook={props.outlook.clone()}
                    on_left_out={props.on_left_out.clone()}
                    on_save_migration={props.on_save_migration.clone()}
                    on_copy={props.on_copy.clone()} />
            </>
        },
    }
}

/// What is being done, with a way to stop it. It floats, so that nothing moves when it comes and goes.
fn progress(props: &ReviewPanelProps) -> Html {
    html! {
        <div class="progress">
            <span class="working">{ props.phase }</span>
            <button type="button" onclick={props.on_cancel.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
        </div>
    }
}

fn empty(props: &ReviewPanelProps) -> Html {
    html! {
        <div class="empty">
            <h2>{ "Is the schema what its owners say it is?" }</h2>
            <ol>
                <li>{ "Paste the documented DDL under Documentation and the schema as it is built under \
                       Implementation. One of them is enough for a review without the comparison." }</li>
                <li>{ "The review appears here: status, findings with the lines that prove them, \
                       discrepancies, and a plan with the migration that carries it out." }</li>
                <li>{ "Nothing leaves this page: the analysis runs in your browser." }</li>
            </ol>
            if props.on_show.is_some() {
                <button type="button" class="primary" onclick={props.on_example.reform(|_| "clinic")}>
                    { "Show it with the clinic example" }
                </button>
                <p class="soft">{ "Or with another example:" }</p>
                <div class="row examples">
                    { for other_examples(&props.on_example) }
                </div>
            }
        </div>
    }
}

/// Buttons of all examples but the clinic, which has the large one.
fn other_examples(on_example: &Callback<&'static str>) -> impl Iterator<Item = Html> {
    examples::ALL.iter().filter(|example| example.name != "clinic").map(|example| {
        let name = example.name;
        let choose = on_example.reform(move |_: MouseEvent| name);
        html! { <button type="button" onclick={choose}>{ example.title }</button> }
    })
}

#[derive(Properties, PartialEq)]
struct BodyProps {
    reviewed: Shared<Reviewed>,
    on_show: Option<Callback<Place>>,
    wanted: Option<Wanted>,
    noted: Shared<Vec<Decided>>,
    on_note: Option<Callback<Decided>>,
    left_out: plan::LeftOut,
    outlook: plan::Outlook,
    on_left_out: Option<Callback<plan::LeftOut>>,
    on_save_migration: Callback<()>,
    on_copy: Callback<(&'static str, String)>,
}

#[component]
fn Body(props: &BodyProps) -> Html {
    let review = &props.reviewed.review;
    let show = &props.on_show;
    html! {
        <>
            { status::view(&props.reviewed) }
            { coverage::view(&review.coverage, show.as_ref()) }
            <controls::Controls reviewed={props.reviewed.clone()} on_show={show.clone()} />
            <findings::Findings section="findings" title="Findings" reviewed={props.reviewed.clone()}
                of={findings::all as fn(&Review) -> &[Finding]} wanted={props.wanted.clone()}
                noted={props.noted.clone()} on_note={props.on_note.clone()} on_show={show.clone()} />
            { lists::successes(review, show.as_ref()) }
            <discrepancies::Discrepancies reviewed={props.reviewed.clone()} wanted={props.wanted.clone()}
                on_show={show.clone()} />
            <access::Grid reviewed={props.reviewed.clone()} />
            <identifiers::List reviewed={props.reviewed.clone()} />
            <findings::Findings section="code" title="Code quality observations"
                reviewed={props.reviewed.clone()} of={findings::code as fn(&Review) -> &[Finding]} wanted={props.wanted.clone()}
                noted={props.noted.clone()} on_note={props.on_note.clone()}
                on_show={show.clone()} />
            <findings::Findings section="performance" title="Performance recommendations"
                reviewed={props.reviewed.clone()} of={findings::performance as fn(&Review) -> &[Finding]} wanted={props.wanted.clone()}
                noted={props.noted.clone()} on_note={props.on_note.clone()}
                on_show={show.clone()} />
            { lists::undecided(review) }
            { lists::waived(review, show.as_ref()) }
            <plan::Plan reviewed={props.reviewed.clone()} left_out={props.left_out.clone()}
                outlook={props.outlook.clone()} on_left_out={props.on_left_out.clone()}
                on_save={props.on_save_migration.clone()} on_copy={props.on_copy.clone()} />
            <p class="stamp">
                { format!("Review {} · {} · {} {} · standard “{}”", review.id, review.date,
                    review.tool.name, review.tool.version, review.standard) }
            </p>
        </>
    }
}

/// The sections in their order: element id, title, and how many things they hold.
pub(crate) fn sections(review: &Review) -> Vec<(&'static str, &'static str, Option<usize>)> {
    let optional = |id, title, count: usize| (count > 0).then_some((id, title, Some(count)));
    [
        Some(("summary", "Summary", None)),
        (!review.tables.is_empty()).then_some(("controls", "Controls", None)),
        Some(("findings", "Findings", Some(review.findings.len()))),
        Some(("discrepancies", "Discrepancies", Some(review.discrepancies.len()))),
        (!review.access.is_empty()).then_some(("access", "Access", None)),
        optional("identifiers", "Identifiers", review.identifiers.len()),
        optional("code", "Code", review.observations.len()),
        optional("performance", "Performance", review.recommendations.len()),
        optional("undecided", "Undecided", review.undecided.len()),
        optional("waived", "Waived", review.waived.len()),
        Some(("plan", "Plan", Some(review.plan.len()))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[derive(Properties, PartialEq)]
struct SectionNavProps {
    reviewed: Shared<Reviewed>,
    on_report: Option<Callback<()>>,
    on_picture: Option<Callback<Option<String>>>,
}

/// The row of sections that stays in view. Its entries are buttons, because the address's fragment holds the
/// review and cannot name a section.
#[component]
fn SectionNav(props: &SectionNavProps) -> Html {
    let current = use_state(|| "summary");
    let nav = use_node_ref();
    {
        let (current, nav) = (current.clone(), nav.clone());
        use_effect_with(props.reviewed.clone(), move |reviewed| {
            let ids: Vec<_> = sections(&reviewed.review).into_iter().map(|(id, ..)| id).collect();
            let listener = browser::document().map(|document| {
                // Scroll events do not bubble; on their way down they pass the document all the same, so
                // that one listener serves the panel, the narrow page and the frame.
                gloo::events::EventListener::new_with_options(
                    &document,
                    "scroll",
                    gloo::events::EventListenerOptions::run_in_capture_phase(),
                    move |_| {
                        let Some(nav) = nav.cast::<Element>() else { return };
                        let edge = nav.get_bounding_client_rect().bottom() + 24.0;
                        let passed = |id: &&&str| {
                            browser::document()
                                .and_then(|document| document.get_element_by_id(id))
                                .is_some_and(|section| {
                                    section.get_bounding_client_rect().top() <= edge
                                })
                        };
                        if let Some(id) = ids.iter().rev().find(passed) {
                            current.set(id);
                        }
                    },
                )
            });
            move || drop(listener)
        });
    }
    let entries = sections(&props.reviewed.review).into_iter().map(|(id, title, count)| {
        let is_current = (*current == id).then_some("true");
        html! {
            <button type="button" aria-current={is_current}
                onclick={Callback::from(move |_: MouseEvent| browser::go_to(id))}>
                { title }
                if let Some(count) = count { { " " }<small>{ grouped(count) }</small> }
            </button>
        }
    });
    html! {
        <nav class="sections" aria-label="Sections of the review" ref={nav}>
            { for entries }
            if props.on_report.is_some() { <span class="grow" /> }
            if let Some(on_picture) = &props.on_picture {
                <button type="button" title="The tables and what connects them, as a picture"
                    onclick={on_picture.reform(|_: MouseEvent| None)}>{ "Diagram ↗" }</button>
            }
            if let Some(on_report) = &props.on_report {
                <button type="button" title="The whole report as a document, to read or to print"
                    onclick={on_report.reform(|_: MouseEvent| ())}>{ "Report ↗" }</button>
            }
        </nav>
    }
}

/// The class and the sign of a severity; the sign says the same as the colour.
fn severity_look(severity: &str) -> (&'static str, &'static str) {
    match severity {
        "critical" => ("bad", "✕"),
        "warning" => ("warn", "!"),
        _ => ("unk", "i"),
    }
}

pub(crate) fn severity_chip(severity: &str) -> Html {
    let (class, sign) = severity_look(severity);
    html! {
        <span class={classes!("chip", class)}>
            <span aria-hidden="true">{ sign }{ " " }</span>{ severity.to_owned() }
        </span>
    }
}

/// The button under a list that shows only its beginning.
fn more(shown: usize, total: usize, step: usize, on_more: &Callback<usize>) -> Html {
    if total <= shown {
        return html! {};
    }
    let next = (shown + step).min(total);
    let label = format!("Show {} more of {}", grouped(next - shown), grouped(total));
    html! {
        <button type="button" class="more" onclick={on_more.reform(move |_: MouseEvent| next)}>{ label }</button>
    }
}
