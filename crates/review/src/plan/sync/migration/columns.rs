//! Columns: added, and made what the other side has.

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Catalog, Column, Constraint, ConstraintKind, DataType, Identity, Policy, Sequence, Table,
    UserTypeKind, View, quote_identifier,
};

use super::{Phase, Writer};
use crate::drift::Object;

impl Writer<'_> {
    /// What a new column needs: its type, the sequence it is numbered by.
    pub(super) fn needs(&mut self, table: &Table, column: &Column) {
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

    pub(super) fn add_column(&mut self, table: &Table, column: &Column) {
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
    pub(super) fn column(
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
    pub(super) fn on_column(&mut self, table: &Table, column: &str) {
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
                self.create_view(&wanted.clone());
            }
        }
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
