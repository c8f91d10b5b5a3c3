// PostgreSQL, the judge of what we read: the one compiled to WebAssembly, which is always there,
// and the one of this machine, which may not be.
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";

import { PGlite } from "@electric-sql/pglite";
import { btree_gist } from "@electric-sql/pglite/contrib/btree_gist";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { hstore } from "@electric-sql/pglite/contrib/hstore";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { pgcrypto } from "@electric-sql/pglite/contrib/pgcrypto";
import { uuid_ossp } from "@electric-sql/pglite/contrib/uuid_ossp";

import { run } from "../support/project.mjs";

const EXTENSIONS = { btree_gist, citext, hstore, pg_trgm, pgcrypto, uuid_ossp };

/** The files of an empty database: starting from them takes a third of the time of making them. */
let emptyFiles = null;

/** An empty database in memory, with the extensions schemas commonly ask for. Close it after use. */
export async function openDatabase() {
  if (emptyFiles !== null) {
    return PGlite.create({ extensions: EXTENSIONS, loadDataDir: await emptyFiles });
  }
  const database = PGlite.create({ extensions: EXTENSIONS });
  emptyFiles = database.then((made) => made.dumpDataDir("none"));
  await emptyFiles;
  return database;
}

/**
 * Runs a whole SQL text. Answers with null when all of it was accepted, else with what PostgreSQL
 * said: `message`, `detail`, `where`, and the `line` of the text when PostgreSQL named a position.
 */
export async function load(database, text) {
  try {
    await database.exec(text);
    return null;
  } catch (error) {
    // PostgreSQL counts characters from 1, as code points, in the statement it was sent; the text
    // is sent as one.
    const position = Number(error.position);
    const line =
      position > 0 ? [...text].slice(0, position - 1).join("").split("\n").length : undefined;
    return { message: error.message, detail: error.detail, where: error.where, line };
  }
}

/** What `load` answered, as the message of an assertion. */
export function describe(name, error) {
  if (error === null) return `${name} was accepted`;
  const place = error.line === undefined ? name : `${name}:${error.line}`;
  return [`${place}: ${error.message}`, error.detail, error.where].filter(Boolean).join("\n");
}

/**
 * Starts a PostgreSQL server of this machine's own binaries on a socket in a folder of its own.
 * Answers with null when there are none. Call `stop` after use.
 *
 * `load(text)` runs a text with psql, stopping at the first error, and answers with null or
 * `{ message }`; `pgDump({ schemaOnly })` answers with the text pg_dump prints; `rows(text, query)`
 * runs a text in a database of its own and answers with `{ rows }` of a query whose columns are
 * text, or with `{ message }`; `loaded(text, work)` answers with `{ answer }` of what `work` makes of
 * the address of a database of its own that holds the text, or with `{ message }`; `within(use)` lends
 * a database of its own to `use`, which is given the `connection` (`host`, `user`, `database`),
 * `run(text)`, `rows(query)` and `dump()`, what pg_dump writes of its schema; `version` is the server's major version.
 */
export async function startServer() {
  const binaries = await findBinaries();
  if (binaries === null) return null;
  const user = await serverUser();
  // Short, since the path of a socket has about a hundred bytes.
  const folder = await mkdtemp(path.join(os.tmpdir(), "schemaward-pg-"));
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);

  const data = path.join(folder, "data");
  const database = "postgres";
  const connection = ["--host", folder, "--username", "schemaward", "--no-password"];
  const call = async (program, args, input) => {
    const { code, stdout, stderr } = await run(
      path.join(binaries, program),
      args,
      { ...user, cwd: folder, env: { ...process.env, HOME: folder, LC_ALL: "C" } },
      input,
    );
    return { failed: code !== 0, stdout, stderr };
  };
  const must = async (program, args) => {
    const { failed, stdout, stderr } = await call(program, args);
    if (failed) throw new Error(`${program} failed: ${stderr.trim() || stdout.trim()}`);
    return stdout;
  };

  let running = false;
  const stop = async () => {
    if (running) await call("pg_ctl", ["stop", "--pgdata", data, "--mode", "immediate", "--wait"]);
    running = false;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await must("initdb", [
      ...["--pgdata", data, "--username", "schemaward", "--auth", "trust"],
      ...["--encoding", "UTF8", "--no-locale", "--no-sync"],
    ]);
    const options = `-k "${folder}" -c listen_addresses= -c fsync=off`;
    await must("pg_ctl", [
      ...["start", "--pgdata", data, "--wait", "--silent"],
      ...["--log", path.join(folder, "log"), "--options", options],
    ]);
    running = true;
  } catch (error) {
    await stop();
    throw error;
  }

  const psql = (target, input, ...more) => {
    const args = [...connection, "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", ...more];
    return call("psql", [...args, target], input);
  };
  const ask = async (target, query) => {
    const { failed, stdout, stderr } = await psql(target, query, "--no-align", "--tuples-only");
    if (failed) throw new Error(stderr.trim());
    return stdout.trim();
  };
  const own = "a_schema";
  const empty = async () => {
    const roles = await ask(database, `DROP DATABASE IF EXISTS ${own}; ${ROLES_OF_TEXTS}`);
    if (roles !== "") await ask(database, roles);
  };
  const within = async (use) => {
    await ask(database, `CREATE DATABASE ${own};`);
    try {
      return await use({
        connection: { host: folder, user: "schemaward", database: own },
        async run(text) {
          const { failed, stderr } = await psql(own, text);
          if (!failed) return null;
          return { message: stderr.split("\n").find((said) => said.includes("ERROR:")) ?? stderr };
        },
        async dump() {
          const { failed, stdout, stderr } = await call("pg_dump", [...connection, "--schema-only", own]);
          if (failed) throw new Error(stderr.trim());
          return stdout;
        },
        async rows(query) {
          const rows = query.trim().replace(/;$/, "");
          const json = `SET search_path = pg_catalog; SELECT coalesce(json_agg(x), '[]') FROM (${rows}) x;`;
          return JSON.parse(await ask(own, json));
        },
      });
    } finally {
      await empty();
    }
  };
  return {
    stop,
    within,
    version: Number((await ask(database, "SHOW server_version_num;")).slice(0, -4)),
    async load(text) {
      const { failed, stderr } = await psql(database, text);
      return failed ? { message: stderr.trim() } : null;
    },
    rows(text, query) {
      return within(async (own) => (await own.run(text)) ?? { rows: await own.rows(query) });
    },
    loaded(text, work) {
      return within(async (own) => {
        const refused = await own.run(text);
        const url = `postgresql://schemaward@/${own.connection.database}?host=${encodeURIComponent(folder)}`;
        return refused ?? { answer: await work(url) };
      });
    },
    pgDump({ schemaOnly = true } = {}) {
      const args = schemaOnly ? ["--schema-only"] : [];
      return must("pg_dump", [...connection, ...args, database]);
    },
  };
}

/** Roles are the server's, not a database's: these were made by a text that was loaded. */
const ROLES_OF_TEXTS = `
SELECT 'DROP ROLE ' || string_agg(quote_ident(rolname), ', ' ORDER BY rolname) || ';'
FROM pg_roles WHERE oid >= 16384;`;

/** The folder of the newest PostgreSQL server on this machine, or null. */
async function findBinaries() {
  const installed = [];
  for (const [parent, inside] of [
    ["/usr/lib/postgresql", "bin"],
    ["/opt/homebrew/opt", "bin"],
    ["/usr/local/opt", "bin"],
    ["/Applications/Postgres.app/Contents/Versions", "bin"],
  ]) {
    const names = await readdir(parent).catch(() => []);
    for (const name of names) {
      const version = /^(?:postgresql@)?(\d+)$/.exec(name);
      if (version) installed.push([Number(version[1]), path.join(parent, name, inside)]);
    }
  }
  installed.sort(([one], [other]) => other - one);
  const folders = [
    ...(process.env.PATH ?? "").split(path.delimiter).filter(Boolean),
    ...installed.map(([, folder]) => folder),
  ];
  const programs = ["initdb", "pg_ctl", "pg_dump", "psql"];
  return (
    folders.find((folder) => programs.every((name) => existsSync(path.join(folder, name)))) ?? null
  );
}

/** Whom the server runs as: PostgreSQL refuses to run as root. */
async function serverUser() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = await Promise.all(
      ["-u", "-g"].map((flag) => run("id", [flag, name]).then(({ stdout }) => stdout.trim())),
    );
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor nobody");
}
