//! The picture of the schema: what is asked of the worker, and what becomes of its answers.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{App, Msg, Pane};
use crate::browser;
use crate::protocol::{Wish, Work};
use crate::raster;
use crate::view::diagram::Image;

/// What happens to the picture.
pub(crate) enum Picturing {
    /// It is opened, around a table where one is named.
    Open(Option<String>),
    Close,
    /// Another part of it is wanted, or the same in another way.
    Wish(Wish),
    Save(Image),
    /// A picture was saved, or could not be.
    Saved(Result<(), String>),
}

/// The picture that is shown in place of the review.
pub(super) struct Picture {
    wish: Wish,
    /// The id of the review it was asked for.
    of: String,
    /// The request it was asked with.
    serial: Option<u64>,
    svg: Option<AttrValue>,
    /// The requests of files to save.
    saving: Vec<(u64, Image)>,
}

impl Picture {
    pub(super) fn wish(&self) -> &Wish {
        &self.wish
    }

    pub(super) fn svg(&self) -> Option<AttrValue> {
        self.svg.clone()
    }

    /// Whether a newer picture is being made.
    pub(super) fn is_working(&self) -> bool {
        self.serial.is_some()
    }
}

impl App {
    pub(super) fn picturing(&mut self, event: Picturing) {
        match event {
            Picturing::Open(focus) => {
                let wish = Wish { focus: focus.map(|table| (table, 1)), ..Wish::default() };
                self.report = None;
                self.pane = Pane::Review;
                self.picture = Some(Picture {
                    wish,
                    of: String::new(),
                    serial: None,
                    svg: None,
                    saving: Vec::new(),
                });
                self.refresh_picture();
            }
            Picturing::Close => self.picture = None,
            Picturing::Wish(wish) => {
                if let Some(picture) = &mut self.picture {
                    picture.wish = wish;
                    picture.of.clear();
                }
                self.refresh_picture();
            }
            Picturing::Save(image) => {
                let Some(serial) = self.request_picture(true) else { return };
                if let Some(picture) = &mut self.picture {
                    picture.saving.push((serial, image));
                }
            }
            Picturing::Saved(Ok(())) => self.say("Picture saved".to_owned()),
            Picturing::Saved(Err(reason)) => {
                self.say(format!("The picture could not be saved: {reason}"));
            }
        }
    }

    /// Asks for the picture of the review on the page, where it is shown and is of another one.
    pub(super) fn refresh_picture(&mut self) {
        let Some(reviewed) = &self.reviewed else { return };
        let id = reviewed.review.id.clone();
        if self.picture.as_ref().is_none_or(|picture| picture.of == id) {
            return;
        }
        let serial = self.request_picture(false);
        if let Some(picture) = &mut self.picture {
            picture.of = id;
            picture.serial = serial;
        }
    }

    fn request_picture(&mut self, file: bool) -> Option<u64> {
        let (reviewed, picture) = (self.reviewed.as_ref()?, self.picture.as_ref()?);
        let work = Work::Picture {
            contents: self.sources.contents(),
            json: reviewed.json.clone(),
            wish: picture.wish.clone(),
            file,
        };
        Some(self.client.request(work))
    }

    pub(super) fn pictured(&mut self, ctx: &Context<Self>, serial: u64, svg: String) {
        let Some(picture) = &mut self.picture else { return };
        if picture.serial == Some(serial) {
            picture.serial = None;
            picture.svg = Some(svg.into());
            return;
        }
        let Some(at) = picture.saving.iter().position(|(known, _)| *known == serial) else {
            return;
        };
        let (_, image) = picture.saving.swap_remove(at);
        let link = ctx.link().clone();
        match image {
            Image::Svg => {
                let saved = browser::save_text("schema.svg", "image/svg+xml", &svg);
                let saved = saved.map_err(|error| browser::error_text(&error));
                link.send_message(Msg::Picture(Picturing::Saved(saved)));
            }
            Image::Png => spawn_local(async move {
                let saved = raster::save_png("schema.png", &svg).await;
                let saved = saved.map_err(|error| browser::error_text(&error));
                link.send_message(Msg::Picture(Picturing::Saved(saved)));
            }),
        }
    }
}
