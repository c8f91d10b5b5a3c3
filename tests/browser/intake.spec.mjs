// Files from the reader's disk: single ones, folders, zips; and everything that can be wrong with them.
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

import { expect, test } from "@playwright/test";

import { editor, holds, json, open, reviewed, tab, violations, write } from "./page.mjs";

const { zipSync } = createRequire(new URL("../../web/editor/package.json", import.meta.url))("fflate");

const TABLE = "CREATE TABLE visits (id int);";

/** A project as it lies on a disk, with much in it that nobody wants to review. */
const PROJECT = {
  "app/__init__.py": "",
  "app/base.py": "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n",
  "app/models/__init__.py": "from .visit import Visit\n",
  "app/models/visit.py":
    "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.base import Base\n\n\nclass Visit(Base):\n" +
    '    __tablename__ = "visits"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n',
  "docs/schema.sql": "CREATE TABLE visits (id integer PRIMARY KEY);\n",
  "house.toml": 'name = "Ours"\n',
  "pyproject.toml": "[tool.ruff]\nline-length = 100\n",
  "README.md": "# The shop\n",
  "node_modules/x/x.sql": "CREATE TABLE of_others (id int);\n",
  ".git/hooks/x.sql": "CREATE TABLE of_git (id int);\n",
  "app/__pycache__/x.py": "raise SystemExit\n",
  "libs/pyvenv.cfg": "home = /usr/bin\n",
  "libs/x.py": "raise SystemExit\n",
};

const DOCUMENTED = ["shop/docs/schema.sql"];
const IMPLEMENTED = [
  "shop/app/__init__.py",
  "shop/app/base.py",
  "shop/app/models/__init__.py",
  "shop/app/models/visit.py",
];

const said = (page) => page.locator(".intake-place");
const files = (page) => page.locator(".files li");

async function onDisk(testInfo, name, contents) {
  const folder = testInfo.outputPath(name);
  await Promise.all(
    Object.entries(contents).map(async ([file, text]) => {
      const where = path.join(folder, file);
      await mkdir(path.dirname(where), { recursive: true });
      await writeFile(where, text);
    }),
  );
  return folder;
}

/** Drops files and folders of the disk onto the sources, as a hand does. */
async function drop(page, ...paths) {
  const { x, y, width, height } = await page.locator(".sources").boundingBox();
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
  }
}

function choose(page, ...chosen) {
  const list = chosen.map(([name, content]) => ({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(content),
  }));
  return page.getByLabel("Files to open").setInputFiles(list);
}

const zipped = (contents) =>
  zipSync(Object.fromEntries(Object.entries(contents).map(([name, text]) => [name, Buffer.from(text)])));

async function isTheProject(page, root = "shop") {
  const named = (list) => list.map((name) => name.replace(/^shop/, root));
  await tab(page, "Implementation");
  await expect(files(page)).toHaveText(named(IMPLEMENTED));
  await tab(page, "Documentation");
  await expect(files(page)).toHaveText(named(DOCUMENTED));
  await tab(page, "Standard");
  await holds(page, PROJECT["house.toml"]);
  await reviewed(page);
  // Imports between the files are found by their folders.
  const review = JSON.parse(await json(page));
  expect(review.coverage.unread).toEqual([]);
  expect(review.tables.map(({ name }) => name)).toEqual(["visits"]);
  await expect(page.locator(".stamp")).toContainText("Ours");
}

test("a folder, dropped: what is in it goes where it belongs", async ({ page }, testInfo) => {
  const folder = await onDisk(testInfo, "shop", PROJECT);
  await open(page);
  await drop(page, folder);
  await expect(said(page)).toContainText("6 files opened");
  await expect(said(page)).toContainText("passed over");
  await isTheProject(page);
  // The same folder once more changes nothing.
  await drop(page, folder);
  await expect(said(page)).toContainText("6 here already");
  await isTheProject(page);
});

test("a folder, chosen", async ({ page }, testInfo) => {
  const folder = await onDisk(testInfo, "shop", PROJECT);
  await open(page);
  await page.getByLabel("Folder to open").setInputFiles(folder);
  await expect(said(page)).toContainText("6 files opened");
  await isTheProject(page);
});

test("a zip", async ({ page }) => {
  await open(page);
  await choose(page, ["shop.zip", zipped(PROJECT)]);
  await expect(said(page)).toContainText("6 files opened");
  await isTheProject(page);
  expect(await violations(page)).toEqual([]);
});

test("the browser's own pickers", async ({ page }) => {
  await open(page);
  // A folder that the browser keeps for the page stands for one of the disk: both are handles of one kind.
  await page.evaluate(async (project) => {
    const root = await navigator.storage.getDirectory();
    const shop = await root.getDirectoryHandle("shop", { create: true });
    for (const [name, text] of Object.entries(project)) {
      let folder = shop;
      const parts = name.split("/");
      for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
      const file = await (await folder.getFileHandle(parts.at(-1), { create: true })).createWritable();
      await file.write(text);
      await file.close();
    }
    window.showDirectoryPicker = async () => shop;
    window.showOpenFilePicker = async () => {
      throw new DOMException("The user aborted a request.", "AbortError");
    };
  }, PROJECT);
  await page.getByRole("button", { name: "Open …" }).click();
  await expect(said(page)).toBeEmpty();
  await page.getByRole("button", { name: "Folder …" }).click();
  await expect(said(page)).toContainText("6 files opened");
  await isTheProject(page);
});

test("a file on the wrong side is moved to the other one", async ({ page }) => {
  await open(page);
  await tab(page, "Implementation");
  await choose(page, ["agreed.sql", TABLE]);
  await expect(files(page)).toHaveText(["agreed.sql"]);
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect(page.getByRole("tab", { name: /^Documentation/ })).toHaveAttribute("aria-selected", "true");
  await expect(files(page)).toHaveText(["agreed.sql"]);
  await holds(page, TABLE);
  await tab(page, "Implementation");
  await expect(files(page)).toHaveText(["implemented.sql"]);
});

/** Opens something that is wrong and sees that the page says so and that what was there is as it was. */
async function isRefused(page, act, ...words) {
  await open(page);
  await write(page, "Implementation", TABLE);
  await reviewed(page);
  await act();
  for (const word of words) await expect(said(page)).toContainText(word);
  await tab(page, "Implementation");
  await expect(files(page)).toHaveText(["implemented.sql"]);
  await holds(page, TABLE);
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody")).toContainText("visits");
  await page.getByRole("button", { name: "Dismiss what is said of the files" }).click();
  await expect(said(page)).toBeEmpty();
}

test("a binary file", async ({ page }) => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, ...Array(400).fill(1)]);
  await isRefused(page, () => choose(page, ["er.png", png]), "er.png is not a text file", "open SQL");
});

test("a dump in PostgreSQL's own format", async ({ page }) => {
  const dump = Buffer.concat([Buffer.from("PGDMP"), Buffer.alloc(64, 1)]);
  await isRefused(page, () => choose(page, ["prod.dump", dump]), "pg_restore --schema-only");
});

test("a file of 50 MB", async ({ page }, testInfo) => {
  const folder = await onDisk(testInfo, "large", { "large.sql": "INSERT INTO a VALUES (1);\n".repeat(2_000_000) });
  await isRefused(
    page,
    () => page.getByLabel("Files to open").setInputFiles(path.join(folder, "large.sql")),
    "large.sql is too large (52.0 MB",
    "pg_dump --schema-only",
  );
});

test("a file that cannot be read", async ({ page }) => {
  await page.addInitScript(() => {
    File.prototype.arrayBuffer = async () => {
      throw new DOMException("The requested file could not be read.", "NotReadableError");
    };
  });
  await isRefused(page, () => choose(page, ["secret.sql", TABLE]), "secret.sql could not be read", "open it again");
});

test("a zip bomb", async ({ page }) => {
  const bomb = zipSync({ "a.sql": Buffer.alloc(40_000_000, 0x20) });
  expect(bomb.length).toBeLessThan(100_000);
  await isRefused(page, () => choose(page, ["bomb.zip", bomb]), "bomb.zip unpacks to more than 200 times its size");
});

test("a zip of too many entries", async ({ page }) => {
  const entries = Object.fromEntries(Array.from({ length: 20_500 }, (_, index) => [`${index}.txt`, Buffer.alloc(0)]));
  await isRefused(page, () => choose(page, ["many.zip", zipSync(entries)]), "more than 20,000 files");
});

test("a zip that is cut, and one that is none", async ({ page }) => {
  const whole = Buffer.from(zipped({ "a.sql": TABLE.repeat(500), "b.sql": TABLE }));
  await isRefused(page, () => choose(page, ["cut.zip", whole.subarray(0, 60)]), "cut.zip could not be unpacked");
  await isRefused(page, () => choose(page, ["not.zip", Buffer.from("hello ".repeat(50))]), "not.zip is not a zip");
});

test("a folder of 10,000 files, few of them schemas", async ({ page }, testInfo) => {
  test.slow();
  const contents = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`notes/${index}.txt`, "x"]));
  const folder = await onDisk(testInfo, "much", { ...contents, "a.sql": TABLE, "b.sql": "CREATE TABLE calls (id int);" });
  await open(page);
  await tab(page, "Implementation");
  await drop(page, folder);
  await expect(said(page)).toContainText("2 files opened");
  await expect(said(page)).toContainText("10,000 passed over");
  await expect(files(page)).toHaveText(["much/a.sql", "much/b.sql"]);
});

test("a folder of 10,000 schemas", async ({ page }, testInfo) => {
  test.slow();
  const contents = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`${index}.sql`, TABLE]));
  const folder = await onDisk(testInfo, "schemas", contents);
  await isRefused(page, () => drop(page, folder), "more than 2,000 files", "Nothing was opened");
});

test("two files of one name", async ({ page }) => {
  await open(page);
  await tab(page, "Implementation");
  await choose(page, ["schema.sql", TABLE]);
  await expect(files(page)).toHaveText(["schema.sql"]);
  await choose(page, ["schema.sql", "CREATE TABLE calls (id int);"]);
  await expect(files(page)).toHaveText(["schema.sql", "schema-2.sql"]);
  await expect(said(page)).toContainText("this one is called schema-2.sql now");
  await expect(editor(page)).toContainText("calls");
});

test("three hundred files stay usable", async ({ page }, testInfo) => {
  test.slow();
  const contents = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [
      `${index % 3 === 0 ? "docs" : "migrations"}/${String(index).padStart(4, "0")}_t.sql`,
      `CREATE TABLE t_${index} (id int);\n`,
    ]),
  );
  const folder = await onDisk(testInfo, "shop", contents);
  await open(page);
  await drop(page, folder);
  await expect(said(page)).toContainText("300 files opened");
  await tab(page, "Implementation");
  await expect(files(page)).toHaveCount(200);
  const list = page.locator(".files ul");
  expect((await list.boundingBox()).height).toBeLessThan(300);
  // The filter looks on both sides, and says on which one a file is.
  await page.getByRole("searchbox", { name: "Filter files" }).fill("0003 shop");
  await expect(files(page)).toHaveText([/docs\/0003_t\.sql Documentation$/]);
  await files(page).getByRole("button").click();
  await expect(page.getByRole("tab", { name: /^Documentation/ })).toHaveAttribute("aria-selected", "true");
  await holds(page, "CREATE TABLE t_3 (id int);\n");
  expect(await violations(page)).toEqual([]);
});
