//! Privileges on both sides: who may do what on which table, view and column.
//!
//! What counts is what a role may do, not the statements that said so: `ALL` is its privileges, one
//! that everyone has needs no grant of its own, and the privilege on a table is that on each of its
//! columns. What default privileges gave a table when it was created is among its grants already.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Catalog, Grant, Origin};

use super::{Difference, Drift, NOT_DOCUMENTED, Object, Pair, Part, code, codes, human};
use crate::Severity;

/// What `ALL` stands for on a table or a view.
pub(crate) const ALL: [&str; 8] =
    ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"];

/// What `ALL (column)` stands for.
const ALL_OF_COLUMN: [&str; 4] = ["SELECT", "INSERT", "UPDATE", "REFERENCES"];

/// One thing that a role may do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Privilege {
    /// In upper case.
    pub(crate) name: String,
    /// The column; `None` is the whole relation.
    pub(crate) column: Option<String>,
}

/// What roles may do, each privilege with whether they may pass it on.
pub(crate) type Privileges = BTreeMap<String, BTreeMap<Privilege, bool>>;

/// What the statements give each role, one privilege at a time.
pub(crate) fn granted(grants: &[Grant]) -> Privileges {
    let mut all = Privileges::new();
    for grant in grants {
        let held = all.entry(grant.grantee.clone()).or_default();
        for (name, columns) in &grant.privileges {
            let names: &[&str] = match (name.as_str(), columns.is_empty()) {
                ("ALL", true) => &ALL,
                ("ALL", false) => &ALL_OF_COLUMN,
                (name, _) => &[name],
            };
            let whole = columns.is_empty().then_some(None);
            let columns = whole.into_iter().chain(columns.iter().map(Some));
            for column in columns {
                for name in names {
                    let privilege = Privilege { name: (*name).to_owned(), column: column.cloned() };
                    *held.entry(privilege).or_default() |= grant.grantable;
                }
            }
        }
    }
    all
}

/// What roles may do, without what they may do anyway: by the privilege on the whole relation, or
/// because everyone may.
pub(super) fn effective(mut all: Privileges) -> Privileges {
    let everyone = all.get("public").cloned().unwrap_or_default();
    for (role, held) in &mut all {
        let own = held.clone();
        held.retain(|privilege, grantable| {
            let whole = Privilege { column: None, ..privilege.clone() };
            let covers = |other: &BTreeMap<Privilege, bool>, of: &Privilege| {
                other.get(of).is_some_and(|passes| *passes || !*grantable)
            };
            let by_whole = privilege.column.is_some() && covers(&own, &whole);
            let by_all = role != "public"
                && (covers(&everyone, privilege)
                    || (privilege.column.is_some() && covers(&everyone, &whole)));
            !by_whole && !by_all
        });
    }
    all.retain(|_, held| !held.is_empty());
    all
}

/// Whether a side says who may do what at all: dumps and migrations often leave it to others.
fn speaks(catalog: &Catalog) -> bool {
    let tables = catalog.tables.values().map(|table| (&table.grants, &table.owner));
    let views = catalog.views.values().map(|view| (&view.grants, &view.owner));
    tables
        .chain(views)
        .any(|(grants, owner)| grants.iter().any(|grant| owner.as_ref() != Some(&grant.grantee)))
}

/// A relation's privileges as far as they can differ.
struct Told<'a> {
    entity: String,
    name: String,
    part: Part<'a>,
    documented: Privileges,
    implemented: Privileges,
    /// The statements, else the relation, on each side.
    origins: (Origin, Origin),
}

impl Told<'_> {
    /// Roles whose own grants differ, and with them what they may do.
    fn differing(&self) -> BTreeSet<&String> {
        let whole = |side: &Privileges, role: &String| -> BTreeMap<Privilege, bool> {
            let own = side.get(role).into_iter().chain(side.get("public")).flatten();
            own.map(|(privilege, grantable)| (privilege.clone(), *grantable)).collect()
        };
        let roles = self.documented.keys().chain(self.implemented.keys());
        roles
            .filter(|role| {
                self.documented.get(*role) != self.implemented.get(*role)
                    && whole(&self.documented, role) != whole(&self.implemented, role)
            })
            .collect()
    }

    /// What the implementation gives beyond the document.
    fn widened(&self) -> Severity {
        let more = self.differing().into_iter().any(|role| {
            role == "public"
                && self.implemented.get(role).is_some_and(|held| {
                    let documented = self.documented.get(role);
                    held.keys().any(|one| documented.is_none_or(|known| !known.contains_key(one)))
                })
        });
        if more { Severity::Critical } else { Severity::Warning }
    }
}

impl<'a> Drift<'a, '_> {
    /// Who may do what on tables and views that both sides have.
    pub(super) fn grants(&mut self) {
        let mut found = Vec::new();
        let pairing = self.pairing;
        for pair in &pairing.pairs {
            let (here, there) = (pair.documented, pair.implemented);
            let told = Told {
                entity: human(&here.name.name),
                name: there.name.to_string(),
                part: Part::of(
                    pair,
                    Some(Object::TableGrants(here)),
                    Some(Object::TableGrants(there)),
                ),
                documented: renamed(granted(&here.grants), pair),
                implemented: granted(&there.grants),
                origins: (
                    here.grants.last().map_or(here.name_origin, |grant| grant.origin),
                    there.grants.last().map_or(there.name_origin, |grant| grant.origin),
                ),
            };
            found.extend(self.telling(told, [&here.owner, &there.owner]));
        }
        for here in self.documented.views.values() {
            let Some(there) = self.implemented.views.get(&here.name) else { continue };
            let told = Told {
                entity: human(&here.name.name),
                name: there.name.to_string(),
                part: Part::alone(Some(Object::ViewGrants(here)), Some(Object::ViewGrants(there))),
                documented: granted(&here.grants),
                implemented: granted(&there.grants),
                origins: (
                    here.grants.last().map_or(here.origin, |grant| grant.origin),
                    there.grants.last().map_or(there.origin, |grant| grant.origin),
                ),
            };
            found.extend(self.telling(told, [&here.owner, &there.owner]));
        }
        if !found.is_empty() {
            match (speaks(self.documented), speaks(self.implemented)) {
                (false, _) => self.silent(&found, true),
                (true, false) => self.silent(&found, false),
                (true, true) => self.differing_grants(found),
            }
        }
    }

    /// A relation's privileges without those of owners and superusers, who may do all anyway; `None`
    /// where the rest agrees.
    fn telling(&self, mut told: Told<'a>, owners: [&Option<String>; 2]) -> Option<Told<'a>> {
        let above = |role: &String| {
            let superuser =
                |side: &Catalog| side.roles.get(role).is_some_and(|role| role.superuser);
            owners.iter().any(|owner| owner.as_ref() == Some(role))
                || superuser(self.documented)
                || superuser(self.implemented)
        };
        for side in [&mut told.documented, &mut told.implemented] {
            side.retain(|role, _| !above(role));
        }
        // Servers before PostgreSQL 17 know no MAINTAIN: there `ALL` is the other seven.
        let seven = |held: Option<&BTreeMap<Privilege, bool>>| {
            held.is_some_and(|held| {
                ALL.iter().filter(|name| **name != "MAINTAIN").all(|name| {
                    held.contains_key(&Privilege { name: (*name).to_owned(), column: None })
                })
            })
        };
        let roles: Vec<String> = told.documented.keys().cloned().collect();
        for role in roles {
            if seven(told.documented.get(&role)) && seven(told.implemented.get(&role)) {
                for side in [&mut told.documented, &mut told.implemented] {
                    let Some(held) = side.get_mut(&role) else { continue };
                    held.retain(|one, _| one.name != "MAINTAIN");
                }
            }
        }
        told.documented = effective(std::mem::take(&mut told.documented));
        told.implemented = effective(std::mem::take(&mut told.implemented));
        (told.documented != told.implemented).then_some(told)
    }

    /// One side says nothing of privileges at all: one row for all of them.
    fn silent(&mut self, found: &[Told<'a>], documented: bool) {
        let names = |told: &Told<'a>| {
            let side = if documented { &told.implemented } else { &told.documented };
            side.keys().cloned().collect::<Vec<String>>()
        };
        let roles: BTreeSet<String> = found.iter().flat_map(names).collect();
        let relations: Vec<&str> = found.iter().map(|told| told.name.as_str()).collect();
        let granted = format!(
            "Granted to {} on {}",
            codes(roles.iter().map(String::as_str)),
            codes(relations.iter().copied())
        );
        let (cells, message) = if documented {
            (
                (NOT_DOCUMENTED.to_owned(), granted),
                "The document does not say who may do what.".to_owned(),
            )
        } else {
            (
                (granted, "Not in the implemented schema".to_owned()),
                "The implemented text grants nothing at all: it may be done elsewhere.".to_owned(),
            )
        };
        self.add(Difference {
            kind: "grant-differs",
            severity: Severity::Info,
            entity: "Privileges".to_owned(),
            documented: cells.0,
            implemented: cells.1,
            message,
            evidence: unique(
                found.iter().map(|told| if documented { told.origins.1 } else { told.origins.0 }),
            ),
            parts: found.iter().map(|told| told.part).collect(),
        });
    }

    /// Relations on which roles may do other things than documented; those with the same difference
    /// are told in one row.
    fn differing_grants(&mut self, found: Vec<Told<'a>>) {
        let mut groups: BTreeMap<(String, String), Vec<Told<'a>>> = BTreeMap::new();
        for told in found {
            let roles = told.differing();
            let cells = (shown(&told.documented, &roles), shown(&told.implemented, &roles));
            groups.entry(cells).or_default().push(told);
        }
        for ((documented, implemented), group) in groups {
            let names: Vec<&str> = group.iter().map(|told| told.name.as_str()).collect();
            let (entity, on) = match group.as_slice() {
                [only] => (only.entity.clone(), String::new()),
                _ => ("Privileges".to_owned(), format!(" on {}", codes(names.iter().copied()))),
            };
            let severity = group.iter().map(Told::widened).min().unwrap_or(Severity::Warning);
            let message = if severity == Severity::Critical {
                "Everyone may do what the document does not grant to all."
            } else {
                "Roles may do other things than the document says."
            };
            self.add(Difference {
                kind: "grant-differs",
                severity,
                entity,
                documented: format!("{documented}{on}"),
                implemented: format!("{implemented}{on}"),
                message: message.to_owned(),
                evidence: unique(
                    group
                        .iter()
                        .map(|told| told.origins.0)
                        .chain(group.iter().map(|told| told.origins.1)),
                ),
                parts: group.iter().map(|told| told.part).collect(),
            });
        }
    }
}

/// Places without those that come again: one statement often grants on many relations.
fn unique(origins: impl Iterator<Item = Origin>) -> Vec<Origin> {
    let mut seen = BTreeSet::new();
    origins.filter(|origin| seen.insert(*origin)).collect()
}

/// Privileges on columns by their implemented names.
fn renamed(all: Privileges, pair: &Pair<'_>) -> Privileges {
    let there = |(privilege, grantable): (Privilege, bool)| {
        let column = privilege.column.map(|name| pair.column_there(&name).to_owned());
        (Privilege { column, ..privilege }, grantable)
    };
    all.into_iter().map(|(role, held)| (role, held.into_iter().map(there).collect())).collect()
}

/// What some roles may do, in words: `` `app`: SELECT, UPDATE (`email`) ``.
fn shown(all: &Privileges, roles: &BTreeSet<&String>) -> String {
    let said: Vec<String> = roles
        .iter()
        .map(|role| match all.get(*role) {
            Some(held) => format!("{}: {}", code(role), words(held)),
            None => format!("{}: nothing", code(role)),
        })
        .collect();
    said.join("; ")
}

/// Privileges in words, those on columns with their columns.
pub(crate) fn words(held: &BTreeMap<Privilege, bool>) -> String {
    /// Whether the whole may be passed on, and the columns with whether each may.
    type OfName<'p> = (Option<bool>, Vec<(&'p str, bool)>);
    let is_whole =
        |name: &str| held.contains_key(&Privilege { name: name.to_owned(), column: None });
    let all = ALL.iter().filter(|name| **name != "MAINTAIN").all(|name| is_whole(name));
    let mut said: Vec<String> = Vec::new();
    let order = |name: &str| ALL.iter().position(|known| *known == name).unwrap_or(ALL.len());
    let mut by_name: BTreeMap<(usize, &str), OfName<'_>> = BTreeMap::new();
    for (privilege, grantable) in held {
        let entry = by_name.entry((order(&privilege.name), &privilege.name)).or_default();
        match &privilege.column {
            Some(column) => entry.1.push((column, *grantable)),
            None => entry.0 = Some(*grantable),
        }
    }
    let option = |grantable: bool| if grantable { " with grant option" } else { "" };
    for ((_, name), (whole, columns)) in by_name {
        if let Some(grantable) = whole
            && (!all || grantable)
        {
            said.push(format!("{name}{}", option(grantable)));
        }
        if !columns.is_empty() {
            let passes = columns.iter().all(|(_, grantable)| *grantable);
            let columns = codes(columns.iter().map(|(column, _)| *column));
            said.push(format!("{name} ({columns}){}", option(passes)));
        }
    }
    if all && held.values().any(|grantable| !grantable) {
        said.insert(0, "ALL".to_owned());
    }
    said.join(", ")
}
