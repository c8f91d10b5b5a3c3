//! A catalog as JSON: the schema as read, after all changes.

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Catalog, Column, Constraint, ConstraintKind, Function, Index, Origin, Policy, Reach, Rule,
    RuleEvent, Sources, Table, Trigger, TriggerState, TriggerTiming, UserTypeKind, View,
};
use serde_json::{Map, Value, json};

/// The version of the shape.
const SCHEMA_VERSION: u32 = 1;

/// The catalog as JSON text, with the place each object was made at. Lists are in the order of their
/// names, columns and parts of a table in their own; two spaces of indentation, a newline at the
/// end.
pub fn catalog_json(catalog: &Catalog, sources: &Sources) -> String {
    let edge = Edge { sources };
    let value = json!({
        "schema_version": SCHEMA_VERSION,
        "schemas": catalog.schemas.keys().collect::<Vec<_>>(),
        "extensions": catalog.extensions.keys().collect::<Vec<_>>(),
        "types": catalog.types.values().map(|found| {
            let (kind, detail) = match &found.kind {
                UserTypeKind::Enum(labels) => ("enum", json!({ "labels": labels })),
                UserTypeKind::Domain { base, not_null, default, checks } => ("domain", json!({
                    "base": base.to_string(),
                    "not_null": not_null,
                    "default": default.as_ref().map(|found| &found.text),
                    "checks": checks.iter().map(|found| &found.expression.text).collect::<Vec<_>>(),
                })),
                UserTypeKind::Composite(attributes) => ("composite", json!({
                    "attributes": attributes.iter().map(|(name, data_type)| {
                        json!({ "name": name, "type": data_type.to_string() })
                    }).collect::<Vec<_>>(),
                })),
                UserTypeKind::Other(definition) => ("other", json!({ "definition": definition })),
            };
            let own = json!({
                "schema": found.name.schema,
                "name": found.name.name,
                "kind": kind,
                "origin": edge.origin(found.origin),
            });
            merged(own, detail)
        }).collect::<Vec<_>>(),
        "tables": catalog.tables.values().map(|table| edge.table(table)).collect::<Vec<_>>(),
        "views": catalog.views.values().map(|view| edge.view(view)).collect::<Vec<_>>(),
        "sequences": catalog.sequences.values().map(|found| json!({
            "schema": found.name.schema,
            "name": found.name.name,
            "owned_by": found.owned_by.as_ref().map(|(table, column)| format!("{table}.{column}")),
        })).collect::<Vec<_>>(),
        "functions": catalog.functions.values().map(|found| edge.function(found)).collect::<Vec<_>>(),
        "roles": catalog.roles.values().map(|role| json!({
            "name": role.name,
            "login": role.login,
            "superuser": role.superuser,
            "bypass_rls": role.bypass_rls,
            "member_of": role.member_of,
        })).collect::<Vec<_>>(),
        "event_triggers": catalog.event_triggers.values().map(|found| json!({
            "name": found.name,
            "event": found.event,
            "tags": found.tags,
            "function": found.function.to_string(),
            "state": state(found.state),
            "owner": found.owner,
            "comment": found.comment.as_ref().map(|found| &found.text),
            "origin": edge.origin(found.origin),
        })).collect::<Vec<_>>(),
        "publications": catalog.publications.values().map(|found| json!({
            "name": found.name,
            "all_tables": found.all_tables,
            "tables": found.tables.iter().map(|published| json!({
                "table": published.table.to_string(),
                "only": published.only,
                "columns": published.columns,
                "filter": published.filter.as_ref().map(|found| &found.text),
            })).collect::<Vec<_>>(),
            "schemas": found.schemas,
            "parameters": found.parameters,
            "owner": found.owner,
            "comment": found.comment.as_ref().map(|found| &found.text),
            "origin": edge.origin(found.origin),
        })).collect::<Vec<_>>(),
        "default_privileges": catalog.default_privileges.iter().map(|said| json!({
            "role": said.role,
            "schema": said.schema,
            "statement": ddl::default_privilege(said),
        })).collect::<Vec<_>>(),
        "blind_spots": catalog.blind_spots.iter().map(|spot| json!({
            "reason": spot.reason,
            "tables": match &spot.tables {
                Reach::Everywhere => Value::Null,
                Reach::Named(words) => json!(
                    catalog.tables.keys()
                        .filter(|name| words.contains(&name.name))
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                ),
            },
            "origin": edge.origin(spot.origin),
        })).collect::<Vec<_>>(),
    });
    // The value holds nothing that JSON cannot.
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// Two objects in one.
fn merged(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(mut one), Value::Object(other)) => {
            one.extend(other);
            Value::Object(one)
        }
        (one, _) => one,
    }
}

struct Edge<'a> {
    sources: &'a Sources,
}

impl Edge<'_> {
    /// `{"source", "line", "column"}`, or null for what PostgreSQL ships.
    fn origin(&self, origin: Origin) -> Value {
        let origin = self.sources.resolve(origin);
        let Some(source) = self.sources.get(origin.source) else { return Value::Null };
        let position = source.position(origin.span.start);
        json!({ "source": source.path, "line": position.line, "column": position.column })
    }

    fn table(&self, table: &Table) -> Value {
        json!({
            "schema": table.name.schema,
            "name": table.name.name,
            "partition_of": table.partition_of.as_ref().map(|found| found.parent.to_string()),
            "columns": table.columns.iter().map(|found| self.column(found)).collect::<Vec<_>>(),
            "constraints":
                table.constraints.iter().map(|found| self.constraint(found)).collect::<Vec<_>>(),
            "indexes": table.indexes.iter().map(|found| self.index(table, found)).collect::<Vec<_>>(),
            "row_security": table.row_security.on,
            "row_security_forced": table.row_security_forced.on,
            "policies": table.policies.iter().map(|found| self.policy(found)).collect::<Vec<_>>(),
            "triggers": table.triggers.iter().map(|found| self.trigger(found)).collect::<Vec<_>>(),
            "rules": table.rules.iter().map(|found| self.rule(found)).collect::<Vec<_>>(),
            "owner": table.owner,
            "comment": table.comment.as_ref().map(|found| &found.text),
            "grants": grants(&table.grants),
            "origin": self.origin(table.origin),
        })
    }

    fn column(&self, column: &Column) -> Value {
        json!({
            "name": column.name,
            "type": column.data_type.to_string(),
            "nullable": column.nullable,
            "default": column.default.as_ref().map(|found| &found.text),
            "identity": column.identity.map(|found| match found {
                schemaward_catalog::Identity::Always => "always",
                schemaward_catalog::Identity::ByDefault => "by_default",
            }),
            "generated": column.generated.as_ref().map(|found| &found.expression.text),
            "comment": column.comment.as_ref().map(|found| &found.text),
            "origin": self.origin(column.origin),
        })
    }

    fn constraint(&self, constraint: &Constraint) -> Value {
        let (kind, columns) = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } => ("primary_key", Some(columns)),
            ConstraintKind::Unique { columns, .. } => ("unique", Some(columns)),
            ConstraintKind::ForeignKey(key) => ("foreign_key", Some(&key.columns)),
            ConstraintKind::Check { .. } => ("check", None),
            ConstraintKind::Exclude { .. } => ("exclude", None),
        };
        json!({
            "name": constraint.name,
            "kind": kind,
            "columns": columns,
            "definition": unnamed(constraint),
            "valid": !constraint.not_valid,
            "origin": self.origin(constraint.origin),
        })
    }

    fn index(&self, table: &Table, index: &Index) -> Value {
        json!({
            "name": index.name,
            "method": index.method,
            "unique": index.unique,
            "keys": ddl::index_keys(index),
            "include": index.include,
            "predicate": index.predicate.as_ref().map(|found| &found.text),
            "definition": ddl::create_index(&table.name, index, Names::Short),
            "origin": self.origin(index.origin),
        })
    }

    fn policy(&self, policy: &Policy) -> Value {
        json!({
            "name": policy.name,
            "permissive": policy.permissive,
            "command": ddl::policy_command(policy.command),
            "roles": policy.roles,
            "using": policy.using.as_ref().map(|found| &found.text),
            "check": policy.check.as_ref().map(|found| &found.text),
            "origin": self.origin(policy.origin),
        })
    }

    fn trigger(&self, trigger: &Trigger) -> Value {
        let events: Vec<&str> = [
            (trigger.insert, "INSERT"),
            (trigger.update, "UPDATE"),
            (trigger.delete, "DELETE"),
            (trigger.truncate, "TRUNCATE"),
        ]
        .into_iter()
        .filter(|(fires, _)| *fires)
        .map(|(_, event)| event)
        .collect();
        json!({
            "name": trigger.name,
            "timing": match trigger.timing {
                TriggerTiming::Before => "BEFORE",
                TriggerTiming::After => "AFTER",
                TriggerTiming::InsteadOf => "INSTEAD OF",
            },
            "events": events,
            "update_of": trigger.update_of,
            "for_each_row": trigger.for_each_row,
            "function": trigger.function.to_string(),
            "state": state(trigger.state),
            "of_parent": trigger.of_parent,
            "origin": self.origin(trigger.origin),
        })
    }

    fn rule(&self, rule: &Rule) -> Value {
        json!({
            "name": rule.name,
            "event": match rule.event {
                RuleEvent::Select => "SELECT",
                RuleEvent::Insert => "INSERT",
                RuleEvent::Update => "UPDATE",
                RuleEvent::Delete => "DELETE",
            },
            "instead": rule.instead,
            "when": rule.when.as_ref().map(|found| &found.text),
            "action": rule.action,
            "state": state(rule.state),
            "comment": rule.comment.as_ref().map(|found| &found.text),
            "origin": self.origin(rule.origin),
        })
    }

    fn view(&self, view: &View) -> Value {
        json!({
            "schema": view.name.schema,
            "name": view.name.name,
            "materialized": view.materialized,
            "query": view.query,
            "security_invoker": view.security_invoker,
            "security_barrier": view.security_barrier,
            "triggers": view.triggers.iter().map(|found| self.trigger(found)).collect::<Vec<_>>(),
            "rules": view.rules.iter().map(|found| self.rule(found)).collect::<Vec<_>>(),
            "owner": view.owner,
            "comment": view.comment.as_ref().map(|found| &found.text),
            "grants": grants(&view.grants),
            "origin": self.origin(view.origin),
        })
    }

    fn function(&self, function: &Function) -> Value {
        json!({
            "schema": function.name.schema,
            "name": function.name.name,
            "arguments":
                function.arguments.iter().map(|found| found.data_type.to_string()).collect::<Vec<_>>(),
            "returns": function.returns,
            "language": function.language,
            "procedure": function.procedure,
            "security_definer": function.security_definer,
            "settings": function.settings.iter().map(|(name, value)| {
                (name.clone(), Value::from(value.as_str()))
            }).collect::<Map<String, Value>>(),
            "grants": grants(&function.grants),
            "origin": self.origin(function.origin),
        })
    }
}

/// The word for whether a trigger or rule fires.
fn state(state: TriggerState) -> &'static str {
    match state {
        TriggerState::Enabled => "enabled",
        TriggerState::Disabled => "disabled",
        TriggerState::Replica => "replica",
        TriggerState::Always => "always",
    }
}

/// A constraint's definition without its name.
fn unnamed(constraint: &Constraint) -> String {
    ddl::named_constraint(&Constraint { named: false, ..constraint.clone() }, Names::Short)
}

fn grants(list: &[schemaward_catalog::Grant]) -> Vec<Value> {
    list.iter()
        .map(|grant| {
            let privileges = grant.privileges.iter().map(|(privilege, columns)| {
                if columns.is_empty() {
                    privilege.clone()
                } else {
                    format!("{privilege} ({})", columns.join(", "))
                }
            });
            json!({ "role": grant.grantee, "privileges": privileges.collect::<Vec<_>>() })
        })
        .collect()
}
