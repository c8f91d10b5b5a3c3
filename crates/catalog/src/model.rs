//! What the classes of a program's models say beside the schema they make, as plain data for the
//! rules on code.

use crate::{Origin, QualifiedName};

/// What the models of a program say of themselves.
#[derive(Clone, Debug, Default)]
pub struct ModelFacts {
    /// The mapped classes, in the order in which they are defined.
    pub classes: Vec<ModelClass>,
    /// Conditions meant for SQL that the program decides itself, before they become any.
    pub decided: Vec<DecidedCondition>,
}

/// A class that is mapped to a table.
#[derive(Clone, Debug)]
pub struct ModelClass {
    /// Its name (`OrganizationMember`).
    pub name: String,
    /// Where its name stands.
    pub origin: Origin,
    /// Its table; nothing where it could not be told.
    pub table: Option<QualifiedName>,
    /// Whether the table is that of a class it derives from.
    pub shares_table: bool,
    /// The program's own classes that it derives from, in method resolution order.
    pub ancestors: Vec<String>,
    /// Its columns and relationships, those of its mixins included.
    pub attributes: Vec<ModelAttribute>,
}

/// A column or a relationship of a class.
#[derive(Clone, Debug)]
pub struct ModelAttribute {
    /// What the program calls it.
    pub name: String,
    /// Its column; nothing for a relationship.
    pub column: Option<String>,
    /// The class that writes it: the mapped one, or a mixin.
    pub class: String,
    /// Where.
    pub origin: Origin,
    /// What makes it.
    pub made_by: AttributeMaker,
    /// Whether its annotation is `Mapped[…]`.
    pub mapped: bool,
    /// Whether its annotation takes `None`; nothing without an annotation.
    pub optional: Option<bool>,
    /// What is said of it by `nullable=`.
    pub nullable: Option<bool>,
    /// What the program makes its values with.
    pub default: Option<ModelDefault>,
    /// Whether the server makes its values where the program gives none.
    pub server_default: bool,
    /// Whether it is a point in time.
    pub instant: bool,
    /// Whether it is a point in time without a time zone.
    pub naive: bool,
}

/// What makes an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AttributeMaker {
    /// `mapped_column(…)`.
    MappedColumn,
    /// `Column(…)`.
    Column,
    /// `Field(…)` of `SQLModel`.
    Field,
    /// `relationship(…)`.
    Relationship,
    /// Its annotation alone.
    Annotation,
}

/// A default that the program fills in, before the server sees the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelDefault {
    /// The default, as it can stand in a sentence (`uuid.uuid4`).
    pub text: String,
    /// The kind of key it makes, where it is known.
    pub generator: Option<KeyGenerator>,
    /// Where it stands.
    pub origin: Origin,
}

/// What a program makes keys with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyGenerator {
    /// A UUID of version 1: time and machine.
    Uuid1,
    /// A UUID of version 4: random.
    Uuid4,
    /// A UUID of version 7: time, then random.
    Uuid7,
    /// A ULID.
    Ulid,
}

/// A condition that a program has decided before SQL could (`postgresql_where=(x is None)`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedCondition {
    /// Where it stands.
    pub origin: Origin,
    /// What it came to.
    pub value: bool,
}
