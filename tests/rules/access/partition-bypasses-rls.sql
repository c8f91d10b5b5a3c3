-- case: granted with all tables
-- expect: critical partition-bypasses-rls:readings_2026:readings
-- access: clinic_app select readings all through partition readings_2026
CREATE ROLE clinic_app;
CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO clinic_app;

-- case: attached later
-- expect: critical partition-bypasses-rls:readings_2026:readings
CREATE ROLE clinic_app;
CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE readings_2026 (LIKE readings);
ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
ALTER TABLE readings ATTACH PARTITION readings_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
GRANT INSERT ON readings_2026 TO clinic_app;

-- case: a child by INHERITS
-- expect: critical partition-bypasses-rls:login_events:events
CREATE ROLE clinic_app;
CREATE TABLE events (id uuid);
CREATE TABLE login_events () INHERITS (events);
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON events, login_events TO clinic_app;

-- case: open through the parent
-- expect: critical partition-bypasses-rls:readings:readings_2026
-- access: clinic_app select readings_2026 all through partitioned table readings
CREATE ROLE clinic_app;
CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE readings_2026 ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON readings TO clinic_app;

-- case: granted on the parent only
CREATE ROLE clinic_app;
CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON readings TO clinic_app;

-- case: each has its own
CREATE ROLE clinic_app;
CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
ALTER TABLE readings_2026 ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO clinic_app;

-- case: no grant in the text
-- undecided: partition-bypasses-rls readings_2026
CREATE ROLE clinic_app;
CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
-- settles: critical partition-bypasses-rls:readings_2026:readings
GRANT SELECT ON readings_2026 TO clinic_app;
-- settles: met
GRANT SELECT ON readings TO clinic_app;

-- case: nobody is protected
CREATE ROLE clinic_app;
CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
GRANT SELECT ON ALL TABLES IN SCHEMA public TO clinic_app;

-- case: an unread guard may protect the partition
-- undecided: partition-bypasses-rls readings_2026
-- loads: no, it is not read whole
CREATE ROLE clinic_app;
CREATE TABLE readings (id uuid, organization_id uuid NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE readings_2026 PARTITION OF readings FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON readings_2026 TO clinic_app;
DO $$ BEGIN
  IF current_setting('app.strict', true) = 'off' THEN CREATE INDEX ON readings_2026 (id);
  ELSE ALTER TABLE readings_2026 ENABLE ROW LEVEL SECURITY; END IF;
END $$;
-- settles: met
ALTER TABLE readings_2026 ENABLE ROW LEVEL SECURITY;
