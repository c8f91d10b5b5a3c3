// The rules of pgrls, a linter of row-level security in live databases, beside ours.

/** What pgrls writes as a place, without the schema `public`. */
export const place = (location) => location.replace(/^public\./, "").replace(/ \(.*\)$/, "");

const table = ({ table, subject }) => table ?? subject;
const subject = ({ subject }) => subject;
/** A policy: `table.policy`. */
const policy = ({ id }) => id.split(":").slice(1, 3).join(".");
/** Its places are policies, ours are looked at by table. */
const ofTable = (location) => place(location).split(".")[0];

/**
 * `rule` is theirs and `rules` are ours for it; `ours` makes the name of a finding of ours, `theirs` of
 * a place of theirs. `except` says why objects of theirs are none of ours, as a pattern on the name and
 * the reason; the text a case is about is `name`.
 */
export const RULES = [
  { rule: "SEC001", rules: ["rls-missing", "policy-without-rls", "partition-bypasses-rls"], ours: table, theirs: place,
    except: "tables that hold nobody's rows, and those of classes that no mandate protects" , soft: true },
  { rule: "SEC002", rules: ["rls-not-forced"], ours: table, theirs: place },
  { rule: "SEC003", rules: ["policy-public-role", "policy-always-true"], ours: policy, theirs: place },
  { rule: "SEC004", rules: ["policy-null-bypass"], ours: policy, theirs: place },
  { rule: "SEC005", rules: ["policy-ignores-row", "policy-always-true", "policy-open-write", "policy-never-true",
    "policy-literal-tenant"], ours: policy, theirs: place },
  { rule: "SEC007", rules: ["policies-all-permissive"], ours: table, theirs: place, soft: true,
    except: "it names every table without a restrictive policy; ours those where policies meet" },
  { rule: "SEC008", rules: ["policy-always-true"], ours: policy, theirs: place },
  { rule: "SEC009", rules: ["rls-without-policy"], ours: table, theirs: place },
  { rule: "SEC010", rules: ["policy-never-true"], ours: policy, theirs: place },
  { rule: "SEC011", rules: ["policy-always-true"], ours: policy, theirs: place },
  { rule: "SEC012", rules: ["policy-all-restrictive"], ours: table, theirs: place },
  { rule: "SEC013", rules: ["trigger-bypasses-rls"], ours: subject, theirs: place, soft: true,
    except: "it names every trigger of a protected table; ours the functions that write past its policies" },
  { rule: "SEC014", rules: ["function-bypasses-rls", "trigger-bypasses-rls"], ours: subject, theirs: place, soft: true,
    except: "it names every definer function; ours those that reach protected rows" },
  { rule: "SEC015", rules: ["function-search-path"], ours: subject, theirs: place, soft: true,
    except: "it asks for pg_temp at the end of a path that is fixed" },
  { rule: "SEC016", rules: ["role-bypasses-rls"], ours: subject, theirs: place, soft: true,
    except: "a role that cannot log in and has no member" },
  { rule: "SEC017", rules: ["leakproof-misuse"], ours: subject, theirs: place },
  { rule: "SEC019", rules: ["policy-setting-unset"], ours: policy, theirs: place },
  { rule: "SEC022", rules: ["policy-missing-command"], ours: table, theirs: place, soft: true,
    except: "commands that are granted to nobody need no policy" },
  { rule: "SEC025", rules: ["policy-reads-unprotected"], ours: policy, theirs: place, soft: true,
    except: "a table that the role cannot write" },
  { rule: "SEC026", rules: ["policy-loose-match"], ours: policy, theirs: place },
  { rule: "SEC027", rules: ["policy-user-unscoped"], ours: table, theirs: place, soft: true,
    except: "where the tenant scopes the rows, the user's column says who did what" },
  { rule: "SEC028", rules: ["policy-open-write"], ours: policy, theirs: place },
  { rule: "SEC032", rules: ["policy-without-rls"], ours: table, theirs: place },
  { rule: "SEC041", rules: ["partition-bypasses-rls"], ours: table, theirs: place, soft: true,
    except: "a partition that nobody was granted anything on" },
  { rule: "SEC042", rules: ["function-bypasses-rls", "trigger-bypasses-rls"], ours: subject, theirs: place, soft: true,
    except: "definer functions that reach no protected rows" },
  { rule: "SEC044", rules: ["default-privileges-open"], ours: () => "default", theirs: () => "default", soft: true,
    except: "a grant to the roles of the application" },
  { rule: "SEC045", rules: ["sensitive-column-granted"], ours: table, theirs: (location) => place(location).split(".")[0] },
  { rule: "PERF001", rules: ["policy-call-per-row", "policy-volatile"], ours: policy, theirs: place },
  { rule: "PERF002", rules: ["policy-volatile"], ours: policy, theirs: place },
  { rule: "PERF003", rules: ["policy-column-unindexed"], ours: table, theirs: ofTable, soft: true,
    except: "columns that are not compared with the session filter nothing for a tenant" },
  { rule: "PERF004", rules: ["policy-wrapped-column"], ours: policy, theirs: place, soft: true,
    except: "in WITH CHECK no index is used" },
  { rule: "VIEW001", rules: ["view-bypasses-rls"], ours: subject, theirs: place },
  { rule: "VIEW002", rules: ["view-leaky"], ours: subject, theirs: place, soft: true,
    except: "readers who may read the table anyway are shown nothing" },
  { rule: "VIEW003", rules: ["materialized-view-exposes"], ours: subject, theirs: place, soft: true,
    except: "a materialized view that is granted to nobody" },
];
