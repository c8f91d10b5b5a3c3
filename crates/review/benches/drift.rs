//! The time to compare a document of 500 tables with an implementation of 500, a tenth of which
//! differ: the page does it while someone types.

#![allow(clippy::print_stdout, reason = "what it measures is what it prints")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use schemaward_catalog::{Side, Source, Sources};
use schemaward_review::{
    Coverage, Implementation, Input, Stamp, Standard, Ulid, compare_versions, review,
};
use schemaward_sql::catalog_of;

/// The time that comparing may take.
const LIMIT: Duration = Duration::from_millis(50);

/// A schema of tables with keys, checks, indexes and policies; the implemented one spells expressions
/// as the server does, and every tenth table has something of its own.
fn schema(tables: usize, implemented: bool) -> String {
    let mut text = String::new();
    for table in 0..tables {
        let own = if implemented && table % 10 == 0 { ", extra text" } else { "" };
        let check = if implemented {
            "((state)::text = ANY (ARRAY['open'::text, 'done'::text]))"
        } else {
            "state IN ('open', 'done')"
        };
        // Writing to a `String` cannot fail.
        let _ = write!(
            text,
            "CREATE TABLE t{table} (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), organization_id uuid NOT NULL,
    name varchar(200) NOT NULL, state text NOT NULL DEFAULT 'open' CHECK ({check}), amount numeric(8,2) DEFAULT 0,
    note text, parent_id uuid, c{table} integer, created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(), deleted_at timestamptz{own});
ALTER TABLE t{table} ADD FOREIGN KEY (parent_id) REFERENCES t{parent} (id) ON DELETE RESTRICT;
CREATE INDEX ON t{table} (parent_id) WHERE deleted_at IS NULL;
CREATE INDEX ON t{table} (lower(name), created_at DESC);
ALTER TABLE t{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t{table} USING (organization_id = current_setting('app.current_tenant_id', true)::uuid);
",
            parent = table / 2,
        );
    }
    text
}

fn main() {
    let (documented, implemented) = (schema(500, false), schema(500, true));
    let mut sources = Sources::default();
    sources.add(Source::new(Side::Documented, "documented.sql", documented.as_str()));
    sources.add(Source::new(Side::Implemented, "implemented.sql", implemented.as_str()));
    let (documented, implemented) = (catalog_of(&documented), catalog_of(&implemented));
    let standard = Standard::default();
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let start = Instant::now();
        let versions = compare_versions(
            Implementation::database(&documented),
            Implementation::database(&implemented),
            &sources,
            &standard,
        );
        assert_eq!(versions.changes.len(), 50);
        best = best.min(start.elapsed());
    }
    println!("500 tables against 500 compared and judged in {best:?}");
    let start = Instant::now();
    let whole = review(&Input {
        documented: Some(Implementation::database(&documented)),
        layers: &[Implementation::database(&implemented)],
        classes: &[],
        sources: &sources,
        standard: &standard,
        coverage: Coverage::default(),
        stamp: Stamp { id: Ulid::from_parts(0, 0), date: "2026-01-13".to_owned() },
    });
    println!(
        "the whole review, {} rows with their repairs, took {:?}",
        whole.discrepancies.len(),
        start.elapsed()
    );
    assert!(best < LIMIT, "comparing took {best:?}, more than {LIMIT:?}");
}
