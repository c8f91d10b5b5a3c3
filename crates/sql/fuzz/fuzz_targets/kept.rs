//! Any text behind the words that begin a statement about an object that is kept as written is read, and
//! renames and drops of what it may be made of reach it, without a panic; what is left is read whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use schemaward_catalog::{Origin, SourceId};
use schemaward_sql::Effect;

/// The words that the first byte chooses from.
const HEADS: &[&str] = &[
    "CREATE AGGREGATE", "CREATE OR REPLACE AGGREGATE", "ALTER AGGREGATE", "DROP AGGREGATE",
    "COMMENT ON AGGREGATE", "CREATE CAST", "DROP CAST", "COMMENT ON CAST", "CREATE COLLATION",
    "ALTER COLLATION", "DROP COLLATION", "CREATE CONVERSION", "CREATE DEFAULT CONVERSION",
    "CREATE FOREIGN DATA WRAPPER", "ALTER FOREIGN DATA WRAPPER", "CREATE OPERATOR", "ALTER OPERATOR",
    "DROP OPERATOR", "COMMENT ON OPERATOR", "CREATE OPERATOR CLASS", "CREATE OPERATOR FAMILY",
    "ALTER OPERATOR FAMILY", "CREATE SERVER", "ALTER SERVER", "DROP SERVER",
    "CREATE TEXT SEARCH CONFIGURATION", "ALTER TEXT SEARCH CONFIGURATION",
    "CREATE TEXT SEARCH DICTIONARY", "CREATE TEXT SEARCH PARSER", "CREATE TEXT SEARCH TEMPLATE",
    "COMMENT ON TEXT SEARCH PARSER",
];

/// What definitions may be made of.
const BEFORE: &str = "CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION add(pair, pair) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION done(x pair DEFAULT NULL) RETURNS int LANGUAGE sql RETURN 1;
";

/// What changes their names, and takes them away.
const AFTER: &str = "ALTER FUNCTION add(pair, pair) RENAME TO \"Plus\";
ALTER TYPE pair RENAME TO duo;
ALTER FUNCTION done(duo) SET SCHEMA pg_temp;
";

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let head = HEADS[usize::from(*first) % HEADS.len()];
    let text = String::from_utf8_lossy(rest);
    let text = format!("{BEFORE}{head} {text}\n;\n{AFTER}");
    let catalog = schemaward_sql::catalog_of(&text);
    let sql = schemaward_render::catalog_sql(&catalog);
    for statement in schemaward_sql::read(SourceId(0), &sql) {
        let span = statement.span;
        if let Effect::Unread(reason, _) = statement.effect {
            let origin = Origin { source: SourceId(0), span };
            panic!("our own SQL is unread: {reason}: {}", origin.span.of(&sql));
        }
    }
    schemaward_sql::catalog_of(&format!("{text}DROP TYPE duo CASCADE;\nDROP FUNCTION \"Plus\" CASCADE;\n"));
});
