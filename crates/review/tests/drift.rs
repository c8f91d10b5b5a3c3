//! Labelled cases of drift: two small schemas, and the rows they must yield. Near misses yield none.

use schemaward_catalog::{Side, Source, Sources};
use schemaward_review::{Coverage, Implementation, Input, Review, Stamp, Standard, Ulid, review};
use schemaward_sql::catalog_of;

fn compared(documented: &str, implemented: &str) -> Review {
    let mut sources = Sources::default();
    sources.add(Source::new(Side::Documented, "documented.sql", documented));
    sources.add(Source::new(Side::Implemented, "implemented.sql", implemented));
    let (documented, implemented) = (catalog_of(documented), catalog_of(implemented));
    review(&Input {
        documented: Some(Implementation::database(&documented)),
        layers: &[Implementation::database(&implemented)],
        classes: &[],
        sources: &sources,
        standard: &Standard::default(),
        coverage: Coverage::default(),
        stamp: Stamp { id: Ulid::from_parts(0, 0), date: "2026-01-13".to_owned() },
    })
}

/// Rows as `severity kind entity: documented | implemented`.
#[track_caller]
fn check(documented: &str, implemented: &str, expect: &[&str]) {
    let rows: Vec<String> = compared(documented, implemented)
        .discrepancies
        .into_iter()
        .map(|row| {
            assert!(!row.evidence.is_empty(), "no evidence: {row:?}");
            let severity = row.severity.word();
            let (kind, entity) = (row.kind, row.entity);
            format!("{severity} {kind} {entity}: {} | {}", row.documented, row.implemented)
        })
        .collect();
    assert_eq!(rows, expect);
}

const NOTHING: &str = "Not in the documented schema";

#[test]
fn spellings_of_one_schema_do_not_differ() {
    check(
        "CREATE TYPE mood AS ENUM ('sad', 'glad');
         CREATE TABLE staff (
             id BIGSERIAL PRIMARY KEY,
             code VARCHAR(10) NOT NULL DEFAULT 'new',
             email text UNIQUE,
             rate decimal(8, 2) DEFAULT 0.00,
             feeling mood DEFAULT 'glad',
             state text NOT NULL CHECK (state IN ('open', 'done')),
             starts timestamptz DEFAULT CURRENT_TIMESTAMP,
             ends TIMESTAMP WITH TIME ZONE,
             CONSTRAINT in_order CHECK (ends > starts AND (rate >= 0 OR code = 'x')),
             CHECK (rate BETWEEN 0 AND 99)
         );
         CREATE INDEX staff_code ON staff (code) WHERE email IS NOT NULL;",
        "CREATE TYPE public.mood AS ENUM ('sad', 'glad');
         CREATE TABLE public.staff (
             id bigint NOT NULL,
             code character varying(10) DEFAULT 'new'::character varying NOT NULL,
             email text,
             rate numeric(8,2) DEFAULT 0,
             feeling public.mood DEFAULT 'glad'::public.mood,
             state text NOT NULL,
             starts timestamp with time zone DEFAULT now(),
             ends timestamp with time zone,
             CONSTRAINT staff_check CHECK (((rate >= (0)::numeric) AND (rate <= (99)::numeric))),
             CONSTRAINT in_order CHECK (((starts < ends) AND (((code)::text = 'x'::text)
                 OR (rate >= (0)::numeric)))),
             CONSTRAINT staff_state_check
                 CHECK ((state = ANY (ARRAY['done'::text, 'open'::text])))
         );
         CREATE SEQUENCE public.staff_id_seq;
         ALTER SEQUENCE public.staff_id_seq OWNED BY public.staff.id;
         ALTER TABLE ONLY public.staff
             ALTER COLUMN id SET DEFAULT nextval('public.staff_id_seq'::regclass);
         ALTER TABLE ONLY public.staff ADD CONSTRAINT staff_pkey PRIMARY KEY (id);
         ALTER TABLE ONLY public.staff ADD CONSTRAINT other_name UNIQUE (email);
         CREATE INDEX another_name ON public.staff USING btree (code) WHERE (email IS NOT NULL);",
        &[],
    );
}

#[test]
fn policies_differ_by_meaning() {
    let table = "CREATE TABLE visits (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
                 ALTER TABLE visits ENABLE ROW LEVEL SECURITY;";
    check(
        &format!(
            "{table} CREATE POLICY own ON visits USING (
                 organization_id = current_setting('app.current_tenant_id', true)::uuid);"
        ),
        &format!(
            "{table} CREATE POLICY other_name ON public.visits USING ((organization_id = (
                 SELECT (current_setting('app.current_tenant_id'::text, true))::uuid
                     AS current_setting)));"
        ),
        &[],
    );
    check(
        &format!("{table} CREATE POLICY own ON visits USING (organization_id = id);"),
        &format!("{table} CREATE POLICY own ON visits USING (true);"),
        &[
            "warning policy-differs Visits: policy `own` using `organization_id = id` | policy `own` \
           using `true`",
        ],
    );
    check(
        &format!("{table} CREATE POLICY own ON visits USING (organization_id = id);"),
        "CREATE TABLE visits (id uuid PRIMARY KEY, organization_id uuid NOT NULL);",
        &[
            "critical rls-differs Visits: Row-level security enabled | Not enabled",
            "critical policy-differs Visits: policy `own` using `organization_id = id` | Not \
             implemented",
        ],
    );
}

#[test]
fn row_security_that_no_document_mentions_is_one_row() {
    check(
        "CREATE TABLE a (id uuid PRIMARY KEY); CREATE TABLE b (id uuid PRIMARY KEY);",
        "CREATE TABLE a (id uuid PRIMARY KEY); CREATE TABLE b (id uuid PRIMARY KEY);
         ALTER TABLE a ENABLE ROW LEVEL SECURITY; ALTER TABLE b ENABLE ROW LEVEL SECURITY;
         CREATE POLICY p ON a USING (true);",
        &[&format!("info rls-differs Row-Level Security: {NOTHING} | Enabled on `a`, `b`")],
    );
}

#[test]
fn tables() {
    check(
        "CREATE TABLE rooms (id uuid PRIMARY KEY, label text);",
        "CREATE TABLE rooms (id uuid PRIMARY KEY, label text);
         CREATE TABLE billing_entries (id uuid PRIMARY KEY, amount numeric);
         CREATE TABLE invoices (id uuid PRIMARY KEY);
         CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
         CREATE TABLE beds (id uuid PRIMARY KEY);",
        &[
            &format!("warning undocumented-table Beds: {NOTHING} | `beds`"),
            &format!(
                "warning undocumented-table Billing: {NOTHING} | 2 tables: `billing_entries`, \
                 `invoices`"
            ),
        ],
    );
    check(
        "CREATE TABLE rooms (id uuid PRIMARY KEY);",
        "CREATE TABLE app_settings (key text PRIMARY KEY, value text);",
        &[
            "warning unimplemented-table Rooms: `rooms` | Not implemented",
            &format!("warning undocumented-table App Settings: {NOTHING} | `app_settings`"),
        ],
    );
}

#[test]
fn renamed_tables_need_the_same_content() {
    check(
        "CREATE TABLE organization_memberships (id uuid PRIMARY KEY, user_id uuid NOT NULL,
             role text NOT NULL, invited_by uuid);",
        "CREATE TABLE organization_members (id uuid PRIMARY KEY, user_id uuid NOT NULL,
             role text NOT NULL, invited_by uuid);",
        &["warning renamed-table Organization Memberships: `organization_memberships` | \
           `organization_members`"],
    );
    // Two kinds of fact about a patient look alike and are not the same table.
    check(
        "CREATE TABLE patient_allergies (id uuid PRIMARY KEY, patient_id uuid, name text,
             severity text);",
        "CREATE TABLE patient_conditions (id uuid PRIMARY KEY, patient_id uuid, name text,
             severity text);",
        &[
            "warning unimplemented-table Patient Allergies: `patient_allergies` | Not implemented",
            &format!(
                "warning undocumented-table Patient Conditions: {NOTHING} | `patient_conditions`"
            ),
        ],
    );
}

#[test]
fn columns() {
    check(
        "CREATE TABLE rooms (id uuid PRIMARY KEY, phone text, note text, size int NOT NULL,
             seen timestamptz, floor int DEFAULT 1);",
        "CREATE TABLE rooms (id uuid PRIMARY KEY, phone_number text, note_type text, size bigint,
             seen timestamp, floor int DEFAULT 2);",
        &[
            "warning unimplemented-column Rooms: `note text` | Not implemented",
            &format!("warning undocumented-column Rooms: {NOTHING} | `note_type text`"),
            "warning renamed-column Rooms: `phone` | `phone_number`",
            "warning type-differs Rooms: `size integer` | `size bigint`",
            "warning type-differs Rooms: `seen timestamp with time zone` | `seen timestamp without \
             time zone`",
            "warning nullability-differs Rooms: `size` NOT NULL | `size` NULL",
            "info default-differs Rooms: `floor` default `1` | `floor` default `2`",
        ],
    );
}

#[test]
fn soft_delete_by_another_field() {
    let implemented = "CREATE TABLE care_team (id uuid PRIMARY KEY, removed_at timestamptz);";
    check(
        "CREATE TABLE care_team (id uuid PRIMARY KEY, deleted_at timestamptz);",
        implemented,
        &["warning nonstandard-field Care Team: `deleted_at` | `removed_at`"],
    );
    check(
        "CREATE TABLE care_team (
             id uuid PRIMARY KEY,
             -- Soft delete support
             removed_at timestamptz
         );",
        implemented,
        &["warning nonstandard-field Care Team: `deleted_at` (implied) | `removed_at`"],
    );
    check(
        "CREATE TABLE care_team (id uuid PRIMARY KEY, removed_at timestamptz);",
        implemented,
        &[],
    );
    check(
        "CREATE TABLE care_team (id uuid PRIMARY KEY, deleted_at timestamptz);",
        "CREATE TABLE care_team (id uuid PRIMARY KEY);",
        &["critical unimplemented-column Care Team: `deleted_at timestamp with time zone` | Not \
           implemented"],
    );
}

#[test]
fn keys_and_constraints() {
    check(
        "CREATE TABLE wards (id uuid PRIMARY KEY);
         CREATE TABLE beds (
             ward_id uuid REFERENCES wards,
             number int,
             level int CHECK (level > 0),
             PRIMARY KEY (ward_id, number),
             UNIQUE (level)
         );
         CREATE INDEX ON beds (level, number);",
        "CREATE TABLE wards (id uuid PRIMARY KEY);
         CREATE TABLE beds (
             ward_id uuid NOT NULL REFERENCES wards ON DELETE CASCADE,
             number int PRIMARY KEY,
             level int CHECK (level > 1)
         );
         CREATE INDEX ON beds (number DESC);",
        &[
            "critical key-differs Beds: primary key `ward_id`, `number` | primary key `number`",
            "critical on-delete-differs Beds: `ward_id` on delete `NO ACTION` | `ward_id` on delete \
             `CASCADE`",
            "warning unique-differs Beds: unique `level` | Not implemented",
            "warning check-differs Beds: `CHECK (level > 0)` | `CHECK (level > 1)`",
            "warning index-differs Beds: `(level, number)` | Not implemented",
            &format!("info index-differs Beds: {NOTHING} | `(number DESC)`"),
        ],
    );
}

#[test]
fn enums() {
    check(
        "CREATE TYPE state AS ENUM ('open', 'done'); CREATE TABLE jobs (id uuid PRIMARY KEY,
             state state);",
        "CREATE TYPE state AS ENUM ('open', 'done', 'lost'); CREATE TABLE jobs (id uuid PRIMARY KEY,
             state state);",
        &["warning enum-differs State: `'open'`, `'done'` | `'open'`, `'done'`, `'lost'`"],
    );
    // A list of values that became an enum is one difference, told as a type.
    check(
        "CREATE TABLE jobs (id uuid PRIMARY KEY, state text CHECK (state IN ('open', 'done')));",
        "CREATE TYPE state AS ENUM ('open', 'done'); CREATE TABLE jobs (id uuid PRIMARY KEY,
             state state);",
        &["warning type-differs Jobs: `state text` | `state state`"],
    );
}

#[test]
fn a_dump_of_the_clinic_does_not_differ_from_its_source() {
    let clinic = |file: &str| {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/clinic/");
        std::fs::read_to_string(format!("{root}{file}")).expect("the fixture is in the repository")
    };
    check(&clinic("implemented.sql"), &clinic("implemented.dump.sql"), &[]);
}
