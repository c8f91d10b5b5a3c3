//! The panel of reviews: what is kept in the browser, and reviews as files.
//!
//! It shows data and calls back; it stores nothing itself. The app serves: `on_allow` (the switch:
//! `storage::allow` or, after a question, `storage::forbid_and_clear`), `on_open`, `on_rename`,
//! `on_delete` (after a question), `on_clear` (after a question), `on_new` (a blank page),
//! `on_save_file` (`Work::File`, then a download), `on_open_file` (`Work::OpenFile`), `on_close`.

use web_sys::{File, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::{Shared, counted, words};
use crate::storage::Saved;

#[derive(Properties, PartialEq)]
pub(crate) struct ReviewsProps {
    /// Whether reviews may be kept.
    pub(crate) allowed: bool,
    /// The kept reviews; absent while they are being read.
    pub(crate) reviews: Option<Shared<Vec<Saved>>>,
    /// The id of the one on the page, if it is kept.
    pub(crate) current: Option<AttrValue>,
    /// What the storage could not do.
    pub(crate) trouble: Option<AttrValue>,
    /// Whether there is anything on the page to save.
    pub(crate) can_save: bool,
    pub(crate) on_allow: Callback<bool>,
    pub(crate) on_open: Callback<String>,
    pub(crate) on_rename: Callback<(String, String)>,
    pub(crate) on_delete: Callback<Saved>,
    pub(crate) on_new: Callback<()>,
    pub(crate) on_save_file: Callback<()>,
    pub(crate) on_open_file: Callback<File>,
    pub(crate) on_clear: Callback<()>,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn Reviews(props: &ReviewsProps) -> Html {
    let root = use_node_ref();
    {
        let root = root.clone();
        use_effect_with((), move |()| {
            if let Some(root) = root.cast::<HtmlElement>() {
                let _ = root.focus();
            }
        });
    }
    let on_key = props.on_close.clone();
    let on_key = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            on_key.emit(());
        }
    });
    let on_switch = props.on_allow.reform(|event: Event| {
        let input: Option<HtmlInputElement> = event.target_dyn_into();
        input.is_some_and(|input| input.checked())
    });
    let on_file = props.on_open_file.clone();
    let on_file = Callback::from(move |event: Event| {
        let Some(input) = event.target_dyn_into::<HtmlInputElement>() else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_file.emit(file);
        }
        // The same file can be chosen again.
        input.set_value("");
    });
    let kept = props.reviews.as_ref().map_or(0, |reviews| reviews.len());
    html! {
        <section class="saved" role="dialog" aria-label="Reviews" tabindex="-1" ref={root} onkeydown={on_key}>
            <div class="row">
                <strong>{ "Reviews" }</strong>
                <span class="grow" />
                <button type="button" class="icon" aria-label="Close" onclick={props.on_close.reform(|_| ())}>
                    { "✕" }
                </button>
            </div>
            <div class="row doings">
                <button type="button" onclick={props.on_new.reform(|_| ())}>{ "New review" }</button>
                <button type="button" disabled={!props.can_save}
                    onclick={props.on_save_file.reform(|_| ())}>{ "Save as file …" }</button>
                <label class="from-disk">
                    <input type="file" class="visually-hidden" accept=".json,application/json" onchange={on_file} />
                    { "Open a file …" }
                </label>
            </div>
            <label class="row switch-row">
                <input type="checkbox" role="switch" checked={props.allowed} onchange={on_switch}
                    aria-describedby="saved-what" />
                { "Keep reviews in this browser" }
            </label>
            <p id="saved-what" class="soft">
                if props.allowed {
                    { "What you edit is kept in this browser's storage on this device: the sources, the \
                       standard and your marks, unencrypted, until you delete them. Everybody who can use this \
                       browser profile can read them. They are never sent anywhere." }
                } else {
                    { "Off: the page forgets everything when it is closed, because schemas can be \
                       confidential. When on, sources, standard and marks stay in this browser's storage on \
                       this device, unencrypted. They are never sent anywhere." }
                }
            </p>
            if let Some(trouble) = &props.trouble {
                <p class="caution" role="alert">{ trouble }</p>
            }
            if props.allowed {
                { list(props) }
                <div class="row">
                    <button type="button" class="danger" disabled={kept == 0}
                        onclick={props.on_clear.reform(|_| ())}>{ "Clear everything" }</button>
                </div>
            }
        </section>
    }
}

fn list(props: &ReviewsProps) -> Html {
    let Some(reviews) = &props.reviews else {
        return html! { <p class="soft" role="status">{ "Reading the kept reviews …" }</p> };
    };
    if reviews.is_empty() {
        return html! {
            <p class="soft">{ "Nothing is kept yet. A review is kept when you edit its sources." }</p>
        };
    }
    let items = reviews.iter().map(|review| {
        let is_current = props.current.as_ref().is_some_and(|id| *id == review.id);
        html! {
            <Item key={review.id.clone()} review={review.clone()} {is_current}
                on_open={props.on_open.clone()} on_rename={props.on_rename.clone()}
                on_delete={props.on_delete.clone()} />
        }
    });
    html! { <ul class="reviews" aria-label="Kept reviews">{ for items }</ul> }
}

#[derive(Properties, PartialEq)]
struct ItemProps {
    review: Saved,
    is_current: bool,
    on_open: Callback<String>,
    on_rename: Callback<(String, String)>,
    on_delete: Callback<Saved>,
}

/// One kept review: opened by its title, renamed in place.
#[component]
fn Item(props: &ItemProps) -> Html {
    let renaming = use_state(|| false);
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with(*renaming, move |renaming| {
            if let (true, Some(field)) = (*renaming, field.cast::<HtmlInputElement>()) {
                let _ = field.focus();
                field.select();
            }
        });
    }
    let review = &props.review;
    let start = {
        let renaming = renaming.clone();
        Callback::from(move |_: MouseEvent| renaming.set(true))
    };
    let finish = {
        let (renaming, field) = (renaming.clone(), field.clone());
        let (on_rename, id, old) =
            (props.on_rename.clone(), review.id.clone(), review.title.clone());
        Callback::from(move |()| {
            renaming.set(false);
            let title = field.cast::<HtmlInputElement>().map(|field| field.value());
            let title = title.map(|title| title.trim().to_owned()).unwrap_or_default();
            if !title.is_empty() && title != old {
                on_rename.emit((id.clone(), title));
            }
        })
    };
    let on_key = {
        let (renaming, finish) = (renaming.clone(), finish.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => finish.emit(()),
            "Escape" => {
                // It closes the field, not the panel.
                event.stop_propagation();
                renaming.set(false);
            }
            _ => {}
        })
    };
    let open = {
        let id = review.id.clone();
        props.on_open.reform(move |_: MouseEvent| id.clone())
    };
    let delete = {
        let review = review.clone();
        props.on_delete.reform(move |_: MouseEvent| review.clone())
    };
    html! {
        <li aria-current={props.is_current.then_some("true")}>
            <div class="row">
                if *renaming {
                    <input type="text" class="grow" ref={field} aria-label="Title" maxlength="200"
                        value={review.title.clone()} onkeydown={on_key} />
                    <button type="button" onclick={finish.reform(|_| ())}>{ "Rename" }</button>
                } else {
                    <button type="button" class="title grow" onclick={open}>{ &review.title }</button>
                    <button type="button" aria-label={format!("Rename {}", review.title)} onclick={start}>
                        { "Rename" }
                    </button>
                    <button type="button" aria-label={format!("Delete {}", review.title)} onclick={delete}>
                        { "Delete" }
                    </button>
                }
            </div>
            <p class="soft">
                { format!(
                    "{} · {} · {}",
                    status(&review.status),
                    counted(review.tables, "table", "tables"),
                    when(review.changed),
                ) }
                if props.is_current {
                    { " · on the page now" }
                }
            </p>
        </li>
    }
}

/// A status in the words of the banner.
fn status(word: &str) -> String {
    match word {
        "pass" | "pass_with_warnings" | "fail" => words(word).to_uppercase(),
        _ => "not reviewed".to_owned(),
    }
}

/// A moment in the reader's own language and time zone.
fn when(milliseconds: f64) -> String {
    let moment = js_sys::Date::new(&milliseconds.into());
    String::from(moment.to_locale_string("default", &wasm_bindgen::JsValue::UNDEFINED))
}

#[cfg(test)]
mod tests {
    use super::status;

    #[test]
    fn statuses_read_as_in_the_banner() {
        assert_eq!(status("pass_with_warnings"), "PASS WITH WARNINGS");
        assert_eq!(status("fail"), "FAIL");
        assert_eq!(status(""), "not reviewed");
    }
}
