//! Steps that get every change recorded.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{
    Catalog, QualifiedName, Table, Trigger, TriggerState, quote_identifier, quote_literal,
};

use super::keys::Source;
use super::{Draft, Findings, NewNames, PlanContext, Protection, free_name, named, privacy};
use crate::facts::audit::{self as facts, is_audit_table};
use crate::rules::{AnswerKind, judge_actor, judge_old_values, lacking};
use crate::{AuditEvent, Finding, Verb};

pub(super) fn drafts(
    context: &PlanContext<'_>,
    findings: &Findings<'_>,
    keys: &mut Source,
    names: &mut NewNames<'_>,
) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Harden);
    let mut open = Draft::new(Verb::Harden);
    let wanted = findings.by_table(context.catalog, &["audit-trigger-missing"]);
    let incomplete = findings.by_table(context.catalog, &["audit-trigger-incomplete"]);
    // Tables of another class that keep people's data all the same.
    let lacking = privacy::lacking(context, findings);
    let told: BTreeSet<&QualifiedName> = findings
        .of(&["audit-trigger-missing", "audit-trigger-disabled"])
        .filter_map(|finding| finding.table.as_ref())
        .collect();
    let personal: Vec<(&Table, Vec<&Finding>)> = lacking
        .iter()
        .filter(|(_, lacks)| *lacks == Protection::Audit)
        .filter_map(|(name, _)| context.catalog.tables.get(name))
        .filter(|table| !told.contains(&table.name))
        .map(|table| (table, Vec::new()))
        .collect();
    let no_log: Vec<_> = findings.of(&["audit-log-missing"]).collect();
    let mut recorder = Recorder::observed(context);
    if recorder.is_none() && (!wanted.is_empty() || !personal.is_empty() || !no_log.is_empty()) {
        recorder = Recorder::created(context, &mut draft, keys, names);
        if recorder.is_some() {
            draft.close(&no_log);
        } else {
            open.close(&no_log);
        }
    }
    let (mut names, mut undecided) = (Vec::new(), Vec::new());
    let mut added: Vec<(&Table, Trigger)> = Vec::new();
    for (table, findings) in wanted.into_iter().chain(incomplete).chain(personal) {
        let name = table.name.to_string();
        let key = (table.name.clone(), Protection::Audit);
        match recorder.as_ref().map(|recorder| recorder.fits(table).map(|()| recorder)) {
            Some(Ok(recorder)) => {
                draft.sql.extend(recorder.attach(context, table));
                draft.close(&findings);
                draft.protects.insert(key);
                super::unmodelled(context, table, &mut draft);
                if let Some(like) = recorder.like {
                    // It runs for every command from now on.
                    let every = Trigger {
                        insert: true,
                        update: true,
                        delete: true,
                        state: TriggerState::Enabled,
                        ..like.clone()
                    };
                    added.push((table, every));
                }
                names.push(name);
            }
            Some(Err(why)) => {
                open.note(format!("`{name}`: {why}."));
                open.close(&findings);
                open.asks.insert(key);
                undecided.push(name);
            }
            None => {
                open.note(
                    "An audit table exists, but no function that fills it: write one that fits its \
                     columns, then attach it.",
                );
                open.close(&findings);
                open.asks.insert(key);
                undecided.push(name);
            }
        }
    }
    incomplete_entries(context, &added, &mut draft);
    if let Some(recorder) = recorder.filter(|_| !names.is_empty()) {
        draft.note(format!(
            "Every change is recorded by `{}()`, in the same transaction.",
            recorder.function
        ));
    }
    let title = if names.is_empty() {
        "Create the audit log.".to_owned()
    } else {
        format!("Add audit triggers to {}.", named(&names))
    };
    let enabled = enabled(context, findings);
    [
        draft.finished(title),
        open.asking(format!("Decide how changes to {} are recorded.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .chain(enabled)
    .collect()
}

/// Says what the entries of functions will lack once these triggers run them.
fn incomplete_entries(context: &PlanContext<'_>, new: &[(&Table, Trigger)], draft: &mut Draft) {
    if new.is_empty() {
        return;
    }
    let mut recorders: BTreeMap<&QualifiedName, facts::Recorder<'_>> =
        facts::Recorder::all(context.reviewed)
            .into_iter()
            .map(|recorder| (&recorder.function.name, recorder))
            .collect();
    let mut changed: BTreeSet<&QualifiedName> = BTreeSet::new();
    for (table, trigger) in new {
        let Some(function) = context.catalog.function(&trigger.function) else { continue };
        changed.insert(&function.name);
        let recorder = recorders
            .entry(&function.name)
            .or_insert_with(|| facts::Recorder { function, triggers: Vec::new() });
        recorder.triggers.push((table, trigger));
    }
    for name in changed {
        let Some(recorder) = recorders.get(name) else { continue };
        let found = [
            ("audit-actor-missing", judge_actor(context.reviewed, recorder)),
            ("audit-old-values-missing", judge_old_values(context.reviewed, recorder)),
        ];
        for (rule, answer) in found {
            if answer.is_some_and(|answer| matches!(answer.kind, AnswerKind::Unmet(_))) {
                let name = name.to_string();
                draft.raise(
                    rule,
                    &name,
                    &format!("{name}()"),
                    "its body leaves that out of its entries",
                );
            }
        }
    }
}

/// Whether a trigger records changes, whatever its state.
fn is_audit(context: &PlanContext<'_>, table: &Table, trigger: &Trigger) -> bool {
    let known = context.reviewed.audit_triggers(&table.name);
    known.enabled.iter().chain(&known.disabled).any(|known| known.name == trigger.name)
}

/// Enables audit triggers that were switched off.
fn enabled(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut draft = Draft::new(Verb::Harden);
    let mut open = Draft::new(Verb::Harden);
    let (mut names, mut undecided) = (Vec::new(), Vec::new());
    let mut added: Vec<(&Table, Trigger)> = Vec::new();
    for (table, findings) in findings.by_table(context.catalog, &["audit-trigger-disabled"]) {
        let off = table.triggers.iter().filter(|trigger| {
            matches!(trigger.state, TriggerState::Disabled | TriggerState::Replica)
                && is_audit(context, table, trigger)
        });
        let (broken, off): (Vec<&Trigger>, Vec<&Trigger>) = off.partition(|trigger| {
            let function = context.catalog.function(&trigger.function);
            function.is_some_and(|function| !lacking(table, trigger, function).is_empty())
        });
        // That is why it was switched off, perhaps: enabled, it makes every write fail.
        if let Some(trigger) = broken.first() {
            open.note(format!(
                "`{}` of `{}` needs columns the table does not have: give it a function that fits before \
                 it is enabled.",
                trigger.name, table.name
            ));
            open.close(&findings);
            open.asks.insert((table.name.clone(), Protection::Audit));
            undecided.push(table.name.to_string());
            continue;
        }
        for trigger in off {
            draft.sql.push(format!(
                "ALTER TABLE {} ENABLE TRIGGER {};",
                table.name.to_sql(),
                quote_identifier(&trigger.name)
            ));
            let enabled = Trigger { state: TriggerState::Enabled, ..trigger.clone() };
            added.push((table, enabled));
        }
        draft.close(&findings);
        draft.protects.insert((table.name.clone(), Protection::Audit));
        names.push(table.name.to_string());
    }
    incomplete_entries(context, &added, &mut draft);
    draft.note("Changes made while they were off are not in the log.");
    [
        draft.finished(format!("Enable the audit triggers of {}.", named(&names))),
        open.finished(format!("Repair the disabled audit triggers of {}.", named(&undecided))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What records changes: the function, and how its triggers are made.
struct Recorder<'a> {
    function: String,
    /// One of the triggers that run it already; `None` where it is new.
    like: Option<&'a Trigger>,
    arguments: Vec<String>,
    /// The names of its triggers, with `{}` where the table's name stands.
    pattern: String,
    /// Columns of the changed row that the function reads.
    reads: BTreeSet<String>,
}

impl<'a> Recorder<'a> {
    /// The function that most audit triggers use.
    fn observed(context: &PlanContext<'a>) -> Option<Self> {
        let mut found: Vec<(&'a Table, &'a Trigger)> = Vec::new();
        for table in context.catalog.tables.values() {
            let triggers = table.triggers.iter().filter(|trigger| {
                trigger.for_each_row && trigger.when.is_none() && is_audit(context, table, trigger)
            });
            found.extend(triggers.map(|trigger| (table, trigger)));
        }
        let used = most(
            found.iter().map(|(_, trigger)| (trigger.function.to_sql(), trigger.arguments.clone())),
        )?;
        let (function, arguments) = used;
        let same = found.iter().filter(|(_, trigger)| trigger.function.to_sql() == function);
        let pattern = most(
            same.clone()
                .map(|(table, trigger)| trigger.name.replace(table.name.name.as_str(), "{}")),
        )?;
        // Arguments that name the table cannot be taken over to another one.
        let names_table = same.clone().any(|(table, trigger)| {
            trigger.arguments.iter().any(|text| text.contains(table.name.name.as_str()))
        });
        let reads = same
            .clone()
            .find_map(|(_, trigger)| context.catalog.function(&trigger.function))
            .and_then(|function| function.body.as_ref())
            .map(|body| body.facts.reads_new.union(&body.facts.reads_old).cloned().collect())
            .unwrap_or_default();
        let like = same.clone().next().map(|(_, trigger)| *trigger);
        (!names_table).then_some(Self { function, like, arguments, pattern, reads })
    }

    /// A log and a function of our own, where there is no log yet.
    fn created(
        context: &PlanContext<'_>,
        draft: &mut Draft,
        keys: &mut Source,
        names: &mut NewNames<'_>,
    ) -> Option<Self> {
        let log = &context.standard.audit.table;
        let name = match log.split_once('.') {
            Some((schema, name)) => QualifiedName::new(schema, name),
            None => QualifiedName::new("public", log.as_str()),
        };
        let exists =
            context.catalog.tables.keys().any(|table| is_audit_table(context.reviewed, table));
        if exists || name.name.contains('*') {
            return None;
        }
        let by_row = names.index(&name, &["resource_id"], "idx");
        let by_time = names.index(&name, &["created_at"], "idx");
        let function = QualifiedName::new(
            name.schema.as_str(),
            if has_function(context.catalog, "record_change") {
                "record_change_in_log"
            } else {
                "record_change"
            },
        )
        .to_sql();
        if name.schema != "public" && !context.catalog.schemas.contains_key(&name.schema) {
            draft.sql.push(format!("CREATE SCHEMA {};", quote_identifier(&name.schema)));
        }
        let user = quote_literal(&context.standard.tenancy.user_setting);
        let log = name.to_sql();
        let key = match keys.call(draft, "uuid") {
            Some(call) => format!("uuid DEFAULT {call}"),
            None => "bigint GENERATED ALWAYS AS IDENTITY".to_owned(),
        };
        draft.sql.push(format!(
            "CREATE TABLE {log} (\n    id {key} PRIMARY KEY,\n    \
             created_at timestamptz NOT NULL DEFAULT now(),\n    actor text,\n    \
             database_role name NOT NULL DEFAULT session_user,\n    \
             action text NOT NULL,\n    resource_type text NOT NULL,\n    resource_id text,\n    \
             old_values jsonb,\n    new_values jsonb\n);\n\
             CREATE INDEX {by_row} ON {log} (resource_id);\n\
             CREATE INDEX {by_time} ON {log} (created_at);\n\
             REVOKE ALL ON {log} FROM PUBLIC;"
        ));
        draft.sql.push(super::log::append_only(context, &name, &mut BTreeSet::new()));
        draft.sql.push(format!(
            "CREATE FUNCTION {function}() RETURNS trigger\n    LANGUAGE plpgsql SECURITY DEFINER\n    \
             SET search_path = pg_catalog, pg_temp\n    AS $$\n\
             DECLARE\n    before jsonb;\n    after jsonb;\n\
             BEGIN\n    IF TG_OP <> 'INSERT' THEN before := to_jsonb(OLD); END IF;\n    \
             IF TG_OP <> 'DELETE' THEN after := to_jsonb(NEW); END IF;\n    \
             INSERT INTO {} (actor, action, resource_type, resource_id, old_values, new_values)\n    \
             VALUES (\n        nullif(current_setting({user}, true), ''),\n        TG_OP,\n        \
             TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,\n        \
             coalesce(after, before) ->> 'id',\n        before,\n        after\n    );\n    \
             RETURN NULL;\nEND;\n$$;",
            schemaward_catalog::ddl::Names::Full.of(&name)
        ));
        draft.note(format!(
            "There was no audit log: `{name}` is new, written by its owner's function only. Grant \
             reading to those who review it, and nothing else."
        ));
        Some(Self {
            function,
            like: None,
            arguments: Vec::new(),
            pattern: "{}_audit".to_owned(),
            reads: BTreeSet::new(),
        })
    }

    /// Whether the function can run on a table's rows.
    fn fits(&self, table: &Table) -> Result<(), String> {
        let lacking = self.reads.iter().find(|name| table.column(name).is_none());
        match lacking {
            Some(name) => Err(format!(
                "`{}()` reads `NEW.{name}`, a column the table does not have; every write would fail",
                self.function
            )),
            None => Ok(()),
        }
    }

    /// The trigger for a table, in the place of one that sees too little.
    fn attach(&self, context: &PlanContext<'_>, table: &Table) -> Vec<String> {
        let name = table.name.to_sql();
        let mut sql = Vec::new();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for trigger in &table.triggers {
            if is_audit(context, table, trigger) {
                let trigger = quote_identifier(&trigger.name);
                sql.push(format!("DROP TRIGGER {trigger} ON {name};"));
            } else {
                taken.insert(trigger.name.clone());
            }
        }
        let mut trigger = self.pattern.replace("{}", &table.name.name);
        if taken.contains(&trigger) || trigger.len() > 63 {
            trigger = free_name(&[table.name.name.as_str()], "audit", &mut taken);
        }
        let events: Vec<String> =
            context.standard.audit.events.iter().map(AuditEvent::to_string).collect();
        let events = if events.is_empty() {
            "INSERT OR UPDATE OR DELETE".to_owned()
        } else {
            events.join(" OR ")
        };
        let arguments: Vec<String> =
            self.arguments.iter().map(|text| quote_literal(text)).collect();
        sql.push(format!(
            "CREATE TRIGGER {}\n    AFTER {events} ON {name}\n    FOR EACH ROW EXECUTE FUNCTION \
             {}({});",
            quote_identifier(&trigger),
            self.function,
            arguments.join(", ")
        ));
        sql
    }
}

fn has_function(catalog: &Catalog, name: &str) -> bool {
    catalog.functions.keys().any(|(function, _)| function.name == name)
}

/// The most frequent of several values; among equals the smallest.
fn most<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counted: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counted.entry(value).or_default() += 1;
    }
    let mut counted: Vec<(T, usize)> = counted.into_iter().collect();
    counted.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    counted.into_iter().next().map(|(value, _)| value)
}
