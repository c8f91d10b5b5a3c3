-- case: values that stand in a comment only
-- expect: warning required-check:calls.direction
CREATE TABLE calls (
  id uuid PRIMARY KEY,
  direction text NOT NULL -- 'INBOUND', 'OUTBOUND'
);

-- case: values in the column's own comment
-- expect: warning required-check:tickets.status
CREATE TABLE tickets (id uuid PRIMARY KEY, status varchar(20) NOT NULL);
COMMENT ON COLUMN tickets.status IS 'One of: open | waiting | closed';

-- case: a check that accepts more than the standard
-- standard: [[require.values]]
-- standard: table = "transfers"
-- standard: column = "status"
-- standard: values = ["PENDING", "SETTLED"]
-- expect: warning required-check:transfers.status
CREATE TABLE transfers (id uuid PRIMARY KEY, status text CHECK (status IN ('PENDING', 'SETTLED', 'LOST')));

-- case: an enum with a label too many
-- standard: [[require.values]]
-- standard: table = "transfers"
-- standard: column = "status"
-- standard: values = ["PENDING", "SETTLED"]
-- expect: warning required-check:transfers.status
CREATE TYPE transfer_status AS ENUM ('PENDING', 'SETTLED', 'LOST');
CREATE TABLE transfers (id uuid PRIMARY KEY, status transfer_status);

-- case: a function decides, and the text does not show how
-- standard: [[require.values]]
-- standard: table = "transfers"
-- standard: column = "status"
-- standard: values = ["PENDING", "SETTLED"]
-- undecided: required-check transfers.status
CREATE FUNCTION known_status(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 = 'PENDING' $$;
CREATE TABLE transfers (id uuid PRIMARY KEY, status text CHECK (known_status(status)));
-- settles: met
ALTER TABLE transfers ADD CHECK (status IN ('PENDING', 'SETTLED'));
-- settles: warning required-check:transfers.status
ALTER TABLE transfers DROP CONSTRAINT transfers_status_check;

-- case: a check of the shape is no list
-- expect: warning required-check:tickets.status
CREATE TABLE tickets (
  id uuid PRIMARY KEY,
  status text NOT NULL CHECK (length(status) > 0) -- OPEN, CLOSED
);

-- case: held by a check
CREATE TABLE calls (
  id uuid PRIMARY KEY,
  direction text NOT NULL CHECK (direction = ANY (ARRAY['INBOUND'::text, 'OUTBOUND'::text])) -- 'INBOUND', 'OUTBOUND'
);

-- case: held by a domain
CREATE DOMAIN direction AS text CHECK (VALUE IN ('INBOUND', 'OUTBOUND'));
CREATE TABLE calls (
  id uuid PRIMARY KEY,
  direction direction NOT NULL -- 'INBOUND', 'OUTBOUND'
);

-- case: held by a table of values
CREATE TABLE statuses (code text PRIMARY KEY);
CREATE TABLE tickets (
  id uuid PRIMARY KEY,
  status text REFERENCES statuses -- OPEN, CLOSED
);

-- case: a comment that says what, not which
CREATE TABLE tickets (
  id uuid PRIMARY KEY,
  status text, -- where the ticket stands, see the handbook
  code text, -- ISO 3166, two letters
  title text -- 'a', 'b'
);

-- case: two equalities joined by OR
-- standard: [[require.values]]
-- standard: table = "transfers"
-- standard: column = "status"
-- standard: values = ["PENDING", "SETTLED"]
CREATE TABLE transfers (id uuid PRIMARY KEY, status text CHECK (status IS NULL OR status = 'PENDING' OR status = 'SETTLED'));

-- case: an unread guard may add the check
-- standard: [[require.values]]
-- standard: table = "transfers"
-- standard: column = "status"
-- standard: values = ["PENDING", "SETTLED"]
-- undecided: required-check transfers.status
-- loads: no, it is not read whole
CREATE TABLE transfers (id uuid PRIMARY KEY, status text);
DO $$ BEGIN
  IF current_setting('app.strict', true) = 'off' THEN ALTER TABLE transfers ADD COLUMN note text;
  ELSE ALTER TABLE transfers ADD CHECK (status IN ('PENDING', 'SETTLED')); END IF;
END $$;
-- settles: met
ALTER TABLE transfers ADD CHECK (status IN ('PENDING', 'SETTLED'));
