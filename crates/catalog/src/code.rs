//! What the program that builds a schema says beside the schema itself, as plain data for the rules
//! on code.

use crate::{Origin, QualifiedName};

/// What the revisions of a migration tool say of themselves.
#[derive(Clone, Debug, Default)]
pub struct MigrationFacts {
    /// In the order they were run in.
    pub revisions: Vec<RevisionFacts>,
    /// The revisions that no other one follows.
    pub heads: Vec<String>,
    /// What is wrong with the graph they make.
    pub problems: Vec<ChainProblem>,
}

/// What is wrong with the graph of the revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainProblem {
    /// What.
    pub kind: ChainProblemKind,
    /// The revisions it is about.
    pub revisions: Vec<String>,
    /// Where it is said, in each of them.
    pub origins: Vec<Origin>,
}

/// What can be wrong with the graph of the revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChainProblemKind {
    /// Several revisions that none follows: `upgrade head` does not know where to go.
    SeveralHeads,
    /// A revision follows one that was not given.
    MissingDown,
    /// A revision depends on one that was not given.
    MissingDependency,
    /// Revisions follow each other in a circle, or one follows itself.
    Cycle,
    /// Several files have one identifier.
    Duplicate,
    /// A revision's identifier or its parents are not settled by the text.
    Undecided,
}

/// One revision.
#[derive(Clone, Debug, Default)]
pub struct RevisionFacts {
    /// Its identifier.
    pub id: String,
    /// Those it follows.
    pub down: Vec<String>,
    /// Its file.
    pub path: String,
    /// Where its identifier is said.
    pub origin: Origin,
    /// Where its upgrade is defined.
    pub upgrade_origin: Origin,
    /// The tables that its upgrade creates.
    pub creates: Vec<QualifiedName>,
    /// Columns without default that may not be null, added to tables that were there.
    pub unsafe_adds: Vec<AddedColumn>,
    /// The indexes that its upgrade drops.
    pub drops_indexes: Vec<DroppedIndex>,
    /// What its upgrade asks the database, or the command line, before it changes anything.
    pub guards: Vec<Guard>,
    /// Policies, triggers and row security that its upgrade sets by text.
    pub raw: Vec<RawObject>,
    /// Whether its downgrade undoes its upgrade.
    pub downgrade: Downgrade,
    /// Where its downgrade is defined.
    pub downgrade_origin: Option<Origin>,
}

/// A column that was added to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedColumn {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: String,
    /// The call or the statement.
    pub origin: Origin,
}

/// An index that was dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedIndex {
    /// Its name.
    pub name: String,
    /// Its table.
    pub table: QualifiedName,
    /// Its leading columns, up to the first expression.
    pub columns: Vec<String>,
    /// What created it.
    pub created: Origin,
    /// The revision that created it, where one did.
    pub created_by: Option<String>,
    /// Whether it was created by text, not by an operation.
    pub by_text: bool,
    /// The call or the statement that drops it.
    pub origin: Origin,
}

/// A question before a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guard {
    /// Where it is asked.
    pub origin: Origin,
    /// What is asked (`get_table_names()`, `if_not_exists`).
    pub what: String,
}

/// An object that a revision makes by text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawObject {
    /// Which kind.
    pub kind: RawKind,
    /// The table, as written.
    pub table: String,
    /// Its name; that of the table for row security.
    pub name: String,
    /// The statement.
    pub origin: Origin,
}

/// The kinds of objects that SQLAlchemy's models cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RawKind {
    /// `CREATE POLICY`.
    Policy,
    /// `CREATE TRIGGER`.
    Trigger,
    /// `ENABLE ROW LEVEL SECURITY` and its kin.
    RowSecurity,
}

/// Whether a downgrade undoes an upgrade.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Downgrade {
    /// It leaves the schema as it was.
    Undoes,
    /// There is none.
    #[default]
    Missing,
    /// It does nothing, though the upgrade does something.
    Empty,
    /// It raises an exception.
    Refuses,
    /// It leaves something as it was not: what, one sentence each.
    Differs(Vec<String>),
    /// What it does is not settled by the text: why.
    Undecided(String),
}
