-- case: only restrictive
-- expect: warning policy-all-restrictive:notes
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes AS RESTRICTIVE TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: two of them
-- expect: warning policy-all-restrictive:notes
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes AS RESTRICTIVE TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
CREATE POLICY q ON notes AS RESTRICTIVE TO clinic_app USING (is_public);

-- case: one permissive among them
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
CREATE POLICY q ON notes AS RESTRICTIVE TO clinic_app USING (is_public);

-- case: no policy is another rule’s
-- expect: critical rls-without-policy:notes
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
