//! The end of values, without recursing along them.

use std::cell::{Cell, RefCell};

use super::value::{Dict, Instance, Items, Symbol, SymbolKind, Value};

thread_local! {
    /// How many values are being dropped within each other.
    static DROPPING: Cell<usize> = const { Cell::new(0) };
    /// Values that wait until those have been.
    static WAITING: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

/// Drops values without recursing deeper than the stack allows: `x = [x]` can be run a hundred
/// thousand times.
fn drop_all(values: Vec<Value>) {
    let Ok(depth) = DROPPING.try_with(Cell::get) else { return };
    if depth > 50 {
        // Where even the queue is gone, the thread ends, and the values with it.
        let _ = WAITING.try_with(|waiting| waiting.borrow_mut().extend(values));
        return;
    }
    DROPPING.set(depth + 1);
    drop(values);
    if depth == 0 {
        while let Ok(Some(value)) = WAITING.try_with(|waiting| waiting.borrow_mut().pop()) {
            drop(value);
        }
    }
    DROPPING.set(depth);
}

impl Drop for Items {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            drop_all(std::mem::take(&mut self.0));
        }
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        if !self.entries.is_empty() {
            let entries = std::mem::take(&mut self.entries);
            drop_all(entries.into_iter().flat_map(|(key, value)| [key, value]).collect());
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let attributes = std::mem::take(&mut *self.attributes.borrow_mut()).into_values();
        let args = std::mem::take(&mut self.args.list).into_iter().map(|arg| arg.value);
        drop_all(attributes.chain(args).collect());
    }
}

impl Drop for Symbol {
    fn drop(&mut self) {
        let kind = std::mem::replace(&mut self.kind, SymbolKind::Name(String::new()));
        match kind {
            SymbolKind::Name(_) => {}
            SymbolKind::Attribute(value, _) | SymbolKind::Unary(_, value) => drop_all(vec![value]),
            SymbolKind::Call(callee, args) => {
                let args = args.list.into_iter().map(|arg| arg.value);
                drop_all(std::iter::once(callee).chain(args).collect());
            }
            SymbolKind::Subscript(left, right) | SymbolKind::Binary(_, left, right) => {
                drop_all(vec![left, right]);
            }
        }
    }
}
