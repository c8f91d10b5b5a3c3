//! Files from the reader's disk become sources.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{App, Msg};
use crate::browser;
use crate::intake::program::{self, Harvest};
use crate::intake::{Report, binary, tab_of};
use crate::sources::Tab;
use crate::view::counted;

/// What can happen while files are opened.
pub(crate) enum Opening {
    /// Files, entries of a drop, or handles of a picker.
    Items(Vec<JsValue>),
    /// The browser's own picker, for a folder or for files.
    Pick {
        folder: bool,
    },
    /// So many files were looked at.
    Progress(u32),
    Stop,
    /// They were read, while that tab was shown.
    Read(Tab, Result<Harvest, String>),
    /// What is said of them was read.
    Dismiss,
}

/// Where the opening of files stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Intake {
    #[default]
    Nothing,
    /// So many files were looked at so far.
    Working(u32),
    Done(Rc<Report>),
}

/// The part of the page's state that is about files being opened.
#[derive(Default)]
pub(super) struct Openings {
    pub(super) intake: Intake,
    /// Set to stop what is under way.
    stop: Rc<Cell<bool>>,
}

impl App {
    pub(super) fn opening(&mut self, ctx: &Context<Self>, opening: Opening) -> bool {
        match opening {
            Opening::Items(items) => self.open_items(ctx, items),
            Opening::Pick { folder } => {
                let (tab, link) = (self.tab, ctx.link().clone());
                spawn_local(async move {
                    link.send_message(Msg::Opening(match program::pick(folder).await {
                        Ok(items) => Opening::Items(items),
                        Err(error) => Opening::Read(tab, Err(browser::error_text(&error))),
                    }));
                });
                return false;
            }
            // A count that comes late must not undo the end.
            Opening::Progress(count) if matches!(self.openings.intake, Intake::Working(_)) => {
                self.openings.intake = Intake::Working(count);
            }
            Opening::Progress(_) => return false,
            Opening::Stop => {
                self.openings.stop.set(true);
                return false;
            }
            Opening::Read(tab, Ok(harvest)) => {
                let report = self.take_in(tab, harvest);
                self.openings.intake = if report.is_worth_saying() {
                    Intake::Done(Rc::new(report))
                } else {
                    Intake::Nothing
                };
            }
            Opening::Read(_, Err(reason)) => {
                let message = format!(
                    "The files could not be opened ({reason}). Your sources are as they were; try again."
                );
                self.openings.intake = Intake::Done(Rc::new(Report::of_stop(message)));
            }
            Opening::Dismiss => self.openings.intake = Intake::Nothing,
        }
        true
    }

    fn open_items(&mut self, ctx: &Context<Self>, items: Vec<JsValue>) {
        if items.is_empty() {
            return;
        }
        self.settle_now();
        // Whatever is under way gives way to what the reader asks for now.
        self.openings.stop.set(true);
        let stop = Rc::new(Cell::new(false));
        self.openings = Openings { intake: Intake::Working(0), stop: Rc::clone(&stop) };
        let (tab, link) = (self.tab, ctx.link().clone());
        spawn_local(async move {
            let (progress, given_up) = (link.clone(), Rc::clone(&stop));
            let harvest = program::gather(items, move |count| {
                progress.send_message(Msg::Opening(Opening::Progress(count)));
                !given_up.get()
            });
            let harvest = harvest.await.map_err(|error| browser::error_text(&error));
            link.send_message(Msg::Opening(Opening::Read(tab, harvest)));
        });
    }

    /// Makes sources of what was read, all at once, and says what became of it.
    fn take_in(&mut self, shown: Tab, harvest: Harvest) -> Report {
        if let Some(message) = harvest.stopped {
            return Report::of_stop(message);
        }
        self.settle_now();
        let mut report =
            Report { ignored: harvest.ignored, notes: harvest.left, ..Report::default() };
        let alone = harvest.files.len() == 1;
        let before = self.moment();
        let mut first = None;
        for (path, bytes) in harvest.files {
            if let Some(why) = binary(&bytes) {
                report.notes.push((path, why.to_owned()));
                continue;
            }
            let text = browser::decode(&bytes);
            let Some(tab) = tab_of(&path, &text, shown, alone) else {
                report.ignored += 1;
                continue;
            };
            let known = self.sources.by_path(&path).map(|known| (known.tab, *known.text == *text));
            if known == Some((tab, true)) {
                report.same += 1;
                continue;
            }
            if tab == Tab::Standard && !alone && self.sources.of(tab).any(|it| !it.is_blank()) {
                let why = "is another standard, and there can be one: open it by itself to use it";
                report.notes.push((path, why.to_owned()));
                continue;
            }
            let id = self.sources.add_file(tab, &path, &text);
            report.opened += 1;
            first = first.or(Some(id));
            let name = self.sources.get(id).map(|it| it.path.clone()).unwrap_or_default();
            if name != path {
                let why = format!(
                    "is the name of another file here with another text: this one is called {name} now. Remove the one \
                     that does not count."
                );
                report.notes.push((path, why));
            }
        }
        if let Some(first) = first {
            let action = format!("Opened {}", counted(report.opened, "file", "files"));
            self.remember_moment(action, before);
            self.activate(first);
            self.edited();
        }
        report
    }
}
