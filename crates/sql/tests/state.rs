//! Histories of statements against the state a server would be in after them.

use std::fmt::Write;

use schemaward_catalog::{Catalog, ConstraintKind, IndexKeyKind, Table};
use schemaward_sql::catalog_of;

/// A table in a few lines, in the words of `\d`.
fn describe(table: &Table) -> String {
    let mut out = format!("{}\n", table.name);
    for column in &table.columns {
        let _ = write!(out, "  {} {}", column.name, column.data_type);
        out.push_str(if column.nullable { "" } else { " not null" });
        if let Some(default) = &column.default {
            let _ = write!(out, " default {}", default.text);
        }
        if let Some(identity) = column.identity {
            let _ = write!(out, " identity {identity:?}");
        }
        for remark in &column.remarks {
            let _ = write!(out, " // {}", remark.text);
        }
        out.push('\n');
    }
    for constraint in &table.constraints {
        let kind = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } => format!("primary key {columns:?}"),
            ConstraintKind::Unique { columns, .. } => format!("unique {columns:?}"),
            ConstraintKind::Check { expression } => format!("check {}", expression.text),
            ConstraintKind::Exclude { elements, .. } => format!("exclude {elements:?}"),
            ConstraintKind::ForeignKey(key) => format!(
                "foreign key {:?} -> {} {:?} {:?}",
                key.columns, key.references, key.referenced_columns, key.on_delete
            ),
        };
        let _ = writeln!(out, "  {}: {kind}", constraint.name);
    }
    for index in &table.indexes {
        let keys: Vec<_> = index
            .keys
            .iter()
            .map(|key| match &key.key {
                IndexKeyKind::Column(name) => name.clone(),
                IndexKeyKind::Expression(expression) => format!("({})", expression.text),
            })
            .collect();
        let predicate =
            index.predicate.as_ref().map_or(String::new(), |p| format!(" where {}", p.text));
        let unique = if index.unique { "unique " } else { "" };
        let _ = writeln!(out, "  {unique}index {}: {}{predicate}", index.name, keys.join(", "));
    }
    for policy in &table.policies {
        let using = policy.using.as_ref().map_or("-", |e| e.text.as_str());
        let check = policy.check.as_ref().map_or("-", |e| e.text.as_str());
        let _ = writeln!(
            out,
            "  policy {} {:?} to {:?}: {using} / {check}",
            policy.name, policy.command, policy.roles
        );
    }
    for trigger in &table.triggers {
        let _ =
            writeln!(out, "  trigger {} {:?}: {}", trigger.name, trigger.state, trigger.function);
    }
    if table.row_security.on {
        let forced = if table.row_security_forced.on { ", forced" } else { "" };
        let _ = writeln!(out, "  row security{forced}");
    }
    out
}

fn describe_all(catalog: &Catalog) -> String {
    catalog.tables.values().map(describe).collect()
}

#[track_caller]
fn check(sql: &str, expect: &str) {
    let lines = expect.trim_start_matches('\n').lines();
    let expect: Vec<_> = lines.map(|line| line.strip_prefix("        ").unwrap_or(line)).collect();
    assert_eq!(describe_all(&catalog_of(sql)).trim_end(), expect.join("\n").trim_end());
}

#[test]
fn names_are_the_servers() {
    check(
        "CREATE TABLE t (
           id serial PRIMARY KEY,
           a int UNIQUE, b int CHECK (b > 0), c int REFERENCES t,
           CHECK (a > b), UNIQUE (a, b), FOREIGN KEY (a) REFERENCES t (id) ON DELETE CASCADE
         );
         CREATE INDEX ON t (lower(a::text), b);
         CREATE INDEX ON t (b);
         CREATE INDEX ON t (b) WHERE (c IS NULL);
         CREATE UNIQUE INDEX ON t ((a + b), (a - b));",
        "
        t
          id integer not null default nextval('t_id_seq'::regclass)
          a integer
          b integer
          c integer
          t_b_check: check b > 0
          t_check: check a > b
          t_pkey: primary key [\"id\"]
          t_a_key: unique [\"a\"]
          t_a_b_key: unique [\"a\", \"b\"]
          t_c_fkey: foreign key [\"c\"] -> t [\"id\"] NoAction
          t_a_fkey: foreign key [\"a\"] -> t [\"id\"] Cascade
          index t_lower_b_idx: (lower(a::text)), b
          index t_b_idx: b
          index t_b_idx1: b where c IS NULL
          unique index t_expr_expr1_idx: (a + b), (a - b)",
    );
}

/// The queries of the views that are left.
#[track_caller]
fn check_views(sql: &str, expect: &[(&str, &str)]) {
    let catalog = catalog_of(sql);
    let views = catalog.views.values().map(|view| (view.name.to_string(), view.query.clone()));
    let views: Vec<_> = views.collect();
    let views: Vec<_> = views.iter().map(|(name, query)| (name.as_str(), query.as_str())).collect();
    assert_eq!(views, expect);
}

#[test]
fn views_follow_what_they_read() {
    let tables = "CREATE TABLE t (id int, name text); CREATE TABLE u (t_id int, n int);";
    let view = "CREATE VIEW v AS SELECT t.id, name, n FROM t JOIN u ON u.t_id = t.id WHERE n > 3;";
    check_views(
        &format!("{tables} {view} ALTER TABLE t RENAME TO tt; ALTER TABLE u RENAME n TO m;"),
        &[("v", "SELECT tt.id, name, m AS n FROM tt JOIN u ON u.t_id = tt.id WHERE m > 3")],
    );
    check_views(
        &format!("{tables} CREATE VIEW v AS SELECT * FROM t; ALTER TABLE t ADD COLUMN late int;"),
        &[("v", "SELECT id, name FROM t")],
    );
    check_views(
        &format!("{tables} {view} CREATE VIEW w AS SELECT n FROM v; DROP TABLE t CASCADE;"),
        &[],
    );
    check_views(
        &format!(
            "{tables} {view} CREATE VIEW w AS SELECT t_id FROM u; ALTER TABLE u DROP n CASCADE;"
        ),
        &[("w", "SELECT t_id FROM u")],
    );
}

#[test]
fn defaults_follow_their_sequence() {
    check(
        "CREATE SCHEMA s;
         CREATE TABLE t (id serial, n serial, gone serial);
         ALTER SEQUENCE t_n_seq RENAME TO numbers;
         DROP SEQUENCE t_gone_seq CASCADE;
         ALTER TABLE t SET SCHEMA s;",
        "
        s.t
          id integer not null default nextval('s.t_id_seq'::regclass)
          n integer not null default nextval('s.numbers'::regclass)
          gone integer not null",
    );
}

#[test]
fn constraints_of_a_parent_reach_its_partitions() {
    check(
        "CREATE TABLE p (id int, n int) PARTITION BY LIST (id);
         CREATE TABLE q PARTITION OF p (n DEFAULT 3) FOR VALUES IN (1);
         ALTER TABLE p ADD CONSTRAINT small CHECK (n < 9), ADD PRIMARY KEY (id);
         ALTER TABLE p RENAME CONSTRAINT small TO tiny;
         ALTER TABLE p RENAME COLUMN id TO key;
         ALTER TABLE p ALTER COLUMN n SET NOT NULL;",
        "
        p
          key integer not null
          n integer not null
          p_pkey: primary key [\"key\"]
          tiny: check n < 9
        q
          key integer not null
          n integer not null default 3
          q_pkey: primary key [\"key\"]
          tiny: check n < 9",
    );
}

#[test]
fn actions_run_in_the_servers_order() {
    check(
        "CREATE TABLE t (a int CHECK (a > 0), b int UNIQUE);
         ALTER TABLE t ADD CHECK (a < 9), DROP CONSTRAINT t_a_check, ADD UNIQUE (b), DROP COLUMN b,
             ADD COLUMN b text;",
        "
        t
          a integer
          b text
          t_b_key: unique [\"b\"]
          t_a_check: check a < 9",
    );
}

#[test]
fn a_renamed_column_is_renamed_everywhere() {
    check(
        "CREATE TABLE a (x uuid PRIMARY KEY, y text CHECK (y <> ''));
         CREATE TABLE b (x uuid REFERENCES a);
         CREATE INDEX i ON a (lower(y)) WHERE y IS NOT NULL;
         CREATE POLICY p ON a USING (y = current_user);
         ALTER TABLE a RENAME COLUMN x TO id;
         ALTER TABLE a RENAME y TO \"Name\";
         ALTER TABLE a RENAME TO people;",
        "
        b
          x uuid
          b_x_fkey: foreign key [\"x\"] -> people [\"id\"] NoAction
        people
          id uuid not null
          Name text
          a_y_check: check \"Name\" <> ''
          a_pkey: primary key [\"id\"]
          index i: (lower(\"Name\")) where \"Name\" IS NOT NULL
          policy p All to []: \"Name\" = current_user / -",
    );
}

#[test]
fn the_last_word_wins() {
    check(
        "CREATE TABLE t (id int);
         CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
         CREATE TRIGGER one BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
         CREATE TRIGGER two BEFORE UPDATE ON t FOR EACH ROW EXECUTE PROCEDURE f();
         ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
         ALTER TABLE t DISABLE ROW LEVEL SECURITY;
         ALTER TABLE t ENABLE ROW LEVEL SECURITY;
         ALTER TABLE t DISABLE TRIGGER one;
         CREATE POLICY p ON t FOR SELECT TO app, public USING (true);
         ALTER POLICY p ON t TO app USING (id = 1) WITH CHECK (id = 2);
         ALTER POLICY p ON t RENAME TO q;
         CREATE POLICY gone ON t; DROP POLICY gone ON t; DROP POLICY IF EXISTS gone ON t;",
        "
        t
          id integer
          policy q Select to [\"app\"]: id = 1 / id = 2
          trigger one Disabled: f
          trigger two Enabled: f
          row security, forced",
    );
}

#[test]
fn dropping_takes_what_belongs() {
    check(
        "CREATE TABLE a (id serial PRIMARY KEY, x int, y int);
         CREATE TABLE b (id int REFERENCES a, k int CONSTRAINT own UNIQUE);
         CREATE INDEX ON a (x); CREATE INDEX keeps ON a (y);
         ALTER TABLE a DROP COLUMN x;
         ALTER TABLE b DROP CONSTRAINT own;
         DROP INDEX keeps;
         DROP TABLE a CASCADE;
         CREATE TABLE c (id int PRIMARY KEY);
         CREATE TABLE IF NOT EXISTS c (other text);",
        "
        b
          id integer
          k integer
        c
          id integer not null
          c_pkey: primary key [\"id\"]",
    );
}

#[test]
fn search_path_and_schemas() {
    check(
        "CREATE SCHEMA app; CREATE SCHEMA public2; SET search_path TO app, public;
         CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (m mood[], \"Q\" varchar(10));
         SELECT pg_catalog.set_config('search_path', '', false);
         CREATE TABLE public.t (id bigint GENERATED ALWAYS AS IDENTITY);
         ALTER TABLE app.t SET SCHEMA public2;
         DROP TABLE IF EXISTS app.t;",
        "
        t
          id bigint not null identity Always
        public2.t
          m app.mood[]
          Q character varying(10)",
    );
}

#[test]
fn partitions_follow_their_parent() {
    check(
        "CREATE TABLE p (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
         ALTER TABLE p ADD COLUMN note text DEFAULT 'x', ALTER COLUMN note SET NOT NULL;",
        "
        p
          id integer not null
          at date not null
          note text not null default 'x'
          p_pkey: primary key [\"id\", \"at\"]
        p1
          id integer not null
          at date not null
          note text not null default 'x'
          p1_pkey: primary key [\"id\", \"at\"]",
    );
}

#[test]
fn comments_document_what_they_stand_beside() {
    check(
        "-- People we care for
         CREATE TABLE t (
           id int, -- the key
           -- a line of its own
           kind text -- 'MOBILE','HOME'
             DEFAULT 'HOME' NOT NULL, /* of contact */
           deleted_at timestamptz -- Soft delete support
         );",
        "
        t
          id integer // the key
          kind text not null default 'HOME' // 'MOBILE','HOME' // of contact
          deleted_at timestamp with time zone // Soft delete support",
    );
    let catalog = catalog_of("-- People we care for\nCREATE TABLE t (\n-- alone\nid int);");
    let remarks: Vec<_> =
        catalog.tables.values().flat_map(|t| &t.remarks).map(|r| r.text.as_str()).collect();
    assert_eq!(remarks, ["People we care for", "alone"]);
}

#[test]
fn unread_text_makes_blind_spots() {
    let touched = |sql: &str| {
        let catalog = catalog_of(sql);
        catalog.blind_spots.iter().map(|spot| spot.may_touch).collect::<Vec<_>>()
    };
    let dynamic = "DO $$ BEGIN EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', current_database()); END $$;";
    assert!(matches!(touched(dynamic).as_slice(), [t] if t.row_security && !t.triggers));
    assert!(matches!(touched("SELECT audit.track('t');").as_slice(), [t] if t.triggers));
    let harmless =
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT f(); SELECT now();
                    DO $$ BEGIN RAISE NOTICE 'x'; END $$;";
    assert!(touched(harmless).is_empty());
    let helper = "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$
                    BEGIN EXECUTE 'CREATE TRIGGER a AFTER INSERT ON ' || t; END $$; SELECT f('x');";
    assert!(matches!(touched(helper).as_slice(), [t] if t.triggers && !t.row_security));
}

#[test]
fn a_password_may_be_a_variable_of_psql() {
    let text = "CREATE ROLE a LOGIN PASSWORD :'secret' VALID UNTIL '2030-01-01' BYPASSRLS;";
    let catalog = catalog_of(text);
    assert!(catalog.roles.get("a").is_some_and(|role| role.login && role.bypass_rls));
}

#[test]
fn strings_keep_their_meaning_whatever_the_session_says_of_backslashes() {
    let text = r"SET standard_conforming_strings = off;
        CREATE TABLE t (a text DEFAULT 'it\'s; here', b text CHECK (b <> '\t'));
        CREATE VIEW v AS SELECT a FROM t WHERE b = 'c:\\d';
        SET standard_conforming_strings = on;
        CREATE INDEX i ON t (a) WHERE a <> 'c:\t';";
    let catalog = catalog_of(text);
    let table = catalog.tables.values().next();
    let default = table.and_then(|t| t.columns.first()?.default.as_ref()).map(|d| d.text.as_str());
    assert_eq!(default, Some(r"E'it\'s; here'"));
    let predicate = table.and_then(|t| t.indexes.first()?.predicate.as_ref());
    assert_eq!(predicate.map(|found| found.text.as_str()), Some(r"a <> 'c:\t'"));
    let view = catalog.views.values().next().map(|view| view.query.as_str());
    assert_eq!(view, Some(r"SELECT a FROM t WHERE b = E'c:\\d'"));
}

#[test]
fn unread_text_that_writes_its_names_out_is_blind_to_those_tables_only() {
    let tables = "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int);
        CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p_1 PARTITION OF p DEFAULT;";
    let guarded = |body: &str| {
        format!(
            "{tables} DO $$ BEGIN IF current_setting('app.x') = 'on' THEN {body} END IF; END $$;"
        )
    };
    let blind = |sql: &str| {
        let catalog = catalog_of(sql);
        let is_blind = |table: &&Table| {
            catalog.blind_to_table(&table.name, |touches| touches.row_security).is_some()
        };
        let names = catalog.tables.values().filter(is_blind).map(|table| table.name.to_string());
        names.collect::<Vec<_>>().join(" ")
    };
    let enable =
        "ALTER TABLE a ENABLE ROW LEVEL SECURITY; ALTER TABLE p ENABLE ROW LEVEL SECURITY;";
    assert_eq!(blind(&guarded(enable)), "a p p_1");
    assert_eq!(
        blind(&guarded("EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', 'a');")),
        "a b c p p_1"
    );
    // What was touched stays touched under another name, and so does a copy of it.
    let moved = "ALTER TABLE a RENAME TO d; CREATE TABLE e (LIKE d INCLUDING ALL);";
    assert_eq!(blind(&format!("{}{moved}", guarded(enable))), "d e p p_1");
    assert_eq!(blind(&format!("{tables} ALTER TABLE b ENABLE ROW LEVEL SECURITY NOW;")), "b");
}
