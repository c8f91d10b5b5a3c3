-- case: a trigger overrules the default with another kind
-- expect: critical primary-key-generator-conflict:messages.id:set_key
CREATE FUNCTION gen_ulid() RETURNS uuid LANGUAGE c AS 'ulid';
-- loads: no, it needs a library
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_ulid(), body text);
CREATE FUNCTION set_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.id := gen_random_uuid(); RETURN NEW; END $$;
CREATE TRIGGER messages_key BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION set_key();

-- case: a function inserts rows with keys of its own
-- expect: critical primary-key-generator-conflict:messages.id:post_message
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text);
CREATE FUNCTION post_message(words text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO messages (id, body) VALUES (uuidv7(), words) $$;

-- case: a function in PL/pgSQL keeps the key in a variable first
-- expect: critical primary-key-generator-conflict:messages.id:post_message
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT uuidv7(), body text);
CREATE FUNCTION post_message(words text) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE made uuid := gen_random_uuid();
BEGIN INSERT INTO messages (id, body) VALUES (made, words); RETURN made; END $$;

-- case: the same kind both ways
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text);
CREATE FUNCTION post_message(words text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO messages (id, body) VALUES (gen_random_uuid(), words) $$;

-- case: a trigger that only fills in what is missing
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT uuidv7(), body text);
CREATE FUNCTION set_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF NEW.id IS NULL THEN NEW.id := gen_random_uuid(); END IF; RETURN NEW; END $$;
CREATE TRIGGER messages_key BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION set_key();

-- case: a function hands on the key it is given
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT uuidv7(), body text);
CREATE FUNCTION import_message(key uuid, words text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO messages (id, body) VALUES (key, words) $$;

-- case: another table's keys are its own matter
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT uuidv7(), body text);
CREATE TABLE drafts (id uuid PRIMARY KEY, body text);
CREATE FUNCTION keep(words text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO drafts (id, body) VALUES (gen_random_uuid(), words) $$;
