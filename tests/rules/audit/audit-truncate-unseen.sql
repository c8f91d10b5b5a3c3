-- case: everything is granted
-- expect: info audit-truncate-unseen:calls
CREATE ROLE app;
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
GRANT ALL ON calls TO app;

-- case: TRUNCATE by name
-- expect: info audit-truncate-unseen:calls
CREATE ROLE app;
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
GRANT TRUNCATE ON calls TO app;

-- case: a trigger sees it
CREATE ROLE app;
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE FUNCTION record_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action) VALUES (session_user, TG_OP);
  RETURN NULL;
END $$;
CREATE TRIGGER calls_truncated AFTER TRUNCATE ON calls FOR EACH STATEMENT EXECUTE FUNCTION record_truncate();
GRANT ALL ON calls TO app;

-- case: not granted
CREATE ROLE app;
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
GRANT SELECT, INSERT, UPDATE, DELETE ON calls TO app;

-- case: a table nobody answers for
CREATE ROLE app;
CREATE TABLE countries (code text PRIMARY KEY, name text);
GRANT ALL ON countries TO app;
