-- What `catalog --format json` says of a schema, asked of the server: one row a fact. Unlike the
-- introspection, which is compared after the server has made our reading again, this holds against
-- the catalog as it is, so that nothing which the server adds on its own can hide what we lack.
WITH own AS (
    SELECT n.oid, n.nspname
    FROM pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
),
brought AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
),
relation AS (
    SELECT c.*, o.nspname || '.' || c.relname AS full_name
    FROM pg_class c
    JOIN own o ON o.oid = c.relnamespace
    WHERE NOT EXISTS (
        SELECT FROM brought b WHERE b.classid = 'pg_class'::regclass AND b.objid = c.oid
    )
)
SELECT 'table' AS kind, full_name AS name,
       concat_ws(' ',
                 'of ' || (SELECT p.full_name FROM pg_inherits i JOIN relation p ON p.oid = i.inhparent
                           WHERE i.inhrelid = relation.oid AND relation.relispartition),
                 CASE WHEN relrowsecurity THEN 'row security' END,
                 CASE WHEN relforcerowsecurity THEN 'forced' END) AS detail
FROM relation WHERE relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'column', r.full_name || '.' || a.attname,
       concat_ws(' ', regexp_replace(replace(format_type(a.atttypid, a.atttypmod), '"', ''), '^[^ (]*\.', ''),
                 CASE WHEN a.attnotnull THEN 'not null' END,
                 CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by_default' END,
                 CASE WHEN a.attgenerated <> '' THEN 'generated' WHEN a.atthasdef THEN 'default' END)
FROM relation r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE r.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'constraint', r.full_name || '.' || c.conname,
       concat_ws(' ', CASE c.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign_key'
                                     WHEN 'x' THEN 'exclude' ELSE 'check' END,
                 CASE WHEN c.contype IN ('p', 'u', 'f') THEN
                     (SELECT string_agg(a.attname, ',' ORDER BY k.place)
                      FROM unnest(c.conkey) WITH ORDINALITY AS k(number, place)
                      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number) END,
                 CASE WHEN NOT c.convalidated AND c.conenforced THEN 'not valid' END)
FROM relation r
JOIN pg_constraint c ON c.conrelid = r.oid
WHERE c.contype IN ('p', 'u', 'f', 'x', 'c')
  -- What a foreign key to a partitioned table has for each partition of that table.
  AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = c.conparentid AND p.conrelid = c.conrelid)
UNION ALL
SELECT 'index', r.full_name, concat_ws(' ', 'on', t.relname, CASE WHEN i.indisunique THEN 'unique' END)
FROM relation r
JOIN pg_index i ON i.indexrelid = r.oid
JOIN pg_class t ON t.oid = i.indrelid
WHERE t.relkind IN ('r', 'p', 'f')
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = r.oid AND c.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'policy', r.full_name || '.' || p.polname,
       concat_ws(' ', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                                    WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
                 CASE WHEN NOT p.polpermissive THEN 'restrictive' END,
                 CASE WHEN p.polqual IS NOT NULL THEN 'using' END,
                 CASE WHEN p.polwithcheck IS NOT NULL THEN 'check' END)
FROM relation r JOIN pg_policy p ON p.polrelid = r.oid
UNION ALL
SELECT 'trigger', r.full_name || '.' || t.tgname,
       concat_ws(' ', CASE t.tgenabled WHEN 'O' THEN 'enabled' WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' ELSE 'always' END,
                 CASE WHEN t.tgtype & 64 <> 0 THEN 'INSTEAD OF' WHEN t.tgtype & 2 <> 0 THEN 'BEFORE' ELSE 'AFTER' END,
                 CASE WHEN t.tgtype & 1 <> 0 THEN 'row' END,
                 CASE WHEN t.tgparentid <> 0 THEN 'of parent' END,
                 (SELECT proname FROM pg_proc WHERE oid = t.tgfoid))
FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid
WHERE NOT t.tgisinternal
UNION ALL
SELECT 'rule', r.full_name || '.' || w.rulename, CASE WHEN w.is_instead THEN 'instead' ELSE 'also' END
FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid
WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT 'view', full_name, CASE relkind WHEN 'm' THEN 'materialized' ELSE '' END
FROM relation WHERE relkind IN ('v', 'm')
UNION ALL
SELECT 'sequence', r.full_name,
       coalesce((SELECT t.full_name || '.' || a.attname
                 FROM pg_depend d
                 JOIN relation t ON t.oid = d.refobjid
                 JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                 WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i')), '')
FROM relation r WHERE r.relkind = 'S'
UNION ALL
SELECT 'function', o.nspname || '.' || p.proname,
       concat_ws(' ', CASE WHEN p.prosecdef THEN 'definer' END, CASE p.prokind WHEN 'p' THEN 'procedure' END)
FROM pg_proc p
JOIN own o ON o.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_proc'::regclass AND b.objid = p.oid)
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
UNION ALL
SELECT 'type', o.nspname || '.' || t.typname,
       CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'composite' END
FROM pg_type t
JOIN own o ON o.oid = t.typnamespace
WHERE (t.typtype IN ('e', 'd')
       OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  AND NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_type'::regclass AND b.objid = t.oid)
UNION ALL
SELECT 'role', r.rolname::text,
       concat_ws(' ', CASE WHEN r.rolcanlogin THEN 'login' END, CASE WHEN r.rolsuper THEN 'superuser' END,
                 CASE WHEN r.rolbypassrls THEN 'bypassrls' END)
FROM pg_roles r WHERE r.oid >= 16384
ORDER BY 1, 2, 3;
