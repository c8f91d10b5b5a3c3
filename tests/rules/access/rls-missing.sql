-- case: a table of a tenant that nobody protects
-- expect: critical rls-missing:invoices
CREATE TABLE invoices (id uuid PRIMARY KEY, organization_id uuid NOT NULL, total_cents bigint);

-- case: the last switch counts
-- expect: critical rls-missing:invoices
CREATE TABLE invoices (id uuid PRIMARY KEY, organization_id uuid NOT NULL, total_cents bigint);
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE invoices DISABLE ROW LEVEL SECURITY;

-- case: a health fact on an operational table
-- expect: critical rls-missing:support_tickets
CREATE TABLE support_tickets (id uuid PRIMARY KEY, subject text, diagnosis text);

-- case: switched on later, by a migration
CREATE TABLE invoices (id uuid PRIMARY KEY, organization_id uuid NOT NULL, total_cents bigint);
ALTER TABLE IF EXISTS ONLY invoices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- case: a list that describes nobody
CREATE TABLE countries (code text PRIMARY KEY, name text);

-- case: a partition is judged through its table
CREATE TABLE payments (id uuid, paid_on date, amount_cents bigint, PRIMARY KEY (id, paid_on)) PARTITION BY RANGE (paid_on);
CREATE TABLE payments_2025 PARTITION OF payments FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE payments ENABLE ROW LEVEL SECURITY;

-- case: statements in a loop are followed
CREATE TABLE invoices (id uuid PRIMARY KEY, organization_id uuid NOT NULL, total_cents bigint);
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['invoices'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;

-- case: an unread guard may enable it
-- undecided: rls-missing notes
-- access: clinic_app select notes undecided
-- loads: no, it is not read whole
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
GRANT SELECT ON notes TO clinic_app;
DO $$ BEGIN
  IF current_setting('app.strict', true) = 'off' THEN ALTER TABLE notes ADD COLUMN note text;
  ELSE ALTER TABLE notes ENABLE ROW LEVEL SECURITY; END IF;
END $$;
-- settles: met
-- settles: access clinic_app select notes some
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON notes TO clinic_app USING (organization_id = nullif(current_setting('app.current_tenant_id', true), '')::uuid);
