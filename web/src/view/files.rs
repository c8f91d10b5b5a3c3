//! The files of a tab: the list, and what can be done with them.

use wasm_bindgen::JsValue;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{Shared, counted};
use crate::intake::program::has_picker;
use crate::sources::{Source, SourceId, Sources, Tab};

/// From how many files on the list is one that is scrolled and filtered.
const MANY: usize = 9;
/// How many files a list shows at once; the filter leads to the others.
const SHOWN: usize = 400;

#[derive(Properties, PartialEq)]
pub(super) struct FilesProps {
    pub(super) sources: Shared<Sources>,
    pub(super) tab: Tab,
    pub(super) active: SourceId,
    pub(super) read_only: bool,
    pub(super) on_pick: Callback<SourceId>,
    pub(super) on_add: Callback<()>,
    pub(super) on_rename: Callback<(SourceId, String)>,
    pub(super) on_remove: Callback<SourceId>,
    pub(super) on_move: Callback<SourceId>,
    pub(super) on_items: Callback<Vec<JsValue>>,
    pub(super) on_pick_files: Callback<bool>,
}

/// The tab's files and what can be done with them.
#[component]
pub(super) fn Files(props: &FilesProps) -> Html {
    let renaming = use_state(|| None::<SourceId>);
    let query = use_state(String::new);
    let is_many = props.sources.of_sides().count() >= MANY && props.tab != Tab::Standard;
    let found = found(props, if is_many { query.trim() } else { "" });
    let total = found.len();
    let is_across = is_many && !query.trim().is_empty();
    let files = found.into_iter().take(SHOWN).map(|source| {
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
                <button type="button" class="file" aria-current={current} title={source.path.clone()}
                    onclick={props.on_pick.reform(move |_| id)}>
                    { &source.path }
                    if is_across { <small class="side">{ " " }{ source.tab.title() }</small> }
                </button>
            </li>
        }
    });
    let on_query = {
        let query = query.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                query.set(field.value());
            }
        })
    };
    html! {
        <div class={classes!("files", is_many.then_some("many"))}>
            if is_many {
                <div class="row">
                    <input type="search" class="search" placeholder="Filter files of both sides"
                        aria-label="Filter files" value={(*query).clone()} oninput={on_query} />
                    <span class="soft" role="status">
                        { if is_across { counted(total, "file", "files") } else { String::new() } }
                    </span>
                </div>
            }
            <ul aria-label="Files">{ for files }</ul>
            if total > SHOWN {
                <p class="soft">
                    { format!("… and {}: filter by name.", counted(total - SHOWN, "more file", "more files")) }
                </p>
            }
            if !props.read_only {
                <Actions on_rename={{
                    let (renaming, active) = (renaming.clone(), props.active);
                    Callback::from(move |()| renaming.set(Some(active)))
                }} ..ActionsProps::of(props) />
            }
        </div>
    }
}

/// The tab's files; with a query, those of both sides whose path holds all its words.
fn found<'a>(props: &'a FilesProps, query: &str) -> Vec<&'a Source> {
    if query.is_empty() {
        return props.sources.of(props.tab).collect();
    }
    let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let holds = |source: &&Source| {
        let path = source.path.to_lowercase();
        words.iter().all(|word| path.contains(word.as_str()))
    };
    props.sources.of_sides().filter(holds).collect()
}

#[derive(Properties, PartialEq)]
struct ActionsProps {
    tab: Tab,
    active: SourceId,
    #[prop_or_default]
    on_rename: Callback<()>,
    on_add: Callback<()>,
    on_remove: Callback<SourceId>,
    on_move: Callback<SourceId>,
    on_items: Callback<Vec<JsValue>>,
    on_pick_files: Callback<bool>,
}

impl ActionsProps {
    fn of(props: &FilesProps) -> Self {
        Self {
            tab: props.tab,
            active: props.active,
            on_rename: Callback::noop(),
            on_add: props.on_add.clone(),
            on_remove: props.on_remove.clone(),
            on_move: props.on_move.clone(),
            on_items: props.on_items.clone(),
            on_pick_files: props.on_pick_files.clone(),
        }
    }
}

/// The buttons beside the list.
#[component]
fn Actions(props: &ActionsProps) -> Html {
    let (files, folder) = (use_node_ref(), use_node_ref());
    let several = props.tab != Tab::Standard;
    let open = |chooser: &NodeRef, is_folder: bool| {
        let (chooser, on_pick_files) = (chooser.clone(), props.on_pick_files.clone());
        Callback::from(move |_: MouseEvent| {
            if has_picker(is_folder) {
                on_pick_files.emit(is_folder);
            } else if let Some(chooser) = chooser.cast::<HtmlInputElement>() {
                chooser.click();
            }
        })
    };
    let chosen = {
        let on_items = props.on_items.clone();
        Callback::from(move |event: Event| {
            let Some(chooser) = event.target_dyn_into::<HtmlInputElement>() else { return };
            if let Some(files) = chooser.files() {
                let files = (0..files.length()).filter_map(|index| files.get(index));
                on_items.emit(files.map(JsValue::from).collect());
            }
            // Choosing the same file again must be noticed too.
            chooser.set_value("");
        })
    };
    let active = props.active;
    let other = if props.tab == Tab::Documented { Tab::Implemented } else { Tab::Documented };
    html! {
        <div class="actions">
            if several {
                <button type="button" title="Add an empty file" onclick={props.on_add.reform(|_| ())}>
                    { "Add" }
                </button>
            }
            <button type="button" title="Open files or zips from your disk" onclick={open(&files, false)}>
                { "Open …" }
            </button>
            <input type="file" ref={files} multiple={several} hidden=true aria-label="Files to open"
                onchange={chosen.clone()} />
            if several {
                <button type="button" title="Open a folder from your disk" onclick={open(&folder, true)}>
                    { "Folder …" }
                </button>
                <input type="file" ref={folder} webkitdirectory=true multiple=true hidden=true
                    aria-label="Folder to open" onchange={chosen} />
                <button type="button" title="Rename the current file"
                    onclick={props.on_rename.reform(|_| ())}>{ "Rename" }</button>
                <button type="button" title={format!("Move the current file to {}", other.title())}
                    onclick={props.on_move.reform(move |_| active)}>{ "Move" }</button>
            }
            <button type="button" title="Remove the current file"
                onclick={props.on_remove.reform(move |_| active)}>{ "Remove" }</button>
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
