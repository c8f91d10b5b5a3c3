-- case: a row can belong to no tenant
-- expect: warning tenant-key-nullable:appointments.organization_id
CREATE TABLE appointments (id uuid PRIMARY KEY, organization_id uuid, starts_at timestamptz);

-- case: the constraint was dropped
-- expect: warning tenant-key-nullable:appointments.organization_id
CREATE TABLE appointments (id uuid PRIMARY KEY, organization_id uuid NOT NULL, starts_at timestamptz);
ALTER TABLE appointments ALTER COLUMN organization_id DROP NOT NULL;

-- case: under the standard's own name
-- standard: [tenancy]
-- standard: column = "clinic_id"
-- expect: warning tenant-key-nullable:appointments.clinic_id
CREATE TABLE appointments (id uuid PRIMARY KEY, clinic_id uuid, organization_id uuid);

-- case: mandatory by a check
CREATE TABLE appointments (id uuid PRIMARY KEY, organization_id uuid CHECK (organization_id IS NOT NULL));

-- case: part of the primary key
CREATE TABLE settings (organization_id uuid, name text, PRIMARY KEY (organization_id, name));

-- case: common rows that a policy names
CREATE TABLE templates (id uuid PRIMARY KEY, organization_id uuid, body text);
ALTER TABLE templates ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_or_common ON templates USING (organization_id IS NULL
  OR organization_id = current_setting('app.current_tenant_id')::uuid);

-- case: the log records what belongs to no tenant
CREATE TABLE audit_logs (id uuid PRIMARY KEY, organization_id uuid, actor text, action text, resource_id uuid);

-- case: an unread guard may make it mandatory
-- undecided: tenant-key-nullable notes.organization_id
-- loads: no, it is not read whole
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid, body text);
DO $$ BEGIN
  IF current_setting('app.strict', true) = 'off' THEN ALTER TABLE notes ADD COLUMN note text;
  ELSE ALTER TABLE notes ALTER COLUMN organization_id SET NOT NULL; END IF;
END $$;
-- settles: met
ALTER TABLE notes ALTER COLUMN organization_id SET NOT NULL;
