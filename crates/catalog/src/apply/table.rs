//! `CREATE TABLE`, columns and constraints.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{Expr, Value};

use super::Applying;
use super::derive::columns_of_view;
use super::not_null::{has_constraint, not_null_of};
use crate::change::{
    ColumnDefinition, ConstraintDefinition, LikeOptions, SequenceOption, SequenceWords,
    TableDefinition, TableElement,
};
use crate::control::DefaultKind;
use crate::naming;
use crate::object::{
    Column, Constraint, ConstraintKind, Expression, ForeignKey, IndexKeyKind, NotNull, Partition,
    Sequence, Switch, Table, UserType, UserTypeKind,
};
use crate::{DataType, ObjectName, Origin, QualifiedName, quote_literal};

/// The columns a table may have (`MaxHeapAttributeNumber`).
const MAX_COLUMNS: usize = 1_600;

impl Applying<'_> {
    pub(super) fn create_table(&mut self, definition: TableDefinition) {
        let mut name = self.catalog.creation_name(&definition.name);
        if definition.temporary {
            "pg_temp".clone_into(&mut name.schema);
        }
        if self.catalog.relation_exists(&name) {
            if !definition.if_not_exists {
                self.reject(format!("relation \"{name}\" already exists"));
            }
            return;
        }
        if !self.catalog.schemas.contains_key(&name.schema) && name.schema != "pg_temp" {
            self.reject(format!("schema \"{}\" does not exist", name.schema));
        }
        let mut table = Table {
            name: name.clone(),
            kind: definition.kind,
            temporary: definition.temporary,
            unlogged: definition.unlogged,
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
            remarks: definition.remarks,
            grants: self.default_grants(DefaultKind::Tables, &name.schema).0,
            name_origin: definition.name_origin,
            origin: definition.origin,
        };
        for parent in &definition.inherits {
            self.inherit_columns(&mut table, parent);
            let constraints = self.catalog.table(parent).map(|parent| parent.constraints.clone());
            for mut constraint in constraints.into_iter().flatten() {
                let check = matches!(constraint.kind, ConstraintKind::Check { .. });
                let has = table.constraints.iter().any(|own| own.name == constraint.name);
                if check && !constraint.no_inherit && !has {
                    constraint.comment = None;
                    constraint.not_valid = false;
                    table.constraints.push(constraint);
                }
            }
        }
        let mut of_parent = None;
        if let Some((parent, bound)) = definition.partition_of {
            self.inherit_columns(&mut table, &parent);
            table.inherits.clear();
            let parent =
                self.table_name(&parent).unwrap_or_else(|| self.catalog.creation_name(&parent));
            let keys = self.catalog.tables.get(&parent).map(|parent| parent.constraints.clone());
            of_parent = self.catalog.tables.get(&parent).map(|parent| parent.indexes.clone());
            table.partition_of = Some(Partition { parent, bound });
            for mut constraint in keys.into_iter().flatten() {
                constraint.comment = None;
                constraint.index_comment = None;
                let check = matches!(constraint.kind, ConstraintKind::Check { .. });
                constraint.part_of = (!check).then(|| constraint.name.clone());
                let definition =
                    ConstraintDefinition { constraint, references: None, using_index: None };
                self.inherit_constraint(&mut table, definition);
            }
        }
        let typed = definition.of_type.is_some();
        if let Some(of_type) = &definition.of_type {
            self.typed_columns(&mut table, of_type);
        }
        // Columns come first: constraints written before a column may name it.
        let mut constraints = Vec::new();
        for element in definition.elements {
            match element {
                TableElement::Column(column) => {
                    constraints.extend(self.add_column(&mut table, *column, typed));
                }
                TableElement::Constraint(constraint) => constraints.push(*constraint),
                TableElement::Like { table: other, including, origin } => {
                    self.catalog.blind_alike(&other.name, &name.name);
                    self.copy_like(&mut table, &other, including, origin);
                }
            }
        }
        for column in table.columns.iter().filter_map(|column| column.generated.as_ref()) {
            self.verify_columns(&table, &column.expression);
        }
        let parents = table.inherits.iter().chain(table.partition_of.as_ref().map(|p| &p.parent));
        for parent in parents {
            self.catalog.children.entry(parent.clone()).or_default().insert(name.clone());
        }
        // Keys are named before the rest, as the server makes them first.
        let rank = |definition: &ConstraintDefinition| match definition.constraint.kind {
            ConstraintKind::PrimaryKey { .. } => 1,
            ConstraintKind::ForeignKey(_) => 3,
            ConstraintKind::Check { .. } => 0,
            ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } => 2,
        };
        constraints.sort_by_key(rank);
        let mut kept: Vec<ConstraintDefinition> = Vec::with_capacity(constraints.len());
        for definition in constraints {
            match kept.iter_mut().find(|k| k.constraint.same_key(&definition.constraint)) {
                // The one index takes the name that was given to either.
                Some(same) => {
                    if same.constraint.name.is_empty() {
                        same.constraint.name = definition.constraint.name;
                        same.constraint.named = definition.constraint.named;
                    }
                }
                None => kept.push(definition),
            }
        }
        // A check that a parent has, too, is merged with it.
        let of_parents = table.constraints.iter().filter(|found| found.is_check());
        let of_parents: BTreeSet<String> = of_parents.map(|found| found.name.clone()).collect();
        let merged = |found: &ConstraintDefinition| {
            found.constraint.is_check() && of_parents.contains(&found.constraint.name)
        };
        for constraint in kept.into_iter().filter(|found| !merged(found)) {
            if let ConstraintKind::PrimaryKey { columns, .. } = &constraint.constraint.kind {
                // What a parent demands, a key demands on its own.
                let keys = table.columns.iter_mut().filter(|found| columns.contains(&found.name));
                for column in keys {
                    column.nullable = false;
                    if column.not_null.as_ref().is_none_or(|found| !found.local) {
                        column.not_null = Some(NotNull::own());
                    }
                }
            }
            match not_null_of(&constraint) {
                Some((name, not_null)) => {
                    if let Some(column) = table.columns.iter_mut().find(|c| c.name == name) {
                        column.nullable = false;
                        if not_null.named || column.not_null.is_none() {
                            column.not_null = Some(not_null);
                        }
                    }
                }
                None => self.add_constraint(&mut table, constraint),
            }
        }
        for index in of_parent.into_iter().flatten() {
            self.add_part(&mut table, &index);
        }
        if let Some(partition) = &table.partition_of {
            let triggers = self.triggers_of_rows(&partition.parent);
            table.triggers.extend(triggers);
        }
        self.name_not_nulls(&mut table);
        self.catalog.constraints_named(&table);
        self.catalog.mentions.note_table(&table);
        self.catalog.tables.insert(name, table);
    }

    /// The attributes of a composite type as columns.
    pub(super) fn typed_columns(&mut self, table: &mut Table, of_type: &ObjectName) {
        let types = &self.catalog.types;
        let found = self.catalog.resolve(of_type, |name| types.contains_key(name));
        let kind = found.and_then(|name| self.catalog.types.get(&name)).map(|found| &found.kind);
        let Some(UserTypeKind::Composite(attributes)) = kind else {
            return self.reject(format!("type \"{of_type}\" does not exist"));
        };
        let origin = table.name_origin;
        let columns = attributes
            .iter()
            .map(|(name, data_type)| Column::plain(name.clone(), data_type.clone(), origin));
        table.columns.extend(columns);
    }

    pub(super) fn inherit_columns(&mut self, table: &mut Table, parent: &ObjectName) {
        let Some(parent) = self.catalog.table(parent) else {
            return self.reject(format!("relation \"{parent}\" does not exist"));
        };
        let plain = !matches!(parent.kind, crate::TableKind::Partitioned { .. });
        for column in &parent.columns {
            if table.column(&column.name).is_none() {
                let mut column = column.clone();
                // Comments stay with the parent; only partitions share its identity.
                column.comment = None;
                if plain {
                    column.identity = None;
                }
                column.not_null = match column.not_null {
                    Some(not_null) if !not_null.no_inherit => {
                        // A new table has no rows that could break it.
                        Some(NotNull { not_valid: false, ..not_null.inherited() })
                    }
                    _ => None,
                };
                column.nullable = column.not_null.is_none();
                table.columns.push(column);
            } else if let Some(not_null) = &column.not_null
                && !not_null.no_inherit
                && let Some(merged) = table.columns.iter_mut().find(|c| c.name == column.name)
                && merged.nullable
            {
                merged.nullable = false;
                merged.not_null = Some(not_null.inherited());
            }
        }
        table.inherits.push(parent.name.clone());
    }

    /// A partition's own copy of its parent's constraint: keys get the partition's name, the rest
    /// keeps the parent's.
    pub(super) fn inherit_constraint(
        &mut self,
        table: &mut Table,
        mut definition: ConstraintDefinition,
    ) {
        let keeps = match definition.constraint.kind {
            ConstraintKind::Check { .. } => true,
            ConstraintKind::ForeignKey(_) => {
                if has_constraint(table, &definition.constraint.name) {
                    definition.constraint.name =
                        self.part_name(&table.name, &definition.constraint.name);
                }
                true
            }
            _ => false,
        };
        if !keeps {
            definition.constraint.name.clear();
            definition.constraint.named = false;
        }
        // A new table has no rows that could break it.
        definition.constraint.not_valid = false;
        self.add_constraint(table, definition);
    }

    pub(super) fn copy_like(
        &mut self,
        table: &mut Table,
        other: &ObjectName,
        including: LikeOptions,
        origin: Origin,
    ) {
        let Some(other) = self.catalog.table(other).cloned() else {
            return self.copy_row_type(table, other, origin);
        };
        for mut column in other.columns {
            column.origin = origin;
            if !including.defaults {
                column.default = None;
            }
            if !including.identity {
                column.identity = None;
            }
            if !including.generated {
                column.generated = None;
            }
            if let Some(not_null) = &mut column.not_null {
                not_null.local = true;
                not_null.not_valid = false;
                if !including.comments {
                    not_null.comment = None;
                }
            }
            if !including.comments {
                column.comment = None;
            }
            if column.identity.is_some() {
                let options = self.copied_sequence(&other.name, &column);
                let words = SequenceWords { options, ..SequenceWords::default() };
                self.identity_sequence(&table.name, &column.name, words);
            }
            table.columns.push(column);
        }
        for mut constraint in other.constraints {
            let wanted = match constraint.kind {
                ConstraintKind::Check { .. } => including.constraints,
                ConstraintKind::ForeignKey(_) => false,
                _ => including.indexes,
            };
            if wanted {
                constraint.origin = origin;
                constraint.part_of = None;
                if !including.comments {
                    constraint.index_comment = None;
                }
                // A key is copied as its index, which has a comment of its own.
                if !including.comments || !matches!(constraint.kind, ConstraintKind::Check { .. }) {
                    constraint.comment = None;
                }
                let definition =
                    ConstraintDefinition { constraint, references: None, using_index: None };
                self.inherit_constraint(table, definition);
            }
        }
        if including.indexes {
            for mut index in other.indexes {
                index.name = self.index_name(&table.name, &index);
                self.catalog.index_tables.insert(
                    QualifiedName::new(table.name.schema.as_str(), index.name.as_str()),
                    table.name.clone(),
                );
                index.origin = origin;
                index.part_of = None;
                index.serial = self.catalog.next_index();
                table.indexes.push(index);
            }
        }
    }

    /// `LIKE` of a view or a composite type, which have columns only.
    fn copy_row_type(&mut self, table: &mut Table, other: &ObjectName, origin: Origin) {
        let catalog = &*self.catalog;
        let view = catalog.resolve(other, |name| catalog.views.contains_key(name));
        let of_type = catalog.resolve(other, |name| catalog.types.contains_key(name));
        let columns = match (&view, of_type.and_then(|name| catalog.types.get(&name))) {
            (Some(view), _) => columns_of_view(catalog, view),
            (None, Some(UserType { kind: UserTypeKind::Composite(attributes), .. })) => {
                Some(attributes.clone())
            }
            _ => return self.reject(format!("relation \"{other}\" does not exist")),
        };
        match columns {
            Some(columns) => table
                .columns
                .extend(columns.into_iter().map(|(name, of)| Column::plain(name, of, origin))),
            None => {
                let reason = format!("the columns of \"{other}\" are not known");
                self.unknown_columns(&table.name.name, reason);
            }
        }
    }

    /// The options of an identity column's sequence as `LIKE` copies them: the bounds are those of
    /// the first one's type, but the type is not.
    fn copied_sequence(&self, table: &QualifiedName, column: &Column) -> Vec<SequenceOption> {
        let owned = Some((table.clone(), column.name.clone()));
        let names = self.catalog.mentions.sequences(table);
        let mut found = names.iter().filter_map(|name| self.catalog.sequences.get(name));
        let found = found.find(|found| found.identity && found.owned_by == owned);
        let mut options = found.map(|found| found.options.clone()).unwrap_or_default();
        let written = options.remove("type");
        let bounds = match written.as_deref().unwrap_or(&column.data_type.name) {
            "smallint" => Some((i64::from(i16::MIN), i64::from(i16::MAX))),
            "integer" => Some((i64::from(i32::MIN), i64::from(i32::MAX))),
            _ => None,
        };
        if let Some((least, most)) = bounds {
            let down = options.get("increment").is_some_and(|words| words.contains('-'));
            let (key, words) = if down {
                ("min", format!("MINVALUE {least}"))
            } else {
                ("max", format!("MAXVALUE {most}"))
            };
            let given = options.get(key).is_some_and(|words| words.contains(char::is_numeric));
            if !given {
                options.insert(key, words);
            }
            options.insert("type", "AS bigint".to_owned());
        }
        options.into_iter().collect()
    }

    /// Adds a column, expanding `serial`, and returns the constraints written on it. One that the
    /// table has already is only added to where it `repeats` a type's or a parent's.
    pub(crate) fn add_column(
        &mut self,
        table: &mut Table,
        definition: ColumnDefinition,
        repeats: bool,
    ) -> Vec<ConstraintDefinition> {
        let mut column = definition.column;
        let existing = table.columns.iter().position(|found| found.name == column.name);
        // A partition or an inheriting table may repeat a column to add to it.
        let merges = repeats || table.partition_of.is_some() || !table.inherits.is_empty();
        if existing.is_some() && !merges {
            let message = format!("column \"{}\" specified more than once", column.name);
            self.reject(message);
            return definition.constraints;
        }
        if existing.is_none() && table.columns.len() >= MAX_COLUMNS {
            if table.columns.len() == MAX_COLUMNS {
                self.reject(format!("tables can have at most {MAX_COLUMNS} columns"));
            }
            return Vec::new();
        }
        if let Some(base) = column.data_type.serial_base() {
            column.data_type = DataType::named(base);
            column.nullable = false;
            column.not_null.get_or_insert_with(NotNull::own);
            let sequence = self.owned_sequence(&table.name, &column.name);
            if base != "bigint"
                && let Some(sequence) = self.catalog.sequences.get_mut(&sequence)
            {
                sequence.options.insert("type", format!("AS {base}"));
            }
            column.default = Some(nextval(&sequence, column.origin));
        } else if column.identity.is_some() {
            column.nullable = false;
            column.not_null.get_or_insert_with(NotNull::own);
            self.identity_sequence(&table.name, &column.name, definition.sequence);
        }
        if let Some(existing) = existing.and_then(|at| table.columns.get_mut(at)) {
            existing.nullable &= column.nullable;
            if column.not_null.is_some() {
                existing.not_null = column.not_null;
            }
            existing.default = column.default.or(existing.default.take());
            existing.identity = column.identity.or(existing.identity);
            return definition.constraints;
        }
        self.resolve_type(&mut column.data_type);
        column.default = column.default.filter(|default| self.is_kept(default, &column.data_type));
        table.columns.push(column);
        definition.constraints
    }

    /// Whether the server stores a default: `NULL` says nothing, but of a domain, whose own it replaces,
    /// and where it is cast to the type's length.
    pub(super) fn is_kept(&self, default: &Expression, of: &DataType) -> bool {
        let (value, cast) = match default.text.split_once("::") {
            Some((value, cast)) => (value, Some(cast.trim())),
            None => (default.text.as_str(), None),
        };
        let short =
            matches!(of.name.as_str(), "character" | "bit") || of.name.starts_with("interval ");
        let same = |cast: &str| {
            let (name, array) = cast.strip_suffix("[]").map_or((cast, false), |name| (name, true));
            let cast = DataType { array, ..DataType::named(&name.to_lowercase()) };
            cast.to_string() == of.to_string()
        };
        let domain = || {
            let name = ObjectName { schema: of.schema.clone(), name: of.name.clone() };
            let types = &self.catalog.types;
            let found = self.catalog.resolve(&name, |name| types.contains_key(name));
            let found = found.and_then(|name| types.get(&name));
            found.is_some_and(|found| matches!(found.kind, UserTypeKind::Domain { .. }))
        };
        let null = value.trim().eq_ignore_ascii_case("null") && cast.is_none_or(same);
        !null || short || !of.modifiers.is_empty() || (!of.array && domain())
    }

    /// The sequence of an identity column, which may be named by the statement.
    pub(super) fn identity_sequence(
        &mut self,
        table: &QualifiedName,
        column: &str,
        words: SequenceWords,
    ) {
        let name = match words.name {
            Some(name) => {
                let schema = name.schema.unwrap_or_else(|| table.schema.clone());
                let name = QualifiedName::new(schema, name.name);
                self.add_sequence(name.clone(), Some((table.clone(), column.to_owned())));
                name
            }
            None => self.owned_sequence(table, column),
        };
        if let Some(sequence) = self.catalog.sequences.get_mut(&name) {
            sequence.identity = true;
            sequence.options.extend(words.options);
        }
    }

    pub(crate) fn owned_sequence(&mut self, table: &QualifiedName, column: &str) -> QualifiedName {
        let name = naming::choose(&table.name, column, "seq", |name| {
            self.catalog.relation_exists(&QualifiedName::new(table.schema.as_str(), name))
        });
        let name = QualifiedName::new(table.schema.as_str(), name);
        self.add_sequence(name.clone(), Some((table.clone(), column.to_owned())));
        name
    }

    pub(super) fn add_sequence(
        &mut self,
        name: QualifiedName,
        owned_by: Option<(QualifiedName, String)>,
    ) {
        let (grants, _) = self.default_grants(DefaultKind::Sequences, &name.schema);
        if let Some((table, _)) = &owned_by {
            self.catalog.mentions.note_sequence(table, &name);
        }
        let sequence = Sequence {
            name: name.clone(),
            owned_by,
            identity: false,
            options: BTreeMap::new(),
            owner: None,
            grants,
            comment: None,
            origin: self.origin,
        };
        self.catalog.sequences.insert(name, sequence);
    }

    /// Names a constraint, resolves what it refers to and adds it.
    pub(crate) fn add_constraint(&mut self, table: &mut Table, definition: ConstraintDefinition) {
        let ConstraintDefinition { mut constraint, references, using_index } = definition;
        let mut taken = None;
        if let Some(index) = using_index {
            let Some(at) = table.indexes.iter().position(|found| found.name == index) else {
                return self.reject(format!("index \"{index}\" does not exist"));
            };
            let index = table.indexes.remove(at);
            let keys: Vec<_> = index
                .keys
                .into_iter()
                .filter_map(|key| match key.key {
                    IndexKeyKind::Column(name) => Some(name),
                    IndexKeyKind::Expression(_) => None,
                })
                .collect();
            match &mut constraint.kind {
                ConstraintKind::PrimaryKey { columns, .. }
                | ConstraintKind::Unique { columns, .. } => {
                    *columns = keys;
                }
                _ => {}
            }
            if constraint.name.is_empty() {
                constraint.name = index.name;
            }
            constraint.index_columns = index.own_columns;
            taken = Some(index.serial);
        }
        self.resolve_constraint(table, &mut constraint.kind, references.as_ref());
        if constraint.name.is_empty() {
            constraint.name = self.constraint_name(table, &constraint);
        } else if has_constraint(table, &constraint.name) {
            let message = format!(
                "constraint \"{}\" for relation \"{}\" already exists",
                constraint.name, table.name
            );
            return self.reject(message);
        }
        if let ConstraintKind::PrimaryKey { columns, .. } = &constraint.kind {
            if table.primary_key().is_some() {
                let message =
                    format!("multiple primary keys for table \"{}\" are not allowed", table.name);
                return self.reject(message);
            }
            for column in table.columns.iter_mut().filter(|found| columns.contains(&found.name)) {
                column.nullable = false;
            }
        }
        match &constraint.kind {
            ConstraintKind::Check { expression } => self.verify_columns(table, expression),
            // A key whose table is missing, or lacks a column, has been told of.
            ConstraintKind::ForeignKey(key) => {
                self.verify_reference(table, key, &constraint.name);
            }
            _ => {}
        }
        let indexed = !matches!(
            constraint.kind,
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. }
        );
        if indexed {
            constraint.index_serial = taken.unwrap_or_else(|| self.catalog.next_index());
            let index = QualifiedName::new(table.name.schema.as_str(), constraint.name.as_str());
            self.catalog.index_tables.insert(index, table.name.clone());
        }
        let mentions = &mut self.catalog.mentions;
        match &constraint.kind {
            ConstraintKind::ForeignKey(key) => {
                mentions.note_in_table(&table.name, &key.references.name);
            }
            ConstraintKind::Check { expression }
            | ConstraintKind::Exclude { predicate: Some(expression), .. } => {
                mentions.note_expression(&table.name, expression);
            }
            _ => {}
        }
        self.catalog.constraint_named(&table.name, &constraint.name);
        constraint.made_as = None;
        table.constraints.push(constraint);
    }

    pub(super) fn resolve_constraint(
        &mut self,
        table: &Table,
        kind: &mut ConstraintKind,
        references: Option<&ObjectName>,
    ) {
        let mut missing = Vec::new();
        let mut require = |columns: &[String]| {
            missing.extend(columns.iter().filter(|name| table.column(name).is_none()).cloned());
        };
        match kind {
            ConstraintKind::PrimaryKey { columns, include }
            | ConstraintKind::Unique { columns, include, .. } => {
                require(columns);
                require(include);
            }
            ConstraintKind::ForeignKey(key) => {
                require(&key.columns);
                if let Some(written) = references {
                    self.resolve_reference(table, key, written);
                }
            }
            ConstraintKind::Check { .. } | ConstraintKind::Exclude { .. } => {}
        }
        for column in missing {
            self.reject(format!("column \"{column}\" named in key does not exist"));
        }
    }

    pub(super) fn resolve_reference(
        &mut self,
        table: &Table,
        key: &mut ForeignKey,
        written: &ObjectName,
    ) {
        let found = self.table_name(written).or_else(|| {
            // A table may refer to itself before it exists.
            let own = written.name == table.name.name
                && written.schema.as_ref().is_none_or(|schema| *schema == table.name.schema);
            own.then(|| table.name.clone())
        });
        let Some(found) = found else {
            key.references = self.catalog.creation_name(written);
            return self.reject(format!("relation \"{written}\" does not exist"));
        };
        key.references = found;
        let target = if key.references == table.name {
            Some(table)
        } else {
            self.catalog.tables.get(&key.references)
        };
        if key.referenced_columns.is_empty() {
            let primary = target.and_then(Table::primary_key);
            key.index = primary.map(|(constraint, _)| constraint.index_serial);
            key.referenced_columns =
                primary.map(|(_, columns)| columns.to_vec()).unwrap_or_default();
        } else {
            key.index =
                target.and_then(|target| target.index_for_reference(&key.referenced_columns));
        }
        let missing = target.and_then(|target| {
            key.referenced_columns.iter().find(|name| target.column(name).is_none()).cloned()
        });
        if let Some(column) = missing {
            self.reject(format!(
                "column \"{column}\" referenced in foreign key constraint does not exist"
            ));
        }
    }

    pub(super) fn constraint_name(&self, table: &Table, constraint: &Constraint) -> String {
        let own = |name: &str| {
            has_constraint(table, name) || self.catalog.constraint_exists(&table.name.schema, name)
        };
        let relation = |name: &str| {
            own(name)
                || self
                    .catalog
                    .relation_exists(&QualifiedName::new(table.name.schema.as_str(), name))
        };
        let name = table.name.name.as_str();
        let indexed = || {
            let now = naming::columns_of_key(constraint);
            let columns =
                if constraint.index_columns.is_empty() { &now } else { &constraint.index_columns };
            naming::joined(columns.iter().map(String::as_str))
        };
        match &constraint.kind {
            ConstraintKind::PrimaryKey { .. } => naming::choose(name, "", "pkey", relation),
            ConstraintKind::Unique { .. } => naming::choose(name, &indexed(), "key", relation),
            ConstraintKind::Exclude { .. } => naming::choose(name, &indexed(), "excl", relation),
            ConstraintKind::ForeignKey(key) => {
                let columns = naming::joined(key.columns.iter().map(String::as_str));
                naming::choose(name, &columns, "fkey", own)
            }
            ConstraintKind::Check { expression } => {
                let columns = expression.columns();
                let mut known = columns.iter().filter(|column| table.column(column).is_some());
                let column = match (known.next(), known.next()) {
                    (Some(column), None) => column.as_str(),
                    _ => "",
                };
                naming::choose(name, column, "check", own)
            }
        }
    }
}

/// The default that `serial` stands for.
pub(super) fn nextval(sequence: &QualifiedName, origin: Origin) -> Expression {
    let text = format!("nextval({}::regclass)", quote_literal(&sequence.to_sql()));
    let ast = Expr::Function(sqlparser::ast::Function {
        name: sqlparser::ast::ObjectName::from(vec![sqlparser::ast::Ident::new("nextval")]),
        uses_odbc_syntax: false,
        parameters: sqlparser::ast::FunctionArguments::None,
        args: sqlparser::ast::FunctionArguments::List(sqlparser::ast::FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![sqlparser::ast::FunctionArg::Unnamed(
                sqlparser::ast::FunctionArgExpr::Expr(Expr::Value(
                    Value::SingleQuotedString(sequence.to_sql()).into(),
                )),
            )],
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    });
    Expression { text, ast: Some(Box::new(ast)), origin }
}
