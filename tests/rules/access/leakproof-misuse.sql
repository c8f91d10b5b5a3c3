-- case: declared leakproof
-- expect: warning leakproof-misuse:same
CREATE FUNCTION same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE LEAKPROOF AS $$ SELECT a = b $$;

-- case: set later
-- expect: warning leakproof-misuse:same
CREATE FUNCTION same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT a = b $$;
ALTER FUNCTION same(text, text) LEAKPROOF;

-- case: not leakproof
CREATE FUNCTION same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE NOT LEAKPROOF AS $$ SELECT a = b $$;
