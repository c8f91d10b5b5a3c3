-- case: what a unique constraint has already
-- expect: info index-duplicate:rooms:rooms_code_idx
CREATE TABLE rooms (id uuid PRIMARY KEY, code text UNIQUE);
CREATE INDEX rooms_code_idx ON rooms (code);

-- case: the same twice
-- expect: info index-duplicate:visits:visits_b
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (room_id, started_at);
CREATE INDEX visits_b ON visits USING btree (room_id ASC, started_at);

-- case: the same in the reverse
-- expect: info index-duplicate:visits:visits_b
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (started_at);
CREATE INDEX visits_b ON visits (started_at DESC);

-- case: the same predicate in other words
-- expect: info index-duplicate:visits:visits_b
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (room_id) WHERE note IN ('a', 'b');
CREATE INDEX visits_b ON visits (room_id) WHERE note = ANY (ARRAY['b', 'a']);

-- case: an expression
-- expect: info index-duplicate:visits:visits_b
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (lower(note));
CREATE INDEX visits_b ON visits ((lower(note)));

-- case: another method
-- forbid: index-redundant
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (started_at);
CREATE INDEX visits_b ON visits USING brin (started_at);

-- case: other rows
-- forbid: index-redundant
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (room_id);
CREATE INDEX visits_b ON visits (room_id) WHERE note IS NOT NULL;

-- case: another operator class
-- forbid: index-redundant
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (note);
CREATE INDEX visits_b ON visits (note text_pattern_ops);

-- case: a unique index beside a plain one is not the one to go
-- expect: info index-duplicate:visits:visits_a
CREATE TABLE visits (id uuid PRIMARY KEY, room_id uuid, started_at timestamptz, note text);
CREATE INDEX visits_a ON visits (note);
CREATE UNIQUE INDEX visits_b ON visits (note);
