//! The editor: CodeMirror where it has loaded, and until then, or where it does not load, a text area.
//!
//! Either keeps its own text; the page reads it some time after the last key ([`Field::take`]) and never writes it
//! while the reader types.

mod plain;
pub(crate) mod program;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::Uint32Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

use self::plain::Plain;
use self::program::{Calls, Module, Mounted};
use super::Shared;
use crate::browser::{self, record};
use crate::position::Place;
use crate::sources::{Language, SourceId};
use crate::view::review::marks::{Mark, Marks};

/// A wish to see a place. Two wishes for the same place differ by their number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) number: u32,
    pub(crate) source: SourceId,
    pub(crate) place: Place,
}

/// The pages of rules by their id, as Markdown; empty until the worker has sent them.
pub(crate) type RulePages = Shared<BTreeMap<String, String>>;

/// Where the text is that the reader types: what the page holds of its editor.
#[derive(Clone, Default)]
pub(crate) struct Field(Rc<Places>);

#[derive(Default)]
struct Places {
    area: NodeRef,
    mounted: RefCell<Option<Mounted>>,
}

impl Field {
    /// The text of a source as it stands in the editor; nothing where another one is shown.
    pub(crate) fn take(&self, source: SourceId) -> Option<String> {
        if let Some(mounted) = &*self.0.mounted.borrow() {
            return mounted.take(source);
        }
        Some(self.0.area.cast::<HtmlTextAreaElement>()?.value())
    }

    /// Lets go of what is kept of other sources than these.
    pub(crate) fn keep(&self, sources: &[SourceId]) {
        if let Some(mounted) = &*self.0.mounted.borrow() {
            mounted.keep(sources);
        }
    }
}

impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct EditorProps {
    pub(crate) source: SourceId,
    pub(crate) revision: u32,
    pub(crate) path: String,
    pub(crate) text: Rc<str>,
    pub(crate) language: Language,
    pub(crate) lines: usize,
    pub(crate) read_only: bool,
    pub(crate) placeholder: &'static str,
    pub(crate) select: Option<Selection>,
    pub(crate) marks: Option<Shared<Marks>>,
    pub(crate) pages: RulePages,
    pub(crate) field: Field,
    pub(crate) on_typed: Callback<()>,
    /// Takes a text that is too large for the text area.
    pub(crate) on_replaced: Callback<String>,
    /// Shows a finding, by its index in the marks, in the review.
    pub(crate) on_mark: Callback<usize>,
}

pub(crate) enum Msg {
    Loaded(Result<Module, JsValue>),
    /// The program was put in place, or could not be.
    Settled,
    Retry,
}

/// How far the editor's program is.
enum Program {
    Loading,
    Failed(String),
    /// It is there, and put in place by the next drawing.
    Loaded(Module),
    Mounted(Mounted),
}

/// What the program asks for while it runs: the newest of what the page knows.
#[derive(Default)]
struct Known {
    marks: Option<Shared<Marks>>,
    pages: Option<RulePages>,
}

pub(crate) struct Editor {
    program: Program,
    host: NodeRef,
    calls: Option<Calls>,
    known: Rc<RefCell<Known>>,
    /// The marks that are shown, and in which source.
    marked: Option<(SourceId, Option<Shared<Marks>>)>,
    /// The last selection that was carried out.
    selected: u32,
}

impl Component for Editor {
    type Message = Msg;
    type Properties = EditorProps;

    fn create(ctx: &Context<Self>) -> Self {
        load(ctx);
        Self {
            program: Program::Loading,
            host: NodeRef::default(),
            calls: None,
            known: Rc::default(),
            marked: None,
            selected: 0,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Loaded(Ok(module)) => self.program = Program::Loaded(module),
            Msg::Loaded(Err(error)) => self.program = Program::Failed(browser::error_text(&error)),
            Msg::Settled => {}
            Msg::Retry => {
                self.program = Program::Loading;
                load(ctx);
            }
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        let props = ctx.props();
        *self.known.borrow_mut() =
            Known { marks: props.marks.clone(), pages: Some(props.pages.clone()) };
        if let Program::Loaded(module) = &self.program {
            let module = module.clone();
            match self.mount(ctx, &module) {
                Ok(mounted) => {
                    props.field.0.mounted.replace(Some(mounted.clone()));
                    self.program = Program::Mounted(mounted);
                }
                Err(error) => self.program = Program::Failed(browser::error_text(&error)),
            }
            // The text area goes with the next drawing, once nothing is lost with it.
            ctx.link().send_message(Msg::Settled);
        }
        if let Program::Mounted(mounted) = &self.program {
            let mounted = mounted.clone();
            show(&mounted, props, None);
            self.mark(&mounted, props);
            self.select(&mounted, props);
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let has_program = matches!(self.program, Program::Loaded(_) | Program::Mounted(_));
        html! {
            <div class="editor">
                if let Program::Failed(reason) = &self.program {
                    <div class="window" role="note">
                        <span>
                            { format!("The editor could not be loaded ({reason}). A plain text field stands in for it.") }
                        </span>
                        <button type="button" onclick={ctx.link().callback(|_| Msg::Retry)}>{ "Try again" }</button>
                    </div>
                }
                if has_program {
                    <div class="code-editor" ref={self.host.clone()} />
                }
                if !matches!(self.program, Program::Mounted(_)) {
                    <Plain key={props.source} source={props.source} revision={props.revision}
                        path={props.path.clone()} text={props.text.clone()} lines={props.lines}
                        read_only={props.read_only} placeholder={props.placeholder}
                        select={props.select.clone()} marks={props.marks.clone()}
                        textarea={props.field.0.area.clone()} on_typed={props.on_typed.clone()}
                        on_replaced={props.on_replaced.clone()} />
                }
            </div>
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        if let Some(mounted) = ctx.props().field.0.mounted.take() {
            mounted.destroy();
        }
    }
}

impl Editor {
    /// Puts the program in place of the text area, with what was typed there.
    fn mount(&mut self, ctx: &Context<Self>, module: &Module) -> Result<Mounted, JsValue> {
        let props = ctx.props();
        let host = self.host.cast::<Element>().ok_or(JsValue::UNDEFINED)?;
        let (known, on_mark) = (Rc::clone(&self.known), props.on_mark.clone());
        let (on_typed, pages) = (props.on_typed.clone(), Rc::clone(&self.known));
        let calls = Calls::new(
            move || on_typed.emit(()),
            move |index| on_mark.emit(usize::try_from(index).unwrap_or(usize::MAX)),
            move |index| about(known.borrow().marks.as_ref(), index),
            move |rule| pages.borrow().pages.as_ref()?.get(&rule).cloned(),
        );
        let mounted = module.mount(&host, calls.object())?;
        self.calls = Some(calls);
        let area = props.field.0.area.cast::<HtmlTextAreaElement>();
        let area = area.filter(|_| !plain::is_large(props.text.len()));
        show(&mounted, props, area.as_ref().map(HtmlTextAreaElement::value).as_deref());
        if let Some(area) = area {
            let start = area.selection_start().ok().flatten().unwrap_or_default();
            let end = area.selection_end().ok().flatten().unwrap_or(start);
            let focused = browser::document().and_then(|document| document.active_element());
            let focused = focused.as_ref() == Some(area.as_ref());
            mounted.adopt(start, end, focused);
        }
        // What the text area was asked to show stands there now.
        if let Some(wish) = &props.select
            && wish.source == props.source
        {
            self.selected = wish.number;
        }
        Ok(mounted)
    }

    fn mark(&mut self, mounted: &Mounted, props: &EditorProps) {
        let wanted = (props.source, props.marks.clone());
        if self.marked.as_ref() == Some(&wanted) {
            return;
        }
        let numbers: Vec<u32> = props
            .marks
            .iter()
            .flat_map(|marks| marks.of(&props.path))
            .flat_map(Mark::numbers)
            .collect();
        mounted.mark(&Uint32Array::from(numbers.as_slice()));
        self.marked = Some(wanted);
    }

    fn select(&mut self, mounted: &Mounted, props: &EditorProps) {
        let wish = props.select.as_ref().filter(|wish| wish.source == props.source);
        let Some(wish) = wish.filter(|wish| wish.number != self.selected) else { return };
        self.selected = wish.number;
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let place = &wish.place;
        mounted.select(
            number(place.line),
            number(place.column),
            number(place.end_line),
            number(place.end_column),
        );
    }
}

fn load(ctx: &Context<Editor>) {
    let link = ctx.link().clone();
    spawn_local(async move { link.send_message(Msg::Loaded(program::load().await)) });
}

/// Shows the source; `typed` is its text where that is newer than the page's.
fn show(mounted: &Mounted, props: &EditorProps, typed: Option<&str>) {
    let is_known = mounted.knows(props.source, props.revision);
    let text = if is_known { "" } else { typed.unwrap_or(&props.text) };
    mounted.show(
        props.source,
        props.revision,
        &props.path,
        text,
        props.language.word(),
        props.read_only,
        props.placeholder,
    );
}

/// What a mark says, as the program shows it.
fn about(marks: Option<&Shared<Marks>>, index: u32) -> JsValue {
    let about = usize::try_from(index).ok().and_then(|index| marks?.about(index));
    let Some(about) = about else { return JsValue::UNDEFINED };
    let text = JsValue::from_str;
    record(&[
        ("title", &text(about.title)),
        ("message", &text(about.message)),
        ("impact", &text(about.impact)),
        ("rule", &text(about.rule)),
    ])
    .into()
}
