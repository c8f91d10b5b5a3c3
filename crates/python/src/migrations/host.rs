//! What a revision does to the catalog, and what it gets to know of it.

use std::collections::BTreeSet;

use schemaward_catalog::code::{
    ChainProblem, ChainProblemKind, GuardKind, RevisionFacts, RunStatement,
};
use schemaward_catalog::{
    BlindSpot, Catalog, Change, Origin, Reach, Side, Source, Sources, Touches,
};
use schemaward_sql::Effect;

use super::execute::shown;
use super::facts::Observed;
use super::graph::Revision;
use super::{EVERYTHING, Environment, bind, guards, inspect, sentence};
use crate::ddl::{Made, Output};
use crate::interpret::{Args, Eval, Host, Interp, SymbolKind, Value};
use crate::project::{Played, Remark};
use crate::text::Text;

/// The connection, the inspector and the migration context as names of a library that no program can
/// import.
pub(super) const BIND: &str = "<bind>";
pub(super) const INSPECTOR: &str = "<inspector>";
pub(super) const CONTEXT: &str = "<context>";
pub(super) const BATCH: &str = "<batch>";
pub(super) const RESULT: &str = "<result>";

/// The steps that a statement counts for: it costs more than an expression does.
const STATEMENT_STEPS: u64 = 400;

/// The state of a run of revisions.
pub(super) struct Migration<'s> {
    pub(super) environment: &'s Environment,
    side: Side,
    pub(super) sources: &'s mut Sources,
    pub(super) played: Played,
    /// The types that were made, which Alembic remembers.
    pub(super) made: Made,
    /// What the revision in hand says of itself.
    pub(super) observed: Observed,
    /// Conditions that are not decided, and yet run.
    doubts: Vec<(Origin, String)>,
    doubted: BTreeSet<Origin>,
    /// Loops whose items are not known, and what their bodies would do.
    looks: Vec<Look>,
    /// How many statements may have changed something.
    pub(super) changes: usize,
    /// A downgrade runs: nothing is counted.
    undoing: bool,
    /// What of a downgrade is not decided.
    undo_doubt: Option<String>,
    /// What the downgrade that runs must leave as it was, once it has changed something.
    kept: Option<Catalog>,
}

/// A loop whose items are not known.
struct Look {
    origin: Origin,
    reason: String,
    touches: Touches,
    /// What of its body changes the schema, or may.
    changes: Option<String>,
}

impl<'s> Migration<'s> {
    pub(super) fn new(environment: &'s Environment, side: Side, sources: &'s mut Sources) -> Self {
        Self {
            environment,
            side,
            sources,
            played: Played::default(),
            made: Made::default(),
            observed: Observed::default(),
            doubts: Vec::new(),
            doubted: BTreeSet::new(),
            looks: Vec::new(),
            changes: 0,
            undoing: false,
            undo_doubt: None,
            kept: None,
        }
    }

    pub(super) fn begin(&mut self, revision: &Revision, upgrade_origin: Origin, path: &str) {
        self.observed.begin(RevisionFacts {
            id: revision.id.clone(),
            down: revision.down.clone(),
            labels: revision.labels.clone(),
            path: path.to_owned(),
            origin: revision.origin,
            upgrade_origin,
            ..RevisionFacts::default()
        });
    }

    pub(super) fn upgrade_origin(&self) -> Origin {
        self.observed.facts.upgrade_origin
    }

    pub(super) fn chain_problem(&mut self, problem: &ChainProblem) {
        let origin = problem.origins.first().copied().unwrap_or_default();
        let remark = Remark { origin, message: sentence(problem) };
        if problem.kind == ChainProblemKind::Undecided && problem.revisions.is_empty() {
            self.played.doubt(remark);
        } else {
            self.played.notes.push(remark);
        }
    }

    pub(super) fn begin_undo(&mut self) -> (usize, Made) {
        self.undoing = true;
        self.undo_doubt = None;
        self.kept = None;
        (self.changes, self.made.clone())
    }

    /// Goes back to where the upgrade left off; gives what the downgrade left where it changed
    /// something, and what of it is not decided.
    pub(super) fn end_undo(
        &mut self,
        made: Made,
        changes: usize,
    ) -> (Option<Catalog>, Option<String>) {
        self.undoing = false;
        self.doubts.clear();
        self.looks.clear();
        self.changes = changes;
        self.made = made;
        let kept = self.kept.take();
        let after = kept.map(|kept| std::mem::replace(&mut self.played.catalog, kept));
        (after, self.undo_doubt.take())
    }

    /// Something whose effect is not known: it counts as unread, and the catalog is blind to what it
    /// may touch.
    pub(super) fn undecided(
        &mut self,
        message: impl Into<String>,
        may_touch: Touches,
        table: Option<&str>,
        origin: Origin,
    ) {
        let message = message.into();
        self.rows();
        if let Some(look) = self.looks.last_mut() {
            look.touch(may_touch, &message);
            return;
        }
        if self.undoing {
            self.undo_doubt.get_or_insert(message);
            return;
        }
        self.changes += 1;
        let tables = match table {
            Some(name) => Reach::Named(BTreeSet::from([name.to_owned()])),
            None => Reach::Everywhere,
        };
        let spot = BlindSpot { reason: message.clone(), may_touch, tables, origin };
        self.played.catalog.apply(Change::Unknown(spot), origin);
        self.played.doubt(Remark { origin, message });
    }

    pub(super) fn is_undoing(&self) -> bool {
        self.undoing
    }

    pub(super) fn is_looking(&self) -> bool {
        !self.looks.is_empty()
    }

    pub(super) fn guard(&mut self, kind: GuardKind, what: impl Into<String>, origin: Origin) {
        if !self.undoing {
            self.observed.guard(kind, what.into(), origin, self.changes);
        }
    }

    /// Rows may have been written: columns that were empty need not be any more.
    pub(super) fn rows(&mut self) {
        if !self.undoing {
            self.observed.rows += 1;
        }
    }

    /// Plays what an operation emits.
    pub(super) fn emit(&mut self, output: Output) {
        for problem in output.problems {
            let touches = Touches { columns: true, indexes: true, ..Touches::default() };
            let table = problem.table.as_ref().map(|(_, name)| name.as_str());
            self.undecided(problem.message, touches, table, problem.origin);
        }
        for statement in output.statements {
            self.run(&statement.text, statement.origin, false);
        }
    }

    /// Plays one text of SQL, which may hold several statements.
    pub(super) fn run(&mut self, text: &Text, origin: Origin, by_text: bool) {
        if let Some(look) = self.looks.last_mut() {
            self.observed.rows += 1;
            let statements = schemaward_sql::read(origin.source, text.as_str());
            if statements.iter().any(|it| !matches!(it.effect, Effect::Irrelevant(_))) {
                let spot = schemaward_sql::blind_spot(text.as_str(), "", origin);
                look.touch(spot.may_touch, &format!("it runs `{}`", shown(text.as_str())));
            }
            return;
        }
        if self.undoing {
            if self.kept.is_none() {
                self.kept = Some(self.played.catalog.clone());
            }
            for statement in schemaward_sql::read(origin.source, text.as_str()) {
                self.changes += usize::from(!matches!(statement.effect, Effect::Irrelevant(_)));
                let problems = schemaward_sql::play(&mut self.played.catalog, &statement, origin);
                if let Some(problem) = problems.into_iter().find(|problem| problem.unread) {
                    self.undo_doubt.get_or_insert(problem.message);
                }
            }
            return;
        }
        let path = self.sources.get(origin.source).map_or(String::new(), |it| it.path.clone());
        let derived =
            Source::derived(self.side, path, text.as_str(), Text::derivation(text, origin));
        let source = self.sources.add(derived);
        self.observed.facts.statements.push(RunStatement { source, literal: by_text });
        for statement in schemaward_sql::read(source, text.as_str()) {
            let at = Origin { source, span: statement.span };
            let written = statement.span.of(text.as_str());
            self.observed.before(&self.played.catalog, &statement, written, at, by_text);
            self.played.statements += 1;
            let mut unread = false;
            for problem in schemaward_sql::play(&mut self.played.catalog, &statement, at) {
                let remark = Remark { origin: problem.origin, message: problem.message };
                if problem.unread && !unread {
                    unread = true;
                    self.played.unread.push(remark);
                } else {
                    self.played.notes.push(remark);
                }
            }
            let irrelevant = matches!(statement.effect, Effect::Irrelevant(_));
            match (unread, irrelevant) {
                (true, _) => {}
                (false, true) => self.played.irrelevant += 1,
                (false, false) => self.played.read += 1,
            }
            if irrelevant {
                continue;
            }
            if by_text && let Some((kind, what)) = guards::in_statement(&statement, written) {
                self.observed.guard(kind, what, at, self.changes);
            }
            self.changes += 1;
            self.observed.after(&self.played.catalog, &statement, written, at, by_text);
            if let Some((condition, reason)) = self.doubts.last().cloned() {
                self.observed.guard(
                    GuardKind::Condition,
                    reason.clone(),
                    condition,
                    self.changes - 1,
                );
                let spot = schemaward_sql::blind_spot(
                    statement.span.of(text.as_str()),
                    &format!("it is run on a condition that is not decided: {reason}"),
                    at,
                );
                if spot.may_touch != Touches::default() {
                    self.played.catalog.apply(Change::Unknown(spot), at);
                }
                if self.doubted.insert(condition) {
                    let message = format!(
                        "the condition is not decided ({reason}): what it guards is read as if it ran"
                    );
                    self.played.notes.push(Remark { origin: condition, message });
                }
            }
        }
    }
}

impl Look {
    fn touch(&mut self, touches: Touches, change: &str) {
        self.changes.get_or_insert_with(|| change.to_owned());
        self.touches = Touches {
            row_security: self.touches.row_security || touches.row_security,
            triggers: self.touches.triggers || touches.triggers,
            columns: self.touches.columns || touches.columns,
            indexes: self.touches.indexes || touches.indexes,
        };
    }
}

impl Host for Migration<'_> {
    fn call(
        &mut self,
        interp: &mut Interp<'_>,
        callee: &Value,
        args: &Args,
        origin: Origin,
    ) -> Eval<Option<Value>> {
        let Some(symbol) = callee.symbol() else {
            self.foreign_call(callee, args, origin);
            return Ok(None);
        };
        let found = match &symbol.kind {
            SymbolKind::Name(path) => {
                let path = path.clone();
                self.call_name(interp, &path, args, origin)?
            }
            SymbolKind::Attribute(object, method) => {
                let (object, method) = (object.clone(), method.clone());
                self.call_method(interp, &object, &method, args, origin)?
            }
            _ => None,
        };
        if found.is_none() {
            self.foreign_call(callee, args, origin);
        }
        Ok(found)
    }

    fn attribute(&mut self, interp: &mut Interp<'_>, value: &Value, name: &str) -> Option<Value> {
        bind::attribute(interp, value, name)
    }

    fn truth(&mut self, _interp: &mut Interp<'_>, value: &Value) -> Option<bool> {
        // A connection, a result, a construct: all of them are something. What they answer may be
        // nothing.
        let own = value.path().or_else(|| value.call().and_then(|(callee, _)| callee.path()));
        let construct =
            value.call().is_some() && own.is_some_and(|path| path.starts_with("sqlalchemy"));
        (own.is_some_and(|path| path.starts_with('<')) || construct).then_some(true)
    }

    fn items(&mut self, _interp: &mut Interp<'_>, value: &Value) -> Option<Vec<Value>> {
        let (callee, args) = value.call()?;
        if callee.path() != Some(RESULT) {
            return None;
        }
        match &args.at(0)?.value {
            Value::List(rows) => Some(rows.borrow().to_vec()),
            _ => None,
        }
    }

    fn doubt(&mut self, _interp: &mut Interp<'_>, begin: bool, origin: Origin, reason: &str) {
        if !begin {
            self.doubts.pop();
            return;
        }
        self.doubts.push((origin, reason.to_owned()));
        if self.undoing {
            self.undo_doubt.get_or_insert_with(|| reason.to_owned());
        }
    }

    fn look(
        &mut self,
        _interp: &mut Interp<'_>,
        begin: bool,
        origin: Origin,
        reason: &str,
    ) -> bool {
        if begin {
            self.looks.push(Look {
                origin,
                reason: reason.to_owned(),
                touches: Touches::default(),
                changes: None,
            });
            return true;
        }
        let Some(look) = self.looks.pop() else { return true };
        if let Some(change) = look.changes {
            let message = format!(
                "a loop that may change the schema is not run: {} is not known, and {change}",
                look.reason
            );
            self.undecided(message, look.touches, None, look.origin);
        }
        true
    }

    fn skipped(&mut self, _interp: &mut Interp<'_>, origin: Origin, reason: &str) {
        self.undecided(format!("it is not run: {reason}"), EVERYTHING, None, origin);
    }
}

impl Migration<'_> {
    /// A call of something by its name.
    fn call_name(
        &mut self,
        interp: &mut Interp<'_>,
        path: &str,
        args: &Args,
        origin: Origin,
    ) -> Eval<Option<Value>> {
        if path.starts_with("alembic.op.") || path.starts_with(BIND) {
            interp.spend(STATEMENT_STEPS)?;
        }
        if let Some(name) = path.strip_prefix("alembic.op.") {
            return self.operation(interp, name, args, origin);
        }
        // `sessionmaker()(bind=…)`: what makes sessions stands for the session.
        if path == BIND {
            return Ok(Some(interp.name(BIND, origin)));
        }
        if let Some(name) = path.strip_prefix(BIND).and_then(|rest| rest.strip_prefix('.')) {
            return self.bind_call(interp, name, args, origin);
        }
        if let Some(name) = path.strip_prefix(INSPECTOR).and_then(|rest| rest.strip_prefix('.')) {
            return inspect::call(self, interp, name, args, origin);
        }
        if let Some(name) = path.strip_prefix(CONTEXT).and_then(|rest| rest.strip_prefix('.')) {
            return Ok(match name {
                "autocommit_block" | "begin_transaction" => Some(Value::None),
                "get_bind" => Some(interp.name(BIND, origin)),
                "execute" => {
                    self.execute(interp, args, false, origin)?;
                    Some(Value::None)
                }
                _ => None,
            });
        }
        let first = args.at(0).map(|arg| &arg.value);
        let first_is_bind = first.is_some_and(|value| value.path() == Some(BIND));
        let last = path.rsplit('.').next().unwrap_or_default();
        Ok(match (path.split('.').next().unwrap_or_default(), last) {
            ("alembic", "is_offline_mode") => Some(Value::Bool(false)),
            ("alembic", "get_x_argument") => {
                self.guard(GuardKind::Argument, "get_x_argument()", origin);
                Some(Value::unknown("what `-x` says on the command line", origin))
            }
            ("alembic", "get_context") => Some(interp.name(CONTEXT, origin)),
            ("sqlalchemy", "inspect" | "from_engine" | "Inspector") if first_is_bind => {
                Some(interp.name(INSPECTOR, origin))
            }
            // Sessions, and engines of a revision's own: there is one database.
            ("alembic", "get_bind")
            | (
                "sqlalchemy" | "sqlmodel",
                "Session"
                | "AsyncSession"
                | "sessionmaker"
                | "create_engine"
                | "create_async_engine"
                | "engine_from_config",
            ) => Some(interp.name(BIND, origin)),
            _ => None,
        })
    }
}
