//! Takes back what was done to the sources as a whole: files removed, renamed, moved or opened, an example or another
//! review in their place, decisions about findings.
//!
//! What is typed is not taken back here: every file has a history of its own in the editor, and a file that is still
//! on the page keeps its text whatever else goes back.

use schemaward_link::Mark;
use yew::prelude::*;

use super::App;
use crate::sources::{SourceId, Sources, Tab};
use crate::view::Shared;

/// How many actions can be taken back.
const LIMIT: usize = 50;

/// The page as it was before an action, or after one that was taken back.
pub(super) struct Moment {
    sources: Sources,
    active: [SourceId; 3],
    tab: Tab,
    noted: Shared<Vec<Mark>>,
    read_only: bool,
    /// The id and title under which the review was kept.
    kept: Option<(String, String)>,
}

/// Which way to go in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Undo,
    Redo,
}

impl Way {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Undo => "Undo",
            Self::Redo => "Redo",
        }
    }
}

/// What can be taken back, and what was: each action as it is told ("Removed billing.sql") with the page to go to.
#[derive(Default)]
pub(super) struct History {
    undo: Vec<(String, Moment)>,
    redo: Vec<(String, Moment)>,
}

impl History {
    /// Keeps the page as it was before an action; whether there was anything to keep.
    fn keep(&mut self, action: String, moment: Moment) -> bool {
        self.redo.clear();
        if moment.sources.is_empty() && moment.noted.is_empty() {
            return false;
        }
        self.undo.push((action, moment));
        if self.undo.len() > LIMIT {
            self.undo.remove(0);
        }
        true
    }

    fn way(&mut self, way: Way) -> &mut Vec<(String, Moment)> {
        match way {
            Way::Undo => &mut self.undo,
            Way::Redo => &mut self.redo,
        }
    }

    /// The action that a step this way would take back or do again.
    pub(super) fn next(&self, way: Way) -> Option<&str> {
        let moments = match way {
            Way::Undo => &self.undo,
            Way::Redo => &self.redo,
        };
        moments.last().map(|(action, _)| action.as_str())
    }

    /// The files that may come back: the editor keeps their own histories.
    pub(super) fn files(&self) -> impl Iterator<Item = SourceId> {
        self.undo.iter().chain(&self.redo).flat_map(|(_, moment)| moment.sources.ids())
    }

    /// No review that comes back is kept under an id that was deleted.
    pub(super) fn forget_kept(&mut self, is_gone: impl Fn(&str) -> bool) {
        for (_, moment) in self.undo.iter_mut().chain(&mut self.redo) {
            if moment.kept.as_ref().is_some_and(|(id, _)| is_gone(id)) {
                moment.kept = None;
            }
        }
    }
}

impl App {
    /// The page as it is, before something is done to it.
    pub(super) fn moment(&self) -> Moment {
        Moment {
            sources: self.sources.clone(),
            active: self.active,
            tab: self.tab,
            noted: self.noted.clone(),
            read_only: self.read_only,
            kept: self.keeping.kept(),
        }
    }

    /// Keeps the page as it is before an action.
    pub(super) fn remember(&mut self, action: impl Into<String>) {
        self.take_typed();
        let moment = self.moment();
        self.history.keep(action.into(), moment);
    }

    /// The same, and offers to take the action back.
    pub(super) fn remember_aloud(&mut self, action: impl Into<String>) {
        self.take_typed();
        self.remember_moment(action.into(), self.moment());
    }

    /// Keeps the page as it was before an action, and offers to take the action back.
    pub(super) fn remember_moment(&mut self, action: String, moment: Moment) {
        if self.history.keep(action.clone(), moment) {
            self.offer(action, Some(Way::Undo));
        }
    }

    /// Takes the last action back, or does it again.
    pub(super) fn travel(&mut self, way: Way) {
        if self.embedded {
            return;
        }
        self.take_typed();
        let Some((action, moment)) = self.history.way(way).pop() else {
            self.say(format!("Nothing to {}", way.title().to_lowercase()));
            return;
        };
        let present = self.moment();
        let (back, done) = match way {
            Way::Undo => (Way::Redo, "Undone"),
            Way::Redo => (Way::Undo, "Done again"),
        };
        self.history.way(back).push((action.clone(), present));
        let stays = moment
            .sources
            .ids()
            .iter()
            .any(|id| self.sources.get(*id).is_some_and(|source| !source.is_blank()));
        if !stays {
            self.fresh = true;
            self.left_out.clear();
        }
        self.sources.go_back_to(moment.sources);
        self.active = moment.active;
        self.tab = moment.tab;
        self.noted = moment.noted;
        self.read_only = moment.read_only;
        self.select = None;
        self.keeping.left();
        self.keeping.keep_under(moment.kept);
        self.edited();
        self.offer(format!("{done}: {action}"), Some(back));
    }

    /// The short message at the foot of the page, with what can be done about it.
    pub(super) fn view_remark(&self) -> Html {
        let (text, offer) = match &self.remark {
            Some(remark) => (remark.text.clone(), remark.offer),
            None => (String::new(), None),
        };
        let button = offer.map(|way| {
            let onclick = self.on.travel.reform(move |_: MouseEvent| way);
            html! { <button type="button" {onclick}>{ way.title() }</button> }
        });
        html! {
            <div class={classes!("toast", text.is_empty().then_some("away"))}>
                <p role="status">{ text }</p>
                { for button }
            </div>
        }
    }
}
