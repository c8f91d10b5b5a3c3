//! The reader against the fixtures: counts of each file, and what PostgreSQL accepts raises no note.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};

use schemaward_catalog::{Catalog, Origin, SourceId};
use schemaward_sql::{Effect, play, read};

fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(folder)
}

/// Counts by effect, everything that was said, and the catalog.
struct Outcome {
    counts: [usize; 4],
    said: Vec<String>,
}

fn outcome(text: &str) -> Outcome {
    let source = SourceId(0);
    let mut catalog = Catalog::new();
    let mut outcome = Outcome { counts: [0; 4], said: Vec::new() };
    for statement in read(source, text) {
        let origin = Origin { source, span: statement.span };
        let mut kind = if matches!(statement.effect, Effect::Irrelevant(_)) { 2 } else { 1 };
        let unread = matches!(statement.effect, Effect::Unread(..));
        for problem in play(&mut catalog, &statement, origin) {
            if problem.unread {
                kind = 3;
            }
            let mark = if unread { "unread: " } else { "" };
            outcome.said.push(format!("{mark}{}: {}", problem.message, first_line(origin, text)));
        }
        outcome.counts[0] += 1;
        outcome.counts[kind] += 1;
    }
    outcome
}

fn first_line(origin: Origin, text: &str) -> String {
    origin.span.of(text).lines().next().unwrap_or_default().chars().take(100).collect()
}

/// `-- statements: 5, read: 4, irrelevant: 1, unread: 0` on the first line.
fn expected(text: &str) -> [usize; 4] {
    let line = text.lines().next().unwrap_or_default();
    let numbers = line.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
    let numbers: Vec<usize> = numbers.collect();
    numbers.try_into().expect("the first line counts the statements")
}

#[test]
fn every_reading_fixture_adds_up() {
    let mut files = 0;
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(fixtures("reading")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "sql") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let outcome = outcome(&text);
        files += 1;
        if outcome.counts != expected(&text) {
            let (counts, expected) = (outcome.counts, expected(&text));
            wrong.push(format!(
                "{}: {counts:?}, expected {expected:?}: {:#?}",
                path.display(),
                outcome.said
            ));
        }
        // What a server accepts, the catalog must accept.
        let loads = text.lines().nth(1).is_some_and(|line| line.trim() == "-- loads: yes");
        let refused = outcome.said.iter().filter(|said| !said.starts_with("unread: "));
        if loads && refused.count() > 0 {
            wrong.push(format!("{} loads, but: {:#?}", path.display(), outcome.said));
        }
    }
    assert!(files >= 20, "only {files} fixtures were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_clinic_reads_whole() {
    for (file, statements) in
        [("implemented.sql", 340), ("documented.sql", 79), ("implemented.dump.sql", 584)]
    {
        let text = std::fs::read_to_string(fixtures("clinic").join(file)).unwrap();
        let outcome = outcome(&text);
        assert_eq!(outcome.said, Vec::<String>::new(), "{file}");
        assert_eq!(outcome.counts[0], statements, "{file}");
        assert_eq!(outcome.counts[3], 0, "{file}");
    }
}

#[test]
fn a_psql_variable_is_the_reason() {
    let text = "CREATE TABLE :\"sch\".t (a int);\nGRANT SELECT ON u TO :role;";
    let said = outcome(text).said;
    let told = |name: &str| {
        format!(
            "expected a name, found the psql variable `{name}`: the text does not show its value"
        )
    };
    let unread = |name: &str, statement: &str| format!("unread: {}: {statement}", told(name));
    assert_eq!(
        said,
        [
            unread(":\"sch\"", "CREATE TABLE :\"sch\".t (a int);"),
            unread(":role", "GRANT SELECT ON u TO :role;")
        ]
    );
}
