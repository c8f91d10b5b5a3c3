-- case: a patient takes the encounters along
-- expect: critical hard-delete-cascade:encounters.patient_id
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE TABLE encounters (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients ON DELETE CASCADE, deleted_at timestamptz);

-- case: a chain through a table of another class
-- expect: critical hard-delete-cascade:messages.thread_id
CREATE TABLE threads (id uuid PRIMARY KEY);
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE TABLE messages (id uuid PRIMARY KEY, thread_id uuid REFERENCES threads ON DELETE CASCADE,
  patient_id uuid NOT NULL REFERENCES patients, deleted_at timestamptz);

-- case: a ring of cascades ends
-- expect: critical hard-delete-cascade:patients.primary_encounter_id
-- expect: critical hard-delete-cascade:encounters.patient_id
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz, primary_encounter_id uuid);
CREATE TABLE encounters (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients ON DELETE CASCADE, deleted_at timestamptz);
ALTER TABLE patients ADD FOREIGN KEY (primary_encounter_id) REFERENCES encounters ON DELETE CASCADE;

-- case: sessions go with their user
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE user_sessions (id uuid PRIMARY KEY, user_id uuid REFERENCES users ON DELETE CASCADE);

-- case: the reference is emptied, the row stays
CREATE TABLE users (id uuid PRIMARY KEY);
CREATE TABLE encounters (id uuid PRIMARY KEY, provider_id uuid REFERENCES users ON DELETE SET NULL, deleted_at timestamptz);
