//! Types as PostgreSQL resolves them, and the labels of enums.

use std::fmt::Write as _;

use schemaward_catalog::{Catalog, DataType, UserType, UserTypeKind, builtin};

use super::canonical::canonical;
use super::{Difference, Drift, NOT_DOCUMENTED, NOT_IMPLEMENTED, Object, Part, both, code, human};
use crate::Severity;

/// Whether two types are one: aliases, default modifiers and the schema of a type set aside. Enums
/// of one name count as one; their labels are compared on their own.
pub(crate) fn same_type(
    documented: &Catalog,
    a: &DataType,
    implemented: &Catalog,
    b: &DataType,
) -> bool {
    let (x, y) = (plain(a), plain(b));
    if x == y {
        return true;
    }
    match (documented.user_type(a), implemented.user_type(b)) {
        (Some(one), Some(other)) if a.array == b.array => match (&one.kind, &other.kind) {
            (UserTypeKind::Enum(left), UserTypeKind::Enum(right)) => left == right,
            _ => false,
        },
        _ => false,
    }
}

/// The type without what makes no difference.
fn plain(data_type: &DataType) -> DataType {
    let mut plain = data_type.clone();
    if let Some(name) = builtin(&plain.name)
        && plain.schema.as_deref().is_none_or(|schema| schema == "pg_catalog")
    {
        name.clone_into(&mut plain.name);
    }
    if let Some(base) = plain.serial_base() {
        base.clone_into(&mut plain.name);
    }
    plain.schema = None;
    let modifiers: Vec<&str> = plain.modifiers.iter().map(|text| text.trim()).collect();
    let modifiers: Vec<&str> = match (plain.name.as_str(), modifiers.as_slice()) {
        // Six digits of a second are the default and the most.
        (name, ["6"]) if name.starts_with("time") => Vec::new(),
        ("numeric", [precision]) => vec![precision, "0"],
        ("character", []) => vec!["1"],
        (_, kept) => kept.to_vec(),
    };
    plain.modifiers = modifiers.into_iter().map(str::to_owned).collect();
    plain
}

/// How much a difference of types matters: text of another limit, or a domain over the same type,
/// is worth knowing; anything else is another type.
pub(super) fn severity(
    documented: &Catalog,
    a: &DataType,
    implemented: &Catalog,
    b: &DataType,
) -> Severity {
    let base = |catalog: &Catalog, data_type: &DataType| match catalog
        .user_type(data_type)
        .map(|user_type| &user_type.kind)
    {
        Some(UserTypeKind::Domain { base, .. }) => plain(base),
        _ => plain(data_type),
    };
    let (x, y) = (base(documented, a), base(implemented, b));
    let text = |data_type: &DataType| {
        matches!(data_type.name.as_str(), "text" | "character varying") && !data_type.array
    };
    let unlimited = |data_type: &DataType| text(data_type) && data_type.modifiers.is_empty();
    if x == y || (unlimited(&x) && unlimited(&y)) { Severity::Info } else { Severity::Warning }
}

/// The labels of a type that is an enum.
pub(super) fn labels<'c>(catalog: &'c Catalog, data_type: &DataType) -> Option<&'c [String]> {
    match &catalog.user_type(data_type)?.kind {
        UserTypeKind::Enum(labels) => Some(labels),
        _ => None,
    }
}

impl<'a> Drift<'a, '_> {
    /// Enums and domains: labels and conditions of those that both sides have, and those that only
    /// one has. A type that a column has on one side only is told with that column.
    pub(super) fn types(&mut self) {
        let (documented, implemented) = (self.documented, self.implemented);
        let mut open: Vec<&UserType> = implemented.types.values().filter(|t| is_told(t)).collect();
        for one in documented.types.values().filter(|found| is_told(found)) {
            let same = |other: &&UserType| other.name == one.name;
            let bare = |other: &&UserType| other.name.name == one.name.name;
            let at = open.iter().position(same).or_else(|| open.iter().position(bare));
            match at.map(|at| open.remove(at)) {
                Some(other) => self.user_type(one, other),
                None if !used(documented, one) => self.lone_type(one, true),
                None => {}
            }
        }
        for other in open {
            if !used(implemented, other) {
                self.lone_type(other, false);
            }
        }
    }

    fn user_type(&mut self, one: &'a UserType, other: &'a UserType) {
        let (kind, severity, message) =
            if let (UserTypeKind::Enum(left), UserTypeKind::Enum(right)) = (&one.kind, &other.kind)
            {
                if left == right {
                    return;
                }
                let (severity, message) = labels_differ(left, right);
                ("enum-differs", severity, message)
            } else {
                if definition(one) == definition(other) {
                    return;
                }
                ("type-differs", Severity::Warning, "The types are defined differently.".to_owned())
            };
        self.add(Difference {
            kind,
            severity,
            entity: human(&one.name.name),
            documented: shown_type(one),
            implemented: shown_type(other),
            message,
            evidence: both(one.origin, other.origin),
            parts: vec![Part::alone(Some(Object::Type(one)), Some(Object::Type(other)))],
        });
    }

    fn lone_type(&mut self, found: &'a UserType, documented: bool) {
        let kind = match found.kind {
            UserTypeKind::Enum(_) => "enum-differs",
            _ => "type-differs",
        };
        let object = Some(Object::Type(found));
        self.add(Difference {
            kind,
            severity: if documented { Severity::Warning } else { Severity::Info },
            entity: human(&found.name.name),
            documented: if documented { shown_type(found) } else { NOT_DOCUMENTED.to_owned() },
            implemented: if documented { NOT_IMPLEMENTED.to_owned() } else { shown_type(found) },
            message: if documented {
                "The documented type does not exist.".to_owned()
            } else {
                "The document does not know this type.".to_owned()
            },
            evidence: vec![found.origin],
            parts: vec![if documented {
                Part::alone(object, None)
            } else {
                Part::alone(None, object)
            }],
        });
    }
}

/// How much the labels of two enums differ, in words.
fn labels_differ(left: &[String], right: &[String]) -> (Severity, String) {
    let missing: Vec<&String> = left.iter().filter(|label| !right.contains(label)).collect();
    let added: Vec<&String> = right.iter().filter(|label| !left.contains(label)).collect();
    if missing.is_empty() && added.is_empty() {
        return (Severity::Info, "The labels are the same in another order.".to_owned());
    }
    let mut said = Vec::new();
    if !missing.is_empty() {
        said.push(format!("documented only: {}", list(&missing)));
    }
    if !added.is_empty() {
        said.push(format!("implemented only: {}", list(&added)));
    }
    (Severity::Warning, format!("The labels differ; {}.", said.join("; ")))
}

/// Whether a type has a definition that can differ.
fn is_told(found: &UserType) -> bool {
    !matches!(found.kind, UserTypeKind::Other(_))
}

/// Whether a column has the type: then the difference is the column's, or its table's.
fn used(catalog: &Catalog, found: &UserType) -> bool {
    catalog.tables.values().flat_map(|table| &table.columns).any(|column| {
        column.data_type.name == found.name.name
            && catalog.user_type(&column.data_type).is_some_and(|used| used.name == found.name)
    })
}

/// What a type is, for comparing.
fn definition(found: &UserType) -> String {
    match &found.kind {
        UserTypeKind::Enum(labels) => format!("enum {labels:?}"),
        UserTypeKind::Domain { base, not_null, default, checks } => {
            let mut checks: Vec<String> =
                checks.iter().map(|check| canonical(&check.expression)).collect();
            checks.sort();
            let default = default.as_ref().map(canonical);
            format!("domain {} {not_null} {default:?} {checks:?}", plain(base))
        }
        UserTypeKind::Composite(attributes) => {
            let attributes: Vec<String> =
                attributes.iter().map(|(name, base)| format!("{name} {}", plain(base))).collect();
            format!("composite {attributes:?}")
        }
        UserTypeKind::Other(text) => text.clone(),
    }
}

fn shown_type(found: &UserType) -> String {
    match &found.kind {
        UserTypeKind::Enum(labels) => list(&labels.iter().collect::<Vec<_>>()),
        UserTypeKind::Domain { base, not_null, checks, .. } => {
            let mut out = format!("domain over {base}");
            if *not_null {
                out.push_str(" NOT NULL");
            }
            for check in checks {
                // Writing to a `String` cannot fail.
                let _ = write!(out, " CHECK ({})", check.expression.text);
            }
            code(super::constraints::shortened(&out))
        }
        UserTypeKind::Composite(attributes) => {
            let attributes: Vec<String> =
                attributes.iter().map(|(name, base)| format!("{name} {base}")).collect();
            code(format_args!("({})", attributes.join(", ")))
        }
        UserTypeKind::Other(text) => code(text),
    }
}

fn list(labels: &[&String]) -> String {
    labels.iter().map(|label| code(format_args!("'{label}'"))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_type_are_one() {
        let made = |name: &str, modifiers: &[&str]| DataType {
            modifiers: modifiers.iter().map(|text| (*text).to_owned()).collect(),
            ..DataType::named(name)
        };
        let catalog = Catalog::new();
        for (a, b, expect) in [
            (made("varchar", &["255"]), made("character varying", &["255"]), true),
            (made("int", &[]), made("serial", &[]), true),
            (made("timestamptz", &["6"]), made("timestamp with time zone", &[]), true),
            (made("numeric", &["10"]), made("decimal", &["10", "0"]), true),
            (made("varchar", &["255"]), made("text", &[]), false),
            (made("timestamp", &[]), made("timestamptz", &[]), false),
        ] {
            assert_eq!(same_type(&catalog, &a, &catalog, &b), expect, "{a} {b}");
        }
    }
}
