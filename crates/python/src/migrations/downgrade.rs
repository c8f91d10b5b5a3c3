//! Whether a downgrade leads back to where the upgrade came from.

use std::collections::BTreeSet;

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{Catalog, Table, UserTypeKind};

/// Differences that are listed.
const MAX_LISTED: usize = 20;

/// What a downgrade leaves otherwise than it was, one sentence each. Data are not looked at, nor what
/// PostgreSQL cannot take back: the values of an enumeration, extensions, schemas that were there.
pub(super) fn differences(before: &Catalog, after: &Catalog) -> Vec<String> {
    let mut found = Vec::new();
    names(&mut found, "table", before.tables.keys(), after.tables.keys());
    names(&mut found, "view", before.views.keys(), after.views.keys());
    names(&mut found, "type", before.types.keys(), after.types.keys());
    names(&mut found, "schema", before.schemas.keys(), after.schemas.keys());
    names(&mut found, "sequence", before.sequences.keys(), after.sequences.keys());
    names(
        &mut found,
        "function",
        before.functions.keys().map(|(name, _)| name),
        after.functions.keys().map(|(name, _)| name),
    );
    for (name, old) in &before.tables {
        if let Some(new) = after.tables.get(name) {
            tables(&mut found, old, new);
        }
    }
    for (name, old) in &before.types {
        if let Some(new) = after.types.get(name)
            // A value cannot be taken back.
            && !matches!(old.kind, UserTypeKind::Enum(_))
            && ddl::create_type(old, Names::Full) != ddl::create_type(new, Names::Full)
        {
            found.push(format!("type {name} is not as it was"));
        }
    }
    for (key, old) in &before.functions {
        if let Some(new) = after.functions.get(key)
            && old.origin != new.origin
            && ddl::create_function(old, Names::Full) != ddl::create_function(new, Names::Full)
        {
            found.push(format!("function {} is not as it was", key.0));
        }
    }
    for (name, old) in &before.views {
        if let Some(new) = after.views.get(name)
            && old.origin != new.origin
            && ddl::create_view(old, Names::Full) != ddl::create_view(new, Names::Full)
        {
            found.push(format!("view {name} is not as it was"));
        }
    }
    found.truncate(MAX_LISTED);
    found
}

fn names<T: Ord + std::fmt::Display>(
    found: &mut Vec<String>,
    kind: &str,
    before: impl Iterator<Item = T>,
    after: impl Iterator<Item = T>,
) {
    let (before, after): (BTreeSet<T>, BTreeSet<T>) = (before.collect(), after.collect());
    found.extend(after.difference(&before).map(|name| format!("{kind} {name} stays")));
    found.extend(before.difference(&after).map(|name| format!("{kind} {name} does not come back")));
}

fn list<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    names.cloned().collect()
}

fn tables(found: &mut Vec<String>, old: &Table, new: &Table) {
    let of = |name: &str| format!("{name} of table {}", old.name);
    let strings = |list: Vec<&String>| list.into_iter().map(|name| of(name)).collect::<Vec<_>>();
    let columns = |table: &Table| {
        table.columns.iter().map(|column| column.name.clone()).collect::<Vec<String>>()
    };
    let (old_columns, new_columns) = (columns(old), columns(new));
    let mut compare = |kind: &str, before: &[String], after: &[String]| {
        names(
            found,
            kind,
            strings(before.iter().collect()).into_iter(),
            strings(after.iter().collect()).into_iter(),
        );
    };
    compare("column", &old_columns, &new_columns);
    // Constraints that were named by the server come back under other names.
    let constraints =
        |table: &Table| list(table.constraints.iter().filter(|it| it.named).map(|it| &it.name));
    compare("constraint", &constraints(old), &constraints(new));
    let indexes = |table: &Table| list(table.indexes.iter().map(|index| &index.name));
    compare("index", &indexes(old), &indexes(new));
    let policies = |table: &Table| list(table.policies.iter().map(|policy| &policy.name));
    compare("policy", &policies(old), &policies(new));
    let triggers = |table: &Table| list(table.triggers.iter().map(|trigger| &trigger.name));
    compare("trigger", &triggers(old), &triggers(new));
    if old.row_security.on != new.row_security.on
        || old.row_security_forced.on != new.row_security_forced.on
    {
        found.push(format!("row security of table {} is not as it was", old.name));
    }
    for column in &old.columns {
        let Some(other) = new.column(&column.name) else { continue };
        let what = |what: &str| {
            format!("the {what} of column {}.{} is not as it was", old.name.name, column.name)
        };
        if column.data_type != other.data_type {
            found.push(what("type"));
        }
        if column.nullable != other.nullable {
            found.push(what("nullability"));
        }
        let text = |column: &schemaward_catalog::Column| {
            column.default.as_ref().map(|default| default.text.clone())
        };
        if text(column) != text(other) {
            found.push(what("default"));
        }
    }
    for index in &old.indexes {
        let other = new.indexes.iter().find(|other| other.name == index.name);
        if let Some(other) = other
            && index.origin != other.origin
            && ddl::create_index(&old.name, index, Names::Full)
                != ddl::create_index(&new.name, other, Names::Full)
        {
            found.push(format!("index {} is not as it was", index.name));
        }
    }
}
