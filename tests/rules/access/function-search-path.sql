-- case: a definer
-- expect: critical function-search-path:f
CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;

-- case: a trigger function
-- expect: warning function-search-path:f
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;

-- case: fixed later
CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;
ALTER FUNCTION f() SET search_path = '';

-- case: its caller’s rights
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
