-- case: where sessions share a role
-- expect: warning policy-current-user:drafts:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
CREATE TABLE drafts (id uuid PRIMARY KEY, author text NOT NULL);
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON drafts TO clinic_app USING (author = current_user);

-- case: session_user in a sub-select
-- expect: warning policy-current-user:drafts:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
CREATE TABLE drafts (id uuid PRIMARY KEY, author text NOT NULL);
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON drafts TO clinic_app USING (author = (SELECT session_user)::text);

-- case: where every person has a role
CREATE ROLE clinic_app;
CREATE TABLE drafts (id uuid PRIMARY KEY, author text NOT NULL);
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON drafts TO clinic_app USING (author = current_user);

-- case: a test of the role itself
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
CREATE TABLE drafts (id uuid PRIMARY KEY, author text NOT NULL);
ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON drafts TO clinic_app USING (current_user = 'clinic_jobs' AND author IS NOT NULL);
