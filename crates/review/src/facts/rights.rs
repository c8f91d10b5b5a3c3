//! Who holds which privilege, through memberships and `PUBLIC`.

use std::collections::BTreeSet;

use schemaward_catalog::{Catalog, Grant, Origin, QualifiedName, Table};

use crate::context::Context;

/// A privilege that a role holds.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// The role it was granted to: the role itself, one it is a member of, or `public`.
    pub(crate) grantee: String,
    /// The columns it is limited to; empty means the whole relation.
    pub(crate) columns: Vec<String>,
}

/// A role and every role whose privileges it has, `public` among them.
pub(crate) fn with_inherited(catalog: &Catalog, role: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = ["public".to_owned(), role.to_owned()].into();
    let mut open = vec![role];
    // The set bounds the walk: every role is looked at once.
    while let Some(next) = open.pop() {
        for group in catalog.roles.get(next).into_iter().flat_map(|role| &role.member_of) {
            if found.insert(group.clone()) {
                open.push(group);
            }
        }
    }
    found
}

/// The privilege that one of these roles was granted on a relation, the widest first.
pub(crate) fn held(grants: &[Grant], roles: &BTreeSet<String>, privilege: &str) -> Option<Held> {
    let all = grants.iter().filter(|grant| roles.contains(&grant.grantee)).flat_map(|grant| {
        let named = grant.privileges.iter().filter(|(name, _)| name == privilege || name == "ALL");
        named.map(move |(_, columns)| Held {
            grantee: grant.grantee.clone(),
            columns: columns.clone(),
        })
    });
    all.min_by_key(|held| (!held.columns.is_empty(), held.grantee == "public"))
}

/// Roles that were granted a privilege on a relation or on columns of it, with the statement: neither
/// the owner nor superusers, who have it anyway.
pub(crate) fn grantees<'g>(
    catalog: &Catalog,
    grants: &'g [Grant],
    owner: Option<&str>,
    privileges: &[&str],
) -> Vec<(&'g str, Origin)> {
    let mut found: Vec<(&str, Origin)> = Vec::new();
    for grant in grants {
        let role = grant.grantee.as_str();
        let holds = grant
            .privileges
            .iter()
            .any(|(name, _)| name == "ALL" || privileges.contains(&name.as_str()));
        let above =
            || owner == Some(role) || catalog.roles.get(role).is_some_and(|role| role.superuser);
        if holds && !found.iter().any(|(known, _)| *known == role) && !above() {
            found.push((role, grant.origin));
        }
    }
    found
}

/// Whether the text grants anything on any table: only then does it say who may do what.
pub(crate) fn speaks_of_rights(catalog: &Catalog) -> bool {
    catalog.tables.values().any(|table| {
        table.grants.iter().any(|grant| table.owner.as_deref() != Some(grant.grantee.as_str()))
    })
}

/// The tables whose row-level security is on behind a relation: the table itself, or what a view
/// reads, through other views; whether all of it is known.
pub(crate) fn protected_behind<'a>(
    context: &Context<'a>,
    relation: &QualifiedName,
    found: &mut Vec<&'a Table>,
) -> bool {
    let complete = tables_behind(context.catalog, relation, found);
    found.retain(|table| is_protected(context, table));
    complete
}

/// The tables behind a relation: the table itself, or what a view reads, through other views; whether
/// all of it is known.
pub(crate) fn tables_behind<'a>(
    catalog: &'a Catalog,
    relation: &QualifiedName,
    found: &mut Vec<&'a Table>,
) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![relation.clone()];
    let mut complete = true;
    // The set bounds the walk: every relation is read once.
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        if let Some(table) = catalog.tables.get(&name) {
            found.push(table);
        } else if let Some(view) = catalog.views.get(&name) {
            complete &= view.ast.is_some();
            // A materialized view holds its own rows, and is judged itself.
            let stored = view.materialized && name != *relation;
            open.extend(view.reads.iter().filter(|_| !stored).cloned());
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    complete
}

/// Whether row-level security guards a table's rows: its own, or, for a partition, its parent's.
pub(crate) fn is_protected(context: &Context<'_>, table: &Table) -> bool {
    let parent = || {
        let place = table.partition_of.as_ref()?;
        context.catalog.tables.get(&place.parent)
    };
    context.guards(table) || parent().is_some_and(|parent| context.guards(parent))
}
