//! The bar at the top: brand, example, export, share, theme.

use yew::prelude::*;

use crate::browser::Theme;

/// What the export menu offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Export {
    CopyMarkdown,
    SaveMarkdown,
    SaveHtml,
    SaveJson,
    SaveCsv,
    CopyMigration,
    SaveMigration,
}

impl Export {
    pub(crate) const ALL: [Self; 7] = [
        Self::CopyMarkdown,
        Self::SaveMarkdown,
        Self::SaveHtml,
        Self::SaveJson,
        Self::SaveCsv,
        Self::CopyMigration,
        Self::SaveMigration,
    ];

    /// As the page says it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::CopyMarkdown => "Copy the report as Markdown",
            Self::SaveMarkdown => "Save the report (review.md)",
            Self::SaveHtml => "Save the report (review.html)",
            Self::SaveCsv => "Save the discrepancies (discrepancies.csv)",
            Self::SaveJson => "Save as JSON (review.json)",
            Self::CopyMigration => "Copy the migration",
            Self::SaveMigration => "Save the migration (migration.sql)",
        }
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct HeaderProps {
    /// The line beside the brand.
    pub(crate) name: String,
    pub(crate) theme: Theme,
    pub(crate) read_only: bool,
    /// Whether there is a review to export.
    pub(crate) can_export: bool,
    /// Whether there is anything to share.
    pub(crate) can_share: bool,
    pub(crate) sharing: bool,
    /// Whether the panel of reviews is open.
    pub(crate) reviews: bool,
    pub(crate) on_reviews: Callback<()>,
    pub(crate) on_example: Callback<&'static str>,
    pub(crate) on_export: Callback<Export>,
    pub(crate) on_share: Callback<()>,
    pub(crate) on_edit: Callback<()>,
    pub(crate) on_theme: Callback<()>,
    pub(crate) on_commands: Callback<()>,
}

#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    let theme_label = format!("Theme: {}", props.theme.title());
    html! {
        <header class="top">
            <span class="brand">
                <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
                    <path class="shield" d="M10 1l8 3v6c0 5-3.400 8-8 9-4.600-1-8-4-8-9V4z" />
                    <path class="bars" d="M5.500 8h9M5.500 11h9M9 5.500v9" />
                </svg>
                <h1>{ "Schemaward" }</h1>
            </span>
            <span class="name">{ &props.name }</span>
            <span class="grow" />
            if props.read_only {
                <button type="button" onclick={props.on_edit.reform(|_| ())}>{ "Edit a copy" }</button>
            } else {
                <button type="button" onclick={props.on_example.reform(|_| "clinic")}>
                    <span class="long">{ "Load the clinic example" }</span>
                    <span class="short" aria-hidden="true">{ "Example" }</span>
                </button>
            }
            <button type="button" id="reviews-button" aria-expanded={props.reviews.to_string()}
                onclick={props.on_reviews.reform(|_| ())}>
                { "Reviews" }
            </button>
            <ExportMenu enabled={props.can_export} on_export={props.on_export.clone()} />
            <button type="button" class="primary" disabled={!props.can_share}
                aria-expanded={props.sharing.to_string()} onclick={props.on_share.reform(|_| ())}>
                { "Share" }
            </button>
            <button type="button" class="icon" aria-label={theme_label.clone()} title={theme_label}
                onclick={props.on_theme.reform(|_| ())}>
                { match props.theme { Theme::Auto => "◐", Theme::Light => "☀", Theme::Dark => "☾", Theme::Contrast => "◑" } }
            </button>
            <button type="button" class="icon" aria-label="Commands" title="Commands (Ctrl K)"
                aria-keyshortcuts="Control+K Meta+K" onclick={props.on_commands.reform(|_| ())}>{ "⌘" }</button>
        </header>
    }
}

#[derive(Properties, PartialEq)]
struct ExportMenuProps {
    enabled: bool,
    on_export: Callback<Export>,
}

/// A button that shows a list of buttons. It closes on a choice, on Escape and when the focus leaves it.
#[component]
fn ExportMenu(props: &ExportMenuProps) -> Html {
    let open = use_state(|| false);
    let root = use_node_ref();
    let button = use_node_ref();
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let on_key = {
        let (open, button) = (open.clone(), button.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && *open {
                open.set(false);
                if let Some(button) = button.cast::<web_sys::HtmlElement>() {
                    let _ = button.focus();
                }
            }
        })
    };
    let on_leave = {
        let (open, root) = (open.clone(), root.clone());
        Callback::from(move |event: FocusEvent| {
            let next = event.related_target().and_then(|target| {
                use wasm_bindgen::JsCast;
                target.dyn_into::<web_sys::Node>().ok()
            });
            if !root.cast::<web_sys::Node>().is_some_and(|root| root.contains(next.as_ref())) {
                open.set(false);
            }
        })
    };
    let items = Export::ALL.iter().map(|&export| {
        let (open, on_export) = (open.clone(), props.on_export.clone());
        let choose = Callback::from(move |_: MouseEvent| {
            open.set(false);
            on_export.emit(export);
        });
        html! { <li><button type="button" onclick={choose}>{ export.title() }</button></li> }
    });
    html! {
        <div class="menu" ref={root} onkeydown={on_key} onfocusout={on_leave}>
            <button type="button" ref={button} disabled={!props.enabled}
                aria-expanded={open.to_string()} aria-controls="export-menu" onclick={toggle}>
                { "Export " }<span aria-hidden="true">{ "▾" }</span>
            </button>
            <ul id="export-menu" hidden={!*open}>{ for items }</ul>
        </div>
    }
}
