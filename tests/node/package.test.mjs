// The npm package against the command: the same review, byte for byte, and errors that say what
// to do. `cargo xtask dist package` builds the package.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";

import { PACKAGE, ROOT, fixture, schemaward } from "../support/project.mjs";

const STAMP = { id: "01KETJZQ4T8Y3V5W6X7Z8A9B0C", date: "2026-01-13" };
const DOCUMENTED = "tests/fixtures/clinic/documented.sql";
const IMPLEMENTED = "tests/fixtures/clinic/implemented.sql";
const STANDARD = "tests/fixtures/clinic/standard.toml";
const SIDES = ["--documented", DOCUMENTED, "--implemented", IMPLEMENTED];
const STAMPED = [...SIDES, "--id", STAMP.id, "--date", STAMP.date];

let Workspace;
let clinic;

before(async () => {
  ({ Workspace } = await import(pathToFileURL(path.join(PACKAGE, "node", "index.mjs")).href));
  const texts = await Promise.all(
    ["documented.sql", "implemented.sql", "standard.toml"].map((name) => fixture(`clinic/${name}`)),
  );
  clinic = { documented: texts[0], implemented: texts[1], standard: texts[2] };
});

/** A workspace with both sides of the clinic. */
function clinicWorkspace() {
  const workspace = new Workspace();
  workspace.setSource("documented", DOCUMENTED, clinic.documented);
  workspace.setSource("implemented", IMPLEMENTED, clinic.implemented);
  return workspace;
}

describe("the same review as the command", () => {
  it("as an object", async () => {
    const { stdout } = await schemaward(["review", ...STAMPED, "--format", "json"]);
    const review = clinicWorkspace().review(STAMP);
    assert.deepEqual(review, JSON.parse(stdout));
    assert.equal(review.status, "fail");
    assert.ok(review.findings.length > 0);
  });

  for (const format of ["json", "markdown", "text"]) {
    it(`as ${format}`, async () => {
      const { stdout } = await schemaward(["review", ...STAMPED, "--format", format]);
      const workspace = clinicWorkspace();
      workspace.review(STAMP);
      assert.equal(workspace.render(format), stdout);
    });
  }

  it("as two versions compared, and as what makes the sides one", async () => {
    const versions = ["--before", DOCUMENTED, "--after", IMPLEMENTED, "--format", "json"];
    const { stdout: compared } = await schemaward(["compare", ...versions]);
    assert.deepEqual(clinicWorkspace().compare(), JSON.parse(compared));
    const { stdout: synced } = await schemaward(["sync", ...SIDES, "--format", "json"]);
    assert.deepEqual(clinicWorkspace().synchronize(), JSON.parse(synced));
  });

  it("as the migration of its plan", async () => {
    const { stdout } = await schemaward(["plan", ...STAMPED, "--format", "sql"]);
    const workspace = clinicWorkspace();
    workspace.review(STAMP);
    assert.equal(workspace.render("sql"), stdout);
  });

  it("against a standard", async () => {
    const args = ["review", ...STAMPED, "--standard", STANDARD, "--format", "json"];
    const { stdout } = await schemaward(args);
    const workspace = clinicWorkspace();
    workspace.setStandard(clinic.standard);
    assert.deepEqual(workspace.review(STAMP), JSON.parse(stdout));
    // An empty standard is the built-in one again.
    workspace.setStandard("");
    assert.deepEqual(workspace.review(STAMP), clinicWorkspace().review(STAMP));
  });

  it("of one side, when the other is taken away", async () => {
    const args = ["review", "--implemented", IMPLEMENTED, "--id", STAMP.id, "--date", STAMP.date];
    const { stdout } = await schemaward([...args, "--format", "json"]);
    const workspace = clinicWorkspace();
    workspace.removeSource(DOCUMENTED);
    const review = workspace.review(STAMP);
    assert.deepEqual(review, JSON.parse(stdout));
    assert.equal(typeof review.drift_skipped, "string");
  });
});

describe("links", () => {
  it("carry sources, standard, id and date", () => {
    const workspace = clinicWorkspace();
    workspace.setStandard(clinic.standard);
    const review = workspace.review(STAMP);
    const opened = Workspace.open(workspace.link());
    assert.deepEqual(opened.review(), review);
    assert.equal(opened.link(), workspace.link());
  });

  it("open in the command, and those of the command here", async () => {
    const workspace = clinicWorkspace();
    workspace.review(STAMP);
    const json = workspace.render("json");
    const opened = await schemaward(["open", "-", "--format", "json"], workspace.link());
    assert.equal(opened.stdout, json);
    const args = ["link", ...STAMPED, "--view", "--page", "https://schema.example.org/app/"];
    const { stdout } = await schemaward(args);
    assert.match(stdout, /^https:\/\/schema\.example\.org\/app\/#\/view\/s1:[\w-]+\n$/);
    assert.equal(Workspace.open(stdout).render("json"), json);
  });

  it("lose their stamp when the workspace changes", () => {
    const workspace = clinicWorkspace();
    workspace.review(STAMP);
    const opened = Workspace.open(workspace.link());
    opened.setSource("implemented", "more.sql", "CREATE TABLE more (id uuid PRIMARY KEY);");
    assert.notEqual(opened.review().id, STAMP.id);
  });

  it("say what is wrong with them", () => {
    const link = clinicWorkspace().link();
    assert.throws(() => Workspace.open("hello"), /^Error: This is not a review link/);
    assert.throws(() => Workspace.open("s9:AAAA"), /^Error: This link was made by a newer version/);
    assert.throws(() => Workspace.open(link.slice(0, -100)), /^Error: The link was cut/);
    const middle = Math.floor(link.length / 2);
    const altered = `${link.slice(0, middle)}${link[middle] === "A" ? "B" : "A"}${link.slice(middle + 1)}`;
    assert.throws(() => Workspace.open(altered), /^Error: The link (is damaged|was cut)/);
  });
});

describe("the stamp", () => {
  it("is made when it is not given", () => {
    const before = Date.now();
    const workspace = clinicWorkspace();
    const review = workspace.review();
    assert.match(review.id, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const time = [...review.id.slice(0, 10)].reduce((sum, c) => sum * 32 + letters.indexOf(c), 0);
    assert.ok(time >= before && time <= Date.now(), `${time} is the present moment`);
    const days = [before, Date.now()].map((moment) => new Date(moment).toISOString().slice(0, 10));
    assert.ok(days.includes(review.date), review.date);
    assert.notEqual(workspace.review().id, review.id);
    assert.equal(workspace.review({ id: STAMP.id }).id, STAMP.id);
    assert.equal(workspace.review({ date: STAMP.date }).date, STAMP.date);
  });

  it("is checked", () => {
    const workspace = clinicWorkspace();
    assert.throws(() => workspace.review({ id: "1" }), /^Error: the id "1" is no ULID/);
    for (const date of ["today", "2026-02-30", "2026-1-13", "2026/01/13", "2026-01-13T00:00Z", ""]) {
      assert.throws(() => workspace.review({ date }), /^Error: the date ".*" is not YYYY-MM-DD$/);
    }
    assert.throws(() => workspace.review({ id: 7 }), /^Error: review\(\) takes/);
    assert.throws(() => workspace.review("2026-01-13"), /^Error: review\(\) takes/);
  });
});

describe("render()", () => {
  it("makes a review where there is none, and a new one after a change", () => {
    const workspace = clinicWorkspace();
    const first = JSON.parse(workspace.render("json"));
    assert.equal(JSON.parse(workspace.render("json")).id, first.id);
    workspace.removeSource(DOCUMENTED);
    const second = JSON.parse(workspace.render("json"));
    assert.notEqual(second.id, first.id);
    assert.notDeepEqual(second.discrepancies, first.discrepancies);
  });

  it("says which formats there are", () => {
    assert.throws(() => clinicWorkspace().render("pdf"), /^Error: .*pdf.*markdown/);
  });
});

describe("bad input", () => {
  it("of a side is an error", () => {
    assert.throws(
      () => new Workspace().setSource("left", "a.sql", ""),
      /^Error: a side is "documented" or "implemented", not "left"$/,
    );
  });

  it("of a standard is an error with its place, and the workspace can be used on", () => {
    const workspace = clinicWorkspace();
    workspace.setStandard('name = "x"\n[primary_key]\nkimd = "ulid"\n');
    assert.throws(() => workspace.review(STAMP), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /3/);
      assert.match(error.message, /kimd/);
      return true;
    });
    assert.throws(() => workspace.render("json"), /kimd/);
    workspace.setStandard("");
    assert.equal(workspace.review(STAMP).id, STAMP.id);
  });

  it("of a source is a review", () => {
    for (const text of ["", "'", "\0", "\uFEFF", "not SQL at all", "CREATE TABLE \r\n(", "\uD800"]) {
      const workspace = new Workspace();
      workspace.setSource("implemented", "a.sql", text);
      const { coverage } = workspace.review(STAMP);
      const { statements, read, irrelevant, unread } = coverage;
      assert.equal(statements, read + irrelevant + unread.length, JSON.stringify(text));
    }
  });

  it("of no source at all is a review of nothing", () => {
    const review = new Workspace().review(STAMP);
    assert.equal(review.coverage.statements, 0);
    assert.deepEqual(review.tables, []);
  });
});

describe("the package", () => {
  it("can be required too", () => {
    const required = createRequire(import.meta.url)(path.join(PACKAGE, "node", "schemaward.js"));
    assert.equal(typeof required.Workspace, "function");
  });

  it("names every field of a review in its types", async () => {
    const types = readTypes(await readFile(path.join(PACKAGE, "node", "schemaward.d.ts"), "utf8"));
    const workspace = clinicWorkspace();
    // A waived finding, so that its shape is seen too.
    workspace.setStandard(
      '[[waive]]\nrule = "rls-missing"\ntable = "*"\nuntil = "2999-01-01"\nbecause = "a test"\n',
    );
    const review = workspace.review(STAMP);
    assert.ok(review.waived.length > 0);
    checkFields(types, "Review", review, "review");
    checkFields(types, "Review", clinicWorkspace().review(STAMP), "review");
  });

  it("has no field that docs/json.md leaves out", async () => {
    const types = readTypes(await readFile(path.join(PACKAGE, "node", "schemaward.d.ts"), "utf8"));
    const page = await readFile(path.join(ROOT, "docs", "json.md"), "utf8");
    for (const [name, fields] of types) {
      if (typeof fields === "string" || name === "Stamp") continue;
      for (const field of fields.keys()) {
        assert.ok(page.includes(`\`${field}\``) || page.includes(`"${field}"`), `${name}.${field}`);
      }
    }
  });
});

/**
 * The interfaces of a declaration file, name → field → { type, optional }, and its named unions,
 * name → text.
 */
function readTypes(text) {
  const types = new Map();
  for (const [, name, union] of text.matchAll(/^export type (\w+) = (.*);$/gm)) {
    types.set(name, union);
  }
  for (const [, name, parent, body] of text.matchAll(
    /^export interface (\w+)(?: extends (\w+))? \{\n(.*?)^\}/gms,
  )) {
    const fields = new Map(parent ? types.get(parent) : []);
    for (const [, field, optional, type] of body.matchAll(/^\s+(\w+)(\??): (.*);$/gm)) {
      fields.set(field, { type, optional: optional === "?" });
    }
    types.set(name, fields);
  }
  return types;
}

/** Fails unless `value` has just the fields of the interface, each of its type, all the way down. */
function checkFields(types, name, value, place) {
  const fields = types.get(name);
  const wanted = [...fields].filter(([field, { optional }]) => !optional || field in value);
  assert.deepEqual(Object.keys(value).sort(), wanted.map(([field]) => field).sort(), place);
  for (const [field, { type }] of wanted) {
    checkType(types, type, value[field], `${place}.${field}`);
  }
}

function checkType(types, type, value, place) {
  const record = /^Record<string, (.*)>$/.exec(type);
  if (type.endsWith("[]")) {
    assert.ok(Array.isArray(value), place);
    value.forEach((item, at) => checkType(types, type.slice(0, -2), item, `${place}[${at}]`));
  } else if (record) {
    Object.entries(value).forEach(([key, item]) => checkType(types, record[1], item, `${place}.${key}`));
  } else if (typeof types.get(type) === "string") {
    checkType(types, types.get(type), value, place);
  } else if (types.has(type)) {
    checkFields(types, type, value, place);
  } else if (type.includes("null") && value === null) {
    // One of the two things it may be.
  } else if (type.startsWith("string")) {
    assert.equal(typeof value, "string", place);
  } else if (type === "number") {
    assert.equal(typeof value, "number", place);
  } else {
    const allowed = type.split(" | ").map((word) => JSON.parse(word));
    assert.ok(allowed.includes(value), `${place}: ${value} is one of ${type}`);
  }
}
