//! The JavaScript API: a `Workspace` of sources that answers with a review.
//!
//! Nothing is decided here. The shapes that cross are those of `docs/json.md`, and `types.d.ts`
//! names them for TypeScript.

use std::fmt::Display;

use js_sys::{Date, Error};
use schemaward_engine::{Format, Side, Stamp};
use schemaward_link as link;
use schemaward_render::json::Review;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use ulid::Ulid;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &'static str = include_str!("types.d.ts");

/// The sources of both sides, the standard, and the review of them.
#[wasm_bindgen]
#[derive(Default)]
pub struct Workspace {
    engine: schemaward_engine::Workspace,
    /// The review of the workspace as it is; nothing after a change.
    review: Option<Review>,
    /// The stamp a link brought along, until the workspace changes.
    stamp: Asked,
}

/// What a caller says of a review's stamp.
#[derive(Default, Deserialize)]
struct Asked {
    id: Option<String>,
    date: Option<String>,
}

#[wasm_bindgen]
impl Workspace {
    /// An empty workspace, reviewed against the built-in standard.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens what `link()` or the page's Share made: a whole address, its fragment, or
    /// `<codec>:<payload>`. The review keeps the id and date of the link until something changes.
    pub fn open(link: &str) -> Result<Workspace, Error> {
        let (_, mut bundle) = link::parse_link(link).map_err(error)?;
        // A stamp that is none is no reason to keep the texts from their reader.
        let stamp = Asked {
            id: bundle.id.take().filter(|id| Ulid::from_string(id).is_ok()),
            date: bundle.date.take().filter(|date| is_date(date)),
        };
        Ok(Self { engine: schemaward_engine::Workspace::open(bundle), review: None, stamp })
    }

    /// Adds a source, or replaces the one of this side and path. The path is the name that
    /// evidence shows.
    #[wasm_bindgen(js_name = setSource)]
    pub fn set_source(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Side")] side: &str,
        path: &str,
        text: &str,
    ) -> Result<(), Error> {
        let side = match side {
            "documented" => Side::Documented,
            "implemented" => Side::Implemented,
            _ => {
                return Err(error(format_args!(
                    "a side is \"documented\" or \"implemented\", not \"{side}\""
                )));
            }
        };
        self.engine.set_source(side, path, text);
        self.changed();
        Ok(())
    }

    /// Removes the source of this path from both sides.
    #[wasm_bindgen(js_name = removeSource)]
    pub fn remove_source(&mut self, path: &str) {
        self.engine.remove_source(path);
        self.changed();
    }

    /// Sets the standard, as TOML; an empty text is the built-in one. What is wrong with it is
    /// said by `review()`.
    #[wasm_bindgen(js_name = setStandard)]
    pub fn set_standard(&mut self, toml: &str) {
        self.engine.set_standard(toml);
        self.changed();
    }

    /// Reviews the workspace. The same sources, standard, id and date give the same review.
    #[wasm_bindgen(unchecked_return_type = "Review")]
    pub fn review(
        &mut self,
        #[wasm_bindgen(unchecked_optional_param_type = "Stamp")] stamp: JsValue,
    ) -> Result<JsValue, Error> {
        let asked = if stamp.is_undefined() || stamp.is_null() {
            Asked::default()
        } else {
            serde_wasm_bindgen::from_value(stamp).map_err(|why| {
                error(format_args!("review() takes {{ id, date }}, both of them strings: {why}"))
            })?
        };
        let review = self.reviewed(&asked)?;
        review.serialize(&Serializer::json_compatible()).map_err(error)
    }

    /// What changed from the documented side to the implemented one, taken as two versions of one
    /// schema; each change is *dangerous*, *breaking*, for *review* or *safe*.
    #[wasm_bindgen(unchecked_return_type = "Versions")]
    pub fn compare(&mut self) -> Result<JsValue, Error> {
        let versions = self.engine.compare().map_err(error)?;
        versions.serialize(&Serializer::json_compatible()).map_err(error)
    }

    /// Both ways to make the two sides one: the migration of the implementation and the patch of the
    /// document.
    #[wasm_bindgen(unchecked_return_type = "Synchronization")]
    pub fn synchronize(&mut self) -> Result<JsValue, Error> {
        let sync = self.engine.synchronize().map_err(error)?;
        sync.serialize(&Serializer::json_compatible()).map_err(error)
    }

    /// The review in a form for people or programs: the last one, or a new one when something has
    /// changed since. `json` is byte for byte what the command prints.
    pub fn render(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Format")] format: &str,
    ) -> Result<String, Error> {
        let format: Format = format.parse().map_err(error)?;
        if self.review.is_none() {
            self.reviewed(&Asked::default())?;
        }
        let review =
            self.review.as_ref().map(|review| schemaward_engine::Workspace::render(review, format));
        Ok(review.unwrap_or_default())
    }

    /// The whole workspace as `<codec>:<payload>`, to stand after `#/edit/` or `#/view/` in an
    /// address of the page. It carries the id and date of the review, where one was made.
    pub fn link(&self) -> String {
        let mut bundle = self.engine.bundle();
        let review = self.review.as_ref();
        bundle.id = review.map(|review| review.id.clone()).or_else(|| self.stamp.id.clone());
        bundle.date = review.map(|review| review.date.clone()).or_else(|| self.stamp.date.clone());
        link::encode(&bundle)
    }
}

impl Workspace {
    fn changed(&mut self) {
        self.review = None;
        self.stamp = Asked::default();
    }

    fn reviewed(&mut self, asked: &Asked) -> Result<&Review, Error> {
        let id = match asked.id.as_deref().or(self.stamp.id.as_deref()) {
            Some(id) => Ulid::from_string(id)
                .map_err(|why| error(format_args!("the id \"{id}\" is no ULID: {why}")))?,
            None => new_id()?,
        };
        let date = match asked.date.as_ref().or(self.stamp.date.as_ref()) {
            Some(date) if is_date(date) => date.clone(),
            Some(date) => {
                return Err(error(format_args!("the date \"{date}\" is not YYYY-MM-DD")));
            }
            None => day(&Date::new_0()),
        };
        // The review that was is no answer to a call that fails.
        self.review = None;
        let review = self.engine.review(Stamp { id, date }).map_err(error)?;
        Ok(self.review.insert(review))
    }
}

/// An exception with this message.
fn error(message: impl Display) -> Error {
    Error::new(&message.to_string())
}

/// A new id of the present moment.
fn new_id() -> Result<Ulid, Error> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)
        .map_err(|why| error(format_args!("there is no source of randomness: {why}")))?;
    // The clock counts whole milliseconds since 1970, far below what a `u64` holds.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let milliseconds = Date::now() as u64;
    Ok(Ulid::from_parts(milliseconds, u128::from_be_bytes(random)))
}

/// The day of a moment in UTC, `YYYY-MM-DD`.
fn day(date: &Date) -> String {
    date.to_iso_string().slice(0, 10).into()
}

/// Whether a text is a day of the calendar, written `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let date = Date::new(&JsValue::from_str(text));
    // A day that does not exist (February 30th) comes back as another one, or as none.
    text.len() == 10 && !date.get_time().is_nan() && day(&date) == text
}
