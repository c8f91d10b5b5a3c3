-- case: transactions without an index on their time
-- expect: info history-unindexed:billing_transactions.created_at
CREATE TABLE billing_transactions (id uuid PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());

-- case: present and good
-- success: history-unindexed billing_transactions
CREATE TABLE billing_transactions (id uuid PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON billing_transactions (created_at DESC);

-- case: an unread guard may create the index
-- undecided: history-unindexed billing_transactions.created_at
-- loads: no, it is not read whole
CREATE TABLE billing_transactions (id uuid PRIMARY KEY, amount_cents bigint, created_at timestamptz NOT NULL DEFAULT now());
DO $$ BEGIN
  IF current_setting('app.fast', true) = 'off' THEN ALTER TABLE billing_transactions ADD COLUMN note text;
  ELSE CREATE INDEX ON billing_transactions (created_at DESC); END IF;
END $$;
-- settles: success billing_transactions
CREATE INDEX ON billing_transactions (created_at DESC);

-- case: rows that are no events
CREATE TABLE payment_methods (id uuid PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());

-- case: events without a time
CREATE TABLE billing_transactions (id uuid PRIMARY KEY, amount_cents bigint NOT NULL);

-- case: the primary key has the time in it
CREATE TABLE device_readings (device_id uuid NOT NULL, recorded_at timestamptz NOT NULL, value numeric, PRIMARY KEY (device_id, recorded_at));

-- case: an index on some of the rows only
-- expect: info history-unindexed:billing_transactions.created_at
CREATE TABLE billing_transactions (id uuid PRIMARY KEY, settled boolean, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON billing_transactions (created_at) WHERE NOT settled;
