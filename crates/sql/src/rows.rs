//! What a statement does to the rows of whole tables.

use schemaward_catalog::{ObjectName, SourceId};

use crate::cursor::Cursor;
use crate::lexer::TokenKind;
use crate::splitter::split;

/// A table that a statement leaves without a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emptied {
    /// Its name, as written.
    pub table: ObjectName,
    /// `ONLY`: those that inherit from it keep theirs.
    pub only: bool,
}

/// The tables that a statement leaves without a row: those of `TRUNCATE`, and that of a `DELETE`
/// with neither a condition nor a join, which may stand in the `WITH` of another statement.
///
/// Of a text of several statements, those of all of them. What cannot be read empties nothing.
#[must_use]
pub fn emptied_tables(text: &str) -> Vec<Emptied> {
    let mut found = Vec::new();
    // Most statements say neither word, and need not be taken apart.
    let says = |word: &str| {
        text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    if !says("truncate") && !says("delete") {
        return found;
    }
    for statement in split(text) {
        if statement.broken.is_none() && statement.meta.is_none() {
            let cursor = Cursor::new(PLACE, text, &statement.tokens);
            emptied(cursor, 0, &mut found);
        }
    }
    found
}

/// Whether a statement builds an index and lets the table be written to meanwhile
/// (`CREATE INDEX CONCURRENTLY`).
#[must_use]
pub fn builds_concurrently(text: &str) -> bool {
    split(text).iter().any(|statement| {
        let mut cursor = Cursor::new(PLACE, text, &statement.tokens);
        cursor.eat(&["create"]) && {
            cursor.eat(&["unique"]);
            cursor.eat(&["index", "concurrently"])
        }
    })
}

/// Nothing that is read here keeps a place.
const PLACE: SourceId = SourceId(0);

/// How deep `WITH` may stand inside of `WITH`.
const DEPTH: usize = 16;

fn emptied(mut cursor: Cursor<'_>, depth: usize, found: &mut Vec<Emptied>) {
    if depth > DEPTH {
        return;
    }
    if cursor.eat(&["truncate"]) {
        cursor.eat(&["table"]);
        loop {
            let Some(table) = relation(&mut cursor) else { return };
            found.push(table);
            if !cursor.eat_kind(TokenKind::Comma) {
                return;
            }
        }
    }
    if cursor.eat(&["with"]) {
        cursor.eat(&["recursive"]);
        loop {
            if cursor.identifier().is_err() {
                return;
            }
            if cursor.is_kind(TokenKind::LeftParen) && cursor.parens().is_err() {
                return;
            }
            if !cursor.eat(&["as"]) {
                return;
            }
            cursor.eat(&["not"]);
            cursor.eat(&["materialized"]);
            let Ok(query) = cursor.parens() else { return };
            emptied(query, depth + 1, found);
            // `SEARCH` and `CYCLE` stand behind queries, which delete nothing.
            if !cursor.eat_kind(TokenKind::Comma) {
                break;
            }
        }
    }
    if cursor.eat(&["delete", "from"])
        && let Some(table) = relation(&mut cursor)
    {
        if cursor.eat(&["as"])
            || !(cursor.at_end() || cursor.is_any(&["using", "where", "returning"]))
        {
            let _ = cursor.identifier();
        }
        if cursor.at_end() || cursor.is("returning") {
            found.push(table);
        }
    }
}

/// `[ONLY] name [*]`, `ONLY (name)`.
fn relation(cursor: &mut Cursor<'_>) -> Option<Emptied> {
    let only = cursor.eat(&["only"]);
    if only && cursor.is_kind(TokenKind::LeftParen) {
        let table = cursor.parens().ok()?.object_name().ok()?;
        return Some(Emptied { table, only });
    }
    let table = cursor.object_name().ok()?;
    cursor.eat_operator("*");
    Some(Emptied { table, only })
}

#[cfg(test)]
mod tests {
    use super::{builds_concurrently, emptied_tables};

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let found = emptied_tables(text).into_iter().map(|it| {
            let schema = it.table.schema.map(|schema| format!("{schema}.")).unwrap_or_default();
            format!("{}{schema}{}", if it.only { "only " } else { "" }, it.table.name)
        });
        assert_eq!(found.collect::<Vec<_>>().join(", "), expect, "{text}");
    }

    #[test]
    fn a_table_is_emptied_by_what_leaves_no_row() {
        check("TRUNCATE patients", "patients");
        check(
            "truncate table only a, \"B c\".\"d\" *, e RESTART IDENTITY CASCADE;",
            "only a, B c.d, e",
        );
        check("DELETE FROM patients", "patients");
        check("DELETE FROM ONLY (app.patients) AS p RETURNING *", "only app.patients");
        check("DELETE FROM patients p", "patients");
        check("DELETE FROM patients -- WHERE id = 1\n;", "patients");
        check("DELETE FROM \"where\"", "where");
        check(
            "WITH gone AS MATERIALIZED (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone",
            "a",
        );
        check("WITH x AS (SELECT 1 WHERE true) DELETE FROM a", "a");
        check("TRUNCATE a; DELETE FROM b WHERE x; DELETE FROM c", "a, c");
    }

    #[test]
    fn what_keeps_rows_empties_nothing() {
        check("DELETE FROM patients WHERE name IS NULL", "");
        check("DELETE FROM patients USING visits WHERE true", "");
        check("DELETE FROM patients p USING visits v", "");
        check("WITH gone AS (DELETE FROM a WHERE x) SELECT 1", "");
        check("WITH x AS (SELECT 1) DELETE FROM a WHERE id IN (SELECT * FROM x)", "");
        check("INSERT INTO log VALUES ('TRUNCATE patients')", "");
        check("SELECT 'DELETE FROM patients'", "");
        check("-- TRUNCATE patients\nSELECT 1", "");
        check("/* DELETE FROM patients */ UPDATE patients SET a = 1", "");
        check("EXPLAIN DELETE FROM patients", "");
        check("DELETE patients", "");
        check("TRUNCATE", "");
    }

    #[test]
    fn an_index_is_built_concurrently_where_it_says_so() {
        for text in [
            "CREATE INDEX CONCURRENTLY ON t (a)",
            "create unique /* for names */ index concurrently if not exists i on t (a)",
        ] {
            assert!(builds_concurrently(text), "{text}");
        }
        for text in [
            "CREATE INDEX \"concurrently\" ON t (a)",
            "CREATE INDEX i ON concurrently (a)",
            "CREATE INDEX /* concurrently */ i ON t (a)",
            "CREATE INDEX i ON t (a) WHERE b = 'CONCURRENTLY'",
            "REINDEX INDEX CONCURRENTLY i",
        ] {
            assert!(!builds_concurrently(text), "{text}");
        }
    }
}
