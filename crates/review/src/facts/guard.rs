//! What keeps everyone from changing rows, whatever was granted.

use schemaward_catalog::{
    Catalog, Function, Origin, RuleEvent, Table, Trigger, TriggerCommand, TriggerState,
    TriggerTiming,
};

use super::policy::Command;

/// What keeps every role, the owner too, from a command: a trigger that raises or drops the row, or
/// a rule that does something instead.
pub(crate) fn guard(catalog: &Catalog, table: &Table, command: Command) -> Option<Origin> {
    let command = match command {
        // Nothing fires on reading.
        Command::Select => return None,
        Command::Insert => TriggerCommand::Insert,
        Command::Update => TriggerCommand::Update,
        Command::Delete => TriggerCommand::Delete,
        Command::Truncate => TriggerCommand::Truncate,
    };
    let by_trigger = table.triggers.iter().find(|trigger| {
        let fires = match command {
            TriggerCommand::Insert => trigger.insert,
            TriggerCommand::Update => trigger.update && trigger.update_of.is_empty(),
            TriggerCommand::Delete => trigger.delete,
            TriggerCommand::Truncate => trigger.truncate,
        };
        fires
            && trigger.when.is_none()
            && matches!(trigger.state, TriggerState::Enabled | TriggerState::Always)
            && catalog
                .function(&trigger.function)
                .is_some_and(|function| stops(function, trigger, command))
    });
    let event = match command {
        TriggerCommand::Insert => Some(RuleEvent::Insert),
        TriggerCommand::Update => Some(RuleEvent::Update),
        TriggerCommand::Delete => Some(RuleEvent::Delete),
        TriggerCommand::Truncate => None,
    };
    let by_rule = || {
        table.rules.iter().find(|rule| {
            Some(rule.event) == event
                && rule.instead
                && rule.when.is_none()
                && matches!(rule.state, TriggerState::Enabled | TriggerState::Always)
        })
    };
    by_trigger.map(|trigger| trigger.origin).or_else(|| by_rule().map(|rule| rule.origin))
}

fn stops(function: &Function, trigger: &Trigger, command: TriggerCommand) -> bool {
    let Some(body) = &function.body else { return false };
    body.facts.runs.iter().filter(|run| run.command == command).any(|run| {
        run.refuses
            || trigger.timing == TriggerTiming::Before && trigger.for_each_row && !run.keeps_row
    })
}
