//! # `policy-call-per-row`
//!
//! ## What it checks
//!
//! `current_setting(…)`, functions that tell who asks (`auth.uid()`), and functions of the project that are
//! `STABLE`, stand in a scalar sub-select in a policy, in `USING` as in `WITH CHECK`: `(SELECT
//! current_setting('app.tenant', true)::uuid)`. Every occurrence counts. A sub-query that reads a table
//! does not help, since its own condition runs for each of its rows. Calls whose arguments are columns of
//! the row have to run for each row, and are left out.
//!
//! ## Why
//!
//! The planner computes a sub-select that names no column once and compares rows with the result, also by
//! an index. A bare call is part of the condition of each row; on a thousand rows it runs a thousand times.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes
//!     USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
//! ```
//!
//! ```sql passes
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes
//!     USING (organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));
//! ```
//!
//! ## How to fix
//!
//! Put the whole value, casts and all, into `(SELECT …)`.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Row Security Policies".

use schemaward_catalog::{Table, Volatility};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::PolicyFacts;
use crate::facts::predicate::Call;
use crate::facts::words::quoted_list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-call-per-row",
    category: Category::Performance,
    severity: Severity::Warning,
    title: "Policy calls a function for each row",
    provenance: "pgrls PERF001; splinter 0003",
    impact: "The function runs once for every row that a query looks at.",
    references: &[],
    control: None,
    page: page!("policy_call_per_row.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies.filter_map(|facts| judge(context, table, facts)).collect()
}

fn judge(context: &Context<'_>, table: &Table, facts: &PolicyFacts<'_>) -> Option<Answer> {
    let mut shown: Vec<&str> = Vec::new();
    let mut times = 0_usize;
    let mut at = Vec::new();
    for clause in facts.clauses() {
        for call in clause.predicate.calls.iter().filter(|call| is_bare(context, call)) {
            times += 1;
            at.push(clause.origin());
            if !shown.contains(&call.text.as_str()) {
                shown.push(&call.text);
            }
        }
    }
    let times = if times == 1 { "once".to_owned() } else { format!("{times} times") };
    let message = format!(
        "Policy `{}` on `{}` calls {} for each row ({times}); put it into a scalar sub-select.",
        facts.policy.name,
        table.name,
        quoted_list(&shown, "and"),
    );
    let mut answer = Answer::unmet(table, message).detail(&facts.policy.name).at(*at.first()?);
    for origin in at {
        answer = answer.at(origin);
    }
    Some(answer)
}

fn is_bare(context: &Context<'_>, call: &Call) -> bool {
    if call.once || call.of_row {
        return false;
    }
    let gateway = call.name.schema.as_deref() == Some("auth")
        && matches!(call.name.name.as_str(), "uid" | "jwt" | "role" | "email");
    let own = context.catalog.functions_named(&call.name);
    call.name.name == "current_setting"
        || (gateway && own.is_empty())
        || own.iter().any(|function| function.volatility == Volatility::Stable)
}
