//! What the page asks the worker, and what it makes of the answers.

use gloo::timers::callback::Timeout;
use schemaward_render::json::Review;
use yew::prelude::*;

use super::{App, Msg, Pane, Pending, Purpose};
use crate::browser;
use crate::client::{self, Failure, Report};
use crate::protocol::{Outcome, Phase, Stamp, Work};
use crate::stamp;
use crate::view::Shared;
use crate::view::review::Reviewed;
use crate::view::review::changes::{Changes, findings};
use crate::view::review::marks::Marks;
use crate::view::review::plan::{Outlook, migration};
use crate::view::trouble::Trouble;

/// How long nothing must happen before the migration is tried, in milliseconds.
const CALM: u32 = 900;

impl App {
    pub(super) fn request_review(&mut self) {
        self.trouble = None;
        if self.sources.is_blank() {
            self.reviewed = None;
            self.fresh = true;
            self.marks = None;
            self.reviewing = None;
            return;
        }
        let work = Work::Review {
            contents: self.sources.contents(),
            stamp: self.opened_stamp.clone().unwrap_or_else(stamp::now),
        };
        // A prediction for what was there before is not worth finishing.
        self.predict = None;
        self.predicting = None;
        self.phase = Phase::Reading;
        let serial = self.client.request(work);
        self.reviewing = Some(Pending { serial, since: browser::milliseconds() });
    }

    /// Asks for the review in another form.
    pub(super) fn render(&mut self, purpose: Purpose, format: &str) {
        let Some(reviewed) = &self.reviewed else { return };
        let work = Work::Render { json: reviewed.json.clone(), format: format.to_owned() };
        let serial = self.client.request(work);
        self.rendering.push((serial, purpose));
    }

    /// Asks for the report of the review on the page, where it is shown and is of another one.
    pub(super) fn refresh_report(&mut self) {
        let (Some(reviewed), Some(report)) = (&self.reviewed, &mut self.report) else { return };
        if report.of != reviewed.review.id {
            report.of.clone_from(&reviewed.review.id);
            self.render(Purpose::Show, "html");
        }
    }

    fn rendered(&mut self, serial: u64, text: String) {
        let Some(at) = self.rendering.iter().position(|(known, _)| *known == serial) else {
            return;
        };
        match self.rendering.swap_remove(at).1 {
            Purpose::Save(name, mime) => {
                let saved = browser::save_text(name, mime, &text);
                self.saved(saved);
            }
            Purpose::Show => {
                if let Some(report) = &mut self.report {
                    report.html = Some(text.into());
                }
            }
        }
    }

    fn is_opening(&self) -> bool {
        self.opening.is_some()
    }

    /// Stops the worker, with whatever it is doing.
    pub(super) fn cancel(&mut self) {
        self.client.cancel();
        self.reviewing = None;
        self.predicting = None;
        self.outlook = Outlook::Unknown;
        self.sharing = None;
        self.trouble = Some(Trouble::Cancelled);
    }

    /// The review or the choice of steps is another one: where the migration leads is asked anew, once
    /// the reader pauses.
    pub(super) fn plan_changed(&mut self, ctx: &Context<Self>) {
        let Some(reviewed) = &self.reviewed else { return };
        let plan = &reviewed.review.plan;
        self.left_out.retain(|id| plan.iter().any(|step| step.id == *id));
        self.predicting = None;
        if plan.is_empty() {
            self.outlook = Outlook::Unknown;
            return;
        }
        self.outlook = Outlook::Asked;
        let link = ctx.link().clone();
        self.predict = Some(Timeout::new(CALM, move || link.send_message(Msg::Predict)));
    }

    pub(super) fn request_prediction(&mut self) {
        self.predict = None;
        let Some(reviewed) = &self.reviewed else { return };
        if self.reviewing.is_some() {
            return;
        }
        let review = &reviewed.review;
        let work = Work::Predict {
            contents: self.sources.contents(),
            stamp: Stamp { id: review.id.clone(), date: review.date.clone() },
            migration: migration(reviewed, &self.left_out),
            known: findings(review).map(|finding| finding.id.clone()).collect(),
        };
        self.predicting = Some(self.client.request(work));
    }

    pub(super) fn worker(&mut self, ctx: &Context<Self>, event: client::Event) -> bool {
        match self.client.handle(event) {
            None => return false,
            Some(Report::Progress { serial, phase }) => {
                self.phase = phase;
                return self.reviewing.as_ref().is_some_and(|pending| pending.serial == serial);
            }
            Some(Report::Failed(Failure::Crashed(_))) if !self.restarted && !self.is_opening() => {
                self.restarted = true;
                self.sharing = None;
                self.predicting = None;
                self.outlook = Outlook::Unknown;
                self.say("The analysis crashed and was started again".to_owned());
                if self.reviewing.take().is_some() {
                    self.request_review();
                }
            }
            Some(Report::Failed(failure)) => {
                // A link that was being opened is tried again with the rest.
                self.reviewing = None;
                self.sharing = None;
                self.predicting = None;
                self.outlook = Outlook::Unknown;
                self.trouble = Some(Trouble::Worker(failure));
            }
            Some(Report::Answer { serial, outcome }) => self.answer(ctx, serial, *outcome),
        }
        true
    }

    fn answer(&mut self, ctx: &Context<Self>, serial: u64, outcome: Outcome) {
        let is = |pending: &Option<Pending>| pending.as_ref().is_some_and(|it| it.serial == serial);
        match outcome {
            Outcome::Reviewed { json, markdown, migration, titles } if is(&self.reviewing) => {
                let since = self.reviewing.take().map_or(0.0, |pending| pending.since);
                self.restarted = false;
                match serde_json::from_str::<Review>(&json) {
                    Ok(review) => {
                        let milliseconds = browser::milliseconds() - since;
                        let before = self.reviewed.as_ref().filter(|_| !self.fresh);
                        let changes = before.map(|it| Changes::between(&it.review, &review));
                        self.fresh = false;
                        let reviewed = Shared::new(Reviewed {
                            review,
                            json,
                            markdown,
                            migration,
                            titles,
                            changes,
                            milliseconds,
                        });
                        self.marks = Some(Shared::new(Marks::of_review(&reviewed)));
                        self.reviewed = Some(reviewed);
                        if self.pages.is_empty() && !self.embedded {
                            self.client.request(Work::RulePages);
                        }
                        self.trouble = None;
                        self.plan_changed(ctx);
                        self.keeping.soon();
                        self.refresh_report();
                        self.refresh_picture();
                    }
                    Err(error) => {
                        self.trouble =
                            Some(Trouble::Other(format!("The review could not be shown: {error}")));
                    }
                }
            }
            Outcome::Predicted { prediction } if self.predicting == Some(serial) => {
                self.predicting = None;
                self.outlook = Outlook::Known(Shared::new(prediction));
            }
            Outcome::RulePages { pages } => self.pages = Shared::new(pages),
            Outcome::Rendered { text } => self.rendered(serial, text),
            Outcome::Pictured { svg } => self.pictured(ctx, serial, svg),
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
            Outcome::Filed { text } => self.filed(serial, &text),
            Outcome::Opened { read_only, contents, stamp, marks } if is(&self.opening) => {
                self.opening = None;
                self.remember_aloud("Opened another review");
                self.replace_sources(contents);
                self.keeping.arrived();
                self.noted = Shared::new(marks);
                self.opened_stamp = stamp;
                self.sharing = None;
                self.read_only = read_only || self.embedded;
                self.pane = Pane::Review;
                self.request_review();
            }
            Outcome::NoLink if is(&self.opening) => self.opening = None,
            Outcome::BadLink { message } if is(&self.opening) => {
                self.opening = None;
                self.keeping.not_arrived();
                self.trouble = Some(Trouble::Link(message));
            }
            // An answer nobody waits for any more.
            _ => {}
        }
    }
}
