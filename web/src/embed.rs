//! What a page inside another page's frame does besides showing a review: it tells its height and takes
//! the host's theme. The messages are described in `docs/embedding.md`.

use gloo::events::EventListener;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Element, MessageEvent, Window};
use yew::Callback;

use crate::browser::{SizeWatch, Theme, window};

/// Tells the height of an element to the embedding page for as long as the watch lives.
pub(crate) fn report_height_of(element: &Element) -> Option<SizeWatch> {
    let watched = element.clone();
    SizeWatch::new(element, move || report_height(&watched))
}

/// A height is no secret, so any embedding page may hear it; the host checks who speaks.
fn report_height(element: &Element) {
    let Some(host) = host() else { return };
    let message = Object::new();
    let height = element.get_bounding_client_rect().height().ceil();
    let _ = Reflect::set(&message, &"type".into(), &"schemaward:height".into());
    let _ = Reflect::set(&message, &"height".into(), &height.into());
    let _ = host.post_message(&message, "*");
}

/// Hears the embedding page's wish for a theme: `{type: "schemaward:theme", theme: "light"}`.
pub(crate) fn listen_for_theme(notify: Callback<Theme>) -> Option<EventListener> {
    let listener = EventListener::new(&window()?.into(), "message", move |event| {
        let event = event.unchecked_ref::<MessageEvent>();
        // Nobody but the page around this frame decides how it looks.
        let source = event.source().map(JsValue::from);
        if source.is_none() || source != host().map(JsValue::from) {
            return;
        }
        let text = |name: &str| Reflect::get(&event.data(), &name.into()).ok()?.as_string();
        if text("type").as_deref() == Some("schemaward:theme")
            && let Some(theme) = text("theme").and_then(|word| Theme::from_word(&word))
        {
            notify.emit(theme);
        }
    });
    Some(listener)
}

/// The embedding page's window; `None` when there is none.
fn host() -> Option<Window> {
    let window = window()?;
    let parent = window.parent().ok()??;
    (JsValue::from(parent.clone()) != JsValue::from(window)).then_some(parent)
}
