//! The layers of the implemented side: the same schema, told by the models, by the migrations and
//! by the database itself.

use std::collections::BTreeMap;
use std::fmt;

use schemaward_catalog::code::MigrationFacts;
use schemaward_catalog::{Catalog, ModelFacts, Origin, QualifiedName};

use crate::KeyKind;

/// Who tells what the implemented schema is. The later one comes closer to what runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The classes of the program (SQLAlchemy models).
    Models,
    /// What is run to build the database (Alembic revisions, numbered SQL files).
    Migrations,
    /// What the database says of itself (a dump), or SQL that stands for it.
    Database,
}

impl Layer {
    /// Every layer, the one closest to what runs last.
    pub const ALL: [Self; 3] = [Self::Models, Self::Migrations, Self::Database];

    /// The word used in JSON and in sentences.
    pub fn word(self) -> &'static str {
        match self {
            Self::Models => "models",
            Self::Migrations => "migrations",
            Self::Database => "database",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A schema as one layer tells it.
#[derive(Clone, Copy, Debug)]
pub struct Implementation<'a> {
    /// Which layer.
    pub layer: Layer,
    /// What it tells.
    pub catalog: &'a Catalog,
}

impl<'a> Implementation<'a> {
    /// A schema that was given as a whole, without a word on how it came about.
    pub fn database(catalog: &'a Catalog) -> Self {
        Self { layer: Layer::Database, catalog }
    }
}

/// The *effective* layer, which the rules review and the document is compared with: the database,
/// else the migrations, else the models.
pub(crate) fn effective<'a>(layers: &[Implementation<'a>]) -> Option<Implementation<'a>> {
    layers.iter().copied().max_by_key(|found| found.layer)
}

/// What the program that makes a schema says beside it: what the rules on code judge.
#[derive(Clone, Copy, Debug, Default)]
pub struct CodeFacts<'a> {
    /// The classes of the models; nothing where none were given.
    pub models: Option<&'a ModelFacts>,
    /// The revisions of the migrations; nothing where none were given.
    pub migrations: Option<&'a MigrationFacts>,
}

/// A class of the models, as far as it says more than its table's catalog holds.
#[derive(Clone, Debug)]
pub struct MappedClass {
    /// The class's name (`OrganizationMember`).
    pub name: String,
    /// The table it maps.
    pub table: QualifiedName,
    /// Where the class is defined.
    pub origin: Origin,
    /// What the program fills in where an insert gives no value, by column.
    pub defaults: BTreeMap<String, ClientDefault>,
}

/// A default that the program fills in, before the server sees the row.
#[derive(Clone, Debug)]
pub struct ClientDefault {
    /// The default as written (`uuid.uuid4`).
    pub text: String,
    /// The kind of key it makes, where it is known.
    pub kind: Option<KeyKind>,
    /// Where it stands.
    pub origin: Origin,
}
