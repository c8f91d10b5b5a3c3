//! A whole catalog as SQL that can be run on an empty database.

mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use schemaward_catalog::ddl::{self, Names};
use schemaward_catalog::{
    Catalog, Definition, DomainCheck, Function, GlobalKind, Grant, Origin, QualifiedName, Remark,
    TableKind, UserType, UserTypeKind, View, quote_identifier, quote_literal,
};

use tables::tables;

/// The catalog as SQL in order of dependency: schemas, extensions, types, sequences, functions,
/// tables, keys, indexes, views, policies, triggers, privileges, comments.
///
/// Names are written with their schema. Roles that the catalog does not create must exist.
pub fn catalog_sql(catalog: &Catalog) -> String {
    let mut out = Script { text: String::new() };
    out.line("SET check_function_bodies = off;");
    out.line(&format!("SET search_path = {};", path_of(&catalog.search_path)));
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
    let (first, rest): (Vec<&Definition>, Vec<&Definition>) =
        catalog.definitions.iter().partition(|found| needs_nothing(found.kind));
    definitions(&mut out, catalog, &first);
    let called: BTreeSet<String> =
        catalog.functions.keys().map(|(name, _)| name.name.to_lowercase()).collect();
    // What domains have that calls functions, which may have arguments of those domains.
    let mut calling = Vec::new();
    for user_type in types(catalog) {
        let mut user_type = user_type.clone();
        if let UserTypeKind::Domain { default, checks, .. } = &mut user_type.kind {
            let calls = |text: &str| !words(text).is_disjoint(&called);
            let domain = Names::Full.of(&user_type.name);
            if let Some(default) = default.take_if(|default| calls(&default.text)) {
                calling.push(format!("ALTER DOMAIN {domain} SET DEFAULT {};", default.text));
            }
            let (late, early) = checks
                .drain(..)
                .partition(|check| check.not_valid || calls(&check.expression.text));
            *checks = early;
            calling.extend(late.into_iter().map(|check: DomainCheck| {
                let (name, text) = (quote_identifier(&check.name), check.expression.text);
                let valid = if check.not_valid { " NOT VALID" } else { "" };
                format!("ALTER DOMAIN {domain} ADD CONSTRAINT {name} CHECK ({text}){valid};")
            }));
        }
        out.line(&ddl::create_type(&user_type, Names::Full));
    }
    sequences(&mut out, catalog);
    let (late, early): (Vec<&Function>, Vec<&Function>) =
        catalog.functions.values().partition(|function| needs_tables(catalog, function));
    for function in users_last(early) {
        out.block(&ddl::create_function(function, Names::Full));
    }
    for statement in calling {
        out.line(&statement);
    }
    let names: BTreeSet<String> = late.iter().map(|late| late.name.name.to_lowercase()).collect();
    // What is said of an object comes with it.
    let of_late = rest.iter().filter(|found| !words(&found.text).is_disjoint(&names));
    let of_late: BTreeSet<_> = of_late.map(|found| (found.kind, &found.subject)).collect();
    let (last, rest): (Vec<&Definition>, Vec<&Definition>) =
        rest.iter().copied().partition(|found| of_late.contains(&(found.kind, &found.subject)));
    definitions(&mut out, catalog, &rest);
    tables(&mut out, catalog);
    for function in users_last(late) {
        out.block(&ddl::create_function(function, Names::Full));
    }
    definitions(&mut out, catalog, &last);
    for view in views(catalog) {
        let view = &View { query: catalog.query_of(view), ..view.clone() };
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
            if trigger.of_parent {
                continue;
            }
            for statement in ddl::create_trigger(&table.name, trigger, Names::Full) {
                out.line(&statement);
            }
        }
    }
    for table in catalog.tables.values() {
        let parent = table.partition_of.as_ref().and_then(|of| catalog.tables.get(&of.parent));
        for trigger in table.triggers.iter().filter(|trigger| trigger.of_parent) {
            let mut of = parent.into_iter().flat_map(|parent| &parent.triggers);
            if !of.any(|of| of.name == trigger.name && of.state == trigger.state) {
                out.line(&ddl::set_trigger_state(&table.name, trigger, Names::Full));
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

/// Whether objects of a kind are made of no types and functions of the schema.
fn needs_nothing(kind: &str) -> bool {
    matches!(kind, "collation" | "foreign data wrapper" | "server")
}

/// Statements as written, each under the search path of its moment.
fn definitions(out: &mut Script, catalog: &Catalog, definitions: &[&Definition]) {
    let mut path = &catalog.search_path;
    for definition in definitions {
        if *path != definition.search_path {
            path = &definition.search_path;
            out.line(&format!("SET search_path = {};", path_of(path)));
        }
        out.line(&format!("{};", definition.text));
    }
    if *path != catalog.search_path {
        out.line(&format!("SET search_path = {};", path_of(&catalog.search_path)));
    }
    out.gap();
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
fn path_of(path: &[String]) -> String {
    let mut schemas: Vec<String> = path.iter().map(|name| quote_identifier(name)).collect();
    if !path.iter().any(|name| name == "public") {
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

/// Functions so that those whose bodies and defaults the server reads at once come after what they call.
fn users_last(functions: Vec<&Function>) -> Vec<&Function> {
    let items: Vec<_> = functions
        .into_iter()
        .map(|function| {
            let body = function.body.as_ref().filter(|body| body.inline);
            let defaults = function.arguments.iter().filter_map(|found| found.default.as_ref());
            let body = body.map(|body| body.text.as_str());
            let read: Vec<&str> = defaults.map(|found| found.text.as_str()).chain(body).collect();
            (&function.name, read.join(" "), function)
        })
        .collect();
    let (plain, users): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|(_, read, _)| read.is_empty());
    plain.into_iter().map(|(_, _, function)| function).chain(ordered(&users)).collect()
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
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, (name, ..)) in items.iter().enumerate() {
        named.entry(name.name.to_lowercase()).or_default().push(at);
    }
    // How many others each still waits for, and who waits for it.
    let mut waits = vec![0_usize; items.len()];
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, (name, text, _)) in items.iter().enumerate() {
        let needs = words(text).into_iter().filter_map(|word| named.get(&word)).flatten();
        for need in needs.filter(|need| items.get(**need).is_some_and(|(other, ..)| other != name))
        {
            waiting.entry(*need).or_default().push(at);
            if let Some(count) = waits.get_mut(at) {
                *count += 1;
            }
        }
    }
    let mut open: BTreeSet<usize> = (0..items.len()).collect();
    let mut ready: BTreeSet<usize> =
        open.iter().copied().filter(|at| waits.get(*at) == Some(&0)).collect();
    let mut made = Vec::with_capacity(items.len());
    while let Some(at) = ready.pop_first().or_else(|| open.first().copied()) {
        open.remove(&at);
        made.extend(items.get(at).map(|(_, _, item)| *item));
        for other in waiting.remove(&at).unwrap_or_default() {
            let Some(count) = waits.get_mut(other) else { continue };
            *count = count.saturating_sub(1);
            if *count == 0 && open.contains(&other) {
                ready.insert(other);
            }
        }
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
        let foreign = if matches!(table.kind, TableKind::Foreign { .. }) { "FOREIGN " } else { "" };
        list.push((format!("{foreign}TABLE {name}"), &table.comment));
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
        for key in table.constraints.iter().filter(|key| key.index_comment.is_some()) {
            let index = QualifiedName::new(table.name.schema.as_str(), key.name.as_str());
            list.push((format!("INDEX {}", Names::Full.of(&index)), &key.index_comment));
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
    for found in catalog.types.values() {
        for (attribute, comment) in &found.attribute_comments {
            let own = quote_identifier(attribute);
            list.push((format!("COLUMN {}.{own}", Names::Full.of(&found.name)), comment));
        }
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
