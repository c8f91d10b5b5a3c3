//! `Column(…)` and `mapped_column(…)`.

use schemaward_catalog::Origin;

use super::{Build, library_call};
use crate::interpret::{Args, Value};
use crate::schema::{
    Autoincrement, Column, Deferral, ForeignKey, ForeignKeyOptions, Generator, Kind, PythonDefault,
    ServerDefault, SqlType, Target,
};
use crate::text::Text;

impl Build<'_, '_, '_> {
    /// The column that a record of `Column(…)` is; without a name where it has none.
    pub(crate) fn column(&mut self, value: &Value) -> Option<Column> {
        let symbol = value.symbol()?.clone();
        let (name, args) = library_call(value)?;
        if !matches!(name, "Column" | "mapped_column") {
            return None;
        }
        let args = args.clone();
        Some(self.column_of(&args, symbol.origin))
    }

    /// The column that these arguments make. Its type is [`Kind::Null`] where they give none.
    pub(crate) fn column_of(&mut self, args: &Args, origin: Origin) -> Column {
        let null = SqlType::new(Kind::Null, origin);
        let mut column = Column::new(Text::default(), null, origin);
        let mut typed = false;
        if let Some(name) = args.named("name").or_else(|| args.named("__name")) {
            column.name = self
                .text(Some(&name.value.clone()), "the name of a column", name.origin)
                .unwrap_or_default();
        }
        for (at, arg) in args.positional().enumerate() {
            let value = arg.value.clone();
            if at == 0 && column.name.is_empty() {
                if value.is_none() {
                    continue;
                }
                if let Value::Str(name) = &value {
                    column.name = Text::clone(name);
                    continue;
                }
                if let Some((callee, args)) = value.call()
                    && callee.last_name() == Some("quoted_name")
                    && let Some(Value::Str(name)) = args.at(0).map(|arg| &arg.value)
                {
                    column.name = Text::clone(name);
                    column.quote = match args.value(1, "quote") {
                        Some(Value::Bool(quote)) => Some(*quote),
                        _ => None,
                    };
                    continue;
                }
            }
            if self.column_item(&mut column, &value, arg.origin) {
                continue;
            }
            if typed || value.is_none() {
                continue;
            }
            column.sql_type = self.sql_type(&value, arg.origin);
            typed = true;
        }
        for (name, arg) in args.keywords() {
            let value = arg.value.clone();
            let at = arg.origin;
            match name {
                "type_" if !value.is_none() => column.sql_type = self.sql_type(&value, at),
                "nullable" => match self.interp.truth(self.host, &value) {
                    Some(truth) => column.nullable = Some(truth),
                    None => self.problem(
                        format!("whether the column is nullable is not known: {value:?}"),
                        at,
                    ),
                },
                "primary_key" => {
                    column.primary_key = self.flag(Some(&value), false, "`primary_key`", at);
                }
                "unique" => column.unique = self.flag(Some(&value), false, "`unique`", at),
                "index" => column.index = self.flag(Some(&value), false, "`index`", at),
                "system" => column.system = self.flag(Some(&value), false, "`system`", at),
                "quote" => {
                    column.quote = match value {
                        Value::Bool(quote) => Some(quote),
                        _ => None,
                    }
                }
                "autoincrement" => {
                    column.autoincrement = match &value {
                        Value::Bool(true) => Autoincrement::Always,
                        Value::Bool(false) => Autoincrement::Never,
                        Value::Str(text) if text.as_str() == "ignore_fk" => {
                            Autoincrement::IgnoreForeignKey
                        }
                        _ => Autoincrement::Auto,
                    };
                }
                "server_default" => {
                    if let Some(default) = self.server_default(&value, at) {
                        column.server_default = Some(default);
                    }
                }
                // What is inserted comes before what a data class starts with.
                "default" if args.named("insert_default").is_some() => {}
                "default" | "insert_default" => {
                    if let Some(("Identity" | "Computed", _)) = library_call(&value) {
                        self.column_item(&mut column, &value, at);
                        continue;
                    }
                    column.default = self.python_default(&value, at);
                }
                "default_factory" if column.default.is_none() => {
                    column.default = self.python_default(&value, at);
                }
                "onupdate" => column.onupdate = self.python_default(&value, at),
                "comment" => {
                    column.comment = self.text(Some(&value), "the comment of a column", at);
                }
                "key" => column.key = self.text(Some(&value), "the key of a column", at),
                _ => {}
            }
        }
        column
    }

    /// A foreign key, a default or a check among the arguments of a column.
    fn column_item(&mut self, column: &mut Column, value: &Value, origin: Origin) -> bool {
        let Some((name, args)) = library_call(value) else { return false };
        let (name, args) = (name.to_owned(), args.clone());
        let origin = value.symbol().map_or(origin, |symbol| symbol.origin);
        match name.as_str() {
            "ForeignKey" => {
                if let Some(key) = self.foreign_key(&args, origin) {
                    column.foreign_keys.push(key);
                }
            }
            "Identity" => {
                column.server_default = Some(ServerDefault::Identity(self.identity(&args, origin)));
            }
            "Computed" => {
                column.server_default = self.computed(&args, origin).map(ServerDefault::Computed);
            }
            "FetchedValue" => {
                column.server_default.get_or_insert(ServerDefault::Fetched);
            }
            "Sequence" => {
                if let Some(sequence) = self.sequence(&args, origin) {
                    column.default =
                        Some(PythonDefault { generator: Generator::Sequence(sequence), origin });
                }
            }
            "CheckConstraint" => {
                if let Some(check) = self.check(&args, origin) {
                    column.checks.push(check);
                }
            }
            "DefaultClause" => column.server_default = self.server_default(value, origin),
            "ColumnDefault" => {
                if let Some(arg) = args.at(0) {
                    column.default = self.python_default(&arg.value.clone(), origin);
                }
            }
            _ => return false,
        }
        true
    }

    /// `ForeignKey(…)`.
    pub(crate) fn foreign_key(&mut self, args: &Args, origin: Origin) -> Option<ForeignKey> {
        let target = args.value(0, "column").cloned()?;
        let target = self.target(&target, origin)?;
        let options = self.foreign_key_options(args, origin);
        Some(ForeignKey { target, options, origin })
    }

    pub(crate) fn foreign_key_options(&mut self, args: &Args, origin: Origin) -> ForeignKeyOptions {
        let named = |name: &str| args.named(name).map(|arg| arg.value.clone());
        let name = named("name");
        let flag = |value: &Option<Value>| matches!(value, Some(Value::Bool(true)));
        ForeignKeyOptions {
            name: self.name(name.as_ref()),
            ondelete: self.text(named("ondelete").as_ref(), "`ondelete`", origin),
            onupdate: self.text(named("onupdate").as_ref(), "`onupdate`", origin),
            deferral: self.deferral(args, origin),
            match_type: self.text(named("match").as_ref(), "`match`", origin),
            use_alter: flag(&named("use_alter")),
            link_to_name: flag(&named("link_to_name")),
            not_valid: flag(&named("postgresql_not_valid")),
            comment: self.text(named("comment").as_ref(), "a comment", origin),
        }
    }

    pub(crate) fn deferral(&mut self, args: &Args, origin: Origin) -> Deferral {
        Deferral {
            deferrable: match args.named("deferrable").map(|arg| &arg.value) {
                Some(Value::Bool(truth)) => Some(*truth),
                _ => None,
            },
            initially: self.text(
                args.named("initially").map(|arg| &arg.value),
                "`initially`",
                origin,
            ),
        }
    }

    /// What a foreign key refers to.
    pub(crate) fn target(&mut self, value: &Value, origin: Origin) -> Option<Target> {
        match value {
            Value::Str(spec) => return Some(Target::Spec(Text::clone(spec))),
            Value::Symbol(symbol) => {
                use crate::interpret::SymbolKind;
                // `users.c.id`.
                if let SymbolKind::Attribute(columns, name) = &symbol.kind
                    && let Value::Symbol(columns) = columns
                    && let SymbolKind::Attribute(table, attribute) = &columns.kind
                    && matches!(attribute.as_str(), "c" | "columns")
                    && let Value::Symbol(table) = table
                    && let Some((schema, found)) = self.tables.get(&table.serial)
                {
                    return Some(Target::Column {
                        schema: schema.clone(),
                        table: found.clone(),
                        column: Text::written(name.as_str(), symbol.origin, false),
                    });
                }
                // `User.id`, where the class only annotates it.
                if let SymbolKind::Attribute(Value::Class(class), name) = &symbol.kind
                    && let Some((schema, table)) = self.classes.get(&class.serial)
                {
                    return Some(Target::Column {
                        schema: schema.clone(),
                        table: table.clone(),
                        column: Text::written(name.as_str(), symbol.origin, false),
                    });
                }
                if let Some((schema, table, column)) = self.owners.get(&symbol.serial) {
                    return Some(Target::Column {
                        schema: schema.clone(),
                        table: table.clone(),
                        column: column.clone(),
                    });
                }
            }
            _ => {}
        }
        self.problem(format!("what a foreign key refers to is not known: {value:?}"), origin);
        None
    }
}
