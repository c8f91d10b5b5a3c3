//! Tables with their columns, constraints and indexes.

use schemaward_catalog::Origin;

use super::{Autoincrement, Clause, Name, PythonDefault, ServerDefault, SqlType};
use crate::text::Text;

/// `Table(...)`, or what a declarative class makes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: Text,
    /// Its schema, that of the metadata included.
    pub(crate) schema: Option<Text>,
    /// `quote=`: whether the name is quoted, whatever it looks like.
    pub(crate) quote: Option<bool>,
    /// In the order of their definition.
    pub(crate) columns: Vec<Column>,
    /// Those written for the table. What columns bring (`unique=True`, `ForeignKey`, a type's own
    /// check) is on the columns.
    pub(crate) constraints: Vec<Constraint>,
    /// Those written for the table; `index=True` is on the columns.
    pub(crate) indexes: Vec<Index>,
    /// `comment=`.
    pub(crate) comment: Option<Text>,
    /// `prefixes=`, as `TEMPORARY`.
    pub(crate) prefixes: Vec<Text>,
    /// `postgresql_…=`.
    pub(crate) options: TableOptions,
    /// The class or the call.
    pub(crate) origin: Origin,
}

/// What PostgreSQL can be told of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TableOptions {
    /// `postgresql_inherits=`.
    pub(crate) inherits: Vec<Text>,
    /// `postgresql_partition_by=`.
    pub(crate) partition_by: Option<Text>,
    /// `postgresql_using=`.
    pub(crate) using: Option<Text>,
    /// `postgresql_with_oids=`.
    pub(crate) with_oids: Option<bool>,
    /// `postgresql_on_commit=`.
    pub(crate) on_commit: Option<Text>,
    /// `postgresql_tablespace=`.
    pub(crate) tablespace: Option<Text>,
}

/// `Column(...)`, `mapped_column(...)`.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Its name in the database.
    pub(crate) name: Text,
    /// `key=`: what Python calls it, when that is another name.
    pub(crate) key: Option<Text>,
    /// `quote=`: whether the name is quoted, whatever it looks like.
    pub(crate) quote: Option<bool>,
    /// Its type, after annotations, type maps and decorators.
    pub(crate) sql_type: SqlType,
    /// `nullable=`, or what the annotation says; nothing where neither does.
    pub(crate) nullable: Option<bool>,
    /// `primary_key=`.
    pub(crate) primary_key: bool,
    /// `autoincrement=`.
    pub(crate) autoincrement: Autoincrement,
    /// `unique=`.
    pub(crate) unique: bool,
    /// `index=`.
    pub(crate) index: bool,
    /// `system=True`: PostgreSQL has it already, and no DDL names it.
    pub(crate) system: bool,
    /// `server_default=`, `Identity`, `Computed`.
    pub(crate) server_default: Option<ServerDefault>,
    /// `comment=`.
    pub(crate) comment: Option<Text>,
    /// `ForeignKey(...)`s.
    pub(crate) foreign_keys: Vec<ForeignKey>,
    /// `CheckConstraint(...)`s among the column's arguments.
    pub(crate) checks: Vec<Check>,
    /// `default=`, and a `Sequence` among the column's arguments.
    pub(crate) default: Option<PythonDefault>,
    /// `onupdate=`.
    pub(crate) onupdate: Option<PythonDefault>,
    /// The attribute or the call.
    pub(crate) origin: Origin,
}

impl Column {
    /// A column that has nothing but its type.
    pub(crate) fn new(name: Text, sql_type: SqlType, origin: Origin) -> Self {
        Self {
            name,
            key: None,
            quote: None,
            sql_type,
            nullable: None,
            primary_key: false,
            autoincrement: Autoincrement::Auto,
            unique: false,
            index: false,
            system: false,
            server_default: None,
            comment: None,
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            default: None,
            onupdate: None,
            origin,
        }
    }

    /// What Python calls it.
    pub(crate) fn key(&self) -> &Text {
        self.key.as_ref().unwrap_or(&self.name)
    }
}

impl Table {
    /// Its primary key's constraint, if one was written.
    pub(crate) fn primary_key(&self) -> Option<&PrimaryKey> {
        self.constraints.iter().find_map(|constraint| match constraint {
            Constraint::PrimaryKey(key) => Some(key),
            _ => None,
        })
    }

    /// The columns of its primary key.
    pub(crate) fn key_columns(&self) -> Vec<&Column> {
        match self.primary_key() {
            Some(key) if !key.columns.is_empty() => {
                let columns = key.columns.iter();
                columns.filter_map(|column| self.column(column.as_str())).collect()
            }
            _ => self.columns.iter().filter(|column| column.primary_key).collect(),
        }
    }

    /// Whether the column takes `NULL`: as it says, or unless it is of the primary key or an
    /// identity.
    pub(crate) fn takes_null(&self, column: &Column) -> bool {
        column.nullable.unwrap_or_else(|| {
            let identity = matches!(column.server_default, Some(ServerDefault::Identity(_)));
            let key = column.primary_key
                || self.key_columns().iter().any(|other| std::ptr::eq(*other, column));
            !identity && !key
        })
    }

    /// The column that Python calls so.
    pub(crate) fn column(&self, key: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.key().as_str() == key)
    }
}

/// A column where a constraint names it, by its key.
pub(crate) type ColumnReference = Text;

/// A constraint that was written for the table.
#[derive(Clone, Debug)]
pub(crate) enum Constraint {
    /// `PrimaryKeyConstraint(...)`.
    PrimaryKey(PrimaryKey),
    /// `ForeignKeyConstraint(...)`.
    ForeignKey(ForeignKeyConstraint),
    /// `UniqueConstraint(...)`.
    Unique(Unique),
    /// `CheckConstraint(...)`.
    Check(Check),
    /// `ExcludeConstraint(...)`.
    Exclude(Exclude),
}

/// When a constraint is checked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Deferral {
    /// `deferrable=`.
    pub(crate) deferrable: Option<bool>,
    /// `initially=`.
    pub(crate) initially: Option<Text>,
}

/// `PrimaryKeyConstraint(...)`.
#[derive(Clone, Debug, Default)]
pub(crate) struct PrimaryKey {
    /// `name=`.
    pub(crate) name: Name,
    /// Its columns; none for all that have `primary_key=True`.
    pub(crate) columns: Vec<ColumnReference>,
    /// `postgresql_include=`.
    pub(crate) include: Vec<ColumnReference>,
    /// `deferrable=`, `initially=`.
    pub(crate) deferral: Deferral,
    /// `comment=`.
    pub(crate) comment: Option<Text>,
    /// The call.
    pub(crate) origin: Origin,
}

/// `UniqueConstraint(...)`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unique {
    /// `name=`.
    pub(crate) name: Name,
    /// Its columns.
    pub(crate) columns: Vec<ColumnReference>,
    /// `postgresql_include=`.
    pub(crate) include: Vec<ColumnReference>,
    /// `postgresql_nulls_not_distinct=`.
    pub(crate) nulls_not_distinct: Option<bool>,
    /// `deferrable=`, `initially=`.
    pub(crate) deferral: Deferral,
    /// `comment=`.
    pub(crate) comment: Option<Text>,
    /// The call.
    pub(crate) origin: Origin,
}

/// `CheckConstraint(...)`.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// `name=`.
    pub(crate) name: Name,
    /// What must hold: text or an expression.
    pub(crate) condition: Clause,
    /// `postgresql_not_valid=True`.
    pub(crate) not_valid: bool,
    /// `deferrable=`, `initially=`.
    pub(crate) deferral: Deferral,
    /// `comment=`.
    pub(crate) comment: Option<Text>,
    /// The call.
    pub(crate) origin: Origin,
}

/// What a foreign key refers to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// `"table.column"`, `"schema.table.column"`; only `"table"` when the column has the same name.
    Spec(Text),
    /// A column that Python had at hand: `users.c.id`, `User.id`.
    Column {
        /// Its table's schema.
        schema: Option<Text>,
        /// Its table.
        table: Text,
        /// Its key.
        column: ColumnReference,
    },
}

/// `ForeignKey(...)` of one column.
#[derive(Clone, Debug)]
pub(crate) struct ForeignKey {
    /// What it refers to.
    pub(crate) target: Target,
    /// How it does.
    pub(crate) options: ForeignKeyOptions,
    /// The call.
    pub(crate) origin: Origin,
}

/// `ForeignKeyConstraint(...)`.
#[derive(Clone, Debug)]
pub(crate) struct ForeignKeyConstraint {
    /// The columns that refer.
    pub(crate) columns: Vec<ColumnReference>,
    /// What they refer to, as many.
    pub(crate) targets: Vec<Target>,
    /// How it does.
    pub(crate) options: ForeignKeyOptions,
    /// The call.
    pub(crate) origin: Origin,
}

/// What both forms of a foreign key can be told.
#[derive(Clone, Debug, Default)]
pub(crate) struct ForeignKeyOptions {
    /// `name=`.
    pub(crate) name: Name,
    /// `ondelete=`.
    pub(crate) ondelete: Option<Text>,
    /// `onupdate=`.
    pub(crate) onupdate: Option<Text>,
    /// `deferrable=`, `initially=`.
    pub(crate) deferral: Deferral,
    /// `match=`.
    pub(crate) match_type: Option<Text>,
    /// `use_alter=True`: added after all tables are there.
    pub(crate) use_alter: bool,
    /// `link_to_name=True`: the target names the column, not its key.
    pub(crate) link_to_name: bool,
    /// `postgresql_not_valid=True`.
    pub(crate) not_valid: bool,
    /// `comment=`.
    pub(crate) comment: Option<Text>,
}

/// `ExcludeConstraint(...)`.
#[derive(Clone, Debug)]
pub(crate) struct Exclude {
    /// `name=`.
    pub(crate) name: Name,
    /// What is compared, and with which operator.
    pub(crate) elements: Vec<ExcludeElement>,
    /// `using=`, `gist` unless told otherwise.
    pub(crate) using: Option<Text>,
    /// `where=`.
    pub(crate) condition: Option<Clause>,
    /// `ops=`: operator classes by column key.
    pub(crate) ops: Vec<(Text, Text)>,
    /// `deferrable=`, `initially=`.
    pub(crate) deferral: Deferral,
    /// The call.
    pub(crate) origin: Origin,
}

/// One element of an exclusion constraint.
#[derive(Clone, Debug)]
pub(crate) struct ExcludeElement {
    /// A column or an expression.
    pub(crate) element: IndexElement,
    /// Its operator.
    pub(crate) operator: Text,
}

/// `Index(...)`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// Its name.
    pub(crate) name: Name,
    /// What it is on.
    pub(crate) elements: Vec<IndexElement>,
    /// `unique=`.
    pub(crate) unique: bool,
    /// `postgresql_where=`.
    pub(crate) condition: Option<Clause>,
    /// `postgresql_using=`.
    pub(crate) using: Option<Text>,
    /// `postgresql_ops=`: operator classes by column key or label.
    pub(crate) ops: Vec<(Text, Text)>,
    /// `postgresql_include=`.
    pub(crate) include: Vec<ColumnReference>,
    /// `postgresql_with=`: storage parameters.
    pub(crate) with: Vec<(Text, Text)>,
    /// `postgresql_tablespace=`.
    pub(crate) tablespace: Option<Text>,
    /// `postgresql_concurrently=`.
    pub(crate) concurrently: bool,
    /// `postgresql_nulls_not_distinct=`.
    pub(crate) nulls_not_distinct: Option<bool>,
    /// The call.
    pub(crate) origin: Origin,
}

/// What an index is on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum IndexElement {
    /// A column, by its key.
    Column(ColumnReference),
    /// `func.lower(x)`, `text("…")`, `desc("x")`.
    Clause(Clause),
}
