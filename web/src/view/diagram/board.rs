//! The drawing in its window: moved, magnified, and asked for a table.
//!
//! What moves is the `viewBox` of the drawing, set on the element itself: drawing the page again for each
//! movement of a pointer would be too slow for a large schema.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::prelude::*;
use web_sys::{Element, PointerEvent, WheelEvent};
use yew::prelude::*;

use super::camera::Camera;
use crate::browser::SizeWatch;

/// A pointer that moved less than this many pixels has clicked.
const STILL: f64 = 5.0;
/// How far an arrow key moves, in pixels.
const STRIDE: f64 = 60.0;
/// How much a key or a button magnifies.
const STEP: f64 = 1.3;

#[derive(Properties, PartialEq)]
pub(super) struct BoardProps {
    /// The drawing; absent until it was made.
    pub(super) svg: Option<AttrValue>,
    pub(super) chosen: Option<String>,
    pub(super) on_choose: Callback<Option<String>>,
}

/// What the pointers do.
#[derive(Default)]
struct Hand {
    camera: Camera,
    /// The pointers that are down, by their id, with their last place in the window.
    pointers: BTreeMap<i32, (f64, f64)>,
    /// How far they have moved since the first went down.
    moved: f64,
}

#[component]
pub(super) fn Board(props: &BoardProps) -> Html {
    let window = use_node_ref();
    let hand = use_mut_ref(Hand::default);
    use_filling(&window, &hand, props.svg.clone());
    use_watch(&window, &hand);
    {
        let (window, hand) = (window.clone(), hand.clone());
        use_effect_with((props.chosen.clone(), props.svg.clone()), move |(chosen, _)| {
            if let Some(window) = window.cast::<Element>() {
                mark(&window, chosen.as_deref());
                if let Some(table) = chosen.as_deref().and_then(|name| table_of(&window, name)) {
                    reveal(&window, &hand, &table);
                }
            }
        });
    }
    let act = |action: fn(&mut Camera)| {
        let (window, hand) = (window.clone(), hand.clone());
        Callback::from(move |_: MouseEvent| apply(&window, &hand, action))
    };
    let on_key = {
        let (window, hand, on_choose) = (window.clone(), hand.clone(), props.on_choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let action: fn(&mut Camera) = match event.key().as_str() {
                "ArrowLeft" => |camera| camera.drag((STRIDE, 0.0)),
                "ArrowRight" => |camera| camera.drag((-STRIDE, 0.0)),
                "ArrowUp" => |camera| camera.drag((0.0, STRIDE)),
                "ArrowDown" => |camera| camera.drag((0.0, -STRIDE)),
                "+" | "=" => larger,
                "-" => smaller,
                "0" => Camera::fit,
                "Escape" => {
                    on_choose.emit(None);
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            apply(&window, &hand, action);
        })
    };
    html! {
        <div class="board">
            <div class="window" ref={window.clone()} tabindex="0" role="group" onkeydown={on_key}
                aria-label="The picture. Arrow keys move it, plus and minus magnify, zero shows all of it."
                onpointerdown={pointer_down(&hand)} onpointermove={pointer_move(&window, &hand)}
                onpointerup={pointer_up(&window, &hand, &props.on_choose)}
                onpointercancel={pointer_gone(&hand)} />
            <div class="zoom">
                <button type="button" class="icon" aria-label="Magnify" onclick={act(larger)}>{ "+" }</button>
                <button type="button" class="icon" aria-label="Shrink" onclick={act(smaller)}>{ "−" }</button>
                <button type="button" onclick={act(Camera::fit)}>{ "Fit" }</button>
            </div>
        </div>
    }
}

fn larger(camera: &mut Camera) {
    camera.zoom(STEP, middle(camera));
}

fn smaller(camera: &mut Camera) {
    camera.zoom(1.0 / STEP, middle(camera));
}

fn middle(camera: &Camera) -> (f64, f64) {
    (camera.window.0 / 2.0, camera.window.1 / 2.0)
}

/// Puts a new drawing into the window.
#[hook]
fn use_filling(window: &NodeRef, hand: &Rc<RefCell<Hand>>, svg: Option<AttrValue>) {
    let (window, hand) = (window.clone(), hand.clone());
    use_effect_with(svg, move |svg| {
        let (Some(element), Some(svg)) = (window.cast::<Element>(), svg) else { return };
        // It was made by this program's own worker, with every name in it escaped.
        element.set_inner_html(svg);
        let Some(drawing) = element.first_element_child() else { return };
        let length = |name: &str| {
            drawing.get_attribute(name).and_then(|value| value.parse().ok()).unwrap_or(0.0)
        };
        hand.borrow_mut().camera.drawing = (length("width"), length("height"));
        for name in ["width", "height"] {
            let _ = drawing.set_attribute(name, "100%");
        }
        measure(&element, &hand);
        apply(&window, &hand, Camera::fit);
    });
}

/// Follows the size of the window, and the wheel over it.
#[hook]
fn use_watch(window: &NodeRef, hand: &Rc<RefCell<Hand>>) {
    let (window, hand) = (window.clone(), hand.clone());
    use_effect_with((), move |()| {
        let element = window.cast::<Element>();
        let sizes = element.as_ref().and_then(|element| {
            let (window, hand, measured) = (window.clone(), hand.clone(), element.clone());
            SizeWatch::new(element, move || {
                measure(&measured, &hand);
                apply(&window, &hand, |camera| camera.drag((0.0, 0.0)));
            })
        });
        let wheel = element.map(|element| {
            // The page must not scroll, which only a listener that says so may prevent.
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&element, "wheel", options, move |event| {
                let Some(event) = event.dyn_ref::<WheelEvent>() else { return };
                event.prevent_default();
                // Lines and pages are told as such by some mice.
                let unit = match event.delta_mode() {
                    WheelEvent::DOM_DELTA_LINE => 16.0,
                    WheelEvent::DOM_DELTA_PAGE => 400.0,
                    _ => 1.0,
                };
                let factor = (-event.delta_y() * unit * 0.0018).exp();
                let at = place(&window, event);
                hand.borrow_mut().camera.zoom(factor.clamp(0.3, 3.0), at);
                show(&window, &hand);
            })
        });
        move || drop((sizes, wheel))
    });
}

fn measure(window: &Element, hand: &Rc<RefCell<Hand>>) {
    let (width, height) = (f64::from(window.client_width()), f64::from(window.client_height()));
    let camera = &mut hand.borrow_mut().camera;
    camera.window = (width, height);
    if camera.scale <= 0.0 {
        camera.scale = 1.0;
    }
}

fn apply(window: &NodeRef, hand: &Rc<RefCell<Hand>>, action: fn(&mut Camera)) {
    action(&mut hand.borrow_mut().camera);
    show(window, hand);
}

/// Shows what the camera sees.
fn show(window: &NodeRef, hand: &Rc<RefCell<Hand>>) {
    let drawing = window.cast::<Element>().and_then(|window| window.first_element_child());
    if let Some(drawing) = drawing {
        let _ = drawing.set_attribute("viewBox", &hand.borrow().camera.view_box());
    }
}

/// Where in the window a pointer is.
fn place(window: &NodeRef, event: &web_sys::MouseEvent) -> (f64, f64) {
    let corner = window.cast::<Element>().map(|window| window.get_bounding_client_rect());
    let (left, top) = corner.map_or((0.0, 0.0), |corner| (corner.left(), corner.top()));
    (f64::from(event.client_x()) - left, f64::from(event.client_y()) - top)
}

fn pointer_down(hand: &Rc<RefCell<Hand>>) -> Callback<PointerEvent> {
    let hand = hand.clone();
    Callback::from(move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        let mut hand = hand.borrow_mut();
        if hand.pointers.is_empty() {
            hand.moved = 0.0;
        }
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        hand.pointers.insert(event.pointer_id(), at);
    })
}

fn pointer_move(window: &NodeRef, hand: &Rc<RefCell<Hand>>) -> Callback<PointerEvent> {
    let (window, hand) = (window.clone(), hand.clone());
    Callback::from(move |event: PointerEvent| {
        let mut held = hand.borrow_mut();
        let Some(&before) = held.pointers.get(&event.pointer_id()) else { return };
        let now = (f64::from(event.client_x()), f64::from(event.client_y()));
        let by = (now.0 - before.0, now.1 - before.1);
        held.moved += by.0.hypot(by.1);
        if held.moved > STILL
            && let Some(element) = window.cast::<Element>()
        {
            // From here on the pointer belongs to the picture, even outside of it.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        let other = held.pointers.iter().find(|(id, _)| **id != event.pointer_id());
        match other.map(|(_, at)| *at) {
            Some(other) => {
                let distance = |point: (f64, f64)| (point.0 - other.0).hypot(point.1 - other.1);
                let factor = distance(now) / distance(before).max(1.0);
                let corner = window.cast::<Element>().map(|it| it.get_bounding_client_rect());
                let (left, top) = corner.map_or((0.0, 0.0), |it| (it.left(), it.top()));
                let middle =
                    (f64::midpoint(now.0, other.0) - left, f64::midpoint(now.1, other.1) - top);
                held.camera.zoom(factor, middle);
                held.camera.drag((by.0 / 2.0, by.1 / 2.0));
            }
            None => held.camera.drag(by),
        }
        held.pointers.insert(event.pointer_id(), now);
        drop(held);
        show(&window, &hand);
    })
}

fn pointer_up(
    window: &NodeRef,
    hand: &Rc<RefCell<Hand>>,
    on_choose: &Callback<Option<String>>,
) -> Callback<PointerEvent> {
    let (window, hand, on_choose) = (window.clone(), hand.clone(), on_choose.clone());
    Callback::from(move |event: PointerEvent| {
        let was_down = hand.borrow_mut().pointers.remove(&event.pointer_id()).is_some();
        if !was_down || hand.borrow().moved > STILL {
            return;
        }
        let target = event.target_dyn_into::<Element>();
        let table = target.and_then(|target| target.closest("[data-table]").ok().flatten());
        on_choose.emit(table.and_then(|table| table.get_attribute("data-table")));
        if let Some(element) = window.cast::<web_sys::HtmlElement>() {
            let _ = element.focus();
        }
    })
}

fn pointer_gone(hand: &Rc<RefCell<Hand>>) -> Callback<PointerEvent> {
    let hand = hand.clone();
    Callback::from(move |event: PointerEvent| {
        hand.borrow_mut().pointers.remove(&event.pointer_id());
    })
}

fn elements(window: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = window.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<Element>().ok()).collect()
}

fn table_of(window: &Element, name: &str) -> Option<Element> {
    let mut tables = elements(window, "[data-table]").into_iter();
    tables.find(|table| table.get_attribute("data-table").as_deref() == Some(name))
}

/// Lets the chosen table stand out, with its foreign keys and the tables at their other ends.
fn mark(window: &Element, chosen: Option<&str>) {
    let Some(drawing) = window.first_element_child() else { return };
    let mut beside: BTreeSet<String> = chosen.map(str::to_owned).into_iter().collect();
    for line in elements(window, "[data-from]") {
        let end = |name: &str| line.get_attribute(name).unwrap_or_default();
        let (from, to) = (end("data-from"), end("data-to"));
        let touches = chosen.is_some_and(|chosen| from == chosen || to == chosen);
        let _ = line.class_list().toggle_with_force("near", touches);
        if touches {
            beside.extend([from, to]);
        }
    }
    let mut is_drawn = false;
    for table in elements(window, "[data-table]") {
        let name = table.get_attribute("data-table").unwrap_or_default();
        let is_chosen = chosen == Some(name.as_str());
        is_drawn |= is_chosen;
        let _ = table.class_list().toggle_with_force("chosen", is_chosen);
        let _ = table.class_list().toggle_with_force("near", beside.contains(&name));
    }
    let _ = drawing.class_list().toggle_with_force("has-choice", is_drawn);
}

/// Brings a table into the window where it is not wholly there, or is too small to be read.
fn reveal(window: &Element, hand: &Rc<RefCell<Hand>>, table: &Element) {
    let (inside, outside) = (table.get_bounding_client_rect(), window.get_bounding_client_rect());
    let seen = inside.left() >= outside.left()
        && inside.right() <= outside.right()
        && inside.top() >= outside.top()
        && inside.bottom() <= outside.bottom();
    let scale = hand.borrow().camera.scale;
    if seen && scale >= 0.5 {
        return;
    }
    let camera = &mut hand.borrow_mut().camera;
    let left = (inside.left() - outside.left()) / scale + camera.corner.0;
    let top = (inside.top() - outside.top()) / scale + camera.corner.1;
    camera.show(left, top, inside.width() / scale, inside.height() / scale);
    if let Some(drawing) = window.first_element_child() {
        let _ = drawing.set_attribute("viewBox", &camera.view_box());
    }
}
