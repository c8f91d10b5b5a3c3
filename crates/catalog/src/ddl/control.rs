//! Rules, event triggers, publications, sequences and default privileges as SQL.

use std::fmt::Write as _;

use super::{Names, identifiers, role};
use crate::{
    DefaultKind, DefaultPrivilege, EventTrigger, Publication, PublishedTable, QualifiedName, Rule,
    RuleEvent, Sequence, TriggerState, quote_identifier, quote_literal,
};

/// `CREATE RULE`, and `ALTER TABLE` when it is not in its ordinary state.
pub fn create_rule(relation: &QualifiedName, rule: &Rule, names: Names) -> Vec<String> {
    let event = match rule.event {
        RuleEvent::Select => "SELECT",
        RuleEvent::Insert => "INSERT",
        RuleEvent::Update => "UPDATE",
        RuleEvent::Delete => "DELETE",
    };
    let name = quote_identifier(&rule.name);
    let mut out = format!("CREATE RULE {name} AS ON {event} TO {}", names.of(relation));
    if let Some(when) = &rule.when {
        let _ = write!(out, " WHERE {}", when.text);
    }
    let how = if rule.instead { "INSTEAD" } else { "ALSO" };
    let _ = write!(out, " DO {how} {};", rule.action);
    let state = state_words(rule.state)
        .map(|words| format!("ALTER TABLE {} {words} RULE {name};", names.of(relation)));
    std::iter::once(out).chain(state).collect()
}

/// The words that bring about a state other than the ordinary one.
fn state_words(state: TriggerState) -> Option<&'static str> {
    match state {
        TriggerState::Enabled => None,
        TriggerState::Disabled => Some("DISABLE"),
        TriggerState::Replica => Some("ENABLE REPLICA"),
        TriggerState::Always => Some("ENABLE ALWAYS"),
    }
}

/// `CREATE EVENT TRIGGER`, and `ALTER` when it is not in its ordinary state.
pub fn create_event_trigger(trigger: &EventTrigger, names: Names) -> Vec<String> {
    let name = quote_identifier(&trigger.name);
    let mut out = format!("CREATE EVENT TRIGGER {name} ON {}", trigger.event);
    if !trigger.tags.is_empty() {
        let tags: Vec<String> = trigger.tags.iter().map(|tag| quote_literal(tag)).collect();
        let _ = write!(out, " WHEN TAG IN ({})", tags.join(", "));
    }
    let _ = write!(out, " EXECUTE FUNCTION {}();", names.of(&trigger.function));
    let state =
        state_words(trigger.state).map(|words| format!("ALTER EVENT TRIGGER {name} {words};"));
    std::iter::once(out).chain(state).collect()
}

/// `CREATE PUBLICATION`.
pub fn create_publication(publication: &Publication, names: Names) -> String {
    let mut out = format!("CREATE PUBLICATION {}", quote_identifier(&publication.name));
    let tables = publication.tables.iter().map(|found| published_table(found, names));
    let schemas = publication
        .schemas
        .iter()
        .map(|schema| format!("TABLES IN SCHEMA {}", quote_identifier(schema)));
    let objects: Vec<String> = tables.chain(schemas).collect();
    if publication.all_tables {
        out.push_str(" FOR ALL TABLES");
    } else if !objects.is_empty() {
        let _ = write!(out, " FOR {}", objects.join(", "));
    }
    if !publication.parameters.is_empty() {
        let _ = write!(out, " WITH ({})", publication.parameters.join(", "));
    }
    out.push(';');
    out
}

fn published_table(found: &PublishedTable, names: Names) -> String {
    let only = if found.only { "ONLY " } else { "" };
    let mut out = format!("TABLE {only}{}", names.of(&found.table));
    if !found.columns.is_empty() {
        let _ = write!(out, " ({})", identifiers(&found.columns));
    }
    if let Some(filter) = &found.filter {
        let _ = write!(out, " WHERE ({})", filter.text);
    }
    out
}

/// The options of a sequence, each with a space before it.
pub fn sequence_options(sequence: &Sequence) -> String {
    let mut out = String::new();
    // The type comes first: the bounds are checked against it.
    let (first, others): (Vec<_>, Vec<_>) =
        sequence.options.iter().partition(|(name, _)| **name == "type");
    for (_, words) in first.into_iter().chain(others) {
        out.push(' ');
        out.push_str(words);
    }
    out
}

/// `ALTER DEFAULT PRIVILEGES`.
pub fn default_privilege(said: &DefaultPrivilege) -> String {
    let mut out = "ALTER DEFAULT PRIVILEGES".to_owned();
    if let Some(owner) = &said.role {
        let _ = write!(out, " FOR ROLE {}", role(owner));
    }
    if let Some(schema) = &said.schema {
        let _ = write!(out, " IN SCHEMA {}", quote_identifier(schema));
    }
    let kind = match said.kind {
        DefaultKind::Tables => "TABLES",
        DefaultKind::Sequences => "SEQUENCES",
        DefaultKind::Functions => "FUNCTIONS",
        DefaultKind::Types => "TYPES",
        DefaultKind::Schemas => "SCHEMAS",
        DefaultKind::LargeObjects => "LARGE OBJECTS",
    };
    let privileges = super::privileges(&said.grant.privileges);
    let grantee = role(&said.grant.grantee);
    let option = said.grant.grantable;
    let _ = match said.revoked {
        true if option => {
            write!(out, " REVOKE GRANT OPTION FOR {privileges} ON {kind} FROM {grantee};")
        }
        true => write!(out, " REVOKE {privileges} ON {kind} FROM {grantee};"),
        false => {
            let option = if option { " WITH GRANT OPTION" } else { "" };
            write!(out, " GRANT {privileges} ON {kind} TO {grantee}{option};")
        }
    };
    out
}
