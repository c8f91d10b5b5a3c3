-- case: the start of a longer one
-- expect: info index-redundant:visits:visits_a
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (room_id);
CREATE INDEX visits_b ON visits (room_id, started_at DESC);

-- case: the start of a unique constraint
-- expect: info index-redundant:visits:visits_a
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
ALTER TABLE visits ADD UNIQUE (room_id, started_at);
CREATE INDEX visits_a ON visits (room_id);

-- case: the start in the reverse order
-- expect: info index-redundant:visits:visits_a
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (room_id DESC);
CREATE INDEX visits_b ON visits (room_id, note);

-- case: for the same rows
-- expect: info index-redundant:visits:visits_a
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (room_id) WHERE note IS NULL;
CREATE INDEX visits_b ON visits (room_id, started_at) WHERE note IS NULL;

-- case: not the start
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (started_at);
CREATE INDEX visits_b ON visits (room_id, started_at);

-- case: it keeps something unique
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE UNIQUE INDEX visits_a ON visits (room_id);
CREATE INDEX visits_b ON visits (room_id, started_at);

-- case: the longer one leaves rows out
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (room_id);
CREATE INDEX visits_b ON visits (room_id, started_at) WHERE note IS NULL;

-- case: it carries a column the longer one lacks
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (room_id) INCLUDE (note);
CREATE INDEX visits_b ON visits (room_id, started_at);

-- case: mixed orders serve other sorts
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (room_id, started_at DESC);
CREATE INDEX visits_b ON visits (room_id, started_at, note);
