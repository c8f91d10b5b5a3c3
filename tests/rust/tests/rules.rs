//! The answer key: labelled schemas for every rule, with precision and recall.
//!
//! The cases are data; `tests/rules/README.md` describes their form.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and this one prints its figures"
)]

mod key;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use key::{access, answers, cases, review};

#[derive(Default)]
struct Score {
    cases: usize,
    right: usize,
    wrong: usize,
    missed: usize,
}

/// A share in thousandths, as text: exact, and without floating point.
fn share(part: usize, whole: usize) -> String {
    let thousandths = (part * 1000).checked_div(whole).unwrap_or(1000);
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

#[test]
fn the_rules_answer_as_labelled() {
    let cases = cases();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut folders: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = String::new();
    for case in &cases {
        let review = review(case);
        if case.loads {
            let unread: Vec<&str> = (review.coverage.unread.iter())
                .chain(&review.coverage.notes)
                .map(|note| note.reason.as_str())
                .collect();
            if !unread.is_empty() {
                writeln!(wrong, "{}: {}", case.name, unread.join("; ")).unwrap();
            }
        }
        let found = answers(&review, &case.judged);
        for rule in &case.judged {
            let of = |all: &BTreeSet<(String, String)>| -> BTreeSet<String> {
                all.iter().filter(|(own, _)| own == rule).map(|(_, text)| text.clone()).collect()
            };
            let (labels, found) = (of(&case.labels), of(&found));
            let score = scores.entry(rule.clone()).or_default();
            score.cases += 1;
            score.right += labels.intersection(&found).count();
            for extra in found.difference(&labels) {
                score.wrong += 1;
                writeln!(wrong, "{}: not labelled: {extra}", case.name).unwrap();
            }
            for missing in labels.difference(&found) {
                score.missed += 1;
                writeln!(wrong, "{}: not found: {missing}", case.name).unwrap();
            }
        }
        let rows = access(&review);
        for label in case.access.difference(&rows) {
            let role = label.split(' ').next().unwrap_or_default();
            let near: Vec<&String> = rows.iter().filter(|row| row.starts_with(role)).collect();
            writeln!(wrong, "{}: no access {label}; there is {near:#?}", case.name).unwrap();
        }
        let (all, silent) = folders.entry(&case.category).or_default();
        *all += 1;
        *silent += usize::from(!case.labels.iter().any(|(rule, _)| *rule == case.rule));
    }
    println!("{:32} {:>5} {:>7} {:>9} {:>6}", "rule", "cases", "answers", "precision", "recall");
    for (rule, score) in &scores {
        println!(
            "{rule:32} {:>5} {:>7} {:>9} {:>6}",
            score.cases,
            score.right + score.missed,
            share(score.right, score.right + score.wrong),
            share(score.right, score.right + score.missed),
        );
    }
    for (folder, (all, silent)) in &folders {
        println!("{folder}: {all} cases, {silent} of them near misses");
        assert!(silent * 3 >= *all, "too few near misses in {folder}: {silent} of {all}");
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn cases_have_names_of_their_own() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases of one name");
}
