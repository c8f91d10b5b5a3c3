//! The action plan.

pub mod ddl;
