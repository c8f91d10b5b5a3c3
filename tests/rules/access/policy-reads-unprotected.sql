-- case: the role may insert
-- expect: warning policy-reads-unprotected:notes:p:members
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
GRANT SELECT, INSERT ON members TO clinic_app;
CREATE POLICY p ON notes TO clinic_app USING (author_id IN (SELECT m.user_id FROM members m WHERE m.user_id = nullif(current_setting('app.current_user_id', true), '')::uuid));

-- case: everyone may update
-- expect: warning policy-reads-unprotected:notes:p:members
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
GRANT UPDATE ON members TO PUBLIC;
CREATE POLICY p ON notes TO clinic_app USING (author_id IN (SELECT m.user_id FROM members m WHERE m.user_id = nullif(current_setting('app.current_user_id', true), '')::uuid));

-- case: the role may read only
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
GRANT SELECT ON members TO clinic_app;
CREATE POLICY p ON notes TO clinic_app USING (author_id IN (SELECT m.user_id FROM members m WHERE m.user_id = nullif(current_setting('app.current_user_id', true), '')::uuid));

-- case: another role may write
CREATE ROLE clinic_admin;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
GRANT SELECT ON members TO clinic_app;
GRANT ALL ON members TO clinic_admin;
CREATE POLICY p ON notes TO clinic_app USING (author_id IN (SELECT m.user_id FROM members m WHERE m.user_id = nullif(current_setting('app.current_user_id', true), '')::uuid));

-- case: protected itself
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
GRANT ALL ON members TO clinic_app;
CREATE POLICY p ON notes TO clinic_app USING (author_id IN (SELECT m.user_id FROM members m WHERE m.user_id = nullif(current_setting('app.current_user_id', true), '')::uuid));

-- case: nothing is granted in the text
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE members (organization_id uuid, user_id uuid, role text, PRIMARY KEY (organization_id, user_id));
CREATE POLICY p ON notes TO clinic_app USING (author_id IN (SELECT m.user_id FROM members m WHERE m.user_id = nullif(current_setting('app.current_user_id', true), '')::uuid));
