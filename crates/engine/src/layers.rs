//! Which layer of the implemented side a source belongs to.
//!
//! Decided by what the sources are, never by an option: a dump and the migrations that should have
//! led to it are two tellings of one schema, and playing one on top of the other would be none. A
//! baseline dump that migrations go on from is one telling.

use std::collections::BTreeSet;

use schemaward_catalog::Change;
use schemaward_review::Layer;
use schemaward_sql::{Effect, Statement};

use crate::order;

/// One source of SQL, as far as its layer depends on it.
pub(crate) struct Given<'a> {
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) statements: &'a [Statement],
}

/// The layer of each source.
///
/// Migrations are what a tool runs by number, and the files beside them that are no dump. They are a
/// layer of their own when they create a table that the other sources create too; else all sources
/// go on from each other, and are one layer.
pub(crate) fn layers(sources: &[Given<'_>]) -> Vec<Layer> {
    let numbered: Vec<bool> =
        sources.iter().map(|source| order::is_migration(source.path)).collect();
    let folders: BTreeSet<&str> = sources
        .iter()
        .zip(&numbered)
        .filter(|(_, numbered)| **numbered)
        .map(|(source, _)| order::folder_of(source.path))
        .collect();
    let layers: Vec<Layer> = sources
        .iter()
        .zip(&numbered)
        .map(|(source, numbered)| {
            let beside = folders.contains(order::folder_of(source.path)) && !is_dump(source.text);
            if *numbered || beside { Layer::Migrations } else { Layer::Database }
        })
        .collect();
    let created = |layer: Layer| -> BTreeSet<&str> {
        let sources = sources.iter().zip(&layers).filter(|(_, found)| **found == layer);
        sources.flat_map(|(source, _)| tables(source.statements)).collect()
    };
    let database = created(Layer::Database);
    if !created(Layer::Migrations).is_disjoint(&database) {
        return layers;
    }
    // What creates no table (seeds, checks of a deployment) tells of no database: it goes on from the
    // migrations.
    let only_migrations = database.is_empty() && layers.contains(&Layer::Migrations);
    let one = if only_migrations { Layer::Migrations } else { Layer::Database };
    vec![one; sources.len()]
}

/// Whether a text is what `pg_dump` writes, by the head it gives every dump.
fn is_dump(text: &str) -> bool {
    const HEAD_LINES: usize = 40;
    text.lines().take(HEAD_LINES).any(|line| {
        line.starts_with("-- PostgreSQL database dump")
            || line.starts_with("SELECT pg_catalog.set_config('search_path', '', false)")
    })
}

/// The bare names of the tables that statements create.
fn tables(statements: &[Statement]) -> impl Iterator<Item = &str> {
    let changes = statements.iter().flat_map(|statement| match &statement.effect {
        Effect::Read(changes) => changes.as_slice(),
        _ => &[],
    });
    changes.filter_map(|change| match change {
        Change::CreateTable(table) => Some(table.name.name.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use schemaward_catalog::SourceId;

    use super::*;

    /// `d` and `m` for each source, in order.
    #[track_caller]
    fn check(sources: &[(&str, &str)], expect: &str) {
        let read: Vec<_> =
            sources.iter().map(|(_, text)| schemaward_sql::read(SourceId(0), text)).collect();
        let given: Vec<Given<'_>> = sources
            .iter()
            .zip(&read)
            .map(|((path, text), statements)| Given { path, text, statements })
            .collect();
        let letters = layers(&given).into_iter().map(|layer| match layer {
            Layer::Database => 'd',
            Layer::Migrations => 'm',
            Layer::Models => '?',
        });
        assert_eq!(letters.collect::<String>(), expect, "{sources:?}");
    }

    const DUMP: &str = "--\n-- PostgreSQL database dump\n--\nCREATE TABLE public.a (x int);";

    #[test]
    fn what_creates_the_same_tables_is_another_telling() {
        check(&[("dump.sql", DUMP), ("m/1_a.sql", "CREATE TABLE a (x int);")], "dm");
        check(
            &[
                ("m/1_a.sql", "CREATE TABLE a ();"),
                ("m/views.sql", "CREATE VIEW v AS SELECT 1;"),
                ("structure.sql", DUMP),
            ],
            "mmd",
        );
        // Migrations that go on from a baseline.
        check(&[("dump.sql", DUMP), ("m/2_b.sql", "ALTER TABLE a ADD y int;")], "dd");
        check(&[("m/0001_baseline.sql", DUMP), ("m/0002_b.sql", "ALTER TABLE a ADD y int;")], "mm");
        // Without numbers, files go on from each other.
        check(&[("a.sql", "CREATE TABLE a (x int);"), ("b.sql", "CREATE TABLE a (x int);")], "dd");
        check(&[("1_a.sql", "CREATE TABLE a ();")], "m");
        // Seeds and the like beside migrations are no database without tables.
        check(
            &[("m/1_a.sql", "CREATE TABLE a ();"), ("seed.sql", "INSERT INTO a VALUES (1);")],
            "mm",
        );
        check(&[("seed.sql", "INSERT INTO a VALUES (1);")], "d");
        check(&[("schema.sql", "CREATE TABLE a ();")], "d");
        check(&[], "");
    }
}
