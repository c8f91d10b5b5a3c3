// Models and migrations as we read them, against the schema that SQLAlchemy and Alembic make of them
// in PostgreSQL.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Oracle, difference } from "../postgres/oracle.mjs";
import { builds, count, isOfTheSchema, makeInMemory, ours } from "./projects.mjs";

const all = await builds();
const oracle = new Oracle();
after(() => oracle.close());

const equal = { builds: 0, tables: 0, policies: 0, triggers: 0, indexes: 0, objects: 0 };
for (const build of all) {
  test(`${build.name} is read as Python makes it`, async () => {
    const { made, left } = await makeInMemory(build);
    assert.ok(made.length > 0, "Python made nothing");
    if (left) assert.deepEqual(left, [], "the downgrade does not undo the upgrade");
    const read = (await oracle.rows(`${build.name}, as read`, await ours(build))).filter(isOfTheSchema);
    assert.deepEqual(difference(made, read), { missing: [], invented: [] });
    equal.builds += 1;
    for (const [kind, number] of Object.entries(count(made))) equal[kind] += number;
  });
}

test("whole schemas were compared", () => {
  const { builds: number, objects, ...kinds } = equal;
  const listed = Object.entries(kinds).map(([kind, n]) => `${n} ${kind}`);
  console.log(`${number} of ${all.length} builds are equal: ${listed.join(", ")}; ${objects} objects in all`);
  for (const [kind, n] of Object.entries(kinds)) assert.ok(n > 0, `no ${kind} were compared`);
});
