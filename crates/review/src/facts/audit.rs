//! Audit triggers, recognised by what they do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use schemaward_catalog::{
    Catalog, Function, InsertedRow, ObjectName, QualifiedName, Run, Table, Trigger, TriggerCommand,
    TriggerState, TriggerTiming,
};
use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr, FunctionArguments, visit_expressions};

use super::expression::{bare, folded, object_name};
use super::words::words;
use crate::class::Classification;
use crate::context::Context;
use crate::standard::matches_pattern;
use crate::{AuditEvent, Class, Standard};

/// Whether a trigger records changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recording {
    /// Its function writes rows to an audit table from the changed row.
    Yes,
    /// Its function is known and does not.
    No,
    /// The text does not show what its function does.
    Unknown(String),
}

/// The audit triggers of one table.
#[derive(Debug, Default)]
pub(crate) struct AuditTriggers<'a> {
    /// Those that record and fire.
    pub(crate) enabled: Vec<&'a Trigger>,
    /// Those that would record but are disabled in the final state.
    pub(crate) disabled: Vec<&'a Trigger>,
    /// Those of which the text does not show it, with the reason.
    pub(crate) unknown: Vec<(&'a Trigger, String)>,
}

impl<'a> AuditTriggers<'a> {
    /// Sorts a table's triggers; `is_log` knows the audit tables.
    pub(crate) fn of(
        catalog: &Catalog,
        table: &'a Table,
        is_log: &dyn Fn(&QualifiedName) -> bool,
    ) -> Self {
        let mut found = Self::default();
        for trigger in &table.triggers {
            match records(catalog, trigger, is_log) {
                Recording::Yes => match trigger.state {
                    TriggerState::Enabled | TriggerState::Always => found.enabled.push(trigger),
                    TriggerState::Disabled | TriggerState::Replica => found.disabled.push(trigger),
                },
                Recording::No => {}
                Recording::Unknown(because) => found.unknown.push((trigger, because)),
            }
        }
        found
    }

    /// The first enabled audit trigger that sees every change of this kind.
    pub(crate) fn covering(&self, event: AuditEvent) -> Option<&'a Trigger> {
        self.enabled.iter().copied().find(|trigger| covers(trigger, event) == Coverage::Every)
    }

    /// How well the enabled triggers see a kind of change.
    pub(crate) fn coverage(&self, event: AuditEvent) -> Coverage {
        self.enabled.iter().map(|trigger| covers(trigger, event)).max().unwrap_or(Coverage::None)
    }

    /// Whether a disabled trigger would see every change of this kind.
    pub(crate) fn disabled_covers(&self, event: AuditEvent) -> bool {
        self.disabled.iter().any(|trigger| covers(trigger, event) == Coverage::Every)
    }
}

/// How much of a kind of change a trigger sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Coverage {
    /// Nothing.
    None,
    /// `UPDATE OF` some columns only.
    SomeColumns,
    /// Changes that fulfil a `WHEN` condition.
    Conditional,
    /// Every change.
    Every,
}

fn covers(trigger: &Trigger, event: AuditEvent) -> Coverage {
    let fires = match event {
        AuditEvent::Insert => trigger.insert,
        AuditEvent::Update => trigger.update,
        AuditEvent::Delete => trigger.delete,
    };
    if !fires {
        return Coverage::None;
    }
    if event == AuditEvent::Update && !trigger.update_of.is_empty() {
        return Coverage::SomeColumns;
    }
    match &trigger.when {
        None => Coverage::Every,
        Some(when) if when.ast.as_deref().is_some_and(is_any_change) => Coverage::Every,
        Some(_) => Coverage::Conditional,
    }
}

/// `OLD.* IS DISTINCT FROM NEW.*`: true whenever anything changed.
fn is_any_change(when: &Expr) -> bool {
    let whole_row = |side: &Expr| {
        let text = bare(side).to_string().to_lowercase();
        let name = text.trim_matches(|c| matches!(c, '(' | ')')).trim_end_matches(".*").to_owned();
        matches!(name.as_str(), "old" | "new")
    };
    match bare(when) {
        Expr::IsDistinctFrom(left, right) => whole_row(left) && whole_row(right),
        _ => false,
    }
}

/// Whether a library that is not in the text keeps the log: the tables it writes are its own.
pub(crate) fn kept_by_library(context: &Context<'_>) -> bool {
    context.tables().any(|table| {
        let recording = context.audit_triggers(&table.name);
        recording
            .enabled
            .iter()
            .any(|trigger| context.catalog.function(&trigger.function).is_none())
    })
}

/// Whether a relation is an audit log: by class, by the standard, or by its name.
pub(crate) fn is_audit_table(context: &Context<'_>, name: &QualifiedName) -> bool {
    is_log(&context.classes, context.standard, name)
}

/// The same before there is a context.
pub(crate) fn is_log(
    classes: &BTreeMap<QualifiedName, Classification>,
    standard: &Standard,
    name: &QualifiedName,
) -> bool {
    matches_pattern(&standard.audit.table, name)
        || match classes.get(name) {
            Some(found) => found.class == Class::Audit,
            // A log that the given text does not create is known by its name alone.
            None => says_audit(&name.name) || says_audit(&name.schema),
        }
}

/// Whether a name has the word for auditing in it.
fn says_audit(name: &str) -> bool {
    words(name).iter().any(|word| matches!(word.as_str(), "audit" | "auditing" | "auditlog"))
}

/// Trigger functions of widespread libraries that record changes, under whichever schema they stand.
const LIBRARY: &[&str] = &[
    "if_modified_func",
    "insert_update_delete_trigger",
    "create_activity",
    "audit_table_trigger",
    "versioning",
];

/// What pgMemento calls its trigger functions, in the schema of its name. Its `log_transaction` counts
/// statements and keeps no row.
const PGMEMENTO: &[&str] = &["log_insert", "log_update", "log_delete"];

/// Whether a trigger function is one of a library that records changes.
fn of_library(name: &QualifiedName) -> bool {
    LIBRARY.contains(&name.name.as_str())
        || name.schema == "pgmemento" && PGMEMENTO.contains(&name.name.as_str())
}

/// Built-in and contributed trigger functions that do something else.
const NOT_AUDIT: &[&str] = &[
    "moddatetime",
    "tsvector_update_trigger",
    "tsvector_update_trigger_column",
    "suppress_redundant_updates_trigger",
    "lo_manage",
    "autoinc",
    "insert_username",
    "check_primary_key",
    "check_foreign_key",
];

/// Judges a trigger by its function's body: it records when it writes to an audit table and reads
/// the changed row.
pub(crate) fn records(
    catalog: &Catalog,
    trigger: &Trigger,
    is_log: &dyn Fn(&QualifiedName) -> bool,
) -> Recording {
    // A view's trigger replaces the change; what fires on TRUNCATE alone sees no row.
    if trigger.timing == TriggerTiming::InsteadOf
        || !(trigger.insert || trigger.update || trigger.delete)
    {
        return Recording::No;
    }
    let own = trigger.function.name.as_str();
    let Some(function) = catalog.function(&trigger.function) else {
        return if of_library(&trigger.function) {
            Recording::Yes
        } else if NOT_AUDIT.contains(&own)
            || trigger.function.schema == "pgmemento"
            || says_touch(own)
        {
            Recording::No
        } else {
            Recording::Unknown(format!(
                "trigger `{}` calls `{}()`, whose definition is not in the given text; add it",
                trigger.name, trigger.function
            ))
        };
    };
    let mut seen = BTreeSet::new();
    let reach = Reach::of(catalog, function, &mut seen);
    let writes_log = reach.inserts.iter().any(|target| {
        catalog
            .resolve(target, |name| catalog.tables.contains_key(name))
            .map_or_else(|| is_log(&catalog.creation_name(target)), |name| is_log(&name))
    });
    let sees_row = reach.reads_row || trigger.old_table.is_some() || trigger.new_table.is_some();
    let known_library = of_library(&trigger.function) && function.body.is_none();
    if writes_log && sees_row || known_library {
        Recording::Yes
    } else if let Some(why) = reach.opaque.filter(|_| !writes_log) {
        if says_touch(own) { Recording::No } else { Recording::Unknown(why) }
    } else {
        Recording::No
    }
}

/// `set_updated_at` and its like say what they do.
fn says_touch(name: &str) -> bool {
    let words = words(name);
    words.iter().any(|word| matches!(word.as_str(), "updated" | "touch" | "modified"))
        && !words.iter().any(|word| matches!(word.as_str(), "audit" | "log" | "track"))
}

/// What a function does, with the project functions it calls.
#[derive(Default)]
struct Reach {
    inserts: BTreeSet<ObjectName>,
    reads_row: bool,
    /// Why the text does not show everything.
    opaque: Option<String>,
}

impl Reach {
    fn of(catalog: &Catalog, function: &Function, seen: &mut BTreeSet<QualifiedName>) -> Self {
        let mut reach = Self::default();
        // The set bounds the walk: every function is read once.
        if !seen.insert(function.name.clone()) {
            return reach;
        }
        let Some(body) = &function.body else {
            reach.opaque = Some(format!("the body of `{}()` is not in the text", function.name));
            return reach;
        };
        if matches!(function.language.as_str(), "c" | "internal") {
            reach.opaque = Some(format!("`{}()` is compiled code", function.name));
            return reach;
        }
        let facts = &body.facts;
        reach.inserts.extend(facts.inserts_into.iter().cloned());
        reach.reads_row = facts.reads_whole_row
            || facts.reads_old_row
            || facts.reads_operation
            || !facts.reads_new.is_empty()
            || !facts.reads_old.is_empty();
        if facts.dynamic {
            reach.opaque = Some(format!(
                "`{}()` runs SQL from a string, which the text does not settle; write the \
                 statement out, or name the audit table in it",
                function.name
            ));
        }
        for call in &facts.calls {
            for called in catalog.functions_named(call) {
                let inner = Self::of(catalog, called, seen);
                reach.inserts.extend(inner.inserts);
                reach.opaque = reach.opaque.or(inner.opaque);
            }
        }
        reach
    }
}

/// A function that records changes, and what runs it.
pub(crate) struct Recorder<'a> {
    /// The function.
    pub(crate) function: &'a Function,
    /// The enabled triggers that run it, with their tables.
    pub(crate) triggers: Vec<(&'a Table, &'a Trigger)>,
}

impl<'a> Recorder<'a> {
    /// Every recording function of the schema that is in the text, by name.
    pub(crate) fn all(context: &Context<'a>) -> Vec<Self> {
        let mut found: BTreeMap<&QualifiedName, Self> = BTreeMap::new();
        for table in context.tables() {
            for trigger in &context.audit_triggers(&table.name).enabled {
                let Some(function) = context.catalog.function(&trigger.function) else { continue };
                let recorder = found
                    .entry(&function.name)
                    .or_insert_with(|| Self { function, triggers: Vec::new() });
                recorder.triggers.push((table, *trigger));
            }
        }
        found.into_values().collect()
    }

    /// Whether any of its triggers fires on a command.
    pub(crate) fn fires_on(&self, command: TriggerCommand) -> bool {
        self.triggers.iter().any(|(_, trigger)| match command {
            TriggerCommand::Insert => trigger.insert,
            TriggerCommand::Update => trigger.update,
            TriggerCommand::Delete => trigger.delete,
            TriggerCommand::Truncate => trigger.truncate,
        })
    }

    /// What it does when it runs for a command; `None` when its structure is not known.
    pub(crate) fn run(&self, command: TriggerCommand) -> Option<&'a Run> {
        let body = self.function.body.as_ref()?;
        body.facts.runs.iter().find(|run| run.command == command)
    }

    /// The rows it inserts into logs of the catalog when it runs for a command.
    pub(crate) fn entries(
        &self,
        context: &Context<'a>,
        command: TriggerCommand,
    ) -> Vec<(&'a Table, &'a InsertedRow)> {
        let rows = self.run(command).into_iter().flat_map(|run| &run.inserts);
        rows.filter_map(|row| {
            let name = context
                .catalog
                .resolve(&row.target, |name| context.catalog.tables.contains_key(name))?;
            let log = context.catalog.tables.get(&name)?;
            is_audit_table(context, &name).then_some((log, row))
        })
        .collect()
    }

    /// Whether an entry keeps the row as it was before the change.
    pub(crate) fn keeps_old(&self, row: &InsertedRow, tenant: &str) -> bool {
        let transition = self.triggers.iter().any(|(_, trigger)| {
            trigger.old_table.as_ref().is_some_and(|old| row.reads.iter().any(|r| r.name == *old))
        });
        let mut whole = false;
        let mut columns = BTreeSet::new();
        for source in row.values.iter().flat_map(|value| &value.sources) {
            let _ = visit_expressions(source, |inner| {
                match inner {
                    Expr::Identifier(ident) => whole |= ident.value.eq_ignore_ascii_case("old"),
                    Expr::CompoundIdentifier(parts) => {
                        if let [row, column] = parts.as_slice()
                            && row.value.eq_ignore_ascii_case("old")
                        {
                            columns.insert(folded(column));
                        }
                    }
                    Expr::Function(function) => whole |= spreads_old(function),
                    _ => {}
                }
                ControlFlow::<()>::Continue(())
            });
        }
        // The key alone says which row it was, not what it held.
        columns.retain(|column| column != tenant && words(column).last().is_none_or(|w| w != "id"));
        transition || whole || !columns.is_empty()
    }
}

/// `hstore(OLD.*)`
fn spreads_old(function: &sqlparser::ast::Function) -> bool {
    let FunctionArguments::List(list) = &function.args else { return false };
    list.args.iter().any(|argument| match argument {
        FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(name)) => {
            object_name(name).name == "old"
        }
        _ => false,
    })
}
