//! Labelled cases for every rule: what must fire, what must stay silent, what is undecided.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use schemaward_catalog::Sources;
use schemaward_review::{Coverage, Implementation, Input, Review, Stamp, Standard, Ulid, review};

fn run(standard: &str, sql: &str) -> Review {
    let catalog = schemaward_sql::catalog_of(sql);
    review(&Input {
        documented: None,
        layers: &[Implementation::database(&catalog)],
        classes: &[],
        sources: &Sources::default(),
        standard: &Standard::parse(standard).expect("the standard of a test is valid"),
        coverage: Coverage::default(),
        stamp: Stamp { id: Ulid::default(), date: "2026-01-13".to_owned() },
    })
}

/// The subjects of a rule's findings, each with its severity, and of what it left undecided.
fn answers(review: &Review, rule: &str) -> Vec<String> {
    let findings = review.findings.iter().chain(&review.recommendations);
    let findings = findings.filter(|finding| finding.rule == rule).map(|finding| {
        let id = finding.id.strip_prefix(rule).unwrap_or_default().trim_start_matches(':');
        format!("{} {id}", finding.severity.word())
    });
    let undecided = review.undecided.iter().filter(|undecided| undecided.rule == rule);
    let undecided = undecided.map(|undecided| format!("undecided {}", undecided.subject));
    let mut all: Vec<String> = findings.chain(undecided).collect();
    all.sort();
    all
}

#[track_caller]
fn check(rule: &str, sql: &str, expect: &[&str]) {
    check_under("", rule, sql, expect);
}

#[track_caller]
fn check_under(standard: &str, rule: &str, sql: &str, expect: &[&str]) {
    assert_eq!(answers(&run(standard, sql), rule), expect, "{rule} on\n{sql}");
}

/// A table of each class, and an audit log with a function that writes it.
const AUDITED: &str = "
CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text, resource_id uuid, row_data jsonb,
    created_at timestamptz NOT NULL);
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    INSERT INTO audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD));
    RETURN NULL;
END $$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text, updated_at timestamptz);
";

#[test]
fn primary_key_missing() {
    let rule = "primary-key-missing";
    check(rule, "CREATE TABLE a (id uuid UNIQUE NOT NULL);", &["critical a"]);
    check(rule, "CREATE TABLE a (id uuid); ALTER TABLE a ADD PRIMARY KEY (id);", &[]);
    check(
        rule,
        "CREATE TABLE a (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         CREATE TABLE a_1 PARTITION OF a FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
         CREATE TEMP TABLE scratch (x int);",
        &[],
    );
    check(
        rule,
        "CREATE TABLE a (id uuid PRIMARY KEY); ALTER TABLE a DROP CONSTRAINT a_pkey;",
        &["critical a"],
    );
}

#[test]
fn primary_key_kind() {
    let rule = "primary-key-kind";
    let table = |column: &str| format!("CREATE TABLE messages ({column});");
    let finding: &[&str] = &["critical messages.id"];
    let undecided: &[&str] = &["undecided messages.id"];
    for (column, expect) in [
        ("id uuid PRIMARY KEY DEFAULT gen_random_uuid()", finding),
        ("id uuid PRIMARY KEY DEFAULT public.uuid_generate_v4()", finding),
        ("id uuid PRIMARY KEY DEFAULT (((uuidv4())))", finding),
        ("id text PRIMARY KEY DEFAULT gen_random_uuid()::text", finding),
        ("id text PRIMARY KEY DEFAULT 'm_' || replace(gen_random_uuid()::text, '-', '')", finding),
        ("id uuid PRIMARY KEY DEFAULT uuidv7()", finding),
        ("id uuid PRIMARY KEY DEFAULT uuid_generate_v1mc()", finding),
        ("id bigserial PRIMARY KEY", finding),
        ("id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", finding),
        ("id bigint PRIMARY KEY", finding),
        ("id uuid PRIMARY KEY DEFAULT gen_ulid()", &[]),
        ("id uuid PRIMARY KEY DEFAULT gen_monotonic_ulid()::uuid", &[]),
        ("id ulid PRIMARY KEY", &[]),
        // Absence of a default is no evidence of any kind.
        ("id uuid PRIMARY KEY", undecided),
        ("id text PRIMARY KEY", undecided),
        ("id uuid PRIMARY KEY DEFAULT app.next_id()", undecided),
    ] {
        check(rule, &table(column), expect);
    }
    // Another column's default does not matter.
    check(
        rule,
        "CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_ulid(),
             token uuid DEFAULT gen_random_uuid());",
        &[],
    );
    // The last default counts.
    check(
        rule,
        "CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_ulid());
         ALTER TABLE messages ALTER COLUMN id SET DEFAULT gen_random_uuid();",
        finding,
    );
    check(
        rule,
        "CREATE DOMAIN key AS uuid DEFAULT gen_random_uuid();
         CREATE TABLE messages (id key PRIMARY KEY);",
        finding,
    );
}

#[test]
fn primary_key_kind_judges_project_functions_by_their_bodies() {
    let rule = "primary-key-kind";
    let function = |name: &str, body: &str| {
        format!(
            "CREATE FUNCTION {name}() RETURNS uuid LANGUAGE sql AS $$ {body} $$;
             CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT {name}());"
        )
    };
    let ulid = "SELECT encode(substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)\
                ::bigint) FROM 3) || gen_random_bytes(10), 'hex')::uuid";
    check(rule, &function("next_id", ulid), &[]);
    // The name promises what the body does not do.
    check(rule, &function("make_ulid", "SELECT gen_random_uuid()"), &["critical messages.id"]);
    check(
        rule,
        &function("make_id", "SELECT current_setting('app.id')::uuid"),
        &["undecided messages.id"],
    );
    check(
        rule,
        "CREATE FUNCTION inner_id() RETURNS uuid LANGUAGE sql AS $$ SELECT uuid_generate_v4() $$;
         CREATE FUNCTION outer_id() RETURNS uuid LANGUAGE sql AS $$ SELECT inner_id() $$;
         CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT outer_id());",
        &["critical messages.id"],
    );
    // A function that calls itself ends.
    check(rule, &function("again", "SELECT again()"), &["undecided messages.id"]);
    check_under(
        "[primary_key]\ngenerators = [\"app.next_id\"]",
        rule,
        "CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT app.next_id());",
        &[],
    );
}

#[test]
fn primary_key_kind_leaves_out_keys_of_others() {
    let rule = "primary-key-kind";
    check(
        rule,
        "CREATE TABLE users (id uuid PRIMARY KEY DEFAULT gen_ulid());
         CREATE TABLE user_profiles (user_id uuid PRIMARY KEY REFERENCES users (id));
         CREATE TABLE user_friends (a uuid REFERENCES users, b uuid REFERENCES users,
             PRIMARY KEY (a, b));
         CREATE TABLE user_phones (user_id uuid REFERENCES users, position int,
             PRIMARY KEY (user_id, position));
         CREATE TABLE countries (code text PRIMARY KEY, name text);
         CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);",
        &[],
    );
    check(
        rule,
        "CREATE TABLE readings (id uuid DEFAULT gen_random_uuid(), at timestamptz,
             PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         CREATE TABLE readings_1 PARTITION OF readings DEFAULT;",
        &["critical readings.id"],
    );
    let sql = "CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid());";
    check_under("[primary_key]\nkind = \"uuid4\"", rule, sql, &[]);
    check_under("[primary_key]\nkind = \"any\"", rule, sql, &[]);
    check_under("profile = \"general\"", rule, sql, &[]);
    check_under("[primary_key]\nexcept = [\"mess*\"]", rule, sql, &[]);
    check_under("[rules]\nprimary-key-kind = \"off\"", rule, sql, &[]);
    check_under("[rules]\nprimary-key-kind = \"info\"", rule, sql, &["info messages.id"]);
}

#[test]
fn primary_key_storage() {
    let rule = "primary-key-storage";
    check(
        rule,
        "CREATE TABLE messages (id char(26) PRIMARY KEY DEFAULT gen_ulid());",
        &["warning messages.id"],
    );
    check(rule, "CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_ulid());", &[]);
    // What is not of the mandated kind has its own rule.
    check(rule, "CREATE TABLE messages (id bigserial PRIMARY KEY);", &[]);
    let text = "[primary_key]\nstorage = \"text\"";
    check_under(
        text,
        rule,
        "CREATE TABLE messages (id text PRIMARY KEY DEFAULT gen_ulid());",
        &["warning messages.id"],
    );
    check_under(
        text,
        rule,
        "CREATE TABLE messages (id text PRIMARY KEY DEFAULT gen_ulid()
             CHECK (id ~ '^[0-7][0-9A-HJKMNP-TV-Z]{25}$'));",
        &[],
    );
}

#[test]
fn timestamps() {
    check(
        "timestamps-missing",
        "CREATE TABLE patients (id uuid PRIMARY KEY, created_at timestamptz DEFAULT now(),
             updated_at timestamptz NOT NULL);
         CREATE TABLE languages (id uuid PRIMARY KEY, name text);",
        &["warning patients.created_at", "warning patients.updated_at"],
    );
    check(
        "timestamps-missing",
        "CREATE TABLE patients (id uuid PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now(),
             updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP);
         CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text, logged_at timestamptz NOT NULL);
         CREATE TABLE patient_tags (patient_id uuid REFERENCES patients, tag_id uuid REFERENCES patients,
             created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (patient_id, tag_id));",
        &[],
    );
    check(
        "timestamp-without-time-zone",
        "CREATE TABLE a (id uuid PRIMARY KEY, at timestamp(3), b timestamp with time zone, c date,
             opens_local timestamp, runs_at timestamp without time zone);",
        &["warning a.at", "warning a.runs_at"],
    );
}

#[test]
fn unique_ignores_soft_delete() {
    let rule = "unique-ignores-soft-delete";
    check(
        rule,
        "CREATE TABLE a (id uuid PRIMARY KEY, slug text UNIQUE, deleted_at timestamptz);
         CREATE UNIQUE INDEX a_lower ON a (lower(slug)) WHERE slug IS NOT NULL;",
        &["warning a:a_lower", "warning a:a_slug_key"],
    );
    check(
        rule,
        "CREATE TABLE a (id uuid PRIMARY KEY, org uuid, slug text, kind text, token_hash bytea UNIQUE,
             deleted_at timestamptz, UNIQUE (id, org), UNIQUE (org, slug));
         CREATE TABLE b (id uuid PRIMARY KEY, org uuid, slug text,
             FOREIGN KEY (org, slug) REFERENCES a (org, slug));
         CREATE UNIQUE INDEX one ON a (slug) WHERE kind = 'x' AND deleted_at IS NULL;
         CREATE UNIQUE INDEX two ON a (slug, deleted_at);
         CREATE INDEX plain ON a (slug);
         CREATE TABLE c (id uuid PRIMARY KEY, slug text UNIQUE);",
        &[],
    );
    check(
        rule,
        "CREATE TABLE a (id uuid PRIMARY KEY, slug text, deleted_at timestamptz);
         CREATE UNIQUE INDEX one ON a (slug) WHERE deleted_at IS NOT NULL;",
        &["warning a:one"],
    );
}

#[test]
fn constraint_not_validated() {
    check(
        "constraint-not-validated",
        "CREATE TABLE a (id uuid PRIMARY KEY, b int, c int);
         ALTER TABLE a ADD CONSTRAINT b_ok CHECK (b > 0) NOT VALID;
         ALTER TABLE a ADD CONSTRAINT c_ok CHECK (c > 0) NOT VALID;
         ALTER TABLE a VALIDATE CONSTRAINT c_ok;",
        &["warning a:b_ok"],
    );
}

#[test]
fn soft_delete() {
    let sql = "CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
        CREATE TABLE appointments (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients);
        CREATE TABLE care_teams (id uuid PRIMARY KEY, patient_id uuid, removed_at timestamptz);
        CREATE TABLE documents (id uuid PRIMARY KEY, patient_id uuid, is_deleted boolean,
            archived_at timestamptz);
        CREATE TABLE visits (id uuid PRIMARY KEY, patient_id uuid, deleted_by uuid, ended_at date);
        CREATE TABLE invoices (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients);
        CREATE TABLE consents (id uuid PRIMARY KEY, patient_id uuid, revoked_at timestamptz,
            deleted_at timestamptz);";
    check("soft-delete-missing", sql, &["critical appointments", "critical visits"]);
    check(
        "soft-delete-nonstandard",
        sql,
        &["warning care_teams.removed_at", "warning documents.is_deleted"],
    );
    check_under(
        "[soft_delete]\ncolumn = \"removed_at\"\nclasses = [\"financial\"]",
        "soft-delete-missing",
        sql,
        &["critical invoices"],
    );
    check(
        "soft-delete-missing",
        &format!(
            "{sql} ALTER TABLE visits ADD deleted_at timestamptz;
         ALTER TABLE appointments ADD COLUMN deleted_at timestamptz;
         ALTER TABLE patients DROP COLUMN deleted_at;"
        ),
        &["critical patients"],
    );
    check(
        "soft-delete-malformed",
        "CREATE TABLE a (id uuid PRIMARY KEY, deleted_at timestamp);
         CREATE TABLE b (id uuid PRIMARY KEY, deleted_at timestamptz NOT NULL);
         CREATE TABLE c (id uuid PRIMARY KEY, deleted_at timestamptz DEFAULT NULL);",
        &["warning a.deleted_at", "warning b.deleted_at"],
    );
}

#[test]
fn hard_delete_cascade() {
    let rule = "hard-delete-cascade";
    let sql = "CREATE TABLE organizations (id uuid PRIMARY KEY);
        CREATE TABLE patients (id uuid PRIMARY KEY,
            organization_id uuid REFERENCES organizations ON DELETE CASCADE);
        CREATE TABLE visits (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients ON DELETE CASCADE);
        CREATE TABLE notes (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients ON DELETE SET NULL);
        CREATE TABLE sessions (id uuid PRIMARY KEY, user_id uuid,
            org uuid REFERENCES organizations ON DELETE CASCADE);";
    check(rule, sql, &["critical patients.organization_id", "critical visits.patient_id"]);
    let review = run("", sql);
    let visits = review.findings.iter().find(|f| f.id == "hard-delete-cascade:visits.patient_id");
    let visits = visits.expect("the cascade is found");
    assert!(
        visits.message.contains("`organizations` → `patients` → `visits`"),
        "{}",
        visits.message
    );
    assert_eq!(visits.evidence.len(), 2, "the chain is the evidence");
    // A cycle ends.
    check(
        rule,
        "CREATE TABLE patients (id uuid PRIMARY KEY, guardian uuid REFERENCES patients ON DELETE CASCADE);",
        &["critical patients.guardian"],
    );
}

#[test]
fn rls() {
    let sql = "CREATE TABLE patients (id uuid PRIMARY KEY);
        CREATE TABLE invoices (id uuid PRIMARY KEY);
        CREATE TABLE users (id uuid PRIMARY KEY);
        CREATE TABLE tasks (id uuid PRIMARY KEY);
        CREATE TABLE calls (id uuid PRIMARY KEY, organization_id uuid);
        CREATE TABLE countries (code text PRIMARY KEY, name text);
        ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        CREATE POLICY own ON users USING (id = current_setting('a.b')::uuid);
        CREATE POLICY own ON calls USING (organization_id = current_setting('a.b')::uuid);";
    check("rls-missing", sql, &["critical calls", "critical invoices", "critical patients"]);
    check("policy-without-rls", sql, &["critical calls"]);
    check("rls-without-policy", sql, &[]);
    check("rls-not-forced", sql, &[]);
    let later = format!(
        "{sql} ALTER TABLE users DISABLE ROW LEVEL SECURITY;
         ALTER TABLE patients ENABLE ROW LEVEL SECURITY;"
    );
    check("rls-missing", &later, &["critical calls", "critical invoices", "critical users"]);
    check("rls-without-policy", &later, &["critical patients"]);
    check("rls-not-forced", &later, &["warning patients"]);
    check_under("[rls]\nforce = false", "rls-not-forced", &later, &[]);
    // Text that may enable it and was not read leaves the question open.
    let blind = format!(
        "{sql} DO $$ BEGIN EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t); END $$;"
    );
    check("rls-missing", &blind, &["undecided calls", "undecided invoices", "undecided patients"]);
    check(
        "rls-missing",
        "CREATE TABLE tasks (id uuid PRIMARY KEY, diagnosis text);
         CREATE TABLE calls (id uuid PRIMARY KEY, diagnostics text);",
        &["critical tasks"],
    );
    // A partition is reached through its table.
    check(
        "rls-missing",
        "CREATE TABLE patients (id uuid, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
         CREATE TABLE patients_1 PARTITION OF patients DEFAULT;
         ALTER TABLE patients ENABLE ROW LEVEL SECURITY;",
        &[],
    );
}

#[test]
fn policy_always_true() {
    let rule = "policy-always-true";
    let policy = |clause: &str| {
        format!(
            "CREATE TABLE patients (id uuid PRIMARY KEY, organization_id uuid, ok boolean);
             CREATE POLICY p ON patients {clause};"
        )
    };
    for clause in [
        "USING (true)",
        "USING ((TRUE))",
        "USING (1 = 1)",
        "USING ('a' = 'a')",
        "USING (NOT false)",
        "USING (organization_id IS NULL OR true)",
        "USING (id = id)",
        "USING (id IS NULL OR id IS NOT NULL)",
        "USING (true AND NOT (1 = 2))",
        "USING ((SELECT true))",
        "USING ('t'::boolean)",
        "USING (id IS NOT NULL)",
    ] {
        check(rule, &policy(clause), &["critical patients:p"]);
    }
    // What they let be written is another rule's.
    for clause in ["FOR INSERT WITH CHECK (true)", "USING (ok) WITH CHECK (true)"] {
        check(rule, &policy(clause), &[]);
        check("policy-open-write", &policy(clause), &["critical patients:p"]);
    }
    check(rule, &policy("AS RESTRICTIVE USING (true)"), &["warning patients:p"]);
    for clause in [
        "USING (ok)",
        "USING (ok = true)",
        "USING (ok IS TRUE AND true)",
        "USING (false)",
        "USING (ok OR organization_id = current_setting('x')::uuid)",
        "USING (organization_id::text = 'true')",
        "USING (EXISTS (SELECT 1 FROM patients q WHERE true AND q.id = patients.id))",
    ] {
        check(rule, &policy(clause), &[]);
    }
    check(
        rule,
        "CREATE TABLE countries (code text PRIMARY KEY, name text);
         CREATE POLICY everyone ON countries FOR SELECT USING (true);
         CREATE POLICY writers ON countries FOR UPDATE USING (true);",
        &["critical countries:writers", "info countries:everyone"],
    );
}

#[test]
fn view_bypasses_rls() {
    check(
        "view-bypasses-rls",
        "CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
         CREATE TABLE countries (code text PRIMARY KEY);
         ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
         CREATE VIEW direct AS SELECT id FROM patients;
         CREATE VIEW invoker WITH (security_invoker) AS SELECT id FROM patients;
         CREATE VIEW through AS SELECT i.id FROM invoker i;
         CREATE VIEW with_cte AS WITH patients AS (SELECT code FROM countries) SELECT * FROM patients;
         CREATE VIEW other AS SELECT code FROM countries WHERE code <> 'patients';
         CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM patients;",
        &["critical direct", "critical through"],
    );
}

#[test]
fn function_search_path() {
    check(
        "function-search-path",
        "CREATE FUNCTION a() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;
         CREATE FUNCTION b() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
         CREATE FUNCTION c() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path TO ''
             AS $$ SELECT 1 $$;
         CREATE FUNCTION d() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;",
        &["critical a", "warning b"],
    );
}

#[test]
fn audit_triggers() {
    let with = |statements: &str| format!("{AUDITED}\n{statements}");
    let missing = |statements: &str, expect: &[&str]| {
        check("audit-trigger-missing", &with(statements), expect);
    };
    missing("", &["critical calls"]);
    missing(
        "CREATE TRIGGER t BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION touch();",
        &["critical calls"],
    );
    let all = "CREATE TRIGGER t AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE \
               FUNCTION record_change();";
    missing(all, &[]);
    missing(&format!("{all} DROP TRIGGER t ON calls;"), &["critical calls"]);
    // The name says audit, the body does not.
    missing(
        "CREATE FUNCTION audit_calls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
         CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW
             EXECUTE FUNCTION audit_calls();",
        &["critical calls"],
    );
    // It writes another table.
    missing(
        "CREATE TABLE counters (id uuid PRIMARY KEY, n int);
         CREATE FUNCTION count_calls() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN INSERT INTO counters VALUES (NEW.id, 1); RETURN NEW; END $$;
         CREATE TRIGGER t AFTER INSERT ON calls FOR EACH ROW EXECUTE FUNCTION count_calls();",
        &["critical calls"],
    );
    // Through a function it calls, and by statement with transition tables.
    missing(
        "CREATE FUNCTION write_log(action text, row_data jsonb) RETURNS void LANGUAGE sql AS $$
             INSERT INTO audit_logs (action, row_data) VALUES ($1, $2) $$;
         CREATE FUNCTION via() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN PERFORM write_log(TG_OP, to_jsonb(NEW)); RETURN NULL; END $$;
         CREATE TRIGGER t AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION via();",
        &[],
    );
    missing(
        "CREATE FUNCTION bulk() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN INSERT INTO audit_logs (row_data) SELECT to_jsonb(n) FROM fresh n; RETURN NULL; END $$;
         CREATE TRIGGER t AFTER INSERT ON calls REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT
             EXECUTE FUNCTION bulk();",
        &[],
    );
    // The definition is not in the text.
    missing(
        "CREATE TRIGGER t AFTER INSERT ON calls FOR EACH ROW EXECUTE FUNCTION elsewhere.log_it();",
        &["undecided calls"],
    );
    missing(
        "CREATE TRIGGER t BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION ext.set_updated_at();",
        &["critical calls"],
    );

    let incomplete = |statements: &str, expect: &[&str]| {
        check("audit-trigger-incomplete", &with(statements), expect);
    };
    incomplete(all, &[]);
    incomplete(
        "CREATE TRIGGER t AFTER INSERT OR UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION record_change();",
        &["critical calls"],
    );
    incomplete(
        "CREATE TRIGGER t AFTER INSERT OR DELETE OR UPDATE OF to_number ON calls FOR EACH ROW
             EXECUTE FUNCTION record_change();",
        &["critical calls"],
    );
    incomplete(
        "CREATE TRIGGER t AFTER INSERT OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record_change();
         CREATE TRIGGER u AFTER UPDATE ON calls FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
             EXECUTE FUNCTION record_change();",
        &[],
    );
    incomplete(
        "CREATE TRIGGER t AFTER INSERT OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record_change();
         CREATE TRIGGER u AFTER UPDATE ON calls FOR EACH ROW WHEN (NEW.to_number <> '')
             EXECUTE FUNCTION record_change();",
        &["undecided calls"],
    );
    check_under(
        "[audit]\nevents = [\"update\"]",
        "audit-trigger-incomplete",
        &with(
            "CREATE TRIGGER t AFTER UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION record_change();",
        ),
        &[],
    );

    let disabled = |statements: &str, expect: &[&str]| {
        let sql = with(&format!("{all} {statements}"));
        check("audit-trigger-disabled", &sql, expect);
        check("audit-trigger-missing", &sql, &[]);
        check("audit-trigger-incomplete", &sql, &[]);
    };
    disabled("", &[]);
    disabled("ALTER TABLE calls DISABLE TRIGGER t;", &["critical calls:t"]);
    disabled("ALTER TABLE calls DISABLE TRIGGER ALL;", &["critical calls:t"]);
    disabled("ALTER TABLE calls ENABLE REPLICA TRIGGER t;", &["critical calls:t"]);
    disabled(
        "ALTER TABLE calls DISABLE TRIGGER t; ALTER TABLE calls ENABLE ALWAYS TRIGGER t;",
        &[],
    );
}

#[test]
fn audit_log_missing() {
    let rule = "audit-log-missing";
    check(rule, "CREATE TABLE calls (id uuid PRIMARY KEY);", &["critical audit_logs"]);
    check(rule, AUDITED, &[]);
    check(rule, "CREATE TABLE countries (code text PRIMARY KEY, name text);", &[]);
    check_under(
        "[audit]\ntable = \"ledger\"",
        rule,
        "CREATE TABLE calls (id uuid PRIMARY KEY); CREATE TABLE ledger (id uuid PRIMARY KEY);",
        &[],
    );
}

#[test]
fn contact_safety_flag() {
    let rule = "contact-safety-flag";
    let table = |name: &str, flag: &str| {
        format!(
            "CREATE TABLE {name} (id uuid PRIMARY KEY, patient_id uuid, type text, value text{flag});"
        )
    };
    let check_flag =
        |flag: &str, expect: &[&str]| check(rule, &table("contact_methods", flag), expect);
    check_flag("", &["critical contact_methods"]);
    check_flag(", is_safe_for_voicemail boolean NOT NULL DEFAULT false", &[]);
    check_flag(", is_safe_for_voicemail boolean NOT NULL", &[]);
    let warning: &[&str] = &["warning contact_methods.is_safe_for_voicemail"];
    check_flag(", is_safe_for_voicemail boolean DEFAULT false", warning);
    check_flag(", is_safe_for_voicemail boolean NOT NULL DEFAULT true", warning);
    check_flag(", is_safe_for_voicemail text NOT NULL", warning);
    check_flag(", voicemail_ok boolean NOT NULL", &["warning contact_methods.voicemail_ok"]);
    check(rule, &table("patient_phone_numbers", ""), &["critical patient_phone_numbers"]);
    for name in ["contact_lenses", "contracts", "support_tickets", "contact_form_templates"] {
        check(rule, &table(name, ""), &[]);
    }
    check(rule, "CREATE TABLE contact_methods (id uuid PRIMARY KEY, value text);", &[]);
    check_under("[privacy]\nsafe_contact_flag = \"\"", rule, &table("contact_methods", ""), &[]);

    let flag = ", is_safe_for_voicemail boolean NOT NULL DEFAULT false";
    let review = run("", &table("contact_methods", flag));
    let success = review.successes.iter().find(|success| success.rule == rule);
    let success = success.expect("a correct flag is a success");
    assert!(success.message.contains("application logic"), "{}", success.message);
}

#[test]
fn foreign_key_unindexed() {
    let rule = "foreign-key-unindexed";
    let schema = |index: &str| {
        format!(
            "CREATE TABLE b (id uuid PRIMARY KEY, x int, y int, UNIQUE (x, y));
             CREATE TABLE a (id uuid PRIMARY KEY, b_id uuid REFERENCES b, x int, y int,
                 done boolean, FOREIGN KEY (x, y) REFERENCES b (x, y));
             CREATE INDEX ON a (y, x, id); {index}"
        )
    };
    let finding: &[&str] = &["warning a.b_id"];
    for (index, expect) in [
        ("", finding),
        ("CREATE INDEX ON a (b_id);", &[] as &[&str]),
        ("CREATE INDEX ON a (b_id, done);", &[]),
        ("CREATE INDEX ON a (done, b_id);", finding),
        ("CREATE INDEX ON a (lower(b_id::text));", finding),
        ("CREATE INDEX ON a (b_id) WHERE b_id IS NOT NULL;", &[]),
        ("CREATE INDEX ON a (b_id) WHERE done;", finding),
        ("CREATE INDEX ON a (b_id) WHERE b_id IS NOT NULL AND done;", finding),
        ("CREATE INDEX ON a USING brin (b_id);", finding),
        ("CREATE INDEX ON a USING hash (b_id);", &[]),
        ("ALTER TABLE a ADD UNIQUE (b_id);", &[]),
        ("CREATE INDEX i ON a (b_id); DROP INDEX i;", finding),
    ] {
        check(rule, &schema(index), expect);
    }
    check(
        rule,
        "CREATE TABLE b (id uuid PRIMARY KEY); CREATE TABLE c (id uuid PRIMARY KEY);
         CREATE TABLE j (b_id uuid REFERENCES b, c_id uuid REFERENCES c, PRIMARY KEY (b_id, c_id));",
        &["warning j.c_id"],
    );
}

#[test]
fn audit_log_unindexed() {
    let rule = "audit-log-unindexed";
    let log = |index: &str| {
        format!(
            "CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text, resource_type text,
                 resource_id uuid, created_at timestamptz); {index}"
        )
    };
    let both: &[&str] = &["warning audit_logs.created_at", "warning audit_logs.resource_id"];
    check(rule, &log(""), both);
    check(
        rule,
        &log("CREATE INDEX ON audit_logs (created_at);"),
        &["warning audit_logs.resource_id"],
    );
    check(rule, &log("CREATE INDEX ON audit_logs (resource_id, created_at DESC);"), &[]);
    check(rule, &log("CREATE INDEX ON audit_logs (resource_type, resource_id, created_at);"), &[]);
    check(
        rule,
        &log("CREATE INDEX ON audit_logs (action, resource_id, created_at);"),
        &["warning audit_logs.resource_id"],
    );
}

#[test]
fn policy_subquery() {
    let rule = "policy-subquery";
    let schema = |using: &str| {
        format!(
            "CREATE TABLE patients (id uuid PRIMARY KEY);
             CREATE TABLE organization_patients (organization_id uuid, patient_id uuid
                 REFERENCES patients, PRIMARY KEY (organization_id, patient_id));
             CREATE POLICY p ON patients USING ({using});"
        )
    };
    for using in [
        "id IN (SELECT patient_id FROM organization_patients)",
        "EXISTS (SELECT 1 FROM public.organization_patients op WHERE op.patient_id = patients.id)",
        "id = ANY (ARRAY(SELECT patient_id FROM organization_patients))",
        "id = ANY (SELECT patient_id FROM organization_patients)",
    ] {
        check(rule, &schema(using), &["info patients:p"]);
    }
    for using in [
        "id = (SELECT current_setting('app.id')::uuid)",
        "id = current_setting('organization_patients')::uuid",
        "id::text <> 'SELECT patient_id FROM organization_patients'",
    ] {
        check(rule, &schema(using), &[]);
    }
    let review = run("", &schema("id IN (SELECT patient_id FROM organization_patients)"));
    let message = &review.recommendations.iter().find(|f| f.rule == rule).expect("fires").message;
    for part in [
        "`patient_isolation`".replace("patient_isolation", "p"),
        "flattened".into(),
        "redundant".into(),
        "several".into(),
    ] {
        assert!(message.contains(&part), "{message} lacks {part}");
    }
}

#[test]
fn history_unindexed() {
    let rule = "history-unindexed";
    let table = "CREATE TABLE billing_transactions (id uuid PRIMARY KEY, created_at timestamptz);";
    check(rule, table, &["info billing_transactions.created_at"]);
    let good = format!("{table} CREATE INDEX ON billing_transactions (created_at DESC);");
    check(rule, &good, &[]);
    let review = run("", &good);
    let success = review.successes.iter().find(|success| success.rule == rule).expect("said");
    assert_eq!(
        success.message,
        "Index `billing_transactions(created_at DESC)`: already present, good."
    );
    check(rule, "CREATE TABLE patients (id uuid PRIMARY KEY, created_at timestamptz);", &[]);
}
