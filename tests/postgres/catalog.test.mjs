// Our reading against the server's: a text, and the catalog we read it as, written as SQL, must make
// the same database; and what the catalog itself says must be so there.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { fixture, fixturePath, schemaward } from "../support/project.mjs";
import { factsRead } from "./facts.mjs";
import { Oracle, catalogTexts, difference } from "./oracle.mjs";

const texts = await catalogTexts({ psql: false });

const oracle = new Oracle();
after(() => oracle.close());

let [compared, held] = [0, 0];
for (const name of texts) {
  test(`the catalog of ${name} is the server's`, async () => {
    const text = await fixture(name);
    const { stdout: ours } = await schemaward(["catalog", "--format", "sql", fixturePath(name)]);
    const { rows: theirs, facts } = await oracle.made(name, text);
    assert.ok(theirs.length > 0, "the server has nothing of it");
    assert.deepEqual(difference(facts, await factsRead(text)), { missing: [], invented: [] });
    const read = await oracle.rows(`${name}, as read`, ours);
    assert.deepEqual(difference(theirs, read), { missing: [], invented: [] });
    compared += theirs.length;
    held += facts.length;
  });
}

test("objects were compared", () => {
  console.log(`${compared} objects of ${texts.length} texts are equal, ${held} facts hold of the catalogs themselves`);
  assert.ok(compared > 1000, `only ${compared} objects were compared`);
});
