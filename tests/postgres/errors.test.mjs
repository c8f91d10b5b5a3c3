// The words in which our notes say what a server would reject are the server's.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";

import { load } from "./harness.mjs";
import { Oracle } from "./oracle.mjs";

const cases = await readFile(new URL("../../crates/sql/tests/errors.rs", import.meta.url), "utf8");
// `rejects("sql", "message")` and `accepts("sql")`; Rust's strings here are written as JSON's are.
const CALL = /(?:rejects|accepts)\(\s*("(?:[^"\\]|\\.)*")(?:,\s*("(?:[^"\\]|\\.)*"))?,?\s*\)/g;

const oracle = new Oracle();
after(() => oracle.close());

test("what we say of rejected statements is what the server says", async () => {
  let compared = 0;
  for (const [, sql, message] of cases.matchAll(CALL)) {
    const database = await oracle.begin();
    try {
      const error = await load(database, JSON.parse(sql));
      assert.equal(error?.message, message && JSON.parse(message), JSON.parse(sql));
    } finally {
      await oracle.end();
    }
    compared += 1;
  }
  assert.ok(compared > 25, `only ${compared} statements were compared`);
});
