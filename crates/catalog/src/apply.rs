//! Playing changes on a catalog.

use crate::{Catalog, Change, Origin};

/// Something a server would have rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, in PostgreSQL's own words where it has some.
    pub message: String,
    /// Where.
    pub origin: Origin,
}

impl Catalog {
    /// Plays one change, made by the statement at `origin`.
    pub fn apply(&mut self, change: Change, origin: Origin) -> Vec<Problem> {
        let _ = (change, origin);
        Vec::new()
    }
}
