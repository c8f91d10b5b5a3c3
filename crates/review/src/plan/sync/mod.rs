//! Steps that bring the documented schema and the implemented one back together.

mod migration;
mod patch;

use schemaward_catalog::ddl::{self, Names};
use std::collections::{BTreeMap, BTreeSet};

use schemaward_catalog::{
    Catalog, Column, ConstraintKind, QualifiedName, Sources, Span, Table, UserType,
    quote_identifier,
};

use migration::{Target, migration};

use super::{Draft, PlanContext, named};
use crate::drift::{self, Difference, Extent, Pair, Pairing, Texts};
use crate::{Discrepancy, Repairs, Severity, Standard, Verb};

/// Both ways to make two schemas one.
#[derive(Clone, Debug, Default)]
pub struct Sync {
    /// The statements that make the implementation what is documented, in order.
    pub migration: Vec<String>,
    /// The statements that make the document what is implemented, to be put after its text.
    pub additions: Vec<String>,
    /// The documented texts, edited in place as far as that goes.
    pub patches: Vec<SyncPatch>,
    /// How many differences there are.
    pub differences: usize,
}

/// One documented text, edited.
#[derive(Clone, Debug)]
pub struct SyncPatch {
    /// The source's path.
    pub path: String,
    /// The whole text, edited.
    pub text: String,
    /// The edits as a unified diff.
    pub diff: String,
}

/// What makes one difference go away.
pub(crate) fn repairs(
    documented: &Catalog,
    implemented: &Catalog,
    sources: &Sources,
    pairing: &Pairing<'_>,
    difference: &Difference<'_>,
) -> Repairs {
    let statements =
        |target| migration(documented, implemented, pairing, &[difference], target).join("\n");
    let diffs: String = patches(sources, &patch::edits(sources, &[difference]))
        .iter()
        .map(|patch| patch.diff.as_str())
        .collect();
    Repairs {
        document: if diffs.is_empty() { statements(Target::Document) } else { diffs },
        implementation: statements(Target::Implementation),
    }
}

/// The document made true by statements after its text alone, without an edit in place.
pub fn additions_only(
    documented: &Catalog,
    implemented: &Catalog,
    sources: &Sources,
    standard: &Standard,
) -> Sync {
    let whole = sync(documented, implemented, sources, standard, &[]);
    let patches = appended(sources, &whole.additions).map(|edit| patches(sources, &[edit]));
    Sync { patches: patches.unwrap_or_default(), ..whole }
}

/// Statements at the end of the last documented text.
fn appended(sources: &Sources, statements: &[String]) -> Option<patch::Edit> {
    let documented = schemaward_catalog::Side::Documented;
    let (id, source) = sources.iter().filter(|(_, source)| source.side == documented).last()?;
    if statements.is_empty() {
        return None;
    }
    let end = u32::try_from(source.text.len()).unwrap_or(u32::MAX);
    let gap = if source.text.ends_with('\n') { "\n" } else { "\n\n" };
    let text = format!("{gap}{}\n", statements.join("\n"));
    Some(patch::Edit { source: id, span: Span::new(end, end), text })
}

/// Every documented text that has edits, edited.
fn patches(sources: &Sources, edits: &[patch::Edit]) -> Vec<SyncPatch> {
    let patched = sources.iter().filter_map(|(id, source)| {
        let own: Vec<&patch::Edit> = edits.iter().filter(|edit| edit.source == id).collect();
        (!own.is_empty()).then(|| SyncPatch {
            path: source.path.clone(),
            text: patch::patched(&source.text, &own),
            diff: patch::diff(&source.path, &source.text, &own),
        })
    });
    patched.collect()
}

/// What makes two schemas one, either way. `additions` go to the end of the last patch.
pub fn sync(
    documented: &Catalog,
    implemented: &Catalog,
    sources: &Sources,
    standard: &Standard,
    additions: &[String],
) -> Sync {
    let comparison = drift::compare(
        documented,
        implemented,
        Texts { sources, unread: &[] },
        standard,
        Extent::Whole,
    );
    let differences: Vec<&Difference<'_>> = comparison.differences.iter().collect();
    let statements =
        |target| migration(documented, implemented, &comparison.pairing, &differences, target);
    let mut edits = patch::edits(sources, &differences);
    edits.extend(appended(sources, additions));
    edits.sort();
    Sync {
        migration: statements(Target::Implementation),
        additions: statements(Target::Document),
        patches: patches(sources, &edits),
        differences: differences.len(),
    }
}

pub(super) fn drafts(context: &PlanContext<'_>, discrepancies: &[Discrepancy]) -> Vec<Draft> {
    let (Some(documented), Some(implemented)) = (context.documented, context.implemented) else {
        return Vec::new();
    };
    let pairing = drift::pair(documented, implemented, context.standard);
    let mut drafts = Vec::new();
    let mut add = Draft::new(Verb::Sync);
    add.sql.extend(prerequisites(documented, implemented, &pairing));
    for table in &pairing.undocumented {
        add.sql.push(ddl::create_table(table, Names::Short));
    }
    for table in &pairing.undocumented {
        add.sql.extend(ddl::later_constraints(table, Names::Short));
        add.sql.extend(
            table.indexes.iter().map(|index| ddl::create_index(&table.name, index, Names::Short)),
        );
    }
    let columns: Vec<String> =
        pairing.pairs.iter().flat_map(|pair| new_columns(pair, discrepancies)).collect();
    let paths = document(context);
    let title = match (pairing.undocumented.len(), columns.len()) {
        (0, _) => format!("Update {paths} to the implemented columns."),
        (1, _) => format!("Update {paths} to the actual schema: one table is missing from it."),
        (tables, _) => {
            format!("Update {paths} to the actual schema: {tables} tables are missing from it.")
        }
    };
    add.sql.extend(columns);
    add.note(
        "The SQL is text to add to the document. It is not part of the migration: the database has \
         all of it.",
    );
    drafts.extend(add.finished(title));
    drafts.extend(unbuilt(&pairing.unimplemented));
    drafts.extend(differences(discrepancies, &paths));
    drafts
}

/// Schemas, extensions, types and sequences that the undocumented tables and columns need and the document lacks.
fn prerequisites(
    documented: &Catalog,
    implemented: &Catalog,
    pairing: &Pairing<'_>,
) -> Vec<String> {
    let new_tables = pairing.undocumented.iter().flat_map(|table| &table.columns);
    let new_columns = pairing.pairs.iter().flat_map(|pair| {
        let known = |column: &&Column| pair.documented.column(&column.name).is_none();
        pair.implemented.columns.iter().filter(known)
    });
    let types: BTreeMap<&QualifiedName, &UserType> = new_tables
        .chain(new_columns)
        .filter_map(|column| implemented.user_type(&column.data_type))
        .filter(|found| !documented.types.contains_key(&found.name))
        .map(|found| (&found.name, found))
        .collect();
    let tables = pairing.undocumented.iter().map(|table| &table.name.schema);
    let schemas: BTreeSet<&String> = tables
        .chain(types.keys().map(|name| &name.schema))
        .filter(|schema| !documented.schemas.contains_key(*schema))
        .collect();
    let schemas =
        schemas.into_iter().map(|schema| format!("CREATE SCHEMA {};", quote_identifier(schema)));
    let types = types.into_values().map(|found| ddl::create_type(found, Names::Short));
    // Which extension serves a type, an operator class or a function is not in the text: all of them.
    let extensions = implemented
        .extensions
        .keys()
        .filter(|name| {
            !pairing.undocumented.is_empty() && !documented.extensions.contains_key(*name)
        })
        .map(|name| format!("CREATE EXTENSION IF NOT EXISTS {};", quote_identifier(name)));
    let called = |name: &QualifiedName| {
        let columns = pairing.undocumented.iter().flat_map(|table| &table.columns);
        columns.filter_map(|column| column.default.as_ref()).any(|default| {
            let mut words =
                default.text.split(|char: char| !(char.is_alphanumeric() || char == '_'));
            default.text.contains("nextval") && words.any(|word| word == name.name)
        })
    };
    let sequences = implemented
        .sequences
        .keys()
        .filter(|name| !documented.sequences.contains_key(*name) && called(name))
        .map(|name| format!("CREATE SEQUENCE {};", name.to_sql()));
    schemas.chain(extensions).chain(types).chain(sequences).collect()
}

/// Names of the documented sources.
fn document(context: &PlanContext<'_>) -> String {
    let paths: Vec<String> = context
        .sources
        .iter()
        .filter(|(_, source)| source.side == schemaward_catalog::Side::Documented)
        .map(|(_, source)| source.path.clone())
        .collect();
    if paths.is_empty() { "the documented schema".to_owned() } else { named(&paths) }
}

/// Columns that only the implementation has, with the foreign keys that stand on them. Those that
/// drift tells as renamed or as standing in for the standard's are left to the questions below.
fn new_columns(pair: &Pair<'_>, discrepancies: &[Discrepancy]) -> Vec<String> {
    let table = pair.implemented;
    let name = pair.documented.name.to_sql();
    let mut sql = Vec::new();
    let told = |column: &Column| {
        discrepancies.iter().any(|row| {
            row.kind == "undocumented-column"
                && row.evidence.iter().any(|proof| proof.origin == column.origin)
        })
    };
    let added: Vec<_> = table
        .columns
        .iter()
        .filter(|column| pair.documented.column(&column.name).is_none() && told(column))
        .collect();
    for column in &added {
        sql.push(format!(
            "ALTER TABLE {name} ADD COLUMN {};",
            ddl::column_of(&table.name.name, column)
        ));
    }
    let is_added = |name: &String| added.iter().any(|column| column.name == *name);
    for constraint in &table.constraints {
        if let ConstraintKind::ForeignKey(key) = &constraint.kind
            && key.columns.iter().all(is_added)
        {
            sql.push(ddl::add_constraint(&pair.documented.name, constraint, Names::Short));
        }
    }
    sql
}

/// Tables that were documented and never built: a question.
fn unbuilt(tables: &[&Table]) -> Option<Draft> {
    if tables.is_empty() {
        return None;
    }
    let names: Vec<String> = tables.iter().map(|table| table.name.to_string()).collect();
    let mut draft = Draft::new(Verb::Sync);
    draft.note("Are they still wanted? Build them from their documented DDL, or strike them out.");
    Some(Draft { title: format!("Decide whether {} should exist.", named(&names)), ..draft })
}

/// Differences of which only a person knows which side is right.
fn differences(discrepancies: &[Discrepancy], paths: &str) -> Option<Draft> {
    let mut draft = Draft::new(Verb::Sync);
    let mut shown = 0;
    let open = discrepancies.iter().filter(|row| {
        !matches!(row.kind, "undocumented-table" | "undocumented-column" | "unimplemented-table")
    });
    let open: Vec<&Discrepancy> = open.collect();
    let serious = open.iter().filter(|row| row.severity != Severity::Info);
    for row in serious.take(12) {
        draft.note(format!(
            "{}: documented {}, implemented {}.",
            row.entity, row.documented, row.implemented
        ));
        shown += 1;
    }
    if open.is_empty() {
        return None;
    }
    if let more @ 1.. = open.len() - shown {
        draft.note(format!("{more} more in the table of discrepancies."));
    }
    let number = open.len();
    let differences =
        if number == 1 { "the difference".to_owned() } else { format!("{number} differences") };
    Some(Draft {
        title: format!("Settle {differences} between {paths} and the implementation."),
        ..draft
    })
}
