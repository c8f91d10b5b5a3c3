//! From the name of a type class and the arguments of its call to the type.

use schemaward_catalog::Origin;

use super::{Clause, Domain, Enum, Kind, ServerDefault, SqlType, StringType};
use crate::text::Text;

/// An argument of a call, as far as types have a use for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Argument {
    /// `None`.
    None,
    /// `True`, `False`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A string.
    Text(Text),
    /// A type, or its class.
    Type(SqlType),
    /// A list or a tuple.
    List(Vec<Argument>),
    /// A SQL expression.
    Clause(Clause),
    /// An enumeration of Python's.
    PythonEnum(PythonEnum),
    /// `metadata=`.
    MetaData,
    /// What could not be evaluated, or has no meaning for a type.
    Other,
}

/// A class derived from `enum.Enum`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PythonEnum {
    /// Its name.
    pub(crate) name: Text,
    /// The names of its members, in order.
    pub(crate) members: Vec<Text>,
}

/// The arguments of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Arguments {
    /// Those without a name.
    pub(crate) positional: Vec<Argument>,
    /// Those with one.
    pub(crate) keywords: Vec<(Text, Argument)>,
}

impl Arguments {
    /// The argument with that name, or at that position.
    fn get(&self, name: &str, position: Option<usize>) -> &Argument {
        let keyword = self.keywords.iter().find(|(key, _)| key.as_str() == name);
        let found = keyword.map(|(_, argument)| argument);
        let positional = || position.and_then(|position| self.positional.get(position));
        found.or_else(positional).unwrap_or(&Argument::None)
    }
}

/// Why a type could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Undecided {
    /// Neither SQLAlchemy nor a library that is known here has a type of this name.
    UnknownType,
    /// An argument that matters could not be evaluated, or is nothing the type takes.
    Argument(&'static str),
}

/// Types that take no argument which PostgreSQL would hear of, and what they are in SQL.
const PLAIN: [(&str, &str); 35] = [
    ("CIDR", "CIDR"),
    ("CITEXT", "CITEXT"),
    ("DATE", "DATE"),
    ("DATEMULTIRANGE", "DATEMULTIRANGE"),
    ("DATERANGE", "DATERANGE"),
    ("DATETIME", "DATETIME"),
    ("DOUBLE", "DOUBLE"),
    ("Date", "DATE"),
    ("HSTORE", "HSTORE"),
    ("INET", "INET"),
    ("INT4MULTIRANGE", "INT4MULTIRANGE"),
    ("INT4RANGE", "INT4RANGE"),
    ("INT8MULTIRANGE", "INT8MULTIRANGE"),
    ("INT8RANGE", "INT8RANGE"),
    ("JSONPATH", "JSONPATH"),
    ("MACADDR", "MACADDR"),
    ("MACADDR8", "MACADDR8"),
    ("MONEY", "MONEY"),
    ("NUMMULTIRANGE", "NUMMULTIRANGE"),
    ("NUMRANGE", "NUMRANGE"),
    ("OID", "OID"),
    ("REAL", "REAL"),
    ("REGCLASS", "REGCLASS"),
    ("REGCONFIG", "REGCONFIG"),
    ("TSMULTIRANGE", "TSMULTIRANGE"),
    ("TSQUERY", "TSQUERY"),
    ("TSRANGE", "TSRANGE"),
    ("TSTZMULTIRANGE", "TSTZMULTIRANGE"),
    ("TSTZRANGE", "TSTZRANGE"),
    ("TSVECTOR", "TSVECTOR"),
    // Types of libraries that are at home on PostgreSQL.
    ("HALFVEC", "HALFVEC"),
    ("LQUERY", "LQUERY"),
    ("LTREE", "LTREE"),
    ("SPARSEVEC", "SPARSEVEC"),
    ("VECTOR", "VECTOR"),
];

/// Types for text, and what they are in SQL.
const STRINGS: [(&str, &str); 13] = [
    ("AutoString", "VARCHAR"),
    ("CHAR", "CHAR"),
    ("CLOB", "CLOB"),
    ("NCHAR", "NCHAR"),
    ("NVARCHAR", "NVARCHAR"),
    ("String", "VARCHAR"),
    ("TEXT", "TEXT"),
    ("Text", "TEXT"),
    ("Unicode", "VARCHAR"),
    ("UnicodeText", "TEXT"),
    ("VARCHAR", "VARCHAR"),
    ("VARCHAR2", "VARCHAR2"),
    ("NCLOB", "NCLOB"),
];

/// The type that a call of a class makes, or the class itself where it stands without a call:
/// every type of `sqlalchemy` and `sqlalchemy.dialects.postgresql` by its name alone, for no name
/// means two things.
pub(crate) fn construct(
    name: &str,
    arguments: &Arguments,
    origin: Origin,
) -> Result<SqlType, Undecided> {
    let integer = |key: &'static str, position| match arguments.get(key, Some(position)) {
        Argument::None => Ok(None),
        Argument::Integer(number) => Ok(Some(*number)),
        Argument::Bool(truth) => Ok(Some(i64::from(*truth))),
        _ => Err(Undecided::Argument(key)),
    };
    let truth = |key: &'static str, position, otherwise| match arguments.get(key, position) {
        Argument::None => Ok(otherwise),
        Argument::Bool(truth) => Ok(*truth),
        Argument::Integer(number) => Ok(*number != 0),
        _ => Err(Undecided::Argument(key)),
    };
    let text = |key: &'static str, position| match arguments.get(key, position) {
        Argument::None => Ok(None),
        Argument::Text(text) => Ok(Some(text.clone())),
        _ => Err(Undecided::Argument(key)),
    };
    let kind = match name {
        "SmallInteger" | "SMALLINT" => Kind::SmallInteger,
        "Integer" | "INTEGER" | "INT" => Kind::Integer,
        "BigInteger" | "BIGINT" => Kind::BigInteger,
        "Numeric" | "NUMERIC" => {
            Kind::Numeric { precision: integer("precision", 0)?, scale: integer("scale", 1)? }
        }
        "DECIMAL" => {
            Kind::Decimal { precision: integer("precision", 0)?, scale: integer("scale", 1)? }
        }
        "Float" | "FLOAT" => Kind::Float { precision: integer("precision", 0)? },
        "Double" | "DOUBLE_PRECISION" => Kind::DoublePrecision,
        "LargeBinary" | "BYTEA" | "PickleType" => Kind::Bytea,
        "BLOB" => Kind::Binary { name: "BLOB", length: None },
        "BINARY" => Kind::Binary { name: "BINARY", length: integer("length", 0)? },
        "VARBINARY" => Kind::Binary { name: "VARBINARY", length: integer("length", 0)? },
        "Boolean" | "BOOLEAN" | "MatchType" => Kind::Boolean {
            create_constraint: truth("create_constraint", Some(0), false)?,
            name: text("name", Some(1))?,
        },
        "DateTime" | "TIMESTAMP" => Kind::Timestamp {
            timezone: truth("timezone", Some(0), false)?,
            precision: integer("precision", 1)?,
        },
        "Time" | "TIME" => Kind::Time {
            timezone: truth("timezone", Some(0), false)?,
            precision: integer("precision", 1)?,
        },
        "Interval" => {
            if truth("native", Some(0), true)? {
                Kind::Interval { fields: None, precision: integer("second_precision", 1)? }
            } else {
                Kind::Timestamp { timezone: false, precision: None }
            }
        }
        "INTERVAL" => {
            Kind::Interval { precision: integer("precision", 0)?, fields: text("fields", Some(1))? }
        }
        "Uuid" => {
            if truth("native_uuid", Some(1), true)? {
                Kind::Uuid
            } else {
                Kind::String(StringType { name: "CHAR", length: Some(32), collation: None })
            }
        }
        "UUID" | "UUIDType" => Kind::Uuid,
        "JSON" => Kind::Json,
        "JSONB" => Kind::Jsonb,
        "BIT" => {
            Kind::Bit { length: integer("length", 0)?, varying: truth("varying", Some(1), false)? }
        }
        "ARRAY" => Kind::Array {
            item: match arguments.get("item_type", Some(0)) {
                Argument::Type(item) => Box::new(item.clone()),
                _ => return Err(Undecided::Argument("item_type")),
            },
            dimensions: integer("dimensions", 2)?,
        },
        "Enum" | "ENUM" => Kind::Enum(enumeration(name == "ENUM", arguments, origin)?),
        "DOMAIN" => Kind::Domain(Box::new(domain(arguments, origin)?)),
        "NullType" => Kind::Null,
        "Vector" | "HalfVector" | "SparseVector" => {
            let name = match name {
                "Vector" => "VECTOR",
                "HalfVector" => "HALFVEC",
                _ => "SPARSEVEC",
            };
            sized(name, integer("dim", 0)?, origin)
        }
        "VECTOR" | "HALFVEC" | "SPARSEVEC" if !arguments.positional.is_empty() => {
            sized(name, integer("dim", 0)?, origin)
        }
        "LtreeType" => Kind::Plain("LTREE"),
        "TSVectorType" => Kind::Plain("TSVECTOR"),
        "Geometry" | "Geography" => geometry(name, arguments, origin)?,
        _ => {
            if let Some((_, sql)) = STRINGS.iter().find(|(known, _)| *known == name) {
                Kind::String(StringType {
                    name: sql,
                    length: integer("length", 0)?,
                    collation: text("collation", Some(1))?,
                })
            } else if let Some((_, sql)) = PLAIN.iter().find(|(known, _)| *known == name) {
                Kind::Plain(sql)
            } else {
                return Err(Undecided::UnknownType);
            }
        }
    };
    Ok(SqlType { kind, origin })
}

fn sized(name: &str, size: Option<i64>, origin: Origin) -> Kind {
    let spec = size.map_or_else(|| name.to_owned(), |size| format!("{name}({size})"));
    Kind::UserDefined(Text::written(spec, origin, false))
}

/// `geometry(POINT,4326)`.
fn geometry(name: &str, arguments: &Arguments, origin: Origin) -> Result<Kind, Undecided> {
    let shape = match arguments.get("geometry_type", Some(0)) {
        Argument::None => {
            return Ok(Kind::UserDefined(Text::written(name.to_lowercase(), origin, false)));
        }
        Argument::Text(shape) => shape.as_str().to_uppercase(),
        _ => return Err(Undecided::Argument("geometry_type")),
    };
    let srid = match arguments.get("srid", Some(1)) {
        Argument::None => -1,
        Argument::Integer(srid) => *srid,
        _ => return Err(Undecided::Argument("srid")),
    };
    let spec = format!("{}({shape},{srid})", name.to_lowercase());
    Ok(Kind::UserDefined(Text::written(spec, origin, false)))
}

fn enumeration(postgresql: bool, arguments: &Arguments, origin: Origin) -> Result<Enum, Undecided> {
    let truth = |key: &'static str, otherwise| match arguments.get(key, None) {
        Argument::None => Ok(otherwise),
        Argument::Bool(truth) => Ok(*truth),
        _ => Err(Undecided::Argument(key)),
    };
    let text = |key: &'static str| match arguments.get(key, None) {
        Argument::None => Ok(None),
        Argument::Text(text) => Ok(Some(text.clone())),
        _ => Err(Undecided::Argument(key)),
    };
    let strings = |arguments: &[Argument]| {
        let values = arguments.iter().map(|argument| match argument {
            Argument::Text(text) => Ok(text.clone()),
            _ => Err(Undecided::Argument("enums")),
        });
        values.collect::<Result<Vec<Text>, Undecided>>()
    };
    // Lists of values are no form that SQLAlchemy knows; `Enum(*VALUES)` is evaluated before.
    let (class_name, values) = match arguments.positional.as_slice() {
        [Argument::PythonEnum(class)] => {
            let values = match arguments.get("values_callable", None) {
                Argument::None => class.members.clone(),
                Argument::List(values) => strings(values)?,
                _ => return Err(Undecided::Argument("values_callable")),
            };
            let lower = class.name.as_str().to_lowercase();
            (Some(class.name.computed(lower)), values)
        }
        values => (None, strings(values)?),
    };
    let name = if arguments.keywords.iter().any(|(key, _)| key.as_str() == "name") {
        text("name")?
    } else {
        class_name
    };
    let length = match arguments.get("length", None) {
        Argument::None => None,
        Argument::Integer(length) => Some(*length),
        _ => return Err(Undecided::Argument("length")),
    };
    Ok(Enum {
        name,
        schema: text("schema")?,
        values,
        native: postgresql || truth("native_enum", true)?,
        length,
        create_constraint: truth("create_constraint", false)?,
        create_type: truth("create_type", true)? || !postgresql,
        inherit_schema: truth("inherit_schema", false)?,
        in_metadata: !matches!(arguments.get("metadata", None), Argument::None),
        origin,
    })
}

fn domain(arguments: &Arguments, origin: Origin) -> Result<Domain, Undecided> {
    let text = |key: &'static str, position| match arguments.get(key, position) {
        Argument::None => Ok(None),
        Argument::Text(text) => Ok(Some(text.clone())),
        _ => Err(Undecided::Argument(key)),
    };
    let truth = |key: &'static str, otherwise| match arguments.get(key, None) {
        Argument::None => Ok(otherwise),
        Argument::Bool(truth) => Ok(*truth),
        _ => Err(Undecided::Argument(key)),
    };
    Ok(Domain {
        name: text("name", Some(0))?.ok_or(Undecided::Argument("name"))?,
        schema: text("schema", None)?,
        data_type: match arguments.get("data_type", Some(1)) {
            Argument::Type(data_type) => data_type.clone(),
            _ => return Err(Undecided::Argument("data_type")),
        },
        collation: text("collation", None)?,
        default: match arguments.get("default", None) {
            Argument::None => None,
            Argument::Text(value) => Some(ServerDefault::Literal(value.clone())),
            Argument::Clause(clause) => Some(ServerDefault::Clause(clause.clone())),
            _ => return Err(Undecided::Argument("default")),
        },
        constraint_name: text("constraint_name", None)?,
        not_null: truth("not_null", false)?,
        check: match arguments.get("check", None) {
            Argument::None => None,
            Argument::Text(check) => Some(Clause::text(check.clone(), origin)),
            Argument::Clause(clause) => Some(clause.clone()),
            _ => return Err(Undecided::Argument("check")),
        },
        create_type: truth("create_type", true)?,
        in_metadata: !matches!(arguments.get("metadata", None), Argument::None),
        origin,
    })
}
