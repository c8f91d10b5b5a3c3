//! Types as PostgreSQL resolves them, and the labels of enums.

use schemaward_catalog::{Catalog, DataType, UserType, UserTypeKind, builtin};

use super::{Drift, Row, both, code, human};
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

impl Drift<'_> {
    /// Enums that both sides have under one name, with different labels.
    pub(super) fn enums(&mut self) {
        let enums = |catalog: &'_ Catalog| -> Vec<(UserType, Vec<String>)> {
            let enums = catalog.types.values().filter_map(|found| match &found.kind {
                UserTypeKind::Enum(labels) => Some((found.clone(), labels.clone())),
                _ => None,
            });
            enums.collect()
        };
        let implemented = enums(self.implemented);
        for (one, left) in enums(self.documented) {
            let same = |(other, _): &&(UserType, Vec<String>)| other.name == one.name;
            let bare = |(other, _): &&(UserType, Vec<String>)| other.name.name == one.name.name;
            let found = implemented.iter().find(same).or_else(|| implemented.iter().find(bare));
            let Some((other, right)) = found else { continue };
            if left == *right {
                continue;
            }
            let missing: Vec<&String> =
                left.iter().filter(|label| !right.contains(label)).collect();
            let added: Vec<&String> = right.iter().filter(|label| !left.contains(label)).collect();
            let (severity, message) = if missing.is_empty() && added.is_empty() {
                (Severity::Info, "The labels are the same in another order.".to_owned())
            } else {
                let mut said = Vec::new();
                if !missing.is_empty() {
                    said.push(format!("documented only: {}", list(&missing)));
                }
                if !added.is_empty() {
                    said.push(format!("implemented only: {}", list(&added)));
                }
                (Severity::Warning, format!("The labels differ; {}.", said.join("; ")))
            };
            self.add(Row {
                kind: "enum-differs",
                severity,
                entity: human(&one.name.name),
                documented: list(&left.iter().collect::<Vec<_>>()),
                implemented: list(&right.iter().collect::<Vec<_>>()),
                message,
                evidence: both(one.origin, other.origin),
            });
        }
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
