-- case: switched off and forgotten
-- expect: critical audit-trigger-disabled:calls:calls_audit
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
ALTER TABLE calls DISABLE TRIGGER calls_audit;

-- case: all of them at once
-- expect: critical audit-trigger-disabled:calls:calls_audit
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
ALTER TABLE calls DISABLE TRIGGER USER;

-- case: switched on again
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
ALTER TABLE calls DISABLE TRIGGER ALL;
ALTER TABLE calls ENABLE TRIGGER USER;

-- case: another trigger is off
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER calls_touch BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE calls DISABLE TRIGGER calls_touch;
