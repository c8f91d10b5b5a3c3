//! Labelled pairs of schemas: the rows of the discrepancy table each must yield, and the laws that
//! hold for every one of them.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]
#![allow(clippy::print_stdout, reason = "the counts are what a reader asks for")]

mod bad_input;
mod laws;
mod repairs;
mod spelling;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use schemaward_engine::{Side, Stamp, Workspace};
use schemaward_render::json::Discrepancy;
use ulid::Ulid;

/// One pair of a file in `tests/drift/`.
#[derive(Debug)]
struct Pair {
    file: PathBuf,
    title: String,
    /// What the server says of the two, in parentheses after the title.
    server: String,
    documented: String,
    implemented: String,
    rows: Vec<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../drift")
}

fn pairs() -> Vec<Pair> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    files.iter().flat_map(|file| read(file)).collect()
}

fn read(file: &Path) -> Vec<Pair> {
    let text = std::fs::read_to_string(file).unwrap();
    let text = format!("\n{text}");
    let cases = text.split("\n=== ").skip(1);
    cases
        .map(|case| {
            let (head, rest) = case.split_once("\n--- documented\n").unwrap();
            let (documented, rest) = rest.split_once("\n--- implemented\n").unwrap();
            let (implemented, rows) = rest.split_once("\n--- rows").unwrap();
            let (title, server) = match head.trim().strip_suffix(')') {
                Some(head) if !head.ends_with(|c: char| c.is_ascii_digit()) => {
                    head.rsplit_once(" (").unwrap()
                }
                _ => (head.trim(), ""),
            };
            Pair {
                file: file.to_owned(),
                title: title.to_owned(),
                server: server.to_owned(),
                documented: documented.to_owned(),
                implemented: implemented.to_owned(),
                rows: rows
                    .lines()
                    .filter(|row| !row.trim().is_empty())
                    .map(str::to_owned)
                    .collect(),
            }
        })
        .collect()
}

fn workspace(documented: &str, implemented: &str) -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set_source(Side::Documented, "documented.sql", documented);
    workspace.set_source(Side::Implemented, "implemented.sql", implemented);
    workspace
}

fn stamp() -> Stamp {
    Stamp { id: Ulid::default(), date: "2026-01-13".to_owned() }
}

fn discrepancies(documented: &str, implemented: &str) -> Vec<Discrepancy> {
    workspace(documented, implemented).review(stamp()).unwrap().discrepancies
}

/// Rows as `severity kind entity: documented | implemented`.
fn rows(documented: &str, implemented: &str) -> Vec<String> {
    let rows = discrepancies(documented, implemented);
    rows.into_iter()
        .map(|row| {
            assert!(!row.evidence.is_empty(), "no evidence: {row:?}");
            let Discrepancy { severity, kind, entity, documented, implemented, .. } = row;
            format!("{severity} {kind} {entity}: {documented} | {implemented}")
        })
        .collect()
}

/// `UPDATE_GOLDEN=1` writes the rows into the files, to be read before they are committed.
#[test]
fn every_pair_yields_its_rows_and_no_other() {
    let pairs = pairs();
    assert!(pairs.len() >= 150, "only {} pairs", pairs.len());
    let mut wrong = Vec::new();
    let (mut expected, mut found, mut silent) = (0, 0, 0);
    let mut files: std::collections::BTreeMap<&Path, String> = std::collections::BTreeMap::new();
    for pair in &pairs {
        let rows = rows(&pair.documented, &pair.implemented);
        expected += pair.rows.len();
        found += rows.iter().filter(|row| pair.rows.contains(row)).count();
        silent += usize::from(pair.rows.is_empty());
        let server =
            if pair.server.is_empty() { String::new() } else { format!(" ({})", pair.server) };
        let _ = write!(
            files.entry(&pair.file).or_default(),
            "\n=== {}{server}\n--- documented\n{}\n--- implemented\n{}\n--- rows\n{}",
            pair.title,
            pair.documented,
            pair.implemented,
            rows.iter().fold(String::new(), |out, row| out + row + "\n"),
        );
        if rows != pair.rows {
            wrong.push(format!("{}: {:#?}\n  expected {:#?}", pair.title, rows, pair.rows));
        }
    }
    println!("{} pairs ({silent} without a difference): {found} of {expected} rows", pairs.len());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        for (file, text) in files {
            std::fs::write(file, text).unwrap();
        }
        return;
    }
    assert!(wrong.is_empty(), "{} pairs differ:\n{}", wrong.len(), wrong.join("\n"));
}
