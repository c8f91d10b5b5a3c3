//! Who besides its owner may change a table's rows, and what stands in the way.

use schemaward_catalog::{
    Catalog, Function, Origin, PolicyCommand, RuleEvent, Table, Trigger, TriggerCommand,
    TriggerState, TriggerTiming,
};

use super::truth::Judge;

/// A role that was granted something, and the statement that did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Holder<'a> {
    /// The role; `public` for everyone.
    pub(crate) role: &'a str,
    /// The grant.
    pub(crate) origin: Origin,
}

/// The roles other than the owner and superusers that hold a privilege on the whole table or on
/// columns of it.
pub(crate) fn holders<'a>(
    catalog: &Catalog,
    table: &'a Table,
    command: TriggerCommand,
) -> Vec<Holder<'a>> {
    let word = command.word();
    let mut found: Vec<Holder<'a>> = Vec::new();
    for grant in &table.grants {
        let role = grant.grantee.as_str();
        let held = grant.privileges.iter().any(|(name, _)| name == word || name == "ALL");
        let above = table.owner.as_deref() == Some(role)
            || catalog.roles.get(role).is_some_and(|role| role.superuser);
        if held && !above && !found.iter().any(|holder| holder.role == role) {
            found.push(Holder { role, origin: grant.origin });
        }
    }
    found
}

/// Whether row-level security lets a role change no row at all: no permissive policy is for the
/// command and the role.
pub(crate) fn hidden_from(
    catalog: &Catalog,
    table: &Table,
    command: TriggerCommand,
    role: &str,
) -> bool {
    let wanted = match command {
        TriggerCommand::Insert => PolicyCommand::Insert,
        TriggerCommand::Update => PolicyCommand::Update,
        TriggerCommand::Delete => PolicyCommand::Delete,
        // Row-level security has no say in it.
        TriggerCommand::Truncate => return false,
    };
    let known = catalog.roles.get(role);
    if !table.row_security.on || known.is_some_and(|role| role.bypass_rls) {
        return false;
    }
    !table.policies.iter().any(|policy| {
        policy.permissive
            && (policy.command == wanted || policy.command == PolicyCommand::All)
            && (policy.roles.is_empty()
                || policy.roles.iter().any(|to| {
                    to == "public"
                        || to == role
                        || known.is_some_and(|known| known.member_of.contains(to))
                }))
            && policy
                .using
                .as_ref()
                .and_then(|using| using.ast.as_deref())
                .and_then(|ast| Judge::new(catalog, Some(table)).truth(ast))
                != Some(false)
    })
}

/// What keeps every role, the owner too, from a command: a trigger that raises or drops the row, or
/// a rule that does something instead.
pub(crate) fn guard(catalog: &Catalog, table: &Table, command: TriggerCommand) -> Option<Origin> {
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

/// Whether the text grants anything on any table: only then does it say who may do what.
pub(crate) fn speaks_of_rights(catalog: &Catalog) -> bool {
    catalog.tables.values().any(|table| {
        table.grants.iter().any(|grant| table.owner.as_deref() != Some(grant.grantee.as_str()))
    })
}
