//! A catalog written as SQL reads back as the same catalog.

use schemaward_catalog::{Side, Source, Sources};
use schemaward_render::{catalog_json, catalog_sql};
use schemaward_sql::catalog_of;

#[test]
fn sql_reads_back() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/clinic/implemented.sql");
    let text = std::fs::read_to_string(path).expect("the fixture is in the repository");
    let written = catalog_sql(&catalog_of(&text));
    let again = catalog_sql(&catalog_of(&written));
    // The constraints of a table have no order that matters.
    let lines = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&written), lines(&again));
}

#[test]
fn order_is_that_of_dependency() {
    let written = catalog_sql(&catalog_of(
        "CREATE TABLE b (id int PRIMARY KEY);
         CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES b, c int REFERENCES a NOT NULL);
         ALTER TABLE b ADD COLUMN a int REFERENCES a;
         CREATE VIEW z AS SELECT id FROM a;
         CREATE VIEW y AS SELECT id FROM z;
         CREATE FUNCTION f(row_of a) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 2';",
    ));
    let at = |text: &str| written.find(text).unwrap_or_else(|| panic!("{text} in {written}"));
    assert!(at("FUNCTION public.g") < at("TABLE public.a"));
    assert!(at("TABLE public.a") < at("FUNCTION public.f"));
    assert!(at("TABLE public.b") < at("FOREIGN KEY"));
    assert!(at("VIEW public.z") < at("VIEW public.y"));
}

#[test]
fn json_names_the_places() {
    let text = "\nCREATE TABLE a (id int);";
    let mut sources = Sources::default();
    sources.add(Source::new(Side::Implemented, "a.sql", text));
    let made = catalog_json(&catalog_of(text), &sources);
    let value: serde_json::Value = serde_json::from_str(&made).expect("our own JSON");
    let origin = value.pointer("/tables/0/origin").expect("a table with its place");
    assert_eq!(*origin, serde_json::json!({ "source": "a.sql", "line": 2, "column": 1 }));
    assert!(made.ends_with("}\n"));
}
