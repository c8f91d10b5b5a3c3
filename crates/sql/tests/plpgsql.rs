//! Code that runs when a script runs, against the state a server would be in after it.

use std::fmt::Write;
use std::time::{Duration, Instant};

use schemaward_catalog::{Catalog, Origin, SourceId, Touches};
use schemaward_sql::{Effect, play, read};

/// What a script leaves, in one line: tables with what belongs to them, types, roles, and `unread`
/// and `noted` for each statement that was not followed or applied with a doubt.
fn outcome(sql: &str) -> String {
    let (catalog, said) = run(sql);
    let mut parts = Vec::new();
    for table in catalog.tables.values() {
        let columns: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let mut out = format!("{}({})", table.name, columns.join(" "));
        out.push_str(if table.row_security.on { " rls" } else { "" });
        out.push_str(if table.row_security_forced.on { " forced" } else { "" });
        let policies = table.policies.iter().map(|policy| ("policy", &policy.name));
        let triggers = table.triggers.iter().map(|trigger| ("trigger", &trigger.name));
        let indexes = table.indexes.iter().map(|index| ("index", &index.name));
        let constraints = table.constraints.iter().map(|constraint| ("key", &constraint.name));
        for (kind, name) in policies.chain(triggers).chain(indexes).chain(constraints) {
            let _ = write!(out, " {kind} {name}");
        }
        parts.push(out);
    }
    parts.extend(catalog.types.keys().map(|name| format!("type {name}")));
    parts.extend(catalog.roles.keys().map(|name| format!("role {name}")));
    parts
        .extend(said.iter().map(|(unread, _)| if *unread { "unread" } else { "noted" }.to_owned()));
    parts.join("; ")
}

fn run(sql: &str) -> (Catalog, Vec<(bool, String)>) {
    let source = SourceId(0);
    let mut catalog = Catalog::new();
    let mut said = Vec::new();
    for statement in read(source, sql) {
        let origin = Origin { source, span: statement.span };
        let problems = play(&mut catalog, &statement, origin);
        assert!(problems.is_empty() || !matches!(statement.effect, Effect::Irrelevant(_)));
        for problem in problems {
            assert!(problem.origin.span.end as usize <= sql.len(), "{problem:?}");
            said.push((problem.unread, problem.message));
        }
    }
    (catalog, said)
}

/// Each case is a script and what it leaves; `DO:` stands for a block's quotes and `BEGIN … END`.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (sql, expect) in cases {
        let sql = match sql.split_once("DO:") {
            Some((before, block)) => format!("{before} DO $do$ BEGIN {block} END $do$;"),
            None => (*sql).to_owned(),
        };
        let found = outcome(&sql);
        if found != *expect {
            let said: Vec<_> = run(&sql).1.into_iter().map(|(_, message)| message).collect();
            wrong.push(format!("{sql}\n   found: {found}\n  expect: {expect}\n    said: {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

const TWO: &str = "CREATE TABLE a (id int); CREATE TABLE b (id int);";

#[test]
fn straight_definitions() {
    check(&[
        ("DO: CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;", "t(id) rls"),
        ("DO: CREATE TABLE t (id int); DROP TABLE t;", ""),
        ("DO 'BEGIN CREATE TABLE t (name text DEFAULT ''x''); END';", "t(name)"),
        ("DO LANGUAGE plpgsql $$ BEGIN CREATE TABLE t (id int); END; $$;", "t(id)"),
        ("DO $$ BEGIN CREATE TABLE t (id int); END $$ LANGUAGE plpgsql;", "t(id)"),
        ("DO $$ <<top>> DECLARE x int := 1; BEGIN CREATE TABLE t (id int); END top $$;", "t(id)"),
        ("DO: RAISE NOTICE 'x'; NULL;", ""),
        ("DO: CREATE ROLE app; GRANT app TO other;", "role app; role other"),
        ("DO: BEGIN CREATE TABLE t (id int); END; CREATE TYPE m AS ENUM ('a');", "t(id); type m"),
        ("DO: EXECUTE 'CREATE TABLE a (x int); CREATE TABLE b (y int)';", "a(x); b(y)"),
        ("DO: EXECUTE $q$ CREATE TABLE t (x text DEFAULT 'y') $q$;", "t(x)"),
        ("DO: RETURN; CREATE TABLE t (id int);", ""),
        ("DO: RAISE EXCEPTION 'no'; CREATE TABLE t (id int);", "noted"),
        ("DO: DO $in$ BEGIN CREATE TABLE t (id int); END $in$;", "t(id)"),
        ("DO $$ syntax error CREATE TABLE $$;", "unread"),
        ("DO $$ BEGIN CREATE TABLE t (id int); $$;", "unread"),
        ("DO $$ create table $$ LANGUAGE plperl;", "unread"),
    ]);
}

#[test]
fn guards_that_the_catalog_decides() {
    check(&[
        (
            "DO: IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; END IF;",
            "role app",
        ),
        (
            "CREATE ROLE app; DO: IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; CREATE TABLE no (id int); END IF;",
            "role app",
        ),
        (
            "DO: IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'postgres') THEN CREATE TABLE t (id int); END IF;",
            "t(id)",
        ),
        (
            "DO: IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('a'); END IF;",
            "type mood",
        ),
        (
            "CREATE TABLE t (id int); DO: IF EXISTS (SELECT 1 FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) WHERE c.column_name = 'id' AND t.table_type = 'BASE TABLE') THEN ALTER TABLE t ADD b int; END IF;",
            "t(id b)",
        ),
        (
            "CREATE TABLE t (id int); DO: IF EXISTS (SELECT 1 FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) WHERE c.column_name = 'none') THEN ALTER TABLE t ADD b int; END IF;",
            "t(id)",
        ),
        (
            "CREATE TYPE mood AS ENUM ('a'); DO: IF NOT EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'mood' AND n.nspname = 'public') THEN CREATE TABLE no (id int); END IF;",
            "type mood",
        ),
        (
            "CREATE TABLE t (id int); DO: IF EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 't') THEN ALTER TABLE t ADD b int; END IF;",
            "t(id b)",
        ),
        (
            "CREATE TABLE t (id int); DO: IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'b') THEN ALTER TABLE t ADD b int; END IF;",
            "t(id b)",
        ),
        (
            "CREATE TABLE t (id int, b int); DO: IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'b') THEN ALTER TABLE t ADD c int; END IF;",
            "t(id b)",
        ),
        (
            "CREATE TABLE t (id int); DO: IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 't_u') THEN ALTER TABLE t ADD CONSTRAINT t_u UNIQUE (id); END IF; IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 't_u' AND conrelid = 't'::regclass) THEN ALTER TABLE t ADD x int; END IF;",
            "t(id) key t_u",
        ),
        (
            "CREATE TABLE t (id int); DO: IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE tablename = 't' AND policyname = 'p') THEN CREATE POLICY p ON t; END IF;",
            "t(id) policy p",
        ),
        (
            "CREATE TABLE t (id int); DO: IF to_regclass('public.t') IS NULL THEN DROP TABLE t; ELSE ALTER TABLE t ENABLE ROW LEVEL SECURITY; END IF;",
            "t(id) rls",
        ),
        ("DO: IF to_regclass('t') IS NULL THEN CREATE TABLE t (id int); END IF;", "t(id)"),
        (
            "DO: IF (SELECT count(*) FROM pg_extension WHERE extname = 'pgcrypto') = 0 THEN CREATE TABLE t (id int); END IF;",
            "t(id)",
        ),
        (
            "CREATE SCHEMA app; DO: IF EXISTS (SELECT 1 FROM information_schema.schemata WHERE schema_name = 'app') THEN CREATE TABLE app.t (id int); END IF;",
            "app.t(id)",
        ),
        (
            "CREATE TABLE t (id int); CREATE INDEX i ON t (id); DO: IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE indexname = 'i') THEN DROP TABLE t; ELSIF EXISTS (SELECT 1 FROM pg_class WHERE relname = 'i' AND relkind = 'i') THEN ALTER TABLE t ADD seen int; END IF;",
            "t(id seen) index i",
        ),
        (
            "CREATE TABLE t (id int); DO: IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'x' AND NOT tgisinternal) THEN ALTER TABLE t ADD b int; END IF;",
            "t(id b)",
        ),
        (
            "DO $$ DECLARE n int; BEGIN SELECT count(*) INTO n FROM pg_tables WHERE schemaname = 'public'; IF n = 0 THEN CREATE TABLE t (id int); END IF; END $$;",
            "t(id)",
        ),
        ("DO: PERFORM 1 FROM pg_roles WHERE rolname = 'x'; CREATE TABLE t (id int);", "t(id)"),
        (
            "DO: CASE WHEN 1 = 2 THEN CREATE TABLE a (id int); ELSE CREATE TABLE b (id int); END CASE;",
            "b(id)",
        ),
        ("DO: CASE 'x' WHEN 'y', 'x' THEN CREATE TABLE a (id int); END CASE;", "a(id)"),
    ]);
}

#[test]
fn guards_that_nothing_decides() {
    check(&[
        (
            "DO: IF current_setting('server_version_num')::int >= 150000 THEN CREATE TABLE t (id int); END IF;",
            "t(id); noted",
        ),
        (
            "DO: IF EXISTS (SELECT 1 FROM customers WHERE vip) THEN CREATE TABLE t (id int); ELSE CREATE TABLE u (id int); END IF;",
            "t(id); noted",
        ),
        ("DO: IF random() > 0.5 THEN NULL; ELSE CREATE TABLE u (id int); END IF;", "u(id); noted"),
        ("DO: IF random() > 0.5 THEN RAISE NOTICE 'x'; END IF; CREATE TABLE u (id int);", "u(id)"),
        (
            "DO $$ DECLARE n text := 'a'; BEGIN IF random() > 1 THEN n := 'b'; END IF; EXECUTE format('CREATE TABLE %I (id int)', n); END $$;",
            "unread",
        ),
    ]);
    let (catalog, _) = run("CREATE TABLE t (id int);
        DO $$ BEGIN IF version() LIKE '%18%' THEN ALTER TABLE t ENABLE ROW LEVEL SECURITY; END IF; END $$;");
    assert!(catalog.blind_to(|touches| touches.row_security).is_some());
    assert!(catalog.blind_to(|touches| touches.triggers).is_none());
}

#[test]
fn exceptions() {
    check(&[
        (
            "CREATE TYPE m AS ENUM ('a'); DO: CREATE TYPE m AS ENUM ('b'); EXCEPTION WHEN duplicate_object THEN NULL;",
            "type m",
        ),
        ("DO: CREATE TYPE m AS ENUM ('b'); EXCEPTION WHEN duplicate_object THEN NULL;", "type m"),
        (
            "CREATE TABLE t (id int); DO: CREATE TABLE t (x int); EXCEPTION WHEN duplicate_table THEN RAISE NOTICE 'x';",
            "t(id)",
        ),
        (
            "CREATE TABLE t (id int); DO: ALTER TABLE t ADD id int; EXCEPTION WHEN duplicate_column THEN ALTER TABLE t ADD other int;",
            "t(id other)",
        ),
        (
            "CREATE TABLE t (id int); DO: CREATE TABLE t (x int); EXCEPTION WHEN OTHERS THEN NULL;",
            "t(id)",
        ),
        (
            "CREATE TABLE t (id int); DO: CREATE TABLE t (x int); EXCEPTION WHEN SQLSTATE '42P07' THEN NULL;",
            "t(id)",
        ),
        (
            "CREATE TABLE t (id int); DO: CREATE TABLE t (x int); EXCEPTION WHEN unique_violation THEN NULL;",
            "t(id); noted",
        ),
        (
            "CREATE ROLE app; DO: CREATE ROLE app; EXCEPTION WHEN duplicate_object THEN CREATE TABLE t (id int);",
            "t(id); role app",
        ),
        (
            "DO: BEGIN ALTER TABLE gone ADD x int; EXCEPTION WHEN undefined_table OR undefined_column THEN NULL; END; CREATE TABLE t (id int);",
            "t(id)",
        ),
        (
            "CREATE TABLE t (id int); DO: CREATE TABLE u (x int); CREATE TABLE t (x int); EXCEPTION WHEN duplicate_table THEN NULL;",
            "t(id)",
        ),
        (
            "CREATE TABLE t (id int); DO: ALTER TABLE t ADD a int; BEGIN ALTER TABLE t ADD b int; ALTER TABLE t ADD b int; EXCEPTION WHEN duplicate_column THEN ALTER TABLE t ADD c int; END; ALTER TABLE t ADD c int; EXCEPTION WHEN OTHERS THEN CREATE TABLE u (x int);",
            "t(id); u(x)",
        ),
        (
            "CREATE TABLE t (id int); DO: BEGIN ALTER TABLE t ADD b int; RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN NULL; END; ALTER TABLE t ADD c int;",
            "t(id c)",
        ),
        (
            "DO: RAISE EXCEPTION 'x'; EXCEPTION WHEN raise_exception THEN CREATE TABLE t (id int);",
            "t(id)",
        ),
        (
            "CREATE TABLE t (id int); CREATE POLICY p ON t; DO: CREATE POLICY p ON t; EXCEPTION WHEN duplicate_object THEN NULL;",
            "t(id) policy p",
        ),
    ]);
}

#[test]
fn loops_unroll() {
    let rls = "a(id) rls; b(id) rls";
    let block = |body: &str| {
        format!(
            "{TWO} DO $do$ DECLARE t text; r record; i int; ts text[] := ARRAY['a', 'b']; BEGIN {body} END $do$;"
        )
    };
    let enable = "EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);";
    let enable_r = "EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.tablename);";
    for (head, body) in [
        ("FOREACH t IN ARRAY ARRAY['a', 'b']", enable),
        ("FOREACH t IN ARRAY ts", enable),
        ("FOREACH t IN ARRAY '{a,b}'::text[]", enable),
        ("FOREACH t IN ARRAY string_to_array('a,b', ',')", enable),
        ("FOREACH t IN ARRAY ARRAY['a']::text[] || 'b'::text", enable),
        ("FOR t IN SELECT unnest(ARRAY['a', 'b'])", enable),
        ("FOR t IN SELECT x FROM unnest(ARRAY['a', 'b']) AS x", enable),
        ("FOR t IN SELECT * FROM (VALUES ('a'), ('b')) AS v(name)", enable),
        ("FOR t IN VALUES ('a'), ('b')", enable),
        (
            "FOR t IN EXECUTE 'SELECT tablename FROM pg_tables WHERE schemaname = ''public'''",
            enable,
        ),
        ("FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'", enable_r),
        (
            "FOR r IN SELECT * FROM pg_tables WHERE schemaname = 'public' AND tablename IN ('a', 'b') ORDER BY tablename DESC",
            enable_r,
        ),
        (
            "FOR r IN SELECT tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
            enable_r,
        ),
        (
            "FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT LIKE 'pg\\_%'",
            enable_r,
        ),
        (
            "FOR r IN SELECT c.relname AS tablename FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public'",
            enable_r,
        ),
        (
            "FOR r IN SELECT table_name AS tablename FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
            enable_r,
        ),
        (
            "FOR r IN SELECT DISTINCT table_name AS tablename FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'",
            enable_r,
        ),
        (
            "FOR r IN SELECT oid::regclass AS tablename FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
            "EXECUTE 'ALTER TABLE ' || r.tablename || ' ENABLE ROW LEVEL SECURITY';",
        ),
        (
            "FOR r IN SELECT table_name AS tablename, count(*) FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name HAVING count(*) = 1",
            enable_r,
        ),
        (
            "FOR r IN SELECT c.table_name AS tablename FROM information_schema.columns c WHERE table_schema = 'public' GROUP BY 1 HAVING bool_or(column_name = 'id') ORDER BY max(ordinal_position), 1",
            enable_r,
        ),
        (
            "FOR r IN WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2) SELECT ts[i] AS tablename FROM n",
            enable_r,
        ),
        (
            "FOR r IN WITH RECURSIVE n (i) AS (SELECT 1 UNION SELECT (i % 2) + 1 FROM n) SELECT ts[i] AS tablename FROM n",
            enable_r,
        ),
        ("FOR i IN 1..2", "EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', ts[i]);"),
        (
            "FOR i IN REVERSE 2..1",
            "EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', ts[i]);",
        ),
        (
            "FOR i IN array_lower(ts, 1)..array_upper(ts, 1)",
            "t := ts[i]; EXECUTE 'ALTER TABLE ' || quote_ident(t) || ' ENABLE ROW LEVEL SECURITY';",
        ),
    ] {
        let sql = block(&format!("{head} LOOP {body} END LOOP;"));
        assert_eq!(outcome(&sql), rls, "{sql}\n{:?}", run(&sql).1);
    }
    let counted = block(
        "i := 1; WHILE i <= 2 LOOP t := ts[i]; i := i + 1; EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t); END LOOP;",
    );
    assert_eq!(outcome(&counted), rls);
    let left = block(
        "i := 0; LOOP i := i + 1; EXIT WHEN i > 2; CONTINUE WHEN i = 1; EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', ts[i]); END LOOP;",
    );
    assert_eq!(outcome(&left), "a(id); b(id) rls");
    let nested = block(
        "<<o>> FOR t IN SELECT unnest(ts) LOOP FOR i IN 1..9 LOOP EXIT o WHEN i = 3; EXECUTE format('CREATE INDEX %I ON %I (id)', t || i, t); END LOOP; END LOOP;",
    );
    assert_eq!(outcome(&nested), "a(id) index a1 index a2; b(id)");
}

#[test]
fn loops_that_are_not_known() {
    check(&[
        (
            "DO $$ DECLARE r record; BEGIN FOR r IN SELECT name FROM tenants LOOP EXECUTE format('CREATE SCHEMA %I', r.name); END LOOP; END $$;",
            "unread",
        ),
        (
            "DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables LOOP EXECUTE format('ALTER TABLE %I ADD x int', r.tablename); END LOOP; END $$;",
            "unread",
        ),
        (
            "DO $$ DECLARE r record; BEGIN FOR r IN SELECT name FROM tenants LOOP RAISE NOTICE '%', r.name; END LOOP; CREATE TABLE t (id int); END $$;",
            "t(id)",
        ),
        (
            "DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY current_setting('app.tables')::text[] LOOP EXECUTE 'CREATE TABLE ' || t || ' (id int)'; END LOOP; END $$;",
            "unread",
        ),
        (
            "DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables WHERE tableowner = 'me' AND schemaname = 'public' LOOP EXECUTE format('ALTER TABLE %I ADD x int', r.tablename); END LOOP; END $$;",
            "",
        ),
        (
            "CREATE TABLE t (id int); DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables WHERE tableowner = 'me' LOOP EXECUTE format('ALTER TABLE %I ADD x int', r.tablename); END LOOP; END $$;",
            "t(id); unread",
        ),
    ]);
}

#[test]
fn executed_texts() {
    let block = |body: &str| {
        format!(
            "CREATE SCHEMA s; DO $do$ DECLARE t text := 'T x'; n int := 3; sql text; c regclass; BEGIN {body} END $do$;"
        )
    };
    for (body, expect) in [
        ("EXECUTE format('CREATE TABLE %I (id int)', t);", "T x(id)"),
        ("EXECUTE format('CREATE TABLE %I.%I (id int)', 's', t);", "s.T x(id)"),
        ("EXECUTE format('CREATE TABLE %1$I (%2$s int, %2$s_b int)', t, 'a');", "T x(a a_b)"),
        ("EXECUTE format('CREATE TABLE a (id text DEFAULT %L)', 'it''s');", "a(id)"),
        ("EXECUTE 'CREATE TABLE ' || quote_ident(t) || ' (id int)';", "T x(id)"),
        ("EXECUTE 'CREATE TABLE ' || lower(replace(t, ' ', '_')) || n || ' (id int)';", "t_x3(id)"),
        ("EXECUTE concat('CREATE TABLE ', upper('a'), '_b (id int)');", "a_b(id)"),
        ("sql := 'CREATE TABLE a '; sql := sql || '(id int)'; EXECUTE sql;", "a(id)"),
        ("sql = format('CREATE TABLE a_%s (id int)', n + 1); EXECUTE sql;", "a_4(id)"),
        ("SELECT 'CREATE TABLE a (id int)' INTO sql; EXECUTE sql;", "a(id)"),
        ("EXECUTE 'SELECT ''CREATE TABLE a (id int)''' INTO sql; EXECUTE sql;", "a(id)"),
        (
            "SELECT string_agg(format('CREATE TABLE %I (id int)', x), ';') INTO sql FROM unnest(ARRAY['a', 'b']) x; EXECUTE sql;",
            "a(id); b(id)",
        ),
        (
            "CREATE TABLE s.t (id int); c := 's.t'; EXECUTE format('ALTER TABLE %s ADD b int', c);",
            "s.t(id b)",
        ),
        (
            "CREATE TABLE s.t (id int); EXECUTE format('ALTER TABLE %s ADD b int', 's.t'::regclass);",
            "s.t(id b)",
        ),
        (
            "EXECUTE CASE WHEN n > 2 THEN 'CREATE TABLE a (id int)' ELSE 'CREATE TABLE b (id int)' END;",
            "a(id)",
        ),
        ("EXECUTE coalesce(sql, 'CREATE TABLE a (id int)');", "a(id)"),
        ("EXECUTE 'TRUNCATE ' || current_user;", ""),
        // Near misses.
        ("EXECUTE format('CREATE TABLE %I (id int)', current_user);", "unread"),
        ("EXECUTE format('CREATE TABLE %I (id int)');", "unread"),
        ("EXECUTE format('CREATE TABLE %I (id int)', sql);", "unread"),
        ("EXECUTE format('CREATE TABLE %q (id int)', t);", "unread"),
        ("EXECUTE (SELECT ddl FROM scripts LIMIT 1);", "unread"),
        ("EXECUTE 'CREATE TABLE a (id in';", "unread"),
        ("EXECUTE 'CREATE TABLE ' || t_unknown || ' (id int)';", "unread"),
        ("EXECUTE sql;", "noted"),
    ] {
        let sql = block(body);
        assert_eq!(outcome(&sql), expect, "{sql}\n{:?}", run(&sql).1);
    }
    // Privileges on the database as a whole are in no catalog, whatever its name is.
    for text in ["REVOKE ALL ON DATABASE %I FROM app", "GRANT CONNECT ON DATABASE %I TO app"] {
        let (_, said) =
            run(&format!("DO $$ BEGIN EXECUTE format('{text}', current_database()); END $$;"));
        assert!(said.is_empty(), "{said:?}");
    }
    // A table may be called so.
    let (_, said) = run(
        "DO $$ BEGIN EXECUTE format('GRANT ALL ON %I TO app /* on database */', current_database()); END $$;",
    );
    assert!(!said.is_empty());
    let (_, said) = run("DO $$ BEGIN EXECUTE format('DROP TABLE %I', current_database()); END $$;");
    assert!(said.iter().any(|(_, message)| message.contains("`current_database()`")), "{said:?}");
}

const TRACK: &str = "
    CREATE TABLE a (id int); CREATE TABLE b (id int);
    CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NEW; END $f$;
    CREATE FUNCTION track(target regclass, suffix text DEFAULT 'audit') RETURNS void LANGUAGE plpgsql AS $f$
    DECLARE name text := format('t_%s', suffix);
    BEGIN
      EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %s FOR EACH ROW EXECUTE FUNCTION log()', name, target);
    END $f$;
    CREATE PROCEDURE secure(t text) LANGUAGE plpgsql AS $f$
    BEGIN EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', $1); END $f$;";

#[test]
fn functions_are_followed() {
    for (sql, expect) in [
        ("SELECT track('a');", "a(id) trigger t_audit; b(id)"),
        ("SELECT track('a'::regclass, 'x');", "a(id) trigger t_x; b(id)"),
        ("SELECT track(suffix => 'y', target => 'b');", "a(id); b(id) trigger t_y"),
        (
            "SELECT public.track(x::regclass) FROM unnest(ARRAY['a', 'b']) AS x;",
            "a(id) trigger t_audit; b(id) trigger t_audit",
        ),
        (
            "SELECT track(tablename::regclass) FROM pg_tables WHERE schemaname = 'public';",
            "a(id) trigger t_audit; b(id) trigger t_audit",
        ),
        ("SELECT * FROM track('b');", "a(id); b(id) trigger t_audit"),
        ("CALL secure('a');", "a(id) rls; b(id)"),
        (
            "DO $$ BEGIN PERFORM track('a'); CALL secure('b'); END $$;",
            "a(id) trigger t_audit; b(id) rls",
        ),
        (
            "DO $$ BEGIN PERFORM track(x::regclass) FROM unnest(ARRAY['a']) x; END $$;",
            "a(id) trigger t_audit; b(id)",
        ),
        (
            "CREATE FUNCTION outer_one() RETURNS void LANGUAGE sql AS 'SELECT track(''a''); SELECT track(''b'')'; SELECT outer_one();",
            "a(id) trigger t_audit; b(id) trigger t_audit",
        ),
        (
            "CREATE FUNCTION make() RETURNS void LANGUAGE sql AS 'CREATE TABLE c (id int)'; SELECT make();",
            "a(id); b(id); c(id)",
        ),
        (
            "CREATE FUNCTION name_of(t text) RETURNS text LANGUAGE sql AS $$ SELECT 'n_' || t $$; DO $$ BEGIN EXECUTE format('CREATE TABLE %I (id int)', name_of('c')); END $$;",
            "a(id); b(id); n_c(id)",
        ),
        (
            "CREATE FUNCTION many(VARIADIC ts text[]) RETURNS void LANGUAGE plpgsql AS $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ts LOOP CALL secure(t); END LOOP; END $$; SELECT many('a', 'b');",
            "a(id) rls; b(id) rls",
        ),
        (
            "CREATE FUNCTION pure() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; SELECT pure();",
            "a(id); b(id)",
        ),
        // Near misses.
        ("SELECT elsewhere('a');", "a(id); b(id); unread"),
        ("SELECT track(current_setting('x')::regclass);", "a(id); b(id); unread"),
        ("SELECT track(name::regclass) FROM my_tables;", "a(id); b(id); unread"),
        ("SELECT track('gone'::regclass);", "a(id); b(id); unread"),
        ("CALL secure(version());", "a(id); b(id); unread"),
    ] {
        let sql = format!("{TRACK} {sql}");
        assert_eq!(outcome(&sql), expect, "{sql}\n{:?}", run(&sql).1);
    }
}

#[test]
fn everything_is_bounded() {
    let loops = |head: &str, body: &str| {
        format!("DO $$ DECLARE i int; t text := 'x'; BEGIN {head} LOOP {body} END LOOP; END $$;")
    };
    let make = "EXECUTE 'CREATE TABLE IF NOT EXISTS t (id int)';";
    for (sql, expect) in [
        (loops("WHILE true", make), "t(id); unread"),
        (loops("", make), "t(id); unread"),
        (loops("WHILE true", "NULL;"), ""),
        (loops("FOR i IN 1..1000000", make), "unread"),
        (loops("FOR i IN SELECT generate_series(1, 1000000)", make), "unread"),
        (loops("FOR i IN 1..5000", "t := t || t;"), ""),
        (loops("FOR i IN 1..9223372036854775807 BY 9223372036854775807", "NULL;"), ""),
    ] {
        let start = Instant::now();
        assert_eq!(outcome(&sql), expect, "{sql}");
        assert!(start.elapsed() < Duration::from_secs(20), "{sql}");
    }
    let elements = vec!["'x'"; 300_000].join(",");
    let sql = loops(&format!("FOREACH t IN ARRAY ARRAY[{elements}]"), make);
    assert_eq!(outcome(&sql), "unread");
    let bomb = "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE TABLE IF NOT EXISTS x (id int)'; PERFORM f(t || t); PERFORM f(t); END $$; SELECT f('a');";
    assert!(outcome(bomb).starts_with("x(id); unread"));
    for (open, close) in [("BEGIN ", "END;"), ("IF true THEN ", "END IF;"), ("LOOP ", "END LOOP;")]
    {
        let sql = format!(
            "DO $$ BEGIN {} CREATE TABLE t (id int); {} END $$;",
            open.repeat(20_000),
            close.repeat(20_000)
        );
        assert_eq!(outcome(&sql), "unread");
    }
    let deep = format!(
        "DO $$ BEGIN EXECUTE {}'CREATE TABLE t (id int)'{}; END $$;",
        "lower(".repeat(5_000),
        ")".repeat(5_000)
    );
    assert_eq!(outcome(&deep), "unread");
    let chain =
        format!("DO $$ BEGIN EXECUTE 'CREATE TABLE t (id int)'{}; END $$;", " || ''".repeat(450));
    outcome(&chain);
}

#[test]
fn origins_point_into_the_block() {
    let sql = "CREATE TABLE t (id int);\nDO $$ BEGIN\n  ALTER TABLE t ENABLE ROW LEVEL SECURITY;\n  EXECUTE 'CREATE TABLE u (id int)';\nEND $$;";
    let (catalog, _) = run(sql);
    let origins: Vec<_> = catalog
        .tables
        .values()
        .map(|table| table.row_security.origin.unwrap_or(table.origin).span.of(sql))
        .collect();
    assert_eq!(origins, ["ENABLE ROW LEVEL SECURITY", "EXECUTE 'CREATE TABLE u (id int)'"]);
}

#[test]
fn what_is_not_known_is_named() {
    let (catalog, said) = run("DO $$ BEGIN EXECUTE my_sql; END $$;");
    assert!(said.iter().any(|(unread, message)| *unread && message.contains("`my_sql`")));
    let all = Touches { row_security: true, triggers: true, columns: true, indexes: true };
    assert!(catalog.blind_spots.iter().any(|spot| spot.may_touch == all));
}

#[test]
fn cost_grows_with_the_text() {
    let script = |count: usize| {
        let mut text = String::new();
        for number in 0..count {
            let _ = write!(
                text,
                "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = 't{number}') THEN
                 EXECUTE format('CREATE TABLE %I (id int)', 't{number}'); END IF; END $$;"
            );
        }
        text
    };
    let time = |text: &str| {
        let start = Instant::now();
        let tables = run(text).0.tables.len();
        (tables, start.elapsed())
    };
    let (few, short) = time(&script(500));
    let (many, long) = time(&script(4_000));
    assert_eq!((few, many), (500, 4_000));
    assert!(long < short * 8 * 8 + Duration::from_secs(1), "{short:?}, {long:?}");
}
