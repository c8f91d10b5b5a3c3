-- case: no time of change
-- expect: warning timestamps-missing:user_devices.updated_at
CREATE TABLE user_devices (id uuid PRIMARY KEY, label text, created_at timestamptz NOT NULL DEFAULT now());

-- case: both times
CREATE TABLE user_devices (id uuid PRIMARY KEY, label text, created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now());

-- case: a log that is only added to needs no time of change
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, resource_id uuid, created_at timestamptz NOT NULL DEFAULT now());

-- case: an unread guard may add the column
-- undecided: timestamps-missing visits.updated_at
-- loads: no, it is not read whole
CREATE TABLE visits (id uuid PRIMARY KEY, patient_id uuid, created_at timestamptz NOT NULL DEFAULT now());
DO $$ BEGIN
  IF current_setting('app.times', true) = 'off' THEN ALTER TABLE visits ADD COLUMN note text;
  ELSE ALTER TABLE visits ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(); END IF;
END $$;
-- settles: met
ALTER TABLE visits ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
