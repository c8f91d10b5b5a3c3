//! The few things of the browser that Yew does not reach: address, storage, clipboard, files, theme.
//!
//! Everything here tolerates a browser that refuses: storage may be switched off, the clipboard may ask.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, Document, Element, HtmlAnchorElement, HtmlElement, ResizeObserver,
    Response, Url, Window,
};

use crate::protocol::BUILD;

const THEME_KEY: &str = "schemaward-theme";

/// Which colours the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Those of the reader's system.
    Auto,
    Light,
    Dark,
    /// Those of the reader's system, with the strongest contrast.
    Contrast,
}

impl Theme {
    pub(crate) const ALL: [Self; 4] = [Self::Auto, Self::Light, Self::Dark, Self::Contrast];

    /// Reads the word used in the address, in storage and in messages of an embedding page.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            "contrast" => Some(Self::Contrast),
            _ => None,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    /// As the page says it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Auto => "as the system",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "high contrast",
        }
    }

    /// The next one when the reader presses the theme button.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Contrast,
            Self::Contrast => Self::Auto,
        }
    }

    /// The theme the page starts with: the address's, else the stored one.
    pub(crate) fn initial() -> Self {
        parameter("theme")
            .or_else(|| storage()?.get_item(THEME_KEY).ok()?)
            .and_then(|word| Self::from_word(&word))
            .unwrap_or(Self::Auto)
    }

    /// Colours the page.
    pub(crate) fn show(self) {
        if let Some(root) = document().and_then(|document| document.document_element()) {
            let _ = match self {
                Self::Auto => root.remove_attribute("data-theme"),
                Self::Light | Self::Dark | Self::Contrast => {
                    root.set_attribute("data-theme", self.word())
                }
            };
        }
    }

    /// Remembers the reader's choice for the next visit.
    pub(crate) fn store(self) {
        if let Some(storage) = storage() {
            let _ = storage.set_item(THEME_KEY, self.word());
        }
    }
}

pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// What is kept between visits in small pieces, where the browser allows it.
pub(crate) fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok()?
}

/// The value of a parameter of the page's address.
pub(crate) fn parameter(name: &str) -> Option<String> {
    let search = window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The fragment of the page's address, with its `#`; empty without one.
pub(crate) fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// The page's own address without parameters and fragment.
pub(crate) fn page_url() -> String {
    let location = window().map(|window| window.location());
    location
        .and_then(|location| Some(location.origin().ok()? + &location.pathname().ok()?))
        .unwrap_or_default()
}

/// Replaces the fragment in the address bar without opening it; an empty one removes it.
pub(crate) fn replace_fragment(fragment: &str) {
    let Some(window) = window() else { return };
    let search = window.location().search().unwrap_or_default();
    let url = format!("{}{search}{fragment}", page_url());
    if let Ok(history) = window.history() {
        // Browsers limit how often this may be called and how long it may be; the page works without it.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url));
    }
}

/// An address relative to the document's base.
pub(crate) fn absolute_url(path: &str) -> Result<String, JsValue> {
    let base =
        document().and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default();
    Ok(Url::new_with_base(path, &base)?.href())
}

/// Milliseconds since the page began to load, for measuring.
pub(crate) fn milliseconds() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Calls back whenever an element's size changes, and once at the start, for as long as it lives.
pub(crate) struct SizeWatch {
    observer: ResizeObserver,
    _on_resize: Closure<dyn FnMut()>,
}

impl SizeWatch {
    /// Starts watching; `None` where the browser cannot watch sizes.
    pub(crate) fn new(element: &Element, on_resize: impl FnMut() + 'static) -> Option<Self> {
        let on_resize = Closure::<dyn FnMut()>::new(on_resize);
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _on_resize: on_resize })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// What a thrown value says.
pub(crate) fn error_text(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "The browser gave no reason.".to_owned())
}

/// Loads a text that was published with the page.
pub(crate) async fn fetch_text(path: &str) -> Result<String, String> {
    let load = async {
        let window = window().ok_or(JsValue::UNDEFINED)?;
        let response = JsFuture::from(window.fetch_with_str(&absolute_url(path)?)).await?;
        let response = response.dyn_into::<Response>()?;
        if !response.ok() {
            return Err(JsValue::from_str(&format!("the server answered {}", response.status())));
        }
        Ok(JsFuture::from(response.text()?).await?.as_string().unwrap_or_default())
    };
    load.await.map_err(|error: JsValue| error_text(&error))
}

/// Loads a module of JavaScript that was made from `web/editor`. `boot.js` imports it, because a program in
/// WebAssembly has no way to.
pub(crate) async fn load_module(name: &str) -> Result<JsValue, JsValue> {
    let import = Reflect::get(&js_sys::global(), &"schemawardModule".into())?;
    let import = import.dyn_into::<Function>()?;
    let promise = import.call2(&JsValue::UNDEFINED, &name.into(), &BUILD.into())?;
    JsFuture::from(promise.dyn_into::<Promise>()?).await
}

/// An object of JavaScript with these properties.
pub(crate) fn record(properties: &[(&str, &JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        // A new, ordinary object takes every property.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object
}

/// Reads a file of the reader's disk.
pub(crate) async fn read_file(file: &web_sys::File) -> Result<String, String> {
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|error| error_text(&error))?;
    Ok(decode(&Uint8Array::new(&buffer).to_vec()))
}

/// Text from bytes: UTF-16 where a byte-order mark says so, else UTF-8, unreadable bytes replaced.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| Some(unit(pair.try_into().ok()?)));
        char::decode_utf16(units)
            .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Offers a text as a file to save.
pub(crate) fn save_text(name: &str, mime: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&JsValue::from_str(text));
    save_blob(name, &Blob::new_with_str_sequence_and_options(&parts, &options)?)
}

/// Offers bytes as a file to save.
pub(crate) fn save_blob(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let document = document().ok_or(JsValue::UNDEFINED)?;
    let url = Url::create_object_url_with_blob(blob)?;
    let anchor = document.create_element("a")?.unchecked_into::<HtmlAnchorElement>();
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser has taken hold of the data by the time the click returns only in some browsers.
    gloo::timers::callback::Timeout::new(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

/// Puts a text on the clipboard; `false` where the browser refuses (an insecure origin, a denied question).
pub(crate) async fn copy_text(text: &str) -> bool {
    let Some(window) = window() else { return false };
    let clipboard = window.navigator().clipboard();
    // The property is absent on insecure origins, whatever its type says.
    if AsRef::<JsValue>::as_ref(&clipboard).is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Asks a yes-or-no question.
pub(crate) fn confirm(question: &str) -> bool {
    window().is_some_and(|window| window.confirm_with_message(question).unwrap_or(false))
}

/// Brings the element of that id into view and moves the keyboard's focus there.
pub(crate) fn go_to(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        element.scroll_into_view();
        let _ = element.focus();
    }
}

/// Shows that the page itself has stopped; the element is part of the document from the start.
pub(crate) fn show_crash(message: &str) {
    web_sys::console::error_1(&JsValue::from_str(message));
    let Some(document) = document() else { return };
    if let Some(detail) = document.get_element_by_id("crash-detail") {
        detail.set_text_content(Some(message));
    }
    if let Some(crash) = document.get_element_by_id("crash") {
        let _ = crash.remove_attribute("hidden");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_decoded_by_their_mark() {
        assert_eq!(decode(b"caf\xc3\xa9"), "café");
        assert_eq!(decode(b"\xff\xfea\0\xe9\0"), "aé");
        assert_eq!(decode(b"\xfe\xff\0a\0\xe9"), "aé");
        assert_eq!(decode(b"a\xffb"), "a\u{fffd}b");
    }

    #[test]
    fn themes_have_words() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_word(theme.word()), Some(theme));
        }
        assert_eq!(Theme::from_word("sepia"), None);
    }
}
