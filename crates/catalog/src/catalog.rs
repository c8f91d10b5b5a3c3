//! The state of a schema after all changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::BlindSpot;
use crate::control::{
    DefaultPrivilege, Definition, EventTrigger, GlobalKind, Properties, Publication,
};
use crate::mentions::{Mentions, Names};
use crate::object::{Function, Grant, Role, Sequence, Table, UserType, View};
use crate::{DataType, ObjectName, Origin, QualifiedName, Reach, Touches};

/// A function's name and the types of its input arguments, as PostgreSQL tells overloads apart.
pub type FunctionKey = (QualifiedName, Vec<String>);

/// Objects that checkpoints of one catalog may copy: a second or two of work.
const MAX_COPIED: usize = 200_000;

/// A schema: everything the changes applied so far have made.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Schemas, `public` among them, with the statement that made them where there is one.
    pub schemas: BTreeMap<String, Option<Origin>>,
    /// Extensions by name.
    pub extensions: BTreeMap<String, Origin>,
    /// Enums, domains, composite and other types.
    pub types: BTreeMap<QualifiedName, UserType>,
    /// Tables.
    pub tables: BTreeMap<QualifiedName, Table>,
    /// Views and materialized views.
    pub views: BTreeMap<QualifiedName, View>,
    /// Sequences, those of `serial` and identity columns too.
    pub sequences: BTreeMap<QualifiedName, Sequence>,
    /// Functions and procedures.
    pub functions: BTreeMap<FunctionKey, Function>,
    /// Roles that statements create or alter.
    pub roles: BTreeMap<String, Role>,
    /// Triggers on definitions.
    pub event_triggers: BTreeMap<String, EventTrigger>,
    /// What logical replication carries out.
    pub publications: BTreeMap<String, Publication>,
    /// Objects that no rule looks at, by the statements that made them, in order.
    pub definitions: Vec<Definition>,
    /// What was said of the privileges of objects yet to come, in order.
    pub default_privileges: Vec<DefaultPrivilege>,
    /// Owners, comments and privileges of schemas, extensions and roles that have any.
    pub properties: BTreeMap<(GlobalKind, String), Properties>,
    /// The search path in force, without `pg_catalog`.
    pub search_path: Vec<String>,
    /// Text whose effect could not be derived.
    pub blind_spots: Vec<BlindSpot>,
    /// Indexes by name, with their table: PostgreSQL keeps them in the relations' name space.
    pub(crate) index_tables: BTreeMap<QualifiedName, QualifiedName>,
    /// Tables and domains that have, or once had, a constraint of a name, by schema and name:
    /// automatic names avoid those in use anywhere in the schema.
    pub(crate) constraint_holders: BTreeMap<QualifiedName, Names>,
    /// How many indexes were made, those behind keys too.
    pub(crate) indexes_made: u64,
    /// How many objects were copied for [`Catalog::checkpoint`].
    pub(crate) copied: usize,
    /// Who names whom.
    pub(crate) mentions: Mentions,
    /// Child tables of partitioned tables and of `INHERITS`.
    pub(crate) children: BTreeMap<QualifiedName, BTreeSet<QualifiedName>>,
}

impl Default for Catalog {
    fn default() -> Self {
        Self {
            schemas: BTreeMap::from([("public".to_owned(), None)]),
            extensions: BTreeMap::new(),
            types: BTreeMap::new(),
            tables: BTreeMap::new(),
            views: BTreeMap::new(),
            sequences: BTreeMap::new(),
            functions: BTreeMap::new(),
            roles: BTreeMap::new(),
            event_triggers: BTreeMap::new(),
            publications: BTreeMap::new(),
            definitions: Vec::new(),
            default_privileges: Vec::new(),
            properties: BTreeMap::from([(
                (GlobalKind::Schema, "public".to_owned()),
                Properties { grants: vec![Grant::usage_for_all()], ..Properties::default() },
            )]),
            search_path: vec!["public".to_owned()],
            blind_spots: Vec::new(),
            index_tables: BTreeMap::new(),
            constraint_holders: BTreeMap::new(),
            indexes_made: 0,
            copied: 0,
            mentions: Mentions::default(),
            children: BTreeMap::new(),
        }
    }
}

impl Catalog {
    /// An empty database: the schema `public` and nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// A copy to go back to with [`Catalog::restore`]; none when so much was copied already that a
    /// text which asks for one again and again would take too long.
    pub fn checkpoint(&mut self) -> Option<Self> {
        let size = self.tables.len() + self.views.len() + self.functions.len() + self.types.len();
        let copied = self.copied.saturating_add(size);
        if copied > MAX_COPIED {
            return None;
        }
        self.copied = copied;
        Some(self.clone())
    }

    /// Takes back what was applied since a checkpoint, but for what the catalog is blind to.
    pub fn restore(&mut self, checkpoint: Self) {
        let blind_spots = std::mem::take(&mut self.blind_spots);
        let copied = self.copied;
        *self = Self { blind_spots, copied, ..checkpoint };
    }

    /// The serial of a new index.
    pub(crate) fn next_index(&mut self) -> u64 {
        self.indexes_made += 1;
        self.indexes_made
    }

    /// Whether nothing was created.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
            && self.views.is_empty()
            && self.types.is_empty()
            && self.functions.is_empty()
    }

    /// The table of this name, through the search path when it is not qualified.
    pub fn table(&self, name: &ObjectName) -> Option<&Table> {
        self.resolve(name, |name| self.tables.contains_key(name))
            .and_then(|name| self.tables.get(&name))
    }

    /// The function that a trigger executes, or any one of this name without telling overloads
    /// apart.
    pub fn function(&self, name: &QualifiedName) -> Option<&Function> {
        self.functions
            .range((name.clone(), Vec::new())..)
            .next()
            .filter(|((found, _), _)| found == name)
            .map(|(_, function)| function)
    }

    /// Every function that an unresolved name may mean, through the search path.
    pub fn functions_named(&self, name: &ObjectName) -> Vec<&Function> {
        let Some(name) = self.resolve(name, |name| self.function(name).is_some()) else {
            return Vec::new();
        };
        self.functions
            .range((name.clone(), Vec::new())..)
            .take_while(|((found, _), _)| *found == name)
            .map(|(_, function)| function)
            .collect()
    }

    /// The user-defined type behind a column's type, if it is one.
    pub fn user_type(&self, data_type: &DataType) -> Option<&UserType> {
        let name = ObjectName { schema: data_type.schema.clone(), name: data_type.name.clone() };
        self.resolve(&name, |name| self.types.contains_key(name))
            .and_then(|name| self.types.get(&name))
    }

    /// Direct partitions and inheritance children of a table.
    pub fn children(&self, table: &QualifiedName) -> impl Iterator<Item = &QualifiedName> {
        self.children.get(table).into_iter().flatten()
    }

    /// Whether a table or domain of the schema has a constraint of this name.
    pub(crate) fn constraint_exists(&self, schema: &str, name: &str) -> bool {
        self.constraint_holders(&QualifiedName::new(schema, name)).next().is_some()
    }

    /// The tables and domains that have a constraint of this name.
    fn constraint_holders<'a>(
        &'a self,
        name: &'a QualifiedName,
    ) -> impl Iterator<Item = &'a QualifiedName> {
        let holders = self.constraint_holders.get(name).into_iter().flat_map(Names::iter);
        holders.filter(move |holder| {
            let table = self.tables.get(*holder);
            let domain = self.types.get(*holder);
            table.is_some_and(|table| crate::apply::has_constraint(table, &name.name))
                || domain.is_some_and(|domain| domain.has_constraint(&name.name))
        })
    }

    /// Whether several relations of a schema, or constraints of several tables, have this name.
    pub fn is_shared(&self, schema: &str, name: &str) -> bool {
        let name = QualifiedName::new(schema, name);
        let holders = self.constraint_holders(&name).count();
        holders > 1 || (holders == 0 && self.relation_exists(&name))
    }

    /// Remembers the names of a table's constraints.
    pub(crate) fn constraints_named(&mut self, table: &Table) {
        let own = table.constraints.iter().map(|constraint| &constraint.name);
        let not_nulls = table.columns.iter().filter_map(|column| column.not_null.as_ref());
        for name in own.chain(not_nulls.map(|not_null| &not_null.name)) {
            note_constraint(&mut self.constraint_holders, &table.name, name);
        }
    }

    /// Remembers the name of one constraint of a table or domain.
    pub(crate) fn constraint_named(&mut self, holder: &QualifiedName, name: &str) {
        note_constraint(&mut self.constraint_holders, holder, name);
    }

    /// The first blind spot that may touch an aspect of the schema.
    pub fn blind_to(&self, aspect: impl Fn(&Touches) -> bool) -> Option<&BlindSpot> {
        self.blind_spots.iter().find(|spot| aspect(&spot.may_touch))
    }

    /// The first blind spot that may touch an aspect of one table: of its own, or of a table that it
    /// is a partition or an heir of.
    pub fn blind_to_table(
        &self,
        table: &QualifiedName,
        aspect: impl Fn(&Touches) -> bool,
    ) -> Option<&BlindSpot> {
        let mut spots = self.blind_spots.iter().filter(|spot| aspect(&spot.may_touch)).peekable();
        spots.peek()?;
        let mut names = BTreeSet::from([table]);
        let mut open = vec![table];
        while let Some(name) = open.pop() {
            let parents = self.tables.get(name).into_iter().flat_map(Table::parents);
            open.extend(parents.filter(|parent| names.insert(parent)));
        }
        spots.find(|spot| match &spot.tables {
            Reach::Everywhere => true,
            Reach::Named(words) => names.iter().any(|name| words.contains(&name.name)),
        })
    }

    /// What may have been done to one table may as well have been done to another: the same under a
    /// new name, or a copy.
    pub(crate) fn blind_alike(&mut self, table: &str, other: &str) {
        for spot in &mut self.blind_spots {
            if let Reach::Named(words) = &mut spot.tables
                && words.contains(table)
            {
                words.insert(other.to_owned());
            }
        }
    }

    /// Resolves a name through the search path against what `exists`.
    pub fn resolve(
        &self,
        name: &ObjectName,
        exists: impl Fn(&QualifiedName) -> bool,
    ) -> Option<QualifiedName> {
        match &name.schema {
            Some(schema) => {
                let name = QualifiedName::new(schema.as_str(), name.name.as_str());
                exists(&name).then_some(name)
            }
            // Temporary tables come first on every path.
            None => std::iter::once("pg_temp")
                .chain(self.search_path.iter().map(String::as_str))
                .map(|schema| QualifiedName::new(schema, name.name.as_str()))
                .find(|name| exists(name)),
        }
    }

    /// The name an object created now would get.
    pub fn creation_name(&self, name: &ObjectName) -> QualifiedName {
        let schema = name.schema.clone().or_else(|| {
            self.search_path.iter().find(|schema| self.schemas.contains_key(*schema)).cloned()
        });
        QualifiedName::new(schema.unwrap_or_else(|| "public".to_owned()), name.name.as_str())
    }
}

fn note_constraint(
    holders: &mut BTreeMap<QualifiedName, Names>,
    holder: &QualifiedName,
    name: &str,
) {
    Names::insert(holders, QualifiedName::new(holder.schema.as_str(), name), holder);
}
