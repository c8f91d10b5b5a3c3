//! The door to `web/editor/src/intake.js`, which walks folders, unpacks zips and reads files.

use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{LIMITS, is_skipped, is_wanted};
use crate::browser::{load_module, record};

#[wasm_bindgen]
extern "C" {
    type Module;

    #[wasm_bindgen(method, catch)]
    fn gather(
        this: &Module,
        items: &Array,
        limits: &Object,
        calls: &Object,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn pick(this: &Module, folder: bool) -> Result<Promise, JsValue>;

    /// What was gathered.
    pub(crate) type Gathered;

    #[wasm_bindgen(method, getter)]
    fn files(this: &Gathered) -> Vec<Item>;

    #[wasm_bindgen(method, getter)]
    fn left(this: &Gathered) -> Vec<Item>;

    /// How many files nobody wants.
    #[wasm_bindgen(method, getter)]
    fn ignored(this: &Gathered) -> u32;

    #[wasm_bindgen(method, getter)]
    fn stopped(this: &Gathered) -> Option<Item>;

    type Item;

    #[wasm_bindgen(method, getter)]
    fn path(this: &Item) -> String;

    #[wasm_bindgen(method, getter)]
    fn bytes(this: &Item) -> Uint8Array;

    #[wasm_bindgen(method, getter)]
    fn why(this: &Item) -> String;

    #[wasm_bindgen(method, getter)]
    fn detail(this: &Item) -> String;

    #[wasm_bindgen(method, getter)]
    fn size(this: &Item) -> f64;

    #[wasm_bindgen(method, getter)]
    fn count(this: &Item) -> f64;
}

/// What came of the files that the reader opened.
pub(crate) struct Harvest {
    /// Files in the order of their paths, with their bytes.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Files that were left out, with the rest of the sentence that says why.
    pub(crate) left: Vec<(String, String)>,
    pub(crate) ignored: usize,
    /// Why nothing is opened.
    pub(crate) stopped: Option<String>,
}

/// Reads files, entries of a drop or handles of a picker. `on_progress` is told how many were looked at, and answers
/// whether to go on.
pub(crate) async fn gather(
    items: Vec<JsValue>,
    on_progress: impl FnMut(u32) -> bool + 'static,
) -> Result<Harvest, JsValue> {
    let module = load_module("intake").await?.unchecked_into::<Module>();
    let limits = record(&[
        ("visited", &LIMITS.visited.into()),
        ("files", &LIMITS.files.into()),
        ("file", &LIMITS.file.into()),
        ("total", &LIMITS.total.into()),
        ("zip", &LIMITS.zip.into()),
        ("ratio", &LIMITS.ratio.into()),
    ]);
    let wanted = Closure::<dyn FnMut(String) -> bool>::new(|path: String| is_wanted(&path));
    let skipped = Closure::<dyn FnMut(String) -> bool>::new(|name: String| is_skipped(&name));
    let on_progress = Closure::<dyn FnMut(u32) -> bool>::new(on_progress);
    let calls = record(&[
        ("isWanted", wanted.as_ref()),
        ("isSkipped", skipped.as_ref()),
        ("onProgress", on_progress.as_ref()),
    ]);
    let items = items.into_iter().collect::<Array>();
    let gathered = JsFuture::from(module.gather(&items, &limits, &calls)?).await?;
    let gathered = gathered.unchecked_into::<Gathered>();
    let left = gathered
        .left()
        .into_iter()
        .map(|item| (item.path(), super::left_out(&item.why(), item.size(), &item.detail())));
    let stopped = gathered.stopped();
    Ok(Harvest {
        left: left.collect(),
        ignored: usize::try_from(gathered.ignored()).unwrap_or(usize::MAX),
        stopped: stopped.map(|item| super::stopped(&item.why(), &item.path(), item.count())),
        files: gathered
            .files()
            .into_iter()
            .map(|item| (item.path(), item.bytes().to_vec()))
            .collect(),
    })
}

/// Whether the browser has a picker of its own that leaves a folder where it is until it is read. Frames of other
/// origins have none.
pub(crate) fn has_picker(folder: bool) -> bool {
    let name = if folder { "showDirectoryPicker" } else { "showOpenFilePicker" };
    Reflect::get(&js_sys::global(), &name.into()).is_ok_and(|picker| picker.is_function())
}

/// Lets the reader choose; what is chosen goes to [`gather`].
pub(crate) async fn pick(folder: bool) -> Result<Vec<JsValue>, JsValue> {
    let module = load_module("intake").await?.unchecked_into::<Module>();
    let picked = JsFuture::from(module.pick(folder)?).await?;
    Ok(Array::from(&picked).to_vec())
}
