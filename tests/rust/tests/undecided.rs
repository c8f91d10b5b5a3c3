//! Every use of *undecided* has its text that leaves the question open, and texts that settle it.
//!
//! The pairs stand in the answer key: a case with an `undecided` label goes on, below `settles`, with
//! what settles it and with what the rule answers then.

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
use std::fs;
use std::path::{Path, PathBuf};

use key::{Case, access, answers, cases, review};

/// The rules on code have a key of their own kind: what settles them is more of the program.
const ELSEWHERE: &str = "code";

fn leaves_open(case: &Case) -> bool {
    let own = case
        .labels
        .iter()
        .any(|(rule, answer)| *rule == case.rule && answer.starts_with("undecided "));
    own || case.access.iter().any(|row| row.split(' ').nth(3) == Some("undecided"))
}

/// The cases that leave something open.
fn open() -> Vec<Case> {
    let mut all = cases();
    all.retain(|case| case.category != ELSEWHERE && leaves_open(case));
    all
}

#[test]
fn what_is_undecided_can_be_settled_by_text() {
    let mut wrong = String::new();
    let mut texts = 0;
    for case in open() {
        if case.settled.is_empty() {
            writeln!(wrong, "{}: nothing settles it", case.name).unwrap();
        }
        for settled in &case.settled {
            texts += 1;
            let review = review(&settled.apply(&case));
            let found: BTreeSet<String> =
                answers(&review, &[case.rule.clone()].into()).into_iter().map(|(_, a)| a).collect();
            if found != settled.answers {
                let (name, wanted) = (&case.name, &settled.answers);
                writeln!(
                    wrong,
                    "{name}: settled by {}it is {found:?}, not {wanted:?}",
                    settled.text
                )
                .unwrap();
            }
            let rows = access(&review);
            for row in settled.access.difference(&rows) {
                writeln!(wrong, "{}: no access {row}; there is {rows:#?}", case.name).unwrap();
            }
            for row in settled.no_access.intersection(&rows) {
                writeln!(wrong, "{}: still access {row}", case.name).unwrap();
            }
        }
    }
    println!("{} open cases, {texts} texts that settle them", open().len());
    assert!(wrong.is_empty(), "{wrong}");
}

/// A message without what is of its case: names, and the reason that a text was not read.
fn skeleton(message: &str) -> String {
    let mut kept = String::new();
    let (mut quoted, mut depth) = (false, 0_u32);
    for c in message.chars() {
        match c {
            '`' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ if quoted || depth > 0 => {}
            c => kept.push(c),
        }
    }
    kept
}

/// How often a source file says *undecided*, and how often it calls what says it.
fn uses(path: &Path) -> usize {
    let text = fs::read_to_string(path).unwrap();
    let code: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let made = ["Answer::undecided(", "Answer::undecided_subject(", "kind = AnswerKind::Undecided"];
    let made = made.iter().map(|word| code.matches(word).count()).sum::<usize>();
    let rows = code.matches("Rows::Undecided,").count();
    // It stands in `required_column` for three rules, and each call is a use.
    let calls = code.matches("unless_blind(context").count();
    let shared = code.matches("fn unless_blind(context").count();
    made + rows + calls - 2 * shared
}

#[test]
fn every_use_of_undecided_is_in_the_key() {
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in open() {
        let review = review(&case);
        for open in review.undecided.iter().filter(|open| open.rule == case.rule) {
            shown.entry(case.rule.clone()).or_default().insert(skeleton(&open.because));
        }
        for row in review.access.iter().filter(|row| row.rows == "undecided") {
            shown.entry("access".to_owned()).or_default().insert(skeleton(&row.because));
        }
    }
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/review/src");
    let mut files: Vec<(String, PathBuf)> = vec![("access".into(), source.join("facts/access.rs"))];
    for rule in schemaward_engine::rules() {
        let category = rule.category.word();
        if category != ELSEWHERE {
            let file = format!("rules/{category}/{}.rs", rule.id.replace('-', "_"));
            files.push((rule.id.to_owned(), source.join(file)));
        }
    }
    let mut missing = String::new();
    let mut all = 0;
    for (name, file) in files {
        let uses = uses(&file);
        all += uses;
        let shown = shown.get(&name).map_or(0, BTreeSet::len);
        if shown < uses {
            writeln!(missing, "{name} has {uses} uses, and the key shows {shown}").unwrap();
        }
    }
    println!("{all} uses of undecided, each in the key");
    assert!(all > 30, "the sources are not where this test looks: {all} uses");
    assert!(missing.is_empty(), "{missing}");
}
