//! The report as a document, as the file that can be saved, inside the page.
//!
//! The document stands in a shadow tree, so that its styles and the page's do not meet. Its style sheet is
//! adopted there: the page's policy forbids styles inside the document, not those that a script makes.

use wasm_bindgen::prelude::*;
use web_sys::{Element, ShadowRoot, ShadowRootInit, ShadowRootMode};
use yew::prelude::*;

use crate::browser;

#[derive(Properties, PartialEq)]
pub(crate) struct ReportViewProps {
    /// The document; absent until it was made.
    pub(crate) html: Option<AttrValue>,
    pub(crate) on_close: Callback<()>,
}

#[component]
pub(crate) fn ReportView(props: &ReportViewProps) -> Html {
    let host = use_node_ref();
    let back = use_node_ref();
    {
        let back = back.clone();
        use_effect_with((), move |()| {
            if let Some(back) = back.cast::<web_sys::HtmlElement>() {
                let _ = back.focus();
            }
        });
    }
    {
        let host = host.clone();
        use_effect_with(props.html.clone(), move |html| {
            if let (Some(host), Some(html)) = (host.cast::<Element>(), html)
                && let Err(error) = fill(&host, html)
            {
                host.set_text_content(Some(&browser::error_text(&error)));
            }
        });
    }
    let print = Callback::from(|_: MouseEvent| {
        if let Some(window) = browser::window() {
            let _ = window.print();
        }
    });
    html! {
        <div class="report">
            <div class="bar">
                <button type="button" ref={back} onclick={props.on_close.reform(|_: MouseEvent| ())}>
                    { "← Back to the review" }
                </button>
                <span class="grow" />
                if props.html.is_none() { <span class="working">{ "Writing the report …" }</span> }
                <button type="button" disabled={props.html.is_none()} onclick={print}>{ "Print or save as PDF" }</button>
            </div>
            <div class="sheet" ref={host.clone()} onclick={Callback::from(move |event| follow(&host, &event))} />
        </div>
    }
}

/// Follows a link inside the document. The page's address is that of a review, so that the browser must not.
fn follow(host: &NodeRef, event: &MouseEvent) {
    let inside = event.composed_path().get(0);
    let link = inside.dyn_into::<Element>().ok().and_then(|inside| inside.closest("a").ok()?);
    let Some(target) = link.and_then(|link| link.get_attribute("href")) else { return };
    let Some(id) = target.strip_prefix('#') else { return };
    event.prevent_default();
    let root = host.cast::<Element>().and_then(|host| host.shadow_root());
    if let Some(element) = root.and_then(|root| root.get_element_by_id(id)) {
        element.scroll_into_view();
    }
}

/// Shows the document's body with its own styles. Scripts in it would not run, and it holds none.
fn fill(host: &Element, html: &str) -> Result<(), JsValue> {
    // Even a document that is only parsed falls under the page's policy, which would report its style.
    let (before, rest) = html.split_once("<style>").unwrap_or((html, ""));
    let (style, after) = rest.split_once("</style>").unwrap_or_default();
    let parser = web_sys::DomParser::new()?;
    let parsed =
        parser.parse_from_string(&format!("{before}{after}"), web_sys::SupportedType::TextHtml)?;
    let root = match host.shadow_root() {
        Some(root) => root,
        None => host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?,
    };
    adopt(&root, style)?;
    let body = parsed.body().ok_or_else(|| JsValue::from_str("The report is empty."))?;
    let body = browser::document().ok_or(JsValue::UNDEFINED)?.import_node_with_deep(&body, true)?;
    root.replace_children_with_node_1(&body);
    Ok(())
}

/// Gives a shadow tree one style sheet. Its colours are the page's, which go by the same names: what the
/// sheet says of its root is kept from applying.
fn adopt(root: &ShadowRoot, style: &str) -> Result<(), JsValue> {
    let sheet = web_sys::CssStyleSheet::new()?;
    let style = style.replace(":root", ":host(.alone)");
    js_sys::Reflect::get(&sheet, &"replaceSync".into())?
        .dyn_into::<js_sys::Function>()?
        .call1(&sheet, &JsValue::from_str(&style))?;
    js_sys::Reflect::set(root, &"adoptedStyleSheets".into(), &js_sys::Array::of1(&sheet))?;
    Ok(())
}
