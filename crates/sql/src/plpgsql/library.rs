//! What the calls of widespread audit libraries do, where the library itself is not in the text.

use schemaward_catalog::{
    Change, ObjectName, Origin, QualifiedName, TableKind, Trigger, TriggerState, TriggerTiming,
};

use super::Machine;
use super::value::Value;

/// A trigger that a library attaches.
struct Attached {
    name: &'static str,
    fires: Fires,
    function: (&'static str, &'static str),
}

/// After what a library's trigger runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fires {
    /// Every row's `INSERT`, `UPDATE` and `DELETE`.
    Rows,
    /// Every row's `INSERT`.
    Insert,
    /// Every row's `UPDATE`.
    Update,
    /// Every row's `DELETE`.
    Delete,
    /// `TRUNCATE`.
    Truncate,
}

/// Which tables a library's call is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// The one that its first argument names, as `regclass` reads it.
    Table,
    /// The one that its first argument names, in the schema that its second one names, or `public`.
    TableInSchema,
    /// Those of the schema that its first argument names, or `public`, but for those that a list
    /// among its arguments names.
    Schema,
}

/// A call that attaches triggers.
struct Attach {
    /// The function's schema; `None` where it is called without one.
    schema: Option<&'static str>,
    function: &'static str,
    names: Names,
    triggers: &'static [Attached],
}

const fn attached(
    name: &'static str,
    fires: Fires,
    function: (&'static str, &'static str),
) -> Attached {
    Attached { name, fires, function }
}

/// What pgMemento attaches: a trigger for each command, beside one that counts transactions.
const PGMEMENTO: &[Attached] = &[
    attached("log_insert_trigger", Fires::Insert, ("pgmemento", "log_insert")),
    attached("log_update_trigger", Fires::Update, ("pgmemento", "log_update")),
    attached("log_delete_trigger", Fires::Delete, ("pgmemento", "log_delete")),
    attached("log_truncate_trigger", Fires::Truncate, ("pgmemento", "log_truncate")),
];

/// The calls that attach triggers.
const ATTACH: &[Attach] = &[
    Attach {
        schema: Some("audit"),
        function: "enable_tracking",
        names: Names::Table,
        triggers: &[
            attached("audit_i_u_d", Fires::Rows, ("audit", "insert_update_delete_trigger")),
            attached("audit_t", Fires::Truncate, ("audit", "truncate_trigger")),
        ],
    },
    Attach {
        schema: Some("audit"),
        function: "audit_table",
        names: Names::Table,
        triggers: &[
            attached("audit_trigger_row", Fires::Rows, ("audit", "if_modified_func")),
            attached("audit_trigger_stm", Fires::Truncate, ("audit", "if_modified_func")),
        ],
    },
    Attach {
        schema: None,
        function: "audit_table",
        names: Names::Table,
        triggers: &[attached("audit_trigger_row", Fires::Rows, ("public", "create_activity"))],
    },
    Attach {
        schema: Some("pgmemento"),
        function: "create_table_audit",
        names: Names::TableInSchema,
        triggers: PGMEMENTO,
    },
    Attach {
        schema: Some("pgmemento"),
        function: "create_schema_audit",
        names: Names::Schema,
        triggers: PGMEMENTO,
    },
    Attach {
        schema: Some("pgmemento"),
        function: "init",
        names: Names::Schema,
        triggers: PGMEMENTO,
    },
];

impl Machine<'_> {
    /// Does what a library's call does to the tables it names; `false` when it is no such call, or the
    /// tables are not known.
    pub(super) fn library(
        &mut self,
        name: &ObjectName,
        arguments: &[(Option<String>, Value)],
    ) -> bool {
        let known = ATTACH
            .iter()
            .find(|attach| attach.schema == name.schema.as_deref() && attach.function == name.name);
        let Some(Attach { names, triggers, .. }) = known else { return false };
        let Some(tables) = self.tables_of(*names, arguments) else { return false };
        for table in tables {
            for attached in *triggers {
                let (schema, own) = attached.function;
                let function = ObjectName { schema: Some(schema.to_owned()), name: own.to_owned() };
                let trigger = Box::new(trigger(attached, self.origin));
                let table = table.clone();
                self.change(Change::CreateTrigger { table, function, trigger, or_replace: true });
            }
        }
        true
    }

    /// The tables that a call is about; `None` when one is not known.
    fn tables_of(
        &self,
        names: Names,
        arguments: &[(Option<String>, Value)],
    ) -> Option<Vec<ObjectName>> {
        let text = |at: usize| match arguments.get(at) {
            Some((_, Value::Text(text))) => Some(text.as_str()),
            _ => None,
        };
        let schema_at = |at: usize| match arguments.get(at) {
            None => Some("public".to_owned()),
            Some(_) => text(at).map(plain),
        };
        let table = match (names, arguments.first()) {
            (Names::Schema, _) => return self.tables_in(&schema_at(0)?, arguments),
            (Names::Table, Some((_, Value::Object(_, name)))) => {
                ObjectName { schema: Some(name.schema.clone()), name: name.name.clone() }
            }
            (Names::Table, _) => written(text(0)?),
            (Names::TableInSchema, _) => {
                ObjectName { schema: Some(schema_at(1)?), name: plain(text(0)?) }
            }
        };
        self.catalog.table(&table).is_some().then(|| vec![table])
    }

    /// The tables of a schema, but for those that a list among the arguments names.
    fn tables_in(
        &self,
        schema: &str,
        arguments: &[(Option<String>, Value)],
    ) -> Option<Vec<ObjectName>> {
        let mut left_out: Vec<&str> = Vec::new();
        for (_, value) in arguments {
            match value {
                Value::Array(list) => {
                    for name in list {
                        let Value::Text(name) = name else { return None };
                        left_out.push(name);
                    }
                }
                // What is not known may be the list.
                Value::Unknown(_) => return None,
                _ => {}
            }
        }
        let tables = self.catalog.tables.values().filter(|table| {
            table.name.schema == schema
                && table.kind == TableKind::Ordinary
                && !left_out.contains(&table.name.name.as_str())
        });
        let named = tables.map(|table| ObjectName {
            schema: Some(table.name.schema.clone()),
            name: table.name.name.clone(),
        });
        Some(named.collect())
    }
}

/// An identifier as the server folds it.
fn plain(part: &str) -> String {
    match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
        Some(quoted) => quoted.to_owned(),
        None => part.to_lowercase(),
    }
}

/// A name as `regclass` reads it.
fn written(text: &str) -> ObjectName {
    match text.trim().split_once('.') {
        Some((schema, name)) => ObjectName { schema: Some(plain(schema)), name: plain(name) },
        None => ObjectName::bare(plain(text.trim())),
    }
}

fn trigger(attached: &Attached, origin: Origin) -> Trigger {
    let Attached { fires, function: (schema, function), .. } = *attached;
    Trigger {
        name: attached.name.to_owned(),
        timing: TriggerTiming::After,
        insert: matches!(fires, Fires::Rows | Fires::Insert),
        update: matches!(fires, Fires::Rows | Fires::Update),
        update_of: Vec::new(),
        delete: matches!(fires, Fires::Rows | Fires::Delete),
        truncate: fires == Fires::Truncate,
        for_each_row: fires != Fires::Truncate,
        old_table: None,
        new_table: None,
        when: None,
        function: QualifiedName::new(schema, function),
        arguments: Vec::new(),
        constraint: false,
        deferrable: false,
        initially_deferred: false,
        referenced: None,
        of_parent: false,
        state: TriggerState::Enabled,
        state_origin: None,
        comment: None,
        origin,
    }
}
