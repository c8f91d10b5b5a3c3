//! # `view-bypasses-rls`
//!
//! ## What it checks
//!
//! A view that reads a table with row-level security, directly or through other views, is declared
//! `WITH (security_invoker = true)`. Materialized views have a rule of their own.
//!
//! ## Why
//!
//! A view reads with the rights of its owner, who usually is exempt from the policies: whoever may
//! select from the view sees the rows of every tenant.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, deleted_at timestamptz);
//! ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
//! CREATE VIEW active_patients AS SELECT id, full_name FROM patients WHERE deleted_at IS NULL;
//! ```
//!
//! ```sql passes
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, deleted_at timestamptz);
//! ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
//! CREATE VIEW active_patients WITH (security_invoker = true) AS
//!     SELECT id, full_name FROM patients WHERE deleted_at IS NULL;
//! ```
//!
//! ## How to fix
//!
//! `ALTER VIEW … SET (security_invoker = true)` (PostgreSQL 15 and later), and grant the readers what
//! the view reads.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, `CREATE VIEW`.

use schemaward_catalog::View;

use super::{Answer, AnswerKind, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::rights::protected_behind;
use crate::facts::words::quoted_list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "view-bypasses-rls",
    category: Category::Access,
    severity: Severity::Critical,
    title: "View bypasses row-level security",
    provenance: "pgrls VIEW001, VIEW004; splinter 0010",
    impact: "Whoever may read the view sees the rows of every tenant.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("view_bypasses_rls.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    context
        .catalog
        .views
        .values()
        .filter(|view| !view.materialized && !view.security_invoker)
        .filter_map(|view| judge(context, view))
        .collect()
}

fn judge(context: &Context<'_>, view: &View) -> Option<Answer> {
    let mut protected = Vec::new();
    let complete = protected_behind(context, &view.name, &mut protected);
    if protected.is_empty() {
        // A view over nothing protected is fine; one whose query nobody could parse may not be.
        let any_rls = context.tables().any(|table| table.row_security.on);
        if complete || !any_rls {
            return None;
        }
        let message = format!(
            "The query of view `{}` could not be parsed, so the tables it reads are not known; \
             `security_invoker = true` would settle it.",
            view.name
        );
        let mut answer = Answer::unmet_subject(view.name.to_string(), message).at(view.origin);
        answer.kind = AnswerKind::Undecided;
        return Some(answer);
    }
    let names: Vec<String> = protected.iter().map(|table| table.name.to_string()).collect();
    let message = format!(
        "View `{}` reads {} with its owner's rights, past row-level security; set \
         `security_invoker = true`.",
        view.name,
        quoted_list(&names, "and")
    );
    Some(Answer::unmet_subject(view.name.to_string(), message).at(view.origin))
}
