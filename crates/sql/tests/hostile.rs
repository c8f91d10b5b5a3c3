//! Hostile text costs an "unread", never a panic, and no statement is lost.

use std::fmt::Write;

use proptest::prelude::*;
use schemaward_catalog::SourceId;
use schemaward_sql::{Effect, catalog_of, read};

/// Pieces that steer the lexer and the parsers into their corners.
const PIECES: &[&str] = &[
    "CREATE ",
    "TABLE ",
    "ALTER ",
    "POLICY ",
    "TRIGGER ",
    "FUNCTION ",
    "INDEX ",
    "VIEW ",
    "ON ",
    "t ",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    "'",
    "\"",
    "$$",
    "$a$",
    "/*",
    "*/",
    "--",
    "\n",
    "\\",
    "\\.\n",
    "E'",
    "U&\"",
    "é",
    "\u{0}",
    "::",
    ":=",
    "..",
    "1.5",
    "0x",
    "COPY t FROM stdin;",
    "DEFAULT ",
    "NOT NULL ",
    "USING ",
    "WITH CHECK ",
    "AS ",
    "BEGIN ATOMIC ",
    "END",
    "CASE ",
    "COMMENT ON ",
    "GRANT ",
    "TO ",
    "PRIMARY KEY ",
    "REFERENCES ",
    "PARTITION BY ",
    "int ",
    "text",
    "IS ",
    "SET ",
    "search_path ",
    "=",
    "DO ",
    "SELECT ",
    "UESCAPE ",
];

/// Pieces of PL/pgSQL, for the inside of a block.
const CODE: &[&str] = &[
    "DECLARE ",
    "BEGIN ",
    "END ",
    "END IF; ",
    "END LOOP; ",
    "EXCEPTION WHEN OTHERS THEN ",
    "IF ",
    "THEN ",
    "ELSIF ",
    "ELSE ",
    "CASE ",
    "WHEN ",
    "LOOP ",
    "WHILE true ",
    "FOR i IN 1..3 ",
    "FOR r IN SELECT relname FROM pg_class ",
    "FOREACH t IN ARRAY ",
    "ARRAY['a', 'b'] ",
    "EXECUTE ",
    "format('CREATE TABLE %I (id int)', t) ",
    "'DROP TABLE x' ",
    "USING 1 ",
    "INTO t ",
    "PERFORM f(1); ",
    "CALL p(); ",
    "RAISE EXCEPTION 'x'; ",
    "RETURN ",
    "EXIT ",
    "CONTINUE WHEN ",
    "EXISTS (SELECT FROM pg_roles) ",
    "NOT ",
    "NULL",
    "; ",
    "<<l>> ",
    "t := ",
    "t text; ",
    "i int := 1; ",
    "|| t ",
    "1 ",
    "= ",
    "CREATE TABLE t (id int); ",
    "SELECT x INTO t FROM unnest(ARRAY[1]) x; ",
    "'",
    "(",
    ")",
    "$1",
    "..",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn code_of_any_pieces_runs(pieces in prop::collection::vec(prop::sample::select(CODE), 0..40)) {
        let code = pieces.concat();
        catalog_of(&format!("DO $do$ BEGIN {code} END $do$;"));
        catalog_of(&format!(
            "CREATE FUNCTION f(t text) RETURNS text LANGUAGE plpgsql AS $do$ {code} $do$; SELECT f('a');"
        ));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_run_of_pieces_reads(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        let statements = read(SourceId(0), &text);
        // Spans are in order, apart, on character boundaries and never empty.
        let mut end = 0;
        for statement in &statements {
            prop_assert!(statement.span.start >= end && statement.span.end > statement.span.start);
            prop_assert!(!statement.span.of(&text).is_empty());
            end = statement.span.end;
        }
        // What stands between statements is white space, comments and semicolons.
        if text.is_ascii() && !text.contains(['-', '*', '\\', '\'']) {
            let inside: usize = statements.iter().map(|s| s.span.of(&text).split_whitespace().collect::<String>().replace(';', "").len()).sum();
            let all = text.split_whitespace().collect::<String>().replace([';'], "");
            if !all.contains('/') {
                prop_assert_eq!(inside, all.len());
            }
        }
        catalog_of(&text);
    }

    #[test]
    fn any_text_reads(text in ".{0,200}") {
        catalog_of(&text);
    }
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in
        [("(", ")"), ("NOT ", ""), ("- ", ""), ("CASE WHEN ", " THEN 1 END"), ("ARRAY[", "]")]
    {
        let bomb = format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
        let text =
            format!("CREATE TABLE t (a int DEFAULT {bomb});\nCREATE POLICY p ON t USING ({bomb});");
        let statements = read(SourceId(0), &text);
        assert_eq!(statements.len(), 2, "{open}");
    }
    // A chain is a tree as deep as it is long, whatever the recursion limit says.
    for chain in [" + a", " OR a", "::text", " IS NULL", "[1]", ".b", " AND NOT a"] {
        catalog_of(&format!("CREATE TABLE t (a int CHECK (a{}));", chain.repeat(100_000)));
        catalog_of(&format!("CREATE VIEW v AS SELECT a{};", chain.repeat(100_000)));
        catalog_of(&format!("SELECT a{};", chain.repeat(100_000)));
    }
    let comment = "/*".repeat(100_000);
    assert_eq!(read(SourceId(0), &comment).len(), 1);
}

#[test]
fn wide_tables_and_noise_are_bounded() {
    let columns: Vec<_> = (0..50_000).map(|number| format!("c{number} int")).collect();
    let catalog = catalog_of(&format!("CREATE TABLE t ({});", columns.join(", ")));
    assert!(catalog.tables.values().all(|table| table.columns.len() == 1_600));
    assert_eq!(read(SourceId(0), &"';".repeat(1_000_000)).len(), 1);
}

#[test]
fn many_statements_read() {
    let mut text = String::new();
    for number in 0..20_000 {
        let _ = writeln!(
            text,
            "CREATE TABLE t{number} (id int PRIMARY KEY, a text DEFAULT 'x' NOT NULL);"
        );
    }
    let statements = read(SourceId(0), &text);
    assert!(statements.iter().all(|s| matches!(s.effect, Effect::Read(_))));
    assert_eq!(catalog_of(&text).tables.len(), 20_000);
}

/// Found by fuzzing: each was read as something else, or lost.
#[test]
fn what_the_server_cannot_mean_is_unread() {
    let cases = [
        ("CREATE DOMAIN d AS int DEFAULT 3]\n;", "closed that was not opened"),
        ("CREATE TABLE t (a int DEFAULT (3]) );", "closed that was not opened"),
        ("CREATE TABLE t (a int));", "closed that was not opened"),
        ("ALTER TABLE t ALTER a SET DEFAULT ARRAY['x';", "a bracket is never closed"),
    ];
    for (text, expect) in cases {
        let statements = read(SourceId(0), text);
        let [statement] = statements.as_slice() else { panic!("{text}: {statements:?}") };
        match &statement.effect {
            Effect::Unread(reason, _) => assert!(reason.contains(expect), "{text}: {reason}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    // In a block, too.
    let block = catalog_of("DO $$ BEGIN CREATE DOMAIN d AS text DEFAULT 'a'); END $$;");
    assert!(block.types.is_empty(), "{:?}", block.types);
    // A lone carriage return ends a comment, as for the server.
    let after_comment = read(SourceId(0), "-- a comment\rCREATE TABLE t ();");
    assert!(matches!(after_comment.as_slice(), [one] if matches!(one.effect, Effect::Read(_))));
    // A psql command inside a statement is of the statement.
    let text = "CREATE TABLE t (a int\n\\echo x\n";
    let end = read(SourceId(0), text).last().map(|statement| statement.span.end as usize);
    assert_eq!(end, Some(text.trim_end().len()));
}
