//! Pictures made of pixels.

use js_sys::encode_uri_component;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::browser;

/// As many pixels as every browser draws on one canvas.
const MOST_PIXELS: f64 = 16_000_000.0;
/// As many as one side may have.
const LONGEST_SIDE: f64 = 8_192.0;
/// Pixels of the picture for one of the drawing, where there is room.
const FINENESS: f64 = 2.0;

/// Draws an SVG document and offers it as a PNG file to save; a large one in as many pixels as a browser
/// can hold.
///
/// # Errors
/// What the browser says when it cannot draw it.
pub(crate) async fn save_png(name: &str, svg: &str) -> Result<(), JsValue> {
    let image = HtmlImageElement::new()?;
    // The page's policy lets images come from the page itself and from data only.
    image.set_src(&format!(
        "data:image/svg+xml;charset=utf-8,{}",
        String::from(encode_uri_component(svg))
    ));
    JsFuture::from(image.decode()).await?;
    let (width, height) = (f64::from(image.width()), f64::from(image.height()));
    let scale = FINENESS
        .min((MOST_PIXELS / (width * height).max(1.0)).sqrt())
        .min(LONGEST_SIDE / width.max(height).max(1.0));
    let document = browser::document().ok_or(JsValue::UNDEFINED)?;
    let canvas = document.create_element("canvas")?.unchecked_into::<HtmlCanvasElement>();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "both are between 0 and the longest side"
    )]
    let pixels = |length: f64| (length * scale).ceil() as u32;
    canvas.set_width(pixels(width));
    canvas.set_height(pixels(height));
    let context = canvas
        .get_context("2d")?
        .ok_or(JsValue::UNDEFINED)?
        .unchecked_into::<CanvasRenderingContext2d>();
    context.draw_image_with_html_image_element_and_dw_and_dh(
        &image,
        0.0,
        0.0,
        width * scale,
        height * scale,
    )?;
    let blob = js_sys::Promise::new(&mut |resolve, reject| {
        let done = Closure::once_into_js(move |blob: Option<Blob>| match blob {
            Some(blob) => resolve.call1(&JsValue::UNDEFINED, &blob),
            None => {
                let reason = js_sys::Error::new("the picture is too large for this browser");
                reject.call1(&JsValue::UNDEFINED, &reason)
            }
        });
        // It throws only for canvases that hold pictures of other sites.
        let _ = canvas.to_blob(done.unchecked_ref());
    });
    let blob = JsFuture::from(blob).await?.dyn_into::<Blob>()?;
    browser::save_blob(name, &blob)
}
