//! # `audit-trigger-breaks-writes`
//!
//! ## What it checks
//!
//! A trigger function that reads or assigns a column of the changed row (`NEW.id`, `OLD.id`) stands on
//! tables that have the column, and what an audit function writes to the log are columns the log has.
//! The function is followed for the commands of the trigger; what it does only on a condition
//! other than `TG_OP`, or where it catches errors, is left out.
//!
//! ## Why
//!
//! PL/pgSQL looks columns up when it runs. The trigger is created without an error, and from then on
//! every write to the table fails.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text, resource_id uuid, new_row jsonb);
//! CREATE TABLE room_bookings (room_id uuid, patient_id uuid, PRIMARY KEY (room_id, patient_id));
//! CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public
//! AS $$ BEGIN
//!     INSERT INTO audit_logs (action, resource_id, new_row) VALUES (TG_OP, NEW.id, to_jsonb(NEW));
//!     RETURN NULL;
//! END $$;
//! CREATE TRIGGER room_bookings_audit AFTER INSERT OR UPDATE ON room_bookings
//!     FOR EACH ROW EXECUTE FUNCTION record();
//! ```
//!
//! ```sql passes
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text, resource_id uuid, new_row jsonb);
//! CREATE TABLE room_bookings (room_id uuid, patient_id uuid, PRIMARY KEY (room_id, patient_id));
//! CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public
//! AS $$ BEGIN
//!     INSERT INTO audit_logs (action, resource_id, new_row)
//!     VALUES (TG_OP, (to_jsonb(NEW) ->> 'id')::uuid, to_jsonb(NEW));
//!     RETURN NULL;
//! END $$;
//! CREATE TRIGGER room_bookings_audit AFTER INSERT OR UPDATE ON room_bookings
//!     FOR EACH ROW EXECUTE FUNCTION record();
//! ```
//!
//! ## How to fix
//!
//! Read the column through `to_jsonb(NEW) ->> '…'`, which is NULL where there is none, or give the table
//! a function of its own.
//!
//! ## Settings
//!
//! None.
//!
//! ## References
//!
//! PostgreSQL documentation, "Trigger Functions".

use std::collections::BTreeSet;

use schemaward_catalog::{ChangedRow, Function, Run, Table, Trigger, TriggerCommand, TriggerState};

use super::required_column::unless_blind;
use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::audit::is_audit_table;
use crate::facts::words::{list, quoted_list};
use crate::{Category, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-trigger-breaks-writes",
    category: Category::Audit,
    severity: Severity::Critical,
    title: "Trigger that makes every write fail",
    provenance: "schemaward",
    impact: "Writes to the table fail as soon as the trigger fires.",
    references: &["Supports 45 CFR 164.312(b) audit controls"],
    control: Some(Control::Audit),
    page: page!("audit_trigger_breaks_writes.rs"),
    check: Check::Table(check),
};

/// Columns that every row has.
const SYSTEM: &[&str] = &["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"];

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let mut answers = Vec::new();
    for trigger in &table.triggers {
        if !trigger.for_each_row
            || !matches!(trigger.state, TriggerState::Enabled | TriggerState::Always)
        {
            continue;
        }
        let function = context.catalog.function(&trigger.function);
        let Some((function, body)) = function.and_then(|f| Some((f, f.body.as_ref()?))) else {
            continue;
        };
        let runs = || body.facts.runs.iter().filter(|run| fires(trigger, run.command));
        let lacking = lacking(table, trigger, function);
        if !lacking.is_empty() {
            let names: Vec<String> =
                lacking.iter().map(|(row, column)| format!("{row}.{column}")).collect();
            let commands: Vec<String> = runs()
                .filter(|run| run.needs.iter().any(|need| lacking.contains(need)))
                .map(|run| run.command.word().to_owned())
                .collect();
            let message = format!(
                "Every {} on `{}` fails: trigger `{}` runs `{}()`, which needs {}, which the table \
                 does not have.",
                list(&commands, "and"),
                table.name,
                trigger.name,
                function.name,
                quoted_list(&names, "and")
            );
            let answer = Answer::unmet(table, message).at(trigger.origin).at(body.origin);
            answers.push(unless_blind(context, table, answer).detail(&trigger.name));
            continue;
        }
        for run in runs() {
            if let Some(answer) = log_lacks(context, table, trigger, function, run) {
                answers.push(answer);
                break;
            }
        }
    }
    answers
}

/// The columns of the changed row that a trigger's function needs and the table does not have.
pub(crate) fn lacking<'f>(
    table: &Table,
    trigger: &Trigger,
    function: &'f Function,
) -> BTreeSet<&'f (ChangedRow, String)> {
    let runs = function.body.iter().flat_map(|body| &body.facts.runs);
    runs.filter(|run| fires(trigger, run.command))
        .flat_map(|run| &run.needs)
        .filter(|(_, column)| table.column(column).is_none() && !SYSTEM.contains(&column.as_str()))
        .collect()
}

fn fires(trigger: &Trigger, command: TriggerCommand) -> bool {
    match command {
        TriggerCommand::Insert => trigger.insert,
        TriggerCommand::Update => trigger.update,
        TriggerCommand::Delete => trigger.delete,
        TriggerCommand::Truncate => false,
    }
}

/// A column that the function writes to the log and the log does not have.
fn log_lacks(
    context: &Context<'_>,
    table: &Table,
    trigger: &Trigger,
    function: &Function,
    run: &Run,
) -> Option<Answer> {
    run.inserts.iter().filter(|row| row.certain).find_map(|row| {
        let name =
            context.catalog.resolve(&row.target, |name| context.catalog.tables.contains_key(name))?;
        let log = context.catalog.tables.get(&name)?;
        let column = row.columns.iter().find(|column| log.column(column).is_none())?;
        if !is_audit_table(context, &name) {
            return None;
        }
        let message = format!(
            "Every {} on `{}` fails: trigger `{}` runs `{}()`, which writes `{}.{column}`, a column \
             the log does not have.",
            run.command.word(),
            table.name,
            trigger.name,
            function.name,
            log.name
        );
        let answer = Answer::unmet(table, message).at(trigger.origin).at(log.name_origin);
        Some(unless_blind(context, log, answer).detail(&trigger.name))
    })
}
