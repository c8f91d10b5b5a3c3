//! What a catalog shows, before any opinion: key generators, audit triggers, predicates, names.

pub(crate) mod audit;
pub(crate) mod expression;
pub(crate) mod key;
pub(crate) mod unique;
pub(crate) mod view;
pub(crate) mod words;
