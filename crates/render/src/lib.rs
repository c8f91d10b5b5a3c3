//! A review as JSON, Markdown, HTML, CSV, terminal text and migration SQL; a catalog as JSON and SQL.
//!
//! Nothing here decides anything. Every rendering of a review starts from its wire form
//! ([`json::Review`]), so that the page, the command and a shared link show the same words.

mod catalog_json;
mod catalog_sql;
mod convert;
mod csv;
pub mod diagram;
mod html;
pub mod json;
mod markdown;
mod migration;
mod text;
mod versions;
mod words;

pub use catalog_json::catalog_json;
pub use catalog_sql::catalog_sql;
pub use convert::{json_text, to_json};
pub use csv::csv;
pub use diagram::diagram;
pub use html::html;
pub use markdown::{markdown, plan_markdown};
pub use migration::{migration, migration_of};
pub use text::text;
pub use versions::{
    synchronization_text, versions_json_text, versions_markdown, versions_text, versions_to_json,
};
