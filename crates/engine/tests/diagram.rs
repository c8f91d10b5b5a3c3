//! The picture of the schema that a review judged.
#![allow(clippy::expect_used, clippy::panic, reason = "what fails here fails the test")]

use schemaward_engine::{Side, Stamp, Workspace};
use schemaward_render::diagram::{Diagram, DiagramTable};

fn picture(sources: &[(Side, &str)]) -> Diagram {
    let mut workspace = Workspace::new();
    for (index, (side, text)) in sources.iter().enumerate() {
        workspace.set_source(*side, &format!("{index}.sql"), text);
    }
    let id = "01KEV0S8Z0CCCCCCCCCCCCCCCC".parse().expect("a ULID");
    let stamp = Stamp { id, date: "2026-01-13".to_owned() };
    let review = workspace.review(stamp).expect("the built-in standard");
    workspace.diagram(&review)
}

#[track_caller]
fn table<'a>(picture: &'a Diagram, name: &str) -> &'a DiagramTable {
    picture.tables.iter().find(|table| table.table == name).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn tables_carry_columns_classes_and_the_worst_verdict() {
    let picture = picture(&[(
        Side::Implemented,
        "CREATE TABLE patients (id uuid PRIMARY KEY, email text NOT NULL, born date);
         CREATE SCHEMA billing;
         CREATE TABLE billing.invoices (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients);",
    )]);
    let names: Vec<&str> = picture.tables.iter().map(|table| table.table.as_str()).collect();
    assert_eq!(names, ["billing.invoices", "patients"]);
    let patients = table(&picture, "patients");
    assert_eq!((patients.class.as_str(), patients.verdict.as_str()), ("clinical", "unmet"));
    assert!(patients.unmet.contains(&"row_security".to_owned()), "{:?}", patients.unmet);
    let columns: Vec<_> = patients
        .columns
        .iter()
        .map(|it| (it.name.as_str(), it.data_type.as_str(), it.primary_key, it.not_null))
        .collect();
    assert_eq!(
        columns,
        [
            ("id", "uuid", true, true),
            ("email", "text", false, true),
            ("born", "date", false, false)
        ]
    );
    let letters: Vec<_> = patients.columns.iter().map(|it| it.letter.as_deref()).collect();
    assert_eq!(letters, [None, Some("F"), Some("C")]);
    assert!(table(&picture, "billing.invoices").columns.iter().any(|it| it.foreign_key));
}

#[test]
fn foreign_keys_say_how_many_and_what_becomes_of_rows() {
    let picture = picture(&[(
        Side::Implemented,
        "CREATE TABLE a (id int PRIMARY KEY);
         CREATE TABLE many (a int NOT NULL REFERENCES a ON DELETE CASCADE ON UPDATE RESTRICT);
         CREATE TABLE one (a int PRIMARY KEY REFERENCES a);
         CREATE TABLE maybe (a int REFERENCES a ON DELETE SET NULL, UNIQUE (a));
         CREATE TABLE part (a int REFERENCES a, live bool);
         CREATE UNIQUE INDEX ON part (a) WHERE live;",
    )]);
    let key = |name: &str| {
        let keys = &table(&picture, name).foreign_keys;
        let key = keys.first().unwrap_or_else(|| panic!("{name}"));
        assert_eq!((key.target.as_str(), key.target_columns.as_slice()), ("a", &["id".into()][..]));
        (key.on_delete.clone(), key.on_update.clone(), key.optional, key.unique)
    };
    let said = |delete: &str, update: &str, optional, unique| {
        (delete.to_owned(), update.to_owned(), optional, unique)
    };
    assert_eq!(key("many"), said("CASCADE", "RESTRICT", false, false));
    assert_eq!(key("one"), said("NO ACTION", "NO ACTION", false, true));
    assert_eq!(key("maybe"), said("SET NULL", "NO ACTION", true, true));
    // Unique among some rows only is not unique.
    assert_eq!(key("part"), said("NO ACTION", "NO ACTION", true, false));
}

#[test]
fn partitions_name_their_parent() {
    let picture = picture(&[(
        Side::Implemented,
        "CREATE TABLE events (at date NOT NULL) PARTITION BY RANGE (at);
         CREATE TABLE events_2026 PARTITION OF events
             FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');",
    )]);
    assert_eq!(table(&picture, "events").partitioned_by.as_deref(), Some("RANGE (at)"));
    assert_eq!(table(&picture, "events_2026").partition_of.as_deref(), Some("events"));
}

#[test]
fn without_an_implementation_the_document_is_shown() {
    let documented = picture(&[(Side::Documented, "CREATE TABLE a (id int);")]);
    assert_eq!(documented.tables.len(), 1);
    let both = picture(&[
        (Side::Documented, "CREATE TABLE a (id int);"),
        (Side::Implemented, "CREATE TABLE b (id int);"),
    ]);
    assert_eq!(table(&both, "b").name, "b");
    assert_eq!(both.tables.len(), 1);
    assert!(picture(&[]).tables.is_empty());
}
