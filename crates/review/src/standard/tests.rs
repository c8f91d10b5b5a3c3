use super::*;

/// A standard with every section, as the documentation of the standard shows it.
const FULL: &str = r#"
name    = "Clinic platform data standard"
profile = "hipaa"

[primary_key]
kind    = "ulid"
storage = "uuid"
generators = ["app.make_ulid"]
except  = ["alembic_version"]

[timestamps]
created = "created_at"
updated = "updated_at"
type    = "timestamptz"

[soft_delete]
column  = "deleted_at"
classes = ["clinical"]

[tenancy]
table   = "organizations"
column  = "organization_id"
setting = "app.current_tenant_id"
user_setting = "app.current_user_id"

[rls]
classes = ["clinical", "financial", "identity"]
force   = true

[audit]
classes = ["clinical", "financial", "identity", "operational"]
table   = "audit_logs"
events  = ["insert", "update", "delete"]

[privacy]
safe_contact_flag = "is_safe_for_voicemail"

[models]
mixins = { primary_key = "UUIDMixin", timestamps = "TimestampMixin", soft_delete = "SoftDeleteMixin" }

[classes]
operational = ["support_*", "calls"]
clinical    = ["patients", "*_messages", "message*"]
financial   = ["billing_*"]
audit       = ["audit_logs"]
reference   = ["alembic_version", "consent_documents"]

[[require.column]]
table = "patients"
column = "billing_manager_id"
type = "uuid"
nullable = true
because = "a patient may appoint who manages their bills"

[[require.unique]]
table = "care_team_assignments"
columns = ["patient_id"]
where = "role = 'PRIMARY' AND removed_at IS NULL"
because = "one primary provider a patient"

[[require.values]]
table = "contact_methods"
column = "type"
values = ["MOBILE", "HOME", "EMAIL"]

[rules]
"policy-public-role" = "off"
"history-unindexed"  = "warning"

[[waive]]
rule = "rls-missing"
table = "users"
until = "2026-06-30"
because = "login happens before a tenant is known; reviewed by security"
"#;

#[test]
fn reads_every_section() {
    let standard = Standard::parse(FULL).expect("the documented standard is valid");
    assert_eq!(standard.name, "Clinic platform data standard");
    assert_eq!(standard.primary_key.generators, ["app.make_ulid"]);
    assert_eq!(standard.timestamps.data_type.name, "timestamp with time zone");
    assert_eq!(standard.rules.get("policy-public-role"), Some(&None));
    assert_eq!(standard.severity("history-unindexed", Severity::Info), Some(Severity::Warning));
    assert_eq!(standard.waivers.len(), 1);
    assert_eq!(standard.require.columns.len(), 1);
    assert_eq!(standard.require.uniques.len(), 1);
    assert_eq!(standard.require.values.len(), 1);
    // The order of the file decides, not that of the alphabet.
    let class = |name: &str| {
        standard.class_of(&QualifiedName::new("public", name)).map(|pattern| pattern.class)
    };
    assert_eq!(class("support_messages"), Some(Class::Operational));
    assert_eq!(class("messages"), Some(Class::Clinical));
    assert_eq!(class("unnamed"), None);
}

#[test]
fn empty_is_the_health_profile() {
    let standard = Standard::parse("").expect("an empty text is valid");
    assert_eq!(standard.primary_key.kind, KeyKind::Ulid);
    assert_eq!(standard.rls.classes, [Class::Clinical, Class::Financial, Class::Identity]);
    let general = Standard::parse("profile = \"general\"").expect("a profile alone is valid");
    assert_eq!(general.primary_key.kind, KeyKind::Any);
    assert!(general.soft_delete.classes.is_empty() && general.audit.classes.is_empty());
    assert_eq!(general.privacy.safe_contact_flag, None);
    let mixed = "profile = \"general\"\n[rls]\nclasses = [\"financial\"]";
    let mixed = Standard::parse(mixed).expect("a profile with a mandate is valid");
    assert_eq!(mixed.rls.classes, [Class::Financial]);
}

#[track_caller]
fn refuses(text: &str, line: usize, column: usize, says: &str) {
    let error = Standard::parse(text).expect_err("must be refused");
    assert!(error.message.contains(says), "`{}` does not say `{says}`", error.message);
    assert_eq!((error.line, error.column), (line, column), "{error}");
}

#[test]
fn errors_say_where_and_what_instead() {
    refuses("name = \"x\"\n[clases]\n", 2, 2, "did you mean `classes`?");
    refuses("[rls]\n  forced = true", 2, 3, "did you mean `force`?");
    refuses("[primary_key]\nkind = \"ulidd\"", 2, 8, "did you mean `ulid`?");
    refuses("[classes]\nclincal = [\"a\"]", 2, 1, "did you mean `clinical`?");
    refuses("[soft_delete]\nclasses = [\"clinical\", \"fincial\"]", 2, 24, "`financial`");
    refuses("[rules]\n\"rls-mising\" = \"off\"", 2, 1, "did you mean `rls-missing`?");
    refuses("[rules]\nrls-missing = \"fatal\"", 2, 15, "unknown value `fatal`");
    refuses("[[waive]]\nrule = \"rls-missing\"\nbecause = \" \"", 3, 11, "needs a reason");
    refuses("[[waive]]\nrule = \"rls-missing\"\n", 1, 1, "`because` is missing");
    refuses(
        "[[waive]]\nrule = \"rls-missing\"\nuntil = \"2026-02-30\"\nbecause = \"x\"",
        3,
        9,
        "is no date",
    );
    refuses("name = ", 1, 8, "");
    refuses("[rls]\nforce = \"yes\"", 2, 9, "boolean");
}
