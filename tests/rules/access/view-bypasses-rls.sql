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
