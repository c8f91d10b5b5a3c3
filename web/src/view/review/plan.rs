//! The action plan: what to do, what to take along, and where it would lead.

use std::collections::BTreeSet;

use schemaward_render::json::PlanStep;
use yew::prelude::*;

use super::{Reviewed, more};
use crate::protocol::Prediction;
use crate::view::{Shared, counted, grouped, prose};

/// The verbs in the order work is done.
const VERBS: [(&str, &str); 5] = [
    ("Refactor", "change the shape of tables"),
    ("Standardize", "bring what exists to the standard"),
    ("Harden", "close what is open"),
    ("Sync", "make the documents true again"),
    ("Optimize", "make it fast"),
];

/// How many steps of one verb are shown at first, and how many more at each wish.
const STEP: usize = 40;
/// No more new findings than this are named beside the predicted status.
const NAMED: usize = 8;

/// The steps the reader has taken out of the migration, by their ids.
pub(crate) type LeftOut = BTreeSet<String>;

/// What is known of the status after the migration.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outlook {
    /// Not asked yet, or not to be had.
    Unknown,
    /// The worker is at it.
    Asked,
    Known(Shared<Prediction>),
}

#[derive(Properties, PartialEq)]
pub(super) struct PlanProps {
    pub(super) reviewed: Shared<Reviewed>,
    pub(super) left_out: LeftOut,
    pub(super) outlook: Outlook,
    pub(super) on_copy: Callback<(&'static str, String)>,
    /// Saves the migration of the steps that are ticked.
    pub(super) on_save: Callback<()>,
    /// Takes the ids of the steps that are left out; absent where nothing can be chosen.
    pub(super) on_left_out: Option<Callback<LeftOut>>,
}

/// Whether a step is part of the migration at all.
fn runs(step: &PlanStep) -> bool {
    !step.sql.trim().is_empty()
}

#[component]
pub(super) fn Plan(props: &PlanProps) -> Html {
    let plan = &props.reviewed.review.plan;
    let verbs = VERBS.iter().map(|&(verb, meaning)| {
        let steps: Vec<_> = plan.iter().filter(|step| step.verb == verb).cloned().collect();
        if steps.is_empty() {
            return html! {};
        }
        html! {
            <Verb {verb} {meaning} {steps} left_out={props.left_out.clone()}
                on_left_out={props.on_left_out.clone()} on_copy={props.on_copy.clone()} />
        }
    });
    let steps = plan.iter().filter(|step| runs(step)).count();
    let ticked = plan.iter().filter(|step| runs(step) && !props.left_out.contains(&step.id));
    let ticked = ticked.count();
    let copy_all = {
        let (reviewed, left_out) = (props.reviewed.clone(), props.left_out.clone());
        props.on_copy.reform(move |_: MouseEvent| ("Migration", migration(&reviewed, &left_out)))
    };
    let everything = props.on_left_out.as_ref().map(|on_left_out| {
        let none = ticked == 0;
        let all: LeftOut =
            plan.iter().filter(|step| runs(step)).map(|step| step.id.clone()).collect();
        let next = if none { LeftOut::new() } else { all };
        html! {
            <button type="button" onclick={on_left_out.reform(move |_: MouseEvent| next.clone())}>
                { if none { "Tick all" } else { "Untick all" } }
            </button>
        }
    });
    html! {
        <section id="plan" tabindex="-1" aria-labelledby="plan-title">
            <h2 id="plan-title">
                { "Action plan " }<small>{ counted(plan.len(), "step", "steps") }</small>
            </h2>
            if plan.is_empty() {
                <p class="soft">{ "Nothing to do." }</p>
            } else {
                <div class="outcome">
                    <p>
                        <strong>{ format!("{ticked} of {} ", counted(steps, "step with SQL", "steps with SQL")) }</strong>
                        { "in one migration, in one transaction. " }
                    </p>
                    { outlook(props) }
                    <div class="row">
                        <button type="button" class="primary" onclick={copy_all}>
                            { if ticked == steps { "Copy the whole migration" } else { "Copy the migration of the ticked steps" } }
                        </button>
                        <button type="button" onclick={props.on_save.reform(|_: MouseEvent| ())}>{ "Save migration.sql" }</button>
                        { everything.unwrap_or_default() }
                    </div>
                </div>
                { for verbs }
            }
        </section>
    }
}

/// The SQL of the steps that are ticked.
pub(crate) fn migration(reviewed: &Reviewed, left_out: &LeftOut) -> String {
    if left_out.is_empty() {
        return reviewed.migration.clone();
    }
    schemaward_render::migration_of(&reviewed.review, |step| !left_out.contains(&step.id))
}

/// What the review would say after the migration.
fn outlook(props: &PlanProps) -> Html {
    let Outlook::Known(prediction) = &props.outlook else {
        let text = match props.outlook {
            Outlook::Asked => "Trying the migration on the schema …",
            _ => "",
        };
        return html! { <p class="soft" role="status">{ text }</p> };
    };
    let (class, title) = super::status::look(&prediction.status);
    let new = &prediction.opened;
    html! {
        <div class="predicted" role="status">
            <p>
                { "Status after it: " }
                <strong class={classes!("word", class)}>{ title }</strong>
                { format!(" · {} critical, {} left, {} closed", grouped(prediction.critical),
                    counted(prediction.warnings, "warning", "warnings"),
                    counted(prediction.closed, "finding", "findings")) }
                if !new.is_empty() { { format!(", {} new", grouped(new.len())) } }
                { "." }
            </p>
            if !new.is_empty() {
                <details>
                    <summary>{ "What it would raise anew" }</summary>
                    <ul class="notes">
                        { for new.iter().take(NAMED).map(|message| html! { <li>{ prose(message) }</li> }) }
                        if new.len() > NAMED { <li>{ format!("… and {} more", new.len() - NAMED) }</li> }
                    </ul>
                </details>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct VerbProps {
    verb: &'static str,
    meaning: &'static str,
    steps: Vec<PlanStep>,
    left_out: LeftOut,
    on_left_out: Option<Callback<LeftOut>>,
    on_copy: Callback<(&'static str, String)>,
}

#[component]
fn Verb(props: &VerbProps) -> Html {
    let shown = use_state(|| STEP);
    let on_more = {
        let shown = shown.clone();
        Callback::from(move |count| shown.set(count))
    };
    html! {
        <div class="verb">
            <h3>{ props.verb }{ " " }<small>{ props.meaning }</small></h3>
            { for props.steps.iter().take(*shown).map(|step| view_step(step, props)) }
            { more(*shown, props.steps.len(), STEP, &on_more) }
        </div>
    }
}

fn view_step(step: &PlanStep, props: &VerbProps) -> Html {
    let mut remarks = Vec::new();
    if !step.closes.is_empty() {
        remarks.push(format!("closes {}", counted(step.closes.len(), "finding", "findings")));
    }
    let both = !step.repairs.document.is_empty() && !step.repairs.implementation.is_empty();
    if both {
        remarks.push("choose a side".to_owned());
    } else if step.sql.is_empty() && step.repairs.document.is_empty() {
        remarks.push("needs a decision".to_owned());
    }
    let lead = |lead| if both { lead } else { "" };
    let code = |what: &'static str, lead: &'static str, text: &str| {
        if text.trim().is_empty() {
            return html! {};
        }
        let copied = text.to_owned();
        let copy = props.on_copy.reform(move |_: MouseEvent| (what, copied.clone()));
        html! {
            <>
                if !lead.is_empty() { <p>{ lead }</p> }
                <div class="code">
                    <button type="button" onclick={copy}>{ "Copy" }</button>
                    <pre tabindex="0"><code>{ text }</code></pre>
                </div>
            </>
        }
    };
    let tick = props.on_left_out.as_ref().filter(|_| runs(step)).map(|on_left_out| {
        let (left_out, id) = (props.left_out.clone(), step.id.clone());
        let on_change = on_left_out.reform(move |_: Event| {
            let mut left_out = left_out.clone();
            if !left_out.remove(&id) {
                left_out.insert(id.clone());
            }
            left_out
        });
        html! {
            <input type="checkbox" class="tick" checked={!props.left_out.contains(&step.id)}
                aria-label={format!("In the migration: {}", step.title.replace('`', ""))} onchange={on_change} />
        }
    });
    html! {
        <div class="step-row" key={step.id.clone()}>
            { tick.unwrap_or_else(|| html! { <span class="tick" /> }) }
            <details class="step" id={format!("step-{}", step.id)} tabindex="-1">
                <summary>
                    <span class="what">{ prose(&step.title) }</span>
                    <span class="soft">{ remarks.join(" · ") }</span>
                </summary>
                if !step.notes.is_empty() {
                    <ul class="notes">{ for step.notes.iter().map(|note| html! { <li>{ prose(note) }</li> }) }</ul>
                }
                { code("SQL", "", &step.sql) }
                { code("Patch", lead("Either the document follows:"), &step.repairs.document) }
                { code("SQL", lead("Or the implementation does:"), &step.repairs.implementation) }
            </details>
        </div>
    }
}
