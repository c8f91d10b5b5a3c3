// A review travels in its link.
import { expect, test } from "@playwright/test";

import { editor, elsewhere, example, fill, json, open, reviewed, share, tab } from "./page.mjs";

test("a shared link opens the same review in another browser", async ({ browser, page }) => {
  await open(page);
  await example(page);
  const review = await json(page);
  const link = await share(page);
  expect(page.url()).toBe(link);

  const other = await elsewhere(browser, link);
  await reviewed(other);
  expect(await json(other)).toBe(review);
  await tab(other, "Implementation");
  await expect(editor(other)).toBeEditable();

  // An edited copy is another review, and no longer what the address says.
  await editor(other).press("Control+End");
  await other.keyboard.type("\nCREATE TABLE added_later (id int);");
  await expect(other.locator("#controls .matrix tbody")).toContainText("added_later");
  expect(new URL(other.url()).hash).toBe("");
  expect(JSON.parse(await json(other)).id).not.toBe(JSON.parse(review).id);
  await other.context().close();
});

test("a read-only link shows the sources and lets nobody change them", async ({ browser, page }) => {
  await open(page);
  await example(page);
  const review = await json(page);
  const link = await share(page, true);

  const other = await elsewhere(browser, link);
  await reviewed(other);
  expect(await json(other)).toBe(review);
  await expect(other.getByText("read only")).toBeVisible();
  await expect(editor(other)).toHaveAttribute("aria-readonly", "true");
  await expect(editor(other)).not.toBeEditable();
  await expect(other.getByRole("button", { name: "Rename" })).toHaveCount(0);
  await other.getByRole("button", { name: "Edit a copy" }).click();
  await expect(editor(other)).toBeEditable();
  await other.context().close();
});

test("the share panel copies the link, says how long it is, and closes", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await open(page);
  await example(page);
  const button = page.getByRole("button", { name: "Share", exact: true });
  await button.click();
  const dialog = page.getByRole("dialog", { name: "Share this review" });
  await dialog.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("Link copied")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(page.url());
  await expect(dialog).toContainText(`${link.length.toLocaleString("en")} characters`);
  await dialog.getByRole("button", { name: /web page/ }).click();
  const lines = await page.evaluate(() => navigator.clipboard.readText());
  expect(lines).toContain("<iframe");
  expect(lines).toContain("?embed=1#/view/s1:");
  await dialog.getByRole("textbox").press("Escape");
  await expect(dialog).toHaveCount(0);
});

for (const [what, change] of [
  ["cut", (link) => link.slice(0, -40)],
  ["altered", (link) => link.slice(0, -200) + "AAAAAAAA" + link.slice(-192)],
  ["from a newer version", (link) => link.replace("s1:", "s99:")],
]) {
  test(`a link that is ${what} says so and leaves the page usable`, async ({ page }) => {
    await open(page);
    await example(page);
    const link = await share(page);

    await page.goto("about:blank");
    await open(page, change(link));
    const trouble = page.getByRole("alert").filter({ hasText: "This link does not open" });
    await expect(trouble).toBeVisible();
    await trouble.getByRole("button", { name: "Dismiss" }).click();
    await example(page);
    await expect(page.locator(".status h2")).toHaveText("FAIL");
  });
}

test("a link pasted into the open page is opened", async ({ page }) => {
  await open(page);
  await example(page);
  const link = await share(page);
  await tab(page, "Documentation");
  await fill(page, "");
  await expect(page.locator("#discrepancies table")).toHaveCount(0);
  await page.evaluate((hash) => (location.hash = hash), new URL(link).hash);
  await expect(page.locator("#discrepancies table")).toBeVisible();
});
