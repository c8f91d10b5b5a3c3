//! # `phi-unprotected`
//!
//! ## What it checks
//!
//! A table whose columns identify people (letters A to R of the safe harbor list) or tell of their
//! health has row-level security and an audit trigger. Columns are recognised by their names, types
//! and comments; the report's section on identifiers lists each with the reason. Lists that describe
//! nobody and the audit log itself are left out. One finding names the columns of a table.
//!
//! ## Why
//!
//! Who can reach the table sees whose data it is, and nothing tells afterwards who looked after a
//! change. That holds for a table of phone calls as much as for the patients themselves, whatever
//! class the table is of.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE calls (
//!     id          uuid PRIMARY KEY,
//!     from_number text NOT NULL,
//!     symptoms    text
//! );
//! ```
//!
//! ```sql passes
//! CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text NOT NULL, row_data jsonb);
//! CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
//! BEGIN
//!     INSERT INTO audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD));
//!     RETURN NULL;
//! END $$;
//! CREATE TABLE calls (
//!     id          uuid PRIMARY KEY,
//!     from_number text NOT NULL,
//!     symptoms    text
//! );
//! ALTER TABLE calls ENABLE ROW LEVEL SECURITY;
//! CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls
//!     FOR EACH ROW EXECUTE FUNCTION record_change();
//! ```
//!
//! ## How to fix
//!
//! Protect the table as its class demands, or move the columns to a table that is protected. A column
//! that was recognised wrongly can be explained in its comment, or the finding waived with a reason.
//!
//! ## Settings
//!
//! `[rls] classes` and `[audit] classes`: an empty list asks for neither.
//!
//! ## References
//!
//! Supports 45 CFR 164.312(a)(1) access control and 164.312(b) audit controls; the letters are those of
//! 45 CFR 164.514(b)(2)(i).

use schemaward_catalog::{Origin, Table};

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::words::list;
use crate::identifiers::Found;
use crate::{Category, Class, Control, IdentifierGroup, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "phi-unprotected",
    category: Category::Privacy,
    severity: Severity::Critical,
    title: "Identifying or clinical columns without protection",
    provenance: "own",
    impact: "Whoever reaches the table sees whose data it is, or changes it without a trace.",
    references: &[
        "Supports 45 CFR 164.312(a)(1) access control",
        "Supports 45 CFR 164.312(b) audit controls",
    ],
    control: Some(Control::Privacy),
    page: page!("phi_unprotected.rs"),
    check: Check::Table(check),
};

/// More columns than a sentence can name.
const NAMED: usize = 4;

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let (ask_rls, ask_audit) = asked(context);
    let class = context.class(&table.name);
    let mut found: Vec<&Found<'_>> =
        context.identifiers(&table.name).iter().filter(|found| found.kind.is_protected()).collect();
    if found.is_empty()
        || !ask_rls && !ask_audit
        || matches!(class, Class::Audit | Class::Reference)
    {
        return Vec::new();
    }
    // The gravest first: numbers that are one person's alone, then facts of health.
    found.sort_by_key(|found| match (found.kind.letter, found.kind.group) {
        (Some('G' | 'H'), _) => 0,
        (_, IdentifierGroup::Clinical) => 1,
        (Some('A' | 'C' | 'I' | 'J' | 'P'), _) => 2,
        _ => 3,
    });

    let Unprotected { access, audit, open, protects } = judge(context, table);
    let missing: Vec<String> = [(access, "row-level security"), (audit, "an audit trigger")]
        .into_iter()
        .filter(|(missing, _)| *missing)
        .map(|(_, what)| what.to_owned())
        .collect();

    let what = described(&found);
    if missing.is_empty() {
        if let Some((_, origin)) = open.first() {
            let open: Vec<String> = open.iter().map(|(what, _)| what.clone()).collect();
            let message = format!(
                "`{}` keeps {what}; the text does not settle whether it has {}.",
                table.name,
                list(&open, "and")
            );
            return vec![Answer::undecided(table, message).at(*origin)];
        }
        let message = "what identifies people or tells of their health is protected";
        return vec![protects.into_iter().fold(Answer::met(table, message), Answer::at)];
    }
    let message =
        format!("`{}` keeps {what} without {}.", table.name, list(&missing, "and without"));
    let unmet = Answer::unmet(table, message);
    vec![found.iter().take(NAMED).fold(unmet, |unmet, found| unmet.at(found.column.origin))]
}

/// Whether the standard asks for row-level security and for audit triggers at all.
fn asked(context: &Context<'_>) -> (bool, bool) {
    let standard = context.standard;
    (!standard.rls.classes.is_empty(), !standard.audit.classes.is_empty())
}

/// How a table that keeps people's data is protected.
pub(crate) struct Unprotected {
    /// It has no row-level security.
    pub(crate) access: bool,
    /// It has no audit trigger.
    pub(crate) audit: bool,
    /// What the text does not settle.
    open: Vec<(String, Origin)>,
    /// What protects it.
    protects: Vec<Origin>,
}

/// Asks for the two protections that the standard asks for.
pub(crate) fn judge(context: &Context<'_>, table: &Table) -> Unprotected {
    let (ask_rls, ask_audit) = asked(context);
    let triggers = context.audit_triggers(&table.name);
    let mut found =
        Unprotected { access: false, audit: false, open: Vec::new(), protects: Vec::new() };
    if ask_rls && table.row_security.on {
        found.protects.extend(table.row_security.origin);
    } else if ask_rls {
        match context.blind_on(table, |touches| touches.row_security) {
            Some(blind) => {
                let what = format!("row-level security ({})", blind.reason);
                found.open.push((what, blind.origin));
            }
            None => found.access = true,
        }
    }
    if ask_audit && !triggers.enabled.is_empty() {
        found.protects.extend(triggers.enabled.iter().map(|trigger| trigger.origin));
    } else if ask_audit {
        let blind = context.blind_on(table, |touches| touches.triggers);
        match (triggers.unknown.first(), blind) {
            (Some((trigger, because)), _) => {
                found.open.push((format!("an audit trigger ({because})"), trigger.origin));
            }
            (None, Some(blind)) => {
                found.open.push((format!("an audit trigger ({})", blind.reason), blind.origin));
            }
            (None, None) => found.audit = true,
        }
    }
    found
}

/// `` `ssn` (G), `symptoms` (clinical) and 3 more columns of the kind ``.
fn described(found: &[&Found<'_>]) -> String {
    let mut parts: Vec<String> = found
        .iter()
        .take(NAMED)
        .map(|found| match found.kind.letter {
            Some(letter) => format!("`{}` ({}, {letter})", found.column.name, found.kind.name),
            None => format!("`{}` ({})", found.column.name, found.kind.name),
        })
        .collect();
    match found.len().saturating_sub(NAMED) {
        0 => {}
        1 => parts.push("1 more column of the kind".to_owned()),
        more => parts.push(format!("{more} more columns of the kind")),
    }
    list(&parts, "and")
}
