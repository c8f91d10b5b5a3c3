//! Alembic's operations, and SQLAlchemy's DDL elements on their own.
//!
//! One function an operation. A table that an operation only names is a [`Table`] without columns.

use schemaward_catalog::Origin;

use super::clause::{Place, sequence_name};
use super::constraint::reference_options;
use super::create::{Made, NamedTypeRef, named_type};
use super::naming::Named;
use super::table::{Part, identity_column, table_name};
use super::types::qualified;
use super::{Context, Output, Sql, Writer, quote};
use crate::schema::{
    Column, ColumnReference, Constraint, Enum, Generator, Identity, Index, IndexElement, Kind,
    Name, NamedType, Sequence, SequenceOptions, ServerDefault, SqlType, Table,
};
use crate::text::Text;

/// `op.create_table(…)`: the types it needs, the table, its indexes, its comments. What `made`
/// knows is not made again, for Alembic remembers the types of a whole run.
pub(crate) fn create_table(
    context: Context<'_>,
    table: &Table,
    if_not_exists: bool,
    made: &mut Made,
) -> Output {
    let mut writer = Writer::new(context);
    writer.about(table);
    for column in &table.columns {
        writer.types_of(&column.sql_type, table, made, false);
    }
    writer.create_table(table, if_not_exists, &inline(table));
    writer.indexes(table);
    writer.comments(table, false);
    writer.output
}

/// `table.create(bind)`: as SQLAlchemy makes a table outside of `create_all`.
pub(crate) fn create_table_alone(context: Context<'_>, table: &Table) -> Output {
    let mut writer = Writer::new(context);
    writer.about(table);
    for column in &table.columns {
        writer.types_of(&column.sql_type, table, &mut Made::default(), false);
    }
    for column in &table.columns {
        if let Some(Generator::Sequence(sequence)) =
            column.default.as_ref().map(|default| &default.generator)
            && !sequence.optional
        {
            writer.create_sequence(sequence, false);
        }
    }
    writer.create_table(table, false, &inline(table));
    writer.indexes(table);
    writer.comments(table, true);
    writer.output
}

/// `CreateTable(table)`: the table and nothing around it.
pub(crate) fn create_table_element(
    context: Context<'_>,
    table: &Table,
    if_not_exists: bool,
) -> Output {
    let mut writer = Writer::new(context);
    writer.about(table);
    writer.create_table(table, if_not_exists, &inline(table));
    writer.output
}

/// A foreign key with `use_alter` stands in no `CREATE TABLE`.
fn inline(table: &Table) -> impl Fn(usize) -> bool {
    let parts = Part::all(table);
    move |part| {
        parts.get(part).and_then(|part| part.reference()).is_none_or(|key| !key.options.use_alter)
    }
}

/// `op.drop_table(…)`, `DropTable(table)`.
pub(crate) fn drop_table(context: Context<'_>, table: &Table, if_exists: bool) -> Output {
    one(context, table.origin, |_, sql| {
        sql.gap("\n").word("DROP TABLE ");
        if if_exists {
            sql.word("IF EXISTS ");
        }
        sql.text(&table_name(table));
        Some(())
    })
}

/// `op.rename_table(…)`.
pub(crate) fn rename_table(context: Context<'_>, table: &Table, new_name: &Text) -> Output {
    one(context, table.origin, |_, sql| {
        alter_table(sql, table).word(" RENAME TO ").text(&quote::name(new_name));
        Some(())
    })
}

/// What `op.add_column(…)` can be told beside the column.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AddColumn {
    /// `if_not_exists=`.
    pub(crate) if_not_exists: bool,
    /// `inline_references=`: the foreign key stands with the column.
    pub(crate) inline_references: bool,
    /// `inline_primary_key=`: `PRIMARY KEY` stands with the column.
    pub(crate) inline_primary_key: bool,
}

/// `op.add_column(…)`: the column, then what it brings along, one statement each.
pub(crate) fn add_column(
    context: Context<'_>,
    table: &Table,
    column: &Column,
    options: AddColumn,
    origin: Origin,
) -> Output {
    let mut writer = Writer::new(context);
    let table = Table { columns: vec![column.clone()], ..table.clone() };
    writer.about(&table);
    let Some(column) = table.columns.first() else { return writer.output };
    let Some(text) = writer.column_without_checks(&table, column) else { return writer.output };
    let mut sql = Sql::new(origin);
    alter_table(&mut sql, &table).word(" ADD COLUMN ");
    if options.if_not_exists {
        sql.word("IF NOT EXISTS ");
    }
    sql.text(&text);
    if options.inline_primary_key && column.primary_key {
        sql.word(" PRIMARY KEY");
    }
    let inline = match column.foreign_keys.as_slice() {
        [key] if options.inline_references => Some(key),
        _ => None,
    };
    if let Some(key) = inline {
        let (schema, name, wanted) = writer.target_tokens(&key.target);
        let wanted = wanted.unwrap_or_else(|| column.key().clone());
        let mut reference = Sql::new(key.origin);
        reference.word(" REFERENCES ").text(&qualified(schema.as_ref(), &name));
        reference.word(" (").text(&quote::name(&wanted)).word(")");
        reference_options(&mut reference, &key.options);
        sql.text(&reference.done());
    }
    for check in &column.checks {
        if let Some(text) = writer.check(&table, check, true) {
            sql.word(" ").text(&text);
        }
    }
    writer.emit(sql);
    for part in Part::all(&table) {
        if !(inline.is_some() && part.reference().is_some()) {
            writer.add_part(&table, part);
        }
    }
    writer.indexes(&table);
    if let Some(comment) = &column.comment {
        writer.column_comment(&table, column, comment);
    }
    writer.output
}

/// `op.drop_column(…)`.
pub(crate) fn drop_column(
    context: Context<'_>,
    table: &Table,
    column: &Text,
    if_exists: bool,
    origin: Origin,
) -> Output {
    one(context, origin, |_, sql| {
        alter_table(sql, table).word(" DROP COLUMN ");
        if if_exists {
            sql.word("IF EXISTS ");
        }
        sql.text(&quote::name(column));
        Some(())
    })
}

/// What becomes of something that a column may have or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Change<T> {
    /// The argument was not given.
    #[default]
    Keep,
    /// `None` was given.
    Drop,
    /// What it is to be.
    Set(T),
}

impl<T> Change<T> {
    /// What it is to be, if anything; nothing at all when it stays as it is.
    fn wanted(&self) -> Result<Option<&T>, Kept> {
        match self {
            Self::Keep => Err(Kept),
            Self::Drop => Ok(None),
            Self::Set(wanted) => Ok(Some(wanted)),
        }
    }
}

/// It stays as it is.
struct Kept;

/// What `op.alter_column(…)` is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct AlterColumn {
    /// `type_=`.
    pub(crate) sql_type: Option<SqlType>,
    /// `postgresql_using=`.
    pub(crate) using: Option<Text>,
    /// `nullable=`.
    pub(crate) nullable: Option<bool>,
    /// `server_default=`.
    pub(crate) server_default: Change<ServerDefault>,
    /// `comment=`.
    pub(crate) comment: Change<Text>,
    /// `new_column_name=`.
    pub(crate) new_name: Option<Text>,
    /// `existing_type=`.
    pub(crate) existing_type: Option<SqlType>,
    /// `existing_server_default=`.
    pub(crate) existing_server_default: Option<ServerDefault>,
}

/// `op.alter_column(…)`: one statement for each thing that changes, the name last.
pub(crate) fn alter_column(
    context: Context<'_>,
    table: &Table,
    column: &Text,
    change: &AlterColumn,
    origin: Origin,
) -> Output {
    let mut writer = Writer::new(context);
    writer.about(table);
    let start = |sql: &mut Sql| {
        alter_table(sql, table).word(" ALTER COLUMN ").text(&quote::name(column)).word(" ");
    };
    if let (Some(existing), Some(_)) = (&change.existing_type, &change.sql_type)
        && let Some(enumeration) = checked(existing)
    {
        let name = enumeration.name.clone().map_or(Name::Unset, Name::Given);
        writer.drop_constraint(
            table,
            &Dropped { name, kind: Some("ck"), if_exists: false, cascade: false },
            origin,
        );
    }
    if let Some(sql_type) = &change.sql_type
        && let Some(text) = writer.sql_type(sql_type, None)
    {
        let mut sql = Sql::new(origin);
        start(&mut sql);
        sql.word("TYPE ").text(&text).word(" ");
        if let Some(using) = change.using.as_ref().filter(|using| !using.is_empty()) {
            sql.word("USING ").text(using);
        }
        writer.emit(sql);
    }
    if let Some(nullable) = change.nullable {
        let mut sql = Sql::new(origin);
        start(&mut sql);
        sql.word(if nullable { "DROP NOT NULL" } else { "SET NOT NULL" });
        writer.emit(sql);
    }
    if let Ok(default) = change.server_default.wanted() {
        let mut sql = Sql::new(origin);
        start(&mut sql);
        let existing = change.existing_server_default.as_ref();
        if writer.alter_default(&mut sql, table, default, existing, origin).is_some() {
            writer.emit(sql);
        }
    }
    if let Ok(comment) = change.comment.wanted() {
        let mut sql = Sql::new(origin);
        sql.word("COMMENT ON COLUMN ").text(&dotted_name(table)).word(".");
        sql.text(&quote::name(column)).word(" IS ");
        match comment {
            Some(comment) => sql.text(&quote::literal(comment)),
            None => sql.word("NULL"),
        };
        writer.emit(sql);
    }
    if let Some(new_name) = &change.new_name {
        let mut sql = Sql::new(origin);
        alter_table(&mut sql, table).word(" RENAME ").text(&quote::name(column));
        sql.word(" TO ").text(&quote::name(new_name));
        writer.emit(sql);
    }
    if let Some(sql_type) = &change.sql_type
        && checked(sql_type).is_some()
    {
        let changed = Column::new(column.clone(), sql_type.clone(), origin);
        let table = Table { columns: vec![changed], ..table.clone() };
        for part in Part::all(&table) {
            writer.add_part(&table, part);
        }
    }
    writer.output
}

/// The enumeration that has a check of its own.
fn checked(sql_type: &SqlType) -> Option<&Enum> {
    match &sql_type.kind {
        Kind::Enum(found) if found.create_constraint && !found.native => Some(found),
        _ => None,
    }
}

/// `op.create_index(…)`, `CreateIndex(index)`.
pub(crate) fn create_index(
    context: Context<'_>,
    table: &Table,
    index: &Index,
    if_not_exists: bool,
) -> Output {
    let mut writer = Writer::new(context);
    writer.about(table);
    let keys = index.elements.iter().filter_map(|element| match element {
        IndexElement::Column(key) => Some(key),
        IndexElement::Clause(_) => None,
    });
    let table = with_columns(table, keys.chain(&index.include));
    writer.create_index(&table, index, if_not_exists);
    writer.output
}

/// `op.drop_index(…)`, `DropIndex(index)`. The table may be unknown, and then has no name.
pub(crate) fn drop_index(
    context: Context<'_>,
    table: &Table,
    name: &Name,
    if_exists: bool,
    concurrently: bool,
    origin: Origin,
) -> Output {
    one(context, origin, |writer, sql| {
        let index = Index { name: name.clone(), origin, ..Index::default() };
        let name = writer.index_name(table, &index)?;
        sql.gap("\n").word("DROP INDEX ");
        if concurrently {
            sql.word("CONCURRENTLY ");
        }
        if if_exists {
            sql.word("IF EXISTS ");
        }
        if let Some(schema) = &table.schema {
            sql.text(&quote::name(schema)).word(".");
        }
        sql.text(&name);
        Some(())
    })
}

/// `op.create_unique_constraint(…)` and its kin for checks, foreign keys, primary keys and
/// exclusions; `AddConstraint(constraint)`.
pub(crate) fn create_constraint(
    context: Context<'_>,
    table: &Table,
    constraint: &Constraint,
) -> Output {
    let mut writer = Writer::new(context);
    writer.about(table);
    let keys: Vec<&ColumnReference> = match constraint {
        Constraint::PrimaryKey(key) => key.columns.iter().chain(&key.include).collect(),
        Constraint::ForeignKey(key) => key.columns.iter().collect(),
        Constraint::Unique(unique) => unique.columns.iter().chain(&unique.include).collect(),
        Constraint::Check(_) | Constraint::Exclude(_) => Vec::new(),
    };
    let mut table = with_columns(table, keys.into_iter());
    table.constraints = vec![constraint.clone()];
    writer.add_part(&table, Part::Table(constraint));
    writer.output
}

/// A constraint that is to be dropped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dropped {
    /// Its name.
    pub(crate) name: Name,
    /// `type_=` as the naming convention has it: `uq`, `ck`, `fk`, `pk`.
    pub(crate) kind: Option<&'static str>,
    /// `if_exists=`.
    pub(crate) if_exists: bool,
    /// `cascade=`, of `DropConstraint` alone.
    pub(crate) cascade: bool,
}

/// `op.drop_constraint(…)`, `DropConstraint(constraint)`.
pub(crate) fn drop_constraint(
    context: Context<'_>,
    table: &Table,
    dropped: &Dropped,
    origin: Origin,
) -> Output {
    let mut writer = Writer::new(context);
    writer.about(table);
    writer.drop_constraint(table, dropped, origin);
    writer.output
}

/// `op.create_table_comment(…)`, `op.drop_table_comment(…)`, `SetTableComment(table)`.
pub(crate) fn table_comment(context: Context<'_>, table: &Table, comment: Option<&Text>) -> Output {
    let mut writer = Writer::new(context);
    writer.table_comment(table, comment);
    writer.output
}

/// `CreateSchema(name)`.
pub(crate) fn create_schema(
    context: Context<'_>,
    name: &Text,
    if_not_exists: bool,
    origin: Origin,
) -> Output {
    one(context, origin, |_, sql| {
        sql.word("CREATE SCHEMA ");
        if if_not_exists {
            sql.word("IF NOT EXISTS ");
        }
        sql.text(&quote::name(name));
        Some(())
    })
}

/// `DropSchema(name)`.
pub(crate) fn drop_schema(
    context: Context<'_>,
    name: &Text,
    if_exists: bool,
    cascade: bool,
    origin: Origin,
) -> Output {
    one(context, origin, |_, sql| {
        sql.word("DROP SCHEMA ");
        if if_exists {
            sql.word("IF EXISTS ");
        }
        sql.text(&quote::name(name));
        if cascade {
            sql.word(" CASCADE");
        }
        Some(())
    })
}

/// `CreateSequence(sequence)`.
pub(crate) fn create_sequence(
    context: Context<'_>,
    sequence: &Sequence,
    if_not_exists: bool,
) -> Output {
    let mut writer = Writer::new(context);
    writer.create_sequence(sequence, if_not_exists);
    writer.output
}

/// `DropSequence(sequence)`.
pub(crate) fn drop_sequence(context: Context<'_>, sequence: &Sequence, if_exists: bool) -> Output {
    one(context, sequence.origin, |_, sql| {
        sql.word("DROP SEQUENCE ");
        if if_exists {
            sql.word("IF EXISTS ");
        }
        sql.text(&sequence_name(sequence));
        Some(())
    })
}

/// `enumeration.create(bind)`, `domain.create(bind)`.
pub(crate) fn create_type(context: Context<'_>, named: &NamedType) -> Output {
    let mut writer = Writer::new(context);
    let named = named_type(named);
    let schema = match named {
        NamedTypeRef::Enum(enumeration) if !enumeration.native => return writer.output,
        NamedTypeRef::Enum(enumeration) => enumeration.schema.as_ref(),
        NamedTypeRef::Domain(domain) => domain.schema.as_ref(),
    };
    writer.create_type(named, schema);
    writer.output
}

/// `enumeration.drop(bind)`, `domain.drop(bind)`.
pub(crate) fn drop_type(context: Context<'_>, named: &NamedType) -> Output {
    let (words, schema, name, origin) = match named {
        NamedType::Enum(Enum { native: false, .. }) => return Output::default(),
        NamedType::Enum(enumeration) => {
            ("DROP TYPE ", &enumeration.schema, enumeration.name.as_ref(), enumeration.origin)
        }
        NamedType::Domain(domain) => {
            ("DROP DOMAIN ", &domain.schema, Some(&domain.name), domain.origin)
        }
    };
    one(context, origin, |writer, sql| {
        let Some(name) = name else {
            writer.problem("an enumeration of PostgreSQL's own needs a name", origin);
            return None;
        };
        sql.word(words).text(&qualified(schema.as_ref(), name));
        Some(())
    })
}

/// Writes one statement.
fn one(
    context: Context<'_>,
    origin: Origin,
    write: impl FnOnce(&mut Writer<'_>, &mut Sql) -> Option<()>,
) -> Output {
    let mut writer = Writer::new(context);
    let mut sql = Sql::new(origin);
    if write(&mut writer, &mut sql).is_some() {
        writer.emit(sql);
    }
    writer.output
}

impl Writer<'_> {
    /// A column as `ADD COLUMN` has it, where the checks come after the reference.
    fn column_without_checks(&mut self, table: &Table, column: &Column) -> Option<Text> {
        let bare = Table {
            columns: vec![Column { checks: Vec::new(), ..column.clone() }],
            ..table.clone()
        };
        bare.columns.first().and_then(|column| self.column(&bare, column))
    }

    fn drop_constraint(&mut self, table: &Table, dropped: &Dropped, origin: Origin) {
        let named = Named {
            kind: dropped.kind,
            name: &dropped.name,
            table,
            columns: Vec::new(),
            targets: Vec::new(),
            origin,
        };
        let Ok(name) = self.constraint_name(&named) else { return };
        let Some(name) = name else {
            return self.problem("a constraint without a name cannot be dropped", origin);
        };
        let mut sql = Sql::new(origin);
        sql.word("ALTER TABLE ").text(&table_name(table)).word(" DROP CONSTRAINT ");
        if dropped.if_exists {
            sql.word("IF EXISTS ");
        }
        sql.text(&name);
        if dropped.cascade {
            sql.word(" CASCADE");
        }
        self.emit(sql);
    }

    /// What follows `ALTER COLUMN x` when the default changes.
    fn alter_default(
        &mut self,
        sql: &mut Sql,
        table: &Table,
        default: Option<&ServerDefault>,
        existing: Option<&ServerDefault>,
        origin: Origin,
    ) -> Option<()> {
        let computed = |default| matches!(default, Some(&ServerDefault::Computed(_)));
        if computed(default) || computed(existing) {
            self.problem("a column cannot become generated, or cease to be", origin);
            return None;
        }
        match (default, existing) {
            (None, Some(ServerDefault::Identity(_))) => _ = sql.word("DROP IDENTITY"),
            (Some(ServerDefault::Identity(identity)), None) => {
                sql.word("ADD ").text(&identity_column(identity));
            }
            (Some(ServerDefault::Identity(identity)), Some(existing)) => {
                let unlike = Identity::default();
                let existing = match existing {
                    ServerDefault::Identity(existing) => existing,
                    _ => &unlike,
                };
                sql.word(&identity_change(identity, existing));
            }
            (None, _) => _ = sql.word("DROP DEFAULT"),
            (Some(ServerDefault::Literal(value)), _) => {
                sql.word("SET DEFAULT ").text(&quote::literal(value));
            }
            (Some(ServerDefault::Clause(clause)), _) => {
                let place = Place { table: Some(table), qualified: true };
                let text = self.clause(clause, place)?;
                sql.word("SET DEFAULT ").text(&text);
            }
            (Some(ServerDefault::Fetched | ServerDefault::Computed(_)), _) => {
                self.problem("FetchedValue() cannot be set as a default", origin);
                return None;
            }
        }
        Some(())
    }
}

/// `SET GENERATED ALWAYS SET INCREMENT BY 2 `: what an identity column is told anew.
fn identity_change(identity: &Identity, existing: &Identity) -> String {
    let mut words = String::new();
    let mut set = |word: String| {
        words.push_str("SET ");
        words.push_str(&word);
        words.push(' ');
    };
    if identity.always != existing.always {
        set(format!("GENERATED {}", if identity.always { "ALWAYS" } else { "BY DEFAULT" }));
    }
    let SequenceOptions {
        start,
        increment,
        minvalue,
        maxvalue,
        nominvalue,
        nomaxvalue,
        cache,
        cycle,
    } = identity.options;
    let old = existing.options;
    let number = |name: &str, new: Option<i64>, old: Option<i64>| {
        new.filter(|_| new != old).map(|value| format!("{name} {value}"))
    };
    let changed = [
        number("CACHE", cache, old.cache),
        cycle
            .filter(|_| cycle != old.cycle)
            .map(|cycle| if cycle { "CYCLE" } else { "NO CYCLE" }.to_owned()),
        number("INCREMENT BY", increment, old.increment),
        number("MAXVALUE", maxvalue, old.maxvalue),
        number("MINVALUE", minvalue, old.minvalue),
        (nomaxvalue && !old.nomaxvalue).then(|| "NO MAXVALUE".to_owned()),
        (nominvalue && !old.nominvalue).then(|| "NO MINVALUE".to_owned()),
        number("START WITH", start, old.start),
    ];
    changed.into_iter().flatten().for_each(&mut set);
    words
}

/// The table with columns of these names, of which nothing else is known.
fn with_columns<'a>(table: &Table, keys: impl Iterator<Item = &'a ColumnReference>) -> Table {
    let mut table = table.clone();
    for key in keys {
        if table.column(key.as_str()).is_none() {
            let sql_type = SqlType::new(Kind::Null, table.origin);
            table.columns.push(Column::new(key.clone(), sql_type, table.origin));
        }
    }
    table
}

fn alter_table<'a>(sql: &'a mut Sql, table: &Table) -> &'a mut Sql {
    sql.word("ALTER TABLE ").text(&dotted_name(table))
}

/// The table as Alembic's own statements name it: a schema with a dot in it counts as two names.
fn dotted_name(table: &Table) -> Text {
    let Some(schema) = &table.schema else {
        return quote::name_with(&table.name, table.quote);
    };
    let mut sql = Sql::new(table.origin);
    let mut start = 0;
    for part in schema.as_str().split('.') {
        let end = start + part.len();
        sql.text(&quote::name(&schema.slice(start, end))).gap(".");
        start = end + 1;
    }
    sql.text(&quote::name_with(&table.name, table.quote)).done()
}
