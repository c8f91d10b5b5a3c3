//! Privileges as statements: from what roles may do to what they shall.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::ddl;
use schemaward_catalog::{Catalog, DefaultKind, Grant, QualifiedName, quote_identifier};

use super::{Phase, Writer};
use crate::drift::grants::{ALL, Privilege, Privileges, granted};

/// What one role holds on a relation.
type Held = BTreeMap<Privilege, bool>;

impl Writer<'_> {
    /// The statements that make the privileges on a relation what they shall be. Owners and
    /// superusers need none.
    pub(super) fn privileges(
        &mut self,
        on: &str,
        (has, has_owner): (&[Grant], Option<&str>),
        (wants, wants_owner): (&[Grant], Option<&str>),
        columns: &BTreeMap<String, String>,
    ) {
        let above = |role: &str| {
            let superuser =
                |side: &Catalog| side.roles.get(role).is_some_and(|role| role.superuser);
            [has_owner, wants_owner].contains(&Some(role))
                || superuser(self.has)
                || superuser(self.wants)
        };
        let has: Privileges = granted(has)
            .into_iter()
            .map(|(role, held)| {
                let held = held.into_iter().map(|(mut privilege, grantable)| {
                    let other = privilege.column.as_ref().and_then(|name| columns.get(name));
                    if let Some(other) = other {
                        privilege.column = Some(other.clone());
                    }
                    (privilege, grantable)
                });
                (role, held.collect())
            })
            .collect();
        let wants = granted(wants);
        let roles: BTreeSet<&String> = has.keys().chain(wants.keys()).collect();
        let none = Held::new();
        let mut statements = Vec::new();
        for role in roles.into_iter().filter(|role| !above(role)) {
            let (has, wants) = (has.get(role).unwrap_or(&none), wants.get(role).unwrap_or(&none));
            statements.extend(of_role(on, role, has, wants));
        }
        for statement in statements {
            self.add(Phase::Grant, statement);
        }
    }

    /// The privileges of a relation that is made anew, which gets those that default privileges give.
    pub(super) fn new_privileges(
        &mut self,
        name: &QualifiedName,
        grants: &[Grant],
        owner: Option<&str>,
    ) {
        let by_default: Vec<Grant> = self
            .has
            .default_privileges
            .iter()
            .filter(|said| {
                said.kind == DefaultKind::Tables
                    && !said.revoked
                    && said.role.is_none()
                    && said.schema.as_ref().is_none_or(|schema| *schema == name.schema)
            })
            .map(|said| said.grant.clone())
            .collect();
        let none = BTreeMap::new();
        self.privileges(&name.to_sql(), (&by_default, None), (grants, owner), &none);
    }
}

/// The statements for one role.
fn of_role(on: &str, role: &str, has: &Held, wants: &Held) -> Vec<String> {
    let to = ddl::role(role);
    let lost: Vec<&Privilege> = has.keys().filter(|one| !wants.contains_key(*one)).collect();
    let mut statements = Vec::new();
    // Servers before PostgreSQL 17 know no MAINTAIN by name, only as a part of all.
    let anew =
        !lost.is_empty() && (wants.is_empty() || lost.iter().any(|one| one.name == "MAINTAIN"));
    // What is taken of a table is taken of its columns.
    let taken =
        |one: &Privilege| lost.iter().any(|lost| lost.column.is_none() && lost.name == one.name);
    if anew {
        statements.push(format!("REVOKE ALL ON {on} FROM {to};"));
    } else if !lost.is_empty() {
        statements.push(format!("REVOKE {} ON {on} FROM {to};", list(lost.iter().copied())));
    }
    let less: Vec<&Privilege> = wants
        .iter()
        .filter(|(one, grantable)| {
            !anew && !taken(one) && !**grantable && has.get(*one) == Some(&true)
        })
        .map(|(one, _)| one)
        .collect();
    if !less.is_empty() {
        let less = list(less.into_iter());
        statements.push(format!("REVOKE GRANT OPTION FOR {less} ON {on} FROM {to};"));
    }
    for (grantable, option) in [(false, ""), (true, " WITH GRANT OPTION")] {
        let gained: Vec<&Privilege> = wants
            .iter()
            .filter(|(one, wanted)| {
                let kept =
                    !anew && !taken(one) && has.get(*one).is_some_and(|has| *has >= **wanted);
                **wanted == grantable && !kept
            })
            .map(|(one, _)| one)
            .collect();
        if gained.is_empty() {
            continue;
        }
        let whole = |name: &str| {
            let privilege = Privilege { name: name.to_owned(), column: None };
            wants.get(&privilege) == Some(&grantable)
        };
        let words = if gained.iter().any(|one| one.name == "MAINTAIN" && one.column.is_none())
            && ALL.iter().all(|name| whole(name))
        {
            "ALL".to_owned()
        } else {
            list(gained.into_iter())
        };
        statements.push(format!("GRANT {words} ON {on} TO {to}{option};"));
    }
    statements
}

/// Privileges as `GRANT` and `REVOKE` name them.
fn list<'p>(privileges: impl Iterator<Item = &'p Privilege>) -> String {
    let order = |name: &str| ALL.iter().position(|known| *known == name).unwrap_or(ALL.len());
    let mut by_name: BTreeMap<(usize, &str), (bool, Vec<&str>)> = BTreeMap::new();
    for privilege in privileges {
        let name = privilege.name.as_str();
        let entry = by_name.entry((order(name), name)).or_default();
        match &privilege.column {
            Some(column) => entry.1.push(column),
            None => entry.0 = true,
        }
    }
    let mut said = Vec::new();
    for ((_, name), (whole, columns)) in by_name {
        if whole {
            said.push(name.to_owned());
        }
        if !columns.is_empty() {
            let columns: Vec<String> = columns.into_iter().map(quote_identifier).collect();
            said.push(format!("{name} ({})", columns.join(", ")));
        }
    }
    said.join(", ")
}
