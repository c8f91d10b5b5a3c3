// The review inside a page of another origin.
import { expect, test } from "@playwright/test";

import { example, open, share } from "./page.mjs";
import { hostPage, PAGE } from "./support/index.mjs";

async function embeddedLink(page, parameters = "") {
  await open(page);
  await example(page);
  const link = await share(page, true);
  return `${PAGE}?embed=1${parameters}${new URL(link).hash}`;
}

test("a frame shows the review alone and tells its height", async ({ page }) => {
  const link = await embeddedLink(page);
  await page.goto(hostPage(link));
  const frame = page.frameLocator("#frame");
  await expect(frame.locator(".status h2")).toHaveText("FAIL");
  await expect(frame.locator("header.top, .sources")).toHaveCount(0);
  await expect(frame.locator("#plan")).toBeAttached();

  // The host gives the frame the height it asks for, and then nothing inside scrolls.
  await expect
    .poll(() => page.evaluate(() => window.messages.at(-1)))
    .toEqual({ type: "schemaward:height", height: expect.any(Number) });
  const inner = frame.locator("main.embedded");
  await expect
    .poll(async () => {
      const asked = await page.evaluate(() => window.messages.at(-1).height);
      const height = await inner.evaluate((main) => Math.ceil(main.getBoundingClientRect().height));
      return asked === height && height > 1_000;
    })
    .toBe(true);

  // Opening a detail makes it higher.
  const before = await page.evaluate(() => window.messages.at(-1).height);
  await frame.locator("details.step summary").first().click();
  await expect.poll(() => page.evaluate(() => window.messages.at(-1).height)).toBeGreaterThan(before);
});

test("a frame takes the host's theme from its address and from a message", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  const link = await embeddedLink(page, "&theme=dark");
  await page.goto(hostPage(link));
  const body = page.frameLocator("#frame").locator("body");
  await expect(body).toHaveCSS("background-color", "rgb(20, 23, 27)");
  await page.evaluate(() => {
    const { contentWindow, src } = document.getElementById("frame");
    contentWindow.postMessage({ type: "schemaward:theme", theme: "light" }, new URL(src).origin);
  });
  await expect(body).toHaveCSS("background-color", "rgb(251, 250, 248)");
});

test("a frame without a link says what its address lacks", async ({ page }) => {
  await page.goto(hostPage(`${PAGE}?embed=1`));
  await expect(page.frameLocator("#frame").getByText("#/view/")).toBeVisible();
});

test("a frame with a damaged link says so", async ({ page }) => {
  await page.goto(hostPage(`${PAGE}?embed=1#/view/s1:AAAA`));
  await expect(page.frameLocator("#frame").getByRole("alert").first()).toContainText("does not open");
});
