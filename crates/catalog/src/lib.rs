//! A PostgreSQL schema as plain data, the changes that build it, and their effect.
//!
//! Readers turn text into [`Change`]s; [`Catalog::apply`] plays them in order, so that the catalog
//! holds the state a server would have after running the same text, each object knowing the
//! [`Origin`] that made it so. Nothing here parses, does I/O or holds an opinion.

mod apply;
mod catalog;
mod change;
pub mod code;
mod control;
mod data_type;
pub mod ddl;
mod derivation;
mod expression;
mod lower;
mod mentions;
mod model;
mod name;
mod naming;
mod object;
mod origin;
mod run;

pub use apply::Problem;
pub use catalog::{Catalog, FunctionKey};
pub use change::*;
pub use control::*;
pub use data_type::{DataType, builtin};
pub use derivation::{Derivation, Piece};
pub use lower::fold;
pub use model::{
    AttributeMaker, DecidedCondition, KeyGenerator, ModelAttribute, ModelClass, ModelDefault,
    ModelFacts,
};
pub use name::{ObjectName, QualifiedName, is_reserved, quote_identifier, quote_literal};
pub use object::*;
pub use origin::{Origin, Position, Side, Source, SourceId, Sources, Span};
pub use run::*;
pub use sqlparser;
