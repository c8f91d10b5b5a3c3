// Reviews that are kept: in the browser where the reader allows it, and as files; and the examples.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { expect, test } from "@playwright/test";

import { holds, json, open, reviewed, tab, write } from "./page.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const VISITS = "CREATE TABLE visits (id uuid PRIMARY KEY DEFAULT gen_random_uuid());";

/** Opens the panel of reviews. */
async function panel(page) {
  await page.getByRole("button", { name: "Reviews", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Reviews" });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** Turns the switch on. */
async function allow(page) {
  const dialog = await panel(page);
  await dialog.getByRole("switch", { name: "Keep reviews in this browser" }).check();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
}

/** What the browser holds for the page: names of databases, and keys of the local storage. */
function held(page) {
  return page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    keys: Object.keys(localStorage),
  }));
}

/** The titles in the list, which is opened for it. */
async function kept(page, count) {
  const dialog = await panel(page);
  const titles = dialog.locator(".reviews .title");
  await expect(titles).toHaveCount(count);
  return { dialog, titles };
}

test("nothing is kept before the reader allows it", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  const dialog = await panel(page);
  await expect(dialog.getByRole("switch")).not.toBeChecked();
  await expect(dialog).toContainText("schemas can be confidential");
  await page.waitForTimeout(2_000);
  expect(await held(page)).toEqual({ databases: [], keys: [] });
});

test("an edited review is kept, and opens after a reload as it was", async ({ page }) => {
  await open(page);
  await allow(page);
  await write(page, "Documentation", "CREATE TABLE visits (id uuid PRIMARY KEY);");
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  const { dialog } = await kept(page, 1);
  await expect(dialog.locator(".reviews")).toContainText("FAIL");
  await expect(dialog.locator(".reviews")).toContainText("1 table");
  const review = await (async () => {
    await page.keyboard.press("Escape");
    return JSON.parse(await json(page));
  })();

  await page.reload();
  await holds(page, "");
  const again = await kept(page, 1);
  await again.titles.first().click();
  await reviewed(page);
  await tab(page, "Implementation");
  await holds(page, VISITS);
  expect(JSON.parse(await json(page)).findings).toEqual(review.findings);

  // Edits go to the same review.
  await write(page, "Implementation", `${VISITS}\nCREATE TABLE rooms (id int);`);
  await expect(page.locator("#controls .matrix tbody")).toContainText("rooms");
  const last = await kept(page, 1);
  await expect(last.dialog.locator(".reviews")).toContainText("2 tables");
});

test("reviews are renamed, deleted and begun anew", async ({ page }) => {
  page.on("dialog", (dialog) => dialog.accept());
  await open(page);
  await allow(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  let { dialog } = await kept(page, 1);
  await dialog.getByRole("button", { name: /^Rename/ }).click();
  const field = dialog.getByRole("textbox", { name: "Title" });
  await expect(field).toBeFocused();
  await field.fill("The ward");
  await page.keyboard.press("Enter");
  await expect(dialog.locator(".title")).toHaveText("The ward");

  await dialog.getByRole("button", { name: "New review" }).click();
  await expect(dialog).toHaveCount(0);
  await tab(page, "Implementation");
  await holds(page, "");
  await write(page, "Implementation", "CREATE TABLE rooms (id int);");
  await reviewed(page);
  ({ dialog } = await kept(page, 2));
  await dialog.getByRole("button", { name: "Delete The ward" }).click();
  await expect(dialog.locator(".title")).toHaveCount(1);
  await expect(dialog).not.toContainText("The ward");
});

test("clearing leaves nothing, and the switch takes the storage away", async ({ page }) => {
  page.on("dialog", (dialog) => dialog.accept());
  await open(page);
  await allow(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  const { dialog } = await kept(page, 1);
  await dialog.getByRole("button", { name: "Clear everything" }).click();
  await expect(dialog.locator(".title")).toHaveCount(0);
  await expect(dialog).toContainText("Nothing is kept yet");
  expect((await held(page)).databases).toEqual(["schemaward"]);
  // The sources stay on the page.
  await tab(page, "Implementation");
  await holds(page, VISITS);

  await dialog.getByRole("switch").uncheck();
  await expect.poll(() => held(page)).toEqual({ databases: [], keys: [] });
});

test("another tab keeps its own review beside this one", async ({ context, page }) => {
  await open(page);
  await allow(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  const other = await context.newPage();
  await open(other);
  await write(other, "Implementation", "CREATE TABLE rooms (id int);");
  await reviewed(other);
  await kept(other, 2);
  await kept(page, 2);
});

test("a browser without storage says so", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", { get: () => null });
  });
  await open(page);
  const dialog = await panel(page);
  await dialog.getByRole("switch").check();
  await expect(dialog.getByRole("alert")).toContainText("has no storage for reviews");
});

test("a full storage says so, and the page stays as it is", async ({ page }) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await open(page);
  await allow(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  await expect(page.getByRole("alert")).toContainText("storage for this page is full");
  await holds(page, VISITS);
});

test("a review travels as a file", async ({ browser, page }) => {
  await open(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  const before = JSON.parse(await json(page));
  const dialog = await panel(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: /Save as file/ }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^review-\d{4}-\d\d-\d\d\.schemaward\.json$/);
  const text = await readFile(await download.path(), "utf8");
  const file = JSON.parse(text);
  expect(file.schemaward_review).toBe(1);
  expect(file.id).toBe(before.id);
  expect(file.sources).toEqual([{ side: "implemented", path: "implemented.sql", text: VISITS }]);

  const other = await (await browser.newContext()).newPage();
  await open(other, page.url());
  const opened = await panel(other);
  const upload = (name, buffer) =>
    opened.locator("input[type=file]").setInputFiles({ name, mimeType: "application/json", buffer });
  await upload("review.json", Buffer.from(text));
  await reviewed(other);
  expect(JSON.parse(await json(other))).toEqual(before);
  await other.context().close();
});

test("marks of a file go into its link and its next file", async ({ page }) => {
  const mark = { finding: "rls-missing:visits", verdict: "accepted", date: "2026-01-14" };
  const source = { side: "implemented", path: "a.sql", text: VISITS };
  const file = { schemaward_review: 1, sources: [source], marks: [mark] };
  await open(page);
  let dialog = await panel(page);
  await dialog.locator("input[type=file]").setInputFiles({
    name: "r.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(file)),
  });
  await reviewed(page);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect.poll(() => page.url()).toContain("#/edit/s2:");
  await page.reload();
  await reviewed(page);
  dialog = await panel(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: /Save as file/ }).click(),
  ]);
  expect(JSON.parse(await readFile(await download.path(), "utf8")).marks).toEqual([mark]);
});

test("a file that does not open says why, and the sources stay", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  for (const [text, message] of [
    ["CREATE TABLE t ();", "This is not a review file"],
    ['{"schemaward_review": 9}', "newer version"],
    ['{"schemaward_review": 1}', "missing field"],
  ]) {
    const dialog = await panel(page);
    await dialog.locator("input[type=file]").setInputFiles({
      name: "r.json",
      mimeType: "application/json",
      buffer: Buffer.from(text),
    });
    await expect(page.getByRole("alert")).toContainText(message);
    await holds(page, VISITS);
  }
});

test("the panel by keyboard alone", async ({ page }) => {
  await open(page);
  const button = page.getByRole("button", { name: "Reviews", exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Reviews" });
  await expect(dialog).toBeFocused();
  for (const name of ["Close", "New review"]) {
    await page.keyboard.press("Tab");
    await expect(dialog.getByRole("button", { name })).toBeFocused();
  }
  await page.keyboard.press("Tab");
  await expect(dialog.locator("input[type=file]")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(dialog.getByRole("switch")).toBeFocused();
  await page.keyboard.press("Space");
  await expect(dialog.getByRole("switch")).toBeChecked();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(button).toBeFocused();
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in the panel: ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page);
    await allow(page);
    await write(page, "Implementation", VISITS);
    await reviewed(page);
    await kept(page, 1);
    await page.evaluate(await readFile(AXE, "utf8"));
    const { violations } = await page.evaluate(() => window.axe.run(document));
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });
}

test("an example takes the place of what was typed into the same file", async ({ page }) => {
  page.on("dialog", (dialog) => dialog.accept());
  await open(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  await page.getByRole("button", { name: "Load the clinic example" }).click();
  await holds(page, /^-- Clinic platform/);
  await expect(page.locator("#controls .matrix tbody")).toContainText("patients");
});

for (const [name, status] of [
  ["A schema that passes", "PASS"],
  ["A Supabase project", "FAIL"],
  ["Alembic and models", "FAIL"],
]) {
  test(`the example “${name}” loads: ${status}`, async ({ page }) => {
    await open(page);
    await page.getByRole("button", { name, exact: true }).click();
    await reviewed(page);
    await expect(page.locator(".status h2")).toHaveText(status);
    const review = JSON.parse(await json(page));
    expect(review.coverage.unread).toEqual([]);
    expect(review.tables.length).toBeGreaterThan(4);
  });
}
