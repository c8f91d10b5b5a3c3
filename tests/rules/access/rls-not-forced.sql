-- case: enabled only
-- expect: warning rls-not-forced:notes
-- access: (owner) select notes all
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: forced
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: forced and taken back
-- expect: warning rls-not-forced:notes
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
ALTER TABLE notes NO FORCE ROW LEVEL SECURITY;

-- case: the owner by name
-- expect: warning rls-not-forced:notes
-- access: clinic_owner delete notes all
CREATE ROLE clinic_owner;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
ALTER TABLE notes OWNER TO clinic_owner;

-- case: the owner is held to policies that are for it
-- access: clinic_owner select notes none
CREATE ROLE clinic_owner;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
ALTER TABLE notes OWNER TO clinic_owner;

-- case: a row that goes with its parent
-- access: clinic_app delete replies some through foreign key replies_note_id_fkey
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE TABLE replies (id uuid PRIMARY KEY, note_id uuid REFERENCES notes ON DELETE CASCADE);
ALTER TABLE replies ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
GRANT SELECT, DELETE ON notes TO clinic_app;

-- case: a member of the owner’s role
-- expect: warning rls-not-forced:notes
-- access: clinic_migrations update notes all
CREATE ROLE clinic_owner;
CREATE ROLE clinic_migrations LOGIN;
GRANT clinic_owner TO clinic_migrations;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
ALTER TABLE notes OWNER TO clinic_owner;

-- case: an unread guard may force it
-- undecided: rls-not-forced notes
-- loads: no, it is not read whole
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
DO $$ BEGIN
  IF current_setting('app.strict', true) = 'off' THEN ALTER TABLE notes ADD COLUMN note text;
  ELSE ALTER TABLE notes FORCE ROW LEVEL SECURITY; END IF;
END $$;
-- settles: met
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
