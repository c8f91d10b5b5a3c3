//! Privileges: granted, revoked, and given by default to what is created.

use super::Applying;
use crate::change::GrantTarget;
use crate::control::{DefaultKind, DefaultPrivilege, GlobalKind};
use crate::object::{Function, Grant};

/// What `ALL` stands for, by kind of object.
const TABLE: &[&str] =
    &["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"];
const SEQUENCE: &[&str] = &["USAGE", "SELECT", "UPDATE"];
const FUNCTION: &[&str] = &["EXECUTE"];
const SCHEMA: &[&str] = &["USAGE", "CREATE"];
const TYPE: &[&str] = &["USAGE"];

/// What a revocation takes.
struct Taken<'a> {
    privileges: &'a [(String, Vec<String>)],
    from: &'a [String],
    option_only: bool,
}

impl Applying<'_> {
    pub(super) fn grant(&mut self, on: &[GrantTarget], grants: &[Grant]) {
        let public = grants.iter().any(|grant| grant.grantee == "public");
        for target in on {
            self.privileges_of(target, |held, _| held.extend(grants.iter().cloned()));
            if public {
                self.set_public_execute(target, true);
            }
        }
    }

    pub(super) fn revoke(
        &mut self,
        on: &[GrantTarget],
        privileges: &[(String, Vec<String>)],
        from: &[String],
        option_only: bool,
    ) {
        let taken = Taken { privileges, from, option_only };
        for target in on {
            self.privileges_of(target, |held, all| take(held, all, &taken));
            if !option_only && from.iter().any(|role| role == "public") {
                self.set_public_execute(target, false);
            }
        }
    }

    /// Everyone may execute a function until that is revoked.
    fn set_public_execute(&mut self, target: &GrantTarget, on: bool) {
        match target {
            GrantTarget::Function(name, arguments) => {
                let key = self.function_key(name, arguments.as_deref());
                if let Some(function) = key.and_then(|key| self.catalog.functions.get_mut(&key)) {
                    function.public_execute = on;
                }
            }
            all => {
                for function in self.catalog.functions.values_mut() {
                    if means(all, function) {
                        function.public_execute = on;
                    }
                }
            }
        }
    }

    /// Hands over the privileges held on a target, or on each object of a schema, with what `ALL`
    /// means there.
    fn privileges_of(
        &mut self,
        target: &GrantTarget,
        mut change: impl FnMut(&mut Vec<Grant>, &'static [&'static str]),
    ) {
        match target {
            GrantTarget::Table(name) => {
                let sequences = &self.catalog.sequences;
                let sequence = self.catalog.resolve(name, |name| sequences.contains_key(name));
                if let Some(table) = self.table_mut(name) {
                    change(&mut table.grants, TABLE);
                } else if let Some(view) = self.view_mut(name) {
                    change(&mut view.grants, TABLE);
                } else if let Some(found) =
                    sequence.and_then(|name| self.catalog.sequences.get_mut(&name))
                {
                    change(&mut found.grants, SEQUENCE);
                } else {
                    self.reject(format!("relation \"{name}\" does not exist"));
                }
            }
            GrantTarget::Function(name, arguments) => {
                let key = self.function_key(name, arguments.as_deref());
                if let Some(function) = key.and_then(|key| self.catalog.functions.get_mut(&key)) {
                    change(&mut function.grants, FUNCTION);
                }
            }
            GrantTarget::AllTables(schema) => {
                let tables = self.catalog.tables.values_mut().filter(|t| t.name.schema == *schema);
                tables.for_each(|table| change(&mut table.grants, TABLE));
                let views = self.catalog.views.values_mut().filter(|v| v.name.schema == *schema);
                views.for_each(|view| change(&mut view.grants, TABLE));
            }
            all @ (GrantTarget::AllFunctions(_)
            | GrantTarget::AllProcedures(_)
            | GrantTarget::AllRoutines(_)) => {
                let functions = self.catalog.functions.values_mut();
                functions
                    .filter(|function| means(all, function))
                    .for_each(|function| change(&mut function.grants, FUNCTION));
            }
            GrantTarget::AllSequences(schema) => {
                let all = self.catalog.sequences.values_mut();
                all.filter(|sequence| sequence.name.schema == *schema)
                    .for_each(|sequence| change(&mut sequence.grants, SEQUENCE));
            }
            GrantTarget::Sequence(name) => {
                let sequences = &self.catalog.sequences;
                let found = self.catalog.resolve(name, |name| sequences.contains_key(name));
                match found.and_then(|name| self.catalog.sequences.get_mut(&name)) {
                    Some(sequence) => change(&mut sequence.grants, SEQUENCE),
                    None => self.reject(format!("relation \"{name}\" does not exist")),
                }
            }
            GrantTarget::Schema(name) => {
                if !self.catalog.schemas.contains_key(name) {
                    return self.reject(format!("schema \"{name}\" does not exist"));
                }
                let key = (GlobalKind::Schema, name.clone());
                change(&mut self.catalog.properties.entry(key).or_default().grants, SCHEMA);
            }
            GrantTarget::Type(name) => {
                let types = &self.catalog.types;
                let found = self.catalog.resolve(name, |name| types.contains_key(name));
                if let Some(found) = found.and_then(|name| self.catalog.types.get_mut(&name)) {
                    change(&mut found.grants, TYPE);
                }
            }
            GrantTarget::Other => {}
        }
    }

    /// What a role was given on anything is gone, as `DROP OWNED` does.
    pub(super) fn revoke_everything(&mut self, role: &str) {
        let catalog = &mut *self.catalog;
        let held = (catalog.tables.values_mut().map(|found| &mut found.grants))
            .chain(catalog.views.values_mut().map(|found| &mut found.grants))
            .chain(catalog.sequences.values_mut().map(|found| &mut found.grants))
            .chain(catalog.functions.values_mut().map(|found| &mut found.grants))
            .chain(catalog.types.values_mut().map(|found| &mut found.grants))
            .chain(catalog.properties.values_mut().map(|found| &mut found.grants));
        for grants in held {
            grants.retain(|grant| grant.grantee != role);
        }
        catalog
            .default_privileges
            .retain(|found| found.grant.grantee != role && found.role.as_deref() != Some(role));
    }

    /// The privileges that an object gets by being created now, and whether everyone keeps those
    /// that PostgreSQL gives to all.
    ///
    /// Only what was said for the role that runs the text is known to be for its objects.
    pub(super) fn default_grants(&self, kind: DefaultKind, schema: &str) -> (Vec<Grant>, bool) {
        let mut grants = Vec::new();
        let mut public = true;
        for scope in [None, Some(schema)] {
            let mut held: Vec<Grant> = Vec::new();
            let said = self.catalog.default_privileges.iter().filter(|said| {
                said.role.is_none() && said.kind == kind && said.schema.as_deref() == scope
            });
            for said in said {
                if said.revoked {
                    let taken = Taken {
                        privileges: &said.grant.privileges,
                        from: std::slice::from_ref(&said.grant.grantee),
                        option_only: said.grant.grantable,
                    };
                    take(&mut held, all_of(kind), &taken);
                } else {
                    held.push(said.grant.clone());
                }
                // A schema's defaults add to the general ones and take nothing from them.
                if said.grant.grantee == "public" && scope.is_none() {
                    public = !said.revoked;
                }
            }
            grants.extend(held);
        }
        (grants, public)
    }

    pub(super) fn default_privileges(&mut self, said: Vec<DefaultPrivilege>) {
        for schema in said.iter().filter_map(|said| said.schema.as_ref()) {
            if !self.catalog.schemas.contains_key(schema) {
                return self.reject(format!("schema \"{schema}\" does not exist"));
            }
        }
        self.catalog.default_privileges.extend(said);
    }
}

/// Whether a function is one of all that a statement names.
fn means(target: &GrantTarget, function: &Function) -> bool {
    match target {
        GrantTarget::AllFunctions(schema) => function.name.schema == *schema && !function.procedure,
        GrantTarget::AllProcedures(schema) => function.name.schema == *schema && function.procedure,
        GrantTarget::AllRoutines(schema) => function.name.schema == *schema,
        _ => false,
    }
}

fn all_of(kind: DefaultKind) -> &'static [&'static str] {
    match kind {
        DefaultKind::Tables => TABLE,
        DefaultKind::Sequences => SEQUENCE,
        DefaultKind::Functions => FUNCTION,
        DefaultKind::Types => TYPE,
        DefaultKind::Schemas => SCHEMA,
        DefaultKind::LargeObjects => &["SELECT", "UPDATE"],
    }
}

/// Takes privileges from what is held.
fn take(held: &mut Vec<Grant>, all: &'static [&'static str], taken: &Taken<'_>) {
    let whole = taken.privileges.iter().any(|(name, columns)| name == "ALL" && columns.is_empty());
    let mut kept = Vec::new();
    for grant in held.iter_mut().filter(|grant| taken.from.contains(&grant.grantee)) {
        if taken.option_only {
            if grant.grantable {
                expand_all(grant, all);
                let named = |privilege: &(String, Vec<String>)| {
                    whole || taken.privileges.iter().any(|(name, _)| *name == privilege.0)
                };
                let privileges = std::mem::take(&mut grant.privileges);
                let (gone, stay) = privileges.into_iter().partition(named);
                kept.push(Grant { privileges: gone, grantable: false, ..grant.clone() });
                grant.privileges = stay;
            }
            continue;
        }
        expand_all(grant, all);
        grant.privileges.retain_mut(|(name, columns)| {
            if whole {
                return false;
            }
            let wanted = taken.privileges.iter().filter(|(taken, _)| taken == name);
            for (_, of) in wanted {
                if of.is_empty() {
                    // What is taken of the table is taken of its columns.
                    return false;
                }
                if !columns.is_empty() {
                    columns.retain(|column| !of.contains(column));
                    if columns.is_empty() {
                        return false;
                    }
                }
            }
            true
        });
    }
    held.extend(kept);
    held.retain(|grant| !grant.privileges.is_empty());
}

/// Writes `ALL` out, so that single privileges can be taken from it.
fn expand_all(grant: &mut Grant, all: &[&str]) {
    let mut privileges = Vec::new();
    for (name, columns) in std::mem::take(&mut grant.privileges) {
        if name != "ALL" {
            privileges.push((name, columns));
        } else if columns.is_empty() {
            privileges.extend(all.iter().map(|name| ((*name).to_owned(), Vec::new())));
        } else {
            let of_columns = ["SELECT", "INSERT", "UPDATE", "REFERENCES"];
            privileges.extend(of_columns.map(|name| (name.to_owned(), columns.clone())));
        }
    }
    grant.privileges = privileges;
}
