-- case: no time of change
-- expect: warning timestamps-missing:user_devices.updated_at
CREATE TABLE user_devices (id uuid PRIMARY KEY, label text, created_at timestamptz NOT NULL DEFAULT now());

-- case: both times
CREATE TABLE user_devices (id uuid PRIMARY KEY, label text, created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now());

-- case: a log that is only added to needs no time of change
CREATE TABLE audit_logs (id uuid PRIMARY KEY, actor text, action text, resource_id uuid, created_at timestamptz NOT NULL DEFAULT now());
