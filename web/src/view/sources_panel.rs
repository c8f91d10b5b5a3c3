//! The left side: tabs, files, editor.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DataTransfer, HtmlElement};
use yew::prelude::*;

use super::editor::{Editor, Field, RulePages, Selection};
use super::files::{Files, FilesProps};
use super::intake::IntakeNote;
use super::review::marks::Marks;
use super::{Shared, counted};
use crate::app::opening::Intake;
use crate::sources::{Source, SourceId, Sources, Tab};

#[derive(Properties, PartialEq)]
pub(crate) struct SourcesPanelProps {
    /// The sources as of `version`; they are compared by it, and not by their text.
    pub(crate) sources: Shared<Sources>,
    pub(crate) tab: Tab,
    pub(crate) active: SourceId,
    pub(crate) read_only: bool,
    pub(crate) select: Option<Selection>,
    pub(crate) marks: Option<Shared<Marks>>,
    pub(crate) pages: RulePages,
    pub(crate) field: Field,
    /// What the foot says on the right.
    pub(crate) remark: String,
    pub(crate) on_tab: Callback<Tab>,
    pub(crate) on_pick: Callback<SourceId>,
    pub(crate) on_add: Callback<()>,
    pub(crate) on_rename: Callback<(SourceId, String)>,
    pub(crate) on_remove: Callback<SourceId>,
    /// The file goes to the other side.
    pub(crate) on_move: Callback<SourceId>,
    /// Takes files, or entries of a drop.
    pub(crate) on_items: Callback<Vec<JsValue>>,
    /// Asks for a folder (`true`) or files with the browser's own picker.
    pub(crate) on_pick_files: Callback<bool>,
    pub(crate) intake: Intake,
    pub(crate) on_stop_opening: Callback<()>,
    pub(crate) on_dismiss_opening: Callback<()>,
    pub(crate) on_typed: Callback<()>,
    pub(crate) on_replaced: Callback<String>,
    pub(crate) on_mark: Callback<usize>,
}

#[component]
pub(crate) fn SourcesPanel(props: &SourcesPanelProps) -> Html {
    let dragging = use_state(|| false);
    let set_dragging = |value: bool| {
        let dragging = dragging.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            dragging.set(value);
        })
    };
    let on_drop = {
        let (dragging, on_items, read_only) =
            (dragging.clone(), props.on_items.clone(), props.read_only);
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            dragging.set(false);
            if let (Some(transfer), false) = (event.data_transfer(), read_only) {
                on_items.emit(dropped(&transfer));
            }
        })
    };
    let active = props.sources.get(props.active);
    let count = props.sources.of(props.tab).filter(|source| !source.is_blank()).count();
    let lines: usize = props
        .sources
        .of(props.tab)
        .filter(|source| !source.is_blank())
        .map(|source| source.lines)
        .sum();
    html! {
        <section class={classes!("sources", dragging.then_some("dragging"))} aria-label="Sources"
            ondragover={set_dragging(true)} ondragleave={set_dragging(false)} ondrop={on_drop}>
            <Tabs sources={props.sources.clone()} tab={props.tab} on_tab={props.on_tab.clone()} />
            <div class="tabpanel" role="tabpanel" id="sources-panel"
                aria-labelledby={format!("tab-{}", props.tab.title())}>
                <Files ..FilesProps {
                    sources: props.sources.clone(),
                    tab: props.tab,
                    active: props.active,
                    read_only: props.read_only,
                    on_pick: props.on_pick.clone(),
                    on_add: props.on_add.clone(),
                    on_rename: props.on_rename.clone(),
                    on_remove: props.on_remove.clone(),
                    on_move: props.on_move.clone(),
                    on_items: props.on_items.clone(),
                    on_pick_files: props.on_pick_files.clone(),
                } />
                <IntakeNote intake={props.intake.clone()} on_stop={props.on_stop_opening.clone()}
                    on_dismiss={props.on_dismiss_opening.clone()} />
                if let Some(source) = active {
                    <Editor source={source.id} revision={source.revision} path={source.path.clone()}
                        text={source.text.clone()} language={source.language} lines={source.lines}
                        read_only={props.read_only} placeholder={placeholder(source)}
                        select={props.select.clone()} marks={props.marks.clone()}
                        pages={props.pages.clone()} field={props.field.clone()}
                        on_typed={props.on_typed.clone()} on_replaced={props.on_replaced.clone()}
                        on_mark={props.on_mark.clone()} />
                }
            </div>
            <div class="foot">
                <span>
                    { counted(count, "file", "files") }{ " · " }{ counted(lines, "line", "lines") }
                </span>
                <span class="grow" />
                <span>{ &props.remark }</span>
            </div>
        </section>
    }
}

fn placeholder(source: &Source) -> &'static str {
    match source.tab {
        Tab::Documented => {
            "Paste the schema as it is documented: reference DDL.\n\nOr drop files, a folder or a zip here, or open them."
        }
        Tab::Implemented => {
            "Paste the schema as it is built: the output of pg_dump --schema-only, SQL migrations, \
             SQLAlchemy models or Alembic migrations.\n\nOr drop files, a folder or a zip here, or open them."
        }
        Tab::Standard => {
            "# The rules of your house in TOML. Empty means the built-in profile:\n\
             # profile = \"hipaa\"\n# [primary_key]\n# kind = \"ulid\""
        }
    }
}

#[derive(Properties, PartialEq)]
struct TabsProps {
    sources: Shared<Sources>,
    tab: Tab,
    on_tab: Callback<Tab>,
}

/// One tab stop for all tabs; arrows, Home and End move between them.
#[component]
fn Tabs(props: &TabsProps) -> Html {
    let on_key = {
        let (current, on_tab) = (props.tab, props.on_tab.clone());
        Callback::from(move |event: KeyboardEvent| {
            let position = Tab::ALL.iter().position(|tab| *tab == current).unwrap_or_default();
            let last = Tab::ALL.len() - 1;
            let next = match event.key().as_str() {
                "ArrowRight" => {
                    if position == last {
                        0
                    } else {
                        position + 1
                    }
                }
                "ArrowLeft" => {
                    if position == 0 {
                        last
                    } else {
                        position - 1
                    }
                }
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            if let Some(tab) = Tab::ALL.get(next) {
                on_tab.emit(*tab);
                let element = crate::browser::document().and_then(|document| {
                    document.get_element_by_id(&format!("tab-{}", tab.title()))
                });
                if let Some(element) =
                    element.and_then(|element| element.dyn_into::<HtmlElement>().ok())
                {
                    let _ = element.focus();
                }
            }
        })
    };
    let tabs = Tab::ALL.iter().map(|&tab| {
        let selected = tab == props.tab;
        let count = props.sources.of(tab).filter(|source| !source.is_blank()).count();
        html! {
            <button type="button" role="tab" id={format!("tab-{}", tab.title())} class="tab"
                aria-selected={selected.to_string()} aria-controls="sources-panel"
                tabindex={if selected { "0" } else { "-1" }}
                onclick={props.on_tab.reform(move |_| tab)}>
                { tab.title() }
                if count > 0 {
                    <small>{ " " }{ if tab == Tab::Standard { "✓".to_owned() } else { count.to_string() } }</small>
                }
            </button>
        }
    });
    html! {
        <div class="tabs" role="tablist" aria-label="Sources" onkeydown={on_key}>{ for tabs }</div>
    }
}

/// What was dropped: entries, which lead into folders, where the browser has them. They have to be taken while the event
/// lasts.
fn dropped(transfer: &DataTransfer) -> Vec<JsValue> {
    let items = transfer.items();
    (0..items.length())
        .filter_map(|index| items.get(index))
        .filter_map(|item| match item.webkit_get_as_entry() {
            Ok(Some(entry)) => Some(entry.into()),
            _ => item.get_as_file().ok().flatten().map(JsValue::from),
        })
        .collect()
}
