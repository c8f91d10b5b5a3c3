-- case: a switch
-- expect: critical policy-setting-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR current_setting('app.bypass_rls', true) = 'on');

-- case: a switch that is cast
-- expect: critical policy-setting-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR coalesce(current_setting('app.bypass_rls', true), 'off')::boolean);

-- case: a switch in a list
-- expect: critical policy-setting-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR lower(current_setting('app.bypass_rls', true)) IN ('on', 'yes'));

-- case: a role by a setting
-- expect: critical policy-setting-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR (SELECT current_setting('app.role', true)) = 'admin');

-- case: a switch in a CASE
-- expect: critical policy-setting-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (CASE WHEN current_setting('app.bypass_rls', true) = '1' THEN true ELSE organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid END);

-- case: a switch inside a function
-- expect: critical policy-setting-bypass:notes:p
CREATE FUNCTION is_service() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT current_setting('app.service', true) = 'on' $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (is_service() OR organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: a switch for public rows only
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR (current_setting('app.bypass_rls', true) = 'on' AND is_public));

-- case: the tenant itself is a setting
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: a claim that the gateway sets
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR current_setting('request.jwt.claim.role', true) = 'service');

-- case: a role of the server
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR current_user = 'clinic_jobs');

-- case: both a switch and nobody
-- expect: critical policy-setting-bypass:notes:p
-- expect: critical policy-null-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR current_setting('app.bypass_rls', true) = 'on' OR current_setting('app.bypass_rls', true) IS NULL);
