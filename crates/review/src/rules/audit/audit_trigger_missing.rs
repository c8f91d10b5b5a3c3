//! # `audit-trigger-missing`
//!
//! ## What it checks
//!
//! Every table of a class whose changes must be recorded (clinical, financial, identity, operational)
//! has an audit trigger. A trigger counts by what it does: its function, or one it calls, inserts
//! into the audit log and reads the changed row. Triggers that keep `updated_at` do not count.
//! A trigger whose function the text does not show makes the answer *undecided*.
//!
//! ## Why
//!
//! What the database does not record, nobody can account for later: an application log misses every
//! change made by a migration, a console or a second service.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE calls (id uuid PRIMARY KEY, to_number text NOT NULL, updated_at timestamptz);
//! CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog
//! AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
//! CREATE TRIGGER calls_touch BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION touch();
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
//! ```
//!
//! ## How to fix
//!
//! Attach the project's audit function: `CREATE TRIGGER … AFTER INSERT OR UPDATE OR DELETE …`.
//!
//! ## Settings
//!
//! `[audit]`: `classes`, `table`, `events`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(b) audit controls.

use schemaward_catalog::Table;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::quoted_list;
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-trigger-missing",
    category: Category::Audit,
    severity: Severity::Critical,
    title: "Audit trigger missing",
    provenance: "reference review",
    impact: "Lack of accountability: changes leave no record of who made them.",
    references: &["Supports 45 CFR 164.312(b) audit controls"],
    control: Some(Control::Audit),
    page: page!("audit_trigger_missing.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mandate = &context.standard.audit;
    if !context.mandated(&table.name, &mandate.classes) || mandate.events.is_empty() {
        return Vec::new();
    }
    let triggers = context.audit_triggers(&table.name);
    if !triggers.enabled.is_empty() {
        let names: Vec<&str> =
            triggers.enabled.iter().map(|trigger| trigger.name.as_str()).collect();
        let mut met = Answer::met(table, format!("audited by {}", quoted_list(&names, "and")));
        for trigger in &triggers.enabled {
            met = met.at(trigger.origin);
        }
        return vec![met];
    }
    // `audit-trigger-disabled` says what is wrong then.
    if !triggers.disabled.is_empty() {
        return Vec::new();
    }
    if let Some((trigger, because)) = triggers.unknown.first() {
        let message = format!("Whether changes of `{}` are audited: {because}.", table.name);
        return vec![Answer::undecided(table, message).at(trigger.origin)];
    }
    if let Some(blind) = context.blind_on(table, |touches| touches.triggers) {
        let message = format!(
            "No audit trigger of `{}` was read, but a statement that may create one was not read \
             ({}).",
            table.name, blind.reason
        );
        return vec![Answer::undecided(table, message).at(blind.origin)];
    }
    let message = format!(
        "`{}` holds {} rows and has no audit trigger: nothing records who changes them.",
        table.name,
        context.class(&table.name).word()
    );
    vec![Answer::unmet(table, message).at(table.name_origin)]
}
