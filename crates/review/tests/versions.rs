//! Two versions of a schema: what each change means.

use schemaward_catalog::Sources;
use schemaward_review::{Implementation, Standard, compare_versions};
use schemaward_sql::catalog_of;

/// Changes as `class kind entity`.
#[track_caller]
fn check(before: &str, after: &str, expect: &[&str]) {
    let (before, after) = (catalog_of(before), catalog_of(after));
    let versions = compare_versions(
        Implementation::database(&before),
        Implementation::database(&after),
        &Sources::default(),
        &Standard::default(),
    );
    let changes: Vec<String> = versions
        .changes
        .iter()
        .map(|change| {
            assert!(!change.because.is_empty() && !change.evidence.is_empty(), "{change:?}");
            format!("{} {} {}", change.class.word(), change.kind, change.entity)
        })
        .collect();
    assert_eq!(changes, expect);
}

const VISITS: &str = "CREATE TABLE visits (id uuid PRIMARY KEY, organization_id uuid NOT NULL,
    note varchar(20), deleted_at timestamptz);";

/// The table with row-level security and one policy.
fn secured(policy: &str) -> String {
    format!(
        "{VISITS} ALTER TABLE visits ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON visits {policy};"
    )
}

#[test]
fn access() {
    let own = secured("USING (organization_id = current_setting('app.t')::uuid)");
    check(&own, &own, &[]);
    check(
        &own,
        &format!("{own} ALTER TABLE visits DISABLE ROW LEVEL SECURITY;"),
        &["dangerous rls-differs Visits"],
    );
    check(&own, &secured("USING (true)"), &["dangerous policy-differs Visits"]);
    check(
        &own,
        &secured("USING (organization_id = current_setting('app.t')::uuid OR note IS NULL)"),
        &["dangerous policy-differs Visits"],
    );
    check(
        &own,
        &secured("USING (organization_id = current_setting('app.t')::uuid AND note IS NULL)"),
        &["breaking policy-differs Visits"],
    );
    check(&own, &secured("USING (note = 'x')"), &["review policy-differs Visits"]);
    check(
        &own,
        &secured("USING (organization_id = current_setting('app.t')::uuid) WITH CHECK (true)"),
        &["dangerous policy-differs Visits"],
    );
    check(
        &own,
        &format!("{own} CREATE POLICY more ON visits USING (note IS NULL);"),
        &["dangerous policy-differs Visits"],
    );
    check(
        &format!("CREATE ROLE app; {}", secured("TO app USING (note IS NULL)")),
        &format!("CREATE ROLE app; {}", secured("USING (note IS NULL)")),
        &["dangerous policy-differs Visits"],
    );
    check(
        &secured("AS RESTRICTIVE USING (note IS NULL)"),
        &format!("{VISITS} ALTER TABLE visits ENABLE ROW LEVEL SECURITY;"),
        &["dangerous policy-differs Visits"],
    );
    check(VISITS, &own, &["breaking rls-differs Visits", "safe rls-differs Visits"]);
    check(
        &format!("{VISITS} CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM visits;"),
        &format!("{VISITS} CREATE VIEW v AS SELECT id FROM visits;"),
        &["dangerous view-differs V"],
    );
    check(
        VISITS,
        &format!("{VISITS} GRANT SELECT ON visits TO public;"),
        &["dangerous grant-differs Visits"],
    );
    check(VISITS, &format!("{VISITS} CREATE ROLE a BYPASSRLS;"), &["dangerous role-differs `a`"]);
}

#[test]
fn retention() {
    check(
        VISITS,
        &VISITS.replace(", deleted_at timestamptz", ""),
        &["dangerous unimplemented-column Visits"],
    );
    let log = "CREATE TABLE audit_logs (id uuid PRIMARY KEY, resource_id uuid, old jsonb, new jsonb,
            actor text, operation text, at timestamptz);
        CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO audit_logs (resource_id, operation, old) VALUES (NEW.id, TG_OP, to_jsonb(OLD));
            RETURN NEW; END $$;";
    let trigger = "CREATE TRIGGER record AFTER INSERT OR UPDATE OR DELETE ON visits
            FOR EACH ROW EXECUTE FUNCTION record();";
    let audited = format!("{VISITS} {log} {trigger}");
    check(&audited, &format!("{VISITS} {log}"), &["dangerous trigger-differs Visits"]);
    check(
        &audited,
        &format!("{audited} ALTER TABLE visits DISABLE TRIGGER record;"),
        &["dangerous trigger-differs Visits"],
    );
    check(
        &audited,
        &audited.replace("INSERT OR UPDATE OR DELETE ON", "INSERT OR UPDATE ON"),
        &["dangerous trigger-differs Visits"],
    );
    check(&format!("{VISITS} {log}"), &audited, &["safe trigger-differs Visits"]);
    check(
        &audited,
        &format!("CREATE ROLE app; {audited} GRANT INSERT, UPDATE ON audit_logs TO app;"),
        &["dangerous grant-differs Audit Logs", "review grant-differs Audit Logs"],
    );
    let parent = "CREATE TABLE p (id int PRIMARY KEY);";
    check(
        &format!("{parent} CREATE TABLE c (p int REFERENCES p);"),
        &format!("{parent} CREATE TABLE c (p int REFERENCES p ON DELETE CASCADE);"),
        &["dangerous on-delete-differs C"],
    );
}

#[test]
fn users_of_the_schema() {
    for (before, after, expect) in [
        ("x int", "x int, y int", "safe undocumented-column T"),
        ("x int", "x int, y int NOT NULL DEFAULT 1", "safe undocumented-column T"),
        ("x int", "x int, y int NOT NULL", "breaking undocumented-column T"),
        ("x int, y int", "x int", "breaking unimplemented-column T"),
        ("x int", "x bigint", "safe type-differs T"),
        ("x bigint", "x int", "breaking type-differs T"),
        ("x varchar(9)", "x varchar(20)", "safe type-differs T"),
        ("x varchar(20)", "x varchar(9)", "breaking type-differs T"),
        ("x int", "x int NOT NULL", "breaking nullability-differs T"),
        ("x int NOT NULL", "x int", "review nullability-differs T"),
        ("x int DEFAULT 1", "x int DEFAULT 2", "review default-differs T"),
        ("x int", "x int CHECK (x > 0)", "breaking check-differs T"),
        ("x int CHECK (x > 0)", "x int", "review check-differs T"),
        ("x int", "x int UNIQUE", "breaking unique-differs T"),
    ] {
        let table = |columns: &str| format!("CREATE TABLE t ({columns});");
        check(&table(before), &table(after), &[expect]);
    }
    let table = "CREATE TABLE t (x int);";
    check(table, &format!("{table} CREATE INDEX ON t (x);"), &["safe index-differs T"]);
    check(&format!("{table} CREATE INDEX ON t (x);"), table, &["review index-differs T"]);
    check(
        "CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE t (m m);",
        "CREATE TYPE m AS ENUM ('a'); CREATE TABLE t (m m);",
        &["breaking enum-differs M"],
    );
}
