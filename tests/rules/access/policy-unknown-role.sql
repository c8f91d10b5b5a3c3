-- case: a misspelt role
-- loads: no, there is no such role
-- expect: warning policy-unknown-role:notes:p:clinic_ap
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_ap USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: one of two
-- loads: no, there is no such role
-- expect: warning policy-unknown-role:notes:p:clinic_web
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app, clinic_web USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: a role of the text
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: no role is created at all
-- loads: no, the roles are the server’s
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid);
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: roles that are always there
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO PUBLIC USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
CREATE POLICY q ON notes TO CURRENT_USER, pg_monitor USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
