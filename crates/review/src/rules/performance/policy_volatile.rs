//! # `policy-volatile`
//!
//! ## What it checks
//!
//! No policy calls a function that is `VOLATILE`, as every function is that does not say otherwise, nor one
//! of PostgreSQL that is (`random()`, `clock_timestamp()`, `gen_random_uuid()`, `set_config(…)`), outside a
//! scalar sub-select. A function of the project that is not in the text says nothing.
//!
//! ## Why
//!
//! The planner must not move, skip or repeat a volatile function: it runs it on each row, after everything
//! else.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql AS
//!     $$ SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid $$;
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes USING (organization_id = current_tenant());
//! ```
//!
//! ```sql passes
//! CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE AS
//!     $$ SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid $$;
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes USING (organization_id = (SELECT current_tenant()));
//! ```
//!
//! ## How to fix
//!
//! `ALTER FUNCTION … STABLE` where it only reads.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Function Volatility Categories".

use schemaward_catalog::{Table, Volatility};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::predicate::Call;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-volatile",
    category: Category::Performance,
    severity: Severity::Warning,
    title: "Policy calls a volatile function",
    provenance: "pgrls PERF002",
    impact: "The function runs for every row, keeps indexes from being used, and may answer differently each time.",
    references: &[],
    control: None,
    page: page!("policy_volatile.rs"),
    check: Check::Table(check),
};

const BUILT_IN: [&str; 11] = [
    "clock_timestamp",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "pg_sleep",
    "random",
    "set_config",
    "timeofday",
    "uuid_generate_v4",
];

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies
        .filter_map(|facts| {
            let (clause, call) = facts.clauses().find_map(|clause| {
                let mut calls = clause.predicate.calls.iter();
                Some((clause, calls.find(|call| is_volatile(context, call))?))
            })?;
            let message = format!(
                "Policy `{}` on `{}` calls `{}()`, which is `VOLATILE`.",
                facts.policy.name, table.name, call.name,
            );
            let mut answer =
                Answer::unmet(table, message).detail(&facts.policy.name).at(clause.origin());
            for function in context.catalog.functions_named(&call.name) {
                answer = answer.at(function.origin);
            }
            Some(answer)
        })
        .collect()
}

fn is_volatile(context: &Context<'_>, call: &Call) -> bool {
    let own = context.catalog.functions_named(&call.name);
    let volatile = if own.is_empty() {
        BUILT_IN.contains(&call.name.name.as_str())
    } else {
        own.iter().all(|function| function.volatility == Volatility::Volatile)
    };
    volatile && !call.once
}
