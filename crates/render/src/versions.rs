//! Two versions of a schema: what changed, as JSON, Markdown and terminal text.

use std::fmt::Write as _;

use schemaward_catalog::Sources;
use schemaward_review as review;

use crate::convert::places;
use crate::json::{Synchronization, VersionChange, Versions};
use crate::markdown::{flat, table_cell};
use crate::words::count;

/// The changes in the shape that leaves the program.
pub fn versions_to_json(versions: &review::Versions, sources: &Sources) -> Versions {
    let changes = versions.changes.iter().map(|change| VersionChange {
        class: change.class.word().to_owned(),
        kind: change.kind.to_owned(),
        entity: change.entity.clone(),
        before: change.before.clone(),
        after: change.after.clone(),
        because: change.because.clone(),
        evidence: places(sources, &change.evidence),
    });
    Versions {
        schema_version: crate::json::SCHEMA_VERSION,
        changes: changes.collect(),
        unchanged: versions.unchanged,
    }
}

/// The changes as JSON text.
pub fn versions_json_text(versions: &Versions) -> String {
    let mut text = serde_json::to_string_pretty(versions).unwrap_or_default();
    text.push('\n');
    text
}

/// Both ways to make two schemas one, as JSON text.
pub fn synchronization_text(sync: &Synchronization) -> String {
    let mut text = serde_json::to_string_pretty(sync).unwrap_or_default();
    text.push('\n');
    text
}

/// How many changes there are of each class, in one line.
fn sum(versions: &Versions) -> String {
    let of = |class: &str| versions.changes.iter().filter(|change| change.class == class).count();
    let parts: Vec<String> = ["dangerous", "breaking", "review", "safe"]
        .into_iter()
        .filter(|class| of(class) > 0)
        .map(|class| format!("{} {class}", of(class)))
        .collect();
    let unchanged = count(versions.unchanged, "table is unchanged", "tables are unchanged");
    if parts.is_empty() {
        format!("Nothing changed; {unchanged}.")
    } else {
        let changes = count(versions.changes.len(), "change", "changes");
        format!("{changes}: {}; {unchanged}.", parts.join(", "))
    }
}

/// The changes as Markdown, the most serious first.
pub fn versions_markdown(versions: &Versions) -> String {
    let mut out = format!("# Schema Changes\n\n{}\n", sum(versions));
    if versions.changes.is_empty() {
        return out;
    }
    out.push_str("\n| Class | Entity | Before | After | Why |\n| --- | --- | --- | --- | --- |\n");
    for change in &versions.changes {
        let place = change
            .evidence
            .first()
            .map_or_else(String::new, |place| format!(" (`{}:{}`)", place.source, place.line));
        let _ = writeln!(
            out,
            "| **{}** | {} | {} | {} | {} |",
            table_cell(&change.class),
            table_cell(&change.entity),
            table_cell(&change.before),
            table_cell(&change.after),
            table_cell(&format!("{}{place}", change.because)),
        );
    }
    out
}

/// The changes for a terminal.
pub fn versions_text(versions: &Versions) -> String {
    let mut out = format!("{}\n", sum(versions));
    for change in &versions.changes {
        let _ = writeln!(
            out,
            "\n{} {} ({})\n  before: {}\n  after:  {}\n  {}",
            change.class.to_uppercase(),
            flat(&change.entity),
            change.kind,
            flat(&change.before),
            flat(&change.after),
            flat(&change.because),
        );
        for place in &change.evidence {
            let _ =
                writeln!(out, "  {}:{}: {}", flat(&place.source), place.line, flat(&place.quote));
        }
    }
    out
}
