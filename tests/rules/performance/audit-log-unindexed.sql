-- case: the history of a record reads the whole log
-- expect: warning audit-log-unindexed:audit_logs.resource_id
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, resource_id uuid, created_at timestamptz);
CREATE INDEX audit_logs_time ON audit_logs USING brin (created_at);

-- case: both are indexed
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, resource_type text, resource_id uuid, created_at timestamptz);
CREATE INDEX audit_logs_row ON audit_logs (resource_type, resource_id, created_at);

-- case: an unread guard may create the index
-- undecided: audit-log-unindexed audit_logs.resource_id
-- loads: no, it is not read whole
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor_id uuid, action text, resource_id uuid);
DO $$ BEGIN
  IF current_setting('app.fast', true) = 'off' THEN ALTER TABLE audit_logs ADD COLUMN note text;
  ELSE CREATE INDEX ON audit_logs (resource_id); END IF;
END $$;
-- settles: met
CREATE INDEX ON audit_logs (resource_id);
