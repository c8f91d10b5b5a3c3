//! Column types, and how the names of `sqlalchemy` and `sqlalchemy.dialects.postgresql` become them.

use schemaward_catalog::Origin;

use super::{Affinity, Clause, ServerDefault};
use crate::text::Text;

/// The type of a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SqlType {
    /// Which one, with its arguments.
    pub(crate) kind: Kind,
    /// The type in the program.
    pub(crate) origin: Origin,
}

/// Which type. Decorators and variants are resolved: a type is what PostgreSQL would be given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// `SmallInteger`, `SMALLINT`.
    SmallInteger,
    /// `Integer`, `INTEGER`, `INT`.
    Integer,
    /// `BigInteger`, `BIGINT`.
    BigInteger,
    /// `Numeric`, `NUMERIC`.
    Numeric {
        /// Digits.
        precision: Option<i64>,
        /// Digits after the point, which count only with `precision`.
        scale: Option<i64>,
    },
    /// `DECIMAL`.
    Decimal {
        /// Digits.
        precision: Option<i64>,
        /// Digits after the point, which count only with `precision`.
        scale: Option<i64>,
    },
    /// `Float`, `FLOAT`.
    Float {
        /// Binary digits.
        precision: Option<i64>,
    },
    /// `Double`, `DOUBLE_PRECISION`.
    DoublePrecision,
    /// `String`, `Text`, `Unicode`, `CHAR` and their kin.
    String(StringType),
    /// `LargeBinary`, `BYTEA`: without the length, which PostgreSQL does not know.
    Bytea,
    /// `BINARY`, `VARBINARY`, which PostgreSQL does not know.
    Binary {
        /// Its name in SQL.
        name: &'static str,
        /// `length=`.
        length: Option<i64>,
    },
    /// `Boolean`, `BOOLEAN`.
    Boolean {
        /// `create_constraint=True`, which PostgreSQL has no need of and SQLAlchemy ignores there.
        create_constraint: bool,
        /// `name=` of that constraint.
        name: Option<Text>,
    },
    /// `DateTime`, `TIMESTAMP`.
    Timestamp {
        /// `timezone=`.
        timezone: bool,
        /// `precision=`.
        precision: Option<i64>,
    },
    /// `Time`, `TIME`.
    Time {
        /// `timezone=`.
        timezone: bool,
        /// `precision=`.
        precision: Option<i64>,
    },
    /// `Interval`, `INTERVAL`.
    Interval {
        /// `fields=`, as `DAY TO SECOND`.
        fields: Option<Text>,
        /// `precision=`.
        precision: Option<i64>,
    },
    /// `Uuid`, `UUID`.
    Uuid,
    /// `JSON`.
    Json,
    /// `JSONB`.
    Jsonb,
    /// `BIT`.
    Bit {
        /// `length=`.
        length: Option<i64>,
        /// `varying=`.
        varying: bool,
    },
    /// `ARRAY`.
    Array {
        /// Of what.
        item: Box<SqlType>,
        /// `dimensions=`.
        dimensions: Option<i64>,
    },
    /// `Enum`, `ENUM`.
    Enum(Enum),
    /// `DOMAIN`.
    Domain(Box<Domain>),
    /// A type without arguments, by its name in SQL: `DATE`, `INET`, `TSVECTOR`, the ranges.
    Plain(&'static str),
    /// None was given and none could be inferred; DDL cannot be made of it.
    Null,
    /// A type of a library or of the project, as its `get_col_spec` writes it: `VECTOR(1536)`.
    UserDefined(Text),
}

/// A type for text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StringType {
    /// Its name in SQL.
    pub(crate) name: &'static str,
    /// `length=`.
    pub(crate) length: Option<i64>,
    /// `collation=`.
    pub(crate) collation: Option<Text>,
}

/// `Enum(...)`, `postgresql.ENUM(...)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Enum {
    /// `name=`, or the name of the Python class in lower case; PostgreSQL needs one.
    pub(crate) name: Option<Text>,
    /// `schema=`, or that of the metadata where the type is bound to it.
    pub(crate) schema: Option<Text>,
    /// What it can be, in order.
    pub(crate) values: Vec<Text>,
    /// A type of PostgreSQL's own; text with a length otherwise (`native_enum=False`).
    pub(crate) native: bool,
    /// `length=` of one that is not native.
    pub(crate) length: Option<i64>,
    /// `create_constraint=True`: one that is not native gets a check.
    pub(crate) create_constraint: bool,
    /// `create_type=`: whether the table brings the type along.
    pub(crate) create_type: bool,
    /// `inherit_schema=True`: the schema is that of the table.
    pub(crate) inherit_schema: bool,
    /// `metadata=` was given.
    pub(crate) in_metadata: bool,
    /// The call.
    pub(crate) origin: Origin,
}

/// `postgresql.DOMAIN(...)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Domain {
    /// Its name.
    pub(crate) name: Text,
    /// `schema=`.
    pub(crate) schema: Option<Text>,
    /// What it is of.
    pub(crate) data_type: SqlType,
    /// `collation=`.
    pub(crate) collation: Option<Text>,
    /// `default=`.
    pub(crate) default: Option<ServerDefault>,
    /// `constraint_name=`.
    pub(crate) constraint_name: Option<Text>,
    /// `not_null=`.
    pub(crate) not_null: bool,
    /// `check=`.
    pub(crate) check: Option<Clause>,
    /// `create_type=`: whether the table brings the domain along.
    pub(crate) create_type: bool,
    /// `metadata=` was given.
    pub(crate) in_metadata: bool,
    /// The call.
    pub(crate) origin: Origin,
}

/// A type that is an object of the database's.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NamedType {
    /// An enumeration.
    Enum(Enum),
    /// A domain.
    Domain(Domain),
}

impl SqlType {
    /// A type named at a place.
    pub(crate) fn new(kind: Kind, origin: Origin) -> Self {
        Self { kind, origin }
    }

    /// What SQLAlchemy's operators know of its values.
    pub(crate) fn affinity(&self) -> Affinity {
        match &self.kind {
            Kind::SmallInteger | Kind::Integer | Kind::BigInteger => Affinity::Integer,
            Kind::Numeric { .. }
            | Kind::Decimal { .. }
            | Kind::Float { .. }
            | Kind::DoublePrecision
            | Kind::Plain("REAL" | "DOUBLE") => Affinity::Numeric,
            Kind::String(_) | Kind::Enum(_) => Affinity::String,
            Kind::Boolean { .. } => Affinity::Boolean,
            Kind::Json | Kind::Jsonb => Affinity::Json,
            Kind::Array { .. } => Affinity::Array,
            Kind::Null | Kind::UserDefined(_) => Affinity::Null,
            _ => Affinity::Other,
        }
    }
}
