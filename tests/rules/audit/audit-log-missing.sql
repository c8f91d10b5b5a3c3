-- case: patients and no log
-- expect: critical audit-log-missing:audit_logs
CREATE TABLE patients (id uuid PRIMARY KEY);

-- case: a log by another name
CREATE TABLE patients (id uuid PRIMARY KEY);
CREATE TABLE activity_log (id uuid PRIMARY KEY, actor_id uuid, action text, entity_id uuid, changes jsonb);

-- case: nothing to record
CREATE TABLE countries (code text PRIMARY KEY, name text);
