//! SQLAlchemy 2.0 models and Alembic migrations → the schema they make, without running them.
//!
//! The Python that builds schema is *evaluated*: `interpret` is a small abstract interpreter over
//! `syntax` (the only module that knows Ruff's parser). What is not the project's own code becomes a
//! symbol, a record of who was called with what. `schema` holds SQLAlchemy's constructs as plain
//! data, `ddl` writes them as the SQL that SQLAlchemy itself would emit for PostgreSQL, and
//! `schemaward-sql` reads that SQL like any other: there is one reader of SQL, and every object
//! knows the Python that made it so.

mod construct;
mod ddl;
mod interpret;
mod known;
mod migrations;
mod models;
mod project;
mod schema;
mod syntax;
mod text;

pub use project::{FileKind, InputFile, Played, Project, Remark, Told, kind};
