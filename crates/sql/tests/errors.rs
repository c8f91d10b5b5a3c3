//! What PostgreSQL rejects becomes a note at its place, and the rest goes on. The messages were
//! compared with those of a server.

use schemaward_catalog::{Catalog, Origin, SourceId};
use schemaward_sql::{Effect, catalog_of, read};

/// The notes of a text, each with the text of the statement it is about.
fn notes(sql: &str) -> Vec<(String, String)> {
    let mut catalog = Catalog::new();
    let source = SourceId(0);
    let mut found = Vec::new();
    for statement in read(source, sql) {
        let origin = Origin { source, span: statement.span };
        let Effect::Read(changes) = statement.effect else { continue };
        for change in changes {
            for problem in catalog.apply(change, origin) {
                let place = problem.origin.span.of(sql).trim().to_owned();
                found.push((problem.message, place));
            }
        }
    }
    found
}

/// The last statement of `sql` is rejected with `message`, the ones before it are not.
#[track_caller]
fn rejects(sql: &str, message: &str) {
    let found = notes(sql);
    let last = sql.trim_end_matches(';').rsplit(";\n").next().unwrap_or(sql).trim();
    let told: Vec<_> = found.iter().map(|(message, _)| message.as_str()).collect();
    assert_eq!(told, [message], "{sql}");
    assert!(found.iter().all(|(_, place)| place.trim_end_matches(';') == last), "{found:?}");
}

#[track_caller]
fn accepts(sql: &str) {
    assert_eq!(notes(sql), []);
}

#[test]
fn duplicates() {
    rejects("CREATE TABLE t (a int);\nCREATE TABLE t (b int);", "relation \"t\" already exists");
    rejects("CREATE SCHEMA s;\nCREATE SCHEMA s;", "schema \"s\" already exists");
    rejects(
        "CREATE TABLE t (a int);\nALTER TABLE t ADD COLUMN a text;",
        "column \"a\" of relation \"t\" already exists",
    );
    rejects("CREATE TABLE t (a int, a text);", "column \"a\" specified more than once");
    rejects(
        "CREATE TABLE t (a int PRIMARY KEY, b int);\nALTER TABLE t ADD PRIMARY KEY (b);",
        "multiple primary keys for table \"t\" are not allowed",
    );
    rejects(
        "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0));\nALTER TABLE t ADD CONSTRAINT c CHECK (a > 1);",
        "constraint \"c\" for relation \"t\" already exists",
    );
    rejects(
        "CREATE TABLE t (a int);\nCREATE INDEX i ON t (a);\nCREATE INDEX i ON t (a);",
        "relation \"i\" already exists",
    );
    rejects(
        "CREATE TABLE t (a int);\nCREATE POLICY p ON t;\nCREATE POLICY p ON t;",
        "policy \"p\" for table \"t\" already exists",
    );
    rejects("CREATE TYPE k AS ENUM ();\nCREATE TYPE k AS ENUM ();", "type \"k\" already exists");
}

#[test]
fn checks_that_a_parent_has_are_merged() {
    accepts(
        "CREATE TABLE p (a int, CONSTRAINT c CHECK (a > 0));\nCREATE TABLE q (CONSTRAINT c CHECK (a > 0)) INHERITS (p);",
    );
}

#[test]
fn parts_of_a_parent_are_not_dropped_alone() {
    rejects(
        "CREATE TABLE p (a int, UNIQUE (a)) PARTITION BY LIST (a);\nCREATE TABLE q PARTITION OF p FOR VALUES IN (1);\nALTER TABLE q DROP CONSTRAINT q_a_key;",
        "cannot drop inherited constraint \"q_a_key\" of relation \"q\"",
    );
    accepts(
        "CREATE TABLE p (a int, UNIQUE (a)) PARTITION BY LIST (a);\nCREATE TABLE q PARTITION OF p FOR VALUES IN (1);\nALTER TABLE p DROP CONSTRAINT p_a_key;",
    );
}

#[test]
fn what_is_not_there() {
    rejects("ALTER TABLE t ADD COLUMN a int;", "relation \"t\" does not exist");
    rejects("DROP TABLE t;", "table \"t\" does not exist");
    rejects("CREATE TABLE t (a int, PRIMARY KEY (b));", "column \"b\" named in key does not exist");
    rejects("CREATE TABLE t (a int, UNIQUE (b));", "column \"b\" named in key does not exist");
    rejects("CREATE TABLE t (a int);\nCREATE INDEX ON t (b);", "column \"b\" does not exist");
    rejects("CREATE TABLE t (a int CHECK (b > 0));", "column \"b\" does not exist");
    rejects(
        "CREATE TABLE t (a int);\nALTER TABLE t ADD CHECK (b > 0);",
        "column \"b\" does not exist",
    );
    rejects(
        "CREATE TABLE t (a int, g int GENERATED ALWAYS AS (b * 2) STORED);",
        "column \"b\" does not exist",
    );
    rejects(
        "CREATE TABLE t (a int);\nCREATE POLICY p ON t USING (b > 0);",
        "column \"b\" does not exist",
    );
    rejects(
        "CREATE TABLE t (a int);\nCREATE POLICY p ON t WITH CHECK (t.b > 0);",
        "column t.b does not exist",
    );
    rejects(
        "CREATE TABLE t (a int);\nALTER TABLE t DROP COLUMN b;",
        "column \"b\" of relation \"t\" does not exist",
    );
    rejects("CREATE TABLE t (a int REFERENCES p);", "relation \"p\" does not exist");
    rejects(
        "CREATE TABLE p (a int PRIMARY KEY);\nCREATE TABLE t (a int REFERENCES p (b));",
        "column \"b\" referenced in foreign key constraint does not exist",
    );
}

#[test]
fn foreign_keys_that_do_not_fit() {
    rejects(
        "CREATE TABLE p (a int);\nCREATE TABLE t (a int REFERENCES p);",
        "there is no primary key for referenced table \"p\"",
    );
    rejects(
        "CREATE TABLE p (a int PRIMARY KEY, b int);\nCREATE TABLE t (b int REFERENCES p (b));",
        "there is no unique constraint matching given keys for referenced table \"p\"",
    );
    rejects(
        "CREATE TABLE p (a uuid PRIMARY KEY);\nCREATE TABLE t (a int REFERENCES p);",
        "foreign key constraint \"t_a_fkey\" cannot be implemented",
    );
    rejects(
        "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));\nCREATE TABLE t (a int REFERENCES p);",
        "number of referencing and referenced columns for foreign key disagree",
    );
}

#[test]
fn what_foreign_keys_need_stays() {
    rejects(
        "CREATE TABLE p (a int PRIMARY KEY, UNIQUE (a));\nCREATE TABLE t (a int REFERENCES p (a));\nALTER TABLE p DROP CONSTRAINT p_pkey;",
        "cannot drop constraint p_pkey on table p because other objects depend on it",
    );
    rejects(
        "CREATE TABLE p (a int);\nCREATE UNIQUE INDEX i ON p (a);\nCREATE TABLE t (a int REFERENCES p (a));\nDROP INDEX i;",
        "cannot drop index i because other objects depend on it",
    );
    // The index of a constraint, and that of a partition which is a part of its parent's, are theirs.
    rejects(
        "CREATE TABLE p (a int PRIMARY KEY);\nDROP INDEX p_pkey;",
        "cannot drop index p_pkey because constraint p_pkey on table p requires it",
    );
    rejects(
        "CREATE TABLE p (a int, CONSTRAINT u UNIQUE (a));\nDROP INDEX IF EXISTS u CASCADE;",
        "cannot drop index u because constraint u on table p requires it",
    );
    rejects(
        "CREATE TABLE p (a int) PARTITION BY LIST (a);\nCREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);\nCREATE INDEX i ON p (a);\nDROP INDEX p1_a_idx;",
        "cannot drop index p1_a_idx because index i requires it",
    );
    // The other one of two that would do is needed by none.
    accepts(
        "CREATE TABLE p (a int PRIMARY KEY);\nALTER TABLE p ADD UNIQUE (a);\nCREATE TABLE t (a int REFERENCES p (a));\nALTER TABLE p DROP CONSTRAINT p_a_key;",
    );
    accepts(
        "CREATE TABLE p (a int UNIQUE);\nALTER TABLE p ADD PRIMARY KEY (a);\nCREATE TABLE t (a int REFERENCES p (a));\nALTER TABLE p DROP CONSTRAINT p_pkey;",
    );
}

#[test]
fn what_is_used_stays() {
    rejects(
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE TABLE t (a int DEFAULT f(1));\nDROP FUNCTION f(int);",
        "cannot drop function f(integer) because other objects depend on it",
    );
    rejects(
        "CREATE FUNCTION f() RETURNS bool LANGUAGE sql AS 'SELECT true';\nCREATE TABLE t (a int);\nCREATE POLICY p ON t USING (f());\nDROP FUNCTION f;",
        "cannot drop function f() because other objects depend on it",
    );
    rejects(
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\nCREATE TABLE t (a int);\nCREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f();\nDROP FUNCTION f();",
        "cannot drop function f() because other objects depend on it",
    );
    rejects(
        "CREATE TYPE k AS ENUM ('a');\nCREATE TABLE t (a k);\nDROP TYPE k;",
        "cannot drop type k because other objects depend on it",
    );
    rejects(
        "CREATE TYPE k AS ENUM ('a');\nCREATE FUNCTION f(k) RETURNS int LANGUAGE sql AS 'SELECT 1';\nDROP TYPE k;",
        "cannot drop type k because other objects depend on it",
    );
    rejects(
        "CREATE DOMAIN d AS int;\nCREATE DOMAIN e AS d;\nDROP DOMAIN d;",
        "cannot drop type d because other objects depend on it",
    );
    // Of two functions of one name the other one is used.
    accepts(
        "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE FUNCTION f(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE TABLE t (a int DEFAULT f(1));\nDROP FUNCTION f(int, int);",
    );
}

#[test]
fn what_the_server_takes_raises_nothing() {
    accepts(
        "CREATE TABLE p (a int PRIMARY KEY, b int REFERENCES p) PARTITION BY LIST (a);\nCREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);\nDROP TABLE p;",
    );
    accepts("CREATE TABLE p (a bigint PRIMARY KEY);\nCREATE TABLE t (a int REFERENCES p);");
    accepts("CREATE TABLE p (a text PRIMARY KEY);\nCREATE TABLE t (a varchar(3) REFERENCES p);");
    accepts(
        "CREATE TABLE p (a int);\nCREATE UNIQUE INDEX ON p (a);\nCREATE TABLE t (a int REFERENCES p (a));",
    );
    accepts("CREATE TABLE t (a int, CHECK (t.a > 0 AND tableoid > 0 AND t IS NOT NULL));");
    accepts(
        "CREATE TABLE t (a int);\nCREATE TABLE u (b int);\nCREATE POLICY p ON t USING (a IN (SELECT b FROM u));",
    );
    accepts(
        "CREATE TABLE t (a int DEFAULT 1, b text CHECK (b = current_user OR b = CURRENT_ROLE));",
    );
}

/// What psql puts in the place of a variable is said, wherever it stands; slices are none.
#[test]
fn psql_variables_are_said() {
    let said = |sql: &str| {
        let found = notes(sql).into_iter().map(|(message, _)| message);
        let names =
            found.filter_map(|message| Some(message.split_once("` stands for")?.0.to_owned()));
        names.map(|name| name.trim_start_matches('`').to_owned()).collect::<Vec<_>>()
    };
    for (sql, names) in [
        ("CREATE TABLE t (a int CHECK (a > :least));", vec![":least"]),
        ("CREATE TABLE t (a text DEFAULT :'word', b text DEFAULT ':none');", vec![":'word'"]),
        ("CREATE TABLE t (a int);\nCREATE POLICY p ON t USING (a = :own);", vec![":own"]),
        ("CREATE TABLE t (a int);\nCREATE INDEX i ON t (a) WHERE a > :\"Low\";", vec![":\"Low\""]),
        (
            "CREATE TABLE t (a int);\nCREATE VIEW v AS SELECT a FROM t WHERE a = :one OR a = :two;",
            vec![":one", ":two"],
        ),
        ("CREATE TABLE t (a int[], b int, c int DEFAULT 1::int, CHECK (a[b:c] IS NULL));", vec![]),
        ("COMMENT ON SCHEMA public IS :'words';", vec![]),
    ] {
        assert_eq!(said(sql), names, "{sql}");
    }
}

#[test]
fn the_rest_goes_on() {
    let catalog =
        catalog_of("CREATE TABLE t (a int CHECK (b > 0), c int);\nCREATE INDEX ON t (c);");
    let tables: Vec<_> = catalog.tables.values().map(|table| table.indexes.len()).collect();
    assert_eq!(tables, [1]);
}
