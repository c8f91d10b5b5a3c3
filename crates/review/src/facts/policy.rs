//! A policy's clauses as the server applies them, alone and beside the table's other policies.

use std::collections::BTreeSet;

use schemaward_catalog::{Catalog, Expression, Origin, Policy, PolicyCommand, Table};
use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

use super::expression::{calls, columns};
use super::predicate::{Predicate, reads_relation};
use super::session::has_source;
use super::truth::{Judge, Session, unnested};

/// What a role may do with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Command {
    Select,
    Insert,
    Update,
    Delete,
    Truncate,
}

impl Command {
    /// Those that policies decide on.
    pub(crate) const ROWS: [Self; 4] = [Self::Select, Self::Insert, Self::Update, Self::Delete];

    /// The privilege it takes, which is its name.
    pub(crate) fn privilege(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Truncate => "TRUNCATE",
        }
    }
}

/// A clause of a policy.
#[derive(Clone, Debug)]
pub(crate) struct Clause<'a> {
    /// `USING` or `WITH CHECK`.
    pub(crate) word: &'static str,
    /// As written.
    pub(crate) expression: &'a Expression,
    /// Its structure, unless it could not be parsed.
    pub(crate) ast: Option<&'a Expr>,
    /// What it names.
    pub(crate) predicate: Predicate,
    /// Whether it is true, or not true, for every row in every session.
    pub(crate) truth: Option<bool>,
    /// The states of the session in which it is true for every row.
    openings: Vec<Opening>,
}

impl Clause<'_> {
    /// Where it stands.
    pub(crate) fn origin(&self) -> Origin {
        self.expression.origin
    }

    /// `USING (…)`, as it can stand in a sentence.
    pub(crate) fn shown(&self) -> String {
        let text: Vec<&str> = self.expression.text.split_whitespace().collect();
        format!("`{} ({})`", self.word, text.join(" "))
    }
}

/// A policy with its clauses taken apart.
#[derive(Clone, Debug)]
pub(crate) struct PolicyFacts<'a> {
    /// The policy.
    pub(crate) policy: &'a Policy,
    /// `USING`.
    pub(crate) using: Option<Clause<'a>>,
    /// `WITH CHECK`.
    pub(crate) check: Option<Clause<'a>>,
}

impl<'a> PolicyFacts<'a> {
    /// Takes the policies of a table apart.
    pub(crate) fn of_table(catalog: &'a Catalog, table: &'a Table) -> Vec<Self> {
        let clause = |word, expression: &'a Option<Expression>| {
            let expression = expression.as_ref()?;
            let ast = expression.ast.as_deref();
            let judge = Judge::new(catalog, Some(table));
            let predicate = ast.map(|ast| Predicate::of(catalog, table, ast)).unwrap_or_default();
            let truth = ast.and_then(|ast| judge.truth(ast));
            let openings = match ast.filter(|_| truth.is_none()) {
                Some(ast) => openings(catalog, table, ast, &predicate),
                None => Vec::new(),
            };
            Some(Clause { word, expression, ast, predicate, truth, openings })
        };
        let policies = table.policies.iter().map(|policy| PolicyFacts {
            policy,
            using: clause("USING", &policy.using),
            check: clause("WITH CHECK", &policy.check),
        });
        policies.collect()
    }

    /// Its clauses as written.
    pub(crate) fn clauses(&self) -> impl Iterator<Item = &Clause<'a>> {
        self.using.iter().chain(&self.check)
    }

    /// Whether it is for a command.
    pub(crate) fn applies_to(&self, command: Command) -> bool {
        matches!(
            (self.policy.command, command),
            (PolicyCommand::All, _)
                | (PolicyCommand::Select, Command::Select)
                | (PolicyCommand::Insert, Command::Insert)
                | (PolicyCommand::Update, Command::Update)
                | (PolicyCommand::Delete, Command::Delete)
        )
    }

    /// Whether it is for one of these roles.
    pub(crate) fn applies_to_any(&self, roles: &BTreeSet<String>) -> bool {
        let named = &self.policy.roles;
        named.is_empty() || named.iter().any(|role| role == "public" || roles.contains(role))
    }

    /// Whether it is for everyone.
    pub(crate) fn is_public(&self) -> bool {
        self.policy.roles.is_empty() || self.policy.roles.iter().any(|role| role == "public")
    }

    /// The clause that decides which existing rows a command sees.
    pub(crate) fn seen(&self, command: Command) -> Option<&Clause<'a>> {
        (command != Command::Insert).then_some(self.using.as_ref()).flatten()
    }

    /// The clause that decides which new rows a command may write: without `WITH CHECK`, `USING`.
    pub(crate) fn written(&self, command: Command) -> Option<&Clause<'a>> {
        let writes = matches!(command, Command::Insert | Command::Update);
        let clause = self.check.as_ref().or(self.using.as_ref());
        writes.then_some(clause).flatten()
    }

    /// The clauses that decide on a command.
    pub(crate) fn deciding(&self, command: Command) -> Vec<&Clause<'a>> {
        let mut clauses: Vec<&Clause<'a>> = self.seen(command).into_iter().collect();
        clauses.extend(self.written(command));
        clauses.dedup_by(|a, b| std::ptr::eq(*a, *b));
        clauses
    }

    /// The roles, as they can stand in a sentence.
    pub(crate) fn who(&self) -> String {
        if self.is_public() {
            "every role".to_owned()
        } else {
            format!("`{}`", self.policy.roles.join("`, `"))
        }
    }
}

/// Whether restrictive policies narrow what a permissive one lets through, for every role it is for:
/// `USING (true)` beside a restrictive condition on the tenant is a way to write that condition.
pub(crate) fn is_narrowed(
    all: &[PolicyFacts<'_>],
    facts: &PolicyFacts<'_>,
    command: Command,
) -> bool {
    all.iter().filter(|other| !other.policy.permissive && other.applies_to(command)).any(|other| {
        let covers = other.is_public()
            || (!facts.is_public()
                && facts.policy.roles.iter().all(|role| other.policy.roles.contains(role)));
        let clauses = other.deciding(command);
        covers && !clauses.is_empty() && clauses.iter().all(|clause| clause.truth != Some(true))
    })
}

/// Whether a policy is for roles of its own, and others are held to something narrower: then the
/// author told the roles apart, and an open one among them is no accident.
pub(crate) fn is_for_roles_of_its_own(all: &[PolicyFacts<'_>], facts: &PolicyFacts<'_>) -> bool {
    !facts.is_public()
        && all.iter().any(|other| {
            let apart = other.policy.roles.iter().all(|role| !facts.policy.roles.contains(role));
            other.policy.permissive
                && !other.is_public()
                && apart
                && other.clauses().all(|clause| clause.truth.is_none())
        })
}

/// The clauses of a table's policies that are true for every row in some state of the session, each
/// state once a policy. A restrictive policy counts where the permissive ones leave all to it.
pub(crate) fn opened<'f, 'a>(
    all: &'f [PolicyFacts<'a>],
) -> Vec<(&'f PolicyFacts<'a>, &'f Clause<'a>, &'f Opening)> {
    let mut found: Vec<(&PolicyFacts<'_>, &Clause<'_>, &Opening)> = Vec::new();
    for facts in all {
        let mut seen: Vec<&Opening> = Vec::new();
        for clause in facts.clauses().filter(|clause| !clause.openings.is_empty()) {
            let decides = |command: &Command| {
                facts.applies_to(*command)
                    && facts.deciding(*command).iter().any(|found| std::ptr::eq(*found, clause))
            };
            let mut commands = Command::ROWS.into_iter().filter(decides);
            let matters = if facts.policy.permissive {
                commands.any(|command| !is_narrowed(all, facts, command))
            } else {
                commands.any(|command| {
                    all.iter().any(|other| {
                        other.policy.permissive
                            && other.applies_to(command)
                            && other.deciding(command).iter().any(|c| c.truth == Some(true))
                    })
                })
            };
            if !matters {
                continue;
            }
            for opening in &clause.openings {
                if !seen.contains(&opening) {
                    seen.push(opening);
                    found.push((facts, clause, opening));
                }
            }
        }
    }
    found
}

/// A condition that lets every row through once the session is in some state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// Nobody said who asks.
    Unset,
    /// A setting has a value.
    Setting(String, String),
}

/// The states of the session in which a condition is true for every row.
fn openings(catalog: &Catalog, table: &Table, ast: &Expr, said: &Predicate) -> Vec<Opening> {
    let judge = Judge::new(catalog, Some(table));
    let mut found = Vec::new();
    let unset = [Session::Unset, Session::Empty]
        .into_iter()
        .any(|session| judge.when(session).truth(ast) == Some(true));
    if unset {
        found.push(Opening::Unset);
    }
    let settings: BTreeSet<&str> = said
        .settings
        .iter()
        .filter(|setting| setting.read.is_custom())
        .filter_map(|setting| setting.read.name.as_deref())
        .chain(setting_names(catalog, ast))
        .collect();
    for name in settings {
        let words = ["on", "true", "1"].into_iter();
        let values = said.literals.iter().map(String::as_str).chain(words);
        let opens = |value: &&str| {
            !value.is_empty() && judge.when(Session::Set(name, value)).truth(ast) == Some(true)
        };
        if let Some(value) = values.into_iter().find(|value| opens(value)) {
            found.push(Opening::Setting(name.to_owned(), value.to_owned()));
        }
    }
    found
}

/// The settings that functions of the project read which an expression calls.
fn setting_names<'a>(catalog: &'a Catalog, ast: &Expr) -> Vec<&'a str> {
    calls(ast)
        .iter()
        .flat_map(|name| catalog.functions_named(name))
        .filter_map(|function| function.body.as_ref())
        .flat_map(|body| body.facts.settings.iter().map(String::as_str))
        .filter(|name| name.contains('.') && !name.starts_with("request."))
        .collect()
}

/// The columns of the table by which a condition ties every row it lets through to the session or to
/// rows of another table: those named on each branch of an `OR`, together with the session, a
/// sub-query or a function of the row.
pub(crate) fn bound(
    catalog: &Catalog,
    predicate: &Predicate,
    condition: &Expr,
) -> BTreeSet<String> {
    match unnested(condition) {
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            let mut found = bound(catalog, predicate, left);
            found.extend(bound(catalog, predicate, right));
            found
        }
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            let judge = Judge::new(catalog, None);
            match (judge.truth(left), judge.truth(right)) {
                (Some(false), _) => bound(catalog, predicate, right),
                (_, Some(false)) => bound(catalog, predicate, left),
                _ => {
                    let left = bound(catalog, predicate, left);
                    let right = bound(catalog, predicate, right);
                    left.intersection(&right).cloned().collect()
                }
            }
        }
        Expr::IsTrue(inner) => bound(catalog, predicate, inner),
        Expr::UnaryOp { op: UnaryOperator::Not, .. } => BTreeSet::new(),
        leaf => {
            let ties = has_source(catalog, leaf)
                || reads_relation(leaf)
                || calls(leaf).iter().any(|name| !catalog.functions_named(name).is_empty());
            let named = if ties { columns(leaf) } else { BTreeSet::new() };
            named.intersection(&predicate.own).cloned().collect()
        }
    }
}
