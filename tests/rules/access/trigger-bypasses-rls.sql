-- case: a definer writes a protected log
-- expect: info trigger-bypasses-rls:note
CREATE TABLE log (id bigint, data jsonb);
ALTER TABLE log ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN INSERT INTO log (data) VALUES (to_jsonb(NEW)); RETURN NULL; END $$;
CREATE TABLE notes (id uuid PRIMARY KEY);
CREATE TRIGGER n AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION note();

-- case: its caller’s rights
CREATE TABLE log (id bigint, data jsonb);
ALTER TABLE log ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$ BEGIN INSERT INTO log (data) VALUES (to_jsonb(NEW)); RETURN NULL; END $$;
CREATE TABLE notes (id uuid PRIMARY KEY);
CREATE TRIGGER n AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION note();

-- case: a log without protection
CREATE TABLE log (id bigint, data jsonb);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN INSERT INTO log (data) VALUES (to_jsonb(NEW)); RETURN NULL; END $$;
CREATE TABLE notes (id uuid PRIMARY KEY);
CREATE TRIGGER n AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION note();

-- case: a function that no trigger runs
CREATE TABLE log (id bigint);
ALTER TABLE log ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN INSERT INTO log VALUES (1); RETURN NULL; END $$;
