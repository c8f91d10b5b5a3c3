//! The time that all rules, the matrix and the plan take on a schema of 500 tables: the page does it
//! while someone types.

#![allow(clippy::print_stdout, reason = "what it measures is what it prints")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use schemaward_catalog::{Side, Source, Sources};
use schemaward_review::{Coverage, Implementation, Input, Review, Stamp, Standard, Ulid, review};
use schemaward_sql::catalog_of;

/// The time that a review of 500 tables may take.
const LIMIT: Duration = Duration::from_millis(50);

/// What every clinic has, so that rules find tenants, people, a log and what fills it.
const HEAD: &str = "
CREATE ROLE app; CREATE ROLE report;
CREATE TABLE organizations (id uuid PRIMARY KEY, name text NOT NULL, slug text UNIQUE);
CREATE TABLE users (id uuid PRIMARY KEY, email text UNIQUE, password_hash text);
CREATE TABLE patients (id uuid PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations (id),
    given_name text, family_name text, date_of_birth date, mrn text UNIQUE, deleted_at timestamptz);
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor_id uuid,
    action text NOT NULL, resource_id uuid, old_row jsonb, new_row jsonb, created_at timestamptz DEFAULT now());
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO audit_logs (actor_id, action, resource_id, old_row, new_row)
    VALUES (nullif(current_setting('app.current_user_id', true), '')::uuid, TG_OP,
        coalesce(NEW.id, OLD.id), to_jsonb(OLD), to_jsonb(NEW));
    RETURN NULL;
END $$;
";

/// Kinds of tables, each with the columns that make it one.
const KINDS: [(&str, &str); 5] = [
    (
        "encounters",
        "patient_id uuid NOT NULL REFERENCES patients (id) ON DELETE CASCADE, diagnosis text, deleted_at timestamptz",
    ),
    (
        "invoices",
        "amount_cents bigint NOT NULL, currency char(3), paid_on date, number text UNIQUE",
    ),
    (
        "sessions",
        "user_id uuid NOT NULL REFERENCES users (id), ip_address inet, token text, expires_at timestamp",
    ),
    ("tickets", "subject text, assignee_id uuid REFERENCES users (id), status text DEFAULT 'open'"),
    ("codes", "code text NOT NULL, title text"),
];

/// A schema of so many tables: every kind in turn, some protected well, some not at all.
fn schema(tables: usize) -> String {
    let mut text = HEAD.to_owned();
    for table in 0..tables {
        let Some((kind, columns)) = KINDS.get(table % KINDS.len()) else { continue };
        let name = format!("{kind}_{table}");
        // Writing to a `String` cannot fail.
        let _ = write!(
            text,
            "CREATE TABLE {name} (id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations (id), {columns},
    kind_{table} text, note text, amount numeric(8,2) DEFAULT 0 CHECK (amount >= 0),
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON {name} (organization_id, created_at DESC);
CREATE INDEX ON {name} (lower(note)) WHERE note IS NOT NULL;
GRANT SELECT, INSERT, UPDATE ON {name} TO app; GRANT SELECT ON {name} TO report;
COMMENT ON TABLE {name} IS 'The {kind} of a clinic';
"
        );
        if table % 3 > 0 {
            let _ = write!(
                text,
                "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON {name} TO app USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
CREATE POLICY reading ON {name} FOR SELECT TO report USING (EXISTS (
    SELECT 1 FROM organizations AS o WHERE o.id = {name}.organization_id));
"
            );
        }
        if table % 2 > 0 {
            let _ = write!(
                text,
                "CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON {name}
    FOR EACH ROW EXECUTE FUNCTION record_change();
"
            );
        }
        if table % 10 == 0 {
            let _ = write!(
                text,
                "CREATE VIEW {name}_open AS SELECT * FROM {name} WHERE amount > 0; GRANT SELECT ON {name}_open TO report;
CREATE FUNCTION count_{name}() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM {name} $$;
"
            );
        }
    }
    text
}

fn main() {
    let text = schema(500);
    let mut sources = Sources::default();
    sources.add(Source::new(Side::Implemented, "implemented.sql", text.as_str()));
    let catalog = catalog_of(&text);
    let standard = Standard::default();
    let reviewed = || -> Review {
        review(&Input {
            documented: None,
            layers: &[Implementation::database(&catalog)],
            classes: &[],
            sources: &sources,
            standard: &standard,
            coverage: Coverage::default(),
            stamp: Stamp { id: Ulid::from_parts(0, 0), date: "2026-01-13".to_owned() },
        })
    };
    let first = reviewed();
    assert!(first.findings.len() > 1000 && first.tables.len() > 500, "it sees too little");
    let mut times: Vec<Duration> = (0..30)
        .map(|_| {
            let start = Instant::now();
            let again = reviewed();
            let time = start.elapsed();
            assert_eq!(again.findings.len(), first.findings.len());
            time
        })
        .collect();
    times.sort();
    let (best, middle) = (times.first().copied().unwrap_or_default(), times.get(times.len() / 2));
    println!(
        "{} tables: {} findings, {} recommendations, {} steps in {best:?} (median {:?})",
        first.tables.len(),
        first.findings.len(),
        first.recommendations.len(),
        first.plan.len(),
        middle.copied().unwrap_or_default(),
    );
    assert!(best < LIMIT, "the review took {best:?}, more than {LIMIT:?}");
}
