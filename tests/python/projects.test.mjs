// The schemas that SQLAlchemy and Alembic make of the projects in PostgreSQL.
import assert from "node:assert/strict";
import { test } from "node:test";

import { builds, count, makeInMemory } from "./projects.mjs";

const all = await builds();

const total = { builds: 0, tables: 0, policies: 0, triggers: 0, indexes: 0, objects: 0 };
for (const build of all) {
  test(`${build.name} is made by Python`, async () => {
    const { made, left } = await makeInMemory(build);
    assert.ok(made.length > 0, "Python made nothing");
    if (left) assert.deepEqual(left, [], "the downgrade does not undo the upgrade");
    total.builds += 1;
    for (const [kind, number] of Object.entries(count(made))) total[kind] += number;
  });
}

test("whole schemas were made", () => {
  const { builds: number, objects, ...kinds } = total;
  const listed = Object.entries(kinds).map(([kind, n]) => `${n} ${kind}`);
  console.log(`${number} of ${all.length} builds are made: ${listed.join(", ")}; ${objects} objects in all`);
  for (const [kind, n] of Object.entries(kinds)) assert.ok(n > 0, `no ${kind} were made`);
});
