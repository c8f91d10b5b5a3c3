//! The picture of the schema: its tools, the drawing, and what is known of the chosen table.

mod board;
mod camera;
mod facts;

use schemaward_render::json::Review;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::board::Board;
use self::facts::Facts;
use crate::position::Place;
use crate::protocol::{Colours, Detail, Wish};
use crate::view::review::Reviewed;
use crate::view::review::controls::full_name;
use crate::view::{Shared, counted};

/// A kind of file that the picture can be saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Image {
    Svg,
    Png,
}

#[derive(Properties, PartialEq)]
pub(crate) struct DiagramViewProps {
    pub(crate) reviewed: Shared<Reviewed>,
    /// The drawing; absent until it was made.
    pub(crate) svg: Option<AttrValue>,
    /// What was wished for.
    pub(crate) wish: Wish,
    /// Whether another drawing is being made.
    pub(crate) working: bool,
    pub(crate) on_wish: Callback<Wish>,
    pub(crate) on_save: Callback<Image>,
    pub(crate) on_close: Callback<()>,
    pub(crate) on_show: Callback<Place>,
}

#[component]
pub(crate) fn DiagramView(props: &DiagramViewProps) -> Html {
    let chosen = use_state(|| None::<String>);
    let back = use_node_ref();
    {
        let back = back.clone();
        use_effect_with((), move |()| {
            if let Some(back) = back.cast::<web_sys::HtmlElement>() {
                let _ = back.focus();
            }
        });
    }
    let on_choose = {
        let chosen = chosen.clone();
        Callback::from(move |table: Option<String>| chosen.set(table))
    };
    let review = &props.reviewed.review;
    let on_find = {
        let (on_choose, reviewed) = (on_choose.clone(), props.reviewed.clone());
        Callback::from(move |word: String| {
            if let Some(table) = found(&reviewed.review, &word) {
                on_choose.emit(Some(table));
            }
        })
    };
    let wish = &props.wish;
    let choose = |change: fn(&mut Wish, &str)| {
        let wish = wish.clone();
        props.on_wish.reform(move |event: Event| {
            let mut wish = wish.clone();
            if let Some(field) = event.target_dyn_into::<web_sys::HtmlSelectElement>() {
                change(&mut wish, &field.value());
            }
            wish
        })
    };
    let save = |image: Image| props.on_save.reform(move |_: MouseEvent| image);
    html! {
        <div class="drawing">
            <div class="bar">
                <button type="button" ref={back} onclick={props.on_close.reform(|_: MouseEvent| ())}>
                    { "← Back to the review" }
                </button>
                <Search tables={table_names(review)} {on_find} />
                <label>{ "Show " }
                    <select class="choice" onchange={choose(|wish, value| wish.detail = Detail::from_word(value))}>
                        { for Detail::ALL.map(|detail| html! {
                            <option value={detail.word()} selected={wish.detail == detail}>{ detail.title() }</option>
                        }) }
                    </select>
                </label>
                <label>{ "Colour by " }
                    <select class="choice" onchange={choose(|wish, value| wish.colours = Colours::from_word(value))}>
                        { for Colours::ALL.map(|colours| html! {
                            <option value={colours.word()} selected={wish.colours == colours}>{ colours.word() }</option>
                        }) }
                    </select>
                </label>
                <span class="grow" />
                if props.working { <span class="working">{ "Drawing …" }</span> }
                <button type="button" onclick={save(Image::Svg)}>{ "Save SVG" }</button>
                <button type="button" onclick={save(Image::Png)}>{ "Save PNG" }</button>
            </div>
            { focus_line(props) }
            <div class="stage">
                <Board svg={props.svg.clone()} chosen={(*chosen).clone()} on_choose={on_choose.clone()} />
                if let Some(table) = &*chosen {
                    <Facts reviewed={props.reviewed.clone()} table={table.clone()} wish={wish.clone()}
                        on_wish={props.on_wish.clone()} on_show={props.on_show.clone()}
                        on_close={on_choose.reform(|()| None)} />
                }
            </div>
            { legend(wish.colours) }
        </div>
    }
}

/// What the picture is limited to, with ways to widen it.
fn focus_line(props: &DiagramViewProps) -> Html {
    let Some((table, distance)) = &props.wish.focus else { return html! {} };
    let with = |focus: Option<(String, usize)>| {
        let wish = Wish { focus, ..props.wish.clone() };
        props.on_wish.reform(move |_: MouseEvent| wish.clone())
    };
    let further = Some((table.clone(), distance + 1));
    html! {
        <p class="focus row">
            <span>
                <code>{ table }</code>
                { format!(" and what is {} away", counted(*distance, "foreign key", "foreign keys")) }
            </span>
            <button type="button" onclick={with(further)}>{ "One further" }</button>
            <button type="button" onclick={with(None)}>{ "Whole schema" }</button>
        </p>
    }
}

fn legend(colours: Colours) -> Html {
    let entries: &[(&'static str, &'static str)] = match colours {
        Colours::Class => &[
            ("clinical", "clinical"),
            ("financial", "financial"),
            ("identity", "identity"),
            ("operational", "operational"),
            ("audit", "audit"),
            ("reference", "reference"),
        ],
        Colours::Verdict => &[
            ("unmet", "✕ a control is unmet"),
            ("undecided", "? undecided"),
            ("met", "✓ all that apply are met"),
        ],
    };
    let entry = |(class, title): &(&'static str, &'static str)| {
        html! { <span><i class={classes!("swatch", *class)} aria-hidden="true"></i>{ *title }</span> }
    };
    html! {
        <div class="legend">
            { for entries.iter().map(entry) }
            <span><i class="stroke cascade" aria-hidden="true"></i>{ "deletes cascade" }</span>
            <span><i class="stroke clears" aria-hidden="true"></i>{ "set null or default" }</span>
            <span class="grow" />
            <span>{ "Drag to move, wheel or + − to zoom, 0 to fit" }</span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct SearchProps {
    tables: Vec<String>,
    on_find: Callback<String>,
}

/// A field that finds a table as soon as its whole name stands there, or the first match on Enter.
#[component]
fn Search(props: &SearchProps) -> Html {
    let value = |event: &Event| {
        event.target_dyn_into::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default()
    };
    let on_input = {
        let (tables, on_find) = (props.tables.clone(), props.on_find.clone());
        Callback::from(move |event: InputEvent| {
            let word = value(&event);
            if tables.contains(&word) {
                on_find.emit(word);
            }
        })
    };
    let on_key = {
        let on_find = props.on_find.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                on_find.emit(value(&event));
            }
        })
    };
    html! {
        <>
            <input type="search" class="search" aria-label="Find a table" placeholder="Find a table"
                list="diagram-tables" oninput={on_input} onkeydown={on_key} />
            <datalist id="diagram-tables">
                { for props.tables.iter().map(|name| html! { <option value={name.clone()} /> }) }
            </datalist>
        </>
    }
}

fn table_names(review: &Review) -> Vec<String> {
    let mut names: Vec<String> = review.tables.iter().map(full_name).collect();
    names.sort();
    names
}

/// The table of that name, else the first whose name begins so, else the first that holds it.
fn found(review: &Review, word: &str) -> Option<String> {
    let word = word.trim().to_lowercase();
    if word.is_empty() {
        return None;
    }
    let names = table_names(review);
    let lower = |name: &&String| name.to_lowercase();
    let by = |test: &dyn Fn(&str) -> bool| names.iter().find(|name| test(&lower(name))).cloned();
    by(&|name| name == word)
        .or_else(|| by(&|name| name.starts_with(&word)))
        .or_else(|| by(&|name| name.contains(&word)))
}
