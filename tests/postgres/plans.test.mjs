// The plan of every case of the answer key, run by PostgreSQL: it accepts the migration, and has
// afterwards what we read of schema and migration together. The Rust test of the plans reviews that
// reading, so what it finds gone is gone on the server too.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

import { ROOT, fixture, labelledCases, schemaward } from "../support/project.mjs";
import { describe, load } from "./harness.mjs";
import { Oracle, difference } from "./oracle.mjs";

const FOLDER = path.join(ROOT, "tests", "rules");
/** The least number of plans that come with SQL; the key grows. */
const LEAST = 400;

const oracle = new Oracle();
after(() => oracle.close());
const folder = await mkdtemp(path.join(os.tmpdir(), "schemaward-plans-"));
after(() => rm(folder, { recursive: true, force: true }));

/** The cases of one file of the key that PostgreSQL accepts and that are SQL throughout. */
function casesOf(name, text) {
  const cases = [];
  for (const part of labelledCases(text)) {
    const [title, ...lines] = part.split("\n");
    const found = { title: `${name}: ${title.trim()}`, standard: "", documented: "" };
    const files = [["implemented.sql", []]];
    let loads = true;
    for (const line of lines) {
      const [, word, value] = /^-- (standard|documented|file|loads):\s*(.*)$/.exec(line) ?? [];
      if (word === "standard") found.standard += `${value}\n`;
      else if (word === "documented") found.documented += `${value}\n`;
      else if (word === "file") files.push([value, []]);
      else if (word === "loads") loads = !/^no\b/.test(value);
      else files.at(-1)[1].push(line);
    }
    found.files = files
      .map(([file, own]) => [file, own.join("\n")])
      .filter(([, own]) => own.trim() !== "");
    if (loads && found.files.every(([file]) => file.endsWith(".sql"))) cases.push(found);
  }
  return cases;
}

/** The text of a case and the migration that its plan makes of it, in the session of its own. */
async function planned({ standard, documented, files }) {
  await rm(path.join(folder, "case"), { recursive: true, force: true });
  const args = [];
  const put = async (name, text) => {
    const file = path.join(folder, "case", name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  };
  if (standard !== "") args.push("--standard", await put("standard.toml", standard));
  if (documented !== "") args.push("--documented", await put("documented.ddl.sql", documented));
  for (const [name, text] of files) args.push("--implemented", await put(name, text));
  const { stdout } = await schemaward(["plan", "--format", "sql", ...args]);
  // The oracle empties the database by rolling back: the transaction is its own.
  const migration = stdout.replace(/^(BEGIN|COMMIT);$/gm, "");
  const runs = /^[^-\s]/m.test(migration);
  return { text: files.map(([, own]) => own).join("\n"), migration, runs };
}

let run = 0;
let objects = 0;
async function holds({ title, ...found }) {
  const { text, migration, runs } = await planned(found);
  if (!runs) return;
  const whole = `${text}\nRESET search_path;\n${migration}`;
  const database = await oracle.begin();
  let theirs;
  try {
    assert.equal(await load(database, text), null, `${title} is refused`);
    const error = await load(database, `RESET search_path;\n${migration}`);
    assert.equal(error, null, `${describe(`the migration of ${title}`, error)}\n${migration}`);
    theirs = await oracle.introspect();
  } finally {
    await oracle.end();
  }
  const { stdout: ours } = await schemaward(["catalog", "--format", "sql", "-"], whole);
  const read = await oracle.rows(`${title}, as read`, ours);
  assert.deepEqual(difference(theirs, read), { missing: [], invented: [] }, title);
  run += 1;
  objects += theirs.length;
}

const names = (await readdir(FOLDER, { recursive: true })).filter((name) => name.endsWith(".sql"));
for (const name of names.sort()) {
  test(`PostgreSQL carries out the plans of ${name}`, async () => {
    const text = await readFile(path.join(FOLDER, name), "utf8");
    const wrong = [];
    for (const found of casesOf(name, text)) {
      await holds(found).catch((error) => wrong.push(error.message));
    }
    assert.deepEqual(wrong, [], wrong.join("\n\n"));
  });
}

test("PostgreSQL carries out the plan of the clinic under its own standard", async () => {
  await holds({
    title: "the clinic",
    standard: await fixture("clinic/standard.toml"),
    documented: await fixture("clinic/documented.sql"),
    files: [["implemented.sql", await fixture("clinic/implemented.sql")]],
  });
});

test("plans were carried out", () => {
  console.log(`${run} plans were carried out; ${objects} objects are as we read them`);
  assert.ok(run >= LEAST, `only ${run} plans come with SQL`);
});
