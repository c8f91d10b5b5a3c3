-- case: invoice numbers of all tenants in one row
-- expect: warning unique-ignores-tenant:invoices:invoices_number_key
CREATE TABLE invoices (id uuid PRIMARY KEY, organization_id uuid NOT NULL, number text UNIQUE);

-- case: an index across tenants, on an expression
-- expect: warning unique-ignores-tenant:patients:patients_mrn
CREATE TABLE patients (id uuid PRIMARY KEY, organization_id uuid NOT NULL, mrn text);
CREATE UNIQUE INDEX patients_mrn ON patients (lower(mrn));

-- case: a row of several tenants, by a key that names the tenant too
-- expect: warning unique-ignores-tenant:care_team:care_team_one
CREATE TABLE memberships (organization_id uuid, patient_id uuid, PRIMARY KEY (organization_id, patient_id));
CREATE TABLE care_team (id uuid PRIMARY KEY, organization_id uuid NOT NULL, patient_id uuid NOT NULL,
  FOREIGN KEY (organization_id, patient_id) REFERENCES memberships);
CREATE UNIQUE INDEX care_team_one ON care_team (patient_id);

-- case: the tenant is in the key
CREATE TABLE invoices (id uuid PRIMARY KEY, organization_id uuid NOT NULL, number text, UNIQUE (number, organization_id));

-- case: the row it refers to belongs to one tenant
CREATE TABLE visits (id uuid PRIMARY KEY, organization_id uuid NOT NULL);
CREATE TABLE summaries (id uuid PRIMARY KEY, organization_id uuid NOT NULL, visit_id uuid NOT NULL UNIQUE REFERENCES visits);

-- case: values that are unique by themselves
CREATE TABLE invitations (id uuid PRIMARY KEY, organization_id uuid NOT NULL, token_hash text UNIQUE, public_id uuid UNIQUE);

-- case: the standard asks for it
-- standard: [[require.unique]]
-- standard: table = "care_team"
-- standard: columns = ["patient_id"]
-- standard: where = "role = 'PRIMARY'"
-- standard: because = "one primary provider a patient"
CREATE TABLE care_team (id uuid PRIMARY KEY, organization_id uuid NOT NULL, patient_id uuid NOT NULL, role text);
CREATE UNIQUE INDEX care_team_one ON care_team (patient_id) WHERE role = 'PRIMARY';

-- case: the table of tenants itself
CREATE TABLE organizations (id uuid PRIMARY KEY, organization_id uuid, slug text UNIQUE);

-- case: a key of no tenant's table
CREATE TABLE users (id uuid PRIMARY KEY, email text UNIQUE);
