-- case: a table that only promises uniqueness
-- expect: critical primary-key-missing:rooms
CREATE TABLE rooms (id uuid UNIQUE NOT NULL, label text);

-- case: a key that was dropped and never made again
-- expect: critical primary-key-missing:rooms
CREATE TABLE rooms (id uuid PRIMARY KEY, label text);
ALTER TABLE rooms DROP CONSTRAINT rooms_pkey;

-- case: an unread guard may add the key
-- undecided: primary-key-missing rooms
-- loads: no, it is not read whole
CREATE TABLE rooms (id uuid NOT NULL, label text);
DO $$ BEGIN
  IF current_setting('app.with_keys', true) = 'off' THEN
    ALTER TABLE rooms ADD COLUMN floor int;
  ELSE
    ALTER TABLE rooms ADD CONSTRAINT rooms_key PRIMARY KEY (id);
  END IF;
END $$;
-- settles: met
ALTER TABLE rooms ADD PRIMARY KEY (id);

-- case: an unread guard about another table says nothing of this one
-- expect: critical primary-key-missing:rooms
-- loads: no, it is not read whole
CREATE TABLE rooms (id uuid NOT NULL, label text);
CREATE TABLE floors (id uuid PRIMARY KEY);
DO $$ BEGIN
  IF current_setting('app.with_names', true) = 'on' THEN
    ALTER TABLE floors ADD COLUMN label text;
  END IF;
END $$;

-- case: the key comes later, from an index
CREATE TABLE rooms (id uuid NOT NULL, label text);
CREATE UNIQUE INDEX rooms_id ON rooms (id);
ALTER TABLE rooms ADD CONSTRAINT rooms_key PRIMARY KEY USING INDEX rooms_id;

-- case: a partition has its parent's key
CREATE TABLE readings (id uuid, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE readings_2025 PARTITION OF readings FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
