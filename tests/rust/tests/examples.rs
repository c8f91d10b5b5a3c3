//! The examples of the page: what their reviews say, in one line a rule.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use schemaward_engine::{Side, Stamp, Workspace};
use schemaward_render::json::Review;
use serde_json::Value;
use ulid::Ulid;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

/// Where the files of an example are: the clinic is a fixture of other tests, too.
fn folder(name: &str) -> PathBuf {
    if name == "clinic" { fixtures().join(name) } else { fixtures().join("examples").join(name) }
}

/// The examples of the manifest that the page reads: name, and side and path of each file.
fn manifest() -> Vec<(String, Vec<(String, String)>)> {
    let text = std::fs::read_to_string(fixtures().join("examples/examples.json")).unwrap();
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let word = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let files = |example: &Value| {
        let files = example["files"].as_array().unwrap();
        files.iter().map(|file| (word(file, "side"), word(file, "path"))).collect()
    };
    let examples = manifest["examples"].as_array().unwrap();
    examples.iter().map(|example| (word(example, "name"), files(example))).collect()
}

fn review(name: &str, files: &[(String, String)]) -> Review {
    let mut workspace = Workspace::new();
    for (side, path) in files {
        let text = std::fs::read_to_string(folder(name).join(path)).unwrap();
        match side.as_str() {
            "documented" => workspace.set_source(Side::Documented, path, &text),
            "implemented" => workspace.set_source(Side::Implemented, path, &text),
            other => {
                assert_eq!(other, "standard", "{path}");
                workspace.set_standard(&text);
            }
        }
    }
    let id = Ulid::from_string("01KEV0S8Z0CCCCCCCCCCCCCCCC").unwrap();
    workspace.review(Stamp { id, date: "2026-01-13".to_owned() }).unwrap()
}

fn summary(name: &str, review: &Review) -> String {
    let mut text = format!("{name}: {}, {} tables\n", review.status, review.tables.len());
    let all = review.findings.iter().chain(&review.observations).chain(&review.recommendations);
    let mut counts = BTreeMap::<_, usize>::new();
    for finding in all {
        *counts.entry(format!("{} {}", finding.rule, finding.severity)).or_default() += 1;
    }
    for row in &review.discrepancies {
        *counts.entry(format!("drift {}", row.kind)).or_default() += 1;
    }
    for question in &review.undecided {
        *counts.entry(format!("undecided {}", question.rule)).or_default() += 1;
    }
    for (what, count) in counts {
        writeln!(text, "  {count:3} {what}").unwrap();
    }
    text
}

#[test]
fn the_examples_are_reviewed_as_before() {
    // The clinic has golden reviews of its own.
    let examples = manifest().into_iter().filter(|(name, _)| name != "clinic");
    let summaries: Vec<_> =
        examples.map(|(name, files)| summary(&name, &review(&name, &files))).collect();
    let text = summaries.join("\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let (golden, now): (BTreeSet<_>, BTreeSet<_>) =
        (golden.lines().collect(), text.lines().collect());
    let gone: Vec<_> = golden.difference(&now).collect();
    let new: Vec<_> = now.difference(&golden).collect();
    assert!(
        std::fs::read_to_string(&path).is_ok_and(|golden| golden == text),
        "gone: {gone:#?}\nnew: {new:#?}\n`UPDATE_GOLDEN=1 cargo test -p schemaward-tests` accepts it",
    );
}

#[test]
fn the_clean_example_passes_with_nothing_left_to_say() {
    let all = manifest();
    let (name, files) = all.iter().find(|(name, _)| name == "clean").unwrap();
    let review = review(name, files);
    assert_eq!(review.status, "pass");
    assert!(review.discrepancies.is_empty(), "{:#?}", review.discrepancies);
    assert!(review.undecided.is_empty(), "{:#?}", review.undecided);
    assert!(review.coverage.unread.is_empty(), "{:#?}", review.coverage.unread);
    assert!(review.findings.iter().all(|finding| finding.severity == "info"));
}

#[test]
fn the_other_examples_show_what_they_are_for() {
    let expected: &[(&str, &[&str])] = &[
        (
            "supabase",
            &[
                "rls-missing",
                "policy-without-rls",
                "policy-always-true",
                "policy-open-write",
                "policy-editable-claim",
                "policy-loose-match",
                "view-bypasses-rls",
                "materialized-view-exposes",
                "function-search-path",
                "default-privileges-open",
                "policy-call-per-row",
            ],
        ),
        (
            "alembic",
            &[
                "python-evaluated-condition",
                "mixin-bypassed",
                "legacy-column",
                "naive-datetime",
                "nullability-conflict",
                "class-table-name-mismatch",
                "hard-delete-cascade",
                "rls-without-policy",
            ],
        ),
    ];
    let all = manifest();
    for (example, rules) in expected {
        let (name, files) = all.iter().find(|(name, _)| name == example).unwrap();
        let review = review(name, files);
        assert_eq!(review.status, "fail");
        let found: BTreeSet<_> = review
            .findings
            .iter()
            .chain(&review.observations)
            .chain(&review.recommendations)
            .map(|finding| finding.rule.as_str())
            .collect();
        let missing: Vec<_> = rules.iter().filter(|rule| !found.contains(**rule)).collect();
        assert!(missing.is_empty(), "{name}: {missing:?} not found");
    }
}

#[test]
fn the_manifest_lists_every_file_of_its_examples() {
    for (name, files) in manifest().iter().filter(|(name, _)| name != "clinic") {
        let listed: BTreeSet<_> = files.iter().map(|(_, path)| path.clone()).collect();
        let mut found = BTreeSet::new();
        let mut folders = vec![folder(name)];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let path = path.strip_prefix(folder(name)).unwrap().to_owned();
                    found.insert(path.to_string_lossy().replace('\\', "/"));
                }
            }
        }
        assert_eq!(listed, found, "{name}");
    }
}
