//! Input that is no pair of two sound schemas: compared as far as it can be, explained, bounded.

use std::fmt::Write as _;

use super::{discrepancies, rows, stamp, workspace};

const WARD: &str = "CREATE TABLE wards (id uuid PRIMARY KEY, label text NOT NULL, floor integer);
    CREATE TABLE beds (id uuid PRIMARY KEY, ward_id uuid NOT NULL REFERENCES wards, place text);
    CREATE INDEX beds_ward ON beds (ward_id);";

#[track_caller]
fn check(documented: &str, implemented: &str, expect: &[&str]) {
    assert_eq!(rows(documented, implemented), expect);
}

/// A side without any text is no side: nothing is missing there, and the review says why it compares
/// nothing.
#[test]
fn one_side_is_empty() {
    for (documented, implemented) in [("", WARD), (WARD, ""), ("  \n", WARD), ("", "")] {
        let review = workspace(documented, implemented).review(stamp()).unwrap();
        assert_eq!(review.discrepancies, [], "{documented:?}");
        assert!(review.drift.is_none() && review.drift_skipped.is_some(), "{documented:?}");
    }
    // A text that holds no table is a side.
    check(
        "-- Nothing yet.",
        "CREATE TABLE wards (id uuid PRIMARY KEY);",
        &["warning undocumented-table Wards: Not in the documented schema | `wards`"],
    );
}

#[test]
fn the_same_text_twice() {
    check(WARD, WARD, &[]);
    let mut one = workspace(WARD, WARD);
    let summary = one.review(stamp()).unwrap().drift.unwrap();
    assert_eq!((summary.unchanged, summary.documented, summary.implemented), (2, 2, 2));
    assert_eq!(one.synchronize().unwrap().patch, "");
}

/// What could not be read is never told as missing: the tables that the broken text names are not
/// compared, all others are.
#[test]
fn broken_statements_are_not_compared() {
    let broken = "CREATE TABLE wards (id uuid PRIMARY KEY, label text NOT, floor integer,);
        CREATE TABLE beds (id uuid PRIMARY KEY, ward_id uuid NOT NULL, place text);
        CREATE INDEX ON beds USING;
        ALTER TABLE beds ENABLE ROW LEVEL SEKURITY;
        CREATE VIEW free AS SELECT id id id FROM beds;
        CREATE FUNCTION tidy(,) RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;";
    let whole = "CREATE TABLE wards (id uuid PRIMARY KEY, label text NOT NULL, floor integer);
        CREATE TABLE beds (id uuid PRIMARY KEY, ward_id uuid NOT NULL, place text, kind text);
        CREATE TABLE rooms (id uuid PRIMARY KEY, number text);
        CREATE INDEX ON beds (ward_id);
        ALTER TABLE beds ENABLE ROW LEVEL SECURITY;
        CREATE VIEW free AS SELECT id FROM beds;
        CREATE FUNCTION tidy() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;";
    for (documented, implemented) in [(broken, whole), (whole, broken)] {
        let found = discrepancies(documented, implemented);
        let claimed: Vec<String> = found
            .iter()
            .filter(|row| row.kind != "not-compared")
            .map(|row| format!("{} {}", row.kind, row.entity))
            .collect();
        let expect = if documented == broken {
            ["undocumented-table Rooms"]
        } else {
            ["unimplemented-table Rooms"]
        };
        assert_eq!(claimed, expect, "{found:#?}");
        // Each row that is not compared says why and shows the text that was not read.
        for row in found.iter().filter(|row| row.kind == "not-compared") {
            assert!(row.message.starts_with("Not compared: "), "{row:#?}");
            assert!(row.repairs.document.is_empty() && row.repairs.implementation.is_empty());
            let unread = row.documented == "Not read" || row.implemented == "Not read";
            assert!(unread || row.entity == "Free", "{row:#?}");
        }
        let coverage = workspace(documented, implemented).review(stamp()).unwrap().coverage;
        assert_eq!(coverage.unread.len(), 4, "{coverage:#?}");
    }
}

/// A parenthesis that is never closed takes all that follows with it: then none of that is missing.
#[test]
fn what_follows_an_open_parenthesis_is_not_compared() {
    let open = WARD.replacen("floor integer);", "floor integer;", 1);
    for (documented, implemented) in [(open.as_str(), WARD), (WARD, open.as_str())] {
        let found = discrepancies(documented, implemented);
        assert!(!found.is_empty());
        assert!(found.iter().all(|row| row.kind == "not-compared"), "{found:#?}");
    }
}

/// Unread text about one table says nothing about another.
#[test]
fn blindness_is_by_table() {
    let documented = "CREATE TABLE wards (id uuid PRIMARY KEY);
        CREATE TABLE beds (id uuid PRIMARY KEY);
        ALTER TABLE wards ENABLE ROW LEVEL SECURITY NOW;";
    let implemented = "CREATE TABLE wards (id uuid PRIMARY KEY);
        CREATE TABLE beds (id uuid PRIMARY KEY);
        ALTER TABLE wards ENABLE ROW LEVEL SECURITY;
        ALTER TABLE beds ENABLE ROW LEVEL SECURITY;";
    check(
        documented,
        implemented,
        &[
            "info rls-differs Row-Level Security: Not in the documented schema | Enabled on `beds`",
            "info not-compared Row-Level Security: Not read | Enabled on `wards`",
        ],
    );
}

#[test]
fn search_paths_and_letters_differ() {
    let documented = "SET search_path = clinic, public;
        CREATE SCHEMA clinic;
        CREATE TABLE Wards (ID UUID PRIMARY KEY, Label TEXT NOT NULL);
        CREATE TABLE BEDS (ID UUID PRIMARY KEY, WARD_ID UUID NOT NULL REFERENCES WARDS);";
    let implemented = "CREATE SCHEMA clinic;
        CREATE TABLE clinic.wards (id uuid PRIMARY KEY, label text NOT NULL);
        CREATE TABLE clinic.beds (id uuid PRIMARY KEY, ward_id uuid NOT NULL REFERENCES clinic.wards);";
    let bare = "CREATE TABLE wards (id uuid PRIMARY KEY, label text NOT NULL);
        CREATE TABLE beds (id uuid PRIMARY KEY, ward_id uuid NOT NULL REFERENCES wards);";
    check(documented, implemented, &[]);
    // A document that names no schema says nothing about it.
    check(bare, implemented, &[]);
    // Quotes keep letters: these are two tables, and PostgreSQL has both.
    let quoted = bare.replace("wards", "\"Wards\"");
    let found = rows(bare, &quoted);
    assert_eq!(found, ["warning renamed-table Wards: `wards` | `Wards`"]);
}

/// Tables whose names were exchanged differ in their columns, and the repairs exchange them again.
#[test]
fn two_tables_swapped_their_names() {
    let one = "CREATE TABLE wards (id uuid PRIMARY KEY, label text NOT NULL, floor integer);
        CREATE TABLE beds (id uuid PRIMARY KEY, place text, mattress text, serial_number text);";
    let other = "CREATE TABLE beds (id uuid PRIMARY KEY, label text NOT NULL, floor integer);
        CREATE TABLE wards (id uuid PRIMARY KEY, place text, mattress text, serial_number text);";
    let found = rows(one, other);
    assert!(!found.is_empty());
    assert!(found.iter().all(|row| !row.contains("implemented-table")), "{found:#?}");
    let sync = workspace(one, other).synchronize().unwrap();
    check(one, &format!("{other}\n{}", sync.migration), &[]);
    assert_eq!(sync.left, 0);
    check(&sync.documents.first().unwrap().text, other, &[]);
}

/// The first definition stands, as on a server, and the second one is remarked.
#[test]
fn a_table_is_defined_twice() {
    let twice = format!("{WARD}\nCREATE TABLE wards (id bigint, other text);");
    check(&twice, WARD, &[]);
    check(WARD, &twice, &[]);
    let coverage = workspace(&twice, WARD).review(stamp()).unwrap().coverage;
    assert!(
        coverage.notes.iter().any(|note| note.reason.contains("already exists")),
        "{coverage:#?}"
    );
    let again = format!("{WARD}\nCREATE TABLE IF NOT EXISTS wards (id bigint, other text);");
    check(&again, WARD, &[]);
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
