//! What the calls of widespread audit libraries do, where the library itself is not in the text.

use schemaward_catalog::{
    Change, ObjectName, Origin, QualifiedName, Trigger, TriggerState, TriggerTiming,
};

use super::Machine;
use super::value::Value;

/// A trigger that a library attaches.
struct Attached {
    name: &'static str,
    /// On every row's `INSERT`, `UPDATE` and `DELETE`, as against `TRUNCATE`.
    rows: bool,
    function: (&'static str, &'static str),
}

/// The calls that attach triggers to the table they name first: schema, function, triggers.
const ATTACH: &[(Option<&str>, &str, &[Attached])] = &[
    (
        Some("audit"),
        "enable_tracking",
        &[
            Attached {
                name: "audit_i_u_d",
                rows: true,
                function: ("audit", "insert_update_delete_trigger"),
            },
            Attached { name: "audit_t", rows: false, function: ("audit", "truncate_trigger") },
        ],
    ),
    (
        Some("audit"),
        "audit_table",
        &[
            Attached {
                name: "audit_trigger_row",
                rows: true,
                function: ("audit", "if_modified_func"),
            },
            Attached {
                name: "audit_trigger_stm",
                rows: false,
                function: ("audit", "if_modified_func"),
            },
        ],
    ),
    (
        None,
        "audit_table",
        &[Attached {
            name: "audit_trigger_row",
            rows: true,
            function: ("public", "create_activity"),
        }],
    ),
];

impl Machine<'_> {
    /// Does what a library's call does to the table it names; `false` when it is no such call, or the
    /// table is not known.
    pub(super) fn library(
        &mut self,
        name: &ObjectName,
        arguments: &[(Option<String>, Value)],
    ) -> bool {
        let known = ATTACH
            .iter()
            .find(|(schema, own, _)| *schema == name.schema.as_deref() && *own == name.name);
        let Some((_, _, triggers)) = known else { return false };
        let table = match arguments.first() {
            Some((_, Value::Object(_, name))) => {
                ObjectName { schema: Some(name.schema.clone()), name: name.name.clone() }
            }
            Some((_, Value::Text(text))) => written(text),
            _ => return false,
        };
        if self.catalog.table(&table).is_none() {
            return false;
        }
        for attached in *triggers {
            let (schema, own) = attached.function;
            let function = ObjectName { schema: Some(schema.to_owned()), name: own.to_owned() };
            let trigger = Box::new(trigger(attached, self.origin));
            let change =
                Change::CreateTrigger { table: table.clone(), function, trigger, or_replace: true };
            self.change(change);
        }
        true
    }
}

/// A name as `regclass` reads it.
fn written(text: &str) -> ObjectName {
    let plain = |part: &str| match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
        Some(quoted) => quoted.to_owned(),
        None => part.to_lowercase(),
    };
    match text.trim().split_once('.') {
        Some((schema, name)) => ObjectName { schema: Some(plain(schema)), name: plain(name) },
        None => ObjectName::bare(plain(text.trim())),
    }
}

fn trigger(attached: &Attached, origin: Origin) -> Trigger {
    let (schema, function) = attached.function;
    Trigger {
        name: attached.name.to_owned(),
        timing: TriggerTiming::After,
        insert: attached.rows,
        update: attached.rows,
        update_of: Vec::new(),
        delete: attached.rows,
        truncate: !attached.rows,
        for_each_row: attached.rows,
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
