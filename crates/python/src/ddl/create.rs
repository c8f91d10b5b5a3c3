//! `metadata.create_all()`: a whole schema, in the order SQLAlchemy makes it.

use std::collections::BTreeSet;

use super::clause::sequence_name;
use super::table::{Part, sequence_options};
use super::types::qualified;
use super::{Context, Output, Sql, Writer, quote};
use crate::schema::{
    Domain, Enum, Generator, Kind, MetaData, NamedType, Sequence, ServerDefault, SqlType, Table,
};
use crate::text::Text;

/// What `metadata.create_all()` runs on an empty database.
pub(crate) fn create_all(metadata: &MetaData) -> Output {
    let context = Context { convention: &metadata.naming_convention, metadata: Some(metadata) };
    let mut writer = Writer::new(context);
    let mut made = Made::default();
    for named in &metadata.types {
        writer.create_type_once(named_type(named), None, &mut made);
    }
    for table in &metadata.tables {
        writer.about(table);
        for column in &table.columns {
            writer.types_of(&column.sql_type, table, &mut made, true);
        }
    }
    writer.table = None;
    for sequence in &metadata.sequences {
        writer.create_sequence(sequence, false);
    }
    let order = Order::of(&writer, metadata);
    for &index in &order.tables {
        let Some(table) = metadata.tables.get(index) else { continue };
        writer.about(table);
        for column in &table.columns {
            if let Some(Generator::Sequence(sequence)) =
                column.default.as_ref().map(|default| &default.generator)
                && !sequence.optional
            {
                writer.create_sequence(sequence, false);
            }
        }
        writer.create_table(table, false, &|part| !order.later.contains(&(index, part)));
        writer.indexes(table);
        writer.comments(table, true);
    }
    for &(index, part) in &order.later {
        let Some(table) = metadata.tables.get(index) else { continue };
        writer.about(table);
        if let Some(part) = Part::all(table).get(part) {
            writer.add_part(table, *part);
        }
    }
    writer.output
}

/// The enumerations and domains that were made already, by schema and name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made(BTreeSet<(Option<String>, String)>);

/// A type that is an object of the database's, by reference.
#[derive(Clone, Copy)]
pub(super) enum NamedTypeRef<'a> {
    Enum(&'a Enum),
    Domain(&'a Domain),
}

pub(super) fn named_type(named: &NamedType) -> NamedTypeRef<'_> {
    match named {
        NamedType::Enum(enumeration) => NamedTypeRef::Enum(enumeration),
        NamedType::Domain(domain) => NamedTypeRef::Domain(domain),
    }
}

impl Writer<'_> {
    /// Says which table problems are about from here on.
    pub(super) fn about(&mut self, table: &Table) {
        let schema = table.schema.as_ref().map(|schema| schema.as_str().to_owned());
        self.table = Some((schema, table.name.as_str().to_owned()));
    }

    /// Makes the types that a column's type needs. Those bound to the metadata are only made with
    /// it.
    pub(super) fn types_of(
        &mut self,
        sql_type: &SqlType,
        table: &Table,
        made: &mut Made,
        with_metadata: bool,
    ) {
        let named = match &sql_type.kind {
            Kind::Array { item, .. } => return self.types_of(item, table, made, with_metadata),
            Kind::Enum(enumeration) if enumeration.native => NamedTypeRef::Enum(enumeration),
            Kind::Domain(domain) => NamedTypeRef::Domain(domain),
            _ => return,
        };
        let in_metadata = match named {
            NamedTypeRef::Enum(enumeration) => enumeration.in_metadata,
            NamedTypeRef::Domain(domain) => domain.in_metadata,
        };
        if with_metadata || !in_metadata {
            self.create_type_once(named, table.schema.as_ref(), made);
        }
    }

    fn create_type_once(
        &mut self,
        named: NamedTypeRef<'_>,
        table_schema: Option<&Text>,
        made: &mut Made,
    ) {
        let (schema, name, wanted) = match named {
            NamedTypeRef::Enum(enumeration) => {
                let schema = if enumeration.inherit_schema {
                    table_schema
                } else {
                    enumeration.schema.as_ref()
                };
                let Some(name) = &enumeration.name else { return };
                (schema, name, enumeration.create_type && enumeration.native)
            }
            NamedTypeRef::Domain(domain) => {
                (domain.schema.as_ref(), &domain.name, domain.create_type)
            }
        };
        let key = (schema.map(|schema| schema.as_str().to_owned()), name.as_str().to_owned());
        if wanted && made.0.insert(key) {
            self.create_type(named, schema);
        }
    }

    /// `CREATE TYPE … AS ENUM`, `CREATE DOMAIN`.
    pub(super) fn create_type(&mut self, named: NamedTypeRef<'_>, schema: Option<&Text>) {
        match named {
            NamedTypeRef::Enum(enumeration) => {
                let Some(name) = &enumeration.name else {
                    let message = "an enumeration of PostgreSQL's own needs a name";
                    return self.problem(message, enumeration.origin);
                };
                let values: Vec<Text> = enumeration.values.iter().map(quote::literal).collect();
                let mut sql = Sql::new(enumeration.origin);
                sql.word("CREATE TYPE ").text(&qualified(schema, name));
                sql.word(" AS ENUM (").list(&values, ", ").word(")");
                self.emit(sql);
            }
            NamedTypeRef::Domain(domain) => self.create_domain(domain),
        }
    }

    fn create_domain(&mut self, domain: &Domain) {
        let Some(data_type) = self.sql_type(&domain.data_type, None) else { return };
        let place = super::clause::Place { table: None, qualified: false };
        let mut sql = Sql::new(domain.origin);
        sql.word("CREATE DOMAIN ").text(&qualified(domain.schema.as_ref(), &domain.name));
        sql.word(" AS ").text(&data_type).word(" ");
        let mut options = Vec::new();
        let piece = || Sql::new(domain.origin);
        if let Some(collation) = &domain.collation {
            options.push(piece().word("COLLATE ").text(&quote::name(collation)).done());
        }
        let default = match &domain.default {
            Some(ServerDefault::Literal(value)) => Some(quote::literal(value)),
            Some(ServerDefault::Clause(clause)) => self.clause(clause, place),
            _ => None,
        };
        if let Some(default) = default {
            options.push(piece().word("DEFAULT ").text(&default).done());
        }
        if let Some(name) = &domain.constraint_name {
            options.push(piece().word("CONSTRAINT ").text(&quote::name(name)).done());
        }
        if domain.not_null {
            options.push(piece().word("NOT NULL").done());
        }
        if let Some(check) = &domain.check {
            let Some(check) = self.clause(check, place) else { return };
            options.push(piece().word("CHECK (").text(&check).word(")").done());
        }
        sql.list(&options, " ");
        self.emit(sql);
    }

    /// `CREATE SEQUENCE`.
    pub(super) fn create_sequence(&mut self, sequence: &Sequence, if_not_exists: bool) {
        let mut sql = Sql::new(sequence.origin);
        sql.word("CREATE SEQUENCE ");
        if if_not_exists {
            sql.word("IF NOT EXISTS ");
        }
        sql.text(&sequence_name(sequence));
        if let Some(data_type) = &sequence.data_type {
            let Some(data_type) = self.sql_type(data_type, None) else { return };
            sql.word(" AS ").text(&data_type);
        }
        let options = sequence_options(&sequence.options);
        if !options.is_empty() {
            sql.word(" ").word(&options);
        }
        self.emit(sql);
    }
}

/// In which order tables are made, and which foreign keys come after all of them.
struct Order {
    /// Indexes of the metadata's tables.
    tables: Vec<usize>,
    /// Tables and their parts (`Part::all`).
    later: BTreeSet<(usize, usize)>,
}

impl Order {
    fn of(writer: &Writer<'_>, metadata: &MetaData) -> Self {
        let count = metadata.tables.len();
        let key = |schema: Option<&Text>, name: &Text| {
            (schema.map(|schema| schema.as_str().to_owned()), name.as_str().to_owned())
        };
        let by_name: std::collections::BTreeMap<_, usize> = metadata
            .tables
            .iter()
            .enumerate()
            .map(|(index, table)| (key(table.schema.as_ref(), &table.name), index))
            .collect();
        let mut later = BTreeSet::new();
        // What each table's foreign keys refer to, by part.
        let mut references: Vec<Vec<(usize, Option<usize>)>> = vec![Vec::new(); count];
        for ((index, table), found) in metadata.tables.iter().enumerate().zip(&mut references) {
            for (part, reference) in Part::all(table).into_iter().map(Part::reference).enumerate() {
                let Some(reference) = reference else { continue };
                if reference.options.use_alter {
                    later.insert((index, part));
                    continue;
                }
                let referred = reference.targets.first().and_then(|target| {
                    let (schema, name, _) = writer.target_tokens(target);
                    by_name.get(&key(schema.as_ref(), &name)).copied()
                });
                found.push((part, referred.filter(|referred| *referred != index)));
            }
        }
        let parents = |references: &[Vec<(usize, Option<usize>)>]| -> Vec<BTreeSet<usize>> {
            let of_one = references.iter();
            of_one.map(|found| found.iter().filter_map(|(_, to)| *to).collect()).collect()
        };
        let mut edges = parents(&references);
        let mut tables = sorted(&edges);
        if tables.len() < count {
            // A table in a circle gets all of its foreign keys afterwards.
            for index in circles(&edges) {
                if let Some(found) = references.get_mut(index) {
                    later.extend(found.drain(..).map(|(part, _)| (index, part)));
                }
            }
            edges = parents(&references);
            tables = sorted(&edges);
        }
        Self { tables, later }
    }
}

/// The tables in rounds: each round has those whose parents are in earlier ones.
fn sorted(parents: &[BTreeSet<usize>]) -> Vec<usize> {
    let mut done = vec![false; parents.len()];
    let mut order = Vec::new();
    loop {
        let ready: Vec<usize> = parents
            .iter()
            .enumerate()
            .filter(|(index, parents)| {
                let is_done = |index: usize| done.get(index).copied().unwrap_or(true);
                !is_done(*index) && parents.iter().all(|parent| is_done(*parent))
            })
            .map(|(index, _)| index)
            .collect();
        if ready.is_empty() {
            return order;
        }
        for &index in &ready {
            if let Some(done) = done.get_mut(index) {
                *done = true;
            }
        }
        order.extend(ready);
    }
}

/// The tables that refer to themselves by way of others.
fn circles(parents: &[BTreeSet<usize>]) -> Vec<usize> {
    let reaches_itself = |start: usize| {
        let mut seen = BTreeSet::new();
        let mut rest = vec![start];
        while let Some(index) = rest.pop() {
            for &parent in parents.get(index).into_iter().flatten() {
                if parent == start {
                    return true;
                }
                if seen.insert(parent) {
                    rest.push(parent);
                }
            }
        }
        false
    };
    (0..parents.len()).filter(|index| reaches_itself(*index)).collect()
}
