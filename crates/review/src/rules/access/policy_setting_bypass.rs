//! # `policy-setting-bypass`
//!
//! ## What it checks
//!
//! No policy is true for every row once a setting has a certain value: `… OR
//! current_setting('app.bypass_rls', true) = 'on'`. The condition is evaluated with each setting it reads
//! at each constant it names, so that casts, lists, `CASE` and functions of one expression count.
//!
//! Settings of `request.…`, which a gateway sets for each request and whose roles run no `SET`, are left
//! out, as are claims of a token. A setting that is compared with a column is how a policy learns the
//! tenant, and is no switch.
//!
//! ## Why
//!
//! PostgreSQL has no rights on settings with a dot in their name: every role may `SET` them. An injected
//! statement, or any code with the connection, needs only know the name, and the name stands in the policy.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE support_tickets (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE support_tickets ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY tenant_isolation ON support_tickets USING (
//!     organization_id = current_setting('app.current_tenant_id', true)::uuid
//!     OR current_setting('app.bypass_rls', true) = 'on');
//! ```
//!
//! ```sql passes
//! CREATE TABLE support_tickets (id uuid PRIMARY KEY, organization_id uuid NOT NULL, visibility text);
//! ALTER TABLE support_tickets ENABLE ROW LEVEL SECURITY;
//! CREATE POLICY tenant_isolation ON support_tickets USING (
//!     organization_id = current_setting('app.current_tenant_id', true)::uuid
//!     OR (current_setting('app.audience', true) = 'public' AND visibility = 'public'));
//! ```
//!
//! ## How to fix
//!
//! Drop the branch, and give what needs all rows a role of its own: a policy `TO` that role, or `BYPASSRLS`
//! on a role that only jobs can become.
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
use crate::facts::policy::{Opening, opened};
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-setting-bypass",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policy with a switch that any session can set",
    provenance: "schemaward",
    impact: "Whoever can run SQL on the connection switches the protection off with one `SET`.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_setting_bypass.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let opened = opened(context.policies(&table.name));
    opened
        .into_iter()
        .filter_map(|(facts, clause, opening)| match opening {
            Opening::Unset => None,
            Opening::Setting(name, value) => Some((facts, clause, name, value)),
        })
        .map(|(facts, clause, name, value)| {
            let message = format!(
                "Policy `{}` on `{}` lets every row through to a session that sets `{name}` to \
                 `{value}`, which any role may ({}).",
                facts.policy.name,
                table.name,
                clause.shown(),
            );
            Answer::unmet(table, message).detail(&facts.policy.name).at(clause.origin())
        })
        .collect()
}
