//! The executive summary: what is sound, what fails, and where the failures cluster.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemaward_catalog::{QualifiedName, Side, SourceId, Sources};

use crate::facts::words::{list, quoted_list};
use crate::{Class, Control, Finding, Review, Severity, Verdict, rules};

/// Two to five sentences on a finished review of so many tables (partitions do not count).
pub(crate) fn summary(review: &Review, tables: usize, sources: &Sources) -> String {
    if review.tables.is_empty() {
        return "No table was read, so there is nothing to say about the schema.".to_owned();
    }
    let mut sentences = opening(review, tables);
    sentences.extend(cluster(review));
    sentences.extend(files(review, sources));
    sentences.extend(drift(review));
    sentences.extend(open(review));
    sentences.join(" ")
}

/// What is sound, and what fails.
fn opening(review: &Review, tables: usize) -> Vec<String> {
    let (shares, met, asked) = shares(review);
    let plural = if tables == 1 { "" } else { "s" };
    let shares =
        if shares.is_empty() { String::new() } else { format!(" ({})", list(&shares, "and")) };
    let critical = criticals(review).count();
    if critical == 0 {
        let follows =
            if met == asked { "follows the standard" } else { "largely follows the standard" };
        let sound = format!("The schema of {tables} table{plural} {follows}{shares}.");
        return vec![sound, no_failures(review)];
    }
    let failures = failures(review, critical);
    // Two thirds are what a reader would call most.
    vec![if met * 3 >= asked * 2 && met > 0 {
        format!(
            "While the schema of {tables} table{plural} follows most of the standard{shares}, \
             {failures}"
        )
    } else {
        format!(
            "The schema of {tables} table{plural} follows the standard only in part{shares}, and \
             {failures}"
        )
    }]
}

/// On how many tables the main mandates are met, of those they hold for; and the sums.
fn shares(review: &Review) -> (Vec<String>, usize, usize) {
    let mut shares = Vec::new();
    let (mut all_met, mut all_asked) = (0, 0);
    for (control, what) in [
        (Control::PrimaryKey, "mandated primary keys"),
        (Control::SoftDelete, "soft delete"),
        (Control::RowSecurity, "row-level security"),
        (Control::Audit, "audit triggers"),
    ] {
        let (mut met, mut asked) = (0, 0);
        for table in &review.tables {
            // Of the log itself, audit asks that nobody changes it.
            if control == Control::Audit && table.class == Class::Audit {
                continue;
            }
            match table.controls.get(&control).map(|verdict| verdict.verdict) {
                Some(Verdict::Met) => {
                    met += 1;
                    asked += 1;
                }
                Some(Verdict::Unmet | Verdict::Undecided) => asked += 1,
                Some(Verdict::NotApplicable) | None => {}
            }
        }
        all_met += met;
        all_asked += asked;
        if met > 0 {
            let share =
                if met == asked { format!("all {asked}") } else { format!("{met} of {asked}") };
            shares.push(format!("{what} on {share}"));
        }
    }
    (shares, all_met, all_asked)
}

fn no_failures(review: &Review) -> String {
    match count(review, Severity::Warning) {
        0 => "No critical failure was found.".to_owned(),
        1 => "No critical failure was found; there is 1 warning.".to_owned(),
        n => format!("No critical failure was found; there are {n} warnings."),
    }
}

/// The critical findings by rule, most frequent first.
fn failures(review: &Review, count: usize) -> String {
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in criticals(review) {
        *by_rule.entry(finding.rule).or_default() += 1;
    }
    let mut ranked: Vec<(&str, usize)> = by_rule.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let shown: Vec<String> = ranked
        .iter()
        .take(5)
        .map(|(rule, count)| {
            let title = rules::rule(rule).map_or(*rule, |rule| rule.title);
            format!("{} ({count})", lower_first(title))
        })
        .collect();
    let more = ranked.len().saturating_sub(5);
    let rest = if more > 0 { format!(", and {more} more kinds") } else { String::new() };
    let are = if count == 1 {
        "there is 1 critical failure".to_owned()
    } else {
        format!("there are {count} critical failures")
    };
    format!("{are}: {}{rest}.", shown.join(", "))
}

/// Where the critical findings are thickest: a class of tables, and the worst tables.
fn cluster(review: &Review) -> Option<String> {
    let mut by_table: BTreeMap<String, usize> = BTreeMap::new();
    let mut by_class: BTreeMap<Class, usize> = BTreeMap::new();
    let class_of: BTreeMap<&QualifiedName, Class> =
        review.tables.iter().map(|table| (&table.name, table.class)).collect();
    let mut total = 0;
    for finding in criticals(review) {
        let Some(name) = &finding.table else { continue };
        total += 1;
        *by_table.entry(name.to_string()).or_default() += 1;
        if let Some(class) = class_of.get(name) {
            *by_class.entry(*class).or_default() += 1;
        }
    }
    let mut worst: Vec<(String, usize)> =
        by_table.into_iter().filter(|(_, count)| *count > 1).collect();
    worst.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let worst: Vec<String> = worst.into_iter().take(4).map(|(name, _)| name).collect();
    if total < 3 || worst.is_empty() {
        return None;
    }
    // The density says more than the number: large classes have more of everything.
    let size = |class: Class| review.tables.iter().filter(|table| table.class == class).count();
    let thickest = by_class.into_iter().filter(|(_, count)| *count > 1).max_by(
        |(a, a_count), (b, b_count)| {
            let cross = (a_count * size(*b).max(1)).cmp(&(b_count * size(*a).max(1)));
            cross.then_with(|| b.cmp(a))
        },
    );
    let names = quoted_list(&worst, "and");
    Some(match thickest {
        Some((class, count)) => format!(
            "Failures are thickest in {} tables ({count} on {}); most affected are {names}.",
            class.word(),
            size(class)
        ),
        None => format!("Most affected are {names}."),
    })
}

/// Which files the critical findings stand in, where they stand in few of many: one of them, or the
/// last in order, which is the newest.
fn files(review: &Review, sources: &Sources) -> Option<String> {
    let implemented: Vec<(SourceId, &str)> = sources
        .iter()
        .filter(|(_, source)| source.side == Side::Implemented)
        .map(|(id, source)| (id, source.path.as_str()))
        .collect();
    let mut counts: BTreeMap<SourceId, usize> = BTreeMap::new();
    for finding in criticals(review) {
        if let Some(place) = finding.evidence.first() {
            *counts.entry(place.origin.source).or_default() += 1;
        }
    }
    let of = |id: &SourceId| counts.get(id).copied().unwrap_or_default();
    let total: usize = implemented.iter().map(|(id, _)| of(id)).sum();
    if implemented.len() < 3 || total < 3 {
        return None;
    }
    // Half of them in one file of three or more is no accident.
    let (worst, path) = implemented.iter().max_by_key(|(id, _)| (of(id), Reverse(*id)))?;
    if of(worst) * 2 >= total {
        let newest = implemented.last().is_some_and(|(id, _)| id == worst);
        let which = if newest { ", the newest file" } else { "" };
        return Some(format!(
            "{} of {total} critical failures stand in `{path}`{which}.",
            of(worst)
        ));
    }
    let newest = implemented.len().div_ceil(3);
    let late: Vec<&(SourceId, &str)> = implemented.iter().rev().take(newest).collect();
    let count: usize = late.iter().map(|(id, _)| of(id)).sum();
    (count * 2 >= total).then(|| {
        format!(
            "{count} of {total} critical failures stand in the newest {newest} of {} files.",
            implemented.len()
        )
    })
}

fn drift(review: &Review) -> Option<String> {
    match review.discrepancies.len() {
        _ if review.drift_skipped.is_some() => None,
        0 => Some("The documented schema agrees with the implemented one.".to_owned()),
        1 => Some("The documented schema differs from the implemented one in 1 point.".to_owned()),
        n => Some(format!("The documented schema differs from the implemented one in {n} points.")),
    }
}

/// What the review cannot vouch for.
fn open(review: &Review) -> Option<String> {
    let mut parts = Vec::new();
    match review.undecided.len() {
        0 => {}
        1 => parts.push("1 question stays undecided".to_owned()),
        n => parts.push(format!("{n} questions stay undecided")),
    }
    match review.coverage.unread.len() {
        0 => {}
        1 => parts.push("1 statement could not be read".to_owned()),
        n => parts.push(format!("{n} statements could not be read")),
    }
    if parts.is_empty() {
        return None;
    }
    let mut sentence = list(&parts, "and");
    sentence.push('.');
    Some(sentence)
}

/// Critical findings of every part of the report.
fn criticals(review: &Review) -> impl Iterator<Item = &Finding> {
    all(review).filter(|finding| finding.severity == Severity::Critical)
}

fn count(review: &Review, severity: Severity) -> usize {
    all(review).filter(|finding| finding.severity == severity).count()
}

fn all(review: &Review) -> impl Iterator<Item = &Finding> {
    review.findings.iter().chain(&review.observations).chain(&review.recommendations)
}

/// A title inside a sentence.
fn lower_first(title: &str) -> String {
    let mut chars = title.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
