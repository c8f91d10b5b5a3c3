//! The appendix on identifiers: what is held of people, by letter, and where it lies open.

use std::collections::{BTreeMap, BTreeSet};

use super::escape::{cell, code};
use super::line;
use crate::json::{Identifier, Review};
use crate::words::count;

/// More columns than a table's cell can name.
const NAMED: usize = 4;

/// More tables than the list of the most exposed ones needs.
const TABLES: usize = 5;

/// One row a letter (groups without a letter after them), then the tables with most of it.
pub(super) fn identifiers(out: &mut String, review: &Review, number: usize) -> bool {
    let all = &review.identifiers;
    if all.is_empty() {
        return false;
    }
    let mut kinds: BTreeMap<(bool, &str), Vec<&Identifier>> = BTreeMap::new();
    let mut tables: BTreeMap<&str, Vec<&Identifier>> = BTreeMap::new();
    for found in all {
        let key = match &found.letter {
            Some(letter) => (false, letter.as_str()),
            None => (true, found.group.as_str()),
        };
        kinds.entry(key).or_default().push(found);
        tables.entry(&found.table).or_default().push(found);
    }
    line(out, format_args!("\n## {number}. Identifiers\n"));
    line(
        out,
        format_args!(
            "{} of {} hold something of a person. Letters are those of 45 CFR 164.514(b)(2)(i).\n",
            count(all.len(), "column", "columns"),
            count(tables.len(), "table", "tables"),
        ),
    );
    out.push_str("| Letter | What | Columns | Where |\n| --- | --- | --- | --- |\n");
    for ((no_letter, key), found) in kinds {
        let names: BTreeSet<&str> = found.iter().map(|found| found.kind.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let what =
            if no_letter { format!("{key}: {}", names.join(", ")) } else { names.join(", ") };
        let mut places: Vec<String> = found
            .iter()
            .take(NAMED)
            .map(|found| code(&format!("{}.{}", found.table, found.column)))
            .collect();
        if found.len() > NAMED {
            places.push(format!("{} more", found.len() - NAMED));
        }
        let letter = if no_letter { "–" } else { key };
        line(
            out,
            format_args!(
                "| {letter} | {} | {} | {} |",
                cell(&what),
                found.len(),
                cell(&places.join(", ")),
            ),
        );
    }
    exposed(out, review, &tables);
    true
}

/// The tables that hold most of it, those without protection first.
fn exposed(out: &mut String, review: &Review, tables: &BTreeMap<&str, Vec<&Identifier>>) {
    let open: BTreeSet<&str> = review
        .findings
        .iter()
        .filter(|finding| finding.rule == "phi-unprotected")
        .filter_map(|finding| finding.table.as_deref())
        .collect();
    let told = |of: bool| {
        let mut ranked: Vec<(&str, &Vec<&Identifier>)> = tables
            .iter()
            .filter(|(table, _)| open.contains(**table) == of)
            .map(|(table, found)| (*table, found))
            .collect();
        ranked.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(b.0)));
        let more = ranked.len().saturating_sub(TABLES);
        let mut parts: Vec<String> = ranked
            .into_iter()
            .take(TABLES)
            .map(|(table, found)| {
                let letters: BTreeSet<&str> = found
                    .iter()
                    .map(|found| found.letter.as_deref().unwrap_or(found.group.as_str()))
                    .collect();
                let letters: Vec<&str> = letters.into_iter().collect();
                let number = count(found.len(), "column", "columns");
                format!("{} ({number}: {})", code(table), letters.join(", "))
            })
            .collect();
        if more > 0 {
            parts.push(count(more, "more table", "more tables"));
        }
        parts.join("; ")
    };
    for (title, of) in [("Most exposed", true), ("Most held where it is protected", false)] {
        let told = told(of);
        if !told.is_empty() {
            line(out, format_args!("\n**{title}:** {told}."));
        }
    }
}
