//! What the program that builds a schema says beside the schema itself, as plain data for the rules
//! on code.

use crate::{Index, Origin, QualifiedName, SourceId};

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
    /// The labels of the branch that begins with it.
    pub labels: Vec<String>,
    /// Its file.
    pub path: String,
    /// Where its identifier is said.
    pub origin: Origin,
    /// The name of its upgrade, where it is defined.
    pub upgrade_origin: Origin,
    /// Whether its upgrade changes the schema, or may.
    pub changes: bool,
    /// What its upgrade runs, in order: objects that its statements make have their place in one of
    /// these sources.
    pub statements: Vec<RunStatement>,
    /// The tables that its upgrade creates.
    pub creates: Vec<CreatedTable>,
    /// Columns added to tables that were there, so that rows in them are refused.
    pub unsafe_adds: Vec<AddedColumn>,
    /// Indexes added to tables that were there.
    pub adds_indexes: Vec<AddedIndex>,
    /// The indexes that its upgrade drops.
    pub drops_indexes: Vec<DroppedIndex>,
    /// What its upgrade asks the database, or the command line, and may decide by.
    pub guards: Vec<Guard>,
    /// Foreign keys, unique and check constraints that its upgrade makes under a name.
    pub named_constraints: usize,
    /// Those that the server names.
    pub unnamed_constraints: Vec<Origin>,
    /// Whether its downgrade undoes its upgrade.
    pub downgrade: Downgrade,
    /// The name of its downgrade, where it is defined.
    pub downgrade_origin: Option<Origin>,
}

/// One text that an upgrade runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunStatement {
    /// The source that the text is.
    pub source: SourceId,
    /// Whether the revision wrote it as SQL; else an operation made it.
    pub literal: bool,
}

/// A table that was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedTable {
    /// The table.
    pub table: QualifiedName,
    /// Whether by SQL that the revision wrote, not by an operation.
    pub literal: bool,
    /// The statement.
    pub origin: Origin,
}

/// A column that was added to a table and refuses the rows in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedColumn {
    /// The table.
    pub table: QualifiedName,
    /// The column.
    pub column: String,
    /// Whether it was added as one that takes NULL, and forbidden to before anything filled it.
    pub forbidden_later: bool,
    /// The call or the statement.
    pub origin: Origin,
}

/// An index that was added to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedIndex {
    /// Its name, as written.
    pub name: String,
    /// The table.
    pub table: QualifiedName,
    /// Whether writers go on meanwhile: `CONCURRENTLY`.
    pub concurrently: bool,
    /// The call or the statement.
    pub origin: Origin,
}

/// An index that was dropped.
#[derive(Clone, Debug)]
pub struct DroppedIndex {
    /// Its table.
    pub table: QualifiedName,
    /// As it was.
    pub index: Index,
    /// The revision that created it, where one did.
    pub created_by: Option<String>,
    /// Whether it was created by SQL that a revision wrote, not by an operation.
    pub created_literally: bool,
    /// Whether it is dropped by SQL that the revision wrote.
    pub dropped_literally: bool,
    /// The call or the statement that drops it.
    pub origin: Origin,
}

/// Something that an upgrade may have been decided by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guard {
    /// Where it is asked.
    pub origin: Origin,
    /// Of which kind it is.
    pub kind: GuardKind,
    /// What is asked (`get_table_names()`, `if_not_exists`).
    pub what: String,
}

/// What an upgrade can be decided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GuardKind {
    /// Which tables, columns, indexes, constraints and the like there are.
    Relations,
    /// Which types, extensions, schemas and roles there are, which other applications share.
    Surroundings,
    /// Whether what is dropped is there: `IF EXISTS`.
    Drop,
    /// What is said on the command line.
    Argument,
    /// A condition that the text does not decide (rows, the environment).
    Condition,
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
