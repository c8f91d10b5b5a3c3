//! The page as a whole: its state, and what every event does to it.

mod callbacks;
mod commands;
mod keeping;
mod layout;
pub(crate) mod opening;
mod picture;
mod undo;
mod work;

use std::collections::BTreeMap;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use schemaward_link::Mark;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use self::callbacks::Callbacks;
use self::commands::Over;
use self::keeping::{Keep, Keeping};
use self::opening::{Opening, Openings};
use self::picture::{Picture, Picturing};
use self::undo::{History, Way};
use crate::browser::{self, SizeWatch, Theme};
use crate::client::{self, Client};
use crate::embed::{listen_for_theme, report_height_of};
use crate::examples;
use crate::position::Place;
use crate::protocol::{Contents, Phase, Stamp, Work};
use crate::sources::{SourceId, Sources, Tab};
use crate::view::Shared;
use crate::view::editor::{Field, RulePages, Selection};
use crate::view::header::Export;
use crate::view::review::Reviewed;
use crate::view::review::marks::Marks;
use crate::view::review::plan::{LeftOut, Outlook, migration};
use crate::view::review::wanted::Wanted;
use crate::view::share;
use crate::view::trouble::Trouble;

/// How long the reader must pause before the text is reviewed, in milliseconds.
const PAUSE: u32 = 250;
/// How long a short message such as "copied" stays, in milliseconds.
const REMARK: u32 = 4_000;
/// How long one stays that offers to take something back. The offer is in the palette, and on a key, after it too.
const OFFER: u32 = 12_000;

/// Which half a narrow page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    Sources,
    Review,
}

/// Everything that can happen to the page.
pub(crate) enum Msg {
    Worker(client::Event),
    /// The reader stops the review.
    Cancel,
    /// Shows the report in place of the review, or the review again.
    Report(bool),
    /// The same for the picture of the schema.
    Picture(Picturing),
    /// The reader has decided about a finding.
    Note(Mark),
    /// The steps that the reader leaves out of the migration.
    LeftOut(LeftOut),
    /// Nothing has happened for a while: there is time to try the migration.
    Predict,
    Tab(Tab),
    Pick(SourceId),
    Add,
    Rename(SourceId, String),
    Remove(SourceId),
    Opening(Opening),
    /// The file goes to the other side.
    Move(SourceId),
    /// A key was pressed in the editor.
    Typed,
    /// A text too large for the editor was pasted.
    Replaced(String),
    /// The reader has paused.
    Settled,
    /// The example of that name is asked for.
    Example(&'static str),
    ExampleLoaded(Result<Contents, String>),
    Keep(Keep),
    Share,
    ShareMode(bool),
    CloseShare,
    Export(Export),
    Copy(&'static str, String),
    Copied(&'static str, bool),
    RemarkOver,
    Show(Place),
    /// Shows what a mark in the editor is of, in the review.
    Mark(usize),
    ShowStandard(usize, usize),
    FragmentChanged,
    EditCopy,
    NextTheme,
    Theme(Theme),
    /// Something is to stand over the page, or nothing.
    Over(Option<Over>),
    /// The last action on the sources is taken back, or done again.
    Travel(Way),
    /// The command at this place of the palette.
    Run(usize),
    /// Whether the question mark alone opens the list of keys.
    SingleKey(bool),
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

/// What a rendering is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// To be saved under this name and media type.
    Save(&'static str, &'static str),
    /// To be shown.
    Show,
}

/// The report that is shown in place of the review.
struct Report {
    /// The id of the review it was asked for.
    of: String,
    html: Option<AttrValue>,
}

/// A short message at the foot of the page.
struct Remark {
    text: String,
    /// What can be done about what it says.
    offer: Option<Way>,
    _over: Timeout,
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
    field: Field,
    /// The source whose text in the editor is newer than in `sources`.
    typing: Option<SourceId>,
    settle: Option<Timeout>,
    select: Option<Selection>,
    wanted: Option<Wanted>,
    /// The pages of the rules; empty until the first review.
    pages: RulePages,
    /// The stamp of the link the sources came from, until they are edited.
    opened_stamp: Option<Stamp>,
    /// What people decided about findings; it came with a link or a file, and travels on.
    noted: Shared<Vec<Mark>>,
    keeping: Keeping,
    openings: Openings,
    read_only: bool,
    reviewing: Option<Pending>,
    opening: Option<Pending>,
    sharing: Option<Sharing>,
    /// What the worker is at.
    phase: Phase,
    /// The serial of the prediction that is waited for.
    predicting: Option<u64>,
    /// Waits until the reader pauses before the migration is tried.
    predict: Option<Timeout>,
    /// The renderings that are waited for, by their serial.
    rendering: Vec<(u64, Purpose)>,
    report: Option<Report>,
    picture: Option<Picture>,
    over: Option<Over>,
    outlook: Outlook,
    left_out: LeftOut,
    /// Whether the worker was started anew by itself since it last answered.
    restarted: bool,
    reviewed: Option<Shared<Reviewed>>,
    /// Whether the review on the page is of other sources than an edit could have made of them.
    fresh: bool,
    marks: Option<Shared<Marks>>,
    trouble: Option<Trouble>,
    remark: Option<Remark>,
    history: History,
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
        if !embedded {
            listeners.extend(commands::listen(link.callback(|msg| msg)));
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
            field: Field::default(),
            typing: None,
            settle: None,
            select: None,
            wanted: None,
            pages: RulePages::new(BTreeMap::new()),
            opened_stamp: None,
            noted: Shared::new(Vec::new()),
            keeping: Keeping::new(Self::keep_callback(ctx)),
            openings: Openings::default(),
            read_only: embedded,
            reviewing: None,
            opening: None,
            sharing: None,
            phase: Phase::Reading,
            predicting: None,
            predict: None,
            rendering: Vec::new(),
            report: None,
            picture: None,
            over: None,
            outlook: Outlook::Unknown,
            left_out: LeftOut::new(),
            restarted: false,
            reviewed: None,
            fresh: true,
            marks: None,
            trouble: None,
            remark: None,
            history: History::default(),
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
            Msg::Worker(event) => return self.worker(ctx, event),
            Msg::Cancel => self.cancel(),
            Msg::LeftOut(left_out) => {
                self.left_out = left_out;
                self.plan_changed(ctx);
            }
            Msg::Picture(event) => self.picturing(event),
            Msg::Report(true) => {
                self.picture = None;
                self.report = Some(Report { of: String::new(), html: None });
                self.refresh_report();
            }
            Msg::Report(false) => self.report = None,
            Msg::Note(mark) => self.note(mark),
            Msg::Predict => self.request_prediction(),
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
                self.remember(format!("Renamed {}", self.name_of(id)));
                self.sources.rename(id, &path);
                self.edited();
            }
            Msg::Remove(id) => {
                self.settle_now();
                self.remember_aloud(format!("Removed {}", self.name_of(id)));
                self.sources.remove(id);
                self.edited();
            }
            Msg::Opening(opening) => return self.opening(ctx, opening),
            Msg::Move(id) => {
                self.settle_now();
                self.remember_aloud(format!("Moved {} to the other side", self.name_of(id)));
                self.sources.change_side(id);
                self.activate(id);
                self.edited();
            }
            Msg::Example(name) => {
                let link = ctx.link().clone();
                spawn_local(async move {
                    link.send_message(Msg::ExampleLoaded(examples::load(name).await));
                });
                return false;
            }
            Msg::ExampleLoaded(Ok(contents)) => {
                self.remember_aloud("Put an example in place of the sources");
                self.replace_sources(contents);
                self.noted = Shared::new(Vec::new());
                self.edited();
                // An example is kept once the reader has changed it.
                self.keeping.left();
                self.tab = Tab::Implemented;
                self.pane = Pane::Review;
            }
            Msg::ExampleLoaded(Err(message)) => {
                let message = format!("The example could not be loaded: {message}");
                self.trouble = Some(Trouble::Other(message));
            }
            Msg::Keep(keep) => self.keep(keep),
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
            Msg::Copied(what, true) => self.say(format!("{what} copied")),
            Msg::Copied(what, false) => {
                self.say(format!("{what} not copied: the browser did not allow it"));
            }
            Msg::RemarkOver => self.remark = None,
            Msg::Show(place) => self.show(place),
            Msg::Mark(index) => self.show_in_review(index),
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
            Msg::NextTheme => self.choose_theme(self.theme.next()),
            Msg::Theme(theme) => self.choose_theme(theme),
            Msg::Over(over) => self.over = over,
            Msg::Travel(way) => self.travel(way),
            Msg::Run(at) => self.run(ctx, at),
            Msg::SingleKey(on) => commands::keep_single_key(on),
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
        let Some(text) = self.field.take(id) else { return false };
        self.sources.typed(id, text)
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
        let files: Vec<_> = self.sources.ids().into_iter().chain(self.history.files()).collect();
        self.field.keep(&files);
    }

    /// The sources are no longer those of the link in the address: they get a new review.
    fn edited(&mut self) {
        self.sources_changed();
        self.opened_stamp = None;
        self.sharing = None;
        self.keeping.is_edited = true;
        if !browser::fragment().is_empty() {
            browser::replace_fragment("");
        }
        self.request_review();
    }

    fn replace_sources(&mut self, contents: Contents) {
        self.typing = None;
        self.settle = None;
        self.fresh = true;
        self.left_out.clear();
        self.keeping.left();
        self.sources.replace_all(contents);
        self.active = first_files(&self.sources);
        self.select = None;
        self.sources_changed();
    }

    /// Opens the link in the address, if there is one.
    fn open_fragment(&mut self) {
        let fragment = browser::fragment();
        if fragment.is_empty() || fragment == "#" {
            return;
        }
        self.trouble = None;
        self.keeping.not_arrived();
        let serial = self.client.request(Work::Open { fragment });
        self.opening = Some(Pending { serial, since: browser::milliseconds() });
    }

    fn share(&mut self) {
        self.settle_now();
        self.keeping.hide();
        // The link must open with the review that is on the page.
        let stamp = self.shown_stamp();
        let serial = self.client.request(Work::Link {
            contents: self.sources.contents(),
            stamp,
            marks: self.noted.to_vec(),
        });
        self.sharing = Some(Sharing { serial, packed: None, read_only: self.read_only });
    }

    /// The address shows the link that is being shared, so that the address bar and the link agree.
    fn show_link_in_address(&self) {
        if let Some(Sharing { packed: Some(packed), read_only, .. }) = &self.sharing {
            browser::replace_fragment(&share::fragment(*read_only, packed));
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
                copy(ctx, "Migration", migration(reviewed, &self.left_out));
                return;
            }
            Export::SaveMarkdown => {
                browser::save_text("review.md", "text/markdown", &reviewed.markdown)
            }
            Export::SaveHtml => {
                self.render(Purpose::Save("review.html", "text/html"), "html");
                return;
            }
            Export::SaveCsv => {
                self.render(Purpose::Save("discrepancies.csv", "text/csv"), "csv");
                return;
            }
            Export::SaveJson => {
                browser::save_text("review.json", "application/json", &reviewed.json)
            }
            Export::SaveMigration => {
                let sql = migration(reviewed, &self.left_out);
                browser::save_text("migration.sql", "application/sql", &sql)
            }
        };
        self.saved(saved);
    }

    fn saved(&mut self, saved: Result<(), JsValue>) {
        if let Err(error) = saved {
            let message = format!("The file could not be saved: {}", browser::error_text(&error));
            self.trouble = Some(Trouble::Other(message));
        }
    }

    /// Keeps a decision about a finding in place of the one before; one that says nothing takes it back.
    fn note(&mut self, mark: Mark) {
        self.remember("Decided about a finding");
        let mut noted = self.noted.to_vec();
        noted.retain(|other| other.finding != mark.finding);
        if mark.verdict.is_some() || mark.assigned.is_some() {
            noted.push(mark);
        }
        self.noted = Shared::new(noted);
        // A link that is shown would no longer hold what is on the page.
        self.sharing = None;
        self.keeping.is_edited = true;
        self.keeping.soon();
    }

    fn choose_theme(&mut self, theme: Theme) {
        self.theme = theme;
        theme.show();
        theme.store();
    }

    /// Shows a short message for a while.
    fn say(&mut self, text: String) {
        self.offer(text, None);
    }

    /// The same, with what can be done about it.
    fn offer(&mut self, text: String, offer: Option<Way>) {
        let on_over = self.on.remark_over.clone();
        let wait = if offer.is_some() { OFFER } else { REMARK };
        let over = Timeout::new(wait, move || on_over.emit(()));
        self.remark = Some(Remark { text, offer, _over: over });
    }

    fn name_of(&self, id: SourceId) -> String {
        self.sources.get(id).map(|source| source.path.clone()).unwrap_or_default()
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

    /// Shows what a mark in the editor is of: its finding, or the table of differences.
    fn show_in_review(&mut self, index: usize) {
        self.settle_now();
        let Some(about) = self.marks.as_ref().and_then(|marks| marks.about(index)) else { return };
        self.wanted = Some(Wanted::new(&about.element));
        self.report = None;
        self.pane = Pane::Review;
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
