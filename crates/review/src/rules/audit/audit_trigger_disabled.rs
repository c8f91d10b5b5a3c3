//! # `audit-trigger-disabled`
//!
//! ## What it checks
//!
//! No audit trigger of a table whose changes must be recorded is disabled in the final state, by
//! name, by `DISABLE TRIGGER USER` or `ALL`, or set to fire on replicas only.
//!
//! ## Why
//!
//! Triggers are disabled for a bulk load and forgotten. Every listing still shows them.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE calls (id uuid PRIMARY KEY, to_number text NOT NULL);
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text, resource_id uuid, new_row jsonb);
//! CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public
//! AS $$ BEGIN
//!     INSERT INTO audit_logs (action, new_row) VALUES (TG_OP, to_jsonb(NEW));
//!     RETURN NULL;
//! END $$;
//! CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls
//!     FOR EACH ROW EXECUTE FUNCTION record();
//! ALTER TABLE calls DISABLE TRIGGER calls_audit;
//! ```
//!
//! ```sql passes
//! CREATE TABLE calls (id uuid PRIMARY KEY, to_number text NOT NULL);
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text, resource_id uuid, new_row jsonb);
//! CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public
//! AS $$ BEGIN
//!     INSERT INTO audit_logs (action, new_row) VALUES (TG_OP, to_jsonb(NEW));
//!     RETURN NULL;
//! END $$;
//! CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls
//!     FOR EACH ROW EXECUTE FUNCTION record();
//! ALTER TABLE calls DISABLE TRIGGER calls_audit;
//! ALTER TABLE calls ENABLE TRIGGER calls_audit;
//! ```
//!
//! ## How to fix
//!
//! `ALTER TABLE … ENABLE TRIGGER …`, and find out which changes went unrecorded.
//!
//! ## Settings
//!
//! `[audit] classes`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(b) audit controls.

use schemaward_catalog::{Table, TriggerState};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-trigger-disabled",
    category: Category::Audit,
    severity: Severity::Critical,
    title: "Audit trigger disabled",
    provenance: "schemaward",
    impact: "Changes leave no record although every listing shows the trigger.",
    references: &["Supports 45 CFR 164.312(b) audit controls"],
    control: Some(Control::Audit),
    page: page!("audit_trigger_disabled.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandate = &context.standard.audit;
    if !context.mandated(&table.name, &mandate.classes) {
        return Vec::new();
    }
    let triggers = context.audit_triggers(&table.name);
    // What enabled triggers see anyway, a disabled one does not take away.
    if mandate.events.iter().all(|event| triggers.covering(*event).is_some()) {
        return Vec::new();
    }
    triggers
        .disabled
        .iter()
        .map(|trigger| {
            let state = if trigger.state == TriggerState::Replica {
                "fires on replicas only"
            } else {
                "is disabled"
            };
            let message = format!(
                "The audit trigger `{}` of `{}` {state} in the final state; enable it.",
                trigger.name, table.name
            );
            let answer = Answer::unmet(table, message).detail(&trigger.name);
            let answer = match trigger.state_origin {
                Some(origin) => answer.at(origin),
                None => answer,
            };
            answer.at(trigger.origin)
        })
        .collect()
}
