-- case: a view over the table
-- expect: critical view-bypasses-rls:v
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v AS SELECT id, full_name FROM patients WHERE NOT is_vip;

-- case: through another view
-- expect: critical view-bypasses-rls:v
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW inner_v WITH (security_invoker) AS SELECT id, full_name FROM patients WHERE NOT is_vip;
CREATE VIEW v AS SELECT * FROM inner_v;

-- case: its reader’s rights
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v WITH (security_invoker = true) AS SELECT id, full_name FROM patients WHERE NOT is_vip;

-- case: set later
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v AS SELECT id, full_name FROM patients WHERE NOT is_vip;
ALTER VIEW v SET (security_invoker = on);

-- case: a WITH query takes the name
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE TABLE countries (code text);
CREATE VIEW v AS WITH patients AS (SELECT code FROM countries) SELECT code FROM patients;

-- case: access through it
-- expect: critical view-bypasses-rls:v
-- access: front_desk select patients all through view v
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v AS SELECT id, full_name FROM patients WHERE NOT is_vip;
GRANT SELECT ON v TO front_desk;

-- case: access by its reader’s rights is the table’s
-- access: front_desk select patients none
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v WITH (security_invoker) AS SELECT id, full_name FROM patients WHERE NOT is_vip;
GRANT SELECT ON v, patients TO front_desk;

-- case: a query that is not understood
-- undecided: view-bypasses-rls open_notes
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE VIEW open_notes AS SELECT id FROM notes WHERE COLLATION FOR (body) IS NOT NULL;
-- settles: met
ALTER VIEW open_notes SET (security_invoker = true);
-- settles: critical view-bypasses-rls:open_notes
CREATE OR REPLACE VIEW open_notes AS SELECT id FROM notes WHERE body IS NOT NULL;

-- case: whether the owner of the view is exempt, the text does not say
-- expect: critical view-bypasses-rls:all_notes
-- access: clinic_app select notes undecided through view all_notes
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
CREATE ROLE keeper;
ALTER TABLE notes OWNER TO keeper;
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE VIEW all_notes AS SELECT * FROM notes;
GRANT SELECT ON all_notes TO clinic_app;
-- settles: critical view-bypasses-rls:all_notes
-- settles: access clinic_app select notes all through view all_notes
CREATE ROLE reporting BYPASSRLS;
ALTER VIEW all_notes OWNER TO reporting;
-- settles: critical view-bypasses-rls:all_notes
-- settles: no access clinic_app select notes undecided through view all_notes
ALTER VIEW all_notes OWNER TO keeper;
