// The labelled pairs against PostgreSQL: what the server sees no difference in yields no row, and the
// migration of the sync makes the implementation what is documented.
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

import { ROOT, schemaward } from "../support/project.mjs";
import { Oracle } from "./oracle.mjs";

const FOLDER = path.join(ROOT, "tests", "drift");

/** The pairs of all files: `title`, `server` (what the server says of the two), both texts, `rows`. */
async function readPairs() {
  const pairs = [];
  for (const name of (await readdir(FOLDER)).filter((name) => name.endsWith(".txt")).sort()) {
    const text = `\n${await readFile(path.join(FOLDER, name), "utf8")}`;
    for (const part of text.split("\n=== ").slice(1)) {
      const [head, rest] = part.split("\n--- documented\n");
      const [documented, more] = rest.split("\n--- implemented\n");
      const [implemented, rows] = more.split("\n--- rows");
      const [, title, server = ""] = /^(.*?)(?: \(([a-z-]+)\))?$/.exec(head.trim());
      const lines = rows.split("\n").filter((row) => row.trim() !== "");
      pairs.push({ title, server, documented, implemented, rows: lines });
    }
  }
  return pairs;
}

/**
 * What the server has, without what makes no difference: names that people or the server gave to
 * constraints, indexes, policies and triggers, the order of columns, comments on what has a name of
 * its own.
 */
function meaning(rows) {
  const plain = rows.map((row) =>
    row
      .replace(/^(constraint|policy|trigger) (\S+?)\.[^.:]+: /, "$1 $2: ")
      .replace(/^(trigger .*?CREATE (?:CONSTRAINT )?TRIGGER) \S+/, "$1")
      .replace(/^(index) \S+: (CREATE (?:UNIQUE )?INDEX) \S+ ON/, "$1 $2 ON")
      .replace(/^(column \S+:) \d+ /, "$1 "),
  );
  return plain.sort();
}

const oracle = new Oracle();
after(() => oracle.close());
const folder = await mkdtemp(path.join(os.tmpdir(), "schemaward-drift-"));
after(() => rm(folder, { recursive: true, force: true }));

const pairs = await readPairs();
const counts = { equal: 0, equivalent: 0, migrated: 0 };

/** The roles of a text are the server's, so a second text must not make them again. */
const introspected = async (name, text) => meaning(await oracle.rows(name, text));

for (const pair of pairs.filter((pair) => pair.server !== "unread")) {
  test(`the server on: ${pair.title}`, async () => {
    const documented = await introspected("documented", pair.documented);
    const implemented = await introspected("implemented", pair.implemented);
    const equal = JSON.stringify(documented) === JSON.stringify(implemented);
    // Prose is nothing to the server.
    if (pair.server === "one-way") return;
    if (equal) {
      assert.deepEqual(pair.rows, [], "the server sees no difference");
      counts.equal += 1;
      return;
    }
    assert.notEqual(pair.server, "equal", "the pair is labelled equal");
    if (pair.rows.length === 0) {
      // What the server keeps apart and a reader does not is said at the pair.
      assert.equal(pair.server, "equivalent", "the server sees a difference that no row tells");
      counts.equivalent += 1;
      return;
    }
    const [one, other] = ["documented.sql", "implemented.sql"].map((file) => path.join(folder, file));
    await writeFile(one, pair.documented);
    await writeFile(other, pair.implemented);
    const args = ["sync", "--documented", one, "--implemented", other, "--format", "sql"];
    const { stdout: migration } = await schemaward(args);
    const migrated = await introspected("migrated", `${pair.implemented}\n${migration}`);
    assert.deepEqual(migrated, documented, migration);
    counts.migrated += 1;
  });
}

test("pairs were compared", () => {
  console.log(
    `${pairs.length} pairs: ${counts.equal} equal, ${counts.equivalent} equivalent, ` +
      `${counts.migrated} made equal by the migration`,
  );
  assert.ok(pairs.length >= 150);
});
