//! What stands in for the editor until its program has loaded: a text area with line numbers and marks.
//!
//! A text beyond [`LARGE`] is shown in part and read only, because laying out megabytes in a text area freezes
//! browsers for seconds.

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DataTransfer, HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::Selection;
use crate::browser::SizeWatch;
use crate::position::{Place, excerpt, utf16_offset};
use crate::sources::SourceId;
use crate::view::review::marks::{Marks, Severity};
use crate::view::{Shared, counted, grouped};

/// Texts of more bytes than this are not edited on the page.
pub(super) const LARGE: usize = 1_000_000;
/// How many lines of a large text are shown at once.
const WINDOW: usize = 1_000;
/// The height of a line in CSS pixels; the style sheet says the same.
const LINE_HEIGHT: i32 = 20;
/// The padding above the first line in CSS pixels; the style sheet says the same.
const PADDING: i32 = 8;

#[derive(Properties, PartialEq)]
pub(super) struct PlainProps {
    pub(super) source: SourceId,
    pub(super) revision: u32,
    pub(super) path: String,
    pub(super) text: Rc<str>,
    pub(super) lines: usize,
    pub(super) read_only: bool,
    pub(super) placeholder: &'static str,
    pub(super) select: Option<Selection>,
    pub(super) marks: Option<Shared<Marks>>,
    pub(super) textarea: NodeRef,
    pub(super) on_typed: Callback<()>,
    /// Takes a text that is too large for the text area.
    pub(super) on_replaced: Callback<String>,
}

pub(super) enum Msg {
    Scrolled,
    Typed,
    Key(KeyboardEvent),
    Pasted(Event),
    /// Shows a large text from this line on.
    Window(usize),
    /// The lines in view have changed.
    Renumber,
}

pub(super) struct Plain {
    gutter: NodeRef,
    /// The revision and first line the text area shows; `None` before the first drawing.
    shown: Option<(u32, usize)>,
    /// The last selection that was carried out.
    selected: u32,
    /// The first line of the window on a large text, 1-based.
    first: usize,
    /// The first line in view and how many are, for the line numbers.
    view: (usize, usize),
    /// Whether Escape was pressed, so that Tab leaves the editor.
    leaving: bool,
    /// Tells when the text area gets another size, or comes into view on a narrow page.
    resized: Option<SizeWatch>,
}

impl Component for Plain {
    type Message = Msg;
    type Properties = PlainProps;

    fn create(_: &Context<Self>) -> Self {
        Self {
            gutter: NodeRef::default(),
            shown: None,
            selected: 0,
            first: 1,
            view: (0, 60),
            leaving: false,
            resized: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Scrolled => self.measure(ctx),
            Msg::Typed => {
                ctx.props().on_typed.emit(());
                self.measure(ctx)
            }
            Msg::Key(event) => {
                self.key(ctx, &event);
                false
            }
            Msg::Pasted(event) => {
                paste_large(ctx.props(), &event);
                false
            }
            Msg::Window(first) => {
                self.first = first;
                true
            }
            Msg::Renumber => true,
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        let props = ctx.props();
        let Some(area) = props.textarea.cast::<HtmlTextAreaElement>() else { return };
        if self.resized.is_none() {
            let resized = ctx.link().callback(|()| Msg::Scrolled);
            self.resized = SizeWatch::new(&area, move || resized.emit(()));
        }
        let wish = props.select.as_ref().filter(|wish| wish.source == props.source);
        let wish = wish.filter(|wish| wish.number != self.selected);
        if let (true, Some(wish)) = (is_large(ctx.props().text.len()), wish) {
            let line = wish.place.line;
            if line < self.first || self.first + WINDOW <= line {
                self.first = line.saturating_sub(WINDOW / 2).max(1);
                ctx.link().send_message(Msg::Window(self.first));
            }
        }
        let target =
            (props.revision, if is_large(ctx.props().text.len()) { self.first } else { 0 });
        if self.shown != Some(target) {
            self.shown = Some(target);
            if is_large(ctx.props().text.len()) {
                area.set_value(&excerpt(&props.text, self.first, WINDOW));
            } else {
                area.set_value(&props.text);
            }
        }
        if let Some(wish) = wish {
            self.selected = wish.number;
            self.select(ctx, &area, &wish.place);
        }
        if self.measure(ctx) {
            ctx.link().send_message(Msg::Renumber);
        }
        self.place_gutter(&area);
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let large = is_large(ctx.props().text.len());
        let link = ctx.link();
        html! {
            <>
                if large {
                    { self.window_bar(ctx) }
                }
                <div class="frame">
                    <div class="gutter" aria-hidden="true"><div ref={self.gutter.clone()}>
                        { for self.numbers(ctx) }
                    </div></div>
                    <textarea ref={props.textarea.clone()} wrap="off" spellcheck="false" autocomplete="off"
                        autocapitalize="off" readonly={props.read_only || large}
                        aria-label={props.path.clone()} aria-describedby="editor-help"
                        placeholder={props.placeholder}
                        onscroll={link.callback(|_| Msg::Scrolled)}
                        oninput={link.callback(|_| Msg::Typed)}
                        onkeydown={link.callback(Msg::Key)}
                        onpaste={link.callback(Msg::Pasted)} />
                </div>
                <p id="editor-help" class="visually-hidden">
                    { "Tab indents. To leave the editor with the keyboard, press Escape, then Tab." }
                </p>
            </>
        }
    }
}

impl Plain {
    fn window_bar(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let last = (self.first + WINDOW - 1).min(props.lines);
        let to = |first: usize| ctx.link().callback(move |_: MouseEvent| Msg::Window(first));
        html! {
            <div class="window" role="note">
                <span>
                    { format!(
                        "{} in {}: too large to edit here. Lines {}–{} are shown; all of it is reviewed.",
                        megabytes(props.text.len()),
                        counted(props.lines, "line", "lines"),
                        grouped(self.first),
                        grouped(last),
                    ) }
                </span>
                <button type="button" disabled={self.first == 1}
                    onclick={to(self.first.saturating_sub(WINDOW).max(1))}>{ "Earlier" }</button>
                <button type="button" disabled={last == props.lines}
                    onclick={to(self.first + WINDOW)}>{ "Later" }</button>
            </div>
        }
    }

    /// The numbers of the lines in view, with their marks.
    fn numbers(&self, ctx: &Context<Self>) -> Vec<Html> {
        let props = ctx.props();
        let marks = props.marks.as_ref().map(|marks| marks.worst(&props.path)).unwrap_or_default();
        let base = if is_large(ctx.props().text.len()) { self.first } else { 1 };
        let (skipped, count) = self.view;
        // The line count lags behind typing by a moment; the area itself is never shorter than one line.
        (skipped..skipped + count)
            .map(|index| base + index)
            .take_while(|line| *line <= props.lines)
            .map(|line| {
                let (class, sign) = match marks.get(&line) {
                    Some(Severity::Critical) => ("bad", "●"),
                    Some(Severity::Warning) => ("warn", "▲"),
                    Some(Severity::Info) => ("info", "·"),
                    None => ("", ""),
                };
                html! { <div {class}>{ line }<i>{ sign }</i></div> }
            })
            .collect()
    }

    /// Notes which lines are in view; whether that changed.
    fn measure(&mut self, ctx: &Context<Self>) -> bool {
        let Some(area) = ctx.props().textarea.cast::<HtmlTextAreaElement>() else { return false };
        let first = (area.scroll_top() - PADDING).max(0) / LINE_HEIGHT;
        let count = area.client_height() / LINE_HEIGHT + 2;
        let view = (usize::try_from(first).unwrap_or(0), usize::try_from(count).unwrap_or(0));
        self.place_gutter(&area);
        std::mem::replace(&mut self.view, view) != view
    }

    /// Moves the line numbers to where the text area has scrolled.
    fn place_gutter(&self, area: &HtmlTextAreaElement) {
        let Some(gutter) = self.gutter.cast::<HtmlElement>() else { return };
        let first = i32::try_from(self.view.0).unwrap_or(0);
        let top = PADDING + first * LINE_HEIGHT - area.scroll_top();
        let _ = gutter.style().set_property("transform", &format!("translateY({top}px)"));
    }

    fn select(&self, ctx: &Context<Self>, area: &HtmlTextAreaElement, place: &Place) {
        let text = &ctx.props().text;
        let (start, end, line) = if is_large(ctx.props().text.len()) {
            let shown = excerpt(text, self.first, WINDOW);
            let within = |line: usize| (line + 1).saturating_sub(self.first);
            (
                utf16_offset(&shown, within(place.line), place.column),
                utf16_offset(&shown, within(place.end_line), place.end_column),
                within(place.line),
            )
        } else {
            (
                utf16_offset(text, place.line, place.column),
                utf16_offset(text, place.end_line, place.end_column),
                place.line,
            )
        };
        let _ = area.focus();
        let _ = area.set_selection_range(start, end.max(start));
        // The line comes to stand in the upper third, with what leads to it above.
        let above = area.client_height() / 3;
        let line = i32::try_from(line.saturating_sub(1)).unwrap_or(0);
        area.set_scroll_top((line.saturating_mul(LINE_HEIGHT) - above).max(0));
        area.set_scroll_left(0);
    }

    /// Tab indents, unless Escape was pressed just before.
    fn key(&mut self, ctx: &Context<Self>, event: &KeyboardEvent) {
        let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key());
        let editable = !ctx.props().read_only && !is_large(ctx.props().text.len());
        match event.key().as_str() {
            "Escape" => self.leaving = true,
            "Tab" if plain && editable && !self.leaving => {
                event.prevent_default();
                insert("    ");
            }
            _ => self.leaving = false,
        }
    }
}

/// Whether a text of so many bytes is shown in part.
pub(super) fn is_large(bytes: usize) -> bool {
    bytes > LARGE
}

/// Takes a large pasted text past the text area, which would spend seconds on laying it out. A smaller one is
/// left to the browser.
fn paste_large(props: &PlainProps, event: &Event) {
    let pasted = js_sys::Reflect::get(event, &"clipboardData".into())
        .ok()
        .and_then(|data| data.dyn_into::<DataTransfer>().ok())
        .and_then(|data| data.get_data("text/plain").ok())
        .filter(|text| text.len() > LARGE);
    let (Some(pasted), false) = (pasted, props.read_only || is_large(props.text.len())) else {
        return;
    };
    let Some(area) = props.textarea.cast::<HtmlTextAreaElement>() else { return };
    event.prevent_default();
    // The selection is counted in UTF-16 units, as strings of the browser are.
    let value = JsString::from(area.value());
    let start = area.selection_start().ok().flatten().unwrap_or_default();
    let end = area.selection_end().ok().flatten().unwrap_or(start);
    let text = value.substring(0, start).concat(&pasted.into());
    props.on_replaced.emit(text.concat(&value.substring(end, value.length())).into());
}

/// Types a text at the caret in a way that can be undone. The command is called through its name because it
/// is marked deprecated; there is no other that keeps a text area's history.
fn insert(text: &str) {
    let Some(document) = crate::browser::document() else { return };
    let name = JsValue::from_str("execCommand");
    if let Ok(command) = js_sys::Reflect::get(&document, &name)
        && let Ok(command) = command.dyn_into::<js_sys::Function>()
    {
        let _ = command.call3(&document, &"insertText".into(), &false.into(), &text.into());
    }
}

fn megabytes(bytes: usize) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_megabytes() {
        assert_eq!(megabytes(5_280_000), "5.2 MB");
        assert_eq!(megabytes(1_000_000), "1.0 MB");
    }
}
