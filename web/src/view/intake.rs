//! What is said while files are opened, and of what became of them.

use yew::prelude::*;

use super::counted;
use crate::app::opening::Intake;

/// How many notes on single files stand there at once.
const SHOWN: usize = 100;

#[derive(Properties, PartialEq)]
pub(crate) struct IntakeNoteProps {
    pub(crate) intake: Intake,
    pub(crate) on_stop: Callback<()>,
    pub(crate) on_dismiss: Callback<()>,
}

#[component]
pub(crate) fn IntakeNote(props: &IntakeNoteProps) -> Html {
    let content = match &props.intake {
        Intake::Nothing => html! {},
        Intake::Working(count) => html! {
            <div class="intake">
                <span class="working">
                    { format!("Opening … {} looked at", counted(usize::try_from(*count).unwrap_or(0), "file", "files")) }
                </span>
                <span class="grow" />
                <button type="button" onclick={props.on_stop.reform(|_| ())}>{ "Stop" }</button>
            </div>
        },
        Intake::Done(report) => {
            let bad = report.stopped.is_some() || !report.notes.is_empty();
            let notes = report.notes.iter().take(SHOWN).map(|(path, why)| {
                html! { <li><code>{ path }</code>{ " " }{ why }</li> }
            });
            let more = report.notes.len().saturating_sub(SHOWN);
            html! {
                <div class={classes!("intake", bad.then_some("bad"))}>
                    <div>
                        <p>{ report.sentence() }</p>
                        if !report.notes.is_empty() {
                            <ul>
                                { for notes }
                                if more > 0 {
                                    <li>{ format!("… and {} more", counted(more, "file", "files")) }</li>
                                }
                            </ul>
                        }
                    </div>
                    <span class="grow" />
                    <button type="button" class="icon" aria-label="Dismiss what is said of the files"
                        onclick={props.on_dismiss.reform(|_| ())}>{ "✕" }</button>
                </div>
            }
        }
    };
    html! { <div role="status" class="intake-place">{ content }</div> }
}
