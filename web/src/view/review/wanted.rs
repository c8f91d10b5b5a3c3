//! A wish to see a finding or a difference in the review, as it comes from a line of a source.

use std::cell::Cell;
use std::rc::Rc;

use crate::browser;

/// A wish to see an element of the review. It is fulfilled once: whoever shows it later for another reason does not take the
/// reader there again.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    id: Rc<str>,
    is_fulfilled: Rc<Cell<bool>>,
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.is_fulfilled, &other.is_fulfilled)
    }
}

impl Wanted {
    /// The wish for the element of that id.
    pub(crate) fn new(id: &str) -> Self {
        Self { id: id.into(), is_fulfilled: Rc::default() }
    }

    /// Where it stands among the elements of these ids, as long as the reader waits for it.
    pub(super) fn position(&self, mut ids: impl Iterator<Item: AsRef<str>>) -> Option<usize> {
        if self.is_fulfilled.get() { None } else { ids.position(|id| *id.as_ref() == *self.id) }
    }

    /// Brings the element, which is drawn by now, into view.
    pub(super) fn fulfil(&self) {
        if !self.is_fulfilled.replace(true) {
            browser::go_to(&self.id);
        }
    }
}
