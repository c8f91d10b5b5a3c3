-- case: the secret of a second factor as it is
-- expect: warning secret-in-plain-column:users.mfa_secret
CREATE TABLE users (id uuid PRIMARY KEY, email text NOT NULL, mfa_secret text);

-- case: a password that nothing says is hashed
-- expect: warning secret-in-plain-column:users.password
CREATE TABLE users (id uuid PRIMARY KEY, password varchar(128) NOT NULL);

-- case: an abbreviation in camel case
-- expect: warning secret-in-plain-column:users.userPwd
CREATE TABLE users (id uuid PRIMARY KEY, "userPwd" text);

-- case: a social security number
-- expect: warning secret-in-plain-column:patients.ssn
CREATE TABLE patients (id uuid PRIMARY KEY, ssn char(11));

-- case: a card number, and the code of the card
-- expect: warning secret-in-plain-column:payment_methods.card_number
-- expect: warning secret-in-plain-column:payment_methods.cvv
CREATE TABLE payment_methods (id uuid PRIMARY KEY, card_number text, cvv text, card_brand text, last4 text);

-- case: tokens of another service
-- expect: warning secret-in-plain-column:connections.access_token
-- expect: warning secret-in-plain-column:connections.refreshToken
CREATE TABLE connections (id uuid PRIMARY KEY, access_token text, "refreshToken" text, token_type text, scope text);

-- case: the token is a uuid, which reads as well as text
-- expect: warning secret-in-plain-column:invitations.invite_token
CREATE TABLE invitations (id uuid PRIMARY KEY, email text, invite_token uuid DEFAULT gen_random_uuid());

-- case: codes in a list
-- expect: warning secret-in-plain-column:users.recovery_codes
CREATE TABLE users (id uuid PRIMARY KEY, recovery_codes text[]);

-- case: the comment says that it is plain
-- expect: warning secret-in-plain-column:users.api_key
CREATE TABLE users (id uuid PRIMARY KEY, api_key text);
COMMENT ON COLUMN users.api_key IS 'Not encrypted yet';

-- case: only the comment says what it is
-- expect: warning secret-in-plain-column:people.ref_no
CREATE TABLE people (id uuid PRIMARY KEY, ref_no text);
COMMENT ON COLUMN people.ref_no IS 'Social security number';

-- case: the answer to the question
-- expect: warning secret-in-plain-column:security_questions.answer
CREATE TABLE security_questions (id uuid PRIMARY KEY, user_id uuid, question text, answer text);

-- case: a hash by its name
CREATE TABLE users (id uuid PRIMARY KEY, password_hash text, token_digest text, ssn_encrypted text, pin_hash text);

-- case: ciphertext by its type
CREATE DOMAIN encrypted_text AS bytea;
CREATE TABLE users (id uuid PRIMARY KEY, mfa_secret bytea, ssn encrypted_text);

-- case: a hash by its comment
CREATE TABLE users (id uuid PRIMARY KEY, password text NOT NULL);
COMMENT ON COLUMN users.password IS 'argon2id hash';

-- case: a hash by the comment in the script
CREATE TABLE users (
    id uuid PRIMARY KEY,
    password text NOT NULL -- bcrypt
);

-- case: what is said about a secret is none
CREATE TABLE users (id uuid PRIMARY KEY, password_changed_at timestamptz, password_reset_required boolean,
    token_expires_at timestamptz, mfa_enabled boolean, mfa_method text, failed_password_attempts integer,
    secret_question text, has_pin boolean);

-- case: keys that open nothing
CREATE TABLE objects (id uuid PRIMARY KEY, storage_key text, cache_key text, sort_key text, idempotency_key text,
    public_key text, next_page_token text, csrf_token text, max_tokens integer);

-- case: the last four digits
CREATE TABLE payment_methods (id uuid PRIMARY KEY, card_last4 text, ssn_last4 text);

-- case: words that only look like it
CREATE TABLE secretaries (id uuid PRIMARY KEY, secretary_name text, tokenizer text, passport_country text, spinner text);

-- case: switched off by the standard
-- standard: [rules]
-- standard: secret-in-plain-column = "off"
CREATE TABLE users (id uuid PRIMARY KEY, password text NOT NULL);
