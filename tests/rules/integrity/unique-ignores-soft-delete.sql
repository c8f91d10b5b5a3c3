-- case: a deleted patient keeps the record number
-- expect: warning unique-ignores-soft-delete:patients:patients_mrn_key
CREATE TABLE patients (id uuid PRIMARY KEY, mrn text UNIQUE, deleted_at timestamptz);

-- case: an index over all rows
-- expect: warning unique-ignores-soft-delete:patients:patients_mrn
CREATE TABLE patients (id uuid PRIMARY KEY, mrn text, deleted_at timestamptz);
CREATE UNIQUE INDEX patients_mrn ON patients (mrn) WHERE mrn IS NOT NULL;

-- case: live rows only
CREATE TABLE patients (id uuid PRIMARY KEY, mrn text, deleted_at timestamptz);
CREATE UNIQUE INDEX patients_mrn ON patients (mrn) WHERE mrn IS NOT NULL AND deleted_at IS NULL;

-- case: a foreign key needs the whole of it
CREATE TABLE patients (id uuid PRIMARY KEY, mrn text UNIQUE, deleted_at timestamptz);
CREATE TABLE charts (id uuid PRIMARY KEY, mrn text REFERENCES patients (mrn));

-- case: a token must never come back
CREATE TABLE sessions (id uuid PRIMARY KEY, token_hash bytea UNIQUE, deleted_at timestamptz);

-- case: the standard asks for it among all rows
-- standard: [[require.unique]]
-- standard: table = "patients"
-- standard: columns = ["mrn"]
-- standard: because = "a number is never given twice"
CREATE TABLE patients (id uuid PRIMARY KEY, mrn text UNIQUE, deleted_at timestamptz);

-- case: the standard asks for it among live rows only
-- expect: warning unique-ignores-soft-delete:patients:patients_mrn_key
-- standard: [[require.unique]]
-- standard: table = "patients"
-- standard: columns = ["mrn"]
-- standard: where = "deleted_at IS NULL"
-- standard: because = "a number is given again when its patient is deleted"
CREATE TABLE patients (id uuid PRIMARY KEY, mrn text UNIQUE, deleted_at timestamptz);
