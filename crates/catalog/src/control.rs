//! What acts behind a relation's back or on objects yet to come: rules, event triggers,
//! publications, default privileges; and what belongs to an object that lives in no schema.

use crate::object::{Expression, Grant, Remark, TriggerState};
use crate::{Origin, QualifiedName};

/// The command that a rewrite rule is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleEvent {
    /// `ON SELECT`.
    Select,
    /// `ON INSERT`.
    Insert,
    /// `ON UPDATE`.
    Update,
    /// `ON DELETE`.
    Delete,
}

/// A rewrite rule of a table or view.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// The command it rewrites.
    pub event: RuleEvent,
    /// `INSTEAD` of the command, as against besides it.
    pub instead: bool,
    /// `WHERE`.
    pub when: Option<Expression>,
    /// What it does, in parentheses when it is several statements; `NOTHING` too. As written, but
    /// for what the server settles when the rule is made and for names that changed since.
    pub action: String,
    /// The structure of its statements, none for `NOTHING`; `None` when it is not known.
    pub ast: Option<Vec<sqlparser::ast::Statement>>,
    /// Whether it fires.
    pub state: TriggerState,
    /// `COMMENT ON RULE`.
    pub comment: Option<Remark>,
    /// The statement.
    pub origin: Origin,
}

/// A trigger on definitions.
#[derive(Clone, Debug)]
pub struct EventTrigger {
    /// Its name.
    pub name: String,
    /// The event (`ddl_command_end`).
    pub event: String,
    /// The command tags it is limited to; empty means all.
    pub tags: Vec<String>,
    /// The function it executes: resolved where it exists.
    pub function: QualifiedName,
    /// Whether it fires.
    pub state: TriggerState,
    /// Its owner, where a statement names one.
    pub owner: Option<String>,
    /// `COMMENT ON EVENT TRIGGER`.
    pub comment: Option<Remark>,
    /// The statement.
    pub origin: Origin,
}

/// What logical replication carries out of the database.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Its name.
    pub name: String,
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// The tables named.
    pub tables: Vec<PublishedTable>,
    /// `TABLES IN SCHEMA`.
    pub schemas: Vec<String>,
    /// `WITH (…)` as written, without the parentheses; empty when there is none.
    pub parameters: Vec<String>,
    /// Its owner, where a statement names one.
    pub owner: Option<String>,
    /// `COMMENT ON PUBLICATION`.
    pub comment: Option<Remark>,
    /// The statement.
    pub origin: Origin,
}

/// A table of a publication.
#[derive(Clone, Debug)]
pub struct PublishedTable {
    /// The table.
    pub table: QualifiedName,
    /// `ONLY`: without the tables that inherit from it.
    pub only: bool,
    /// The columns it is limited to; empty means all.
    pub columns: Vec<String>,
    /// `WHERE`.
    pub filter: Option<Expression>,
}

/// A kind of object that default privileges are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DefaultKind {
    /// `TABLES`, views among them.
    Tables,
    /// `SEQUENCES`.
    Sequences,
    /// `FUNCTIONS` or `ROUTINES`.
    Functions,
    /// `TYPES`, domains among them.
    Types,
    /// `SCHEMAS`.
    Schemas,
    /// `LARGE OBJECTS`.
    LargeObjects,
}

/// One thing `ALTER DEFAULT PRIVILEGES` said of objects yet to come. What holds is all that was
/// said, in order.
#[derive(Clone, Debug)]
pub struct DefaultPrivilege {
    /// `FOR ROLE`: whose objects; `None` is the role that ran the statement.
    pub role: Option<String>,
    /// `IN SCHEMA`.
    pub schema: Option<String>,
    /// The kind of object.
    pub kind: DefaultKind,
    /// `REVOKE`, as against `GRANT`.
    pub revoked: bool,
    /// The privileges and their grantee.
    pub grant: Grant,
}

/// A kind of object that lives in no schema and whose [`Properties`] the catalog keeps beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GlobalKind {
    /// A schema.
    Schema,
    /// An extension.
    Extension,
    /// A role.
    Role,
}

/// What statements say of an object besides that it exists.
#[derive(Clone, Debug, Default)]
pub struct Properties {
    /// Its owner, where a statement names one.
    pub owner: Option<String>,
    /// `COMMENT ON`.
    pub comment: Option<Remark>,
    /// Privileges granted on it, in order.
    pub grants: Vec<Grant>,
    /// The schema an extension was put into, where a statement names one.
    pub schema: Option<String>,
}

/// An object that no rule looks at, but that others may be made of: an aggregate, an operator, a
/// collation, a server. Kept as the statements that made it.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The kind of object (`aggregate`, `text search`).
    pub kind: &'static str,
    /// What tells it from others of its kind: its bare name, of an aggregate with its arguments.
    pub subject: String,
    /// The statement as written, without its semicolon.
    pub text: String,
    /// The search path under which it was written.
    pub search_path: Vec<String>,
    /// The statement.
    pub origin: Origin,
}
