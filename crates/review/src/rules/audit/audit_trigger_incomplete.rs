//! # `audit-trigger-incomplete`
//!
//! ## What it checks
//!
//! The audit triggers of a table together see every `INSERT`, `UPDATE` and `DELETE` (or the events
//! the standard names). `UPDATE OF` some columns does not see the others. A trigger with a `WHEN`
//! condition other than "any change" makes the answer *undecided* for its event.
//!
//! ## Why
//!
//! The change that matters most in an investigation, the deletion, is the one that is most often left
//! out; the table counts as audited all the same.
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
//! CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE ON calls
//!     FOR EACH ROW EXECUTE FUNCTION record();
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
//! CREATE TRIGGER calls_audit AFTER INSERT OR DELETE ON calls
//!     FOR EACH ROW EXECUTE FUNCTION record();
//! CREATE TRIGGER calls_audit_update AFTER UPDATE ON calls
//!     FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION record();
//! ```
//!
//! ## How to fix
//!
//! Create the trigger again with all events, or add one for those that are missing.
//!
//! ## Settings
//!
//! `[audit] events`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(b) audit controls.

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::audit::Coverage;
use crate::facts::words::list;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-trigger-incomplete",
    category: Category::Audit,
    severity: Severity::Critical,
    title: "Audit trigger does not see every change",
    provenance: "schemaward",
    impact: "Some changes leave no record, on a table that counts as audited.",
    references: &["Supports 45 CFR 164.312(b) audit controls"],
    control: Some(Control::Audit),
    page: page!("audit_trigger_incomplete.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandate = &context.standard.audit;
    if !context.mandated(&table.name, &mandate.classes) {
        return Vec::new();
    }
    let triggers = context.audit_triggers(&table.name);
    if triggers.enabled.is_empty() {
        return Vec::new();
    }
    let mut unseen = Vec::new();
    let mut columns = Vec::new();
    let mut conditional = Vec::new();
    for event in &mandate.events {
        // An event that a disabled trigger would see belongs to `audit-trigger-disabled`.
        if triggers.covering(*event).is_some() || triggers.disabled_covers(*event) {
            continue;
        }
        match triggers.coverage(*event) {
            Coverage::Every => {}
            Coverage::None => unseen.push(event.to_string()),
            Coverage::SomeColumns => columns.push(event.to_string()),
            Coverage::Conditional => conditional.push(event.to_string()),
        }
    }
    let with_evidence = |mut answer: Answer| {
        for trigger in &triggers.enabled {
            answer = answer.at(trigger.origin);
        }
        answer
    };
    let mut answers = Vec::new();
    if !unseen.is_empty() || !columns.is_empty() {
        let mut parts = Vec::new();
        if !unseen.is_empty() {
            parts.push(format!("no audit trigger sees {}", list(&unseen, "or")));
        }
        if !columns.is_empty() {
            parts.push("UPDATE is seen for some columns only".to_owned());
        }
        let unknown = triggers.unknown.first();
        answers.push(match (unknown, context.blind_on(table, |touches| touches.triggers)) {
            (None, None) => {
                let message = format!("On `{}` {}.", table.name, parts.join(", and "));
                with_evidence(Answer::unmet(table, message))
            }
            (Some((_, because)), _) => {
                let message = format!(
                    "On `{}` {} as far as the text shows: {because}.",
                    table.name,
                    parts.join(", and ")
                );
                with_evidence(Answer::undecided(table, message))
            }
            (None, Some(blind)) => {
                let message = format!(
                    "On `{}` {}, but a statement that may add a trigger was not read ({}).",
                    table.name,
                    parts.join(", and "),
                    blind.reason
                );
                with_evidence(Answer::undecided(table, message)).at(blind.origin)
            }
        });
    }
    if !conditional.is_empty() {
        let message = format!(
            "The audit trigger of `{}` sees {} only when its condition holds; whether that leaves \
             out a change that matters is for a reader to say.",
            table.name,
            list(&conditional, "and")
        );
        answers.push(with_evidence(Answer::undecided(table, message).detail("when")));
    }
    answers
}
