use super::*;

#[track_caller]
fn check(sql: &str, expect: &[(&str, Class)]) {
    let catalog = schemaward_sql::catalog_of(sql);
    let found =
        classify(&catalog, &Names::default(), &Standard::default(), &Directives::of(&catalog));
    for (table, class) in expect {
        let got = found.get(&QualifiedName::new("public", *table)).expect("the table exists");
        assert_eq!(got.class, *class, "{table}, because {}", got.because);
    }
}

#[test]
fn follows_foreign_keys_outward_from_patients() {
    check(
        "CREATE TABLE organizations (id uuid PRIMARY KEY, name text);
         CREATE TABLE users (id uuid PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations);
         CREATE TABLE patients (id uuid PRIMARY KEY, primary_user_id uuid REFERENCES users);
         CREATE TABLE organization_patients (organization_id uuid REFERENCES organizations,
             patient_id uuid REFERENCES patients, PRIMARY KEY (organization_id, patient_id));
         CREATE TABLE insurance_policies (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients);
         CREATE TABLE policy_scans (id uuid PRIMARY KEY, policy_id uuid NOT NULL REFERENCES insurance_policies);
         CREATE TABLE billing_transactions (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients);
         CREATE TABLE support_tickets (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients);
         CREATE TABLE notifications (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients);
         CREATE TABLE medical_devices (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients);
         CREATE TABLE rooms (id uuid PRIMARY KEY, organization_id uuid NOT NULL REFERENCES organizations);",
        &[
            ("organizations", Class::Identity),
            ("users", Class::Identity),
            ("patients", Class::Clinical),
            ("organization_patients", Class::Clinical),
            ("insurance_policies", Class::Clinical),
            ("policy_scans", Class::Clinical),
            ("billing_transactions", Class::Financial),
            ("support_tickets", Class::Operational),
            ("notifications", Class::Operational),
            ("medical_devices", Class::Clinical),
            ("rooms", Class::Reference),
        ],
    );
}

#[test]
fn reads_names_on_token_boundaries() {
    check(
        "CREATE TABLE message_threads (id uuid PRIMARY KEY, subject text);
         CREATE TABLE appointments (id uuid PRIMARY KEY, starts_at timestamptz);
         CREATE TABLE subscription_overrides (id uuid PRIMARY KEY);
         CREATE TABLE user_sessions (id uuid PRIMARY KEY, user_id uuid);
         CREATE TABLE user_devices (id uuid PRIMARY KEY);
         CREATE TABLE tasks (id uuid PRIMARY KEY);
         CREATE TABLE calls (id uuid PRIMARY KEY);
         CREATE TABLE care_plans (id uuid PRIMARY KEY, title text);
         CREATE TABLE callsigns (id uuid PRIMARY KEY, label text);
         CREATE TABLE labels (id uuid PRIMARY KEY, text text);
         CREATE TABLE chargers (id uuid PRIMARY KEY, watts integer);",
        &[
            ("message_threads", Class::Clinical),
            ("appointments", Class::Clinical),
            ("subscription_overrides", Class::Financial),
            ("user_sessions", Class::Identity),
            ("user_devices", Class::Identity),
            ("tasks", Class::Operational),
            ("calls", Class::Operational),
            ("care_plans", Class::Clinical),
            ("callsigns", Class::Reference),
            ("labels", Class::Reference),
            ("chargers", Class::Reference),
        ],
    );
}

#[test]
fn tells_lists_and_logs_from_records() {
    check(
        "CREATE TABLE diagnosis_codes (code text PRIMARY KEY, title text);
         CREATE TABLE consent_documents (id uuid PRIMARY KEY, code text, version integer, body text);
         CREATE TABLE feature_flags (id uuid PRIMARY KEY, key text, enabled boolean);
         CREATE TABLE countries (code text PRIMARY KEY, name text);
         CREATE TABLE alembic_version (version_num text PRIMARY KEY);
         CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text, resource_id uuid);
         CREATE TABLE activity_log (id uuid PRIMARY KEY, action text, actor_id uuid, target_id uuid, at timestamptz);
         CREATE TABLE food_log (id uuid PRIMARY KEY, patient_id uuid, calories integer);
         CREATE TABLE staff_directory (id uuid PRIMARY KEY, first_name text, phone text);
         CREATE TABLE deposits (id uuid PRIMARY KEY, amount_cents bigint);",
        &[
            ("diagnosis_codes", Class::Reference),
            ("consent_documents", Class::Reference),
            ("feature_flags", Class::Reference),
            ("countries", Class::Reference),
            ("alembic_version", Class::Reference),
            ("audit_logs", Class::Audit),
            ("activity_log", Class::Audit),
            ("food_log", Class::Clinical),
            ("staff_directory", Class::Identity),
            ("deposits", Class::Financial),
        ],
    );
}

#[test]
fn the_owners_word_comes_first() {
    let sql = "CREATE TABLE patients (id uuid PRIMARY KEY);
        CREATE TABLE visits (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients);
        CREATE TABLE bills (id uuid PRIMARY KEY);
        COMMENT ON TABLE visits IS 'Counts only. schemaward: class=reference';";
    let catalog = schemaward_sql::catalog_of(sql);
    let standard = Standard::parse("[classes]\nclinical = [\"bill*\", \"visits\"]").expect("valid");
    let found = classify(&catalog, &Names::default(), &standard, &Directives::of(&catalog));
    let class = |name: &str| found[&QualifiedName::new("public", name)].class;
    assert_eq!(class("visits"), Class::Reference, "the comment is nearer than the pattern");
    assert_eq!(class("bills"), Class::Clinical);
}
