-- case: a column of another name
-- loads: no, there is no such column
-- expect: critical policy-unknown-column:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (tenant_id = current_setting('app.current_tenant_id', true)::uuid);

-- case: a column of the sub-query’s table
-- loads: no, there is no such column
-- expect: critical policy-unknown-column:notes:p
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON notes TO clinic_app USING (EXISTS (SELECT 1 FROM members m WHERE m.org_id = notes.organization_id));

-- case: a relation that the text does not make
-- loads: no, the table is made elsewhere
-- undecided: policy-unknown-column notes
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id IN (SELECT t.organization_id FROM teams t));
-- settles: met
CREATE TABLE teams (id uuid PRIMARY KEY, organization_id uuid);
-- settles: critical policy-unknown-column:notes:p
CREATE TABLE teams (id uuid PRIMARY KEY, org uuid);

-- case: a schema that the text does not know
-- loads: no, the gateway makes the schema
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (author_id IN (SELECT u.id FROM auth.users u));

-- case: a column that came later
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY);
ALTER TABLE notes ADD COLUMN tenant_id uuid;
CREATE POLICY p ON notes TO clinic_app USING (tenant_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: a column that was renamed
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, org uuid);
CREATE POLICY p ON notes TO clinic_app USING (org = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
ALTER TABLE notes RENAME COLUMN org TO organization_id;

-- case: columns that every table has
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid AND tableoid IS NOT NULL);

-- case: a WITH query and its columns
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON notes TO clinic_app USING (organization_id IN (WITH mine AS (SELECT m.organization_id AS org FROM members m WHERE m.user_id = current_setting('app.current_user_id', true)::uuid) SELECT org FROM mine));

-- case: the correlated column in quotes
CREATE ROLE clinic_app;
CREATE TABLE "Notes" ("orgId" uuid, id uuid PRIMARY KEY);
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON "Notes" TO clinic_app USING (EXISTS (SELECT 1 FROM members m WHERE m.organization_id = "Notes"."orgId" AND m.user_id = current_setting('app.current_user_id', true)::uuid));

-- case: an unread guard may add the column
-- undecided: policy-unknown-column notes
-- loads: no, it is not read whole
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
DO $$ BEGIN
  IF current_setting('app.teams', true) = 'off' THEN ALTER TABLE notes ADD COLUMN note text;
  ELSE ALTER TABLE notes ADD COLUMN team_id uuid; END IF;
END $$;
CREATE POLICY p ON notes TO clinic_app USING (team_id = nullif(current_setting('app.team', true), '')::uuid);
-- settles: met
ALTER TABLE notes ADD COLUMN team_id uuid;
