// The schemas of projects.test.mjs in the server of this machine, where there is one.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startServer } from "../postgres/harness.mjs";
import { builds, makeOnServer } from "./projects.mjs";

const server = await startServer();
after(() => server?.stop());

const all = await builds();
test("this machine's server has the projects' schemas", { skip: server === null }, async (t) => {
  let [number, objects] = [0, 0];
  for (const build of all) {
    await t.test(build.name, async () => {
      const { made, left } = await makeOnServer(server, build);
      if (left) assert.deepEqual(left, [], "the downgrade does not undo the upgrade");
      number += 1;
      objects += made.length;
    });
  }
  console.log(`PostgreSQL ${server.version}: ${objects} objects of ${number} of ${all.length} builds are made`);
});
