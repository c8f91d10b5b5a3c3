-- case: one tenant
-- expect: critical policy-literal-tenant:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = '0b6c2c5e-6d7b-4a52-9a61-1f6d5b0c7e11');

-- case: one tenant, cast
-- expect: critical policy-literal-tenant:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING ('0b6c2c5e-6d7b-4a52-9a61-1f6d5b0c7e11'::uuid = organization_id AND is_public);

-- case: a list of tenants
-- expect: critical policy-literal-tenant:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id IN ('0b6c2c5e-6d7b-4a52-9a61-1f6d5b0c7e11', '0b6c2c5e-6d7b-4a52-9a61-1f6d5b0c7e11'));

-- case: in a sub-query
-- expect: critical policy-literal-tenant:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON notes TO clinic_app USING (author_id IN (SELECT m.user_id FROM members m WHERE m.organization_id = '0b6c2c5e-6d7b-4a52-9a61-1f6d5b0c7e11'));

-- case: by the reference to the tenants
-- expect: critical policy-literal-tenant:notes:p
CREATE TABLE organizations (id uuid PRIMARY KEY);
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes ADD COLUMN clinic uuid REFERENCES organizations;
CREATE POLICY p ON notes TO clinic_app USING (clinic = '0b6c2c5e-6d7b-4a52-9a61-1f6d5b0c7e11');

-- case: a tenant that all share
-- expect: warning policy-literal-tenant:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR organization_id = '0b6c2c5e-6d7b-4a52-9a61-1f6d5b0c7e11');

-- case: the nil tenant marks shared rows
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR organization_id = '00000000-0000-0000-0000-000000000000');

-- case: a constant of another column
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid AND kind = 'clinical');

-- case: the name of a setting is a constant, too
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
