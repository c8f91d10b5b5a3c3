// What the review shows beside its findings, and what the reader does with them.
import { expect, test } from "@playwright/test";

import { elsewhere, example, fill, holds, open, reviewed, saved, share, tab, violations } from "./page.mjs";

test("the matrix, the findings and the discrepancies can be narrowed down", async ({ page }) => {
  await open(page);
  await example(page);
  const rows = page.locator("#controls tbody tr");
  const all = await rows.count();
  await page.locator("#controls").getByRole("searchbox", { name: "Filter tables" }).fill("message");
  await expect(rows.first()).toContainText("message");
  expect(await rows.count()).toBeLessThan(all);
  await page.locator("#controls").getByRole("searchbox").fill("no such table");
  await page.locator("#controls").getByRole("button", { name: "Clear the filter" }).click();
  await expect(rows).toHaveCount(all);

  await page.getByRole("button", { name: "Sort by table" }).click();
  const names = await rows
    .locator("th")
    .evaluateAll((cells) => cells.map((cell) => cell.firstChild.textContent));
  expect(names).toEqual([...names].sort());
  await page.getByRole("button", { name: "Sort by table" }).click();

  const findings = page.locator("#findings");
  await findings.getByLabel("Severity").selectOption("warning");
  await expect(findings.locator("header .chip.bad")).toHaveCount(0);
  await expect(findings.locator("header .chip.warn").first()).toBeVisible();

  const drift = page.locator("#discrepancies");
  await drift.getByLabel("Kind").selectOption("type-differs");
  const kinds = await drift.locator("tbody tr").count();
  await expect(drift.locator(".filters")).toContainText(`${kinds} of`);
  await drift.getByLabel("Kind").selectOption("");
  await drift.getByLabel("Side").selectOption("documented");
  expect(await drift.locator("tbody tr").count()).toBeGreaterThan(5);
});

test("the access grid says who reaches which rows, and by which policy", async ({ page }) => {
  await open(page);
  await example(page);
  const access = page.locator("#access");
  await access.getByRole("button", { name: "clinic_app", exact: true }).click();
  const cell = access.getByRole("button", { name: "DELETE on documents: some rows" });
  await cell.click();
  await expect(access.locator(".detail")).toContainText("Policy tenant_isolation");
  await expect(access.locator(".detail pre")).toContainText("current_setting");
  await cell.click();
  await expect(access.locator(".detail")).toHaveCount(0);
  await access.getByRole("button", { name: "(owner)" }).click();
  await expect(access.getByRole("button", { name: "DELETE on allergies: all rows" })).toBeVisible();
});

test("identifiers stand under their letters", async ({ page }) => {
  await open(page);
  await example(page);
  const list = page.locator("#identifiers");
  const row = list.getByRole("row").filter({ hasText: "Social security numbers" });
  await expect(row).toContainText("patients.ssn_encrypted");
  await expect(row.locator(".letter")).toHaveText("G");
  await list.getByRole("searchbox").fill("ip address");
  await expect(list.locator("tbody tr")).toHaveCount(1);
});

test("an edit says which findings it closed and opened", async ({ page }) => {
  await open(page);
  await tab(page, "Implementation");
  await fill(page, "CREATE TABLE patients (id int PRIMARY KEY);");
  await reviewed(page);
  await expect(page.locator(".changes")).toHaveCount(0);
  await fill(page, "CREATE TABLE patients (id int PRIMARY KEY, deleted_at timestamptz);");
  const changes = page.locator(".changes");
  await expect(changes).toContainText(/[1-9]\d* closed/);
  await changes.locator("summary").click();
  await expect(changes).toContainText("soft");
});

test("the ticked steps make the migration and the predicted status", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await example(page);
  const plan = page.locator("#plan");
  const predicted = plan.locator(".predicted");
  await expect(predicted).toContainText("Status after it:");
  const closed = async () => Number((await predicted.textContent()).match(/(\d+) findings? closed/)[1]);
  const before = await closed();
  expect(before).toBeGreaterThan(20);

  const whole = await saved(page, /migration\.sql/);
  const tick = plan.getByRole("checkbox").first();
  const title = (await tick.getAttribute("aria-label")).replace("In the migration: ", "");
  await tick.uncheck();
  await expect(plan.getByText("Trying the migration")).toBeVisible();
  await expect.poll(async () => (await predicted.count()) && closed()).toBeLessThan(before);
  const part = await saved(page, /migration\.sql/);
  expect(part.length).toBeLessThan(whole.length);
  expect(whole.replaceAll("`", "")).toContain(title);
  expect(part.replaceAll("`", "")).not.toContain(title);
  await plan.getByRole("button", { name: "Untick all" }).click();
  await plan.getByRole("button", { name: "Copy the migration of the ticked steps" }).click();
  await expect(page.getByText("Migration copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("nothing to run");
});

test("decisions about findings travel in the link", async ({ page, browser }) => {
  await open(page);
  await example(page);
  const item = page.locator("#findings .find li").first();
  await item.getByText("Decide …").click();
  await item.getByLabel("Decision").selectOption("waived");
  await item.getByLabel("Reason").fill("replaced in May");
  await item.getByLabel("Assigned to").fill("Ana");
  await item.getByLabel("Assigned to").press("Tab");
  await expect(item.locator(".decision summary")).toHaveText("Waived: replaced in May · assigned to Ana");
  const id = await item.getAttribute("id");

  const other = await elsewhere(browser, await share(page, true));
  await reviewed(other);
  await expect(other.locator(`[id="${id}"] .decision summary`)).toHaveText(
    "Waived: replaced in May · assigned to Ana",
  );
  await other.context().close();
});

test("a long review can be stopped, and goes on when asked", async ({ page }) => {
  await page.route(/\/worker_loader\.js/, async (route) => {
    const response = await route.fetch();
    const body = `const post = self.postMessage.bind(self);
      self.postMessage = (text) => { if (!text.includes("Answer")) post(text); };
      ${await response.text()}`;
    await route.fulfill({ status: 200, contentType: "text/javascript", body });
  });
  await open(page);
  await tab(page, "Implementation");
  await fill(page, "CREATE TABLE visits (id int);");
  await page.getByRole("button", { name: "Cancel" }).click();
  const trouble = page.getByRole("alert").filter({ hasText: "The review was stopped" });
  await expect(trouble).toBeVisible();
  await holds(page, "CREATE TABLE visits (id int);");
  await page.unroute(/\/worker_loader\.js/);
  await trouble.getByRole("button", { name: "Try again" }).click();
  await reviewed(page);
});

test("a worker that crashes once is started again by itself", async ({ page }) => {
  let loads = 0;
  await page.route(/\/worker_loader\.js/, async (route) => {
    const response = await route.fetch();
    loads += 1;
    const crash = `addEventListener("message", () => setTimeout(() => { throw new Error("once"); }));
      const post = self.postMessage.bind(self);
      self.postMessage = (text) => { if (!text.includes("Answer")) post(text); };`;
    const body = `${await response.text()}\n${loads === 1 ? crash : ""}`;
    await route.fulfill({ status: 200, contentType: "text/javascript", body });
  });
  await open(page);
  await tab(page, "Implementation");
  await fill(page, "CREATE TABLE visits (id int);");
  await expect(page.getByText("was started again")).toBeVisible();
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody").first()).toContainText("visits");
});

test("the report is a document inside the page, and the same file on disk", async ({ page }) => {
  const refused = [];
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) refused.push(message.text());
  });
  await open(page);
  await example(page);
  const file = await saved(page, /review\.html/);
  expect(file).toContain("<!doctype html>");
  expect(await saved(page, /discrepancies\.csv/)).toMatch(/^kind,severity,entity,/);
  await page.getByRole("button", { name: /^Report/ }).click();
  const sheet = page.locator(".sheet");
  await expect(sheet.getByRole("heading", { level: 1 })).toHaveText("Database Codebase Review Report");
  await expect(sheet.locator(".status")).toHaveCSS("border-left-width", "6px");
  await sheet.getByRole("link", { name: "6. Action Plan", exact: true }).click();
  await expect(sheet.getByRole("heading", { name: /^6\. Action Plan/ })).toBeInViewport();
  expect(new URL(page.url()).hash).toBe("");
  await expect(page.getByRole("button", { name: "Print or save as PDF" })).toBeEnabled();
  await page.getByRole("button", { name: /Back to the review/ }).click();
  await expect(page.locator("#plan")).toBeVisible();
  expect(refused).toEqual([]);
});

for (const theme of ["light", "dark"]) {
  test(`axe finds nothing in opened details and forms: ${theme}`, async ({ page }) => {
    await open(page, `./?theme=${theme}`);
    await example(page);
    await expect(page.locator(".predicted")).toBeVisible();
    await page.locator("#access tbody .chip").first().click();
    const item = page.locator("#findings .find li").first();
    await item.getByText("Decide …").click();
    await item.getByLabel("Decision").selectOption("waived");
    await expect(item.getByLabel("Reason")).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}
