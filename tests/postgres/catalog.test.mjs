// Our reading against the server's: a text, and the catalog we read it as, written as SQL, must make
// the same database.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";

import { fixture, fixturePath, schemaward } from "../support/project.mjs";
import { describe, load, openDatabase } from "./harness.mjs";

const query = await readFile(new URL("introspect.sql", import.meta.url), "utf8");

// These rely on psql to send one statement at a time, to carry a COPY payload, or to drop a byte-order mark.
const ONLY_PSQL = new Set(["backslash_strings.sql", "byte_order_mark.sql", "copy_payload.sql", "crlf.sql"]);

const reading = await readdir(fixturePath("reading"));
const texts = ["clinic/documented.sql", "clinic/implemented.sql"];
for (const name of reading.filter((name) => name.endsWith(".sql")).sort()) {
  const text = await fixture(`reading/${name}`);
  if (/^-- loads: yes\s*$/m.test(text) && !ONLY_PSQL.has(name)) texts.push(`reading/${name}`);
}

let compared = 0;
for (const name of texts) {
  test(`the catalog of ${name} is the server's`, async () => {
    const text = await fixture(name);
    const { stdout: ours } = await schemaward(["catalog", "--format", "sql", fixturePath(name)]);
    const [theirRows, ourRows] = [await rows(name, text), await rows(`${name}, as read`, ours)];
    assert.ok(theirRows.length > 0, "the server has nothing of it");
    // Both are sorted; a row that only one has is told, rather than two lists of hundreds.
    const read = new Set(ourRows);
    const made = new Set(theirRows);
    assert.deepEqual(
      {
        missing: theirRows.filter((row) => !read.has(row)),
        invented: ourRows.filter((row) => !made.has(row)),
      },
      { missing: [], invented: [] },
    );
    compared += theirRows.length;
  });
}

test("objects were compared", () => {
  console.log(`${compared} objects of ${texts.length} texts are equal`);
  assert.ok(compared > 1000, `only ${compared} objects were compared`);
});

async function rows(name, text) {
  const database = await openDatabase();
  try {
    const error = await load(database, text);
    assert.equal(error, null, describe(name, error));
    const { rows } = await database.query(query);
    return rows.map(({ kind, name, detail }) => `${kind} ${name}: ${detail}`);
  } finally {
    await database.close();
  }
}
