-- Everything of a schema that a review can see, one row an object or part of one: kind, name, detail.
-- Definitions are printed by the server, so that two databases can be compared as text.
WITH own AS (
    SELECT n.oid, n.nspname
    FROM pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
),
-- What an extension brings is the extension's, not the schema's.
brought AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
),
relation AS (
    SELECT c.*, o.nspname, o.nspname || '.' || c.relname AS full_name
    FROM pg_class c
    JOIN own o ON o.oid = c.relnamespace
    WHERE NOT EXISTS (
        SELECT FROM brought b WHERE b.classid = 'pg_class'::regclass AND b.objid = c.oid
    )
)
SELECT 'schema' AS kind, nspname::text AS name, '' AS detail
FROM own
UNION ALL
SELECT 'extension', extname::text, extnamespace::regnamespace::text
FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL
SELECT 'relation', full_name,
       concat_ws(' ', relkind, relpersistence,
                 CASE WHEN relrowsecurity THEN 'row security' END,
                 CASE WHEN relforcerowsecurity THEN 'forced' END,
                 CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END,
                 CASE WHEN relispartition THEN pg_get_expr(relpartbound, oid) END,
                 (SELECT string_agg(i.inhparent::regclass::text, ',' ORDER BY i.inhseqno)
                  FROM pg_inherits i WHERE i.inhrelid = relation.oid AND relkind IN ('r', 'p', 'f')))
FROM relation WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL
SELECT 'column', r.full_name || '.' || a.attname,
       concat_ws(' ',
                 -- Where a table gets columns from its parents, their order tells its history.
                 CASE WHEN NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = r.oid)
                      THEN row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum) END,
                 format_type(a.atttypid, a.atttypmod),
                 (SELECT 'collate ' || c.collname
                  FROM pg_collation c JOIN pg_type t ON t.oid = a.atttypid
                  WHERE c.oid = a.attcollation AND c.oid <> t.typcollation),
                 CASE WHEN a.attnotnull THEN 'not null' END,
                 'identity ' || nullif(a.attidentity::text, ''), 'generated ' || nullif(a.attgenerated::text, ''),
                 'default ' || pg_get_expr(d.adbin, d.adrelid))
FROM relation r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm')
UNION ALL
SELECT 'constraint', r.full_name || '.' || c.conname,
       pg_get_constraintdef(c.oid) || CASE WHEN c.convalidated THEN '' ELSE ' not valid' END
FROM relation r
JOIN pg_constraint c ON c.conrelid = r.oid
-- Constraint triggers are triggers.
WHERE c.contype <> 't'
UNION ALL
SELECT 'index', r.full_name,
       -- How full its pages are is no business of a review.
       regexp_replace(pg_get_indexdef(r.oid), ' WITH \([^)]*\)', '')
FROM relation r WHERE r.relkind IN ('i', 'I')
UNION ALL
SELECT 'policy', r.full_name || '.' || p.polname,
       concat_ws(' ', p.polcmd, CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
                 'to', (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE pg_get_userbyid(role) END, ','
                                          ORDER BY pg_get_userbyid(role))
                        FROM unnest(p.polroles) AS role),
                 'using ' || pg_get_expr(p.polqual, p.polrelid),
                 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
FROM relation r JOIN pg_policy p ON p.polrelid = r.oid
UNION ALL
SELECT 'trigger', r.full_name || '.' || t.tgname, t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid)
FROM relation r JOIN pg_trigger t ON t.tgrelid = r.oid
WHERE NOT t.tgisinternal
UNION ALL
SELECT 'view', r.full_name,
       concat_ws(' ', (SELECT string_agg(regexp_replace(option, '=on$', '=true'), ',' ORDER BY option)
                       FROM unnest(r.reloptions) AS option
                       -- What is off by default says nothing.
                       WHERE option !~ '=(false|off)$'),
                 pg_get_viewdef(r.oid))
FROM relation r WHERE r.relkind IN ('v', 'm')
UNION ALL
SELECT 'function', o.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       pg_get_functiondef(p.oid)
FROM pg_proc p
JOIN own o ON o.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_proc'::regclass AND b.objid = p.oid)
UNION ALL
SELECT 'type', o.nspname || '.' || t.typname,
       concat_ws(' ', t.typtype,
                 (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
                  FROM pg_enum e WHERE e.enumtypid = t.oid),
                 CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
                 CASE WHEN t.typtype = 'd' AND t.typnotnull THEN 'not null' END,
                 pg_get_expr(t.typdefaultbin, 0),
                 (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod)), ',' ORDER BY a.attnum)
                  FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
                 (SELECT string_agg(pg_get_constraintdef(c.oid), ',' ORDER BY pg_get_constraintdef(c.oid))
                  FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'))
FROM pg_type t
JOIN own o ON o.oid = t.typnamespace
WHERE (t.typtype IN ('e', 'd')
       OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  AND NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_type'::regclass AND b.objid = t.oid)
UNION ALL
SELECT 'sequence', r.full_name,
       coalesce((SELECT d.refobjid::regclass || '.' || a.attname
                 FROM pg_depend d
                 JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                 WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i')), '')
       || concat_ws(' ', '', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'by', s.seqincrement,
                    'from', s.seqmin, 'to', s.seqmax, 'cache', s.seqcache, CASE WHEN s.seqcycle THEN 'cycle' END)
FROM relation r JOIN pg_sequence s ON s.seqrelid = r.oid
UNION ALL
SELECT 'rule', r.full_name || '.' || w.rulename, w.ev_enabled::text || ' ' || pg_get_ruledef(w.oid)
FROM relation r JOIN pg_rewrite w ON w.ev_class = r.oid
WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT 'event trigger', evtname::text,
       concat_ws(' ', evtevent, evtenabled, evtfoid::regprocedure, array_to_string(evttags, ','))
FROM pg_event_trigger
UNION ALL
SELECT 'publication', p.pubname::text,
       concat_ws(' ', CASE WHEN p.puballtables THEN 'all' END, p.pubinsert, p.pubupdate, p.pubdelete,
                 p.pubtruncate, p.pubviaroot,
                 (SELECT string_agg(concat_ws(' ', x.prrelid::regclass, x.prattrs, pg_get_expr(x.prqual, x.prrelid)),
                                    ',' ORDER BY x.prrelid::regclass::text)
                  FROM pg_publication_rel x WHERE x.prpubid = p.oid),
                 (SELECT string_agg(x.pnnspid::regnamespace::text, ',' ORDER BY x.pnnspid::regnamespace::text)
                  FROM pg_publication_namespace x WHERE x.pnpubid = p.oid))
FROM pg_publication p
UNION ALL
SELECT 'default privileges',
       concat_ws(' ', pg_get_userbyid(d.defaclrole), nullif(d.defaclnamespace, 0)::regnamespace, d.defaclobjtype),
       concat_ws(' ', x.privilege_type, 'to', CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END,
                 CASE WHEN x.is_grantable THEN 'grantable' END)
FROM pg_default_acl d, aclexplode(d.defaclacl) AS x
UNION ALL
SELECT 'role', r.rolname::text,
       concat_ws(' ', CASE WHEN r.rolcanlogin THEN 'login' END, CASE WHEN r.rolsuper THEN 'superuser' END,
                 CASE WHEN r.rolbypassrls THEN 'bypassrls' END,
                 (SELECT string_agg(pg_get_userbyid(m.roleid), ',' ORDER BY pg_get_userbyid(m.roleid))
                  FROM pg_auth_members m WHERE m.member = r.oid))
FROM pg_roles r WHERE r.oid >= 16384
UNION ALL
SELECT 'owner', r.full_name, pg_get_userbyid(r.relowner)
FROM relation r WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
UNION ALL
SELECT 'owner', 'schema ' || o.nspname, pg_get_userbyid(n.nspowner)
FROM own o JOIN pg_namespace n ON n.oid = o.oid
UNION ALL
SELECT 'owner', p.oid::regprocedure::text, pg_get_userbyid(p.proowner)
FROM pg_proc p
JOIN own o ON o.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_proc'::regclass AND b.objid = p.oid)
UNION ALL
SELECT 'grant', 'schema ' || o.nspname,
       concat_ws(' ', x.privilege_type, 'to', CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END,
                 CASE WHEN x.is_grantable THEN 'grantable' END)
FROM own o
JOIN pg_namespace n ON n.oid = o.oid,
     aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS x
WHERE x.grantee <> n.nspowner
UNION ALL
SELECT 'grant', p.oid::regprocedure::text,
       concat_ws(' ', x.privilege_type, 'to', CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END,
                 CASE WHEN x.is_grantable THEN 'grantable' END)
FROM pg_proc p
JOIN own o ON o.oid = p.pronamespace,
     aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS x
WHERE x.grantee <> p.proowner
  AND NOT EXISTS (SELECT FROM brought b WHERE b.classid = 'pg_proc'::regclass AND b.objid = p.oid)
UNION ALL
SELECT 'comment', concat_ws(' ', pg_describe_object(d.classoid, d.objoid, d.objsubid)), d.description
FROM pg_description d
WHERE d.classoid IN ('pg_class'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass,
                     'pg_constraint'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass,
                     'pg_namespace'::regclass, 'pg_rewrite'::regclass, 'pg_event_trigger'::regclass,
                     'pg_publication'::regclass)
  AND d.objoid >= 16384
  AND NOT EXISTS (SELECT FROM brought b WHERE b.classid = d.classoid AND b.objid = d.objoid)
UNION ALL
SELECT 'grant', r.full_name,
       concat_ws(' ', x.privilege_type, 'to', CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END,
                 CASE WHEN x.is_grantable THEN 'grantable' END)
FROM relation r, aclexplode(r.relacl) AS x
WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND x.grantee <> r.relowner
UNION ALL
SELECT 'grant', r.full_name || '.' || a.attname,
       x.privilege_type || ' to ' || CASE x.grantee WHEN 0 THEN 'public' ELSE pg_get_userbyid(x.grantee) END
FROM relation r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0,
     aclexplode(a.attacl) AS x
WHERE x.grantee <> r.relowner
ORDER BY 1, 2, 3;
