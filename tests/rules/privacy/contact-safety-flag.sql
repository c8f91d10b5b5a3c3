-- case: no flag
-- expect: critical contact-safety-flag:contact_methods
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid NOT NULL, type text, value text);

-- case: numbers of a person in a table of their own
-- expect: critical contact-safety-flag:patient_phone_numbers
CREATE TABLE patient_phone_numbers (id uuid PRIMARY KEY, patient_id uuid NOT NULL, number text);

-- case: nullable
-- expect: warning contact-safety-flag:contact_methods.is_safe_for_voicemail
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid NOT NULL, value text, is_safe_for_voicemail boolean DEFAULT false);

-- case: true before anyone was asked
-- expect: warning contact-safety-flag:contact_methods.is_safe_for_voicemail
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid NOT NULL, value text, is_safe_for_voicemail boolean NOT NULL DEFAULT true);

-- case: the default was turned later
-- expect: warning contact-safety-flag:contact_methods.is_safe_for_voicemail
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid NOT NULL, value text, is_safe_for_voicemail boolean NOT NULL DEFAULT false);
ALTER TABLE contact_methods ALTER COLUMN is_safe_for_voicemail SET DEFAULT true;

-- case: as it should be
-- success: contact-safety-flag contact_methods.is_safe_for_voicemail
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid NOT NULL, value text, is_safe_for_voicemail boolean NOT NULL DEFAULT false);

-- case: the standard's own name for it
-- standard: [privacy]
-- standard: safe_contact_flag = "ok_to_leave_message"
-- success: contact-safety-flag contact_methods.ok_to_leave_message
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid NOT NULL, value text, ok_to_leave_message boolean NOT NULL DEFAULT false);

-- case: one number of a person is a column of the person
CREATE TABLE patients (id uuid PRIMARY KEY, phone text);

-- case: contact forms and lenses are no ways to reach a patient
CREATE TABLE contact_form_fields (id uuid PRIMARY KEY, label text, value text);
CREATE TABLE contact_lens_orders (id uuid PRIMARY KEY, patient_id uuid, value text);

-- case: kinds of phones
CREATE TABLE phone_types (id uuid PRIMARY KEY, label text);

-- case: the standard does not ask for it
-- standard: [privacy]
-- standard: safe_contact_flag = ""
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid NOT NULL, type text, value text);

-- case: an unread guard may add the flag
-- undecided: contact-safety-flag contact_methods
-- loads: no, it is not read whole
CREATE TABLE patients (id uuid PRIMARY KEY);
CREATE TABLE contact_methods (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients, phone_number text);
DO $$ BEGIN
  IF current_setting('app.flags', true) = 'off' THEN ALTER TABLE contact_methods ADD COLUMN note text;
  ELSE ALTER TABLE contact_methods ADD COLUMN is_safe_for_voicemail boolean NOT NULL DEFAULT false; END IF;
END $$;
-- settles: success contact_methods.is_safe_for_voicemail
ALTER TABLE contact_methods ADD COLUMN is_safe_for_voicemail boolean NOT NULL DEFAULT false;
