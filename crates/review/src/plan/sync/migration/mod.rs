//! The migration that makes one schema what the other is, difference by difference.

mod columns;
mod privileges;
mod types;

use std::collections::BTreeMap;

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Catalog, Constraint, ConstraintKind, Function, Policy, QualifiedName, Remark, Table, Trigger,
    UserType, View, quote_identifier, quote_literal,
};

use types::drop_type;

use crate::drift::{Difference, Object, Pair, Pairing, Part};

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
    Grant,
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
    let columns = pairing.pairs.iter().filter_map(|pair| match target {
        Target::Implementation => renames(&pair.implemented.name, pair, false),
        Target::Document => renames(&pair.documented.name, pair, true),
    });
    let mut writer = Writer {
        has,
        wants,
        target,
        renamed: renamed.collect(),
        columns: columns.collect(),
        statements: Vec::new(),
    };
    for difference in differences {
        for part in &difference.parts {
            writer.part(difference.kind, part);
        }
    }
    writer.dependents();
    writer.finished()
}

/// The wanted names of a table's columns that go by another name.
fn renames(
    table: &QualifiedName,
    pair: &Pair<'_>,
    documented: bool,
) -> Option<(QualifiedName, BTreeMap<String, String>)> {
    let names = pair.columns.iter().map(|(here, there)| match documented {
        true => (here.clone(), there.clone()),
        false => (there.clone(), here.clone()),
    });
    (!pair.columns.is_empty()).then(|| (table.clone(), names.collect()))
}

struct Writer<'a> {
    has: &'a Catalog,
    wants: &'a Catalog,
    target: Target,
    /// The wanted names of tables that go by another name.
    renamed: BTreeMap<QualifiedName, QualifiedName>,
    /// The wanted names of columns that go by another name, by their table.
    columns: BTreeMap<QualifiedName, BTreeMap<String, String>>,
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
            (Some(Object::TableGrants(from)), Some(Object::TableGrants(to))) => {
                let columns = self.columns.get(&from.name).cloned().unwrap_or_default();
                self.privileges(
                    &to.name.to_sql(),
                    (&from.grants, from.owner.as_deref()),
                    (&to.grants, to.owner.as_deref()),
                    &columns,
                );
            }
            (Some(Object::ViewGrants(from)), Some(Object::ViewGrants(to))) => {
                self.privileges(
                    &to.name.to_sql(),
                    (&from.grants, from.owner.as_deref()),
                    (&to.grants, to.owner.as_deref()),
                    &BTreeMap::new(),
                );
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
            Object::RowSecurity(_)
            | Object::TableGrants(_)
            | Object::ViewGrants(_)
            | Object::TableComment(_)
            | Object::ColumnComment(_) => {}
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
            Object::RowSecurity(_)
            | Object::TableGrants(_)
            | Object::ViewGrants(_)
            | Object::TableComment(_)
            | Object::ColumnComment(_) => {}
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
        self.new_privileges(&table.name, &table.grants, table.owner.as_deref());
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
        self.new_privileges(&view.name, &view.grants, view.owner.as_deref());
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
