// What a running PostgreSQL can say of a schema from its own catalogs: the conditions of widespread
// linters of live databases, as queries written here. Each answers with the objects it names.

/** A table's name as a review writes it. */
const TABLE = `CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname`;

/** Tables that a review looks at: not partitions, whose parent speaks for them. */
const TABLES = `
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`;

const POLICIES = `
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT coalesce(pg_get_expr(p.polqual, p.polrelid), '') AS seen,
                             coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') AS written) AS e
  WHERE NOT c.relispartition`;

/** The relations of a kind that read a table with row-level security, through views too. */
const OVER_PROTECTED = (kind, more) => `
  WITH RECURSIVE reads (view, relation) AS (
    SELECT r.ev_class, d.refobjid FROM pg_rewrite r
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class AND r.ev_type = '1'
  ), behind (view, relation) AS (
    SELECT view, relation FROM reads
    UNION
    SELECT b.view, r.relation FROM behind b JOIN pg_class v ON v.oid = b.relation AND v.relkind = 'v'
    JOIN reads r ON r.view = b.relation
  )
  SELECT DISTINCT ${TABLE} AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN behind b ON b.view = c.oid JOIN pg_class t ON t.oid = b.relation
  LEFT JOIN pg_inherits i ON i.inhrelid = t.oid AND t.relispartition
  LEFT JOIN pg_class parent ON parent.oid = i.inhparent
  WHERE c.relkind = '${kind}' AND n.nspname <> 'information_schema' AND n.nspname <> 'pg_catalog'
    AND (t.relrowsecurity OR parent.relrowsecurity) AND ${more}`;

/** Whether anybody but the owner may read a relation. */
const READABLE = `EXISTS (SELECT FROM aclexplode(c.relacl) a
  WHERE a.privilege_type = 'SELECT' AND a.grantee <> c.relowner)`;

/**
 * `lint` is splinter's number and name; `rules` are ours that answer for it; `object` makes the name of
 * what a finding of ours is about; `same` says that ours must be no more than theirs either; `differs`
 * says how the definitions differ where ours finds more.
 */
export const LINTS = [
  {
    lint: "0001 unindexed_foreign_keys",
    rules: ["foreign-key-unindexed"],
    object: ({ table }) => table,
    differs: "a partial index that does not follow from the key being non-null does not serve it",
    query: `SELECT DISTINCT ${TABLE} AS name ${TABLES} AND EXISTS (
      SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0
        AND NOT EXISTS (
          SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid
            AND k.conkey <@ (string_to_array(i.indkey::text, ' ')::int2[])[1:cardinality(k.conkey)]))`,
  },
  {
    lint: "0003 auth_rls_initplan",
    rules: ["policy-call-per-row"],
    object: ({ id }) => id.split(":").slice(1).join(":"),
    differs: "stable functions of the project count as well",
    query: `SELECT ${TABLE} || ':' || p.polname AS name ${POLICIES}
      AND regexp_replace(seen || ' ' || written, '\\( SELECT ((?!FROM).)*? AS "?[a-z_]+"?\\)', '', 'g')
          ~ 'current_setting\\('`,
  },
  {
    lint: "0004 no_primary_key",
    rules: ["primary-key-missing"],
    object: ({ table }) => table,
    same: true,
    query: `SELECT ${TABLE} AS name ${TABLES}
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')`,
  },
  {
    lint: "0006 multiple_permissive_policies",
    rules: ["policies-all-permissive"],
    object: ({ table }) => table,
    differs: "a restrictive policy for another command or role narrows nothing",
    query: `SELECT DISTINCT ${TABLE} AS name ${POLICIES} AND p.polpermissive AND EXISTS (
      SELECT FROM pg_policy q WHERE q.polrelid = p.polrelid AND q.oid <> p.oid AND q.polpermissive
        AND (q.polroles && p.polroles OR 0 = ANY (q.polroles) OR 0 = ANY (p.polroles))
        AND (q.polcmd = p.polcmd OR '*' IN (q.polcmd, p.polcmd)))
      AND NOT EXISTS (SELECT FROM pg_policy r WHERE r.polrelid = p.polrelid AND NOT r.polpermissive)`,
  },
  {
    lint: "0007 policy_exists_rls_disabled",
    rules: ["policy-without-rls"],
    object: ({ table }) => table,
    same: true,
    query: `SELECT ${TABLE} AS name ${TABLES} AND NOT c.relrowsecurity
      AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)`,
  },
  {
    lint: "0008 rls_enabled_no_policy",
    rules: ["rls-without-policy"],
    object: ({ table }) => table,
    same: true,
    query: `SELECT ${TABLE} AS name ${TABLES} AND c.relrowsecurity
      AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)`,
  },
  {
    lint: "0010 security_definer_view",
    rules: ["view-bypasses-rls"],
    object: ({ subject }) => subject,
    same: true,
    query: OVER_PROTECTED("v", `NOT coalesce((SELECT bool_or(option_value::bool)
      FROM pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker'), false)`),
  },
  {
    lint: "0011 function_search_path_mutable",
    rules: ["function-search-path"],
    object: ({ subject }) => subject,
    same: true,
    query: `SELECT DISTINCT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || f.proname AS name
      FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace JOIN pg_language l ON l.oid = f.prolang
      WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND l.lanname NOT IN ('c', 'internal')
        AND (f.prosecdef OR f.prorettype = 'trigger'::regtype) AND f.prosqlbody IS NULL
        AND NOT EXISTS (SELECT FROM unnest(f.proconfig) s WHERE s LIKE 'search_path=%')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = f.oid AND d.deptype = 'e')`,
  },
  {
    lint: "0013 rls_disabled_in_public",
    rules: ["rls-missing"],
    object: ({ table }) => table,
    differs: "tables of a class that the standard protects count, whoever they are granted to",
    query: `SELECT ${TABLE} AS name ${TABLES} AND NOT c.relrowsecurity AND ${READABLE}
      AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id'
        AND NOT a.attisdropped)`,
  },
  {
    lint: "0015 rls_references_user_metadata",
    rules: ["policy-editable-claim"],
    object: ({ id }) => id.split(":").slice(1).join(":"),
    differs: "an e-mail address taken for an identity counts as well",
    query: `SELECT ${TABLE} || ':' || p.polname AS name ${POLICIES}
      AND seen || written ~ '(jwt|claims|raw)[^;]*user_meta'`,
  },
  {
    lint: "0016 materialized_view_in_api",
    rules: ["materialized-view-exposes"],
    object: ({ subject }) => subject,
    same: true,
    query: OVER_PROTECTED("m", READABLE),
  },
  {
    lint: "0024 rls_policy_always_true",
    rules: ["policy-open-write", "policy-always-true", "policy-never-true"],
    object: ({ id }) => id.split(":").slice(1).join(":"),
    differs: "every condition that is true of all rows counts, for reads too; without WITH CHECK an INSERT is refused",
    query: `SELECT ${TABLE} || ':' || p.polname AS name ${POLICIES} AND p.polpermissive AND p.polcmd <> 'r'
      AND ('true' IN (seen, written) OR '(1 = 1)' IN (seen, written)
           OR (p.polcmd = 'a' AND p.polwithcheck IS NULL))
      AND NOT EXISTS (SELECT FROM pg_policy r WHERE r.polrelid = p.polrelid AND NOT r.polpermissive)`,
  },
  {
    lint: "0028 definer function executable",
    rules: ["function-bypasses-rls"],
    object: ({ subject }) => subject,
    // Theirs names every such function, ours those that reach protected rows.
    within: true,
    query: `SELECT DISTINCT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || f.proname AS name
      FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
      CROSS JOIN LATERAL aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
      WHERE f.prosecdef AND a.privilege_type = 'EXECUTE' AND a.grantee <> f.proowner`,
  },
];

/**
 * Whether a role may run a command on a table by its own or inherited grants, and what row-level
 * security makes of it: `open` (it does not hold), `none` (no permissive policy is for it), `policies`.
 */
export const ACCESS = `
  WITH roles AS (
    SELECT oid, rolname, rolsuper, rolbypassrls FROM pg_roles WHERE oid >= 16384
    UNION ALL SELECT 0, 'public', false, false
  ), commands (command, letter) AS (
    VALUES ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd'), ('TRUNCATE', '')
  )
  SELECT r.rolname AS role, ${TABLE} AS "table", k.command,
    CASE
      WHEN NOT c.relrowsecurity OR r.rolsuper OR r.rolbypassrls OR k.command = 'TRUNCATE'
        OR (r.oid <> 0 AND pg_has_role(r.oid, c.relowner, 'USAGE') AND NOT c.relforcerowsecurity)
        THEN 'open'
      WHEN EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive
        AND p.polcmd IN ('*', k.letter::"char") AND EXISTS (SELECT FROM unnest(p.polroles) x
          WHERE x = 0 OR (r.oid <> 0 AND x <> 0 AND pg_has_role(r.oid, x, 'USAGE'))))
        THEN 'policies'
      ELSE 'none'
    END AS rows
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN roles r CROSS JOIN commands k
  WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'
    AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND (r.oid <> c.relowner OR c.relrowsecurity)
    AND NOT r.rolsuper
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    AND CASE WHEN r.oid = 0
      THEN EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0 AND a.privilege_type = k.command)
        OR EXISTS (SELECT FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) a
          WHERE t.attrelid = c.oid AND a.grantee = 0 AND a.privilege_type = k.command)
      ELSE has_table_privilege(r.oid, c.oid, k.command)
        OR (k.command IN ('SELECT', 'INSERT', 'UPDATE') AND has_any_column_privilege(r.oid, c.oid, k.command))
    END`;
