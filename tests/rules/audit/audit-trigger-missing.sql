-- case: nothing records who changes calls
-- expect: critical audit-trigger-missing:calls
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);

-- case: a trigger that keeps updated_at is no audit
-- expect: critical audit-trigger-missing:calls
CREATE TABLE calls (id uuid PRIMARY KEY, updated_at timestamptz);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER calls_touch BEFORE UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION touch();

-- case: an insert into a table that is no log
-- expect: critical audit-trigger-missing:calls
-- expect: critical audit-trigger-missing:call_counts
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE TABLE call_counts (number text PRIMARY KEY, calls int);
CREATE FUNCTION count_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO call_counts VALUES (NEW.to_number, 1);
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION count_call();

-- case: the function is not in the text
-- loads: no, the function does not exist
-- undecided: audit-trigger-missing calls
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION app.note();
-- settles: met
CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text NOT NULL, row_data jsonb);
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
-- settles: critical audit-trigger-missing:calls
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE NOTICE 'a call'; RETURN NULL; END $$;

-- case: the trigger was dropped
-- expect: critical audit-trigger-missing:calls
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
DROP TRIGGER calls_audit ON calls;

-- case: an unread guard may attach it
-- undecided: audit-trigger-missing calls
-- loads: no, it is not read whole
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
DO $$ BEGIN
  IF current_setting('app.audited', true) = 'off' THEN
    ALTER TABLE calls ADD COLUMN note text;
  ELSE
    CREATE TRIGGER calls_guarded AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
  END IF;
END $$;
-- settles: met
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: a function that another one calls writes the log
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION write_log(action text, was jsonb) RETURNS void LANGUAGE sql AS $$ INSERT INTO audit_logs (action, old_row) VALUES ($1, $2) $$;
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM write_log(TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: a loop over tables attaches it
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row, new_row) VALUES (session_user, TG_OP, to_jsonb(OLD), to_jsonb(NEW));
  RETURN NULL;
END $$;
DO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['calls'] LOOP
  EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION record()', t || '_audit', t);
END LOOP; END $$;

-- case: a list that nobody answers for
CREATE TABLE countries (code text PRIMARY KEY, name text);

-- case: a library that is known by its call
-- loads: no, the library is not installed
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
SELECT audit.enable_tracking('public.calls'::regclass);

-- case: another library, for one of two tables
-- loads: no, the library is not installed
-- expect: critical audit-trigger-missing:tasks
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE TABLE tasks (id uuid PRIMARY KEY, title text);
SELECT audit.audit_table('calls');

-- case: pgMemento, for a table of a schema
-- loads: no, the library is not installed
-- expect: critical audit-trigger-missing:care.tasks
-- expect: critical audit-trigger-missing:calls
-- forbid: audit-trigger-incomplete
CREATE SCHEMA care;
CREATE TABLE care.calls (id uuid PRIMARY KEY, to_number text);
CREATE TABLE care.tasks (id uuid PRIMARY KEY, title text);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
SELECT pgmemento.create_table_audit('calls', 'care', 'audit_id');

-- case: pgMemento, for a schema but for some tables
-- loads: no, the library is not installed
-- expect: critical audit-trigger-missing:tasks
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE TABLE tasks (id uuid PRIMARY KEY, title text);
SELECT pgmemento.create_schema_audit('public', true, ARRAY['tasks']);

-- case: the triggers of pgMemento in a dump
-- loads: no, the library is not installed
-- forbid: audit-trigger-incomplete
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE TRIGGER log_insert_trigger AFTER INSERT ON calls FOR EACH ROW EXECUTE FUNCTION pgmemento.log_insert();
CREATE TRIGGER log_update_trigger AFTER UPDATE ON calls FOR EACH ROW EXECUTE FUNCTION pgmemento.log_update();
CREATE TRIGGER log_delete_trigger AFTER DELETE ON calls FOR EACH ROW EXECUTE FUNCTION pgmemento.log_delete();

-- case: pgMemento counts transactions, and keeps no row
-- loads: no, the library is not installed
-- expect: critical audit-trigger-missing:calls
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE TRIGGER log_transaction_trigger BEFORE INSERT OR UPDATE OR DELETE ON calls FOR EACH STATEMENT EXECUTE FUNCTION pgmemento.log_transaction();

-- case: a call that nobody knows
-- loads: no, the function does not exist
-- undecided: audit-trigger-missing calls
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
SELECT ops.watch('calls');
-- settles: met
CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text NOT NULL, row_data jsonb);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
