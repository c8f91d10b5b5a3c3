//! The time that a whole review of 500 tables takes (all rules, the classes, the matrix, access and the
//! plan), as the page makes it while someone types; and how it grows to 5,000 tables.

#![allow(clippy::print_stdout, reason = "what it measures is what it prints")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use schemaward_catalog::{Side, Source, Sources};
use schemaward_review::{Coverage, Implementation, Input, Review, Stamp, Standard, Ulid, review};
use schemaward_sql::catalog_of;

/// The time that a review of 500 tables may take.
const LIMIT: Duration = Duration::from_millis(50);

/// How many times as long ten times as many tables may take: look-ups grow with the logarithm, and
/// what no longer fits into the caches is slower.
const GROWTH: f64 = 20.0;

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

/// The time that this thread has had a processor to itself, where the system tells: other programs
/// on the machine make a review end later, and do not make it more work.
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// How long one of several repetitions takes, without what other programs take.
fn measured(times: u32, mut work: impl FnMut()) -> Duration {
    let (clock, processor) = (Instant::now(), processor_time());
    for _ in 0..times {
        work();
    }
    let processor = processor.and_then(|before| processor_time()?.checked_sub(before));
    processor.unwrap_or_else(|| clock.elapsed()) / times
}

/// Reviews a schema of so many tables so many times, prints what it saw, and answers with the time of
/// one review.
fn reviewed(tables: usize, times: u32) -> Duration {
    let text = schema(tables);
    let mut sources = Sources::default();
    sources.add(Source::new(Side::Implemented, "implemented.sql", text.as_str()));
    let catalog = catalog_of(&text);
    let standard = Standard::default();
    let once = || -> Review {
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
    let first = once();
    assert!(first.findings.len() > tables * 2 && first.tables.len() > tables, "it sees too little");
    let time = measured(times, || {
        assert_eq!(once().findings.len(), first.findings.len());
    });
    println!(
        "{} tables: {} findings, {} recommendations, {} rows of access, {} steps in {time:?}",
        first.tables.len(),
        first.findings.len(),
        first.recommendations.len(),
        first.access.len(),
        first.plan.len(),
    );
    time
}

fn main() {
    let time = reviewed(500, 30);
    let more = reviewed(5000, 3);
    let times = more.as_secs_f64() / time.as_secs_f64();
    println!("ten times the tables take {times:.1} times as long");
    assert!(time < LIMIT, "the review of 500 tables took {time:?}, more than {LIMIT:?}");
    assert!(times < GROWTH, "the time grows {times:.1} times");
}
