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
