// The picture of the schema.
import { readFile } from "node:fs/promises";

import { expect, test } from "@playwright/test";

import { example, open, violations, write } from "./page.mjs";

const drawing = (page) => page.locator(".board svg.diagram");

async function picture(page) {
  await page.getByRole("button", { name: /^Diagram/ }).click();
  await expect(drawing(page)).toBeVisible();
}

async function download(page, button) {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return readFile(await file.path());
}

test("the schema is shown as a picture that can be moved, searched and narrowed down", async ({ page }) => {
  await open(page);
  await example(page);
  const rows = await page.locator("#controls tbody tr").count();
  await picture(page);
  // Partitions stand in the box of their table.
  const parted = await drawing(page).locator("text.more").filter({ hasText: /partitions?/ }).allTextContents();
  const tables = rows - parted.reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
  expect(tables).toBeGreaterThan(20);
  await expect(drawing(page).locator("[data-table]")).toHaveCount(tables);
  expect(await violations(page)).toEqual([]);

  const seen = () => drawing(page).getAttribute("viewBox");
  const whole = await seen();
  await page.getByRole("button", { name: "Magnify" }).click();
  expect(await seen()).not.toBe(whole);
  await page.getByRole("button", { name: "Fit" }).click();
  expect(await seen()).toBe(whole);
  await page.locator(".board .window").focus();
  await page.keyboard.press("ArrowRight");
  expect(await seen()).not.toBe(whole);
  await page.keyboard.press("0");
  await page.locator(".board .window").hover();
  await page.mouse.wheel(0, -300);
  await expect.poll(seen).not.toBe(whole);

  await page.getByRole("combobox", { name: "Find a table" }).fill("patients");
  const facts = page.getByRole("complementary", { name: "The chosen table" });
  await expect(facts).toContainText("clinical");
  await expect(drawing(page).locator(".table.chosen")).toHaveAttribute("data-table", "patients");
  expect(await violations(page)).toEqual([]);
  await facts.getByRole("button", { name: "Show only what is around it" }).click();
  await expect(page.locator(".focus")).toContainText("1 foreign key away");
  await expect(page.locator(".working")).toHaveCount(0);
  const near = await drawing(page).locator("[data-table]").count();
  expect(near).toBeLessThan(tables);
  await page.getByRole("button", { name: "One further" }).click();
  await expect.poll(() => drawing(page).locator("[data-table]").count()).toBeGreaterThan(near);
  await page.getByRole("button", { name: "Whole schema" }).click();
  await expect(drawing(page).locator("[data-table]")).toHaveCount(tables);

  await page.getByLabel("Colour by").selectOption("verdict");
  await expect(page.locator(".board svg.by-verdict")).toBeVisible();
  await page.getByRole("combobox", { name: /^Show/ }).selectOption("names");
  await expect(drawing(page).locator("text.column")).toHaveCount(0);

  await page.getByRole("button", { name: "Back to the review" }).click();
  await expect(page.locator("#summary")).toBeVisible();
});

test("a table is chosen by a click, and its lines stand out", async ({ page }) => {
  await open(page);
  await example(page);
  await picture(page);
  await drawing(page).locator('[data-table="patients"] .head').click();
  await expect(drawing(page)).toHaveClass(/has-choice/);
  const lines = await drawing(page).locator(".line.near").evaluateAll((lines) =>
    lines.every((line) => [line.dataset.from, line.dataset.to].includes("patients")));
  expect(lines).toBe(true);
  const facts = page.getByRole("complementary", { name: "The chosen table" });
  await facts.locator("button.place").first().click();
  await expect(page.locator(".sources")).toBeVisible();
  await page.locator(".board .window").focus();
  await page.keyboard.press("Escape");
  await expect(facts).toHaveCount(0);
});

test("the picture is saved as SVG and as PNG, and follows the sources", async ({ page }) => {
  await open(page);
  await write(page, "Implementation", "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a);");
  await picture(page);
  const svg = (await download(page, "Save SVG")).toString();
  expect(svg).toMatch(/^<svg [^]*<style>[^]*<\/svg>$/);
  const parsed = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    return [parsed.querySelectorAll("parsererror").length, parsed.querySelectorAll("[data-table]").length];
  }, svg);
  expect(parsed).toEqual([0, 2]);
  const png = await download(page, "Save PNG");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBeGreaterThan(300);

  await write(page, "Implementation", "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int);");
  await expect(drawing(page).locator("[data-table]")).toHaveCount(3);
});
