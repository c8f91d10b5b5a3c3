//! What a catalog shows, before any opinion: key generators, audit triggers, predicates, names.

pub(crate) mod access;
pub(crate) mod actor;
pub(crate) mod audit;
pub(crate) mod code;
pub(crate) mod condition;
pub(crate) mod expression;
pub(crate) mod guard;
pub(crate) mod implied;
pub(crate) mod index;
pub(crate) mod key;
pub(crate) mod policy;
pub(crate) mod predicate;
pub(crate) mod rights;
pub(crate) mod session;
pub(crate) mod truth;
pub(crate) mod unique;
pub(crate) mod values;
pub(crate) mod words;
