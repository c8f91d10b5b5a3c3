-- case: no index at all
-- expect: warning foreign-key-unindexed:calls.user_id
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE calls (id uuid PRIMARY KEY, user_id uuid REFERENCES users);

-- case: second in a key
-- expect: warning foreign-key-unindexed:calls.user_id
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE calls (id uuid, user_id uuid REFERENCES users, PRIMARY KEY (id, user_id));

-- case: an index of some rows
-- expect: warning foreign-key-unindexed:calls.user_id
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE calls (id uuid PRIMARY KEY, user_id uuid REFERENCES users, done boolean);
CREATE INDEX calls_user ON calls (user_id) WHERE NOT done;

-- case: all rows that have one
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE calls (id uuid PRIMARY KEY, user_id uuid REFERENCES users);
CREATE INDEX calls_user ON calls (user_id) WHERE user_id IS NOT NULL;

-- case: in another order
CREATE TABLE wards (site text, number int, PRIMARY KEY (site, number));
CREATE TABLE visits (id uuid PRIMARY KEY, site text, number int, FOREIGN KEY (site, number) REFERENCES wards);
CREATE INDEX visits_ward ON visits (number, site, id);

-- case: an unread guard may create the index
-- undecided: foreign-key-unindexed visits.room_id
-- loads: no, it is not read whole
CREATE TABLE rooms (id uuid PRIMARY KEY);
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid REFERENCES rooms);
DO $$ BEGIN
  IF current_setting('app.fast', true) = 'off' THEN ALTER TABLE visits ADD COLUMN note text;
  ELSE CREATE INDEX ON visits (room_id); END IF;
END $$;
-- settles: met
CREATE INDEX ON visits (room_id);
