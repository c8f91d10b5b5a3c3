// Our rules against what a running PostgreSQL says of the same schema: the conditions of a linter of
// live databases, asked of its catalogs, name no object that ours leave out; and who may do what is what
// the server says.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { after, test } from "node:test";

import { ROOT, fixture, labelledCases, schemaward } from "../support/project.mjs";
import { describe, load } from "./harness.mjs";
import { ACCESS, LINTS } from "./lints.mjs";
import { Oracle, catalogTexts } from "./oracle.mjs";

const oracle = new Oracle();
after(() => oracle.close());

/** Every fixture, and every case of the answer key that the server accepts under the built-in standard. */
const texts = [];
for (const name of await catalogTexts({ psql: false })) texts.push([name, await fixture(name)]);
const key = path.join(ROOT, "tests", "rules");
for (const name of (await readdir(key, { recursive: true })).filter((name) => name.endsWith(".sql")).sort()) {
  for (const sql of labelledCases(await readFile(path.join(key, name), "utf8"))) {
    const other = /^-- (loads: no\b|standard:|documented:)/m.test(sql);
    if (!other) texts.push([`${name}: ${sql.split("\n")[0].trim()}`, `--${sql}`]);
  }
}

const tally = new Map(LINTS.map(({ lint }) => [lint, { theirs: 0, both: 0, open: 0, ours: 0 }]));
let decisions = 0;

/** What the server says: the objects of each lint, and who may do what. */
async function ask(name, text) {
  const database = await oracle.begin();
  try {
    const error = await load(database, text);
    assert.equal(error, null, describe(name, error));
    await database.exec("RESET SESSION AUTHORIZATION; RESET ROLE; SET search_path = pg_catalog");
    const lints = new Map();
    for (const { lint, query } of LINTS) {
      lints.set(lint, (await database.query(query)).rows.map((row) => row.name));
    }
    return { lints, access: (await database.query(ACCESS)).rows };
  } finally {
    await oracle.end();
  }
}

for (const [name, text] of texts) {
  test(`the server's findings are ours: ${name}`, async () => {
    const server = await ask(name, text);
    const { stdout } = await schemaward(["review", "--implemented", "-", "--format", "json"], text);
    const review = JSON.parse(stdout);
    const findings = [...review.findings, ...review.recommendations];
    for (const { lint, rules, object, same, within } of LINTS) {
      const theirs = new Set(server.lints.get(lint));
      const ours = new Set(findings.filter(({ rule }) => rules.includes(rule)).map(object));
      // What our reading does not settle, the review says; it is counted apart.
      const open = review.undecided.filter(({ rule }) => rules.includes(rule));
      const left = [...theirs].filter((object) => !ours.has(object));
      const isOpen = (object) =>
        open.some(({ subject }) => object === subject || object.startsWith(`${subject}:`));
      const missed = left.filter((object) => !isOpen(object));
      const more = [...ours].filter((object) => !theirs.has(object));
      if (!within) assert.deepEqual(missed, [], `${lint}: not found by ${rules.join(", ")}`);
      if (same || within) assert.deepEqual(more, [], `${lint}: not found by the server`);
      const counts = tally.get(lint);
      counts.theirs += theirs.size;
      counts.both += theirs.size - left.length;
      counts.open += left.length - missed.length;
      counts.ours += more.length;
    }
    checkAccess(server.access, review.access);
  });
}

/** Every privilege that the server knows is a row of ours, and the other way round. */
function checkAccess(server, access) {
  const key = ({ role, table, command }) => `${role} ${command} ${table}`;
  const direct = access.filter(({ through, role }) => through === null && role !== "(owner)");
  const ours = new Map(direct.map((row) => [key(row), row.rows]));
  const wrong = [];
  for (const row of server) {
    const rows = ours.get(key(row));
    const fits = {
      open: ["all"],
      none: ["none"],
      policies: ["all", "some", "none", "undecided"],
    }[row.rows];
    if (!fits.includes(rows)) wrong.push(`${key(row)}: ${row.rows}, ours ${rows}`);
    decisions += 1;
  }
  const known = new Set(server.map(key));
  const owned = new Set(access.filter(({ through }) => through === null).map(({ role }) => role));
  for (const row of direct) {
    if (known.has(key(row)) || !owned.has(row.role)) continue;
    // The owner's own rows, and a superuser's, are not asked of the server.
    if (!/owner|superuser/.test(row.because)) wrong.push(`${key(row)}: ours ${row.rows}, not the server's`);
  }
  assert.deepEqual(wrong, []);
}

test("the comparison says something", () => {
  console.log(`${"lint".padEnd(36)} theirs  both  undecided  ours only`);
  for (const { lint, differs } of LINTS) {
    const { theirs, both, open, ours } = tally.get(lint);
    const why = ours > 0 && differs ? `  (${differs})` : "";
    const figures = [[theirs, 6], [both, 5], [open, 10], [ours, 10]];
    const row = figures.map(([figure, width]) => String(figure).padStart(width)).join(" ");
    console.log(`${lint.padEnd(36)} ${row}${why}`);
    assert.ok(theirs > 0, `${lint} found nothing anywhere`);
  }
  console.log(`${decisions} privileges of roles on tables, as the server holds them`);
  assert.ok(decisions > 300, `only ${decisions} privileges were compared`);
});
