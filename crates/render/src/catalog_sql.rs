//! A whole catalog as SQL that can be run on an empty database.
//!
//! One long file, because the order of its parts is its point.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Catalog, Column, Constraint, ConstraintKind, Function, GlobalKind, Grant, Identity, Origin,
    QualifiedName, Remark, Table, TableKind, UserType, UserTypeKind, View, quote_identifier,
    quote_literal,
};

/// The catalog as SQL in order of dependency: schemas, extensions, types, sequences, functions,
/// tables, keys, indexes, views, policies, triggers, privileges, comments.
///
/// Names are written with their schema. Roles that the catalog does not create must exist.
pub fn catalog_sql(catalog: &Catalog) -> String {
    let mut out = Script { text: String::new() };
    out.line("SET check_function_bodies = off;");
    out.line(&format!("SET search_path = {};", search_path(catalog)));
    for (schema, _) in catalog.schemas.iter().filter(|(name, _)| *name != "public") {
        out.line(&format!("CREATE SCHEMA {};", quote_identifier(schema)));
    }
    for name in catalog.extensions.keys() {
        let schema = catalog
            .properties
            .get(&(GlobalKind::Extension, name.clone()))
            .and_then(|found| found.schema.as_ref())
            .map(|schema| format!(" WITH SCHEMA {}", quote_identifier(schema)));
        out.line(&format!(
            "CREATE EXTENSION IF NOT EXISTS {}{};",
            quote_identifier(name),
            schema.unwrap_or_default()
        ));
    }
    for role in catalog.roles.values() {
        let mut line = format!("CREATE ROLE {}", quote_identifier(&role.name));
        for (on, word) in [
            (role.login, " LOGIN"),
            (role.superuser, " SUPERUSER"),
            (role.bypass_rls, " BYPASSRLS"),
        ] {
            if on {
                line.push_str(word);
            }
        }
        out.line(&format!("{line};"));
    }
    for role in catalog.roles.values() {
        for group in &role.member_of {
            out.line(&format!(
                "GRANT {} TO {};",
                quote_identifier(group),
                quote_identifier(&role.name)
            ));
        }
    }
    out.gap();
    for user_type in types(catalog) {
        out.line(&ddl::create_type(user_type, Names::Full));
        if let UserTypeKind::Domain { checks, .. } = &user_type.kind {
            for check in checks.iter().filter(|check| check.not_valid) {
                out.line(&format!(
                    "ALTER DOMAIN {} ADD CONSTRAINT {} CHECK ({}) NOT VALID;",
                    Names::Full.of(&user_type.name),
                    quote_identifier(&check.name),
                    check.expression.text
                ));
            }
        }
    }
    sequences(&mut out, catalog);
    let (late, early): (Vec<&Function>, Vec<&Function>) =
        catalog.functions.values().partition(|function| needs_tables(catalog, function));
    for function in early {
        out.block(&ddl::create_function(function, Names::Full));
    }
    tables(&mut out, catalog);
    for function in late {
        out.block(&ddl::create_function(function, Names::Full));
    }
    for view in views(catalog) {
        out.block(&ddl::create_view(view, Names::Full));
        for (from, to) in &view.renamed_columns {
            out.line(&format!(
                "ALTER TABLE {} RENAME COLUMN {} TO {};",
                Names::Full.of(&view.name),
                quote_identifier(from),
                quote_identifier(to)
            ));
        }
        for index in &view.indexes {
            out.line(&ddl::create_index(&view.name, index, Names::Full));
        }
        for rule in &view.rules {
            for statement in ddl::create_rule(&view.name, rule, Names::Full) {
                out.line(&statement);
            }
        }
        for trigger in &view.triggers {
            for statement in ddl::create_trigger(&view.name, trigger, Names::Full) {
                out.line(&statement);
            }
        }
    }
    for table in catalog.tables.values() {
        for statement in ddl::row_security(table, Names::Full) {
            out.line(&statement);
        }
        for policy in &table.policies {
            out.line(&ddl::create_policy(&table.name, policy, Names::Full));
        }
        for rule in &table.rules {
            for statement in ddl::create_rule(&table.name, rule, Names::Full) {
                out.line(&statement);
            }
        }
        for trigger in &table.triggers {
            if inherited_trigger(catalog, table, &trigger.name) {
                continue;
            }
            for statement in ddl::create_trigger(&table.name, trigger, Names::Full) {
                out.line(&statement);
            }
        }
    }
    out.gap();
    for publication in catalog.publications.values() {
        out.line(&ddl::create_publication(publication, Names::Full));
    }
    owners(&mut out, catalog);
    privileges(&mut out, catalog);
    comments(&mut out, catalog);
    // Last, since they may act on definitions.
    for trigger in catalog.event_triggers.values() {
        for statement in ddl::create_event_trigger(trigger, Names::Full) {
            out.line(&statement);
        }
        if let Some(owner) = &trigger.owner {
            let name = quote_identifier(&trigger.name);
            out.line(&format!("ALTER EVENT TRIGGER {name} OWNER TO {};", ddl::role(owner)));
        }
        if let Some(remark) = &trigger.comment {
            let object = format!("EVENT TRIGGER {}", quote_identifier(&trigger.name));
            out.line(&format!("COMMENT ON {object} IS {};", quote_literal(&remark.text)));
        }
    }
    out.text
}

struct Script {
    text: String,
}

impl Script {
    fn line(&mut self, statement: &str) {
        self.text.push_str(statement);
        self.text.push('\n');
    }

    /// A statement with a blank line after it.
    fn block(&mut self, statement: &str) {
        self.line(statement);
        self.gap();
    }

    fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }
}

/// The path under which the texts of defaults, bodies and queries were written.
fn search_path(catalog: &Catalog) -> String {
    let mut schemas: Vec<String> =
        catalog.search_path.iter().map(|name| quote_identifier(name)).collect();
    if !catalog.search_path.iter().any(|name| name == "public") {
        schemas.push("public".to_owned());
    }
    schemas.join(", ")
}

/// Types, those before others that need them.
fn types(catalog: &Catalog) -> Vec<&UserType> {
    let text = |user_type: &UserType| match &user_type.kind {
        UserTypeKind::Enum(_) => String::new(),
        UserTypeKind::Domain { base, .. } => base.to_string(),
        UserTypeKind::Composite(attributes) => {
            let types = attributes.iter().map(|(_, data_type)| data_type.to_string());
            types.collect::<Vec<_>>().join(" ")
        }
        UserTypeKind::Other(definition) => definition.clone(),
    };
    let items: Vec<_> =
        catalog.types.iter().map(|(name, found)| (name, text(found), found)).collect();
    ordered(&items)
}

/// Views, those before others that read them.
fn views(catalog: &Catalog) -> Vec<&View> {
    let items: Vec<_> =
        catalog.views.iter().map(|(name, view)| (name, view.query.clone(), view)).collect();
    ordered(&items)
}

/// Items so that each comes after those whose name stands in its text; items in a circle, which no
/// order serves, come in the order of their names.
fn ordered<'a, T>(items: &[(&'a QualifiedName, String, &'a T)]) -> Vec<&'a T> {
    let mut open: Vec<(&QualifiedName, BTreeSet<String>, &T)> = items
        .iter()
        .map(|(name, text, item)| {
            let words = words(text);
            let needs = items
                .iter()
                .map(|(other, _, _)| *other)
                .filter(|other| other != name && words.contains(&other.name.to_lowercase()))
                .map(|other| format!("{}.{}", other.schema, other.name));
            (*name, needs.collect(), *item)
        })
        .collect();
    let mut made = Vec::new();
    while !open.is_empty() {
        let waiting: BTreeSet<String> =
            open.iter().map(|(name, _, _)| format!("{}.{}", name.schema, name.name)).collect();
        let at = open.iter().position(|(_, needs, _)| needs.is_disjoint(&waiting)).unwrap_or(0);
        made.push(open.remove(at).2);
    }
    made
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|char: char| !(char.is_alphanumeric() || matches!(char, '_' | '$')))
        .map(str::to_lowercase)
        .collect()
}

/// Sequences but those of identity columns, which make their own.
fn sequences(out: &mut Script, catalog: &Catalog) {
    for sequence in catalog.sequences.values().filter(|found| !found.identity) {
        let options = ddl::sequence_options(sequence);
        out.line(&format!("CREATE SEQUENCE {}{options};", Names::Full.of(&sequence.name)));
    }
    out.gap();
}

/// Whether a function's signature or its body, which the server reads at once when it is written in
/// the standard's form, needs tables to exist.
fn needs_tables(catalog: &Catalog, function: &Function) -> bool {
    let standard = function.body.as_ref().is_some_and(|body| body.inline);
    let mut signature = words(&function.returns);
    signature
        .extend(function.arguments.iter().flat_map(|found| words(&found.data_type.to_string())));
    let relations = catalog.tables.keys().chain(catalog.views.keys());
    standard || relations.into_iter().any(|name| signature.contains(&name.name.to_lowercase()))
}

/// Tables, parents first, then what refers to several of them.
fn tables(out: &mut Script, catalog: &Catalog) {
    let mut open: Vec<&Table> = catalog.tables.values().collect();
    let mut parents_first = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let ready = |table: &&Table| {
            let parents = table.partition_of.iter().map(|partition| &partition.parent);
            parents
                .chain(&table.inherits)
                .all(|parent| !open.iter().any(|other| other.name == *parent))
        };
        let at = open.iter().position(ready).unwrap_or(0);
        let table = open.remove(at);
        parents_first.push(table);
        // Identities are added later: their sequences have names and options of their own.
        let mut table = table.clone();
        for column in &mut table.columns {
            column.identity = None;
            if let Some(not_null) = &mut column.not_null
                && (not_null.local || table.partition_of.is_none())
            {
                // The server would avoid a name that another table has already.
                not_null.named |= catalog.is_shared(&table.name.schema, &not_null.name);
            }
        }
        out.block(&ddl::create_table(&table, Names::Full));
    }
    identities(out, catalog);
    for sequence in catalog.sequences.values() {
        if let Some((table, column)) = &sequence.owned_by
            && !sequence.identity
        {
            out.line(&format!(
                "ALTER SEQUENCE {} OWNED BY {}.{};",
                Names::Full.of(&sequence.name),
                Names::Full.of(table),
                quote_identifier(column)
            ));
        }
    }
    // Parents come first: an index that a partition already had would become the part of theirs.
    for table in parents_first {
        // Of several equal indexes, one is the part of the parent's.
        let mut parts = BTreeSet::new();
        let mut given = BTreeMap::new();
        let (mut own, mut renamed) = (Vec::new(), Vec::new());
        for index in &table.indexes {
            let of_parent = inherited(catalog, table, |parent| {
                let mut of = parent.indexes.iter().filter(|of| !of.only);
                of.any(|of| ddl::same_index(of, index) && parts.insert(of.name.clone()))
            });
            if of_parent {
                let made = ddl::automatic_index_name(&table.name.name, index);
                let made = numbered(&mut given, made);
                let rename = Rename::new(catalog, table, made, &index.name);
                renamed.extend(rename.map(|rename| Rename { index: true, ..rename }));
            } else {
                own.push(index);
            }
        }
        renames(out, renamed);
        for index in own {
            out.line(&ddl::create_index(&table.name, index, Names::Full));
        }
    }
    let mut renamed = Vec::new();
    for table in catalog.tables.values() {
        for parent in &table.inherits {
            own_columns(out, table, catalog.tables.get(parent));
        }
        // A partition has its parent's checks by being one, and may add its own.
        if let Some(partition) = &table.partition_of {
            let parent = catalog.tables.get(&partition.parent);
            own_columns(out, table, parent);
            let has = |name: &str| {
                parent.is_some_and(|p| p.constraints.iter().any(|other| other.name == name))
            };
            let mut given = BTreeMap::new();
            for constraint in &table.constraints {
                let check = matches!(constraint.kind, ConstraintKind::Check { .. });
                let own = match key_columns(constraint) {
                    Some(columns) => !parent.is_some_and(|parent| {
                        parent.constraints.iter().any(|of| key_columns(of) == Some(columns))
                    }),
                    None => check && !constraint.not_valid && !has(&constraint.name),
                };
                if own {
                    out.line(&ddl::add_constraint(&table.name, constraint, Names::Full));
                } else if let Some(name) = ddl::automatic_key_name(&table.name.name, constraint) {
                    let made = numbered(&mut given, name);
                    renamed.extend(Rename::new(catalog, table, made, &constraint.name));
                }
            }
        }
        // A partition has its parent's foreign keys by being one.
        let keys = |table: &Table| -> Vec<Vec<String>> {
            table.foreign_keys().map(|(_, key)| key.columns.clone()).collect()
        };
        if keys(table).is_empty()
            || !inherited(catalog, table, |parent| keys(parent) == keys(table))
        {
            // What was added to a parent without looking at the rows reaches its children.
            let mut rest = table.clone();
            rest.constraints.retain(|constraint| {
                let parents = table.inherits.iter();
                let mut parents = parents.chain(table.partition_of.iter().map(|of| &of.parent));
                if table.partition_of.is_some() && key_columns(constraint).is_some() {
                    return false;
                }
                !matches!(constraint.kind, ConstraintKind::Check { .. })
                    || !parents.any(|parent| {
                        let parent = catalog.tables.get(parent);
                        let of = parent.into_iter().flat_map(|parent| &parent.constraints);
                        of.into_iter().any(|other| other.name == constraint.name)
                    })
            });
            for statement in ddl::later_constraints(&rest, Names::Full) {
                out.line(&statement);
            }
        }
    }
    for table in catalog.tables.values() {
        // What a parent never looked at, a child may have: it was empty when it was made.
        for constraint in table.constraints.iter().filter(|found| !found.not_valid) {
            let parents =
                table.inherits.iter().chain(table.partition_of.iter().map(|of| &of.parent));
            let mut parents = parents.filter_map(|parent| catalog.tables.get(parent));
            let unchecked = parents.any(|parent| {
                let mut of = parent.constraints.iter();
                of.any(|of| of.name == constraint.name && of.not_valid && !of.no_inherit)
            });
            if unchecked && matches!(constraint.kind, ConstraintKind::Check { .. }) {
                out.line(&format!(
                    "ALTER TABLE {} VALIDATE CONSTRAINT {};",
                    Names::Full.of(&table.name),
                    quote_identifier(&constraint.name)
                ));
            }
        }
        let Some(partition) = &table.partition_of else { continue };
        let parent = catalog.tables.get(&partition.parent);
        for (constraint, key) in table.foreign_keys() {
            let mut of_parent = parent.into_iter().flat_map(Table::foreign_keys);
            // Of several equal ones, those whose names agree are each other's.
            let agrees = |name: &str, of: Option<&Table>| {
                of.is_some_and(|of| of.foreign_keys().any(|(other, _)| other.name == name))
            };
            let same = of_parent.find(|(of_parent, other)| {
                (other.columns == key.columns && other.references == key.references)
                    && (of_parent.name == constraint.name || !agrees(&of_parent.name, Some(table)))
                    && other.on_delete == key.on_delete
            });
            if let Some((of_parent, _)) = same.filter(|_| !agrees(&constraint.name, parent)) {
                let made = of_parent.name.clone();
                renamed.extend(Rename::new(catalog, table, made, &constraint.name));
            }
        }
    }
    renames(out, renamed);
    out.gap();
}

/// The name that the server makes of one it has made so often before.
fn numbered(given: &mut BTreeMap<String, usize>, made: String) -> String {
    let before = given.entry(made.clone()).or_default();
    let name = if *before == 0 { made } else { format!("{made}{before}") };
    *before += 1;
    name
}

/// A partition's key, foreign key or index under another name than the server gives it.
struct Rename<'a> {
    table: &'a QualifiedName,
    index: bool,
    made: String,
    name: &'a str,
}

impl<'a> Rename<'a> {
    /// `None` where the server's name is right: also where that is taken and so was numbered.
    fn new(catalog: &Catalog, table: &'a Table, made: String, name: &'a str) -> Option<Self> {
        let numbered = catalog.is_shared(&table.name.schema, &made) && name.starts_with(&made);
        (made != name && !numbered).then_some(Self { table: &table.name, index: false, made, name })
    }
}

/// Writes renames so that each finds its new name free: those of a circle meet in a passing name.
fn renames(out: &mut Script, mut open: Vec<Rename<'_>>) {
    let mut passing = 0_usize;
    while !open.is_empty() {
        let free = |one: &&Rename<'_>| {
            open.iter().all(|other| {
                std::ptr::eq(*one, other)
                    || other.table.schema != one.table.schema
                    || other.made != one.name
            })
        };
        let at = open.iter().position(|one| free(&one));
        let (table, index, from, to) = if let Some(at) = at {
            let found = open.remove(at);
            (found.table, found.index, found.made, found.name.to_owned())
        } else {
            let Some(first) = open.first_mut() else { return };
            passing += 1;
            let to = format!("passing_{passing}");
            (first.table, first.index, std::mem::replace(&mut first.made, to.clone()), to)
        };
        let (from, to) = (quote_identifier(&from), quote_identifier(&to));
        out.line(&if index {
            format!("ALTER INDEX {}.{from} RENAME TO {to};", quote_identifier(&table.schema))
        } else {
            format!("ALTER TABLE {} RENAME CONSTRAINT {from} TO {to};", Names::Full.of(table))
        });
    }
}

/// Identity columns; a partition has its parent's.
fn identities(out: &mut Script, catalog: &Catalog) {
    for table in catalog.tables.values().filter(|table| table.partition_of.is_none()) {
        for column in &table.columns {
            let how = match column.identity {
                Some(Identity::Always) => "ALWAYS",
                Some(Identity::ByDefault) => "BY DEFAULT",
                None => continue,
            };
            let owned = Some((table.name.clone(), column.name.clone()));
            let sequence =
                catalog.sequences.values().find(|found| found.identity && found.owned_by == owned);
            let words = sequence.map(|found| {
                let name = Names::Full.of(&found.name);
                format!(" (SEQUENCE NAME {name}{})", ddl::sequence_options(found))
            });
            out.line(&format!(
                "ALTER TABLE {} ALTER COLUMN {} ADD GENERATED {how} AS IDENTITY{};",
                Names::Full.of(&table.name),
                quote_identifier(&column.name),
                words.unwrap_or_default()
            ));
        }
    }
}

/// The columns of a primary key or a unique constraint.
fn key_columns(constraint: &Constraint) -> Option<&[String]> {
    match &constraint.kind {
        ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => {
            Some(columns)
        }
        _ => None,
    }
}

/// What a partition says of its columns otherwise than its parent.
fn own_columns(out: &mut Script, table: &Table, parent: Option<&Table>) {
    for column in &table.columns {
        let Some(of_parent) = parent.and_then(|parent| parent.column(&column.name)) else {
            continue;
        };
        let text = |column: &Column| column.default.as_ref().map(|default| default.text.clone());
        let mut actions = Vec::new();
        match text(column) {
            default if default == text(of_parent) => {}
            Some(default) => actions.push(format!("SET DEFAULT {default}")),
            None => actions.push("DROP DEFAULT".to_owned()),
        }
        for action in actions {
            out.line(&format!(
                "ALTER TABLE {} ALTER COLUMN {} {action};",
                Names::Full.of(&table.name),
                quote_identifier(&column.name)
            ));
        }
    }
}

/// Whether a partition has something from its parent.
fn inherited(catalog: &Catalog, table: &Table, has: impl FnOnce(&Table) -> bool) -> bool {
    let parent = table.partition_of.as_ref().and_then(|found| catalog.tables.get(&found.parent));
    parent.is_some_and(has)
}

fn inherited_trigger(catalog: &Catalog, table: &Table, name: &str) -> bool {
    inherited(catalog, table, |parent| parent.triggers.iter().any(|other| other.name == name))
}

/// Owners, where statements name them.
fn owners(out: &mut Script, catalog: &Catalog) {
    let mut list: Vec<(String, &Option<String>)> = Vec::new();
    for ((kind, name), found) in &catalog.properties {
        if *kind == GlobalKind::Schema && catalog.schemas.contains_key(name) {
            list.push((format!("SCHEMA {}", quote_identifier(name)), &found.owner));
        }
    }
    for found in catalog.types.values() {
        list.push((format!("TYPE {}", Names::Full.of(&found.name)), &found.owner));
    }
    for found in catalog.tables.values() {
        let foreign = if matches!(found.kind, TableKind::Foreign { .. }) { "FOREIGN " } else { "" };
        list.push((format!("{foreign}TABLE {}", Names::Full.of(&found.name)), &found.owner));
    }
    // A column's sequence has its table's owner.
    for found in catalog.sequences.values().filter(|found| found.owned_by.is_none()) {
        list.push((format!("SEQUENCE {}", Names::Full.of(&found.name)), &found.owner));
    }
    for found in catalog.views.values() {
        let kind = if found.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        list.push((format!("{kind} {}", Names::Full.of(&found.name)), &found.owner));
    }
    for ((name, arguments), found) in &catalog.functions {
        let kind = if found.procedure { "PROCEDURE" } else { "FUNCTION" };
        let object = format!("{kind} {}({})", Names::Full.of(name), arguments.join(", "));
        list.push((object, &found.owner));
    }
    for found in catalog.publications.values() {
        list.push((format!("PUBLICATION {}", quote_identifier(&found.name)), &found.owner));
    }
    for (object, owner) in list {
        if let Some(owner) = owner {
            out.line(&format!("ALTER {object} OWNER TO {};", ddl::role(owner)));
        }
    }
    out.gap();
}

/// What the schema `public` gives to everyone from the start, whether that was taken away.
fn public_schema(out: &mut Script, grants: &[Grant]) {
    let usage = |grant: &Grant| {
        grant.grantee == "public"
            && grant.privileges.iter().any(|(name, _)| name == "USAGE" || name == "ALL")
    };
    if !grants.iter().any(usage) {
        out.line("REVOKE USAGE ON SCHEMA public FROM PUBLIC;");
    }
}

fn privileges(out: &mut Script, catalog: &Catalog) {
    for ((kind, name), found) in &catalog.properties {
        if *kind != GlobalKind::Schema || !catalog.schemas.contains_key(name) {
            continue;
        }
        if name == "public" {
            public_schema(out, &found.grants);
        }
        for grant in found.grants.iter().filter(|grant| !is_initial(name, grant)) {
            out.line(&ddl::grant(&format!("SCHEMA {}", quote_identifier(name)), grant));
        }
    }
    for found in catalog.types.values() {
        for grant in &found.grants {
            out.line(&ddl::grant(&format!("TYPE {}", Names::Full.of(&found.name)), grant));
        }
    }
    for found in catalog.sequences.values() {
        for grant in &found.grants {
            out.line(&ddl::grant(&format!("SEQUENCE {}", Names::Full.of(&found.name)), grant));
        }
    }
    let tables = catalog.tables.values().map(|table| (&table.name, &table.grants));
    let views = catalog.views.values().map(|view| (&view.name, &view.grants));
    for (name, grants) in tables.chain(views) {
        for grant in grants {
            out.line(&ddl::grant(&Names::Full.of(name), grant));
        }
    }
    for ((name, arguments), function) in &catalog.functions {
        let kind = if function.procedure { "PROCEDURE" } else { "FUNCTION" };
        let object = format!("{kind} {}({})", Names::Full.of(name), arguments.join(", "));
        if !function.public_execute {
            out.line(&format!("REVOKE ALL ON {object} FROM PUBLIC;"));
        }
        for grant in &function.grants {
            out.line(&ddl::grant(&object, grant));
        }
    }
    for said in &catalog.default_privileges {
        out.line(&ddl::default_privilege(said));
    }
    out.gap();
}

/// Whether a grant is the one that PostgreSQL itself makes on the schema `public`.
fn is_initial(schema: &str, grant: &Grant) -> bool {
    schema == "public" && grant.grantee == "public" && grant.origin == Origin::default()
}

fn comments(out: &mut Script, catalog: &Catalog) {
    let mut list: Vec<(String, &Option<Remark>)> = Vec::new();
    for table in catalog.tables.values() {
        let name = Names::Full.of(&table.name);
        list.push((format!("TABLE {name}"), &table.comment));
        for column in &table.columns {
            list.push((
                format!("COLUMN {name}.{}", quote_identifier(&column.name)),
                &column.comment,
            ));
        }
        let constraints = table.constraints.iter().map(|found| (&found.name, &found.comment));
        let not_nulls = table.columns.iter().filter_map(|column| column.not_null.as_ref());
        let parts: BTreeMap<&String, &Option<Remark>> =
            constraints.chain(not_nulls.map(|found| (&found.name, &found.comment))).collect();
        for (own, comment) in parts {
            let object = format!("CONSTRAINT {} ON {name}", quote_identifier(own));
            list.push((object, comment));
        }
        for policy in &table.policies {
            let object = format!("POLICY {} ON {name}", quote_identifier(&policy.name));
            list.push((object, &policy.comment));
        }
        for trigger in &table.triggers {
            let object = format!("TRIGGER {} ON {name}", quote_identifier(&trigger.name));
            list.push((object, &trigger.comment));
        }
        for index in &table.indexes {
            let index_name = QualifiedName::new(table.name.schema.as_str(), index.name.as_str());
            list.push((format!("INDEX {}", Names::Full.of(&index_name)), &index.comment));
        }
    }
    for ((kind, name), found) in &catalog.properties {
        let kind = match kind {
            GlobalKind::Schema => "SCHEMA",
            GlobalKind::Extension => "EXTENSION",
            GlobalKind::Role => "ROLE",
        };
        list.push((format!("{kind} {}", quote_identifier(name)), &found.comment));
    }
    for publication in catalog.publications.values() {
        let object = format!("PUBLICATION {}", quote_identifier(&publication.name));
        list.push((object, &publication.comment));
    }
    let tables = catalog.tables.values().map(|table| (&table.name, &table.rules));
    for (relation, rules) in tables.chain(catalog.views.values().map(|v| (&v.name, &v.rules))) {
        for rule in rules {
            let own = quote_identifier(&rule.name);
            list.push((format!("RULE {own} ON {}", Names::Full.of(relation)), &rule.comment));
        }
    }
    for view in catalog.views.values() {
        for (column, comment) in &view.column_comments {
            let own = quote_identifier(column);
            list.push((format!("COLUMN {}.{own}", Names::Full.of(&view.name)), comment));
        }
        for trigger in &view.triggers {
            let own = quote_identifier(&trigger.name);
            let object = format!("TRIGGER {own} ON {}", Names::Full.of(&view.name));
            list.push((object, &trigger.comment));
        }
        for index in &view.indexes {
            let own = QualifiedName::new(view.name.schema.as_str(), index.name.as_str());
            list.push((format!("INDEX {}", Names::Full.of(&own)), &index.comment));
        }
        let kind = if view.materialized { "MATERIALIZED VIEW" } else { "VIEW" };
        list.push((format!("{kind} {}", Names::Full.of(&view.name)), &view.comment));
    }
    for user_type in catalog.types.values() {
        let domain = matches!(user_type.kind, UserTypeKind::Domain { .. });
        let kind = if domain { "DOMAIN" } else { "TYPE" };
        let name = Names::Full.of(&user_type.name);
        list.push((format!("{kind} {name}"), &user_type.comment));
        if let UserTypeKind::Domain { checks, .. } = &user_type.kind {
            for check in checks {
                let own = quote_identifier(&check.name);
                list.push((format!("CONSTRAINT {own} ON DOMAIN {name}"), &check.comment));
            }
        }
    }
    for sequence in catalog.sequences.values() {
        list.push((format!("SEQUENCE {}", Names::Full.of(&sequence.name)), &sequence.comment));
    }
    for ((name, arguments), function) in &catalog.functions {
        let kind = if function.procedure { "PROCEDURE" } else { "FUNCTION" };
        let object = format!("{kind} {}({})", Names::Full.of(name), arguments.join(", "));
        list.push((object, &function.comment));
    }
    for (object, remark) in list {
        if let Some(remark) = remark {
            let mut line = String::new();
            // Writing to a `String` cannot fail.
            let _ = write!(line, "COMMENT ON {object} IS {};", quote_literal(&remark.text));
            out.line(&line);
        }
    }
}
