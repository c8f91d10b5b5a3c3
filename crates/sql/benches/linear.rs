//! The time to read and play 1,000, 10,000 and 100,000 statements, and its ratio to ten times fewer:
//! near ten where the cost grows linearly.

#![allow(clippy::print_stdout, reason = "what it measures is what it prints")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use schemaward_sql::catalog_of;

/// A history of about `count` statements: tables of a few columns with keys, policies, indexes,
/// triggers and comments, some of them renamed or dropped.
fn history(count: usize) -> String {
    let mut text = String::from(
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n",
    );
    for table in 0..count / 10 {
        // Writing to a `String` cannot fail.
        let _ = write!(
            text,
            "CREATE TABLE t{table} (id bigserial PRIMARY KEY, name text NOT NULL CHECK (name <> ''),
    parent_id bigint, deleted_at timestamptz);
ALTER TABLE t{table} ADD FOREIGN KEY (parent_id) REFERENCES t{parent} (id) ON DELETE CASCADE;
CREATE INDEX ON t{table} (parent_id) WHERE deleted_at IS NULL;
ALTER TABLE t{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t{table} USING (name = current_user);
CREATE TRIGGER touch BEFORE UPDATE ON t{table} FOR EACH ROW EXECUTE FUNCTION touch();
COMMENT ON TABLE t{table} IS 'number {table}';
ALTER TABLE t{table} ADD COLUMN note text DEFAULT 'none';
ALTER TABLE t{table} ALTER COLUMN note SET NOT NULL;
INSERT INTO t{table} (name) VALUES ('one');
",
            parent = table / 2,
        );
    }
    text
}

fn measure(count: usize) -> Duration {
    let text = history(count);
    let runs = if count > 10_000 { 1 } else { 3 };
    let times = (0..runs).map(|_| {
        let start = Instant::now();
        let catalog = catalog_of(&text);
        let taken = start.elapsed();
        assert_eq!(catalog.tables.len(), count / 10);
        taken
    });
    times.min().unwrap_or_default()
}

fn main() {
    let mut before: Option<Duration> = None;
    for count in [1_000, 10_000, 100_000] {
        let taken = measure(count);
        let ratio = before.map_or_else(String::new, |before| {
            format!(", {:.1} times as long", taken.as_secs_f64() / before.as_secs_f64())
        });
        println!("{count:>7} statements: {:>9.1} ms{ratio}", taken.as_secs_f64() * 1e3);
        before = Some(taken);
    }
}
