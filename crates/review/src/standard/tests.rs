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

/// The remarks on a standard under a schema, as `line:column message`.
#[track_caller]
fn remarks(text: &str, sql: &str, expect: &[&str]) {
    let catalog = schemaward_sql::catalog_of(sql);
    let standard = Standard::parse(text).expect("the standard is valid");
    let directives = crate::directive::Directives::of(&catalog);
    let found: Vec<String> = notes(&standard, &catalog, &directives)
        .into_iter()
        .map(|note| format!("{}:{} {}", note.line, note.column, note.message))
        .collect();
    assert_eq!(found, expect);
}

#[test]
fn tables_that_do_not_exist_are_remarked() {
    let sql = "CREATE TABLE patients (id uuid PRIMARY KEY); CREATE TABLE app.calls (id uuid);
        CREATE SCHEMA app; CREATE TABLE app.visits (id uuid);";
    remarks(
        "[classes]\nclinical = [\"patient\", \"patients\", \"app.visits\", \"app.*\"]\naudit = [\"*_log\"]\n\
         [[waive]]\nrule = \"rls-missing\"\ntable = \"app.visit\"\nbecause = \"x\"\n\
         [[require.values]]\ntable = \"nothing_like_it\"\ncolumn = \"a\"\nvalues = [\"b\"]",
        sql,
        &[
            "2:13 [classes] clinical: no table is called `patient`; did you mean `patients`?",
            "3:10 [classes] audit: no table matches `*_log`",
            "6:9 [[waive]]: no table is called `app.visit`; did you mean `app.visits`?",
            "9:9 [[require.values]]: no table is called `nothing_like_it`",
        ],
    );
    // Where nothing was read, nothing is missing.
    remarks("[classes]\nclinical = [\"patients\"]", "", &[]);
    remarks(FULL, "SELECT 1;", &[]);
}

#[test]
fn patterns_that_contradict_each_other_are_remarked() {
    let sql = "CREATE TABLE messages (id uuid); CREATE TABLE message_queue (id uuid);
        CREATE TABLE jobs (id uuid);
        COMMENT ON TABLE jobs IS 'schemaward: class=reference';";
    remarks(
        "[classes]\nclinical = [\"message*\", \"messages\"]\noperational = [\"message_queue\", \"jobs\"]\n\
         audit = [\"jobs\"]",
        sql,
        &[
            "3:16 [classes] operational: `message_queue` never counts, because `message*` (clinical) \
             stands before it; move it up",
            "3:33 the comment of `jobs` says reference, `jobs` in [classes] says operational; the \
             comment is nearer and counts",
            "4:10 [classes] audit: `jobs` is listed as operational before; the first counts",
        ],
    );
    // An exception before its rule is how exceptions are written.
    remarks(
        "[classes]\noperational = [\"message_queue\", \"jobs\"]\nclinical = [\"message*\"]",
        "CREATE TABLE messages (id uuid); CREATE TABLE message_queue (id uuid); CREATE TABLE jobs (id int);",
        &[],
    );
}

fn table(name: &str) -> QualifiedName {
    QualifiedName::new("public", name)
}

#[test]
fn an_edit_touches_only_what_it_is_about() {
    let text = "# Our standard.\nname = \"Clinic\"  # of the platform\n\n[classes]   # first match wins\n\
        clinical = [\n    \"patients\",\n    \"visits\", # since spring\n]\noperational = [\"calls\"]\n\n\
        [rules]\n\"rls-not-forced\" = \"info\"   # until the owners are apart\n";
    let mut standard = StandardText::parse(text).expect("valid");
    assert_eq!(standard.text(), text);
    standard.set_class(&table("calls"), Class::Clinical).expect("nothing stands against it");
    standard.set_severity("rls-not-forced", None).expect("a known rule");
    standard
        .waive("rls-missing", Some("users"), Some("2026-06-30"), "login comes first")
        .expect("a whole waiver");
    let expect = "# Our standard.\nname = \"Clinic\"  # of the platform\n\n[classes]   # first match wins\n\
        clinical = [\n    \"patients\",\n    \"visits\", # since spring\n    \"calls\",\n]\noperational = []\n\n\
        [rules]\n\"rls-not-forced\" = \"off\"   # until the owners are apart\n\n[[waive]]\n\
        rule = \"rls-missing\"\ntable = \"users\"\nuntil = \"2026-06-30\"\nbecause = \"login comes first\"\n";
    assert_eq!(standard.text(), expect);
    // The same again changes nothing; another reason replaces the first.
    standard.set_class(&table("calls"), Class::Clinical).expect("already so");
    standard
        .waive("rls-missing", Some("users"), Some("2026-06-30"), "login comes first")
        .expect("a whole waiver");
    assert_eq!(standard.text(), expect);
    standard.waive("rls-missing", Some("users"), None, "reviewed").expect("a whole waiver");
    let parsed = Standard::parse(&standard.text()).expect("still valid");
    assert_eq!(parsed.waivers.len(), 1);
    assert_eq!(
        (parsed.waivers[0].until.as_deref(), parsed.waivers[0].because.as_str()),
        (None, "reviewed")
    );
    assert_eq!(parsed.class_of(&table("calls")).map(|entry| entry.class), Some(Class::Clinical));
    assert_eq!(parsed.rules.get("rls-not-forced"), Some(&None));
}

#[test]
fn an_edit_works_on_an_empty_and_on_a_full_standard() {
    for text in
        ["", FULL, "classes = { clinical = [\"patients\"] }\nrules.rls-missing = \"info\"\n"]
    {
        let mut standard = StandardText::parse(text).expect("valid");
        assert_eq!(standard.text(), text);
        standard.set_class(&table("rooms"), Class::Reference).expect("no pattern of another class");
        standard.set_severity("rls-missing", Some(Severity::Warning)).expect("a known rule");
        standard.waive("rls-not-forced", None, None, "one role").expect("a whole waiver");
        let parsed = Standard::parse(&standard.text()).expect("still valid");
        assert_eq!(
            parsed.class_of(&table("rooms")).map(|entry| entry.class),
            Some(Class::Reference)
        );
        assert_eq!(parsed.rules.get("rls-missing"), Some(&Some(Severity::Warning)));
        assert!(parsed.waivers.iter().any(|waiver| waiver.because == "one role"));
    }
}

#[test]
fn an_edit_that_would_not_hold_is_refused() {
    let mut standard = StandardText::parse(FULL).expect("valid");
    let says = |error: StandardError, part: &str| assert!(error.message.contains(part), "{error}");
    // `message*` stands before the last list and would still count.
    let refused = standard.set_class(&table("message_queue"), Class::Reference).unwrap_err();
    says(refused, "`message*` (clinical) stands before");
    says(standard.waive("rls-missing", None, None, " ").unwrap_err(), "needs a reason");
    says(standard.waive("rls-mising", None, None, "x").unwrap_err(), "did you mean `rls-missing`");
    says(standard.waive("rls-missing", None, Some("soon"), "x").unwrap_err(), "is no date");
    says(standard.set_severity("nothing", None).unwrap_err(), "unknown rule");
    assert_eq!(standard.text(), FULL, "a refused edit changes nothing");
    assert!(StandardText::parse("[clases]").is_err());
}
