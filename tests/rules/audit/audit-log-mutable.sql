-- case: the application may rewrite it
-- expect: critical audit-log-mutable:audit_logs:app
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_logs TO app;

-- case: by a grant on all tables
-- expect: critical audit-log-mutable:audit_logs:app
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO app;

-- case: row-level security has no say in TRUNCATE
-- expect: critical audit-log-mutable:audit_logs:app
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, TRUNCATE ON audit_logs TO app;

-- case: a policy lets the role
-- expect: critical audit-log-mutable:audit_logs:app
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON audit_logs TO app USING (actor = session_user);
GRANT ALL ON audit_logs TO app;

-- case: the text grants nothing, and nothing else stops it
-- expect: warning audit-log-mutable:audit_logs
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);

-- case: a trigger that is off stops nothing
-- expect: critical audit-log-mutable:audit_logs:app
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$;
CREATE TRIGGER audit_logs_kept BEFORE UPDATE OR DELETE ON audit_logs FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE audit_logs DISABLE TRIGGER audit_logs_kept;
GRANT UPDATE ON audit_logs TO app;

-- case: a trigger that refuses on a condition
-- expect: critical audit-log-mutable:audit_logs:app
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF session_user <> 'admin' THEN RAISE EXCEPTION 'append-only'; END IF; RETURN NEW; END $$;
CREATE TRIGGER audit_logs_kept BEFORE UPDATE OR DELETE ON audit_logs FOR EACH ROW EXECUTE FUNCTION refuse();
GRANT UPDATE ON audit_logs TO app;

-- case: only added to
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
GRANT SELECT, INSERT ON audit_logs TO app;

-- case: a trigger refuses everyone
-- success: audit-log-mutable audit_logs
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$;
CREATE TRIGGER audit_logs_kept BEFORE UPDATE OR DELETE ON audit_logs FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER audit_logs_not_emptied BEFORE TRUNCATE ON audit_logs FOR EACH STATEMENT EXECUTE FUNCTION refuse();
GRANT ALL ON audit_logs TO app;

-- case: rules do nothing instead
-- success: audit-log-mutable audit_logs
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE RULE no_update AS ON UPDATE TO audit_logs DO INSTEAD NOTHING;
CREATE RULE no_delete AS ON DELETE TO audit_logs DO INSTEAD NOTHING;
GRANT UPDATE, DELETE ON audit_logs TO app;

-- case: policies for reading and adding only
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
ALTER TABLE audit_logs ENABLE ROW LEVEL SECURITY;
CREATE POLICY adding ON audit_logs FOR INSERT TO app WITH CHECK (true);
CREATE POLICY reading ON audit_logs FOR SELECT TO app USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_logs TO app;

-- case: rights on other tables show who is who
CREATE ROLE app;
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
GRANT ALL ON calls TO app;

-- case: an unread guard may add the trigger that refuses
-- undecided: audit-log-mutable audit_logs
-- loads: no, it is not read whole
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor_id uuid, action text, row_data jsonb);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only'; END $$;
DO $$ BEGIN
  IF current_setting('app.strict', true) = 'off' THEN ALTER TABLE audit_logs ADD COLUMN note text;
  ELSE CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON audit_logs FOR EACH ROW EXECUTE FUNCTION refuse(); END IF;
END $$;
-- settles: success audit_logs
CREATE TRIGGER refuse_changes BEFORE UPDATE OR DELETE ON audit_logs FOR EACH ROW EXECUTE FUNCTION refuse();
-- settles: critical audit-log-mutable:audit_logs:clinic_app
CREATE ROLE clinic_app;
GRANT SELECT, DELETE ON audit_logs TO clinic_app;
