//! SQLAlchemy's schema constructs as plain data: what Python that builds schema has built.
//!
//! The names are SQLAlchemy's own. Whoever evaluates Python makes these values; `ddl` writes them
//! as the SQL that SQLAlchemy and Alembic would emit. Strings of the program are [`Text`]s, so
//! that the SQL leads back to where they stand, and every construct has the [`Origin`] of its call.

mod clause;
mod construct;
mod convention;
mod table;
mod types;

use schemaward_catalog::Origin;

pub(crate) use self::clause::{Affinity, Clause, ClauseKind, Literal, Operator, Subscript};
pub(crate) use self::construct::{Argument, Arguments, PythonEnum, Undecided, construct};
pub(crate) use self::convention::{Convention, NamingConvention};
#[cfg(test)]
pub(crate) use self::table::TableOptions;
pub(crate) use self::table::{
    Check, Column, ColumnReference, Constraint, Deferral, Exclude, ExcludeElement, ForeignKey,
    ForeignKeyConstraint, ForeignKeyOptions, Index, IndexElement, PrimaryKey, Table, Target,
    Unique,
};
pub(crate) use self::types::{Domain, Enum, Kind, NamedType, SqlType, StringType};

use crate::text::Text;

/// `MetaData(...)`: the tables of an application and what they share.
#[derive(Clone, Debug, Default)]
pub(crate) struct MetaData {
    /// `schema=`, which is that of every table, sequence and enumeration that names none.
    pub(crate) schema: Option<Text>,
    /// `naming_convention=`.
    pub(crate) naming_convention: NamingConvention,
    /// In the order they were defined in.
    pub(crate) tables: Vec<Table>,
    /// The sequences that were given `metadata=` and belong to no column's default.
    pub(crate) sequences: Vec<Sequence>,
    /// The enumerations and domains that were given `metadata=`.
    pub(crate) types: Vec<NamedType>,
}

/// How a constraint or an index came by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Name {
    /// None was given: the naming convention makes one, or PostgreSQL does.
    #[default]
    Unset,
    /// `name="…"`, which a naming convention with `%(constraint_name)s` still changes.
    Given(Text),
    /// `op.f("…")`, `conv("…")`: the name as it is to be, whatever the naming convention says.
    Final(Text),
}

/// Whether a column makes its own values (`autoincrement=`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Autoincrement {
    /// `"auto"`, the default: the only integer column of a primary key does, unless it is a
    /// foreign key or has a default.
    #[default]
    Auto,
    /// `True`.
    Always,
    /// `False`.
    Never,
    /// `"ignore_fk"`: as `"auto"`, foreign key or not.
    IgnoreForeignKey,
}

/// `server_default=`, and what else makes PostgreSQL compute a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ServerDefault {
    /// A Python string, which becomes a string literal.
    Literal(Text),
    /// `text("…")`, `func.now()`, `sequence.next_value()`, any expression.
    Clause(Clause),
    /// `Identity(...)`.
    Identity(Identity),
    /// `Computed(...)`.
    Computed(Computed),
    /// `FetchedValue()`: something else, a trigger for instance, makes the value; no DDL.
    Fetched,
}

/// `Identity(...)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Identity {
    /// `always=True`: `GENERATED ALWAYS`, otherwise `BY DEFAULT`.
    pub(crate) always: bool,
    /// `start=`, `increment=` and the others.
    pub(crate) options: SequenceOptions,
    /// The call.
    pub(crate) origin: Origin,
}

/// `Computed(...)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Computed {
    /// The expression.
    pub(crate) expression: Clause,
    /// `persisted=`.
    pub(crate) persisted: Option<bool>,
    /// The call.
    pub(crate) origin: Origin,
}

/// What a sequence and an identity column can be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SequenceOptions {
    /// `start=`.
    pub(crate) start: Option<i64>,
    /// `increment=`.
    pub(crate) increment: Option<i64>,
    /// `minvalue=`.
    pub(crate) minvalue: Option<i64>,
    /// `maxvalue=`.
    pub(crate) maxvalue: Option<i64>,
    /// `nominvalue=` was given (SQLAlchemy asks for presence, not for truth).
    pub(crate) nominvalue: bool,
    /// `nomaxvalue=` was given.
    pub(crate) nomaxvalue: bool,
    /// `cache=`.
    pub(crate) cache: Option<i64>,
    /// `cycle=`.
    pub(crate) cycle: Option<bool>,
}

/// `Sequence("…", ...)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sequence {
    /// Its name.
    pub(crate) name: Text,
    /// Its schema, that of the metadata included.
    pub(crate) schema: Option<Text>,
    /// `start=` and the others.
    pub(crate) options: SequenceOptions,
    /// `data_type=`.
    pub(crate) data_type: Option<SqlType>,
    /// `optional=True`: not needed where the database has another way, which PostgreSQL has.
    pub(crate) optional: bool,
    /// The call.
    pub(crate) origin: Origin,
}

/// `default=` and `onupdate=`: how Python makes a value that PostgreSQL never hears of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PythonDefault {
    /// What makes the value.
    pub(crate) generator: Generator,
    /// The argument.
    pub(crate) origin: Origin,
}

/// What makes a value on the side of Python.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Generator {
    /// `uuid.uuid1`.
    Uuid1,
    /// `uuid.uuid4`.
    Uuid4,
    /// `uuid.uuid7`, or that of a library.
    Uuid7,
    /// A ULID, as text or as a UUID.
    Ulid,
    /// Another function, by its full name.
    Function(Text),
    /// A lambda or another callable, by its text.
    Callable(Text),
    /// A constant.
    Literal(Literal),
    /// A SQL expression, which SQLAlchemy puts into each `INSERT`.
    Clause(Clause),
    /// A sequence, which SQLAlchemy creates with the table and asks before each `INSERT`.
    Sequence(Sequence),
}
