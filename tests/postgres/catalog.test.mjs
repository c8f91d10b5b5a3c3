// Our reading against the server's: a text, and the catalog we read it as, written as SQL, must make
// the same database.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { after, test } from "node:test";

import { fixture, fixturePath, schemaward } from "../support/project.mjs";
import { Oracle, difference } from "./oracle.mjs";

// These rely on psql to send one statement at a time, to carry a COPY payload, or to drop a byte-order mark.
const ONLY_PSQL = new Set(["backslash_strings.sql", "byte_order_mark.sql", "copy_payload.sql", "crlf.sql"]);

const texts = ["clinic/documented.sql", "clinic/implemented.sql"];
for (const name of await files("reading")) {
  const text = await fixture(name);
  if (/^-- loads: yes\s*$/m.test(text) && !ONLY_PSQL.has(name.slice("reading/".length))) {
    texts.push(name);
  }
}
texts.push(...(await files("feature")), ...(await files("plpgsql")));

const oracle = new Oracle();
after(() => oracle.close());

let compared = 0;
for (const name of texts) {
  test(`the catalog of ${name} is the server's`, async () => {
    const text = await fixture(name);
    const { stdout: ours } = await schemaward(["catalog", "--format", "sql", fixturePath(name)]);
    const theirs = await oracle.rows(name, text);
    assert.ok(theirs.length > 0, "the server has nothing of it");
    const read = await oracle.rows(`${name}, as read`, ours);
    assert.deepEqual(difference(theirs, read), { missing: [], invented: [] });
    compared += theirs.length;
  });
}

test("objects were compared", () => {
  console.log(`${compared} objects of ${texts.length} texts are equal`);
  assert.ok(compared > 1000, `only ${compared} objects were compared`);
});

/** The SQL files of a folder of fixtures, in order; none when there is no such folder. */
async function files(folder) {
  const names = await readdir(fixturePath(folder)).catch(() => []);
  return names.filter((name) => name.endsWith(".sql")).sort().map((name) => `${folder}/${name}`);
}
