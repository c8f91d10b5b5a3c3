//! Any body of a `DO` block or of a called function is evaluated without a panic, in bounded time,
//! and every statement has one outcome.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// A small schema, so that guards and loops over the catalog have something to find.
const SCHEMA: &str = "CREATE TABLE a (id int PRIMARY KEY, b_id int, name text);
CREATE TABLE b (id int PRIMARY KEY, at timestamptz DEFAULT now());
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NEW; END $f$;
";

fuzz_target!(|data: &[u8]| {
    let body = String::from_utf8_lossy(data);
    if body.contains("$fuzz$") {
        return;
    }
    let block = format!("{SCHEMA}DO $fuzz$ {body} $fuzz$;");
    schemaward_sql::catalog_of(&block);
    let function = format!(
        "{SCHEMA}CREATE FUNCTION f(t regclass, n text DEFAULT 'a') RETURNS void LANGUAGE plpgsql AS $fuzz$ {body} $fuzz$;\nSELECT f('a'), f('b', 'x');"
    );
    schemaward_sql::catalog_of(&function);
});
