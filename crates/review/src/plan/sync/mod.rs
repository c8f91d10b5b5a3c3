//! Steps that bring the documented schema and the implemented one back together.

mod migration;
mod patch;

use std::collections::BTreeMap;

use schemaward_catalog::{Catalog, QualifiedName, Sources, Span};

use migration::{Target, migration};

use super::{Draft, PlanContext, named};
use crate::drift::{self, Comparison, Difference, Object, Pairing, Texts, extent};
use crate::{Discrepancy, Implementation, Layer, MappedClass, Repairs, Severity, Standard, Verb};

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

/// What two schemas are made one from.
#[derive(Clone, Copy, Debug)]
pub struct SyncInput<'a> {
    /// The documented schema.
    pub documented: Implementation<'a>,
    /// The implemented schema: its effective layer.
    pub implemented: Implementation<'a>,
    /// The classes of the models; empty when none were given.
    pub classes: &'a [MappedClass],
    /// The texts behind both.
    pub sources: &'a Sources,
    /// The mandates.
    pub standard: &'a Standard,
}

/// The document made true by statements after its text alone, without an edit in place.
pub fn additions_only(input: &SyncInput<'_>) -> Sync {
    let whole = sync(input, &[]);
    let patches =
        appended(input.sources, &whole.additions).map(|edit| patches(input.sources, &[edit]));
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
///
/// Where a side is models, only what models can say is compared. A migration then makes the tables
/// right, and the classes that make them must follow: comments before it say which.
pub fn sync(input: &SyncInput<'_>, additions: &[String]) -> Sync {
    let (documented, implemented) = (input.documented.catalog, input.implemented.catalog);
    let comparison = drift::compare(
        documented,
        implemented,
        Texts { sources: input.sources, unread: &[] },
        input.standard,
        extent(&[input.documented.layer, input.implemented.layer]),
    );
    let differences: Vec<&Difference<'_>> = comparison.differences.iter().collect();
    let statements =
        |target| migration(documented, implemented, &comparison.pairing, &differences, target);
    let mut edits = patch::edits(input.sources, &differences);
    edits.extend(appended(input.sources, additions));
    edits.sort();
    let mut migration = match input.implemented.layer {
        Layer::Models => classes_to_change(input, &differences),
        _ => Vec::new(),
    };
    migration.extend(statements(Target::Implementation));
    Sync {
        migration,
        additions: statements(Target::Document),
        patches: patches(input.sources, &edits),
        differences: differences.len(),
    }
}

/// A comment for each class whose table differs: models are the source of their tables.
fn classes_to_change(input: &SyncInput<'_>, differences: &[&Difference<'_>]) -> Vec<String> {
    let mut told: BTreeMap<&QualifiedName, usize> = BTreeMap::new();
    for difference in differences {
        let tables =
            difference.parts.iter().filter_map(|part| match (part.tables, part.implemented) {
                (Some((_, table)), _) | (None, Some(Object::Table(table))) => Some(&table.name),
                _ => None,
            });
        for table in tables.collect::<std::collections::BTreeSet<_>>() {
            *told.entry(table).or_default() += 1;
        }
    }
    let classes = input.classes.iter().filter_map(|class| {
        let count = told.get(&class.table)?;
        let source = input.sources.get(class.origin.source)?;
        let line = source.position(class.origin.span.start).line;
        let count = match count {
            1 => "1 difference".to_owned(),
            count => format!("{count} differences"),
        };
        // A path or a name with a line break must not end the comment.
        let words =
            format!("{}:{line}: class {} ({}): {count}", source.path, class.name, class.table);
        Some(format!("-- {}", words.split(char::is_control).collect::<Vec<_>>().join(" ")))
    });
    let mut comments: Vec<String> = classes.collect();
    if !comments.is_empty() {
        comments.insert(0, "-- The models make these tables: change the classes too.".to_owned());
    }
    comments
}

/// What settles some of the differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Topic {
    /// The document does not know what is there: it is behind.
    Undocumented,
    /// What is documented is not there: is it still wanted?
    Unbuilt,
    /// The two say different things: which is right?
    Unlike,
}

/// Differences that one decision settles, and how.
#[derive(Clone, Debug)]
pub(crate) struct Settlement {
    topic: Topic,
    /// The tables that only one side has.
    tables: Vec<String>,
    /// The columns, types, functions and views that only one side has.
    others: Vec<String>,
    /// How many differences there are.
    differences: usize,
    repairs: Repairs,
}

/// What a difference is settled by; nothing where what differs was not read.
fn topic(difference: &Difference<'_>) -> Option<Topic> {
    let mut topics = difference.parts.iter().map(|part| {
        let stands_alone =
            |object: &Object<'_>| part.tables.is_none() || matches!(object, Object::Column(_));
        match (part.documented, part.implemented) {
            (None, Some(object)) if stands_alone(&object) => Topic::Undocumented,
            (Some(object), None) if stands_alone(&object) => Topic::Unbuilt,
            _ => Topic::Unlike,
        }
    });
    let first = topics.next()?;
    Some(if topics.all(|topic| topic == first) { first } else { Topic::Unlike })
}

/// The differences by what settles them, each with both ways to do it.
pub(crate) fn settlements(
    documented: &Catalog,
    implemented: &Catalog,
    sources: &Sources,
    comparison: &Comparison<'_>,
) -> Vec<Settlement> {
    let mut groups: BTreeMap<Topic, Vec<&Difference<'_>>> = BTreeMap::new();
    for difference in &comparison.differences {
        if let Some(topic) = topic(difference) {
            groups.entry(topic).or_default().push(difference);
        }
    }
    let settled = groups.into_iter().map(|(topic, group)| {
        let statements = |differences: &[&Difference<'_>], target| {
            migration(documented, implemented, &comparison.pairing, differences, target)
        };
        // What cannot be edited where it stands comes after the text.
        let elsewhere: Vec<Difference<'_>> =
            group.iter().map(|difference| unedited(sources, difference)).collect();
        let elsewhere: Vec<&Difference<'_>> = elsewhere.iter().collect();
        let mut edits = patch::edits(sources, &group);
        edits.extend(appended(sources, &statements(&elsewhere, Target::Document)));
        edits.sort();
        let diffs = patches(sources, &edits).into_iter().map(|patch| patch.diff).collect();
        let implementation = match topic {
            // Nobody drops what is used because a document does not know it.
            Topic::Undocumented => Vec::new(),
            Topic::Unbuilt | Topic::Unlike => statements(&group, Target::Implementation),
        };
        let (mut tables, mut others) = (Vec::new(), Vec::new());
        if topic != Topic::Unlike {
            for part in group.iter().flat_map(|difference| &difference.parts) {
                match part.implemented.or(part.documented) {
                    Some(Object::Table(table)) => tables.push(table.name.to_string()),
                    Some(object) => {
                        others.extend(name_of(object, part.tables.map(|(one, _)| &one.name)));
                    }
                    None => {}
                }
            }
        }
        Settlement {
            topic,
            tables,
            others,
            differences: group.len(),
            repairs: Repairs { document: diffs, implementation: implementation.join("\n") },
        }
    });
    settled.collect()
}

/// A difference without the parts that can be edited where they stand.
fn unedited<'a>(sources: &Sources, difference: &Difference<'a>) -> Difference<'a> {
    let parts = difference
        .parts
        .iter()
        .copied()
        .filter(|part| patch::edits(sources, &[&difference.with(vec![*part])]).is_empty());
    difference.with(parts.collect())
}

/// The name of what one side has and the other has not.
fn name_of(object: Object<'_>, table: Option<&QualifiedName>) -> Option<String> {
    match object {
        Object::Column(column) => Some(match table {
            Some(table) => format!("{table}.{}", column.name),
            None => column.name.clone(),
        }),
        Object::View(view) => Some(view.name.to_string()),
        Object::Function(function) => Some(format!("{}()", function.name)),
        Object::Type(found) => Some(found.name.to_string()),
        _ => None,
    }
}

pub(super) fn drafts(context: &PlanContext<'_>, discrepancies: &[Discrepancy]) -> Vec<Draft> {
    let paths = document(context);
    let drafts = context.settlements.iter().map(|settlement| {
        let mut draft = Draft::new(Verb::Sync);
        draft.repairs = settlement.repairs.clone();
        draft.title = match settlement.topic {
            Topic::Undocumented => {
                let missing = missing(settlement);
                format!("Update {paths} to the actual schema: {missing} missing from it.")
            }
            Topic::Unbuilt => {
                draft.note(
                    "Are they still wanted? Build them from their documented DDL, or strike them out.",
                );
                let names: Vec<String> =
                    settlement.tables.iter().chain(&settlement.others).cloned().collect();
                format!("Decide whether {} should exist.", named(&names))
            }
            Topic::Unlike => {
                let number = match settlement.differences {
                    1 => "the difference".to_owned(),
                    number => format!("{number} differences"),
                };
                largest(&mut draft, discrepancies);
                format!("Settle {number} between {paths} and the implementation.")
            }
        };
        draft
    });
    let mut drafts: Vec<Draft> = drafts.collect();
    // What layers say against each other, or a class against its table, has no patch.
    let between = discrepancies.iter().filter(|row| is_between(row)).count();
    if between > 0 {
        let mut draft = Draft::new(Verb::Sync);
        for row in discrepancies.iter().filter(|row| is_between(row)).take(MOST_NOTES) {
            draft.note(format!("{}: {}", row.entity, row.message));
        }
        more(&mut draft, between);
        draft.title = match between {
            1 => "Settle what the code says against itself.".to_owned(),
            many => format!("Settle {many} places where the code says something against itself."),
        };
        drafts.push(draft);
    }
    drafts
}

/// How many differences a step names.
const MOST_NOTES: usize = 12;

/// Whether a row is not between the document and the implementation.
fn is_between(row: &Discrepancy) -> bool {
    matches!(row.kind, "layer-differs" | "class-table-name")
}

/// Says how many rows are not named, where the first [`MOST_NOTES`] of `all` are.
fn more(draft: &mut Draft, all: usize) {
    if let more @ 1.. = all.saturating_sub(MOST_NOTES) {
        draft.note(format!("{more} more in the table of discrepancies."));
    }
}

/// The serious ones of the differences that are left to a person.
fn largest(draft: &mut Draft, discrepancies: &[Discrepancy]) {
    let one_sided = [
        "undocumented-table",
        "undocumented-column",
        "unimplemented-table",
        "unimplemented-column",
    ];
    let open: Vec<&Discrepancy> = discrepancies
        .iter()
        .filter(|row| !one_sided.contains(&row.kind) && !is_between(row))
        .collect();
    let serious = open.iter().filter(|row| row.severity != Severity::Info);
    for row in serious.take(MOST_NOTES) {
        draft.note(format!(
            "{}: documented {}, implemented {}.",
            row.entity, row.documented, row.implemented
        ));
    }
    more(draft, open.len());
}

/// What the document lacks, with its verb.
fn missing(settlement: &Settlement) -> String {
    let (tables, others) = (settlement.tables.len(), settlement.others.len());
    let number = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("one {one}")),
        count => Some(format!("{count} {many}")),
    };
    let tables_said = number(tables, "table", "tables");
    let others_said = number(others, "other object", "other objects");
    let said: Vec<String> = tables_said.into_iter().chain(others_said).collect();
    let verb = if tables + others == 1 { "is" } else { "are" };
    format!("{} {verb}", crate::facts::words::list(&said, "and"))
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
