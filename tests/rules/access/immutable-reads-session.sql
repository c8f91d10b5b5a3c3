-- case: a setting
-- expect: warning immutable-reads-session:tenant
CREATE FUNCTION tenant() RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid);
CREATE POLICY p ON notes TO clinic_app USING (organization_id = tenant());

-- case: through another function
-- expect: warning immutable-reads-session:mine
CREATE FUNCTION tenant() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid);
CREATE FUNCTION mine() RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT tenant() $$;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = mine());

-- case: stable
CREATE FUNCTION tenant() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid);
CREATE POLICY p ON notes TO clinic_app USING (organization_id = tenant());

-- case: immutable without the session
CREATE FUNCTION tenant() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid);
CREATE FUNCTION fold(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(t) $$;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = tenant() AND fold('A') = 'a');

-- case: no policy calls it
CREATE FUNCTION tenant() RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(current_setting('app.tenant', true), '')::uuid $$;
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid);
