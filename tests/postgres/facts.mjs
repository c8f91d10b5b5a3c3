// The catalog itself against the server's: what `catalog --format json` says, without having the
// server make it again.
import { schemaward } from "../support/project.mjs";

/** What a catalog says, in the words of `facts.sql`. */
export async function factsRead(text) {
  const { stdout } = await schemaward(["catalog", "--format", "json", "-"], text);
  return facts(JSON.parse(stdout));
}

/** Joins what is there. */
const words = (...parts) => parts.filter(Boolean).join(" ");

/** A name with its schema, as `facts.sql` writes it. */
const full = ({ schema, name }) => `${schema}.${name}`;

/** A dotted name as `facts.sql` writes it: without quotes, and with its schema, which it may leave out. */
function dotted(name, parts) {
  const found = [...name.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  return [...(found.length < parts ? ["public"] : []), ...found].join(".");
}

/** A type without its schema. */
const bare = (type) => type.replaceAll('"', "").replace(/^[^ (]*\./, "");

function facts(catalog) {
  const rows = [];
  const row = (kind, name, detail = "") => rows.push(`${kind} ${name}: ${detail}`);
  const triggers = (relation, name) => {
    for (const found of relation.triggers) {
      const { timing, for_each_row, of_parent } = found;
      const called = dotted(found.function, 1).split(".").at(-1);
      row("trigger", `${name}.${found.name}`, words(found.state, timing, for_each_row && "row", of_parent && "of parent", called));
    }
    for (const found of relation.rules) row("rule", `${name}.${found.name}`, found.instead ? "instead" : "also");
  };
  // Temporary tables are a session's.
  for (const table of catalog.tables.filter(({ schema }) => schema !== "pg_temp")) {
    const name = full(table);
    const parent = table.partition_of && `of ${dotted(table.partition_of, 2)}`;
    row("table", name, words(parent, table.row_security && "row security", table.row_security_forced && "forced"));
    for (const column of table.columns) {
      const value = column.generated !== null ? "generated" : column.default !== null && "default";
      row("column", `${name}.${column.name}`, words(bare(column.type), !column.nullable && "not null", column.identity, value));
    }
    for (const found of table.constraints) {
      row("constraint", `${name}.${found.name}`, words(found.kind, found.columns?.join(","), !found.valid && "not valid"));
    }
    for (const found of table.indexes) {
      row("index", full({ ...table, name: found.name }), words("on", table.name, found.unique && "unique"));
    }
    for (const found of table.policies) {
      const has = [found.using !== null && "using", found.check !== null && "check"];
      row("policy", `${name}.${found.name}`, words(found.command, !found.permissive && "restrictive", ...has));
    }
    triggers(table, name);
  }
  for (const view of catalog.views) {
    row("view", full(view), view.materialized ? "materialized" : "");
    triggers(view, full(view));
  }
  for (const found of catalog.sequences) {
    row("sequence", full(found), found.owned_by === null ? "" : dotted(found.owned_by, 3));
  }
  for (const found of catalog.functions) {
    row("function", full(found), words(found.security_definer && "definer", found.procedure && "procedure"));
  }
  for (const found of catalog.types.filter(({ kind }) => kind !== "other")) row("type", full(found), found.kind);
  for (const found of catalog.roles) {
    row("role", found.name, words(found.login && "login", found.superuser && "superuser", found.bypass_rls && "bypassrls"));
  }
  return rows;
}
