//! The compliance core: a standard, two catalogs in, a [`Review`] out.
//!
//! Pure: no I/O, no clock, no parsing of schema text.

mod model;

pub use model::*;
pub use ulid::Ulid;
