-- case: every row is deleted from the start
-- expect: warning soft-delete-malformed:results.deleted_at
CREATE TABLE results (id uuid PRIMARY KEY, deleted_at timestamptz NOT NULL DEFAULT now());

-- case: without a time zone
-- expect: warning soft-delete-malformed:results.deleted_at
CREATE TABLE results (id uuid PRIMARY KEY, deleted_at timestamp);

-- case: nullable, without a default
CREATE TABLE results (id uuid PRIMARY KEY, deleted_at timestamptz DEFAULT NULL);
