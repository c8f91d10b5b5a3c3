//! # `immutable-reads-session`
//!
//! ## What it checks
//!
//! No function that a policy calls is declared `IMMUTABLE` while its body reads settings, the role of the
//! session, or functions that do.
//!
//! ## Why
//!
//! `IMMUTABLE` promises one answer for all time. A plan that is kept, as those of prepared statements are,
//! holds the value of the session for which it was made.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql IMMUTABLE AS
//!     $$ SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid $$;
//! CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
//! CREATE POLICY of_tenant ON notes USING (organization_id = (SELECT current_tenant()));
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
//! `ALTER FUNCTION … STABLE`.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Function Volatility
//! Categories".

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{Function, Origin, QualifiedName, Volatility};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::policy::PolicyFacts;
use crate::facts::session::function_reads_session;
use crate::facts::words::quoted_list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "immutable-reads-session",
    category: Category::Access,
    severity: Severity::Warning,
    title: "Function that promises too much in a policy",
    provenance: "pgrls SEC046",
    impact: "The server may compute the value once and keep it for other sessions: for the rows of another tenant.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("immutable_reads_session.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let functions = context.catalog.functions.values().filter(|function| {
        function.volatility == Volatility::Immutable
            && function_reads_session(context.catalog, function)
    });
    let mut suspects: BTreeMap<&QualifiedName, Vec<&Function>> = BTreeMap::new();
    for function in functions {
        suspects.entry(&function.name).or_default().push(function);
    }
    if suspects.is_empty() {
        return Vec::new();
    }
    let mut called: BTreeMap<&QualifiedName, (BTreeSet<String>, Origin)> = BTreeMap::new();
    for table in context.tables() {
        for clause in context.policies(&table.name).iter().flat_map(PolicyFacts::clauses) {
            for call in &clause.predicate.calls {
                let exists = |name: &QualifiedName| context.catalog.function(name).is_some();
                let Some(name) = context.catalog.resolve(&call.name, exists) else { continue };
                let Some((name, _)) = suspects.get_key_value(&name) else { continue };
                let (tables, _) =
                    called.entry(name).or_insert_with(|| (BTreeSet::new(), clause.origin()));
                tables.insert(table.name.to_string());
            }
        }
    }
    called
        .into_iter()
        .flat_map(|(name, found)| {
            let functions = suspects.get(name).into_iter().flatten();
            functions.map(move |function| (*function, found.clone()))
        })
        .map(|(function, (tables, origin))| {
            let tables: Vec<String> = tables.into_iter().collect();
            let message = format!(
                "`{}()` is declared `IMMUTABLE` and reads the session; policies of {} call it.",
                function.name,
                quoted_list(&tables, "and"),
            );
            let subject = function.name.to_string();
            Answer::unmet_subject(subject, message).at(function.origin).at(origin)
        })
        .collect()
}
