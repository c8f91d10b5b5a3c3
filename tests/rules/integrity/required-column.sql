-- case: the column is not there
-- standard: [[require.column]]
-- standard: table = "invoices"
-- standard: column = "voided_at"
-- standard: type = "timestamptz"
-- standard: because = "an invoice that went out is voided"
-- expect: critical required-column:invoices.voided_at
CREATE TABLE invoices (id uuid PRIMARY KEY, total_cents bigint);

-- case: the column is of another type
-- standard: [[require.column]]
-- standard: table = "invoices"
-- standard: column = "voided_at"
-- standard: type = "timestamptz"
-- standard: because = "an invoice that went out is voided"
-- expect: critical required-column:invoices.voided_at
CREATE TABLE invoices (id uuid PRIMARY KEY, voided_at date);

-- case: the column may be empty and must not
-- standard: [[require.column]]
-- standard: table = "invoices"
-- standard: column = "currency"
-- standard: nullable = false
-- standard: because = "an amount without a currency is none"
-- expect: critical required-column:invoices.currency
CREATE TABLE invoices (id uuid PRIMARY KEY, currency char(3));

-- case: a pattern asks every table it matches
-- standard: [[require.column]]
-- standard: table = "billing_*"
-- standard: column = "currency"
-- standard: because = "an amount without a currency is none"
-- expect: critical required-column:billing_refunds.currency
CREATE TABLE billing_charges (id uuid PRIMARY KEY, currency char(3));
CREATE TABLE billing_refunds (id uuid PRIMARY KEY);

-- case: an unread guard may add it
-- standard: [[require.column]]
-- standard: table = "invoices"
-- standard: column = "voided_at"
-- standard: because = "an invoice that went out is voided"
-- undecided: required-column invoices.voided_at
-- loads: no, it is not read whole
CREATE TABLE invoices (id uuid PRIMARY KEY, total_cents bigint);
DO $$ BEGIN
  IF current_setting('app.voids', true) = 'off' THEN ALTER TABLE invoices ADD COLUMN note text;
  ELSE ALTER TABLE invoices ADD COLUMN voided_at timestamptz; END IF;
END $$;
-- settles: met
ALTER TABLE invoices ADD COLUMN voided_at timestamptz;

-- case: the type in other words
-- standard: [[require.column]]
-- standard: table = "invoices"
-- standard: column = "total"
-- standard: type = "decimal(12, 2)"
-- standard: nullable = false
-- standard: because = "two digits of cents"
CREATE TABLE invoices (id uuid PRIMARY KEY, total numeric(12,2) NOT NULL);

-- case: added by a later migration
-- standard: [[require.column]]
-- standard: table = "patients"
-- standard: column = "billing_manager_id"
-- standard: type = "uuid"
-- standard: nullable = true
-- standard: because = "a patient may appoint who manages their bills"
CREATE TABLE patients (id uuid PRIMARY KEY);
ALTER TABLE patients ADD COLUMN billing_manager_id uuid;

-- case: an unread guard may change the type
-- standard: [[require.column]]
-- standard: table = "invoices"
-- standard: column = "total_cents"
-- standard: type = "bigint"
-- standard: because = "sums of a year pass four bytes"
-- undecided: required-column invoices.total_cents
-- loads: no, it is not read whole
CREATE TABLE invoices (id uuid PRIMARY KEY, total_cents integer);
DO $$ BEGIN
  IF current_setting('app.wide', true) = 'off' THEN ALTER TABLE invoices ADD COLUMN note text;
  ELSE ALTER TABLE invoices ALTER COLUMN total_cents TYPE bigint; END IF;
END $$;
-- settles: met
ALTER TABLE invoices ALTER COLUMN total_cents TYPE bigint;
