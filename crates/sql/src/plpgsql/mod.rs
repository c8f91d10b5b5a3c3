//! Code that runs when a script runs: `DO` blocks, and the functions that its queries call.
//!
//! What it does depends on the state of the schema at that point, so it is evaluated when changes
//! are played. Values are followed as far as the text and the catalog settle them; where they do
//! not, the catalog becomes blind to what the code may touch, and says why. Everything is bounded.

mod answer;
mod call;
mod cast;
mod control;
mod evaluate;
mod functions;
mod library;
mod parse;
mod query;
mod relation;
mod run;
mod system;
mod trigger;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use schemaward_catalog::{
    BlindSpot, Catalog, Change, ObjectName, Origin, Problem, QualifiedName, Reach, Touches,
};

pub use answer::{AnswerRow, Cell, answer};
pub(crate) use trigger::{runs, sql_inserts};

use crate::body;
use crate::cursor::Place;
use crate::lexer::{Lexer, TokenKind, string_value};
use crate::reach::reach;
use value::Value;

/// Statements, rows and parts of expressions that one statement of a script may take.
const STEPS: usize = 200_000;

/// Notes one statement of a script may leave.
const MAX_NOTES: usize = 100;

/// Code that must be evaluated against the catalog it runs on.
#[derive(Clone, Debug)]
pub struct Program {
    kind: ProgramKind,
    text: String,
    place: Place,
}

#[derive(Clone, Copy, Debug)]
enum ProgramKind {
    /// The body of a `DO` block.
    Block,
    /// A query (or `CALL`, as the query that makes the same call).
    Query,
}

impl Program {
    pub(crate) fn block(text: String, place: Place) -> Self {
        Self { kind: ProgramKind::Block, text, place }
    }

    pub(crate) fn query(text: String, place: Place) -> Self {
        Self { kind: ProgramKind::Query, text, place }
    }
}

/// Whether running text may define anything, in its strings too.
pub(crate) fn may_define(text: &str) -> bool {
    defines(text, 0)
}

fn defines(text: &str, depth: u8) -> bool {
    const WORDS: [&str; 13] = [
        "alter",
        "call",
        "comment",
        "create",
        "drop",
        "execute",
        "grant",
        "import",
        "perform",
        "reassign",
        "revoke",
        "search_path",
        "set_config",
    ];
    Lexer::body(text).any(|token| match token.kind {
        TokenKind::Word => {
            let word = token.span.of(text);
            WORDS.iter().any(|define| word.eq_ignore_ascii_case(define))
        }
        _ if depth < 4 => string_value(token, text).is_some_and(|inner| defines(&inner, depth + 1)),
        _ => false,
    })
}

/// The names of a search path as a setting writes them.
pub(crate) fn search_path(value: &str) -> Vec<String> {
    // What is not quoted is folded.
    let names = value.split(',').map(str::trim).map(|name| match name.trim_matches(['"', '\'']) {
        bare if bare.len() == name.len() => name.to_ascii_lowercase(),
        quoted => quoted.to_owned(),
    });
    names.filter(|name| !name.is_empty() && name != "$user").collect()
}

/// Runs a program on a catalog, and says what of it a server would have rejected or could not be
/// followed.
pub(crate) fn play(catalog: &mut Catalog, program: &Program, origin: Origin) -> Vec<Problem> {
    let mut machine = machine(catalog, origin);
    machine.program(program);
    machine.problems
}

fn machine(catalog: &mut Catalog, origin: Origin) -> Machine<'_> {
    Machine {
        catalog,
        origin,
        problems: Vec::new(),
        noted: BTreeSet::new(),
        frames: vec![Frame::default()],
        ctes: Vec::new(),
        handled: Vec::new(),
        before: Vec::new(),
        steps: 0,
        depth: 0,
        applied: 0,
        unsettled: 0,
        failed: None,
    }
}

/// A row's columns in order.
type Columns = Vec<(String, Value)>;

/// The variables of a call.
#[derive(Default)]
struct Frame {
    /// The function, for what is said about it.
    function: Option<QualifiedName>,
    scopes: Vec<BTreeMap<String, Value>>,
    /// The queries of its cursors.
    cursors: BTreeMap<String, parse::Code<sqlparser::ast::Query>>,
}

/// What a block that handles errors goes back to.
enum Before {
    /// It makes one change at most, and one that fails is none.
    Needless,
    /// It has changed nothing yet.
    Untouched,
    /// The catalog before its first change.
    Kept(Rc<Catalog>),
}

struct Machine<'c> {
    catalog: &'c mut Catalog,
    /// The statement in hand.
    origin: Origin,
    problems: Vec<Problem>,
    /// What was said, to say it once.
    noted: BTreeSet<(Origin, String)>,
    frames: Vec<Frame>,
    ctes: Vec<(String, Vec<Columns>)>,
    /// The conditions that the open blocks handle.
    handled: Vec<Vec<String>>,
    /// What each of these blocks goes back to.
    before: Vec<Before>,
    steps: usize,
    depth: usize,
    /// How many changes were made.
    applied: usize,
    /// How many of the open branches hang on something that is not known.
    unsettled: usize,
    /// The error that a called function ended with.
    failed: Option<&'static str>,
}

impl Machine<'_> {
    /// Takes steps; `false` when there are none left, which is said once.
    fn step(&mut self, count: usize) -> bool {
        let before = self.steps;
        self.steps = self.steps.saturating_add(count);
        if self.steps <= STEPS {
            return true;
        }
        if before <= STEPS {
            let touches =
                Touches { row_security: true, triggers: true, columns: true, indexes: true };
            self.unread(
                format!("it takes more than {STEPS} steps, and the rest was not followed"),
                touches,
            );
        }
        false
    }

    fn note(&mut self, message: String, unread: bool) {
        let origin = self.origin;
        if self.problems.len() < MAX_NOTES && self.noted.insert((origin, message.clone())) {
            self.problems.push(Problem { message, origin, unread });
        }
    }

    /// The statement in hand is not followed: what its text touches is undecided.
    fn unread_text(&mut self, reason: String, text: &str) {
        self.blind(reason, body::touches(text), reach(text));
    }

    /// The statement in hand is not followed: what it may touch is undecided, in any table.
    fn unread(&mut self, reason: String, may_touch: Touches) {
        self.blind(reason, may_touch, Reach::Everywhere);
    }

    fn blind(&mut self, reason: String, may_touch: Touches, tables: Reach) {
        let function = self.frames.last().and_then(|frame| frame.function.as_ref());
        let reason = match function {
            Some(name) => format!("in {name}(): {reason}"),
            None => reason,
        };
        let new = !self.noted.contains(&(self.origin, reason.clone()));
        if new && may_touch != Touches::default() && self.noted.len() < MAX_NOTES {
            let origin = self.origin;
            self.catalog.blind_spots.push(BlindSpot {
                reason: reason.clone(),
                may_touch,
                tables,
                origin,
            });
        }
        self.note(reason, true);
    }

    /// Plays a change; what a server would have rejected is handed back.
    fn change(&mut self, change: Change) -> Vec<Problem> {
        let untouched = |before: &Before| matches!(before, Before::Untouched);
        if self.before.iter().any(untouched)
            && let Some(checkpoint) = self.catalog.checkpoint()
        {
            let checkpoint = Rc::new(checkpoint);
            for before in self.before.iter_mut().filter(|before| untouched(before)) {
                *before = Before::Kept(Rc::clone(&checkpoint));
            }
        }
        let problems = self.catalog.apply(change, self.origin);
        self.applied += usize::from(problems.is_empty());
        problems
    }

    fn variable(&self, name: &str) -> Value {
        let frame = self.frames.last();
        let mut scopes = frame.into_iter().flat_map(|frame| frame.scopes.iter().rev());
        let found = scopes.find_map(|scope| scope.get(name));
        found.cloned().unwrap_or_else(|| match name {
            "current_schema" => {
                let mut path = self.catalog.search_path.iter();
                path.find(|name| self.catalog.schemas.contains_key(*name))
                    .map_or(Value::Null, Value::text)
            }
            _ => Value::unknown(format!("`{name}`")),
        })
    }

    fn assign(&mut self, name: &str, value: Value) {
        let Some(frame) = self.frames.last_mut() else { return };
        let declared = frame.scopes.iter_mut().rev().find_map(|scope| scope.get_mut(name));
        if let Some(place) = declared {
            *place = value;
        } else if let Some(scope) = frame.scopes.last_mut() {
            scope.insert(name.to_owned(), value);
        }
    }

    /// The functions a text calls whose bodies may define something, or are not known.
    fn impure_calls(&self, text: &str) -> Vec<ObjectName> {
        let calls = body::facts(text).calls.into_iter();
        let calls = calls.filter(|name| !crate::statement::is_harmless(name));
        calls.filter(|name| !self.is_pure(name)).collect()
    }

    /// Whether a function defines nothing, nor does any it calls.
    fn is_pure(&self, name: &ObjectName) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![name.clone()];
        let mut first = true;
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) || seen.len() > 200 {
                continue;
            }
            let found = self.catalog.functions_named(&name);
            if found.is_empty() && first {
                return false;
            }
            first = false;
            for body in found.iter().filter_map(|function| function.body.as_ref()) {
                let facts = &body.facts;
                if facts.dynamic
                    || facts.touches != Touches::default()
                    || may_define_itself(&body.text)
                {
                    return false;
                }
                open.extend(
                    facts.calls.iter().filter(|name| !crate::statement::is_harmless(name)).cloned(),
                );
            }
        }
        true
    }
}

/// Whether a body defines anything by itself: `PERFORM` and `CALL` are followed by name.
fn may_define_itself(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["alter", "comment", "create", "drop", "grant", "reassign", "revoke", "search_path"];
    Lexer::body(text).any(|token| {
        token.kind == TokenKind::Word
            && WORDS.iter().any(|word| token.span.of(text).eq_ignore_ascii_case(word))
    })
}

/// Every aspect of a schema: what runs is wholly unknown.
const EVERYTHING: Touches =
    Touches { row_security: true, triggers: true, columns: true, indexes: true };
