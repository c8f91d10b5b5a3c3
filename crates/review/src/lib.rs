//! The compliance core: a standard, two catalogs in, a [`Review`] out.
//!
//! Pure: no I/O, no clock, no parsing of schema text. [`review()`] gives every table its class,
//! lets every rule of the registry answer, and makes findings, the coverage matrix, successes and
//! the plan out of the answers, so that none of these can contradict another.

mod class;
mod context;
mod directive;
mod drift;
mod facts;
mod identifiers;
mod layer;
mod matrix;
mod model;
mod plan;
mod review;
mod rules;
mod standard;
mod summary;

pub use drift::{ChangeClass, VersionChange, Versions, compare_versions};
pub use layer::{ClientDefault, CodeFacts, Implementation, Layer, MappedClass};
pub use model::*;
pub use plan::sync::{Sync, SyncInput, SyncPatch, additions_only, sync};
pub use review::{Input, review, review_with_code};
pub use rules::{RuleInfo, rule, rules};
pub use standard::*;
pub use ulid::Ulid;
