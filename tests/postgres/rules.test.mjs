// The answer key of the rules holds schemas that PostgreSQL accepts: a finding on a text that no
// server would run proves nothing.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { after, test } from "node:test";

import { ROOT, labelledCases } from "../support/project.mjs";
import { describe, load } from "./harness.mjs";
import { Oracle } from "./oracle.mjs";

const oracle = new Oracle();
after(() => oracle.close());

const folder = path.join(ROOT, "tests", "rules");
const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".sql"));

for (const name of names.sort()) {
  test(`PostgreSQL accepts the cases of ${name}`, async () => {
    const text = await readFile(path.join(folder, name), "utf8");
    const cases = labelledCases(text);
    assert.ok(cases.length > 0, "there is no case in it");
    for (const sql of cases) {
      if (/^-- loads: no\b/m.test(sql)) continue;
      const title = `${name}: ${sql.split("\n")[0].trim()}`;
      const database = await oracle.begin();
      try {
        const error = await load(database, `--${sql}`);
        assert.equal(error, null, describe(title, error));
      } finally {
        await oracle.end();
      }
    }
  });
}
