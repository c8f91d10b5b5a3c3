-- case: a setting that nothing requires
-- expect: warning audit-actor-missing:record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) VALUES (nullif(current_setting('app.user', true), ''), TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: through a function of the project
-- expect: warning audit-actor-missing:record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION who() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('app.user', true) $$;
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) VALUES (who(), TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: the owner of a definer function
-- expect: warning audit-actor-missing:record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) VALUES (current_user, TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: the column stays empty
-- expect: warning audit-actor-missing:record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (action, old_row) VALUES (TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: the log has no column for it
-- expect: warning audit-actor-missing:record
CREATE TABLE audit_logs (id bigserial PRIMARY KEY, action text, old_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (action, old_row) VALUES (TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: for deletions alone
-- expect: warning audit-actor-missing:record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO audit_logs (action, old_row) VALUES (TG_OP, to_jsonb(OLD));
  ELSE
    INSERT INTO audit_logs (actor, action, old_row) VALUES (session_user, TG_OP, to_jsonb(OLD));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: it hands everything to another function
-- undecided: audit-actor-missing record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION write_log(action text, was jsonb) RETURNS void LANGUAGE sql AS $$ INSERT INTO audit_logs (action, old_row) VALUES ($1, $2) $$;
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM write_log(TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
-- settles: met
CREATE OR REPLACE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (actor, action, old_row) VALUES (session_user, TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
-- settles: warning audit-actor-missing:record
CREATE OR REPLACE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (action, old_row) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;

-- case: a setting without which the change fails
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) VALUES (current_setting('app.user'), TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: a mandatory column makes the setting mandatory
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text NOT NULL, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) VALUES (nullif(current_setting('app.user', true), ''), TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: the account of the session steps in
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) VALUES (coalesce(nullif(current_setting('app.user', true), ''), session_user), TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: the log's own default
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text DEFAULT session_user, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (action, old_row) VALUES (TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: what the row itself says
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, updated_by text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) VALUES (NEW.updated_by, TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: through a variable
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE acting text := current_setting('app.user');
BEGIN
  INSERT INTO audit_logs (actor, action, old_row) VALUES (acting, TG_OP, to_jsonb(OLD));
  RETURN NULL;
END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();

-- case: who it was comes from a function that the text does not show
-- undecided: audit-actor-missing record
CREATE TABLE audit_logs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text, action text, row_id uuid, old_row jsonb, new_row jsonb);
CREATE TABLE calls (id uuid PRIMARY KEY, to_number text);
CREATE FUNCTION who() RETURNS text LANGUAGE internal AS 'current_user';
CREATE FUNCTION record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (actor, action, old_row) VALUES (who(), TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
CREATE TRIGGER calls_audit AFTER INSERT OR UPDATE OR DELETE ON calls FOR EACH ROW EXECUTE FUNCTION record();
-- settles: met
CREATE OR REPLACE FUNCTION who() RETURNS text LANGUAGE sql AS $$ SELECT session_user::text $$;
-- settles: warning audit-actor-missing:record
CREATE OR REPLACE FUNCTION who() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('app.user', true) $$;
