//! What a catalog shows, before any opinion: key generators, audit triggers, predicates, names.

pub(crate) mod actor;
pub(crate) mod audit;
pub(crate) mod condition;
pub(crate) mod expression;
pub(crate) mod index;
pub(crate) mod key;
pub(crate) mod privilege;
pub(crate) mod unique;
pub(crate) mod values;
pub(crate) mod view;
pub(crate) mod words;
