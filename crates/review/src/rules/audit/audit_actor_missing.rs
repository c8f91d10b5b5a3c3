//! # `audit-actor-missing`
//!
//! ## What it checks
//!
//! Every function that records changes says who made them: it fills the log's column for the actor
//! from something that is always known (`session_user`, a setting read without `missing_ok`, a column
//! of the row), or from a setting that may be unset where the log's column is `NOT NULL`, so that a
//! change without it fails. `current_user` inside a `SECURITY DEFINER` function is the function's
//! owner, and counts as no actor.
//!
//! ## Why
//!
//! An entry without a name says that something happened. Everything that does not set the setting, a
//! job, a console, a second service, leaves entries like that.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE calls (id uuid PRIMARY KEY);
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor_id uuid, action text, old_row jsonb);
//! CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public
//! AS $$ BEGIN
//!     INSERT INTO audit_logs (actor_id, action, old_row)
//!     VALUES (nullif(current_setting('app.user_id', true), '')::uuid, TG_OP, to_jsonb(OLD));
//!     RETURN NULL;
//! END $$;
//! CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls
//!     FOR EACH ROW EXECUTE FUNCTION record();
//! ```
//!
//! ```sql passes
//! CREATE TABLE calls (id uuid PRIMARY KEY);
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor_id uuid, action text, old_row jsonb);
//! CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public
//! AS $$ BEGIN
//!     INSERT INTO audit_logs (actor_id, action, old_row)
//!     VALUES (current_setting('app.user_id')::uuid, TG_OP, to_jsonb(OLD));
//!     RETURN NULL;
//! END $$;
//! CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls
//!     FOR EACH ROW EXECUTE FUNCTION record();
//! ```
//!
//! ## How to fix
//!
//! Require the setting, or make the log's column `NOT NULL`; give jobs an account of their own. Record
//! `session_user` beside it.
//!
//! ## Settings
//!
//! `[audit] table`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(2)(i) unique user identification.

use schemaward_catalog::{InsertedRow, Table, TriggerCommand};

use super::{Answer, AnswerKind, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::actor::{Actor, actor};
use crate::facts::audit::Recorder;
use crate::{Category, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-actor-missing",
    category: Category::Audit,
    severity: Severity::Warning,
    title: "Audit entries without an actor",
    provenance: "schemaward",
    impact: "The log says that something was changed, and not by whom.",
    references: &["Supports 45 CFR 164.312(a)(2)(i) unique user identification"],
    control: None,
    page: page!("audit_actor_missing.rs"),
    check: Check::Schema(check),
};

fn check(context: &Context<'_>) -> Vec<Answer> {
    Recorder::all(context).iter().filter_map(|recorder| judge(context, recorder)).collect()
}

/// What a recorder that runs for some commands leaves out; `None` when nothing.
pub(crate) fn judge(context: &Context<'_>, recorder: &Recorder<'_>) -> Option<Answer> {
    let commands = TriggerCommand::ALL.into_iter().filter(|command| recorder.fires_on(*command));
    let entries: Vec<(&Table, &InsertedRow)> =
        commands.flat_map(|command| recorder.entries(context, command)).collect();
    let function = recorder.function;
    let name = function.name.to_string();
    let body = function.body.as_ref()?.origin;
    let mut found: Vec<(Actor, &Table)> = Vec::new();
    for (log, row) in &entries {
        found.push((actor(context.catalog, function, log, row), *log));
    }
    let undecided = |why: &str| {
        let mut answer = Answer::unmet_subject(
            &name,
            format!("Whether `{name}()` records who made a change: {why}."),
        );
        answer.kind = AnswerKind::Undecided;
        answer.at(body)
    };
    if found.is_empty() {
        return Some(undecided("the text does not show the row it writes to the log"));
    }
    // One command without an actor is enough to have entries without one.
    let worst = found.iter().find(|(actor, _)| !matches!(actor, Actor::Known | Actor::Unclear(_)));
    let Some((actor, log)) = worst else {
        let why = found.iter().find_map(|(actor, _)| match actor {
            Actor::Unclear(why) => Some(why),
            _ => None,
        });
        return why.map(|why| undecided(why));
    };
    let message = match actor {
        Actor::Optional(setting) => format!(
            "`{name}()` takes the actor from the setting `{setting}`, which nothing requires: where it \
             is unset, `{}` names nobody.",
            log.name
        ),
        Actor::Owner => format!(
            "`{name}()` is `SECURITY DEFINER`, so its `current_user` is its owner, whoever made the \
             change; record `session_user` or a setting."
        ),
        Actor::Empty(column) => {
            format!(
                "`{name}()` leaves `{}.{column}` empty: no entry says who made the change.",
                log.name
            )
        }
        _ => format!(
            "`{name}()` writes entries to `{}`, which has no column for who made the change.",
            log.name
        ),
    };
    Some(Answer::unmet_subject(&name, message).at(body).at(log.name_origin))
}
