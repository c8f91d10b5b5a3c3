//! The action plan.

use schemaward_render::json::PlanStep;
use yew::prelude::*;

use super::{Reviewed, more};
use crate::view::{Shared, counted, prose};

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

#[derive(Properties, PartialEq)]
pub(super) struct PlanProps {
    pub(super) reviewed: Shared<Reviewed>,
    pub(super) on_copy: Callback<(&'static str, String)>,
}

#[component]
pub(super) fn Plan(props: &PlanProps) -> Html {
    let plan = &props.reviewed.review.plan;
    let verbs = VERBS.iter().map(|&(verb, meaning)| {
        let steps: Vec<_> = plan.iter().filter(|step| step.verb == verb).cloned().collect();
        if steps.is_empty() {
            return html! {};
        }
        html! { <Verb {verb} {meaning} {steps} on_copy={props.on_copy.clone()} /> }
    });
    let copy_all = {
        let reviewed = props.reviewed.clone();
        props.on_copy.reform(move |_: MouseEvent| ("Migration", reviewed.migration.clone()))
    };
    html! {
        <section id="plan" tabindex="-1" aria-labelledby="plan-title">
            <h2 id="plan-title">
                { "Action plan " }<small>{ counted(plan.len(), "step", "steps") }</small>
            </h2>
            if plan.is_empty() {
                <p class="soft">{ "Nothing to do." }</p>
            } else {
                { for verbs }
                <div class="row after">
                    <button type="button" class="primary" onclick={copy_all}>{ "Copy the whole migration" }</button>
                    <span class="soft">{ "One SQL file with every step that has SQL, in a transaction." }</span>
                </div>
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct VerbProps {
    verb: &'static str,
    meaning: &'static str,
    steps: Vec<PlanStep>,
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
            { for props.steps.iter().take(*shown).map(|step| view_step(step, &props.on_copy)) }
            { more(*shown, props.steps.len(), STEP, &on_more) }
        </div>
    }
}

fn view_step(step: &PlanStep, on_copy: &Callback<(&'static str, String)>) -> Html {
    let mut remarks = Vec::new();
    if !step.closes.is_empty() {
        remarks.push(format!("closes {}", counted(step.closes.len(), "finding", "findings")));
    }
    if step.sql.is_empty() {
        remarks.push("needs a decision".to_owned());
    }
    let sql = step.sql.clone();
    let copy = on_copy.reform(move |_: MouseEvent| ("SQL", sql.clone()));
    html! {
        <details class="step" id={format!("step-{}", step.id)} tabindex="-1">
            <summary>
                <span class="what">{ prose(&step.title) }</span>
                <span class="soft">{ remarks.join(" · ") }</span>
            </summary>
            if !step.notes.is_empty() {
                <ul class="notes">{ for step.notes.iter().map(|note| html! { <li>{ prose(note) }</li> }) }</ul>
            }
            if !step.sql.is_empty() {
                <div class="code">
                    <button type="button" onclick={copy}>{ "Copy" }</button>
                    <pre tabindex="0"><code>{ &step.sql }</code></pre>
                </div>
            }
        </details>
    }
}
