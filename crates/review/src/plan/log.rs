//! Steps on rights that undo what is kept: deletions, and changes of the log.

use std::collections::BTreeSet;

use schemaward_catalog::ddl::role;
use schemaward_catalog::{QualifiedName, Table, quote_identifier};

use super::{Draft, Findings, PlanContext, free_name, named};
use crate::facts::guard::guard;
use crate::facts::policy::Command;
use crate::{Class, Finding, Verb};

pub(super) fn drafts(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    drafts.extend(mutable(context, findings));
    drafts.extend(revoked(
        context,
        findings,
        "hard-delete-granted",
        &["DELETE", "TRUNCATE"],
        "Take the right to delete rows of",
        "What must be deleted for good is deleted by a role of its own, on purpose.",
    ));
    drafts.extend(revoked(
        context,
        findings,
        "audit-truncate-unseen",
        &["TRUNCATE"],
        "Take the right to empty",
        "Tests that empty tables need a role of their own.",
    ));
    drafts.extend(questions(context, findings));
    drafts
}

/// Takes rights from every role that a finding of a rule is about.
fn revoked(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    rule: &str,
    privileges: &[&str],
    title: &str,
    note: &str,
) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Harden);
    let mut names = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &[rule]) {
        if let Some(sql) = revoke(table, privileges) {
            draft.sql.push(sql);
            draft.close(&findings);
            names.push(table.name.to_string());
        }
    }
    if !names.is_empty() {
        draft.note(note);
    }
    draft.finished(format!("{title} {}.", named(&names)))
}

/// Takes rights on a table from whoever was granted them, but for its owner.
fn revoke(table: &Table, privileges: &[&str]) -> Option<String> {
    let roles: BTreeSet<&str> = table
        .grants
        .iter()
        .filter(|grant| {
            let held = |name: &String| name == "ALL" || privileges.contains(&name.as_str());
            grant.privileges.iter().any(|(name, _)| held(name))
        })
        .map(|grant| grant.grantee.as_str())
        .filter(|role| table.owner.as_deref() != Some(role))
        .collect();
    let roles: Vec<String> = roles.into_iter().map(role).collect();
    (!roles.is_empty()).then(|| {
        format!(
            "REVOKE {} ON {} FROM {};",
            privileges.join(", "),
            table.name.to_sql(),
            roles.join(", ")
        )
    })
}

/// Whether anything is still granted on a table after the plan took what it takes; yes, where nothing
/// was in the first place.
fn rights_remain(context: &PlanContext<'_>, findings: &Findings<'_>) -> bool {
    if !context.reviewed.speaks_of_rights {
        return true;
    }
    let taken: [(&str, &[&str]); 2] = [
        ("hard-delete-granted", &["DELETE", "TRUNCATE"]),
        ("audit-truncate-unseen", &["TRUNCATE"]),
    ];
    let taken = taken.map(|(rule, privileges)| {
        let tables = findings.of(&[rule]).filter_map(|found| found.table.as_ref());
        (tables.collect::<BTreeSet<_>>(), privileges)
    });
    context.catalog.tables.values().any(|table| {
        let gone = |privilege: &str| {
            taken.iter().any(|(tables, privileges)| {
                privileges.contains(&privilege) && tables.contains(&table.name)
            })
        };
        let others =
            table.grants.iter().filter(|grant| table.owner.as_deref() != Some(&grant.grantee));
        others.flat_map(|grant| &grant.privileges).any(|(privilege, _)| !gone(privilege))
    })
}

/// Makes logs append-only: for roles by their rights, for the owner by a trigger.
fn mutable(context: &PlanContext<'_>, findings: &Findings<'_>) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Harden);
    let mut names = Vec::new();
    let mut logs = findings.by_table(context.catalog, &["audit-log-mutable"]);
    if !rights_remain(context, findings) {
        // What was safe because rights were told apart is not once none is granted any more.
        let open = |table: &&Table| {
            context.reviewed.class(&table.name) == Class::Audit
                && [Command::Update, Command::Delete]
                    .into_iter()
                    .any(|command| guard(context.catalog, table, command).is_none())
                && !logs.iter().any(|(log, _)| log.name == table.name)
        };
        let more: Vec<&Table> = context.reviewed.tables().filter(open).collect();
        logs.extend(more.into_iter().map(|table| (table, Vec::new())));
    }
    for (table, findings) in logs {
        draft.sql.extend(revoke(table, &["UPDATE", "DELETE", "TRUNCATE"]));
        let mut taken = table.triggers.iter().map(|trigger| trigger.name.clone()).collect();
        draft.sql.push(append_only(context, &table.name, &mut taken));
        draft.close(&findings);
        names.push(table.name.to_string());
    }
    if !names.is_empty() {
        draft.note(
            "From then on nobody changes an entry, the owner included; retention needs a way of its \
             own, such as dropping whole partitions.",
        );
    }
    draft.finished(format!("Make {} append-only.", named(&names)))
}

/// A function that refuses and the triggers that run it before a log is changed or emptied.
pub(super) fn append_only(
    context: &PlanContext<'_>,
    log: &QualifiedName,
    taken: &mut BTreeSet<String>,
) -> String {
    let mut functions: BTreeSet<String> = context
        .catalog
        .functions
        .keys()
        .filter(|(name, _)| name.schema == log.schema)
        .map(|(name, _)| name.name.clone())
        .collect();
    let function = free_name(&[log.name.as_str()], "append_only", &mut functions);
    let function = QualifiedName::new(log.schema.as_str(), function.as_str()).to_sql();
    let rows = quote_identifier(&free_name(&[log.name.as_str()], "append_only", taken));
    let emptied = quote_identifier(&free_name(&[log.name.as_str()], "never_emptied", taken));
    let log = log.to_sql();
    format!(
        "CREATE FUNCTION {function}() RETURNS trigger\n    LANGUAGE plpgsql\n    SET search_path = \
         pg_catalog, pg_temp\n    AS $$\nBEGIN\n    RAISE EXCEPTION '% is append-only', \
         TG_TABLE_NAME;\nEND;\n$$;\n\
         CREATE TRIGGER {rows}\n    BEFORE UPDATE OR DELETE ON {log}\n    FOR EACH ROW EXECUTE \
         FUNCTION {function}();\n\
         CREATE TRIGGER {emptied}\n    BEFORE TRUNCATE ON {log}\n    FOR EACH STATEMENT EXECUTE \
         FUNCTION {function}();"
    )
}

/// What a person must write: the bodies of functions.
fn questions(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut broken = Draft::new(Verb::Harden);
    let mut names = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["audit-trigger-breaks-writes"]) {
        broken.close(&findings);
        names.push(table.name.to_string());
    }
    if !names.is_empty() {
        broken.note(
            "Let the function read the column through `to_jsonb(NEW) ->> '…'`, which is NULL where there \
             is none, or write one that fits the table. Until then every write to it fails.",
        );
    }
    let mut bodies = Draft::new(Verb::Harden);
    let about: Vec<&Finding> =
        findings.of(&["audit-actor-missing", "audit-old-values-missing"]).collect();
    let mut functions: Vec<String> =
        about.iter().map(|finding| format!("{}()", finding.subject)).collect();
    functions.dedup();
    bodies.close(&about);
    if about.iter().any(|finding| finding.rule == "audit-actor-missing") {
        bodies.note(
            "Who acts when no user is signed in? Give jobs and consoles an account of their own, then \
             read the setting without `missing_ok`, or make the log's column mandatory.",
        );
    }
    if about.iter().any(|finding| finding.rule == "audit-old-values-missing") {
        bodies.note(
            "Store `to_jsonb(OLD)` on UPDATE and DELETE; the log needs a `jsonb` column for it.",
        );
    }
    [
        broken.finished(format!("Repair the triggers that break writes to {}.", named(&names))),
        bodies.finished(format!("Complete what {} records.", named(&functions))),
    ]
    .into_iter()
    .flatten()
    .collect()
}
