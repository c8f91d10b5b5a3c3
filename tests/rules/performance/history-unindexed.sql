-- case: transactions without an index on their time
-- expect: info history-unindexed:billing_transactions.created_at
CREATE TABLE billing_transactions (id uuid PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());

-- case: present and good
-- success: history-unindexed billing_transactions
CREATE TABLE billing_transactions (id uuid PRIMARY KEY, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON billing_transactions (created_at DESC);
