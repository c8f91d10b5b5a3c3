//! # `view-leaky`
//!
//! ## What it checks
//!
//! A view with a `WHERE` that is granted to a role which may not read the tables behind it is a
//! `security_barrier`. Where the role may read them anyway, and in a view that reads with its reader's
//! rights, the view hides nothing.
//!
//! ## Why
//!
//! Without a barrier the planner may run a condition of the query before the condition of the view: a cheap
//! function that reports its argument is shown the hidden rows. PostgreSQL documentation, "Rules and
//! Privileges".
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE front_desk;
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean);
//! CREATE VIEW ordinary_patients AS SELECT id, full_name FROM patients WHERE NOT is_vip;
//! GRANT SELECT ON ordinary_patients TO front_desk;
//! ```
//!
//! ```sql passes
//! CREATE ROLE front_desk;
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean);
//! CREATE VIEW ordinary_patients WITH (security_barrier) AS
//!     SELECT id, full_name FROM patients WHERE NOT is_vip;
//! GRANT SELECT ON ordinary_patients TO front_desk;
//! ```
//!
//! ## How to fix
//!
//! `ALTER VIEW … SET (security_barrier = true)`; the planner then pushes only leakproof conditions into the
//! view.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Rules and Privileges".

use schemaward_catalog::View;
use sqlparser::ast::SetExpr;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::rights::{grantees, held, with_inherited};
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "view-leaky",
    category: Category::Access,
    severity: Severity::Info,
    title: "View that hides rows without a barrier",
    provenance: "pgrls VIEW002",
    impact: "A function in a query can see rows that the view is there to hide.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("view_leaky.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    context
        .catalog
        .views
        .values()
        .filter(|view| !view.materialized && !view.security_invoker && !view.security_barrier)
        .filter_map(|view| judge(context, view))
        .collect()
}

fn judge(context: &Context<'_>, view: &View) -> Option<Answer> {
    let query = view.ast.as_deref()?;
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    select.selection.as_ref()?;
    let tables: Vec<_> =
        view.reads.iter().filter_map(|name| context.catalog.tables.get(name)).collect();
    let (role, origin) =
        grantees(context.catalog, &view.grants, view.owner.as_deref(), &["SELECT"])
            .into_iter()
            .find(|(role, _)| {
                let inherited = with_inherited(context.catalog, role);
                tables.iter().any(|table| held(&table.grants, &inherited, "SELECT").is_none())
            })?;
    let message = format!(
        "View `{}` hides rows from `{role}`, who may not read what is behind it, and is no \
         `security_barrier`.",
        view.name
    );
    Some(Answer::unmet_subject(view.name.to_string(), message).at(view.origin).at(origin))
}
