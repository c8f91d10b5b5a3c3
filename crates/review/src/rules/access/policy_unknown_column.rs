//! # `policy-unknown-column`
//!
//! ## What it checks
//!
//! Every column that a policy names exists: on its table, or on the relations of its sub-queries. A
//! relation that the given text does not make is *undecided*, unless it lies in a schema that the text does
//! not know either.
//!
//! ## Why
//!
//! The text is not what runs: the statement fails, and with it whatever was to come in the same migration.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE referrals (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON referrals
//!     USING (tenant_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ```sql passes
//! CREATE TABLE referrals (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON referrals
//!     USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
//! ```
//!
//! ## How to fix
//!
//! Correct the name, or create the policy after the column.
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
use crate::facts::policy::PolicyFacts;
use crate::facts::words::quoted_list;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "policy-unknown-column",
    category: Category::Access,
    severity: Severity::Critical,
    title: "Policy names what does not exist",
    provenance: "schemaward",
    impact: "The server refuses the policy, so the table is not protected the way the text says.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: Some(Control::Policies),
    page: page!("policy_unknown_column.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let policies = context.policies(&table.name).iter();
    policies.filter_map(|facts| judge(context, table, facts)).collect()
}

fn judge(context: &Context<'_>, table: &Table, facts: &PolicyFacts<'_>) -> Option<Answer> {
    let policy = &facts.policy.name;
    if let Some(clause) =
        facts.clauses().find(|clause| !clause.predicate.unknown_columns.is_empty())
    {
        let names: Vec<&String> = clause.predicate.unknown_columns.iter().collect();
        let (is, them) =
            if names.len() == 1 { ("is a column", "it") } else { ("are columns", "them") };
        let names = quoted_list(&names, "and");
        if let Some(blind) = context.blind_on(table, |touches| touches.columns) {
            let message = format!(
                "Policy `{policy}` on `{}` names {names}; a statement that may make {them} was not \
                 read ({}).",
                table.name, blind.reason
            );
            return Some(Answer::undecided(table, message).detail(policy).at(clause.origin()));
        }
        let message = format!(
            "Policy `{policy}` on `{}` names {names}, which {is} of nothing it can see.",
            table.name
        );
        return Some(Answer::unmet(table, message).detail(policy).at(clause.origin()));
    }
    let known = |schema: &Option<String>| {
        schema.as_ref().is_none_or(|schema| context.catalog.schemas.contains_key(schema))
    };
    let clause = facts
        .clauses()
        .find(|clause| clause.predicate.unknown_relations.iter().any(|name| known(&name.schema)))?;
    let names: Vec<String> = clause
        .predicate
        .unknown_relations
        .iter()
        .filter(|name| known(&name.schema))
        .map(ToString::to_string)
        .collect();
    let message = format!(
        "Policy `{policy}` on `{}` reads {}, which the given text does not make; add the definition.",
        table.name,
        quoted_list(&names, "and")
    );
    Some(Answer::undecided(table, message).detail(policy).at(clause.origin()))
}
