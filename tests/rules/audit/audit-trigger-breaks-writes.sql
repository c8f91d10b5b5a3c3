-- case: a function reads a column that this table lacks
-- expect: critical audit-trigger-breaks-writes:participants:participants_audit
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE participants (call_id uuid, user_id uuid, PRIMARY KEY (call_id, user_id));
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, row_id, old_row) VALUES (session_user, TG_OP, COALESCE(NEW.id, OLD.id), to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER participants_audit AFTER INSERT OR UPDATE OR DELETE ON participants FOR EACH ROW EXECUTE FUNCTION record();

-- case: only where it deletes
-- expect: critical audit-trigger-breaks-writes:participants:participants_audit
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE participants (call_id uuid, user_id uuid, PRIMARY KEY (call_id, user_id));
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO audit_logs (actor, action, row_id, old_row) VALUES (session_user, TG_OP, OLD.id, to_jsonb(OLD));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER participants_audit AFTER DELETE ON participants FOR EACH ROW EXECUTE FUNCTION record();

-- case: no audit, but the same effect
-- expect: critical audit-trigger-breaks-writes:calls:calls_touch
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER calls_touch BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION touch();

-- case: the log lost a column that the function writes
-- expect: critical audit-trigger-breaks-writes:calls:calls_audit
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
ALTER TABLE audit_logs DROP COLUMN old_row;

-- case: the column was dropped after the trigger was made
-- expect: critical audit-trigger-breaks-writes:calls:calls_audit
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, new_row) VALUES (session_user, TG_OP, jsonb_build_object('to', NEW.to_number));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT ON calls FOR EACH ROW EXECUTE FUNCTION record();
ALTER TABLE calls DROP COLUMN to_number;

-- case: the branch that reads it never runs for this trigger
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE participants (call_id uuid, user_id uuid, PRIMARY KEY (call_id, user_id));
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO audit_logs (row_id, old_row) VALUES (OLD.id, to_jsonb(OLD));
  ELSE
    INSERT INTO audit_logs (action, new_row) VALUES (TG_OP, to_jsonb(NEW));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER participants_audit AFTER INSERT OR UPDATE ON participants FOR EACH ROW EXECUTE FUNCTION record();

-- case: a condition on the table's name decides
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE participants (call_id uuid, user_id uuid, PRIMARY KEY (call_id, user_id));
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'calls' THEN
    INSERT INTO audit_logs (row_id, old_row) VALUES (OLD.id, to_jsonb(OLD));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER participants_audit AFTER INSERT OR UPDATE OR DELETE ON participants FOR EACH ROW EXECUTE FUNCTION record();

-- case: read through JSON
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE participants (call_id uuid, user_id uuid, PRIMARY KEY (call_id, user_id));
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, row_id, old_row) VALUES (session_user, TG_OP, (to_jsonb(NEW) ->> 'id')::uuid, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER participants_audit AFTER INSERT OR UPDATE OR DELETE ON participants FOR EACH ROW EXECUTE FUNCTION record();

-- case: an error that is caught
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE participants (call_id uuid, user_id uuid, PRIMARY KEY (call_id, user_id));
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    INSERT INTO audit_logs (row_id, old_row) VALUES (OLD.id, to_jsonb(OLD));
  EXCEPTION WHEN undefined_column THEN NULL;
  END;
  RETURN NULL;
END $$;
CREATE TRIGGER participants_audit AFTER INSERT OR UPDATE OR DELETE ON participants FOR EACH ROW EXECUTE FUNCTION record();

-- case: a trigger that is off
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE participants (call_id uuid, user_id uuid, PRIMARY KEY (call_id, user_id));
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, row_id, old_row) VALUES (session_user, TG_OP, COALESCE(NEW.id, OLD.id), to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER participants_audit AFTER INSERT OR UPDATE OR DELETE ON participants FOR EACH ROW EXECUTE FUNCTION record();
ALTER TABLE participants DISABLE TRIGGER participants_audit;

-- case: an unread guard may add the column that it reads
-- undecided: audit-trigger-breaks-writes participants
-- loads: no, it is not read whole
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb);
CREATE TABLE participants (call_id uuid, user_id uuid, PRIMARY KEY (call_id, user_id));
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, row_id, old_row) VALUES (session_user, TG_OP, OLD.id, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER participants_audit AFTER UPDATE OR DELETE ON participants FOR EACH ROW EXECUTE FUNCTION record();
DO $$ BEGIN
  IF current_setting('app.keys', true) = 'off' THEN ALTER TABLE participants ADD COLUMN note text;
  ELSE ALTER TABLE participants ADD COLUMN id uuid; END IF;
END $$;
-- settles: met
ALTER TABLE participants ADD COLUMN id uuid;

-- case: an unread guard may add the column that it writes
-- undecided: audit-trigger-breaks-writes calls
-- loads: no, it is not read whole
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, old_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, row_id, old_row) VALUES (session_user, TG_OP, OLD.id, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
DO $$ BEGIN
  IF current_setting('app.keys', true) = 'off' THEN ALTER TABLE audit_logs ADD COLUMN note text;
  ELSE ALTER TABLE audit_logs ADD COLUMN row_id uuid; END IF;
END $$;
-- settles: met
ALTER TABLE audit_logs ADD COLUMN row_id uuid;
