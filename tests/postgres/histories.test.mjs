// Random histories of DDL: our catalog after each must be the server's. `SCHEMAWARD_HISTORIES` is
// how many, `SCHEMAWARD_SEED` the first seed.
import assert from "node:assert/strict";
import process from "node:process";
import { after, test } from "node:test";

import { disagreement, history, shrink } from "./histories.mjs";
import { Oracle } from "./oracle.mjs";

const COUNT = Number(process.env.SCHEMAWARD_HISTORIES ?? 500);
const FIRST = Number(process.env.SCHEMAWARD_SEED ?? 1);
/** So many different failures are shrunk and shown before the rest is only counted. */
const SHOWN = 5;

const oracle = new Oracle();
after(() => oracle.close());

test(`${COUNT} random histories are read as the server runs them`, async () => {
  const failures = [];
  let [failed, statements] = [0, 0];
  for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) {
    const made = await history(oracle, seed);
    statements += made.statements.length;
    if ((await disagreement(oracle, made)) === null) continue;
    failed += 1;
    if (failures.length < SHOWN) {
      const least = await shrink(oracle, made);
      failures.push([`seed ${seed}:`, ...least.statements, await disagreement(oracle, least)].join("\n"));
    }
  }
  console.log(`${COUNT - failed} of ${COUNT} histories (${statements} statements) are equal`);
  assert.equal(failed, 0, `${failed} of ${COUNT} histories differ\n\n${failures.join("\n\n")}`);
});
