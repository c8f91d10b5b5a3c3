//! The list of keys.

use yew::prelude::*;

use super::palette::Dialog;

/// The keys by the part of the page where they work.
const KEYS: &[(&str, &[(&str, &str)])] = &[
    (
        "Everywhere",
        &[
            (
                "Ctrl K or ⌘ K",
                "the command palette: every action, file, section and table by its name",
            ),
            ("?", "this list"),
            (
                "Ctrl Z, Ctrl Y",
                "outside the editor: takes the last action on the files back, does it again",
            ),
            ("Esc", "closes what is open over the page"),
            ("Tab, Shift Tab", "the next and the previous control"),
        ],
    ),
    (
        "Sources",
        &[
            ("← →", "on the tabs: the next side"),
            ("Ctrl Z, Ctrl Y", "in the editor: undo and redo"),
            ("Esc, then Tab", "leaves the editor"),
        ],
    ),
    (
        "Diagram",
        &[
            ("← → ↑ ↓", "moves the picture"),
            ("+ −", "magnifies and shrinks it"),
            ("0", "shows all of it"),
            ("Esc", "lets the chosen table go"),
        ],
    ),
];

#[derive(Properties, PartialEq)]
pub(crate) struct HelpProps {
    /// Whether the question mark opens the list.
    pub(crate) single_key: bool,
    pub(crate) on_single_key: Callback<bool>,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn Help(props: &HelpProps) -> Html {
    let group = |(title, keys): &(&str, &[(&str, &str)])| {
        let key = |(key, does): &(&str, &str)| {
            html! { <><dt><kbd>{ *key }</kbd></dt><dd>{ *does }</dd></> }
        };
        html! { <section><h3>{ *title }</h3><dl>{ for keys.iter().map(key) }</dl></section> }
    };
    let toggle = {
        let single_key = props.single_key;
        props.on_single_key.reform(move |_: Event| !single_key)
    };
    html! {
        <Dialog label="Keys" class="help" on_close={props.on_close.clone()}>
            <header>
                <h2>{ "Keys" }</h2>
                <button type="button" class="icon" aria-label="Close"
                    onclick={props.on_close.reform(|_: MouseEvent| ())}>{ "×" }</button>
            </header>
            { for KEYS.iter().map(group) }
            <label class="row">
                <input type="checkbox" checked={props.single_key} onchange={toggle} />
                { "The question mark alone opens this list (switch it off where speech or another tool types)" }
            </label>
        </Dialog>
    }
}
