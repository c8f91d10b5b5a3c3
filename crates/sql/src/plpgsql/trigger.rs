//! What a function does when it is run for one kind of change.
//!
//! A trigger function branches on `TG_OP`. It is followed once for each command, with the branches
//! that the command leaves: the rows it inserts, with what its variables hold by then; the columns
//! of the changed row it needs; whether it refuses. What hangs on anything else may or may not
//! happen, and is marked so.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use schemaward_catalog::{
    AssignedColumn, ChangedRow, InsertedRow, InsertedValue, ObjectName, Run, TriggerCommand, fold,
};
use sqlparser::ast::{
    self, BinaryOperator, Expr, ObjectNamePart, Query, SelectItem, SetExpr, TableObject,
    UnaryOperator, Value, visit_expressions, visit_relations,
};

use super::parse::{Block, Code, Kind, Loop, Node, parse};
use crate::expression::parse_insert;
use crate::lexer::{Lexer, Token, TokenKind, identifier};
use crate::splitter;

/// Statements that following one body may take, over all commands.
const STEPS: usize = 4_000;

/// Expressions one value may be traced to.
const SOURCES: usize = 24;

/// Follows a body in PL/pgSQL for every command a trigger may run it for; `None` when its
/// structure is not known.
pub(crate) fn runs(body: &str) -> Option<Vec<Run>> {
    let tokens: Vec<Token> =
        Lexer::body(body).filter(|token| token.kind != TokenKind::Comment).collect();
    let block = parse(body, &tokens).ok()?;
    let mut steps = 0;
    let commands = TriggerCommand::ALL.into_iter();
    let mut runs = Vec::new();
    for command in commands {
        let mut follower = Follower {
            body,
            run: Run { command, ..Run::default() },
            variables: BTreeMap::new(),
            unsure: 0,
            steps,
        };
        let end = follower.block(&block);
        steps = follower.steps;
        follower.run.refuses |= end == End::Raises;
        if steps > STEPS {
            return None;
        }
        runs.push(follower.run);
    }
    // What is no trigger's function does the same for every command.
    Some(runs)
}

/// The rows that a body in SQL inserts.
pub(crate) fn sql_inserts(body: &str) -> Vec<InsertedRow> {
    let mut rows = Vec::new();
    for statement in splitter::split(body).iter().take(100) {
        rows.extend(inserted(statement.span.of(body).trim_end_matches(';'), true, &|expr| {
            vec![expr.clone()]
        }));
    }
    rows
}

/// How following a list of statements ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// What follows runs.
    Next,
    /// What follows may run.
    Maybe,
    /// Nothing of the function runs any more.
    Returns,
    /// It ends with an exception.
    Raises,
}

struct Follower<'t> {
    body: &'t str,
    run: Run,
    /// What each variable may hold.
    variables: BTreeMap<String, Vec<Expr>>,
    /// How many of the open branches may or may not be taken.
    unsure: usize,
    steps: usize,
}

impl Follower<'_> {
    fn block(&mut self, block: &Block) -> End {
        for declaration in &block.declarations {
            if let Some(value) = &declaration.value {
                self.evaluates(&value.text);
                self.assign(&declaration.name, value);
            }
        }
        // A handler may catch what goes wrong inside.
        let handled = usize::from(!block.handlers.is_empty());
        self.unsure += handled;
        let end = self.list(&block.body);
        self.unsure -= handled;
        if handled == 0 {
            return end;
        }
        self.unsure += 1;
        let ends: Vec<End> =
            block.handlers.iter().map(|handler| self.list(&handler.body)).collect();
        self.unsure -= 1;
        if end == End::Next && ends.iter().all(|end| *end == End::Next) {
            End::Next
        } else if end == End::Returns && ends.iter().all(|end| *end == End::Returns) {
            End::Returns
        } else {
            End::Maybe
        }
    }

    /// Follows statements until one ends the function for certain.
    fn list(&mut self, nodes: &[Node]) -> End {
        let mut unsure = 0;
        let mut end = End::Next;
        for node in nodes {
            self.steps += 1;
            if self.steps > STEPS {
                end = End::Maybe;
                break;
            }
            match self.node(node) {
                End::Next => {}
                End::Maybe => {
                    end = End::Maybe;
                    unsure += 1;
                    self.unsure += 1;
                }
                certain => {
                    // After a branch that may have left already, this is what may happen.
                    if end == End::Next {
                        end = certain;
                    }
                    break;
                }
            }
        }
        self.unsure -= unsure;
        end
    }

    fn node(&mut self, node: &Node) -> End {
        let text = node.span.of(self.body);
        match &node.kind {
            Kind::Block(block) => return self.block(block),
            Kind::If { arms, otherwise } => return self.branch(arms, otherwise),
            Kind::Loop { kind, body, .. } => {
                if let Loop::Query { variables, .. } | Loop::Dynamic { variables, .. } = kind {
                    for name in variables {
                        self.variables.remove(name);
                    }
                }
                self.unsure += 1;
                let end = self.list(body);
                self.unsure -= 1;
                return if end == End::Next { End::Next } else { End::Maybe };
            }
            Kind::Leave { .. } => return End::Maybe,
            Kind::Assign { target, value, .. } => {
                self.evaluates(text);
                if let [row, column] = target.as_slice()
                    && row == "new"
                {
                    let sources = self.sources(value);
                    let certain = self.unsure == 0;
                    self.run.assigns.push(AssignedColumn {
                        column: column.clone(),
                        sources,
                        certain,
                    });
                }
                if let Some(name) = target.first() {
                    self.assign(name, value);
                }
            }
            Kind::Execute { using, .. } => {
                self.evaluates(text);
                self.run.dynamic = true;
                // The values a dynamic statement is given are what it may store.
                let sources = using.iter().flat_map(|value| self.sources(value));
                let sources: Vec<Expr> = sources.take(SOURCES).collect();
                self.run.given.extend(sources);
            }
            Kind::Raise { exception, .. } => {
                self.evaluates(text);
                if *exception {
                    return End::Raises;
                }
            }
            Kind::Return { value, ends } => {
                self.evaluates(text);
                let null = value.as_ref().and_then(|value| value.tree.as_deref()).is_none_or(
                    |tree| matches!(tree, Expr::Value(value) if value.value == Value::Null),
                );
                if *ends {
                    self.run.keeps_row |= !null;
                    return End::Returns;
                }
            }
            Kind::SelectInto { query, into } => {
                self.evaluates(text);
                // `INSERT … RETURNING … INTO` is one, too.
                self.insert(&query.text);
                for name in into {
                    self.assign_query(name, query);
                }
            }
            Kind::Sql(_) => {
                self.evaluates(text);
                self.insert(text);
            }
            Kind::Perform(_) | Kind::Unknown(_) => self.evaluates(text),
            Kind::Nothing(names) => {
                for name in names {
                    self.variables.remove(name);
                }
            }
        }
        End::Next
    }

    fn branch(&mut self, arms: &[(Code<Expr>, Vec<Node>)], otherwise: &[Node]) -> End {
        let before = self.variables.clone();
        let mut ends = Vec::new();
        let mut open = 0;
        let mut decided = false;
        for (condition, body) in arms {
            self.evaluates(&condition.text);
            let truth = condition.tree.as_deref().and_then(|tree| truth(tree, self.run.command));
            match truth {
                Some(false) => {}
                Some(true) => {
                    ends.push(self.list(body));
                    decided = true;
                    break;
                }
                None => {
                    open += 1;
                    self.unsure += 1;
                    ends.push(self.list(body));
                }
            }
        }
        if !decided {
            ends.push(self.list(otherwise));
        }
        self.unsure -= open;
        if open > 0 {
            // Where a branch was left out, variables hold what they held before.
            for (name, mut values) in before {
                let now = self.variables.entry(name).or_default();
                values.retain(|value| !now.contains(value));
                now.extend(values);
                now.truncate(SOURCES);
            }
        }
        let first = ends.first().copied().unwrap_or(End::Next);
        if ends.iter().all(|end| *end == first) { first } else { End::Maybe }
    }

    fn insert(&mut self, text: &str) {
        let certain = self.unsure == 0;
        let rows = inserted(text, certain, &|expr| self.traced(expr, self.run.command));
        self.run.inserts.extend(rows);
    }

    /// Remembers what a text needs of the changed row.
    fn evaluates(&mut self, text: &str) {
        for column in fields(text) {
            if self.unsure == 0 {
                self.run.needs.insert(column);
            } else {
                self.run.may_need.insert(column);
            }
        }
    }

    fn assign(&mut self, name: &str, value: &Code<Expr>) {
        let mut sources = self.sources(value);
        // A field of a composite variable, or what a branch may not have assigned, adds to it.
        let adds = self.unsure > 0 || name.is_empty();
        let entry = self.variables.entry(name.to_owned()).or_default();
        if adds || matches!(entry.first(), Some(Expr::Function(_) | Expr::Tuple(_))) {
            sources.retain(|source| !entry.contains(source));
            entry.extend(sources);
            entry.truncate(SOURCES);
        } else {
            *entry = sources;
        }
    }

    fn assign_query(&mut self, name: &str, query: &Code<Query>) {
        let Some(tree) = &query.tree else {
            self.variables.remove(name);
            return;
        };
        let expr = Expr::Subquery(tree.clone());
        let sources = self.traced(&expr, self.run.command);
        self.variables.insert(name.to_owned(), sources);
    }

    fn sources(&self, value: &Code<Expr>) -> Vec<Expr> {
        let tree = value.tree.as_deref();
        tree.map(|tree| self.traced(tree, self.run.command)).unwrap_or_default()
    }

    /// An expression as the command leaves it, then what the variables in it hold.
    fn traced(&self, expr: &Expr, command: TriggerCommand) -> Vec<Expr> {
        let own = pruned(expr, command);
        let mut names = BTreeSet::new();
        let _ = visit_expressions(&own, |inner| {
            match inner {
                Expr::Identifier(ident) => {
                    names.insert(fold(ident));
                }
                Expr::CompoundIdentifier(parts) => names.extend(parts.first().map(fold)),
                Expr::CompoundFieldAccess { root, .. } => {
                    if let Expr::Identifier(ident) = root.as_ref() {
                        names.insert(fold(ident));
                    }
                }
                _ => {}
            }
            ControlFlow::<()>::Continue(())
        });
        let mut sources = vec![own];
        for value in names.iter().filter_map(|name| self.variables.get(name)).flatten() {
            if sources.len() < SOURCES && !sources.contains(value) {
                sources.push(value.clone());
            }
        }
        sources
    }
}

/// The columns of the changed row that a text names, as `NEW.x` and `OLD.x`.
fn fields(text: &str) -> BTreeSet<(ChangedRow, String)> {
    let tokens: Vec<Token> =
        Lexer::body(text).filter(|token| token.kind != TokenKind::Comment).collect();
    let mut found = BTreeSet::new();
    for (at, window) in tokens.windows(3).enumerate() {
        let [row, dot, column] = window else { continue };
        let qualified = at > 0 && tokens.get(at - 1).is_some_and(|t| t.kind == TokenKind::Dot);
        if row.kind != TokenKind::Word || dot.kind != TokenKind::Dot || qualified {
            continue;
        }
        let word = row.span.of(text);
        let row = if word.eq_ignore_ascii_case("new") {
            ChangedRow::New
        } else if word.eq_ignore_ascii_case("old") {
            ChangedRow::Old
        } else {
            continue;
        };
        found.extend(identifier(*column, text).map(|column| (row, column)));
    }
    found
}

/// The truth of a condition under a command, as far as `TG_OP` and constants settle it.
fn truth(expr: &Expr, command: TriggerCommand) -> Option<bool> {
    match expr {
        Expr::Nested(inner) => truth(inner, command),
        Expr::Value(value) => match value.value {
            Value::Boolean(truth) => Some(truth),
            _ => None,
        },
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => truth(expr, command).map(|truth| !truth),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            match (truth(left, command), truth(right, command)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        }
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            match (truth(left, command), truth(right, command)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            }
        }
        Expr::BinaryOp { left, op, right } => {
            let same = match (operation(left), operation(right)) {
                (Ok(()), Err(Some(text))) | (Err(Some(text)), Ok(())) => text == command.word(),
                _ => return None,
            };
            match op {
                BinaryOperator::Eq => Some(same),
                BinaryOperator::NotEq => Some(!same),
                _ => None,
            }
        }
        Expr::InList { expr, list, negated } => {
            operation(expr).ok()?;
            let mut listed = false;
            for element in list {
                match operation(element) {
                    Err(Some(text)) => listed |= text == command.word(),
                    _ => return None,
                }
            }
            Some(listed != *negated)
        }
        _ => None,
    }
}

/// `Ok` for `TG_OP`; the text of a string constant otherwise.
fn operation(expr: &Expr) -> Result<(), Option<String>> {
    match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => operation(inner),
        Expr::Identifier(ident) if ident.value.eq_ignore_ascii_case("tg_op") => Ok(()),
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Err(Some(text.clone())),
            _ => Err(None),
        },
        _ => Err(None),
    }
}

/// An expression without the branches of `CASE` that a command does not take.
fn pruned(expr: &Expr, command: TriggerCommand) -> Expr {
    let mut expr = expr.clone();
    let _ = ast::visit_expressions_mut(&mut expr, |inner| {
        if let Expr::Case { operand, conditions, else_result, .. } = inner {
            let by_operation = operand.as_deref().map(|operand| operation(operand) == Ok(()));
            let mut taken = None;
            let mut kept = Vec::new();
            for branch in std::mem::take(conditions) {
                let truth = match by_operation {
                    None => truth(&branch.condition, command),
                    Some(true) => match operation(&branch.condition) {
                        Err(Some(text)) => Some(text == command.word()),
                        _ => None,
                    },
                    Some(false) => None,
                };
                match truth {
                    Some(false) => {}
                    Some(true) if kept.is_empty() => {
                        taken = Some(branch.result);
                        break;
                    }
                    _ => kept.push(branch),
                }
            }
            *conditions = kept;
            if let Some(taken) = taken {
                *inner = taken;
            } else if conditions.is_empty() {
                *inner = match else_result.take() {
                    Some(last) => *last,
                    None => Expr::value(Value::Null),
                };
            }
        }
        ControlFlow::<()>::Continue(())
    });
    expr
}

/// The rows of an `INSERT`, one for each row of `VALUES`.
fn inserted(text: &str, certain: bool, trace: &dyn Fn(&Expr) -> Vec<Expr>) -> Vec<InsertedRow> {
    let starts = text.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("insert"));
    let Some(insert) = starts.then(|| parse_insert(text)).flatten() else { return Vec::new() };
    let TableObject::TableName(name) = &insert.table else { return Vec::new() };
    let target = object_name(name);
    let columns: Vec<String> =
        insert.columns.iter().map(|column| object_name(column).name).collect();
    let row = |values: Vec<InsertedValue>, reads: BTreeSet<ObjectName>| InsertedRow {
        target: target.clone(),
        columns: columns.clone(),
        values,
        reads,
        certain,
    };
    let Some(source) = &insert.source else { return vec![row(Vec::new(), BTreeSet::new())] };
    match source.body.as_ref() {
        SetExpr::Values(values) => values
            .rows
            .iter()
            .map(|list| {
                let values = list
                    .iter()
                    .map(|value| InsertedValue { sources: trace(value), whole_row: false });
                row(values.collect(), BTreeSet::new())
            })
            .collect(),
        SetExpr::Select(select) => {
            let mut reads = BTreeSet::new();
            let _ = visit_relations(source.as_ref(), |relation| {
                reads.insert(object_name(relation));
                ControlFlow::<()>::Continue(())
            });
            let values = select.projection.iter().map(|item| match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                    InsertedValue { sources: trace(expr), whole_row: false }
                }
                SelectItem::QualifiedWildcard(kind, _) => InsertedValue {
                    sources: wildcard(&kind.to_string()).map_or_else(Vec::new, |expr| trace(&expr)),
                    whole_row: true,
                },
                _ => InsertedValue { sources: Vec::new(), whole_row: true },
            });
            vec![row(values.collect(), reads)]
        }
        _ => vec![row(Vec::new(), BTreeSet::new())],
    }
}

/// `OLD.*` as the row it spreads.
fn wildcard(text: &str) -> Option<Expr> {
    let name = text.trim_end_matches(".*").trim();
    crate::expression::parse_expression(name)
}

fn object_name(name: &ast::ObjectName) -> ObjectName {
    let mut parts = name.0.iter().rev().filter_map(ObjectNamePart::as_ident).map(fold);
    let own = parts.next().unwrap_or_default();
    ObjectName { schema: parts.next(), name: own }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a body does for one command, in a line.
    #[track_caller]
    fn check(body: &str, command: TriggerCommand, expect: &str) {
        let runs = runs(body).unwrap_or_default();
        let Some(run) = runs.iter().find(|run| run.command == command) else {
            panic!("not followed: {body}");
        };
        let mut said = Vec::new();
        for row in &run.inserts {
            let values: Vec<String> = row
                .values
                .iter()
                .map(|value| {
                    let sources: Vec<String> =
                        value.sources.iter().map(ToString::to_string).collect();
                    sources.join(" < ")
                })
                .collect();
            let maybe = if row.certain { "" } else { "?" };
            said.push(format!("insert{maybe} {} ({})", row.target, values.join(", ")));
        }
        for (row, column) in &run.needs {
            said.push(format!("needs {row}.{column}"));
        }
        if run.refuses {
            said.push("refuses".to_owned());
        }
        if !run.keeps_row {
            said.push("drops the row".to_owned());
        }
        assert_eq!(said.join("; "), expect, "{body}");
    }

    const BRANCHES: &str = "
        DECLARE
            before_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
            subject uuid;
        BEGIN
            IF TG_OP = 'DELETE' THEN subject := OLD.id; ELSE subject := NEW.id; END IF;
            INSERT INTO log (subject, old_row) VALUES (subject, before_row);
            RETURN NULL;
        END";

    #[test]
    fn follows_the_branches_of_a_command() {
        check(
            BRANCHES,
            TriggerCommand::Delete,
            "insert log (subject < OLD.id, before_row < to_jsonb(OLD)); needs OLD.id; drops the row",
        );
        check(
            BRANCHES,
            TriggerCommand::Insert,
            "insert log (subject < NEW.id, before_row < NULL); needs NEW.id; drops the row",
        );
    }

    #[test]
    fn what_hangs_on_something_else_may_happen() {
        check(
            "BEGIN IF TG_TABLE_NAME = 'a' THEN INSERT INTO log VALUES (NEW.a_id); END IF; RETURN NEW; END",
            TriggerCommand::Insert,
            "insert? log (NEW.a_id)",
        );
        check(
            "BEGIN BEGIN INSERT INTO log VALUES (NEW.id); EXCEPTION WHEN OTHERS THEN NULL; END; RETURN NEW; END",
            TriggerCommand::Update,
            "insert? log (NEW.id)",
        );
    }

    #[test]
    fn an_early_return_ends_a_command() {
        let body = "BEGIN
            IF (TG_OP = 'DELETE') THEN
                INSERT INTO log SELECT 'D', now(), user, OLD.*;
                RETURN OLD;
            ELSIF TG_OP IN ('UPDATE') THEN
                INSERT INTO log SELECT 'U', now(), user, NEW.*;
                RETURN NEW;
            END IF;
            INSERT INTO log SELECT 'I', now(), user, NEW.*;
            RETURN NEW; END";
        check(body, TriggerCommand::Delete, "insert log ('D', now(), user, OLD)");
        check(body, TriggerCommand::Insert, "insert log ('I', now(), user, NEW)");
    }

    #[test]
    fn a_guard_refuses() {
        let body = "BEGIN RAISE EXCEPTION 'append only'; END";
        check(body, TriggerCommand::Update, "refuses; drops the row");
        check(
            "BEGIN IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END",
            TriggerCommand::Update,
            "",
        );
        check(
            "BEGIN IF current_user <> 'x' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END",
            TriggerCommand::Update,
            "",
        );
    }
}
