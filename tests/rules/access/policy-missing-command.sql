-- case: a granted UPDATE without a policy
-- expect: warning policy-missing-command:notes:clinic_app
-- access: clinic_app select notes some
-- access: clinic_app update notes none
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT SELECT, UPDATE ON notes TO clinic_app;

-- case: granted with all tables
-- expect: warning policy-missing-command:notes:clinic_app
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO clinic_app;

-- case: through a group
-- expect: warning policy-missing-command:notes:clinic_app
CREATE ROLE clinic;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
GRANT clinic TO clinic_app;
CREATE POLICY p ON notes FOR SELECT TO clinic USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT SELECT, DELETE ON notes TO clinic_app;

-- case: not granted, not missing
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT SELECT ON notes TO clinic_app;

-- case: granted and revoked
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT ALL ON notes TO clinic_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON notes FROM clinic_app;

-- case: FOR ALL covers every command
-- access: clinic_app truncate notes all
-- access: clinic_app insert notes some
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT ALL ON notes TO clinic_app;

-- case: a role that is exempt
-- access: clinic_jobs delete notes all
CREATE ROLE clinic_jobs BYPASSRLS;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT SELECT ON notes TO clinic_app;
GRANT ALL ON notes TO clinic_jobs;

-- case: no grant in the text
-- expect: info policy-missing-command:notes
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: a policy for the group, through which the role is granted
-- access: clinic_app select notes some
CREATE ROLE clinic;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
GRANT clinic TO clinic_app;
CREATE POLICY p ON notes TO clinic USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT ALL ON notes TO clinic;
