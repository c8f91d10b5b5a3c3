// The comparison of catalog.test.mjs with the server of this machine, where there is one: another
// version of PostgreSQL, and psql instead of one simple query.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { fixture, fixturePath, schemaward } from "../support/project.mjs";
import { startServer } from "./harness.mjs";
import { catalogTexts, difference, introspection, line } from "./oracle.mjs";

/** What servers from this version on may not refuse. */
const NEWEST = 18;

/** Since this version there is a privilege MAINTAIN, which `ALL` includes: what is left of it is listed. */
const MAINTAIN = 17;

const server = await startServer();
after(() => server?.stop());

const texts = await catalogTexts({ psql: true });
test("the catalogs of the fixtures are this machine's server's", { skip: server === null }, async (t) => {
  let [compared, objects] = [0, 0];
  const refused = [];
  for (const name of texts) {
    const theirs = await server.rows(await fixture(name), introspection);
    if (theirs.message !== undefined) {
      refused.push(`${name}: ${theirs.message}`);
      continue;
    }
    await t.test(name, async () => {
      const { stdout } = await schemaward(["catalog", "--format", "sql", fixturePath(name)]);
      const ours = await server.rows(stdout, introspection);
      if (server.version < MAINTAIN && ours.message?.includes('"maintain"')) {
        refused.push(`${name}, as read: ${ours.message}`);
        return;
      }
      assert.equal(ours.message, undefined);
      assert.deepEqual(difference(theirs.rows.map(line), ours.rows.map(line)), { missing: [], invented: [] });
      objects += theirs.rows.length;
      compared += 1;
    });
  }
  console.log(
    `PostgreSQL ${server.version}: ${objects} objects of ${compared} texts are equal; ${refused.length} texts are not for this version`,
  );
  for (const reason of refused) console.log(`  ${reason}`);
  if (server.version >= NEWEST) assert.deepEqual(refused, []);
  assert.ok(compared * 4 > texts.length * 3, "most texts are refused");
});

test("what pg_dump writes of the fixtures is read as the server reads it", { skip: server === null }, async (t) => {
  let [compared, objects] = [0, 0];
  for (const name of texts) {
    const text = await fixture(name);
    const dumped = await server.within(async (own) => (await own.run(text)) ?? (await own.dump()));
    // Not for this version; roles are in no dump of a database.
    if (typeof dumped !== "string") continue;
    const roles = [...text.matchAll(/^CREATE (?:ROLE|USER|GROUP) [^;]*;/gm)].join("\n");
    const theirs = await server.rows(`${roles}\n${dumped}`, introspection);
    // What pg_dump itself cannot bring back.
    if (theirs.message !== undefined) continue;
    await t.test(name, async () => {
      const { stdout } = await schemaward(["review", "--format", "json", "-"], dumped);
      const { unread, notes } = JSON.parse(stdout).coverage;
      assert.deepEqual([unread, notes], [[], []]);
      const { stdout: read } = await schemaward(["catalog", "--format", "sql", "-"], `${roles}\n${dumped}`);
      const ours = await server.rows(read, introspection);
      assert.equal(ours.message, undefined);
      assert.deepEqual(difference(theirs.rows.map(line), ours.rows.map(line)), { missing: [], invented: [] });
      objects += theirs.rows.length;
      compared += 1;
    });
  }
  console.log(`pg_dump of PostgreSQL ${server.version}: ${objects} objects of ${compared} texts are equal`);
  assert.ok(compared * 2 > texts.length, "most texts were not dumped");
});
