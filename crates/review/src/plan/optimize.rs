//! Steps that add indexes, and those that weigh a cost against another.

use schemaward_catalog::ddl::identifiers;
use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{QualifiedName, Table};

use super::{Draft, Findings, NewNames, PlanContext, leads, named};
use crate::{Class, Finding, Verb};

pub(super) fn drafts(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = foreign_keys(context, findings, names).into_iter().collect();
    drafts.extend(columns(context, findings, names));
    drafts.extend(filtered(context, names));
    drafts.extend(flattening(context, findings));
    drafts.extend(needless(context, findings));
    drafts
}

/// Drops indexes that others repeat. One stays where a step makes the index anew that it repeats.
fn needless(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Optimize);
    let mut open = Draft::new(Verb::Optimize);
    let (mut dropped, mut undecided) = (Vec::new(), Vec::new());
    let remade: BTreeSet<&QualifiedName> = findings
        .of(&["unique-ignores-soft-delete", "unique-ignores-tenant", "soft-delete-missing"])
        .filter_map(|finding| finding.table.as_ref())
        .collect();
    for (table, findings) in
        findings.by_table(context.catalog, &["index-duplicate", "index-redundant"])
    {
        for finding in findings {
            let index = table
                .indexes
                .iter()
                .find(|index| finding.id.ends_with(&format!(":{}:{}", table.name, index.name)));
            let Some(index) = index else { continue };
            if index.unique || remade.contains(&table.name) || !table_is_alone(context, table) {
                open.close(&[finding]);
                undecided.push(index.name.clone());
                continue;
            }
            let name = QualifiedName::new(table.name.schema.as_str(), index.name.as_str());
            draft.sql.push(format!("DROP INDEX {};", name.to_sql()));
            draft.close(&[finding]);
            dropped.push(index.name.clone());
        }
    }
    if !dropped.is_empty() {
        draft.note(
            "Look at `pg_stat_user_indexes` first. On a busy database use `DROP INDEX CONCURRENTLY`, \
             outside a transaction.",
        );
    }
    open.note("Other steps make indexes of these tables anew: look again after them.");
    [
        draft.finished(format!("Drop the needless {}.", named(&dropped))),
        open.finished(format!("Decide whether {} may go.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether no partition or heir holds indexes that belong to the table's.
fn table_is_alone(context: &PlanContext<'_>, table: &Table) -> bool {
    context.catalog.children(&table.name).next().is_none()
}

/// The note that all index steps bear.
const CONCURRENTLY: &str = "Building an index blocks writes to its table. On a busy database run \
                            these as `CREATE INDEX CONCURRENTLY`, one by one, outside a transaction.";

/// Indexes for foreign keys that no index leads.
fn foreign_keys(
    context: &PlanContext<'_>,
    all: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Optimize);
    let mut subjects = Vec::new();
    let filtered = all.by_table(context.catalog, &["policy-column-unindexed"]);
    let filtered: BTreeMap<&QualifiedName, Vec<&Finding>> =
        filtered.into_iter().map(|(table, found)| (&table.name, found)).collect();
    for (table, findings) in all.by_table(context.catalog, &["foreign-key-unindexed"]) {
        let mut made: Vec<&[String]> = Vec::new();
        for (_, key) in table.foreign_keys() {
            // One index serves several keys over the same columns.
            let served = made.iter().any(|columns| leads(columns, &key.columns));
            if served || indexed(table, &key.columns) {
                continue;
            }
            made.push(&key.columns);
            let name = names.index(&table.name, &key.columns, "idx");
            draft.sql.push(format!(
                "CREATE INDEX {name} ON {} ({});",
                table.name.to_sql(),
                identifiers(&key.columns)
            ));
            subjects.push(format!("{}.{}", table.name, key.columns.join("+")));
        }
        draft.close(&findings);
        // The same index serves a policy that filters by the key.
        let led = |finding: &&Finding| {
            made.iter().any(|columns| columns.first() == finding.column.as_ref())
        };
        let served = filtered.get(&table.name).into_iter().flatten().copied().filter(led);
        draft.close(&served.collect::<Vec<_>>());
    }
    draft.note(CONCURRENTLY);
    let title = if subjects.len() > 4 {
        format!("Index {} foreign keys that no index leads.", subjects.len())
    } else {
        let keys = if subjects.len() == 1 { "key" } else { "keys" };
        format!("Index the foreign {keys} {}.", named(&subjects))
    };
    draft.finished(title)
}

fn indexed(table: &Table, columns: &[String]) -> bool {
    table.index_keys().any(|(keys, predicate)| {
        // A partial index serves the key when all it leaves out are rows without one.
        let whole = predicate.is_none_or(|predicate| {
            predicate
                .ast
                .as_deref()
                .and_then(crate::facts::expression::null_test)
                .is_some_and(|(column, is_null)| !is_null && columns.contains(&column))
        });
        whole && leads(&keys, columns)
    })
}

/// Indexes on single columns that findings name.
fn columns(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Option<Draft> {
    const RULES: [&str; 3] =
        ["audit-log-unindexed", "history-unindexed", "policy-column-unindexed"];
    let mut draft = Draft::new(Verb::Optimize);
    let mut subjects = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &RULES) {
        let mut made = BTreeSet::new();
        for finding in findings {
            let Some(column) = column(context, table, finding) else { continue };
            if finding.rule == "policy-column-unindexed"
                && !made.contains(&column)
                && names.led.contains(&(table.name.clone(), column.clone()))
            {
                // The step that made the index closes it.
                continue;
            }
            draft.close(&[finding]);
            if made.insert(column.clone()) {
                let time = table
                    .column(&column)
                    .is_some_and(|column| column.data_type.name.starts_with("timestamp"));
                let order = if time { " DESC" } else { "" };
                let columns = [column];
                let name = names.index(&table.name, &columns, "idx");
                draft.sql.push(format!(
                    "CREATE INDEX {name} ON {} ({}{order});",
                    table.name.to_sql(),
                    identifiers(&columns)
                ));
                subjects.push(format!("{}({}{order})", table.name, columns.concat()));
            }
        }
    }
    draft.note(CONCURRENTLY);
    draft.finished(format!("Add indexes on {}.", named(&subjects)))
}

/// Indexes for what the policies of other steps filter by.
fn filtered(context: &PlanContext<'_>, names: &mut NewNames<'_>) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Optimize);
    let mut subjects = Vec::new();
    for (name, column) in std::mem::take(&mut names.filtered) {
        let Some(table) = context.catalog.tables.get(&name) else { continue };
        let led = names.led.contains(&(name.clone(), column.clone()))
            || table.index_keys().any(|(keys, _)| keys.first() == Some(&column.as_str()));
        // Reference tables are small.
        if led || context.reviewed.class(&name) == Class::Reference {
            continue;
        }
        let columns = [column];
        let index = names.index(&name, &columns, "idx");
        draft.sql.push(format!(
            "CREATE INDEX {index} ON {} ({});",
            table.name.to_sql(),
            identifiers(&columns)
        ));
        subjects.push(format!("{name}({})", columns.concat()));
    }
    draft.note(CONCURRENTLY);
    draft.finished(format!("Index what the new policies filter by: {}.", named(&subjects)))
}

/// The column a finding wants indexed: the one it names, else the creation time.
fn column(context: &PlanContext<'_>, table: &Table, finding: &Finding) -> Option<String> {
    let named = finding.column.clone();
    named
        .or_else(|| Some(context.standard.timestamps.created.clone()))
        .filter(|column| table.column(column).is_some())
}

/// A tenant column of its own for tables whose policies go through a join table: a choice, with its
/// price.
fn flattening(context: &PlanContext<'_>, findings: &Findings<'_>) -> Option<Draft> {
    let column = &context.standard.tenancy.column;
    let mut draft = Draft::new(Verb::Optimize);
    let mut names = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["policy-subquery"]) {
        if table.column(column).is_none() {
            names.push(table.name.to_string());
            draft.close(&findings);
        }
    }
    draft.note(format!(
        "A copy of `{column}` on the table itself spares each query the sub-query. It costs \
         redundancy: a trigger or a composite foreign key must keep it in step, and a row can then \
         belong to one tenant only."
    ));
    draft.note("Measure first: it pays for tenants with many rows.");
    draft.finished(format!("Consider a flattened `{column}` on {}.", named(&names)))
}
