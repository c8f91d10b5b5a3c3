//! The golden review of the clinic: the report a reader gets, and the JSON a program gets.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use schemaward_engine::{Format, Side, Stamp, Workspace};
use schemaward_render::json::Review;
use ulid::Ulid;

/// The paths that the command is given from the root of the repository.
const DOCUMENTED: &str = "tests/fixtures/clinic/documented.sql";
const IMPLEMENTED: &str = "tests/fixtures/clinic/implemented.sql";

fn clinic(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/clinic");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

fn stamp() -> Stamp {
    let id = Ulid::from_string("01KEV0S8Z0CCCCCCCCCCCCCCCC").unwrap();
    Stamp { id, date: "2026-01-13".to_owned() }
}

fn workspace(documented: &str, implemented: &str) -> Workspace {
    let mut workspace = Workspace::new();
    workspace.set_source(Side::Documented, DOCUMENTED, documented);
    workspace.set_source(Side::Implemented, IMPLEMENTED, implemented);
    workspace
}

fn review(workspace: &mut Workspace) -> Review {
    workspace.review(stamp()).unwrap()
}

#[test]
fn the_golden_review() {
    let review = review(&mut workspace(&clinic("documented.sql"), &clinic("implemented.sql")));
    assert_golden("review.md", &Workspace::render(&review, Format::Markdown));
    assert_golden("review.json", &Workspace::render(&review, Format::Json));
}

/// Compares with a file of the fixture; `UPDATE_GOLDEN=1` writes it instead, to be read and committed.
#[track_caller]
fn assert_golden(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/clinic").join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = golden.lines().zip(text.lines()).position(|(golden, now)| golden != now);
    let line = differs.unwrap_or(golden.lines().count().min(text.lines().count()));
    assert!(
        golden == text,
        "{file} differs from line {}:\n  golden: {:?}\n  now:    {:?}\n`UPDATE_GOLDEN=1 cargo test -p schemaward-tests` accepts it",
        line + 1,
        golden.lines().nth(line),
        text.lines().nth(line),
    );
}

/// What the review written by hand found in a schema of this kind.
#[test]
fn the_golden_review_finds_what_the_reference_report_names() {
    let review = review(&mut workspace(&clinic("documented.sql"), &clinic("implemented.sql")));
    assert_eq!(review.status, "fail");
    let found = |rule: &str, table: &str| {
        let all = review.findings.iter().chain(&review.recommendations);
        all.filter(|f| f.rule == rule).any(|f| f.table.as_deref() == Some(table))
    };
    let random_keys = [
        "message_threads",
        "messages",
        "notifications",
        "billing_transactions",
        "subscription_overrides",
        "user_sessions",
        "user_devices",
    ];
    let expected = random_keys
        .iter()
        .map(|table| ("primary-key-kind", *table))
        .chain(["appointments", "documents"].map(|table| ("soft-delete-missing", table)))
        .chain(
            ["billing_transactions", "subscription_overrides"].map(|table| ("rls-missing", table)),
        )
        .chain(
            ["billing_transactions", "subscription_overrides", "support_tickets", "calls", "tasks"]
                .map(|table| ("audit-trigger-missing", table)),
        )
        .chain([
            ("soft-delete-nonstandard", "care_team_assignments"),
            ("audit-log-unindexed", "audit_logs"),
            ("policy-subquery", "patients"),
        ]);
    let missing: Vec<_> = expected.filter(|(rule, table)| !found(rule, table)).collect();
    assert!(missing.is_empty(), "not found: {missing:?}");
    assert!(review.successes.iter().any(|success| {
        success.rule == "contact-safety-flag" && success.table.as_deref() == Some("contact_methods")
    }));
    let verbs: Vec<_> = review.plan.iter().map(|step| step.verb.as_str()).collect();
    for verb in ["Refactor", "Standardize", "Harden", "Sync"] {
        assert!(verbs.contains(&verb), "no step to {verb}");
    }
    let drift = |kind: &str, part: &str| {
        let text = |d: &&schemaward_render::json::Discrepancy| {
            format!("{} {} {}", d.entity, d.documented, d.implemented).to_lowercase()
        };
        review.discrepancies.iter().filter(|d| d.kind == kind).any(|d| text(&d).contains(part))
    };
    assert!(drift("nonstandard-field", "removed_at"), "care team's own field");
    assert!(drift("undocumented-table", "billing"), "billing is not in the document");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (documented, implemented) = (clinic("documented.sql"), clinic("implemented.sql"));
    let first = Workspace::render(&review(&mut workspace(&documented, &implemented)), Format::Json);
    // The sides in the other order, and a workspace that read something else before.
    let mut other = Workspace::new();
    other.set_source(Side::Implemented, IMPLEMENTED, "CREATE TABLE gone (id int);");
    other.set_source(Side::Documented, DOCUMENTED, &documented);
    review(&mut other);
    other.set_source(Side::Implemented, IMPLEMENTED, &implemented);
    assert_eq!(first, Workspace::render(&review(&mut other), Format::Json));
}

#[test]
fn a_link_gives_the_same_review() {
    let mut original = workspace(&clinic("documented.sql"), &clinic("implemented.sql"));
    original.set_standard(&clinic("standard.toml"));
    let bundle = schemaward_link::decode(&original.link()).unwrap();
    assert_eq!(review(&mut original), review(&mut Workspace::open(bundle)));
}

#[test]
fn a_dump_of_the_schema_gives_the_same_findings() {
    // A dump has no SQL comments, so the values that stand in one are not known there.
    let key = |review: &Review| {
        let all = review.findings.iter().chain(&review.recommendations);
        // Nor has it roles, which belong to the server.
        let unseen = ["required-check", "role-bypasses-rls"];
        let all = all.filter(|finding| !unseen.contains(&finding.rule.as_str()));
        let mut ids: Vec<_> = all.map(|finding| finding.id.clone()).collect();
        ids.sort();
        ids
    };
    let by_hand = review(&mut workspace("", &clinic("implemented.sql")));
    let dumped = review(&mut workspace("", &clinic("implemented.dump.sql")));
    assert_eq!(key(&by_hand), key(&dumped));
}

/// The plan is reviewed: what it says it closes is closed, and it opens nothing.
#[test]
fn the_plan_closes_what_it_says() {
    let implemented = clinic("implemented.sql");
    let mut workspace = workspace(&clinic("documented.sql"), &implemented);
    let before = review(&mut workspace);
    let migration = Workspace::render(&before, Format::Sql);
    workspace.set_source(Side::Implemented, "plan.sql", &migration);
    let after = review(&mut workspace);
    let ids = |review: &Review| -> Vec<String> {
        let all = review.findings.iter().chain(&review.recommendations);
        all.map(|finding| finding.id.clone()).collect()
    };
    let (open, was) = (ids(&after), ids(&before));
    let with_sql = before.plan.iter().filter(|step| !step.sql.is_empty() && step.verb != "Sync");
    let claimed: Vec<_> = with_sql.flat_map(|step| &step.closes).collect();
    assert!(claimed.len() > 30, "the plan closes only {} findings", claimed.len());
    let still: Vec<_> = claimed.iter().filter(|id| open.contains(**id)).collect();
    assert!(still.is_empty(), "claimed, but still open: {still:#?}");
    let new: Vec<_> = open.iter().filter(|id| !was.contains(*id)).collect();
    assert!(new.is_empty(), "opened by the plan: {new:#?}");
    assert!(after.coverage.unread.is_empty(), "{:?}", after.coverage.unread);
}

#[test]
fn bad_input_is_reviewed_as_far_as_it_reads() {
    let cases: &[(&str, &str, &str)] = &[
        ("both empty", "", ""),
        ("blank", " \n\t", "-- nothing\n"),
        ("not SQL", "Dear team,\nplease find attached our schema; it's fine.", "a,b,c\n1,2,3\n"),
        ("a lone quote", "CREATE TABLE a (id int PRIMARY KEY);", "CREATE TABLE a (id int); '"),
        ("NUL bytes", "CREATE TABLE a\0 (id int);", "\0\0\0"),
        (
            "Windows line ends",
            "CREATE TABLE a (\r\n id int\r\n);\r\n",
            "CREATE TABLE a (id int);\r\n",
        ),
        ("a byte-order mark", "\u{feff}CREATE TABLE a (id int);", "CREATE TABLE a (id int);"),
    ];
    for (name, documented, implemented) in cases {
        let review = review(&mut workspace(documented, implemented));
        let coverage = &review.coverage;
        let sum = coverage.read + coverage.irrelevant + coverage.unread.len();
        assert_eq!(sum, coverage.statements, "{name}");
        for unread in &coverage.unread {
            assert!(!unread.reason.is_empty() && unread.line > 0, "{name}");
        }
        for format in Format::NAMES {
            assert!(!Workspace::render(&review, format.1).is_empty(), "{name}");
        }
    }
    let one_side = review(&mut workspace("", "CREATE TABLE a (id int PRIMARY KEY);"));
    assert!(one_side.drift_skipped.is_some() && one_side.discrepancies.is_empty());
    let both_empty = review(&mut workspace("", ""));
    assert_eq!(both_empty.findings, []);
}

#[test]
fn the_summary_says_where_failures_cluster() {
    let mut workspace = Workspace::new();
    let sound = [
        ("001_countries", "CREATE TABLE countries (code text PRIMARY KEY, name text);"),
        ("002_currencies", "CREATE TABLE currencies (code text PRIMARY KEY, name text);"),
        ("003_languages", "CREATE TABLE languages (code text PRIMARY KEY, name text);"),
    ];
    for (name, text) in sound {
        workspace.set_source(Side::Implemented, &format!("migrations/{name}.sql"), text);
    }
    assert!(!review(&mut workspace).summary.contains("stand in"));
    let billing = "CREATE TABLE payments (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid);
        CREATE TABLE refunds (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid);";
    workspace.set_source(Side::Implemented, "migrations/004_billing.sql", billing);
    let summary = review(&mut workspace).summary;
    assert!(
        summary.contains("stand in `migrations/004_billing.sql`, the newest file"),
        "{summary}"
    );
}
