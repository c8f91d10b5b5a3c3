//! Row-level security and policies on both sides.

use schemaward_catalog::ddl::policy_command;
use schemaward_catalog::{Origin, Policy, Table};

use super::canonical::canonical_option;
use super::constraints::shortened;
use super::{Drift, NOT_DOCUMENTED, NOT_IMPLEMENTED, Pair, Row, both, code, codes, entity};
use crate::Severity;

impl Drift<'_> {
    /// Row-level security that one side switches on and the other does not.
    pub(super) fn row_security(&mut self) {
        let unread = self.implemented.blind_to(|touches| touches.row_security).is_some();
        let mut undocumented: Vec<&Table> = Vec::new();
        let mut forced: Vec<(&Table, &Table)> = Vec::new();
        let pairing = self.pairing;
        for pair in &pairing.pairs {
            let (here, there) = (pair.documented, pair.implemented);
            if there.row_security.on && !here.row_security.on {
                undocumented.push(there);
            } else if there.row_security_forced.on && !here.row_security_forced.on {
                forced.push((here, there));
            }
            if here.row_security.on && !there.row_security.on {
                let (severity, message) = if unread {
                    (
                        Severity::Warning,
                        "Row-level security is documented; the text that could be read does not \
                         enable it.",
                    )
                } else {
                    (Severity::Critical, "Row-level security is documented but not enabled.")
                };
                self.add(Row {
                    kind: "rls-differs",
                    severity,
                    entity: entity(here),
                    documented: "Row-level security enabled".to_owned(),
                    implemented: "Not enabled".to_owned(),
                    message: message.to_owned(),
                    evidence: both(switched(here), switched(there)),
                });
            } else if here.row_security_forced.on && !there.row_security_forced.on {
                self.add(Row {
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
                });
            }
        }
        if !forced.is_empty() {
            let names: Vec<String> = forced.iter().map(|(_, table)| code(&table.name)).collect();
            let forced_by = |table: &Table| table.row_security_forced.origin;
            self.add(Row {
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
            });
        }
        if undocumented.is_empty() {
            return;
        }
        let names: Vec<String> = undocumented.iter().map(|table| code(&table.name)).collect();
        self.add(Row {
            kind: "rls-differs",
            severity: Severity::Info,
            entity: "Row-Level Security".to_owned(),
            documented: NOT_DOCUMENTED.to_owned(),
            implemented: format!("Enabled on {}", names.join(", ")),
            message: "The document does not say that row-level security is on.".to_owned(),
            evidence: undocumented.iter().map(|table| switched(table)).collect(),
        });
    }

    /// Policies by name, else by meaning.
    pub(super) fn policies(&mut self, pair: &Pair<'_>) {
        let mut there: Vec<&Policy> = pair.implemented.policies.iter().collect();
        let mut open: Vec<&Policy> = Vec::new();
        for policy in &pair.documented.policies {
            let same = |other: &&Policy| other.name == policy.name;
            let alike = |other: &&Policy| meaning(other) == meaning(policy);
            match there.iter().position(same) {
                Some(at) => self.policy(pair, policy, there.remove(at)),
                None => match there.iter().position(alike) {
                    Some(at) => drop(there.remove(at)),
                    None => open.push(policy),
                },
            }
        }
        let unread = self.implemented.blind_to(|touches| touches.row_security).is_some();
        for policy in open {
            self.add(Row {
                kind: "policy-differs",
                severity: if unread { Severity::Warning } else { Severity::Critical },
                entity: entity(pair.documented),
                documented: shown(policy),
                implemented: NOT_IMPLEMENTED.to_owned(),
                message: "The documented policy does not exist.".to_owned(),
                evidence: both(policy.origin, pair.implemented.name_origin),
            });
        }
        // Where the document is silent on row-level security as a whole, one row says so for all.
        let silent = pair.documented.policies.is_empty() && !pair.documented.row_security.on;
        if !there.is_empty() && !silent {
            self.add(Row {
                kind: "policy-differs",
                severity: Severity::Info,
                entity: entity(pair.documented),
                documented: NOT_DOCUMENTED.to_owned(),
                implemented: codes(there.iter().map(|policy| policy.name.as_str())),
                message: "The document does not know these policies.".to_owned(),
                evidence: std::iter::once(pair.documented.name_origin)
                    .chain(there.iter().map(|policy| policy.origin))
                    .collect(),
            });
        }
    }

    /// Policies that hold for named roles, where the document has them hold for everyone.
    pub(super) fn narrowed_policies(&mut self) {
        let narrowed = std::mem::take(&mut self.narrowed);
        if narrowed.is_empty() {
            return;
        }
        let mut roles: Vec<&str> =
            narrowed.iter().flat_map(|(_, policy, _)| &policy.roles).map(String::as_str).collect();
        roles.sort_unstable();
        roles.dedup();
        let mut entities: Vec<&str> =
            narrowed.iter().map(|(_, _, entity)| entity.as_str()).collect();
        entities.dedup();
        let row = Row {
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
                .map(|(documented, _, _)| *documented)
                .chain(narrowed.iter().map(|(_, policy, _)| policy.origin))
                .collect(),
        };
        self.add(row);
    }

    fn policy(&mut self, pair: &Pair<'_>, policy: &Policy, other: &Policy) {
        let (here, there) = (meaning(policy), meaning(other));
        if here == there {
            return;
        }
        // A document seldom names roles: that the policies name some is told once for all of them.
        let narrowed = here.roles.is_empty() && !there.roles.is_empty();
        if narrowed {
            self.narrowed.push((policy.origin, other.clone(), entity(pair.documented)));
            if here.permissive == there.permissive
                && here.command == there.command
                && here.using == there.using
                && here.check == there.check
            {
                return;
            }
        }
        let mut parts = Vec::new();
        if here.command != there.command {
            parts.push("command");
        }
        if here.permissive != there.permissive {
            parts.push("kind (permissive, restrictive)");
        }
        if here.roles != there.roles && !narrowed {
            parts.push("roles");
        }
        if here.using != there.using {
            parts.push("USING");
        }
        if here.check != there.check {
            parts.push("WITH CHECK");
        }
        self.add(Row {
            kind: "policy-differs",
            severity: Severity::Warning,
            entity: entity(pair.documented),
            documented: shown(policy),
            implemented: shown(other),
            message: format!("The policies differ in {}.", parts.join(", ")),
            evidence: both(policy.origin, other.origin),
        });
    }
}

/// What a policy does, whatever it is called.
#[derive(PartialEq, Eq)]
struct Meaning {
    permissive: bool,
    command: &'static str,
    roles: Vec<String>,
    using: Option<String>,
    check: Option<String>,
}

fn meaning(policy: &Policy) -> Meaning {
    let mut roles = policy.roles.clone();
    roles.retain(|role| role != "public");
    roles.sort();
    let using = canonical_option(policy.using.as_ref());
    // Without WITH CHECK, new rows are held to USING; writing it out changes nothing.
    let check =
        canonical_option(policy.check.as_ref()).filter(|check| using.as_ref() != Some(check));
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
    let same = meaning(policy).check.is_none() && policy.using.is_some();
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
