//! What an upgrade asks before it changes anything.

use schemaward_catalog::code::GuardKind;
use schemaward_catalog::{Change, TableAction};
use schemaward_sql::{Effect, Statement};

use super::op;
use crate::syntax::{Argument, Expr, ExprKind, Handler, Module, Stmt, StmtKind};

/// Relations of the system catalogs that tell which tables, columns, indexes, constraints, policies,
/// triggers and functions there are.
const RELATIONS: &[&str] = &[
    "check_constraints",
    "columns",
    "constraint_column_usage",
    "constraint_table_usage",
    "key_column_usage",
    "pg_attrdef",
    "pg_attribute",
    "pg_class",
    "pg_constraint",
    "pg_index",
    "pg_indexes",
    "pg_matviews",
    "pg_policies",
    "pg_policy",
    "pg_proc",
    "pg_sequence",
    "pg_sequences",
    "pg_stat_all_tables",
    "pg_stat_user_indexes",
    "pg_stat_user_tables",
    "pg_tables",
    "pg_trigger",
    "pg_views",
    "referential_constraints",
    "routines",
    "sequences",
    "table_constraints",
    "tables",
    "to_regclass",
    "to_regproc",
    "to_regprocedure",
    "triggers",
    "views",
];

/// Those that tell which types, extensions, schemas and roles there are.
const SURROUNDINGS: &[&str] = &[
    "pg_authid",
    "pg_available_extensions",
    "pg_collation",
    "pg_database",
    "pg_enum",
    "pg_extension",
    "pg_namespace",
    "pg_roles",
    "pg_type",
    "pg_user",
    "schemata",
    "to_regnamespace",
    "to_regrole",
    "to_regtype",
];

/// What a query over the system catalogs looks for; `None` where it asks none of them.
pub(super) fn in_query(query: &str) -> Option<GuardKind> {
    let query = query.to_ascii_lowercase();
    let words = query.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    let mut surroundings = false;
    for word in words {
        let (schema, name) = word.rsplit_once('.').unwrap_or(("", word));
        // Tables of the program may have the names of those of the standard's schema.
        let own = !name.starts_with("pg_") && !name.starts_with("to_reg");
        if own && schema != "information_schema" {
            continue;
        }
        if RELATIONS.contains(&name) {
            return Some(GuardKind::Relations);
        }
        surroundings |= SURROUNDINGS.contains(&name);
    }
    surroundings.then_some(GuardKind::Surroundings)
}

/// What a method of the inspector looks for.
pub(super) fn in_inspection(method: &str) -> Option<GuardKind> {
    match method {
        "clear_cache" => None,
        "has_type" | "get_enums" | "get_schema_names" | "has_schema" | "get_domains" => {
            Some(GuardKind::Surroundings)
        }
        _ => Some(GuardKind::Relations),
    }
}

/// What a statement looks for before it changes something, and how it says so.
pub(super) fn in_statement(statement: &Statement, written: &str) -> Option<(GuardKind, String)> {
    let changes = match &statement.effect {
        Effect::Read(changes) => changes,
        Effect::Evaluate(_) => {
            let word = written.split_whitespace().next().unwrap_or_default();
            let what = if word.eq_ignore_ascii_case("do") { "DO" } else { "a call" };
            return in_query(written).map(|kind| (kind, what.to_owned()));
        }
        Effect::Irrelevant(_) | Effect::Unread(..) => return None,
    };
    changes.iter().find_map(|change| {
        let (kind, what) = match change {
            Change::CreateTable(table) if table.if_not_exists => {
                (GuardKind::Relations, "IF NOT EXISTS")
            }
            Change::CreateTableAs { table, .. } if table.if_not_exists => {
                (GuardKind::Relations, "IF NOT EXISTS")
            }
            Change::CreateIndex { if_not_exists: true, .. }
            | Change::CreateSequence { if_not_exists: true, .. } => {
                (GuardKind::Relations, "IF NOT EXISTS")
            }
            Change::CreateSchema { if_not_exists: true, .. }
            | Change::AddEnumValue { if_not_exists: true, .. } => {
                (GuardKind::Surroundings, "IF NOT EXISTS")
            }
            Change::Drop { if_exists: true, .. } => (GuardKind::Drop, "IF EXISTS"),
            Change::AlterTable { if_exists: true, .. } => (GuardKind::Relations, "IF EXISTS"),
            Change::AlterTable { actions, .. } => {
                return actions.iter().find_map(in_action);
            }
            _ => return None,
        };
        Some((kind, what.to_owned()))
    })
}

fn in_action(action: &TableAction) -> Option<(GuardKind, String)> {
    match action {
        TableAction::AddColumn { if_not_exists: true, .. } => {
            Some((GuardKind::Relations, "IF NOT EXISTS".to_owned()))
        }
        TableAction::DropColumn { if_exists: true, .. }
        | TableAction::DropConstraint { if_exists: true, .. } => {
            Some((GuardKind::Drop, "IF EXISTS".to_owned()))
        }
        _ => None,
    }
}

/// Whether a revision would change the schema by operations or text, whatever its conditions come to.
/// Its downgrade is left out.
pub(super) fn defines(module: &Module) -> bool {
    let mut blocks: Vec<&[Stmt]> = vec![&module.body];
    while let Some(block) = blocks.pop() {
        for statement in block {
            match &statement.kind {
                StmtKind::Expr(value) | StmtKind::Assign(_, value) if changes(value) => {
                    return true;
                }
                StmtKind::FunctionDef(def) if def.name != "downgrade" => blocks.push(&def.body),
                StmtKind::For { body, orelse, .. } | StmtKind::While { body, orelse, .. } => {
                    blocks.extend([body.as_slice(), orelse]);
                }
                StmtKind::If(branches, orelse) => {
                    blocks.extend(branches.iter().map(|(_, body)| body.as_slice()));
                    blocks.push(orelse);
                }
                StmtKind::With(_, body) => blocks.push(body),
                StmtKind::Try { body, handlers, orelse, finally } => {
                    blocks.extend([body.as_slice(), orelse, finally]);
                    blocks.extend(handlers.iter().map(|Handler { body, .. }| body.as_slice()));
                }
                _ => {}
            }
        }
    }
    false
}

/// Whether a call is one of an operation, or of SQL that begins like a definition.
fn changes(value: &Expr) -> bool {
    let ExprKind::Call(callee, arguments) = &value.kind else { return false };
    let ExprKind::Attribute(_, method) = &callee.kind else { return false };
    if op::OPERATIONS.contains(&method.as_str()) {
        return true;
    }
    matches!(method.as_str(), "execute" | "exec_driver_sql")
        && arguments.first().is_some_and(|argument| begins_definition(&argument.value))
}

fn begins_definition(value: &Expr) -> bool {
    use crate::syntax::FormatPart;
    let text = match &value.kind {
        ExprKind::Str(parts) => parts.first().map(|part| part.value.as_str()),
        ExprKind::FString(parts) => match parts.first() {
            Some(FormatPart::Literal(part)) => Some(part.value.as_str()),
            _ => None,
        },
        ExprKind::Call(_, arguments) => {
            return arguments
                .first()
                .is_some_and(|Argument { value, .. }| begins_definition(value));
        }
        _ => None,
    };
    let word = text.and_then(|text| text.split_whitespace().next()).unwrap_or_default();
    ["alter", "create", "drop"].iter().any(|known| word.eq_ignore_ascii_case(known))
}
