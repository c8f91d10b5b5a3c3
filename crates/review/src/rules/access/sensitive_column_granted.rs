//! # `sensitive-column-granted`
//!
//! ## What it checks
//!
//! A column that the dictionary of identifiers knows for a secret (password, token, card number), for the
//! number of a person, a medical record or a health plan, for a day of birth or for a clinical fact is not
//!
//! - granted to `PUBLIC` or to a role for anonymous requests, with its table or by its name;
//! - granted by its name to a role that has no right on the whole table: it was picked out.
//!
//! Hashes and encrypted values are left out.
//!
//! ## Why
//!
//! A right on a column is granted once and forgotten. It does not show in the list of who may read the
//! table.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE billing_export;
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, ssn text);
//! GRANT SELECT (id, ssn) ON patients TO billing_export;
//! ```
//!
//! ```sql passes
//! CREATE ROLE billing_export;
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, ssn text);
//! GRANT SELECT (id, full_name) ON patients TO billing_export;
//! ```
//!
//! ## How to fix
//!
//! `REVOKE SELECT (…) ON … FROM …`; give out a view that shows what is needed.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::{Grant, Table};

use super::{Answer, Check, RuleInfo, page, protection};
use crate::context::Context;
use crate::facts::words::quoted_list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "sensitive-column-granted",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Sensitive column granted beyond its table",
    provenance: "pgrls SEC045; splinter 0023",
    impact: "Secrets and facts of a person's health are readable by roles that were not meant to see them.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("sensitive_column_granted.rs"),
    check: Check::Table(check),
};

const ANYONE: [&str; 5] = ["public", "anon", "anonymous", "web_anon", "guest"];

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let sensitive: Vec<&str> = (context.identifiers(&table.name).iter())
        .filter(|found| found.kind.secret || found.kind.tells_of_patient())
        .filter(|found| protection(found.column).is_none())
        .map(|found| found.column.name.as_str())
        .collect();
    if sensitive.is_empty() {
        return Vec::new();
    }
    let mut answers: Vec<Answer> = Vec::new();
    let others = table.grants.iter();
    for grant in others.filter(|grant| table.owner.as_ref() != Some(&grant.grantee)) {
        let anyone = ANYONE.contains(&grant.grantee.as_str());
        let whole = reads(table, &grant.grantee).any(|(_, columns)| columns.is_empty());
        let picked = reads_of(grant).flat_map(|(_, columns)| columns);
        let columns: Vec<&str> = if anyone && reads_of(grant).any(|(_, c)| c.is_empty()) {
            sensitive.clone()
        } else if anyone || !whole {
            let named: Vec<&String> = picked.collect();
            sensitive.iter().copied().filter(|name| named.iter().any(|n| n == name)).collect()
        } else {
            Vec::new()
        };
        let twice = answers.iter().any(|known| known.detail.as_ref() == Some(&grant.grantee));
        if columns.is_empty() || twice {
            continue;
        }
        let whom = if grant.grantee == "public" { "PUBLIC" } else { grant.grantee.as_str() };
        let message =
            format!("`{whom}` may read {} of `{}`.", quoted_list(&columns, "and"), table.name);
        let mut answer = Answer::unmet(table, message).detail(&grant.grantee).at(grant.origin);
        for name in columns {
            answer = answer.at(table.column(name).map_or(table.name_origin, |c| c.origin));
        }
        answers.push(answer);
    }
    answers
}

/// The privileges of a grant that let its role read.
fn reads_of(grant: &Grant) -> impl Iterator<Item = &(String, Vec<String>)> {
    grant.privileges.iter().filter(|(name, _)| name == "SELECT" || name == "ALL")
}

fn reads<'t>(table: &'t Table, role: &'t str) -> impl Iterator<Item = &'t (String, Vec<String>)> {
    table.grants.iter().filter(move |grant| grant.grantee == role).flat_map(reads_of)
}
