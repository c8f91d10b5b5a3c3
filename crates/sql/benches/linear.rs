//! The processor's time to read and play 1,000, 10,000 and 100,000 statements, and its ratio to ten times fewer:
//! near ten where the cost grows linearly. One history only grows; the other renames and drops what
//! others refer to.

#![allow(clippy::print_stdout, reason = "what it measures is what it prints")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use schemaward_sql::catalog_of;

/// A history of about `count` statements: tables of a few columns with keys, policies, indexes,
/// triggers and comments.
fn growing(count: usize) -> String {
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

/// A history of about `count` statements: tables that refer to each other, renamed part by part,
/// every other one dropped.
fn changing(count: usize) -> String {
    let mut text = String::new();
    for table in 0..count / 10 {
        let _ = write!(
            text,
            "CREATE TYPE kind{table} AS ENUM ('a', 'b');
CREATE TABLE t{table} (id serial PRIMARY KEY, name text UNIQUE, kind kind{table}, up int REFERENCES t{parent});
CREATE VIEW v{table} AS SELECT id, name FROM t{table};
",
            parent = table / 2,
        );
    }
    for table in (0..count / 10).rev() {
        let _ = write!(
            text,
            "ALTER TABLE t{table} RENAME COLUMN name TO title;
ALTER TABLE t{table} RENAME TO u{table};
ALTER TYPE kind{table} RENAME TO sort{table};
ALTER TABLE u{table} DROP CONSTRAINT t{table}_name_key;
ALTER TABLE u{table} DROP COLUMN kind;
DROP VIEW v{table};
"
        );
        if table % 2 == 1 {
            let _ = writeln!(text, "DROP TABLE u{table} CASCADE;");
        }
    }
    text
}

/// The processor's time of this thread where the system tells it, since other programs may run beside; else
/// the time that passes.
enum Clock {
    Processor(Duration),
    Wall(Instant),
}

impl Clock {
    fn now() -> Self {
        processor().map_or_else(|| Self::Wall(Instant::now()), Self::Processor)
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Processor(start) => processor().unwrap_or_default().saturating_sub(*start),
            Self::Wall(start) => start.elapsed(),
        }
    }
}

/// Linux counts it in nanoseconds.
fn processor() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn measure(text: &str, count: usize, tables: usize) -> Duration {
    let runs = if count > 10_000 { 1 } else { 3 };
    let times = (0..runs).map(|_| {
        let start = Clock::now();
        let catalog = catalog_of(text);
        let taken = start.elapsed();
        assert_eq!(catalog.tables.len(), tables);
        taken
    });
    times.min().unwrap_or_default()
}

/// Makes a history of so many statements.
type History = fn(usize) -> String;

fn main() {
    let histories: [(&str, History, usize); 2] =
        [("growing", growing, 10), ("changing", changing, 20)];
    for (name, history, statements_a_table) in histories {
        let mut before: Option<Duration> = None;
        for count in [1_000, 10_000, 100_000] {
            let taken = measure(&history(count), count, count / statements_a_table);
            let ratio = before.map_or_else(String::new, |before| {
                format!(", {:.1} times as long", taken.as_secs_f64() / before.as_secs_f64())
            });
            let taken_ms = taken.as_secs_f64() * 1e3;
            println!("{name}, {count:>7} statements: {taken_ms:>9.1} ms{ratio}");
            before = Some(taken);
        }
    }
}
