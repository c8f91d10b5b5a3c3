//! Messages about what went wrong, each with what the reader can do.

use yew::prelude::*;

use crate::client::Failure;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The worker is gone.
    Worker(Failure),
    /// The reader has stopped the review.
    Cancelled,
    /// The link in the address does not open.
    Link(String),
    /// The standard cannot be used.
    Standard { message: String, line: usize, column: usize },
    /// Something smaller, told in one sentence.
    Other(String),
}

#[derive(Properties, PartialEq)]
pub(crate) struct TroubleBannerProps {
    pub(crate) trouble: Trouble,
    pub(crate) on_retry: Callback<()>,
    pub(crate) on_reload: Callback<()>,
    /// Shows the line of the standard that is wrong; absent where sources are not shown.
    pub(crate) on_standard: Option<Callback<(usize, usize)>>,
    pub(crate) on_dismiss: Callback<()>,
}

#[component]
pub(crate) fn TroubleBanner(props: &TroubleBannerProps) -> Html {
    let retry = html! {
        <button type="button" onclick={props.on_retry.reform(|_| ())}>{ "Try again" }</button>
    };
    let (title, detail, action) = match &props.trouble {
        Trouble::Worker(Failure::OtherBuild) => (
            "A newer version of this page has been published.",
            "Save your text elsewhere if it exists only here, then reload the page.".to_owned(),
            html! {
                <button type="button" onclick={props.on_reload.reform(|_| ())}>{ "Reload" }</button>
            },
        ),
        Trouble::Worker(Failure::NotStarted(reason)) => (
            "The analysis could not be started.",
            format!("Your sources are untouched. Check the connection to the server. ({reason})"),
            retry,
        ),
        Trouble::Worker(Failure::Crashed(reason)) => {
            ("The analysis crashed.", format!("Your sources are untouched. ({reason})"), retry)
        }
        Trouble::Worker(Failure::TooSlow) => (
            "The analysis took too long and was stopped.",
            "Your sources are untouched. Try again, or review fewer files at once.".to_owned(),
            retry,
        ),
        Trouble::Cancelled => (
            "The review was stopped.",
            "Your sources are untouched; what is shown may be older than they are.".to_owned(),
            retry,
        ),
        Trouble::Link(message) => ("This link does not open.", message.clone(), html! {}),
        Trouble::Standard { message, line, column } => {
            let (line, column) = (*line, *column);
            let show = props.on_standard.as_ref().map(|show| {
                let show = show.reform(move |_| (line, column));
                html! { <button type="button" onclick={show}>{ "Show the line" }</button> }
            });
            (
                "The standard cannot be used.",
                format!("Line {line}, column {column}: {message}"),
                show.unwrap_or_default(),
            )
        }
        Trouble::Other(message) => ("That did not work.", message.clone(), html! {}),
    };
    html! {
        <div class="trouble" role="alert">
            <div><strong>{ title }</strong><p>{ detail }</p></div>
            <span class="grow" />
            { action }
            <button type="button" class="icon" aria-label="Dismiss" onclick={props.on_dismiss.reform(|_| ())}>
                { "✕" }
            </button>
        </div>
    }
}
