-- case: no index
-- expect: warning policy-column-unindexed:notes.organization_id
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));

-- case: second in the index
-- expect: warning policy-column-unindexed:notes.organization_id
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE INDEX ON notes (kind, organization_id);
CREATE POLICY p ON notes TO clinic_app USING (organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));

-- case: the table of the sub-query
-- expect: warning policy-column-unindexed:care_team.user_id
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE care_team (id uuid PRIMARY KEY, patient_id uuid, user_id uuid);
ALTER TABLE notes ADD COLUMN patient_id uuid;
CREATE POLICY p ON notes TO clinic_app USING (EXISTS (SELECT 1 FROM care_team c WHERE c.user_id = (SELECT nullif(current_setting('app.current_user_id', true), '')::uuid)));

-- case: first in the index
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE INDEX ON notes (organization_id, kind);
CREATE POLICY p ON notes TO clinic_app USING (organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));

-- case: a unique constraint
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes ADD UNIQUE (organization_id, body);
CREATE POLICY p ON notes TO clinic_app USING (organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));

-- case: a partial index
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE INDEX ON notes (organization_id) WHERE is_public;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid));

-- case: the key of the sub-query’s table
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON notes TO clinic_app USING (organization_id IN (SELECT m.organization_id FROM members m WHERE m.organization_id = (SELECT nullif(current_setting('app.current_tenant_id', true), '')::uuid)));
