//! What the command palette offers, and the keys that work everywhere.

use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::picture::Picturing;
use super::undo::Way;
use super::{App, Msg, Pane};
use crate::browser::{self, Theme};
use crate::examples;
use crate::sources::{SourceId, Tab};
use crate::view::header::Export;
use crate::view::help::Help;
use crate::view::palette::{Entry, Palette};
use crate::view::review::controls::full_name;
use crate::view::review::sections;

/// Where the choice about the question mark is kept.
const SINGLE_KEY: &str = "schemaward-question-mark";

/// What stands over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    Palette,
    Help,
}

/// What can be done from the palette.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    Section(&'static str),
    File(SourceId),
    Tab(Tab),
    Diagram(Option<String>),
    Report,
    Share,
    Reviews,
    Export(Export),
    Example(&'static str),
    Theme(Theme),
    EditCopy,
    Travel(Way),
    Help,
}

/// Whether the question mark alone opens the list of keys.
fn single_key() -> bool {
    let stored = browser::storage().and_then(|storage| storage.get_item(SINGLE_KEY).ok().flatten());
    stored.as_deref() != Some("off")
}

/// Listens for the keys that work everywhere.
pub(super) fn listen(on_key: Callback<Msg>) -> Option<EventListener> {
    let window = browser::window()?;
    let options = gloo::events::EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&window, "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let with_control = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
        let in_page = with_control && !is_typing(event);
        let message = match (event.key().as_str(), event.shift_key()) {
            ("k" | "K", false) if with_control => Msg::Over(Some(Over::Palette)),
            ("?", _) if !with_control && !is_typing(event) && single_key() => {
                Msg::Over(Some(Over::Help))
            }
            ("z" | "Z", false) if in_page => Msg::Travel(Way::Undo),
            ("z" | "Z", true) | ("y" | "Y", false) if in_page => Msg::Travel(Way::Redo),
            _ => return,
        };
        event.prevent_default();
        on_key.emit(message);
    }))
}

/// Whether the key goes into a text.
fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.composed_path().get(0).dyn_into::<Element>().ok();
    target.is_some_and(|target| {
        let editable = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
        target.closest(editable).ok().flatten().is_some()
    })
}

impl App {
    /// The commands that make sense now, in the order of the palette.
    fn commands(&self) -> Vec<(Command, Entry)> {
        let mut commands = Vec::new();
        let mut add = |command: Command, group: &'static str, title: String| {
            commands.push((command, Entry { title, group }));
        };
        if let Some(reviewed) = &self.reviewed {
            for (id, title, _) in sections(&reviewed.review) {
                add(Command::Section(id), "Review", title.to_owned());
            }
            add(Command::Diagram(None), "Review", "Diagram of the schema".to_owned());
            add(Command::Report, "Review", "Report as a document".to_owned());
        }
        if !self.sources.is_blank() {
            add(Command::Share, "Page", "Share this review".to_owned());
        }
        if self.read_only {
            add(Command::EditCopy, "Page", "Edit a copy".to_owned());
        }
        add(Command::Reviews, "Page", "Reviews: kept, opened, saved, cleared".to_owned());
        for way in [Way::Undo, Way::Redo] {
            if let Some(action) = self.history.next(way) {
                add(Command::Travel(way), "Page", format!("{}: {action}", way.title()));
            }
        }
        add(Command::Help, "Page", "Keys".to_owned());
        for theme in Theme::ALL {
            add(Command::Theme(theme), "Theme", format!("Theme: {}", theme.title()));
        }
        if self.reviewed.is_some() {
            for export in Export::ALL {
                add(Command::Export(export), "Export", export.title().to_owned());
            }
        }
        for tab in Tab::ALL {
            add(Command::Tab(tab), "Sources", tab.title().to_owned());
            for source in self.sources.of(tab) {
                add(Command::File(source.id), tab.title(), source.path.clone());
            }
        }
        if !self.read_only {
            for example in examples::ALL {
                let title = format!("Load the example: {}", example.title);
                add(Command::Example(example.name), "Example", title);
            }
        }
        if let Some(reviewed) = &self.reviewed {
            for table in &reviewed.review.tables {
                let name = full_name(table);
                let title = format!("Diagram around {name}");
                add(Command::Diagram(Some(name)), "Diagram", title);
            }
        }
        commands
    }

    /// Runs the command at a place of the palette.
    pub(super) fn run(&mut self, ctx: &Context<Self>, at: usize) {
        self.over = None;
        let Some((command, _)) = self.commands().into_iter().nth(at) else { return };
        let message = match command {
            Command::Section(id) => {
                self.report = None;
                self.picture = None;
                self.pane = Pane::Review;
                // The section is there once the page was drawn.
                gloo::timers::callback::Timeout::new(0, move || browser::go_to(id)).forget();
                return;
            }
            Command::Help => {
                self.over = Some(Over::Help);
                return;
            }
            Command::Theme(theme) => Msg::Theme(theme),
            Command::File(id) => {
                self.pane = Pane::Sources;
                Msg::Pick(id)
            }
            Command::Tab(tab) => {
                self.pane = Pane::Sources;
                Msg::Tab(tab)
            }
            Command::Diagram(table) => Msg::Picture(Picturing::Open(table)),
            Command::Report => Msg::Report(true),
            Command::Share => Msg::Share,
            Command::Reviews => {
                self.keeping.toggle().emit(());
                return;
            }
            Command::Export(export) => Msg::Export(export),
            Command::Example(name) => Msg::Example(name),
            Command::EditCopy => Msg::EditCopy,
            Command::Travel(way) => Msg::Travel(way),
        };
        ctx.link().send_message(message);
    }

    /// What stands over the page.
    pub(super) fn view_over(&self, ctx: &Context<Self>) -> Html {
        let on_close = self.on.over.reform(|()| None);
        match self.over {
            None => html! {},
            Some(Over::Palette) => {
                let entries =
                    self.commands().into_iter().map(|(_, entry)| entry).collect::<Vec<_>>();
                html! { <Palette {entries} on_run={ctx.link().callback(Msg::Run)} {on_close} /> }
            }
            Some(Over::Help) => html! {
                <Help single_key={single_key()} on_single_key={self.on.single_key.clone()} {on_close} />
            },
        }
    }
}

/// Keeps the choice about the question mark.
pub(super) fn keep_single_key(on: bool) {
    if let Some(storage) = browser::storage() {
        let _ = storage.set_item(SINGLE_KEY, if on { "on" } else { "off" });
    }
}
