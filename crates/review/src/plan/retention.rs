//! Steps that bring soft deletes to the standard's form.

use schemaward_catalog::ddl::{self, Names, foreign_key};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use schemaward_catalog::{
    Catalog, Column, Constraint, ConstraintKind, ForeignKey, QualifiedName, ReferentialAction,
    Table, TriggerTiming, quote_identifier,
};

use super::{
    Draft, Findings, NewNames, PlanContext, add_column, found_on, functions_naming, named,
};
use crate::facts::rights::{grantees, held as held_by};
use crate::facts::unique::{Unique, UniqueObject, counting_deleted, must_count_deleted};
use crate::rules::filtered;
use crate::standard::matches_pattern;
use crate::{Finding, RequiredUnique, Severity, Verb};

pub(super) fn drafts(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let referring = referring(context.catalog);
    let drafts = [
        missing(context, findings, &referring, names),
        nonstandard(context, findings),
        cascades(context, findings),
    ];
    let mut drafts: Vec<Draft> = drafts.into_iter().flatten().collect();
    drafts.extend(uniques(context, findings, &referring, names));
    drafts
}

/// Shows the live rows of tables whose rows are marked as deleted, where nothing leaves those out.
///
/// A policy for reading would do so, too, and refuse the `UPDATE` that marks a row: what it looks like
/// afterwards must pass the policies for reading as well.
pub(super) fn live_views(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    names: &mut NewNames<'_>,
) -> Option<Draft> {
    const VISIBLE: &str = "deleted-rows-visible";
    const RULES: [&str; 3] = [VISIBLE, "soft-delete-missing", "soft-delete-nonstandard"];
    let mandate = &context.standard.soft_delete;
    let mut draft = Draft::new(Verb::Harden);
    let mut shown = Vec::new();
    for (table, found) in findings.by_table(context.catalog, &RULES) {
        let visible: Vec<&Finding> =
            found.iter().copied().filter(|finding| finding.rule == VISIBLE).collect();
        if visible.is_empty() {
            // Where the idiom's column is renamed, what left its rows out goes on doing so.
            let mut idioms = found.iter().filter_map(|finding| finding.column.as_deref());
            let today = idioms.next().unwrap_or(&mandate.column);
            let asked = context.reviewed.mandated(&table.name, &mandate.classes)
                && context.standard.severity(VISIBLE, Severity::Info).is_some();
            if !asked || filtered(context.reviewed, table, today).is_some() {
                continue;
            }
        }
        draft.close(&visible);
        let view = names.relation::<&str>(&table.name, &[], "live");
        let view = match table.name.schema.as_str() {
            "public" => view,
            schema => format!("{}.{view}", quote_identifier(schema)),
        };
        draft.sql.push(format!(
            "CREATE VIEW {view} WITH (security_invoker = true) AS\n    SELECT * FROM {}\n    WHERE {} \
             IS NULL;",
            table.name.to_sql(),
            quote_identifier(&mandate.column),
        ));
        let held = grantees(context.catalog, &table.grants, table.owner.as_deref(), &["SELECT"]);
        let readers: Vec<String> = held
            .iter()
            .filter(|(name, _)| {
                let roles = [(*name).to_owned()].into();
                held_by(&table.grants, &roles, "SELECT").is_some_and(|it| it.columns.is_empty())
            })
            .map(|(name, _)| ddl::role(name))
            .collect();
        if !readers.is_empty() {
            draft.sql.push(format!("GRANT SELECT ON {view} TO {};", readers.join(", ")));
        }
        shown.push(table.name.to_string());
    }
    draft.note(
        "Views, and no policy for reading: that would refuse the `UPDATE` that marks a row as deleted, \
         since the row must pass it afterwards, too.",
    );
    draft.note(
        "Queries read the views from then on. They need PostgreSQL 15 and show the columns that are \
         there now; to change the type of one of these, drop the view first and create it again.",
    );
    draft.finished(format!("Show the rows of {} that are not deleted.", named(&shown)))
}

/// Adds the standard's column.
fn missing(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    referring: &Referring<'_>,
    new_names: &mut NewNames<'_>,
) -> Option<Draft> {
    let column = &context.standard.soft_delete.column;
    let mut draft = Draft::new(Verb::Refactor);
    let mut names = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["soft-delete-missing"]) {
        draft.close(&findings);
        names.push(table.name.to_string());
        draft.sql.push(format!(
            "ALTER TABLE {} {} {} timestamptz;",
            table.name.to_sql(),
            add_column(table),
            quote_identifier(column)
        ));
        // Uniqueness that was right while rows were destroyed would count the deleted ones from now on.
        for unique in
            counting_deleted(table, column, referring.get(&table.name).map_or(&[], Vec::as_slice))
        {
            if must_count_deleted(context.standard, table, &unique) {
                continue;
            }
            if let Some(sql) = live_only(table, &unique, &quote_identifier(column), new_names) {
                draft.sql.push(sql);
                draft.note(format!(
                    "The uniqueness of {} in `{}` is made to hold for live rows only: leave `{}` as \
                     it is if deleted rows must go on occupying their values.",
                    unique.what, table.name, unique.name
                ));
            }
        }
    }
    if !names.is_empty() {
        draft.note(format!(
            "Existing rows count as live. From here on the application sets `{column}` instead of \
             deleting, and its queries leave out rows that have it."
        ));
    }
    draft.finished(format!("Apply soft delete to {}.", named(&names)))
}

/// Turns another idiom into the standard's column.
fn nonstandard(context: &PlanContext<'_>, findings: &Findings<'_>) -> Option<Draft> {
    let standard = &context.standard.soft_delete.column;
    let new = quote_identifier(standard);
    let mut draft = Draft::new(Verb::Refactor);
    let mut names = Vec::new();
    let found = findings.by_table(context.catalog, &["soft-delete-nonstandard"]);
    let mut found: Vec<(&Table, &Column, Vec<&Finding>)> = found
        .into_iter()
        .filter_map(|(table, findings)| {
            let idiom = findings.iter().find_map(|finding| finding.column.as_deref());
            Some((table, table.column(idiom?)?, findings))
        })
        .collect();
    let renames = Renames::of(context, &found);
    // What is said of a child's column by its new name comes after its parent's was renamed.
    found.sort_by_key(|(table, idiom, _)| !renames.begin_at(table, &idiom.name));
    for (table, idiom, findings) in found {
        draft.close(&findings);
        names.push(format!("{}.{}", table.name, idiom.name));
        let name = table.name.to_sql();
        let old = quote_identifier(&idiom.name);
        let data_type = idiom.data_type.to_string();
        let has = table.column(standard).is_some();
        if renames.reach(table, &idiom.name) {
            // A child has its parent's name for an inherited column, and follows it.
            if renames.begin_at(table, &idiom.name) {
                draft.sql.push(format!("ALTER TABLE {name} RENAME COLUMN {old} TO {new};"));
            }
            if !idiom.nullable {
                draft.sql.push(format!("ALTER TABLE {name} ALTER COLUMN {new} DROP NOT NULL;"));
            }
            if idiom.default.is_some() {
                draft.sql.push(format!("ALTER TABLE {name} ALTER COLUMN {new} DROP DEFAULT;"));
            }
            unrequired(context, table, &idiom.name, &mut draft);
            draft.note(
                "Policies, views, indexes and constraints follow a renamed column; queries of the \
                 application do not: release both together.",
            );
        } else {
            let (value, deleted) = match data_type.as_str() {
                "boolean" => ("now()".to_owned(), old.clone()),
                "date" => (format!("{old}::timestamptz"), format!("{old} IS NOT NULL")),
                kind if kind.starts_with("timestamp") => {
                    (format!("{old} AT TIME ZONE 'UTC'"), format!("{old} IS NOT NULL"))
                }
                _ => ("now()".to_owned(), format!("{old} IS NOT NULL")),
            };
            if !has {
                draft
                    .sql
                    .push(format!("ALTER TABLE {name} {} {new} timestamptz;", add_column(table)));
            }
            draft.sql.push(format!("UPDATE {name} SET {new} = {value} WHERE {deleted};"));
            draft.note(format!(
                "`{}.{}` stays until nothing reads it; drop it then.",
                table.name, idiom.name
            ));
            if table.row_security_forced.on {
                draft.note(format!(
                    "Row-level security is forced on `{}`: run the UPDATE as a role that bypasses \
                     it, or it changes no row.",
                    table.name
                ));
            }
        }
        let functions = functions_naming(context.catalog, &idiom.name);
        if !functions.is_empty() {
            draft.note(format!(
                "Change these functions in the same release, they name `{}`: {}.",
                idiom.name,
                named(&functions)
            ));
        }
    }
    let new = format!("`{standard}`");
    draft.finished(format!("Replace {} by the standard {new}.", named(&names)))
}

/// Which columns a step renames, and where: of a column that tables inherit, only the first one is.
struct Renames<'a> {
    catalog: &'a Catalog,
    /// The tables with their columns that have a name to themselves.
    begun: BTreeSet<(&'a QualifiedName, &'a str)>,
}

impl<'a> Renames<'a> {
    /// Those that can be renamed to the standard's name: a moment in time, in every heir from one
    /// parent alone, and the new name is free everywhere.
    fn of(context: &PlanContext<'a>, found: &[(&'a Table, &'a Column, Vec<&Finding>)]) -> Self {
        let standard = &context.standard.soft_delete.column;
        let catalog = context.catalog;
        let mut renames = Self { catalog, begun: BTreeSet::new() };
        for (table, idiom, _) in found {
            let data_type = idiom.data_type.to_string();
            let fits = data_type.starts_with("timestamp") && data_type.ends_with("with time zone");
            let free = renames.heirs(table).iter().all(|heir| {
                let sources = renames.sources(heir, &idiom.name).count();
                heir.column(standard).is_none() && (heir.name == table.name || sources < 2)
            });
            if fits && free && renames.sources(table, &idiom.name).next().is_none() {
                renames.begun.insert((&table.name, &idiom.name));
            }
        }
        renames
    }

    /// The parents that a table has a column from.
    fn sources<'s>(
        &'s self,
        table: &'s Table,
        column: &'s str,
    ) -> impl Iterator<Item = &'a Table> + 's {
        let parents = table.inherits.iter().filter_map(|name| self.catalog.tables.get(name));
        parents.filter(move |parent| parent.column(column).is_some())
    }

    /// A table and all that inherit from it.
    fn heirs(&self, table: &'a Table) -> Vec<&'a Table> {
        let mut seen = BTreeSet::from([&table.name]);
        let mut heirs = vec![table];
        let mut open = vec![table];
        while let Some(next) = open.pop() {
            let children = self.catalog.children(&next.name);
            for child in children.filter_map(|name| self.catalog.tables.get(name)) {
                if seen.insert(&child.name) {
                    heirs.push(child);
                    open.push(child);
                }
            }
        }
        heirs
    }

    /// Whether a table's own column is renamed.
    fn begin_at(&self, table: &Table, column: &str) -> bool {
        self.begun.contains(&(&table.name, column))
    }

    /// Whether a table's column has the new name afterwards.
    fn reach(&self, table: &Table, column: &str) -> bool {
        let mut seen = BTreeSet::from([&table.name]);
        let mut open = vec![table];
        while let Some(next) = open.pop() {
            if self.begin_at(next, column) {
                return true;
            }
            open.extend(self.sources(next, column).filter(|parent| seen.insert(&parent.name)));
        }
        false
    }
}

/// Says which demands of the standard name a column that a step renames: they must follow it.
fn unrequired(context: &PlanContext<'_>, table: &Table, old: &str, draft: &mut Draft) {
    let names = |required: &RequiredUnique| {
        let within = |text: &String| {
            text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == old)
        };
        matches_pattern(&required.table, &table.name)
            && (required.predicate.as_ref().is_some_and(within)
                || required.columns.iter().any(|column| column == old))
    };
    let mut standard = context.standard.clone();
    let (gone, kept): (Vec<_>, Vec<_>) =
        std::mem::take(&mut standard.require.uniques).into_iter().partition(names);
    standard.require.uniques = kept;
    let why = format!("the standard asks for it by the name `{old}`: change that with this step");
    let name = table.name.to_string();
    for required in &gone {
        draft.raise(
            "required-unique",
            &format!("{name}:{}", required.columns.join(",")),
            &name,
            &why,
        );
    }
    if !gone.is_empty() {
        let without = context.reviewed.on(context.catalog, &standard);
        for (rule, detail) in found_on(&without, table, &["unique-ignores-tenant"]) {
            draft.raise(rule, &detail, &name, &why);
        }
    }
}

/// Replaces cascades into rows that must stay by a refusal.
fn cascades(context: &PlanContext<'_>, findings: &Findings<'_>) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Refactor);
    let mut names = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["hard-delete-cascade"]) {
        let cascading =
            |(_, key): &(&Constraint, &ForeignKey)| key.on_delete == ReferentialAction::Cascade;
        for (constraint, key) in table.foreign_keys().filter(cascading) {
            names.push(format!("{}.{}", table.name, key.columns.join(", ")));
            draft.sql.push(restricted(table, constraint, key));
        }
        draft.close(&findings);
    }
    if !names.is_empty() {
        draft.note(
            "A parent row can be deleted only after its children were dealt with; what deletes \
             parents today must mark them deleted instead.",
        );
    }
    draft.finished(format!("Stop deletes from cascading into {}.", named(&names)))
}

fn restricted(table: &Table, constraint: &Constraint, key: &ForeignKey) -> String {
    let key = ForeignKey { on_delete: ReferentialAction::Restrict, ..key.clone() };
    let name = quote_identifier(&constraint.name);
    let deferrable = match (constraint.deferrable, constraint.initially_deferred) {
        (true, true) => " DEFERRABLE INITIALLY DEFERRED",
        (true, false) => " DEFERRABLE",
        (false, _) => "",
    };
    format!(
        "ALTER TABLE {}\n    DROP CONSTRAINT {name},\n    ADD CONSTRAINT {name} {}{deferrable};",
        table.name.to_sql(),
        foreign_key(&key, Names::Short)
    )
}

/// Lets uniqueness hold for live rows only.
fn uniques(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    referring: &Referring<'_>,
    new_names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let column = context.standard.soft_delete.column.as_str();
    let mut draft = Draft::new(Verb::Refactor);
    let mut names = Vec::new();
    let mut open = Draft::new(Verb::Refactor);
    let mut undecided = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["unique-ignores-soft-delete"]) {
        let counting =
            counting_deleted(table, column, referring.get(&table.name).map_or(&[], Vec::as_slice));
        for finding in findings {
            let found = counting
                .iter()
                .find(|unique| finding.evidence.iter().any(|proof| proof.origin == unique.origin));
            let sql = found
                .and_then(|unique| live_only(table, unique, &quote_identifier(column), new_names));
            if let Some(sql) = sql {
                draft.close(&[finding]);
                names.push(finding.subject.clone());
                draft.sql.push(sql);
            } else {
                open.close(&[finding]);
                undecided.push(finding.subject.clone());
            }
        }
    }
    if !names.is_empty() {
        draft.note(
            "`INSERT … ON CONFLICT` on these columns must repeat the index's condition from then on.",
        );
    }
    open.note(
        "A foreign key or a part of the key keeps this from being a partial index: decide whether \
         deleted rows may go on occupying their values.",
    );
    [
        draft.finished(format!("Let the uniqueness of {} hold for live rows.", named(&names))),
        open.finished(format!("Decide on the uniqueness of {}.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The foreign keys that refer to each table.
type Referring<'a> = BTreeMap<&'a QualifiedName, Vec<&'a ForeignKey>>;

fn referring(catalog: &Catalog) -> Referring<'_> {
    let mut referring = Referring::new();
    for (_, key) in catalog.tables.values().flat_map(Table::foreign_keys) {
        referring.entry(&key.references).or_default().push(key);
    }
    referring
}

/// A partial unique index in the place of a constraint or index.
fn live_only(
    table: &Table,
    unique: &Unique<'_>,
    column: &str,
    names: &mut NewNames<'_>,
) -> Option<String> {
    match unique.object {
        UniqueObject::Constraint(constraint) => live_only_key(table, constraint, column, names),
        UniqueObject::Index(index) => {
            let dropped = QualifiedName::new(table.name.schema.as_str(), index.name.as_str());
            let created = ddl::create_index(&table.name, index, Names::Short);
            let created = created.trim_end_matches(';');
            let condition = if index.predicate.is_some() { " AND " } else { "\n    WHERE " };
            Some(format!("DROP INDEX {};\n{created}{condition}{column} IS NULL;", dropped.to_sql()))
        }
    }
}

fn live_only_key(
    table: &Table,
    constraint: &Constraint,
    column: &str,
    names: &mut NewNames<'_>,
) -> Option<String> {
    let ConstraintKind::Unique { columns, include, nulls_not_distinct } = &constraint.kind else {
        return None;
    };
    // A partial index can be neither deferred nor a constraint.
    if constraint.deferrable || !include.is_empty() {
        return None;
    }
    let name = table.name.to_sql();
    let nulls = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let mut sql = format!(
        "ALTER TABLE {name} DROP CONSTRAINT {};\nCREATE UNIQUE INDEX {} ON {name} ({}){nulls}\n    \
         WHERE {column} IS NULL;",
        quote_identifier(&constraint.name),
        names.index(&table.name, columns, "live_key"),
        ddl::identifiers(columns),
    );
    // A foreign key that relied on the whole index needs one of its own then.
    for (_, key) in table.foreign_keys() {
        let led = |keys: &[&str]| {
            keys.len() >= key.columns.len()
                && key.columns.iter().zip(keys).all(|(column, led)| column == led)
        };
        let mut indexes =
            table.index_keys().filter(|(keys, predicate)| predicate.is_none() && led(keys));
        let relied = columns.starts_with(&key.columns)
            && indexes.next().is_some()
            && indexes.next().is_none();
        if relied {
            let _ = write!(
                sql,
                "\nCREATE INDEX {} ON {name} ({});",
                names.index(&table.name, &key.columns, "idx"),
                ddl::identifiers(&key.columns)
            );
        }
    }
    Some(sql)
}

/// The function that a project keeps `updated_at` by: the most used one of row triggers before
/// updates that assign the column.
pub(super) fn touch_function(context: &PlanContext<'_>, column: &str) -> Option<String> {
    let mut uses: Vec<(String, usize)> = Vec::new();
    for trigger in context.catalog.tables.values().flat_map(|table| &table.triggers) {
        let assigns = trigger.timing == TriggerTiming::Before
            && trigger.update
            && trigger.for_each_row
            && trigger.arguments.is_empty()
            && context.catalog.function(&trigger.function).is_some_and(|function| {
                function.body.as_ref().is_some_and(|body| body.facts.assigns_new.contains(column))
            });
        if assigns {
            let name = trigger.function.to_sql();
            match uses.iter_mut().find(|(used, _)| *used == name) {
                Some((_, times)) => *times += 1,
                None => uses.push((name, 1)),
            }
        }
    }
    uses.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    uses.into_iter().next().map(|(name, _)| name)
}
