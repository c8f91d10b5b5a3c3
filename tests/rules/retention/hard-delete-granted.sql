-- case: the application may delete documents of patients
-- expect: warning hard-delete-granted:patients:app
CREATE ROLE app;
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
GRANT SELECT, INSERT, UPDATE, DELETE ON patients TO app;

-- case: all tables of the schema
-- expect: warning hard-delete-granted:patients:app
CREATE ROLE app;
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE TABLE countries (code text PRIMARY KEY, name text);
GRANT ALL ON ALL TABLES IN SCHEMA public TO app;

-- case: everyone may empty the table, though row-level security hides its rows
-- expect: warning hard-delete-granted:patients:public
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
GRANT DELETE, TRUNCATE ON patients TO PUBLIC;

-- case: revoked again
CREATE ROLE app;
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
GRANT ALL ON patients TO app;
REVOKE DELETE, TRUNCATE ON patients FROM app;

-- case: no policy lets the role delete
CREATE ROLE app;
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON patients FOR SELECT TO app USING (true);
GRANT SELECT, DELETE ON patients TO app;

-- case: a trigger refuses
CREATE ROLE app;
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kept'; END $$;
CREATE TRIGGER patients_kept BEFORE DELETE ON patients FOR EACH ROW EXECUTE FUNCTION refuse();
GRANT SELECT, DELETE ON patients TO app;

-- case: a rule marks the row instead
CREATE ROLE app;
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE RULE patients_soft AS ON DELETE TO patients DO INSTEAD UPDATE patients SET deleted_at = now() WHERE id = OLD.id;
GRANT SELECT, DELETE ON patients TO app;

-- case: the owner's own rights, as a dump writes them
CREATE ROLE keeper;
CREATE TABLE patients (id uuid PRIMARY KEY, deleted_at timestamptz);
ALTER TABLE patients OWNER TO keeper;
GRANT ALL ON patients TO keeper;

-- case: invoices are not kept by soft delete
CREATE ROLE app;
CREATE TABLE invoices (id uuid PRIMARY KEY, total_cents bigint);
GRANT DELETE ON invoices TO app;
