//! Data types, under the names PostgreSQL itself prints (`format_type`).

use std::fmt;

use crate::name::quote_identifier;

/// A type with its modifiers and array dimensions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataType {
    /// The schema of a type that is not built in, where it is known.
    pub schema: Option<String>,
    /// The type's name: PostgreSQL's long form for built-in types (`integer`, `character varying`,
    /// `timestamp with time zone`).
    pub name: String,
    /// Modifiers as written: `["10", "2"]` of `numeric(10, 2)`.
    pub modifiers: Vec<String>,
    /// Whether it is an array (PostgreSQL does not enforce the number of dimensions).
    pub array: bool,
}

impl DataType {
    /// The type of this name; aliases of built-in types (`int4`, `timestamptz`) become PostgreSQL's
    /// own name.
    pub fn named(name: &str) -> Self {
        let name = builtin(name).unwrap_or(name);
        Self { schema: None, name: name.to_owned(), modifiers: Vec::new(), array: false }
    }

    /// Whether PostgreSQL ships the type.
    pub fn is_builtin(&self) -> bool {
        self.schema.is_none() && builtin(&self.name).is_some()
    }

    /// The integer type behind `serial`, `bigserial` or `smallserial` (and `serial4` …).
    pub fn serial_base(&self) -> Option<&'static str> {
        if self.schema.is_some() || self.array {
            return None;
        }
        match self.name.as_str() {
            "serial" | "serial4" => Some("integer"),
            "bigserial" | "serial8" => Some("bigint"),
            "smallserial" | "serial2" => Some("smallint"),
            _ => None,
        }
    }
}

/// PostgreSQL's `format_type`: `timestamp(3) with time zone`, `numeric(10,2)`, `text[]`.
impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let modifiers = if self.modifiers.is_empty() {
            String::new()
        } else {
            format!("({})", self.modifiers.join(","))
        };
        match (&self.schema, self.name.split_once(' ')) {
            (Some(schema), _) if schema != "public" => {
                write!(
                    f,
                    "{}.{}{modifiers}",
                    quote_identifier(schema),
                    quote_identifier(&self.name)
                )?;
            }
            (None, Some((head @ ("timestamp" | "time"), tail))) => {
                write!(f, "{head}{modifiers} {tail}")?;
            }
            (None, _) if self.is_builtin() || self.name.starts_with("interval ") => {
                write!(f, "{}{modifiers}", self.name)?;
            }
            _ => write!(f, "{}{modifiers}", quote_identifier(&self.name))?,
        }
        f.write_str(if self.array { "[]" } else { "" })
    }
}

/// The name PostgreSQL prints for a built-in type or one of its aliases.
pub fn builtin(name: &str) -> Option<&'static str> {
    ALIASES
        .binary_search_by_key(&name, |(alias, _)| alias)
        .ok()
        .and_then(|at| ALIASES.get(at))
        .map(|(_, name)| *name)
}

/// Built-in types by every name they answer to, sorted by alias.
const ALIASES: &[(&str, &str)] = &[
    ("\"char\"", "\"char\""),
    ("bigint", "bigint"),
    ("bigserial", "bigserial"),
    ("bit", "bit"),
    ("bit varying", "bit varying"),
    ("bool", "boolean"),
    ("boolean", "boolean"),
    ("box", "box"),
    ("bpchar", "bpchar"),
    ("bytea", "bytea"),
    ("char", "character"),
    ("character", "character"),
    ("character varying", "character varying"),
    ("cidr", "cidr"),
    ("circle", "circle"),
    ("date", "date"),
    ("datemultirange", "datemultirange"),
    ("daterange", "daterange"),
    ("dec", "numeric"),
    ("decimal", "numeric"),
    ("double precision", "double precision"),
    ("event_trigger", "event_trigger"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("inet", "inet"),
    ("int", "integer"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int4multirange", "int4multirange"),
    ("int4range", "int4range"),
    ("int8", "bigint"),
    ("int8multirange", "int8multirange"),
    ("int8range", "int8range"),
    ("integer", "integer"),
    ("interval", "interval"),
    ("json", "json"),
    ("jsonb", "jsonb"),
    ("jsonpath", "jsonpath"),
    ("line", "line"),
    ("lseg", "lseg"),
    ("macaddr", "macaddr"),
    ("macaddr8", "macaddr8"),
    ("money", "money"),
    ("name", "name"),
    ("national char", "character"),
    ("national character", "character"),
    ("national character varying", "character varying"),
    ("nchar", "character"),
    ("numeric", "numeric"),
    ("nummultirange", "nummultirange"),
    ("numrange", "numrange"),
    ("oid", "oid"),
    ("path", "path"),
    ("pg_lsn", "pg_lsn"),
    ("point", "point"),
    ("polygon", "polygon"),
    ("real", "real"),
    ("record", "record"),
    ("regclass", "regclass"),
    ("regproc", "regproc"),
    ("regrole", "regrole"),
    ("regtype", "regtype"),
    ("serial", "serial"),
    ("serial2", "smallserial"),
    ("serial4", "serial"),
    ("serial8", "bigserial"),
    ("smallint", "smallint"),
    ("smallserial", "smallserial"),
    ("text", "text"),
    ("time", "time without time zone"),
    ("time with time zone", "time with time zone"),
    ("time without time zone", "time without time zone"),
    ("timestamp", "timestamp without time zone"),
    ("timestamp with time zone", "timestamp with time zone"),
    ("timestamp without time zone", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("timetz", "time with time zone"),
    ("trigger", "trigger"),
    ("tsmultirange", "tsmultirange"),
    ("tsquery", "tsquery"),
    ("tsrange", "tsrange"),
    ("tstzmultirange", "tstzmultirange"),
    ("tstzrange", "tstzrange"),
    ("tsvector", "tsvector"),
    ("uuid", "uuid"),
    ("varbit", "bit varying"),
    ("varchar", "character varying"),
    ("void", "void"),
    ("xid", "xid"),
    ("xid8", "xid8"),
    ("xml", "xml"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_format_type_does() {
        assert!(ALIASES.is_sorted_by_key(|(alias, _)| alias));
        let check = |name: &str, modifiers: &[&str], array, expect: &str| {
            let modifiers = modifiers.iter().map(|m| (*m).to_owned()).collect();
            assert_eq!(DataType { modifiers, array, ..DataType::named(name) }.to_string(), expect);
        };
        check("int4", &[], false, "integer");
        check("varchar", &["255"], true, "character varying(255)[]");
        check("timestamptz", &["3"], false, "timestamp(3) with time zone");
        check("decimal", &["10", "2"], false, "numeric(10,2)");
        check("Mood", &[], false, "\"Mood\"");
    }
}
