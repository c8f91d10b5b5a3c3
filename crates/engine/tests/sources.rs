//! Files of migration tools and psql scripts: what of them is run, and in which order.
#![allow(clippy::expect_used, reason = "what fails here fails the test")]

use schemaward_engine::{Side, Stamp, Workspace};

/// The tables and columns that are made, and the sum of the statements.
#[track_caller]
fn check(sources: &[(&str, &str)], tables: &str, sum: &str) {
    let mut workspace = Workspace::new();
    for (path, text) in sources {
        workspace.set_source(Side::Implemented, path, text);
    }
    let (catalog, _) = workspace.catalog(Side::Implemented);
    let made = catalog.tables.values().map(|table| {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        format!("{}({})", table.name.name, columns.join(","))
    });
    assert_eq!(made.collect::<Vec<_>>().join(" "), tables);
    let id = "01KEV0S8Z0CCCCCCCCCCCCCCCC".parse().expect("a ULID");
    let review = workspace.review(Stamp { id, date: "2026-01-13".into() });
    let coverage = review.expect("the built-in standard is a standard").coverage;
    let (read, irrelevant, unread) = (coverage.read, coverage.irrelevant, coverage.unread.len());
    assert_eq!(format!("{} = {read} + {irrelevant} + {unread}", coverage.statements), sum);
    assert_eq!(coverage.statements, read + irrelevant + unread);
}

#[test]
fn only_the_way_up_is_run() {
    check(
        &[
            ("2_b.up.sql", "ALTER TABLE a ADD y int;"),
            ("2_b.down.sql", "ALTER TABLE a DROP y; DROP TABLE x;"),
            ("1_a.up.sql", "CREATE TABLE a (x int);"),
            ("1_a.down.sql", "DROP TABLE a;"),
        ],
        "a(x,y)",
        "5 = 2 + 3 + 0",
    );
    check(
        &[(
            "1_a.sql",
            "-- migrate:up\nCREATE TABLE a (x int);\n\n-- migrate:down\nDROP TABLE a;\n",
        )],
        "a(x)",
        "2 = 1 + 1 + 0",
    );
}

#[test]
fn an_included_file_is_read_where_it_is_included() {
    check(
        &[
            ("db/parts/a.sql", "ALTER TABLE t ADD y int;"),
            ("db/all.sql", "CREATE TABLE t (x int);\n\\ir parts/a.sql\nALTER TABLE t ADD z int;\n"),
        ],
        "t(x,y,z)",
        "4 = 4 + 0 + 0",
    );
    // One that was not given is said to be missing; a circle is read once.
    check(&[("all.sql", "\\i gone.sql\nCREATE TABLE t ();")], "t()", "2 = 1 + 0 + 1");
    check(&[("a.sql", "CREATE TABLE t ();\n\\i a.sql\n")], "t()", "2 = 1 + 0 + 1");
}
