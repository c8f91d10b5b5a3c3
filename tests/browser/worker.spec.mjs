// The analysis fails in every way it can; the page says so and goes on.
import { expect, test } from "@playwright/test";

import { example, holds, open, reviewed, write } from "./page.mjs";

const LOADER = /\/worker_loader\.js/;
const SQL = "CREATE TABLE visits (id int);";

const script = (body) => ({ status: 200, contentType: "text/javascript", body });

async function failsAndRecovers(page, message) {
  const trouble = page.getByRole("alert").filter({ hasText: message });
  await expect(trouble).toBeVisible();
  await expect(trouble).toContainText("Your sources are untouched");
  await holds(page, SQL);
  await page.unroute(LOADER);
  await trouble.getByRole("button", { name: "Try again" }).click();
  await reviewed(page);
  await expect(page.locator("#controls .matrix tbody")).toContainText("visits");
  await expect(trouble).toHaveCount(0);
  await holds(page, SQL);
}

test("a worker whose file does not load", async ({ page }) => {
  await page.route(LOADER, (route) => route.abort());
  await open(page);
  await write(page, "Implementation", SQL);
  await failsAndRecovers(page, "The analysis could not be started");
});

test("a worker whose program does not load", async ({ page }) => {
  await page.route(/\/worker_bg\.wasm/, (route) => route.fulfill({ status: 404, body: "" }));
  await open(page);
  await write(page, "Implementation", SQL);
  const trouble = page.getByRole("alert").filter({ hasText: "The analysis could not be started" });
  await expect(trouble).toBeVisible();
  await page.unroute(/\/worker_bg\.wasm/);
  await trouble.getByRole("button", { name: "Try again" }).click();
  await reviewed(page);
});

test("a worker whose file is broken", async ({ page }) => {
  await page.route(LOADER, (route) => route.fulfill(script("this is not a program")));
  await open(page);
  await write(page, "Implementation", SQL);
  await failsAndRecovers(page, "The analysis could not be started");
});

test("a worker that crashes in the middle of its work", async ({ page }) => {
  // The real worker, and an error in its thread as soon as it is asked something.
  await page.route(LOADER, async (route) => {
    const response = await route.fetch();
    const body = `${await response.text()}
      addEventListener("message", () => setTimeout(() => { throw new Error("out of memory"); }));
      const post = self.postMessage.bind(self);
      self.postMessage = (text) => { if (!text.includes("Answer")) post(text); };`;
    await route.fulfill(script(body));
  });
  await open(page);
  await write(page, "Implementation", SQL);
  await failsAndRecovers(page, "The analysis crashed");
});

test("a worker that does not answer is stopped", async ({ page }) => {
  await page.clock.install();
  await page.route(LOADER, async (route) => {
    const body = `const post = self.postMessage.bind(self);
      self.postMessage = (text) => {
        if (text.includes("Answer")) console.log("kept silent");
        else post(text);
      };`;
    const response = await route.fetch();
    await route.fulfill(script(`${body}\n${await response.text()}`));
  });
  await open(page);
  await write(page, "Implementation", SQL);
  // The worker runs in real time; the page's clock, by which it waits for the answer, is ours.
  const silent = page.waitForEvent("console", (message) => message.text() === "kept silent");
  await page.clock.runFor(1_000);
  await silent;
  await expect(page.locator(".progress .working")).toBeVisible();
  await page.clock.runFor(31_000);
  await expect(page.getByRole("alert").filter({ hasText: "took too long" })).toBeVisible();
  await page.clock.resume();
  await failsAndRecovers(page, "took too long");
});

test("a worker of another build asks for a reload", async ({ page }) => {
  const body = `self.postMessage(JSON.stringify({ Ready: { build: "another" } }));`;
  await page.route(LOADER, (route) => route.fulfill(script(body)));
  await open(page);
  await write(page, "Implementation", SQL);
  const trouble = page.getByRole("alert").filter({ hasText: "newer version" });
  await expect(trouble).toBeVisible();
  await page.unroute(LOADER);
  await trouble.getByRole("button", { name: "Reload" }).click();
  await expect(trouble).toHaveCount(0);
  await example(page);
});

test("a page whose program does not load says so", async ({ page }) => {
  await page.route(/\/app-[^/]*_bg\.wasm/, (route) => route.abort());
  await page.goto("./");
  await expect(page.getByRole("alert").filter({ hasText: "stopped working" })).toBeVisible();
});
