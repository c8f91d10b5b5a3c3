//! `Table(…)`, constraints and indexes.

use schemaward_catalog::{DecidedCondition, Origin};

use super::{Build, library_call};
use crate::interpret::{Args, SymbolKind, Value};
use crate::schema::{
    Check, Clause, ClauseKind, Constraint, Exclude, ExcludeElement, ForeignKeyConstraint, Index,
    IndexElement, PrimaryKey, Table, Target, Unique,
};
use crate::text::Text;

impl Build<'_, '_, '_> {
    /// The table that a record of `Table("name", metadata, …)` is.
    pub(crate) fn table(&mut self, value: &Value) -> Option<Table> {
        let origin = value.symbol()?.origin;
        let (name, args) = library_call(value)?;
        if name != "Table" {
            return None;
        }
        let args = args.clone();
        let name = args.value(0, "name").cloned()?;
        let mut table = Table { origin, ..Table::default() };
        table.name = self.text(Some(&name), "the name of a table", origin)?;
        let from = 1 + usize::from(args.at(1).is_some());
        self.table_items(&args, from, &mut table);
        Some(table)
    }

    /// The columns, constraints, indexes and options among the arguments of a table, from the
    /// positional one at `from` on.
    pub(crate) fn table_items(&mut self, args: &Args, from: usize, table: &mut Table) {
        // Columns first: constraints may name them by what Python calls them.
        let mut rest = Vec::new();
        for arg in args.positional().skip(from) {
            let value = arg.value.clone();
            match self.column(&value) {
                Some(column) => {
                    if let Value::Symbol(symbol) = &value {
                        let key = column.key().clone();
                        self.columns.insert(symbol.serial, (key, Some(column.sql_type.clone())));
                    }
                    table.columns.push(column);
                }
                None => rest.push((value, arg.origin)),
            }
        }
        self.table_options(args, table);
        for (value, origin) in rest {
            self.table_item(&value, origin, table);
        }
    }

    /// One constraint or index.
    pub(crate) fn table_item(&mut self, value: &Value, origin: Origin, table: &mut Table) {
        if let Some(constraint) = self.constraint(value) {
            table.constraints.push(constraint);
        } else if let Some(index) = self.index(value) {
            table.indexes.push(index);
        } else if !value.is_none() {
            self.problem(format!("what a table is given is not known: {value:?}"), origin);
        }
    }

    /// `schema=`, `comment=`, `postgresql_…=` of a table.
    pub(crate) fn table_options(&mut self, args: &Args, table: &mut Table) {
        let keywords: Vec<(String, Value, Origin)> = args
            .keywords()
            .map(|(name, arg)| (name.to_owned(), arg.value.clone(), arg.origin))
            .collect();
        for (name, value, at) in keywords {
            match name.as_str() {
                "schema" => {
                    table.schema = self
                        .text(Some(&value), "the schema of a table", at)
                        .or(table.schema.take());
                }
                "comment" => table.comment = self.text(Some(&value), "the comment of a table", at),
                "quote" => {
                    table.quote = match value {
                        Value::Bool(quote) => Some(quote),
                        _ => None,
                    };
                }
                "prefixes" => table.prefixes = self.texts(&value, at),
                "postgresql_inherits" => table.options.inherits = self.texts(&value, at),
                "postgresql_partition_by" => {
                    table.options.partition_by =
                        self.text(Some(&value), "`postgresql_partition_by`", at);
                }
                "postgresql_using" => {
                    table.options.using = self.text(Some(&value), "`postgresql_using`", at);
                }
                "postgresql_on_commit" => {
                    table.options.on_commit = self.text(Some(&value), "`postgresql_on_commit`", at);
                }
                "postgresql_tablespace" => {
                    table.options.tablespace =
                        self.text(Some(&value), "`postgresql_tablespace`", at);
                }
                "postgresql_with_oids" => {
                    table.options.with_oids = match value {
                        Value::Bool(truth) => Some(truth),
                        _ => None,
                    };
                }
                _ => {}
            }
        }
    }

    fn texts(&mut self, value: &Value, origin: Origin) -> Vec<Text> {
        let items = self.list(value, origin);
        items.iter().filter_map(|item| self.text(Some(item), "a name", origin)).collect()
    }

    /// A column that a constraint names: by a string, or as Python has it.
    fn reference(&mut self, value: &Value, origin: Origin) -> Option<Text> {
        match value {
            Value::Str(text) => Some(Text::clone(text)),
            Value::Symbol(symbol) => {
                if let Some((key, _)) = self.columns.get(&symbol.serial) {
                    return Some(key.clone());
                }
                match &symbol.kind {
                    SymbolKind::Attribute(_, name) => {
                        Some(Text::written(name.as_str(), symbol.origin, false))
                    }
                    SymbolKind::Call(..) => {
                        let column = self.column(value)?;
                        (!column.name.is_empty()).then(|| column.key().clone())
                    }
                    _ => {
                        self.problem(format!("a column is not known: {value:?}"), origin);
                        None
                    }
                }
            }
            other => {
                self.problem(format!("a column is not known: {other:?}"), origin);
                None
            }
        }
    }

    fn references(&mut self, args: &Args, from: usize) -> Vec<Text> {
        let list: Vec<(Value, Origin)> =
            args.positional().skip(from).map(|arg| (arg.value.clone(), arg.origin)).collect();
        list.iter().filter_map(|(value, origin)| self.reference(value, *origin)).collect()
    }

    fn reference_list(&mut self, value: Option<&Value>, origin: Origin) -> Vec<Text> {
        let Some(value) = value else { return Vec::new() };
        let items = self.list(value, origin);
        items.iter().filter_map(|item| self.reference(item, origin)).collect()
    }

    /// A constraint, if the value is one.
    pub(crate) fn constraint(&mut self, value: &Value) -> Option<Constraint> {
        let origin = value.symbol()?.origin;
        let (name, args) = library_call(value)?;
        let (kind, args) = (name.to_owned(), args.clone());
        self.constraint_of(&kind, &args, origin)
    }

    /// The constraint that a call of this name with these arguments makes.
    pub(crate) fn constraint_of(
        &mut self,
        kind: &str,
        args: &Args,
        origin: Origin,
    ) -> Option<Constraint> {
        let named = |name: &str| args.named(name).map(|arg| arg.value.clone());
        let name_value = named("name");
        let name = self.name(name_value.as_ref());
        let comment = named("comment");
        Some(match kind {
            "PrimaryKeyConstraint" => Constraint::PrimaryKey(PrimaryKey {
                name,
                columns: self.references(args, 0),
                include: self.reference_list(named("postgresql_include").as_ref(), origin),
                deferral: self.deferral(args, origin),
                comment: self.text(comment.as_ref(), "a comment", origin),
                origin,
            }),
            "UniqueConstraint" => Constraint::Unique(Unique {
                name,
                columns: self.references(args, 0),
                include: self.reference_list(named("postgresql_include").as_ref(), origin),
                nulls_not_distinct: match named("postgresql_nulls_not_distinct") {
                    Some(Value::Bool(truth)) => Some(truth),
                    _ => None,
                },
                deferral: self.deferral(args, origin),
                comment: self.text(comment.as_ref(), "a comment", origin),
                origin,
            }),
            "CheckConstraint" => Constraint::Check(self.check(args, origin)?),
            "ForeignKeyConstraint" => {
                let columns =
                    self.reference_list(args.value(0, "columns").cloned().as_ref(), origin);
                let refers = args.value(1, "refcolumns").cloned()?;
                let refers = self.list(&refers, origin);
                let targets: Vec<Target> =
                    refers.iter().filter_map(|value| self.target(value, origin)).collect();
                if targets.len() != refers.len() {
                    return None;
                }
                Constraint::ForeignKey(ForeignKeyConstraint {
                    columns,
                    targets,
                    options: self.foreign_key_options(args, origin),
                    origin,
                })
            }
            "ExcludeConstraint" => Constraint::Exclude(self.exclude(args, origin)),
            _ => return None,
        })
    }

    /// `CheckConstraint(…)`.
    pub(crate) fn check(&mut self, args: &Args, origin: Origin) -> Option<Check> {
        let condition = args.value(0, "sqltext").cloned()?;
        let name = args.named("name").map(|arg| arg.value.clone());
        Some(Check {
            name: self.name(name.as_ref()),
            condition: self.clause(&condition, origin),
            not_valid: matches!(
                args.named("postgresql_not_valid").map(|arg| &arg.value),
                Some(Value::Bool(true))
            ),
            deferral: self.deferral(args, origin),
            comment: self.text(args.named("comment").map(|arg| &arg.value), "a comment", origin),
            origin,
        })
    }

    fn exclude(&mut self, args: &Args, origin: Origin) -> Exclude {
        let mut elements = Vec::new();
        let pairs: Vec<Value> = args.positional().map(|arg| arg.value.clone()).collect();
        for pair in pairs {
            if let [element, operator] = self.list(&pair, origin).as_slice() {
                let operator = self.text(Some(operator), "an operator", origin);
                let element = match element {
                    Value::Str(name) => IndexElement::Column(Text::clone(name)),
                    other => self.element(other, origin),
                };
                if let Some(operator) = operator {
                    elements.push(ExcludeElement { element, operator });
                }
            }
        }
        let named = |name: &str| args.named(name).map(|arg| arg.value.clone());
        let name = named("name");
        Exclude {
            name: self.name(name.as_ref()),
            elements,
            using: self.text(named("using").as_ref(), "`using`", origin),
            condition: named("where").filter(|it| !it.is_none()).map(|it| self.clause(&it, origin)),
            ops: self.pairs(named("ops").as_ref(), origin),
            deferral: self.deferral(args, origin),
            origin,
        }
    }

    /// Names and texts of a dictionary.
    fn pairs(&mut self, value: Option<&Value>, origin: Origin) -> Vec<(Text, Text)> {
        let Some(Value::Dict(dict)) = value else { return Vec::new() };
        let entries = dict.borrow().entries().to_vec();
        let mut pairs = Vec::new();
        for (key, value) in entries {
            let Some(key) = self.reference(&key, origin) else { continue };
            if let Ok(Value::Str(text)) = self.interp.text_of(self.host, &value, origin) {
                pairs.push((key, Text::clone(&text)));
            }
        }
        pairs
    }

    fn element(&mut self, value: &Value, origin: Origin) -> IndexElement {
        if let Value::Symbol(symbol) = value
            && let Some((key, _)) = self.columns.get(&symbol.serial)
        {
            return IndexElement::Column(key.clone());
        }
        let clause = self.clause(value, origin);
        match clause.kind {
            ClauseKind::Column { key, of_table: true, .. } => IndexElement::Column(key),
            _ => IndexElement::Clause(clause),
        }
    }

    /// An index, if the value is one.
    pub(crate) fn index(&mut self, value: &Value) -> Option<Index> {
        let origin = value.symbol()?.origin;
        let (name, args) = library_call(value)?;
        if name != "Index" {
            return None;
        }
        let args = args.clone();
        let name = args.value(0, "name").cloned();
        let elements: Vec<(Value, Origin)> =
            args.positional().skip(1).map(|arg| (arg.value.clone(), arg.origin)).collect();
        Some(self.index_of(name.as_ref(), &elements, &args, origin))
    }

    /// The index of this name on these elements, with the options among the arguments.
    pub(crate) fn index_of(
        &mut self,
        name: Option<&Value>,
        elements: &[(Value, Origin)],
        args: &Args,
        origin: Origin,
    ) -> Index {
        let named = |name: &str| args.named(name).map(|arg| arg.value.clone());
        let elements = elements.iter().map(|(value, at)| match value {
            Value::Str(key) => IndexElement::Column(Text::clone(key)),
            other => self.element(other, *at),
        });
        let elements = elements.collect();
        let condition = named("postgresql_where").filter(|value| !value.is_none());
        let unique = named("unique");
        let concurrently = named("postgresql_concurrently");
        Index {
            name: self.name(name),
            elements,
            unique: self.flag(unique.as_ref(), false, "`unique` of an index", origin),
            condition: condition.map(|value| {
                let at = args.named("postgresql_where").map_or(origin, |arg| arg.origin);
                self.condition(&value, at)
            }),
            using: self.text(named("postgresql_using").as_ref(), "`postgresql_using`", origin),
            ops: self.pairs(named("postgresql_ops").as_ref(), origin),
            include: self.reference_list(named("postgresql_include").as_ref(), origin),
            with: self.pairs(named("postgresql_with").as_ref(), origin),
            tablespace: self.text(named("postgresql_tablespace").as_ref(), "a tablespace", origin),
            concurrently: matches!(concurrently, Some(Value::Bool(true))),
            nulls_not_distinct: match named("postgresql_nulls_not_distinct") {
                Some(Value::Bool(truth)) => Some(truth),
                _ => None,
            },
            origin,
        }
    }

    /// A condition. One that Python has decided before SQLAlchemy sees it (`x is None`) is the
    /// constant it came to.
    fn condition(&mut self, value: &Value, origin: Origin) -> Clause {
        match value {
            Value::Bool(truth) => {
                self.decided.push(DecidedCondition { origin, value: *truth });
                let kind = if *truth { ClauseKind::True } else { ClauseKind::False };
                Clause::new(kind, origin)
            }
            other => self.clause(other, origin),
        }
    }
}
