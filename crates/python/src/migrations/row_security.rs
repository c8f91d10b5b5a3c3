//! The operations that `rls` registers: `op.enable_rls()`, `op.create_policy()` and their kin, which its
//! autogeneration writes calls of.

use schemaward_catalog::{Origin, Touches};

use super::host::Migration;
use crate::interpret::{Args, Value};
use crate::text::Text;

/// What its policies let through beside their own condition, unless they say it themselves.
const BYPASS: &str = "CAST(NULLIF(current_setting('rls.bypass_rls', true), '') AS BOOLEAN) = true";

/// Its operations.
pub(super) const OPERATIONS: &[&str] =
    &["create_policy", "disable_rls", "drop_policy", "enable_rls"];

impl Migration<'_> {
    /// `op.name(…)`, one of [`OPERATIONS`].
    pub(super) fn row_security(&mut self, name: &str, args: &Args, origin: Origin) {
        match statement(name, args, origin) {
            Some(text) => self.run(&text, origin, false),
            None => {
                let touches = Touches { row_security: true, ..Touches::default() };
                let message = format!("op.{name}(): what it is about is not known");
                self.undecided(message, touches, None, origin);
            }
        }
    }
}

/// What it runs.
fn statement(name: &str, args: &Args, origin: Origin) -> Option<Text> {
    let text = |at: usize, name: &str| args.value(at, name).and_then(Value::text);
    let named = |name: &str| args.named(name).and_then(|arg| arg.value.text());
    let mut sql = Text::default();
    let mut write = |parts: &[&Text], words: &[&str]| {
        for (at, word) in words.iter().enumerate() {
            sql.push_from(word, origin);
            if let Some(part) = parts.get(at) {
                sql.push(part);
            }
        }
    };
    match name {
        "enable_rls" | "disable_rls" => {
            let verb = if name == "enable_rls" { "ENABLE" } else { "DISABLE" };
            let end = format!(" {verb} ROW LEVEL SECURITY");
            let table = text(0, "tablename")?;
            match args.named("schemaname").map(|arg| &arg.value) {
                None | Some(Value::None) => write(&[table], &["ALTER TABLE ", &end]),
                Some(schema) => write(&[schema.text()?, table], &["ALTER TABLE ", ".", &end]),
            }
        }
        "drop_policy" => {
            write(&[text(1, "policy_name")?, text(0, "table_name")?], &["DROP POLICY ", " ON "]);
        }
        "create_policy" => {
            let (table, policy) = (text(0, "table_name")?, named("policy_name")?);
            let (definition, command) = (text(1, "definition")?, text(2, "cmd")?);
            let own = text(3, "expr")?;
            let mut condition = Text::default();
            if own.as_str().contains("rls.bypass_rls") {
                condition.push(own);
            } else {
                condition.push_from("((", origin);
                condition.push(own);
                condition.push_from(&format!(") OR {BYPASS})"), origin);
            }
            write(
                &[policy, table, definition, command],
                &["CREATE POLICY ", " ON ", " AS ", " FOR "],
            );
            match command.as_str() {
                "ALL" | "SELECT" | "DELETE" => write(&[&condition], &[" USING (", ")"]),
                "UPDATE" => {
                    write(&[&condition, &condition], &[" USING (", ") WITH CHECK (", ")"]);
                }
                "INSERT" => write(&[&condition], &[" WITH CHECK (", ")"]),
                _ => return None,
            }
        }
        _ => return None,
    }
    Some(sql)
}
