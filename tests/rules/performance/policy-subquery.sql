-- case: the tenant is found through a join table
-- expect: info policy-subquery:patients:patient_isolation
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text);
CREATE TABLE organization_patients (organization_id uuid, patient_id uuid REFERENCES patients, PRIMARY KEY (organization_id, patient_id));
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY patient_isolation ON patients USING (id IN (SELECT patient_id FROM organization_patients
  WHERE organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid)));

-- case: in the condition for new rows
-- expect: info policy-subquery:notes:p
CREATE TABLE visits (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
CREATE TABLE notes (id uuid PRIMARY KEY, visit_id uuid NOT NULL REFERENCES visits, body text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR INSERT WITH CHECK (EXISTS (SELECT 1 FROM visits v WHERE v.id = notes.visit_id
  AND v.organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid)));

-- case: though the table has the column itself
-- expect: info policy-subquery:notes:p
CREATE TABLE visits (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, visit_id uuid NOT NULL REFERENCES visits, body text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes USING (EXISTS (SELECT 1 FROM visits v WHERE v.id = notes.visit_id
  AND v.organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid)));

-- case: one of two policies
-- expect: info policy-subquery:notes:through_the_visit
CREATE TABLE visits (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, visit_id uuid NOT NULL REFERENCES visits, body text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON notes USING (organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));
CREATE POLICY through_the_visit ON notes FOR SELECT USING (visit_id IN (SELECT id FROM visits));

-- case: its own column is compared
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, body text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: a sub-select that reads no table
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, body text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes USING (organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));

-- case: a function is asked
CREATE TABLE visits (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
CREATE FUNCTION may_see(visit uuid) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT EXISTS (SELECT 1 FROM visits WHERE id = visit) $$;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, visit_id uuid NOT NULL REFERENCES visits, body text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes USING (may_see(visit_id));
