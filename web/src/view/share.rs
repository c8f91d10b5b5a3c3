//! The panel that shows a review's link.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::grouped;

/// Beyond this many characters chat tools and mail programs begin to cut links.
const COMFORTABLE: usize = 8_000;
/// Beyond this many characters some browsers refuse to open them: Firefox stops at 1 MiB, Chromium at 2 MiB.
const OPENABLE: usize = 1_000_000;

#[derive(Properties, PartialEq)]
pub(crate) struct SharePanelProps {
    /// The `<codec>:<payload>` part; absent while it is being made.
    pub(crate) packed: Option<AttrValue>,
    /// The page's own address.
    pub(crate) page: AttrValue,
    pub(crate) read_only: bool,
    pub(crate) on_mode: Callback<bool>,
    pub(crate) on_copy: Callback<(&'static str, String)>,
    pub(crate) on_close: Callback<()>,
}

/// A link's whole address.
pub(crate) fn link(page: &str, read_only: bool, packed: &str) -> String {
    format!("{page}{}", fragment(read_only, packed))
}

/// A link's fragment.
pub(crate) fn fragment(read_only: bool, packed: &str) -> String {
    format!("#/{}/{packed}", if read_only { "view" } else { "edit" })
}

#[component]
pub(crate) fn SharePanel(props: &SharePanelProps) -> Html {
    let field = use_node_ref();
    let link = props.packed.as_ref().map(|packed| link(&props.page, props.read_only, packed));
    {
        let field = field.clone();
        use_effect_with(link.clone(), move |_| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                let _ = field.focus();
                field.select();
            }
        });
    }
    let on_key = props.on_close.clone();
    let on_key = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            on_key.emit(());
        }
    });
    let choice = |read_only: bool, title: &str| {
        html! {
            <label>
                <input type="radio" name="share-mode" checked={props.read_only == read_only}
                    onchange={props.on_mode.reform(move |_| read_only)} />
                { title }
            </label>
        }
    };
    html! {
        <section class="share" role="dialog" aria-label="Share this review" onkeydown={on_key}>
            <div class="row">
                <strong>{ "Share this review" }</strong>
                <span class="grow" />
                <button type="button" class="icon" aria-label="Close" onclick={props.on_close.reform(|_| ())}>
                    { "✕" }
                </button>
            </div>
            <fieldset class="row">
                <legend class="visually-hidden">{ "What the link opens" }</legend>
                { choice(false, "Opens a copy to edit") }
                { choice(true, "Opens read only") }
            </fieldset>
            if let Some(link) = link {
                { ready(props, &link, field) }
            } else {
                <p class="soft" role="status">{ "Packing the sources into a link …" }</p>
            }
            <p class="soft">
                { "The link holds the sources themselves, compressed, after the #. Browsers do not send that \
                   part to any server; whoever has the link can read the sources." }
            </p>
        </section>
    }
}

fn ready(props: &SharePanelProps, link: &str, field: NodeRef) -> Html {
    let length = link.chars().count();
    let frame = props.packed.as_ref().map(|packed| embed_line(&props.page, packed));
    let copy = |what: &'static str, text: String| {
        props.on_copy.reform(move |_: MouseEvent| (what, text.clone()))
    };
    let warning = if length <= COMFORTABLE {
        None
    } else if length <= OPENABLE {
        Some(
            "Some chat tools and mail programs cut links of this length: send it as a file, or check that it \
             arrived whole. A cut link says so when it is opened.",
        )
    } else {
        Some(
            "That is longer than some browsers open. Remove sources that do not matter to the review, or save the \
             report from the Export menu.",
        )
    };
    html! {
        <>
            <div class="row">
                <input type="text" class="link" readonly=true aria-label="Link to this review"
                    ref={field} value={link.to_owned()} />
                <button type="button" class="primary" onclick={copy("Link", link.to_owned())}>{ "Copy link" }</button>
            </div>
            <p class="soft">{ format!("{} characters.", grouped(length)) }</p>
            if let Some(warning) = warning {
                <p class="caution">{ warning }</p>
            }
            if let Some(frame) = frame {
                <div class="row">
                    <button type="button" onclick={copy("Frame", frame)}>{ "Copy the lines for a web page" }</button>
                </div>
            }
        </>
    }
}

/// The frame described in `docs/embedding.md`.
fn embed_line(page: &str, packed: &str) -> String {
    format!(
        "<iframe class=\"schemaward\" title=\"Schema review\" loading=\"lazy\" width=\"100%\" height=\"600\"\n  \
         src=\"{page}?embed=1{}\"></iframe>",
        fragment(true, packed)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_carry_their_mode() {
        assert_eq!(link("https://h/p/", false, "s1:abc"), "https://h/p/#/edit/s1:abc");
        assert_eq!(link("https://h/p/", true, "s1:abc"), "https://h/p/#/view/s1:abc");
        assert!(embed_line("https://h/", "s1:abc").contains("https://h/?embed=1#/view/s1:abc"));
    }
}
