//! Casts, and the objects that names in texts mean.

use schemaward_catalog::QualifiedName;

use super::Machine;
use super::evaluate::bool_or_unknown;
use super::value::{Kind, Value, has_relation, parse_array};
use crate::cursor::Cursor;
use crate::lexer::Lexer;

impl Machine<'_> {
    /// A value as another type.
    pub(super) fn cast(&self, value: Value, data_type: &str) -> Value {
        let data_type = data_type.trim().to_ascii_lowercase();
        let data_type = data_type.strip_prefix("pg_catalog.").unwrap_or(&data_type);
        if let Some(element) = data_type.strip_suffix("[]") {
            let array = match value {
                Value::Text(text) => parse_array(&text),
                other => other,
            };
            return match array {
                Value::Array(elements) => Value::Array(
                    elements.into_iter().map(|value| self.cast(value, element)).collect(),
                ),
                other => other,
            };
        }
        if matches!(value, Value::Unknown(_) | Value::Null) {
            return value;
        }
        let name = data_type.split('(').next().unwrap_or_default().trim();
        let kind = match name {
            "text"
            | "name"
            | "varchar"
            | "character varying"
            | "char"
            | "bpchar"
            | "citext"
            | "unknown"
            | "information_schema.sql_identifier"
            | "sql_identifier" => {
                return match value.display(self.catalog) {
                    Ok(Some(text)) => Value::text(if name == "name" {
                        crate::lexer::truncate(text)
                    } else {
                        text
                    }),
                    Ok(None) => Value::Null,
                    Err(why) => Value::Unknown(why),
                };
            }
            "oid" => return value,
            "int" | "integer" | "int4" | "bigint" | "int8" | "smallint" | "int2" => {
                return match value {
                    Value::Int(value) => Value::Int(value),
                    Value::Bool(value) => Value::Int(i64::from(value)),
                    Value::Text(text) => text
                        .trim()
                        .parse()
                        .map_or_else(|_| Value::unknown("a number that is not known"), Value::Int),
                    _ => Value::unknown("a number that is not known"),
                };
            }
            "bool" | "boolean" => return bool_or_unknown(value.truth()),
            "regclass" => Kind::Relation,
            "regnamespace" => Kind::Namespace,
            "regtype" => Kind::Type,
            "regproc" | "regprocedure" => Kind::Function,
            "regrole" => Kind::Role,
            other => return Value::unknown(format!("a value of type `{other}`")),
        };
        match value {
            Value::Object(..) => value,
            Value::Text(text) => self.object(kind, &text).map_or_else(
                || Value::unknown(format!("`{text}`, which is not in the text")),
                |name| Value::Object(kind, name),
            ),
            _ => Value::unknown("an object that is not known"),
        }
    }

    /// The object a text names, as `::regclass` and its siblings resolve it.
    pub(super) fn object(&self, kind: Kind, text: &str) -> Option<QualifiedName> {
        let text = text.split('(').next().unwrap_or_default();
        let tokens: Vec<_> = Lexer::body(text).collect();
        let mut cursor = Cursor::new(schemaward_catalog::SourceId(0), text, &tokens);
        let name = cursor.object_name().ok().filter(|_| cursor.at_end())?;
        let catalog = &*self.catalog;
        match kind {
            Kind::Relation => catalog.resolve(&name, |name| has_relation(catalog, name)),
            Kind::Type => {
                catalog.resolve(&name, |name| catalog.types.contains_key(name)).or_else(|| {
                    let data_type = schemaward_catalog::DataType::named(&name.name);
                    data_type.is_builtin().then(|| QualifiedName::new("pg_catalog", data_type.name))
                })
            }
            Kind::Function => catalog.resolve(&name, |name| catalog.function(name).is_some()),
            Kind::Namespace => {
                catalog.schemas.contains_key(&name.name).then(|| QualifiedName::new("", name.name))
            }
            Kind::Role => {
                catalog.roles.contains_key(&name.name).then(|| QualifiedName::new("", name.name))
            }
        }
    }

    pub(super) fn on_text(&self, value: &Value, change: impl FnOnce(String) -> String) -> Value {
        match value.display(self.catalog) {
            Ok(Some(text)) => Value::text(change(text)),
            Ok(None) => Value::Null,
            Err(why) => Value::Unknown(why),
        }
    }
}
