// The command palette, the list of keys, and the theme of high contrast.
import { expect, test } from "@playwright/test";

import { editor, example, open, violations } from "./page.mjs";

const palette = (page) => page.getByRole("dialog", { name: "Commands" });
const field = (page) => page.getByRole("combobox", { name: "What to do" });

test("everything is reached by its name, with the keyboard alone", async ({ page }) => {
  await open(page);
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type("example clinic");
  await page.keyboard.press("Enter");
  await expect(palette(page)).toHaveCount(0);
  await expect(page.locator(".status h2")).toBeVisible();

  await page.keyboard.press("Control+k");
  expect(await violations(page)).toEqual([]);
  await page.keyboard.type("plan");
  await expect(palette(page).getByRole("option").first()).toContainText("Plan");
  await page.keyboard.press("Enter");
  await expect(page.locator("#plan")).toBeFocused();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("around patients");
  await page.keyboard.press("Enter");
  await expect(page.locator(".focus")).toContainText("patients");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("migration save");
  const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  expect(file.suggestedFilename()).toBe("migration.sql");

  await page.keyboard.press("Control+k");
  await page.keyboard.type("no such thing");
  await expect(palette(page)).toContainText("Nothing of that name.");
  await page.keyboard.press("Escape");
  await expect(palette(page)).toHaveCount(0);
});

test("arrows choose in the palette, and the focus comes back", async ({ page }) => {
  await open(page);
  const button = page.getByRole("button", { name: "Commands" });
  await button.click();
  const active = () => field(page).getAttribute("aria-activedescendant");
  const first = await active();
  await page.keyboard.press("ArrowDown");
  expect(await active()).not.toBe(first);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(page.locator('[role="option"][aria-selected="true"]')).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(button).toBeFocused();
});

test("the question mark lists the keys, but not while one types, and can be switched off", async ({ page }) => {
  await open(page);
  const help = page.getByRole("dialog", { name: "Keys" });
  await page.keyboard.press("Shift+?");
  await expect(help).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await help.getByRole("checkbox").uncheck();
  await page.keyboard.press("Escape");
  await expect(help).toHaveCount(0);
  await page.keyboard.press("Shift+?");
  await expect(help).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("keys");
  await page.keyboard.press("Enter");
  await help.getByRole("checkbox").check();
  await page.keyboard.press("Escape");
  await editor(page).click();
  await page.keyboard.type("?");
  await expect(help).toHaveCount(0);
});

test("high contrast has no contrast to complain about, light and dark", async ({ page }) => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await open(page, "./?theme=contrast");
    await example(page);
    await expect(page.locator("html")).toHaveAttribute("data-theme", "contrast");
    expect(await violations(page)).toEqual([]);
    const [ink, ground] = await page.evaluate(() => {
      const style = getComputedStyle(document.body);
      return [style.color, style.backgroundColor];
    });
    expect([ink, ground].sort()).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
  }
});

test("who asks the system for more contrast gets it", async ({ page }) => {
  await page.emulateMedia({ contrast: "more", colorScheme: "light" });
  await open(page);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(ground).toBe("rgb(255, 255, 255)");
});
