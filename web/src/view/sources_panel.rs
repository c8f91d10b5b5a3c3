//! The left side: tabs, files, editor.

use wasm_bindgen::JsCast;
use web_sys::{File, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::editor::{Editor, Field, RulePages, Selection};
use super::review::marks::Marks;
use super::{Shared, counted};
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
    pub(crate) on_files: Callback<Vec<File>>,
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
        let (dragging, on_files, read_only) =
            (dragging.clone(), props.on_files.clone(), props.read_only);
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            dragging.set(false);
            let files = event.data_transfer().and_then(|transfer| transfer.files());
            if let (Some(files), false) = (files, read_only) {
                on_files.emit(list(&files));
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
                    on_files: props.on_files.clone(),
                } />
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
            "Paste the schema as it is documented: reference DDL.\n\nOr drop a file here, or open one."
        }
        Tab::Implemented => {
            "Paste the schema as it is built: the output of pg_dump --schema-only, SQL migrations, \
             SQLAlchemy models or Alembic migrations.\n\nOr drop files here, or open them."
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

#[derive(Properties, PartialEq)]
struct FilesProps {
    sources: Shared<Sources>,
    tab: Tab,
    active: SourceId,
    read_only: bool,
    on_pick: Callback<SourceId>,
    on_add: Callback<()>,
    on_rename: Callback<(SourceId, String)>,
    on_remove: Callback<SourceId>,
    on_files: Callback<Vec<File>>,
}

/// The tab's files and what can be done with them.
#[component]
fn Files(props: &FilesProps) -> Html {
    let renaming = use_state(|| None::<SourceId>);
    let chooser = use_node_ref();
    let several = props.tab != Tab::Standard;
    let files = props.sources.of(props.tab).map(|source| {
        let id = source.id;
        if *renaming == Some(id) {
            return html! {
                <li key={id}>
                    <RenameField path={source.path.clone()} on_done={{
                        let (renaming, on_rename) = (renaming.clone(), props.on_rename.clone());
                        Callback::from(move |path: Option<String>| {
                            renaming.set(None);
                            if let Some(path) = path {
                                on_rename.emit((id, path));
                            }
                        })
                    }} />
                </li>
            };
        }
        let current = (id == props.active).then_some("true");
        html! {
            <li key={id}>
                <button type="button" class="file" aria-current={current}
                    onclick={props.on_pick.reform(move |_| id)}>{ &source.path }</button>
            </li>
        }
    });
    let choose = {
        let chooser = chooser.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(chooser) = chooser.cast::<HtmlInputElement>() {
                chooser.click();
            }
        })
    };
    let chosen = {
        let on_files = props.on_files.clone();
        Callback::from(move |event: Event| {
            let Some(chooser) = event.target_dyn_into::<HtmlInputElement>() else { return };
            if let Some(files) = chooser.files() {
                on_files.emit(list(&files));
            }
            // Choosing the same file again must be noticed too.
            chooser.set_value("");
        })
    };
    let active = props.active;
    let rename = {
        let renaming = renaming.clone();
        Callback::from(move |_: MouseEvent| renaming.set(Some(active)))
    };
    html! {
        <div class="files">
            <ul aria-label="Files">{ for files }</ul>
            if !props.read_only {
                <div class="actions">
                    if several {
                        <button type="button" title="Add an empty file" onclick={props.on_add.reform(|_| ())}>
                            { "Add" }
                        </button>
                    }
                    <button type="button" title="Open files from your disk" onclick={choose}>{ "Open …" }</button>
                    <input type="file" ref={chooser} multiple={several} hidden=true aria-label="Files to open"
                        onchange={chosen} />
                    if several {
                        <button type="button" title="Rename the current file" onclick={rename}>{ "Rename" }</button>
                    }
                    <button type="button" title="Remove the current file"
                        onclick={props.on_remove.reform(move |_| active)}>{ "Remove" }</button>
                </div>
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct RenameFieldProps {
    path: String,
    /// The new name, or nothing when the reader gave up.
    on_done: Callback<Option<String>>,
}

#[component]
fn RenameField(props: &RenameFieldProps) -> Html {
    let field = use_node_ref();
    // Removing a field that has the focus makes it lose the focus, which must not count as an answer.
    let answered = use_mut_ref(|| false);
    let answer = {
        let on_done = props.on_done.clone();
        move |path: Option<String>| {
            if !answered.replace(true) {
                on_done.emit(path);
            }
        }
    };
    {
        let (field, path) = (field.clone(), props.path.clone());
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.set_value(&path);
                let _ = field.focus();
                field.select();
            }
        });
    }
    let on_key = {
        let (field, answer) = (field.clone(), answer.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => answer(field.cast::<HtmlInputElement>().map(|field| field.value())),
            "Escape" => answer(None),
            _ => {}
        })
    };
    let on_blur = {
        let field = field.clone();
        Callback::from(move |_: FocusEvent| {
            answer(field.cast::<HtmlInputElement>().map(|field| field.value()));
        })
    };
    html! {
        <input type="text" class="rename" aria-label="New name of the file" ref={field}
            onkeydown={on_key} onblur={on_blur} />
    }
}

fn list(files: &web_sys::FileList) -> Vec<File> {
    (0..files.length()).filter_map(|index| files.get(index)).collect()
}
