//! No statement is dropped in silence: one or more statements for each option of PostgreSQL's
//! commands, and the list of those that are not read, with the reason.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use schemaward_catalog::{Change, SourceId, TableAction};
use schemaward_sql::{Effect, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/synopsis")
}

/// Whether a statement is one of the actions that change nothing a review can see.
fn is_irrelevant(changes: &[Change]) -> bool {
    changes.iter().all(|change| match change {
        Change::AlterTable { actions, .. } => {
            actions.iter().all(|action| matches!(action, TableAction::Irrelevant))
        }
        _ => false,
    })
}

/// What is not read, as lines of the list: `kind | file | statement | reason`.
fn not_read() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut count = 0_usize;
    let mut files: Vec<_> =
        fs::read_dir(folder()).expect("the folder").map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|e| e == "sql")) {
        let text = fs::read_to_string(path).expect("a fixture");
        let file = path.file_name().unwrap().to_string_lossy();
        for statement in read(SourceId(0), &text) {
            count += 1;
            let (kind, reason) = match statement.effect {
                Effect::Unread(reason, _) => ("unread", reason),
                Effect::Irrelevant(reason) => ("irrelevant", reason.to_owned()),
                Effect::Read(changes) if is_irrelevant(&changes) => {
                    ("irrelevant", "storage".to_owned())
                }
                Effect::Read(_) | Effect::Evaluate(_) => continue,
            };
            let words: Vec<_> = statement.span.of(&text).split_whitespace().collect();
            found.insert(format!("{kind} | {file} | {}", words.join(" ")), reason);
        }
    }
    assert!(count > 400, "only {count} statements: where are the fixtures?");
    found
}

#[test]
fn what_is_not_read_is_listed() {
    let list = fs::read_to_string(folder().join("not_read.txt")).unwrap_or_default();
    let listed: BTreeMap<String, String> = list
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let (statement, reason) = line.rsplit_once(" | ").expect("a reason");
            (statement.to_owned(), reason.to_owned())
        })
        .collect();
    let found = not_read();
    let dropped: Vec<_> = found
        .iter()
        .filter(|(statement, _)| !listed.contains_key(*statement))
        .map(|(statement, reason)| format!("{statement} | {reason}"))
        .collect();
    let stale: Vec<_> = listed.keys().filter(|line| !found.contains_key(*line)).collect();
    assert!(dropped.is_empty(), "not read, and not on the list:\n{}", dropped.join("\n"));
    assert!(stale.is_empty(), "on the list, though they are read now: {stale:#?}");
}
