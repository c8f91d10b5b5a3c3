//! What the parts of the page call when the reader does something.

use schemaward_link::Mark;
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::commands::Over;
use super::opening::Opening;
use super::picture::Picturing;
use super::undo::Way;
use super::{App, Msg, Pane};
use crate::browser;
use crate::position::Place;
use crate::sources::{SourceId, Tab};
use crate::view::header::Export;
use crate::view::review::plan::LeftOut;

/// The callbacks handed down; made once, so that parts of the page that did not change are not drawn again.
pub(super) struct Callbacks {
    pub(super) tab: Callback<Tab>,
    pub(super) pick: Callback<SourceId>,
    pub(super) add: Callback<()>,
    pub(super) rename: Callback<(SourceId, String)>,
    pub(super) remove: Callback<SourceId>,
    pub(super) change_side: Callback<SourceId>,
    pub(super) items: Callback<Vec<JsValue>>,
    pub(super) pick_files: Callback<bool>,
    pub(super) stop_opening: Callback<()>,
    pub(super) dismiss_opening: Callback<()>,
    pub(super) typed: Callback<()>,
    pub(super) replaced: Callback<String>,
    pub(super) mark: Callback<usize>,
    pub(super) example: Callback<&'static str>,
    pub(super) export: Callback<Export>,
    pub(super) share: Callback<()>,
    pub(super) share_mode: Callback<bool>,
    pub(super) close_share: Callback<()>,
    pub(super) copy: Callback<(&'static str, String)>,
    pub(super) show: Callback<Place>,
    pub(super) show_standard: Callback<(usize, usize)>,
    pub(super) edit: Callback<()>,
    pub(super) theme: Callback<()>,
    pub(super) over: Callback<Option<Over>>,
    pub(super) single_key: Callback<bool>,
    pub(super) pane: Callback<Pane>,
    pub(super) cancel: Callback<()>,
    pub(super) report: Callback<bool>,
    pub(super) picture: Callback<Picturing>,
    pub(super) note: Callback<Mark>,
    pub(super) left_out: Callback<LeftOut>,
    pub(super) save_migration: Callback<()>,
    pub(super) travel: Callback<Way>,
    pub(super) remark_over: Callback<()>,
    pub(super) retry: Callback<()>,
    pub(super) reload: Callback<()>,
    pub(super) dismiss: Callback<()>,
}

impl Callbacks {
    pub(super) fn new(ctx: &Context<App>) -> Self {
        let link = ctx.link();
        Self {
            tab: link.callback(Msg::Tab),
            pick: link.callback(Msg::Pick),
            add: link.callback(|()| Msg::Add),
            rename: link.callback(|(id, path)| Msg::Rename(id, path)),
            remove: link.callback(Msg::Remove),
            change_side: link.callback(Msg::Move),
            items: link.callback(|items| Msg::Opening(Opening::Items(items))),
            pick_files: link.callback(|folder| Msg::Opening(Opening::Pick { folder })),
            stop_opening: link.callback(|()| Msg::Opening(Opening::Stop)),
            dismiss_opening: link.callback(|()| Msg::Opening(Opening::Dismiss)),
            typed: link.callback(|()| Msg::Typed),
            replaced: link.callback(Msg::Replaced),
            mark: link.callback(Msg::Mark),
            example: link.callback(Msg::Example),
            export: link.callback(Msg::Export),
            share: link.callback(|()| Msg::Share),
            share_mode: link.callback(Msg::ShareMode),
            close_share: link.callback(|()| Msg::CloseShare),
            copy: link.callback(|(what, text)| Msg::Copy(what, text)),
            show: link.callback(Msg::Show),
            show_standard: link.callback(|(line, column)| Msg::ShowStandard(line, column)),
            edit: link.callback(|()| Msg::EditCopy),
            theme: link.callback(|()| Msg::NextTheme),
            over: link.callback(Msg::Over),
            single_key: link.callback(Msg::SingleKey),
            pane: link.callback(Msg::Pane),
            cancel: link.callback(|()| Msg::Cancel),
            report: link.callback(Msg::Report),
            picture: link.callback(Msg::Picture),
            note: link.callback(Msg::Note),
            left_out: link.callback(Msg::LeftOut),
            save_migration: link.callback(|()| Msg::Export(Export::SaveMigration)),
            travel: link.callback(Msg::Travel),
            remark_over: link.callback(|()| Msg::RemarkOver),
            retry: link.callback(|()| Msg::Retry),
            reload: Callback::from(|()| {
                if let Some(window) = browser::window() {
                    let _ = window.location().reload();
                }
            }),
            dismiss: link.callback(|()| Msg::Dismiss),
        }
    }
}
