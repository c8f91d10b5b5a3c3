-- case: names and a date
-- expect: info phi-inventory:identifiers
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text, date_of_birth date);

-- case: one clinical fact
-- expect: info phi-inventory:identifiers
CREATE TABLE support_tickets (id uuid PRIMARY KEY, diagnosis text);

-- case: an identifier behind every protection is listed as well
-- expect: info phi-inventory:identifiers
CREATE TABLE patients (id uuid PRIMARY KEY, "MRN" text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;

-- case: secrets identify nobody
CREATE TABLE api_keys (id uuid PRIMARY KEY, key_hash text, client_secret bytea);

-- case: lists
CREATE TABLE countries (code text PRIMARY KEY, name text, phone_prefix text, capital_city text);
CREATE TABLE medications_catalog (code text PRIMARY KEY, ndc text, dosage text);

-- case: the general profile asks for no inventory
-- standard: profile = "general"
CREATE TABLE patients (id uuid PRIMARY KEY, first_name text, date_of_birth date);
