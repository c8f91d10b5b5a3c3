-- case: deletions leave no record
-- expect: critical audit-trigger-incomplete:calls
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: updates of one column only
-- expect: critical audit-trigger-incomplete:calls
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OF to_number OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: a condition may leave something out
-- undecided: audit-trigger-incomplete calls
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
CREATE TRIGGER calls_audit_update AFTER UPDATE ON calls FOR EACH ROW WHEN (OLD.to_number <> NEW.to_number) EXECUTE FUNCTION record();
-- settles: met
DROP TRIGGER calls_audit_update ON calls;
CREATE TRIGGER calls_audit_update AFTER UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION record();
-- settles: critical audit-trigger-incomplete:calls
DROP TRIGGER calls_audit_update ON calls;

-- case: two triggers see everything together
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT ON calls FOR EACH ROW EXECUTE FUNCTION record();
CREATE TRIGGER calls_audit_later AFTER UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: any change at all
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
CREATE TRIGGER calls_audit_update AFTER UPDATE ON calls FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION record();

-- case: the standard asks for less
-- standard: [audit]
-- standard: events = ["update", "delete"]
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: another trigger may see the rest
-- undecided: audit-trigger-incomplete calls
-- loads: no, a function is made elsewhere
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION record();
CREATE TRIGGER calls_gone AFTER DELETE ON calls FOR EACH ROW EXECUTE FUNCTION app.gone();
-- settles: met
CREATE FUNCTION app.gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.audit_logs (action, old_row) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
-- settles: critical audit-trigger-incomplete:calls
CREATE FUNCTION app.gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE NOTICE 'gone'; RETURN NULL; END $$;

-- case: an unread guard may attach the rest
-- undecided: audit-trigger-incomplete calls
-- loads: no, it is not read whole
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION record();
DO $$ BEGIN
  IF current_setting('app.audited', true) = 'off' THEN ALTER TABLE calls ADD COLUMN note text;
  ELSE CREATE TRIGGER calls_gone AFTER DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record(); END IF;
END $$;
-- settles: met
CREATE TRIGGER calls_deleted AFTER DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
