//! Steps on what the schema promises: references, required columns, values and uniqueness, tenants.

use std::collections::BTreeMap;

use schemaward_catalog::ddl::{self, Names, identifiers};
use schemaward_catalog::{
    ConstraintKind, DataType, QualifiedName, Table, quote_identifier, quote_literal,
};

use super::integrity::bound;
use super::{Draft, Findings, NewNames, PlanContext, add_column, constraint_name, leads, named};
use crate::facts::unique::{Unique, UniqueObject, uniques};
use crate::facts::values::{Limit, limit};
use crate::facts::words::words;
use crate::rules::{comparable, listed};
use crate::standard::{matches_pattern, written_type};
use crate::{Finding, Verb};

pub(super) fn drafts(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    drafts.extend(required_columns(context, findings));
    drafts.extend(types(context, findings));
    drafts.extend(references(context, findings, names));
    drafts.extend(values(context, findings));
    drafts.extend(required_uniques(context, findings, names));
    drafts.extend(across_tenants(context, findings, names));
    drafts.extend(tenant_keys(context, findings));
    drafts.extend(generators(context, findings));
    drafts
}

/// Adds what the standard requires and nothing has.
fn required_columns(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Refactor);
    let mut open = Draft::new(Verb::Refactor);
    let (mut added, mut undecided) = (Vec::new(), Vec::new());
    for (table, findings) in findings.by_table(context.catalog, &["required-column"]) {
        for finding in findings {
            let wanted = context.standard.require.columns.iter().find(|required| {
                Some(required.column.as_str()) == finding.column.as_deref()
                    && matches_pattern(&required.table, &table.name)
            });
            let subject = finding.subject.clone();
            let Some(wanted) = wanted else { continue };
            let mechanical =
                table.column(&wanted.column).is_none() && wanted.nullable != Some(false);
            if let Some(data_type) = wanted.data_type.as_deref().filter(|_| mechanical) {
                draft.sql.push(format!(
                    "ALTER TABLE {} {} {} {};",
                    table.name.to_sql(),
                    add_column(table),
                    quote_identifier(&wanted.column),
                    written_type(data_type)
                ));
                draft.close(&[finding]);
                added.push(subject);
                continue;
            }
            let why = if table.column(&wanted.column).is_some() {
                "what stands in it now must be carried over"
            } else if wanted.data_type.is_none() {
                "the standard names no type for it"
            } else {
                "the rows that exist need a value for it"
            };
            open.note(format!("`{subject}`: {why}."));
            open.close(&[finding]);
            undecided.push(subject);
        }
    }
    [
        draft.finished(format!("Add the required {}.", named(&added))),
        open.finished(format!("Bring {} to what the standard requires.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Gives referencing columns the type of what they refer to, where that loses nothing.
fn types(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Refactor);
    let mut open = Draft::new(Verb::Refactor);
    let (mut changed, mut undecided) = (Vec::new(), Vec::new());
    for (table, findings) in findings.by_table(context.catalog, &["foreign-key-type-mismatch"]) {
        for finding in findings {
            let Some(column) = finding.column.as_deref().and_then(|name| table.column(name)) else {
                continue;
            };
            let target = table.foreign_keys().find_map(|(_, key)| {
                let at = key.columns.iter().position(|own| *own == column.name)?;
                let target = context.catalog.tables.get(&key.references)?;
                target.column(key.referenced_columns.get(at)?)
            });
            let Some(target) = target else { continue };
            let referring = context.reviewed.referring.get(&table.name).into_iter().flatten();
            let referred =
                referring.into_iter().any(|key| key.referenced_columns.contains(&column.name));
            let from = comparable(context.catalog, &column.data_type);
            let to = comparable(context.catalog, &target.data_type);
            let why = if referred {
                Some("other tables refer to it".to_owned())
            } else if !widens(&from, &to) {
                Some(format!("`{}` does not hold every `{}`", target.data_type, column.data_type))
            } else {
                bound(context, table, column)
            };
            if let Some(why) = why {
                open.note(format!("`{}`: {why}.", finding.subject));
                open.close(&[finding]);
                undecided.push(finding.subject.clone());
                continue;
            }
            draft.sql.push(format!(
                "ALTER TABLE {} ALTER COLUMN {} TYPE {};",
                table.name.to_sql(),
                quote_identifier(&column.name),
                target.data_type
            ));
            draft.close(&[finding]);
            changed.push(finding.subject.clone());
        }
    }
    if !changed.is_empty() {
        draft.note("The key is checked anew, under a lock on both tables.");
    }
    [
        draft.finished(format!("Give the type of the referenced column to {}.", named(&changed))),
        open.finished(format!("Decide on one type for both ends of {}.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether every value of one type is one of the other, and PostgreSQL converts it by itself.
fn widens(from: &DataType, to: &DataType) -> bool {
    const INTEGERS: [&str; 3] = ["smallint", "integer", "bigint"];
    const TEXTS: [&str; 3] = ["character varying", "text", "citext"];
    if from.array || to.array {
        return false;
    }
    let rank =
        |list: &[&str], data_type: &DataType| list.iter().position(|name| *name == data_type.name);
    if let (Some(from), Some(to)) = (rank(&INTEGERS, from), rank(&INTEGERS, to)) {
        return from <= to;
    }
    let (Some(_), Some(_)) = (rank(&TEXTS, from), rank(&TEXTS, to)) else { return false };
    let length = |data_type: &DataType| data_type.modifiers.first().map(|text| text.parse::<u32>());
    match (length(from), length(to)) {
        (_, None) => true,
        (Some(Ok(from)), Some(Ok(to))) => from <= to,
        _ => false,
    }
}

/// Adds the foreign keys that names promise, with the index each needs.
fn references(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Refactor);
    let mut subjects = Vec::new();
    let mut keyed: BTreeMap<Vec<String>, Vec<&Table>> = BTreeMap::new();
    for table in context.catalog.tables.values() {
        if table.partition_of.is_none()
            && table.primary_key().is_some_and(|(_, key)| key.len() == 1)
        {
            keyed.entry(words(&table.name.name)).or_default().push(table);
        }
    }
    for (table, findings) in findings.by_table(context.catalog, &["reference-without-foreign-key"])
    {
        for finding in findings {
            let Some(column) = finding.column.as_deref() else { continue };
            let Some((target, key)) = target(&keyed, table, column) else { continue };
            let constraint = constraint_name(table, &[column], "fkey");
            let (name, quoted) = (table.name.to_sql(), quote_identifier(column));
            draft.sql.push(format!(
                "ALTER TABLE {name} ADD CONSTRAINT {constraint}\n    FOREIGN KEY ({quoted}) REFERENCES \
                 {} ({}) NOT VALID;\nALTER TABLE {name} VALIDATE CONSTRAINT {constraint};",
                target.to_sql(),
                quote_identifier(&key)
            ));
            let columns = [column.to_owned()];
            let indexed = table
                .index_keys()
                .any(|(keys, predicate)| predicate.is_none() && leads(&keys, &columns));
            if !indexed {
                let index = names.index(&table.name, &columns, "idx");
                draft.sql.push(format!("CREATE INDEX {index} ON {name} ({quoted});"));
            }
            draft.close(&[finding]);
            subjects.push(finding.subject.clone());
        }
    }
    if !subjects.is_empty() {
        draft.note(
            "Validation fails where a row names one that does not exist: repair such rows first. \
             Decide what a deletion of the parent should do; as written it is refused.",
        );
    }
    draft.finished(format!("Enforce the references of {}.", named(&subjects)))
}

/// The table a column is named after, and its key.
fn target(
    keyed: &BTreeMap<Vec<String>, Vec<&Table>>,
    table: &Table,
    column: &str,
) -> Option<(QualifiedName, String)> {
    let mut wanted = words(column);
    wanted.pop();
    let mut found = keyed.get(&wanted)?.iter().copied().filter(|other| other.name != table.name);
    let first = found.next()?;
    let target = std::iter::once(first)
        .chain(found)
        .find(|other| other.name.schema == table.name.schema)
        .unwrap_or(first);
    let (_, key) = target.primary_key()?;
    Some((target.name.clone(), key.first()?.clone()))
}

/// Holds columns to their lists.
fn values(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Refactor);
    let mut open = Draft::new(Verb::Refactor);
    let (mut held, mut undecided) = (Vec::new(), Vec::new());
    for (table, findings) in findings.by_table(context.catalog, &["required-check"]) {
        let mut taken = table.constraints.iter().map(|found| found.name.clone()).collect();
        for finding in findings {
            let Some(column) = finding.column.as_deref().and_then(|name| table.column(name)) else {
                continue;
            };
            let listed = listed(context.standard, table, column);
            let none = limit(context.catalog, table, column) == Limit::None;
            let Some(listed) = listed.filter(|_| none) else {
                open.note(format!(
                    "`{}`: something accepts more than its values; decide which list is right.",
                    finding.subject
                ));
                open.close(&[finding]);
                undecided.push(finding.subject.clone());
                continue;
            };
            let list: Vec<String> =
                listed.values.iter().map(|value| quote_literal(value)).collect();
            let parts = [table.name.name.as_str(), column.name.as_str()];
            let constraint = quote_identifier(&super::free_name(&parts, "check", &mut taken));
            let name = table.name.to_sql();
            draft.sql.push(format!(
                "ALTER TABLE {name} ADD CONSTRAINT {constraint}\n    CHECK ({} IN ({})) NOT VALID;\n\
                 ALTER TABLE {name} VALIDATE CONSTRAINT {constraint};",
                quote_identifier(&column.name),
                list.join(", ")
            ));
            draft.close(&[finding]);
            held.push(finding.subject.clone());
        }
    }
    if !held.is_empty() {
        draft.note("Validation fails where a row holds another value: repair such rows first.");
    }
    [
        draft.finished(format!("Enforce the listed values of {}.", named(&held))),
        open.finished(format!("Decide on the values of {}.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Enforces the uniqueness that the standard requires.
fn required_uniques(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Refactor);
    let mut open = Draft::new(Verb::Refactor);
    let (mut made, mut undecided) = (Vec::new(), Vec::new());
    for (table, findings) in findings.by_table(context.catalog, &["required-unique"]) {
        for finding in findings {
            let required = context.standard.require.uniques.iter().find(|required| {
                matches_pattern(&required.table, &table.name)
                    && finding.id.trim_end_matches(|c: char| c == '#' || c.is_ascii_digit())
                        == format!("required-unique:{}:{}", table.name, required.columns.join(","))
            });
            let Some(required) = required else { continue };
            let subject = format!("{}({})", table.name, required.columns.join(", "));
            if required.columns.iter().any(|column| table.column(column).is_none()) {
                open.note(format!("`{subject}`: add the column first."));
                open.close(&[finding]);
                undecided.push(subject);
                continue;
            }
            let among = required
                .predicate
                .as_deref()
                .map_or(String::new(), |predicate| format!("\n    WHERE {predicate}"));
            draft.sql.push(format!(
                "CREATE UNIQUE INDEX {} ON {} ({}){among};",
                names.index(&table.name, &required.columns, "key"),
                table.name.to_sql(),
                identifiers(&required.columns)
            ));
            draft.close(&[finding]);
            made.push(subject);
        }
    }
    if !made.is_empty() {
        draft.note("Fails where duplicates exist: decide which of them stays first.");
    }
    [
        draft.finished(format!("Keep {} unique.", named(&made))),
        open.finished(format!("Make {} possible to keep unique.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Puts the tenant into keys that hold across tenants.
fn across_tenants(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Refactor);
    let mut open = Draft::new(Verb::Refactor);
    let (mut narrowed, mut undecided) = (Vec::new(), Vec::new());
    // Steps on soft delete make some of these keys anew.
    let remade: BTreeMap<&QualifiedName, Vec<&Finding>> = findings
        .of(&["unique-ignores-soft-delete", "soft-delete-missing", "soft-delete-nonstandard"])
        .filter_map(|finding| Some((finding.table.as_ref()?, finding)))
        .fold(BTreeMap::new(), |mut map, (table, finding)| {
            map.entry(table).or_insert_with(Vec::new).push(finding);
            map
        });
    for (table, findings) in findings.by_table(context.catalog, &["unique-ignores-tenant"]) {
        let all = uniques(table);
        for finding in findings {
            let unique = all.iter().find(|unique| {
                finding.id == format!("unique-ignores-tenant:{}:{}", table.name, unique.name)
            });
            let Some(unique) = unique else { continue };
            let subject = format!("{} {}", table.name, unique.what);
            let also = remade.get(&table.name).into_iter().flatten().any(|other| {
                other.rule == "soft-delete-missing"
                    || other.rule == "soft-delete-nonstandard" && unique.predicate.is_some()
                    || other.evidence.iter().any(|proof| proof.origin == unique.origin)
            });
            let sql = if also { None } else { with_tenant(context, table, unique, names) };
            if let Some(sql) = sql {
                draft.sql.push(sql);
                draft.close(&[finding]);
                narrowed.push(subject);
                continue;
            }
            if also {
                open.note(format!(
                    "`{}`: another step changes the soft delete it depends on; put `{}` first in the \
                     key after that.",
                    unique.name, context.standard.tenancy.column
                ));
            } else {
                open.note(format!("`{}`: it is no plain key.", unique.name));
            }
            open.close(&[finding]);
            undecided.push(subject);
        }
    }
    if !narrowed.is_empty() {
        draft.note(
            "`INSERT … ON CONFLICT` on these columns must name the tenant's column, too, from then on.",
        );
    }
    [
        draft.finished(format!("Let {} be unique for each tenant.", named(&narrowed))),
        open.finished(format!("Decide on the uniqueness of {} across tenants.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The same key with the tenant in it: first, or last where an index on the tenant alone would then
/// only repeat its start.
fn with_tenant(
    context: &PlanContext<'_>,
    table: &Table,
    unique: &Unique<'_>,
    names: &mut NewNames<'_>,
) -> Option<String> {
    let tenant = &context.standard.tenancy.column;
    if !unique.plain {
        return None;
    }
    let alone =
        table.indexes.iter().any(|index| index.predicate.is_none() && index.keys.len() == 1)
            && table.index_keys().any(|(keys, _)| keys == [tenant.as_str()]);
    let mut columns = unique.columns.clone();
    if alone {
        columns.push(tenant.clone());
    } else {
        columns.insert(0, tenant.clone());
    }
    let name = table.name.to_sql();
    match unique.object {
        UniqueObject::Constraint(constraint) => {
            let ConstraintKind::Unique { include, nulls_not_distinct, .. } = &constraint.kind
            else {
                return None;
            };
            if constraint.deferrable || !include.is_empty() || *nulls_not_distinct {
                return None;
            }
            Some(format!(
                "ALTER TABLE {name}\n    DROP CONSTRAINT {},\n    ADD CONSTRAINT {} UNIQUE ({});",
                quote_identifier(&constraint.name),
                names.index(&table.name, &columns, "key"),
                identifiers(&columns)
            ))
        }
        UniqueObject::Index(index) => {
            if !index.include.is_empty() || index.nulls_not_distinct {
                return None;
            }
            let dropped = QualifiedName::new(table.name.schema.as_str(), index.name.as_str());
            let among = index
                .predicate
                .as_ref()
                .map_or(String::new(), |predicate| format!("\n    WHERE {}", predicate.text));
            Some(format!(
                "DROP INDEX {};\nCREATE UNIQUE INDEX {} ON {} ({}){among};",
                dropped.to_sql(),
                quote_identifier(&index.name),
                ddl::Names::of(Names::Short, &table.name),
                identifiers(&columns)
            ))
        }
    }
}

/// Makes the tenant's column mandatory.
fn tenant_keys(context: &PlanContext<'_>, findings: &Findings<'_>) -> Option<Draft> {
    let column = &context.standard.tenancy.column;
    let mut draft = Draft::new(Verb::Refactor);
    let mut names = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["tenant-key-nullable"]) {
        draft.sql.push(format!(
            "ALTER TABLE {} ALTER COLUMN {} SET NOT NULL;",
            table.name.to_sql(),
            quote_identifier(column)
        ));
        draft.close(&findings);
        names.push(table.name.to_string());
    }
    if !names.is_empty() {
        draft.note("Fails where a row has no tenant: give each of them one first.");
    }
    draft.finished(format!("Make `{column}` mandatory on {}.", named(&names)))
}

/// Keys of two kinds: which of them is right, a person must say.
fn generators(context: &PlanContext<'_>, findings: &Findings<'_>) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Standardize);
    let mut names = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["primary-key-generator-conflict"])
    {
        draft.close(&findings);
        names.push(table.name.to_string());
    }
    if !names.is_empty() {
        draft.note(
            "Let the default make every key: take the assignment out of the trigger, the column out \
             of the function's INSERT. Rows that exist keep the keys they have.",
        );
    }
    draft.finished(format!("Decide which generator makes the keys of {}.", named(&names)))
}
