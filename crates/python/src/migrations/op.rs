//! Alembic's operations and SQLAlchemy's schema elements → the statements they emit.

use schemaward_catalog::Origin;

use crate::construct::{Build, library_call};
use crate::ddl::alter::{self, AddColumn, AlterColumn, Change, Dropped};
use crate::ddl::{Context, Made, Output};
use crate::interpret::{Arg, Args, Value};
use crate::schema::{
    Constraint, ForeignKeyConstraint, Kind, Name, NamedType, SqlType, Table, Target,
};
use crate::text::Text;

/// Why an operation has no statement: what of it is not known, and the table it is about if that is.
pub(super) struct Unknown {
    pub(super) what: String,
    pub(super) table: Option<String>,
}

/// The operations that work on tables, in `op` and in batches.
pub(super) const OPERATIONS: &[&str] = &[
    "add_column",
    "alter_column",
    "create_check_constraint",
    "create_exclude_constraint",
    "create_foreign_key",
    "create_index",
    "create_primary_key",
    "create_table",
    "create_table_comment",
    "create_unique_constraint",
    "drop_column",
    "drop_constraint",
    "drop_index",
    "drop_table",
    "drop_table_comment",
    "rename_table",
];

/// Reads the arguments of one operation.
struct Reader<'b, 'i, 'a, 'h> {
    build: &'b mut Build<'i, 'a, 'h>,
    args: &'b Args,
    origin: Origin,
    /// The table, once it is known.
    table: Option<String>,
}

impl Reader<'_, '_, '_, '_> {
    fn unknown(&self, what: &str) -> Unknown {
        Unknown { what: what.to_owned(), table: self.table.clone() }
    }

    fn text(&mut self, at: usize, name: &str, what: &str) -> Result<Text, Unknown> {
        let value = self.args.value(at, name).cloned();
        if let Some(Value::Unknown(unknown)) = &value {
            let what = format!("{what} is not known: {}", unknown.reason);
            return Err(Unknown { what, table: self.table.clone() });
        }
        let before = self.build.problems.len();
        let found = self.build.text(value.as_ref(), what, self.origin);
        self.build.problems.truncate(before);
        found.ok_or_else(|| self.unknown(&format!("{what} is not known")))
    }

    fn named(&self, name: &str) -> Option<Value> {
        self.args.named(name).map(|arg| arg.value.clone())
    }

    fn flag(&mut self, name: &str) -> bool {
        let value = self.named(name).filter(|value| !value.is_none());
        self.build.flag(value.as_ref(), false, &format!("`{name}`"), self.origin)
    }

    fn schema(&mut self, name: &str) -> Result<Option<Text>, Unknown> {
        match self.named(name) {
            None | Some(Value::None) => Ok(None),
            Some(_) => self.text(usize::MAX, name, "the schema").map(Some),
        }
    }

    /// The table that an argument names.
    fn table(&mut self, at: usize, name: &str) -> Result<Table, Unknown> {
        let name = self.text(at, name, "the table")?;
        self.table = Some(name.as_str().to_owned());
        Ok(Table { name, schema: self.schema("schema")?, origin: self.origin, ..Table::default() })
    }

    fn name(&mut self, at: usize, name: &str) -> Result<Name, Unknown> {
        match self.args.value(at, name).cloned() {
            None | Some(Value::None) => Ok(Name::Unset),
            Some(value) => match self.build.name(Some(&value)) {
                Name::Unset => Err(self.unknown(&format!("its name is not known: {value:?}"))),
                found => Ok(found),
            },
        }
    }

    /// The constraint of a kind: its arguments after the first ones, and a name.
    fn constraint(
        &mut self,
        kind: &str,
        name: Option<Value>,
        positional: Vec<Value>,
    ) -> Result<Constraint, Unknown> {
        let origin = self.origin;
        let mut list: Vec<Arg> =
            positional.into_iter().map(|value| Arg { name: None, value, origin }).collect();
        list.extend(self.args.list.iter().filter(|arg| arg.name.is_some()).cloned());
        list.retain(|arg| arg.name.as_deref() != Some("name"));
        if let Some(value) = name {
            list.push(Arg { name: Some("name".to_owned()), value, origin });
        }
        let args = Args { list, more: self.args.more };
        let made = self.build.constraint_of(kind, &args, origin);
        made.ok_or_else(|| self.unknown("what it constrains is not known"))
    }

    /// The names in a list; all of them must be known.
    fn names(&mut self, at: usize, name: &str) -> Result<Vec<Value>, Unknown> {
        let Some(value) = self.args.value(at, name).cloned() else {
            return Err(self.unknown("its columns are not known"));
        };
        let list = self.build.list(&value, self.origin);
        match list.iter().find(|item| item.is_unknown()) {
            Some(item) => Err(self.unknown(&format!("its columns are not known: {item:?}"))),
            None => Ok(list),
        }
    }
}

/// The statements of an operation; `made` are the types that were made before.
pub(super) fn operation(
    build: &mut Build<'_, '_, '_>,
    context: Context<'_>,
    made: &mut Made,
    name: &str,
    args: &Args,
    origin: Origin,
) -> Result<Output, Unknown> {
    let mut reader = Reader { build, args, origin, table: None };
    let reader = &mut reader;
    Ok(match name {
        "create_table" => {
            let mut table = reader.table(0, "table_name")?;
            let if_not_exists = reader.flag("if_not_exists");
            let args = Args {
                list: args
                    .list
                    .iter()
                    .filter(|arg| arg.name.as_deref() != Some("if_not_exists"))
                    .cloned()
                    .collect(),
                more: args.more,
            };
            reader.build.table_items(&args, 1, &mut table);
            if args.more {
                reader.build.problem("not all of its arguments are known", origin);
            }
            alter::create_table(context, &table, if_not_exists, made)
        }
        "drop_table" => {
            let table = reader.table(0, "table_name")?;
            let if_exists = reader.flag("if_exists");
            alter::drop_table(context, &table, if_exists)
        }
        "rename_table" => {
            let table = reader.table(0, "old_table_name")?;
            let new_name = reader.text(1, "new_table_name", "its new name")?;
            alter::rename_table(context, &table, &new_name)
        }
        "add_column" => {
            let table = reader.table(0, "table_name")?;
            let column = args.value(1, "column").cloned();
            let column = column.and_then(|value| reader.build.column(&value));
            let Some(column) = column else {
                return Err(reader.unknown("the column is not known"));
            };
            let options = AddColumn {
                if_not_exists: reader.flag("if_not_exists"),
                inline_references: reader.flag("inline_references"),
                inline_primary_key: reader.flag("inline_primary_key"),
            };
            alter::add_column(context, &table, &column, options, origin)
        }
        "drop_column" => {
            let table = reader.table(0, "table_name")?;
            let column = reader.text(1, "column_name", "the column")?;
            let if_exists = reader.flag("if_exists");
            alter::drop_column(context, &table, &column, if_exists, origin)
        }
        "alter_column" => {
            let table = reader.table(0, "table_name")?;
            let column = reader.text(1, "column_name", "the column")?;
            let change = alter_column(reader)?;
            alter::alter_column(context, &table, &column, &change, origin)
        }
        "create_primary_key" | "create_unique_constraint" => {
            let table = reader.table(1, "table_name")?;
            reader.name(0, "constraint_name")?;
            let kind = match name {
                "create_primary_key" => "PrimaryKeyConstraint",
                _ => "UniqueConstraint",
            };
            let columns = reader.names(2, "columns")?;
            let name = args.value(0, "constraint_name").cloned();
            let constraint = reader.constraint(kind, name, columns)?;
            alter::create_constraint(context, &table, &constraint)
        }
        "create_check_constraint" => {
            let table = reader.table(1, "table_name")?;
            reader.name(0, "constraint_name")?;
            let condition = match args.value(2, "condition") {
                Some(value) if !value.is_unknown() => value.clone(),
                _ => return Err(reader.unknown("its condition is not known")),
            };
            let name = args.value(0, "constraint_name").cloned();
            let constraint = reader.constraint("CheckConstraint", name, vec![condition])?;
            alter::create_constraint(context, &table, &constraint)
        }
        "create_exclude_constraint" => {
            let table = reader.table(1, "table_name")?;
            reader.name(0, "constraint_name")?;
            let elements = args.positional().skip(2).map(|arg| arg.value.clone()).collect();
            let name = args.value(0, "constraint_name").cloned();
            let constraint = reader.constraint("ExcludeConstraint", name, elements)?;
            alter::create_constraint(context, &table, &constraint)
        }
        "create_foreign_key" => foreign_key(reader, context)?,
        "drop_constraint" => {
            let table = reader.table(1, "table_name")?;
            let name = reader.name(0, "constraint_name")?;
            let kind = match args.value(2, "type_").and_then(Value::as_str) {
                Some("foreignkey") => Some("fk"),
                Some("primary") => Some("pk"),
                Some("unique") => Some("uq"),
                Some("check") => Some("ck"),
                _ => None,
            };
            let if_exists = reader.flag("if_exists");
            let dropped = Dropped { name, kind, if_exists, cascade: false };
            alter::drop_constraint(context, &table, &dropped, origin)
        }
        "create_index" => {
            let table = reader.table(1, "table_name")?;
            let index_name = args.value(0, "index_name").cloned();
            reader.name(0, "index_name")?;
            let columns = reader.names(2, "columns")?;
            let at = args.get(2, "columns").map_or(origin, |arg| arg.origin);
            let elements: Vec<(Value, Origin)> =
                columns.into_iter().map(|value| (value, at)).collect();
            let if_not_exists = reader.flag("if_not_exists");
            let index = reader.build.index_of(index_name.as_ref(), &elements, args, origin);
            alter::create_index(context, &table, &index, if_not_exists)
        }
        "drop_index" => {
            let table = match args.value(1, "table_name") {
                None | Some(Value::None) => {
                    Table { schema: reader.schema("schema")?, origin, ..Table::default() }
                }
                Some(_) => reader.table(1, "table_name")?,
            };
            let name = reader.name(0, "index_name")?;
            let if_exists = reader.flag("if_exists");
            let concurrently = reader.flag("postgresql_concurrently");
            alter::drop_index(context, &table, &name, if_exists, concurrently, origin)
        }
        "create_table_comment" => {
            let table = reader.table(0, "table_name")?;
            let comment = match args.value(1, "comment") {
                None | Some(Value::None) => None,
                Some(_) => Some(reader.text(1, "comment", "the comment")?),
            };
            alter::table_comment(context, &table, comment.as_ref())
        }
        "drop_table_comment" => {
            let table = reader.table(0, "table_name")?;
            alter::table_comment(context, &table, None)
        }
        _ => return Err(reader.unknown("it is none that is known")),
    })
}

fn alter_column(reader: &mut Reader<'_, '_, '_, '_>) -> Result<AlterColumn, Unknown> {
    let origin = reader.origin;
    let mut change = AlterColumn::default();
    let sql_type = |reader: &mut Reader<'_, '_, '_, '_>, name: &str| {
        let value = reader.named(name).filter(|value| !value.is_none())?;
        let found: SqlType = reader.build.sql_type(&value, origin);
        (found.kind != Kind::Null).then_some(found)
    };
    change.sql_type = sql_type(reader, "type_");
    // What it was is needed for little, and no reason to doubt the rest.
    let before = reader.build.problems.len();
    change.existing_type = sql_type(reader, "existing_type");
    if let Some(value) = reader.named("existing_server_default") {
        change.existing_server_default = reader.build.server_default(&value, origin);
    }
    reader.build.problems.truncate(before);
    change.nullable = match reader.named("nullable") {
        None | Some(Value::None) => None,
        Some(Value::Bool(nullable)) => Some(nullable),
        Some(other) => return Err(reader.unknown(&format!("`nullable` is not known: {other:?}"))),
    };
    change.server_default = match reader.named("server_default") {
        None | Some(Value::Bool(false)) => Change::Keep,
        Some(Value::Unknown(unknown)) => {
            return Err(reader.unknown(&format!("the default is not known: {}", unknown.reason)));
        }
        Some(value) => {
            reader.build.server_default(&value, origin).map_or(Change::Drop, Change::Set)
        }
    };
    change.comment = match reader.named("comment") {
        None | Some(Value::Bool(false)) => Change::Keep,
        Some(Value::None) => Change::Drop,
        Some(_) => Change::Set(reader.text(usize::MAX, "comment", "the comment")?),
    };
    for (name, place) in
        [("new_column_name", &mut change.new_name), ("postgresql_using", &mut change.using)]
    {
        if reader.named(name).is_some_and(|value| !value.is_none()) {
            *place = Some(reader.text(usize::MAX, name, &format!("`{name}`"))?);
        }
    }
    Ok(change)
}

fn foreign_key(
    reader: &mut Reader<'_, '_, '_, '_>,
    context: Context<'_>,
) -> Result<Output, Unknown> {
    let origin = reader.origin;
    let name = reader.text(1, "source_table", "the table")?;
    reader.table = Some(name.as_str().to_owned());
    let table = Table { name, schema: reader.schema("source_schema")?, origin, ..Table::default() };
    let constraint_name = reader.name(0, "constraint_name")?;
    let referent = reader.text(2, "referent_table", "the table it refers to")?;
    let schema = reader.schema("referent_schema")?;
    let local = reader.names(3, "local_cols")?;
    let remote = reader.names(4, "remote_cols")?;
    let texts = |reader: &mut Reader<'_, '_, '_, '_>, values: &[Value]| {
        let before = reader.build.problems.len();
        let texts: Vec<Text> = values
            .iter()
            .filter_map(|value| reader.build.text(Some(value), "a column", origin))
            .collect();
        reader.build.problems.truncate(before);
        match texts.len() == values.len() {
            true => Ok(texts),
            false => Err(reader.unknown("its columns are not known")),
        }
    };
    let columns = texts(reader, &local)?;
    let targets = texts(reader, &remote)?.into_iter().map(|column| Target::Column {
        schema: schema.clone(),
        table: referent.clone(),
        column,
    });
    let mut options = reader.build.foreign_key_options(reader.args, origin);
    options.name = constraint_name;
    options.use_alter = false;
    let constraint = Constraint::ForeignKey(ForeignKeyConstraint {
        columns,
        targets: targets.collect(),
        options,
        origin,
    });
    Ok(alter::create_constraint(context, &table, &constraint))
}

/// The statements of `CreateTable(…)`, `CreateSchema(…)` and their kin; `None` for all else.
pub(super) fn element(
    build: &mut Build<'_, '_, '_>,
    context: Context<'_>,
    value: &Value,
) -> Option<Output> {
    let origin = value.symbol()?.origin;
    let (name, args) = library_call(value)?;
    let (name, args) = (name.to_owned(), args.clone());
    let first = args.at(0).map(|arg| arg.value.clone()).or_else(|| {
        ["element", "name"].iter().find_map(|name| args.named(name).map(|arg| arg.value.clone()))
    })?;
    let flag = |build: &mut Build<'_, '_, '_>, name: &str| {
        let value = args.named(name).map(|arg| arg.value.clone());
        build.flag(value.as_ref(), false, &format!("`{name}`"), origin)
    };
    let if_exists = flag(build, "if_exists");
    let if_not_exists = flag(build, "if_not_exists");
    let cascade = flag(build, "cascade");
    Some(match name.as_str() {
        "CreateTable" => {
            let table = build.table(&first)?;
            alter::create_table_element(context, &table, if_not_exists)
        }
        "DropTable" => alter::drop_table(context, &build.table(&first)?, if_exists),
        "CreateIndex" | "DropIndex" => {
            let index = build.index(&first)?;
            let owner = first.call().and_then(|(_, args)| owner(build, args));
            let table = owner.unwrap_or_else(|| Table { origin, ..Table::default() });
            match name.as_str() {
                "CreateIndex" => alter::create_index(context, &table, &index, if_not_exists),
                _ => alter::drop_index(
                    context,
                    &table,
                    &index.name,
                    if_exists,
                    index.concurrently,
                    origin,
                ),
            }
        }
        "CreateSchema" | "DropSchema" => {
            let schema = build.text(Some(&first), "the schema", origin)?;
            match name.as_str() {
                "CreateSchema" => alter::create_schema(context, &schema, if_not_exists, origin),
                _ => alter::drop_schema(context, &schema, if_exists, cascade, origin),
            }
        }
        "CreateSequence" | "DropSequence" => {
            let (found, given) = library_call(&first)?;
            if found != "Sequence" {
                return None;
            }
            let (given, at) = (given.clone(), first.symbol()?.origin);
            let sequence = build.sequence(&given, at)?;
            match name.as_str() {
                "CreateSequence" => alter::create_sequence(context, &sequence, if_not_exists),
                _ => alter::drop_sequence(context, &sequence, if_exists),
            }
        }
        "SetTableComment" => {
            let table = build.table(&first)?;
            alter::table_comment(context, &table, table.comment.as_ref())
        }
        "DropTableComment" => alter::table_comment(context, &build.table(&first)?, None),
        _ => return None,
    })
}

/// The table whose columns an index is on.
fn owner(build: &mut Build<'_, '_, '_>, args: &Args) -> Option<Table> {
    use crate::interpret::SymbolKind;
    args.positional().skip(1).find_map(|arg| {
        let mut value = arg.value.clone();
        for _ in 0..8 {
            if let Some(table) = build.table(&value) {
                return Some(table);
            }
            let symbol = value.symbol()?.clone();
            match &symbol.kind {
                SymbolKind::Attribute(inner, _) | SymbolKind::Subscript(inner, _) => {
                    value = inner.clone();
                }
                _ => return None,
            }
        }
        None
    })
}

/// `enumeration.create(bind)` and `.drop(bind)`: the type, if the value is one the database keeps.
pub(super) fn named_type(
    build: &mut Build<'_, '_, '_>,
    value: &Value,
    origin: Origin,
) -> Option<NamedType> {
    match build.find_type(value, origin)?.kind {
        Kind::Enum(found) => Some(NamedType::Enum(found)),
        Kind::Domain(found) => Some(NamedType::Domain(*found)),
        _ => None,
    }
}
