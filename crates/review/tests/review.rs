//! The review as a whole: waivers, status, the matrix, ids, order.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use schemaward_catalog::{Catalog, QualifiedName, Sources};
use schemaward_review::{
    Control, Coverage, Implementation, Input, Review, Stamp, Standard, Status, Ulid, Verdict,
    review,
};

fn run_on(standard: &str, documented: Option<&Catalog>, implemented: Option<&Catalog>) -> Review {
    review(&Input {
        documented: documented.map(Implementation::database),
        layers: implemented.map(Implementation::database).as_slice(),
        classes: &[],
        sources: &Sources::default(),
        standard: &Standard::parse(standard).expect("the standard of a test is valid"),
        coverage: Coverage::default(),
        stamp: Stamp { id: Ulid::default(), date: "2026-01-13".to_owned() },
    })
}

fn run(standard: &str, sql: &str) -> Review {
    run_on(standard, None, Some(&schemaward_sql::catalog_of(sql)))
}

const USERS: &str = "CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_ulid(), email text);";

fn waiver(until: &str) -> String {
    format!(
        "[[waive]]\nrule = \"rls-missing\"\ntable = \"us*\"\n{until}\nbecause = \"login first\""
    )
}

#[test]
fn waivers_hold_until_their_last_day() {
    let has = |review: &Review| review.findings.iter().any(|f| f.id == "rls-missing:users");
    let open = run("", USERS);
    assert!(has(&open) && open.waived.is_empty());
    for until in ["", "until = \"2026-01-13\"", "until = \"2027-01-01\""] {
        let waived = run(&waiver(until), USERS);
        assert!(!has(&waived), "{until}");
        assert_eq!(waived.waived[0].because, "login first");
        let users = &waived.tables[0].controls[&Control::RowSecurity];
        assert_eq!(users.verdict, Verdict::Unmet, "a waiver does not make it so");
        assert!(users.because.contains("login first"));
    }
    let past = run(&waiver("until = \"2026-01-12\""), USERS);
    assert!(has(&past) && past.waived.is_empty());
    let message = &past.findings.iter().find(|f| f.rule == "rls-missing").expect("stays").message;
    assert!(message.contains("ended on 2026-01-12"), "{message}");
}

#[test]
fn comments_carry_waivers() {
    let comment = |text: &str| format!("{USERS} COMMENT ON TABLE users IS '{text}';");
    let waived = run("", &comment("People. schemaward: waive rls-missing because login first"));
    assert_eq!(waived.waived.len(), 1);
    let wrong = run("", &comment("schemaward: waive rls-missing"));
    assert!(wrong.waived.is_empty());
    assert!(wrong.coverage.notes[0].reason.contains("gives no reason"));
}

#[test]
fn status_follows_the_worst() {
    let general = |rules: &str| format!("profile = \"general\"\n{rules}");
    let clean = "CREATE TABLE countries (code text PRIMARY KEY, name text);";
    assert_eq!(run(&general(""), clean).status, Status::Pass);
    assert_eq!(run(&general(""), "CREATE TABLE rooms (x int);").status, Status::Fail);
    let softer = general("[rules]\nprimary-key-missing = \"warning\"");
    assert_eq!(run(&softer, "CREATE TABLE rooms (x int);").status, Status::PassWithWarnings);
    let off = general("[rules]\nprimary-key-missing = \"off\"");
    assert_eq!(run(&off, "CREATE TABLE rooms (x int);").status, Status::Pass);
    // An undecided critical rule is no clean pass; neither is having seen nothing.
    let key = "CREATE TABLE rooms (id uuid PRIMARY KEY, floor int);";
    assert_eq!(run("", key).status, Status::PassWithWarnings);
    assert_eq!(run("", "").status, Status::PassWithWarnings);
}

#[test]
fn one_side_says_why_there_is_no_drift() {
    let catalog = schemaward_sql::catalog_of(USERS);
    assert!(run_on("", Some(&catalog), Some(&catalog)).drift_skipped.is_none());
    let documented = run_on("", Some(&catalog), None);
    assert!(documented.drift_skipped.is_some_and(|why| why.contains("documented")));
    assert_eq!(documented.tables.len(), 1, "the documented schema is reviewed instead");
    assert!(run_on("", None, None).drift_skipped.is_some());
}

#[test]
fn every_table_has_every_control() {
    let review = run(
        "",
        "CREATE TABLE patients (id uuid DEFAULT gen_ulid(), at date, PRIMARY KEY (id, at))
             PARTITION BY RANGE (at);
         CREATE TABLE patients_1 PARTITION OF patients DEFAULT;
         CREATE TABLE countries (code text PRIMARY KEY, name text);
         CREATE TEMP TABLE scratch (x int);",
    );
    assert_eq!(review.tables.len(), 4);
    for table in &review.tables {
        assert_eq!(table.controls.len(), Control::ALL.len());
        for (control, verdict) in &table.controls {
            assert!(!verdict.because.is_empty(), "{} {}", table.name, control.word());
            let shown = verdict.verdict == Verdict::NotApplicable || !verdict.evidence.is_empty();
            assert!(shown, "{} {} has no evidence", table.name, control.word());
        }
    }
    assert_eq!(review.tables[0].name, QualifiedName::new("public", "patients"), "worst first");
}

#[test]
fn the_clinic_is_reviewed_the_same_twice_and_from_its_dump() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/clinic");
    let read = |name: &str| {
        std::fs::read_to_string(format!("{folder}/{name}")).expect("the fixture is there")
    };
    let implemented = schemaward_sql::catalog_of(&read("implemented.sql"));
    let dumped = schemaward_sql::catalog_of(&read("implemented.dump.sql"));
    let first = run_on("", None, Some(&implemented));
    let second = run_on("", None, Some(&implemented));
    assert_eq!(format!("{first:?}"), format!("{second:?}"));

    // A dump has no SQL comments, so the values that stand in one are not known there.
    let ids = |review: &Review| {
        let all = review.findings.iter().chain(&review.recommendations);
        // Nor has it roles, which belong to the server.
        let unseen = ["required-check", "role-bypasses-rls"];
        let kept = all.filter(|finding| !unseen.contains(&finding.rule));
        let mut ids: Vec<String> = kept.map(|finding| finding.id.clone()).collect();
        ids.sort();
        ids
    };
    let unique: std::collections::BTreeSet<String> = ids(&first).into_iter().collect();
    assert_eq!(unique.len(), ids(&first).len(), "ids are unique");
    assert_eq!(ids(&first), ids(&run_on("", None, Some(&dumped))));
    assert!(first.undecided.is_empty(), "{:?}", first.undecided);

    // The fixture's own standard names every class; inference must agree with it.
    let named = run_on(&read("standard.toml"), None, Some(&implemented));
    for table in &first.tables {
        let other = named.tables.iter().find(|other| other.name == table.name);
        assert_eq!(Some(table.class), other.map(|other| other.class), "{}", table.name);
    }
    for finding in first.findings.iter().chain(&first.recommendations) {
        assert!(!finding.evidence.is_empty(), "{} has no evidence", finding.id);
    }
}
