//! What listeners may ask about the tables that are made, as libraries do that build on them.

use std::rc::Rc;

use schemaward_catalog::Origin;

use super::Recording;
use super::registry::{Registry, TableKey};
use crate::construct::{Build, library_call};
use crate::ddl::expression;
use crate::interpret::{Class, Interp, SymbolKind, Value};
use crate::schema;
use crate::text::Text;

/// All tables and their classes, once they are known.
#[derive(Default)]
pub(super) struct Built {
    tables: Vec<Table>,
    /// The metadata whose listeners run.
    pub(super) current: usize,
}

/// One table.
struct Table {
    metadata: usize,
    keys: Vec<TableKey>,
    /// What Python has at hand for it: its class, or the record of its call.
    classes: Vec<Rc<Class>>,
    record: Option<Value>,
    schema: Option<Text>,
    name: Text,
    columns: Vec<Column>,
    origin: Origin,
}

/// One column: its name, and its type in SQL.
struct Column {
    name: Text,
    sql_type: Text,
    primary_key: bool,
    origin: Origin,
}

impl Built {
    /// `records` are those of the calls of `Table(…)`.
    pub(super) fn new(interp: &Interp<'_>, registry: &Registry, records: &[Value]) -> Self {
        let mut tables = Vec::new();
        for (at, metadata) in registry.metadata.iter().enumerate() {
            for table in &metadata.tables {
                tables.push(Self::table(interp, registry, records, at, table));
            }
        }
        Self { tables, current: 0 }
    }

    fn table(
        interp: &Interp<'_>,
        registry: &Registry,
        records: &[Value],
        at: usize,
        table: &schema::Table,
    ) -> Table {
        let same = |schema: &Option<Text>, name: &Text| {
            name.as_str() == table.name.as_str()
                && schema.as_ref().map(Text::as_str) == table.schema.as_ref().map(Text::as_str)
        };
        let keys = registry.targets.tables.iter();
        let keys = keys.filter(|(_, (of, schema, name))| *of == at && same(schema, name));
        let keys: Vec<TableKey> = keys.map(|(key, _)| *key).collect();
        let classes = interp.classes.iter();
        let classes = classes.filter(|class| keys.contains(&TableKey::Class(class.serial)));
        let record = records.iter().find(|record| {
            record.symbol().is_some_and(|it| keys.contains(&TableKey::Record(it.serial)))
        });
        let of_key: Vec<&str> =
            table.key_columns().iter().map(|column| column.name.as_str()).collect();
        let columns = table.columns.iter().filter(|column| !column.system).map(|column| Column {
            name: column.name.clone(),
            sql_type: expression::type_name(&column.sql_type, table.schema.as_ref())
                .unwrap_or_default(),
            primary_key: of_key.contains(&column.name.as_str()),
            origin: column.origin,
        });
        Table {
            metadata: at,
            classes: classes.cloned().collect(),
            record: record.cloned(),
            schema: table.schema.clone(),
            name: table.name.clone(),
            columns: columns.collect(),
            origin: table.origin,
            keys,
        }
    }

    /// What something that stands for a table is asked.
    pub(super) fn attribute(
        &self,
        interp: &Interp<'_>,
        value: &Value,
        name: &str,
    ) -> Option<Value> {
        let table = self.find(value)?;
        Some(match name {
            "name" => Value::str(table.name.clone()),
            "schema" => table.schema.clone().map_or(Value::None, Value::str),
            "fullname" => Value::str(table.full_name()),
            "columns" | "c" | "primary_key" => {
                let columns = table.columns.iter();
                let columns = columns.filter(|column| name != "primary_key" || column.primary_key);
                let columns = columns.map(|column| column.object(interp));
                Value::list(columns.collect())
            }
            "info" => table.info(),
            _ => return None,
        })
    }

    fn find(&self, value: &Value) -> Option<&Table> {
        let symbol = value.symbol()?;
        let key = match &symbol.kind {
            SymbolKind::Attribute(Value::Class(class), name) if name == "__table__" => {
                TableKey::Class(class.serial)
            }
            SymbolKind::Call(..) => TableKey::Record(symbol.serial),
            _ => return None,
        };
        self.tables.iter().find(|table| table.keys.contains(&key))
    }

    /// The tables of the metadata in hand: what stands for each, and its schema and name.
    pub(super) fn every(&self, interp: &Interp<'_>) -> Vec<(Value, (Option<Text>, Text))> {
        let tables = self.tables.iter().filter(|table| table.metadata == self.current);
        let found = tables.filter_map(|table| {
            Some((table.value(interp)?, (table.schema.clone(), table.name.clone())))
        });
        found.collect()
    }

    /// The registries that SQLAlchemy knows: one, with the mapped classes of the metadata in hand.
    pub(super) fn registries(&self, interp: &Interp<'_>, origin: Origin) -> Value {
        let tables = self.tables.iter().filter(|table| table.metadata == self.current);
        let own = tables.clone().filter_map(|table| table.value(interp));
        let own: Vec<Value> = own.collect();
        let mappers = tables.flat_map(|table| {
            table.classes.iter().map(|class| {
                let class = Value::Class(Rc::clone(class));
                let own = of_class(interp, &class, table.origin);
                let fields = [("class_", class), ("local_table", own)];
                interp.object(fields, table.origin)
            })
        });
        let fields = [("mappers", Value::list(mappers.collect())), ("tables", Value::list(own))];
        let registry = interp.object(fields, origin);
        Value::list(vec![registry])
    }
}

impl Column {
    fn object(&self, interp: &Interp<'_>) -> Value {
        let fields = [
            ("name", Value::str(self.name.clone())),
            ("key", Value::str(self.name.clone())),
            ("type", Value::str(self.sql_type.clone())),
        ];
        interp.object(fields, self.origin)
    }
}

/// `Class.__table__`.
fn of_class(interp: &Interp<'_>, class: &Value, origin: Origin) -> Value {
    interp.symbol(SymbolKind::Attribute(class.clone(), "__table__".to_owned()), origin)
}

impl Table {
    /// What stands for it.
    fn value(&self, interp: &Interp<'_>) -> Option<Value> {
        let of_class = |class: &Rc<Class>| {
            of_class(interp, &Value::Class(Rc::clone(class)), class.name_origin)
        };
        self.record.clone().or_else(|| self.classes.first().map(of_class))
    }

    /// `info=`, as it was given.
    fn info(&self) -> Value {
        if let Some((_, args)) = self.record.as_ref().and_then(Value::call) {
            return args.named("info").map_or(Value::None, |arg| arg.value.clone());
        }
        let of_class = self.classes.first().and_then(|class| {
            let attributes = class.attributes.borrow();
            let options = match attributes.get("__table_args__").map(|it| it.value.clone())? {
                Value::Tuple(items) => items.last().cloned()?,
                other => other,
            };
            let Value::Dict(options) = options else { return None };
            let options = options.borrow();
            options.get(&Value::str("info")).cloned()
        });
        of_class.unwrap_or(Value::None)
    }

    fn full_name(&self) -> Text {
        let mut full = Text::default();
        if let Some(schema) = &self.schema {
            full.push(schema);
            full.push_str(".");
        }
        full.push(&self.name);
        full
    }
}

/// What a record of `Column(…)` that belongs to no table is asked by a listener.
pub(super) fn of_column(
    interp: &mut Interp<'_>,
    host: &mut Recording,
    value: &Value,
    name: &str,
) -> Option<Value> {
    let (callee, _) = library_call(value)?;
    if callee != "Column" || !matches!(name, "name" | "type" | "nullable") {
        return None;
    }
    let column = Build::new(interp, host).column(value)?;
    Some(match name {
        "name" => Value::str(column.name),
        "type" => Value::str(expression::type_name(&column.sql_type, None)?),
        _ => Value::Bool(column.nullable.unwrap_or(!column.primary_key)),
    })
}
