-- case: patients and no log
-- expect: critical audit-log-missing:audit_logs
CREATE TABLE patients (id uuid PRIMARY KEY);

-- case: a log by another name
CREATE TABLE patients (id uuid PRIMARY KEY);
CREATE TABLE activity_log (id uuid PRIMARY KEY, actor_id uuid, action text, entity_id uuid, changes jsonb);

-- case: nothing to record
CREATE TABLE countries (code text PRIMARY KEY, name text);

-- case: a library keeps the log in tables of its own
-- loads: no, the library is not installed
-- forbid: audit-trigger-missing
CREATE TABLE patients (id uuid PRIMARY KEY);
SELECT audit.enable_tracking('patients');

-- case: pgMemento on a whole schema
-- loads: no, the library is not installed
-- forbid: audit-trigger-missing
-- forbid: audit-trigger-incomplete
CREATE TABLE patients (id uuid PRIMARY KEY);
CREATE TABLE calls (id uuid PRIMARY KEY);
CREATE EXTENSION pgmemento;
SELECT pgmemento.init('public');

-- case: an unread guard may create it
-- undecided: audit-log-missing audit_logs
-- loads: no, it is not read whole
CREATE TABLE patients (id uuid PRIMARY KEY);
DO $$ BEGIN
  IF current_setting('app.audited', true) = 'off' THEN CREATE TABLE notes (id uuid);
  ELSE CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor_id uuid, action text, row_data jsonb); END IF;
END $$;
-- settles: met
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor_id uuid, action text, row_data jsonb);
