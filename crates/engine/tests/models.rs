//! Models compared with text: what models cannot say is no difference.

#![cfg(feature = "python")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use schemaward_engine::{Side, Workspace};

const DOCUMENT: &str = "
CREATE TABLE patients (id uuid PRIMARY KEY, name varchar NOT NULL);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON patients USING (true);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER watch AFTER UPDATE ON patients FOR EACH ROW EXECUTE FUNCTION note();
GRANT SELECT ON patients TO PUBLIC;
";

fn models(columns: &str) -> String {
    format!(
        "import uuid\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\n\
         class Base(DeclarativeBase):\n    pass\n\n\n\
         class Patient(Base):\n    __tablename__ = \"patients\"\n\
         \x20   id: Mapped[uuid.UUID] = mapped_column(primary_key=True)\n{columns}"
    )
}

fn workspace(columns: &str, swapped: bool) -> Workspace {
    let mut workspace = Workspace::new();
    let (text, code) = match swapped {
        false => (Side::Documented, Side::Implemented),
        true => (Side::Implemented, Side::Documented),
    };
    workspace.set_source(text, "schema.sql", DOCUMENT);
    workspace.set_source(code, "models.py", &models(columns));
    workspace
}

#[test]
fn a_synchronization_with_models_takes_no_policy_away() {
    let same = "    name: Mapped[str]\n";
    for swapped in [false, true] {
        let sync = workspace(same, swapped).synchronize().unwrap();
        assert_eq!((sync.differences, sync.left), (0, 0), "{}{}", sync.migration, sync.patch);
        assert_eq!((sync.migration.as_str(), sync.patch.as_str()), ("", ""));
    }
    let sync = workspace("    name: Mapped[str | None]\n", false).synchronize().unwrap();
    assert_eq!(
        sync.migration,
        "-- The models make these tables: change the classes too.\n\
         -- models.py:9: class Patient (patients): 1 difference\n\
         ALTER TABLE patients ALTER COLUMN name SET NOT NULL;\n"
    );
    assert!(
        sync.patch.contains("+CREATE TABLE patients (id uuid PRIMARY KEY, name varchar);"),
        "{}",
        sync.patch
    );
    assert_eq!(sync.left, 0);
}

#[test]
fn models_are_no_version_that_drops_what_they_cannot_say() {
    for swapped in [false, true] {
        let versions = workspace("    name: Mapped[str]\n", swapped).compare().unwrap();
        assert!(versions.changes.is_empty(), "{:#?}", versions.changes);
        let review = workspace("    name: Mapped[str]\n", swapped).review(stamp()).unwrap();
        let rows: Vec<_> = review.discrepancies.iter().map(|row| &row.kind).collect();
        assert!(rows.is_empty(), "{rows:?}");
    }
}

fn stamp() -> schemaward_engine::Stamp {
    schemaward_engine::Stamp {
        id: "01KEV0S8Z0CCCCCCCCCCCCCCCC".parse().unwrap(),
        date: "2026-01-13".to_owned(),
    }
}
