//! A plan does what it says: after its SQL, the findings it closes are gone.

use std::collections::BTreeSet;

use schemaward_catalog::{Side, Source, Sources};
use schemaward_review::{
    Coverage, Finding, Implementation, Input, Review, Stamp, Standard, Ulid, Verb, review,
};
use schemaward_sql::catalog_of;

fn reviewed(documented: Option<&str>, implemented: &str) -> Review {
    let mut sources = Sources::default();
    sources.add(Source::new(Side::Implemented, "implemented.sql", implemented));
    let documented = documented.map(catalog_of);
    let implemented = catalog_of(implemented);
    review(&Input {
        documented: documented.as_ref().map(Implementation::database),
        layers: &[Implementation::database(&implemented)],
        classes: &[],
        sources: &sources,
        standard: &Standard::default(),
        coverage: Coverage::default(),
        stamp: Stamp { id: Ulid::from_parts(0, 0), date: "2026-01-13".to_owned() },
    })
}

fn findings(review: &Review) -> impl Iterator<Item = &Finding> {
    review.findings.iter().chain(&review.recommendations)
}

fn ids(review: &Review) -> BTreeSet<String> {
    findings(review).map(|finding| finding.id.clone()).collect()
}

/// Runs the plan on top of the schema; what its steps with SQL close must be gone, and every
/// finding must say which steps close it.
#[track_caller]
fn closes(schema: &str) -> Review {
    let before = reviewed(None, schema);
    let mut text = schema.to_owned();
    let mut closed = BTreeSet::new();
    for step in before.plan.iter().filter(|step| step.verb != Verb::Sync) {
        assert!(!step.title.is_empty() && step.title.ends_with('.'), "{}", step.title);
        for id in &step.closes {
            let told = findings(&before)
                .find(|finding| finding.id == *id)
                .is_some_and(|finding| finding.closes_with.contains(&step.id));
            assert!(told, "{id} is no finding, or does not name {}", step.id);
        }
        if !step.sql.is_empty() {
            text.push('\n');
            text.push_str(&step.sql);
            closed.extend(step.closes.iter().cloned());
        }
    }
    let after = reviewed(None, &text);
    let left: Vec<String> = ids(&after).intersection(&closed).cloned().collect();
    assert!(left.is_empty(), "not closed: {left:#?}\n{text}");
    after
}

const TENANTS: &str = "
    CREATE TABLE organizations (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text);
    CREATE TABLE patients (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        organization_id uuid NOT NULL REFERENCES organizations,
        mrn text UNIQUE,
        is_deleted boolean DEFAULT false
    );
    CREATE TABLE encounters (
        id bigserial PRIMARY KEY,
        patient_id uuid NOT NULL REFERENCES patients ON DELETE CASCADE,
        seen timestamp
    );
    CREATE TABLE contact_methods (
        patient_id uuid NOT NULL REFERENCES patients,
        phone text,
        is_safe_for_voicemail boolean
    );
    CREATE TABLE payments (id serial PRIMARY KEY, patient_id uuid REFERENCES patients);
";

#[test]
fn a_schema_without_anything_is_brought_to_the_standard() {
    let after = closes(TENANTS);
    let rules: BTreeSet<&str> = after.findings.iter().map(|finding| finding.rule).collect();
    // What is left asks a person: keys that are no UUIDs, and who may see payments.
    assert!(rules.contains("primary-key-kind"), "{rules:?}");
    for closed in ["soft-delete-missing", "audit-trigger-missing", "contact-safety-flag"] {
        assert!(!rules.contains(closed), "{closed}");
    }
}

#[test]
fn row_security_without_a_policy_is_never_proposed() {
    let plan = reviewed(None, TENANTS).plan;
    let sql: String = plan.iter().map(|step| step.sql.as_str()).collect();
    assert!(sql.contains("ALTER TABLE patients ENABLE ROW LEVEL SECURITY"));
    assert!(!sql.contains("ALTER TABLE payments ENABLE"), "{sql}");
    let asks = plan.iter().find(|step| step.title.starts_with("Decide who may see"));
    let asks = asks.expect("the plan asks about payments");
    assert!(asks.sql.is_empty() && asks.notes.iter().any(|note| note.contains("`payments`")));
}

#[test]
fn the_project_s_own_ways_are_kept() {
    let schema = format!(
        "CREATE FUNCTION make_key() RETURNS uuid LANGUAGE sql AS $$
             SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
                 || encode(gen_random_bytes(10), 'hex'))::uuid $$;
         {TENANTS}
         CREATE TABLE audit_logs (id uuid PRIMARY KEY DEFAULT make_key(), resource_id uuid,
             action text, created_at timestamptz NOT NULL DEFAULT now());
         CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             INSERT INTO audit_logs (resource_id, action)
             VALUES (coalesce(NEW.id, OLD.id), TG_OP); RETURN NULL; END $$;
         CREATE TRIGGER watch_patients AFTER INSERT OR UPDATE OR DELETE ON patients
             FOR EACH ROW EXECUTE FUNCTION note_change();
         ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
         CREATE POLICY own ON patients TO clinic USING (
             organization_id = current_setting('my.tenant', true)::uuid);"
    );
    let plan = reviewed(None, &schema).plan;
    let sql: String = plan.iter().map(|step| step.sql.as_str()).collect();
    assert!(sql.contains("ALTER TABLE organizations ALTER COLUMN id SET DEFAULT make_key();"));
    // The one function the plan writes refuses changes of the log, which nothing did before.
    assert_eq!(sql.matches("CREATE FUNCTION").count(), 1, "{sql}");
    assert!(sql.contains("CREATE FUNCTION audit_logs_append_only()"), "{sql}");
    assert!(sql.contains("CREATE TRIGGER watch_organizations"), "{sql}");
    assert!(sql.contains("current_setting('my.tenant', true)"), "{sql}");
    assert!(sql.contains("TO clinic"), "{sql}");
    // The function reads a column that `contact_methods` lacks: a trigger there would break it.
    assert!(!sql.contains("CREATE TRIGGER watch_contact_methods"), "{sql}");
    closes(&schema);
}

#[test]
fn the_clinic_s_plan_closes_what_it_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/clinic/implemented.sql");
    let schema = std::fs::read_to_string(path).expect("the fixture is in the repository");
    let after = closes(&schema);
    let critical: Vec<&str> = after
        .findings
        .iter()
        .filter(|finding| finding.severity.word() == "critical")
        .map(|finding| finding.id.as_str())
        .collect();
    // The body of a function is for a person to write.
    assert_eq!(
        critical,
        ["audit-trigger-breaks-writes:appointment_participants:appointment_participants_audit"]
    );
}
