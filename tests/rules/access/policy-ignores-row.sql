-- case: somebody is known
-- expect: critical policy-ignores-row:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (current_setting('app.current_user_id', true) IS NOT NULL);

-- case: a sub-query that is not tied to the row
-- expect: critical policy-ignores-row:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON notes TO clinic_app USING (EXISTS (SELECT 1 FROM members m WHERE m.user_id = current_setting('app.current_user_id', true)::uuid));

-- case: a name that the sub-query takes for itself
-- expect: critical policy-ignores-row:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON notes TO clinic_app USING (EXISTS (SELECT 1 FROM members m WHERE m.organization_id = organization_id AND m.user_id = current_setting('app.current_user_id', true)::uuid));

-- case: the role of the connection
-- expect: warning policy-ignores-row:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (current_user = 'clinic_admin');

-- case: a function that decides
-- expect: warning policy-ignores-row:notes:p
CREATE FUNCTION is_admin() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN false; END $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (is_admin());

-- case: a list of administrators
-- expect: warning policy-ignores-row:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE administrators (user_id uuid PRIMARY KEY);
CREATE POLICY p ON notes TO clinic_app USING (EXISTS (SELECT 1 FROM administrators a WHERE a.user_id = current_setting('app.current_user_id', true)::uuid));

-- case: reading a reference table
CREATE ROLE clinic_app;
CREATE TABLE countries (code text PRIMARY KEY, name text);
ALTER TABLE countries ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON countries FOR SELECT TO clinic_app USING (current_setting('app.current_user_id', true) IS NOT NULL);

-- case: a sub-query that names the table
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON notes TO clinic_app USING (EXISTS (SELECT 1 FROM members m WHERE m.organization_id = notes.organization_id AND m.user_id = current_setting('app.current_user_id', true)::uuid));

-- case: the column is passed to a function
CREATE FUNCTION may_read(org uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN true; END $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (may_read(organization_id));

-- case: a constant is another rule’s
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (false);

-- case: the row itself
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes FOR SELECT TO clinic_app USING (to_jsonb(notes) ->> 'organization_id' = current_setting('app.current_tenant_id', true));
