//! The worker's side: answers requests with the engine.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_engine::{EngineError, Format, Side as EngineSide, Stamp as ReviewStamp, Workspace};
use schemaward_link::{Bundle, BundleSource, Mark, Mode, Side};
use schemaward_render::diagram::{
    self, Colours as DrawnColours, Detail as DrawnDetail, Extract, Focus, Form,
};
use schemaward_render::json::Review;
use ulid::Ulid;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::protocol::{
    BUILD, Colours, Contents, Detail, Message, Outcome, Phase, Prediction, Request, SourceText,
    Stamp, Wish, Work,
};

/// Starts listening and tells the page so.
pub(crate) fn serve() {
    // A panic ends this program without unwinding; the page is told why before that.
    std::panic::set_hook(Box::new(|panic| {
        post(&Message::Crashed { message: panic.to_string() });
    }));
    let mut worker = Worker::default();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        match serde_json::from_str::<Request>(&text) {
            Ok(request) => {
                let serial = request.serial;
                let outcome = worker.answer(request.work, &|phase| {
                    post(&Message::Progress { serial, phase });
                });
                post(&Message::Answer { serial, outcome });
            }
            Err(error) => post(&Message::Crashed {
                message: format!("The analysis could not understand a request: {error}"),
            }),
        }
    });
    scope().set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The listener lives as long as the worker.
    listener.forget();
    post(&Message::Ready { build: BUILD.to_owned() });
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn post(message: &Message) {
    // Neither step fails for these types, and there is nobody to tell if one did.
    if let Ok(text) = serde_json::to_string(message) {
        let _ = scope().post_message(&JsValue::from_str(&text));
    }
}

/// The engine's workspace, kept between requests so that what did not change is not read again.
#[derive(Default)]
struct Worker {
    workspace: Workspace,
    loaded: Contents,
}

impl Worker {
    fn answer(&mut self, work: Work, progress: &dyn Fn(Phase)) -> Outcome {
        match work {
            Work::Review { contents, stamp } => self.review(contents, &stamp, progress),
            Work::Predict { contents, stamp, migration, known } => {
                self.predict(contents, &stamp, &migration, &known)
            }
            Work::Link { contents, stamp, marks } => {
                Outcome::Linked { packed: schemaward_link::encode(&bundle(contents, stamp, marks)) }
            }
            Work::File { contents, stamp, marks } => Outcome::Filed {
                text: schemaward_link::write_file(&bundle(contents, stamp, marks)),
            },
            Work::Render { json, format } => render(&json, &format),
            Work::RulePages => Outcome::RulePages {
                pages: schemaward_engine::rules()
                    .iter()
                    .map(|rule| (rule.id.to_owned(), rule.page.to_owned()))
                    .collect(),
            },
            Work::Picture { contents, json, wish, file } => {
                self.picture(contents, &json, &wish, file)
            }
            Work::Open { fragment } => open(&fragment),
            Work::OpenFile { text } => match schemaward_link::read_file(&text) {
                Ok(bundle) => opened(Mode::Edit, bundle),
                Err(error) => Outcome::BadLink { message: error.to_string() },
            },
        }
    }

    fn review(&mut self, contents: Contents, stamp: &Stamp, progress: &dyn Fn(Phase)) -> Outcome {
        progress(Phase::Reading);
        self.load(contents);
        progress(Phase::Judging);
        match self.workspace.review(review_stamp(stamp)) {
            Ok(review) => {
                progress(Phase::Writing);
                Outcome::Reviewed {
                    json: Workspace::render(&review, Format::Json),
                    markdown: Workspace::render(&review, Format::Markdown),
                    migration: Workspace::render(&review, Format::Sql),
                    titles: titles(&review),
                }
            }
            Err(error) => bad_standard(error),
        }
    }

    fn predict(
        &mut self,
        contents: Contents,
        stamp: &Stamp,
        migration: &str,
        known: &[String],
    ) -> Outcome {
        self.load(contents);
        let review = match self.workspace.predict(review_stamp(stamp), migration) {
            Ok(review) => review,
            Err(error) => return bad_standard(error),
        };
        let findings =
            || review.findings.iter().chain(&review.observations).chain(&review.recommendations);
        let severity = |word: &str| findings().filter(|finding| finding.severity == word).count();
        let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
        let left: BTreeSet<&str> = findings().map(|finding| finding.id.as_str()).collect();
        let opened = findings().filter(|finding| !known.contains(finding.id.as_str()));
        Outcome::Predicted {
            prediction: Prediction {
                status: review.status.clone(),
                critical: severity("critical"),
                warnings: severity("warning"),
                closed: known.difference(&left).count(),
                opened: opened.map(|finding| finding.message.clone()).collect(),
            },
        }
    }

    fn picture(&mut self, contents: Contents, json: &str, wish: &Wish, file: bool) -> Outcome {
        self.load(contents);
        // As in `render`: it is one of this program's own answers.
        let svg = match serde_json::from_str::<Review>(json) {
            Ok(review) => {
                let (extract, colours) = extract(wish);
                let form = if file { Form::File } else { Form::Page };
                diagram::svg(&self.workspace.diagram(&review), &extract, colours, form)
            }
            Err(_) => String::new(),
        };
        Outcome::Pictured { svg }
    }

    /// Brings the workspace to these contents. Sources are only replaced while their order stays, because a
    /// later source may build on an earlier one.
    fn load(&mut self, contents: Contents) {
        let key = |source: &SourceText| (source.documented, source.path.clone());
        if !self.loaded.sources.iter().map(key).eq(contents.sources.iter().map(key)) {
            self.workspace.clear();
            self.loaded = Contents::default();
        }
        for (index, source) in contents.sources.iter().enumerate() {
            if self.loaded.sources.get(index) != Some(source) {
                let side = match source.side() {
                    Side::Documented => EngineSide::Documented,
                    Side::Implemented => EngineSide::Implemented,
                };
                self.workspace.set_source(side, &source.path, &source.text);
            }
        }
        self.workspace.set_standard(&contents.standard);
        self.loaded = contents;
    }
}

fn extract(wish: &Wish) -> (Extract, DrawnColours) {
    let extract = Extract {
        detail: match wish.detail {
            Detail::Automatic => DrawnDetail::Automatic,
            Detail::Names => DrawnDetail::Names,
            Detail::Keys => DrawnDetail::Keys,
            Detail::Columns => DrawnDetail::Columns,
        },
        focus: wish
            .focus
            .as_ref()
            .map(|(table, distance)| Focus { table: table.clone(), distance: *distance }),
    };
    let colours = match wish.colours {
        Colours::Class => DrawnColours::Class,
        Colours::Verdict => DrawnColours::Verdict,
    };
    (extract, colours)
}

fn render(json: &str, format: &str) -> Outcome {
    // Both come from this program's own answers; a mismatch shows as an empty form, never as a trap.
    let text = match (serde_json::from_str::<Review>(json), format.parse::<Format>()) {
        (Ok(review), Ok(format)) => Workspace::render(&review, format),
        _ => String::new(),
    };
    Outcome::Rendered { text }
}

fn review_stamp(stamp: &Stamp) -> ReviewStamp {
    ReviewStamp {
        // The page makes ids with the same crate and `open` checks those of links.
        id: Ulid::from_string(&stamp.id).unwrap_or_default(),
        date: stamp.date.clone(),
    }
}

fn bad_standard(error: EngineError) -> Outcome {
    Outcome::BadStandard { message: error.message, line: error.line, column: error.column }
}

/// The page has no rules linked into it, so it is told the titles it needs.
fn titles(review: &Review) -> BTreeMap<String, String> {
    let speaking: BTreeSet<_> = review
        .findings
        .iter()
        .chain(&review.observations)
        .chain(&review.recommendations)
        .map(|finding| finding.rule.as_str())
        .collect();
    let rules = schemaward_engine::rules().iter().filter(|rule| speaking.contains(rule.id));
    rules.map(|rule| (rule.id.to_owned(), rule.title.to_owned())).collect()
}

fn bundle(contents: Contents, stamp: Stamp, marks: Vec<Mark>) -> Bundle {
    Bundle {
        sources: contents
            .sources
            .into_iter()
            .map(|source| BundleSource {
                side: source.side(),
                path: source.path,
                text: source.text,
            })
            .collect(),
        standard: contents.standard,
        date: Some(stamp.date),
        id: Some(stamp.id),
        marks,
    }
}

fn open(fragment: &str) -> Outcome {
    match schemaward_link::parse_fragment(fragment) {
        Ok(Some((mode, bundle))) => opened(mode, bundle),
        Ok(None) => Outcome::NoLink,
        Err(error) => Outcome::BadLink { message: error.to_string() },
    }
}

fn opened(mode: Mode, bundle: Bundle) -> Outcome {
    let contents = Contents {
        sources: bundle
            .sources
            .into_iter()
            .map(|source| SourceText {
                documented: source.side == Side::Documented,
                path: source.path,
                text: source.text,
            })
            .collect(),
        standard: bundle.standard,
    };
    // A link without a usable id or date opens as a review of today.
    let stamp = match (bundle.id, bundle.date) {
        (Some(id), Some(date)) if Ulid::from_string(&id).is_ok() => Some(Stamp { id, date }),
        _ => None,
    };
    Outcome::Opened { read_only: mode == Mode::View, contents, stamp, marks: bundle.marks }
}
