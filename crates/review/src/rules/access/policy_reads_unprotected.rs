//! # `policy-reads-unprotected`
//!
//! ## What it checks
//!
//! A table without row-level security that a policy's sub-query reads cannot be written (`INSERT`,
//! `UPDATE`, `DELETE`) by a role the policy is for. Where the text grants no such thing, nothing is said.
//!
//! ## Why
//!
//! A list of memberships decides who sees what. If members may insert into it, each decides for themselves.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_app;
//! CREATE TABLE care_team (user_id uuid, patient_id uuid, PRIMARY KEY (user_id, patient_id));
//! GRANT SELECT, INSERT ON care_team TO clinic_app;
//! CREATE TABLE charts (id uuid PRIMARY KEY, patient_id uuid NOT NULL);
//! ALTER TABLE charts ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY of_team ON charts TO clinic_app USING (patient_id IN (
//!     SELECT c.patient_id FROM care_team c
//!     WHERE c.user_id = nullif(current_setting('app.current_user_id', true), '')::uuid));
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_app;
//! CREATE TABLE care_team (user_id uuid, patient_id uuid, PRIMARY KEY (user_id, patient_id));
//! GRANT SELECT ON care_team TO clinic_app;
//! CREATE TABLE charts (id uuid PRIMARY KEY, patient_id uuid NOT NULL);
//! ALTER TABLE charts ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY of_team ON charts TO clinic_app USING (patient_id IN (
//!     SELECT c.patient_id FROM care_team c
//!     WHERE c.user_id = nullif(current_setting('app.current_user_id', true), '')::uuid));
//! ```
//!
//! ## How to fix
//!
//! Protect the table by policies of its own, or revoke the right to write it.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::PolicyFacts;
use crate::facts::rights::{grantees, with_inherited};
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-reads-unprotected",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Policy relies on a table that its role can write",
    provenance: "pgrls SEC025",
    impact: "Whoever is held by the policy can write the row that lets them through.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("policy_reads_unprotected.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies.flat_map(|facts| judge(context, table, facts)).collect()
}

fn judge(context: &Context<'_>, table: &Table, facts: &PolicyFacts<'_>) -> Vec<Answer> {
    let mut answers: Vec<Answer> = Vec::new();
    for clause in facts.clauses() {
        let read = clause.predicate.reads.iter();
        for read in read.filter_map(|name| context.catalog.tables.get(name)) {
            let blind = context.blind_on(read, |touches| touches.row_security).is_some();
            if read.row_security.on || read.name == table.name || blind {
                continue;
            }
            let writers = grantees(
                context.catalog,
                &read.grants,
                read.owner.as_deref(),
                &["INSERT", "UPDATE", "DELETE"],
            );
            let held = writers.iter().find(|(role, _)| {
                *role == "public"
                    || facts.is_public()
                    || facts.policy.roles.iter().any(|policy_role| {
                        with_inherited(context.catalog, policy_role).contains(*role)
                            || with_inherited(context.catalog, role).contains(policy_role)
                    })
            });
            let Some((role, origin)) = held else { continue };
            let message = format!(
                "Policy `{}` on `{}` relies on `{}`, which has no row-level security and which `{role}` \
                 may write.",
                facts.policy.name, table.name, read.name,
            );
            let detail = format!("{}:{}", facts.policy.name, read.name);
            if !answers.iter().any(|known| known.detail.as_ref() == Some(&detail)) {
                answers.push(
                    Answer::unmet(table, message).detail(detail).at(clause.origin()).at(*origin),
                );
            }
        }
    }
    answers
}
