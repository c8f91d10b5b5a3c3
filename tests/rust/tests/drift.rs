//! Labelled pairs of schemas: the rows of the discrepancy table each must yield, and the laws that
//! hold for every one of them.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the counts are what a reader asks for")]

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

fn discrepancies(documented: &str, implemented: &str) -> Vec<Discrepancy> {
    let stamp = Stamp { id: Ulid::default(), date: "2026-01-13".to_owned() };
    workspace(documented, implemented).review(stamp).unwrap().discrepancies
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

/// Both texts of every pair, once each.
fn texts() -> Vec<(String, String)> {
    let all = pairs()
        .into_iter()
        .filter(|pair| pair.server != "unread")
        .flat_map(|pair| [(pair.title.clone(), pair.documented), (pair.title, pair.implemented)]);
    let mut texts: Vec<(String, String)> = all.collect();
    texts.sort_by(|a, b| a.1.cmp(&b.1));
    texts.dedup_by(|a, b| a.1 == b.1);
    texts
}

#[track_caller]
fn assert_silent(law: &str, change: impl Fn(&str) -> String) {
    let texts = texts();
    let wrong: Vec<String> = texts
        .iter()
        .filter_map(|(title, text)| {
            let changed = change(text);
            let rows = rows(text, &changed);
            let told = |row: &&String| !row.contains(" comment-differs ");
            let silent = !rows.iter().any(|row| told(&row));
            (!silent).then(|| format!("{title}: {rows:#?}\n{text}\n→ {changed}"))
        })
        .collect();
    println!("{law}: {} schemas", texts.len());
    assert!(wrong.is_empty(), "{law}: {} differ:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn a_text_does_not_differ_from_itself() {
    assert_silent("the same text", str::to_owned);
}

#[test]
fn a_catalog_written_out_does_not_differ() {
    // Constraints by ALTER, every name with its schema, one statement for each thing.
    assert_silent("written out as SQL", |text| {
        let mut workspace = Workspace::new();
        workspace.set_source(Side::Implemented, "a.sql", text);
        schemaward_render::catalog_sql(&workspace.catalog(Side::Implemented).0)
    });
}

#[test]
fn spaces_and_case_do_not_differ() {
    assert_silent("spaces and case", |text| {
        let mut out = String::new();
        let (mut quote, mut dollars) = (None, false);
        let mut rest = text.chars().peekable();
        while let Some(char) = rest.next() {
            if char == '$' && rest.peek() == Some(&'$') {
                dollars = !dollars;
            }
            match quote {
                _ if dollars => out.push(char),
                Some(open) => {
                    quote = if char == open { None } else { quote };
                    out.push(char);
                }
                None if matches!(char, '\'' | '"') => {
                    quote = Some(char);
                    out.push(char);
                }
                // A remark ends with its line.
                None if char == '\n' => out.push_str("\n\t"),
                None if char == ' ' => out.push_str("  "),
                None if text.contains("--") => out.push(char),
                None if char.is_lowercase() => out.extend(char.to_uppercase()),
                None => out.extend(char.to_lowercase()),
            }
        }
        out
    });
}

#[test]
fn what_stands_on_tables_may_come_later() {
    assert_silent("reordered", |text| {
        // Only texts without bodies, whose statements end at every semicolon.
        if text.contains("$$")
            || text.contains("DROP")
            || text.contains("RENAME")
            || text.contains("--")
        {
            return text.to_owned();
        }
        let (last, first): (Vec<&str>, Vec<&str>) = text.split_inclusive(';').partition(|part| {
            let part = part.trim_start();
            ["CREATE INDEX", "CREATE POLICY", "COMMENT", "ALTER TABLE", "CREATE UNIQUE"]
                .iter()
                .any(|words| part.starts_with(words))
        });
        first.concat() + "\n" + &last.concat()
    });
}

/// What has no repair in place or by statements says so by what is left.
#[test]
fn the_repairs_leave_no_difference() {
    let mut wrong = Vec::new();
    let mut repaired = 0;
    for pair in pairs().iter().filter(|pair| !pair.rows.is_empty()) {
        if matches!(pair.server.as_str(), "unread" | "one-way") {
            continue;
        }
        let sync = workspace(&pair.documented, &pair.implemented).synchronize().unwrap();
        let document = sync.documents.first().map_or("", |document| document.text.as_str());
        let migrated = format!("{}\n{}", pair.implemented, sync.migration);
        let after_patch = rows(document, &pair.implemented);
        let after_migration = rows(&pair.documented, &migrated);
        if !after_patch.is_empty() || sync.left != 0 {
            wrong.push(format!("{}: the patch leaves {after_patch:#?}\n{document}", pair.title));
        }
        if !after_migration.is_empty() {
            let sql = &sync.migration;
            wrong.push(format!("{}: the migration leaves {after_migration:#?}\n{sql}", pair.title));
        }
        repaired += 1;
    }
    println!("{repaired} pairs repaired both ways");
    assert!(wrong.is_empty(), "{} repairs fail:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn the_patch_of_the_clinic_leaves_no_difference() {
    let clinic = |file: &str| {
        std::fs::read_to_string(folder().join("../fixtures/clinic").join(file)).unwrap()
    };
    let (documented, implemented) = (clinic("documented.sql"), clinic("implemented.sql"));
    let sync = workspace(&documented, &implemented).synchronize().unwrap();
    let document = &sync.documents.first().unwrap().text;
    let left = rows(document, &implemented);
    println!("{} differences, {} left", sync.differences, left.len());
    // What prose implies no statement can take back.
    let stated: Vec<_> = left.iter().filter(|row| !row.contains("(implied)")).collect();
    assert_eq!((stated.len(), left.len()), (0, sync.left), "{stated:#?}\n{}", sync.patch);
    // What people wrote stays: of the lines of the document that are remarks, all but those of
    // what went away.
    let remarks = |text: &str| text.lines().filter(|line| line.contains("--")).count();
    assert!(remarks(document) * 5 > remarks(&documented) * 4);
}

#[test]
fn five_thousand_tables_a_side_are_bounded() {
    let schema = |prefix: &str| {
        (0..5_000).fold(String::new(), |mut out, table| {
            let _ = writeln!(
                out,
                "CREATE TABLE {prefix}{table} (id uuid PRIMARY KEY, a{table} text, b{table} int NOT NULL, \
                 common text, name text);"
            );
            out
        })
    };
    assert_eq!(rows(&schema("t"), &schema("t")), Vec::<String>::new());
    let all = rows(&schema("t"), &schema("u"));
    let renamed = all.iter().filter(|row| row.contains(" renamed-table ")).count();
    let lost = all.iter().filter(|row| row.contains(" unimplemented-table ")).count();
    assert_eq!(
        (renamed + lost, lost),
        (5_000, 5_000),
        "names alone say nothing, nor does one column"
    );
}
