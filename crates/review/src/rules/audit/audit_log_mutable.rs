//! # `audit-log-mutable`
//!
//! ## What it checks
//!
//! Nobody but its owner can change or empty an audit log: no role holds `UPDATE`, `DELETE` or
//! `TRUNCATE` on it, or something stops them (no policy lets the role, a trigger raises, a rule does
//! something instead). Where the text grants nothing on any table, so that the application may well be
//! the owner, the log has a trigger or rule that stops everyone; else it is a warning.
//!
//! ## Why
//!
//! A log that whoever is logged can rewrite proves nothing.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE ROLE clinic_app;
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, old_row jsonb);
//! GRANT SELECT, INSERT, UPDATE, DELETE ON audit_logs TO clinic_app;
//! ```
//!
//! ```sql passes
//! CREATE ROLE clinic_app;
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, old_row jsonb);
//! GRANT SELECT, INSERT ON audit_logs TO clinic_app;
//! ```
//!
//! ## How to fix
//!
//! `REVOKE UPDATE, DELETE, TRUNCATE`, and a trigger before these commands that raises, so that the owner
//! is held to it, too.
//!
//! ## Settings
//!
//! `[audit] table`, `[classes] audit`.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(b) audit controls and 164.312(c)(1) integrity.

use schemaward_catalog::Table;

use super::{Answer, AnswerKind, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::access::commands_of_others;
use crate::facts::guard::guard;
use crate::facts::policy::Command;
use crate::facts::words::list;
use crate::{Category, Class, Control, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "audit-log-mutable",
    category: Category::Audit,
    severity: Severity::Critical,
    title: "Audit log that can be rewritten",
    provenance: "schemaward",
    impact: "Whoever made a change can take it out of the record.",
    references: &[
        "Supports 45 CFR 164.312(b) audit controls",
        "Supports 45 CFR 164.312(c)(1) integrity",
    ],
    control: Some(Control::Audit),
    page: page!("audit_log_mutable.rs"),
    check: Check::Table(check),
};

const COMMANDS: [Command; 3] = [Command::Update, Command::Delete, Command::Truncate];

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    if context.class(&table.name) != Class::Audit {
        return Vec::new();
    }
    let by_role = commands_of_others(context, table, &COMMANDS);
    if !by_role.is_empty() {
        return by_role
            .into_iter()
            .map(|(role, (words, origins))| {
                let who =
                    if role == "public" { "Every role".to_owned() } else { format!("`{role}`") };
                let message = format!(
                    "{who} may {} on the audit log `{}`, and nothing stops it; revoke that.",
                    list(&words, "and"),
                    table.name
                );
                let answer = Answer::unmet(table, message).detail(role);
                origins.into_iter().fold(answer, Answer::at)
            })
            .collect();
    }
    let guards: Vec<_> =
        COMMANDS.iter().map(|command| guard(context.catalog, table, *command)).collect();
    if let [Some(_), Some(_), _] = guards.as_slice() {
        let message = format!(
            "The audit log `{}` is append-only: nobody, its owner included, can change an entry.",
            table.name
        );
        let guards = guards.into_iter().flatten();
        return vec![guards.fold(Answer::success(table, message), Answer::at)];
    }
    if context.speaks_of_rights {
        return vec![
            Answer::met(table, "only its owner can change its entries").at(table.name_origin),
        ];
    }
    let message = format!(
        "Nothing keeps the entries of the audit log `{}` from being changed: the text grants no \
         rights, so its owner may be whom the application connects as, and no trigger stops that.",
        table.name
    );
    let mut answer =
        Answer::unmet(table, message).severity(Severity::Warning).at(table.name_origin);
    if let Some(blind) = context.blind_on(table, |touches| touches.triggers) {
        answer.kind = AnswerKind::Undecided;
        answer.message = format!(
            "{} A statement that may add one was not read ({}).",
            answer.message, blind.reason
        );
    }
    vec![answer]
}
