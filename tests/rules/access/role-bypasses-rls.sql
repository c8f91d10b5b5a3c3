-- case: a login that bypasses
-- expect: warning role-bypasses-rls:report
CREATE ROLE report LOGIN BYPASSRLS;

-- case: a superuser
-- expect: warning role-bypasses-rls:admin
CREATE USER admin SUPERUSER;

-- case: a login that can become one
-- expect: warning role-bypasses-rls:worker
CREATE ROLE jobs BYPASSRLS;
CREATE ROLE worker LOGIN;
GRANT jobs TO worker;

-- case: set later
-- expect: warning role-bypasses-rls:report
CREATE ROLE report LOGIN;
ALTER ROLE report BYPASSRLS;

-- case: a policy for it
-- expect: warning role-bypasses-rls:notes:p
CREATE ROLE jobs BYPASSRLS;
CREATE TABLE notes (id uuid PRIMARY KEY);
CREATE POLICY p ON notes TO jobs USING (id IS NULL);

-- case: without login
CREATE ROLE jobs BYPASSRLS;

-- case: taken again
CREATE ROLE report LOGIN BYPASSRLS;
ALTER ROLE report NOBYPASSRLS;

-- case: an ordinary login
CREATE ROLE app LOGIN;
CREATE ROLE staff;
GRANT staff TO app;
