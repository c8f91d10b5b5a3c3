-- case: the history of a record reads the whole log
-- expect: warning audit-log-unindexed:audit_logs.resource_id
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, resource_id uuid, created_at timestamptz);
CREATE INDEX audit_logs_time ON audit_logs USING brin (created_at);

-- case: both are indexed
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, resource_type text, resource_id uuid, created_at timestamptz);
CREATE INDEX audit_logs_row ON audit_logs (resource_type, resource_id, created_at);
