//! # `audit-old-values-missing`
//!
//! ## What it checks
//!
//! Every function that records changes keeps the row as it was before an `UPDATE` or a `DELETE`: it
//! stores `OLD` (`to_jsonb(OLD)`, `OLD.*`, the transition table), or columns of it besides the key. The
//! function is followed for each command that its triggers fire on.
//!
//! ## Why
//!
//! Without the old row the log says that a value was changed, and neither from what, nor what is gone.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE calls (id uuid PRIMARY KEY);
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, row_id uuid, new_row jsonb);
//! CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public
//! AS $$ BEGIN
//!     INSERT INTO audit_logs (actor, action, row_id, new_row)
//!     VALUES (session_user, TG_OP, coalesce(NEW.id, OLD.id), to_jsonb(NEW));
//!     RETURN NULL;
//! END $$;
//! CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls
//!     FOR EACH ROW EXECUTE FUNCTION record();
//! ```
//!
//! ```sql passes
//! CREATE TABLE calls (id uuid PRIMARY KEY);
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, old_row jsonb, new_row jsonb);
//! CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public
//! AS $$ BEGIN
//!     INSERT INTO audit_logs (actor, action, old_row, new_row)
//!     VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
//!     RETURN NULL;
//! END $$;
//! CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls
//!     FOR EACH ROW EXECUTE FUNCTION record();
//! ```
//!
//! ## How to fix
//!
//! Store `to_jsonb(OLD)` in a column of the log.
//!
//! ## Settings
//!
//! `[audit] table`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(b) audit controls.

use schemaward_catalog::TriggerCommand;

use super::{Answer, AnswerKind, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::audit::Recorder;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-old-values-missing",
    category: Category::Audit,
    severity: Severity::Warning,
    title: "Audit entries without the old row",
    provenance: "schemaward",
    impact: "What a row held before it was changed or deleted cannot be told.",
    references: &["Supports 45 CFR 164.312(b) audit controls"],
    control: None,
    page: page!("audit_old_values_missing.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    Recorder::all(context).iter().filter_map(|recorder| judge(context, recorder)).collect()
}

/// What a recorder that runs for some commands leaves out; `None` when nothing.
pub(crate) fn judge(context: &Context<'_>, recorder: &Recorder<'_>) -> Option<Answer> {
    let tenant = &context.standard.tenancy.column;
    let name = recorder.function.name.to_string();
    let body = recorder.function.body.as_ref()?.origin;
    let mut without = Vec::new();
    let mut unclear = false;
    for command in [TriggerCommand::Update, TriggerCommand::Delete] {
        if !recorder.fires_on(command) {
            continue;
        }
        let entries = recorder.entries(context, command);
        let dynamic = recorder.run(command).is_none_or(|run| run.dynamic);
        if dynamic || entries.is_empty() || entries.iter().any(|(_, row)| row.values.is_empty()) {
            unclear = true;
        } else if !entries.iter().any(|(_, row)| recorder.keeps_old(row, tenant)) {
            without.push(command.word());
        }
    }
    if without.is_empty() {
        return unclear.then(|| {
            let message = format!(
                "Whether `{name}()` keeps the old row: the text does not show every row it writes to \
                 the log."
            );
            let mut answer = Answer::unmet_subject(&name, message);
            answer.kind = AnswerKind::Undecided;
            answer.at(body)
        });
    }
    let message = format!(
        "`{name}()` keeps nothing of the old row on {}; store `to_jsonb(OLD)`.",
        without.join(" and ")
    );
    Some(Answer::unmet_subject(&name, message).at(body))
}
