//! Column types as SQL.

use schemaward_catalog::Origin;

use super::{Sql, Writer, quote};
use crate::schema::{Kind, SqlType, StringType};
use crate::text::Text;

/// How deep types are followed into each other.
const DEEPEST: usize = 32;

impl Writer<'_> {
    /// The type, or a problem where SQLAlchemy could not write it either. `schema` is that of the
    /// table, which an enumeration may take over.
    pub(super) fn sql_type(&mut self, sql_type: &SqlType, schema: Option<&Text>) -> Option<Text> {
        self.nested_type(sql_type, schema, DEEPEST)
    }

    fn nested_type(
        &mut self,
        sql_type: &SqlType,
        schema: Option<&Text>,
        depth: usize,
    ) -> Option<Text> {
        let origin = sql_type.origin;
        let mut sql = Sql::new(origin);
        match &sql_type.kind {
            Kind::SmallInteger => sql.word("SMALLINT"),
            Kind::Integer => sql.word("INTEGER"),
            Kind::BigInteger => sql.word("BIGINT"),
            Kind::Numeric { precision, scale } => sql.word(&numeric("NUMERIC", *precision, *scale)),
            Kind::Decimal { precision, scale } => sql.word(&numeric("DECIMAL", *precision, *scale)),
            Kind::Float { precision } => match precision {
                None | Some(0) => sql.word("FLOAT"),
                Some(precision) => sql.word(&format!("FLOAT({precision})")),
            },
            Kind::DoublePrecision => sql.word("DOUBLE PRECISION"),
            Kind::String(string) => write_string(&mut sql, string),
            Kind::Bytea => sql.word("BYTEA"),
            Kind::Binary { name, length } => match length {
                None | Some(0) => sql.word(name),
                Some(length) => sql.word(&format!("{name}({length})")),
            },
            Kind::Boolean { .. } => sql.word("BOOLEAN"),
            Kind::Timestamp { timezone, precision } => {
                sql.word(&time("TIMESTAMP", *timezone, *precision))
            }
            Kind::Time { timezone, precision } => sql.word(&time("TIME", *timezone, *precision)),
            Kind::Interval { fields, precision } => {
                sql.word("INTERVAL");
                if let Some(fields) = fields {
                    sql.word(" ").text(fields);
                }
                if let Some(precision) = precision {
                    sql.word(&format!(" ({precision})"));
                }
                &mut sql
            }
            Kind::Uuid => sql.word("UUID"),
            Kind::Json => sql.word("JSON"),
            Kind::Jsonb => sql.word("JSONB"),
            Kind::Bit { length, varying } => match (varying, length) {
                (true, None) => sql.word("BIT VARYING"),
                (true, Some(length)) => sql.word(&format!("BIT VARYING({length})")),
                (false, length) => sql.word(&format!("BIT({})", length.unwrap_or(1))),
            },
            Kind::Array { item, dimensions } => {
                if depth == 0 {
                    self.problem("the type is nested too deeply", origin);
                    return None;
                }
                let inner = self.nested_type(item, schema, depth - 1)?;
                let brackets = "[]".repeat(usize::try_from(dimensions.unwrap_or(1)).unwrap_or(0));
                let end = inner.as_str().find(" COLLATE").unwrap_or(inner.len());
                sql.text(&inner.slice(0, end)).word(&brackets);
                if end < inner.len() {
                    sql.text(&inner.slice(end, inner.len()));
                }
                &mut sql
            }
            Kind::Enum(enumeration) if !enumeration.native => {
                let longest = || {
                    let lengths = enumeration.values.iter().map(|v| v.as_str().chars().count());
                    lengths.max().and_then(|longest| i64::try_from(longest).ok())
                };
                let length = enumeration.length.or_else(longest).filter(|length| *length > 0);
                match length {
                    Some(length) => sql.word(&format!("VARCHAR({length})")),
                    None => sql.word("VARCHAR"),
                }
            }
            Kind::Enum(enumeration) => {
                let Some(name) = enumeration.name.as_ref().filter(|name| !name.is_empty()) else {
                    self.problem("an enumeration of PostgreSQL's own needs a name", origin);
                    return None;
                };
                let schema =
                    if enumeration.inherit_schema { schema } else { enumeration.schema.as_ref() };
                sql.text(&qualified(schema, name))
            }
            Kind::Domain(domain) => sql.text(&qualified(domain.schema.as_ref(), &domain.name)),
            Kind::Plain(name) => sql.word(name),
            Kind::Null => {
                self.problem("no type is given, and none can be inferred", origin);
                return None;
            }
            Kind::UserDefined(spec) => sql.text(spec),
        };
        Some(sql.done())
    }
}

/// A name with its schema before it.
pub(super) fn qualified(schema: Option<&Text>, name: &Text) -> Text {
    let mut text = Text::default();
    if let Some(schema) = schema {
        text.push(&quote::name(schema));
        text.push_str(".");
    }
    text.push(&quote::name(name));
    text
}

fn write_string<'a>(sql: &'a mut Sql, string: &StringType) -> &'a mut Sql {
    sql.word(string.name);
    if let Some(length) = string.length.filter(|length| *length != 0) {
        sql.word(&format!("({length})"));
    }
    if let Some(collation) = string.collation.as_ref().filter(|collation| !collation.is_empty()) {
        sql.word(" COLLATE \"").text(collation).word("\"");
    }
    sql
}

fn numeric(name: &str, precision: Option<i64>, scale: Option<i64>) -> String {
    match (precision, scale) {
        (None, _) => name.to_owned(),
        (Some(precision), None) => format!("{name}({precision})"),
        (Some(precision), Some(scale)) => format!("{name}({precision}, {scale})"),
    }
}

fn time(name: &str, timezone: bool, precision: Option<i64>) -> String {
    let precision = precision.map(|precision| format!("({precision})")).unwrap_or_default();
    let zone = if timezone { "WITH" } else { "WITHOUT" };
    format!("{name}{precision} {zone} TIME ZONE")
}

/// The origin of a string, or of what it stands in.
pub(super) fn origin_of(text: &Text, otherwise: Origin) -> Origin {
    text.origin().unwrap_or(otherwise)
}
