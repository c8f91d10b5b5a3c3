// The clinic fixture against PostgreSQL itself: it is a valid schema, its dump is read without a
// gap, and the migration of its plan can be applied.
import assert from "node:assert/strict";
import { test } from "node:test";

import { fixture, fixturePath, schemaward } from "../support/project.mjs";
import { describe, load, openDatabase, startServer } from "./harness.mjs";

const DOCUMENTED = "clinic/documented.sql";
const IMPLEMENTED = "clinic/implemented.sql";
const DUMP = "clinic/implemented.dump.sql";

for (const name of [DOCUMENTED, IMPLEMENTED]) {
  test(`PostgreSQL accepts ${name}`, async () => {
    const database = await openDatabase();
    try {
      const error = await load(database, await fixture(name));
      assert.equal(error, null, describe(name, error));
    } finally {
      await database.close();
    }
  });
}

test("the committed dump is read without an unread statement", async () => {
  await assertReadWhole(await fixture(DUMP));
});

test("what this machine's pg_dump writes is read without an unread statement", async (t) => {
  const server = await startServer();
  if (server === null) {
    t.skip("no PostgreSQL server on this machine; the committed dump is tested above");
    return;
  }
  try {
    const error = await server.load(await fixture(IMPLEMENTED));
    assert.equal(error, null, error?.message);
    await assertReadWhole(await server.pgDump({ schemaOnly: true }));
  } finally {
    await server.stop();
  }
});

test("the migration of the plan applies to what is implemented", async () => {
  const plan = await schemaward([
    ...["plan", "--format", "sql"],
    ...["--documented", fixturePath(DOCUMENTED), "--implemented", fixturePath(IMPLEMENTED)],
  ]);
  assert.match(plan.stdout, /\S/, "the plan of the fixture is empty");
  const database = await openDatabase();
  try {
    const before = await load(database, await fixture(IMPLEMENTED));
    assert.equal(before, null, describe(IMPLEMENTED, before));
    const error = await load(database, plan.stdout);
    assert.equal(error, null, describe("the migration", error));
  } finally {
    await database.close();
  }
});

/** Fails with the first unread statements when the review of a text has any. */
async function assertReadWhole(text) {
  const { stdout } = await schemaward(["review", "--implemented", "-", "--format", "json"], text);
  const { coverage } = JSON.parse(stdout);
  const unread = coverage.unread.map(
    ({ line, reason, text }) => `line ${line}: ${reason}: ${text.slice(0, 120)}`,
  );
  assert.deepEqual(unread, []);
  assert.ok(coverage.read > 0, "nothing was read");
  assert.equal(coverage.statements, coverage.read + coverage.irrelevant);
}
