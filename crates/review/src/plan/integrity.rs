//! Steps on times, contact flags and constraints.

use schemaward_catalog::{Column, Table, quote_identifier};

use super::retention::touch_function;
use super::{Draft, Findings, NewNames, PlanContext, add_column, named};
use crate::facts::expression::columns;
use crate::rules::is_history;
use crate::{Class, Verb};

pub(super) fn drafts(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = timestamps(context, findings, names).into_iter().collect();
    drafts.extend(time_zones(context, findings));
    drafts.extend(contact_flag(context, findings));
    drafts.extend(validation(context, findings));
    drafts
}

/// Adds and repairs the creation and update times.
fn timestamps(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    new_names: &mut NewNames<'_>,
) -> Option<Draft> {
    let mandate = &context.standard.timestamps;
    let mut draft = Draft::new(Verb::Refactor);
    let mut names = Vec::new();
    let touch = touch_function(context, &mandate.updated);
    for (table, findings) in findings.by_table(context.catalog, &["timestamps-missing"]) {
        // A finding names the column it is about; one that names none is about both.
        let about = |column: &str| {
            findings
                .iter()
                .any(|finding| finding.column.as_deref().is_none_or(|named| named == column))
        };
        let name = table.name.to_sql();
        for column in [&mandate.created, &mandate.updated].into_iter().filter(|name| about(name)) {
            let quoted = quote_identifier(column);
            match table.column(column) {
                None => draft.sql.push(format!(
                    "ALTER TABLE {name} {} {quoted} {} NOT NULL DEFAULT now();",
                    add_column(table),
                    short(&mandate.data_type.to_string())
                )),
                Some(found) => repair(&mut draft, table, found, "now()"),
            }
        }
        // What grows by events is read by their time, which exists from now on.
        let grows = is_history(table)
            || context.classes.get(&table.name).is_some_and(|found| found.class == Class::Audit);
        if grows && about(&mandate.created) && table.column(&mandate.created).is_none() {
            let index = new_names.index(&table.name, &[&mandate.created], "idx");
            let created = quote_identifier(&mandate.created);
            draft.sql.push(format!("CREATE INDEX {index} ON {name} ({created} DESC);"));
        }
        if about(&mandate.updated)
            && table.column(&mandate.updated).is_none()
            && let Some(function) = &touch
        {
            let mut taken = table.triggers.iter().map(|trigger| trigger.name.clone()).collect();
            let trigger = super::free_name(&[table.name.name.as_str()], "touch", &mut taken);
            draft.sql.push(format!(
                "CREATE TRIGGER {}\n    BEFORE UPDATE ON {name}\n    FOR EACH ROW EXECUTE FUNCTION \
                 {function}();",
                quote_identifier(&trigger)
            ));
            super::unmodelled(context, table, &mut draft);
        }
        names.push(table.name.to_string());
        draft.close(&findings);
    }
    if !names.is_empty() {
        draft.note(
            "Rows that exist get the time of the migration: when they were really made is not in \
             the schema.",
        );
    }
    draft.finished(format!("Give {} the standard timestamps.", named(&names)))
}

/// Makes a column mandatory and filled by the server.
fn repair(draft: &mut Draft, table: &Table, column: &Column, default: &str) {
    let name = table.name.to_sql();
    let quoted = quote_identifier(&column.name);
    if column.default.is_none() && column.generated.is_none() && column.identity.is_none() {
        draft.sql.push(format!("ALTER TABLE {name} ALTER COLUMN {quoted} SET DEFAULT {default};"));
    }
    if column.nullable {
        draft.sql.push(format!("UPDATE {name} SET {quoted} = {default} WHERE {quoted} IS NULL;"));
        draft.sql.push(format!("ALTER TABLE {name} ALTER COLUMN {quoted} SET NOT NULL;"));
        if table.row_security_forced.on {
            draft.note(format!(
                "Row-level security is forced on `{}`: run the UPDATE as a role that bypasses it.",
                table.name
            ));
        }
    }
}

/// `timestamp with time zone` in the short form people write.
fn short(data_type: &str) -> &str {
    if data_type == "timestamp with time zone" { "timestamptz" } else { data_type }
}

/// Gives instants their time zone where nothing depends on the column's type.
fn time_zones(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Refactor);
    let mut open = Draft::new(Verb::Refactor);
    let (mut names, mut undecided) = (Vec::new(), Vec::new());
    for (table, findings) in findings.by_table(context.catalog, &["timestamp-without-time-zone"]) {
        for finding in findings {
            let Some(column) = finding.column.as_deref().and_then(|name| table.column(name)) else {
                continue;
            };
            let subject = format!("{}.{}", table.name, column.name);
            if let Some(why) = bound(context, table, column) {
                open.close(&[finding]);
                open.note(format!("`{subject}`: {why}."));
                undecided.push(subject);
                continue;
            }
            let quoted = quote_identifier(&column.name);
            draft.close(&[finding]);
            draft.sql.push(format!(
                "ALTER TABLE {} ALTER COLUMN {quoted} TYPE timestamptz USING {quoted} AT TIME ZONE \
                 'UTC';",
                table.name.to_sql()
            ));
            names.push(subject);
        }
    }
    if !names.is_empty() {
        draft.note(
            "The stored times are taken as UTC: check in which zone the application wrote them. \
             The table is rewritten under a lock.",
        );
    }
    open.note("Store these as `timestamptz` once what depends on them can be made anew.");
    [
        draft.finished(format!("Store {} with time zone.", named(&names))),
        open.finished(format!("Plan the time zone of {}.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What keeps a column's type from being changed.
pub(super) fn bound(context: &PlanContext<'_>, table: &Table, column: &Column) -> Option<String> {
    let mut unparsed = context.reviewed.unparsed_views().iter().filter(|view| {
        let mut words = view.query.split(|char: char| !(char.is_alphanumeric() || char == '_'));
        words.any(|word| word.eq_ignore_ascii_case(&table.name.name))
    });
    let view = context.reviewed.reading(&table.name).first().or_else(|| unparsed.next());
    if let Some(view) = view {
        return Some(format!("the view `{}` reads the table", view.name));
    }
    let policy = table.policies.iter().find(|policy| {
        let expressions = policy.using.iter().chain(&policy.check);
        expressions
            .filter_map(|found| found.ast.as_deref())
            .any(|ast| columns(ast).contains(&column.name))
    });
    if let Some(policy) = policy {
        return Some(format!("the policy `{}` reads it", policy.name));
    }
    if matches!(&table.kind, schemaward_catalog::TableKind::Partitioned { key } if key.contains(&column.name))
    {
        return Some("the table is partitioned by it".to_owned());
    }
    let generated = table.columns.iter().filter_map(|other| other.generated.as_ref());
    if generated
        .filter_map(|found| found.expression.ast.as_deref())
        .any(|ast| columns(ast).contains(&column.name))
    {
        return Some("a generated column is computed from it".to_owned());
    }
    let trigger = table.triggers.iter().find(|trigger| {
        trigger.update_of.contains(&column.name)
            || trigger
                .when
                .as_ref()
                .and_then(|when| when.ast.as_deref())
                .is_some_and(|ast| columns(ast).contains(&column.name))
    });
    trigger.map(|trigger| format!("the trigger `{}` depends on it", trigger.name))
}

/// Adds and repairs the flag that says whether a contact may be called.
fn contact_flag(context: &PlanContext<'_>, findings: &Findings<'_>) -> Option<Draft> {
    let flag = context.standard.privacy.safe_contact_flag.as_ref()?;
    let quoted = quote_identifier(flag);
    let mut draft = Draft::new(Verb::Refactor);
    let mut names = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["contact-safety-flag"]) {
        let name = table.name.to_sql();
        match table.column(flag) {
            None => draft.sql.push(format!(
                "ALTER TABLE {name} {} {quoted} boolean NOT NULL DEFAULT false;",
                add_column(table)
            )),
            Some(column) => {
                draft
                    .sql
                    .push(format!("ALTER TABLE {name} ALTER COLUMN {quoted} SET DEFAULT false;"));
                if column.nullable {
                    draft.sql.push(format!(
                        "UPDATE {name} SET {quoted} = false WHERE {quoted} IS NULL;"
                    ));
                    draft
                        .sql
                        .push(format!("ALTER TABLE {name} ALTER COLUMN {quoted} SET NOT NULL;"));
                }
            }
        }
        names.push(table.name.to_string());
        draft.close(&findings);
    }
    if !names.is_empty() {
        draft.note(format!(
            "No contact is safe until someone says so; the application must check `{flag}` before \
             any automated call."
        ));
    }
    draft.finished(format!("Give {} the safe-contact flag.", named(&names)))
}

/// Validates constraints that hold for new rows only.
fn validation(context: &PlanContext<'_>, findings: &Findings<'_>) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Refactor);
    let mut names = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["constraint-not-validated"]) {
        for constraint in table.constraints.iter().filter(|constraint| constraint.not_valid) {
            names.push(constraint.name.clone());
            draft.sql.push(format!(
                "ALTER TABLE {} VALIDATE CONSTRAINT {};",
                table.name.to_sql(),
                quote_identifier(&constraint.name)
            ));
        }
        draft.close(&findings);
    }
    if !names.is_empty() {
        draft.note("Fails when a row breaks the constraint: repair such rows first.");
    }
    draft.finished(format!("Validate {}.", named(&names)))
}
