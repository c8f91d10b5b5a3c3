// From two pasted sides to a review on the page, and out of it again.
import { expect, test } from "@playwright/test";

import { run } from "../support/project.mjs";
import {
  caret, editor, example, fill, gutter, holds, json, open, paste, reviewed, saved, selected, SIDES, tab,
} from "./page.mjs";
import { CLI, fixture, fixturePath } from "./support/index.mjs";

test("the clinic's two sides, pasted, give status, discrepancies and a plan", async ({ page }) => {
  await open(page);
  await expect(page.getByText("Nothing leaves this page")).toBeVisible();
  for (const [side, file] of Object.entries(SIDES)) {
    await paste(page, side, await fixture(`clinic/${file}`));
  }
  await reviewed(page);

  await expect(page.locator(".status h2")).toHaveText("FAIL");
  await expect(page.locator(".counts")).toContainText(/\d+ critical/);
  await expect(page.locator(".cover")).toContainText(/Read [\d,]+ of [\d,]+ statements/);

  const table = page.locator("#discrepancies table");
  await expect(table.getByRole("columnheader")).toHaveText([
    "Entity",
    "Documentation",
    "Implementation",
    "Discrepancy",
  ]);
  await expect(table.locator("tbody tr").filter({ hasText: /removed_at/ }).first()).toBeVisible();
  expect(await table.locator("tbody tr").count()).toBeGreaterThan(5);

  for (const verb of ["Refactor", "Standardize", "Harden", "Sync"]) {
    await expect(page.locator("#plan").getByRole("heading", { name: new RegExp(`^${verb}`) })).toBeVisible();
  }
});

test("page and command print the same JSON", async ({ page }) => {
  await open(page);
  await example(page);
  const ofPage = await json(page);
  const { id, date } = JSON.parse(ofPage);
  const args = ["review", "--documented", "documented.sql", "--implemented", "implemented.sql"];
  const { code, stdout, stderr } = await run(
    CLI,
    [...args, "--format", "json", "--id", id, "--date", date],
    { cwd: fixturePath("clinic") },
  );
  expect(code, stderr).toBe(1);
  expect(ofPage).toBe(stdout);
});

test("the report and the migration can be taken along", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await example(page);

  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("button", { name: "Copy the report as Markdown" }).click();
  await expect(page.getByText("Report copied")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("# Database Codebase Review Report");
  expect(await saved(page, /review\.md/)).toBe(copied);
  expect(await saved(page, /migration\.sql/)).toMatch(/ALTER TABLE/);

  await page.getByRole("button", { name: "Copy the whole migration" }).click();
  await expect(page.getByText("Migration copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/ALTER TABLE/);
});

test("a control explains itself and leads to the lines that prove it", async ({ page }) => {
  await open(page);
  await example(page);
  await tab(page, "Standard");

  const row = page.locator("#controls .matrix tbody tr").filter({ hasText: "billing_transactions" });
  const cell = row.getByRole("button", { name: "RLS of billing_transactions: unmet" });
  await cell.click();
  await expect(cell).toHaveAttribute("aria-expanded", "true");
  const detail = page.locator("#controls .matrix tr.detail");
  await expect(detail).toContainText("RLS: unmet");

  const line = detail.locator("button.line").first();
  const [, number] = (await line.locator(".place").textContent()).match(/^implemented\.sql:(\d+)$/);
  await line.click();
  await expect(page.getByRole("tab", { name: /^Implementation/ })).toHaveAttribute("aria-selected", "true");
  const shown = await selected(page);
  expect(shown.line).toBe(Number(number));
  expect(shown.text).toContain("billing_transactions");
  await expect(gutter(page)).toContainText(number);

  await cell.click();
  await expect(detail).toHaveCount(0);
});

test("typing is reviewed without being disturbed", async ({ page }) => {
  await open(page);
  await tab(page, "Implementation");
  await editor(page).click();
  // The editor indents the line by itself.
  await page.keyboard.type("CREATE TABLE visits (\nid int\n);", { delay: 5 });
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody")).toContainText("visits");

  // The caret stays where the reader put it while the review is made anew.
  await caret(page, 13);
  await page.keyboard.type("patient_", { delay: 60 });
  await expect(page.locator("#controls .matrix tbody")).toContainText("patient_visits");
  await holds(page, "CREATE TABLE patient_visits (\n    id int\n);");

  // Tab indents; after Escape it leaves the editor.
  await page.keyboard.press("Tab");
  await holds(page, /patient_ {4}visits/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(editor(page)).not.toBeFocused();
});

test("files are added, renamed, opened, dropped and removed", async ({ page }) => {
  await open(page);
  await tab(page, "Implementation");
  const files = page.locator(".files li");
  await fill(page, "CREATE TABLE a (id int);");
  await page.getByRole("button", { name: "Add" }).click();
  await expect(files).toHaveText(["implemented.sql", "implemented-2.sql"]);
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("textbox", { name: "New name of the file" }).fill("billing/tables.sql");
  await page.keyboard.press("Enter");
  await expect(files).toHaveText(["implemented.sql", "billing/tables.sql"]);
  await fill(page, "CREATE TABLE b (id int);");
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody tr")).toHaveCount(2);

  await page.getByLabel("Files to open").setInputFiles([
    { name: "c.sql", mimeType: "text/plain", buffer: Buffer.from("CREATE TABLE c (id int);") },
  ]);
  await expect(files).toHaveCount(3);
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["CREATE TABLE d (id int);"], "d.sql"));
    return transfer;
  });
  await page.locator(".sources").dispatchEvent("drop", { dataTransfer: dropped });
  await expect(files).toHaveCount(4);
  await expect(page.locator("#controls .matrix tbody tr")).toHaveCount(4);
  await page.getByRole("button", { name: "Remove" }).click();
  await expect(files).toHaveCount(3);
  await expect(page.locator("#controls .matrix tbody tr")).toHaveCount(3);
});

test("a standard that cannot be used says where", async ({ page }) => {
  await open(page);
  await tab(page, "Implementation");
  await fill(page, "CREATE TABLE a (id int);");
  await tab(page, "Standard");
  await fill(page, 'name = "Ours"\n[primary_keys]\nkind = "ulid"\n');
  const trouble = page.getByRole("alert").filter({ hasText: "standard" });
  await expect(trouble).toContainText("Line 2");
  await tab(page, "Documentation");
  await trouble.getByRole("button", { name: "Show the line" }).click();
  await expect(page.getByRole("tab", { name: /^Standard/ })).toHaveAttribute("aria-selected", "true");
  await fill(page, 'name = "Ours"\n');
  await expect(trouble).toHaveCount(0);
  await expect(page.locator(".stamp")).toContainText("Ours");
});
