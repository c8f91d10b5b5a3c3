-- case: user_metadata of the token
-- expect: critical policy-editable-claim:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id::text = ((SELECT current_setting('request.jwt.claims', true)::jsonb) -> 'user_metadata' ->> 'org'));

-- case: by a path
-- expect: critical policy-editable-claim:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id::text = ((SELECT current_setting('request.jwt.claims', true)::jsonb) #>> '{user_metadata,org}'));

-- case: of the users’ table
-- expect: critical policy-editable-claim:notes:p
CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY, raw_user_meta_data jsonb);
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (author_id IN (SELECT u.id FROM auth.users u WHERE u.raw_user_meta_data ->> 'role' = 'doctor'));

-- case: an e-mail address
-- expect: warning policy-editable-claim:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (body = ((SELECT current_setting('request.jwt.claims', true)::jsonb) ->> 'email'));

-- case: app_metadata
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id::text = ((SELECT current_setting('request.jwt.claims', true)::jsonb) -> 'app_metadata' ->> 'org'));

-- case: a column of that name
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes ADD COLUMN user_metadata jsonb;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid AND user_metadata ->> 'email' IS NULL);
