//! PostgreSQL text to statements to catalog changes.
//!
//! [`read`] never fails and never loses: every statement is *read*, *irrelevant* (known to hold no
//! schema) or *unread* (with a reason), and the three add up.

mod alter;
mod body;
mod cursor;
mod definition;
mod expression;
mod lexer;
mod object;
mod outcome;
mod plpgsql;
mod privilege;
mod reach;
mod reference;
mod remarks;
mod routine;
mod rows;
mod rule;
mod splitter;
mod statement;
mod table;

use schemaward_catalog::{BlindSpot, Catalog, Change, Origin, Problem, SourceId, Span};

pub use expression::{parse_expression, parse_query};
pub use plpgsql::{AnswerRow, Cell, Program, answer};
pub use rows::{Emptied, builds_concurrently, emptied_tables};

use outcome::Outcome;

/// One statement and what became of it.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Where it stands, from its first token to its semicolon or payload.
    pub span: Span,
    /// What became of it.
    pub effect: Effect,
}

/// What became of a statement.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Its effect on the schema; empty when it has none that a catalog holds.
    Read(Vec<Change>),
    /// It runs code (a `DO` block, functions of the text), whose effect depends on the catalog.
    Evaluate(Box<Program>),
    /// It is known to hold no schema: the kind, by name (`data`, `transaction control`).
    Irrelevant(&'static str),
    /// It was not read, and why. The changes (at most a [`Change::Unknown`]) make the catalog know
    /// that it is blind to something.
    Unread(String, Option<Box<Change>>),
}

/// How many statements at the start of a text may all be unread before it counts as no SQL at all.
const PATIENCE: usize = 1_000;

/// Reads a text whole.
///
/// A text whose first thousand statements are all unread is one unread statement: it is no SQL, and
/// a note on each of its pieces would say nothing more.
pub fn read(source: SourceId, text: &str) -> Vec<Statement> {
    let split = splitter::split(text);
    let mut statements = Vec::with_capacity(split.len());
    for statement in &split {
        statements.push(read_statement(source, text, statement));
        let is_unread = |read: &Statement| matches!(read.effect, Effect::Unread(..));
        if statements.len() == PATIENCE && statements.iter().all(is_unread) {
            let span = split.last().map_or(statement.span, |last| {
                split.first().map_or(last.span, |first| first.span.to(last.span))
            });
            let reason = format!("it is not SQL: none of its first {PATIENCE} statements is");
            return vec![Statement { span, effect: Effect::Unread(reason, None) }];
        }
    }
    statements
}

fn read_statement(source: SourceId, text: &str, statement: &splitter::Statement) -> Statement {
    let span = statement.span;
    let effect = match statement::read(source, text, statement) {
        Outcome::Read(changes) => Effect::Read(changes),
        Outcome::Evaluate(program) => Effect::Evaluate(Box::new(program)),
        Outcome::Irrelevant(kind) => Effect::Irrelevant(kind),
        Outcome::Unread(reason) => {
            let origin = Origin { source, span };
            let spot = statement::blind_spot(span.of(text), &reason, origin);
            let touches = spot.may_touch != schemaward_catalog::Touches::default();
            Effect::Unread(reason, touches.then(|| Box::new(Change::Unknown(spot))))
        }
    };
    Statement { span, effect }
}

/// What running a text may touch that is not read, in words that can follow "not read because".
pub fn blind_spot(text: &str, reason: &str, origin: Origin) -> BlindSpot {
    statement::blind_spot(text, reason, origin)
}

/// The catalog of one text alone: what a server would hold after running it.
pub fn catalog_of(text: &str) -> Catalog {
    let mut catalog = Catalog::new();
    let source = SourceId(0);
    for statement in read(source, text) {
        let origin = Origin { source, span: statement.span };
        play_once(&mut catalog, statement.effect, origin);
    }
    catalog
}

/// Plays a statement on a catalog, and says what a server would have rejected of it, what was
/// applied with a doubt, and, in a problem that is marked so, why it counts as unread.
///
/// `origin` is where the statement stands.
pub fn play(catalog: &mut Catalog, statement: &Statement, origin: Origin) -> Vec<Problem> {
    match &statement.effect {
        // Programs are large, and only looked at.
        Effect::Evaluate(program) => plpgsql::play(catalog, program, origin),
        effect => play_once(catalog, effect.clone(), origin),
    }
}

/// Plays a statement that is not needed any more.
fn play_once(catalog: &mut Catalog, effect: Effect, origin: Origin) -> Vec<Problem> {
    match effect {
        Effect::Irrelevant(_) => Vec::new(),
        Effect::Read(changes) => {
            changes.into_iter().flat_map(|change| catalog.apply(change, origin)).collect()
        }
        Effect::Evaluate(program) => plpgsql::play(catalog, &program, origin),
        Effect::Unread(message, change) => {
            if let Some(change) = change {
                catalog.apply(*change, origin);
            }
            vec![Problem { message, origin, unread: true }]
        }
    }
}
