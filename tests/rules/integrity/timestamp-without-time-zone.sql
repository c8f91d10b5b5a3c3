-- case: an instant without a zone
-- expect: warning timestamp-without-time-zone:calls.started_at
CREATE TABLE calls (id uuid PRIMARY KEY, started_at timestamp NOT NULL);

-- case: given its zone later
CREATE TABLE calls (id uuid PRIMARY KEY, started_at timestamp NOT NULL);
ALTER TABLE calls ALTER COLUMN started_at TYPE timestamptz USING started_at AT TIME ZONE 'UTC';

-- case: a day and a time of day are no instants
CREATE TABLE opening_hours (id uuid PRIMARY KEY, day date, opens time, closes time);
