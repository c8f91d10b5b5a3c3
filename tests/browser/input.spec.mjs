// Input that is not what the page hopes for: a note each, a review of what can be read, no freeze.
import { expect, test } from "@playwright/test";

import { editor, json, open, paste, reviewed, tab, write } from "./page.mjs";

const TABLE = "CREATE TABLE visits (id int);";

async function openFile(page, side, name, buffer) {
  await tab(page, side);
  await page.locator("input[type=file]").setInputFiles([{ name, mimeType: "text/plain", buffer }]);
}

test("nothing at all, and nothing again", async ({ page }) => {
  await open(page);
  await expect(page.locator(".empty")).toBeVisible();
  await expect(page.getByRole("button", { name: "Share", exact: true })).toBeDisabled();
  await write(page, "Implementation", TABLE);
  await reviewed(page);
  await editor(page).fill(" \n ");
  await expect(page.locator(".empty")).toBeVisible();
});

for (const side of ["Documentation", "Implementation"]) {
  test(`one side only: ${side}`, async ({ page }) => {
    await open(page);
    await write(page, side, TABLE);
    await reviewed(page);
    const section = page.locator("#discrepancies");
    await expect(section.locator("table")).toHaveCount(0);
    await expect(section.locator("p")).not.toBeEmpty();
    expect(JSON.parse(await json(page)).drift_skipped).toBeTruthy();
  });
}

test("a text that is no SQL", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", "Dear all,\nthe schema is attached; it's fine.\nKind regards");
  await reviewed(page);
  await expect(page.locator(".cover .unread")).toBeVisible();
  await expect(page.locator(".status h2")).not.toHaveText("PASS");
});

test("a lone quote after a table", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", `${TABLE}\n'`);
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody")).toContainText("visits");
  await expect(page.locator(".cover .unread")).toContainText("implemented.sql:2");
});

test("NUL bytes, Windows line ends and a byte-order mark", async ({ page }) => {
  await open(page);
  const text = `\u{feff}${TABLE}\r\n-- a note\r\nCREATE TABLE no\0tes (id int);\r\nCREATE TABLE calls (id int);\r\n`;
  await openFile(page, "Implementation", "windows.sql", Buffer.from(text));
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody")).toContainText("visits");
  await expect(page.locator("#controls .matrix tbody")).toContainText("calls");
  const { coverage } = JSON.parse(await json(page));
  expect(coverage.unread.length + coverage.notes.length).toBeGreaterThan(0);
});

test("a file in UTF-16, as Windows tools write it", async ({ page }) => {
  await open(page);
  const buffer = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(TABLE, "utf16le")]);
  await openFile(page, "Implementation", "utf16.sql", buffer);
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody")).toContainText("visits");
});

test("markup in names stays text", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", 'CREATE TABLE "<img src=x onerror=alert(1)>" (id int);');
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody")).toContainText("<img src=x");
  await expect(page.locator(".review img")).toHaveCount(0);
});

test("five megabytes, pasted", async ({ page }) => {
  test.slow();
  await open(page);
  const columns = Array.from({ length: 20 }, (_, index) => `    column_${index} text NOT NULL`).join(",\n");
  let text = "";
  let tables = 0;
  for (; text.length < 5_000_000; tables += 1) {
    text += `CREATE TABLE table_${tables} (\n    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n${columns}\n);\n`;
  }
  // The longest time the page does not answer is measured by its own timer.
  await page.evaluate(() => {
    let last = performance.now();
    window.longest = 0;
    setInterval(() => {
      const now = performance.now();
      window.longest = Math.max(window.longest, now - last);
      last = now;
    }, 20);
  });
  await paste(page, "Implementation", text);
  await expect(page.getByText("too large to edit here")).toBeVisible();
  await reviewed(page);
  await expect(page.locator(".cover")).toContainText(tables.toLocaleString("en"));
  expect(await page.evaluate(() => window.longest)).toBeLessThan(4_000);

  // The last lines can be seen, and evidence leads into the window.
  await page.getByRole("button", { name: "Later" }).click();
  await expect(page.locator(".gutter")).toContainText("1001");
  await page.locator(".find button.line").first().click();
  await expect(editor(page)).toBeFocused();
  const selected = await editor(page).evaluate((area) =>
    area.value.slice(area.selectionStart, area.selectionEnd),
  );
  expect(selected).toContain("gen_random_uuid");
});
