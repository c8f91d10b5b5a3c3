//! The compliance core: a standard, two catalogs in, a [`Review`] out.
//!
//! Pure: no I/O, no clock, no parsing of schema text.

mod model;
mod standard;

pub use model::*;
pub use standard::*;
pub use ulid::Ulid;
