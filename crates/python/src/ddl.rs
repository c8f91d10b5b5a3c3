//! Schema constructs → the SQL that SQLAlchemy and Alembic emit for PostgreSQL.
//!
//! The text is theirs, to the blank: what they print for the same constructs is what the tests
//! expect. Each piece knows the Python it stems from. Where they would refuse (a column without a
//! type, a constraint that needs a name and has none), the piece is left out and said to be a
//! [`Problem`]; the rest is written all the same.

pub(crate) mod alter;
mod clause;
mod constraint;
mod create;
pub(crate) mod entity;
pub(crate) mod expression;
mod index;
mod naming;
mod quote;
mod table;
#[cfg(test)]
mod tests;
mod types;

use schemaward_catalog::Origin;

pub(crate) use self::create::{Made, create_all};

use crate::schema::{MetaData, NamingConvention};
use crate::text::Text;

/// One statement, and the call that makes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement {
    /// Its text.
    pub(crate) text: Text,
    /// What stands for all of it.
    pub(crate) origin: Origin,
}

/// What could not be written, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What, as a sentence without its full stop.
    pub(crate) message: String,
    /// The schema and the name of the table it is about, if it is about one.
    pub(crate) table: Option<(Option<String>, String)>,
    /// Where the program says it.
    pub(crate) origin: Origin,
}

/// What constructs become.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Output {
    /// In the order they are run in.
    pub(crate) statements: Vec<Statement>,
    /// In the order they were met.
    pub(crate) problems: Vec<Problem>,
}

impl Output {
    /// Adds what comes after.
    pub(crate) fn extend(&mut self, other: Self) {
        self.statements.extend(other.statements);
        self.problems.extend(other.problems);
    }
}

/// What the writing of one construct needs to know of the others.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// How constraints without a name come by one.
    pub(crate) convention: &'a NamingConvention,
    /// Where the tables that foreign keys refer to are looked up.
    pub(crate) metadata: Option<&'a MetaData>,
}

/// Writes statements, and keeps what it could not write.
struct Writer<'a> {
    context: Context<'a>,
    output: Output,
    /// The table at hand, for the problems.
    table: Option<(Option<String>, String)>,
}

impl<'a> Writer<'a> {
    fn new(context: Context<'a>) -> Self {
        Self { context, output: Output::default(), table: None }
    }

    fn problem(&mut self, message: impl Into<String>, origin: Origin) {
        let table = self.table.clone();
        self.output.problems.push(Problem { message: message.into(), table, origin });
    }

    fn emit(&mut self, sql: Sql) {
        let Sql { text, origin } = sql;
        self.output.statements.push(Statement { text, origin });
    }
}

/// A piece of SQL in the making: what no one wrote stems from the construct at hand.
struct Sql {
    text: Text,
    origin: Origin,
}

impl Sql {
    fn new(origin: Origin) -> Self {
        Self { text: Text::default(), origin }
    }

    /// Adds words that the construct at hand means.
    fn word(&mut self, words: &str) -> &mut Self {
        self.text.push_from(words, self.origin);
        self
    }

    /// Adds what belongs to nothing, as the comma between two columns.
    fn gap(&mut self, words: &str) -> &mut Self {
        self.text.push_str(words);
        self
    }

    /// Adds a string of the program.
    fn text(&mut self, text: &Text) -> &mut Self {
        match text.origin() {
            Some(_) => self.text.push(text),
            None => self.text.push_from(text.as_str(), self.origin),
        }
        self
    }

    /// Adds several, with something between them.
    fn list(&mut self, texts: &[Text], separator: &str) -> &mut Self {
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                self.gap(separator);
            }
            self.text(text);
        }
        self
    }

    fn done(&mut self) -> Text {
        std::mem::take(&mut self.text)
    }
}
