// Everybody can use the page: what axe finds, and what the keyboard reaches.
import { expect, test } from "@playwright/test";

import { editor, example, gutter, open, violations } from "./page.mjs";

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1440, 390]) {
    test(`axe finds nothing: ${colorScheme}, ${width} pixels`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await open(page);
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: /Show it with the clinic example/ }).click();
      await expect(page.locator(".status h2")).toBeVisible();
      await page.locator("#controls .matrix button.chip").first().click();
      await page.locator("details.step summary").first().click();
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "Share", exact: true }).click();
      await expect(page.getByRole("textbox", { name: "Link to this review" })).toBeVisible();
      expect(await violations(page)).toEqual([]);
    });
  }
}

test("tabs, menu and theme by keyboard", async ({ page }) => {
  await open(page);
  await example(page);
  await page.getByRole("tab", { name: /^Implementation/ }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: /^Standard/ })).toBeFocused();
  await page.keyboard.press("Home");
  await expect(page.getByRole("tab", { name: /^Documentation/ })).toHaveAttribute("aria-selected", "true");

  const menu = page.getByRole("button", { name: "Export" });
  await menu.focus();
  await page.keyboard.press("Enter");
  await expect(menu).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("Escape");
  await expect(menu).toHaveAttribute("aria-expanded", "false");
  await expect(menu).toBeFocused();

  const theme = page.getByRole("button", { name: /^Theme/ });
  await theme.press("Enter");
  await expect(theme).toHaveAccessibleName("Theme: light");
  await theme.press("Enter");
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(20, 23, 27)");
  await page.reload();
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(20, 23, 27)");
});

test("nothing runs past the edge of a narrow page", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  await page.getByRole("button", { name: /Show it with the clinic example/ }).click();
  await expect(page.locator(".status h2")).toBeVisible();
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(await overflow()).toBe(0);
  await expect(page.getByRole("button", { name: /^Theme/ })).toBeInViewport({ ratio: 1 });
  await page.getByRole("button", { name: "Sources" }).click();
  await expect(editor(page)).toBeVisible();
  await expect(gutter(page)).toContainText("20");
  expect(await overflow()).toBe(0);
});

test("the page may not send anything anywhere", async ({ page }) => {
  await open(page);
  const refused = await page.evaluate(() =>
    fetch("http://127.0.0.1:9/", { method: "POST", body: "schema", mode: "no-cors" }).then(
      () => false,
      () => true,
    ),
  );
  expect(refused).toBe(true);
  const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
  expect(policy).toContain("connect-src 'self'");
});
