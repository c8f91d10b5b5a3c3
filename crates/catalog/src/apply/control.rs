//! Event triggers, publications, domains, composite types, and what roles own.

use std::ops::ControlFlow;

use sqlparser::ast::{Ident, visit_relations_mut};

use super::Applying;
use super::alter::hand_over;
use crate::change::{AttributeAction, DomainAction, ObjectRef, PublicationAction, SequenceOption};
use crate::control::{EventTrigger, Publication, PublishedTable};
use crate::lower::fold;
use crate::object::{DomainCheck, TriggerState, UserType, UserTypeKind};
use crate::{DataType, ObjectName, QualifiedName, naming};

impl Applying<'_> {
    pub(super) fn create_event_trigger(
        &mut self,
        function: &ObjectName,
        mut trigger: EventTrigger,
    ) {
        if self.catalog.event_triggers.contains_key(&trigger.name) {
            let message = format!("event trigger \"{}\" already exists", trigger.name);
            return self.reject(message);
        }
        let found = self.catalog.resolve(function, |name| self.catalog.function(name).is_some());
        trigger.function = found.unwrap_or_else(|| self.catalog.creation_name(function));
        self.catalog.event_triggers.insert(trigger.name.clone(), trigger);
        // Definitions that follow may set it off, and it may define more.
        self.call(std::slice::from_ref(function));
    }

    pub(super) fn set_event_trigger_state(&mut self, name: &str, state: TriggerState) {
        match self.catalog.event_triggers.get_mut(name) {
            Some(trigger) => trigger.state = state,
            None => self.reject(format!("event trigger \"{name}\" does not exist")),
        }
    }

    fn published(&mut self, tables: &mut [PublishedTable]) {
        for found in tables {
            let written = ObjectName {
                schema: Some(found.table.schema.clone()).filter(|schema| !schema.is_empty()),
                name: found.table.name.clone(),
            };
            match self.table_name(&written) {
                Some(name) => found.table = name,
                None => self.reject(format!("relation \"{written}\" does not exist")),
            }
        }
    }

    pub(super) fn create_publication(&mut self, mut publication: Publication) {
        if self.catalog.publications.contains_key(&publication.name) {
            let message = format!("publication \"{}\" already exists", publication.name);
            return self.reject(message);
        }
        self.published(&mut publication.tables);
        self.catalog.publications.insert(publication.name.clone(), publication);
    }

    pub(super) fn alter_publication(&mut self, name: &str, mut action: PublicationAction) {
        if let PublicationAction::Add { tables, .. }
        | PublicationAction::Set { tables, .. }
        | PublicationAction::Drop { tables, .. } = &mut action
        {
            self.published(tables);
        }
        let Some(publication) = self.catalog.publications.get_mut(name) else {
            return self.reject(format!("publication \"{name}\" does not exist"));
        };
        match action {
            PublicationAction::Add { tables, schemas } => {
                publication.tables.extend(tables);
                publication.schemas.extend(schemas);
            }
            PublicationAction::Set { tables, schemas } => {
                publication.tables = tables;
                publication.schemas = schemas;
            }
            PublicationAction::Drop { tables, schemas } => {
                let named = |found: &PublishedTable| tables.iter().any(|t| t.table == found.table);
                publication.tables.retain(|found| !named(found));
                publication.schemas.retain(|found| !schemas.contains(found));
            }
            PublicationAction::SetParameters(parameters) => {
                for parameter in parameters {
                    let key = |text: &str| text.split('=').next().unwrap_or(text).trim().to_owned();
                    publication.parameters.retain(|found| key(found) != key(&parameter));
                    publication.parameters.push(parameter);
                }
            }
        }
    }

    fn type_kind(&mut self, name: &ObjectName) -> Option<(QualifiedName, &mut UserTypeKind)> {
        let types = &self.catalog.types;
        let name = self.catalog.resolve(name, |name| types.contains_key(name))?;
        self.catalog.types.get_mut(&name).map(|found| (name, &mut found.kind))
    }

    fn type_mentions(&mut self, name: &ObjectName, of: &DataType) {
        let types = &self.catalog.types;
        if let Some(name) = self.catalog.resolve(name, |name| types.contains_key(name)) {
            self.catalog.mentions.note_type_of(&name, of);
        }
    }

    /// A composite type that has this attribute.
    pub(super) fn composite_mut(
        &mut self,
        name: &ObjectName,
        attribute: &str,
    ) -> Option<&mut UserType> {
        let types = &self.catalog.types;
        let found = self.catalog.resolve(name, |name| types.contains_key(name))?;
        let found = self.catalog.types.get_mut(&found)?;
        let UserTypeKind::Composite(attributes) = &found.kind else { return None };
        attributes.iter().any(|(own, _)| own == attribute).then_some(found)
    }

    pub(super) fn alter_attributes(&mut self, name: &ObjectName, actions: Vec<AttributeAction>) {
        for mut action in actions {
            if let AttributeAction::Add { data_type, .. }
            | AttributeAction::SetType { data_type, .. } = &mut action
            {
                self.resolve_type(data_type);
            }
            if let AttributeAction::Add { data_type, .. }
            | AttributeAction::SetType { data_type, .. } = &action
            {
                self.type_mentions(name, data_type);
            }
            let Some((_, UserTypeKind::Composite(attributes))) = self.type_kind(name) else {
                return self.reject(format!("type \"{name}\" does not exist"));
            };
            let at = |wanted: &str| attributes.iter().position(|(found, _)| found == wanted);
            let mut moved = None;
            let missing = match action {
                AttributeAction::Add { name, data_type } => {
                    attributes.push((name, data_type));
                    None
                }
                AttributeAction::Drop { name, if_exists } => match at(&name) {
                    Some(at) => {
                        attributes.remove(at);
                        moved = Some((name, None));
                        None
                    }
                    None => Some(name).filter(|_| !if_exists),
                },
                AttributeAction::SetType { name, data_type } => {
                    match attributes.iter_mut().find(|(found, _)| *found == name) {
                        Some((_, found)) => {
                            *found = data_type;
                            None
                        }
                        None => Some(name),
                    }
                }
                AttributeAction::Rename { from, to } => {
                    match attributes.iter_mut().find(|(found, _)| *found == from) {
                        Some((found, _)) => {
                            found.clone_from(&to);
                            moved = Some((from, Some(to)));
                            None
                        }
                        None => Some(from),
                    }
                }
            };
            let found = self.type_kind(name).map(|(own, _)| own);
            if let Some(found) = found.and_then(|own| self.catalog.types.get_mut(&own))
                && let Some((from, to)) = moved
                && let Some(comment) = found.attribute_comments.remove(&from)
            {
                found.attribute_comments.extend(to.map(|to| (to, comment)));
            }
            if let Some(attribute) = missing {
                self.reject(format!(
                    "column \"{attribute}\" of relation \"{name}\" does not exist"
                ));
            }
        }
    }

    pub(super) fn alter_domain(&mut self, name: &ObjectName, action: DomainAction) {
        let mut action = action;
        let Some((own, UserTypeKind::Domain { .. })) = self.type_kind(name) else {
            return self.reject(format!("type \"{name}\" does not exist"));
        };
        if let DomainAction::AddCheck(check) = &mut action {
            if check.name.is_empty() {
                let used = |name: &str| self.catalog.constraint_exists(&own.schema, name);
                check.name = naming::choose(&own.name, "", "check", used);
            }
            self.catalog.constraint_named(&own, &check.name);
            self.catalog.mentions.note_in_type(&own, &check.expression);
        }
        if let DomainAction::SetDefault(Some(default)) = &action {
            self.catalog.mentions.note_in_type(&own, default);
        }
        if let DomainAction::RenameConstraint { to, .. } = &action {
            self.catalog.constraint_named(&own, to);
        }
        let Some((_, UserTypeKind::Domain { not_null, default, checks, .. })) =
            self.type_kind(name)
        else {
            return;
        };
        let find = |checks: &mut Vec<DomainCheck>, wanted: &str| {
            checks.iter().position(|check| check.name == wanted)
        };
        let missing = match action {
            DomainAction::SetDefault(new) => {
                *default = new;
                None
            }
            DomainAction::SetNotNull(on) => {
                *not_null = on;
                None
            }
            DomainAction::AddCheck(check) => {
                checks.push(check);
                None
            }
            DomainAction::DropConstraint { name, if_exists } => match find(checks, &name) {
                Some(at) => {
                    checks.remove(at);
                    None
                }
                // PostgreSQL 17 and later name NOT NULL too.
                None if name == format!("{}_not_null", own.name) => {
                    *not_null = false;
                    None
                }
                None => Some(name).filter(|_| !if_exists),
            },
            DomainAction::RenameConstraint { from, to } => {
                match checks.iter_mut().find(|check| check.name == from) {
                    Some(check) => {
                        check.name = to;
                        None
                    }
                    None => Some(from),
                }
            }
            DomainAction::ValidateConstraint(name) => {
                match checks.iter_mut().find(|check| check.name == name) {
                    Some(check) => {
                        check.not_valid = false;
                        None
                    }
                    None => Some(name),
                }
            }
        };
        if let Some(constraint) = missing {
            self.reject(format!("constraint \"{constraint}\" of domain \"{name}\" does not exist"));
        }
    }

    pub(super) fn alter_sequence(
        &mut self,
        name: &ObjectName,
        if_exists: bool,
        options: Vec<SequenceOption>,
    ) {
        let sequences = &self.catalog.sequences;
        let found = self.catalog.resolve(name, |name| sequences.contains_key(name));
        match found.and_then(|name| self.catalog.sequences.get_mut(&name)) {
            Some(sequence) => sequence.options.extend(options),
            None if !if_exists => self.reject(format!("relation \"{name}\" does not exist")),
            None => {}
        }
    }

    /// Writes the schemas into a view's query: the path that its names were found by ends with the
    /// statement.
    pub(super) fn qualify_view(&mut self, name: &ObjectName) {
        let name = self.catalog.creation_name(name);
        let Some(mut query) = self.catalog.views.get(&name).and_then(|view| view.ast.clone())
        else {
            return;
        };
        let catalog = &*self.catalog;
        let _ = visit_relations_mut(query.as_mut(), |written| {
            if let [part] = written.0.as_slice()
                && let Some(own) = part.as_ident()
            {
                let bare = ObjectName::bare(fold(own));
                let found = catalog.resolve(&bare, |name| catalog.relation_exists(name));
                if let Some(found) = found.filter(|found| *found != name) {
                    let schema = Ident::with_quote('"', found.schema);
                    *written = sqlparser::ast::ObjectName::from(vec![schema, own.clone()]);
                }
            }
            ControlFlow::<()>::Continue(())
        });
        if let Some(view) = self.catalog.views.get_mut(&name) {
            view.query = query.to_string();
            view.ast = Some(query);
        }
    }

    pub(super) fn drop_owned(&mut self, roles: &[String], cascade: bool) {
        let named = |name: &QualifiedName| ObjectName {
            schema: Some(name.schema.clone()),
            name: name.name.clone(),
        };
        for role in roles {
            let owns = |owner: &Option<String>| owner.as_ref() == Some(role);
            let catalog = &self.catalog;
            let mut doomed: Vec<ObjectRef> = Vec::new();
            let views = catalog.views.values().filter(|found| owns(&found.owner));
            doomed.extend(views.map(|found| ObjectRef::View(named(&found.name))));
            let tables = catalog.tables.values().filter(|found| owns(&found.owner));
            doomed.extend(tables.map(|found| ObjectRef::Table(named(&found.name))));
            let functions = catalog.functions.iter().filter(|(_, found)| owns(&found.owner));
            doomed.extend(functions.map(|((name, arguments), _)| {
                ObjectRef::Function(named(name), Some(arguments.clone()))
            }));
            let sequences = catalog.sequences.values();
            let sequences =
                sequences.filter(|found| owns(&found.owner) && found.owned_by.is_none());
            doomed.extend(sequences.map(|found| ObjectRef::Sequence(named(&found.name))));
            let types = catalog.types.values().filter(|found| owns(&found.owner));
            doomed.extend(types.map(|found| ObjectRef::Type(named(&found.name))));
            let schemas = catalog.properties.iter().filter(|((kind, _), found)| {
                *kind == crate::GlobalKind::Schema && owns(&found.owner)
            });
            doomed.extend(schemas.map(|((_, name), _)| ObjectRef::Schema(name.clone())));
            for object in doomed {
                // One may have gone with another.
                self.drop_object(&object, true, cascade);
            }
            self.revoke_everything(role);
            for table in self.catalog.tables.values_mut() {
                table.policies.retain_mut(|policy| {
                    let before = policy.roles.len();
                    policy.roles.retain(|found| found != role);
                    !policy.roles.is_empty() || before == 0
                });
            }
        }
    }

    pub(super) fn reassign_owned(&mut self, roles: &[String], to: &str) {
        let catalog = &mut *self.catalog;
        let owned = (catalog.tables.values_mut().map(|f| (&mut f.owner, &mut f.grants)))
            .chain(catalog.views.values_mut().map(|f| (&mut f.owner, &mut f.grants)))
            .chain(catalog.sequences.values_mut().map(|f| (&mut f.owner, &mut f.grants)))
            .chain(catalog.functions.values_mut().map(|f| (&mut f.owner, &mut f.grants)))
            .chain(catalog.types.values_mut().map(|f| (&mut f.owner, &mut f.grants)))
            .chain(catalog.properties.values_mut().map(|f| (&mut f.owner, &mut f.grants)));
        for (owner, grants) in owned {
            if owner.as_ref().is_some_and(|owner| roles.contains(owner)) {
                hand_over(owner, grants, to);
            }
        }
        let owners = (catalog.event_triggers.values_mut().map(|found| &mut found.owner))
            .chain(catalog.publications.values_mut().map(|found| &mut found.owner));
        for owner in owners.flatten() {
            if roles.contains(owner) {
                to.clone_into(owner);
            }
        }
    }
}
