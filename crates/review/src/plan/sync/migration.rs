//! The migration that makes one schema what the other is, difference by difference.

use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Catalog, Column, Constraint, ConstraintKind, DataType, Function, Identity, Policy,
    QualifiedName, Remark, Sequence, Table, Trigger, UserType, UserTypeKind, View,
    quote_identifier, quote_literal,
};

use crate::drift::{Difference, Object, Pairing, Part};

/// Which side a migration changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The implementation becomes what is documented.
    Implementation,
    /// What is documented becomes the implementation.
    Document,
}

/// Places in a migration, in the order in which they can be run: what goes away first, what others
/// stand on before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    DropView,
    DropTrigger,
    DropPolicy,
    DropForeignKey,
    DropIndex,
    DropConstraint,
    DropColumn,
    DropTable,
    RenameTable,
    RenameColumn,
    Create,
    CreateType,
    CreateSequence,
    CreateFunction,
    CreateTable,
    AddColumn,
    AlterColumn,
    OwnSequence,
    AddConstraint,
    AddForeignKey,
    CreateIndex,
    RowSecurity,
    CreatePolicy,
    CreateTrigger,
    CreateView,
    Comment,
    DropFunction,
    DropType,
}

/// The statements that remove the differences, in order.
pub(crate) fn migration(
    documented: &Catalog,
    implemented: &Catalog,
    pairing: &Pairing<'_>,
    differences: &[&Difference<'_>],
    target: Target,
) -> Vec<String> {
    let (has, wants) = match target {
        Target::Implementation => (implemented, documented),
        Target::Document => (documented, implemented),
    };
    let renamed = pairing.pairs.iter().filter(|pair| pair.renamed()).map(|pair| match target {
        Target::Implementation => (pair.implemented.name.clone(), pair.documented.name.clone()),
        Target::Document => (pair.documented.name.clone(), pair.implemented.name.clone()),
    });
    let mut writer =
        Writer { has, wants, target, renamed: renamed.collect(), statements: Vec::new() };
    for difference in differences {
        for part in &difference.parts {
            writer.part(difference.kind, part);
        }
    }
    writer.dependents();
    writer.finished()
}

struct Writer<'a> {
    has: &'a Catalog,
    wants: &'a Catalog,
    target: Target,
    /// The wanted names of tables that go by another name.
    renamed: BTreeMap<QualifiedName, QualifiedName>,
    statements: Vec<(Phase, String)>,
}

impl Writer<'_> {
    fn add(&mut self, phase: Phase, statement: impl Into<String>) {
        let statement = (phase, statement.into());
        if !self.statements.contains(&statement) {
            self.statements.push(statement);
        }
    }

    /// The statements by phase. A stable sort keeps the order in which they were asked for.
    fn finished(mut self) -> Vec<String> {
        self.statements.sort_by_key(|(phase, _)| *phase);
        self.statements.into_iter().map(|(_, statement)| statement).collect()
    }

    fn part(&mut self, kind: &str, part: &Part<'_>) {
        let (has, wants) = match self.target {
            Target::Implementation => (part.implemented, part.documented),
            Target::Document => (part.documented, part.implemented),
        };
        let tables = part.tables.map(|(documented, implemented)| match self.target {
            Target::Implementation => (implemented, documented),
            Target::Document => (documented, implemented),
        });
        match (has, wants) {
            (Some(Object::Column(one)), Some(Object::Column(other))) => {
                if let Some((from, to)) = tables {
                    self.column(kind, (from, one), (to, other));
                }
            }
            (Some(Object::Table(from)), Some(Object::Table(to))) => self.rename_table(from, to),
            (Some(Object::RowSecurity(from)), Some(Object::RowSecurity(to))) => {
                self.row_security(from, to);
            }
            (Some(Object::TableComment(_)), Some(Object::TableComment(to))) => {
                self.comment(&format!("TABLE {}", to.name.to_sql()), to.comment.as_ref());
            }
            (Some(Object::ColumnComment(_)), Some(Object::ColumnComment(column))) => {
                if let Some((_, to)) = tables {
                    let name =
                        format!("COLUMN {}.{}", to.name.to_sql(), quote_identifier(&column.name));
                    self.comment(&name, column.comment.as_ref());
                }
            }
            (Some(Object::Function(from)), Some(Object::Function(to))) => self.function(from, to),
            (Some(Object::Type(from)), Some(Object::Type(to))) => self.user_type(from, to),
            (has, wants) => {
                if let Some(object) = has {
                    self.drop(object, tables.map(|(from, _)| from));
                }
                if let Some(object) = wants {
                    self.create(object, tables.map(|(_, to)| to));
                }
            }
        }
    }

    fn drop(&mut self, object: Object<'_>, table: Option<&Table>) {
        let on = table.map(|table| table.name.to_sql()).unwrap_or_default();
        match object {
            Object::Table(table) => {
                for (constraint, _) in table.foreign_keys() {
                    self.drop_constraint(table, constraint);
                }
                // Keys of other tables that refer to it would hold it.
                for other in self.has.tables.values().filter(|other| other.name != table.name) {
                    for (constraint, key) in other.foreign_keys() {
                        if key.references == table.name {
                            self.drop_constraint(other, constraint);
                        }
                    }
                }
                self.add(Phase::DropTable, format!("DROP TABLE {};", table.name.to_sql()));
            }
            Object::Column(column) => {
                if let Some(table) = table {
                    self.on_column(table, &column.name);
                }
                let name = quote_identifier(&column.name);
                self.add(Phase::DropColumn, format!("ALTER TABLE {on} DROP COLUMN {name};"));
            }
            Object::Constraint(constraint) => {
                if let Some(table) = table {
                    self.drop_constraint(table, constraint);
                }
            }
            Object::Index(index) => {
                let schema = table.map_or("public", |table| table.name.schema.as_str());
                let name = QualifiedName::new(schema, index.name.as_str()).to_sql();
                self.add(Phase::DropIndex, format!("DROP INDEX {name};"));
            }
            Object::Policy(policy) => self.drop_policy(&on, policy),
            Object::Trigger(trigger) => {
                let name = quote_identifier(&trigger.name);
                self.add(Phase::DropTrigger, format!("DROP TRIGGER {name} ON {on};"));
            }
            Object::View(view) => self.drop_view(view),
            Object::Function(function) => {
                let text = drop_function(function);
                self.add(Phase::DropFunction, text);
            }
            Object::Type(found) => {
                self.add(Phase::DropType, drop_type(found));
            }
            Object::RowSecurity(_) | Object::TableComment(_) | Object::ColumnComment(_) => {}
        }
    }

    fn create(&mut self, object: Object<'_>, table: Option<&Table>) {
        match object {
            Object::Table(table) => self.create_table(table),
            Object::Column(column) => {
                if let Some(table) = table {
                    self.add_column(table, column);
                }
            }
            Object::Constraint(constraint) => {
                if let Some(table) = table {
                    self.add_constraint(table, constraint);
                }
            }
            Object::Index(index) => {
                if let Some(table) = table {
                    let text = ddl::create_index(&table.name, index, Names::Short);
                    self.add(Phase::CreateIndex, text);
                }
            }
            Object::Policy(policy) => {
                if let Some(table) = table {
                    let text = ddl::create_policy(&table.name, policy, Names::Short);
                    self.add(Phase::CreatePolicy, text);
                }
            }
            Object::Trigger(trigger) => {
                if let Some(table) = table {
                    self.create_trigger(table, trigger);
                }
            }
            Object::View(view) => self.create_view(view),
            Object::Function(function) => {
                self.schema(&function.name.schema);
                let text = ddl::create_function(function, Names::Short);
                self.add(Phase::CreateFunction, text);
            }
            Object::Type(found) => self.create_type(found),
            Object::RowSecurity(_) | Object::TableComment(_) | Object::ColumnComment(_) => {}
        }
    }

    fn schema(&mut self, schema: &str) {
        if !self.has.schemas.contains_key(schema) {
            let name = quote_identifier(schema);
            self.add(Phase::Create, format!("CREATE SCHEMA {name};"));
        }
    }

    fn create_type(&mut self, found: &UserType) {
        self.schema(&found.name.schema);
        self.add(Phase::CreateType, ddl::create_type(found, Names::Short));
    }

    /// What a new column needs: its type, the sequence it is numbered by.
    fn needs(&mut self, table: &Table, column: &Column) {
        if let Some(found) = self.wants.user_type(&column.data_type)
            && !self.has.types.contains_key(&found.name)
        {
            self.create_type(found);
        }
        if let Some(sequence) = owned(self.wants, table, &column.name)
            && self.has.sequences.get(&sequence.name).is_none_or(|found| found.identity)
        {
            let name = sequence.name.to_sql();
            let options = ddl::sequence_options(sequence);
            self.add(Phase::CreateSequence, format!("CREATE SEQUENCE {name}{options};"));
            let column = quote_identifier(&column.name);
            let owner = format!("{}.{column}", table.name.to_sql());
            self.add(Phase::OwnSequence, format!("ALTER SEQUENCE {name} OWNED BY {owner};"));
        }
    }

    fn create_table(&mut self, table: &Table) {
        self.schema(&table.name.schema);
        // Which extension serves a type, an operator class or a function is not in the text.
        let missing =
            self.wants.extensions.keys().filter(|name| !self.has.extensions.contains_key(*name));
        for name in missing.cloned().collect::<Vec<_>>() {
            let name = quote_identifier(&name);
            self.add(Phase::Create, format!("CREATE EXTENSION IF NOT EXISTS {name};"));
        }
        for column in &table.columns {
            self.needs(table, column);
        }
        self.add(Phase::CreateTable, ddl::create_table(table, Names::Short));
        for text in ddl::later_constraints(table, Names::Short) {
            self.add(Phase::AddForeignKey, text);
        }
        for index in &table.indexes {
            let text = ddl::create_index(&table.name, index, Names::Short);
            self.add(Phase::CreateIndex, text);
        }
        for text in ddl::row_security(table, Names::Short) {
            self.add(Phase::RowSecurity, text);
        }
        for policy in &table.policies {
            let text = ddl::create_policy(&table.name, policy, Names::Short);
            self.add(Phase::CreatePolicy, text);
        }
        for trigger in &table.triggers {
            self.create_trigger(table, trigger);
        }
        let name = table.name.to_sql();
        if table.comment.is_some() {
            self.comment(&format!("TABLE {name}"), table.comment.as_ref());
        }
        for column in table.columns.iter().filter(|column| column.comment.is_some()) {
            let column_name = quote_identifier(&column.name);
            self.comment(&format!("COLUMN {name}.{column_name}"), column.comment.as_ref());
        }
        let partitions = self.wants.tables.values().filter(|partition| {
            partition.partition_of.as_ref().is_some_and(|of| of.parent == table.name)
        });
        for partition in partitions {
            self.add(Phase::CreateTable, ddl::create_table(partition, Names::Short));
        }
    }

    fn rename_table(&mut self, from: &Table, to: &Table) {
        let renames = |from: &QualifiedName, to: &QualifiedName| {
            let mut out = Vec::new();
            if from.name != to.name {
                let new = quote_identifier(&to.name);
                out.push(format!("ALTER TABLE {} RENAME TO {new};", from.to_sql()));
            }
            if from.schema != to.schema {
                let moved = QualifiedName::new(from.schema.as_str(), to.name.as_str()).to_sql();
                let schema = quote_identifier(&to.schema);
                out.push(format!("ALTER TABLE {moved} SET SCHEMA {schema};"));
            }
            out
        };
        // A name that another table still has is free only after a detour.
        let taken = self.renamed.contains_key(&to.name);
        let aside =
            QualifiedName::new(from.name.schema.as_str(), format!("{}_aside", from.name.name));
        if from.name.schema != to.name.schema {
            self.schema(&to.name.schema);
        }
        if taken {
            for text in renames(&from.name, &aside) {
                self.add(Phase::DropTable, text);
            }
            for text in renames(&aside, &to.name) {
                self.add(Phase::RenameTable, text);
            }
        } else {
            for text in renames(&from.name, &to.name) {
                self.add(Phase::RenameTable, text);
            }
        }
    }

    fn add_column(&mut self, table: &Table, column: &Column) {
        self.needs(table, column);
        let name = table.name.to_sql();
        let definition = ddl::column_of(&table.name.name, column);
        self.add(Phase::AddColumn, format!("ALTER TABLE {name} ADD COLUMN {definition};"));
        for (constraint, key) in table.foreign_keys() {
            if key.columns.contains(&column.name) {
                self.add_constraint(table, constraint);
            }
        }
        if column.comment.is_some() {
            let object = format!("COLUMN {name}.{}", quote_identifier(&column.name));
            self.comment(&object, column.comment.as_ref());
        }
    }

    /// A column on both sides; what of it is changed, the kind of difference says.
    fn column(
        &mut self,
        kind: &str,
        (from, one): (&Table, &Column),
        (to, other): (&Table, &Column),
    ) {
        let table = to.name.to_sql();
        let name = quote_identifier(&other.name);
        let alter = format!("ALTER TABLE {table} ALTER COLUMN {name}");
        match kind {
            "renamed-column" | "nonstandard-field" if one.name != other.name => {
                let old = quote_identifier(&one.name);
                let text = format!("ALTER TABLE {table} RENAME COLUMN {old} TO {name};");
                self.add(Phase::RenameColumn, text);
            }
            "type-differs" => self.column_type((from, one), (to, other), &alter),
            "nullability-differs" => {
                let word = if other.nullable { "DROP" } else { "SET" };
                self.add(Phase::AlterColumn, format!("{alter} {word} NOT NULL;"));
            }
            "default-differs" => self.default((from, one), (to, other), &alter),
            _ => {}
        }
    }

    fn column_type(
        &mut self,
        (from, one): (&Table, &Column),
        (to, other): (&Table, &Column),
        alter: &str,
    ) {
        self.needs(to, other);
        self.on_column(from, &one.name);
        // An enum says what a check on text says: the one stands in for the other.
        let is_enum = |catalog: &Catalog, column: &Column| {
            let found = catalog.user_type(&column.data_type);
            found.is_some_and(|found| matches!(found.kind, UserTypeKind::Enum(_)))
        };
        if is_enum(self.wants, other) {
            for constraint in checks_on(from, &one.name) {
                self.drop_constraint(from, constraint);
            }
        }
        if is_enum(self.has, one) {
            for constraint in checks_on(to, &other.name) {
                self.add_constraint(to, constraint);
            }
        }
        let name = quote_identifier(&other.name);
        let collation = match &other.collation {
            Some(collation) => format!(" COLLATE {}", quote_identifier(&collation.name)),
            None => String::new(),
        };
        let shown = other.data_type.to_string();
        let using = if casts_itself(&one.data_type, &other.data_type) {
            String::new()
        } else if other.data_type.name == "boolean" || one.data_type.name == "boolean" {
            format!(" USING {name}::text::{shown}")
        } else {
            format!(" USING {name}::{shown}")
        };
        // A default of the old type may not fit the new one.
        let default = one.default.is_some() && one.identity.is_none();
        if default {
            self.add(Phase::AlterColumn, format!("{alter} DROP DEFAULT;"));
        }
        self.add(Phase::AlterColumn, format!("{alter} TYPE {shown}{collation}{using};"));
        if default && let Some(default) = &other.default {
            self.add(Phase::AlterColumn, format!("{alter} SET DEFAULT {};", default.text));
        }
    }

    fn default(
        &mut self,
        (from, one): (&Table, &Column),
        (to, other): (&Table, &Column),
        alter: &str,
    ) {
        if one.generated.is_some() || other.generated.is_some() {
            // What computes a column cannot be exchanged: the column is made anew.
            self.drop(Object::Column(one), Some(from));
            self.add_column(to, other);
            return;
        }
        match (one.identity, other.identity) {
            // Its sequence goes with it, whose name the new default may want.
            (Some(_), None) => {
                let (table, name) = (from.name.to_sql(), quote_identifier(&one.name));
                let text = format!("ALTER TABLE {table} ALTER COLUMN {name} DROP IDENTITY;");
                self.add(Phase::DropColumn, text);
            }
            (Some(old), Some(new)) if old != new => {
                let words = identity_words(new);
                self.add(Phase::AlterColumn, format!("{alter} SET GENERATED {words};"));
            }
            _ => {}
        }
        if one.default.is_some() && other.default.is_none() {
            self.add(Phase::AlterColumn, format!("{alter} DROP DEFAULT;"));
        }
        if let Some(sequence) = owned(self.has, from, &one.name)
            && !sequence.identity
            && owned(self.wants, to, &other.name).is_none_or(|other| other.identity)
        {
            self.add(Phase::AlterColumn, format!("DROP SEQUENCE {};", sequence.name.to_sql()));
        }
        if let (None, Some(after)) = (one.identity, other.identity) {
            let words = identity_words(after);
            self.add(Phase::AlterColumn, format!("{alter} ADD GENERATED {words} AS IDENTITY;"));
        }
        if let Some(default) = &other.default {
            self.needs(to, other);
            self.add(Phase::AlterColumn, format!("{alter} SET DEFAULT {};", default.text));
        }
    }

    /// Policies and views that name a column hold it: they go, and come again.
    fn on_column(&mut self, table: &Table, column: &str) {
        let names = |policy: &Policy| {
            let expressions = policy.using.iter().chain(&policy.check);
            expressions.into_iter().any(|expression| expression.columns().contains(column))
        };
        let wanted_name = self.renamed.get(&table.name).unwrap_or(&table.name).clone();
        for policy in table.policies.iter().filter(|policy| names(policy)) {
            self.drop_policy(&table.name.to_sql(), policy);
            let wanted = self.wants.tables.get(&wanted_name);
            let wanted =
                wanted.and_then(|table| table.policies.iter().find(|p| p.name == policy.name));
            if let Some(wanted) = wanted {
                let text = ddl::create_policy(&wanted_name, wanted, Names::Short);
                self.add(Phase::CreatePolicy, text);
            }
        }
        let readers: Vec<View> = self
            .has
            .views
            .values()
            .filter(|view| view.reads.contains(&table.name))
            .cloned()
            .collect();
        for view in readers {
            self.drop_view(&view);
            if let Some(wanted) = self.wants.views.get(&view.name) {
                let text = ddl::create_view(wanted, Names::Short);
                self.add(Phase::CreateView, text);
            }
        }
    }

    fn drop_policy(&mut self, on: &str, policy: &Policy) {
        let name = quote_identifier(&policy.name);
        self.add(Phase::DropPolicy, format!("DROP POLICY {name} ON {on};"));
    }

    fn drop_view(&mut self, view: &View) {
        let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        // What reads the view goes first.
        let readers: Vec<View> = self
            .has
            .views
            .values()
            .filter(|other| other.name != view.name && other.reads.contains(&view.name))
            .cloned()
            .collect();
        for reader in readers {
            self.drop_view(&reader);
            if let Some(wanted) = self.wants.views.get(&reader.name) {
                self.create_view(&wanted.clone());
            }
        }
        self.add(Phase::DropView, format!("DROP {kind} {};", view.name.to_sql()));
    }

    fn create_view(&mut self, view: &View) {
        self.schema(&view.name.schema);
        // Views that it reads come before it.
        for read in &view.reads {
            if read != &view.name
                && let Some(found) = self.wants.views.get(read)
                && !self.has.views.contains_key(read)
            {
                self.create_view(&found.clone());
            }
        }
        self.add(Phase::CreateView, ddl::create_view(view, Names::Short));
        for index in &view.indexes {
            let text = ddl::create_index(&view.name, index, Names::Short);
            self.add(Phase::CreateView, text);
        }
    }

    fn create_trigger(&mut self, table: &Table, trigger: &Trigger) {
        for text in ddl::create_trigger(&table.name, trigger, Names::Short) {
            self.add(Phase::CreateTrigger, text);
        }
    }

    fn drop_constraint(&mut self, table: &Table, constraint: &Constraint) {
        let phase = match constraint.kind {
            ConstraintKind::ForeignKey(_) => Phase::DropForeignKey,
            _ => Phase::DropConstraint,
        };
        let name = quote_identifier(&constraint.name);
        let on = table.name.to_sql();
        self.add(phase, format!("ALTER TABLE {on} DROP CONSTRAINT {name};"));
    }

    fn add_constraint(&mut self, table: &Table, constraint: &Constraint) {
        let phase = match constraint.kind {
            ConstraintKind::ForeignKey(_) => Phase::AddForeignKey,
            _ => Phase::AddConstraint,
        };
        self.add(phase, ddl::add_constraint(&table.name, constraint, Names::Short));
    }

    fn row_security(&mut self, from: &Table, to: &Table) {
        let name = to.name.to_sql();
        if from.row_security.on != to.row_security.on {
            let word = if to.row_security.on { "ENABLE" } else { "DISABLE" };
            self.add(Phase::RowSecurity, format!("ALTER TABLE {name} {word} ROW LEVEL SECURITY;"));
        }
        if from.row_security_forced.on != to.row_security_forced.on {
            let word = if to.row_security_forced.on { "FORCE" } else { "NO FORCE" };
            self.add(Phase::RowSecurity, format!("ALTER TABLE {name} {word} ROW LEVEL SECURITY;"));
        }
    }

    fn comment(&mut self, object: &str, comment: Option<&Remark>) {
        let text = comment.map_or_else(|| "NULL".to_owned(), |said| quote_literal(&said.text));
        self.add(Phase::Comment, format!("COMMENT ON {object} IS {text};"));
    }

    fn function(&mut self, from: &Function, to: &Function) {
        let text = ddl::create_function(to, Names::Short);
        let same_result = from.returns.trim().eq_ignore_ascii_case(to.returns.trim());
        if same_result && from.name == to.name {
            let text = text.replacen("CREATE ", "CREATE OR REPLACE ", 1);
            self.add(Phase::CreateFunction, text);
        } else {
            self.add(Phase::DropView, drop_function(from));
            self.add(Phase::CreateFunction, text);
        }
    }

    fn user_type(&mut self, from: &UserType, to: &UserType) {
        let name = from.name.to_sql();
        match (&from.kind, &to.kind) {
            (UserTypeKind::Enum(has), UserTypeKind::Enum(wants)) => {
                let kept: Vec<&String> = wants.iter().filter(|label| has.contains(label)).collect();
                if kept.iter().copied().eq(has.iter()) {
                    let mut before: Option<&String> = None;
                    for label in wants {
                        if !has.contains(label) {
                            let place = match (before, has.first()) {
                                (Some(before), _) => format!(" AFTER {}", quote_literal(before)),
                                (None, Some(first)) => format!(" BEFORE {}", quote_literal(first)),
                                (None, None) => String::new(),
                            };
                            let label = quote_literal(label);
                            let text = format!("ALTER TYPE {name} ADD VALUE {label}{place};");
                            self.add(Phase::CreateType, text);
                        }
                        before = Some(label);
                    }
                } else {
                    self.exchange(from, to);
                }
            }
            (
                UserTypeKind::Domain { base, not_null, default, checks },
                UserTypeKind::Domain {
                    base: wanted_base,
                    not_null: wanted_not_null,
                    default: wanted_default,
                    checks: wanted_checks,
                },
            ) if base == wanted_base => {
                let alter = format!("ALTER DOMAIN {name}");
                if not_null != wanted_not_null {
                    let word = if *wanted_not_null { "SET" } else { "DROP" };
                    self.add(Phase::CreateType, format!("{alter} {word} NOT NULL;"));
                }
                let text = |default: &Option<schemaward_catalog::Expression>| {
                    default.as_ref().map(|default| default.text.clone())
                };
                if text(default) != text(wanted_default) {
                    let change = match wanted_default {
                        Some(default) => format!("SET DEFAULT {}", default.text),
                        None => "DROP DEFAULT".to_owned(),
                    };
                    self.add(Phase::CreateType, format!("{alter} {change};"));
                }
                for check in checks {
                    let check = quote_identifier(&check.name);
                    self.add(Phase::CreateType, format!("{alter} DROP CONSTRAINT {check};"));
                }
                for check in wanted_checks {
                    let (check, text) = (quote_identifier(&check.name), &check.expression.text);
                    let text = format!("{alter} ADD CONSTRAINT {check} CHECK ({text});");
                    self.add(Phase::CreateType, text);
                }
            }
            _ => self.exchange(from, to),
        }
    }

    /// A type under the name of another that moves aside; the columns follow.
    fn exchange(&mut self, from: &UserType, to: &UserType) {
        let aside = format!("{}_aside", from.name.name);
        let old = QualifiedName::new(from.name.schema.as_str(), aside.as_str());
        let new_name = quote_identifier(&aside);
        let text = format!("ALTER TYPE {} RENAME TO {new_name};", from.name.to_sql());
        self.add(Phase::Create, text);
        self.create_type(to);
        let has = self.has;
        let new = to.name.to_sql();
        for table in has.tables.values().filter(|table| table.partition_of.is_none()) {
            for column in &table.columns {
                let used = column.data_type.name == from.name.name
                    && has.user_type(&column.data_type).is_some_and(|t| t.name == from.name);
                if !used {
                    continue;
                }
                self.on_column(table, &column.name);
                let table_name = self.renamed.get(&table.name).unwrap_or(&table.name).to_sql();
                let name = quote_identifier(&column.name);
                let alter = format!("ALTER TABLE {table_name} ALTER COLUMN {name}");
                if column.default.is_some() {
                    self.add(Phase::CreateTable, format!("{alter} DROP DEFAULT;"));
                }
                let array = if column.data_type.array { "[]" } else { "" };
                let text =
                    format!("{alter} TYPE {new}{array} USING {name}::text{array}::{new}{array};");
                self.add(Phase::CreateTable, text);
                if let Some(default) = &column.default {
                    let text = format!("{alter} SET DEFAULT {};", default.text);
                    self.add(Phase::CreateTable, text);
                }
            }
        }
        self.add(Phase::DropType, format!("DROP TYPE {};", old.to_sql()));
    }

    /// Types that the changed side used and the other does not have go at last, and with them the
    /// need for anyone to remember them.
    fn dependents(&mut self) {
        let dropped: BTreeSet<String> =
            self.statements.iter().map(|(_, statement)| statement.clone()).collect();
        let gone =
            |table: &Table| dropped.contains(&format!("DROP TABLE {};", table.name.to_sql()));
        let altered = |table: &Table, column: &Column| {
            let renamed = self.renamed.get(&table.name).unwrap_or(&table.name);
            let name = quote_identifier(&column.name);
            let (old, new) = (table.name.to_sql(), renamed.to_sql());
            dropped.iter().any(|text| {
                text.starts_with(&format!("ALTER TABLE {old} DROP COLUMN {name};"))
                    || text.starts_with(&format!("ALTER TABLE {new} ALTER COLUMN {name} TYPE "))
            })
        };
        let has = self.has;
        let mut unused = Vec::new();
        for found in has.types.values() {
            let kept = self.wants.types.keys().any(|name| name.name == found.name.name);
            let mut users = has
                .tables
                .values()
                .flat_map(|table| {
                    table
                        .columns
                        .iter()
                        .filter(|column| {
                            column.data_type.name == found.name.name
                                && has
                                    .user_type(&column.data_type)
                                    .is_some_and(|t| t.name == found.name)
                        })
                        .map(move |column| (table, column))
                })
                .peekable();
            if kept || users.peek().is_none() {
                continue;
            }
            if users.all(|(table, column)| gone(table) || altered(table, column)) {
                unused.push(drop_type(found));
            }
        }
        let emptied = self.emptied_schemas(&dropped, &unused);
        for text in unused.into_iter().chain(emptied) {
            self.add(Phase::DropType, text);
        }
    }
}

impl Writer<'_> {
    /// Schemas that only the changed side has and from which everything went away.
    fn emptied_schemas(&self, dropped: &BTreeSet<String>, unused: &[String]) -> Vec<String> {
        let has = self.has;
        let gone = |kind: &str, name: &QualifiedName| {
            let text = format!("DROP {kind} {};", name.to_sql());
            dropped.contains(&text) || unused.contains(&text)
        };
        let moved = |name: &QualifiedName| {
            self.renamed.get(name).is_some_and(|wanted| wanted.schema != name.schema)
        };
        let kept = |schema: &str| {
            let here = |name: &QualifiedName| name.schema == schema;
            has.tables.keys().any(|name| here(name) && !moved(name) && !gone("TABLE", name))
                || has.views.keys().any(|name| here(name) && !gone("VIEW", name))
                || has.types.keys().any(|name| here(name) && !gone("TYPE", name))
                || has.functions.keys().any(|(name, _)| here(name))
                || has.sequences.values().any(|found| here(&found.name) && found.owned_by.is_none())
        };
        let left = |schema: &str| self.renamed.keys().any(|name| name.schema == schema);
        has.schemas
            .keys()
            .filter(|schema| !self.wants.schemas.contains_key(*schema))
            .filter(|schema| left(schema) && !kept(schema))
            .map(|schema| format!("DROP SCHEMA {};", quote_identifier(schema)))
            .collect()
    }
}

/// The sequence that belongs to a column.
fn owned<'c>(catalog: &'c Catalog, table: &Table, column: &str) -> Option<&'c Sequence> {
    catalog.sequences.values().find(|sequence| {
        !sequence.identity
            && sequence
                .owned_by
                .as_ref()
                .is_some_and(|(owner, owned)| *owner == table.name && owned == column)
    })
}

/// The checks of a table that are on one column alone.
fn checks_on<'t>(table: &'t Table, column: &'t str) -> impl Iterator<Item = &'t Constraint> {
    table.constraints.iter().filter(move |constraint| match &constraint.kind {
        ConstraintKind::Check { expression } => {
            let columns = expression.columns();
            columns.len() == 1 && columns.contains(column)
        }
        _ => false,
    })
}

fn identity_words(identity: Identity) -> &'static str {
    match identity {
        Identity::Always => "ALWAYS",
        Identity::ByDefault => "BY DEFAULT",
    }
}

/// Whether the server converts from one type to the other without being told how.
fn casts_itself(from: &DataType, to: &DataType) -> bool {
    const TEXTS: [&str; 3] = ["text", "character varying", "character"];
    const NUMBERS: [&str; 4] = ["smallint", "integer", "bigint", "numeric"];
    let both =
        |names: &[&str]| names.contains(&from.name.as_str()) && names.contains(&to.name.as_str());
    from.array == to.array
        && (from.name == to.name
            || both(&TEXTS)
            || both(&NUMBERS)
            || both(&["timestamp with time zone", "timestamp without time zone"]))
}

fn drop_function(function: &Function) -> String {
    let kind = if function.procedure { "PROCEDURE" } else { "FUNCTION" };
    let types: Vec<String> = function
        .arguments
        .iter()
        .filter(|argument| argument.mode != schemaward_catalog::ArgumentMode::Out)
        .map(|argument| argument.data_type.to_string())
        .collect();
    format!("DROP {kind} {}({});", function.name.to_sql(), types.join(", "))
}

fn drop_type(found: &UserType) -> String {
    let kind = if matches!(found.kind, UserTypeKind::Domain { .. }) { "DOMAIN" } else { "TYPE" };
    format!("DROP {kind} {};", found.name.to_sql())
}
