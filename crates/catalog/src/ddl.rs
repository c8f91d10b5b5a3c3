//! Objects of a catalog as SQL statements.
//!
//! The plan uses it for the text that brings a document up to date, the renderings for a catalog as
//! one runnable file. Every function returns one statement with its semicolon, or the part of one
//! where its name says so; nothing ends in a newline.

mod constraint;
mod control;

use std::fmt::Write as _;

use crate::{
    Argument, ArgumentMode, Column, Expression, Function, Grant, Identity, Index, IndexKey,
    IndexKeyKind, NotNull, Partition, Policy, PolicyCommand, QualifiedName, Table, TableKind,
    Trigger, TriggerState, TriggerTiming, UserType, UserTypeKind, View, Volatility, naming,
    quote_identifier, quote_literal,
};
use sqlparser::ast::Expr;

use constraint::is_later;
pub use constraint::{
    add_constraint, foreign_key, later_constraints, named_constraint, referential_action,
};
pub use control::{
    create_event_trigger, create_publication, create_rule, default_privilege, sequence_options,
};

/// How names are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Names {
    /// With their schema unless that is `public`, as people write them.
    #[default]
    Short,
    /// Always with their schema, so that no search path matters.
    Full,
}

impl Names {
    /// The name as SQL text.
    pub fn of(self, name: &QualifiedName) -> String {
        match self {
            Self::Short => name.to_sql(),
            Self::Full => {
                format!("{}.{}", quote_identifier(&name.schema), quote_identifier(&name.name))
            }
        }
    }
}

/// Identifiers as a list: `a, b`.
pub fn identifiers(names: &[String]) -> String {
    names.iter().map(|name| quote_identifier(name)).collect::<Vec<_>>().join(", ")
}

/// `CREATE TABLE` with columns and the constraints that hold from the start. Foreign keys, since
/// tables may refer to each other in circles, and constraints that were never validated come from
/// [`later_constraints`]. Constraints that the server would name the same way keep no name.
pub fn create_table(table: &Table, names: Names) -> String {
    create_table_of(table, names, |found| column_of(&table.name.name, found))
}

/// The same with columns in other words than those of [`column_of`].
pub fn create_table_of(
    table: &Table,
    names: Names,
    column_of: impl Fn(&Column) -> String,
) -> String {
    let persistence = match (table.temporary, table.unlogged) {
        (true, _) => "TEMPORARY ",
        (false, true) => "UNLOGGED ",
        (false, false) => "",
    };
    let foreign = if matches!(table.kind, TableKind::Foreign { .. }) { "FOREIGN " } else { "" };
    let mut out = format!("CREATE {persistence}{foreign}TABLE {}", names.of(&table.name));
    if let Some(Partition { parent, bound }) = &table.partition_of {
        // What it says of its columns on its own; the rest is its parent's.
        let own = table.columns.iter().filter_map(|column| {
            let said = |found: &&NotNull| (found.local || found.named) && !found.not_valid;
            let own = column.not_null.as_ref().filter(said)?;
            Some(format!("{}{}", quote_identifier(&column.name), not_null(own, "", "")))
        });
        let own: Vec<String> = own.collect();
        let own = if own.is_empty() { String::new() } else { format!(" ({})", own.join(", ")) };
        let _ = write!(out, " PARTITION OF {}{own} {bound}", names.of(parent));
    } else {
        let columns = table.columns.iter().map(column_of);
        let constraints = table
            .constraints
            .iter()
            .filter(|constraint| !is_later(table, constraint))
            .map(|constraint| named_constraint(constraint, names));
        let elements: Vec<String> = columns.chain(constraints).collect();
        if elements.is_empty() {
            out.push_str(" ()");
        } else {
            let _ = write!(out, " (\n    {}\n)", elements.join(",\n    "));
        }
        if !table.inherits.is_empty() {
            let parents: Vec<String> = table.inherits.iter().map(|name| names.of(name)).collect();
            let _ = write!(out, " INHERITS ({})", parents.join(", "));
        }
    }
    match &table.kind {
        TableKind::Ordinary => {}
        TableKind::Partitioned { key } => {
            let _ = write!(out, " PARTITION BY {key}");
        }
        TableKind::Foreign { server } => {
            let _ = write!(out, " SERVER {}", quote_identifier(server));
        }
    }
    out.push(';');
    out
}

/// A column as `CREATE TABLE` and `ADD COLUMN` define it, without the constraints that belong to
/// the table. NOT NULL is named where `table` would give it another name.
pub fn column_of(table: &str, column: &Column) -> String {
    let mut out = format!("{} {}", quote_identifier(&column.name), column.data_type);
    if let Some(collation) = &column.collation {
        let schema = collation.schema.as_ref().map(|name| format!("{}.", quote_identifier(name)));
        let _ = write!(
            out,
            " COLLATE {}\"{}\"",
            schema.unwrap_or_default(),
            collation.name.replace('"', "\"\"")
        );
    }
    if let Some(generated) = &column.generated {
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        let _ = write!(out, " GENERATED ALWAYS AS ({}) {kind}", generated.expression.text);
    }
    match column.identity {
        Some(Identity::Always) => out.push_str(" GENERATED ALWAYS AS IDENTITY"),
        Some(Identity::ByDefault) => out.push_str(" GENERATED BY DEFAULT AS IDENTITY"),
        None => {}
    }
    if let Some(default) = &column.default {
        let _ = write!(out, " DEFAULT {}", default_text(default));
    }
    match &column.not_null {
        Some(found) if !found.not_valid => out.push_str(&not_null(found, table, &column.name)),
        _ => {}
    }
    out
}

/// ` NOT NULL` of a column, with its name where the server would choose another one.
fn not_null(not_null: &NotNull, table: &str, column: &str) -> String {
    let automatic = not_null.name == naming::object_name(table, column, "not_null");
    let name = if automatic && !not_null.named {
        String::new()
    } else {
        format!(" CONSTRAINT {}", quote_identifier(&not_null.name))
    };
    let inherit = if not_null.no_inherit { " NO INHERIT" } else { "" };
    format!("{name} NOT NULL{inherit}")
}

/// A default as a column definition accepts it: some operators need parentheses there, and all
/// bear them.
fn default_text(default: &Expression) -> String {
    let text = &default.text;
    let bare = matches!(
        default.ast.as_deref(),
        Some(
            Expr::Value(_)
                | Expr::Function(_)
                | Expr::Cast { .. }
                | Expr::Identifier(_)
                | Expr::Nested(_)
                | Expr::Array(_)
                | Expr::TypedString(_)
                | Expr::Interval(_)
                | Expr::UnaryOp { .. }
        )
    );
    let plain = text.chars().all(|char| char.is_alphanumeric() || matches!(char, '_' | '.' | '\''));
    if bare || plain { text.clone() } else { format!("({text})") }
}

fn include_clause(include: &[String]) -> String {
    if include.is_empty() { String::new() } else { format!(" INCLUDE ({})", identifiers(include)) }
}

/// `CREATE INDEX`.
pub fn create_index(table: &QualifiedName, index: &Index, names: Names) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let only = if index.only { "ONLY " } else { "" };
    let mut out = format!(
        "CREATE {unique}INDEX {} ON {only}{}",
        quote_identifier(&index.name),
        names.of(table)
    );
    if index.method != "btree" {
        let _ = write!(out, " USING {}", index.method);
    }
    let _ = write!(out, " ({}){}", index_keys(index), include_clause(&index.include));
    if index.nulls_not_distinct {
        out.push_str(" NULLS NOT DISTINCT");
    }
    if let Some(predicate) = &index.predicate {
        let _ = write!(out, " WHERE {}", predicate.text);
    }
    out.push(';');
    out
}

/// An index's keys as written in its parentheses.
pub fn index_keys(index: &Index) -> String {
    index.keys.iter().map(index_key).collect::<Vec<_>>().join(", ")
}

pub(crate) fn index_key(key: &IndexKey) -> String {
    let mut out = match &key.key {
        IndexKeyKind::Column(name) => quote_identifier(name),
        IndexKeyKind::Expression(expression) => format!("({})", expression.text),
    };
    if let Some(collation) = &key.collation {
        let schema = collation.schema.as_ref().map(|name| format!("{}.", quote_identifier(name)));
        let name = collation.name.replace('"', "\"\"");
        let _ = write!(out, " COLLATE {}\"{name}\"", schema.unwrap_or_default());
    }
    if let Some(class) = &key.operator_class {
        let _ = write!(out, " {class}");
    }
    if key.descending {
        out.push_str(" DESC");
    }
    match key.nulls_first {
        Some(true) => out.push_str(" NULLS FIRST"),
        Some(false) => out.push_str(" NULLS LAST"),
        None => {}
    }
    out
}

/// `ENABLE` and `FORCE ROW LEVEL SECURITY`, as far as they are on.
pub fn row_security(table: &Table, names: Names) -> Vec<String> {
    let name = names.of(&table.name);
    [(table.row_security.on, "ENABLE"), (table.row_security_forced.on, "FORCE")]
        .into_iter()
        .filter(|(on, _)| *on)
        .map(|(_, word)| format!("ALTER TABLE {name} {word} ROW LEVEL SECURITY;"))
        .collect()
}

/// `CREATE POLICY`.
pub fn create_policy(table: &QualifiedName, policy: &Policy, names: Names) -> String {
    let mut out =
        format!("CREATE POLICY {} ON {}", quote_identifier(&policy.name), names.of(table));
    if !policy.permissive {
        out.push_str(" AS RESTRICTIVE");
    }
    if policy.command != PolicyCommand::All {
        let _ = write!(out, " FOR {}", policy_command(policy.command));
    }
    if !policy.roles.is_empty() {
        let roles: Vec<String> = policy.roles.iter().map(|name| role(name)).collect();
        let _ = write!(out, " TO {}", roles.join(", "));
    }
    for (words, expression) in [("USING", &policy.using), ("WITH CHECK", &policy.check)] {
        if let Some(expression) = expression {
            let _ = write!(out, "\n    {words} ({})", expression.text);
        }
    }
    out.push(';');
    out
}

/// A policy command's keyword.
pub fn policy_command(command: PolicyCommand) -> &'static str {
    match command {
        PolicyCommand::All => "ALL",
        PolicyCommand::Select => "SELECT",
        PolicyCommand::Insert => "INSERT",
        PolicyCommand::Update => "UPDATE",
        PolicyCommand::Delete => "DELETE",
    }
}

/// A role as a statement names it: the keywords that stand for roles are not quoted.
pub fn role(name: &str) -> String {
    match name {
        "public" | "current_user" | "current_role" | "session_user" => name.to_ascii_uppercase(),
        _ => quote_identifier(name),
    }
}

/// `CREATE TRIGGER`, and `ALTER TABLE` when it is not in its ordinary state.
pub fn create_trigger(table: &QualifiedName, trigger: &Trigger, names: Names) -> Vec<String> {
    let name = quote_identifier(&trigger.name);
    let timing = match trigger.timing {
        TriggerTiming::Before => "BEFORE",
        TriggerTiming::After => "AFTER",
        TriggerTiming::InsteadOf => "INSTEAD OF",
    };
    let update = if trigger.update_of.is_empty() {
        "UPDATE".to_owned()
    } else {
        format!("UPDATE OF {}", identifiers(&trigger.update_of))
    };
    let events: Vec<&str> = [
        (trigger.insert, "INSERT"),
        (trigger.update, update.as_str()),
        (trigger.delete, "DELETE"),
        (trigger.truncate, "TRUNCATE"),
    ]
    .into_iter()
    .filter(|(fires, _)| *fires)
    .map(|(_, event)| event)
    .collect();
    let constraint = if trigger.constraint { "CONSTRAINT " } else { "" };
    let mut out = format!(
        "CREATE {constraint}TRIGGER {name}\n    {timing} {} ON {}\n    ",
        events.join(" OR "),
        names.of(table)
    );
    let tables = [("OLD", &trigger.old_table), ("NEW", &trigger.new_table)];
    if let Some(referenced) = &trigger.referenced {
        let _ = write!(out, "FROM {referenced} ");
    }
    if trigger.deferrable {
        out.push_str("DEFERRABLE ");
    }
    if trigger.initially_deferred {
        out.push_str("INITIALLY DEFERRED ");
    }
    if tables.iter().any(|(_, table)| table.is_some()) {
        out.push_str("REFERENCING");
        for (word, table) in tables {
            if let Some(table) = table {
                let _ = write!(out, " {word} TABLE AS {}", quote_identifier(table));
            }
        }
        out.push(' ');
    }
    out.push_str(if trigger.for_each_row { "FOR EACH ROW" } else { "FOR EACH STATEMENT" });
    if let Some(when) = &trigger.when {
        let _ = write!(out, " WHEN ({})", when.text);
    }
    let arguments: Vec<String> = trigger.arguments.iter().map(|text| quote_literal(text)).collect();
    let function = names.of(&trigger.function);
    let _ = write!(out, " EXECUTE FUNCTION {function}({});", arguments.join(", "));
    let state =
        (trigger.state != TriggerState::Enabled).then(|| set_trigger_state(table, trigger, names));
    std::iter::once(out).chain(state).collect()
}

/// `ALTER TABLE` with the state that a trigger is in.
pub fn set_trigger_state(table: &QualifiedName, trigger: &Trigger, names: Names) -> String {
    let words = match trigger.state {
        TriggerState::Enabled => "ENABLE",
        TriggerState::Disabled => "DISABLE",
        TriggerState::Replica => "ENABLE REPLICA",
        TriggerState::Always => "ENABLE ALWAYS",
    };
    let (table, name) = (names.of(table), quote_identifier(&trigger.name));
    format!("ALTER TABLE {table} {words} TRIGGER {name};")
}

/// `CREATE FUNCTION` or `CREATE PROCEDURE`.
pub fn create_function(function: &Function, names: Names) -> String {
    let kind = if function.procedure { "PROCEDURE" } else { "FUNCTION" };
    let arguments: Vec<String> = function.arguments.iter().map(argument).collect();
    let mut out = format!("CREATE {kind} {}({})", names.of(&function.name), arguments.join(", "));
    if !function.procedure && !function.returns.trim().is_empty() {
        let _ = write!(out, " RETURNS {}", function.returns.trim());
    }
    let _ = write!(out, "\n    LANGUAGE {}", quote_identifier(&function.language));
    if !function.procedure {
        out.push_str(match function.volatility {
            Volatility::Volatile => "",
            Volatility::Stable => " STABLE",
            Volatility::Immutable => " IMMUTABLE",
        });
        for (set, words) in [(function.strict, " STRICT"), (function.leakproof, " LEAKPROOF")] {
            if set {
                out.push_str(words);
            }
        }
    }
    if function.security_definer {
        out.push_str(" SECURITY DEFINER");
    }
    for option in &function.planner_options {
        let _ = write!(out, " {option}");
    }
    for (name, value) in &function.settings {
        let _ = if value == "from current" {
            write!(out, "\n    SET {name} FROM CURRENT")
        } else {
            write!(out, "\n    SET {name} = {}", setting_value(value))
        };
    }
    if let Some(body) = &function.body {
        let text = &body.text;
        if body.inline {
            let _ = write!(out, "\n{}", text.trim());
        } else {
            let tag = dollar_tag(text);
            let _ = write!(out, "\n    AS {tag}{text}{tag}");
        }
    }
    out.push(';');
    out
}

/// An empty setting needs quotes; all others are kept as written.
fn setting_value(value: &str) -> &str {
    if value.trim().is_empty() { "''" } else { value }
}

fn argument(argument: &Argument) -> String {
    let mode = match argument.mode {
        ArgumentMode::In => "",
        ArgumentMode::Out => "OUT ",
        ArgumentMode::InOut => "INOUT ",
        ArgumentMode::Variadic => "VARIADIC ",
    };
    let name = argument.name.as_ref().map(|name| format!("{} ", quote_identifier(name)));
    let default = argument.default.as_ref().map(|default| format!(" DEFAULT {}", default.text));
    format!(
        "{mode}{}{}{}",
        name.unwrap_or_default(),
        argument.data_type,
        default.unwrap_or_default()
    )
}

/// A dollar quote that the text does not hold.
pub fn dollar_tag(text: &str) -> String {
    let mut tag = "$$".to_owned();
    let mut number = 0_u32;
    while text.contains(&tag) {
        number += 1;
        tag = format!("$body{number}$");
    }
    tag
}

/// `CREATE VIEW` or `CREATE MATERIALIZED VIEW`.
pub fn create_view(view: &View, names: Names) -> String {
    let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
    let mut out = format!("CREATE {kind} {}", names.of(&view.name));
    if !view.columns.is_empty() {
        let _ = write!(out, " ({})", identifiers(&view.columns));
    }
    let options: Vec<&str> = [
        (view.security_invoker, "security_invoker = true"),
        (view.security_barrier, "security_barrier = true"),
    ]
    .into_iter()
    .filter(|(on, _)| *on)
    .map(|(_, option)| option)
    .collect();
    if !options.is_empty() {
        let _ = write!(out, " WITH ({})", options.join(", "));
    }
    let _ = write!(out, " AS\n{}", view.query.trim().trim_end_matches(';').trim_end());
    if let Some(check) = &view.check_option {
        let _ = write!(out, "\nWITH {} CHECK OPTION", check.to_uppercase());
    }
    out.push(';');
    out
}

/// `CREATE TYPE` or `CREATE DOMAIN`.
pub fn create_type(user_type: &UserType, names: Names) -> String {
    let name = names.of(&user_type.name);
    match &user_type.kind {
        UserTypeKind::Enum(labels) => {
            let labels: Vec<String> = labels.iter().map(|label| quote_literal(label)).collect();
            format!("CREATE TYPE {name} AS ENUM ({});", labels.join(", "))
        }
        UserTypeKind::Domain { base, not_null, default, checks } => {
            let mut out = format!("CREATE DOMAIN {name} AS {base}");
            if let Some(default) = default {
                let _ = write!(out, " DEFAULT {}", default_text(default));
            }
            if *not_null {
                out.push_str(" NOT NULL");
            }
            // One that was never validated is added when there may be data.
            for check in checks.iter().filter(|check| !check.not_valid) {
                let (name, text) = (quote_identifier(&check.name), &check.expression.text);
                let _ = write!(out, " CONSTRAINT {name} CHECK ({text})");
            }
            out.push(';');
            out
        }
        UserTypeKind::Composite(attributes) => {
            let attributes: Vec<String> = attributes
                .iter()
                .map(|(name, data_type)| format!("{} {data_type}", quote_identifier(name)))
                .collect();
            format!("CREATE TYPE {name} AS ({});", attributes.join(", "))
        }
        UserTypeKind::Other(definition) => {
            let definition = definition.trim();
            let space = if definition.is_empty() { "" } else { " " };
            format!("CREATE TYPE {name}{space}{definition};")
        }
    }
}

/// `GRANT … ON object TO role`; `object` is written with its kind where that is not a table.
pub fn grant(object: &str, grant: &Grant) -> String {
    let privileges = privileges(&grant.privileges);
    let option = if grant.grantable { " WITH GRANT OPTION" } else { "" };
    format!("GRANT {privileges} ON {object} TO {}{option};", role(&grant.grantee))
}

fn privileges(list: &[(String, Vec<String>)]) -> String {
    let written = list.iter().map(|(privilege, columns)| match columns.as_slice() {
        [] => privilege.clone(),
        columns => format!("{privilege} ({})", identifiers(columns)),
    });
    written.collect::<Vec<_>>().join(", ")
}
