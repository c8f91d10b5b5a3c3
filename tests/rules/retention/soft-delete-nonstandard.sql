-- case: removed instead of deleted
-- expect: warning soft-delete-nonstandard:care_team_assignments.removed_at
-- forbid: soft-delete-missing
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE TABLE care_team_assignments (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients, removed_at timestamptz);

-- case: a flag
-- expect: warning soft-delete-nonstandard:patients.is_deleted
CREATE TABLE patients (id uuid PRIMARY KEY, is_deleted boolean NOT NULL DEFAULT false);

-- case: an event of the domain beside the standard's column
CREATE TABLE patients (id uuid PRIMARY KEY, archived_at timestamptz, deleted_at timestamptz);

-- case: who deleted is not when
-- expect: critical soft-delete-missing:patients
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_by uuid);

-- case: a child has it from its parent
-- expect: warning soft-delete-nonstandard:patient_notes.removed_at
-- expect: warning soft-delete-nonstandard:icu_patient_notes.removed_at
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE TABLE patient_notes (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients, removed_at timestamptz DEFAULT NULL);
CREATE TABLE icu_patient_notes (removed_at timestamptz DEFAULT '-infinity', PRIMARY KEY (id)) INHERITS (patient_notes);

-- case: a child has it from two parents
-- expect: warning soft-delete-nonstandard:patient_notes.removed_at
-- expect: warning soft-delete-nonstandard:patient_scans.removed_at
-- expect: warning soft-delete-nonstandard:icu_patient_notes.removed_at
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE TABLE patient_notes (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients, removed_at timestamptz);
CREATE TABLE patient_scans (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients, removed_at timestamptz);
CREATE TABLE icu_patient_notes (PRIMARY KEY (id)) INHERITS (patient_notes, patient_scans);
