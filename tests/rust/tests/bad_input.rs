//! Input that is wrong, contradicts itself or is far too large: it is reviewed as far as it goes, and
//! what is wrong with it is said.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and this one prints its figures"
)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use schemaward_engine::{EngineError, Format, Side, Stamp, Workspace};
use schemaward_render::json::Review;
use ulid::Ulid;

fn reviewed(standard: &str, schema: &str, date: &str) -> Result<Review, EngineError> {
    let mut workspace = Workspace::new();
    workspace.set_standard(standard);
    workspace.set_source(Side::Implemented, "implemented.sql", schema);
    workspace.review(Stamp { id: Ulid::from_parts(0, 0), date: date.to_owned() })
}

#[track_caller]
fn review(standard: &str, schema: &str) -> Review {
    reviewed(standard, schema, "2026-01-13").unwrap_or_else(|error| panic!("{error}"))
}

fn ids(review: &Review) -> Vec<&str> {
    review.findings.iter().map(|finding| finding.id.as_str()).collect()
}

#[test]
fn a_standard_that_names_tables_that_do_not_exist_is_remarked() {
    let standard = "[classes]\nclinical = [\"patiens\", \"zz_*\"]\n\n\
        [[require.unique]]\ntable = \"patient\"\ncolumns = [\"mrn\"]\nbecause = \"one number each\"\n";
    let review = review(standard, "CREATE TABLE patients (id uuid PRIMARY KEY, mrn text);");
    let notes: Vec<String> = review
        .standard_notes
        .iter()
        .map(|note| format!("{}: {}", note.line, note.message))
        .collect();
    assert_eq!(
        notes,
        [
            "2: [classes] clinical: no table is called `patiens`; did you mean `patients`?",
            "2: [classes] clinical: no table matches `zz_*`",
            "5: [[require.unique]]: no table is called `patient`; did you mean `patients`?",
        ]
    );
    // The table is judged all the same, by the class that its columns show.
    assert!(ids(&review).contains(&"rls-missing:patients"));
}

#[test]
fn patterns_that_contradict_each_other_are_remarked_and_the_first_counts() {
    let standard = "[classes]\nclinical = [\"notes\"]\nreference = [\"notes\", \"note*\"]\n";
    let review = review(standard, "CREATE TABLE notes (id uuid PRIMARY KEY, body text);");
    let remarked = review.standard_notes.iter().any(|note| {
        note.line == 3 && note.message.contains("`notes` is listed as clinical before")
    });
    assert!(remarked, "{:?}", review.standard_notes);
    assert_eq!(review.tables.first().map(|table| table.class.as_str()), Some("clinical"));
}

#[test]
fn a_waiver_without_a_reason_is_an_error_that_says_where() {
    let standard = "[[waive]]\nrule = \"rls-missing\"\ntable = \"patients\"\n";
    let error = reviewed(standard, "CREATE TABLE patients (id uuid PRIMARY KEY);", "2026-01-13")
        .expect_err("a waiver needs a reason")
        .to_string();
    assert!(error.contains("because") && error.contains('1'), "{error}");
    // In a comment of the schema it cannot end the review; it waives nothing.
    let schema = "CREATE TABLE patients (id uuid PRIMARY KEY);
        COMMENT ON TABLE patients IS 'schemaward: waive rls-missing until 2026-06-30';";
    let review = review("", schema);
    assert!(ids(&review).contains(&"rls-missing:patients"));
    assert_eq!(review.waived, []);
}

#[test]
fn a_waiver_past_its_date_is_a_finding_again_and_says_so() {
    let standard = "[[waive]]\nrule = \"rls-missing\"\ntable = \"patients\"\nuntil = \"2026-06-30\"\n\
        because = \"the pilot has one tenant\"\n";
    let schema = "CREATE TABLE patients (id uuid PRIMARY KEY);";
    let on = |date| reviewed(standard, schema, date).unwrap();
    let last_day = on("2026-06-30");
    assert!(!ids(&last_day).contains(&"rls-missing:patients"), "the last day still counts");
    assert_eq!(last_day.waived.len(), 1);
    let after = on("2026-07-01");
    assert_eq!(after.waived, []);
    let finding = after.findings.iter().find(|found| found.id == "rls-missing:patients").unwrap();
    let said = "A waiver of this ended on 2026-06-30 (“the pilot has one tenant”).";
    assert!(finding.message.ends_with(said), "{}", finding.message);
}

#[test]
fn a_ring_of_cascades_ends_and_its_plan_opens_it() {
    let mut schema = String::new();
    let ring = ["patients", "encounters", "prescriptions", "lab_results"];
    for table in ring {
        writeln!(
            schema,
            "CREATE TABLE {table} (id uuid PRIMARY KEY, next_id uuid, deleted_at timestamptz);"
        )
        .unwrap();
    }
    for (at, table) in ring.iter().enumerate() {
        let next = ring.get((at + 1) % ring.len()).unwrap();
        writeln!(
            schema,
            "ALTER TABLE {table} ADD FOREIGN KEY (next_id) REFERENCES {next} ON DELETE CASCADE;"
        )
        .unwrap();
    }
    let before = review("", &schema);
    for table in ring {
        let id = format!("hard-delete-cascade:{table}.next_id");
        let found = before.findings.iter().find(|finding| finding.id == id).unwrap();
        // Every table of the ring stands in the chain once, and every link of it is shown.
        assert_eq!(found.message.matches(" → ").count(), ring.len() - 1, "{}", found.message);
        assert_eq!(found.evidence.len(), ring.len() - 1);
    }
    let after = review("", &format!("{schema}\n{}", Workspace::render(&before, Format::Sql)));
    assert_eq!(after.coverage.unread, []);
    assert!(!ids(&after).iter().any(|id| id.starts_with("hard-delete-cascade")));
}

#[test]
fn roles_and_views_in_a_ring_end() {
    let schema = "CREATE ROLE a; CREATE ROLE b; GRANT a TO b; GRANT b TO a;
        CREATE TABLE patients (id uuid PRIMARY KEY, organization_id uuid);
        ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON patients TO a USING (organization_id = current_setting('app.t', true)::uuid);
        CREATE VIEW v AS SELECT * FROM patients;
        CREATE OR REPLACE VIEW v AS SELECT * FROM v;
        CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT g() $$;
        CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS $$ SELECT f() + count(*) FROM patients $$;";
    assert!(ids(&review("", schema)).contains(&"function-bypasses-rls:f"));
}

/// Ten times the tables take about ten times as long.
#[test]
fn five_thousand_tables_are_reviewed_in_proportion() {
    fn schema(tables: usize) -> String {
        let mut text = String::from(
            "CREATE TABLE patients (id uuid PRIMARY KEY, organization_id uuid, given_name text);\n",
        );
        for table in 0..tables {
            writeln!(
                text,
                "CREATE TABLE visits_{table} (id uuid PRIMARY KEY, organization_id uuid, \
                 patient_id uuid REFERENCES patients ON DELETE CASCADE, diagnosis text);\n\
                 ALTER TABLE visits_{table} ENABLE ROW LEVEL SECURITY;\n\
                 CREATE POLICY own ON visits_{table} USING \
                 (organization_id = current_setting('app.t', true)::uuid);"
            )
            .unwrap();
        }
        text
    }
    let time = |tables: usize| {
        let mut workspace = Workspace::new();
        workspace.set_source(Side::Implemented, "implemented.sql", &schema(tables));
        let stamp = || Stamp { id: Ulid::from_parts(0, 0), date: "2026-01-13".to_owned() };
        let start = Instant::now();
        let review = workspace.review(stamp()).unwrap();
        assert_eq!(review.tables.len(), tables + 1);
        let of_rule = |rule: &str| review.findings.iter().filter(|it| it.rule == rule).count();
        assert_eq!(of_rule("hard-delete-cascade"), tables);
        assert_eq!(review.coverage.unread, []);
        start.elapsed()
    };
    let (few, many) = (time(500), time(5_000));
    println!("500 tables in {few:?}, 5,000 in {many:?}");
    // Other programs run beside this one: a square would be a hundred times.
    assert!(many < few * 40 + Duration::from_secs(5), "500 took {few:?}, 5,000 took {many:?}");
}
