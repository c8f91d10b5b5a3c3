// What was done to the files as a whole is taken back and done again; what was typed is not lost by it.
import { expect, test } from "@playwright/test";

import { editor, example, fill, holds, open, reviewed, tab, violations, write } from "./page.mjs";

const VISITS = "CREATE TABLE visits (id uuid PRIMARY KEY);";
const NOTES = "CREATE TABLE notes (id uuid PRIMARY KEY, visit_id uuid REFERENCES visits);";

const toast = (page) => page.locator(".toast");
const tables = (page) => page.locator("#controls .matrix tbody");

/** Two files of the implementation, reviewed. */
async function twoFiles(page) {
  await open(page);
  await tab(page, "Implementation");
  const buffer = (text) => Buffer.from(text);
  await page.getByLabel("Files to open").setInputFiles([
    { name: "visits.sql", mimeType: "text/plain", buffer: buffer(VISITS) },
    { name: "notes.sql", mimeType: "text/plain", buffer: buffer(NOTES) },
  ]);
  await reviewed(page);
  await expect(tables(page)).toContainText("notes");
  await page.locator(".files .file").filter({ hasText: "visits.sql" }).click();
  await holds(page, VISITS);
}

test("a file that was removed comes back, by the offer, the keys and the palette", async ({ page }) => {
  await twoFiles(page);
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(toast(page)).toContainText("Removed visits.sql");
  await expect(tables(page)).not.toContainText("visits");
  expect(await violations(page)).toEqual([]);
  await toast(page).getByRole("button", { name: "Undo" }).click();
  await expect(toast(page)).toContainText("Undone: Removed visits.sql");
  await expect(tables(page)).toContainText("visits");

  // The keys work where no text has the focus.
  await page.getByRole("tab", { name: /^Implementation/ }).focus();
  await page.keyboard.press("Control+Shift+Z");
  await expect(toast(page)).toContainText("Done again: Removed visits.sql");
  await expect(tables(page)).not.toContainText("visits");
  await page.keyboard.press("Control+Z");
  await expect(tables(page)).toContainText("visits");

  await page.keyboard.press("Control+K");
  const palette = page.getByRole("dialog", { name: "Commands" });
  await palette.getByRole("combobox").fill("redo");
  await page.keyboard.press("Enter");
  await expect(tables(page)).not.toContainText("visits");
});

test("what was typed since stays, and the editor's own history too", async ({ page }) => {
  await twoFiles(page);
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await fill(page, `${NOTES}\nCREATE TABLE letters (id uuid PRIMARY KEY);`);
  await expect(tables(page)).toContainText("letters");
  await toast(page).getByRole("button", { name: "Undo" }).click();
  await expect(tables(page)).toContainText("visits");
  await expect(tables(page)).toContainText("letters");
  await editor(page).focus();
  await page.keyboard.press("Control+Z");
  await expect(toast(page)).not.toContainText("Nothing to undo");
  await expect(tables(page)).toContainText("visits");
});

test("an example takes the place of the sources without a question, and they come back", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", VISITS);
  await reviewed(page);
  page.on("dialog", () => { throw new Error("the page asks"); });
  await example(page);
  await expect(tables(page)).toContainText("patients");
  await toast(page).getByRole("button", { name: "Undo" }).click();
  await tab(page, "Implementation");
  await holds(page, VISITS);
  await expect(tables(page)).not.toContainText("patients");
  await toast(page).getByRole("button", { name: "Redo" }).click();
  await expect(tables(page)).toContainText("patients");
});

test("nothing to take back is said, and opening into an empty page offers nothing", async ({ page }) => {
  await open(page);
  await page.getByRole("tab", { name: /^Implementation/ }).focus();
  await page.keyboard.press("Control+Z");
  await expect(toast(page)).toContainText("Nothing to undo");
  await example(page);
  await expect(toast(page).getByRole("button")).toHaveCount(0);
});

test("a move to the other side is taken back", async ({ page }) => {
  await twoFiles(page);
  await page.getByRole("button", { name: "Move", exact: true }).click();
  await expect(page.getByRole("tab", { name: /^Documentation/ })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("tab", { name: /^Documentation/ }).focus();
  await page.keyboard.press("Control+Z");
  await expect(page.getByRole("tab", { name: /^Implementation/ })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("tab", { name: /^Implementation/ })).toContainText("2");
});

test("a decision is taken back", async ({ page }) => {
  await twoFiles(page);
  const item = page.locator("#findings .find li").first();
  await item.getByText("Decide …").click();
  await item.getByLabel("Decision").selectOption("accepted");
  await expect(item.locator(".decision summary")).toContainText("Accepted");
  await page.getByRole("tab", { name: /^Implementation/ }).focus();
  await page.keyboard.press("Control+Z");
  await expect(toast(page)).toContainText("Undone: Decided about a finding");
  await expect(item.locator(".decision summary")).not.toContainText("Accepted");
});
