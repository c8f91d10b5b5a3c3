-- case: IS NULL or
-- expect: critical policy-null-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (current_setting('app.current_user_id', true) IS NULL OR author_id = current_setting('app.current_user_id', true)::uuid);

-- case: NOT IS NOT NULL
-- expect: critical policy-null-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (author_id = current_setting('app.current_user_id', true)::uuid OR NOT (current_setting('app.current_user_id', true) IS NOT NULL));

-- case: an empty string
-- expect: critical policy-null-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (coalesce(current_setting('app.current_user_id', true), '') = '' OR author_id::text = current_setting('app.current_user_id', true));

-- case: empty only
-- expect: critical policy-null-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (current_setting('app.current_user_id') = '' OR author_id::text = current_setting('app.current_user_id'));

-- case: the column stands in for the setting
-- expect: critical policy-null-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = coalesce(nullif(current_setting('app.current_tenant_id', true), '')::uuid, organization_id));

-- case: IS NOT FALSE
-- expect: critical policy-null-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING ((organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid) IS NOT FALSE);

-- case: coalesce of the comparison to true
-- expect: critical policy-null-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (coalesce(organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid, true));

-- case: a CASE
-- expect: critical policy-null-bypass:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (CASE WHEN nullif(current_setting('app.current_user_id', true), '') IS NULL THEN true ELSE author_id = current_setting('app.current_user_id', true)::uuid END);

-- case: through a function of one expression
-- expect: critical policy-null-bypass:notes:p
CREATE FUNCTION current_user_id() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.current_user_id', true), '')::uuid $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (current_user_id() IS NULL OR author_id = current_user_id());

-- case: through a function with a body
-- expect: critical policy-null-bypass:notes:p
CREATE FUNCTION current_user_id() RETURNS uuid LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN nullif(current_setting('app.current_user_id', true), '')::uuid; END $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING ((SELECT current_user_id()) IS NULL OR author_id = current_user_id());

-- case: opens public rows only
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING ((current_setting('app.current_user_id', true) IS NULL AND is_public) OR author_id = nullif(current_setting('app.current_user_id', true), '')::uuid);

-- case: requires that somebody is known
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (current_setting('app.current_user_id', true) IS NOT NULL AND author_id = nullif(current_setting('app.current_user_id', true), '')::uuid);

-- case: a column that may be NULL
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (author_id IS NULL OR author_id = nullif(current_setting('app.current_user_id', true), '')::uuid);

-- case: coalesce to a tenant that nobody has
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (organization_id = coalesce(nullif(current_setting('app.current_tenant_id', true), '')::uuid, '00000000-0000-0000-0000-000000000000'::uuid));

-- case: a restrictive policy holds anyway
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (current_setting('app.current_user_id', true) IS NULL OR author_id = current_setting('app.current_user_id', true)::uuid);
CREATE POLICY r ON notes AS RESTRICTIVE TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: the restrictive policy is the one that opens
-- expect: critical policy-null-bypass:notes:r
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (true);
CREATE POLICY r ON notes AS RESTRICTIVE TO clinic_app USING (current_setting('app.current_user_id', true) IS NULL OR author_id = current_setting('app.current_user_id', true)::uuid);
