//! Playing changes on a catalog, as the server would: names are resolved and generated, and what a
//! server would have rejected is a [`Problem`], never an end.

mod alter;
mod body;
mod column;
mod constraint;
mod control;
mod depend;
mod derive;
mod drop;
mod follow;
mod kept;
mod labels;
mod not_null;
mod object;
mod part;
mod privilege;
mod rename;
mod result;
mod retype;
mod rules;
mod syntax;
mod table;
mod users;
mod verify;
mod views;

use crate::change::{BlindSpot, Change, CommentTarget, RoleDefinition};
use crate::control::{DefaultKind, GlobalKind};
use crate::object::{Expression, Remark, Role, Table, UserTypeKind, View};
use crate::{Catalog, DataType, ObjectName, Origin, QualifiedName, Reach, Touches};

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

pub(crate) use follow::drawn_from;
pub(crate) use not_null::has_constraint;
pub(crate) use users::words_of;

/// A change on its way into the catalog.
pub(crate) struct Applying<'a> {
    pub(crate) catalog: &'a mut Catalog,
    pub(crate) origin: Origin,
    pub(crate) problems: Vec<Problem>,
    /// `ONLY`: children do not follow.
    pub(crate) only: bool,
}

impl Catalog {
    /// Plays one change, made by the statement at `origin`, and says what a server would have
    /// rejected of it.
    pub fn apply(&mut self, change: Change, origin: Origin) -> Vec<Problem> {
        let mut applying = Applying { catalog: self, origin, problems: Vec::new(), only: false };
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
        let problem = Problem { message: message.into(), origin: self.origin, unread: false };
        self.problems.push(problem);
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::CreateSchema { name, if_not_exists } => {
                if self.catalog.schemas.contains_key(&name) {
                    if !if_not_exists && name != "public" {
                        self.reject(format!("schema \"{name}\" already exists"));
                    }
                } else {
                    let (grants, _) = self.default_grants(DefaultKind::Schemas, "");
                    if !grants.is_empty() {
                        let key = (GlobalKind::Schema, name.clone());
                        self.catalog.properties.entry(key).or_default().grants = grants;
                    }
                    self.catalog.schemas.insert(name, Some(self.origin));
                }
            }
            Change::CreateExtension { name, schema } => {
                if let std::collections::btree_map::Entry::Vacant(vacant) =
                    self.catalog.extensions.entry(name.clone())
                {
                    vacant.insert(self.origin);
                    let key = (GlobalKind::Extension, name);
                    if schema.is_some() {
                        self.catalog.properties.entry(key).or_default().schema = schema;
                    }
                }
            }
            Change::CreateType { name, kind } => self.create_type(&name, kind),
            Change::AddEnumValue { name, value, position, if_not_exists } => {
                self.add_enum_value(&name, value, position, if_not_exists);
            }
            Change::RenameEnumValue { name, from, to } => {
                if let Some(labels) = self.enum_labels(&name)
                    && let Some(label) = labels.iter_mut().find(|label| **label == from)
                {
                    label.clone_from(&to);
                    let types = &self.catalog.types;
                    let of = self.catalog.resolve(&name, |name| types.contains_key(name));
                    if let Some(of) = of {
                        self.value_renamed(&of, &from, &to);
                    }
                }
            }
            Change::CreateTable(definition) => self.create_table(*definition),
            Change::CreateTableAs { table, columns, query } => {
                self.create_table_as(*table, columns, &query);
            }
            Change::AlterTable { name, if_exists, only, actions } => {
                self.only = only;
                self.alter_table(&name, if_exists, actions);
            }
            Change::CreateIndex { table, index, if_not_exists } => {
                self.create_index(&table, *index, if_not_exists);
            }
            Change::AttachIndex { parent, part } => self.attach_index(&parent, &part),
            Change::Define(mut definition) => {
                definition.search_path.clone_from(&self.catalog.search_path);
                self.catalog.definitions.push(*definition);
            }
            Change::Undefine { kind, subjects } => self.undefine(kind, &subjects),
            Change::CreatePolicy { table, policy } => self.create_policy(&table, *policy),
            Change::AlterPolicy { table, name, roles, using, check } => {
                let mut mentioned = Vec::new();
                let policy = self
                    .table_mut(&table)
                    .and_then(|table| table.policies.iter_mut().find(|policy| policy.name == name));
                let Some(policy) = policy else {
                    return self
                        .reject(format!("policy \"{name}\" for table \"{table}\" does not exist"));
                };
                policy.roles = roles.unwrap_or(std::mem::take(&mut policy.roles));
                for expression in using.iter().chain(&check) {
                    mentioned.push(expression.clone());
                }
                policy.using = using.or(policy.using.take());
                policy.check = check.or(policy.check.take());
                self.policy_reads(&table, &mentioned);
            }
            Change::CreateTrigger { table, function, trigger, or_replace } => {
                self.create_trigger(&table, &function, *trigger, or_replace);
            }
            Change::CreateFunction(definition) => self.create_function(*definition),
            Change::AlterFunction { name, arguments, options } => {
                if let Some(key) = self.function_key(&name, arguments.as_deref())
                    && let Some(function) = self.catalog.functions.get_mut(&key)
                {
                    object::alter_function(function, *options);
                } else {
                    self.reject(format!("function {name} does not exist"));
                }
            }
            Change::CreateView(definition) => self.create_view(*definition),
            Change::SetViewOptions { name, security_invoker, security_barrier, check_option } => {
                let Some(view) = self.view_mut(&name) else {
                    return self.reject(format!("view \"{name}\" does not exist"));
                };
                view.security_invoker = security_invoker.unwrap_or(view.security_invoker);
                view.security_barrier = security_barrier.unwrap_or(view.security_barrier);
                view.check_option = check_option.unwrap_or(view.check_option.take());
            }
            Change::AlterAttributes { name, actions } => self.alter_attributes(&name, actions),
            Change::AlterDomain { name, action } => self.alter_domain(&name, *action),
            Change::AlterSequence { name, if_exists, options } => {
                self.alter_sequence(&name, if_exists, options);
            }
            Change::CreateSequence { name, if_not_exists, options } => {
                let name = self.catalog.creation_name(&name);
                if !self.catalog.relation_exists(&name) {
                    self.add_sequence(name.clone(), None);
                    if let Some(sequence) = self.catalog.sequences.get_mut(&name) {
                        sequence.options.extend(options);
                    }
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
                    .or_insert_with(|| Role { name: member, origin, ..Role::default() })
                    .member_of
                    .insert(role);
            }
            Change::Grant { on, grants } => self.grant(&on, &grants),
            Change::RevokeRole { role, member } => {
                if let Some(member) = self.catalog.roles.get_mut(&member) {
                    member.member_of.remove(&role);
                }
            }
            Change::DefaultPrivileges(said) => self.default_privileges(said),
            Change::DropOwned { roles, cascade } => self.drop_owned(&roles, cascade),
            Change::ReassignOwned { roles, to } => self.reassign_owned(&roles, &to),
            Change::CreateRule { relation, rule, or_replace } => {
                self.create_rule(&relation, *rule, or_replace);
            }
            Change::CreateEventTrigger { function, trigger } => {
                self.create_event_trigger(&function, *trigger);
            }
            Change::SetEventTriggerState { name, state } => {
                self.set_event_trigger_state(&name, state);
            }
            Change::CreatePublication(publication) => self.create_publication(*publication),
            Change::AlterPublication { name, action } => self.alter_publication(&name, action),
            Change::Within { schema, changes } => {
                let path = self.catalog.search_path.clone();
                self.catalog.search_path.insert(0, schema);
                for change in changes {
                    let view = match &change {
                        Change::CreateView(view) => Some(view.name.clone()),
                        _ => None,
                    };
                    self.change(change);
                    if let Some(name) = view {
                        self.qualify_view(&name);
                    }
                }
                self.catalog.search_path = path;
            }
            Change::Revoke { on, privileges, from, option_only } => {
                self.revoke(&on, &privileges, &from, option_only);
            }
            Change::Comment { on, text } => self.comment(&on, text),
            Change::SetSearchPath(path) => {
                self.catalog.search_path = path.unwrap_or_else(|| vec!["public".to_owned()]);
            }
            Change::Drop { what, if_exists, cascade } => {
                for object in what {
                    self.drop_object(&object, if_exists, cascade);
                }
            }
            Change::Rename { what, to } => self.rename(what, to),
            Change::SetSchema { what, schema } => self.set_schema(&what, &schema),
            Change::SetOwner { what, owner } => self.set_owner(&what, owner),
            Change::Call { functions } => self.call(&functions),
            Change::LeftOpen(what) => self.reject(what),
            Change::Unknown(spot) => self.catalog.blind_spots.push(spot),
        }
    }

    fn policy_reads(&mut self, table: &ObjectName, expressions: &[Expression]) {
        let Some(table) = self.table_name(table) else { return };
        for expression in expressions {
            self.catalog.mentions.note_expression(&table, expression);
        }
    }

    /// The resolved name of an existing table.
    pub(crate) fn table_name(&self, name: &ObjectName) -> Option<QualifiedName> {
        self.catalog.resolve(name, |name| self.catalog.tables.contains_key(name))
    }

    pub(crate) fn table_mut(&mut self, name: &ObjectName) -> Option<&mut Table> {
        let name = self.table_name(name)?;
        self.catalog.tables.get_mut(&name)
    }

    pub(crate) fn view_mut(&mut self, name: &ObjectName) -> Option<&mut View> {
        let views = &self.catalog.views;
        let name = self.catalog.resolve(name, |name| views.contains_key(name))?;
        self.catalog.views.get_mut(&name)
    }

    /// Gives a user-defined type its schema.
    pub(crate) fn resolve_type(&self, data_type: &mut DataType) {
        if let Some(column) = data_type.name.strip_suffix("%type") {
            let parts: Vec<String> = data_type
                .schema
                .iter()
                .map(String::as_str)
                .chain([column])
                .map(str::to_owned)
                .collect();
            if let Some(copied) = self.type_of_column(&parts) {
                *data_type = copied;
            }
            return;
        }
        if data_type.is_builtin() {
            return;
        }
        let name = ObjectName { schema: data_type.schema.clone(), name: data_type.name.clone() };
        let types = &self.catalog.types;
        if let Some(found) = self.catalog.resolve(&name, |name| types.contains_key(name)) {
            data_type.schema = Some(found.schema);
        }
    }

    /// The type that `table.column%TYPE` means when it is written, by the parts of the name.
    pub(crate) fn type_of_column(&self, parts: &[String]) -> Option<DataType> {
        let (table, column, schema) = match parts {
            [table, column] => (table, column, None),
            [.., schema, table, column] => (table, column, Some(schema.clone())),
            _ => return None,
        };
        let table = self.catalog.table(&ObjectName { schema, name: table.clone() })?;
        let of = table.column(column)?.data_type.clone();
        // A function's types have no modifiers.
        Some(DataType { modifiers: Vec::new(), ..of })
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
            self.change(Change::GrantRole { role: name.clone(), member });
        }
    }

    fn comment(&mut self, on: &CommentTarget, text: Option<Remark>) {
        let place = match on {
            CommentTarget::Object(object) => self.comment_of(object),
            CommentTarget::Column(table, column) => {
                if self.composite_mut(table, column).is_some() {
                    self.composite_mut(table, column)
                        .map(|found| found.attribute_comments.entry(column.clone()).or_default())
                } else if self.view_mut(table).is_some() {
                    self.view_mut(table)
                        .map(|view| view.column_comments.entry(column.clone()).or_default())
                } else {
                    self.table_mut(table)
                        .and_then(|table| table.columns.iter_mut().find(|c| c.name == *column))
                        .map(|column| &mut column.comment)
                }
            }
            CommentTarget::Constraint(table, name) => {
                self.table_mut(table).and_then(|table| not_null::comment_of_constraint(table, name))
            }
            CommentTarget::DomainConstraint(domain, name) => {
                let types = &self.catalog.types;
                let domain = self.catalog.resolve(domain, |name| types.contains_key(name));
                match domain.and_then(|d| self.catalog.types.get_mut(&d)).map(|d| &mut d.kind) {
                    Some(UserTypeKind::Domain { checks, .. }) => checks
                        .iter_mut()
                        .find(|check| check.name == *name)
                        .map(|check| &mut check.comment),
                    _ => None,
                }
            }
            CommentTarget::Other => return,
        };
        if let Some(place) = place {
            *place = text;
        } else {
            let silent = matches!(&on, CommentTarget::Object(crate::ObjectRef::Index(_)));
            if !silent {
                self.reject("the object this comments on does not exist");
            }
        }
    }

    /// These functions were called, and what their bodies define was not followed.
    fn call(&mut self, functions: &[ObjectName]) {
        for name in functions {
            let found = self.catalog.functions_named(name);
            let unknown = found.is_empty();
            let mut touches = Touches::default();
            let mut dynamic = false;
            for facts in found.iter().filter_map(|f| f.body.as_ref()).map(|body| &body.facts) {
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
                touches = Touches { row_security: true, triggers: true, ..Touches::default() };
                format!("it calls {name}, whose body is not in the text")
            } else {
                format!("it calls {name}, whose definitions are not followed")
            };
            // Its arguments and what it reads may be names of any table.
            let spot = BlindSpot {
                reason: reason.clone(),
                may_touch: touches,
                tables: Reach::Everywhere,
                origin: self.origin,
            };
            self.catalog.blind_spots.push(spot);
            self.problems.push(Problem { message: reason, origin: self.origin, unread: true });
        }
    }
}
