-- case: random keys where ULIDs are mandated
-- expect: critical primary-key-kind:messages.id
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text);

-- case: a function whose name promises what its body does not do
-- expect: critical primary-key-kind:messages.id
CREATE FUNCTION make_ulid() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT make_ulid(), body text);

-- case: a sequence
-- expect: critical primary-key-kind:messages.id
CREATE TABLE messages (id bigserial PRIMARY KEY, body text);

-- case: the application makes the key
-- undecided: primary-key-kind messages.id
CREATE TABLE messages (id uuid PRIMARY KEY, body text);
-- settles: critical primary-key-kind:messages.id
ALTER TABLE messages ALTER COLUMN id SET DEFAULT gen_random_uuid();
-- settles: met
CREATE FUNCTION gen_ulid() RETURNS uuid LANGUAGE c AS 'ulid', 'gen_ulid';
ALTER TABLE messages ALTER COLUMN id SET DEFAULT gen_ulid();

-- case: a body that builds a ULID
CREATE EXTENSION pgcrypto;
CREATE FUNCTION next_key() RETURNS uuid LANGUAGE sql AS $$
  SELECT encode(substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
      || gen_random_bytes(10), 'hex')::uuid $$;
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT next_key(), body text);

-- case: a key made of other tables' keys
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE teams (id uuid PRIMARY KEY);
CREATE TABLE team_members (team_id uuid REFERENCES teams, user_id uuid REFERENCES users, PRIMARY KEY (team_id, user_id));
-- undecided: primary-key-kind users.id
-- undecided: primary-key-kind teams.id
-- settles: critical primary-key-kind:users.id
-- settles: critical primary-key-kind:teams.id
ALTER TABLE users ALTER COLUMN id SET DEFAULT gen_random_uuid();
ALTER TABLE teams ALTER COLUMN id SET DEFAULT gen_random_uuid();

-- case: the standard mandates random keys
-- standard: [primary_key]
-- standard: kind = "uuid4"
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text);

-- case: an unread guard may set the default
-- undecided: primary-key-kind messages.id
-- loads: no, it is not read whole
CREATE TABLE messages (id uuid PRIMARY KEY, body text);
DO $$ BEGIN
  IF current_setting('app.keys', true) = 'off' THEN ALTER TABLE messages ADD COLUMN note text;
  ELSE ALTER TABLE messages ALTER COLUMN id SET DEFAULT gen_random_uuid(); END IF;
END $$;
-- settles: critical primary-key-kind:messages.id
ALTER TABLE messages ALTER COLUMN id SET DEFAULT gen_random_uuid();

-- case: a generator that the text does not define
-- undecided: primary-key-kind messages.id
-- loads: no, the function is made elsewhere
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT ids.next(), body text);
-- settles: critical primary-key-kind:messages.id
CREATE SCHEMA ids;
CREATE FUNCTION ids.next() RETURNS uuid LANGUAGE sql AS $$ SELECT gen_random_uuid() $$;
-- settles: met
-- standard: [primary_key]
-- standard: generators = ["ids.next"]
