-- case: an appointment can only be destroyed
-- expect: critical soft-delete-missing:appointments
CREATE TABLE appointments (id uuid PRIMARY KEY, patient_id uuid, starts_at timestamptz);

-- case: clinical by the patient it belongs to
-- expect: critical soft-delete-missing:threads
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE TABLE threads (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients, subject text);

-- case: the column was dropped again
-- expect: critical soft-delete-missing:appointments
CREATE TABLE appointments (id uuid PRIMARY KEY, patient_id uuid, deleted_at timestamptz);
ALTER TABLE appointments DROP COLUMN deleted_at;

-- case: an unread guard may add the column
-- undecided: soft-delete-missing appointments
-- loads: no, it is not read whole
CREATE TABLE appointments (id uuid PRIMARY KEY, patient_id uuid);
DO $$ BEGIN
  IF current_setting('app.soft', true) = 'off' THEN ALTER TABLE appointments ADD COLUMN note text;
  ELSE ALTER TABLE appointments ADD COLUMN deleted_at timestamptz; END IF;
END $$;
-- settles: met
ALTER TABLE appointments ADD COLUMN deleted_at timestamptz;

-- case: money is kept by other means
CREATE TABLE invoices (id uuid PRIMARY KEY, total_cents bigint);

-- case: another idiom is another rule's
-- forbid: soft-delete-malformed
CREATE TABLE appointments (id uuid PRIMARY KEY, patient_id uuid, removed_at timestamptz);

-- case: under the standard's own name
-- standard: [soft_delete]
-- standard: column = "removed_at"
-- forbid: soft-delete-nonstandard
CREATE TABLE appointments (id uuid PRIMARY KEY, patient_id uuid, removed_at timestamptz);
