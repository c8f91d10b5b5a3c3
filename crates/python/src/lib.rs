//! SQLAlchemy 2.0 models and Alembic migrations → the schema they make, without running them.
//!
//! The Python that builds schema is *evaluated*: `interpret` is a small abstract interpreter over
//! `syntax` (the only module that knows Ruff's parser). What is not the project's own code becomes a
//! symbol, a record of who was called with what. `schema` holds SQLAlchemy's constructs as plain
//! data, `ddl` writes them as the SQL that SQLAlchemy itself would emit for PostgreSQL, and
//! `schemaward-sql` reads that SQL like any other: there is one reader of SQL, and every object
//! knows the Python that made it so.

mod construct;
#[allow(dead_code, unused_imports, reason = "migrations are being written")]
mod ddl;
#[allow(dead_code, unused_imports, reason = "what evaluates with it is being written")]
mod interpret;
#[allow(dead_code, unused_imports, reason = "the project runs them next")]
mod migrations;
mod models;
mod project;
#[allow(dead_code, unused_imports, reason = "what fills and reads these values is being written")]
mod schema;
#[allow(dead_code, unused_imports, reason = "what evaluates with it is being written")]
mod syntax;
#[allow(dead_code, reason = "what evaluates with it is being written")]
mod text;

pub use project::{FileKind, InputFile, Played, Project, Remark, Told, kind};
