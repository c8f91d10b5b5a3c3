-- case: to PUBLIC
-- expect: warning default-privileges-open:public:public
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;

-- case: to a role for anyone
-- expect: warning default-privileges-open:*:anon
CREATE ROLE anon;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO anon;

-- case: revoked again
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM PUBLIC;

-- case: to the application
CREATE ROLE clinic_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO clinic_app;

-- case: functions are no tables
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
