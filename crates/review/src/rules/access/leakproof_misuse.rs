//! # `leakproof-misuse`
//!
//! ## What it checks
//!
//! No function of the text is declared `LEAKPROOF`. Those that are built in are.
//!
//! ## Why
//!
//! A leakproof function is trusted to reveal nothing of its arguments, not by an error message either, so
//! the planner may call it before a policy or a `security_barrier` has thrown a row away. A cast that fails
//! shows the value.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE FUNCTION same_text(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE LEAKPROOF
//!     AS $$ SELECT lower(a) = lower(b) $$;
//! ```
//!
//! ```sql passes
//! CREATE FUNCTION same_text(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE
//!     AS $$ SELECT lower(a) = lower(b) $$;
//! ```
//!
//! ## How to fix
//!
//! `ALTER FUNCTION … NOT LEAKPROOF`. An index on an expression is used all the same where the policy allows
//! it.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, `CREATE FUNCTION`.

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "leakproof-misuse",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Function declared leakproof",
    provenance: "pgrls SEC017",
    impact: "The server may run it on rows before the policies have hidden them.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("leakproof_misuse.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let functions = context.catalog.functions.values().filter(|function| function.leakproof);
    functions
        .map(|function| {
            let message = format!(
                "Function `{}` is declared `LEAKPROOF`: it may see rows before the policies hide them.",
                function.name
            );
            Answer::unmet_subject(function.name.to_string(), message).at(function.origin)
        })
        .collect()
}
