//! The command palette: everything the page can do, found by its name.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::browser;
use crate::view::review::filter::matches;

/// How many entries are listed; the rest is found by typing more.
const MOST: usize = 40;

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// What it does, as the page says it.
    pub(crate) title: String,
    /// Where it belongs.
    pub(crate) group: &'static str,
}

#[derive(Properties, PartialEq)]
pub(crate) struct PaletteProps {
    pub(crate) entries: Vec<Entry>,
    /// The position of the chosen entry.
    pub(crate) on_run: Callback<usize>,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn Palette(props: &PaletteProps) -> Html {
    let query = use_state(String::new);
    let at = use_state(|| 0usize);
    let found: Vec<(usize, &Entry)> = props
        .entries
        .iter()
        .enumerate()
        .filter(|(_, entry)| matches(&query, &[&entry.title, entry.group]))
        .take(MOST)
        .collect();
    let at_last = found.len().saturating_sub(1);
    let current = (*at).min(at_last);
    {
        use_effect_with((current, (*query).clone()), move |(current, _)| {
            let id = option_id(*current);
            if let Some(option) = browser::document().and_then(|it| it.get_element_by_id(&id)) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                option.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let on_input = {
        let (query, at) = (query.clone(), at.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                query.set(field.value());
                at.set(0);
            }
        })
    };
    let on_key = {
        let (at, on_run) = (at.clone(), props.on_run.clone());
        let chosen = found.get(current).map(|(index, _)| *index);
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => at.set(if current == at_last { 0 } else { current + 1 }),
                "ArrowUp" => at.set(if current == 0 { at_last } else { current - 1 }),
                "Home" if event.ctrl_key() => at.set(0),
                "End" if event.ctrl_key() => at.set(at_last),
                "Enter" => {
                    if let Some(chosen) = chosen {
                        on_run.emit(chosen);
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let options = found.iter().enumerate().map(|(place, (index, entry))| {
        let (on_run, index) = (props.on_run.clone(), *index);
        html! {
            <li id={option_id(place)} role="option" aria-selected={(place == current).to_string()}
                onclick={Callback::from(move |_: MouseEvent| on_run.emit(index))}>
                <span>{ &entry.title }</span><small>{ entry.group }</small>
            </li>
        }
    });
    let active = (!found.is_empty()).then(|| option_id(current));
    html! {
        <Dialog label="Commands" class="palette" on_close={props.on_close.clone()}>
            <input type="text" role="combobox" aria-label="What to do" placeholder="What to do, or where to go"
                aria-expanded="true" aria-controls="palette-list" aria-activedescendant={active}
                autocomplete="off" spellcheck="false" oninput={on_input} onkeydown={on_key} />
            <ul id="palette-list" role="listbox" aria-label="Commands">{ for options }</ul>
            if found.is_empty() { <p class="soft">{ "Nothing of that name." }</p> }
        </Dialog>
    }
}

fn option_id(place: usize) -> String {
    format!("palette-option-{place}")
}

#[derive(Properties, PartialEq)]
pub(crate) struct DialogProps {
    pub(crate) label: &'static str,
    pub(crate) class: &'static str,
    pub(crate) on_close: Callback<()>,
    pub(crate) children: Html,
}

/// A dialog over the page. The browser keeps the keyboard inside, closes it on Escape and gives the focus
/// back; a press beside it closes it, too.
#[component]
pub(crate) fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            let before = browser::document().and_then(|document| document.active_element());
            let element = dialog.cast::<HtmlDialogElement>();
            if let Some(element) = &element {
                // It fails only for a dialog that is open, or is not part of the page.
                let _ = element.show_modal();
            }
            move || {
                // While it is open, nothing behind it can have the focus.
                if let Some(element) = element {
                    element.close();
                }
                if let Some(before) = before.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                    let _ = before.focus();
                }
            }
        });
    }
    let on_press = {
        let (dialog, on_close) = (dialog.clone(), props.on_close.clone());
        Callback::from(move |event: MouseEvent| {
            let target = event.target_dyn_into::<HtmlDialogElement>();
            if target.is_some() && target == dialog.cast::<HtmlDialogElement>() {
                on_close.emit(());
            }
        })
    };
    let on_cancel = props.on_close.reform(|event: Event| event.prevent_default());
    html! {
        <dialog class={props.class} aria-label={props.label} ref={dialog} onclick={on_press} oncancel={on_cancel}>
            <div class="inside">{ props.children.clone() }</div>
        </dialog>
    }
}
