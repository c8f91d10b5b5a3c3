//! # `materialized-view-exposes`
//!
//! ## What it checks
//!
//! No materialized view that reads a table with row-level security, directly or through views, is granted
//! to anyone but its owner.
//!
//! ## Why
//!
//! A materialized view stores the rows that its owner saw when it was refreshed. Policies do not reach into
//! it, and it can have none of its own.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_report;
//! CREATE TABLE encounters (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE encounters ENABLE ROW LEVEL SECURITY;
//! CREATE MATERIALIZED VIEW encounter_counts AS
//!     SELECT organization_id, count(*) AS encounters FROM encounters GROUP BY organization_id;
//! GRANT SELECT ON encounter_counts TO clinic_report;
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_report;
//! CREATE TABLE encounters (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! ALTER TABLE encounters ENABLE ROW LEVEL SECURITY;
//! CREATE MATERIALIZED VIEW encounter_counts AS
//!     SELECT organization_id, count(*) AS encounters FROM encounters GROUP BY organization_id;
//! ```
//!
//! ## How to fix
//!
//! Revoke it, and give out a view over it that filters by the tenant of the session and is a
//! `security_barrier`; or fill a table that has policies.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::View;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::rights::{grantees, protected_behind};
use crate::facts::words::quoted_list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "materialized-view-exposes",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Materialized view exposes protected rows",
    provenance: "pgrls VIEW003, SEC054; splinter 0016",
    impact: "Whoever may select from it sees what its query gave for all tenants.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("materialized_view_exposes.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let views = context.catalog.views.values().filter(|view| view.materialized);
    views.filter_map(|view| judge(context, view)).collect()
}

fn judge(context: &Context<'_>, view: &View) -> Option<Answer> {
    let mut protected = Vec::new();
    protected_behind(context, &view.name, &mut protected);
    let granted = grantees(context.catalog, &view.grants, view.owner.as_deref(), &["SELECT"]);
    if protected.is_empty() || granted.is_empty() {
        return None;
    }
    let tables: Vec<String> = protected.iter().map(|table| table.name.to_string()).collect();
    let roles: Vec<&str> = granted.iter().map(|(role, _)| *role).collect();
    let message = format!(
        "Materialized view `{}` holds rows of {} without its policies, and {} may read it.",
        view.name,
        quoted_list(&tables, "and"),
        quoted_list(&roles, "and"),
    );
    let mut answer = Answer::unmet_subject(view.name.to_string(), message).at(view.origin);
    for (_, origin) in granted {
        answer = answer.at(origin);
    }
    Some(answer)
}
