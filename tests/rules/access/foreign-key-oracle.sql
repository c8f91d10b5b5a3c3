-- case: a number
-- expect: info foreign-key-oracle:visits:visits_patient_fkey
CREATE ROLE app;
CREATE TABLE patients (id bigint PRIMARY KEY, full_name text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE TABLE visits (id uuid PRIMARY KEY, patient bigint REFERENCES patients);
GRANT INSERT ON visits TO app;

-- case: a name
-- expect: info foreign-key-oracle:visits:visits_patient_fkey
CREATE ROLE app;
CREATE TABLE patients (mrn text PRIMARY KEY, full_name text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE TABLE visits (id uuid PRIMARY KEY, patient text REFERENCES patients);
GRANT UPDATE ON visits TO app;

-- case: a UUID cannot be guessed
CREATE ROLE app;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE TABLE visits (id uuid PRIMARY KEY, patient uuid REFERENCES patients);
GRANT INSERT ON visits TO app;

-- case: nobody may write
CREATE ROLE app;
CREATE TABLE patients (id bigint PRIMARY KEY, full_name text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE TABLE visits (id uuid PRIMARY KEY, patient bigint REFERENCES patients);
GRANT SELECT ON visits TO app;

-- case: nothing is hidden
CREATE ROLE app;
CREATE TABLE patients (id bigint PRIMARY KEY, full_name text);
CREATE TABLE visits (id uuid PRIMARY KEY, patient bigint REFERENCES patients);
GRANT INSERT ON visits TO app;
