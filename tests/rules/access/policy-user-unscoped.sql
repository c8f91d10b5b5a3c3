-- case: policies look at something else
-- expect: info policy-user-unscoped:bookmarks.user_id
CREATE ROLE clinic_app;
CREATE TABLE bookmarks (id uuid PRIMARY KEY, user_id uuid NOT NULL, is_archived boolean);
ALTER TABLE bookmarks ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON bookmarks TO clinic_app USING (NOT is_archived);

-- case: a policy looks at the owner
CREATE ROLE clinic_app;
CREATE TABLE bookmarks (id uuid PRIMARY KEY, user_id uuid NOT NULL, is_archived boolean);
ALTER TABLE bookmarks ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON bookmarks TO clinic_app USING (user_id = nullif(current_setting('app.current_user_id', true), '')::uuid);

-- case: the tenant scopes the rows
CREATE ROLE clinic_app;
CREATE TABLE bookmarks (id uuid PRIMARY KEY, user_id uuid NOT NULL, is_archived boolean);
ALTER TABLE bookmarks ENABLE ROW LEVEL SECURITY;
ALTER TABLE bookmarks ADD COLUMN organization_id uuid NOT NULL;
CREATE POLICY p ON bookmarks TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);

-- case: a function of the row may look
CREATE ROLE clinic_app;
CREATE TABLE bookmarks (id uuid PRIMARY KEY, user_id uuid NOT NULL, is_archived boolean);
ALTER TABLE bookmarks ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION may(b uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN true; END $$;
CREATE POLICY p ON bookmarks TO clinic_app USING (may(id));
