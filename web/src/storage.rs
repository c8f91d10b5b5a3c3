//! The reviews that are kept in the browser's own storage, where the reader has allowed it.
//!
//! Nothing is written before [`allow`], and [`forbid_and_clear`] leaves nothing behind. The
//! permission is a flag in the local storage; the reviews are in an `IndexedDB` of two stores: one
//! lists them, the other holds their texts, so that listing reads no text. The database is opened
//! for one operation and closed after it: a tab that stays open never keeps another one from a
//! newer version.
//!
//! Every error is a sentence for the reader, with what can be done.

use js_sys::{Array, Promise};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest,
    IdbTransaction, IdbTransactionMode,
};

use crate::browser;

const ALLOWED_KEY: &str = "schemaward-keep-reviews";
const DATABASE: &str = "schemaward";
/// The version of the two stores' shape.
const VERSION: u32 = 1;
/// What is said of each review, as JSON of [`Saved`], under the review's id.
const LIST: &str = "reviews";
/// The text of each review's file, under the review's id.
const TEXTS: &str = "texts";

/// One kept review as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Saved {
    /// A ULID, made when the review was first kept. It stays when the review is made anew.
    pub(crate) id: String,
    pub(crate) title: String,
    /// When it was last written, in milliseconds since 1970.
    pub(crate) changed: f64,
    /// How many tables were reviewed.
    pub(crate) tables: usize,
    /// The review's status: `pass`, `pass_with_warnings`, `fail`.
    pub(crate) status: String,
}

/// Whether the reader has allowed that reviews are kept.
pub(crate) fn allowed() -> bool {
    let flag = browser::storage().and_then(|storage| storage.get_item(ALLOWED_KEY).ok());
    flag.flatten().is_some()
}

/// Remembers that reviews may be kept.
pub(crate) fn allow() -> Result<(), String> {
    let set = browser::storage().map(|storage| storage.set_item(ALLOWED_KEY, "yes"));
    match set {
        Some(Ok(())) => Ok(()),
        _ => Err("This browser does not let the page keep anything. Private windows and strict settings \
                  do that: allow site data for this page, or save the review as a file."
            .to_owned()),
    }
}

/// Takes the permission back at once, so that the switch never jumps back, and deletes everything that was kept.
pub(crate) fn forbid_and_clear() -> impl Future<Output = Result<(), String>> {
    if let Some(storage) = browser::storage() {
        let _ = storage.remove_item(ALLOWED_KEY);
    }
    async {
        let delete = factory()?.delete_database(DATABASE).map_err(|error| message(&error))?;
        // Another tab that is just writing delays this until it has closed the database.
        settled(&delete).await?;
        Ok(())
    }
}

/// The kept reviews, the one that changed last first.
pub(crate) async fn list() -> Result<Vec<Saved>, String> {
    if !allowed() {
        return Ok(Vec::new());
    }
    let database = Database::open().await?;
    let transaction = database.begin(IdbTransactionMode::Readonly)?;
    let all = store(&transaction, LIST)?.get_all().map_err(|error| message(&error))?;
    let all: Array = settled(&all).await?.unchecked_into();
    let mut reviews: Vec<Saved> =
        all.iter().filter_map(|entry| serde_json::from_str(&entry.as_string()?).ok()).collect();
    reviews.sort_by(|left, right| {
        right.changed.total_cmp(&left.changed).then_with(|| left.id.cmp(&right.id))
    });
    Ok(reviews)
}

/// Keeps a review: the text of its file, and what is listed of it. Replaces the one of the same id
/// but for its title, which only [`rename`] changes; either both are written or neither.
pub(crate) async fn save(review: &Saved, text: &str) -> Result<(), String> {
    let database = Database::open().await?;
    let transaction = database.begin_write()?;
    let done = done(&transaction);
    let mut review = review.clone();
    if let Some(kept) = find(&transaction, &review.id).await? {
        review.title = kept.title;
    }
    put(&transaction, LIST, &review.id, &entry(&review))?;
    put(&transaction, TEXTS, &review.id, text)?;
    done.await
}

/// Gives a kept review another title.
pub(crate) async fn rename(id: &str, title: &str) -> Result<(), String> {
    let database = Database::open().await?;
    let transaction = database.begin_write()?;
    let done = done(&transaction);
    if let Some(review) = find(&transaction, id).await? {
        let review = Saved { title: title.to_owned(), ..review };
        put(&transaction, LIST, id, &entry(&review))?;
    }
    done.await
}

/// The text of a kept review's file.
pub(crate) async fn load(id: &str) -> Result<String, String> {
    let database = Database::open().await?;
    let transaction = database.begin(IdbTransactionMode::Readonly)?;
    let text = store(&transaction, TEXTS)?.get(&id.into()).map_err(|error| message(&error))?;
    settled(&text).await?.as_string().ok_or_else(|| {
        "That review is not there any more: it was deleted in another tab.".to_owned()
    })
}

/// Deletes a kept review.
pub(crate) async fn delete(id: &str) -> Result<(), String> {
    let database = Database::open().await?;
    let transaction = database.begin_write()?;
    let done = done(&transaction);
    for name in [LIST, TEXTS] {
        store(&transaction, name)?.delete(&id.into()).map_err(|error| message(&error))?;
    }
    done.await
}

/// Deletes all kept reviews and leaves the permission as it is.
pub(crate) async fn clear() -> Result<(), String> {
    let database = Database::open().await?;
    let transaction = database.begin_write()?;
    let done = done(&transaction);
    for name in [LIST, TEXTS] {
        store(&transaction, name)?.clear().map_err(|error| message(&error))?;
    }
    done.await
}

/// An open database, closed when it goes.
struct Database(IdbDatabase);

impl Drop for Database {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Database {
    async fn open() -> Result<Self, String> {
        let request =
            factory()?.open_with_u32(DATABASE, VERSION).map_err(|error| message(&error))?;
        let opening = request.clone();
        let upgrade = Closure::once(move || -> Result<(), JsValue> {
            let database: IdbDatabase = opening.result()?.unchecked_into();
            for name in [LIST, TEXTS] {
                if !database.object_store_names().contains(name) {
                    database.create_object_store(name)?;
                }
            }
            Ok(())
        });
        request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        Ok(Self(settled_open(&request).await?.unchecked_into()))
    }

    fn begin(&self, mode: IdbTransactionMode) -> Result<IdbTransaction, String> {
        let names = Array::of2(&LIST.into(), &TEXTS.into());
        self.0.transaction_with_str_sequence_and_mode(&names, mode).map_err(|error| message(&error))
    }

    /// Begins to write, if that is still allowed: the reader may have forbidden it meanwhile, in
    /// this tab or in another.
    fn begin_write(&self) -> Result<IdbTransaction, String> {
        if !allowed() {
            return Err("Reviews are not kept in this browser: the switch is off.".to_owned());
        }
        self.begin(IdbTransactionMode::Readwrite)
    }
}

fn factory() -> Result<IdbFactory, String> {
    let factory = browser::window().and_then(|window| window.indexed_db().ok().flatten());
    factory.ok_or_else(|| {
        "This browser has no storage for reviews, or has switched it off for this page. Save the \
         review as a file."
            .to_owned()
    })
}

fn store(transaction: &IdbTransaction, name: &str) -> Result<IdbObjectStore, String> {
    transaction.object_store(name).map_err(|error| message(&error))
}

/// What is listed of a review, if it is there.
async fn find(transaction: &IdbTransaction, id: &str) -> Result<Option<Saved>, String> {
    let found = store(transaction, LIST)?.get(&id.into()).map_err(|error| message(&error))?;
    let found = settled(&found).await?.as_string();
    Ok(found.and_then(|found| serde_json::from_str(&found).ok()))
}

fn put(transaction: &IdbTransaction, name: &str, id: &str, value: &str) -> Result<(), String> {
    let put = store(transaction, name)?.put_with_key(&value.into(), &id.into());
    put.map(|_| ()).map_err(|error| message(&error))
}

fn entry(review: &Saved) -> String {
    // Text and finite numbers only, so that this cannot fail.
    serde_json::to_string(review).unwrap_or_default()
}

/// What a request answers with.
async fn settled(request: &IdbRequest) -> Result<JsValue, String> {
    let answered = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(answered).await {
        Ok(_) => request.result().map_err(|error| message(&error)),
        Err(_) => Err(message(&request.error().ok().flatten().into())),
    }
}

/// The database of a request to open it.
async fn settled_open(request: &IdbOpenDbRequest) -> Result<JsValue, String> {
    let blocked = Promise::new(&mut |_, reject| request.set_onblocked(Some(&reject)));
    let opened = async { settled(request).await };
    let mut opened = std::pin::pin!(opened);
    let mut blocked = std::pin::pin!(JsFuture::from(blocked));
    std::future::poll_fn(|context| {
        if let std::task::Poll::Ready(done) = opened.as_mut().poll(context) {
            return std::task::Poll::Ready(done);
        }
        blocked.as_mut().poll(context).map(|_| {
            Err("Another tab with an older version of this page holds the kept reviews. Close that \
                 tab, then try again."
                .to_owned())
        })
    })
    .await
}

/// Waits until all that a transaction was asked for is written.
///
/// The handlers are set before this returns, so that no event is missed.
fn done(transaction: &IdbTransaction) -> impl Future<Output = Result<(), String>> + use<> {
    let written = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    let transaction = transaction.clone();
    async move {
        match JsFuture::from(written).await {
            Ok(_) => Ok(()),
            Err(_) => Err(message(&transaction.error().map(JsValue::from).unwrap_or_default())),
        }
    }
}

/// What a browser's refusal means for the reader.
fn message(error: &JsValue) -> String {
    let name = error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default();
    match name.as_str() {
        "QuotaExceededError" => {
            "The browser's storage for this page is full. Delete reviews that are not needed any more, \
             or save this one as a file."
                .to_owned()
        }
        "VersionError" => {
            "The kept reviews were written by a newer version of this page. Reload the page.".to_owned()
        }
        "SecurityError" | "InvalidStateError" | "NotAllowedError" => {
            "The browser does not let this page keep reviews. Private windows and strict settings do that: \
             allow site data for this page, or save the review as a file."
                .to_owned()
        }
        _ => format!(
            "The browser could not use its storage: {} Save the review as a file.",
            browser::error_text(error)
        ),
    }
}
