// The comparison of projects.test.mjs with the server of this machine, where there is one.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { startServer } from "../postgres/harness.mjs";
import { difference, introspection, line } from "../postgres/oracle.mjs";
import { builds, isOfTheSchema, makeOnServer, ours } from "./projects.mjs";

const server = await startServer();
after(() => server?.stop());

const all = await builds();
test("the projects are this machine's server's", { skip: server === null }, async (t) => {
  let [compared, objects] = [0, 0];
  for (const build of all) {
    await t.test(build.name, async () => {
      const { made, left } = await makeOnServer(server, build);
      if (left) assert.deepEqual(left, [], "the downgrade does not undo the upgrade");
      const read = await server.rows(await ours(build), introspection);
      assert.equal(read.message, undefined);
      const rows = read.rows.map(line).filter(isOfTheSchema);
      assert.deepEqual(difference(made, rows), { missing: [], invented: [] });
      compared += 1;
      objects += made.length;
    });
  }
  console.log(`PostgreSQL ${server.version}: ${objects} objects of ${compared} of ${all.length} builds are equal`);
});
