//! `CREATE TABLE` and the comments, as SQLAlchemy writes them.

use schemaward_catalog::Origin;

use super::clause::Place;
use super::naming::{Named, ResolvedTarget, tokens};
use super::{Sql, Writer, quote};
use crate::schema::{
    Affinity, Autoincrement, Column, ColumnReference, Constraint, Enum, ForeignKey,
    ForeignKeyConstraint, ForeignKeyOptions, Generator, Identity, Kind, SequenceOptions,
    ServerDefault, SqlType, Table, Target,
};
use crate::text::Text;

/// How many foreign keys are followed to find a column's type.
const LONGEST_CHAIN: usize = 32;

/// A constraint of a table, wherever it was written.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    /// One that was written for the table.
    Table(&'a Constraint),
    /// `unique=True`.
    Unique(&'a Column),
    /// The check of an enumeration that is not PostgreSQL's own.
    OfType(&'a Column, &'a Enum),
    /// `ForeignKey(...)`.
    ForeignKey(&'a Column, &'a ForeignKey),
}

/// A foreign key, wherever it was written.
pub(super) struct Reference<'a> {
    pub(super) columns: Vec<&'a ColumnReference>,
    pub(super) targets: Vec<&'a Target>,
    pub(super) options: &'a ForeignKeyOptions,
    pub(super) origin: Origin,
}

impl<'a> Part<'a> {
    /// All of a table's constraints but its primary key, in the order SQLAlchemy writes them:
    /// those written for the table come first, because they are made before it is.
    pub(super) fn all(table: &'a Table) -> Vec<Self> {
        let written = table
            .constraints
            .iter()
            .filter(|constraint| !matches!(constraint, Constraint::PrimaryKey(_)))
            .map(Self::Table);
        let brought = table.columns.iter().flat_map(Self::of_column);
        written.chain(brought).collect()
    }

    /// What a column brings along.
    fn of_column(column: &'a Column) -> Vec<Self> {
        let mut parts = Vec::new();
        if column.unique && !column.index {
            parts.push(Self::Unique(column));
        }
        if let Kind::Enum(enumeration) = &column.sql_type.kind
            && enumeration.create_constraint
            && !enumeration.native
        {
            parts.push(Self::OfType(column, enumeration));
        }
        parts.extend(column.foreign_keys.iter().map(|key| Self::ForeignKey(column, key)));
        parts
    }

    /// The foreign key it is.
    pub(super) fn reference(self) -> Option<Reference<'a>> {
        match self {
            Self::ForeignKey(column, ForeignKey { target, options, origin }) => Some(Reference {
                columns: vec![column.key()],
                targets: vec![target],
                options,
                origin: *origin,
            }),
            Self::Table(Constraint::ForeignKey(key)) => {
                let ForeignKeyConstraint { columns, targets, options, origin } = key;
                Some(Reference {
                    columns: columns.iter().collect(),
                    targets: targets.iter().collect(),
                    options,
                    origin: *origin,
                })
            }
            _ => None,
        }
    }
}

/// The column that makes its own values, which PostgreSQL's `SERIAL` does.
pub(super) fn autoincrement_column(table: &Table) -> Option<&Column> {
    let referring = |column: &Column| {
        !column.foreign_keys.is_empty()
            || table.constraints.iter().any(|constraint| match constraint {
                Constraint::ForeignKey(key) => {
                    key.columns.iter().any(|name| name.as_str() == column.key().as_str())
                }
                _ => false,
            })
    };
    let default_allows = |column: &Column| {
        let of_python = column
            .default
            .as_ref()
            .is_none_or(|default| matches!(default.generator, Generator::Sequence(_)));
        let of_server = matches!(column.server_default, None | Some(ServerDefault::Identity(_)));
        of_python && of_server
    };
    let counts = |column: &Column| {
        matches!(column.sql_type.affinity(), Affinity::Integer | Affinity::Numeric)
    };
    let columns = table.key_columns();
    if let [column] = *columns {
        let chosen = match column.autoincrement {
            Autoincrement::Always => true,
            Autoincrement::Never => false,
            Autoincrement::Auto => counts(column) && default_allows(column) && !referring(column),
            Autoincrement::IgnoreForeignKey => counts(column) && default_allows(column),
        };
        return chosen.then_some(column);
    }
    columns.into_iter().find(|column| column.autoincrement == Autoincrement::Always)
}

impl Writer<'_> {
    /// `CREATE TABLE`. `inline` tells which foreign keys stand in it.
    pub(super) fn create_table(
        &mut self,
        table: &Table,
        if_not_exists: bool,
        inline: &dyn Fn(usize) -> bool,
    ) {
        let mut sql = Sql::new(table.origin);
        sql.gap("\n").word("CREATE ");
        for prefix in &table.prefixes {
            sql.text(prefix).word(" ");
        }
        sql.word("TABLE ");
        if if_not_exists {
            sql.word("IF NOT EXISTS ");
        }
        sql.text(&table_name(table)).word(" (");
        let mut separator = "\n";
        for column in table.columns.iter().filter(|column| !column.system) {
            if let Some(text) = self.column(table, column) {
                sql.gap(separator).gap("\t").text(&text);
                separator = ", \n";
            }
        }
        let mut constraints = Vec::new();
        constraints.extend(self.primary_key(table));
        for (index, part) in Part::all(table).into_iter().enumerate() {
            if part.reference().is_some() && !inline(index) {
                continue;
            }
            constraints.extend(self.part(table, part));
        }
        if !constraints.is_empty() {
            sql.gap(separator).gap("\t").list(&constraints, ", \n\t");
        }
        sql.gap("\n").word(")");
        self.table_options(&mut sql, table);
        sql.gap("\n\n");
        self.emit(sql);
    }

    fn table_options(&mut self, sql: &mut Sql, table: &Table) {
        let options = &table.options;
        if !options.inherits.is_empty() {
            let names: Vec<Text> = options.inherits.iter().map(quote::name).collect();
            sql.word("\n INHERITS ( ").list(&names, ", ").word(" )");
        }
        if let Some(partition_by) = &options.partition_by {
            sql.word("\n PARTITION BY ").text(partition_by);
        }
        if let Some(using) = &options.using {
            sql.word("\n USING ").text(using);
        }
        match options.with_oids {
            Some(true) => _ = sql.word("\n WITH OIDS"),
            Some(false) => _ = sql.word("\n WITHOUT OIDS"),
            None => {}
        }
        if let Some(on_commit) = &options.on_commit {
            let words = on_commit.as_str().replace('_', " ").to_uppercase();
            sql.word("\n ON COMMIT ").text(&on_commit.computed(words));
        }
        if let Some(tablespace) = &options.tablespace {
            sql.word("\n TABLESPACE ").text(&quote::name(tablespace));
        }
    }

    /// A column as it stands in `CREATE TABLE` and `ADD COLUMN`.
    pub(super) fn column(&mut self, table: &Table, column: &Column) -> Option<Text> {
        let mut sql = Sql::new(column.origin);
        sql.text(&quote::name_with(&column.name, column.quote)).word(" ");
        let identity = match &column.server_default {
            Some(ServerDefault::Identity(identity)) => Some(identity),
            _ => None,
        };
        let own_sequence = match column.default.as_ref().map(|default| &default.generator) {
            None => false,
            Some(Generator::Sequence(sequence)) => !sequence.optional,
            Some(_) => true,
        };
        let serial = autoincrement_column(table).is_some_and(|other| std::ptr::eq(other, column))
            && identity.is_none()
            && !own_sequence;
        if serial {
            let mut serial = Sql::new(column.sql_type.origin);
            serial.word(match column.sql_type.kind {
                Kind::BigInteger => "BIGSERIAL",
                Kind::SmallInteger => "SMALLSERIAL",
                _ => "SERIAL",
            });
            sql.text(&serial.done());
        } else {
            let inferred = self.inferred_type(table, column, LONGEST_CHAIN);
            let Some(sql_type) = self.sql_type(&inferred, table.schema.as_ref()) else {
                self.problem(
                    format!("column {:?} is left out", column.name.as_str()),
                    column.origin,
                );
                return None;
            };
            sql.text(&sql_type);
            let default = match &column.server_default {
                Some(ServerDefault::Literal(value)) => Some(quote::literal(value)),
                Some(ServerDefault::Clause(clause)) => {
                    self.clause(clause, Place { table: Some(table), qualified: true })
                }
                _ => None,
            };
            if let Some(default) = default {
                sql.word(" DEFAULT ").text(&default);
            }
        }
        if let Some(ServerDefault::Computed(computed)) = &column.server_default {
            let place = Place { table: Some(table), qualified: false };
            if computed.persisted == Some(false) {
                let message = "SQLAlchemy 2.0 makes no virtual generated columns on PostgreSQL";
                self.problem(message, computed.origin);
            } else if let Some(expression) = self.clause(&computed.expression, place) {
                let mut generated = Sql::new(computed.origin);
                generated.word("GENERATED ALWAYS AS (").text(&expression).word(") STORED");
                sql.word(" ").text(&generated.done());
            }
        }
        if let Some(identity) = identity {
            sql.word(" ").text(&identity_column(identity));
        }
        match (table.takes_null(column), identity) {
            (false, None) => _ = sql.word(" NOT NULL"),
            (true, Some(_)) => _ = sql.word(" NULL"),
            _ => {}
        }
        for check in &column.checks {
            if let Some(text) = self.check(table, check, true) {
                sql.word(" ").text(&text);
            }
        }
        Some(sql.done())
    }

    /// The column's type; that of the column it refers to when it has none itself.
    fn inferred_type(&self, table: &Table, column: &Column, chain: usize) -> SqlType {
        if column.sql_type.kind != Kind::Null || chain == 0 {
            return column.sql_type.clone();
        }
        let position = |key: &ForeignKeyConstraint| {
            key.columns.iter().position(|name| name.as_str() == column.key().as_str())
        };
        let of_column = column.foreign_keys.iter().map(|key| (&key.target, &key.options));
        let of_table = table.constraints.iter().filter_map(|constraint| match constraint {
            Constraint::ForeignKey(key) => {
                position(key).and_then(|at| key.targets.get(at)).map(|to| (to, &key.options))
            }
            _ => None,
        });
        let found = of_column.chain(of_table).find_map(|(target, options)| {
            let (referred, column) = self.referred(table, column.key(), target, options)?;
            let found = self.inferred_type(referred, column?, chain - 1);
            (found.kind != Kind::Null).then_some(found)
        });
        // The type is the referred column's, but it stands here because this column refers to it.
        found.map_or_else(
            || column.sql_type.clone(),
            |found| SqlType { origin: column.origin, ..found },
        )
    }

    /// The table and the column that a foreign key means, as far as they are known.
    fn referred<'t>(
        &'t self,
        table: &'t Table,
        column: &Text,
        target: &Target,
        options: &ForeignKeyOptions,
    ) -> Option<(&'t Table, Option<&'t Column>)> {
        let (schema, name, wanted) = self.target_tokens(target);
        let same = |other: &Table| {
            other.name.as_str() == name.as_str()
                && other.schema.as_ref().map(Text::as_str) == schema.as_ref().map(Text::as_str)
        };
        let found = if same(table) {
            table
        } else {
            self.context.metadata?.tables.iter().find(|other| same(other))?
        };
        let wanted = wanted.unwrap_or_else(|| column.clone());
        let column = if options.link_to_name {
            found.columns.iter().find(|c| c.name.as_str() == wanted.as_str())
        } else {
            found.column(wanted.as_str())
        };
        Some((found, column))
    }

    /// A target's schema (that of the metadata where it names none), table and column.
    pub(super) fn target_tokens(&self, target: &Target) -> (Option<Text>, Text, Option<Text>) {
        let (schema, table, column) = tokens(target);
        let schema = match target {
            Target::Spec(_) => {
                schema.or_else(|| self.context.metadata.and_then(|all| all.schema.clone()))
            }
            Target::Column { .. } => schema,
        };
        (schema, table, column)
    }

    pub(super) fn resolve(
        &self,
        table: &Table,
        column: &Text,
        target: &Target,
        options: &ForeignKeyOptions,
    ) -> ResolvedTarget {
        let (schema, name, wanted) = self.target_tokens(target);
        let wanted = wanted.unwrap_or_else(|| column.clone());
        let found = self.referred(table, column, target, options).and_then(|(_, column)| column);
        let column = match found {
            Some(found) if found.name.as_str() != wanted.as_str() => {
                wanted.computed(found.name.as_str())
            }
            _ => wanted,
        };
        ResolvedTarget { schema, table: name, column }
    }

    /// `COMMENT ON` the table, its columns and its constraints.
    pub(super) fn comments(&mut self, table: &Table, of_constraints: bool) {
        if let Some(comment) = &table.comment {
            self.table_comment(table, Some(comment));
        }
        for column in &table.columns {
            if let Some(comment) = &column.comment {
                self.column_comment(table, column, comment);
            }
        }
        if of_constraints {
            self.constraint_comments(table);
        }
    }

    /// `COMMENT ON TABLE`.
    pub(super) fn table_comment(&mut self, table: &Table, comment: Option<&Text>) {
        let mut sql = Sql::new(table.origin);
        sql.word("COMMENT ON TABLE ").text(&table_name(table)).word(" IS ");
        match comment {
            Some(comment) => sql.text(&quote::literal(comment)),
            None => sql.word("NULL"),
        };
        self.emit(sql);
    }

    /// `COMMENT ON COLUMN`.
    pub(super) fn column_comment(&mut self, table: &Table, column: &Column, comment: &Text) {
        let mut sql = Sql::new(column.origin);
        sql.word("COMMENT ON COLUMN ").text(&table_name(table)).word(".");
        sql.text(&column_label(column)).word(" IS ").text(&quote::literal(comment));
        self.emit(sql);
    }

    fn constraint_comments(&mut self, table: &Table) {
        for constraint in &table.constraints {
            let (kind, name, comment, origin) = match constraint {
                Constraint::PrimaryKey(key) => ("pk", &key.name, &key.comment, key.origin),
                Constraint::Unique(unique) => ("uq", &unique.name, &unique.comment, unique.origin),
                Constraint::Check(check) => ("ck", &check.name, &check.comment, check.origin),
                Constraint::ForeignKey(key) => {
                    ("fk", &key.options.name, &key.options.comment, key.origin)
                }
                Constraint::Exclude(_) => continue,
            };
            let Some(comment) = comment else { continue };
            let named = Named {
                kind: Some(kind),
                name,
                table,
                columns: Vec::new(),
                targets: Vec::new(),
                origin,
            };
            match self.constraint_name(&named) {
                Ok(Some(name)) => {
                    let mut sql = Sql::new(origin);
                    sql.word("COMMENT ON CONSTRAINT ").text(&name).word(" ON ");
                    sql.text(&table_name(table)).word(" IS ").text(&quote::literal(comment));
                    self.emit(sql);
                }
                _ => self.problem("a constraint with a comment needs a name", origin),
            }
        }
    }
}

/// The table with its schema.
pub(super) fn table_name(table: &Table) -> Text {
    let name = quote::name_with(&table.name, table.quote);
    match &table.schema {
        Some(schema) => {
            Sql::new(table.origin).text(&quote::name(schema)).gap(".").text(&name).done()
        }
        None => name,
    }
}

/// A column's name where it is written down as such.
pub(super) fn column_label(column: &Column) -> Text {
    quote::name_with(&column.name, column.quote)
}

/// A column's name where a constraint or an index refers to it by its key.
pub(super) fn column_name(table: &Table, key: &ColumnReference) -> Text {
    match table.column(key.as_str()) {
        Some(column) if column.name.as_str() == key.as_str() => quote::name_with(key, column.quote),
        Some(column) => quote::name_with(&key.computed(column.name.as_str()), column.quote),
        None => quote::name(key),
    }
}

/// `GENERATED … AS IDENTITY`.
pub(super) fn identity_column(identity: &Identity) -> Text {
    let mut sql = Sql::new(identity.origin);
    let when = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    sql.word(&format!("GENERATED {when} AS IDENTITY"));
    let options = sequence_options(&identity.options);
    if !options.is_empty() {
        sql.word(&format!(" ({options})"));
    }
    sql.done()
}

/// What a sequence is told.
pub(super) fn sequence_options(options: &SequenceOptions) -> String {
    let mut words = Vec::new();
    words.extend(options.increment.map(|by| format!("INCREMENT BY {by}")));
    words.extend(options.start.map(|start| format!("START WITH {start}")));
    words.extend(options.minvalue.map(|value| format!("MINVALUE {value}")));
    words.extend(options.maxvalue.map(|value| format!("MAXVALUE {value}")));
    words.extend(options.nominvalue.then(|| "NO MINVALUE".to_owned()));
    words.extend(options.nomaxvalue.then(|| "NO MAXVALUE".to_owned()));
    words.extend(options.cache.map(|cache| format!("CACHE {cache}")));
    words.extend(options.cycle.map(|cycle| if cycle { "CYCLE" } else { "NO CYCLE" }.to_owned()));
    words.join(" ")
}

pub(super) fn include(sql: &mut Sql, table: &Table, columns: &[ColumnReference]) {
    if !columns.is_empty() {
        let names: Vec<Text> = columns.iter().map(|column| column_name(table, column)).collect();
        sql.word(" INCLUDE (").list(&names, ", ").word(")");
    }
}

pub(super) fn constraint_origin(constraint: &Constraint) -> Origin {
    match constraint {
        Constraint::PrimaryKey(key) => key.origin,
        Constraint::ForeignKey(key) => key.origin,
        Constraint::Unique(unique) => unique.origin,
        Constraint::Check(check) => check.origin,
        Constraint::Exclude(exclude) => exclude.origin,
    }
}
