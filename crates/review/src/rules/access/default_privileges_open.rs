//! # `default-privileges-open`
//!
//! ## What it checks
//!
//! `ALTER DEFAULT PRIVILEGES` does not grant rights on tables to `PUBLIC` or to a role for anonymous
//! requests (`anon`, `anonymous`, `web_anon`, `guest`). What was revoked later does not count.
//!
//! ## Why
//!
//! The grant holds for tables that do not exist yet. Whoever creates the next one has to know of it, and to
//! be quicker.
//!
//! ## Example
//!
//! ```sql fails
//! ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_app;
//! ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO clinic_app;
//! ```
//!
//! ## How to fix
//!
//! `ALTER DEFAULT PRIVILEGES … REVOKE …`, and grant on each table what it is for.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, `ALTER DEFAULT PRIVILEGES`.

use std::collections::BTreeMap;

use schemaward_catalog::{DefaultKind, Origin};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "default-privileges-open",
    category: Category::Access,
    severity: Severity::Warning,
    title: "New tables are open to everyone",
    provenance: "pgrls SEC044",
    impact: "A table is readable or writable by all from the moment it is created, before anyone protects it.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("default_privileges_open.rs"),
    check: Check::Schema(check),
};

/// Names that gateways and projects give to the role of requests without a user.
const ANYONE: [&str; 5] = ["public", "anon", "anonymous", "web_anon", "guest"];

const RIGHTS: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];

fn check(context: &Context<'_>) -> Vec<Answer> {
    type Key<'a> = (Option<&'a str>, Option<&'a str>, &'a str);
    let mut open: BTreeMap<Key<'_>, BTreeMap<&str, Origin>> = BTreeMap::new();
    let said = context.catalog.default_privileges.iter();
    for said in said.filter(|said| said.kind == DefaultKind::Tables) {
        let grantee = said.grant.grantee.as_str();
        if !ANYONE.contains(&grantee) {
            continue;
        }
        let key = (said.role.as_deref(), said.schema.as_deref(), grantee);
        let held = open.entry(key).or_default();
        for (privilege, _) in &said.grant.privileges {
            let named = RIGHTS.into_iter().filter(|right| privilege == "ALL" || privilege == right);
            for right in named {
                if said.revoked && !said.grant.grantable {
                    held.remove(right);
                } else if !said.revoked {
                    held.insert(right, said.grant.origin);
                }
            }
        }
    }
    open.into_iter()
        .filter_map(|((role, schema, grantee), held)| {
            let origin = *held.values().next()?;
            let rights: Vec<String> = held.keys().map(|right| (*right).to_owned()).collect();
            let place = schema
                .map_or_else(|| "any schema".to_owned(), |schema| format!("schema `{schema}`"));
            let by = role.map_or_else(String::new, |role| format!(" of `{role}`"));
            let whom = if grantee == "public" { "PUBLIC" } else { grantee };
            let message = format!(
                "New tables{by} in {place} are granted to `{whom}` ({}).",
                list(&rights, "and")
            );
            let subject = format!("{}:{grantee}", schema.unwrap_or("*"));
            Some(Answer::unmet_subject(subject, message).at(origin))
        })
        .collect()
}
