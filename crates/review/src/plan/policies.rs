//! Steps that rewrite the conditions of policies without changing whom they are for.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::rc::Rc;

use schemaward_catalog::{
    Catalog, Expression, Policy, QualifiedName, Table, Volatility, quote_identifier, quote_literal,
};
use sqlparser::ast::{
    BinaryOperator, DataType, Expr, Ident, ObjectName, Query, SetExpr, VisitMut, VisitorMut,
    visit_expressions,
};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

use super::{Draft, Findings, PlanContext, named};
use crate::facts::expression::object_name;
use crate::facts::policy::{Opening, opened};
use crate::facts::predicate::{Predicate, names_column, reads_relation, unguarded};
use crate::facts::session::{is_identity_call, setting_read};
use crate::facts::truth::{Judge, Session, is_text, unnested};
use crate::rules::unsafe_setting;
use crate::{Finding, Verb};

/// What reading the session safely and once answers.
const SESSION_RULES: [&str; 2] = ["policy-setting-unset", "policy-call-per-row"];

pub(super) fn drafts(context: &PlanContext<'_>, findings: &Findings<'_>) -> Vec<Draft> {
    let mut known = Rewritten::new(context.catalog);
    let closed = closed(context, findings, &mut known);
    closed.into_iter().chain(computed_once(context, findings, &mut known)).collect()
}

/// Conditions whose reads of the session are safe and stand in scalar sub-selects: the same condition
/// stands in the policies of many tables, and is rewritten once.
struct Rewritten<'a> {
    catalog: &'a Catalog,
    known: BTreeMap<&'a str, Option<Rc<Expr>>>,
}

impl<'a> Rewritten<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, known: BTreeMap::new() }
    }

    /// The condition of a clause; `None` when it cannot be rewritten.
    fn of(&mut self, clause: &'a Expression) -> Option<Rc<Expr>> {
        let ast = clause.ast.as_deref()?;
        let catalog = self.catalog;
        self.known.entry(&clause.text).or_insert_with(|| once(catalog, ast).map(Rc::new)).clone()
    }
}

/// Takes out the branches by which policies open.
fn closed<'a>(
    context: &PlanContext<'a>,
    all: &Findings<'_>,
    known: &mut Rewritten<'a>,
) -> Option<Draft> {
    const RULES: [&str; 2] = ["policy-null-bypass", "policy-setting-bypass"];
    let mut draft = Draft::new(Verb::Harden);
    let mut names = Vec::new();
    let of_session = on_tables(context, all, &SESSION_RULES);
    for (table, findings) in all.by_table(context.catalog, &RULES) {
        let opened = opened(context.reviewed.policies(&table.name));
        for policy in &table.policies {
            let found = of_policy(&findings, policy);
            let states: Vec<&Opening> = opened
                .iter()
                .filter(|(facts, _, _)| facts.policy.name == policy.name)
                .map(|(_, _, opening)| *opening)
                .collect();
            if found.is_empty() || states.is_empty() {
                continue;
            }
            let rewritten = rewrite(policy, |clause| {
                let ast = clause.ast.as_deref()?;
                let closed = without_branches(context.catalog, table, ast, &states)?;
                once(context.catalog, &closed).map(Rc::new)
            });
            if let Some(sql) = rewritten.and_then(|parts| alter(table, policy, &parts)) {
                draft.close(&found);
                let also = of_session.get(&table.name).map(Vec::as_slice).unwrap_or_default();
                let also = of_policy(also, policy);
                draft.close(&settled(context, table, policy, also, known));
                draft.sql.push(sql);
                names.push(format!("{}.{}", table.name, policy.name));
            }
        }
    }
    draft.note(
        "Jobs and sign-in that relied on the branch see no row from then on: give them a role with a \
         policy of its own first.",
    );
    draft.finished(format!("Close the policies {}.", named(&names)))
}

/// Reads settings safely, and once a statement.
fn computed_once<'a>(
    context: &PlanContext<'a>,
    findings: &Findings<'_>,
    known: &mut Rewritten<'a>,
) -> Option<Draft> {
    // A policy that another step rewrites is not written twice: what is left is found on the next review.
    const ELSEWHERE: [&str; 4] =
        ["policy-null-bypass", "policy-setting-bypass", "policy-always-true", "policy-open-write"];
    let mut draft = Draft::new(Verb::Harden);
    let mut names = Vec::new();
    let elsewhere = on_tables(context, findings, &ELSEWHERE);
    for (table, found) in findings.by_table(context.catalog, &SESSION_RULES) {
        let elsewhere = elsewhere.get(&table.name).map(Vec::as_slice).unwrap_or_default();
        for policy in &table.policies {
            let own = of_policy(&found, policy);
            if own.is_empty() || !of_policy(elsewhere, policy).is_empty() {
                continue;
            }
            let rewritten = rewrite(policy, |clause| known.of(clause));
            let own = settled(context, table, policy, own, known);
            if own.is_empty() {
                continue;
            }
            if let Some(sql) = rewritten.and_then(|parts| alter(table, policy, &parts)) {
                draft.close(&own);
                draft.sql.push(sql);
                names.push(format!("{}.{}", table.name, policy.name));
            }
        }
    }
    draft.note(
        "The rows that the policies let through stay the same. A session without the setting finds \
         nothing instead of failing.",
    );
    draft.finished(format!("Let the policies {} read the session safely and once.", named(&names)))
}

/// The findings of some rules on each table.
fn on_tables<'c, 'f>(
    context: &PlanContext<'c>,
    all: &Findings<'f>,
    rules: &[&str],
) -> BTreeMap<&'c QualifiedName, Vec<&'f Finding>> {
    let found = all.by_table(context.catalog, rules).into_iter();
    found.map(|(table, found)| (&table.name, found)).collect()
}

/// The findings that reading the session safely settles: not those on a setting whose name no session
/// can set.
fn settled<'a, 'f>(
    context: &PlanContext<'a>,
    table: &Table,
    policy: &'a Policy,
    findings: Vec<&'f Finding>,
    known: &mut Rewritten<'a>,
) -> Vec<&'f Finding> {
    let mut remains = || {
        let clauses = policy.using.iter().chain(&policy.check);
        clauses.filter_map(|clause| known.of(clause)).any(|changed| {
            let said = Predicate::of(context.catalog, table, &changed);
            said.settings.iter().any(|setting| unsafe_setting(setting).is_some())
        })
    };
    let unset = |finding: &&Finding| finding.rule == "policy-setting-unset";
    if !findings.iter().any(unset) || !remains() {
        return findings;
    }
    findings.into_iter().filter(|finding| !unset(finding)).collect()
}

fn of_policy<'f>(findings: &[&'f Finding], policy: &Policy) -> Vec<&'f Finding> {
    let end = format!(":{}", policy.name);
    findings.iter().copied().filter(|finding| finding.id.ends_with(&end)).collect()
}

/// The clauses of a policy that change: `None` when one cannot be rewritten.
fn rewrite<'a>(
    policy: &'a Policy,
    mut change: impl FnMut(&'a Expression) -> Option<Rc<Expr>>,
) -> Option<Vec<(&'static str, String)>> {
    let mut parts = Vec::new();
    for (word, clause) in [("USING", &policy.using), ("WITH CHECK", &policy.check)] {
        let Some(clause) = clause else { continue };
        let ast = clause.ast.as_deref()?;
        let changed = change(clause)?.to_string();
        if !changed.eq_ignore_ascii_case(&ast.to_string()) {
            parts.push((word, changed));
        }
    }
    Some(parts)
}

fn alter(table: &Table, policy: &Policy, parts: &[(&'static str, String)]) -> Option<String> {
    if parts.is_empty() {
        return None;
    }
    let clauses: Vec<String> =
        parts.iter().map(|(word, text)| format!("\n    {word} ({text})")).collect();
    let name = quote_identifier(&policy.name);
    Some(format!("ALTER POLICY {name} ON {}{};", table.name.to_sql(), clauses.concat()))
}

/// A condition without the branches of its `OR` that are true in one of these states; `None` when
/// that would leave nothing, or not close it.
fn without_branches(
    catalog: &Catalog,
    table: &Table,
    condition: &Expr,
    states: &[&Opening],
) -> Option<Expr> {
    let judge = |expression: &Expr| is_open(catalog, table, expression, states);
    if !judge(condition) {
        return Some(condition.clone());
    }
    let mut open = vec![condition];
    let mut kept: Option<Expr> = None;
    while let Some(next) = open.pop() {
        match unnested(next) {
            Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
                open.push(right);
                open.push(left);
            }
            branch if judge(branch) => {}
            branch => {
                let branch = branch.clone();
                kept = Some(match kept {
                    None => branch,
                    Some(kept) => Expr::BinaryOp {
                        left: Box::new(kept),
                        op: BinaryOperator::Or,
                        right: Box::new(Expr::Nested(Box::new(branch))),
                    },
                });
            }
        }
    }
    kept.filter(|kept| !judge(kept))
}

/// Whether a condition is true for every row in one of these states.
fn is_open(catalog: &Catalog, table: &Table, condition: &Expr, states: &[&Opening]) -> bool {
    let judge = Judge::new(catalog, Some(table));
    states.iter().any(|state| match state {
        Opening::Unset => [Session::Unset, Session::Empty]
            .into_iter()
            .any(|session| judge.when(session).truth(condition) == Some(true)),
        Opening::Setting(name, value) => {
            judge.when(Session::Set(name, value)).truth(condition) == Some(true)
        }
    })
}

/// A condition whose reads of the session are safe and stand in scalar sub-selects.
fn once(catalog: &Catalog, condition: &Expr) -> Option<Expr> {
    let mut changed = condition.clone();
    let mut safely = Safely { failed: false };
    let _: ControlFlow<()> = VisitMut::visit(&mut changed, &mut safely);
    let mut once = Once { catalog, inside: 0, failed: false };
    let _: ControlFlow<()> = VisitMut::visit(&mut changed, &mut once);
    (!safely.failed && !once.failed).then_some(changed)
}

/// Reads settings so that a missing or empty one is NULL.
struct Safely {
    failed: bool,
}

impl VisitorMut for Safely {
    type Break = ();

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        let text = match expression {
            Expr::Function(function) => setting_read(function)
                .filter(|read| !read.missing_ok)
                .and_then(|read| read.name.filter(|name| name.contains('.')))
                .map(|name| format!("current_setting({}, true)", quote_literal(&name))),
            Expr::Cast { expr, data_type, .. } if !is_text(data_type) => {
                unguarded(expr).map(|_| format!("nullif({}, '')::{data_type}", unnested(expr)))
            }
            _ => None,
        };
        if let Some(text) = text {
            match parsed(&text) {
                Some(mut new) => {
                    if let Expr::Cast { data_type, .. } = &mut new {
                        *data_type = lower(data_type);
                    }
                    *expression = new;
                }
                None => self.failed = true,
            }
        } else if let Expr::Cast { data_type, .. } = expression {
            *data_type = lower(data_type);
        }
        ControlFlow::Continue(())
    }
}

/// A type as people write it: `sqlparser` writes those it knows in capitals.
fn lower(data_type: &DataType) -> DataType {
    let text = data_type.to_string();
    if text.contains('"') {
        return data_type.clone();
    }
    DataType::Custom(ObjectName::from(vec![Ident::new(text.to_lowercase())]), Vec::new())
}

/// Puts what comes from the session alone into scalar sub-selects.
struct Once<'a> {
    catalog: &'a Catalog,
    /// How many sub-selects without a relation stand around: there it is computed once already.
    inside: usize,
    failed: bool,
}

impl VisitorMut for Once<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        self.inside += usize::from(is_scalar(query));
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        self.inside -= usize::from(is_scalar(query));
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        let value = match expression {
            Expr::Cast { .. } | Expr::Function(_) => true,
            Expr::BinaryOp { op, .. } => matches!(
                op,
                BinaryOperator::Arrow
                    | BinaryOperator::LongArrow
                    | BinaryOperator::HashArrow
                    | BinaryOperator::HashLongArrow
            ),
            _ => false,
        };
        if self.inside > 0
            || !value
            || names_column(expression)
            || reads_relation(expression)
            || !calls_session(self.catalog, expression)
        {
            return ControlFlow::Continue(());
        }
        match parsed(&format!("(SELECT {expression})")) {
            // The walk goes on into it, and finds itself inside.
            Some(new) => *expression = new,
            None => self.failed = true,
        }
        ControlFlow::Continue(())
    }
}

fn is_scalar(query: &Query) -> bool {
    matches!(query.body.as_ref(), SetExpr::Select(select) if select.from.is_empty())
}

/// Whether an expression calls something that is the same for all rows and worth calling once.
fn calls_session(catalog: &Catalog, expression: &Expr) -> bool {
    visit_expressions(expression, |inner| {
        let Expr::Function(function) = inner else { return ControlFlow::Continue(()) };
        let steady = || {
            let own = catalog.functions_named(&object_name(&function.name));
            own.iter().any(|function| function.volatility == Volatility::Stable)
        };
        let found =
            setting_read(function).is_some() || is_identity_call(catalog, function) || steady();
        if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .is_break()
}

/// An expression that was written here, as structure.
fn parsed(text: &str) -> Option<Expr> {
    let dialect = PostgreSqlDialect {};
    Parser::new(&dialect).try_with_sql(text).ok()?.parse_expr().ok()
}
