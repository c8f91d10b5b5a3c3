-- case: numbers of callers on a table of work
-- expect: critical phi-unprotected:calls
CREATE TABLE calls (id uuid PRIMARY KEY, from_number text NOT NULL, duration_seconds integer);

-- case: patients without anything
-- expect: critical phi-unprotected:patients
CREATE TABLE patients (id uuid PRIMARY KEY, "firstName" text, dob date);

-- case: protected by row-level security, not audited
-- expect: critical phi-unprotected:patients
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;

-- case: audited, not protected by row-level security
-- expect: critical phi-unprotected:patients
CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text NOT NULL, row_data jsonb);
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text);
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON patients FOR EACH ROW EXECUTE FUNCTION record_change();

-- case: its audit trigger is disabled
-- expect: critical phi-unprotected:patients
CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text NOT NULL, row_data jsonb);
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON patients FOR EACH ROW EXECUTE FUNCTION record_change();
ALTER TABLE patients DISABLE TRIGGER audit;

-- case: a message belongs to a thread that belongs to a patient
-- expect: critical phi-unprotected:messages
-- expect: critical soft-delete-missing:messages
-- expect: critical soft-delete-missing:threads
-- expect: critical soft-delete-missing:patients
CREATE TABLE patients (id uuid PRIMARY KEY);
CREATE TABLE threads (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients);
CREATE TABLE messages (id uuid PRIMARY KEY, thread_id uuid NOT NULL REFERENCES threads, body text NOT NULL);

-- case: a table that says nothing, two keys away from a patient
-- expect: critical phi-unprotected:items
-- expect: critical soft-delete-missing:items
-- expect: critical soft-delete-missing:folders
-- expect: critical soft-delete-missing:patients
CREATE TABLE patients (id uuid PRIMARY KEY);
CREATE TABLE folders (id uuid PRIMARY KEY, owner uuid NOT NULL REFERENCES patients);
CREATE TABLE items (id uuid PRIMARY KEY, folder uuid NOT NULL REFERENCES folders, content text);

-- case: clients are the patients where care is given to them
-- expect: critical phi-unprotected:clients
-- expect: critical phi-unprotected:therapy_sessions
-- expect: critical phi-unprotected:treatment_goals
-- expect: critical soft-delete-missing:clients
-- expect: critical soft-delete-missing:therapy_sessions
-- expect: critical soft-delete-missing:treatment_goals
CREATE TABLE clients (id uuid PRIMARY KEY, preferred_name text);
CREATE TABLE therapy_sessions (id uuid PRIMARY KEY, client_id uuid NOT NULL REFERENCES clients, session_date date);
CREATE TABLE treatment_goals (id uuid PRIMARY KEY, client_id uuid NOT NULL REFERENCES clients, goal text);

-- case: keys in a circle end
-- expect: critical phi-unprotected:visits
-- expect: critical soft-delete-missing:visits
-- expect: critical soft-delete-missing:notes
-- expect: critical soft-delete-missing:patients
-- expect: critical phi-unprotected:notes
CREATE TABLE patients (id uuid PRIMARY KEY);
CREATE TABLE visits (id uuid PRIMARY KEY, patient_id uuid NOT NULL REFERENCES patients, visit_date date);
CREATE TABLE notes (id uuid PRIMARY KEY, visit_id uuid NOT NULL REFERENCES visits, body text);
ALTER TABLE visits ADD COLUMN last_note_id uuid NOT NULL REFERENCES notes;

-- case: a clinical fact on a bill
-- expect: critical phi-unprotected:superbills
-- forbid: soft-delete-missing
CREATE TABLE superbills (id uuid PRIMARY KEY, number text, icd10_code text, amount_cents bigint);

-- case: an address by its type
-- expect: critical phi-unprotected:user_sessions
CREATE TABLE user_sessions (id uuid PRIMARY KEY, user_id uuid, seen_from inet);

-- case: a type of one's own says it
-- expect: critical phi-unprotected:users
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TABLE users (id uuid PRIMARY KEY, contact email);

-- case: the comment gives the class
-- expect: critical phi-unprotected:things
-- expect: critical soft-delete-missing:things
CREATE TABLE things (id uuid PRIMARY KEY, remark text, weight numeric);
COMMENT ON TABLE things IS 'schemaward: class=clinical';

-- case: unread text may have switched it on
-- undecided: phi-unprotected patients
-- loads: no
CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text NOT NULL, row_data jsonb);
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text);
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON patients FOR EACH ROW EXECUTE FUNCTION record_change();
ALTER TABLE patients ENABLE ROW LEVEL SECURITY WHENEVER POSSIBLE;
-- settles: met
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;

-- case: the trigger's function is not in the text
-- undecided: phi-unprotected patients
-- loads: no
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE TRIGGER track AFTER INSERT OR UPDATE OR DELETE ON patients FOR EACH ROW EXECUTE FUNCTION app.track();
-- settles: met
CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text NOT NULL, row_data jsonb);
CREATE FUNCTION app.track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
-- settles: critical phi-unprotected:patients
CREATE FUNCTION app.track() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE NOTICE 'changed'; RETURN NULL; END $$;

-- case: protected and audited
CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text NOT NULL, row_data jsonb);
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text, ssn_encrypted bytea);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON patients FOR EACH ROW EXECUTE FUNCTION record_change();

-- case: what is said about an identifier is none
CREATE TABLE preferences (id uuid PRIMARY KEY, has_phone boolean, email_verified_at timestamptz, phone_type text,
    fax_enabled boolean, dob_precision text, address_count integer);

-- case: a list describes nobody
CREATE TABLE diagnosis_codes (code text PRIMARY KEY, name text, diagnosis text, icd10_code text);
CREATE TABLE countries (code text PRIMARY KEY, name text, phone_prefix text);

-- case: the address of a place is nobody's
CREATE TABLE pharmacies (id uuid PRIMARY KEY, name text, street text, city text, zip text, phone text, fax text);

-- case: things have weights and names too
CREATE TABLE products (id uuid PRIMARY KEY, name text, weight numeric, height numeric, description text, photo_url text);

-- case: names of other things
CREATE TABLE jobs (id uuid PRIMARY KEY, job_name text, file_name text, host_name text, queue_name text, tag_name text);

-- case: a reference is no fact
CREATE TABLE addresses (id uuid PRIMARY KEY);
CREATE TABLE shipments (id uuid PRIMARY KEY, address uuid REFERENCES addresses, phone_id uuid);

-- case: the audit log has its own rules
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor_email text, ip_address inet, action text, row_data jsonb);

-- case: messages of a product that treats nobody
-- forbid: soft-delete-missing
CREATE TABLE workspaces (id uuid PRIMARY KEY, slug text);
CREATE TABLE accounts (id uuid PRIMARY KEY, locale text);
CREATE TABLE channels (id uuid PRIMARY KEY, topic text);
CREATE TABLE messages (id uuid PRIMARY KEY, channel_id uuid NOT NULL REFERENCES channels, body text);
CREATE TABLE projects (id uuid PRIMARY KEY, color text);
CREATE TABLE documents (id uuid PRIMARY KEY, project_id uuid NOT NULL REFERENCES projects, content text);

-- case: an optional link to a record is a mention, not an owner
-- forbid: phi-unprotected
CREATE TABLE prescriptions (id uuid PRIMARY KEY, deleted_at timestamptz);
CREATE TABLE tickets (id uuid PRIMARY KEY, prescription_id uuid REFERENCES prescriptions, body text);

-- case: the standard asks for neither
-- standard: profile = "general"
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text, dob date);

-- case: the owners say that it describes nobody
-- standard: [classes]
-- standard: reference = ["demo_*"]
CREATE TABLE demo_patients (id uuid PRIMARY KEY, first_name text, dob date);

-- case: a session's table goes with the session
CREATE TEMPORARY TABLE import_patients (id uuid PRIMARY KEY, first_name text, dob date);

-- case: an unread guard may attach the trigger
-- undecided: phi-unprotected patients
-- loads: no, it is not read whole
CREATE TABLE audit_logs (id uuid PRIMARY KEY, action text NOT NULL, row_data jsonb);
CREATE FUNCTION record_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_logs (action, row_data) VALUES (TG_OP, to_jsonb(OLD)); RETURN NULL; END $$;
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
DO $$ BEGIN
  IF current_setting('app.audited', true) = 'off' THEN ALTER TABLE patients ADD COLUMN note text;
  ELSE CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON patients FOR EACH ROW EXECUTE FUNCTION record_change(); END IF;
END $$;
-- settles: met
CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON patients FOR EACH ROW EXECUTE FUNCTION record_change();
