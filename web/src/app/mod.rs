//! The page as a whole: its state, and what every event does to it.

mod callbacks;
mod layout;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, File, HtmlTextAreaElement};
use yew::prelude::*;

use self::callbacks::Callbacks;
use crate::browser::{self, SizeWatch, Theme};
use crate::client::{self, Client, Report};
use crate::embed::{listen_for_theme, report_height_of};
use crate::position::Place;
use crate::protocol::{Contents, Outcome, SourceText, Stamp, Work};
use crate::sources::{SourceId, Sources, Tab};
use crate::stamp;
use crate::view::Shared;
use crate::view::editor::{Marks, Selection};
use crate::view::header::Export;
use crate::view::review::{Reviewed, marks};
use crate::view::share;
use crate::view::trouble::Trouble;

/// How long the reader must pause before the text is reviewed, in milliseconds.
const PAUSE: u32 = 250;
/// How long a short message such as "copied" stays, in milliseconds.
const REMARK: u32 = 4_000;

/// Which half a narrow page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Sources,
    Review,
}

/// Everything that can happen to the page.
pub(crate) enum Msg {
    Worker(client::Event),
    Tab(Tab),
    Pick(SourceId),
    Add,
    Rename(SourceId, String),
    Remove(SourceId),
    OpenFiles(Vec<File>),
    FileRead(Tab, String, Result<String, String>),
    /// A key was pressed in the editor.
    Typed,
    /// A text too large for the editor was pasted.
    Replaced(String),
    /// The reader has paused.
    Settled,
    Example,
    ExampleLoaded(Result<Vec<SourceText>, String>),
    Share,
    ShareMode(bool),
    CloseShare,
    Export(Export),
    Copy(&'static str, String),
    Copied(&'static str, bool),
    RemarkOver,
    Show(Place),
    ShowStandard(usize, usize),
    FragmentChanged,
    EditCopy,
    NextTheme,
    HostTheme(Theme),
    Pane(Pane),
    Retry,
    Dismiss,
}

/// A request to the worker that the page waits for.
#[derive(Clone, Debug)]
struct Pending {
    serial: u64,
    since: f64,
}

/// The share panel.
struct Sharing {
    serial: u64,
    packed: Option<String>,
    read_only: bool,
}

pub(crate) struct App {
    client: Client,
    on: Callbacks,
    sources: Sources,
    /// What the parts of the page see of `sources`; made anew when they change.
    shown_sources: Shared<Sources>,
    tab: Tab,
    /// The file each tab shows, in the order of [`Tab::ALL`].
    active: [SourceId; 3],
    textarea: NodeRef,
    /// The source whose text in the editor is newer than in `sources`.
    typing: Option<SourceId>,
    settle: Option<Timeout>,
    select: Option<Selection>,
    /// The stamp of the link the sources came from, until they are edited.
    opened_stamp: Option<Stamp>,
    read_only: bool,
    reviewing: Option<Pending>,
    opening: Option<Pending>,
    sharing: Option<Sharing>,
    reviewed: Option<Shared<Reviewed>>,
    marks: Option<Shared<Marks>>,
    trouble: Option<Trouble>,
    remark: Option<(String, Timeout)>,
    theme: Theme,
    pane: Pane,
    embedded: bool,
    frame: NodeRef,
    height: Option<SizeWatch>,
    _listeners: Vec<EventListener>,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let link = ctx.link();
        let theme = Theme::initial();
        theme.show();
        let embedded = browser::parameter("embed").is_some_and(|value| value != "0");
        let fragment_changed = link.callback(|()| Msg::FragmentChanged);
        let mut listeners = Vec::new();
        if let Some(window) = browser::window() {
            listeners.push(EventListener::new(&window, "hashchange", move |_| {
                fragment_changed.emit(());
            }));
        }
        if embedded {
            listeners.extend(listen_for_theme(link.callback(Msg::HostTheme)));
        }
        let sources = Sources::new();
        let mut app = Self {
            client: Client::new(link.callback(Msg::Worker)),
            on: Callbacks::new(ctx),
            shown_sources: Shared::new(sources.clone()),
            active: first_files(&sources),
            sources,
            tab: Tab::Documented,
            textarea: NodeRef::default(),
            typing: None,
            settle: None,
            select: None,
            opened_stamp: None,
            read_only: embedded,
            reviewing: None,
            opening: None,
            sharing: None,
            reviewed: None,
            marks: None,
            trouble: None,
            remark: None,
            theme,
            pane: Pane::Review,
            embedded,
            frame: NodeRef::default(),
            height: None,
            _listeners: listeners,
        };
        app.open_fragment();
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Worker(event) => return self.worker(event),
            Msg::Typed => {
                self.typing = Some(self.active_file());
                let link = ctx.link().clone();
                self.settle = Some(Timeout::new(PAUSE, move || link.send_message(Msg::Settled)));
                return false;
            }
            Msg::Settled => {
                if !self.take_typed() {
                    return false;
                }
                self.edited();
            }
            Msg::Replaced(text) => {
                // It was made from what the editor holds, so nothing typed before is lost.
                self.typing = None;
                self.settle = None;
                self.sources.replace(self.active_file(), &text);
                self.edited();
            }
            Msg::Tab(tab) => {
                self.settle_now();
                self.tab = tab;
            }
            Msg::Pick(id) => {
                self.settle_now();
                self.activate(id);
            }
            Msg::Add => {
                self.settle_now();
                let id = self.sources.add_empty(self.tab);
                self.activate(id);
                self.sources_changed();
            }
            Msg::Rename(id, path) => {
                self.settle_now();
                self.sources.rename(id, &path);
                self.edited();
            }
            Msg::Remove(id) => {
                self.settle_now();
                self.sources.remove(id);
                self.edited();
            }
            Msg::OpenFiles(files) => {
                self.settle_now();
                for file in files {
                    let (tab, link) = (self.tab, ctx.link().clone());
                    spawn_local(async move {
                        let text = browser::read_file(&file).await;
                        link.send_message(Msg::FileRead(tab, file.name(), text));
                    });
                }
                return false;
            }
            Msg::FileRead(tab, name, Ok(text)) => {
                self.settle_now();
                let id = self.sources.add_file(tab, &name, &text);
                self.activate(id);
                self.edited();
            }
            Msg::FileRead(_, name, Err(message)) => {
                self.trouble = Some(Trouble::Other(format!("{name} could not be read: {message}")));
            }
            Msg::Example => {
                self.settle_now();
                let question = "Replace the sources on this page with the clinic example?";
                if self.sources.is_blank() || browser::confirm(question) {
                    let link = ctx.link().clone();
                    spawn_local(async move {
                        link.send_message(Msg::ExampleLoaded(load_example().await));
                    });
                }
                return false;
            }
            Msg::ExampleLoaded(Ok(sources)) => {
                self.replace_sources(Contents { sources, standard: String::new() });
                self.edited();
                self.tab = Tab::Implemented;
                self.pane = Pane::Review;
            }
            Msg::ExampleLoaded(Err(message)) => {
                let message = format!("The example could not be loaded: {message}");
                self.trouble = Some(Trouble::Other(message));
            }
            Msg::Share if self.sharing.is_some() => self.sharing = None,
            Msg::Share => self.share(),
            Msg::ShareMode(read_only) => {
                if let Some(sharing) = &mut self.sharing {
                    sharing.read_only = read_only;
                }
                self.show_link_in_address();
            }
            Msg::CloseShare => self.sharing = None,
            Msg::Export(export) => self.export(ctx, export),
            Msg::Copy(what, text) => {
                copy(ctx, what, text);
                return false;
            }
            Msg::Copied(what, done) => {
                let text = if done {
                    format!("{what} copied")
                } else {
                    format!("{what} not copied: the browser did not allow it")
                };
                let link = ctx.link().clone();
                let over = Timeout::new(REMARK, move || link.send_message(Msg::RemarkOver));
                self.remark = Some((text, over));
            }
            Msg::RemarkOver => self.remark = None,
            Msg::Show(place) => self.show(place),
            Msg::ShowStandard(line, column) => {
                let path = self.sources.of(Tab::Standard).next().map(|source| source.path.clone());
                self.show(Place::at(&path.unwrap_or_default(), line, column));
            }
            Msg::FragmentChanged => {
                self.settle_now();
                self.open_fragment();
            }
            Msg::EditCopy => {
                self.read_only = false;
                browser::replace_fragment("");
            }
            Msg::NextTheme => {
                self.theme = self.theme.next();
                self.theme.show();
                self.theme.store();
            }
            Msg::HostTheme(theme) => {
                self.theme = theme;
                theme.show();
            }
            Msg::Pane(pane) => {
                self.settle_now();
                self.pane = pane;
            }
            Msg::Retry => {
                self.trouble = None;
                self.settle_now();
                if self.opening.take().is_some() {
                    self.open_fragment();
                } else {
                    self.request_review();
                }
            }
            Msg::Dismiss => self.trouble = None,
        }
        true
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if self.embedded && self.height.is_none() {
            self.height = self.frame.cast::<Element>().as_ref().and_then(report_height_of);
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        if self.embedded { self.view_embedded() } else { self.view_page(ctx) }
    }
}

impl App {
    fn active_file(&self) -> SourceId {
        let position = Tab::ALL.iter().position(|tab| *tab == self.tab).unwrap_or_default();
        self.active.get(position).copied().unwrap_or_default()
    }

    /// Shows a file and its tab.
    fn activate(&mut self, id: SourceId) {
        let Some(source) = self.sources.get(id) else { return };
        self.tab = source.tab;
        let position = Tab::ALL.iter().position(|tab| *tab == self.tab).unwrap_or_default();
        if let Some(active) = self.active.get_mut(position) {
            *active = id;
        }
    }

    /// Takes over what was typed; whether the text changed.
    fn take_typed(&mut self) -> bool {
        self.settle = None;
        let Some(id) = self.typing.take() else { return false };
        let Some(area) = self.textarea.cast::<HtmlTextAreaElement>() else { return false };
        self.sources.typed(id, area.value())
    }

    /// Takes over what was typed before something else happens to the sources.
    fn settle_now(&mut self) {
        if self.take_typed() {
            self.edited();
        }
    }

    /// Hands the changed sources to the parts of the page, and keeps every tab on a file that exists.
    fn sources_changed(&mut self) {
        let first = first_files(&self.sources);
        for (active, first) in self.active.iter_mut().zip(first) {
            if self.sources.get(*active).is_none() {
                *active = first;
            }
        }
        self.shown_sources = Shared::new(self.sources.clone());
    }

    /// The sources are no longer those of the link in the address: they get a new review.
    fn edited(&mut self) {
        self.sources_changed();
        self.opened_stamp = None;
        self.sharing = None;
        if !browser::fragment().is_empty() {
            browser::replace_fragment("");
        }
        self.request_review();
    }

    fn replace_sources(&mut self, contents: Contents) {
        self.typing = None;
        self.settle = None;
        self.sources = Sources::from_contents(contents);
        self.active = first_files(&self.sources);
        self.select = None;
        self.sources_changed();
    }

    fn request_review(&mut self) {
        self.trouble = None;
        if self.sources.is_blank() {
            self.reviewed = None;
            self.marks = None;
            self.reviewing = None;
            return;
        }
        let work = Work::Review {
            contents: self.sources.contents(),
            stamp: self.opened_stamp.clone().unwrap_or_else(stamp::now),
        };
        let serial = self.client.request(work);
        self.reviewing = Some(Pending { serial, since: browser::milliseconds() });
    }

    /// Opens the link in the address, if there is one.
    fn open_fragment(&mut self) {
        let fragment = browser::fragment();
        if fragment.is_empty() || fragment == "#" {
            return;
        }
        self.trouble = None;
        let serial = self.client.request(Work::Open { fragment });
        self.opening = Some(Pending { serial, since: browser::milliseconds() });
    }

    fn share(&mut self) {
        self.settle_now();
        // The link must open with the review that is on the page.
        let shown = self.reviewed.as_ref().map(|reviewed| Stamp {
            id: reviewed.review.id.clone(),
            date: reviewed.review.date.clone(),
        });
        let stamp = shown.or_else(|| self.opened_stamp.clone()).unwrap_or_else(stamp::now);
        let serial = self.client.request(Work::Link {
            contents: self.sources.contents(),
            stamp,
            marks: Vec::new(),
        });
        self.sharing = Some(Sharing { serial, packed: None, read_only: self.read_only });
    }

    /// The address shows the link that is being shared, so that the address bar and the link agree.
    fn show_link_in_address(&self) {
        if let Some(Sharing { packed: Some(packed), read_only, .. }) = &self.sharing {
            browser::replace_fragment(&share::fragment(*read_only, packed));
        }
    }

    fn worker(&mut self, event: client::Event) -> bool {
        match self.client.handle(event) {
            None => return false,
            Some(Report::Failed(failure)) => {
                // A link that was being opened is tried again with the rest.
                self.reviewing = None;
                self.sharing = None;
                self.trouble = Some(Trouble::Worker(failure));
            }
            Some(Report::Answer { serial, outcome }) => self.answer(serial, *outcome),
        }
        true
    }

    fn answer(&mut self, serial: u64, outcome: Outcome) {
        let is = |pending: &Option<Pending>| pending.as_ref().is_some_and(|it| it.serial == serial);
        match outcome {
            Outcome::Reviewed { json, markdown, migration, titles } if is(&self.reviewing) => {
                let since = self.reviewing.take().map_or(0.0, |pending| pending.since);
                match serde_json::from_str(&json) {
                    Ok(review) => {
                        self.marks = Some(Shared::new(marks(&review)));
                        let milliseconds = browser::milliseconds() - since;
                        let reviewed =
                            Reviewed { review, json, markdown, migration, titles, milliseconds };
                        self.reviewed = Some(Shared::new(reviewed));
                        self.trouble = None;
                    }
                    Err(error) => {
                        self.trouble =
                            Some(Trouble::Other(format!("The review could not be shown: {error}")));
                    }
                }
            }
            Outcome::BadStandard { message, line, column } if is(&self.reviewing) => {
                self.reviewing = None;
                self.trouble = Some(Trouble::Standard { message, line, column });
            }
            Outcome::Linked { packed } => {
                if let Some(sharing) = &mut self.sharing
                    && sharing.serial == serial
                {
                    sharing.packed = Some(packed);
                    self.show_link_in_address();
                }
            }
            Outcome::Opened { read_only, contents, stamp, .. } if is(&self.opening) => {
                self.opening = None;
                self.replace_sources(contents);
                self.opened_stamp = stamp;
                self.sharing = None;
                self.read_only = read_only || self.embedded;
                self.pane = Pane::Review;
                self.request_review();
            }
            Outcome::NoLink if is(&self.opening) => self.opening = None,
            Outcome::BadLink { message } if is(&self.opening) => {
                self.opening = None;
                self.trouble = Some(Trouble::Link(message));
            }
            // An answer nobody waits for any more.
            _ => {}
        }
    }

    fn export(&mut self, ctx: &Context<Self>, export: Export) {
        let Some(reviewed) = &self.reviewed else { return };
        let saved = match export {
            Export::CopyMarkdown => {
                copy(ctx, "Report", reviewed.markdown.clone());
                return;
            }
            Export::CopyMigration => {
                copy(ctx, "Migration", reviewed.migration.clone());
                return;
            }
            Export::SaveMarkdown => {
                browser::save_text("review.md", "text/markdown", &reviewed.markdown)
            }
            Export::SaveJson => {
                browser::save_text("review.json", "application/json", &reviewed.json)
            }
            Export::SaveMigration => {
                browser::save_text("migration.sql", "application/sql", &reviewed.migration)
            }
        };
        if let Err(error) = saved {
            let message = format!("The file could not be saved: {}", browser::error_text(&error));
            self.trouble = Some(Trouble::Other(message));
        }
    }

    /// Selects a place in the editor.
    fn show(&mut self, place: Place) {
        self.settle_now();
        let Some(source) = self.sources.by_path(&place.source).map(|source| source.id) else {
            return;
        };
        self.activate(source);
        self.pane = Pane::Sources;
        let number = self.select.as_ref().map_or(1, |last| last.number + 1);
        self.select = Some(Selection { number, source, place });
    }
}

fn copy(ctx: &Context<App>, what: &'static str, text: String) {
    let link = ctx.link().clone();
    spawn_local(async move {
        let done = browser::copy_text(&text).await;
        link.send_message(Msg::Copied(what, done));
    });
}

/// The first file of every tab.
fn first_files(sources: &Sources) -> [SourceId; 3] {
    Tab::ALL.map(|tab| sources.of(tab).next().map(|source| source.id).unwrap_or_default())
}

/// The clinic example, which is published beside the page and fetched only when asked for.
async fn load_example() -> Result<Vec<SourceText>, String> {
    let mut sources = Vec::new();
    for (documented, path) in [(true, "documented.sql"), (false, "implemented.sql")] {
        let text = browser::fetch_text(&format!("examples/clinic/{path}")).await?;
        sources.push(SourceText { documented, path: path.to_owned(), text });
    }
    Ok(sources)
}
