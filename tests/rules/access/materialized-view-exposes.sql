-- case: granted
-- expect: critical materialized-view-exposes:mv
-- access: front_desk select patients all through materialized view mv
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE MATERIALIZED VIEW mv AS SELECT organization_id, count(*) AS n FROM patients GROUP BY organization_id WITH NO DATA;
GRANT SELECT ON mv TO front_desk;

-- case: granted with all tables
-- expect: critical materialized-view-exposes:mv
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE MATERIALIZED VIEW mv AS SELECT organization_id, count(*) AS n FROM patients GROUP BY organization_id WITH NO DATA;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO front_desk;

-- case: through a view
-- expect: critical materialized-view-exposes:mv
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE VIEW v WITH (security_invoker) AS SELECT * FROM patients;
CREATE MATERIALIZED VIEW mv AS SELECT id FROM v WITH NO DATA;
GRANT SELECT ON mv TO PUBLIC;

-- case: granted to nobody
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE MATERIALIZED VIEW mv AS SELECT organization_id, count(*) AS n FROM patients GROUP BY organization_id WITH NO DATA;

-- case: revoked again
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE MATERIALIZED VIEW mv AS SELECT organization_id, count(*) AS n FROM patients GROUP BY organization_id WITH NO DATA;
GRANT SELECT ON mv TO front_desk;
REVOKE ALL ON mv FROM front_desk;

-- case: over a table without row-level security
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
CREATE MATERIALIZED VIEW mv AS SELECT organization_id, count(*) AS n FROM patients GROUP BY organization_id WITH NO DATA;
GRANT SELECT ON mv TO front_desk;
