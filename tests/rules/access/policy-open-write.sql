-- case: INSERT of anything
-- expect: critical policy-open-write:notes:p
-- forbid: policy-always-true
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR INSERT TO clinic_app WITH CHECK (true);

-- case: UPDATE to anything
-- expect: critical policy-open-write:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR UPDATE TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid) WITH CHECK (true);

-- case: DELETE of anything
-- expect: critical policy-open-write:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR DELETE TO clinic_app USING (1 = 1);

-- case: the check forgets the tenant
-- expect: critical policy-open-write:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid) WITH CHECK (kind <> 'signed');

-- case: the check ties another column
-- expect: critical policy-open-write:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid) WITH CHECK (author_id = nullif(current_setting('app.current_user_id', true), '')::uuid);

-- case: the check ties the tenant on one branch only
-- expect: critical policy-open-write:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid) WITH CHECK (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid OR is_public);

-- case: the same check in other words
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid) WITH CHECK ((SELECT current_setting('app.current_tenant_id', true)::uuid) = organization_id AND kind IN ('a', 'b'));

-- case: no check on UPDATE means USING
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR UPDATE TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: a check through a parent that is tied itself
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid) WITH CHECK (organization_id IN (SELECT m.organization_id FROM members m WHERE m.user_id = current_setting('app.current_tenant_id', true)::uuid));

-- case: narrowed by a restrictive policy
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR INSERT TO clinic_app WITH CHECK (true);
CREATE POLICY r ON notes AS RESTRICTIVE FOR INSERT TO clinic_app WITH CHECK (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: a restrictive policy for another command narrows nothing
-- expect: critical policy-open-write:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR INSERT TO clinic_app WITH CHECK (true);
CREATE POLICY r ON notes AS RESTRICTIVE FOR SELECT TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: INSERT without a check lets nothing in
-- expect: warning policy-never-true:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR INSERT TO clinic_app ;

-- case: a function of the row decides
CREATE FUNCTION may_write(org uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN org IS NOT NULL; END $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid) WITH CHECK (may_write(organization_id));
