-- case: an index that keeps nothing unique
-- standard: [[require.unique]]
-- standard: table = "contact_methods"
-- standard: columns = ["patient_id"]
-- standard: where = "is_primary AND deleted_at IS NULL"
-- standard: because = "one first choice a patient"
-- expect: critical required-unique:contact_methods:patient_id
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid, is_primary boolean, deleted_at timestamptz);
CREATE INDEX contact_methods_patient ON contact_methods (patient_id) WHERE is_primary;

-- case: unique among fewer rows than required
-- standard: [[require.unique]]
-- standard: table = "slots"
-- standard: columns = ["room", "starts_at"]
-- standard: because = "a room is booked once"
-- expect: critical required-unique:slots:room,starts_at
CREATE TABLE slots (id uuid PRIMARY KEY, room text, starts_at timestamptz, cancelled boolean);
CREATE UNIQUE INDEX slots_once ON slots (room, starts_at) WHERE NOT cancelled;

-- case: unique over more columns than required
-- standard: [[require.unique]]
-- standard: table = "slots"
-- standard: columns = ["room", "starts_at"]
-- standard: because = "a room is booked once"
-- expect: critical required-unique:slots:room,starts_at
CREATE TABLE slots (id uuid PRIMARY KEY, room text, starts_at timestamptz, kind text, UNIQUE (room, starts_at, kind));

-- case: a condition that is none
-- standard: [[require.unique]]
-- standard: table = "slots"
-- standard: columns = ["room"]
-- standard: where = "room = = 1"
-- standard: because = "a room is booked once"
-- undecided: required-unique slots
CREATE TABLE slots (id uuid PRIMARY KEY, room text);
-- settles: critical required-unique:slots:room
-- standard: [[require.unique]]
-- standard: table = "slots"
-- standard: columns = ["room"]
-- standard: where = "room = '1'"
-- standard: because = "a room is booked once"
-- settles: met
-- standard: [[require.unique]]
-- standard: table = "slots"
-- standard: columns = ["room"]
-- standard: where = "room = '1'"
-- standard: because = "a room is booked once"
CREATE UNIQUE INDEX ON slots (room) WHERE room = '1';

-- case: the same condition in other words
-- standard: [[require.unique]]
-- standard: table = "contact_methods"
-- standard: columns = ["patient_id"]
-- standard: where = "is_primary AND deleted_at IS NULL"
-- standard: because = "one first choice a patient"
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid, is_primary boolean, deleted_at timestamptz);
CREATE UNIQUE INDEX contact_methods_first ON contact_methods (patient_id) WHERE (deleted_at IS NULL) AND (is_primary = true);

-- case: unique over fewer columns and more rows implies it
-- standard: [[require.unique]]
-- standard: table = "slots"
-- standard: columns = ["room", "starts_at"]
-- standard: where = "NOT cancelled"
-- standard: because = "a room is booked once"
CREATE TABLE slots (id uuid PRIMARY KEY, room text, starts_at timestamptz, cancelled boolean, UNIQUE (starts_at));

-- case: an exclusion constraint on equality
-- standard: [[require.unique]]
-- standard: table = "slots"
-- standard: columns = ["room"]
-- standard: because = "a room is booked once"
CREATE EXTENSION btree_gist;
CREATE TABLE slots (id uuid PRIMARY KEY, room text, EXCLUDE USING gist (room WITH =));

-- case: the primary key
-- standard: [[require.unique]]
-- standard: table = "settings"
-- standard: columns = ["organization_id"]
-- standard: because = "one row a tenant"
CREATE TABLE settings (organization_id uuid PRIMARY KEY, value jsonb);

-- case: an unread guard may add the column
-- standard: [[require.unique]]
-- standard: table = "slots"
-- standard: columns = ["room", "day"]
-- standard: because = "a room is booked once a day"
-- undecided: required-unique slots
-- loads: no, it is not read whole
CREATE TABLE slots (id uuid PRIMARY KEY, room text);
DO $$ BEGIN
  IF current_setting('app.days', true) = 'off' THEN ALTER TABLE slots ADD COLUMN note text;
  ELSE ALTER TABLE slots ADD COLUMN day date; END IF;
END $$;
-- settles: met
ALTER TABLE slots ADD COLUMN day date, ADD UNIQUE (room, day);

-- case: an unread guard may add the constraint
-- standard: [[require.unique]]
-- standard: table = "slots"
-- standard: columns = ["room"]
-- standard: because = "a room is booked once"
-- undecided: required-unique slots
-- loads: no, it is not read whole
CREATE TABLE slots (id uuid PRIMARY KEY, room text);
DO $$ BEGIN
  IF current_setting('app.once', true) = 'off' THEN ALTER TABLE slots ADD COLUMN note text;
  ELSE ALTER TABLE slots ADD UNIQUE (room); END IF;
END $$;
-- settles: met
ALTER TABLE slots ADD UNIQUE (room);
