//! The changes a statement makes: the vocabulary every reader speaks.
//!
//! Names in a change are as written; [`Catalog::apply`](crate::Catalog::apply) resolves them by the
//! search path of that moment, as the server does.
//!
//! One long file, because it is one vocabulary: a reader of it wants every word in sight.

use std::collections::BTreeSet;

use crate::control::{
    DefaultPrivilege, Definition, EventTrigger, Publication, PublishedTable, Rule,
};
use crate::object::{
    Argument, Column, Constraint, DomainCheck, Expression, Generated, Grant, Identity, Index,
    Policy, PolicyCommand, Remark, Role, TableKind, Trigger, TriggerState, UserTypeKind,
    Volatility,
};
use crate::{Body, DataType, ObjectName, Origin};

/// One effect on the schema.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "a variant's doc shows the statement its fields stand for")]
pub enum Change {
    /// `CREATE SCHEMA`.
    CreateSchema { name: String, if_not_exists: bool },
    /// `CREATE EXTENSION`.
    CreateExtension { name: String, schema: Option<String> },
    /// `CREATE TYPE` and `CREATE DOMAIN`.
    CreateType { name: ObjectName, kind: UserTypeKind },
    /// `ALTER TYPE … ADD VALUE`.
    AddEnumValue {
        /// The type.
        name: ObjectName,
        /// The new label.
        value: String,
        /// `BEFORE` or `AFTER` an existing label; `None` appends.
        position: Option<EnumPosition>,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `ALTER TYPE … RENAME VALUE`.
    RenameEnumValue { name: ObjectName, from: String, to: String },
    /// `ALTER TYPE` of a composite type's attributes.
    AlterAttributes { name: ObjectName, actions: Vec<AttributeAction> },
    /// `ALTER DOMAIN` of its default and constraints.
    AlterDomain { name: ObjectName, action: Box<DomainAction> },
    /// `CREATE TABLE`.
    CreateTable(Box<TableDefinition>),
    /// `CREATE TABLE AS` and `SELECT INTO`: a table without elements, whose columns are the query's
    /// under these names, where given.
    CreateTableAs {
        /// The table.
        table: Box<TableDefinition>,
        /// Names of the first columns.
        columns: Vec<String>,
        /// The query.
        query: Box<sqlparser::ast::Query>,
    },
    /// `ALTER TABLE [ONLY]`: actions in order.
    AlterTable { name: ObjectName, if_exists: bool, only: bool, actions: Vec<TableAction> },
    /// `CREATE INDEX`. An empty index name asks for the server's own.
    CreateIndex { table: ObjectName, index: Box<Index>, if_not_exists: bool },
    /// `ALTER INDEX … ATTACH PARTITION`.
    AttachIndex { parent: ObjectName, part: ObjectName },
    /// `CREATE` and `ALTER` of an object that is kept as written.
    Define(Box<Definition>),
    /// `DROP` of such objects.
    Undefine { kind: &'static str, subjects: Vec<String> },
    /// `CREATE POLICY`.
    CreatePolicy { table: ObjectName, policy: Box<Policy> },
    /// `ALTER POLICY` other than a rename; `None` leaves a part as it is.
    AlterPolicy {
        /// The table.
        table: ObjectName,
        /// The policy.
        name: String,
        /// `TO`.
        roles: Option<Vec<String>>,
        /// `USING`.
        using: Option<Expression>,
        /// `WITH CHECK`.
        check: Option<Expression>,
    },
    /// `CREATE TRIGGER`; the function's name is still as written in `function`.
    CreateTrigger {
        /// The table or view.
        table: ObjectName,
        /// The function it executes, as written.
        function: ObjectName,
        /// The trigger; its `function` is filled in when the change is applied.
        trigger: Box<Trigger>,
        /// `OR REPLACE`.
        or_replace: bool,
    },
    /// `CREATE FUNCTION` and `CREATE PROCEDURE`.
    CreateFunction(Box<FunctionDefinition>),
    /// `ALTER FUNCTION` with options.
    AlterFunction {
        name: ObjectName,
        arguments: Option<Vec<String>>,
        options: Box<FunctionOptions>,
    },
    /// `CREATE VIEW` and `CREATE MATERIALIZED VIEW`.
    CreateView(Box<ViewDefinition>),
    /// `ALTER VIEW … SET/RESET (security_invoker, security_barrier)`; `None` leaves one as it is.
    SetViewOptions {
        /// The view.
        name: ObjectName,
        /// `security_invoker`.
        security_invoker: Option<bool>,
        /// `security_barrier`.
        security_barrier: Option<bool>,
        /// `check_option`; `Some(None)` takes it away.
        check_option: Option<Option<String>>,
    },
    /// `CREATE SEQUENCE`.
    CreateSequence { name: ObjectName, if_not_exists: bool, options: Vec<SequenceOption> },
    /// `ALTER SEQUENCE` with options.
    AlterSequence { name: ObjectName, if_exists: bool, options: Vec<SequenceOption> },
    /// `ALTER SEQUENCE … OWNED BY`; `None` is `OWNED BY NONE`.
    SetSequenceOwner { name: ObjectName, column: Option<(ObjectName, String)> },
    /// `CREATE ROLE`, `CREATE USER`, `ALTER ROLE`.
    SetRole(RoleDefinition),
    /// `GRANT role TO member`.
    GrantRole { role: String, member: String },
    /// `REVOKE role FROM member`.
    RevokeRole { role: String, member: String },
    /// `ALTER DEFAULT PRIVILEGES`.
    DefaultPrivileges(Vec<DefaultPrivilege>),
    /// `DROP OWNED BY`.
    DropOwned { roles: Vec<String>, cascade: bool },
    /// `REASSIGN OWNED BY … TO`.
    ReassignOwned { roles: Vec<String>, to: String },
    /// `CREATE RULE`.
    CreateRule { relation: ObjectName, rule: Box<Rule>, or_replace: bool },
    /// `CREATE EVENT TRIGGER`; the function's name is still as written in `function`.
    CreateEventTrigger { function: ObjectName, trigger: Box<EventTrigger> },
    /// `ALTER EVENT TRIGGER … ENABLE | DISABLE`.
    SetEventTriggerState { name: String, state: TriggerState },
    /// `CREATE PUBLICATION`.
    CreatePublication(Box<Publication>),
    /// `ALTER PUBLICATION` of what it holds.
    AlterPublication { name: String, action: PublicationAction },
    /// `CREATE SCHEMA` with elements: changes with this schema at the head of the search path.
    Within { schema: String, changes: Vec<Change> },
    /// `GRANT … ON`.
    Grant { on: Vec<GrantTarget>, grants: Vec<Grant> },
    /// `REVOKE … ON`: privileges (`ALL` for all) taken from grantees.
    Revoke {
        /// The objects.
        on: Vec<GrantTarget>,
        /// The privileges and the columns they are limited to.
        privileges: Vec<(String, Vec<String>)>,
        /// The roles.
        from: Vec<String>,
        /// `GRANT OPTION FOR`: only the right to pass them on.
        option_only: bool,
    },
    /// `COMMENT ON`; `None` removes it.
    Comment { on: CommentTarget, text: Option<Remark> },
    /// `SET search_path` (and `set_config('search_path', …)`); `None` resets it.
    SetSearchPath(Option<Vec<String>>),
    /// `DROP …`.
    Drop { what: Vec<ObjectRef>, if_exists: bool, cascade: bool },
    /// `ALTER … RENAME TO` on anything but a table's own parts.
    Rename { what: ObjectRef, to: String },
    /// `ALTER … SET SCHEMA`.
    SetSchema { what: ObjectRef, schema: String },
    /// `ALTER … OWNER TO`.
    SetOwner { what: ObjectRef, owner: String },
    /// Calls of functions that were not followed: harmless when all of them are known to define
    /// nothing.
    Call { functions: Vec<ObjectName> },
    /// Text whose effect is not known: what it may touch becomes undecided.
    Unknown(BlindSpot),
    /// What a statement leaves to something outside of the text, in words; it is read all the same.
    LeftOpen(String),
}

/// One option of a sequence: its name, and the words that set it. Names are those of `pg_sequence`
/// in short: `type`, `start`, `increment`, `min`, `max`, `cache`, `cycle`.
pub type SequenceOption = (&'static str, String);

/// What a statement says of a sequence.
#[derive(Clone, Debug, Default)]
pub struct SequenceWords {
    /// Its options.
    pub options: Vec<SequenceOption>,
    /// `SEQUENCE NAME`.
    pub name: Option<ObjectName>,
    /// `OWNED BY`; `Some(None)` is `NONE`.
    pub owner: Option<Option<(ObjectName, String)>>,
}

/// One action of `ALTER TYPE` on a composite type.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "a variant's doc shows the statement its fields stand for")]
pub enum AttributeAction {
    /// `ADD ATTRIBUTE`.
    Add { name: String, data_type: DataType },
    /// `DROP ATTRIBUTE`.
    Drop { name: String, if_exists: bool },
    /// `ALTER ATTRIBUTE … TYPE`.
    SetType { name: String, data_type: DataType },
    /// `RENAME ATTRIBUTE`.
    Rename { from: String, to: String },
}

/// One action of `ALTER DOMAIN`.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "a variant's doc shows the statement its fields stand for")]
pub enum DomainAction {
    /// `SET DEFAULT` or `DROP DEFAULT`.
    SetDefault(Option<Expression>),
    /// `SET NOT NULL` or `DROP NOT NULL`.
    SetNotNull(bool),
    /// `ADD CONSTRAINT … CHECK`; an empty name asks for the server's own.
    AddCheck(DomainCheck),
    /// `DROP CONSTRAINT`.
    DropConstraint { name: String, if_exists: bool },
    /// `RENAME CONSTRAINT`.
    RenameConstraint { from: String, to: String },
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint(String),
}

/// One action of `ALTER PUBLICATION`. Tables are named as written.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "a variant's doc shows the statement its fields stand for")]
pub enum PublicationAction {
    /// `ADD`.
    Add { tables: Vec<PublishedTable>, schemas: Vec<String> },
    /// `SET`.
    Set { tables: Vec<PublishedTable>, schemas: Vec<String> },
    /// `DROP`.
    Drop { tables: Vec<PublishedTable>, schemas: Vec<String> },
    /// `SET (…)`.
    SetParameters(Vec<String>),
}

/// Where `ADD VALUE` puts a label.
#[derive(Clone, Debug)]
pub enum EnumPosition {
    /// Before this label.
    Before(String),
    /// After this label.
    After(String),
}

/// What `CREATE TABLE` defines, before names are generated and types resolved.
#[derive(Clone, Debug)]
pub struct TableDefinition {
    /// The name as written.
    pub name: ObjectName,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// Ordinary, partitioned or foreign.
    pub kind: TableKind,
    /// `TEMPORARY`.
    pub temporary: bool,
    /// `UNLOGGED`.
    pub unlogged: bool,
    /// `PARTITION OF`: the parent as written, and the bound.
    pub partition_of: Option<(ObjectName, String)>,
    /// `OF type`: a composite type whose attributes are the columns.
    pub of_type: Option<ObjectName>,
    /// `INHERITS`.
    pub inherits: Vec<ObjectName>,
    /// Columns, constraints and `LIKE` clauses in order.
    pub elements: Vec<TableElement>,
    /// SQL comments that belong to the table as a whole.
    pub remarks: Vec<Remark>,
    /// The name.
    pub name_origin: Origin,
    /// The whole statement.
    pub origin: Origin,
}

/// One element of a table's definition.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "a variant's doc shows the statement its fields stand for")]
pub enum TableElement {
    /// A column with the constraints written on it.
    Column(Box<ColumnDefinition>),
    /// A table constraint.
    Constraint(Box<ConstraintDefinition>),
    /// `LIKE other INCLUDING …`: which parts to copy besides columns.
    Like { table: ObjectName, including: LikeOptions, origin: Origin },
}

/// What `LIKE` copies besides names, types and NOT NULL.
#[derive(Clone, Copy, Debug, Default)]
pub struct LikeOptions {
    /// `INCLUDING DEFAULTS`.
    pub defaults: bool,
    /// `INCLUDING CONSTRAINTS` (checks).
    pub constraints: bool,
    /// `INCLUDING INDEXES` (keys too).
    pub indexes: bool,
    /// `INCLUDING IDENTITY`.
    pub identity: bool,
    /// `INCLUDING GENERATED`.
    pub generated: bool,
    /// `INCLUDING COMMENTS`.
    pub comments: bool,
}

/// A column as a statement defines it.
#[derive(Clone, Debug)]
pub struct ColumnDefinition {
    /// The column; `serial` types are still their own, and nullability is as far as its own
    /// `NOT NULL` says.
    pub column: Column,
    /// Constraints written on the column.
    pub constraints: Vec<ConstraintDefinition>,
    /// What it says of the sequence of an identity column.
    pub sequence: SequenceWords,
}

/// A constraint as a statement defines it.
#[derive(Clone, Debug)]
pub struct ConstraintDefinition {
    /// The constraint; an empty name asks for the server's own.
    pub constraint: Constraint,
    /// The referenced table as written, for a foreign key (then `references` inside is not yet
    /// resolved).
    pub references: Option<ObjectName>,
    /// `USING INDEX name` for a key made from an index.
    pub using_index: Option<String>,
}

/// One action of `ALTER TABLE`.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "a variant's doc shows the statement its fields stand for")]
pub enum TableAction {
    /// `ADD COLUMN`.
    AddColumn { definition: Box<ColumnDefinition>, if_not_exists: bool },
    /// `DROP COLUMN`.
    DropColumn { name: String, if_exists: bool },
    /// `RENAME COLUMN`.
    RenameColumn { from: String, to: String },
    /// `RENAME CONSTRAINT`.
    RenameConstraint { from: String, to: String },
    /// `ALTER COLUMN … TYPE`.
    SetType {
        column: String,
        data_type: DataType,
        /// `COLLATE`; without it the column gets its type's own.
        collation: Option<ObjectName>,
        origin: Origin,
    },
    /// `ALTER COLUMN … SET DEFAULT` or `DROP DEFAULT`.
    SetDefault { column: String, default: Option<Expression> },
    /// `ALTER COLUMN … SET NOT NULL` or `DROP NOT NULL`.
    SetNullable { column: String, nullable: bool },
    /// `ALTER COLUMN … ADD GENERATED … AS IDENTITY`, `SET GENERATED`, `DROP IDENTITY`.
    SetIdentity { column: String, identity: Option<Identity>, sequence: SequenceWords },
    /// `ALTER COLUMN … SET` of options of an identity column's sequence.
    SetSequence { column: String, options: Vec<SequenceOption> },
    /// `ALTER COLUMN … SET EXPRESSION` or `DROP EXPRESSION`.
    SetGenerated { column: String, generated: Option<Generated> },
    /// `ADD CONSTRAINT`.
    AddConstraint(Box<ConstraintDefinition>),
    /// `DROP CONSTRAINT`.
    DropConstraint { name: String, if_exists: bool, cascade: bool },
    /// `ALTER CONSTRAINT`; `None` leaves a part as it is.
    AlterConstraint {
        /// The constraint.
        name: String,
        /// `[NOT] DEFERRABLE`.
        deferrable: Option<bool>,
        /// `INITIALLY DEFERRED` or `IMMEDIATE`.
        initially_deferred: Option<bool>,
        /// `[NOT] ENFORCED`.
        enforced: Option<bool>,
        /// `[NO] INHERIT` of a `NOT NULL`.
        inherit: Option<bool>,
    },
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint(String),
    /// `ENABLE` or `DISABLE ROW LEVEL SECURITY`.
    SetRowSecurity { on: bool, origin: Origin },
    /// `FORCE` or `NO FORCE ROW LEVEL SECURITY`.
    SetRowSecurityForced { on: bool, origin: Origin },
    /// `ENABLE`/`DISABLE TRIGGER`; `None` means all of the table's (`ALL`, `USER`).
    SetTriggerState { trigger: Option<String>, state: TriggerState, origin: Origin },
    /// `ENABLE`/`DISABLE RULE`.
    SetRuleState { rule: String, state: TriggerState },
    /// `ATTACH PARTITION`.
    AttachPartition { child: ObjectName, bound: String },
    /// `DETACH PARTITION`.
    DetachPartition { child: ObjectName },
    /// `INHERIT` (`true`) and `NO INHERIT`.
    SetInherits { parent: ObjectName, on: bool },
    /// `SET LOGGED` and `SET UNLOGGED`.
    SetUnlogged(bool),
    /// `OWNER TO`.
    SetOwner(String),
    /// An action that changes nothing a review can see (`SET STATISTICS`, `CLUSTER ON` …).
    Irrelevant,
}

/// What `CREATE FUNCTION` defines.
#[derive(Clone, Debug)]
pub struct FunctionDefinition {
    /// The name as written.
    pub name: ObjectName,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `CREATE PROCEDURE`.
    pub procedure: bool,
    /// Arguments in order.
    pub arguments: Vec<Argument>,
    /// The result type as written.
    pub returns: String,
    /// Language, lower case.
    pub language: String,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// Volatility.
    pub volatility: Volatility,
    /// `STRICT`.
    pub strict: bool,
    /// `LEAKPROOF`.
    pub leakproof: bool,
    /// Options with no bearing on a review, as written.
    pub planner_options: Vec<String>,
    /// `SET` clauses.
    pub settings: Vec<(String, String)>,
    /// The body.
    pub body: Option<Body>,
    /// The statement.
    pub origin: Origin,
}

/// What `ALTER FUNCTION` sets; `None` leaves a part as it is.
#[derive(Clone, Debug, Default)]
pub struct FunctionOptions {
    /// `SECURITY DEFINER` / `INVOKER`.
    pub security_definer: Option<bool>,
    /// Volatility.
    pub volatility: Option<Volatility>,
    /// `STRICT` / `CALLED ON NULL INPUT`.
    pub strict: Option<bool>,
    /// `[NOT] LEAKPROOF`.
    pub leakproof: Option<bool>,
    /// `SET` clauses.
    pub settings: Vec<(String, String)>,
    /// `RESET` names; `all` resets every one.
    pub reset: Vec<String>,
}

/// What `CREATE VIEW` defines.
#[derive(Clone, Debug)]
pub struct ViewDefinition {
    /// The name as written.
    pub name: ObjectName,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `IF NOT EXISTS` (materialized views).
    pub if_not_exists: bool,
    /// `MATERIALIZED`.
    pub materialized: bool,
    /// Column names, where given.
    pub columns: Vec<String>,
    /// The query as written.
    pub query: String,
    /// The query's structure, where it is known.
    pub ast: Option<Box<sqlparser::ast::Query>>,
    /// `security_invoker`.
    pub security_invoker: bool,
    /// `security_barrier`.
    pub security_barrier: bool,
    /// `WITH CHECK OPTION`: `local` or `cascaded`.
    pub check_option: Option<String>,
    /// The statement.
    pub origin: Origin,
}

/// What `CREATE ROLE` or `ALTER ROLE` says; `None` leaves an attribute as it is.
#[derive(Clone, Debug, Default)]
pub struct RoleDefinition {
    /// The role.
    pub name: String,
    /// `LOGIN` / `NOLOGIN`.
    pub login: Option<bool>,
    /// `SUPERUSER` / `NOSUPERUSER`.
    pub superuser: Option<bool>,
    /// `BYPASSRLS` / `NOBYPASSRLS`.
    pub bypass_rls: Option<bool>,
    /// `IN ROLE`.
    pub member_of: Vec<String>,
    /// `ROLE` / `ADMIN`: roles that become its members.
    pub members: Vec<String>,
    /// The statement.
    pub origin: Origin,
}

impl From<RoleDefinition> for Role {
    fn from(definition: RoleDefinition) -> Self {
        Self {
            login: definition.login.unwrap_or_default(),
            superuser: definition.superuser.unwrap_or_default(),
            bypass_rls: definition.bypass_rls.unwrap_or_default(),
            member_of: definition.member_of.into_iter().collect(),
            name: definition.name,
            origin: definition.origin,
        }
    }
}

/// An object by kind and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectRef {
    /// A table (foreign ones too).
    Table(ObjectName),
    /// A view.
    View(ObjectName),
    /// A materialized view.
    MaterializedView(ObjectName),
    /// An index.
    Index(ObjectName),
    /// A sequence.
    Sequence(ObjectName),
    /// A type.
    Type(ObjectName),
    /// A domain.
    Domain(ObjectName),
    /// A function or procedure; the argument types where written.
    Function(ObjectName, Option<Vec<String>>),
    /// A schema.
    Schema(String),
    /// An extension.
    Extension(String),
    /// A role.
    Role(String),
    /// A policy of a table.
    Policy(ObjectName, String),
    /// A trigger of a table.
    Trigger(ObjectName, String),
    /// A rewrite rule of a table or view.
    Rule(ObjectName, String),
    /// An event trigger.
    EventTrigger(String),
    /// A publication.
    Publication(String),
}

/// What a comment is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommentTarget {
    /// An object that [`ObjectRef`] can name.
    Object(ObjectRef),
    /// A column of a table or view.
    Column(ObjectName, String),
    /// A constraint of a table.
    Constraint(ObjectName, String),
    /// A constraint of a domain.
    DomainConstraint(ObjectName, String),
    /// Something the catalog does not hold (a database, an operator …).
    Other,
}

/// What privileges are granted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantTarget {
    /// A table, view or foreign table.
    Table(ObjectName),
    /// A function or procedure; the argument types where written.
    Function(ObjectName, Option<Vec<String>>),
    /// `ALL TABLES IN SCHEMA`.
    AllTables(String),
    /// A schema.
    Schema(String),
    /// A sequence.
    Sequence(ObjectName),
    /// A type or domain.
    Type(ObjectName),
    /// `ALL FUNCTIONS IN SCHEMA`.
    AllFunctions(String),
    /// `ALL PROCEDURES IN SCHEMA`.
    AllProcedures(String),
    /// `ALL ROUTINES IN SCHEMA`: functions and procedures.
    AllRoutines(String),
    /// `ALL SEQUENCES IN SCHEMA`.
    AllSequences(String),
    /// Something whose privileges the catalog does not hold (a database, a language …).
    Other,
}

/// Text whose effect on the schema the reader could not derive.
#[derive(Clone, Debug)]
pub struct BlindSpot {
    /// Why, in words that can follow "not read because".
    pub reason: String,
    /// The aspects of the schema that it names, and so may change.
    pub may_touch: Touches,
    /// The tables in which it may do so.
    pub tables: Reach,
    /// Where it stands.
    pub origin: Origin,
}

/// The tables that unread text may touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Any table: names are made when it runs, or it calls what is not known.
    #[default]
    Everywhere,
    /// No table whose bare name is none of these words.
    Named(BTreeSet<String>),
}

impl Reach {
    /// What either of two texts may touch.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Named(mut words), Self::Named(more)) => {
                words.extend(more);
                Self::Named(words)
            }
            _ => Self::Everywhere,
        }
    }
}

/// Aspects of a schema that unread text may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touches {
    /// Row-level security flags and policies.
    pub row_security: bool,
    /// Triggers.
    pub triggers: bool,
    /// Tables, columns, defaults and constraints.
    pub columns: bool,
    /// Indexes.
    pub indexes: bool,
}

/// The command of a policy by its keyword, lower case.
pub fn policy_command(word: &str) -> Option<PolicyCommand> {
    match word {
        "all" => Some(PolicyCommand::All),
        "select" => Some(PolicyCommand::Select),
        "insert" => Some(PolicyCommand::Insert),
        "update" => Some(PolicyCommand::Update),
        "delete" => Some(PolicyCommand::Delete),
        _ => None,
    }
}
