//! A review as JSON, Markdown and migration SQL. Nothing here decides anything.

pub mod json;
