//! What functions do when they run, as far as their text shows it.

use std::collections::BTreeSet;

use sqlparser::ast::Expr;

use crate::ObjectName;

/// A command that runs a trigger function, as `TG_OP` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TriggerCommand {
    /// `INSERT`.
    #[default]
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
    /// `TRUNCATE`.
    Truncate,
}

impl TriggerCommand {
    /// Every command.
    pub const ALL: [Self; 4] = [Self::Insert, Self::Update, Self::Delete, Self::Truncate];

    /// The value of `TG_OP`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Truncate => "TRUNCATE",
        }
    }
}

/// Which of the two rows of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangedRow {
    /// `NEW`.
    New,
    /// `OLD`.
    Old,
}

impl std::fmt::Display for ChangedRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if *self == Self::New { "NEW" } else { "OLD" })
    }
}

/// What a function does when it is run for one command: what its branches on `TG_OP` leave of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The command.
    pub command: TriggerCommand,
    /// The rows it inserts, in order.
    pub inserts: Vec<InsertedRow>,
    /// The columns of the changed row that it reads or assigns whatever else holds.
    pub needs: BTreeSet<(ChangedRow, String)>,
    /// Those that it reads or assigns on a condition, or where an error would be caught.
    pub may_need: BTreeSet<(ChangedRow, String)>,
    /// The columns of `NEW` that it assigns.
    pub assigns: Vec<AssignedColumn>,
    /// It ends with an exception for certain.
    pub refuses: bool,
    /// It may return something other than NULL.
    pub keeps_row: bool,
    /// It may execute SQL from a string.
    pub dynamic: bool,
    /// What such SQL is given as parameters.
    pub given: Vec<Expr>,
}

/// A row that a function inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsertedRow {
    /// The table, as written.
    pub target: ObjectName,
    /// The columns named; empty means all, in order.
    pub columns: Vec<String>,
    /// The values, in the order of the columns.
    pub values: Vec<InsertedValue>,
    /// The relations that it is selected from.
    pub reads: BTreeSet<ObjectName>,
    /// Whether it is inserted whatever else holds.
    pub certain: bool,
}

/// A value of an inserted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsertedValue {
    /// The expression, then those that its variables may hold.
    pub sources: Vec<Expr>,
    /// It is a row whose columns are spread over the columns from here on (`OLD.*`).
    pub whole_row: bool,
}

/// A column of `NEW` that a function assigns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignedColumn {
    /// The column.
    pub column: String,
    /// The expression, then those that its variables may hold.
    pub sources: Vec<Expr>,
    /// Whether it is assigned whatever else holds.
    pub certain: bool,
}
