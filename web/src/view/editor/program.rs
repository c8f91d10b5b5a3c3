//! The editor's own program, CodeMirror with what this page needs of it: a module of its own in JavaScript, made from
//! `web/editor` and loaded after the page.

use js_sys::{JsString, Object, Uint32Array};
use wasm_bindgen::prelude::*;
use web_sys::Element;

use crate::browser::{self, record};

#[wasm_bindgen]
extern "C" {
    /// The module as it is imported.
    #[derive(Clone, Debug)]
    pub(crate) type Module;

    /// Puts an editor into an element. What it calls is in `calls`; `web/editor/src/editor.js` describes it.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn mount(this: &Module, host: &Element, calls: &Object) -> Result<Mounted, JsValue>;

    /// An editor in its element. Files are named by the ids of their sources.
    #[derive(Clone, Debug)]
    pub(crate) type Mounted;

    /// Whether the file was shown with its text of this revision.
    #[wasm_bindgen(method)]
    pub(crate) fn knows(this: &Mounted, file: u32, revision: u32) -> bool;

    /// Shows a file; the text may be empty where [`Mounted::knows`] says so.
    #[wasm_bindgen(method)]
    pub(crate) fn show(
        this: &Mounted,
        file: u32,
        revision: u32,
        path: &str,
        text: &str,
        kind: &str,
        read_only: bool,
        hint: &str,
    );

    /// The text of the file if it is the one that is shown. Marks that come later are meant for this text.
    #[wasm_bindgen(method)]
    pub(crate) fn take(this: &Mounted, file: u32) -> Option<String>;

    /// Lets go of the histories of all files but these.
    #[wasm_bindgen(method)]
    pub(crate) fn keep(this: &Mounted, files: &[u32]);

    /// Marks places in the file that is shown, six numbers each.
    #[wasm_bindgen(method)]
    pub(crate) fn mark(this: &Mounted, numbers: &Uint32Array);

    /// Selects a place of the file that is shown, both ends as lines and columns from 1.
    #[wasm_bindgen(method)]
    pub(crate) fn select(this: &Mounted, line: u32, column: u32, end_line: u32, end_column: u32);

    /// Takes over the selection, in UTF-16 units, and perhaps the focus of what stood in.
    #[wasm_bindgen(method)]
    pub(crate) fn adopt(this: &Mounted, anchor: u32, head: u32, focused: bool);

    /// Removes it.
    #[wasm_bindgen(method)]
    pub(crate) fn destroy(this: &Mounted);
}

/// Loads the module.
pub(crate) async fn load() -> Result<Module, JsValue> {
    Ok(browser::load_module("editor").await?.unchecked_into())
}

/// What a mounted editor calls. The functions live as long as this does.
pub(crate) struct Calls {
    object: Object,
    _on_typed: Closure<dyn FnMut()>,
    _on_mark: Closure<dyn FnMut(u32)>,
    _about: Closure<dyn FnMut(u32) -> JsValue>,
    _page_of: Closure<dyn FnMut(JsString) -> JsValue>,
}

impl Calls {
    pub(crate) fn new(
        on_typed: impl FnMut() + 'static,
        on_mark: impl FnMut(u32) + 'static,
        about: impl FnMut(u32) -> JsValue + 'static,
        mut page_of: impl FnMut(String) -> Option<String> + 'static,
    ) -> Self {
        let on_typed = Closure::<dyn FnMut()>::new(on_typed);
        let on_mark = Closure::<dyn FnMut(u32)>::new(on_mark);
        let about = Closure::<dyn FnMut(u32) -> JsValue>::new(about);
        let page_of = Closure::<dyn FnMut(JsString) -> JsValue>::new(move |rule: JsString| {
            page_of(rule.into()).map_or(JsValue::UNDEFINED, JsValue::from)
        });
        let object = record(&[
            ("onTyped", on_typed.as_ref()),
            ("onMark", on_mark.as_ref()),
            ("about", about.as_ref()),
            ("pageOf", page_of.as_ref()),
        ]);
        Self { object, _on_typed: on_typed, _on_mark: on_mark, _about: about, _page_of: page_of }
    }

    pub(crate) fn object(&self) -> &Object {
        &self.object
    }
}
