-- case: picked by name
-- expect: warning sensitive-column-granted:people:export
CREATE ROLE export;
CREATE TABLE people (id uuid PRIMARY KEY, full_name text, ssn text, password_hash text);
GRANT SELECT (id, ssn) ON people TO export;

-- case: to everyone with the table
-- expect: warning sensitive-column-granted:people:public
CREATE ROLE export;
CREATE TABLE people (id uuid PRIMARY KEY, full_name text, ssn text, password_hash text);
GRANT SELECT ON people TO PUBLIC;

-- case: to a role for anyone
-- expect: warning sensitive-column-granted:people:anon
CREATE ROLE export;
CREATE TABLE people (id uuid PRIMARY KEY, full_name text, ssn text, password_hash text);
CREATE ROLE anon;
GRANT ALL ON people TO anon;

-- case: the whole table to the application
CREATE ROLE export;
CREATE TABLE people (id uuid PRIMARY KEY, full_name text, ssn text, password_hash text);
GRANT SELECT ON people TO export;

-- case: other columns
CREATE ROLE export;
CREATE TABLE people (id uuid PRIMARY KEY, full_name text, ssn text, password_hash text);
GRANT SELECT (id, full_name) ON people TO export;

-- case: a hash
CREATE ROLE export;
CREATE TABLE people (id uuid PRIMARY KEY, full_name text, ssn text, password_hash text);
GRANT SELECT (password_hash) ON people TO export;

-- case: a right to write
CREATE ROLE export;
CREATE TABLE people (id uuid PRIMARY KEY, full_name text, ssn text, password_hash text);
GRANT UPDATE (ssn) ON people TO export;
