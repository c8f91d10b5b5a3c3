//! The objects of a schema, as plain data.
//!
//! One long file: the types refer to each other throughout and are read side by side.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{Expr, Statement};

use crate::{DataType, ObjectName, Origin, QualifiedName, Rule, Run, Touches};

/// A parsed expression: a default, a check, a predicate, a policy.
#[derive(Clone, Debug)]
pub struct Expression {
    /// The text as written, without the parentheses the grammar requires around it.
    pub text: String,
    /// Its structure; `None` when the expression parser did not accept the text.
    pub ast: Option<Box<Expr>>,
    /// Where it stands.
    pub origin: Origin,
}

/// Text that documents an object: a SQL comment (`--`, `/* */`) beside it, or `COMMENT ON`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The text, without comment markers or quotes.
    pub text: String,
    /// Where it stands.
    pub origin: Origin,
}

/// What kind of relation a table is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TableKind {
    /// An ordinary table.
    #[default]
    Ordinary,
    /// A partitioned table, with its key as written (`RANGE (created_at)`).
    Partitioned {
        /// Strategy and key, as written.
        key: String,
    },
    /// A foreign table of this server.
    Foreign {
        /// The foreign server.
        server: String,
    },
}

/// A table's place below a partitioned table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// The bound as written (`FOR VALUES FROM … TO …`, `DEFAULT`).
    pub bound: String,
}

/// A flag of a table and the statement that last set it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switch {
    /// Whether it is on in the final state.
    pub on: bool,
    /// The last statement that set it either way.
    pub origin: Option<Origin>,
}

/// A table with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its resolved name.
    pub name: QualifiedName,
    /// Ordinary, partitioned or foreign.
    pub kind: TableKind,
    /// Created `TEMPORARY`: it exists only in the session.
    pub temporary: bool,
    /// Created `UNLOGGED`.
    pub unlogged: bool,
    /// The partitioned table it is a partition of.
    pub partition_of: Option<Partition>,
    /// Parents by `INHERITS`.
    pub inherits: Vec<QualifiedName>,
    /// Columns in order.
    pub columns: Vec<Column>,
    /// Constraints in order of creation, all named.
    pub constraints: Vec<Constraint>,
    /// Indexes made by `CREATE INDEX`; those behind keys are implied by `constraints`.
    pub indexes: Vec<Index>,
    /// Row-level security policies, whether or not it is enabled.
    pub policies: Vec<Policy>,
    /// Triggers.
    pub triggers: Vec<Trigger>,
    /// Rewrite rules.
    pub rules: Vec<Rule>,
    /// `ENABLE ROW LEVEL SECURITY` in the final state.
    pub row_security: Switch,
    /// `FORCE ROW LEVEL SECURITY` in the final state.
    pub row_security_forced: Switch,
    /// Its owner, where a statement names one.
    pub owner: Option<String>,
    /// `COMMENT ON TABLE`.
    pub comment: Option<Remark>,
    /// SQL comments before the statement and on lines of their own inside it.
    pub remarks: Vec<Remark>,
    /// Privileges granted on it, in order.
    pub grants: Vec<Grant>,
    /// The name in the statement that created it.
    pub name_origin: Origin,
    /// The whole statement that created it.
    pub origin: Origin,
}

impl Table {
    /// A table without a name, to stand where one is taken out for a moment.
    pub(crate) fn empty() -> Self {
        Self {
            name: QualifiedName { schema: String::new(), name: String::new() },
            kind: TableKind::Ordinary,
            temporary: false,
            unlogged: false,
            partition_of: None,
            inherits: Vec::new(),
            columns: Vec::new(),
            constraints: Vec::new(),
            indexes: Vec::new(),
            policies: Vec::new(),
            triggers: Vec::new(),
            rules: Vec::new(),
            row_security: Switch::default(),
            row_security_forced: Switch::default(),
            owner: None,
            comment: None,
            remarks: Vec::new(),
            grants: Vec::new(),
            name_origin: Origin::default(),
            origin: Origin::default(),
        }
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The primary key's constraint and columns.
    pub fn primary_key(&self) -> Option<(&Constraint, &[String])> {
        self.constraints.iter().find_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } => Some((constraint, columns.as_slice())),
            _ => None,
        })
    }

    /// All foreign keys with their constraints.
    pub fn foreign_keys(&self) -> impl Iterator<Item = (&Constraint, &ForeignKey)> {
        self.constraints.iter().filter_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(key) => Some((constraint, key)),
            _ => None,
        })
    }

    /// The serial of the unique index that a foreign key to these columns depends on: the oldest that
    /// is over just them, whole, and checked at once (`transformFkeyCheckAttrs`).
    pub(crate) fn index_for_reference(&self, columns: &[String]) -> Option<u64> {
        let wanted: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
        let same = |found: &[&str]| {
            found.len() == columns.len() && found.iter().copied().collect::<BTreeSet<_>>() == wanted
        };
        let keys = self.constraints.iter().filter_map(|found| match &found.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
                let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
                (!found.deferrable && same(&columns)).then_some(found.index_serial)
            }
            _ => None,
        });
        let indexes = self.indexes.iter().filter(|found| {
            let columns = found.keys.iter().map(|key| match &key.key {
                IndexKeyKind::Column(name) => Some(name.as_str()),
                IndexKeyKind::Expression(_) => None,
            });
            let columns: Option<Vec<&str>> = columns.collect();
            found.unique && found.predicate.is_none() && columns.is_some_and(|found| same(&found))
        });
        keys.chain(indexes.map(|found| found.serial)).min()
    }

    /// The names of its indexes, those behind keys too.
    pub(crate) fn index_names(&self) -> impl Iterator<Item = &str> {
        let keys = self.constraints.iter().filter(|constraint| {
            !matches!(constraint.kind, ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. })
        });
        let keys = keys.map(|constraint| constraint.name.as_str());
        keys.chain(self.indexes.iter().map(|index| index.name.as_str()))
    }

    /// What it is a partition of and what it inherits from.
    pub(crate) fn parents(&self) -> impl Iterator<Item = &QualifiedName> {
        self.inherits.iter().chain(self.partition_of.as_ref().map(|partition| &partition.parent))
    }

    /// The column lists that an index of any origin (primary key, unique constraint, `CREATE INDEX`)
    /// is led by, with the predicate of a partial one. An index that starts with an expression
    /// yields an empty list.
    pub fn index_keys(&self) -> impl Iterator<Item = (Vec<&str>, Option<&Expression>)> {
        let constraints = self.constraints.iter().filter_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
                Some((columns.iter().map(String::as_str).collect(), None))
            }
            _ => None,
        });
        let indexes = self.indexes.iter().map(|index| {
            let leading = index.keys.iter().map_while(|key| match &key.key {
                IndexKeyKind::Column(name) => Some(name.as_str()),
                IndexKeyKind::Expression(_) => None,
            });
            (leading.collect(), index.predicate.as_ref())
        });
        constraints.chain(indexes)
    }
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, resolved.
    pub data_type: DataType,
    /// Whether it accepts NULL.
    pub nullable: bool,
    /// The constraint behind `NOT NULL`; `None` exactly when it accepts NULL.
    pub not_null: Option<NotNull>,
    /// The server default.
    pub default: Option<Expression>,
    /// `GENERATED … AS IDENTITY`.
    pub identity: Option<Identity>,
    /// `GENERATED ALWAYS AS (…)`.
    pub generated: Option<Generated>,
    /// A collation other than the type's own.
    pub collation: Option<ObjectName>,
    /// `COMMENT ON COLUMN`.
    pub comment: Option<Remark>,
    /// SQL comments on the column's own lines.
    pub remarks: Vec<Remark>,
    /// The column's definition.
    pub origin: Origin,
}

impl Column {
    /// A column of a name and type alone.
    pub(crate) fn plain(name: String, data_type: DataType, origin: Origin) -> Self {
        Self {
            name,
            data_type,
            nullable: true,
            not_null: None,
            default: None,
            identity: None,
            generated: None,
            collation: None,
            comment: None,
            remarks: Vec::new(),
            origin,
        }
    }
}

/// The constraint behind a column's `NOT NULL`, which has a name since PostgreSQL 18.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotNull {
    /// Its name; in a definition an empty one asks for the server's own.
    pub name: String,
    /// Whether the statement named it.
    pub named: bool,
    /// It is (also) the table's own, not only inherited.
    pub local: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// `NOT VALID` and never validated.
    pub not_valid: bool,
    /// `COMMENT ON CONSTRAINT`.
    pub comment: Option<Remark>,
}

impl NotNull {
    /// One that a table says itself, without a name.
    pub fn own() -> Self {
        Self { local: true, ..Self::default() }
    }

    /// What a child gets of it: the name, too.
    pub(crate) fn inherited(&self) -> Self {
        Self { name: self.name.clone(), not_valid: self.not_valid, ..Self::default() }
    }
}

/// When an identity column takes the given value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// `GENERATED ALWAYS`.
    Always,
    /// `GENERATED BY DEFAULT`.
    ByDefault,
}

/// A generated column's expression.
#[derive(Clone, Debug)]
pub struct Generated {
    /// What computes it.
    pub expression: Expression,
    /// `STORED`, as against `VIRTUAL`.
    pub stored: bool,
}

/// A constraint of a table.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its name: as written, or as the server generates it.
    pub name: String,
    /// Whether the statement named it.
    pub named: bool,
    /// What it demands.
    pub kind: ConstraintKind,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// `NOT VALID` and never validated.
    pub not_valid: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// `NOT ENFORCED` (PostgreSQL 18).
    pub not_enforced: bool,
    /// The last column of a key is a period: `WITHOUT OVERLAPS`, `PERIOD` (PostgreSQL 18).
    pub temporal: bool,
    /// What the columns of its index are called, where those of the table have other names by now:
    /// copies of the index are named after them. Empty where nothing was renamed.
    pub index_columns: Vec<String>,
    /// Of a key: which index of the catalog its own is, counted in the order in which they were made
    /// (as OIDs are); zero while it belongs to no table.
    pub index_serial: u64,
    /// Of a foreign key to a partitioned table: the name that it was made under, where it has another one by
    /// now. What the server keeps for each partition of that table is named after it.
    pub made_as: Option<String>,
    /// Of a partition's key or foreign key: the constraint of its parent that it is a part of, or the index.
    pub part_of: Option<String>,
    /// `COMMENT ON CONSTRAINT`.
    pub comment: Option<Remark>,
    /// `COMMENT ON INDEX` of its own index.
    pub index_comment: Option<Remark>,
    /// Its definition.
    pub origin: Origin,
}

impl Constraint {
    /// A constraint that holds for all rows at once and has no comment, as one is without further words; the
    /// server names it where no name is given.
    pub fn new(name: Option<String>, kind: ConstraintKind, origin: Origin) -> Self {
        Self {
            named: name.is_some(),
            name: name.unwrap_or_default(),
            kind,
            deferrable: false,
            initially_deferred: false,
            not_valid: false,
            no_inherit: false,
            not_enforced: false,
            temporal: false,
            index_columns: Vec::new(),
            index_serial: 0,
            made_as: None,
            part_of: None,
            comment: None,
            index_comment: None,
            origin,
        }
    }

    /// Whether it is a `CHECK`.
    pub(crate) fn is_check(&self) -> bool {
        matches!(self.kind, ConstraintKind::Check { .. })
    }

    /// Whether the server would serve both with one index when one statement asks for them.
    pub(crate) fn same_key(&self, other: &Self) -> bool {
        fn key(kind: &ConstraintKind) -> Option<(&[String], &[String], bool)> {
            match kind {
                ConstraintKind::PrimaryKey { columns, include } => Some((columns, include, false)),
                ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
                    Some((columns, include, *nulls_not_distinct))
                }
                _ => None,
            }
        }
        key(&self.kind).is_some()
            && key(&self.kind) == key(&other.kind)
            && self.deferrable == other.deferrable
            && self.initially_deferred == other.initially_deferred
    }
}

/// What a constraint demands.
#[derive(Clone, Debug)]
pub enum ConstraintKind {
    /// `PRIMARY KEY`.
    PrimaryKey {
        /// Key columns in order.
        columns: Vec<String>,
        /// `INCLUDE` columns.
        include: Vec<String>,
    },
    /// `UNIQUE`.
    Unique {
        /// Key columns in order.
        columns: Vec<String>,
        /// `INCLUDE` columns.
        include: Vec<String>,
        /// `NULLS NOT DISTINCT`.
        nulls_not_distinct: bool,
    },
    /// `FOREIGN KEY`.
    ForeignKey(ForeignKey),
    /// `CHECK`.
    Check {
        /// The condition.
        expression: Expression,
    },
    /// `EXCLUDE`.
    Exclude {
        /// Access method.
        method: String,
        /// Elements as written (`room WITH =`).
        elements: Vec<String>,
        /// `WHERE`.
        predicate: Option<Expression>,
    },
}

/// A foreign key.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// Referencing columns.
    pub columns: Vec<String>,
    /// The referenced table: resolved where it exists, else as the search path would make it.
    pub references: QualifiedName,
    /// Referenced columns; the primary key's when the statement names none and the table is known.
    pub referenced_columns: Vec<String>,
    /// The unique index that it depends on, by its serial; `None` when there was none for it.
    pub index: Option<u64>,
    /// `ON DELETE`.
    pub on_delete: ReferentialAction,
    /// `ON UPDATE`.
    pub on_update: ReferentialAction,
    /// `MATCH FULL`.
    pub match_full: bool,
}

/// What happens to referencing rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ReferentialAction {
    /// `NO ACTION`, the default.
    #[default]
    NoAction,
    /// `RESTRICT`.
    Restrict,
    /// `CASCADE`.
    Cascade,
    /// `SET NULL`, of these columns or all.
    SetNull(Vec<String>),
    /// `SET DEFAULT`, of these columns or all.
    SetDefault(Vec<String>),
}

/// An index made by `CREATE INDEX`.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its name, as written or as the server generates it.
    pub name: String,
    /// Access method (`btree`).
    pub method: String,
    /// `UNIQUE`.
    pub unique: bool,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// Key columns and expressions in order.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE` columns.
    pub include: Vec<String>,
    /// `WHERE`.
    pub predicate: Option<Expression>,
    /// `ON ONLY`: not on the partitions, invalid until they are attached.
    pub only: bool,
    /// The index of the partitioned table that it is a part of.
    pub part_of: Option<String>,
    /// What its own columns are called, where those of the table have other names by now: copies of
    /// it are named after them. Empty where nothing was renamed.
    pub own_columns: Vec<String>,
    /// Which index of the catalog it is, counted in the order in which they were made (as OIDs are);
    /// zero while it belongs to no relation.
    pub serial: u64,
    /// `COMMENT ON INDEX`.
    pub comment: Option<Remark>,
    /// The statement.
    pub origin: Origin,
}

/// One key of an index.
#[derive(Clone, Debug)]
pub struct IndexKey {
    /// Column or expression.
    pub key: IndexKeyKind,
    /// Collation.
    pub collation: Option<ObjectName>,
    /// Operator class with its parameters, as written.
    pub operator_class: Option<String>,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` (`Some(true)`) or `NULLS LAST`, where written.
    pub nulls_first: Option<bool>,
}

/// What an index key indexes.
#[derive(Clone, Debug)]
pub enum IndexKeyKind {
    /// A column.
    Column(String),
    /// An expression.
    Expression(Expression),
}

/// The command a policy applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyCommand {
    /// `FOR ALL`, the default.
    #[default]
    All,
    /// `FOR SELECT`.
    Select,
    /// `FOR INSERT`.
    Insert,
    /// `FOR UPDATE`.
    Update,
    /// `FOR DELETE`.
    Delete,
}

/// A row-level security policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name.
    pub name: String,
    /// `PERMISSIVE` (the default), as against `RESTRICTIVE`.
    pub permissive: bool,
    /// The command it applies to.
    pub command: PolicyCommand,
    /// The roles it applies to; empty means `PUBLIC`.
    pub roles: Vec<String>,
    /// `USING`.
    pub using: Option<Expression>,
    /// `WITH CHECK`.
    pub check: Option<Expression>,
    /// `COMMENT ON POLICY`.
    pub comment: Option<Remark>,
    /// The statement.
    pub origin: Origin,
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerTiming {
    /// `BEFORE`.
    Before,
    /// `AFTER`.
    After,
    /// `INSTEAD OF`.
    InsteadOf,
}

/// Whether a trigger fires in the final state (`pg_trigger.tgenabled`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TriggerState {
    /// In ordinary sessions, the default.
    #[default]
    Enabled,
    /// Never.
    Disabled,
    /// Only when `session_replication_role` is `replica`.
    Replica,
    /// In both.
    Always,
}

/// A trigger.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// It is a partition's, made by the server for its parent's.
    pub of_parent: bool,
    /// Its name.
    pub name: String,
    /// When it fires.
    pub timing: TriggerTiming,
    /// Fires on `INSERT`.
    pub insert: bool,
    /// Fires on `UPDATE`.
    pub update: bool,
    /// `UPDATE OF` these columns; empty means any.
    pub update_of: Vec<String>,
    /// Fires on `DELETE`.
    pub delete: bool,
    /// Fires on `TRUNCATE`.
    pub truncate: bool,
    /// `FOR EACH ROW`, as against `STATEMENT`.
    pub for_each_row: bool,
    /// `REFERENCING OLD TABLE AS`.
    pub old_table: Option<String>,
    /// `REFERENCING NEW TABLE AS`.
    pub new_table: Option<String>,
    /// `WHEN`.
    pub when: Option<Expression>,
    /// The function it executes: resolved where it exists.
    pub function: QualifiedName,
    /// The arguments given to it, unquoted.
    pub arguments: Vec<String>,
    /// `CREATE CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// `DEFERRABLE` (constraint triggers).
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// `FROM`: the table a constraint trigger refers to, as written.
    pub referenced: Option<ObjectName>,
    /// Whether it fires.
    pub state: TriggerState,
    /// The statement that last enabled or disabled it.
    pub state_origin: Option<Origin>,
    /// `COMMENT ON TRIGGER`.
    pub comment: Option<Remark>,
    /// The statement.
    pub origin: Origin,
}

/// A function or procedure.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its resolved name.
    pub name: QualifiedName,
    /// `CREATE PROCEDURE`.
    pub procedure: bool,
    /// Arguments in order.
    pub arguments: Vec<Argument>,
    /// The result type as written (`trigger`, `SETOF text`, `TABLE (…)`).
    pub returns: String,
    /// Language, lower case.
    pub language: String,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `IMMUTABLE`, `STABLE` or `VOLATILE`.
    pub volatility: Volatility,
    /// `STRICT` / `RETURNS NULL ON NULL INPUT`.
    pub strict: bool,
    /// `LEAKPROOF`.
    pub leakproof: bool,
    /// Options with no bearing on a review, as written (`PARALLEL SAFE`, `COST 10`).
    pub planner_options: Vec<String>,
    /// `SET name = value` clauses, in order.
    pub settings: Vec<(String, String)>,
    /// The body.
    pub body: Option<Body>,
    /// Its owner, where a statement names one.
    pub owner: Option<String>,
    /// `COMMENT ON FUNCTION`.
    pub comment: Option<Remark>,
    /// Whether everyone may execute it, as by default, or that was revoked.
    pub public_execute: bool,
    /// Privileges granted on it, in order.
    pub grants: Vec<Grant>,
    /// The statement.
    pub origin: Origin,
}

/// An argument of a function.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its mode.
    pub mode: ArgumentMode,
    /// Its name, where given.
    pub name: Option<String>,
    /// Its type.
    pub data_type: DataType,
    /// The default.
    pub default: Option<Expression>,
}

/// How an argument passes values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ArgumentMode {
    /// `IN`, the default.
    #[default]
    In,
    /// `OUT`.
    Out,
    /// `INOUT`.
    InOut,
    /// `VARIADIC`.
    Variadic,
}

/// What a function promises about its result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Volatility {
    /// `VOLATILE`, the default.
    #[default]
    Volatile,
    /// `STABLE`.
    Stable,
    /// `IMMUTABLE`.
    Immutable,
}

/// A function's body and what can be read from it.
#[derive(Clone, Debug)]
pub struct Body {
    /// The text inside the quotes.
    pub text: String,
    /// Written without quotes, as the SQL standard does (`RETURN …`, `BEGIN ATOMIC … END`).
    pub inline: bool,
    /// The statements of an inline body, where they are understood; what `RETURN` gives is a `SELECT`. The
    /// server keeps them by the objects they name, and so their names follow.
    pub statements: Vec<Statement>,
    /// Facts read from its tokens.
    pub facts: BodyFacts,
    /// Where the text stands, without the quotes.
    pub origin: Origin,
}

/// What a body does, as its tokens show it. Names are folded; nothing inside string constants counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyFacts {
    /// Targets of `INSERT INTO`.
    pub inserts_into: BTreeSet<ObjectName>,
    /// Targets of `UPDATE` and `DELETE FROM`.
    pub modifies: BTreeSet<ObjectName>,
    /// What follows `FROM`, `JOIN` and `USING`: relations that it reads, and names that are none.
    pub reads: BTreeSet<ObjectName>,
    /// Names the role of the session (`current_user`, `session_user`, …).
    pub names_session_user: bool,
    /// The expression that the body is, when it is one `SELECT` of one expression and reads no
    /// relation (`SELECT current_setting('app.tenant')::uuid`).
    pub value: Option<Box<Expr>>,
    /// Columns read as `NEW.x`.
    pub reads_new: BTreeSet<String>,
    /// Columns read as `OLD.x`.
    pub reads_old: BTreeSet<String>,
    /// `NEW` or `OLD` used as a whole row.
    pub reads_whole_row: bool,
    /// `OLD` used in any way.
    pub reads_old_row: bool,
    /// Columns assigned as `NEW.x := …` or `NEW.x = …;`.
    pub assigns_new: BTreeSet<String>,
    /// Reads `TG_OP`.
    pub reads_operation: bool,
    /// Names of settings read by `current_setting('…')`.
    pub settings: BTreeSet<String>,
    /// Those of them that are NULL instead of an error while nothing has set them (`missing_ok`).
    pub optional_settings: BTreeSet<String>,
    /// What it does for each command that may run it as a trigger; empty when its structure is not
    /// known.
    pub runs: Vec<Run>,
    /// Names of functions called, with their schema where written.
    pub calls: BTreeSet<ObjectName>,
    /// Has a `RETURN NULL`: a `BEFORE` trigger that does so drops the row.
    pub returns_null: bool,
    /// Runs SQL from a string (`EXECUTE`).
    pub dynamic: bool,
    /// What definitions in it, in its strings too, may change.
    pub touches: Touches,
}

/// A view or materialized view.
#[derive(Clone, Debug)]
pub struct View {
    /// Its resolved name.
    pub name: QualifiedName,
    /// `MATERIALIZED`.
    pub materialized: bool,
    /// Column names, where given.
    pub columns: Vec<String>,
    /// The query as written.
    pub query: String,
    /// The query's structure with every `*` written out, where it is known.
    pub ast: Option<Box<sqlparser::ast::Query>>,
    /// Whether the query as written shows columns by `*`.
    pub had_wildcard: bool,
    /// The tables and views it reads, where its structure is known.
    pub reads: BTreeSet<QualifiedName>,
    /// Indexes of a materialized view.
    pub indexes: Vec<Index>,
    /// `INSTEAD OF` and statement triggers.
    pub triggers: Vec<Trigger>,
    /// Rewrite rules besides the one that is its query.
    pub rules: Vec<Rule>,
    /// `COMMENT ON COLUMN`, by the column's name.
    pub column_comments: BTreeMap<String, Option<Remark>>,
    /// Columns that got another name since, by the name the query gives them.
    pub renamed_columns: Vec<(String, String)>,
    /// `security_invoker`.
    pub security_invoker: bool,
    /// `security_barrier`.
    pub security_barrier: bool,
    /// `WITH CHECK OPTION`: `local` or `cascaded`.
    pub check_option: Option<String>,
    /// Its owner, where a statement names one.
    pub owner: Option<String>,
    /// `COMMENT ON VIEW`.
    pub comment: Option<Remark>,
    /// Privileges granted on it, in order.
    pub grants: Vec<Grant>,
    /// The statement.
    pub origin: Origin,
}

/// A type other than a table's row type.
#[derive(Clone, Debug)]
pub struct UserType {
    /// Its resolved name.
    pub name: QualifiedName,
    /// What it is.
    pub kind: UserTypeKind,
    /// Its owner, where a statement names one.
    pub owner: Option<String>,
    /// Privileges granted on it, in order.
    pub grants: Vec<Grant>,
    /// `COMMENT ON TYPE` or `DOMAIN`.
    pub comment: Option<Remark>,
    /// `COMMENT ON COLUMN` of a composite type, by the attribute's name.
    pub attribute_comments: BTreeMap<String, Option<Remark>>,
    /// The statement.
    pub origin: Origin,
}

impl UserType {
    /// Whether it is a domain with a check of this name.
    pub(crate) fn has_constraint(&self, name: &str) -> bool {
        match &self.kind {
            UserTypeKind::Domain { checks, .. } => checks.iter().any(|check| check.name == name),
            _ => false,
        }
    }
}

/// The kinds of user-defined type.
#[derive(Clone, Debug)]
pub enum UserTypeKind {
    /// `ENUM`, with its labels in order.
    Enum(Vec<String>),
    /// `DOMAIN`.
    Domain {
        /// The underlying type.
        base: DataType,
        /// `NOT NULL`.
        not_null: bool,
        /// `DEFAULT`.
        default: Option<Expression>,
        /// `CHECK`s on `VALUE`.
        checks: Vec<DomainCheck>,
    },
    /// A composite type's attributes.
    Composite(Vec<(String, DataType)>),
    /// Range, base and shell types, with the definition as written.
    Other(String),
}

/// A check of a domain.
#[derive(Clone, Debug)]
pub struct DomainCheck {
    /// Its name: as written, or as the server generates it.
    pub name: String,
    /// The condition on `VALUE`.
    pub expression: Expression,
    /// `NOT VALID` and never validated.
    pub not_valid: bool,
    /// `COMMENT ON CONSTRAINT … ON DOMAIN`.
    pub comment: Option<Remark>,
}

/// A sequence.
#[derive(Clone, Debug)]
pub struct Sequence {
    /// Its resolved name.
    pub name: QualifiedName,
    /// The table and column it belongs to.
    pub owned_by: Option<(QualifiedName, String)>,
    /// It is what its column's `GENERATED … AS IDENTITY` made.
    pub identity: bool,
    /// Options by name, in the words that set them (`START WITH 10`).
    pub options: BTreeMap<&'static str, String>,
    /// Its owner, where a statement names one.
    pub owner: Option<String>,
    /// Privileges granted on it, in order.
    pub grants: Vec<Grant>,
    /// `COMMENT ON SEQUENCE`.
    pub comment: Option<Remark>,
    /// The statement.
    pub origin: Origin,
}

/// Privileges granted to one role in one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Privileges in upper case (`SELECT`, `ALL`), with their columns where given.
    pub privileges: Vec<(String, Vec<String>)>,
    /// The role; `public` for everyone.
    pub grantee: String,
    /// `WITH GRANT OPTION`.
    pub grantable: bool,
    /// The statement.
    pub origin: Origin,
}

impl Grant {
    /// What PostgreSQL gives everyone on the schema `public`.
    pub(crate) fn usage_for_all() -> Self {
        Self {
            privileges: vec![("USAGE".to_owned(), Vec::new())],
            grantee: "public".to_owned(),
            grantable: false,
            origin: Origin::default(),
        }
    }
}

/// A role, as far as statements tell.
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// `LOGIN`.
    pub login: bool,
    /// `SUPERUSER`.
    pub superuser: bool,
    /// `BYPASSRLS`.
    pub bypass_rls: bool,
    /// Roles it is a member of.
    pub member_of: BTreeSet<String>,
    /// The statement.
    pub origin: Origin,
}
