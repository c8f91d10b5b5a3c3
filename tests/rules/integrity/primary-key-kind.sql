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

-- case: the standard mandates random keys
-- standard: [primary_key]
-- standard: kind = "uuid4"
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), body text);
