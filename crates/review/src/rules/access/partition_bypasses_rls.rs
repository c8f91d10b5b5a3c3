//! # `partition-bypasses-rls`
//!
//! ## What it checks
//!
//! No partition, and no table that inherits, is without row-level security where its parent has it and a
//! role was granted a right on it. `GRANT … ON ALL TABLES` grants on partitions, too. The other way round,
//! a child whose policies its parent lacks is open through the parent.
//!
//! Where the text grants nothing at all, it is *undecided*: the grants would settle it.
//!
//! ## Why
//!
//! Only the policies of the table that a statement names hold. Rows of `readings` are guarded; the same
//! rows of `readings_2026` are not.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_app;
//! CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL)
//!     PARTITION BY RANGE (day);
//! CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
//! ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
//! GRANT SELECT ON ALL TABLES IN SCHEMA public TO clinic_app;
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_app;
//! CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL)
//!     PARTITION BY RANGE (day);
//! CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
//! ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
//! GRANT SELECT ON readings TO clinic_app;
//! ```
//!
//! ## How to fix
//!
//! Revoke what was granted on the partitions: through the parent they stay readable. Or enable row-level
//! security on each; one without policies lets nobody in by its own name.
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
use crate::facts::rights::grantees;
use crate::facts::words::quoted_list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "partition-bypasses-rls",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Partition is open beside its table",
    provenance: "pgrls SEC041, SEC043",
    impact: "A query that names the partition, or the child, sees every row of it.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("partition_bypasses_rls.rs"),
    check: Check::Schema(check),
};

const RIGHTS: [&str; 5] = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"];

fn check(context: &Context<'_>) -> Vec<Answer> {
    let tables = context.catalog.tables.values().filter(|table| !table.temporary);
    tables.flat_map(|table| judge(context, table)).collect()
}

fn judge(context: &Context<'_>, child: &Table) -> Vec<Answer> {
    let catalog = context.catalog;
    let parents = child.partition_of.iter().map(|place| &place.parent).chain(&child.inherits);
    let kind = if child.partition_of.is_some() { "partition" } else { "child" };
    parents
        .filter_map(|name| catalog.tables.get(name))
        .filter_map(|parent| {
            // The one that guards the rows, and the one that lets them out.
            let (guarded, open) = match (context.guards(parent), context.guards(child)) {
                (true, false) => (parent, child),
                (false, true) => (child, parent),
                _ => return None,
            };
            let origin = guarded.row_security.origin.unwrap_or(guarded.name_origin);
            if let Some(blind) = context.blind_on(open, |touches| touches.row_security) {
                let message = format!(
                    "`{}` has no row-level security as far as the text was read ({}).",
                    open.name, blind.reason
                );
                return Some(Answer::undecided(open, message).at(blind.origin));
            }
            let granted = grantees(context.catalog, &open.grants, open.owner.as_deref(), &RIGHTS);
            if granted.is_empty() {
                if context.speaks_of_rights {
                    return None;
                }
                let message = format!(
                    "`{}` has no row-level security, `{}` has; whether anyone reaches it by its own \
                     name, the grants would settle, and the text has none.",
                    open.name, guarded.name
                );
                return Some(Answer::undecided(open, message).at(open.name_origin));
            }
            let roles: Vec<&str> = granted.iter().map(|(role, _)| *role).collect();
            let who = quoted_list(&roles, "and");
            let message = if open.name == child.name {
                format!(
                    "`{}`, a {kind} of `{}`, has no row-level security of its own, and {who} may use \
                     it by its name.",
                    open.name, guarded.name
                )
            } else {
                format!(
                    "Rows of `{}` are open through `{}`, whose {kind} it is: that has no row-level \
                     security, and {who} may use it.",
                    guarded.name, open.name
                )
            };
            let mut answer = Answer::unmet(open, message).detail(guarded.name.to_string());
            answer = answer.at(open.name_origin).at(origin);
            for (_, origin) in granted {
                answer = answer.at(origin);
            }
            Some(answer)
        })
        .collect()
}
