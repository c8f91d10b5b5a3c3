// Our rules, which read text, beside pgrls, which reads a live database, on the same schemas: what it finds
// ours find, but for differences of definition, which are named. It needs a server of this machine and
// Python, and installs pgrls into a folder of its own.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

import { ROOT, fixture, labelledCases, run, schemaward } from "../support/project.mjs";
import { startServer } from "./harness.mjs";
import { RULES } from "./pgrls.mjs";

const VERSION = "0.57.1";

/** Cases that show a rule, at most this many of each. */
const CASES_OF_A_RULE = 2;

test("what pgrls finds in a live database, we find in its text", async (t) => {
  const server = await startServer();
  if (server === null) return t.skip("no PostgreSQL server on this machine");
  const folder = await mkdtemp(path.join(os.tmpdir(), "schemaward-pgrls-"));
  try {
    const pgrls = await install(folder);
    if (pgrls === null) return t.skip("pgrls cannot be installed here");
    const tally = new Map(RULES.map(({ rule }) => [rule, { same: 0, ours: 0, theirs: [] }]));
    const failed = [];
    for (const [name, text] of await texts()) {
      const made = [...text.matchAll(/^CREATE SCHEMA (?:IF NOT EXISTS )?(\w+)/gm)].map(([, name]) => name);
      const args = ["--schemas", ["public", ...made].join(","), "--format", "json"];
      const lint = async (url) => {
        const { stdout, stderr } = await run(pgrls, ["lint", "--database-url", url, ...args], { cwd: folder });
        assert.notEqual(stdout, "", `${name}: ${stderr}`);
        return JSON.parse(stdout);
      };
      const { message, answer } = await server.loaded(text, lint);
      assert.equal(message, undefined, `${name}: ${message}`);
      const { stdout } = await schemaward(["review", "--implemented", "-", "--format", "json"], text);
      compare(name, answer.violations, JSON.parse(stdout), tally, failed);
    }
    print(tally);
    assert.deepEqual(failed, [], "found by pgrls only");
    const same = [...tally.values()].reduce((sum, { same }) => sum + same, 0);
    assert.ok(same > 60, `only ${same} objects were found by both`);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** The program, in a folder of its own; null where there is no Python or no way to its package. */
async function install(folder) {
  const step = async (program, args) => (await run(program, args, { cwd: folder }).catch(() => ({ code: 1 }))).code === 0;
  const inside = path.join(folder, "env", "bin");
  const made =
    (await step("python3", ["-m", "venv", path.join(folder, "env")])) &&
    (await step(path.join(inside, "pip"), ["install", "--quiet", `pgrls==${VERSION}`]));
  return made ? path.join(inside, "pgrls") : null;
}

/** The clinic, and cases of the answer key that show the rules compared. */
async function texts() {
  const found = [["clinic/implemented.sql", await fixture("clinic/implemented.sql")]];
  for (const rule of new Set(RULES.flatMap(({ rules }) => rules))) {
    const category = ["policy-call-per-row", "policy-volatile", "policy-column-unindexed", "policy-wrapped-column"].includes(rule) ? "performance" : "access";
    const text = await readFile(path.join(ROOT, "tests", "rules", category, `${rule}.sql`), "utf8");
    const cases = labelledCases(text);
    const shown = cases.filter((sql) => /^-- expect:/m.test(sql) && !/^-- (loads: no\b|standard:|documented:)/m.test(sql));
    for (const sql of shown.slice(0, CASES_OF_A_RULE)) found.push([`${rule}: ${sql.split("\n")[0].trim()}`, `--${sql}`]);
  }
  return found;
}

function compare(name, violations, review, tally, failed) {
  const findings = [...review.findings, ...review.recommendations];
  for (const { rule, rules, ours, theirs, soft } of RULES) {
    const found = new Set(violations.filter(({ rule_id }) => rule_id === rule).map(({ location }) => theirs(location)));
    const own = new Set(findings.filter(({ rule }) => rules.includes(rule)).map(ours));
    const counts = tally.get(rule);
    for (const object of found) {
      if (own.has(object)) counts.same += 1;
      else {
        counts.theirs.push(`${name}: ${object}`);
        if (!soft) failed.push(`${rule} ${name}: ${object}`);
      }
    }
    counts.ours += [...own].filter((object) => !found.has(object)).length;
  }
}

function print(tally) {
  console.log(`${"pgrls".padEnd(8)} ${"our rules".padEnd(48)}  same  ours only  theirs only`);
  for (const { rule, rules, except } of RULES) {
    const { same, ours, theirs } = tally.get(rule);
    const why = theirs.length > 0 ? `  (${except})` : "";
    console.log(`${rule.padEnd(8)} ${rules.join(", ").slice(0, 48).padEnd(48)} ${String(same).padStart(5)} ${String(ours).padStart(10)} ${String(theirs.length).padStart(12)}${why}`);
  }
}
