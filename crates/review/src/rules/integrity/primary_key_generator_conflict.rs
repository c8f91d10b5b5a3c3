//! # `primary-key-generator-conflict`
//!
//! ## What it checks
//!
//! Every way a row comes into a table generates its key the same way. The default of the key's column
//! is compared with what the models of the program fill in, with the triggers that assign the key
//! before an insert, and with the functions of the schema that insert rows with a key of their own.
//!
//! ## Why
//!
//! Rows then differ by who inserts them: some keys sort by time, some do not, and no query can tell
//! which. The default looks right, so nobody looks further.
//!
//! ## Example
//!
//! ```sql fails
//! CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_ulid(), body text NOT NULL);
//! CREATE FUNCTION set_message_key() RETURNS trigger LANGUAGE plpgsql SET search_path = public
//! AS $$ BEGIN NEW.id := gen_random_uuid(); RETURN NEW; END $$;
//! CREATE TRIGGER messages_key BEFORE INSERT ON messages
//!     FOR EACH ROW EXECUTE FUNCTION set_message_key();
//! ```
//!
//! ```sql passes
//! CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_ulid(), body text NOT NULL);
//! CREATE FUNCTION post_message(p_body text) RETURNS void LANGUAGE sql SET search_path = public
//! AS $$ INSERT INTO messages (body) VALUES (p_body) $$;
//! ```
//!
//! ```python fails
//! import uuid
//! from sqlalchemy import text
//! from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
//!
//! class Base(DeclarativeBase):
//!     pass
//!
//! class Message(Base):
//!     __tablename__ = "messages"
//!     id: Mapped[uuid.UUID] = mapped_column(
//!         primary_key=True, default=uuid.uuid4, server_default=text("uuidv7()")
//!     )
//! ```
//!
//! ## How to fix
//!
//! Let the default generate every key: take the assignment out of the trigger, the column out of the
//! function's `INSERT`.
//!
//! ## Settings
//!
//! `[primary_key] generators`.
//!
//! ## References
//!
//! None.

use schemaward_catalog::{
    Column, Expression, Function, Origin, Table, TriggerCommand, TriggerState, TriggerTiming,
};
use sqlparser::ast::Expr;

use super::{Answer, Check, RuleInfo, page};
use crate::context::Context;
use crate::facts::code::{defaults, key_kind};
use crate::facts::expression::bare;
use crate::facts::key::{Generator, generator, of_expression};
use crate::{Category, Control, KeyKind, Severity};

pub(super) const RULE: RuleInfo = RuleInfo {
    id: "primary-key-generator-conflict",
    category: Category::Integrity,
    severity: Severity::Critical,
    title: "Keys of two kinds in one table",
    provenance: "schemaward",
    impact: "Rows get keys of different kinds, depending on who inserts them.",
    references: &[],
    control: Some(Control::PrimaryKey),
    page: page!("primary_key_generator_conflict.rs"),
    check: Check::Table(check),
};

fn check(context: &Context<'_>, table: &Table) -> Vec<Answer> {
    let Some((_, [key])) = table.primary_key() else { return Vec::new() };
    let Some(column) = table.column(key) else { return Vec::new() };
    let Generator::Kind { kind, how, origin } =
        generator(context.catalog, context.standard, column)
    else {
        return Vec::new();
    };
    let mut answers = Vec::new();
    for (function, other, place) in others(context, table, column) {
        let Some((other_kind, other_how)) = kind_of(context, other) else { continue };
        if other_kind == kind {
            continue;
        }
        let message = format!(
            "`{}.{}` gets a {kind} from {how}, and a {other_kind} from {other_how} where `{}()` \
             {place}.",
            table.name, column.name, function.name
        );
        answers.push(
            Answer::unmet(table, message)
                .column(&column.name)
                .detail(function.name.to_string())
                .at(origin)
                .at(function.body.as_ref().map_or(function.origin, |body| body.origin)),
        );
    }
    answers.dedup_by(|a, b| a.detail == b.detail);
    for (class, default) in defaults(context, &table.name, &column.name) {
        let Some(other_kind) = default.generator.and_then(key_kind) else { continue };
        if other_kind == kind {
            continue;
        }
        let message = format!(
            "`{}.{}` gets a {kind} from {how}, and a {other_kind} from `{}` where the program \
             inserts a `{}`.",
            table.name, column.name, default.text, class.name
        );
        answers.push(
            Answer::unmet(table, message)
                .column(&column.name)
                .detail(class.name.as_str())
                .at(origin)
                .at(default.origin),
        );
    }
    answers
}

/// The functions and classes that would go on giving a key another kind than this one, each by name.
pub(crate) fn others_of_kind(
    context: &Context<'_>,
    table: &Table,
    column: &Column,
    kind: KeyKind,
) -> Vec<String> {
    let functions =
        others(context, table, column).into_iter().filter_map(|(function, other, _)| {
            let (other, _) = kind_of(context, other)?;
            (other != kind).then(|| function.name.to_string())
        });
    let classes = defaults(context, &table.name, &column.name).into_iter();
    let classes = classes
        .filter(|(_, default)| default.generator.and_then(key_kind).is_some_and(|it| it != kind))
        .map(|(class, _)| class.name.clone());
    let mut names: Vec<String> = functions.chain(classes).collect();
    names.dedup();
    names
}

/// The functions that give the key a value besides its default, with the expression that does.
fn others<'a>(
    context: &Context<'a>,
    table: &'a Table,
    column: &Column,
) -> Vec<(&'a Function, &'a Expr, &'static str)> {
    let mut found = Vec::new();
    for trigger in &table.triggers {
        let assigns = trigger.insert
            && trigger.for_each_row
            && trigger.timing == TriggerTiming::Before
            && matches!(trigger.state, TriggerState::Enabled | TriggerState::Always);
        let function = context.catalog.function(&trigger.function).filter(|_| assigns);
        let Some((function, body)) = function.and_then(|f| Some((f, f.body.as_ref()?))) else {
            continue;
        };
        let runs = body.facts.runs.iter().filter(|run| run.command == TriggerCommand::Insert);
        // On a condition it may do so only where the default did nothing.
        let assigned = runs.flat_map(|run| &run.assigns).filter(|assigned| {
            assigned.column == column.name && (assigned.certain && trigger.when.is_none())
        });
        found.extend(assigned.filter_map(|assigned| {
            Some((function, assigned.sources.last()?, "assigns it before the insert"))
        }));
    }
    for function in context.inserting.get(&table.name).into_iter().flatten() {
        let Some(body) = &function.body else { continue };
        let rows = body.facts.runs.iter().take(1).flat_map(|run| &run.inserts);
        for row in rows {
            let resolved = context
                .catalog
                .resolve(&row.target, |name| context.catalog.tables.contains_key(name));
            let position = if row.columns.is_empty() {
                table.columns.iter().position(|own| own.name == column.name)
            } else {
                row.columns.iter().position(|named| *named == column.name)
            };
            let value = position.and_then(|at| row.values.get(at));
            if resolved.as_ref() == Some(&table.name)
                && let Some(source) = value.and_then(|value| value.sources.last())
                && !matches!(bare(source), Expr::Identifier(_) | Expr::CompoundIdentifier(_))
            {
                found.push((function, source, "inserts rows"));
            }
        }
    }
    found
}

/// The kind of key that an expression generates, and how to name it.
fn kind_of(context: &Context<'_>, expr: &Expr) -> Option<(KeyKind, String)> {
    let expression = Expression {
        text: expr.to_string(),
        ast: Some(Box::new(expr.clone())),
        origin: Origin::default(),
    };
    match of_expression(context.catalog, context.standard, &expression) {
        Generator::Kind { kind, how, .. } => Some((kind, how)),
        _ => None,
    }
}
