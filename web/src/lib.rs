//! The page and its analysis worker: two programs made from one library.
//!
//! The page shows sources and reviews and never reads SQL itself; everything that costs time (reading,
//! reviewing, packing and unpacking links) happens in the worker. The two speak `protocol`. Only what a
//! program calls is linked into it, so the reader and the rules are not part of the page's download.

mod analysis;
mod app;
mod browser;
mod client;
mod embed;
mod examples;
mod intake;
mod position;
mod protocol;
mod raster;
mod sources;
mod stamp;
mod storage;
mod view;

/// Starts the page in the document's element `page`.
pub fn run_page() {
    yew::set_custom_panic_hook(Box::new(|panic| browser::show_crash(&panic.to_string())));
    let root = browser::document().and_then(|document| document.get_element_by_id("page"));
    match root {
        Some(root) => {
            yew::Renderer::<app::App>::with_root(root).render();
        }
        None => browser::show_crash("The document has no place for the page."),
    }
}

/// Starts answering the page's requests; called inside a dedicated worker.
pub fn run_worker() {
    analysis::serve();
}
