//! Steps that give every table a primary key of the mandated kind.

use schemaward_catalog::ddl::identifiers;
use std::collections::BTreeSet;

use schemaward_catalog::{
    Constraint, ConstraintKind, ObjectName, QualifiedName, Table, TableKind, quote_identifier,
};

use super::{Draft, Findings, PlanContext, found_on, free_name, named};
use crate::facts::key::generators_of_kind;
use crate::rules::{self, AnswerKind, others_of_kind};
use crate::{KeyKind, Verb};

pub(super) fn drafts(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    source: &mut Source,
) -> Vec<Draft> {
    let kind = kind(context, findings, source);
    let missing = missing(context, findings, source);
    kind.into_iter().chain(missing).collect()
}

/// Where new keys come from: a function that exists, or one that the first step to need it creates.
pub(super) struct Source {
    /// The call, and the statement that makes it possible where one is needed.
    found: Option<(String, Option<String>)>,
    created: bool,
}

impl Source {
    pub(super) fn new(context: &PlanContext<'_>) -> Self {
        Self { found: generator(context), created: false }
    }

    /// The call that fills a column of this type, with the creation put into the draft once.
    pub(super) fn call(&mut self, draft: &mut Draft, data_type: &str) -> Option<String> {
        if data_type != "uuid" {
            return None;
        }
        let (call, create) = self.found.as_ref()?;
        if let Some(create) = create
            && !std::mem::replace(&mut self.created, true)
        {
            draft.sql.push(create.clone());
            draft.note(format!(
                "`{call}` is a new function: it needs no extension, and PostgreSQL 13 or later."
            ));
        }
        Some(call.clone())
    }
}

/// The generator of the mandated kind for keys stored as `uuid`.
fn generator(context: &PlanContext<'_>) -> Option<(String, Option<String>)> {
    let mandate = &context.standard.primary_key;
    let own = generators_of_kind(context.catalog, context.standard, mandate.kind);
    let most_used = own
        .into_iter()
        .filter(|function| function.returns.trim().eq_ignore_ascii_case("uuid"))
        .max_by_key(|function| {
            (uses(context, &function.name), std::cmp::Reverse(function.name.clone()))
        });
    if let Some(function) = most_used {
        return Some((format!("{}()", function.name.to_sql()), None));
    }
    match mandate.kind {
        KeyKind::Uuid4 => Some(("gen_random_uuid()".to_owned(), None)),
        KeyKind::Ulid => Some(created(context, "make_ulid", ULID_BODY)),
        KeyKind::Uuid7 => Some(created(context, "make_uuid7", UUID7_BODY)),
        _ => None,
    }
}

/// How many defaults call a function.
fn uses(context: &PlanContext<'_>, function: &QualifiedName) -> usize {
    let columns = context.catalog.tables.values().flat_map(|table| &table.columns);
    columns
        .filter_map(|column| column.default.as_ref()?.ast.as_deref())
        .filter(|ast| {
            crate::facts::expression::calls(ast).iter().any(|call| {
                let ObjectName { schema, name } = call;
                *name == function.name
                    && schema.as_ref().is_none_or(|schema| *schema == function.schema)
            })
        })
        .count()
}

/// Milliseconds since 1970 in 48 bits, then 80 random bits: the random bits are those of a random
/// UUID without the six that say what it is.
const ULID_BODY: &str = "
    SELECT (
        lpad(to_hex(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
        || substr(random.hex, 1, 12) || substr(random.hex, 14, 3) || substr(random.hex, 18, 5)
    )::uuid
    FROM (SELECT replace(gen_random_uuid()::text, '-', '') AS hex) AS random
    ";

/// The same with the version and variant of a version 7 UUID, which a random UUID already has but
/// for its version digit.
const UUID7_BODY: &str = "
    SELECT (
        lpad(to_hex(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7' || substr(random.hex, 14, 3) || substr(random.hex, 17, 16)
    )::uuid
    FROM (SELECT replace(gen_random_uuid()::text, '-', '') AS hex) AS random
    ";

fn created(context: &PlanContext<'_>, name: &str, body: &str) -> (String, Option<String>) {
    let mut taken: BTreeSet<String> = context
        .catalog
        .functions
        .keys()
        .filter(|(name, _)| name.schema == "public")
        .map(|(name, _)| name.name.clone())
        .collect();
    let name =
        if taken.contains(name) { free_name(&[name], "key", &mut taken) } else { name.to_owned() };
    let name = quote_identifier(&name);
    let create = format!(
        "CREATE FUNCTION {name}() RETURNS uuid\n    LANGUAGE sql VOLATILE PARALLEL SAFE\n    AS \
         $${body}$$;"
    );
    (format!("{name}()"), Some(create))
}

/// Sets the default of keys of another kind.
fn kind(context: &PlanContext<'_>, findings: &Findings<'_>, source: &mut Source) -> Vec<Draft> {
    let kind = context.standard.primary_key.kind;
    let mut draft = Draft::new(Verb::Standardize);
    let mut open = Draft::new(Verb::Standardize);
    let (mut names, mut undecided) = (Vec::new(), Vec::new());
    for (table, findings) in findings.by_table(context.catalog, &["primary-key-kind"]) {
        let name = table.name.to_string();
        let key = table.primary_key().and_then(|(_, columns)| match columns {
            [only] => table.column(only),
            _ => None,
        });
        let plain = key.filter(|column| column.identity.is_none() && column.generated.is_none());
        let call = plain.and_then(|column| source.call(&mut draft, &column.data_type.to_string()));
        if let (Some(column), Some(call)) = (key, call) {
            draft.close(&findings);
            for other in others_of_kind(context.reviewed, table, column, kind) {
                let key = format!("{}.{}", table.name, column.name);
                draft.raise(
                    "primary-key-generator-conflict",
                    &format!("{key}:{other}"),
                    &key,
                    &format!("`{other}` makes keys of its own and must leave that to the default"),
                );
            }
            draft.sql.push(format!(
                "ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {call};",
                table.name.to_sql(),
                quote_identifier(&column.name)
            ));
            names.push(name);
        } else {
            open.close(&findings);
            undecided.push(name);
        }
    }
    if !names.is_empty() {
        draft.note("Existing rows keep their keys; only new rows sort by the time they were made.");
    }
    open.note(format!(
        "Their keys are not stored as `uuid`: a new key column must be filled, every reference to it \
         rewritten and the old one dropped. Decide whether to migrate them, or leave them out under \
         `except` of `[primary_key]` in the standard ({kind} mandated)."
    ));
    [
        draft.finished(format!("Migrate the keys of {} to {kind} defaults.", named(&names))),
        open.finished(format!("Decide how the keys of {} become {kind}.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Gives tables without a primary key one.
fn missing(context: &PlanContext<'_>, findings: &Findings<'_>, source: &mut Source) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Standardize);
    let mut open = Draft::new(Verb::Standardize);
    let (mut names, mut undecided) = (Vec::new(), Vec::new());
    let keyless = findings.by_table(context.catalog, &["primary-key-missing"]);
    if keyless.is_empty() {
        return Vec::new();
    }
    let mut after = context.catalog.clone();
    for (table, findings) in keyless {
        let name = table.name.to_string();
        if let Some((sql, columns)) = new_key(table, source, &mut draft) {
            draft.close(&findings);
            let mut keyed = table.clone();
            let kind = ConstraintKind::PrimaryKey { columns, include: Vec::new() };
            let mut key = Constraint::new(None, kind, table.name_origin);
            key.name = format!("{}_pkey", table.name.name);
            keyed.constraints.push(key);
            for (rule, detail) in found_on(context.reviewed, &keyed, &["primary-key-kind"]) {
                let why =
                    "it gets its key from columns that are there, and those are of another kind";
                draft.raise(rule, &detail, &table.name.to_string(), why);
            }

            for (rule, detail) in
                found_on(context.reviewed, &keyed, &["index-duplicate", "index-redundant"])
            {
                let why =
                    "the key brings an index of its own: drop the other one when nothing names it";
                draft.raise(rule, &detail, &table.name.to_string(), why);
            }
            after.tables.insert(table.name.clone(), keyed);
            draft.sql.push(sql);
            names.push(name);
        } else {
            open.close(&findings);
            undecided.push(name);
        }
    }
    let after = context.reviewed.on(&after, context.standard);
    let reference = rules::rule("reference-without-foreign-key");
    for (rule, answer) in
        reference.iter().flat_map(|rule| rule.answers(&after).into_iter().map(|it| (rule.id, it)))
    {
        if matches!(answer.kind, AnswerKind::Unmet(_)) {
            let why = "it names a row of a table that had no key to refer to before";
            draft.raise(rule, &answer.subject, &answer.subject, why);
        }
    }
    if !names.is_empty() {
        draft.note("Fails when rows repeat the key or leave it empty: repair such rows first.");
    }
    open.note("Which columns identify a row? The schema shows none that must.");
    [
        draft.finished(format!("Give {} a primary key.", named(&names))),
        open.finished(format!("Decide on the primary key of {}.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The statement that adds a key: over `id`, over columns that are unique and mandatory anyway, over
/// the two keys of a join table, or over a new column.
fn new_key(table: &Table, source: &mut Source, draft: &mut Draft) -> Option<(String, Vec<String>)> {
    // A partitioned table's key must hold its partition key: no rule of thumb finds it.
    if table.kind != TableKind::Ordinary {
        return None;
    }
    let name = table.name.to_sql();
    let over = |columns: &[String]| {
        let sql = format!("ALTER TABLE {name} ADD PRIMARY KEY ({});", identifiers(columns));
        (sql, columns.to_vec())
    };
    if table.column("id").is_some() {
        return Some(over(&["id".to_owned()]));
    }
    let mandatory = |columns: &[String]| {
        columns.iter().all(|name| table.column(name).is_some_and(|column| !column.nullable))
    };
    let unique = table.constraints.iter().find_map(|constraint| match &constraint.kind {
        ConstraintKind::Unique { columns, .. } if mandatory(columns) => Some(columns.clone()),
        _ => None,
    });
    if let Some(columns) = unique {
        return Some(over(&columns));
    }
    let keys: Vec<String> =
        table.foreign_keys().flat_map(|(_, key)| key.columns.iter().cloned()).collect();
    if keys.len() == 2 && mandatory(&keys) && table.columns.len() <= 4 {
        return Some(over(&keys));
    }
    let call = source.call(draft, "uuid")?;
    let sql = format!("ALTER TABLE {name} ADD COLUMN id uuid NOT NULL DEFAULT {call} PRIMARY KEY;");
    Some((sql, vec!["id".to_owned()]))
}
