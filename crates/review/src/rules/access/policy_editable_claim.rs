//! # `policy-editable-claim`
//!
//! ## What it checks
//!
//! No policy reads `user_metadata` of a token, or `raw_user_meta_data` of its table, which every user can
//! change. Taking an e-mail address (`auth.email()`, the claim `email`) for an identity is a warning:
//! addresses change hands. Keys are read from the operators `->`, `->>`, `#>` on what tells who asks; a
//! column that happens to have the name is fine.
//!
//! ## Why
//!
//! The claims of a token are signed, which says that the server wrote them, not that it made them up:
//! `user_metadata` is what the user sent.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE invoices (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON invoices USING (organization_id::text =
//!     (current_setting('request.jwt.claims', true)::jsonb -> 'user_metadata' ->> 'organization_id'));
//! ```
//!
//! ```sql passes
//! CREATE TABLE invoices (id uuid PRIMARY KEY, organization_id uuid NOT NULL, user_metadata jsonb);
//! CREATE POLICY of_tenant ON invoices USING (organization_id::text =
//!     (current_setting('request.jwt.claims', true)::jsonb -> 'app_metadata' ->> 'organization_id')
//!     AND user_metadata ->> 'hidden' IS NULL);
//! ```
//!
//! ## How to fix
//!
//! Read `app_metadata`, which only the server writes, or a table of memberships; compare keys instead of
//! addresses.
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
use crate::facts::predicate::EditableClaim;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-editable-claim",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policy trusts what users write themselves",
    provenance: "pgrls SEC033, SEC034; splinter 0015",
    impact: "A user gives themselves another role or tenant by editing their own profile.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_editable_claim.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies
        .filter_map(|facts| {
            let (clause, claim) = facts
                .clauses()
                .find_map(|clause| Some((clause, *clause.predicate.editable.first()?)))?;
            let what = match claim {
                EditableClaim::Metadata => "reads `user_metadata`, which every user can change",
                EditableClaim::Email => "takes an e-mail address for an identity",
            };
            let message = format!("Policy `{}` on `{}` {what}.", facts.policy.name, table.name);
            let answer =
                Answer::unmet(table, message).detail(&facts.policy.name).at(clause.origin());
            Some(match claim {
                EditableClaim::Metadata => answer,
                EditableClaim::Email => answer.severity(Severity::Warning),
            })
        })
        .collect()
}
