//! Playing changes on a catalog, as the server would: names are resolved and generated, and what a
//! server would have rejected is a [`Problem`], never an end.

use sqlparser::ast::{Expr, Value};

use crate::change::{
    BlindSpot, Change, ColumnDefinition, CommentTarget, ConstraintDefinition, EnumPosition,
    FunctionDefinition, FunctionOptions, GrantTarget, LikeOptions, RoleDefinition, TableDefinition,
    TableElement, ViewDefinition,
};
use crate::naming;
use crate::object::{
    Column, ConstraintKind, Expression, Function, Grant, Index, IndexKeyKind, Partition, Policy,
    Remark, Role, Sequence, Switch, Table, Trigger, UserType, UserTypeKind, View,
};
use crate::{
    ArgumentMode, Catalog, DataType, FunctionKey, ObjectName, Origin, QualifiedName, Touches,
    quote_literal,
};

/// Something a server would have rejected, or could not be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, in PostgreSQL's own words where it has some.
    pub message: String,
    /// Where.
    pub origin: Origin,
    /// The statement's effect is unknown: it counts as unread.
    pub unread: bool,
}

/// A change on its way into the catalog.
pub(crate) struct Applying<'a> {
    pub(crate) catalog: &'a mut Catalog,
    pub(crate) origin: Origin,
    pub(crate) problems: Vec<Problem>,
}

impl Catalog {
    /// Plays one change, made by the statement at `origin`, and says what a server would have
    /// rejected of it.
    pub fn apply(&mut self, change: Change, origin: Origin) -> Vec<Problem> {
        let mut applying = Applying {
            catalog: self,
            origin,
            problems: Vec::new(),
        };
        applying.change(change);
        applying.problems
    }

    /// Whether a relation of any kind has this name.
    pub(crate) fn relation_exists(&self, name: &QualifiedName) -> bool {
        self.tables.contains_key(name)
            || self.views.contains_key(name)
            || self.sequences.contains_key(name)
            || self.index_tables.contains_key(name)
    }
}

impl Applying<'_> {
    pub(crate) fn reject(&mut self, message: impl Into<String>) {
        let problem = Problem {
            message: message.into(),
            origin: self.origin,
            unread: false,
        };
        self.problems.push(problem);
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::CreateSchema {
                name,
                if_not_exists,
            } => {
                if self.catalog.schemas.contains_key(&name) {
                    if !if_not_exists && name != "public" {
                        self.reject(format!("schema \"{name}\" already exists"));
                    }
                } else {
                    self.catalog.schemas.insert(name, Some(self.origin));
                }
            }
            Change::CreateExtension { name, .. } => {
                self.catalog.extensions.entry(name).or_insert(self.origin);
            }
            Change::CreateType { name, kind } => self.create_type(&name, kind),
            Change::AddEnumValue {
                name,
                value,
                position,
                if_not_exists,
            } => {
                self.add_enum_value(&name, value, position, if_not_exists);
            }
            Change::RenameEnumValue { name, from, to } => {
                if let Some(labels) = self.enum_labels(&name)
                    && let Some(label) = labels.iter_mut().find(|label| **label == from)
                {
                    *label = to;
                }
            }
            Change::CreateTable(definition) => self.create_table(*definition),
            Change::AlterTable {
                name,
                if_exists,
                actions,
            } => {
                self.alter_table(&name, if_exists, actions);
            }
            Change::CreateIndex {
                table,
                index,
                if_not_exists,
            } => {
                self.create_index(&table, *index, if_not_exists);
            }
            Change::CreatePolicy { table, policy } => self.create_policy(&table, *policy),
            Change::AlterPolicy {
                table,
                name,
                roles,
                using,
                check,
            } => {
                let policy = self
                    .table_mut(&table)
                    .and_then(|table| table.policies.iter_mut().find(|policy| policy.name == name));
                let Some(policy) = policy else {
                    return self.reject(format!(
                        "policy \"{name}\" for table \"{table}\" does not exist"
                    ));
                };
                policy.roles = roles.unwrap_or(std::mem::take(&mut policy.roles));
                policy.using = using.or(policy.using.take());
                policy.check = check.or(policy.check.take());
            }
            Change::CreateTrigger {
                table,
                function,
                trigger,
                or_replace,
            } => {
                self.create_trigger(&table, &function, *trigger, or_replace);
            }
            Change::CreateFunction(definition) => self.create_function(*definition),
            Change::AlterFunction {
                name,
                arguments,
                options,
            } => {
                if let Some(key) = self.function_key(&name, arguments.as_deref())
                    && let Some(function) = self.catalog.functions.get_mut(&key)
                {
                    alter_function(function, *options);
                } else {
                    self.reject(format!("function {name} does not exist"));
                }
            }
            Change::CreateView(definition) => self.create_view(*definition),
            Change::SetViewOptions {
                name,
                security_invoker,
                security_barrier,
            } => {
                let Some(view) = self.view_mut(&name) else {
                    return self.reject(format!("view \"{name}\" does not exist"));
                };
                view.security_invoker = security_invoker.unwrap_or(view.security_invoker);
                view.security_barrier = security_barrier.unwrap_or(view.security_barrier);
            }
            Change::CreateSequence {
                name,
                if_not_exists,
            } => {
                let name = self.catalog.creation_name(&name);
                if !self.catalog.relation_exists(&name) {
                    self.add_sequence(name, None);
                } else if !if_not_exists {
                    self.reject(format!("relation \"{name}\" already exists"));
                }
            }
            Change::SetSequenceOwner { name, column } => self.set_sequence_owner(&name, column),
            Change::SetRole(definition) => self.set_role(definition),
            Change::GrantRole { role, member } => {
                let origin = self.origin;
                let entry = self.catalog.roles.entry(member.clone());
                entry
                    .or_insert_with(|| Role {
                        name: member,
                        origin,
                        ..Role::default()
                    })
                    .member_of
                    .insert(role);
            }
            Change::Grant { on, grants } => self.grant(&on, &grants),
            Change::Revoke {
                on,
                privileges,
                from,
            } => self.revoke(&on, &privileges, &from),
            Change::Comment { on, text } => self.comment(on, text),
            Change::SetSearchPath(path) => {
                self.catalog.search_path = path.unwrap_or_else(|| vec!["public".to_owned()]);
            }
            Change::Drop {
                what,
                if_exists,
                cascade,
            } => {
                for object in what {
                    self.drop_object(object, if_exists, cascade);
                }
            }
            Change::Rename { what, to } => self.rename(what, to),
            Change::SetSchema { what, schema } => self.set_schema(what, &schema),
            Change::SetOwner { what, owner } => self.set_owner(&what, owner),
            Change::Call { functions } => self.call(&functions),
            Change::Unknown(spot) => self.catalog.blind_spots.push(spot),
        }
    }

    /// The resolved name of an existing table.
    pub(crate) fn table_name(&self, name: &ObjectName) -> Option<QualifiedName> {
        self.catalog
            .resolve(name, |name| self.catalog.tables.contains_key(name))
    }

    pub(crate) fn table_mut(&mut self, name: &ObjectName) -> Option<&mut Table> {
        let name = self.table_name(name)?;
        self.catalog.tables.get_mut(&name)
    }

    pub(crate) fn view_mut(&mut self, name: &ObjectName) -> Option<&mut View> {
        let views = &self.catalog.views;
        let name = self
            .catalog
            .resolve(name, |name| views.contains_key(name))?;
        self.catalog.views.get_mut(&name)
    }

    fn create_type(&mut self, name: &ObjectName, mut kind: UserTypeKind) {
        let name = self.catalog.creation_name(name);
        if self.catalog.types.contains_key(&name) {
            return self.reject(format!("type \"{name}\" already exists"));
        }
        match &mut kind {
            UserTypeKind::Domain { base, .. } => self.resolve_type(base),
            UserTypeKind::Composite(attributes) => {
                for (_, data_type) in attributes {
                    self.resolve_type(data_type);
                }
            }
            UserTypeKind::Enum(_) | UserTypeKind::Other(_) => {}
        }
        let user_type = UserType {
            name: name.clone(),
            kind,
            comment: None,
            origin: self.origin,
        };
        self.catalog.types.insert(name, user_type);
    }

    fn enum_labels(&mut self, name: &ObjectName) -> Option<&mut Vec<String>> {
        let types = &self.catalog.types;
        let name = self.catalog.resolve(name, |name| types.contains_key(name));
        match name
            .and_then(|name| self.catalog.types.get_mut(&name))
            .map(|found| &mut found.kind)
        {
            Some(UserTypeKind::Enum(labels)) => Some(labels),
            _ => None,
        }
    }

    fn add_enum_value(
        &mut self,
        name: &ObjectName,
        value: String,
        position: Option<EnumPosition>,
        if_not_exists: bool,
    ) {
        let Some(labels) = self.enum_labels(name) else {
            return self.reject(format!("type \"{name}\" does not exist"));
        };
        if labels.contains(&value) {
            if !if_not_exists {
                self.reject(format!("enum label \"{value}\" already exists"));
            }
            return;
        }
        let find = |labels: &[String], at: &str| labels.iter().position(|label| label == at);
        let at = match position {
            None => Some(labels.len()),
            Some(EnumPosition::Before(label)) => find(labels, &label),
            Some(EnumPosition::After(label)) => find(labels, &label).map(|at| at + 1),
        };
        match at {
            Some(at) => labels.insert(at, value),
            None => self.reject(format!(
                "the neighbour of the new label \"{value}\" does not exist"
            )),
        }
    }

    /// Gives a user-defined type its schema.
    pub(crate) fn resolve_type(&self, data_type: &mut DataType) {
        if data_type.is_builtin() {
            return;
        }
        let name = ObjectName {
            schema: data_type.schema.clone(),
            name: data_type.name.clone(),
        };
        let types = &self.catalog.types;
        if let Some(found) = self.catalog.resolve(&name, |name| types.contains_key(name)) {
            data_type.schema = Some(found.schema);
        }
    }

    fn create_table(&mut self, definition: TableDefinition) {
        let name = self.catalog.creation_name(&definition.name);
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
            row_security: Switch::default(),
            row_security_forced: Switch::default(),
            owner: None,
            comment: None,
            remarks: definition.remarks,
            grants: Vec::new(),
            name_origin: definition.name_origin,
            origin: definition.origin,
        };
        for parent in &definition.inherits {
            self.inherit_columns(&mut table, parent);
        }
        if let Some((parent, bound)) = definition.partition_of {
            self.inherit_columns(&mut table, &parent);
            table.inherits.clear();
            let parent = self
                .table_name(&parent)
                .unwrap_or_else(|| self.catalog.creation_name(&parent));
            let keys = self
                .catalog
                .tables
                .get(&parent)
                .map(|parent| parent.constraints.clone());
            table.partition_of = Some(Partition { parent, bound });
            for constraint in keys.into_iter().flatten() {
                let definition = ConstraintDefinition {
                    constraint,
                    references: None,
                    using_index: None,
                };
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
                TableElement::Like {
                    table: other,
                    including,
                    origin,
                } => {
                    self.copy_like(&mut table, &other, including, origin);
                }
            }
        }
        let parents = table
            .inherits
            .iter()
            .chain(table.partition_of.as_ref().map(|p| &p.parent));
        for parent in parents {
            self.catalog
                .children
                .entry(parent.clone())
                .or_default()
                .insert(name.clone());
        }
        // Keys are named before the rest, as the server makes them first.
        let rank = |definition: &ConstraintDefinition| match definition.constraint.kind {
            ConstraintKind::PrimaryKey { .. } => 1,
            ConstraintKind::ForeignKey(_) => 3,
            ConstraintKind::Check { .. } => 0,
            ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } => 2,
        };
        constraints.sort_by_key(rank);
        for constraint in constraints {
            self.add_constraint(&mut table, constraint);
        }
        self.catalog.tables.insert(name, table);
    }

    /// The attributes of a composite type as columns.
    fn typed_columns(&mut self, table: &mut Table, of_type: &ObjectName) {
        let types = &self.catalog.types;
        let found = self
            .catalog
            .resolve(of_type, |name| types.contains_key(name));
        let kind = found
            .and_then(|name| self.catalog.types.get(&name))
            .map(|found| &found.kind);
        let Some(UserTypeKind::Composite(attributes)) = kind else {
            return self.reject(format!("type \"{of_type}\" does not exist"));
        };
        let columns = attributes.iter().map(|(name, data_type)| Column {
            name: name.clone(),
            data_type: data_type.clone(),
            nullable: true,
            default: None,
            identity: None,
            generated: None,
            collation: None,
            comment: None,
            remarks: Vec::new(),
            origin: table.name_origin,
        });
        table.columns.extend(columns);
    }

    fn inherit_columns(&mut self, table: &mut Table, parent: &ObjectName) {
        let Some(parent) = self.catalog.table(parent) else {
            return self.reject(format!("relation \"{parent}\" does not exist"));
        };
        for column in &parent.columns {
            if table.column(&column.name).is_none() {
                table.columns.push(column.clone());
            }
        }
        table.inherits.push(parent.name.clone());
    }

    /// A partition's own copy of its parent's constraint: keys get the partition's name.
    fn inherit_constraint(&mut self, table: &mut Table, mut definition: ConstraintDefinition) {
        let check = matches!(definition.constraint.kind, ConstraintKind::Check { .. });
        if !check {
            definition.constraint.name.clear();
            definition.constraint.named = false;
        }
        self.add_constraint(table, definition);
    }

    fn copy_like(
        &mut self,
        table: &mut Table,
        other: &ObjectName,
        including: LikeOptions,
        origin: Origin,
    ) {
        let Some(other) = self.catalog.table(other).cloned() else {
            return self.reject(format!("relation \"{other}\" does not exist"));
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
            if !including.comments {
                column.comment = None;
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
                let definition = ConstraintDefinition {
                    constraint,
                    references: None,
                    using_index: None,
                };
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
                table.indexes.push(index);
            }
        }
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
        // A partition or an inheriting table may repeat a column to add to it.
        if let Some(existing) = table.columns.iter_mut().find(|c| c.name == column.name) {
            if repeats || table.partition_of.is_some() || !table.inherits.is_empty() {
                existing.nullable &= column.nullable;
                existing.default = column.default.or(existing.default.take());
            } else {
                let message = format!("column \"{}\" specified more than once", column.name);
                self.reject(message);
            }
            return definition.constraints;
        }
        if let Some(base) = column.data_type.serial_base() {
            column.data_type = DataType::named(base);
            column.nullable = false;
            let sequence = self.owned_sequence(&table.name, &column.name);
            column.default = Some(nextval(&sequence, column.origin));
        } else if column.identity.is_some() {
            self.owned_sequence(&table.name, &column.name);
        }
        self.resolve_type(&mut column.data_type);
        table.columns.push(column);
        definition.constraints
    }

    pub(crate) fn owned_sequence(&mut self, table: &QualifiedName, column: &str) -> QualifiedName {
        let name = naming::choose(&table.name, column, "seq", |name| {
            self.catalog
                .relation_exists(&QualifiedName::new(table.schema.as_str(), name))
        });
        let name = QualifiedName::new(table.schema.as_str(), name);
        self.add_sequence(name.clone(), Some((table.clone(), column.to_owned())));
        name
    }

    fn add_sequence(&mut self, name: QualifiedName, owned_by: Option<(QualifiedName, String)>) {
        let sequence = Sequence {
            name: name.clone(),
            owned_by,
            comment: None,
            origin: self.origin,
        };
        self.catalog.sequences.insert(name, sequence);
    }

    /// Names a constraint, resolves what it refers to and adds it.
    pub(crate) fn add_constraint(&mut self, table: &mut Table, definition: ConstraintDefinition) {
        let ConstraintDefinition {
            mut constraint,
            references,
            using_index,
        } = definition;
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
        }
        self.resolve_constraint(table, &mut constraint.kind, references.as_ref());
        if constraint.name.is_empty() {
            constraint.name = self.constraint_name(table, &constraint.kind);
        } else if table
            .constraints
            .iter()
            .any(|other| other.name == constraint.name)
        {
            let message = format!(
                "constraint \"{}\" for relation \"{}\" already exists",
                constraint.name, table.name
            );
            return self.reject(message);
        }
        if let ConstraintKind::PrimaryKey { columns, .. } = &constraint.kind {
            if table.primary_key().is_some() {
                let message = format!(
                    "multiple primary keys for table \"{}\" are not allowed",
                    table.name
                );
                return self.reject(message);
            }
            for column in &mut table.columns {
                column.nullable &= !columns.contains(&column.name);
            }
        }
        let indexed = !matches!(
            constraint.kind,
            ConstraintKind::ForeignKey(_) | ConstraintKind::Check { .. }
        );
        if indexed {
            let index = QualifiedName::new(table.name.schema.as_str(), constraint.name.as_str());
            self.catalog.index_tables.insert(index, table.name.clone());
        }
        table.constraints.push(constraint);
    }

    fn resolve_constraint(
        &mut self,
        table: &Table,
        kind: &mut ConstraintKind,
        references: Option<&ObjectName>,
    ) {
        let mut missing = Vec::new();
        let mut require = |columns: &[String]| {
            missing.extend(
                columns
                    .iter()
                    .filter(|name| table.column(name).is_none())
                    .cloned(),
            );
        };
        match kind {
            ConstraintKind::PrimaryKey { columns, include }
            | ConstraintKind::Unique {
                columns, include, ..
            } => {
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

    fn resolve_reference(
        &mut self,
        table: &Table,
        key: &mut crate::object::ForeignKey,
        written: &ObjectName,
    ) {
        let found = self.table_name(written).or_else(|| {
            // A table may refer to itself before it exists.
            let own = written.name == table.name.name
                && written
                    .schema
                    .as_ref()
                    .is_none_or(|schema| *schema == table.name.schema);
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
            let primary = target
                .and_then(Table::primary_key)
                .map(|(_, columns)| columns.to_vec());
            key.referenced_columns = primary.unwrap_or_default();
        }
        let missing = target.and_then(|target| {
            key.referenced_columns
                .iter()
                .find(|name| target.column(name).is_none())
                .cloned()
        });
        if let Some(column) = missing {
            self.reject(format!(
                "column \"{column}\" referenced in foreign key constraint does not exist"
            ));
        }
    }

    fn constraint_name(&self, table: &Table, kind: &ConstraintKind) -> String {
        let own = |name: &str| table.constraints.iter().any(|other| other.name == name);
        let relation = |name: &str| {
            own(name)
                || self
                    .catalog
                    .relation_exists(&QualifiedName::new(table.name.schema.as_str(), name))
        };
        let name = table.name.name.as_str();
        match kind {
            ConstraintKind::PrimaryKey { .. } => naming::choose(name, "", "pkey", relation),
            ConstraintKind::Unique {
                columns, include, ..
            } => {
                let columns = columns.iter().chain(include).map(String::as_str);
                naming::choose(name, &naming::joined(columns), "key", relation)
            }
            ConstraintKind::Exclude { elements, .. } => {
                let columns = elements.iter().map(|element| {
                    let word = element.split_whitespace().next().unwrap_or_default();
                    let plain = word.chars().all(|c| c.is_alphanumeric() || c == '_');
                    if plain { word } else { "expr" }
                });
                naming::choose(name, &naming::joined(columns), "excl", relation)
            }
            ConstraintKind::ForeignKey(key) => {
                let columns = naming::joined(key.columns.iter().map(String::as_str));
                naming::choose(name, &columns, "fkey", own)
            }
            ConstraintKind::Check { expression } => {
                let columns = expression.columns();
                let mut known = columns
                    .iter()
                    .filter(|column| table.column(column).is_some());
                let column = match (known.next(), known.next()) {
                    (Some(column), None) => column.as_str(),
                    _ => "",
                };
                naming::choose(name, column, "check", own)
            }
        }
    }

    fn index_name(&self, table: &QualifiedName, index: &Index) -> String {
        let taken = |name: &str| {
            self.catalog
                .relation_exists(&QualifiedName::new(table.schema.as_str(), name))
        };
        let mut columns: Vec<String> = Vec::new();
        for key in &index.keys {
            let base = match &key.key {
                IndexKeyKind::Column(name) => name.clone(),
                IndexKeyKind::Expression(expression) => expression.function_name(),
            };
            // `ChooseIndexColumnNames`: `expr`, `expr1`, …
            let mut name = base.clone();
            let mut pass = 1_u32;
            while columns.contains(&name) {
                name = format!("{base}{pass}");
                pass += 1;
            }
            columns.push(name);
        }
        columns.extend(index.include.iter().cloned());
        let joined = naming::joined(columns.iter().map(String::as_str));
        naming::choose(&table.name, &joined, "idx", taken)
    }

    fn create_index(&mut self, table: &ObjectName, mut index: Index, if_not_exists: bool) {
        let Some(name) = self.table_name(table) else {
            let views = &self.catalog.views;
            // Indexes of materialized views hold no control.
            if self
                .catalog
                .resolve(table, |name| views.contains_key(name))
                .is_none()
            {
                self.reject(format!("relation \"{table}\" does not exist"));
            }
            return;
        };
        if index.name.is_empty() {
            index.name = self.index_name(&name, &index);
        }
        let qualified = QualifiedName::new(name.schema.as_str(), index.name.as_str());
        if self.catalog.relation_exists(&qualified) {
            if !if_not_exists {
                self.reject(format!("relation \"{qualified}\" already exists"));
            }
            return;
        }
        let Some(table) = self.catalog.tables.get_mut(&name) else {
            return;
        };
        let missing = index.keys.iter().find_map(|key| match &key.key {
            IndexKeyKind::Column(column) if table.column(column).is_none() => Some(column.clone()),
            _ => None,
        });
        table.indexes.push(index);
        self.catalog.index_tables.insert(qualified, name);
        if let Some(column) = missing {
            self.reject(format!("column \"{column}\" does not exist"));
        }
    }

    fn create_policy(&mut self, table: &ObjectName, policy: Policy) {
        let Some(found) = self.table_mut(table) else {
            return self.reject(format!("relation \"{table}\" does not exist"));
        };
        if found.policies.iter().any(|other| other.name == policy.name) {
            let message = format!(
                "policy \"{}\" for table \"{table}\" already exists",
                policy.name
            );
            return self.reject(message);
        }
        found.policies.push(policy);
    }

    fn create_trigger(
        &mut self,
        table: &ObjectName,
        function: &ObjectName,
        mut trigger: Trigger,
        or_replace: bool,
    ) {
        trigger.function = self
            .catalog
            .resolve(function, |name| self.catalog.function(name).is_some())
            .unwrap_or_else(|| self.catalog.creation_name(function));
        let Some(found) = self.table_mut(table) else {
            let views = &self.catalog.views;
            // An `INSTEAD OF` trigger of a view holds no control.
            if self
                .catalog
                .resolve(table, |name| views.contains_key(name))
                .is_none()
            {
                self.reject(format!("relation \"{table}\" does not exist"));
            }
            return;
        };
        match found
            .triggers
            .iter_mut()
            .find(|other| other.name == trigger.name)
        {
            Some(existing) if or_replace => *existing = trigger,
            Some(_) => {
                let message = format!(
                    "trigger \"{}\" for relation \"{table}\" already exists",
                    trigger.name
                );
                self.reject(message);
            }
            None => found.triggers.push(trigger),
        }
    }

    fn create_function(&mut self, definition: FunctionDefinition) {
        let name = self.catalog.creation_name(&definition.name);
        let mut arguments = definition.arguments;
        for argument in &mut arguments {
            self.resolve_type(&mut argument.data_type);
        }
        let inputs = arguments
            .iter()
            .filter(|argument| argument.mode != ArgumentMode::Out);
        let types = inputs
            .map(|argument| argument.data_type.to_string())
            .collect();
        let key: FunctionKey = (name.clone(), types);
        let previous = self.catalog.functions.get(&key);
        if previous.is_some() && !definition.or_replace {
            self.reject(format!(
                "function \"{name}\" already exists with same argument types"
            ));
        }
        let previous = self.catalog.functions.remove(&key);
        let (owner, comment, grants) = previous
            .map(|p| (p.owner, p.comment, p.grants))
            .unwrap_or_default();
        let function = Function {
            name,
            procedure: definition.procedure,
            arguments,
            returns: definition.returns,
            language: definition.language,
            security_definer: definition.security_definer,
            volatility: definition.volatility,
            strict: definition.strict,
            leakproof: definition.leakproof,
            settings: definition.settings,
            body: definition.body,
            owner,
            comment,
            grants,
            origin: definition.origin,
        };
        self.catalog.functions.insert(key, function);
    }

    /// The function a name and argument types mean; the types may be left out when it is the only
    /// one of its name.
    pub(crate) fn function_key(
        &self,
        name: &ObjectName,
        arguments: Option<&[String]>,
    ) -> Option<FunctionKey> {
        let name = self
            .catalog
            .resolve(name, |name| self.catalog.function(name).is_some())?;
        let overloads = || {
            self.catalog
                .functions
                .range((name.clone(), Vec::new())..)
                .take_while(|((found, _), _)| *found == name)
                .map(|(key, _)| key)
        };
        match arguments {
            Some(types) => {
                // Types are compared without their schema: it may be written or left out.
                let bare = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
                let wanted: Vec<_> = types.iter().map(|name| bare(name)).collect();
                let matches = |key: &&FunctionKey| {
                    key.1
                        .iter()
                        .map(|name| bare(name))
                        .eq(wanted.iter().cloned())
                };
                overloads().find(matches).cloned()
            }
            None => overloads().next().cloned(),
        }
    }

    fn create_view(&mut self, definition: ViewDefinition) {
        let name = self.catalog.creation_name(&definition.name);
        let replaces = definition.or_replace && self.catalog.views.contains_key(&name);
        if self.catalog.relation_exists(&name) && !replaces {
            if !definition.if_not_exists {
                self.reject(format!("relation \"{name}\" already exists"));
            }
            return;
        }
        let previous = self.catalog.views.remove(&name);
        let (owner, comment, grants) = previous
            .map(|p| (p.owner, p.comment, p.grants))
            .unwrap_or_default();
        let view = View {
            name: name.clone(),
            materialized: definition.materialized,
            columns: definition.columns,
            query: definition.query,
            security_invoker: definition.security_invoker,
            security_barrier: definition.security_barrier,
            owner,
            comment,
            grants,
            origin: definition.origin,
        };
        self.catalog.views.insert(name, view);
    }

    fn set_sequence_owner(&mut self, name: &ObjectName, column: Option<(ObjectName, String)>) {
        let owned_by = column.and_then(|(table, column)| Some((self.table_name(&table)?, column)));
        let sequences = &self.catalog.sequences;
        let found = self
            .catalog
            .resolve(name, |name| sequences.contains_key(name));
        match found.and_then(|name| self.catalog.sequences.get_mut(&name)) {
            Some(sequence) => sequence.owned_by = owned_by,
            None => self.reject(format!("relation \"{name}\" does not exist")),
        }
    }

    fn set_role(&mut self, definition: RoleDefinition) {
        let members = definition.members.clone();
        let name = definition.name.clone();
        match self.catalog.roles.get_mut(&name) {
            Some(role) => {
                role.login = definition.login.unwrap_or(role.login);
                role.superuser = definition.superuser.unwrap_or(role.superuser);
                role.bypass_rls = definition.bypass_rls.unwrap_or(role.bypass_rls);
                role.member_of.extend(definition.member_of);
            }
            None => {
                self.catalog.roles.insert(name.clone(), definition.into());
            }
        }
        for member in members {
            self.change(Change::GrantRole {
                role: name.clone(),
                member,
            });
        }
    }

    fn grant(&mut self, on: &[GrantTarget], grants: &[Grant]) {
        for target in on {
            self.privileges_of(target, |held| held.extend(grants.iter().cloned()));
        }
    }

    fn revoke(&mut self, on: &[GrantTarget], privileges: &[String], from: &[String]) {
        let all = privileges.iter().any(|privilege| privilege == "ALL");
        for target in on {
            self.privileges_of(target, |held| {
                for grant in held
                    .iter_mut()
                    .filter(|grant| from.contains(&grant.grantee))
                {
                    expand_all(grant);
                    grant
                        .privileges
                        .retain(|(name, _)| !all && !privileges.contains(name));
                }
                held.retain(|grant| !grant.privileges.is_empty());
            });
        }
    }

    /// Hands over the privileges held on a target, or on each table of a schema.
    fn privileges_of(&mut self, target: &GrantTarget, mut change: impl FnMut(&mut Vec<Grant>)) {
        match target {
            GrantTarget::Table(name) => {
                if let Some(table) = self.table_mut(name) {
                    change(&mut table.grants);
                } else if let Some(view) = self.view_mut(name) {
                    change(&mut view.grants);
                } else if !self
                    .catalog
                    .sequences
                    .keys()
                    .any(|sequence| sequence.name == name.name)
                {
                    self.reject(format!("relation \"{name}\" does not exist"));
                }
            }
            GrantTarget::Function(name, arguments) => {
                let key = self.function_key(name, arguments.as_deref());
                if let Some(function) = key.and_then(|key| self.catalog.functions.get_mut(&key)) {
                    change(&mut function.grants);
                }
            }
            GrantTarget::AllTables(schema) => {
                let tables = self
                    .catalog
                    .tables
                    .values_mut()
                    .filter(|t| t.name.schema == *schema);
                tables.for_each(|table| change(&mut table.grants));
                let views = self
                    .catalog
                    .views
                    .values_mut()
                    .filter(|v| v.name.schema == *schema);
                views.for_each(|view| change(&mut view.grants));
            }
            GrantTarget::Other => {}
        }
    }

    fn comment(&mut self, on: CommentTarget, text: Option<Remark>) {
        let place = match &on {
            CommentTarget::Object(object) => self.comment_of(object),
            CommentTarget::Column(table, column) => {
                // Columns of views have no place in the catalog.
                if self.view_mut(table).is_some() {
                    return;
                }
                self.table_mut(table)
                    .and_then(|table| table.columns.iter_mut().find(|c| c.name == *column))
                    .map(|column| &mut column.comment)
            }
            CommentTarget::Constraint(table, name) => self
                .table_mut(table)
                .and_then(|table| table.constraints.iter_mut().find(|c| c.name == *name))
                .map(|constraint| &mut constraint.comment),
            CommentTarget::Other => return,
        };
        match place {
            Some(place) => *place = text,
            None => {
                let silent = matches!(
                    &on,
                    CommentTarget::Object(
                        crate::ObjectRef::Schema(_)
                            | crate::ObjectRef::Extension(_)
                            | crate::ObjectRef::Role(_)
                            | crate::ObjectRef::Index(_)
                    )
                );
                if !silent {
                    self.reject("the object this comments on does not exist");
                }
            }
        }
    }

    /// A statement called these functions: what their bodies define is not followed yet.
    fn call(&mut self, functions: &[ObjectName]) {
        for name in functions {
            let found = self.catalog.functions_named(name);
            let unknown = found.is_empty();
            let mut touches = Touches::default();
            let mut dynamic = false;
            for facts in found
                .iter()
                .filter_map(|f| f.body.as_ref())
                .map(|body| &body.facts)
            {
                touches.row_security |= facts.touches.row_security;
                touches.triggers |= facts.touches.triggers;
                touches.columns |= facts.touches.columns;
                touches.indexes |= facts.touches.indexes;
                dynamic |= facts.dynamic;
            }
            if !unknown && !dynamic && touches == Touches::default() {
                continue;
            }
            let reason = if unknown {
                // Nothing is known: it may do anything a migration helper does.
                touches = Touches {
                    row_security: true,
                    triggers: true,
                    ..Touches::default()
                };
                format!("it calls {name}, whose body is not in the text")
            } else {
                format!("it calls {name}, whose definitions are not followed")
            };
            let spot = BlindSpot {
                reason: reason.clone(),
                may_touch: touches,
                origin: self.origin,
            };
            self.catalog.blind_spots.push(spot);
            self.problems.push(Problem {
                message: reason,
                origin: self.origin,
                unread: true,
            });
        }
    }
}

fn alter_function(function: &mut Function, options: FunctionOptions) {
    function.security_definer = options
        .security_definer
        .unwrap_or(function.security_definer);
    function.volatility = options.volatility.unwrap_or(function.volatility);
    function.strict = options.strict.unwrap_or(function.strict);
    function.leakproof = options.leakproof.unwrap_or(function.leakproof);
    for name in &options.reset {
        function
            .settings
            .retain(|(set, _)| name != "all" && set != name);
    }
    for (name, value) in options.settings {
        function.settings.retain(|(set, _)| *set != name);
        function.settings.push((name, value));
    }
}

/// Writes `ALL` on a table out, so that single privileges can be taken from it.
fn expand_all(grant: &mut Grant) {
    const TABLE: [&str; 7] = [
        "SELECT",
        "INSERT",
        "UPDATE",
        "DELETE",
        "TRUNCATE",
        "REFERENCES",
        "TRIGGER",
    ];
    if grant.privileges.iter().any(|(name, _)| name == "ALL") {
        grant.privileges = TABLE
            .iter()
            .map(|name| ((*name).to_owned(), Vec::new()))
            .collect();
    }
}

/// The default that `serial` stands for.
fn nextval(sequence: &QualifiedName, origin: Origin) -> Expression {
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
    Expression {
        text,
        ast: Some(Box::new(ast)),
        origin,
    }
}
