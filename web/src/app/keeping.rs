//! Reviews that are kept: in the browser's storage where the reader allows it, and as files.

use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::prelude::*;

use super::{App, Msg, Pending};
use crate::browser;
use crate::protocol::{Contents, Stamp, Work};
use crate::stamp;
use crate::storage::{self, Saved};
use crate::view::Shared;
use crate::view::saved::Reviews;
use crate::view::trouble::Trouble;

/// How long after a review its text is kept, in milliseconds: typing on makes a new one first.
const KEEP_AFTER: u32 = 800;

/// What can happen to the kept reviews.
pub(crate) enum Keep {
    /// The panel is opened or closed.
    Panel,
    Close,
    Allow(bool),
    Listed(Result<Vec<Saved>, String>),
    /// Something was written, renamed or deleted.
    Done(Result<(), String>),
    Open(String),
    Loaded(String, Result<String, String>),
    Rename(String, String),
    Delete(Saved),
    Clear,
    New,
    SaveFile,
    OpenFile(File),
    FileRead(Result<String, String>),
    /// The review on the page is to be kept now.
    Now,
}

/// Why the text of the review was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Keep,
    Disk,
}

/// The part of the page's state that is about kept reviews.
pub(super) struct Keeping {
    callback: Callback<Keep>,
    is_open: bool,
    listed: Option<Shared<Vec<Saved>>>,
    trouble: Option<String>,
    /// The id and title under which the review on the page is kept.
    current: Option<(String, String)>,
    /// What is being opened, until its text has arrived.
    arriving: Option<(String, String)>,
    /// Whether the reader has changed anything since the sources came.
    pub(super) is_edited: bool,
    soon: Option<Timeout>,
    filing: Vec<(u64, Purpose)>,
}

impl Keeping {
    pub(super) fn new(callback: Callback<Keep>) -> Self {
        Self {
            callback,
            is_open: false,
            listed: None,
            trouble: None,
            current: None,
            arriving: None,
            is_edited: false,
            soon: None,
            filing: Vec::new(),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Another panel takes the place of this one.
    pub(super) fn hide(&mut self) {
        self.is_open = false;
    }

    pub(super) fn toggle(&self) -> Callback<()> {
        self.callback.reform(|()| Keep::Panel)
    }

    /// Other sources have come onto the page: what is kept is not theirs.
    pub(super) fn left(&mut self) {
        self.current = None;
        self.is_edited = false;
        self.soon = None;
        self.filing.retain(|(_, purpose)| *purpose != Purpose::Keep);
    }

    /// A kept review has opened: from now on edits go to it.
    pub(super) fn arrived(&mut self) {
        self.current = self.arriving.take();
    }

    /// The id and title under which the review on the page is kept.
    pub(super) fn kept(&self) -> Option<(String, String)> {
        self.current.clone()
    }

    /// The review that came back onto the page is kept under these.
    pub(super) fn keep_under(&mut self, kept: Option<(String, String)>) {
        self.current = kept;
    }

    /// Nothing is being opened any more.
    pub(super) fn not_arrived(&mut self) {
        self.arriving = None;
    }

    /// Keeps the review on the page in a moment, if the reader has edited it and allows that.
    pub(super) fn soon(&mut self) {
        if self.is_edited && storage::allowed() {
            let callback = self.callback.clone();
            self.soon = Some(Timeout::new(KEEP_AFTER, move || callback.emit(Keep::Now)));
        }
    }

    /// Runs what has no answer but success, then lists anew.
    fn run(&self, work: impl Future<Output = Result<(), String>> + 'static) {
        let callback = self.callback.clone();
        spawn_local(async move { callback.emit(Keep::Done(work.await)) });
    }

    fn list(&self) {
        let callback = self.callback.clone();
        spawn_local(async move { callback.emit(Keep::Listed(storage::list().await)) });
    }
}

impl App {
    pub(super) fn keep(&mut self, keep: Keep) {
        match keep {
            Keep::Panel if self.keeping.is_open => self.close_reviews(),
            Keep::Panel => {
                self.settle_now();
                self.sharing = None;
                self.keeping.is_open = true;
                self.keeping.trouble = None;
                self.keeping.list();
            }
            Keep::Close => self.close_reviews(),
            Keep::Allow(true) => match storage::allow() {
                Ok(()) => {
                    self.keeping.trouble = None;
                    // What is on the page was meant when the switch was turned.
                    self.keeping.is_edited = true;
                    self.keeping.soon();
                    self.keeping.list();
                }
                Err(message) => self.keeping.trouble = Some(message),
            },
            Keep::Allow(false) => {
                let kept = self.keeping.listed.as_ref().map_or(0, |listed| listed.len());
                let question =
                    "Stop keeping reviews, and delete all that are kept in this browser?";
                if kept == 0 || browser::confirm(question) {
                    self.keeping.soon = None;
                    self.keeping.current = None;
                    self.history.forget_kept(|_| true);
                    self.keeping.run(storage::forbid_and_clear());
                }
            }
            Keep::Listed(Ok(listed)) => {
                // A review that was deleted in another tab is not one that edits go to.
                let current = self.keeping.current.as_ref();
                if let Some(found) =
                    listed.iter().find(|saved| current.is_some_and(|(id, _)| *id == saved.id))
                {
                    self.keeping.current = Some((found.id.clone(), found.title.clone()));
                }
                self.keeping.listed = Some(Shared::new(listed));
            }
            Keep::Done(Ok(())) => {
                self.keeping.trouble = None;
                self.keeping.list();
            }
            Keep::Listed(Err(message)) | Keep::Done(Err(message)) => {
                self.keeping.listed.get_or_insert_with(|| Shared::new(Vec::new()));
                self.keeping_failed(message);
            }
            Keep::Open(id) => {
                let callback = self.keeping.callback.clone();
                spawn_local(async move {
                    let text = storage::load(&id).await;
                    callback.emit(Keep::Loaded(id, text));
                });
            }
            Keep::Loaded(id, Ok(text)) => {
                let title = self.keeping.listed.as_ref().and_then(|listed| {
                    listed.iter().find(|saved| saved.id == id).map(|saved| saved.title.clone())
                });
                self.open_file(text);
                self.keeping.arriving = title.map(|title| (id, title));
            }
            Keep::Loaded(_, Err(message)) => self.keeping_failed(message),
            Keep::Rename(id, title) => {
                self.keeping.run(async move { storage::rename(&id, &title).await });
            }
            Keep::Delete(saved) => {
                if browser::confirm(&format!("Delete the kept review “{}”?", saved.title)) {
                    self.forget(|id| id == saved.id);
                    self.keeping.run(async move { storage::delete(&saved.id).await });
                }
            }
            Keep::Clear => {
                if browser::confirm("Delete all reviews that are kept in this browser?") {
                    self.forget(|_| true);
                    self.keeping.run(storage::clear());
                }
            }
            Keep::New => {
                self.remember_aloud("Began an empty review");
                self.replace_sources(Contents::default());
                self.noted = Shared::new(Vec::new());
                self.opened_stamp = None;
                browser::replace_fragment("");
                self.request_review();
                self.close_reviews();
            }
            Keep::SaveFile => self.request_file(Purpose::Disk),
            Keep::OpenFile(file) => {
                let callback = self.keeping.callback.clone();
                spawn_local(async move {
                    callback.emit(Keep::FileRead(browser::read_file(&file).await));
                });
            }
            Keep::FileRead(Ok(text)) => self.open_file(text),
            Keep::FileRead(Err(message)) => {
                self.keeping.trouble = Some(format!("The file could not be read: {message}"));
            }
            Keep::Now => {
                if storage::allowed() && !self.sources.is_blank() {
                    self.request_file(Purpose::Keep);
                }
            }
        }
    }

    fn close_reviews(&mut self) {
        self.keeping.is_open = false;
        browser::go_to("reviews-button");
    }

    /// Edits after this do not bring back what was deleted.
    fn forget(&mut self, is_gone: impl Fn(&str) -> bool) {
        if self.keeping.current.as_ref().is_some_and(|(id, _)| is_gone(id)) {
            self.keeping.left();
        }
        self.history.forget_kept(is_gone);
    }

    /// Says what the storage could not do: in the panel, or on the page where there is no panel.
    fn keeping_failed(&mut self, message: String) {
        if self.keeping.is_open {
            self.keeping.trouble = Some(message);
        } else {
            self.trouble = Some(Trouble::Other(message));
        }
    }

    fn open_file(&mut self, text: String) {
        self.trouble = None;
        self.keeping.trouble = None;
        self.keeping.arriving = None;
        let serial = self.client.request(Work::OpenFile { text });
        self.opening = Some(Pending { serial, since: browser::milliseconds() });
        self.keeping.is_open = false;
    }

    fn request_file(&mut self, purpose: Purpose) {
        self.settle_now();
        let work = Work::File {
            contents: self.sources.contents(),
            stamp: self.shown_stamp(),
            marks: self.noted.to_vec(),
        };
        let serial = self.client.request(work);
        self.keeping.filing.push((serial, purpose));
    }

    /// The text of the review has come.
    pub(super) fn filed(&mut self, serial: u64, text: &str) {
        let Some(at) = self.keeping.filing.iter().position(|(asked, _)| *asked == serial) else {
            return;
        };
        match self.keeping.filing.remove(at).1 {
            Purpose::Disk => {
                let name = format!("review-{}.schemaward.json", self.shown_stamp().date);
                if let Err(error) = browser::save_text(&name, "application/json", text) {
                    let error = browser::error_text(&error);
                    self.keeping_failed(format!("The file could not be saved: {error}"));
                }
            }
            Purpose::Keep => self.keep_text(text.to_owned()),
        }
    }

    fn keep_text(&mut self, text: String) {
        let (id, title) =
            self.keeping.current.clone().unwrap_or_else(|| (stamp::now().id, self.sources.title()));
        self.keeping.current = Some((id.clone(), title.clone()));
        let review = self.reviewed.as_ref().map(|reviewed| &reviewed.review);
        let saved = Saved {
            id,
            title,
            changed: js_sys::Date::now(),
            tables: review.map_or(0, |review| review.tables.len()),
            status: review.map(|review| review.status.clone()).unwrap_or_default(),
        };
        self.keeping.run(async move { storage::save(&saved, &text).await });
    }

    /// The stamp of the review on the page.
    pub(super) fn shown_stamp(&self) -> Stamp {
        let shown = self.reviewed.as_ref().map(|reviewed| Stamp {
            id: reviewed.review.id.clone(),
            date: reviewed.review.date.clone(),
        });
        shown.or_else(|| self.opened_stamp.clone()).unwrap_or_else(stamp::now)
    }

    pub(super) fn view_reviews(&self) -> Html {
        if !self.keeping.is_open {
            return html! {};
        }
        let on = &self.keeping.callback;
        html! {
            <Reviews allowed={storage::allowed()} reviews={self.keeping.listed.clone()}
                current={self.keeping.current.as_ref().map(|(id, _)| AttrValue::from(id.clone()))}
                trouble={self.keeping.trouble.clone().map(AttrValue::from)}
                can_save={!self.sources.is_blank()}
                on_allow={on.reform(Keep::Allow)} on_open={on.reform(Keep::Open)}
                on_rename={on.reform(|(id, title)| Keep::Rename(id, title))}
                on_delete={on.reform(Keep::Delete)} on_new={on.reform(|()| Keep::New)}
                on_save_file={on.reform(|()| Keep::SaveFile)} on_open_file={on.reform(Keep::OpenFile)}
                on_clear={on.reform(|()| Keep::Clear)} on_close={on.reform(|()| Keep::Close)} />
        }
    }

    pub(super) fn keep_callback(ctx: &Context<Self>) -> Callback<Keep> {
        ctx.link().callback(Msg::Keep)
    }
}
