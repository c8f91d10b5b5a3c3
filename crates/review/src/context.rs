//! What every rule sees: one catalog, the standard, and the class of each table.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use schemaward_catalog::code::RevisionFacts;
use schemaward_catalog::{
    BlindSpot, Catalog, ForeignKey, Function, ModelClass, QualifiedName, Reach, Table, TableKind,
    Touches, View,
};

use crate::class::{Classification, classify};
use crate::directive::Directives;
use crate::facts::audit::{AuditTriggers, is_log};
use crate::facts::policy::PolicyFacts;
use crate::facts::rights::speaks_of_rights;
use crate::identifiers::{Found, Names};
use crate::{Class, CodeFacts, Implementation, Layer, Standard};

/// One catalog under one standard.
pub(crate) struct Context<'a> {
    /// The reviewed schema.
    pub(crate) catalog: &'a Catalog,
    /// The mandates.
    pub(crate) standard: &'a Standard,
    /// Every table's class and the reason for it.
    pub(crate) classes: Rc<BTreeMap<QualifiedName, Classification>>,
    /// What the columns of each table hold of a person.
    pub(crate) identifiers: Rc<BTreeMap<&'a QualifiedName, Vec<Found<'a>>>>,
    /// The foreign keys that refer to each table, from whichever table.
    pub(crate) referring: Rc<BTreeMap<&'a QualifiedName, Vec<&'a ForeignKey>>>,
    /// The functions that are no trigger's and insert rows into each table.
    pub(crate) inserting: Rc<BTreeMap<QualifiedName, Vec<&'a Function>>>,
    /// Whether the text grants anything on any table: only then does it say who may do what.
    pub(crate) speaks_of_rights: bool,
    /// What the program says beside the schema.
    pub(crate) code: CodeFacts<'a>,
    /// The implemented schema as each layer tells it.
    layers: &'a [Implementation<'a>],
    /// The policies of each table that has any, taken apart.
    policies: Rc<BTreeMap<&'a QualifiedName, Vec<PolicyFacts<'a>>>>,
    /// The audit triggers of each table.
    audit: Rc<BTreeMap<&'a QualifiedName, AuditTriggers<'a>>>,
    /// What a table has that is not in the catalog.
    no_triggers: Rc<AuditTriggers<'a>>,
    /// The views that read each relation, and those whose query could not be parsed.
    reading: Rc<BTreeMap<&'a QualifiedName, Vec<&'a View>>>,
    unparsed: Rc<Vec<&'a View>>,
    /// Tables whose row-level security counts as enabled, though it is not.
    presumed: BTreeSet<QualifiedName>,
}

impl<'a> Context<'a> {
    /// Classifies every table of a catalog.
    pub(crate) fn new(
        catalog: &'a Catalog,
        standard: &'a Standard,
        directives: &Directives,
    ) -> Self {
        let mut referring: BTreeMap<&QualifiedName, Vec<&ForeignKey>> = BTreeMap::new();
        for (_, key) in catalog.tables.values().flat_map(Table::foreign_keys) {
            referring.entry(&key.references).or_default().push(key);
        }
        let mut inserting: BTreeMap<QualifiedName, Vec<&Function>> = BTreeMap::new();
        for function in catalog.functions.values().filter(|function| function.returns != "trigger")
        {
            let Some(body) = &function.body else { continue };
            let tables: BTreeSet<QualifiedName> = body
                .facts
                .inserts_into
                .iter()
                .filter_map(|name| catalog.resolve(name, |name| catalog.tables.contains_key(name)))
                .collect();
            for table in tables {
                inserting.entry(table).or_default().push(function);
            }
        }
        let names = Names::default();
        let classes = classify(catalog, &names, standard, directives);
        let identifiers = crate::identifiers::find(catalog, &names, &classes);
        let is_log = |name: &QualifiedName| is_log(&classes, standard, name);
        let audit = catalog
            .tables
            .values()
            .map(|table| (&table.name, AuditTriggers::of(catalog, table, &is_log)))
            .collect();
        let mut reading: BTreeMap<&QualifiedName, Vec<&View>> = BTreeMap::new();
        for view in catalog.views.values() {
            for relation in &view.reads {
                reading.entry(relation).or_default().push(view);
            }
        }
        let unparsed = catalog.views.values().filter(|view| view.ast.is_none()).collect();
        let policies = catalog
            .tables
            .values()
            .filter(|table| !table.policies.is_empty())
            .map(|table| (&table.name, PolicyFacts::of_table(catalog, table)))
            .collect();
        Self {
            catalog,
            standard,
            classes: Rc::new(classes),
            identifiers: Rc::new(identifiers),
            referring: Rc::new(referring),
            inserting: Rc::new(inserting),
            speaks_of_rights: speaks_of_rights(catalog),
            code: CodeFacts::default(),
            layers: &[],
            policies: Rc::new(policies),
            audit: Rc::new(audit),
            no_triggers: Rc::default(),
            reading: Rc::new(reading),
            unparsed: Rc::new(unparsed),
            presumed: BTreeSet::new(),
        }
    }

    /// The same beside what the program says, and what each layer tells.
    pub(crate) fn with_code(
        mut self,
        code: CodeFacts<'a>,
        layers: &'a [Implementation<'a>],
    ) -> Self {
        self.code = code;
        self.layers = layers;
        self
    }

    /// The same about a catalog in which only controls and keys differ, or another standard: what it would
    /// look like after a step of the plan. Classes, columns and what policies say are taken over.
    pub(crate) fn on<'b>(&self, catalog: &'b Catalog, standard: &'b Standard) -> Context<'b>
    where
        'a: 'b,
    {
        Context {
            catalog,
            standard,
            classes: Rc::clone(&self.classes),
            identifiers: self.identifiers.clone(),
            referring: self.referring.clone(),
            inserting: Rc::clone(&self.inserting),
            speaks_of_rights: self.speaks_of_rights,
            code: self.code,
            layers: self.layers,
            policies: self.policies.clone(),
            audit: self.audit.clone(),
            no_triggers: self.no_triggers.clone(),
            reading: self.reading.clone(),
            unparsed: self.unparsed.clone(),
            presumed: self.presumed.clone(),
        }
    }

    /// The same as if row-level security of these tables were enabled, too: for the rules that ask
    /// `guards`.
    pub(crate) fn presuming(&self, tables: BTreeSet<QualifiedName>) -> Self {
        Self { presumed: tables, ..self.on(self.catalog, self.standard) }
    }

    /// Whether row-level security of a table is enabled, or presumed to be.
    pub(crate) fn guards(&self, table: &Table) -> bool {
        table.row_security.on || self.presumed.contains(&table.name)
    }

    /// The classes that are mapped to tables.
    pub(crate) fn model_classes(&self) -> &'a [ModelClass] {
        self.code.models.map(|models| models.classes.as_slice()).unwrap_or_default()
    }

    /// The revisions of the migrations, in the order they run in.
    pub(crate) fn revisions(&self) -> &'a [RevisionFacts] {
        self.code.migrations.map(|migrations| migrations.revisions.as_slice()).unwrap_or_default()
    }

    /// The schema as a layer tells it, where that layer was given.
    pub(crate) fn layer(&self, layer: Layer) -> Option<&'a Catalog> {
        self.layers.iter().find(|found| found.layer == layer).map(|found| found.catalog)
    }

    /// What a table's columns hold of a person.
    pub(crate) fn identifiers(&self, table: &QualifiedName) -> &[Found<'a>] {
        self.identifiers.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// A table's policies, in the order of its own list.
    pub(crate) fn policies(&self, table: &QualifiedName) -> &[PolicyFacts<'a>] {
        self.policies.get(table).map(Vec::as_slice).unwrap_or_default()
    }

    /// A table's audit triggers.
    pub(crate) fn audit_triggers(&self, table: &QualifiedName) -> &AuditTriggers<'a> {
        self.audit.get(table).unwrap_or(&self.no_triggers)
    }

    /// The views that read a relation, in the order of their names.
    pub(crate) fn reading(&self, relation: &QualifiedName) -> &[&'a View] {
        self.reading.get(relation).map(Vec::as_slice).unwrap_or_default()
    }

    /// The views whose query could not be parsed.
    pub(crate) fn unparsed_views(&self) -> &[&'a View] {
        &self.unparsed
    }

    /// A table's class; tables that are not in the catalog count as reference.
    pub(crate) fn class(&self, table: &QualifiedName) -> Class {
        self.classes.get(table).map_or(Class::Reference, |found| found.class)
    }

    /// Whether the mandates of a list of classes reach a table.
    pub(crate) fn mandated(&self, table: &QualifiedName, classes: &[Class]) -> bool {
        classes.contains(&self.class(table))
    }

    /// The tables that rules look at: what exists only in a session, what another server holds and
    /// partitions, which their parent speaks for, are left out.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &'a Table> {
        self.catalog.tables.values().filter(|table| is_reviewed(table))
    }

    /// Unread text that may have changed an aspect of the schema, as a reason for "undecided".
    pub(crate) fn blind(&self, aspect: impl Fn(&Touches) -> bool) -> Option<&'a BlindSpot> {
        self.catalog.blind_to(aspect)
    }

    /// Text that was not read, or not given, and may have changed an aspect of one table.
    ///
    /// Classes of models cannot show row security, policies and triggers, which revisions set by SQL:
    /// where they are the only layer, what is not there is not known to be missing. (What a listener
    /// or an entity of `alembic_utils` beside them makes is there.)
    pub(crate) fn blind_on(
        &self,
        table: &Table,
        aspect: impl Fn(&Touches) -> bool,
    ) -> Option<Cow<'a, BlindSpot>> {
        const BEYOND_MODELS: Touches =
            Touches { row_security: true, triggers: true, columns: false, indexes: false };
        if let Some(found) = self.catalog.blind_to_table(&table.name, &aspect) {
            return Some(Cow::Borrowed(found));
        }
        let models_alone = matches!(self.layers, [only] if only.layer == Layer::Models);
        (models_alone && aspect(&BEYOND_MODELS)).then(|| {
            Cow::Owned(BlindSpot {
                reason: "only the models were given; the migrations or a dump would settle it"
                    .to_owned(),
                may_touch: BEYOND_MODELS,
                tables: Reach::Named([table.name.name.clone()].into()),
                origin: table.name_origin,
            })
        })
    }

    /// Whether a table belongs to a tenant by the standard's column.
    pub(crate) fn has_tenant_column(&self, table: &Table) -> bool {
        table.column(&self.standard.tenancy.column).is_some()
    }
}

/// Whether rules look at a table.
pub(crate) fn is_reviewed(table: &Table) -> bool {
    !table.temporary
        && table.partition_of.is_none()
        && !matches!(table.kind, TableKind::Foreign { .. })
}
