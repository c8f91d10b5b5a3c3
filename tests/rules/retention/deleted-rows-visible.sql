-- case: every query must remember
-- expect: info deleted-rows-visible:patients
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);

-- case: a policy that asks another table's column
-- expect: info deleted-rows-visible:patients
-- expect: info deleted-rows-visible:registrations
CREATE TABLE registrations (patient_id uuid PRIMARY KEY, organization_id uuid, deleted_at timestamptz);
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY registered ON patients USING (id IN (SELECT r.patient_id FROM registrations r WHERE r.deleted_at IS NULL));

-- case: the policy that filters is off
-- expect: info deleted-rows-visible:patients
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE POLICY live ON patients FOR SELECT USING (deleted_at IS NULL);

-- case: a view of what was deleted
-- expect: info deleted-rows-visible:patients
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE VIEW deleted_patients AS SELECT id FROM patients WHERE deleted_at IS NOT NULL;

-- case: a view leaves them out
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE VIEW live_patients AS SELECT p.id FROM patients p WHERE p.deleted_at IS NULL;

-- case: a policy leaves them out
CREATE TABLE patients (id uuid PRIMARY KEY, organization_id uuid, deleted_at timestamptz);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY live ON patients USING (organization_id = current_setting('app.tenant')::uuid AND deleted_at IS NULL);

-- case: a view whose query is not understood
-- undecided: deleted-rows-visible visits
CREATE TABLE visits (id uuid PRIMARY KEY, patient_id uuid, reason text, deleted_at timestamptz);
CREATE VIEW open_visits AS SELECT id FROM visits WHERE COLLATION FOR (reason) IS NOT NULL AND deleted_at IS NULL;
-- settles: met
CREATE OR REPLACE VIEW open_visits AS SELECT id FROM visits WHERE deleted_at IS NULL;
-- settles: info deleted-rows-visible:visits
CREATE OR REPLACE VIEW open_visits AS SELECT id FROM visits WHERE reason IS NOT NULL;

-- case: an unread guard may add the policy
-- undecided: deleted-rows-visible visits
-- loads: no, it is not read whole
CREATE TABLE visits (id uuid PRIMARY KEY, patient_id uuid, deleted_at timestamptz);
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;
DO $$ BEGIN
  IF current_setting('app.soft', true) = 'off' THEN CREATE POLICY all_rows ON visits USING (patient_id IS NOT NULL);
  ELSE CREATE POLICY live ON visits USING (deleted_at IS NULL); END IF;
END $$;
-- settles: met
CREATE POLICY live_rows ON visits USING (deleted_at IS NULL);
