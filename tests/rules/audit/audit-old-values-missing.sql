-- case: only the new row
-- expect: warning audit-old-values-missing:record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, new_row) VALUES (session_user, TG_OP, to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: only which row it was
-- expect: warning audit-old-values-missing:record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, row_id) VALUES (session_user, TG_OP, COALESCE(NEW.id, OLD.id));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: the branch of deletions forgets it
-- expect: warning audit-old-values-missing:record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO audit_logs (action, old_row, new_row) VALUES (TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  ELSE
    INSERT INTO audit_logs (action, new_row) VALUES (TG_OP, to_jsonb(NEW));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: SQL from a string
-- undecided: audit-old-values-missing record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (action) VALUES (TG_OP);
  EXECUTE format('UPDATE %I SET old_row = $1', 'audit_logs') USING to_jsonb(OLD);
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
-- settles: met
CREATE OR REPLACE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (action, old_row) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
-- settles: warning audit-old-values-missing:record
CREATE OR REPLACE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (action, new_row) VALUES (TG_OP, to_jsonb(NEW)); RETURN NULL; END $$;

-- case: a CASE keeps it where there is one
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) VALUES (session_user, TG_OP, was);
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: the columns that matter
CREATE TABLE audit_logs (id bigserial PRIMARY KEY, actor text, old_number text, new_number text);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, old_number, new_number) VALUES (session_user, OLD.to_number, NEW.to_number);
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: the whole row, spread over the columns
CREATE TABLE calls_audit (operation text, actor text, at timestamptz, id uuid, to_number text);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN INSERT INTO calls_audit SELECT 'D', session_user, now(), OLD.*; RETURN OLD;
  ELSIF TG_OP = 'UPDATE' THEN INSERT INTO calls_audit SELECT 'U', session_user, now(), OLD.*; RETURN NEW;
  END IF;
  INSERT INTO calls_audit SELECT 'I', session_user, now(), NEW.*; RETURN NEW;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: only insertions are recorded
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, new_row) VALUES (session_user, TG_OP, to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: a transition table
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) SELECT session_user, TG_OP, to_jsonb(o) FROM was o;
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER DELETE ON calls REFERENCING OLD TABLE AS was FOR EACH STATEMENT EXECUTE FUNCTION record();
