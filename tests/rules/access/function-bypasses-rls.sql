-- case: everyone may call it
-- expect: warning function-bypasses-rls:f
-- access: public select patients undecided through function f()
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION f(p uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ SELECT full_name FROM patients WHERE id = p $$;
-- settles: met
-- settles: no access public select patients undecided through function f()
ALTER FUNCTION f(uuid) SECURITY INVOKER;

-- case: granted to a role
-- expect: warning function-bypasses-rls:f
-- access: front_desk select patients undecided through function f()
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION f(p uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ SELECT full_name FROM patients WHERE id = p $$;
REVOKE EXECUTE ON FUNCTION f FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f TO front_desk;
-- settles: met
-- settles: no access front_desk select patients undecided through function f()
ALTER FUNCTION f(uuid) SECURITY INVOKER;

-- case: it writes
-- expect: warning function-bypasses-rls:f
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION f(p uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN UPDATE patients SET is_vip = true WHERE id = p; END $$;

-- case: through a function that it calls
-- expect: warning function-bypasses-rls:g
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION f(p uuid) RETURNS text LANGUAGE sql STABLE SET search_path = public AS $$ SELECT full_name FROM patients WHERE id = p $$;
CREATE FUNCTION g(p uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ SELECT f(p) $$;

-- case: it asks who is there
-- expect: info function-bypasses-rls:f
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION f(p uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ SELECT full_name FROM patients WHERE id = p AND organization_id = current_setting('app.org', true)::uuid $$;

-- case: nobody may call it
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION f(p uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ SELECT full_name FROM patients WHERE id = p $$;
REVOKE EXECUTE ON FUNCTION f(uuid) FROM PUBLIC;

-- case: its caller’s rights
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION f(p uuid) RETURNS text LANGUAGE sql STABLE SET search_path = public AS $$ SELECT full_name FROM patients WHERE id = p $$;

-- case: no protected table
CREATE ROLE front_desk;
CREATE TABLE patients (id uuid PRIMARY KEY, full_name text, is_vip boolean, organization_id uuid);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION f(p uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ SELECT 'patients'::text $$;

-- case: what its body gives is for a reader to say, unless the caller's rights hold
-- expect: warning function-bypasses-rls:count_notes
-- access: public select notes undecided through function count_notes()
CREATE ROLE clinic_app;
CREATE TABLE notes (id uuid PRIMARY KEY, organization_id uuid NOT NULL, author_id uuid, body text, kind text, is_public boolean NOT NULL DEFAULT false);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION count_notes() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM notes $$;
-- settles: met
-- settles: no access public select notes undecided through function count_notes()
ALTER FUNCTION count_notes() SECURITY INVOKER;
