// The projects in Python, what SQLAlchemy and Alembic make of each, and what we read in it.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import process from "node:process";

import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

import { openDatabase } from "../postgres/harness.mjs";
import { introspection, line } from "../postgres/oracle.mjs";
import { PYTHON, ROOT, run, schemaward } from "../support/project.mjs";

const FOLDER = path.join(ROOT, "tests", "python");
const PROJECTS = path.join(FOLDER, "projects");

/**
 * Every build of every project: `name`, the `layer` (*models* or *migrations*), the `folder` that is
 * read, the `steps` of build.py that make it, `before` (SQL the database holds already) and `undo`,
 * the step that takes everything away again, where the project says that it does.
 */
export async function builds() {
  const found = [];
  for (const entry of (await readdir(PROJECTS, { withFileTypes: true })).filter((each) => each.isDirectory())) {
    const folder = path.join(PROJECTS, entry.name);
    const manifest = JSON.parse(await readFile(path.join(folder, "project.json"), "utf8"));
    const common = { project: entry.name, folder, before: (manifest.before ?? []).join(";\n") };
    if (manifest.models) {
      const steps = [["create_all", ...manifest.models]];
      if (manifest.entities) steps.push(["entities", ...manifest.entities]);
      found.push({ ...common, layer: "models", steps });
    }
    if (manifest.migrations) {
      const undo = manifest.downgrade ? ["downgrade", manifest.migrations] : null;
      found.push({ ...common, layer: "migrations", steps: [["upgrade", manifest.migrations]], undo });
    }
    assert.ok(manifest.models || manifest.migrations, `${entry.name} builds nothing`);
  }
  return found
    .map((build) => ({ ...build, name: `${build.project} (${build.layer})` }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The schema we read in a project, as SQL. */
export async function ours({ folder, layer, before }) {
  const { stdout } = await schemaward(["catalog", "--format", "sql", "--layer", layer, folder]);
  return before === "" ? stdout : `${before};\n${stdout}`;
}

/** Runs one step of build.py on a database. Fails with what Python said. */
async function python({ name, folder }, step, url) {
  const args = [path.join(FOLDER, "build.py"), folder, ...step];
  const env = { ...process.env, DATABASE_URL: url, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" };
  const { code, stderr } = await run(PYTHON, args, { cwd: folder, env });
  if (code === 0) return;
  // The error stands at the end of a long way through SQLAlchemy; what is before it is the project's.
  const lines = stderr.trim().split("\n");
  const said = lines.findLastIndex((each) => /^[\w.]+(Error|Exception|Exit)\b/.test(each));
  const own = lines.filter((each, index) => index < said && each.includes(folder)).slice(-3);
  assert.fail([`${name}, ${step.join(" ")}:`, ...own, ...lines.slice(Math.max(said, 0))].join("\n"));
}

/**
 * What Python makes of a build in an empty database: `made`, and `left` where the build can be
 * undone. `database` has `url`, `run(text)`, which answers with null when all went well, and
 * `rows(query)`.
 */
async function makeIn(database, build) {
  const introspect = async () => (await database.rows(introspection)).map(line).filter(isOfTheSchema);
  if (build.before !== "") assert.equal((await database.run(build.before))?.message, undefined);
  const empty = new Set(await introspect());
  for (const step of build.steps) await python(build, step, database.url);
  const made = await introspect();
  if (!build.undo) return { made };
  await python(build, build.undo, database.url);
  return { made, left: (await introspect()).filter((row) => !empty.has(row)) };
}

/** What Python makes in the PostgreSQL that is always there. */
export async function makeInMemory(build) {
  const memory = await openDatabase();
  // Python opens one connection at a time, but the next one may come before the last is forgotten.
  const server = new PGLiteSocketServer({ db: memory, host: "127.0.0.1", port: 0, maxConnections: 8 });
  try {
    await server.start();
    return await makeIn(
      {
        url: `postgresql+psycopg://postgres@${server.getServerConn()}/postgres`,
        async run(text) {
          return memory.exec(text).then(() => null, (error) => error);
        },
        async rows(query) {
          // What a connection has set would outlive it here.
          const results = await memory.exec(`RESET ALL; SET search_path = pg_catalog; ${query}`);
          await memory.exec("RESET ALL");
          return results.at(-1).rows;
        },
      },
      build,
    );
  } finally {
    await server.stop();
    await memory.close();
  }
}

/** What Python makes in a database of the machine's own server. */
export function makeOnServer(server, build) {
  return server.within(({ connection: { host, user, database }, ...rest }) =>
    makeIn({ ...rest, url: `postgresql+psycopg://${user}@/${database}?host=${encodeURIComponent(host)}` }, build),
  );
}

/** Alembic's table of where it stands is Alembic's, not the schema's: it is in no comparison. */
export function isOfTheSchema(row) {
  return !/^[a-z]+ \w+\.alembic_version(_pkc)?[.:]/.test(row);
}

/** The rows of an introspection by what a reader counts. */
export function count(rows) {
  const kinds = { tables: /^relation \S+: [rp]/, policies: /^policy /, triggers: /^trigger /, indexes: /^index / };
  const counts = Object.entries(kinds).map(([kind, shape]) => [kind, rows.filter((row) => shape.test(row)).length]);
  return { ...Object.fromEntries(counts), objects: rows.length };
}
