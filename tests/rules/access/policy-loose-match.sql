-- case: LIKE with what the session says
-- expect: critical policy-loose-match:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (body LIKE '%' || current_setting('app.current_user_id', true));

-- case: ILIKE on the role
-- expect: critical policy-loose-match:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (current_user ILIKE kind || '%');

-- case: a regular expression
-- expect: critical policy-loose-match:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (current_setting('app.groups', true) ~ kind);

-- case: NOT LIKE
-- expect: critical policy-loose-match:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id::text NOT LIKE current_setting('app.current_tenant_id', true));

-- case: a pattern on a value of the row
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid AND kind LIKE 'public%');

-- case: equality of text
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id::text = current_setting('app.current_tenant_id', true));
