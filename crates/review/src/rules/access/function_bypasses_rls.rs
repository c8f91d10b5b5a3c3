//! # `function-bypasses-rls`
//!
//! ## What it checks
//!
//! No `SECURITY DEFINER` function that reads or writes a table with row-level security, itself or in
//! functions it calls, can be executed by everyone, as by default, or by a role it was granted to. Trigger
//! functions have a rule of their own.
//!
//! It is information for a function that asks itself who is there (it reads settings, `auth.uid()` or
//! `current_user`, or policies call it): such functions are a way to look up memberships. Whether what it
//! does is right is for a reader of its body to say.
//!
//! ## Why
//!
//! The function runs as its owner, who is usually exempt from the policies. Its arguments come from the
//! caller: `patient_summary(id)` gives out any patient to anyone who knows, or guesses, an id.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text);
//! ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
//! CREATE FUNCTION patient_name(p uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
//!     SET search_path = public AS $$ SELECT full_name FROM patients WHERE id = p $$;
//! ```
//!
//! ```sql passes
//! CREATE TABLE patients (id uuid PRIMARY KEY, full_name text);
//! ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
//! CREATE FUNCTION patient_name(p uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
//!     SET search_path = public AS $$ SELECT full_name FROM patients WHERE id = p $$;
//! REVOKE EXECUTE ON FUNCTION patient_name(uuid) FROM PUBLIC;
//! ```
//!
//! ## How to fix
//!
//! `ALTER FUNCTION … SECURITY INVOKER`; or revoke `EXECUTE` from `PUBLIC`, grant it to those who need it,
//! and check in the body who asks.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Writing SECURITY DEFINER
//! Functions Safely".

use std::collections::BTreeSet;

use schemaward_catalog::{Function, ObjectName};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::access::touched;
use crate::facts::policy::{Command, PolicyFacts};
use crate::facts::rights::grantees;
use crate::facts::session::function_reads_session;
use crate::facts::words::quoted_list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "function-bypasses-rls",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Function reads protected rows with its owner's rights",
    provenance: "pgrls SEC014, SEC042; splinter 0028, 0029",
    impact: "Whoever may call the function reads or changes rows that the policies keep from them.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("function_bypasses_rls.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let called: BTreeSet<&ObjectName> = context
        .tables()
        .flat_map(|table| context.policies(&table.name))
        .flat_map(PolicyFacts::clauses)
        .flat_map(|clause| clause.predicate.calls.iter().map(|call| &call.name))
        .collect();
    context
        .catalog
        .functions
        .values()
        .filter(|function| function.security_definer && function.returns != "trigger")
        .filter_map(|function| judge(context, function, &called))
        .collect()
}

fn judge(
    context: &Context<'_>,
    function: &Function,
    called: &BTreeSet<&ObjectName>,
) -> Option<Answer> {
    let touched = touched(context, function);
    let granted =
        grantees(context.catalog, &function.grants, function.owner.as_deref(), &["EXECUTE"]);
    let who: Vec<&str> = if function.public_execute {
        vec!["PUBLIC"]
    } else {
        granted.iter().map(|(role, _)| *role).collect()
    };
    if touched.is_empty() || who.is_empty() {
        return None;
    }
    let names = |writes: bool| -> Vec<String> {
        let with = touched.iter().filter(|(_, commands)| {
            writes == commands.iter().any(|command| *command != Command::Select)
        });
        with.map(|(table, _)| table.name.to_string()).collect()
    };
    let does: Vec<String> = [("reads", names(false)), ("writes", names(true))]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(verb, names)| format!("{verb} {}", quoted_list(&names, "and")))
        .collect();
    let message = format!(
        "`SECURITY DEFINER` function `{}` {} past row-level security, and {} may execute it.",
        function.name,
        does.join(" and "),
        quoted_list(&who, "and"),
    );
    let mut answer = Answer::unmet_subject(function.name.to_string(), message).at(function.origin);
    for (_, origin) in granted {
        answer = answer.at(origin);
    }
    let key = |schema: Option<String>| ObjectName { schema, name: function.name.name.clone() };
    let in_policy = [None, Some(function.name.schema.clone())]
        .into_iter()
        .any(|schema| called.contains(&key(schema)));
    let asks = in_policy || function_reads_session(context.catalog, function);
    Some(if asks { answer.severity(Severity::Info) } else { answer })
}
