//! The page's side of the worker: starts it, queues requests, notices every way in which it can fail.
//!
//! Written by hand over [`web_sys::Worker`] because a worker that does not load, panics or hangs must become
//! a message to the reader. The owner passes every [`Event`] back into [`Client::handle`].

use std::collections::VecDeque;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

use crate::browser;
use crate::protocol::{BUILD, Message, Outcome, Phase, Request, Work};

/// How long the worker may take to start and to answer, in milliseconds.
const PATIENCE: u32 = 30_000;

/// Something happened to a worker. Workers are numbered, so that the last words of one that was given up
/// are not taken for those of its successor.
#[derive(Debug)]
pub(crate) struct Event {
    worker: u32,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Said(String),
    Broke(String),
    TookTooLong,
}

/// What an event means to the page.
#[derive(Debug)]
pub(crate) enum Report {
    /// What the worker is doing for a request.
    Progress { serial: u64, phase: Phase },
    /// A request was answered.
    Answer { serial: u64, outcome: Box<Outcome> },
    /// The worker is gone, and with it every request that was not answered.
    Failed(Failure),
}

/// Why the worker is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Its files could not be loaded or started.
    NotStarted(String),
    /// It ended in the middle of its work.
    Crashed(String),
    /// It did not answer in time.
    TooSlow,
    /// It belongs to another build than the page.
    OtherBuild,
}

/// The connection to the worker. A worker is started by the first request after the last one failed.
pub(crate) struct Client {
    notify: Callback<Event>,
    running: Option<Running>,
    started: u32,
    next_serial: u64,
    waiting: VecDeque<Request>,
}

struct Running {
    worker: Worker,
    /// Whether it reads Python.
    python: bool,
    ready: bool,
    in_flight: Option<u64>,
    /// Fires unless it is dropped in time.
    watchdog: Option<Timeout>,
    _listeners: [EventListener; 3],
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Client {
    pub(crate) fn new(notify: Callback<Event>) -> Self {
        Self { notify, running: None, started: 0, next_serial: 1, waiting: VecDeque::new() }
    }

    /// Sends a request as soon as the worker is free; its number comes back with the answer. A review or a
    /// prediction that still waits is dropped for a newer review, since nobody will look at it.
    pub(crate) fn request(&mut self, work: Work) -> u64 {
        let serial = self.next_serial;
        self.next_serial += 1;
        if matches!(work, Work::Review { .. }) {
            self.waiting.retain(|request| {
                !matches!(request.work, Work::Review { .. } | Work::Predict { .. })
            });
        }
        let python = work.needs_python();
        self.waiting.push_back(Request { serial, work });
        match &self.running {
            None => self.start(python),
            // The larger program takes over, and what the smaller one was about to answer is asked anew.
            Some(running) if python && !running.python => {
                self.running = None;
                self.start(true);
            }
            Some(_) => {}
        }
        self.send_next();
        serial
    }

    /// Takes note of an event.
    pub(crate) fn handle(&mut self, event: Event) -> Option<Report> {
        if event.worker != self.started {
            return None;
        }
        let Some(running) = self.running.as_mut() else {
            // Only a worker that could not be made speaks without running.
            self.give_up();
            let Kind::Broke(message) = event.kind else { return None };
            return Some(Report::Failed(Failure::NotStarted(message)));
        };
        let failure = match event.kind {
            Kind::TookTooLong if running.ready => Failure::TooSlow,
            Kind::TookTooLong => Failure::NotStarted("It did not start in time.".to_owned()),
            Kind::Broke(message) if running.ready => Failure::Crashed(message),
            Kind::Broke(message) => Failure::NotStarted(message),
            Kind::Said(text) => match serde_json::from_str(&text) {
                Ok(Message::Ready { build }) if build == BUILD => {
                    running.ready = true;
                    running.watchdog = None;
                    self.send_next();
                    return None;
                }
                Ok(Message::Answer { serial, outcome }) => {
                    running.in_flight = None;
                    running.watchdog = None;
                    self.send_next();
                    return Some(Report::Answer { serial, outcome: Box::new(outcome) });
                }
                Ok(Message::Progress { serial, phase }) => {
                    return Some(Report::Progress { serial, phase });
                }
                Ok(Message::Ready { .. }) => Failure::OtherBuild,
                Ok(Message::Crashed { message }) => Failure::Crashed(message),
                Ok(Message::NotLoaded { message }) => Failure::NotStarted(message),
                Err(error) => Failure::Crashed(error.to_string()),
            },
        };
        self.give_up();
        Some(Report::Failed(failure))
    }

    /// Stops whatever is being done. The next request starts a new worker.
    pub(crate) fn cancel(&mut self) {
        self.give_up();
    }

    /// Ends the worker and forgets what it was asked.
    fn give_up(&mut self) {
        self.running = None;
        self.waiting.clear();
    }

    fn start(&mut self, python: bool) {
        self.started += 1;
        let number = self.started;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        // The address carries the build, so that a cache cannot mix two builds, and starts from the
        // document's base, so that the page works in a folder of any name.
        let program = if python { "&python" } else { "" };
        let created = browser::absolute_url(&format!("worker_loader.js?build={BUILD}{program}"))
            .and_then(|url| Worker::new_with_options(&url, &options));
        let worker = match created {
            Ok(worker) => worker,
            Err(error) => {
                // There is no worker to number events with yet; report from the next turn of the event
                // loop, where failures of all kinds arrive.
                let notify = self.notify.clone();
                let message = browser::error_text(&error);
                Timeout::new(0, move || {
                    notify.emit(Event { worker: number, kind: Kind::Broke(message) });
                })
                .forget();
                return;
            }
        };
        let listeners = [
            self.listener(number, &worker, "message", |event| {
                let data = event.unchecked_ref::<MessageEvent>().data();
                Kind::Said(data.as_string().unwrap_or_default())
            }),
            self.listener(number, &worker, "error", |event| {
                // A script that does not load fires a plain event without a message.
                let message = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message);
                let message = message.filter(|message| !message.is_empty());
                Kind::Broke(
                    message.unwrap_or_else(|| "Its program could not be loaded.".to_owned()),
                )
            }),
            self.listener(number, &worker, "messageerror", |_| {
                Kind::Broke("A message from it could not be read.".to_owned())
            }),
        ];
        self.running = Some(Running {
            worker,
            python,
            ready: false,
            in_flight: None,
            watchdog: Some(self.watchdog(number)),
            _listeners: listeners,
        });
    }

    fn listener(
        &self,
        worker: u32,
        target: &Worker,
        name: &'static str,
        kind: fn(&web_sys::Event) -> Kind,
    ) -> EventListener {
        let notify = self.notify.clone();
        EventListener::new(target, name, move |event| {
            notify.emit(Event { worker, kind: kind(event) });
        })
    }

    fn watchdog(&self, worker: u32) -> Timeout {
        let notify = self.notify.clone();
        Timeout::new(PATIENCE, move || notify.emit(Event { worker, kind: Kind::TookTooLong }))
    }

    fn send_next(&mut self) {
        let watchdog = self.watchdog(self.started);
        let Some(running) = &mut self.running else { return };
        if !running.ready || running.in_flight.is_some() {
            return;
        }
        let Some(request) = self.waiting.pop_front() else { return };
        // Plain data always has a JSON form, and a string can always be posted.
        let Ok(text) = serde_json::to_string(&request) else { return };
        if running.worker.post_message(&JsValue::from_str(&text)).is_ok() {
            running.in_flight = Some(request.serial);
            running.watchdog = Some(watchdog);
        }
    }
}
