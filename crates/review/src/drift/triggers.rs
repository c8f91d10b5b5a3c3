//! Triggers on both sides.

use schemaward_catalog::{Trigger, TriggerState, TriggerTiming};

use super::canonical::{Names, canonical_in};
use super::{
    Difference, Drift, NOT_DOCUMENTED, NOT_IMPLEMENTED, Object, Pair, Part, blind_to, both, code,
    codes, entity,
};
use crate::Severity;

impl<'a> Drift<'a, '_> {
    /// Triggers by name, else by what they do. A document seldom has any: then one row tells those of
    /// all tables.
    pub(super) fn triggers(&mut self) {
        let pairing = self.pairing;
        let silent = pairing.pairs.iter().all(|pair| pair.documented.triggers.is_empty());
        let mut unknown: Vec<(&Pair<'a>, Vec<&'a Trigger>)> = Vec::new();
        for pair in &pairing.pairs {
            let mut there: Vec<&Trigger> = pair.implemented.triggers.iter().collect();
            let mut open: Vec<&Trigger> = Vec::new();
            for trigger in &pair.documented.triggers {
                match there.iter().position(|other| other.name == trigger.name) {
                    Some(at) => self.trigger(pair, trigger, there.remove(at)),
                    None => open.push(trigger),
                }
            }
            for trigger in open {
                let meaning = meaning(trigger, Some(pair));
                match there.iter().position(|other| self::meaning(other, None) == meaning) {
                    Some(at) => drop(there.remove(at)),
                    None => self.missing_trigger(pair, trigger),
                }
            }
            if there.is_empty() {
                continue;
            }
            // What may stand in text that was not read is told by table.
            let blind = there.first().is_some_and(|trigger| {
                let name = &pair.documented.name;
                blind_to(self.documented, name, Object::Trigger(trigger), self.sources).is_some()
            });
            if silent && !blind {
                unknown.push((pair, there));
            } else {
                self.unknown_triggers(entity(pair.documented), &[(pair, there)]);
            }
        }
        if !unknown.is_empty() {
            self.unknown_triggers("Triggers".to_owned(), &unknown);
        }
    }

    fn missing_trigger(&mut self, pair: &Pair<'a>, trigger: &'a Trigger) {
        self.add(Difference {
            kind: "trigger-differs",
            severity: Severity::Warning,
            entity: entity(pair.documented),
            documented: shown(trigger),
            implemented: NOT_IMPLEMENTED.to_owned(),
            message: "The documented trigger does not exist.".to_owned(),
            evidence: both(trigger.origin, pair.implemented.name_origin),
            parts: vec![Part::of(pair, Some(Object::Trigger(trigger)), None)],
        });
    }

    fn unknown_triggers(&mut self, entity: String, found: &[(&Pair<'a>, Vec<&'a Trigger>)]) {
        let all = || {
            found
                .iter()
                .flat_map(|(pair, triggers)| triggers.iter().map(move |trigger| (*pair, *trigger)))
        };
        let implemented = if let [(_, triggers)] = found {
            codes(triggers.iter().map(|trigger| trigger.name.as_str()))
        } else {
            let tables = codes(found.iter().map(|(pair, _)| pair.implemented.name.name.as_str()));
            format!("{} triggers on {tables}", all().count())
        };
        self.add(Difference {
            kind: "trigger-differs",
            severity: Severity::Info,
            entity,
            documented: NOT_DOCUMENTED.to_owned(),
            implemented,
            message: "The document does not know these triggers.".to_owned(),
            evidence: all().map(|(_, trigger)| trigger.origin).collect(),
            parts: all()
                .map(|(pair, trigger)| Part::of(pair, None, Some(Object::Trigger(trigger))))
                .collect(),
        });
    }

    fn trigger(&mut self, pair: &Pair<'a>, trigger: &'a Trigger, other: &'a Trigger) {
        let same = meaning(trigger, Some(pair)) == meaning(other, None);
        if same && trigger.state == other.state {
            return;
        }
        let off = other.state == TriggerState::Disabled && trigger.state != TriggerState::Disabled;
        self.add(Difference {
            kind: "trigger-differs",
            severity: Severity::Warning,
            entity: entity(pair.documented),
            documented: shown(trigger),
            implemented: shown(other),
            message: if off {
                "The trigger exists but is switched off.".to_owned()
            } else {
                "The triggers differ.".to_owned()
            },
            evidence: both(trigger.origin, other.state_origin.unwrap_or(other.origin)),
            parts: vec![Part::of(
                pair,
                Some(Object::Trigger(trigger)),
                Some(Object::Trigger(other)),
            )],
        });
    }
}

/// What a trigger does, whatever it is called; with columns by their implemented names.
fn meaning(trigger: &Trigger, renamed: Option<&Pair<'_>>) -> String {
    let columns = renamed.map(|pair| &pair.columns);
    let names = Names { columns, ..Names::default() };
    let when = trigger.when.as_ref().map(|when| canonical_in(when, &names));
    let mut update_of = match renamed {
        Some(pair) => pair.columns_there(&trigger.update_of),
        None => trigger.update_of.clone(),
    };
    update_of.sort();
    format!(
        "{:?} {:?} {update_of:?} {when:?} {} {:?} {:?}",
        trigger.timing,
        (trigger.insert, trigger.update, trigger.delete, trigger.truncate, trigger.for_each_row),
        trigger.function.name,
        trigger.arguments,
        (
            trigger.old_table.is_some(),
            trigger.new_table.is_some(),
            trigger.constraint,
            trigger.deferrable,
            trigger.initially_deferred
        ),
    )
}

fn shown(trigger: &Trigger) -> String {
    let timing = match trigger.timing {
        TriggerTiming::Before => "before",
        TriggerTiming::After => "after",
        TriggerTiming::InsteadOf => "instead of",
    };
    let events: Vec<&str> = [
        (trigger.insert, "insert"),
        (trigger.update, "update"),
        (trigger.delete, "delete"),
        (trigger.truncate, "truncate"),
    ]
    .into_iter()
    .filter(|(fires, _)| *fires)
    .map(|(_, event)| event)
    .collect();
    let state = match trigger.state {
        TriggerState::Enabled => "",
        TriggerState::Disabled => ", disabled",
        TriggerState::Replica => ", on replicas only",
        TriggerState::Always => ", always",
    };
    let each = if trigger.for_each_row { "row" } else { "statement" };
    format!(
        "trigger {} {timing} {} for each {each} calls {}{state}",
        code(&trigger.name),
        events.join(" or "),
        code(format_args!("{}()", trigger.function)),
    )
}
