//! Row-level security and policies on both sides.

use schemaward_catalog::ddl::policy_command;
use schemaward_catalog::{Origin, Policy, Table};

use super::canonical::{Names, canonical_in};
use super::constraints::shortened;
use super::{
    Difference, Drift, NOT_DOCUMENTED, NOT_IMPLEMENTED, Narrowed, Object, Pair, Part, blind_to,
    both, code, codes, entity,
};
use crate::Severity;

impl<'a> Drift<'a, '_> {
    /// Row-level security that one side switches on and the other does not.
    pub(super) fn row_security(&mut self) {
        let mut undocumented: Vec<(&Table, &Table)> = Vec::new();
        let mut forced: Vec<(&Table, &Table)> = Vec::new();
        let pairing = self.pairing;
        for pair in &pairing.pairs {
            let (here, there) = (pair.documented, pair.implemented);
            // What a document may say where it was not read is told by table.
            let blind =
                blind_to(self.documented, &here.name, Object::RowSecurity(there), self.sources)
                    .is_some();
            if there.row_security.on && !here.row_security.on {
                if blind {
                    self.undocumented_security(&[(here, there)]);
                } else {
                    undocumented.push((here, there));
                }
            } else if there.row_security_forced.on && !here.row_security_forced.on {
                if blind {
                    self.undocumented_force(&[(here, there)]);
                } else {
                    forced.push((here, there));
                }
            }
            if here.row_security.on && !there.row_security.on {
                let (severity, message) =
                    (Severity::Critical, "Row-level security is documented but not enabled.");
                self.add(Difference {
                    kind: "rls-differs",
                    severity,
                    entity: entity(here),
                    documented: "Row-level security enabled".to_owned(),
                    implemented: "Not enabled".to_owned(),
                    message: message.to_owned(),
                    evidence: both(switched(here), switched(there)),
                    parts: vec![switches(here, there)],
                });
            } else if here.row_security_forced.on && !there.row_security_forced.on {
                self.add(Difference {
                    kind: "rls-differs",
                    severity: Severity::Warning,
                    entity: entity(here),
                    documented: "Row-level security forced".to_owned(),
                    implemented: "Not forced".to_owned(),
                    message: "The document holds the table's owner to the policies too.".to_owned(),
                    evidence: both(
                        here.row_security_forced.origin.unwrap_or(here.name_origin),
                        switched(there),
                    ),
                    parts: vec![switches(here, there)],
                });
            }
        }
        self.undocumented_force(&forced);
        self.undocumented_security(&undocumented);
    }

    /// Tables whose owner the implementation holds to the policies, and the document does not.
    fn undocumented_force(&mut self, forced: &[(&'a Table, &'a Table)]) {
        if forced.is_empty() {
            return;
        }
        let names: Vec<String> = forced.iter().map(|(_, table)| code(&table.name)).collect();
        let forced_by = |table: &Table| table.row_security_forced.origin;
        self.add(Difference {
            kind: "rls-differs",
            severity: Severity::Info,
            entity: "Row-Level Security".to_owned(),
            documented: "Enabled, not forced".to_owned(),
            implemented: format!("Forced on {}", names.join(", ")),
            message: "The implementation holds the owner to the policies too.".to_owned(),
            evidence: forced
                .iter()
                .map(|(here, _)| switched(here))
                .chain(forced.iter().map(|(_, t)| forced_by(t).unwrap_or(t.name_origin)))
                .collect(),
            parts: forced.iter().map(|(here, there)| switches(here, there)).collect(),
        });
    }

    /// Tables with row-level security that the document does not mention.
    fn undocumented_security(&mut self, undocumented: &[(&'a Table, &'a Table)]) {
        if undocumented.is_empty() {
            return;
        }
        let names: Vec<String> = undocumented.iter().map(|(_, table)| code(&table.name)).collect();
        self.add(Difference {
            kind: "rls-differs",
            severity: Severity::Info,
            entity: "Row-Level Security".to_owned(),
            documented: NOT_DOCUMENTED.to_owned(),
            implemented: format!("Enabled on {}", names.join(", ")),
            message: "The document does not say that row-level security is on.".to_owned(),
            evidence: undocumented.iter().map(|(_, table)| switched(table)).collect(),
            parts: undocumented.iter().map(|(here, there)| switches(here, there)).collect(),
        });
    }

    /// Policies by name, else by meaning.
    pub(super) fn policies(&mut self, pair: &Pair<'a>) {
        let mut there: Vec<&Policy> = pair.implemented.policies.iter().collect();
        let mut open: Vec<&Policy> = Vec::new();
        for policy in &pair.documented.policies {
            let same = |other: &&Policy| other.name == policy.name;
            match there.iter().position(same) {
                Some(at) => self.policy(pair, policy, there.remove(at)),
                None => open.push(policy),
            }
        }
        open.retain(|policy| {
            let meaning = self.documented_meaning(pair, policy);
            let alike = |other: &&Policy| self.implemented_meaning(other) == meaning;
            let Some(at) = there.iter().position(alike) else { return true };
            there.remove(at);
            false
        });
        for policy in open {
            self.add(Difference {
                kind: "policy-differs",
                severity: Severity::Critical,
                entity: entity(pair.documented),
                documented: shown(policy),
                implemented: NOT_IMPLEMENTED.to_owned(),
                message: "The documented policy does not exist.".to_owned(),
                evidence: both(policy.origin, pair.implemented.name_origin),
                parts: vec![Part::of(pair, Some(Object::Policy(policy)), None)],
            });
        }
        if there.is_empty() {
            return;
        }
        let parts: Vec<Part<'a>> =
            there.iter().map(|policy| Part::of(pair, None, Some(Object::Policy(policy)))).collect();
        // Where the document is silent on row-level security as a whole, one row says so for all.
        let silent = pair.documented.policies.is_empty() && !pair.documented.row_security.on;
        let told = self.rows.iter_mut().find(|row| {
            silent
                && row.kind == "rls-differs"
                && row.parts.iter().any(|part| {
                    part.tables.is_some_and(|(here, _)| std::ptr::eq(here, pair.documented))
                })
        });
        if let Some(row) = told {
            row.parts.extend(parts);
            return;
        }
        self.add(Difference {
            kind: "policy-differs",
            severity: Severity::Info,
            entity: entity(pair.documented),
            documented: NOT_DOCUMENTED.to_owned(),
            implemented: codes(there.iter().map(|policy| policy.name.as_str())),
            message: "The document does not know these policies.".to_owned(),
            evidence: std::iter::once(pair.documented.name_origin)
                .chain(there.iter().map(|policy| policy.origin))
                .collect(),
            parts,
        });
    }

    /// Policies that hold for named roles, where the document has them hold for everyone.
    pub(super) fn narrowed_policies(&mut self) {
        let narrowed = std::mem::take(&mut self.narrowed);
        if narrowed.is_empty() {
            return;
        }
        let mut roles: Vec<&str> = narrowed
            .iter()
            .flat_map(|found| &found.implemented.roles)
            .map(String::as_str)
            .collect();
        roles.sort_unstable();
        roles.dedup();
        let mut entities: Vec<String> =
            narrowed.iter().map(|found| entity(found.tables.0)).collect();
        entities.dedup();
        let row = Difference {
            kind: "policy-differs",
            severity: Severity::Info,
            entity: "Policy Roles".to_owned(),
            documented: "For every role".to_owned(),
            implemented: format!("For {}", codes(roles)),
            message: format!(
                "The implemented policies are narrower: they name roles on {}.",
                entities.join(", ")
            ),
            evidence: narrowed
                .iter()
                .map(|found| found.documented.origin)
                .chain(narrowed.iter().map(|found| found.implemented.origin))
                .collect(),
            parts: narrowed
                .iter()
                .map(|found| Part {
                    tables: Some(found.tables),
                    documented: Some(Object::Policy(found.documented)),
                    implemented: Some(Object::Policy(found.implemented)),
                })
                .collect(),
        };
        self.add(row);
    }

    fn policy(&mut self, pair: &Pair<'a>, policy: &'a Policy, other: &'a Policy) {
        let here = self.documented_meaning(pair, policy);
        let there = self.implemented_meaning(other);
        if here == there {
            return;
        }
        // A document seldom names roles: that the policies name some is told once for all of them.
        let narrowed = here.roles.is_empty() && !there.roles.is_empty();
        if narrowed
            && here.permissive == there.permissive
            && here.command == there.command
            && here.using == there.using
            && here.check == there.check
        {
            self.narrowed.push(Narrowed {
                tables: (pair.documented, pair.implemented),
                documented: policy,
                implemented: other,
            });
            return;
        }
        let mut parts = Vec::new();
        if here.command != there.command {
            parts.push("command");
        }
        if here.permissive != there.permissive {
            parts.push("kind (permissive, restrictive)");
        }
        if here.roles != there.roles {
            parts.push("roles");
        }
        if here.using != there.using {
            parts.push("USING");
        }
        if here.check != there.check {
            parts.push("WITH CHECK");
        }
        self.add(Difference {
            kind: "policy-differs",
            severity: Severity::Warning,
            entity: entity(pair.documented),
            documented: shown(policy),
            implemented: shown(other),
            message: format!("The policies differ in {}.", parts.join(", ")),
            evidence: both(policy.origin, other.origin),
            parts: vec![Part::of(pair, Some(Object::Policy(policy)), Some(Object::Policy(other)))],
        });
    }

    fn documented_meaning(&self, pair: &Pair<'_>, policy: &Policy) -> Meaning {
        let names = Names {
            catalog: Some(self.documented),
            columns: Some(&pair.columns),
            tables: Some(&self.implemented_names),
        };
        meaning(policy, &names)
    }

    fn implemented_meaning(&self, policy: &Policy) -> Meaning {
        let names = Names { catalog: Some(self.implemented), ..Names::default() };
        meaning(policy, &names)
    }
}

/// The switches of a table on both sides.
fn switches<'a>(here: &'a Table, there: &'a Table) -> Part<'a> {
    Part {
        tables: Some((here, there)),
        documented: Some(Object::RowSecurity(here)),
        implemented: Some(Object::RowSecurity(there)),
    }
}

/// What a policy does, whatever it is called.
#[derive(PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) permissive: bool,
    pub(crate) command: &'static str,
    pub(crate) roles: Vec<String>,
    pub(crate) using: Option<String>,
    pub(crate) check: Option<String>,
}

pub(crate) fn meaning(policy: &Policy, names: &Names<'_>) -> Meaning {
    let mut roles = policy.roles.clone();
    roles.retain(|role| role != "public");
    roles.sort();
    let using = policy.using.as_ref().map(|using| canonical_in(using, names));
    // Without WITH CHECK, new rows are held to USING; writing it out changes nothing.
    let check = policy.check.as_ref().map(|check| canonical_in(check, names));
    let check = check.filter(|check| using.as_ref() != Some(check));
    Meaning {
        permissive: policy.permissive,
        command: policy_command(policy.command),
        roles,
        using,
        check,
    }
}

fn shown(policy: &Policy) -> String {
    let mut out = format!("policy {}", code(&policy.name));
    if let Some(using) = &policy.using {
        out.push_str(" using ");
        out.push_str(&code(shortened(&using.text)));
    }
    let same = meaning(policy, &Names::default()).check.is_none() && policy.using.is_some();
    if let Some(check) = policy.check.as_ref().filter(|_| !same) {
        out.push_str(" with check ");
        out.push_str(&code(shortened(&check.text)));
    }
    out
}

/// The statement that last switched row-level security, else the table.
fn switched(table: &Table) -> Origin {
    table.row_security.origin.unwrap_or(table.name_origin)
}
