// Input that is not what the page hopes for: a note each, a review of what can be read, no freeze.
import { expect, test } from "@playwright/test";

import {
  editor, fill, gutter, json, open, paste, plain, reviewed, selected, tab, write,
} from "./page.mjs";

const TABLE = "CREATE TABLE visits (id int);";

async function openFile(page, side, name, buffer) {
  await tab(page, side);
  await page.getByLabel("Files to open").setInputFiles([{ name, mimeType: "text/plain", buffer }]);
}

test("nothing at all, and nothing again", async ({ page }) => {
  await open(page);
  await expect(page.locator(".empty")).toBeVisible();
  await expect(page.getByRole("button", { name: "Share", exact: true })).toBeDisabled();
  await write(page, "Implementation", TABLE);
  await reviewed(page);
  await fill(page, " \n ");
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

/** Five megabytes of tables, and how many there are. */
function many() {
  const columns = Array.from({ length: 20 }, (_, index) => `    column_${index} text NOT NULL`).join(",\n");
  let sql = "";
  let tables = 0;
  for (; sql.length < 5_000_000; tables += 1) {
    sql += `CREATE TABLE table_${tables} (\n    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n${columns}\n);\n`;
  }
  return { sql, tables };
}

/** Measures the longest time the page does not answer, by its own timer, from now on. */
async function watch(page) {
  await page.evaluate(() => {
    let last = performance.now();
    window.longest = 0;
    setInterval(() => {
      const now = performance.now();
      window.longest = Math.max(window.longest, now - last);
      last = now;
    }, 20);
  });
  return () => page.evaluate(() => window.longest);
}

test("five megabytes, pasted", async ({ page }) => {
  test.slow();
  await open(page);
  const { sql, tables } = many();
  const longest = await watch(page);
  await paste(page, "Implementation", sql);
  await reviewed(page);
  await expect(page.locator(".cover")).toContainText(tables.toLocaleString("en"));
  expect(await longest()).toBeLessThan(4_000);

  // The last lines can be seen and written to, and evidence leads into the text.
  await editor(page).press("Control+End");
  const lines = sql.split("\n").length;
  await expect(gutter(page)).toContainText(String(lines));
  await page.keyboard.type("CREATE TABLE the_last (id uuid PRIMARY KEY DEFAULT gen_random_uuid());");
  await expect(page.locator(".cover")).toContainText((tables + 1).toLocaleString("en"));
  await page.locator(".find button.line").first().click();
  await expect(editor(page)).toBeFocused();
  expect((await selected(page)).text).toContain("gen_random_uuid");
});

test("five megabytes, pasted where the editor does not load", async ({ page }) => {
  test.slow();
  await page.route(/\/editor\.js/, (route) => route.abort());
  await open(page);
  const { sql, tables } = many();
  const longest = await watch(page);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await tab(page, "Implementation");
  await plain(page).click();
  await page.evaluate((sql) => navigator.clipboard.writeText(sql), sql);
  await page.keyboard.press("Control+V");
  await expect(page.getByText("too large to edit here")).toBeVisible();
  await reviewed(page);
  await expect(page.locator(".cover")).toContainText(tables.toLocaleString("en"));
  expect(await longest()).toBeLessThan(4_000);

  // The last lines can be seen, and evidence leads into the window.
  await page.getByRole("button", { name: "Later" }).click();
  await expect(page.locator(".gutter")).toContainText("1001");
  await page.locator(".find button.line").first().click();
  await expect(plain(page)).toBeFocused();
  const shown = await plain(page).evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
  expect(shown).toContain("gen_random_uuid");
});
