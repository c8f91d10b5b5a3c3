//! # `function-search-path`
//!
//! ## What it checks
//!
//! Every `SECURITY DEFINER` function, and every trigger function, fixes its `search_path` with a `SET`
//! clause. Compiled functions, and bodies in the standard's own form (`BEGIN ATOMIC`, `RETURN`), whose
//! names are bound when they are created, are left out. It is critical for `SECURITY DEFINER`.
//!
//! ## Why
//!
//! Names in the body are looked up by the caller's search path. A caller who may create objects in any
//! schema of it can put a table or function of the same name in front, and a definer function then
//! runs the caller's code with its owner's rights. A trigger function breaks or writes elsewhere when
//! a session sets another path.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE FUNCTION patient_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER
//! AS $$ SELECT count(*) FROM patients $$;
//! ```
//!
//! ```sql passes
//! CREATE FUNCTION patient_count() RETURNS bigint LANGUAGE sql SECURITY DEFINER
//! SET search_path = pg_catalog, public
//! AS $$ SELECT count(*) FROM patients $$;
//! ```
//!
//! ## How to fix
//!
//! `ALTER FUNCTION … SET search_path = pg_catalog, public` with the schemas it needs, or an empty path
//! and qualified names.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Writing SECURITY DEFINER Functions Safely".

use std::collections::BTreeMap;

use schemaward_catalog::{Function, QualifiedName};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "function-search-path",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Function without a fixed search path",
    provenance: "pgrls SEC015; splinter 0011",
    impact: "The caller's search path decides what the function reads, writes and runs.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("function_search_path.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let mut overloads: BTreeMap<&QualifiedName, usize> = BTreeMap::new();
    for (name, _) in context.catalog.functions.keys() {
        *overloads.entry(name).or_default() += 1;
    }
    context
        .catalog
        .functions
        .values()
        .filter(|function| function.security_definer || function.returns == "trigger")
        .filter(|function| !matches!(function.language.as_str(), "c" | "internal"))
        .filter(|function| !is_bound_early(function))
        .filter(|function| {
            !function.settings.iter().any(|(name, _)| name.eq_ignore_ascii_case("search_path"))
        })
        .map(|function| {
            let kind = if function.security_definer { "`SECURITY DEFINER`" } else { "Trigger" };
            let message = format!(
                "{kind} function `{}` fixes no `search_path`; add `SET search_path = pg_catalog, …`.",
                function.name
            );
            let mut answer =
                Answer::unmet_subject(function.name.to_string(), message).at(function.origin);
            if overloads.get(&function.name).is_some_and(|times| *times > 1) {
                let types: Vec<String> = function
                    .arguments
                    .iter()
                    .map(|argument| argument.data_type.to_string())
                    .collect();
                answer = answer.detail(types.join(","));
            }
            if function.security_definer {
                answer = answer.severity(Severity::Critical);
            }
            answer
        })
        .collect()
}

/// Whether a body is in the form whose names are bound when the function is created.
fn is_bound_early(function: &Function) -> bool {
    function.language == "sql"
        && function.body.as_ref().is_some_and(|body| {
            let mut words = body.text.split_whitespace().map(str::to_lowercase);
            match words.next().as_deref() {
                Some("return") => true,
                Some("begin") => words.next().as_deref() == Some("atomic"),
                _ => false,
            }
        })
}
