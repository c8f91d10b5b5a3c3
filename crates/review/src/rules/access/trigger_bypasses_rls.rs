//! # `trigger-bypasses-rls`
//!
//! ## What it checks
//!
//! A `SECURITY DEFINER` trigger function that writes a table with row-level security is named. For a log it
//! is as it should be: who causes an entry need not be able to write one.
//!
//! ## Why
//!
//! The trigger does for everybody what its owner may do. A value of the row that it copies elsewhere can
//! carry a row past the policies there.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, row_data jsonb);
//! ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;
//! CREATE TABLE notes (id uuid PRIMARY KEY, body text);
//! CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
//! SET search_path = public AS $$ BEGIN
//!     INSERT INTO audit_logs (row_data) VALUES (to_jsonb(NEW)); RETURN NULL; END $$;
//! CREATE TRIGGER notes_audit AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION record_change();
//! ```
//!
//! ```sql passes
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, row_data jsonb);
//! ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;
//! CREATE TABLE notes (id uuid PRIMARY KEY, body text);
//! CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql
//! SET search_path = public AS $$ BEGIN
//!     INSERT INTO audit_logs (row_data) VALUES (to_jsonb(NEW)); RETURN NULL; END $$;
//! CREATE TRIGGER notes_audit AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION record_change();
//! ```
//!
//! ## How to fix
//!
//! Nothing, where it is meant: see that the function writes what it was made for and no more, with a fixed
//! `search_path`.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control. PostgreSQL documentation, "Row Security Policies".

use std::collections::BTreeSet;

use schemaward_catalog::{QualifiedName, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::access::touched;
use crate::facts::policy::Command;
use crate::facts::words::quoted_list;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "trigger-bypasses-rls",
    category: Category::Access,
    severity: Severity::Info,
    title: "Trigger writes protected rows with its owner's rights",
    provenance: "pgrls SEC013",
    impact: "What the trigger writes is not held to the policies of the table it writes.",
    references: &["Supports 45 CFR 164.312(a)(1) access control"],
    control: None,
    page: page!("trigger_bypasses_rls.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    let tables = context.catalog.tables.values();
    let fired: BTreeSet<&QualifiedName> =
        tables.flat_map(|table: &Table| &table.triggers).map(|trigger| &trigger.function).collect();
    fired
        .into_iter()
        .filter_map(|name| context.catalog.function(name))
        .filter(|function| function.security_definer)
        .filter_map(|function| {
            let written: Vec<String> = touched(context, function)
                .into_iter()
                .filter(|(_, commands)| commands.iter().any(|command| *command != Command::Select))
                .map(|(table, _)| table.name.to_string())
                .collect();
            if written.is_empty() {
                return None;
            }
            let message = format!(
                "Trigger function `{}` writes {} with its owner's rights, past row-level security.",
                function.name,
                quoted_list(&written, "and"),
            );
            Some(Answer::unmet_subject(function.name.to_string(), message).at(function.origin))
        })
        .collect()
}
