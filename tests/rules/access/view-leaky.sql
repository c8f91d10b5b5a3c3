-- case: granted to a role without the table
-- expect: info view-leaky:v
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v AS SELECT id, full_name FROM patients WHERE NOT is_vip;
GRANT SELECT ON v TO front_desk;

-- case: the role may read the table
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v AS SELECT id, full_name FROM patients WHERE NOT is_vip;
GRANT SELECT ON v, patients TO front_desk;

-- case: a barrier
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v WITH (security_barrier) AS SELECT id, full_name FROM patients WHERE NOT is_vip;
GRANT SELECT ON v TO front_desk;

-- case: it hides no rows
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v AS SELECT id FROM patients;
GRANT SELECT ON v TO front_desk;

-- case: granted to nobody
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v AS SELECT id, full_name FROM patients WHERE NOT is_vip;
